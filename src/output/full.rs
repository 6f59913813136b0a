//! Each finding with its source, its labels and its fix: annotate-snippets draws the source,
//! [`patch`](super::patch) the fix.

use std::io::{self, Write};
use std::rc::Rc;

use annotate_snippets::{
    Annotation, AnnotationKind, Element, Group, Level, Origin, Padding, Renderer, Snippet,
    normalize_untrusted_str as printable,
};
use ruff_text_size::TextRange;

use super::concise::one_line;
use super::palette::Palette;
use super::slice::{Slice, clusters};
use super::{FileFindings, Look, Rules, Text, Texts, patch};
use crate::diagnostic::{Diagnostic, Severity};

/// Writes each finding as a block, with an empty line after it.
pub(super) fn write(
    files: &[FileFindings<'_>],
    look: &Look,
    texts: &mut dyn Texts,
    rules: &dyn Rules,
    out: &mut dyn Write,
) -> io::Result<()> {
    let renderer = if look.colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(look.width).hyperlink(look.links);
    let palette = Palette::new(look.colour);
    for file in files {
        let text = texts.text(file.path);
        for diagnostic in file.diagnostics {
            let group = group(file.path, diagnostic, text.as_ref(), look, texts, rules);
            writeln!(out, "{}", renderer.render(&[group]).trim_end())?;
            if let (Some(fix), Some(text)) = (&diagnostic.fix, &text) {
                patch::write(fix, text, palette, out)?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}

/// Title, snippets of this file and then of others, help.
fn group(
    path: &str,
    diagnostic: &Diagnostic,
    text: Option<&Rc<Text>>,
    look: &Look,
    texts: &mut dyn Texts,
    rules: &dyn Rules,
) -> Group<'static> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let mut title =
        level.primary_title(diagnostic.message.clone()).id(diagnostic.rule.clone().into_owned());
    if look.links
        && let Some(url) = rules.about(&diagnostic.rule).url
    {
        title = title.id_url(url);
    }
    let mut elements = Vec::new();
    for (other, marks) in marks(diagnostic) {
        let (path, text) = match other {
            None => (path, text.cloned()),
            Some(other) => (other, texts.text(other)),
        };
        snippets(path, text.as_deref(), &marks, &mut elements);
    }
    if let Some(help) = &diagnostic.help {
        elements.push(Level::HELP.message(help_lines(help, look.width)).into());
    } else if diagnostic.fix.is_some() && text.is_some() {
        elements.push(Padding.into()); // parts the source from the fix that follows
    }
    Group::with_title(title).elements(elements)
}

/// A range to point at.
struct Mark<'a> {
    range: TextRange,
    primary: bool,
    text: Option<&'a str>,
}

/// What to point at: first in the finding's own file (`None`), then in others, in the order in
/// which labels first name them. A label of the finding's very place is said there.
fn marks(diagnostic: &Diagnostic) -> Vec<(Option<&str>, Vec<Mark<'_>>)> {
    let mut files: Vec<(Option<&str>, Vec<Mark<'_>>)> = vec![(None, Vec::new())];
    let own = |range| move |mark: &&mut Mark<'_>| mark.primary && mark.range == range;
    files[0].1.push(Mark { range: diagnostic.range, primary: true, text: None });
    for label in &diagnostic.labels {
        let (file, text) = (label.file.as_deref(), Some(label.text.as_str()));
        let at = files.iter().position(|(path, _)| *path == file).unwrap_or_else(|| {
            files.push((file, Vec::new()));
            files.len() - 1
        });
        let marks = &mut files[at].1;
        match marks.iter_mut().find(own(label.range)) {
            Some(mark) if mark.text.is_none() => mark.text = text,
            _ => marks.push(Mark { range: label.range, primary: false, text }),
        }
    }
    files
}

/// Shows the marked lines of a file: the part with the finding first, then those far from it.
fn snippets(
    path: &str,
    text: Option<&Text>,
    marks: &[Mark<'_>],
    elements: &mut Vec<Element<'static>>,
) {
    let path = printable(path);
    let Some(text) = text else {
        elements.push(Origin::path(path).into());
        elements.extend(marks.iter().filter_map(|mark| mark.text).map(note));
        return;
    };
    let ranges: Vec<TextRange> = marks.iter().map(|mark| text.visible(mark.range)).collect();
    let mut clusters = clusters(text, &ranges);
    clusters.sort_by_key(|cluster| !cluster.iter().any(|mark| marks[*mark].primary));
    for cluster in clusters {
        let ranges: Vec<TextRange> = cluster.iter().map(|mark| ranges[*mark]).collect();
        let Some(slice) = Slice::new(text, &ranges) else {
            // A line too long to be drawn: say where, and go on.
            let at = text.positions(ranges[0]).0;
            let origin = Origin::path(path.clone());
            elements.push(origin.line(at.line as usize).char_column(at.column as usize).into());
            elements.extend(cluster.iter().filter_map(|mark| marks[*mark].text).map(note));
            continue;
        };
        let annotations = cluster.iter().zip(&ranges).map(|(mark, range)| {
            let mark = &marks[*mark];
            let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            annotation(kind, slice.place(*range), mark.text)
        });
        let annotations: Vec<_> = annotations.collect();
        let snippet = Snippet::source(slice.source).line_start(slice.first_line + 1);
        elements.push(snippet.path(path.clone()).annotations(annotations).into());
    }
}

fn annotation(
    kind: AnnotationKind,
    span: std::ops::Range<usize>,
    text: Option<&str>,
) -> Annotation<'static> {
    kind.span(span).label(text.map(one_line))
}

/// What a label says, where its place cannot be drawn.
fn note(text: &str) -> Element<'static> {
    Level::NOTE.message(one_line(text)).into()
}

/// Help may have several lines; each is made safe to print, and broken between words where the
/// report would be wider than `width` columns.
fn help_lines(help: &str, width: usize) -> String {
    // The frame, `= help: ` and line numbers of five digits.
    let most = width.saturating_sub(16).max(40);
    let mut lines: Vec<String> = Vec::new();
    for line in help.lines().map(printable) {
        let mut open = String::new();
        for word in line.split(' ') {
            let length = open.chars().count() + 1 + word.chars().count();
            if !open.is_empty() && length > most {
                lines.push(std::mem::take(&mut open));
            }
            if !open.is_empty() {
                open.push(' ');
            }
            open.push_str(word);
        }
        lines.push(open);
    }
    lines.join("\n")
}
