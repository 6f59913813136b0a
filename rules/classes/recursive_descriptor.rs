use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};

use super::descriptors::{Method, kept_name};
use super::methods::{attribute_of, is_name};
use super::reach::is_reached_for;
use crate::diagnostic::Severity;
use crate::fix::Fix;
use crate::rule::{Context, Fixable, On, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "recursive-descriptor",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("recursive_descriptor.md"),
    options: &[],
    on: &[On::Special(check)],
};

fn check<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    let (builtin, method, arguments) = match function.name.as_str() {
        "__get__" => ("getattr", "__getattribute__", 2),
        "__set__" => ("setattr", "__setattr__", 3),
        "__delete__" => ("delattr", "__delattr__", 2),
        _ => return,
    };
    if cx.is_stub {
        return;
    }
    let Some(descriptor) = Method::of(function, cx) else { return };
    let is_data = |name| !cx.members(descriptor.class, name).is_empty();
    // Without them the object's own `__dict__` comes first.
    if !is_data("__set__") && !is_data("__delete__") {
        return;
    }
    let Some(name) = kept_name(descriptor.class, cx) else { return };
    for call in descriptor.own(cx).filter_map(|it| it.as_expr_call().copied()) {
        let asks = match &*call.func {
            Expr::Name(it) => it.id == builtin && cx.is(&call.func, &format!("builtins.{builtin}")),
            Expr::Attribute(it) => it.attr == *method && cx.is(&it.value, "builtins.object"),
            _ => false,
        };
        if asks
            && let [object, attribute, ..] = &*call.arguments.args
            && call.arguments.len() >= arguments
            && is_name(object, descriptor.object)
            && attribute_of(attribute, descriptor.this) == Some(name)
            && is_reached_for(cx.id(call), function, descriptor.object, cx)
        {
            return check_call(call, &descriptor, name, cx);
        }
    }
}

fn check_call<'a>(call: &'a ExprCall, descriptor: &Method<'a>, name: &str, cx: &mut Context<'a>) {
    let (own, this) = (descriptor.function.name.as_str(), descriptor.this);
    let fix = in_dict(call, descriptor, name, cx);
    let callee = cx.slice(&*call.func);
    cx.report(call, format!("`{callee}` calls this `{own}` again: `RecursionError`"))
        .help(format!("`{this}.{name}` is the name that the descriptor itself is bound to; the value can be kept in `{}.__dict__`, which a descriptor that has `__set__` is asked before, or under another name", descriptor.object))
        .fix(fix);
}

/// The same in the object's `__dict__`, where the descriptor itself does not stand in the way.
fn in_dict<'a>(
    call: &'a ExprCall,
    descriptor: &Method<'a>,
    name: &str,
    cx: &Context<'a>,
) -> Option<Fix> {
    // Owners with slots have no `__dict__`.
    if cx.semantic.name("__slots__").is_some() || cx.has_comment(call.range()) {
        return None;
    }
    let Method { this, object, .. } = *descriptor;
    let key = format!("{this}.{name}");
    let fix = Fix::unsafe_(format!("Use `{object}.__dict__`"));
    let [_, _, rest @ ..] = &*call.arguments.args else { return None };
    let is_statement = matches!(cx.parent(call), AnyNodeRef::StmtExpr(_));
    Some(match (descriptor.function.name.as_str(), rest) {
        ("__get__", []) if is_kept_in_dict(descriptor, name, cx) => {
            fix.replace(call.range(), format!("{object}.__dict__[{key}]"))
        }
        ("__get__", [default]) if is_kept_in_dict(descriptor, name, cx) => {
            let default = cx.slice(default);
            fix.replace(call.range(), format!("{object}.__dict__.get({key}, {default})"))
        }
        ("__set__", [value]) if is_statement => {
            let before = TextRange::new(call.start(), value.start());
            let after = TextRange::new(value.end(), call.end());
            match value {
                Expr::Yield(_) | Expr::Named(_) | Expr::Starred(_) => return None,
                _ => fix.replace(before, format!("{object}.__dict__[{key}] = ")).delete(after),
            }
        }
        ("__delete__", []) if is_statement => {
            fix.replace(call.range(), format!("del {object}.__dict__[{key}]"))
        }
        _ => return None,
    })
}

/// Whether `__set__` keeps the value under its own name: in the object's `__dict__`, or by the
/// mistake that is mended with this one.
fn is_kept_in_dict<'a>(descriptor: &Method<'a>, name: &str, cx: &Context<'a>) -> bool {
    let Some(set) = descriptor.other("__set__", cx) else { return false };
    let is_name_kept = |it: &Expr| attribute_of(it, set.this) == Some(name);
    let is_dict = |it: &Expr| attribute_of(it, set.object) == Some("__dict__");
    set.own(cx).any(|node| match node {
        AnyNodeRef::ExprSubscript(it) => {
            it.ctx.is_store() && is_dict(&it.value) && is_name_kept(&it.slice)
        }
        AnyNodeRef::ExprCall(call) => {
            is_name(&call.func, "setattr") && call.arguments.args.get(1).is_some_and(is_name_kept)
        }
        _ => false,
    })
}
