//! A class or a statement of a file by itself: all that most fixes of project findings look at, so
//! that the rest of the file need not be parsed again.

use ruff_python_ast::{ModModule, Stmt};
use ruff_text_size::{Ranged, TextLen, TextRange, TextSize};

use crate::fix::Fix;
use crate::text::places_of;

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
        let (start, end) = Excerpt::class_lines(text, name)?;
        Excerpt::new(text, start, end)
    }

    /// The same, of a class that is not indented, below all that stands above the first class or
    /// function of the file: what is imported there. The lines between are blank. `None` also where
    /// the rest of the file says one of some names, or they are imported by others.
    pub(super) fn of_class_and_imports(
        text: &str,
        name: TextRange,
        names: &[&str],
    ) -> Option<Excerpt> {
        let (start, end) = Excerpt::class_lines(text, name)?;
        let head = text.get(..head_end(text).min(start))?;
        let (between, after) = (text.get(head.len()..start)?, text.get(end..)?);
        let renames = |line: &str| line.contains(" as ") && says_any(line, names);
        if !text[start..].starts_with("class")
            || says_any(between, names)
            || says_any(after, names)
            || head.lines().any(renames)
        {
            return None;
        }
        let mut blanked = String::with_capacity(end);
        blanked.push_str(head);
        let blank = |byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' };
        blanked.extend(between.bytes().map(blank));
        blanked.push_str(&text[start..end]);
        Some(Excerpt { text: blanked, start: TextSize::new(0), head: TextSize::new(0) })
    }

    /// Where the lines of a class begin and end, without its decorators.
    fn class_lines(text: &str, name: TextRange) -> Option<(usize, usize)> {
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
        Some((start, end))
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

/// Where the first class or function of a file begins, as far as its lines tell.
fn head_end(text: &str) -> usize {
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if ["class ", "def ", "async ", "@"].iter().any(|it| line.starts_with(it)) {
            break;
        }
        end += line.len();
    }
    end
}

/// Whether a text has one of some names in it.
fn says_any(text: &str, names: &[&str]) -> bool {
    names.iter().any(|name| places_of(text, name).next().is_some())
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
    fn what_is_imported_stands_above_a_class() {
        let text = "import abc\n\ndef f():\n    x = \"\u{e9}\"\n\nclass A:\n    y = 1\n\nz = ABC\n";
        let at = TextSize::try_from(text.find("A:").unwrap()).unwrap();
        let cut = |names: &[&str]| {
            Excerpt::of_class_and_imports(text, TextRange::at(at, 1.into()), names)
        };
        let excerpt = cut(&["abc", "AB"]).unwrap();
        assert_eq!(excerpt.text.len(), text.find("z = ").unwrap());
        assert!(excerpt.text.starts_with("import abc\n\n        \n"));
        assert!(excerpt.text.ends_with("\n\nclass A:\n    y = 1\n\n"));
        assert!(cut(&["ABC"]).is_none());
        assert!(cut(&["f"]).is_none());
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
