//! Findings for programs. The keys are ruff's where ruff has them, so that its readers understand
//! ours; `schemas/findings.schema.json` describes them.

use std::io::{self, Write};
use std::rc::Rc;

use ruff_text_size::TextRange;
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

use super::text::NOWHERE;
use super::{FileFindings, Rules, Text, Texts};
use crate::diagnostic::{Diagnostic, Severity};
use crate::fix::Fix;

/// One finding. Keys are in alphabetical order, as ruff's.
#[derive(Serialize)]
struct Finding<'a> {
    cell: Option<usize>,
    code: &'a str,
    end_location: Location,
    filename: String,
    fix: Option<Repair<'a>>,
    help: Option<&'a str>,
    location: Location,
    message: &'a str,
    name: &'a str,
    noqa_row: Option<u32>,
    related: Vec<Related<'a>>,
    scope: &'static str,
    severity: Severity,
    url: Option<String>,
}

/// A place; both numbers are 1-based, columns count characters.
#[derive(Serialize)]
struct Location {
    column: u32,
    row: u32,
}

/// A label.
#[derive(Serialize)]
struct Related<'a> {
    end_location: Location,
    location: Location,
    message: &'a str,
    path: &'a str,
}

/// A fix.
#[derive(Serialize)]
struct Repair<'a> {
    applicability: &'static str,
    edits: Vec<Replacement<'a>>,
    message: &'a str,
}

/// An edit of a fix.
#[derive(Serialize)]
struct Replacement<'a> {
    content: &'a str,
    end_location: Location,
    location: Location,
}

/// Writes one array, also for no findings.
pub(super) fn write(
    files: &[FileFindings<'_>],
    texts: &mut dyn Texts,
    rules: &dyn Rules,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut json = serde_json::Serializer::pretty(&mut *out);
    let mut array = json.serialize_seq(None)?;
    each(files, texts, rules, |finding| Ok(array.serialize_element(finding)?))?;
    SerializeSeq::end(array)?;
    writeln!(out)
}

/// Writes an object a line.
pub(super) fn write_lines(
    files: &[FileFindings<'_>],
    texts: &mut dyn Texts,
    rules: &dyn Rules,
    out: &mut dyn Write,
) -> io::Result<()> {
    each(files, texts, rules, |finding| {
        serde_json::to_writer(&mut *out, finding)?;
        writeln!(out)
    })
}

/// Makes the findings one by one.
fn each(
    files: &[FileFindings<'_>],
    texts: &mut dyn Texts,
    rules: &dyn Rules,
    mut emit: impl FnMut(&Finding<'_>) -> io::Result<()>,
) -> io::Result<()> {
    for file in files {
        let text = texts.text(file.path);
        for diagnostic in file.diagnostics {
            emit(&finding(file, diagnostic, text.as_ref(), texts, rules))?;
        }
    }
    Ok(())
}

fn finding<'a>(
    file: &FileFindings<'a>,
    diagnostic: &'a Diagnostic,
    text: Option<&Rc<Text>>,
    texts: &mut dyn Texts,
    rules: &dyn Rules,
) -> Finding<'a> {
    let about = rules.about(&diagnostic.rule);
    let (location, end_location) = locate(text, diagnostic.range);
    let related = diagnostic.labels.iter().map(|label| {
        let text = match &label.file {
            Some(other) => texts.text(other),
            None => text.cloned(),
        };
        let (location, end_location) = locate(text.as_ref(), label.range);
        let path = label.file.as_deref().unwrap_or(file.path);
        Related { end_location, location, message: &label.text, path }
    });
    Finding {
        cell: None,
        code: &diagnostic.rule,
        filename: file.disk.to_string_lossy().into_owned(),
        fix: diagnostic.fix.as_ref().map(|fix| repair(fix, text)),
        help: diagnostic.help.as_deref(),
        message: &diagnostic.message,
        name: &diagnostic.rule,
        noqa_row: text.map(|_| location.row),
        related: related.collect(),
        scope: if about.project { "project" } else { "file" },
        severity: diagnostic.severity,
        url: about.url,
        end_location,
        location,
    }
}

fn repair<'a>(fix: &'a Fix, text: Option<&Rc<Text>>) -> Repair<'a> {
    let edits = fix.edits.iter().map(|edit| {
        let (location, end_location) = locate(text, edit.range);
        Replacement { content: &edit.text, end_location, location }
    });
    Repair {
        applicability: fix.applicability.as_str(),
        edits: edits.collect(),
        message: &fix.title,
    }
}

fn locate(text: Option<&Rc<Text>>, range: TextRange) -> (Location, Location) {
    let (start, end) = text.map_or((NOWHERE, NOWHERE), |text| text.positions(range));
    let location = |at: crate::text::Position| Location { column: at.column, row: at.line };
    (location(start), location(end))
}
