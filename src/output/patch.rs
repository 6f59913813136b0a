//! A fix as the lines that go and come, in the manner of annotate-snippets.
//!
//! Drawn here and not by its `Patch`, which shows a replacement of several lines by the new ones
//! alone.

use std::io::{self, Write};

use annotate_snippets::normalize_untrusted_str as printable;
use ruff_text_size::TextRange;
use similar::{Change, ChangeTag, TextDiff};

use super::Text;
use super::concise::one_line;
use super::palette::Palette;
use crate::fix::{Applicability, Edit, Fix};

/// How many unchanged lines surround a change.
const CONTEXT: usize = 1;

/// A line is shown up to this many bytes.
const LONG: usize = 500;

/// Writes the title of a fix and what it changes.
pub(super) fn write(
    fix: &Fix,
    text: &Text,
    palette: Palette,
    out: &mut dyn Write,
) -> io::Result<()> {
    let word = match fix.applicability {
        Applicability::Safe => "fix",
        Applicability::Unsafe => "fix (unsafe)",
        Applicability::Display => "fix (by hand)",
    };
    let help = palette.help();
    writeln!(out, "{help}{word}{help:#}: {}", one_line(&fix.title))?;
    let rows = rows(&fix.edits, text);
    if rows.is_empty() {
        return Ok(());
    }
    let digits = rows.iter().filter_map(Row::number).max().unwrap_or(1).to_string().len();
    let gutter = palette.number();
    writeln!(out, "{gutter}{:digits$} |{gutter:#}", "")?;
    for row in &rows {
        match row {
            Row::Gap => writeln!(out, "{gutter}...{gutter:#}")?,
            Row::Line { tag, number, content } => {
                let (sign, style) = match tag {
                    ChangeTag::Equal => ('|', anstyle::Style::new()),
                    ChangeTag::Insert => ('+', palette.added()),
                    ChangeTag::Delete => ('-', palette.removed()),
                };
                let mark = if *tag == ChangeTag::Equal { gutter } else { style };
                write!(out, "{gutter}{number:digits$}{gutter:#} {mark}{sign}{mark:#}")?;
                match content.is_empty() {
                    true => writeln!(out)?,
                    false => writeln!(out, " {style}{content}{style:#}")?,
                }
            }
        }
    }
    writeln!(out, "{gutter}{:digits$} |{gutter:#}", "")
}

/// A drawn line.
enum Row {
    /// Lines are left out here.
    Gap,
    /// A line with its 1-based number: before the fix if it goes, after the fix otherwise.
    Line { tag: ChangeTag, number: usize, content: String },
}

impl Row {
    fn number(&self) -> Option<usize> {
        match self {
            Row::Gap => None,
            Row::Line { number, .. } => Some(*number),
        }
    }
}

/// Some lines (0-based, inclusive) and the edits in them.
struct Hunk<'a> {
    first: usize,
    last: usize,
    edits: Vec<(TextRange, &'a str)>,
}

/// The lines around all edits, before and after.
fn rows(edits: &[Edit], text: &Text) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut grown: isize = 0; // by how many lines the hunks so far lengthened the text
    for hunk in hunks(edits, text) {
        let start = text.line_range(hunk.first).start();
        let end = text.line_range(hunk.last).end();
        let old = &text.as_str()[TextRange::new(start, end)];
        let mut new = String::new();
        let mut done = start;
        for (range, replacement) in &hunk.edits {
            new.push_str(&text.as_str()[TextRange::new(done, range.start())]);
            new.push_str(replacement);
            done = range.end();
        }
        new.push_str(&text.as_str()[TextRange::new(done, end.max(done))]);
        let (old, new) = (lines(old), lines(&new));
        let diff = TextDiff::from_slices(&old, &new);
        let offset = hunk.first + 1;
        for group in diff.grouped_ops(CONTEXT) {
            if !rows.is_empty() {
                rows.push(Row::Gap);
            }
            let changes: Vec<_> = group.iter().flat_map(|op| diff.iter_changes(op)).collect();
            for change in without_blank_ends(&changes) {
                let number = match (change.tag(), change.old_index(), change.new_index()) {
                    (ChangeTag::Delete, Some(line), _) => offset + line,
                    (_, _, Some(line)) => (offset + line).saturating_add_signed(grown),
                    _ => continue,
                };
                let content = printable(shorten(change.value())).trim_end().to_owned();
                rows.push(Row::Line { tag: change.tag(), number, content });
            }
        }
        grown += new.len() as isize - old.len() as isize;
    }
    rows
}

/// Edits that are near to each other, with the lines around them.
fn hunks<'a>(edits: &'a [Edit], text: &Text) -> Vec<Hunk<'a>> {
    let mut hunks: Vec<Hunk<'a>> = Vec::new();
    let end = text.line_count() - 1;
    // Behind a final newline there is no line to be shown.
    let end = if text.line_range(end).is_empty() { end.saturating_sub(1) } else { end };
    for edit in edits {
        let range = text.clamp(edit.range);
        let first = text.line(range.start()).saturating_sub(CONTEXT);
        let last = text.line(range.end());
        let last = (last + CONTEXT).min(end.max(last));
        match hunks.last_mut() {
            Some(hunk) if first <= hunk.last + 1 => {
                // Ranges of a text that has changed since may have come to overlap.
                if hunk.edits.last().is_none_or(|(before, _)| before.end() <= range.start()) {
                    hunk.last = hunk.last.max(last);
                    hunk.edits.push((range, &edit.text));
                }
            }
            _ => hunks.push(Hunk { first, last, edits: vec![(range, &edit.text)] }),
        }
    }
    hunks
}

/// Blank lines around a change tell nothing.
fn without_blank_ends<'a, 't>(changes: &'a [Change<&'t str>]) -> &'a [Change<&'t str>] {
    let tells = |it: &Change<&str>| it.tag() != ChangeTag::Equal || !it.value().trim().is_empty();
    let first = changes.iter().position(tells).unwrap_or(changes.len());
    let last = changes.iter().rposition(tells).map_or(first, |last| last + 1);
    &changes[first..last]
}

/// Lines as Python counts them.
fn lines(text: &str) -> Vec<&str> {
    let index = crate::text::LineIndex::new(text);
    (0..index.len()).map(|line| &text[index.range(line, text)]).collect()
}

fn shorten(line: &str) -> &str {
    &line[..line.floor_char_boundary(LONG)]
}
