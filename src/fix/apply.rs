//! Choosing fixes that do not touch, and applying them: a pure function of text.

use ruff_text_size::{TextRange, TextSize};

use super::{Edit, Fix};

/// What came of a round of fixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The text with the chosen fixes in it.
    pub text: String,
    /// Indices of the fixes that were applied, in the order given.
    pub fixes: Vec<usize>,
}

/// Applies as many fixes as fit without touching one another, in the order given. A fix lands
/// whole or not at all; an edit equal to one already chosen (the same import) is shared. The
/// inserted text takes `newline` for its line ends.
pub fn apply<'a>(text: &str, newline: &str, fixes: impl IntoIterator<Item = &'a Fix>) -> Applied {
    let mut chosen: Vec<&Edit> = Vec::new(); // sorted by place, disjoint
    let mut applied = Vec::new();
    for (index, fix) in fixes.into_iter().enumerate() {
        let new: Vec<&Edit> = fix.edits.iter().filter(|edit| !shares(&chosen, edit)).collect();
        if fix.edits.is_empty() || new.iter().any(|edit| touches(&chosen, edit)) {
            continue;
        }
        for edit in new {
            let at = chosen.partition_point(|other| other.place() <= edit.place());
            chosen.insert(at, edit);
        }
        applied.push(index);
    }
    let mut out = String::with_capacity(text.len() + 64 * chosen.len());
    let mut last = TextSize::new(0);
    for edit in chosen {
        out.push_str(&text[TextRange::new(last, edit.range.start())]);
        match newline {
            "\n" => out.push_str(&edit.text),
            _ => out.push_str(&edit.text.replace("\r\n", "\n").replace('\n', newline)),
        }
        last = edit.range.end();
    }
    out.push_str(&text[last.to_usize()..]);
    Applied { text: out, fixes: applied }
}

/// Whether an equal edit is chosen already.
fn shares(chosen: &[&Edit], edit: &Edit) -> bool {
    let first = chosen.partition_point(|other| other.place() < edit.place());
    chosen[first..].iter().take_while(|other| other.place() == edit.place()).any(|it| *it == edit)
}

/// Whether the edit overlaps a chosen one or stands at the same place: two insertions at one
/// offset have no order, so the second waits for the next round.
fn touches(chosen: &[&Edit], edit: &Edit) -> bool {
    let after = chosen.partition_point(|other| other.range.start() < edit.range.start());
    let before = after.checked_sub(1).map(|at| chosen[at]);
    before.is_some_and(|other| other.range.end() > edit.range.start())
        || chosen.get(after).is_some_and(|other| {
            other.range.start() < edit.range.end() || other.range.start() == edit.range.start()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(start: u32, end: u32) -> TextRange {
        TextRange::new(start.into(), end.into())
    }

    #[test]
    fn fixes_that_touch_wait_for_the_next_round() {
        let first = Fix::safe("a").replace(range(0, 3), "one");
        let second = Fix::safe("b").replace(range(2, 5), "two");
        let third = Fix::safe("c").insert(5.into(), "!");
        let applied = apply("abcdefg", "\n", [&first, &second, &third]);
        assert_eq!((applied.text.as_str(), applied.fixes), ("onede!fg", vec![0, 2]));
    }

    #[test]
    fn an_equal_edit_is_shared() {
        let import = Edit::insert(0.into(), "import m\n");
        let first = Fix::safe("a").replace(range(0, 1), "m.a").merge([import.clone()]);
        let other = Fix::safe("a").replace(range(1, 2), "m.b").merge([import.clone()]);
        // The insertion at 0 and the replacement from 0 stand in one fix and keep their order.
        let applied = apply("ab", "\n", [&first, &other]);
        assert_eq!((applied.text.as_str(), applied.fixes.len()), ("import m\nm.am.b", 2));
    }

    #[test]
    fn inserted_lines_take_the_files_newline() {
        let fix = Fix::safe("a").insert(0.into(), "x\ny\n");
        assert_eq!(apply("z\r\n", "\r\n", [&fix]).text, "x\r\ny\r\nz\r\n");
    }
}
