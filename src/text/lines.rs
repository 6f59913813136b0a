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
    fn columns_count_characters() {
        let text = "x\nπ = 'ü'; y";
        let index = LineIndex::new(text);
        let at = TextSize::new(text.find('y').unwrap_or_default() as u32);
        assert_eq!(index.position(at, text), Position { line: 2, column: 10 });
    }
}
