//! Attributes that hold a list, a dictionary or a set, and what changes what they hold.

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, StmtClassDef};
use ruff_text_size::{Ranged, TextRange};

use super::methods::{attribute_of, methods, on_self, this};
use crate::rule::Context;
use crate::semantic::BindingKind;

/// Methods by which a container is changed in place, but for `setdefault`, which caches.
const CHANGING: &[&str] = &[
    "add",
    "append",
    "appendleft",
    "clear",
    "difference_update",
    "discard",
    "extend",
    "extendleft",
    "insert",
    "intersection_update",
    "pop",
    "popitem",
    "popleft",
    "remove",
    "reverse",
    "sort",
    "subtract",
    "symmetric_difference_update",
    "update",
];

/// A container that can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Container {
    List,
    Dict,
    Set,
    Deque,
}

impl Container {
    /// What a message calls it.
    pub(in crate::rules) fn said(self) -> &'static str {
        match self {
            Container::List => "list",
            Container::Dict => "dictionary",
            Container::Set => "set",
            Container::Deque => "deque",
        }
    }
}

/// The container that an expression makes.
pub(in crate::rules) fn made<'a>(expression: &'a Expr, cx: &Context<'a>) -> Option<Container> {
    Some(match expression {
        Expr::List(_) | Expr::ListComp(_) => Container::List,
        Expr::Dict(_) | Expr::DictComp(_) => Container::Dict,
        Expr::Set(_) | Expr::SetComp(_) => Container::Set,
        Expr::Call(call) => match cx.qualified(&call.func)?.parts() {
            ["builtins", "list"] => Container::List,
            ["builtins", "dict"] => Container::Dict,
            ["builtins", "set"] => Container::Set,
            ["collections", "Counter" | "OrderedDict" | "defaultdict"] => Container::Dict,
            ["collections", "deque"] => Container::Deque,
            _ => return None,
        },
        _ => return None,
    })
}

/// The container that an attribute of a class's instances holds, as far as each assignment in the
/// class says so.
pub(in crate::rules) fn held<'a>(
    attribute: &str,
    class: &'a StmtClassDef,
    cx: &Context<'a>,
) -> Option<Container> {
    let mut found = None;
    for value in stored(attribute, class, cx) {
        let container = made(value?, cx)?;
        if *found.get_or_insert(container) != container {
            return None;
        }
    }
    found
}

/// Methods that containers have which can be changed, and nothing else that is often held.
const ASKING: &[&str] = &["copy", "get", "items", "keys", "values"];

/// Names in annotations of what always has a hash, or of what says nothing about it.
#[rustfmt::skip]
const HASHED: &[&str] = &[
    "Any", "Hashable", "Optional", "Union", "bool", "bytes", "complex", "float", "frozenset", "int",
    "object", "str", "tuple", "type", "typing",
];

/// Whether an attribute of a class's instances may hold what has no hash: a container, in want of
/// something else or as a parameter is annotated; what is changed in place, or is asked what only
/// containers can be asked.
pub(in crate::rules) fn may_lack_hash<'a>(
    attribute: &str,
    class: &'a StmtClassDef,
    cx: &Context<'a>,
) -> bool {
    let is_made = |value: &'a Expr| match value {
        Expr::BoolOp(it) => it.values.iter().any(|it| made(it, cx).is_some()),
        Expr::If(it) => [&it.body, &it.orelse].into_iter().any(|it| made(it, cx).is_some()),
        Expr::Name(name) => match cx.binding(name).map(|it| it.kind) {
            Some(BindingKind::Parameter(it)) => {
                it.annotation().is_some_and(|it| !is_hashed(it, cx))
            }
            _ => false,
        },
        value => made(value, cx).is_some(),
    };
    let is_asked = |it: &'a ExprAttribute| {
        it.attr == *attribute
            && matches!(cx.parent(it), AnyNodeRef::ExprAttribute(method)
                if ASKING.contains(&method.attr.as_str()))
    };
    stored(attribute, class, cx).into_iter().flatten().any(is_made)
        || is_changed(attribute, class, cx)
        || methods(class).flat_map(|method| on_self(method, cx)).any(is_asked)
}

/// Whether an annotation names nothing but what has a hash.
fn is_hashed<'a>(annotation: &'a Expr, cx: &Context<'a>) -> bool {
    let inner = cx.descendants(annotation).iter().copied();
    std::iter::once(annotation.into()).chain(inner).all(|node| match node {
        AnyNodeRef::ExprName(name) => HASHED.contains(&name.id.as_str()),
        AnyNodeRef::ExprAttribute(it) => HASHED.contains(&it.attr.as_str()),
        AnyNodeRef::ExprStringLiteral(_) => false,
        _ => true,
    })
}

/// What a class's body and methods assign to an attribute of its instances; `None` for what is no
/// plain value.
fn stored<'a>(attribute: &str, class: &'a StmtClassDef, cx: &Context<'a>) -> Vec<Option<&'a Expr>> {
    let in_body = cx.members(class, attribute).into_iter().filter_map(|it| match it.kind {
        BindingKind::Declaration => None,
        BindingKind::Assignment(value) => Some(Some(value)),
        _ => Some(None),
    });
    let mut values: Vec<Option<&'a Expr>> = in_body.collect();
    let assigned = methods(class).flat_map(|method| on_self(method, cx));
    for it in assigned.filter(|it| it.attr == *attribute && !it.ctx.is_load()) {
        match cx.parent(it) {
            AnyNodeRef::StmtAssign(assign) => values.push(Some(&assign.value)),
            AnyNodeRef::StmtAnnAssign(assign) => {
                values.extend(assign.value.as_deref().map(Some));
            }
            // What is added to a container leaves it one.
            AnyNodeRef::StmtAugAssign(_) | AnyNodeRef::StmtDelete(_) => {}
            _ => values.push(None),
        }
    }
    values
}

/// Where a node changes what an attribute of `this` holds in place, and which.
pub(in crate::rules) fn change<'a>(
    node: AnyNodeRef<'a>,
    this: &str,
) -> Option<(&'a str, TextRange)> {
    match node {
        AnyNodeRef::ExprCall(call) => {
            let method = call.func.as_attribute_expr()?;
            let attribute = attribute_of(&method.value, this)?;
            CHANGING.contains(&method.attr.as_str()).then_some((attribute, call.func.range()))
        }
        AnyNodeRef::ExprSubscript(it) if !it.ctx.is_load() => {
            Some((attribute_of(&it.value, this)?, it.range))
        }
        AnyNodeRef::StmtAugAssign(it) => Some((attribute_of(&it.target, this)?, it.target.range())),
        _ => None,
    }
}

/// Whether a method of the class changes in place what an attribute of its instances holds.
pub(in crate::rules) fn is_changed<'a>(
    attribute: &str,
    class: &'a StmtClassDef,
    cx: &Context<'a>,
) -> bool {
    methods(class).any(|method| {
        this(method).is_some_and(|this| {
            let is_it =
                |node: &AnyNodeRef<'a>| change(*node, this).is_some_and(|it| it.0 == attribute);
            cx.descendants(method).iter().any(is_it)
        })
    })
}
