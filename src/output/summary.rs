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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_counts_by_severity_and_fix() {
        let summary = |findings, safe, risky| Summary {
            findings,
            safe,
            risky,
            files: 412,
            ..Summary::default()
        };
        let shown = |it: Summary| it.to_string();
        assert_eq!(
            shown(summary([0, 2, 3], 1, 1)),
            "Found 3 errors, 2 warnings in 412 files \
             (1 fixable with --fix, 1 more with --unsafe-fixes)"
        );
        assert_eq!(
            shown(summary([1, 0, 0], 0, 1)),
            "Found 1 info in 412 files (1 fixable with --fix --unsafe-fixes)"
        );
        assert_eq!(shown(summary([0; 3], 0, 0)), "All clear: nothing found in 412 files");
        let allowed = Summary { unsafe_fixes: true, ..summary([0, 0, 3], 1, 1) };
        assert_eq!(shown(allowed), "Found 3 errors in 412 files (2 fixable with --fix)");
    }

    #[test]
    fn applied_fixes_are_listed_by_file_and_rule() {
        let fixed = [("a-rule".to_owned(), "Do it".to_owned(), 2)];
        let mut out = Vec::new();
        let files = [("a.py", &fixed[..]), ("b.py", &[])];
        show_fixes(files, &Look::default(), &mut out).expect("memory");
        assert_eq!(String::from_utf8(out).expect("UTF-8"), "a.py:\n  2 × a-rule: Do it\n");
    }
}
