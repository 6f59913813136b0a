//! One line for each finding: `path:line:column: severity[rule] [*] message`.
//!
//! The place comes first, so that editors and `grep` find it; `[*]` stands where ruff has it and
//! means the same: `--fix` would mend this.

use std::io::{self, Write};

use annotate_snippets::normalize_untrusted_str as printable;

use super::text::NOWHERE;
use super::{FileFindings, Look, Texts, palette};

/// Writes one line for each finding.
pub(super) fn write(
    files: &[FileFindings<'_>],
    look: &Look,
    texts: &mut dyn Texts,
    out: &mut dyn Write,
) -> io::Result<()> {
    let palette = palette::Palette::new(look.colour);
    for file in files {
        let text = texts.text(file.path);
        for diagnostic in file.diagnostics {
            let at = text.as_ref().map_or(NOWHERE, |text| text.positions(diagnostic.range).0);
            let path = printable(file.path);
            let severity = diagnostic.severity;
            let (bold, level) = (palette.bold(), palette.severity(severity));
            write!(out, "{bold}{path}{bold:#}:{}:{}: ", at.line, at.column)?;
            write!(out, "{level}{severity}[{}]{level:#} ", diagnostic.rule)?;
            if look.fixable(diagnostic) {
                let mark = palette.help();
                write!(out, "{mark}[*]{mark:#} ")?;
            }
            writeln!(out, "{}", one_line(&diagnostic.message))?;
        }
    }
    Ok(())
}

/// A message without line ends and without characters that would move the cursor.
pub(super) fn one_line(message: &str) -> String {
    let joined = message.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    printable(&joined)
}
