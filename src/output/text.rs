//! A text with its lines, and ranges made safe for it.

use ruff_text_size::{TextRange, TextSize};

use crate::text::{LineIndex, Position};

/// The text of a file and where its lines begin.
///
/// A file may have changed since it was checked, so that ranges may lie outside of it or within a
/// character: everything here moves them to the nearest place that exists.
#[derive(Clone, Debug)]
pub struct Text {
    text: String,
    lines: LineIndex,
}

impl Text {
    /// Takes decoded text, without a byte order mark.
    pub fn new(text: impl Into<String>) -> Text {
        let text = text.into();
        let lines = LineIndex::new(&text);
        Text { text, lines }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The range within the text, from character to character.
    pub(super) fn clamp(&self, range: TextRange) -> TextRange {
        let start = self.text.floor_char_boundary(range.start().to_usize());
        let end = self.text.ceil_char_boundary(range.end().to_usize()).max(start);
        TextRange::new(size(start), size(end))
    }

    /// The 0-based line of an offset.
    pub(super) fn line(&self, at: TextSize) -> usize {
        self.lines.line(at)
    }

    /// How many lines there are; a text that ends in a newline has an empty last one.
    pub(super) fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// A 0-based line without its line end.
    pub(super) fn line_range(&self, line: usize) -> TextRange {
        self.lines.range(line, &self.text)
    }

    /// Where a range begins and ends (exclusive), as people count.
    pub(super) fn positions(&self, range: TextRange) -> (Position, Position) {
        let range = self.clamp(range);
        let position = |at| self.lines.position(at, &self.text);
        (position(range.start()), position(range.end()))
    }
}

/// A place in a text that cannot be had: the first of all.
pub(super) const NOWHERE: Position = Position { line: 1, column: 1 };

/// A length in bytes as the parser counts them. Texts of 4 GiB are refused when they are read.
fn size(bytes: usize) -> TextSize {
    TextSize::try_from(bytes).unwrap_or(TextSize::new(u32::MAX))
}
