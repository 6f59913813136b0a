//! Lines: what fixes take away, and move to the left.

use ruff_python_ast::{AnyNodeRef, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::rule::Context;
use crate::text::after_newline;

/// The lines of something, with their ends, if nothing but a comment is on them besides.
pub(super) fn whole_lines(range: TextRange, cx: &Context<'_>) -> Option<TextRange> {
    let start = cx.line_start(range.start());
    let end = cx.line_end_after(range)?;
    let is_last = end.to_usize() == cx.text.len();
    let end = if is_last { end } else { after_newline(cx.text, end) };
    cx.begins_line(range.start()).then(|| TextRange::new(start, end))
}

/// The lines of a body, moved so far to the left that they stand where `indent` does: with the
/// comments between and beside them, and without a last line end. What stands after `end` is not
/// taken along. `None` where a line does not begin as it
/// should, or text in several lines would change.
pub(super) fn dedented(
    body: &[Stmt],
    end: TextSize,
    indent: &str,
    cx: &Context<'_>,
) -> Option<String> {
    let (first, last) = (body.first()?, body.last()?);
    let line_end = cx.line_end_after(last).unwrap_or(last.end());
    let last_end = if line_end <= end { line_end } else { last.end() };
    if !cx.begins_line(first.start()) {
        // `if test: return`
        let range = TextRange::new(first.start(), last.end());
        let text = cx.slice(range);
        return (!text.contains(['\n', '\r'])).then(|| text.to_owned());
    }
    let own = cx.indent_at(first.start());
    let range = TextRange::new(cx.line_start(first.start()), last_end);
    let has_long_text = cx.tree.nodes().iter().any(|node| {
        let is_text = matches!(
            node,
            AnyNodeRef::ExprStringLiteral(_)
                | AnyNodeRef::ExprBytesLiteral(_)
                | AnyNodeRef::ExprFString(_)
                | AnyNodeRef::ExprTString(_)
        );
        is_text && range.contains_range(node.range()) && cx.slice(node.range()).contains('\n')
    });
    if has_long_text || !own.starts_with(indent) || own == indent {
        return None;
    }
    let mut text = String::new();
    for line in cx.slice(range).split_inclusive('\n') {
        match line.strip_prefix(own) {
            Some(rest) => {
                text += indent;
                text += rest;
            }
            // Comments, and what a bracket or a backslash continues, may stand anywhere.
            None => text += line,
        }
    }
    Some(text[indent.len()..].trim_end().to_owned())
}
