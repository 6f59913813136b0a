//! Methods as class bodies write them.

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, Stmt, StmtClassDef, StmtFunctionDef};

use crate::rule::Context;
use crate::semantic::SymbolId;

/// The functions that a class body defines, but for those under a condition.
pub(in crate::rules) fn methods(class: &StmtClassDef) -> impl Iterator<Item = &StmtFunctionDef> {
    class.body.iter().filter_map(Stmt::as_function_def_stmt)
}

/// The names of the parameters that can be given by their place, the object itself first.
pub(super) fn positional(function: &StmtFunctionDef) -> impl Iterator<Item = &str> {
    let parameters = &function.parameters;
    parameters.posonlyargs.iter().chain(&parameters.args).map(|it| it.name().as_str())
}

/// The name of the parameter that the object itself comes in.
pub(in crate::rules) fn this(function: &StmtFunctionDef) -> Option<&str> {
    positional(function).next()
}

/// The attribute that an expression is of something with a plain name: `x` for `self.x`.
pub(super) fn attribute_of<'e>(expression: &'e Expr, owner: &str) -> Option<&'e str> {
    let attribute = expression.as_attribute_expr()?;
    is_name(&attribute.value, owner).then(|| attribute.attr.as_str())
}

/// Whether an expression is a plain name.
pub(super) fn is_name(expression: &Expr, name: &str) -> bool {
    expression.as_name_expr().is_some_and(|it| it.id == name)
}

/// Whether an expression is a name, or made of it.
pub(super) fn uses(expression: &Expr, name: &str, cx: &Context<'_>) -> bool {
    let is_it = |node: &AnyNodeRef<'_>| node.as_expr_name().is_some_and(|it| it.id == name);
    is_name(expression, name) || cx.descendants(expression).iter().any(is_it)
}

/// Where a method names attributes of its first parameter.
pub(in crate::rules) fn on_self<'a>(
    method: &'a StmtFunctionDef,
    cx: &Context<'a>,
) -> impl Iterator<Item = &'a ExprAttribute> {
    let this = this(method);
    cx.descendants(method).iter().filter_map(move |node| match node {
        AnyNodeRef::ExprAttribute(it) => {
            let on = it.value.as_name_expr().map(|it| it.id.as_str());
            (this.is_some() && on == this).then_some(*it)
        }
        _ => None,
    })
}

/// What a function's own scope knows a name as.
pub(super) fn local<'a>(
    name: &str,
    function: &'a StmtFunctionDef,
    cx: &Context<'a>,
) -> Option<SymbolId> {
    cx.semantic.symbol_in(cx.semantic.scope_of(cx.id(function))?, cx.semantic.name(name)?)
}

/// What the scope around a class knows it as.
pub(super) fn symbol_of<'a>(class: &'a StmtClassDef, cx: &Context<'a>) -> Option<SymbolId> {
    let around = cx.semantic.scope(cx.semantic.scope_of(cx.id(class))?).parent?;
    cx.semantic.symbol_in(around, cx.semantic.name(class.name.as_str())?)
}

/// Whether a parameter has the value it came with throughout the function.
pub(super) fn keeps<'a>(parameter: &str, function: &'a StmtFunctionDef, cx: &Context<'a>) -> bool {
    local(parameter, function, cx).is_some_and(|it| cx.semantic.only_binding(it).is_some())
}

/// Whether the class has the function under its name in the end: nothing binds the name again.
pub(in crate::rules) fn is_last<'a>(
    function: &'a StmtFunctionDef,
    class: &'a StmtClassDef,
    cx: &Context<'a>,
) -> bool {
    let members = cx.members(class, function.name.as_str());
    members.last().is_some_and(|it| it.node == cx.id(function))
}

/// A body without the docstring that it may begin with.
pub(super) fn without_docstring(body: &[Stmt]) -> &[Stmt] {
    match body {
        [Stmt::Expr(it), rest @ ..] if it.value.is_string_literal_expr() => rest,
        _ => body,
    }
}

/// Whether a function only describes what others write: a docstring, `...`, `pass`, a refusal.
pub(super) fn is_stub(function: &StmtFunctionDef) -> bool {
    function.body.iter().all(|statement| match statement {
        Stmt::Pass(_) | Stmt::Raise(_) => true,
        Stmt::Expr(it) => it.value.is_string_literal_expr() || it.value.is_ellipsis_literal_expr(),
        _ => false,
    })
}
