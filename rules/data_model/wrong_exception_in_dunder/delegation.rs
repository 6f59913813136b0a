//! A `__getattr__` that asks an attribute which is not there yet while the object is being copied.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, Stmt, StmtFunctionDef};

use super::super::special::Method;
use super::is_bare;
use crate::fix::Fix;
use crate::rule::Context;
use crate::semantic::BindingKind;

/// Methods that see to copying and pickling themselves, or to attributes.
pub(super) const HOOKS: &[&str] = &[
    "__copy__",
    "__deepcopy__",
    "__getattribute__",
    "__getstate__",
    "__new__",
    "__reduce__",
    "__reduce_ex__",
    "__setstate__",
];

/// Reports `getattr(self.inner, name)` where only `__init__` sets `inner`.
pub(super) fn check<'a>(method: &Method<'a>, name: &str, cx: &mut Context<'a>) {
    let found = method.own(cx).find_map(|node| {
        let AnyNodeRef::ExprCall(call) = node else { return None };
        let inner = delegate(method, name, call, cx)?;
        is_bare(method, name, node, cx).then_some((call, inner))
    });
    let Some((call, inner)) = found else { return };
    if HOOKS.iter().any(|it| !cx.members(method.class, it).is_empty()) {
        return;
    }
    let is_set = init(method, cx).is_some_and(|it| sets(it, inner, cx));
    if !cx.members(method.class, inner).iter().all(|it| matches!(it.kind, BindingKind::Declaration))
        || !is_set
    {
        return;
    }
    let (test, then) =
        (format!("{name}.startswith(\"__\")"), format!("raise AttributeError({name})"));
    let guard = method.guard(&test, &then, cx);
    let fix = guard.map(|it| Fix::unsafe_("Refuse special names").edit(it));
    let message = format!(
        "`__getattr__` asks `self.{inner}`, and asks itself for it while the object is being copied: `RecursionError`"
    );
    cx.suspect_about(method.class, inner, call, message)
        .help("`copy` and `pickle` make the object without `__init__` and look for special methods on it: raise `AttributeError` for names that begin with `__`")
        .fix(fix);
}

/// The attribute that a call hands the name on to: `getattr(self.inner, name)`.
fn delegate<'a>(
    method: &Method<'a>,
    name: &str,
    call: &'a ExprCall,
    cx: &Context<'a>,
) -> Option<&'a str> {
    let [asked, by, ..] = &*call.arguments.args else { return None };
    let inner = asked.as_attribute_expr()?;
    let is_it = method.is_this(&inner.value, cx)
        && method.is_value_of(name, by, cx)
        && cx.is(&call.func, "builtins.getattr");
    is_it.then_some(inner.attr.as_str())
}

fn init<'a>(method: &Method<'a>, cx: &Context<'a>) -> Option<&'a StmtFunctionDef> {
    match cx.members(method.class, "__init__").last()?.kind {
        BindingKind::Function(init) => Some(init),
        _ => None,
    }
}

/// Whether a method sets an attribute of its object.
fn sets(method: &StmtFunctionDef, attribute: &str, cx: &Context<'_>) -> bool {
    let this = method.parameters.iter().next().map_or("", |it| it.name().as_str());
    cx.own(method).any(|node| match node {
        AnyNodeRef::ExprAttribute(it) => {
            it.ctx.is_store()
                && it.attr.as_str() == attribute
                && it.value.as_name_expr().is_some_and(|it| it.id == this)
        }
        _ => false,
    })
}

/// Whether an attribute of the object is known to make what is missing: a `defaultdict`.
pub(super) fn is_default_dict<'a>(
    method: &Method<'a>,
    mapping: &'a Expr,
    cx: &Context<'a>,
) -> bool {
    let Expr::Attribute(attribute) = mapping else { return false };
    let methods = method.class.body.iter().filter_map(Stmt::as_function_def_stmt);
    methods.flat_map(|it| cx.own(it)).any(|node| match node {
        AnyNodeRef::StmtAssign(it) => {
            let is_it = it.targets.iter().any(|it| {
                it.as_attribute_expr().is_some_and(|it| it.attr.as_str() == attribute.attr.as_str())
            });
            is_it
                && it.value.as_call_expr().is_some_and(|it| {
                    cx.qualified(&it.func)
                        .is_some_and(|it| !it.is_any(&["builtins.dict", "collections.OrderedDict"]))
                })
        }
        _ => false,
    })
}
