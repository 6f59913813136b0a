//! Asynchronous comprehensions in comprehensions that are not: new in 3.11 (bpo-33346).

use ruff_python_ast::{
    AnyNodeRef, Comprehension, ExprDictComp, ExprListComp, ExprSetComp, PythonVersion,
};
use ruff_text_size::Ranged;

use super::super::gate::{Outcome, older, report};
use crate::rule::Context;
use crate::semantic::ScopeKind;

pub(super) fn check_list<'a>(comprehension: &'a ExprListComp, cx: &mut Context<'a>) {
    check(AnyNodeRef::ExprListComp(comprehension), cx);
}

pub(super) fn check_set<'a>(comprehension: &'a ExprSetComp, cx: &mut Context<'a>) {
    check(AnyNodeRef::ExprSetComp(comprehension), cx);
}

pub(super) fn check_dict<'a>(comprehension: &'a ExprDictComp, cx: &mut Context<'a>) {
    check(AnyNodeRef::ExprDictComp(comprehension), cx);
}

/// Generator expressions were always free to be asynchronous anywhere.
fn check<'a>(comprehension: AnyNodeRef<'a>, cx: &mut Context<'a>) {
    let since = PythonVersion::PY311;
    let Some(lowest) = older(cx, since) else { return };
    let scope = cx.semantic.scope_of(cx.id(comprehension));
    let around = scope.and_then(|scope| cx.semantic.scope(scope).parent);
    let Some(around) = around.map(|around| cx.semantic.scope(around)) else { return };
    if around.kind != ScopeKind::Comprehension
        || is_asynchronous(cx.tree.node(around.node), cx)
        || !is_asynchronous(comprehension, cx)
    {
        return;
    }
    let what = "an asynchronous comprehension in one that is not";
    report(cx, comprehension.range(), what, since, lowest, Outcome::SyntaxError)
        .help("write the outer comprehension as an `async for` loop or plain loop");
}

/// Whether a comprehension says `async for`, or awaits something itself.
fn is_asynchronous<'a>(comprehension: AnyNodeRef<'a>, cx: &Context<'a>) -> bool {
    generators(comprehension).iter().any(|generator| generator.is_async)
        || cx.tree.descendant_ids(cx.id(comprehension)).any(|id| {
            matches!(cx.tree.node(id), AnyNodeRef::ExprAwait(_))
                && Some(cx.semantic.scope_at(cx.tree, id))
                    == cx.semantic.scope_of(cx.id(comprehension))
        })
}

fn generators(comprehension: AnyNodeRef<'_>) -> &[Comprehension] {
    match comprehension {
        AnyNodeRef::ExprListComp(it) => &it.generators,
        AnyNodeRef::ExprSetComp(it) => &it.generators,
        AnyNodeRef::ExprDictComp(it) => &it.generators,
        AnyNodeRef::ExprGenerator(it) => &it.generators,
        _ => &[],
    }
}
