//! Special methods as classes write them.

use ruff_python_ast::{
    AnyNodeRef, Expr, ExprName, Parameter, Stmt, StmtClassDef, StmtFunctionDef, StmtRaise,
};
use ruff_text_size::Ranged;

use crate::fix::Edit;
use crate::rule::{Context, is_special};

/// Decorators that give back the function they are given.
const HARMLESS_DECORATORS: &[&str] = &[
    "abc.abstractmethod",
    "typing.final",
    "typing.no_type_check",
    "typing.override",
    "typing_extensions.final",
    "typing_extensions.override",
];

/// Special methods that are class methods or static methods without saying so.
const IMPLICIT: &[&str] = &["__class_getitem__", "__init_subclass__", "__new__"];

/// A special method, defined by a plain `def` in a class body, that is what the class has under
/// its name in the end.
#[derive(Clone, Copy)]
pub(super) struct Method<'a> {
    pub(super) name: &'a str,
    pub(super) function: &'a StmtFunctionDef,
    pub(super) class: &'a StmtClassDef,
    /// The parameter that the object itself comes in.
    pub(super) this: Option<&'a Parameter>,
}

impl<'a> Method<'a> {
    /// `None` also where decorators make something else of the function, where another binding of
    /// the name follows, and in stubs and tests.
    pub(super) fn of(function: &'a StmtFunctionDef, cx: &Context<'a>) -> Option<Method<'a>> {
        let name = function.name.as_str();
        if !is_special(name) || cx.is_stub || cx.module.is_test() {
            return None;
        }
        let class = cx.class_of(function)?;
        let decorators = &function.decorator_list;
        let is_plain = decorators.iter().all(|it| cx.is_any(&it.expression, HARMLESS_DECORATORS));
        let is_last =
            || cx.members(class, name).last().is_some_and(|it| it.node == cx.id(function));
        if !is_plain || !is_last() {
            return None;
        }
        let parameters = &function.parameters;
        let first = parameters.posonlyargs.iter().chain(&parameters.args).next();
        Some(Method { name, function, class, this: first.map(|it| &it.parameter) })
    }

    /// The name of the parameter that the object itself comes in.
    pub(super) fn this(&self) -> &'a str {
        self.this.map_or("", |it| it.name.as_str())
    }

    /// Whether the first parameter is the instance: not for class methods by nature.
    pub(super) fn is_of_instance(&self) -> bool {
        !IMPLICIT.contains(&self.name)
    }

    /// The parameter after the object itself, by its place.
    pub(super) fn parameter(&self, place: usize) -> Option<&'a str> {
        let parameters = &self.function.parameters;
        let mut rest = parameters.posonlyargs.iter().chain(&parameters.args).skip(1);
        rest.nth(place).map(|it| it.parameter.name.as_str())
    }

    /// Whether an expression is the object itself: its parameter, which nothing rebinds.
    pub(super) fn is_this(&self, expression: &Expr, cx: &Context<'a>) -> bool {
        self.this.is_some_and(|it| self.is_value_of(it.name.as_str(), expression, cx))
    }

    /// Whether an expression is what a parameter was given: its name, which nothing rebinds.
    pub(super) fn is_value_of(&self, parameter: &str, expression: &Expr, cx: &Context<'a>) -> bool {
        expression.as_name_expr().is_some_and(|it| self.is_name_of(parameter, it, cx))
    }

    /// Like [`Method::is_value_of`], for a name.
    pub(super) fn is_name_of(&self, parameter: &str, name: &ExprName, cx: &Context<'a>) -> bool {
        name.id == parameter && self.keeps(parameter, cx)
    }

    /// Whether a parameter has the value it came with throughout the method.
    pub(super) fn keeps(&self, parameter: &str, cx: &Context<'a>) -> bool {
        let symbol = || {
            let scope = cx.semantic.scope_of(cx.id(self.function))?;
            cx.semantic.symbol_in(scope, cx.semantic.name(parameter)?)
        };
        symbol().is_some_and(|it| cx.semantic.only_binding(it).is_some())
    }

    /// What is in the body of the method, not in functions inside it.
    pub(super) fn own(&self, cx: &Context<'a>) -> impl Iterator<Item = AnyNodeRef<'a>> + use<'a> {
        let start = self.function.body.first().map_or(self.function.end(), Ranged::start);
        cx.own(self.function).skip_while(move |it| it.start() < start)
    }

    /// The body without its docstring.
    pub(super) fn body(&self) -> &'a [Stmt] {
        without_docstring(&self.function.body)
    }

    /// How far the body is indented further than the `def`; `None` where it does not begin a line.
    pub(super) fn step(&self, cx: &Context<'a>) -> Option<&'a str> {
        let first = self.function.body.first()?.start();
        let around = cx.indent_at(self.function.name.start());
        cx.indent_at(first).strip_prefix(around).filter(|_| cx.begins_line(first))
    }

    /// The edit that puts `if test:` and what is done then before the first statement.
    pub(super) fn guard(&self, test: &str, then: &str, cx: &Context<'a>) -> Option<Edit> {
        let (first, step) = (self.body().first()?.start(), self.step(cx)?);
        let indent = cx.indent_at(first);
        let text = format!("if {test}:\n{indent}{step}{then}\n{indent}");
        cx.begins_line(first).then(|| Edit::insert(first, text))
    }

    /// Whether the method only describes what others write: a docstring, `...`, `pass`, a refusal.
    pub(super) fn is_interface(&self) -> bool {
        self.body().iter().all(|statement| match statement {
            Stmt::Pass(_) => true,
            Stmt::Expr(it) => {
                it.value.is_ellipsis_literal_expr() || it.value.is_string_literal_expr()
            }
            Stmt::Raise(_) => true,
            _ => false,
        })
    }
}

/// Decorators of classes that give back the class as it is, but for what their names say.
#[rustfmt::skip]
const TRANSPARENT: &[&str] = &[
    "export", "final", "keras_export", "public", "runtime_checkable", "set_module", "tf_export",
    "total_ordering", "unique",
];

/// Whether no decorator of a class writes other methods into it, or may: those that are known, and
/// those whose name says that they announce it.
pub(super) fn leaves_class_alone(class: &StmtClassDef) -> bool {
    class.decorator_list.iter().all(|decorator| {
        let callee = match &decorator.expression {
            Expr::Call(call) => &*call.func,
            callee => callee,
        };
        let name = match callee {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(it) => it.attr.as_str(),
            _ => return false,
        };
        TRANSPARENT.contains(&name)
    })
}

/// Whether a class names bases.
pub(super) fn has_bases(class: &StmtClassDef) -> bool {
    class.arguments.as_ref().is_some_and(|it| !it.args.is_empty())
}

/// The exception that is raised, be it called or not.
pub(super) fn raised(statement: &StmtRaise) -> Option<&Expr> {
    Some(match statement.exc.as_deref()? {
        Expr::Call(call) => &call.func,
        class => class,
    })
}

/// Statements without the docstring that they may begin with.
pub(super) fn without_docstring(body: &[Stmt]) -> &[Stmt] {
    match body {
        [Stmt::Expr(it), rest @ ..] if it.value.is_string_literal_expr() => rest,
        _ => body,
    }
}
