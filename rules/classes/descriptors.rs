//! The methods of descriptors.

use ruff_python_ast::{AnyNodeRef, Stmt, StmtClassDef, StmtFunctionDef};

use super::methods::{
    attribute_of, is_last, is_name, is_stub, keeps, methods, on_self, positional,
};
use crate::rule::Context;
use crate::semantic::BindingKind;

/// `__get__`, `__set__` or `__delete__` of a class, as it is in the end.
#[derive(Clone, Copy)]
pub(super) struct Method<'a> {
    pub(super) function: &'a StmtFunctionDef,
    pub(super) class: &'a StmtClassDef,
    /// The parameter for the descriptor itself.
    pub(super) this: &'a str,
    /// The parameter for the object that the attribute is asked of.
    pub(super) object: &'a str,
    /// The parameter after it: the class for `__get__`, the value for `__set__`.
    pub(super) third: Option<&'a str>,
}

impl<'a> Method<'a> {
    /// A function as a method of a descriptor; `None` where it is none, does nothing, or where a
    /// parameter is given another value on the way.
    pub(super) fn of(function: &'a StmtFunctionDef, cx: &Context<'a>) -> Option<Method<'a>> {
        let class = cx.class_of(function)?;
        let mut parameters = positional(function);
        let (this, object) = (parameters.next()?, parameters.next()?);
        let third = parameters.next();
        let is_sound = function.decorator_list.is_empty()
            && !is_stub(function)
            && is_last(function, class, cx)
            && [this, object].iter().all(|it| keeps(it, function, cx));
        is_sound.then_some(Method { function, class, this, object, third })
    }

    /// Another method of the same descriptor.
    pub(super) fn other(&self, name: &str, cx: &Context<'a>) -> Option<Method<'a>> {
        match cx.members(self.class, name).last()?.kind {
            BindingKind::Function(function) => Method::of(function, cx),
            _ => None,
        }
    }

    /// What is in the function itself.
    pub(super) fn own(&self, cx: &Context<'a>) -> impl Iterator<Item = AnyNodeRef<'a>> + use<'a> {
        cx.own(self.function)
    }
}

/// The attribute in which `__set_name__` always keeps the name that the descriptor is bound to, just
/// as it is given, and which nothing else in the class but `__init__` assigns.
pub(super) fn kept_name<'a>(class: &'a StmtClassDef, cx: &Context<'a>) -> Option<&'a str> {
    let members = cx.members(class, "__set_name__");
    let [only] = &members[..] else { return None };
    let BindingKind::Function(function) = only.kind else { return None };
    let mut parameters = positional(function);
    let (this, _, name) = (parameters.next()?, parameters.next()?, parameters.next()?);
    let kept = function.body.iter().filter_map(Stmt::as_assign_stmt).find_map(|it| {
        let [target] = &it.targets[..] else { return None };
        is_name(&it.value, name).then(|| attribute_of(target, this))?
    })?;
    let is_certain = keeps(name, function, cx)
        && !function.body.iter().any(|it| it.is_return_stmt() || it.is_if_stmt())
        && cx.members(class, kept).is_empty();
    let assigns = |method: &'a StmtFunctionDef| {
        let assigned =
            on_self(method, cx).filter(|it| !it.ctx.is_load() && it.attr == *kept).count();
        match method.name.as_str() {
            "__init__" => 0,
            "__set_name__" => assigned - 1,
            _ => assigned,
        }
    };
    (is_certain && methods(class).map(assigns).sum::<usize>() == 0).then_some(kept)
}
