//! The attributes of a class's instances, where they are the same from the beginning.

use ruff_python_ast::{AnyNodeRef, Decorator, ExprAttribute, PythonVersion, Stmt, StmtClassDef};
use ruff_text_size::Ranged;

use super::methods::{methods, on_self};
use crate::facts::Maker;
use crate::rule::{Context, is_special};
use crate::semantic::BindingKind;

/// What a class defines that needs a `__dict__`, or takes part in making, copying or pickling.
#[rustfmt::skip]
const HOOKS: &[&str] = &[
    "__copy__", "__deepcopy__", "__delattr__", "__dict__", "__getattr__", "__getattribute__",
    "__getstate__", "__init_subclass__", "__new__", "__reduce__", "__reduce_ex__", "__setattr__",
    "__setstate__", "__slots__", "__weakref__",
];

/// What speaks of attributes by their names, or needs a `__dict__` to write to.
#[rustfmt::skip]
const DYNAMIC: &[&str] = &[
    "__class__", "__dict__", "__setattr__", "cached_property", "delattr", "locals", "setattr",
    "vars",
];

/// A class whose instances have the same attributes from the beginning to the end, as far as its
/// own body tells.
pub(super) struct Shape<'a> {
    /// In the order of assignment, or of the fields.
    pub(super) attributes: Vec<&'a str>,
    /// The decorator, if it is a dataclass.
    pub(super) dataclass: Option<&'a Decorator>,
}

impl<'a> Shape<'a> {
    /// The shape of a class without slots; `None` where there is none or it cannot be told.
    pub(super) fn of(class: &'a StmtClassDef, cx: &Context<'a>) -> Option<Shape<'a>> {
        let shape = match cx.dataclass(class) {
            Some((decorator, made)) => {
                // `slots=True` came with Python 3.10.
                let is_old = cx.target().is_some_and(|it| it.lowest < PythonVersion::PY310);
                if made.maker != Maker::Dataclasses || made.slots != Some(false) || is_old {
                    return None;
                }
                Shape { attributes: fields(class, cx), dataclass: Some(decorator) }
            }
            None => {
                let attributes = assigned_at_first(class, cx);
                let is_free = |name: &&str| {
                    let mut bindings = cx.members(class, name).into_iter();
                    bindings.all(|it| matches!(it.kind, BindingKind::Declaration))
                };
                if !attributes.iter().all(is_free) {
                    return None; // a class variable and a slot cannot share a name
                }
                Shape { attributes, dataclass: None }
            }
        };
        let is_plain = !shape.attributes.is_empty()
            && !shape.attributes.iter().any(|name| is_special(name))
            && HOOKS.iter().all(|hook| cx.members(class, hook).is_empty());
        (is_plain && shape.is_closed(class, cx)).then_some(shape)
    }

    /// Whether nothing goes around the attributes: no other is assigned, none other read that is
    /// not a member, and none asked of the class.
    fn is_closed(&self, class: &'a StmtClassDef, cx: &Context<'a>) -> bool {
        let is_harmless = |node: &AnyNodeRef<'_>| match node {
            // `slots=True` makes the class again: what `super()` refers to is the first one.
            AnyNodeRef::ExprName(it) if it.id == "super" => self.dataclass.is_none(),
            AnyNodeRef::ExprName(it) => !DYNAMIC.contains(&it.id.as_str()),
            AnyNodeRef::ExprAttribute(it) => !DYNAMIC.contains(&it.attr.as_str()),
            _ => true,
        };
        let is_known = |it: &'a ExprAttribute| self.is_known(it, class, cx);
        cx.descendants(class).iter().all(is_harmless)
            && methods(class).all(|method| on_self(method, cx).all(is_known))
            && (self.dataclass.is_none() || !self.is_asked_of_class(class, cx))
    }

    /// Whether `C.x` is read somewhere: a default now, it would be a descriptor.
    fn is_asked_of_class(&self, class: &'a StmtClassDef, cx: &Context<'a>) -> bool {
        let symbol = || {
            let around = cx.scope(class);
            cx.semantic.resolve(around, cx.semantic.name(class.name.as_str())?)
        };
        symbol().is_none_or(|symbol| {
            cx.semantic.references(symbol).any(|read| {
                let holder = cx.tree.node(cx.tree.parent(read.node));
                holder.as_expr_attribute().is_some_and(|it| {
                    it.value.is_name_expr() && self.attributes.contains(&it.attr.as_str())
                })
            })
        })
    }

    /// Whether `self.name` is one of the attributes, or reads or calls a member. A method that is
    /// handed out is a callback: its object is no record, and may be referred to weakly.
    fn is_known(&self, it: &'a ExprAttribute, class: &'a StmtClassDef, cx: &Context<'a>) -> bool {
        let name = it.attr.as_str();
        if self.attributes.contains(&name) {
            return it.ctx.is_load() || it.ctx.is_store();
        }
        if !it.ctx.is_load() {
            return false;
        }
        match cx.members(class, name).last().map(|it| it.kind) {
            Some(BindingKind::Function(method)) => {
                !method.decorator_list.is_empty() || is_called(it, cx)
            }
            Some(_) => true,
            None => is_special(name) || class.arguments.as_ref().is_some_and(|it| !it.is_empty()),
        }
    }
}

fn is_called(attribute: &ExprAttribute, cx: &Context<'_>) -> bool {
    match cx.parent(attribute) {
        AnyNodeRef::ExprCall(call) => call.func.range() == attribute.range,
        _ => false,
    }
}

/// The attributes that `__init__` assigns, in order.
fn assigned_at_first<'a>(class: &'a StmtClassDef, cx: &Context<'a>) -> Vec<&'a str> {
    let mut names = Vec::new();
    for init in methods(class).filter(|it| it.name.as_str() == "__init__") {
        for attribute in on_self(init, cx).filter(|it| it.ctx.is_store()) {
            let name = attribute.attr.as_str();
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// The fields of a dataclass, in order.
fn fields<'a>(class: &'a StmtClassDef, cx: &Context<'a>) -> Vec<&'a str> {
    let is_field =
        |annotation: &str| !["ClassVar", "InitVar"].iter().any(|it| annotation.contains(it));
    let annotated = class.body.iter().filter_map(Stmt::as_ann_assign_stmt);
    annotated
        .filter(|it| is_field(cx.slice(&*it.annotation)))
        .filter_map(|it| Some(it.target.as_name_expr()?.id.as_str()))
        .collect()
}
