//! Calls: what fixes of this chapter take out of them.

use ruff_python_ast::{ExprCall, Keyword};
use ruff_text_size::{Ranged, TextRange};

use crate::rule::Context;

/// A keyword argument of a call with the comma beside it, to be taken out. `None` where a comment
/// would go with it.
pub(super) fn without_keyword(
    call: &ExprCall,
    keyword: &Keyword,
    cx: &Context<'_>,
) -> Option<TextRange> {
    let arguments: Vec<TextRange> =
        call.arguments.iter_source_order().map(|it| it.range()).collect();
    let at = arguments.iter().position(|it| *it == keyword.range)?;
    let range = match (at.checked_sub(1).map(|at| arguments[at]), arguments.get(at + 1)) {
        (Some(before), _) => TextRange::new(before.end(), keyword.end()),
        (None, Some(next)) => TextRange::new(keyword.start(), next.start()),
        (None, None) => TextRange::new(
            keyword.start(),
            call.arguments.end() - ruff_text_size::TextSize::from(1),
        ),
    };
    (!cx.has_comment(range)).then_some(range)
}
