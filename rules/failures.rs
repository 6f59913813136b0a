//! Code that is meant to raise.

use ruff_python_ast::{AnyNodeRef, Expr, HasNodeIndex};

use crate::rule::Context;

/// Whether a failure of something is caught around it, or a test expects it.
pub(super) fn is_expected(node: impl HasNodeIndex, cx: &Context<'_>) -> bool {
    cx.ancestors(node).any(|node| match node {
        AnyNodeRef::StmtTry(_) => true,
        AnyNodeRef::StmtWith(with) => with.items.iter().any(|item| {
            let Expr::Call(call) = &item.context_expr else { return false };
            let name = match &*call.func {
                Expr::Attribute(it) => it.attr.as_str(),
                Expr::Name(it) => it.id.as_str(),
                _ => return false,
            };
            matches!(name, "raises" | "suppress" | "assertRaises" | "assertRaisesRegex")
        }),
        _ => false,
    })
}
