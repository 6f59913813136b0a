//! Offsets and the lines and columns that people and editors count in.

use ruff_text_size::{TextRange, TextSize};

/// A place as people say it. Both numbers are 1-based; columns count characters (Unicode scalar
/// values), as CPython's tracebacks and ruff do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// 1-based.
    pub line: u32,
    /// 1-based, in characters.
    pub column: u32,
}

/// Where the lines of a text begin. Made only for files with something to say.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<TextSize>,
}

impl LineIndex {
    /// Lines end with `\n`, `\r\n` or a lone `\r`, as in Python's grammar.
    pub fn new(text: &str) -> LineIndex {
        let bytes = text.as_bytes();
        let mut starts = vec![TextSize::new(0)];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') {
                continue;
            }
            starts.push(size(at + 1));
        }
        LineIndex { starts }
    }

    /// How many lines there are; a text that ends in a newline has an empty last one.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Never: even an empty text has one line.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The 0-based line that an offset is on.
    pub fn line(&self, at: TextSize) -> usize {
        self.starts.partition_point(|start| *start <= at) - 1
    }

    /// Where a 0-based line begins; the end of the text for a line past the last.
    pub fn start(&self, line: usize, text: &str) -> TextSize {
        self.starts.get(line).copied().unwrap_or_else(|| size(text.len()))
    }

    /// A 0-based line with its line end.
    pub fn full_range(&self, line: usize, text: &str) -> TextRange {
        TextRange::new(self.start(line, text), self.start(line + 1, text))
    }

    /// A 0-based line without its line end.
    pub fn range(&self, line: usize, text: &str) -> TextRange {
        let full = self.full_range(line, text);
        let trimmed = text[full].trim_end_matches(['\n', '\r']).len();
        TextRange::at(full.start(), size(trimmed))
    }

    /// The place as people say it. An offset inside a character counts as its start.
    pub fn position(&self, at: TextSize, text: &str) -> Position {
        let line = self.line(at);
        let before = &text.as_bytes()[self.starts[line].to_usize()..at.to_usize().min(text.len())];
        // A character is one byte that is not a continuation byte.
        let characters = before.iter().filter(|byte| (**byte as i8) >= -0x40).count();
        Position { line: line as u32 + 1, column: characters as u32 + 1 }
    }
}

/// Counts the lines of a text up to places that come in order: cheaper than [`LineIndex`] for a few.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    /// What is counted already, and the line that follows, 1-based.
    counted: usize,
    line: u32,
    has_returns: bool,
}

impl<'t> Lines<'t> {
    /// Begins at the first line.
    pub fn of(text: &'t str) -> Lines<'t> {
        let has_returns = memchr::memchr(b'\r', text.as_bytes()).is_some();
        Lines { text, counted: 0, line: 1, has_returns }
    }

    /// The 1-based line that an offset is on, which is not before the last one.
    pub fn line(&mut self, at: TextSize) -> u32 {
        let bytes = self.text.as_bytes();
        let end = at.to_usize().min(bytes.len());
        let new = bytes.get(self.counted..end).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', new).count() as u32;
        if self.has_returns {
            let is_lone = |at: &usize| bytes.get(self.counted + at + 1) != Some(&b'\n');
            self.line += memchr::memchr_iter(b'\r', new).filter(is_lone).count() as u32;
        }
        self.counted = end.max(self.counted);
        self.line
    }
}

/// A length in bytes as the parser counts them. Texts of 4 GiB are refused when they are read.
fn size(bytes: usize) -> TextSize {
    TextSize::try_from(bytes).unwrap_or(TextSize::new(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_in_python() {
        let text = "a\r\nb\rc\n";
        let index = LineIndex::new(text);
        let lines: Vec<_> = (0..index.len()).map(|line| &text[index.range(line, text)]).collect();
        assert_eq!(lines, ["a", "b", "c", ""]);
        assert_eq!(index.line(3.into()), 1);
    }

    #[test]
    fn lines_are_counted_as_the_index_has_them() {
        for text in ["a\r\nb\rc\n", "", "\n\nx\ny", "\r\r\n\n\r"] {
            let (index, mut lines) = (LineIndex::new(text), Lines::of(text));
            for at in 0..=text.len() as u32 {
                assert_eq!(lines.line(at.into()) as usize, index.line(at.into()) + 1, "{text:?}");
            }
        }
    }

    #[test]
    fn columns_count_characters() {
        let text = "x\nπ = 'ü'; y";
        let index = LineIndex::new(text);
        let at = TextSize::new(text.find('y').unwrap_or_default() as u32);
        assert_eq!(index.position(at, text), Position { line: 2, column: 10 });
    }
}
