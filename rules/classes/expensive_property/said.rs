//! What the settings say of costs, noted while a file is open.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, ModModule, StmtFor};

use super::super::methods::this;
use super::{CHEAP, EXPENSIVE, LOOPS};
use crate::facts::CostLevel;
use crate::rule::Context;

/// What stands for a loop in a loop among what functions do: no call is written so.
pub(super) const LOOP: &str = "for";

pub(super) fn note<'a>(_: &'a ModModule, cx: &mut Context<'a>) {
    let (expensive, cheap, loops) = (cx.get(&EXPENSIVE), cx.get(&CHEAP), cx.get(&LOOPS));
    if expensive.is_empty() && cheap.is_empty() && !loops {
        return;
    }
    for node in cx.tree.nodes() {
        match node {
            AnyNodeRef::ExprCall(call) => {
                if named(call, &cheap, cx).is_some() {
                    cx.cost(*call, &*call.func, None, "");
                } else if let Some(name) = named(call, &expensive, cx) {
                    cx.cost(*call, &*call.func, Some(CostLevel::External), name);
                } else if let Some(name) = work(call, cx).filter(|_| loops) {
                    cx.cost(*call, &*call.func, Some(CostLevel::Work), name);
                }
            }
            AnyNodeRef::StmtFor(outer) if loops && is_own_data(&outer.iter, cx) => {
                if let Some(inner) = inner_loop(outer, cx) {
                    cx.cost(*outer, inner, Some(CostLevel::Work), LOOP);
                }
            }
            _ => {}
        }
    }
}

/// The name under which a call is in a list.
fn named<'a>(call: &'a ExprCall, list: &[String], cx: &Context<'a>) -> Option<String> {
    let is_it = |name: &&String| match name.strip_prefix('.') {
        Some(method) => call.func.as_attribute_expr().is_some_and(|it| it.attr.as_str() == method),
        None if name.contains('.') => cx.is(&call.func, name),
        None => cx.qualified(&call.func).is_some_and(|it| it.is_any(&[name, &in_builtins(name)])),
    };
    list.iter().find(is_it).cloned()
}

fn in_builtins(name: &str) -> String {
    format!("builtins.{name}")
}

/// A call that goes over all data of the object, and more than once.
fn work<'a>(call: &'a ExprCall, cx: &Context<'a>) -> Option<&'static str> {
    let first = call.arguments.args.first()?;
    let name = cx.qualified(&call.func)?;
    let known = ["builtins.sorted", "copy.deepcopy"].into_iter().find(|it| name.is(it))?;
    is_own_data(first, cx).then(|| known.trim_start_matches("builtins."))
}

/// The iterable of a loop inside a loop that goes over other data of the object.
fn inner_loop<'a>(outer: &'a StmtFor, cx: &Context<'a>) -> Option<&'a Expr> {
    let below = outer.body.iter().flat_map(|it| {
        std::iter::once(cx.tree.node(cx.id(it))).chain(cx.descendants(it).iter().copied())
    });
    let mut iterables = below.filter_map(|node| match node {
        AnyNodeRef::StmtFor(it) => Some(&*it.iter),
        AnyNodeRef::Comprehension(it) => Some(&it.iter),
        _ => None,
    });
    iterables.find(|it| is_own_data(it, cx))
}

/// Whether an expression speaks of an attribute of the object that a method runs on.
fn is_own_data<'a>(expression: &'a Expr, cx: &Context<'a>) -> bool {
    let function = cx.ancestors(expression).find_map(|it| it.as_stmt_function_def().copied());
    let Some(this) = function.and_then(|it| this(it)) else { return false };
    let is_own = |node: AnyNodeRef<'_>| match node {
        AnyNodeRef::ExprAttribute(it) => {
            it.value.as_name_expr().is_some_and(|it| it.id.as_str() == this)
        }
        _ => false,
    };
    is_own(expression.into()) || cx.descendants(expression).iter().any(|it| is_own(*it))
}
