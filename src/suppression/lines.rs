//! Which lines belong together: physical lines, and the statements and headers they make up.

use std::ops::Range;

use memchr::{memchr2, memrchr2};
use ruff_python_ast::token::{Token, TokenKind};
use ruff_text_size::{Ranged, TextRange, TextSize};

/// The lines of a text, found where they are asked for.
pub(super) struct Lines<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    /// The logical line that was asked for last: questions come in clusters.
    last: Range<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str, tokens: &'a [Token]) -> Lines<'a> {
        Lines { text, tokens, last: 0..0 }
    }

    /// Where the physical line of an offset begins.
    pub(super) fn start(&self, at: TextSize) -> TextSize {
        let before = &self.text.as_bytes()[..at.to_usize()];
        size(memrchr2(b'\n', b'\r', before).map_or(0, |end| end + 1))
    }

    /// Where the physical line of an offset ends, before its line end.
    pub(super) fn end(&self, at: TextSize) -> TextSize {
        let rest = &self.text.as_bytes()[at.to_usize()..];
        at + size(memchr2(b'\n', b'\r', rest).unwrap_or(rest.len()))
    }

    /// Where the line after that of an offset begins; the end of the text after the last.
    pub(super) fn next(&self, at: TextSize) -> TextSize {
        let end = self.end(at);
        let rest = &self.text[end.to_usize()..];
        end + size(if rest.starts_with("\r\n") { 2 } else { rest.len().min(1) })
    }

    /// Whether nothing but blanks stands before an offset on its line.
    pub(super) fn is_first(&self, at: TextSize) -> bool {
        let before = &self.text[TextRange::new(self.start(at), at)];
        before.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\x0c'))
    }

    /// The first token that ends behind an offset.
    pub(super) fn token_at(&self, at: TextSize) -> usize {
        self.tokens.partition_point(|token| token.end() <= at)
    }

    /// The tokens of the logical line that a token is in or before: a simple statement (or several
    /// with `;`), or the header of a compound one. Trivia before its first token are among them;
    /// the last is the `Newline`.
    pub(super) fn logical(&mut self, token: usize) -> Range<usize> {
        if !self.last.contains(&token) {
            let is_end = |token: &Token| token.kind() == TokenKind::Newline;
            let before = &self.tokens[..token.min(self.tokens.len())];
            let after = self.tokens.get(token..).unwrap_or_default();
            let start = before.iter().rposition(is_end).map_or(0, |end| end + 1);
            let end = after.iter().position(is_end).map_or(self.tokens.len(), |at| token + at + 1);
            self.last = start..end;
        }
        self.last.clone()
    }

    /// The first token of a logical line that is code.
    pub(super) fn first_code(&self, logical: &Range<usize>) -> Option<&'a Token> {
        self.tokens[logical.clone()].iter().find(|token| is_code(token))
    }

    /// From the start of the first physical line of a logical line to the end of its last.
    pub(super) fn extent(&self, logical: &Range<usize>) -> Option<TextRange> {
        let first = self.first_code(logical)?;
        let last = self.tokens[logical.clone()].iter().rfind(|token| is_code(token))?;
        Some(TextRange::new(self.start(first.start()), self.end(last.end())))
    }

    /// The statement or header that begins in or behind a logical line: that line, or, if it is a
    /// decorator, all lines down to the header that it decorates.
    pub(super) fn statement(&mut self, logical: Range<usize>) -> Option<TextRange> {
        let mut extent = self.extent(&logical)?;
        let mut line = logical;
        while self.is_decorator(&line) && line.end < self.tokens.len() {
            line = self.logical(line.end);
            let Some(next) = self.extent(&line) else { break };
            extent = extent.cover(next);
        }
        Some(extent)
    }

    /// Whether a logical line is a decorator.
    pub(super) fn is_decorator(&self, logical: &Range<usize>) -> bool {
        self.first_code(logical).is_some_and(|token| token.kind() == TokenKind::At)
    }

    /// The physical line of an offset, begun earlier if a string reaches into it: a comment behind
    /// the closing quotes speaks of the whole string.
    pub(super) fn with_strings(&self, at: TextSize) -> TextRange {
        let mut start = self.start(at);
        let mut token = self.token_at(at);
        let mut format_strings = 0;
        while let Some(before) = token.checked_sub(1) {
            token = before;
            let it = &self.tokens[token];
            match it.kind() {
                TokenKind::FStringEnd | TokenKind::TStringEnd => format_strings += 1,
                TokenKind::FStringStart | TokenKind::TStringStart => format_strings -= 1,
                _ => {}
            }
            if it.end() <= start && format_strings <= 0 {
                break;
            }
            if it.start() < start {
                start = self.start(it.start());
            }
        }
        TextRange::new(start, self.end(at))
    }
}

/// Whether a token is part of a statement.
pub(super) fn is_code(token: &Token) -> bool {
    use TokenKind::{Comment, Dedent, EndOfFile, Indent, Newline, NonLogicalNewline};
    !matches!(token.kind(), Comment | NonLogicalNewline | Newline | Indent | Dedent | EndOfFile)
}

fn size(bytes: usize) -> TextSize {
    TextSize::try_from(bytes).unwrap_or_default()
}
