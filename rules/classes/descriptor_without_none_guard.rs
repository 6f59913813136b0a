use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, StmtFunctionDef};
use ruff_text_size::Ranged;

use super::descriptors::Method;
use super::methods::{positional, without_docstring};
use super::reach::is_reached_if_accepted;
use crate::diagnostic::Severity;
use crate::fix::Fix;
use crate::rule::{Context, Fixable, On, Rule, is_special};
use crate::syntax::NodeId;
use crate::syntax::tree::opens_scope;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "descriptor-without-none-guard",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("descriptor_without_none_guard.md"),
    options: &[],
    on: &[On::Special(check)],
};

fn check<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    if function.name.as_str() != "__get__" || cx.is_stub || cx.module.is_test() {
        return;
    }
    let Some(get) = Method::of(function, cx) else { return };
    // `object`, and perhaps its class.
    if get.this == get.object || positional(function).count() > 3 {
        return;
    }
    let mut first = None;
    for id in cx.tree.own_ids(cx.id(function)) {
        let AnyNodeRef::ExprName(name) = cx.tree.node(id) else { continue };
        if name.id != get.object || !name.ctx.is_load() {
            continue;
        }
        match needs_an_object(id, cx) {
            Use::Test => return,
            Use::Raises(error) => {
                if first.is_none() && is_reached_if_accepted(id, function, cx) {
                    first = Some((name, error));
                }
            }
            Use::Harmless => {}
        }
    }
    let Some((name, error)) = first else { return };
    let (class, object) = (get.class.name.as_str(), get.object);
    let fix = guarded(&get, cx);
    cx.report(name, format!("`__get__` of `{class}` raises `{error}` when the attribute is read on the class: `{object}` is `None`"))
        .help("documentation tools, `inspect`, `dataclasses` and mocks read attributes on the class; the custom is to give them the descriptor itself")
        .fix(fix);
}

/// What a use of the object makes of `None`.
enum Use {
    /// It may tell `None` from others, or hand it to what does.
    Test,
    /// It raises.
    Raises(&'static str),
    /// It passes it on.
    Harmless,
}

fn needs_an_object(name: NodeId, cx: &Context<'_>) -> Use {
    let tree = cx.tree;
    let may_catch = |it: AnyNodeRef<'_>| it.as_stmt_try().is_some_and(|it| !it.handlers.is_empty());
    let mut around = tree.ancestors(name).map(|(_, it)| it).take_while(|it| !opens_scope(*it));
    if around.any(may_catch) {
        return Use::Test;
    }
    match tree.node(tree.parent(name)) {
        AnyNodeRef::ExprAttribute(it) => match it.attr.as_str() {
            "__dict__" | "__slots__" | "__weakref__" => Use::Raises("AttributeError"),
            // `None` has the other special ones, too.
            name if is_special(name) => Use::Harmless,
            _ => Use::Raises("AttributeError"),
        },
        AnyNodeRef::ExprSubscript(it) if tree.id(&*it.value) == name => Use::Raises("TypeError"),
        AnyNodeRef::ExprCall(call) => given_to(call, name, cx),
        AnyNodeRef::StmtReturn(_) | AnyNodeRef::Keyword(_) | AnyNodeRef::ExprTuple(_) => {
            Use::Harmless
        }
        _ => Use::Test,
    }
}

/// What a call makes of the object.
fn given_to(call: &ExprCall, name: NodeId, cx: &Context<'_>) -> Use {
    let arguments = &call.arguments;
    if cx.id(&*call.func) == name {
        return Use::Raises("TypeError");
    }
    let is_first = arguments.args.first().is_some_and(|it| cx.id(it) == name);
    let Expr::Name(callee) = &*call.func else { return Use::Harmless };
    match callee.id.as_str() {
        "hasattr" | "isinstance" => Use::Test,
        "getattr" if is_first && arguments.len() == 2 => Use::Raises("AttributeError"),
        "delattr" | "setattr" if is_first => Use::Raises("AttributeError"),
        "iter" | "len" | "vars" if is_first => Use::Raises("TypeError"),
        _ => Use::Harmless,
    }
}

/// `if obj is None: return self` before everything else.
fn guarded(get: &Method<'_>, cx: &Context<'_>) -> Option<Fix> {
    let first = without_docstring(&get.function.body).first()?;
    if !cx.begins_line(first.start()) {
        return None;
    }
    let (indent, around) = (cx.indent_at(first.start()), cx.indent_at(get.function.start()));
    let step = indent.strip_prefix(around)?;
    let Method { this, object, .. } = *get;
    let text = format!("if {object} is None:\n{indent}{step}return {this}\n{indent}");
    Some(
        Fix::unsafe_(format!("Return `{this}` where `{object}` is `None`"))
            .insert(first.start(), text),
    )
}
