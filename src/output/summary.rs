//! The closing lines: how many findings of what kind, and how many of them can be fixed.

use std::fmt;
use std::io::{self, Write};

use super::palette::Palette;
use super::{FileFindings, Look};
use crate::diagnostic::Severity;
use crate::fix::Applicability;

/// Counts for the closing line. Shown, it is that line, without a line end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Findings that are left, by [`Severity::ALL`].
    pub findings: [usize; Severity::ALL.len()],
    /// How many of them a safe fix would mend.
    pub safe: usize,
    /// How many of them a fix would mend that may change behaviour.
    pub risky: usize,
    /// Whether such fixes are allowed.
    pub unsafe_fixes: bool,
    /// How many files were looked at.
    pub files: usize,
}

impl Summary {
    /// Counts findings in a number of files.
    pub fn new(files: &[FileFindings<'_>], checked: usize, look: &Look) -> Summary {
        let unsafe_fixes = look.unsafe_fixes;
        let mut summary = Summary { files: checked, unsafe_fixes, ..Summary::default() };
        for diagnostic in files.iter().flat_map(|file| file.diagnostics) {
            summary.findings[diagnostic.severity as usize] += 1;
            match diagnostic.fix.as_ref().map(|fix| fix.applicability) {
                Some(Applicability::Safe) => summary.safe += 1,
                Some(Applicability::Unsafe) => summary.risky += 1,
                Some(Applicability::Display) | None => {}
            }
        }
        summary
    }

    /// What could be fixed, in brackets with a space before; empty if nothing could.
    fn fixable(&self) -> String {
        match (self.safe, self.risky) {
            (0, 0) => String::new(),
            (safe, risky) if self.unsafe_fixes => {
                format!(" ({} fixable with --fix)", safe + risky)
            }
            (safe, 0) => format!(" ({safe} fixable with --fix)"),
            (0, risky) => format!(" ({risky} fixable with --fix --unsafe-fixes)"),
            (safe, risky) => {
                format!(" ({safe} fixable with --fix, {risky} more with --unsafe-fixes)")
            }
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let worst_first = Severity::ALL.into_iter().rev();
        let found: Vec<String> = worst_first
            .map(|severity| (self.findings[severity as usize], severity.as_str()))
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| counted(count, word))
            .collect();
        let files = counted(self.files, "file");
        match found.is_empty() {
            true => write!(f, "All clear: nothing found in {files}"),
            false => write!(f, "Found {} in {files}{}", found.join(", "), self.fixable()),
        }
    }
}

/// Writes which fixes were applied: for each file, how often which rule.
///
/// # Errors
/// Those of the writer.
pub fn show_fixes<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a [(String, String, usize)])>,
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let palette = Palette::new(look.colour);
    for (path, fixed) in files {
        if fixed.is_empty() {
            continue;
        }
        let (bold, help) = (palette.bold(), palette.help());
        writeln!(out, "{bold}{path}{bold:#}:")?;
        for (rule, title, times) in fixed {
            writeln!(out, "  {times} × {help}{rule}{help:#}: {title}")?;
        }
    }
    Ok(())
}

/// `1 file`, `2 files`.
pub fn counted(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    }
}
