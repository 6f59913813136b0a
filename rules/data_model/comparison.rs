//! Pairs of operands in comparisons, and the operators between them.

use ruff_python_ast::{CmpOp, Expr, ExprCompare};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::rule::Context;

/// One operator of a comparison with its operands.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) left: &'a Expr,
    pub(super) operator: CmpOp,
    pub(super) right: &'a Expr,
}

/// The pairs of a comparison, which may be a chain: `a is b is c`.
pub(super) fn pairs(compare: &ExprCompare) -> impl Iterator<Item = Pair<'_>> {
    let lefts = std::iter::once(&*compare.left).chain(&*compare.comparators);
    lefts.zip(&*compare.ops).zip(&*compare.comparators).map(|((left, operator), right)| Pair {
        left,
        operator: *operator,
        right,
    })
}

impl<'a> Pair<'a> {
    /// Both operands, each with the other.
    pub(super) fn sides(&self) -> [(&'a Expr, &'a Expr); 2] {
        [(self.left, self.right), (self.right, self.left)]
    }

    /// Where the operator is written. `None` where a comment stands inside it (`is # … \n not`).
    pub(super) fn operator_range(&self, cx: &Context<'_>) -> Option<TextRange> {
        let between = TextRange::new(self.left.end(), self.right.start());
        let text = cx.slice(between);
        let words: &[&str] = match self.operator {
            CmpOp::Is => &["is"],
            CmpOp::IsNot => &["is", "not"],
            CmpOp::Eq => &["=="],
            CmpOp::NotEq => &["!="],
            _ => return None,
        };
        // What comes before and after are brackets, blanks and comments.
        let mut at = 0;
        let mut start = None;
        for word in words {
            at = find_outside_comments(text, at, word)?;
            start.get_or_insert(at);
            at += word.len();
        }
        let offset = |it: usize| Some(between.start() + TextSize::try_from(it).ok()?);
        let range = TextRange::new(offset(start?)?, offset(at)?);
        (!cx.slice(range).contains('#')).then_some(range)
    }
}

fn find_outside_comments(text: &str, from: usize, word: &str) -> Option<usize> {
    let mut at = from;
    loop {
        let rest = &text[at..];
        let found = rest.find(word)?;
        match rest.find('#') {
            Some(comment) if comment < found => {
                at += comment + rest[comment..].find(['\n', '\r'])?;
            }
            _ => return Some(at + found),
        }
    }
}
