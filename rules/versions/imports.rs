//! Statements that import names: what fixes of this chapter do to them.

use ruff_python_ast::StmtImportFrom;
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::rule::Context;

/// An imported name with the comma beside it, where it is not the only one.
pub(super) fn listed_range(
    statement: &StmtImportFrom,
    alias: TextRange,
    cx: &Context<'_>,
) -> Option<TextRange> {
    let at = statement.names.iter().position(|it| it.range == alias)?;
    let range = match statement.names.get(at + 1) {
        Some(next) => TextRange::new(alias.start(), next.start()),
        None => TextRange::new(statement.names.get(at.checked_sub(1)?)?.end(), alias.end()),
    };
    (!cx.has_comment(range)).then_some(range)
}

/// Where a further line goes after a statement that has its lines for itself, and how far it is
/// indented.
pub(super) fn new_line<'a>(
    statement: &StmtImportFrom,
    cx: &Context<'a>,
) -> Option<(TextSize, &'a str)> {
    let end = cx.line_end_after(statement)?;
    cx.begins_line(statement.start()).then(|| (end, cx.indent_at(statement.start())))
}
