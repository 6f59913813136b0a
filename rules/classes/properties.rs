//! Properties as class bodies write them, with decorators.

use ruff_python_ast::{Decorator, Expr, StmtClassDef, StmtFunctionDef};

use crate::rule::Context;
use crate::semantic::BindingKind;

/// What a function does for a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Getter,
    Setter,
    Deleter,
}

/// A function with a decorator that makes it a part of a property.
#[derive(Clone, Copy)]
pub(super) struct Accessor<'a> {
    pub(super) role: Role,
    /// The name of the property: of a getter its own, else the one in the decorator.
    pub(super) property: &'a str,
}

/// A property whose name stands for nothing else in the end.
pub(super) struct Property<'a> {
    pub(super) setter: Option<&'a StmtFunctionDef>,
    pub(super) deleter: Option<&'a StmtFunctionDef>,
}

/// What a function is for a property, if `@property`, `@name.setter` or `@name.deleter` is all that
/// decorates it, but for `@abstractmethod` and what only type checkers read.
pub(super) fn accessor<'a>(
    function: &'a StmtFunctionDef,
    cx: &Context<'a>,
) -> Option<Accessor<'a>> {
    let (decorator, inner) = function.decorator_list.split_first()?;
    let (role, property) = match &decorator.expression {
        Expr::Name(it) if it.id == "property" => (Role::Getter, function.name.as_str()),
        Expr::Attribute(it) => {
            let role = match it.attr.as_str() {
                "setter" => Role::Setter,
                "deleter" => Role::Deleter,
                _ => return None,
            };
            (role, it.value.as_name_expr()?.id.as_str())
        }
        _ => return None,
    };
    let is_quiet = |it: &'a Decorator| cx.is_any(&it.expression, QUIET_DECORATORS);
    let is_property = role != Role::Getter || cx.is(&decorator.expression, "builtins.property");
    (is_property && inner.iter().all(is_quiet)).then_some(Accessor { role, property })
}

/// Decorators that give back the function that they are given.
const QUIET_DECORATORS: &[&str] = &[
    "abc.abstractmethod",
    "typing.final",
    "typing.no_type_check",
    "typing.override",
    "typing_extensions.final",
    "typing_extensions.override",
];

/// Whether the function of a getter is only marked as one to be overridden.
pub(super) fn is_abstract<'a>(function: &'a StmtFunctionDef, cx: &Context<'a>) -> bool {
    function.decorator_list.iter().any(|it| cx.is(&it.expression, "abc.abstractmethod"))
}

/// The property that a class body makes of a name: every binding of it is a getter, setter or
/// deleter, the getter first, and none under a condition.
pub(super) fn property<'a>(
    name: &str,
    class: &'a StmtClassDef,
    cx: &Context<'a>,
) -> Option<Property<'a>> {
    let mut found: Option<Property<'a>> = None;
    for binding in cx.members(class, name) {
        let BindingKind::Function(function) = binding.kind else { return None };
        if !cx.semantic.is_unconditional(binding.condition) {
            return None;
        }
        let accessor = accessor(function, cx).filter(|it| it.property == name)?;
        match (accessor.role, &mut found) {
            (Role::Getter, None) => {
                found = Some(Property { setter: None, deleter: None });
            }
            (Role::Setter, Some(property)) => property.setter = Some(function),
            (Role::Deleter, Some(property)) => property.deleter = Some(function),
            _ => return None,
        }
    }
    found
}
