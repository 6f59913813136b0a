//! Decorators by their shape: a function that returns an inner function which calls what the outer
//! one was given.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, Parameter, StmtFunctionDef};

use crate::rule::Context;
use crate::semantic::SymbolId;
use crate::syntax::tree::opens_scope;

/// What a function is known by: whoever sets one of these on a wrapper does by hand what
/// `functools.wraps` does.
pub(super) const IDENTITY: [&str; 7] = [
    "__name__",
    "__qualname__",
    "__doc__",
    "__module__",
    "__dict__",
    "__wrapped__",
    "__signature__",
];

/// An inner function that calls what the function around it was given, and is returned by it.
pub(super) struct Wrapper<'a> {
    /// The function around it: the decorator.
    pub(super) decorator: &'a StmtFunctionDef,
    /// The decorator's parameter that the inner function calls.
    pub(super) wrapped: &'a Parameter,
}

/// Reads an inner function as a wrapper. `None` also where the decorator does more with it than
/// return it: who passes it on may get another function back.
pub(super) fn wrapper<'a>(inner: &'a StmtFunctionDef, cx: &Context<'a>) -> Option<Wrapper<'a>> {
    let decorator = function_around(inner, cx)?;
    let wrapped = given(decorator, cx)?;
    let is_wrapper = calls(inner, wrapped, decorator, cx) && is_returned(inner, decorator, cx);
    is_wrapper.then_some(Wrapper { decorator, wrapped })
}

/// The function that stands where a decorator is applied: the decorator itself, or the one that
/// returns it (`@decorator(…)`).
pub(super) fn outermost<'a>(
    decorator: &'a StmtFunctionDef,
    cx: &Context<'a>,
) -> &'a StmtFunctionDef {
    let mut outermost = decorator;
    while let Some(outer) = function_around(outermost, cx)
        && is_returned(outermost, outer, cx)
    {
        outermost = outer;
    }
    outermost
}

/// The function whose body holds a function, under whatever conditions.
fn function_around<'a>(
    function: &'a StmtFunctionDef,
    cx: &Context<'a>,
) -> Option<&'a StmtFunctionDef> {
    match cx.ancestors(function).find(|node| opens_scope(*node))? {
        AnyNodeRef::StmtFunctionDef(outer) => Some(outer),
        _ => None,
    }
}

/// The first parameter that callers give: of a method, the one after `self`.
pub(super) fn given<'a>(function: &'a StmtFunctionDef, cx: &Context<'a>) -> Option<&'a Parameter> {
    let mut positional = function.parameters.posonlyargs.iter().chain(&function.parameters.args);
    let first = &positional.next()?.parameter;
    let is_bound = matches!(first.name.as_str(), "self" | "cls") && cx.class_of(function).is_some();
    if is_bound { positional.next().map(|it| &it.parameter) } else { Some(first) }
}

/// Whether a wrapper calls what its decorator was given, or hands it on with its own arguments
/// (`pool.submit(function, *args)`).
fn calls<'a>(
    inner: &'a StmtFunctionDef,
    wrapped: &Parameter,
    decorator: &'a StmtFunctionDef,
    cx: &Context<'a>,
) -> bool {
    let symbol = local(wrapped.name.as_str(), decorator, cx);
    let is_wrapped = |it: &Expr| {
        it.as_name_expr().is_some_and(|it| it.id == wrapped.name.id && cx.symbol(it) == symbol)
    };
    let rest = inner.parameters.vararg.as_ref().map(|it| it.name.as_str());
    let hands_on = |call: &ExprCall| {
        let is_rest = |it: &Expr| {
            let starred = it.as_starred_expr().and_then(|it| it.value.as_name_expr());
            starred.is_some_and(|it| Some(it.id.as_str()) == rest)
        };
        call.arguments.args.iter().any(is_rest) && call.arguments.args.iter().any(is_wrapped)
    };
    cx.descendants(inner).iter().any(|node| {
        matches!(node, AnyNodeRef::ExprCall(call) if is_wrapped(&call.func) || hands_on(call))
    })
}

/// Whether a function returns one that it defines, and does nothing with it that could give it
/// another name: attributes of its own do not.
fn is_returned<'a>(
    inner: &'a StmtFunctionDef,
    outer: &'a StmtFunctionDef,
    cx: &Context<'a>,
) -> bool {
    let Some(symbol) = local(inner.name.as_str(), outer, cx) else { return false };
    let mut is_returned = false;
    for reference in cx.semantic.references(symbol) {
        let holder = cx.tree.parent(reference.node);
        let is_result = || {
            let above = cx.tree.node(cx.tree.parent(holder));
            matches!(above, AnyNodeRef::StmtReturn(_))
        };
        match cx.tree.node(holder) {
            AnyNodeRef::StmtReturn(_) => is_returned = true,
            AnyNodeRef::ExprAttribute(it) if !IDENTITY.contains(&it.attr.as_str()) => {}
            AnyNodeRef::ExprIf(_) if is_result() => is_returned = true,
            AnyNodeRef::ExprCall(call) if cx.tree.id(&*call.func) == reference.node => {
                // `return decorator(function)`: the decorator is for use with and without `()`.
                is_returned |= is_result() && given(inner, cx).is_some() && is_given(call, outer);
            }
            AnyNodeRef::ExprCall(call) if is_result() && cx.is(&call.func, "typing.cast") => {
                is_returned = true;
            }
            _ => return false,
        }
    }
    is_returned
}

/// Whether a call passes on one parameter of a function and nothing else.
fn is_given(call: &ExprCall, function: &StmtFunctionDef) -> bool {
    match (&call.arguments.args[..], &call.arguments.keywords[..]) {
        ([Expr::Name(name)], []) => function.parameters.includes(&name.id),
        _ => false,
    }
}

fn local<'a>(name: &str, function: &'a StmtFunctionDef, cx: &Context<'a>) -> Option<SymbolId> {
    cx.semantic.symbol_in(cx.semantic.scope_of(cx.id(function))?, cx.semantic.name(name)?)
}
