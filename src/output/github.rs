//! Workflow commands: GitHub shows them beside the changed lines of a pull request.
//!
//! The format is the runner's: `::error key=value,key=value::message`, where `%`, line ends and, in
//! values, `:` and `,` are written as percent and two hexadecimal digits.

use std::io::{self, Write};

use annotate_snippets::normalize_untrusted_str as printable;

use super::text::NOWHERE;
use super::{FileFindings, Texts};
use crate::diagnostic::Severity;

/// Writes one command for each finding.
pub(super) fn write(
    files: &[FileFindings<'_>],
    texts: &mut dyn Texts,
    out: &mut dyn Write,
) -> io::Result<()> {
    for file in files {
        let text = texts.text(file.path);
        for diagnostic in file.diagnostics {
            let command = match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            let (start, end) =
                text.as_ref().map_or((NOWHERE, NOWHERE), |text| text.positions(diagnostic.range));
            let title = value(&format!("dunderlint ({})", diagnostic.rule));
            let disk = value(&file.disk.to_string_lossy());
            write!(out, "::{command} title={title},file={disk},line={}", start.line)?;
            // GitHub drops annotations that have columns and span several lines.
            if start.line == end.line {
                write!(out, ",col={},endLine={},endColumn={}", start.column, end.line, end.column)?;
            } else {
                write!(out, ",endLine={}", end.line)?;
            }
            let place = format!("{}:{}:{}", file.path, start.line, start.column);
            let mut message = format!("{place}: {} {}", diagnostic.rule, diagnostic.message);
            for label in &diagnostic.labels {
                let path = label.file.as_deref().unwrap_or(file.path);
                let text = match &label.file {
                    Some(other) => texts.text(other),
                    None => text.clone(),
                };
                let at = text.map_or(NOWHERE, |text| text.positions(label.range).0);
                message += &format!("\n  {path}:{}:{}: {}", at.line, at.column, label.text);
            }
            if let Some(help) = &diagnostic.help {
                message += &format!("\n  help: {help}");
            }
            if let Some(fix) = &diagnostic.fix {
                message += &format!("\n  fix: {}", fix.title);
            }
            writeln!(out, "::{}", escape(&message))?;
        }
    }
    Ok(())
}

/// Text as it may stand after the second `::`. Logs obey terminal sequences, so these go.
fn escape(text: &str) -> String {
    printable(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A"))
}

/// Text as it may stand as the value of a property.
fn value(text: &str) -> String {
    escape(text).replace(':', "%3A").replace(',', "%2C")
}
