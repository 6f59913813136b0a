//! The few lines of a text that a finding is shown with. annotate-snippets walks all of the source
//! it is given, and a file of 10,000 lines may have 500 findings.

use std::ops::Range;

use ruff_text_size::{TextRange, TextSize};

use super::Text;

/// Marks at most this many lines apart are shown together, the lines between folded.
const NEAR: usize = 100;

/// A marked range with more lines than this is shown by its first line.
const TALL: usize = 20;

/// A line is shown up to this many bytes: more than any terminal is wide, less than generated
/// code may have on one line.
const LONG: usize = 2_000;

impl Text {
    /// The part of a range worth showing: without the line end that it may close with, and no
    /// further than its first line if it is tall.
    pub(super) fn visible(&self, range: TextRange) -> TextRange {
        let range = self.clamp(range);
        let (first, last) = (self.line(range.start()), self.line(range.end()));
        if first == last {
            return range;
        }
        let last = if range.end() == self.line_range(last).start() { last - 1 } else { last };
        let last = if last - first > TALL { first } else { last };
        let end = range.end().min(self.line_range(last).end());
        TextRange::new(range.start(), end.max(range.start()))
    }
}

/// Groups ranges (as indices) that are near to each other, in the order of the text.
pub(super) fn clusters(text: &Text, ranges: &[TextRange]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..ranges.len()).collect();
    order.sort_by_key(|index| (ranges[*index].start(), *index));
    let mut clusters: Vec<Vec<usize>> = Vec::new();
    let mut end = 0; // the last line of the cluster at hand
    for index in order {
        let (first, last) = (text.line(ranges[index].start()), text.line(ranges[index].end()));
        match clusters.last_mut() {
            Some(cluster) if first <= end + NEAR => cluster.push(index),
            _ => clusters.push(vec![index]),
        }
        end = end.max(last);
    }
    clusters
}

/// Some lines of a text with `\n` for every kind of line end.
pub(super) struct Slice<'a> {
    /// 0-based.
    pub(super) first_line: usize,
    /// The lines.
    pub(super) source: String,
    text: &'a Text,
    starts: Vec<usize>,
}

impl Slice<'_> {
    /// The lines that the ranges touch, and those between; `None` if one ends beyond the length
    /// that lines are shown to.
    pub(super) fn new<'a>(text: &'a Text, ranges: &[TextRange]) -> Option<Slice<'a>> {
        let column = |at: TextSize| (at - text.line_range(text.line(at)).start()).to_usize();
        if ranges.iter().any(|range| column(range.start()).max(column(range.end())) > LONG) {
            return None;
        }
        let first_line = ranges.iter().map(|range| text.line(range.start())).min()?;
        let last_line = ranges.iter().map(|range| text.line(range.end())).max()?;
        let mut slice = Slice { first_line, source: String::new(), text, starts: Vec::new() };
        for line in first_line..=last_line {
            let content = &text.as_str()[text.line_range(line)];
            slice.starts.push(slice.source.len());
            slice.source.push_str(&content[..content.floor_char_boundary(LONG + 4)]);
            // Also after the last: a place behind an empty line would be drawn in the line before.
            slice.source.push('\n');
        }
        Some(slice)
    }

    /// Where a range of the text stands in [`Slice::source`].
    pub(super) fn place(&self, range: TextRange) -> Range<usize> {
        let place = |at: TextSize| {
            let line = self.text.line(at);
            let content = self.text.line_range(line);
            let start = self.starts[line.saturating_sub(self.first_line)];
            start + (at.min(content.end()) - content.start()).to_usize()
        };
        place(range.start())..place(range.end())
    }
}
