//! What is printed of a run: findings or changes, and the closing lines.

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use super::catalogue::Catalogue;
use super::exit::Verdict;
use super::outlet::Outlet;
use super::terminal::{self, Stream};
use crate::diagnostic::{Severity, builtin};
use crate::engine::{FileOutcome, Outcome};
use crate::fix::Applicability;
use crate::output::{
    self, FileFindings, Format, Look, Statistics, Summary, Texts, counted, show_fixes,
};

/// What standard input is called, as an argument and in reports.
pub(super) const STDIN: &str = "-";

/// What a run is to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Findings.
    Findings,
    /// Only how many fixes were applied (`--fix-only`).
    FixOnly,
    /// What fixes would change (`--diff`).
    Diff,
}

/// How a run is to be reported.
pub(super) struct Report<'a> {
    pub(super) catalogue: Catalogue,
    pub(super) mode: Mode,
    pub(super) format: Format,
    /// Whether somebody chose the format. If nobody did, GitHub gets its annotations besides.
    pub(super) chosen: bool,
    /// Where findings or changes go.
    pub(super) outlet: Outlet<'a>,
    /// Standard output; `None` where it carries what no closing line may follow.
    pub(super) stdout: Option<Stream>,
    pub(super) stderr: Stream,
    pub(super) unsafe_fixes: bool,
    pub(super) show_fixes: bool,
    pub(super) statistics: bool,
    pub(super) quiet: bool,
    pub(super) silent: bool,
    /// How long the run took, if that is to be told.
    pub(super) elapsed: Option<Duration>,
}

impl Report<'_> {
    /// Prints it all.
    ///
    /// # Errors
    /// Those of the streams and of the report file.
    pub(super) fn print(&self, outcome: &Outcome, texts: &mut dyn Texts) -> io::Result<()> {
        if self.silent {
            return Ok(());
        }
        let files: Vec<FileFindings<'_>> = outcome.files.iter().map(findings).collect();
        match self.mode {
            Mode::Findings => self.findings(&files, texts)?,
            Mode::FixOnly => {}
            Mode::Diff => self.changes(outcome)?,
        }
        self.troubles(&files)?;
        if self.quiet {
            return Ok(());
        }
        if matches!(self.outlet, Outlet::Stderr(_)) && !self.format.is_prose() {
            return Ok(()); // both streams are taken
        }
        if outcome.checked == 0 && files.is_empty() {
            return Ok(()); // nothing was looked at
        }
        // After changes and what programs read, people are told on the other stream.
        let prose = self.mode == Mode::FixOnly
            || self.mode == Mode::Findings && self.format.is_prose()
            || matches!(self.outlet, Outlet::File(_));
        let (mut out, stream) = match self.stdout {
            Some(stream) if prose => (terminal::stdout(stream), stream),
            _ => (terminal::stderr(self.stderr), self.stderr),
        };
        self.closing(outcome, &files, &stream.look(self.unsafe_fixes), &mut out)?;
        out.flush()
    }

    fn findings(&self, files: &[FileFindings<'_>], texts: &mut dyn Texts) -> io::Result<()> {
        let look = self.outlet.stream().look(self.unsafe_fixes);
        let rules = &self.catalogue;
        self.outlet.write(|out| match (self.statistics, self.format) {
            (false, format) => output::write(format, files, &look, texts, rules, out),
            (true, Format::Json) => Statistics::new(files, &look, rules).write_json(out),
            (true, Format::JsonLines) => Statistics::new(files, &look, rules).write_json_lines(out),
            (true, _) => Statistics::new(files, &look, rules).write(&look, out),
        })?;
        let github = terminal::variable("GITHUB_ACTIONS").is_some_and(|value| value == "true");
        if github && !self.chosen {
            let mut err = terminal::stderr(self.stderr);
            output::write(Format::Github, files, &look, texts, rules, &mut err)?;
            err.flush()?;
        }
        Ok(())
    }

    fn changes(&self, outcome: &Outcome) -> io::Result<()> {
        let colour = self.outlet.stream().colour;
        self.outlet.write(|out| {
            let changed =
                outcome.files.iter().filter_map(|file| Some((file, file.change.as_ref()?)));
            for (file, (before, after)) in changed {
                output::diff(&file.path, before.text(), after.text(), colour, out)?;
            }
            Ok(())
        })
    }

    /// Says which files were left as they are where findings are not printed, and asks to be told
    /// of bugs of ours.
    fn troubles(&self, files: &[FileFindings<'_>]) -> io::Result<()> {
        let mut err = terminal::stderr(self.stderr);
        for file in files {
            for diagnostic in file.diagnostics {
                let (path, message) = (file.path, &diagnostic.message);
                match &*diagnostic.rule {
                    builtin::INTERNAL_ERROR => writeln!(
                        err,
                        "error: {message}\n\
                         this is a bug in dunderlint, please report it together with `{path}`"
                    )?,
                    builtin::UNREADABLE_FILE | builtin::FIX_FAILED
                        if self.mode != Mode::Findings =>
                    {
                        writeln!(err, "warning: `{path}` is left as it is: {message}")?;
                    }
                    _ => {}
                }
            }
        }
        err.flush()
    }

    /// The lines at the end: what was or would be fixed, what is left.
    fn closing(
        &self,
        outcome: &Outcome,
        files: &[FileFindings<'_>],
        look: &Look,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if self.show_fixes {
            let fixed = outcome.files.iter().map(|file| (file.path.as_str(), &*file.fixed));
            show_fixes(fixed, look, out)?;
        }
        let fixed: usize = outcome.files.iter().map(times_fixed).sum();
        let fixed_files = outcome.files.iter().filter(|file| times_fixed(file) > 0).count();
        let (findings, in_files) = (counted(fixed, "finding"), counted(fixed_files, "file"));
        let looked_at = counted(outcome.checked, "file");
        let more = self.more(outcome);
        let line = match (self.mode, fixed) {
            (Mode::Diff, 0) => format!("Nothing to fix in {looked_at}{more}"),
            (Mode::Diff, _) => format!("Would fix {findings} in {in_files}{more}"),
            (Mode::FixOnly, 0) => format!("Nothing fixed in {looked_at}{more}"),
            (Mode::FixOnly, _) => format!("Fixed {findings} in {in_files}{more}"),
            (Mode::Findings, _) => {
                if fixed > 0 {
                    writeln!(out, "Fixed {findings} in {in_files}")?;
                }
                Summary::new(files, outcome.checked, look).to_string()
            }
        };
        match self.elapsed {
            Some(time) => writeln!(out, "{line} · {:.2} s", time.as_secs_f64()),
            None => writeln!(out, "{line}"),
        }
    }

    /// How many fixes wait for `--unsafe-fixes`.
    fn more(&self, outcome: &Outcome) -> String {
        let left = outcome.files.iter().flat_map(|file| &file.diagnostics);
        let fixes = left.filter_map(|diagnostic| diagnostic.fix.as_ref());
        match fixes.filter(|fix| fix.applicability == Applicability::Unsafe).count() {
            0 => String::new(),
            _ if self.unsafe_fixes => String::new(),
            count => format!(" ({count} more with --unsafe-fixes)"),
        }
    }
}

fn findings(file: &FileOutcome) -> FileFindings<'_> {
    // What came on standard input without a name is nowhere on disk.
    let disk = if file.path == STDIN { Path::new(STDIN) } else { &file.disk };
    FileFindings { path: &file.path, disk, diagnostics: &file.diagnostics }
}

fn times_fixed(file: &FileOutcome) -> usize {
    file.fixed.iter().map(|(_, _, times)| times).sum()
}

/// What a run came to, for the exit status.
pub(super) fn verdict(outcome: &Outcome) -> Verdict {
    let mut verdict = Verdict { interrupted: outcome.interrupted, ..Verdict::default() };
    for file in &outcome.files {
        let fail_on = file.settings.fail_on();
        verdict.fixed |= times_fixed(file) > 0;
        for diagnostic in &file.diagnostics {
            verdict.internal |= diagnostic.rule == builtin::INTERNAL_ERROR;
            verdict.failing |=
                diagnostic.severity > Severity::Info && diagnostic.severity >= fail_on;
        }
    }
    verdict
}
