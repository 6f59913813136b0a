//! A `__getitem__` that a `for` loop goes through by index, and that ends with the wrong exception.

use ruff_python_ast::{AnyNodeRef, CmpOp, Expr, StmtRaise};
use ruff_text_size::Ranged;

use super::super::special::{Method, raised};
use crate::fix::Fix;
use crate::rule::Context;

/// Builtin exceptions that do not end a loop over indices.
const WRONG: &[&str] = &[
    "builtins.AssertionError",
    "builtins.AttributeError",
    "builtins.Exception",
    "builtins.KeyError",
    "builtins.LookupError",
    "builtins.RuntimeError",
    "builtins.ValueError",
];

/// Reports what is raised for an index that is too large.
pub(super) fn check<'a>(method: &Method<'a>, cx: &mut Context<'a>) {
    let Some(index) = method.parameter(0) else { return };
    if !cx.members(method.class, "__iter__").is_empty() {
        return;
    }
    for node in method.own(cx).collect::<Vec<_>>() {
        let AnyNodeRef::StmtRaise(statement) = node else { continue };
        let Some(class) = raised(statement) else { continue };
        if !cx.is_any(class, WRONG) || !is_out_of_range(statement, index, cx) {
            continue;
        }
        let name = cx.slice(class);
        let fix = Fix::unsafe_("Raise `IndexError`").replace(class.range(), "IndexError");
        let message = format!(
            "`__getitem__` raises `{name}` for an index that is too large: a `for` loop ends with it"
        );
        cx.suspect(method.class, class, message)
            .help("without `__iter__` a loop asks for the items 0, 1, 2, … and takes `IndexError` alone for the end")
            .fix(fix);
    }
}

/// Whether a statement is come to where the index is compared with something as too large.
fn is_out_of_range<'a>(statement: &'a StmtRaise, index: &str, cx: &Context<'a>) -> bool {
    let AnyNodeRef::StmtIf(branch) = cx.parent(statement) else { return false };
    let is_in_body = branch.body.iter().any(|it| it.range().contains_range(statement.range));
    let is_index = |it: &Expr| it.as_name_expr().is_some_and(|it| it.id == index);
    let exceeds = |it: &AnyNodeRef<'_>| match it {
        AnyNodeRef::ExprCompare(it) => match (&*it.ops, &*it.comparators) {
            ([CmpOp::Gt | CmpOp::GtE], [_]) => is_index(&it.left),
            ([CmpOp::Lt | CmpOp::LtE], [right]) => is_index(right),
            _ => false,
        },
        _ => false,
    };
    // `not 0 <= index < n`
    let is_outside = || match &*branch.test {
        Expr::UnaryOp(it) => match &*it.operand {
            Expr::Compare(it) => {
                it.ops.iter().all(|it| matches!(it, CmpOp::Lt | CmpOp::LtE))
                    && it.comparators.first().is_some_and(is_index)
                    && it.comparators.len() == 2
            }
            _ => false,
        },
        _ => false,
    };
    let test = cx.tree.node(cx.id(&*branch.test));
    is_in_body
        && (exceeds(&test)
            || cx.descendants(&*branch.test).iter().any(exceeds) && !branch.test.is_unary_op_expr()
            || is_outside())
}
