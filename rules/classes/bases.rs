//! Changing the list of bases of a class statement.

use ruff_python_ast::{AnyNodeRef, Expr, StmtClassDef};
use ruff_text_size::{Ranged, TextRange};

use crate::rule::Context;

/// The class statement that a finding is about.
pub(super) fn class_of(subject: AnyNodeRef<'_>) -> Option<&StmtClassDef> {
    match subject {
        AnyNodeRef::StmtClassDef(class) => Some(class),
        _ => None,
    }
}

/// What to delete so that a base is gone: with the comma before or behind it, and with the
/// parentheses if it is all that is in them. `None` where a comment would go with it.
pub(super) fn without_base(
    class: &StmtClassDef,
    base: usize,
    cx: &Context<'_>,
) -> Option<TextRange> {
    let arguments = class.arguments.as_deref()?;
    let places: Vec<TextRange> =
        arguments.iter_source_order().map(|argument| argument.range()).collect();
    let own = arguments.args.get(base)?.range();
    let at = places.iter().position(|it| *it == own)?;
    let range = match (at.checked_sub(1), places.get(at + 1)) {
        (_, Some(next)) => TextRange::new(own.start(), next.start()),
        (Some(before), None) => TextRange::new(places[before].end(), own.end()),
        (None, None) => arguments.range,
    };
    // Parentheses around a base are no part of it.
    let is_bare = |range: TextRange| {
        let text = cx.slice(range);
        text.matches(['(', ')']).count() == cx.slice(own).matches(['(', ')']).count()
    };
    let is_whole = range == arguments.range;
    (!cx.has_comment(range) && (is_whole || is_bare(range))).then_some(range)
}

/// The text of a base as it is written.
pub(super) fn base(class: &StmtClassDef, at: usize) -> Option<&Expr> {
    class.arguments.as_deref()?.args.get(at)
}
