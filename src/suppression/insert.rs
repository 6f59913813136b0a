//! `--add-ignore`: a comment for each finding that is there.

use std::collections::BTreeMap;

use ruff_python_ast::token::Token;
use ruff_text_size::{TextRange, TextSize};

use super::lines::Lines;
use super::{Kind, Pragma, parse};
use crate::fix::Edit;

/// The comments that suppress findings: for each its byte offset and its rule. One
/// `# dunderlint: ignore[…] reason` on a line of its own goes above each statement or header (and
/// its decorators) that has findings; where a comment covers the place already, it gets the names
/// instead. The edits do not touch one another and are sorted by place.
pub fn add_ignores(
    text: &str,
    tokens: &[Token],
    findings: &[(TextSize, &str)],
    reason: Option<&str>,
) -> Vec<Edit> {
    let present = parse(text, tokens);
    let mut lines = Lines::new(text, tokens);
    let mut wanted: BTreeMap<(TextSize, bool), Wanted<'_>> = BTreeMap::new();
    for (at, rule) in findings {
        let is_open = |it: &&Pragma| {
            it.kind == Kind::Ignore && !it.names.is_empty() && it.covers.contains_inclusive(*at)
        };
        let covering = present.pragmas.iter().find(is_open);
        let place = covering.map_or_else(|| place(&mut lines, *at), Place::In);
        let new = || Wanted { place, rules: Vec::new() };
        wanted.entry(place.key()).or_insert_with(new).rules.push(rule);
    }
    wanted.values().map(|it| it.edit(&lines, reason)).collect()
}

/// A comment, and the rules that it is to name.
struct Wanted<'a> {
    place: Place<'a>,
    rules: Vec<&'a str>,
}

#[derive(Clone, Copy)]
enum Place<'a> {
    /// A line of its own at the start of this line.
    Above(TextSize),
    /// The same, but for the whole file: the finding stands in lines that must stay first.
    Head(TextSize),
    /// A comment that is there.
    In(&'a Pragma),
}

impl Place<'_> {
    /// Tells places apart, in the order of the text; the head goes first.
    fn key(self) -> (TextSize, bool) {
        match self {
            Place::Above(at) => (at, true),
            Place::Head(at) => (at, false),
            Place::In(pragma) => (pragma.list.start(), false),
        }
    }
}

impl Wanted<'_> {
    fn edit(&self, lines: &Lines<'_>, reason: Option<&str>) -> Edit {
        let (directive, at) = match self.place {
            Place::Above(at) => ("ignore", at),
            Place::Head(at) => ("file-ignore", at),
            Place::In(pragma) => {
                let present = pragma.names.iter().map(|name| name.text.as_str());
                let mut all: Vec<&str> = present.chain(self.rules.iter().copied()).collect();
                return Edit::replace(pragma.list, sorted(&mut all));
            }
        };
        let line = &lines.text[TextRange::new(at, lines.end(at))];
        let indent = &line[..line.len() - line.trim_start_matches([' ', '\t', '\x0c']).len()];
        // A form feed starts the count of the indent anew, as the tokenizer does.
        let indent = indent.rsplit('\x0c').next().unwrap_or_default();
        let names = sorted(&mut self.rules.clone());
        let blank = if reason.is_some() { " " } else { "" };
        let reason = reason.unwrap_or_default();
        Edit::insert(at, format!("{indent}# dunderlint: {directive}[{names}]{blank}{reason}\n"))
    }
}

fn sorted(rules: &mut Vec<&str>) -> String {
    rules.sort_unstable();
    rules.dedup();
    rules.join(", ")
}

/// Where a new comment covers an offset.
fn place<'a>(lines: &mut Lines<'_>, at: TextSize) -> Place<'a> {
    let token = lines.token_at(at);
    let mut logical = lines.logical(token);
    let start = match lines.extent(&logical) {
        Some(extent) if extent.start() <= at => {
            // Above the first of the decorators that the line stands below.
            let mut first = extent.start();
            while let Some(before) = logical.start.checked_sub(1) {
                logical = lines.logical(before);
                let Some(extent) = lines.extent(&logical) else { break };
                if !lines.is_decorator(&logical) {
                    break;
                }
                first = extent.start();
            }
            above_backslashes(lines, first)
        }
        // In comments or blank lines.
        _ => lines.start(at),
    };
    let head = head(lines.text);
    if start < head { Place::Head(head) } else { Place::Above(start) }
}

/// The start of the line, or of the first of the lines above it that hold only a backslash and so
/// belong to it.
fn above_backslashes(lines: &Lines<'_>, start: TextSize) -> TextSize {
    let mut start = start;
    while start > TextSize::new(0) {
        let end = TextSize::of(lines.text[..start.to_usize()].trim_end_matches(['\n', '\r']));
        let above = TextRange::new(lines.start(end), end);
        if lines.text[above].trim() != "\\" {
            break;
        }
        start = above.start();
    }
    start
}

/// The end of the lines that count only where they stand: `#!`, and the coding line that must be
/// the first or the second (PEP 263).
fn head(text: &str) -> TextSize {
    let mut end = 0;
    let mut at = 0;
    for (index, line) in text.split_inclusive('\n').take(2).enumerate() {
        at += line.len();
        let comment = line.trim_start();
        if index == 0 && comment.starts_with("#!")
            || comment.starts_with('#') && comment.contains("coding")
        {
            end = at;
        }
    }
    TextSize::try_from(end).unwrap_or_default()
}
