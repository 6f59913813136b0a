//! A class or a statement of a file by itself: all that most fixes of project findings look at, so
//! that the rest of the file need not be parsed again.

use ruff_python_ast::{ModModule, Stmt};
use ruff_text_size::{Ranged, TextLen, TextRange, TextSize};

use crate::fix::Fix;

/// Whole lines of a file that can be parsed by themselves.
pub(super) struct Excerpt {
    /// The lines, below a line of our own if they are indented.
    pub(super) text: String,
    /// Where the text would begin in the file, so that its lines are where they are.
    start: TextSize,
    /// Where the line of our own ends.
    head: TextSize,
}

/// What is written above lines that are indented.
const HEAD: &str = "if 1:\n";

/// White space that lines begin with.
const BLANKS: [char; 3] = [' ', '\t', '\x0c'];

impl Excerpt {
    /// A class without its decorators, told by the place of its name. `None` where the lines that
    /// belong to it cannot be told by how far they are indented.
    pub(super) fn of_class(text: &str, name: TextRange) -> Option<Excerpt> {
        let start = line_start(text, name.start())?;
        let indent = indent_of(text.get(start..)?).len();
        let mut end = line_end(text, name.end())?;
        for line in text.get(end..)?.split_inclusive('\n') {
            let said = line.trim_start_matches(BLANKS).trim_end();
            // These may stand anywhere, or belong to what was opened before.
            let is_loose = said.is_empty() || said.starts_with(['#', ')', ']', '}']);
            if !is_loose && indent_of(line).len() <= indent {
                break;
            }
            end += line.len();
        }
        Excerpt::new(text, start, end)
    }

    /// The lines of a statement.
    pub(super) fn of_statement(text: &str, range: TextRange) -> Option<Excerpt> {
        Excerpt::new(text, line_start(text, range.start())?, line_end(text, range.end())?)
    }

    fn new(text: &str, start: usize, end: usize) -> Option<Excerpt> {
        let lines = text.get(start..end)?;
        let head = if indent_of(lines).is_empty() { "" } else { HEAD };
        Some(Excerpt {
            text: format!("{head}{lines}"),
            start: TextSize::try_from(start).ok()?.checked_sub(head.text_len())?,
            head: head.text_len(),
        })
    }

    /// A place of the file in the text.
    pub(super) fn inside(&self, range: TextRange) -> Option<TextRange> {
        range.checked_sub(self.start)
    }

    /// A fix of the text as one of the file.
    pub(super) fn outside(&self, mut fix: Fix) -> Fix {
        fix.edits.iter_mut().for_each(|edit| edit.range += self.start);
        fix
    }

    /// The statements that the lines were parsed as.
    pub(super) fn statements<'m>(&self, parsed: &'m ModModule) -> &'m [Stmt] {
        match &parsed.body[..] {
            [Stmt::If(head)] if head.test.end() < self.head => &head.body,
            body => body,
        }
    }
}

fn indent_of(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches(BLANKS).len()]
}

fn line_start(text: &str, at: TextSize) -> Option<usize> {
    Some(text.get(..at.to_usize())?.rfind('\n').map_or(0, |it| it + 1))
}

/// Where the next line begins.
fn line_end(text: &str, at: TextSize) -> Option<usize> {
    let rest = text.get(at.to_usize()..)?;
    Some(at.to_usize() + rest.find('\n').map_or(rest.len(), |it| it + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_class<'t>(text: &'t str, name: &str) -> &'t str {
        let at = TextSize::try_from(text.find(name).unwrap()).unwrap();
        let excerpt = Excerpt::of_class(text, TextRange::at(at, name.text_len())).unwrap();
        let lines = excerpt.text.len() - excerpt.head.to_usize();
        let start = (excerpt.start + excerpt.head).to_usize();
        &text[start..start + lines]
    }

    #[test]
    fn a_class_ends_where_less_is_indented() {
        let text = "import a\n\n@d\nclass A(\n    B,\n):\n    x = 1\n# no\n\n    y = 2\n\nz = 3\n";
        assert_eq!(of_class(text, "A"), &text[13..text.len() - 6]);
        let text = "class A:\n    class B:\n        x = 1\n\n    y = 2\n";
        assert_eq!(of_class(text, "B"), "    class B:\n        x = 1\n\n");
    }

    #[test]
    fn places_are_those_of_the_file() {
        let text = "if a:\n    import b\n    import c\n";
        let range = TextRange::new(TextSize::new(23), TextSize::new(31));
        let excerpt = Excerpt::of_statement(text, range).unwrap();
        assert_eq!(excerpt.text, "if 1:\n    import c\n");
        assert_eq!(&excerpt.text[excerpt.inside(range).unwrap()], "import c");
        let fix = Fix::safe("Go").delete(excerpt.inside(range).unwrap());
        assert_eq!(excerpt.outside(fix).edits[0].range, range);
    }
}
