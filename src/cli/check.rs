//! `dunderlint check`: from paths to a report.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use ruff_text_size::TextRange;

use super::arguments::{Check, Global, pair};
use super::catalogue::Catalogue;
use super::exit::{Exit, Verdict};
use super::files::{absolute, find, libraries, shown, working_folder};
use super::outlet::Outlet;
use super::progress::Progress;
use super::report::{self, Mode, Report, STDIN};
use super::terminal::{self, Stream};
use super::texts::Disk;
use super::{Failure, stdin};
use crate::config::{Overrides, Resolver, Settings};
use crate::diagnostic::{Diagnostic, Severity, builtin};
use crate::engine::{
    self, FileOutcome, FileToCheck, FixMode, Libraries, Outcome, RunOptions, interrupt,
};
use crate::output::{Format, counted};
use crate::rule::Chapter;

/// Everything that is known before the first file is read.
pub(super) struct Session<'a> {
    pub(super) chapters: &'static [Chapter],
    pub(super) global: &'a Global,
    pub(super) check: &'a Check,
    /// The working directory.
    pub(super) folder: PathBuf,
    pub(super) resolver: Resolver,
    /// What governs the run as a whole.
    pub(super) settings: Arc<Settings>,
    /// Where libraries are looked for.
    libraries: Libraries,
    pub(super) stdout: Stream,
    pub(super) stderr: Stream,
    start: Instant,
}

/// What is to be looked at.
struct ToCheck {
    /// Python files with what governs each, sorted.
    files: Vec<FileToCheck>,
    /// What tells of projects.
    projects: Vec<FileToCheck>,
    /// The paths that cannot be looked at, as findings.
    unreadable: Vec<FileOutcome>,
}

/// Runs the command.
///
/// # Errors
/// When the arguments or the settings cannot be used, or the output cannot be written.
pub(super) fn run(
    chapters: &'static [Chapter],
    global: &Global,
    check: &Check,
) -> Result<Exit, Failure> {
    let start = Instant::now();
    let folder = working_folder()?;
    let overrides = overrides(global, check);
    let resolver = Resolver::new(chapters, overrides, folder.clone())?;
    let settings = resolver.run_settings()?;
    let libraries = libraries(global, &folder)?;
    let session = Session {
        libraries,
        stdout: Stream::stdout(global.color),
        stderr: Stream::stderr(global.color),
        chapters,
        global,
        check,
        folder,
        resolver,
        settings,
        start,
    };
    let piped = check.paths.iter().any(|path| path == Path::new(STDIN));
    match (check.other.show_settings, piped) {
        (true, _) => session.show_settings(),
        (false, true) if check.paths.len() > 1 => {
            Err(Failure::Usage("`-` goes without other paths".to_owned()))
        }
        (false, true) => stdin::run(&session),
        (false, false) => session.check_files(),
    }
}

impl Session<'_> {
    /// What to print.
    pub(super) fn mode(&self) -> Mode {
        let fixing = &self.check.fixing;
        match pair(fixing.fix_only, fixing.no_fix_only).unwrap_or(self.settings.fix_only()) {
            _ if fixing.diff => Mode::Diff,
            true => Mode::FixOnly,
            false => Mode::Findings,
        }
    }

    /// What the engine is to do.
    pub(super) fn options(&self) -> RunOptions {
        let fix = self.settings.fix() || self.mode() != Mode::Findings;
        RunOptions {
            fix: fix.then_some(FixMode { unsafe_fixes: self.settings.unsafe_fixes() }),
            write: self.mode() != Mode::Diff,
            ignore_suppressions: self.check.selection.ignore_suppressions,
            ignore_per_file_ignores: false,
            threads: self.check.other.threads.map(usize::from),
            libraries: self.libraries.clone(),
        }
    }

    /// How to report to an outlet.
    pub(super) fn report<'s>(&'s self, outlet: Outlet<'s>) -> Report<'s> {
        let chosen = self.settings.output_format().and_then(|word| Format::parse(word).ok());
        Report {
            catalogue: Catalogue(self.chapters),
            mode: self.mode(),
            format: chosen.unwrap_or_default(),
            chosen: chosen.is_some(),
            outlet,
            stdout: Some(self.stdout),
            stderr: self.stderr,
            unsafe_fixes: self.settings.unsafe_fixes(),
            show_fixes: self.settings.show_fixes(),
            statistics: self.check.report.statistics,
            quiet: self.global.quiet,
            silent: self.global.silent,
            elapsed: self.global.verbose.then(|| self.start.elapsed()),
        }
    }

    /// Where the report goes if standard output is free.
    pub(super) fn outlet(&self) -> Outlet<'_> {
        match &self.check.report.output_file {
            Some(path) => Outlet::File(path),
            None => Outlet::Stdout(self.stdout),
        }
    }

    /// The exit status for what was found.
    pub(super) fn exit(&self, outcome: &Outcome) -> Exit {
        let verdict = Verdict {
            diff: self.mode() == Mode::Diff,
            fix_only: self.mode() == Mode::FixOnly,
            exit_zero: self.check.report.exit_zero,
            exit_non_zero_on_fix: self.check.report.exit_non_zero_on_fix,
            ..report::verdict(outcome)
        };
        verdict.exit()
    }

    /// A path as it is shown and as facts carry it.
    pub(super) fn shown(&self, path: &Path) -> String {
        shown(path, &self.folder)
    }

    /// A path as it is on disk, without `.` between its parts.
    pub(super) fn absolute(&self, path: &Path) -> PathBuf {
        absolute(path, &self.folder)
    }

    fn show_settings(&self) -> Result<Exit, Failure> {
        let named = self.check.paths.first().filter(|path| *path != Path::new(STDIN));
        let named = named.or(self.check.files.stdin_filename.as_ref());
        let path = named.map_or_else(|| self.folder.clone(), |path| self.absolute(path));
        let folder = if path.is_dir() { &path } else { path.parent().unwrap_or(&path) };
        let mut out = terminal::stdout(self.stdout);
        self.resolver.settings_for(folder)?.show(&mut out)?;
        out.flush()?;
        Ok(Exit::Clean)
    }

    fn check_files(&self) -> Result<Exit, Failure> {
        let ToCheck { files, projects, unreadable } = self.files()?;
        if self.check.other.show_files {
            let mut out = terminal::stdout(self.stdout);
            for file in &files {
                writeln!(out, "{}", file.disk.display())?;
            }
            out.flush()?;
            return Ok(Exit::Clean);
        }
        let is_nothing = files.is_empty() && projects.is_empty() && unreadable.is_empty();
        if is_nothing && !self.global.quiet && !self.global.silent {
            let mut err = terminal::stderr(self.stderr);
            writeln!(err, "warning: no Python files found under the given paths")?;
            err.flush()?;
        }
        interrupt::install();
        if let Some(reason) = &self.check.fixing.add_ignore {
            return self.add_ignores(files, reason);
        }
        let mut outcome = self.engine(files, &self.options());
        outcome.checked += unreadable.len();
        outcome.files.extend(unreadable);
        // Where code is looked at, that is what is counted.
        if outcome.checked == 0 {
            outcome.checked = projects.len();
        }
        if !outcome.interrupted {
            outcome.files.extend(engine::check_declarations(self.chapters, &projects));
        }
        outcome.files.sort_by(|one, other| one.path.cmp(&other.path));
        if outcome.interrupted {
            let mut err = terminal::stderr(self.stderr);
            writeln!(err, "interrupted after {}", counted(outcome.checked, "file"))?;
            err.flush()?;
            return Ok(Exit::Interrupted);
        }
        self.report(self.outlet()).print(&outcome, &mut Disk::new(self.folder.clone()))?;
        Ok(self.exit(&outcome))
    }

    fn engine(&self, files: Vec<FileToCheck>, options: &RunOptions) -> Outcome {
        let visible = self.stderr.is_terminal && !self.global.quiet && !self.global.silent;
        let progress = Progress::new(files.len(), visible);
        let done = |files| progress.done(files);
        let outcome = engine::run(self.chapters, files, options, &done);
        progress.finish();
        outcome
    }

    fn files(&self) -> Result<ToCheck, Failure> {
        let folder = &self.folder;
        let threads = self.check.other.threads.map(usize::from);
        let found = find(&self.check.paths, folder, &self.resolver, &self.settings, threads)?;
        let unreadable = found.problems.into_iter().map(|(disk, message)| {
            unreadable(shown(&disk, folder), disk, Arc::clone(&self.settings), message)
        });
        let unreadable = unreadable.collect();
        Ok(ToCheck { files: found.files, projects: found.projects, unreadable })
    }

    /// Suppresses each finding by a comment.
    fn add_ignores(&self, files: Vec<FileToCheck>, reason: &str) -> Result<Exit, Failure> {
        let reason = Some(reason).filter(|reason| !reason.is_empty());
        let outcome = self.engine(files, &RunOptions { fix: None, ..self.options() });
        let (mut comments, mut changed) = (0, 0);
        for file in &outcome.files {
            let added =
                engine::add_ignores(&file.disk, &file.diagnostics, reason).map_err(|error| {
                    Failure::Usage(format!("cannot change `{}`: {error}", file.path))
                })?;
            comments += added;
            changed += usize::from(added > 0);
        }
        if !self.global.quiet && !self.global.silent {
            let (comments, changed) = (counted(comments, "comment"), counted(changed, "file"));
            super::print(self.stdout, &format!("Added {comments} in {changed}\n"))?;
        }
        Ok(if outcome.interrupted { Exit::Interrupted } else { Exit::Clean })
    }
}

/// The finding of a file that cannot be read.
pub(super) fn unreadable(
    path: String,
    disk: PathBuf,
    settings: Arc<Settings>,
    message: String,
) -> FileOutcome {
    let at = TextRange::empty(0.into());
    let finding = Diagnostic::new(builtin::UNREADABLE_FILE, Severity::Error, at, message);
    FileOutcome {
        path,
        disk,
        settings,
        diagnostics: vec![finding],
        fixed: Vec::new(),
        change: None,
    }
}

/// What the command line says in place of settings files.
fn overrides(global: &Global, check: &Check) -> Overrides {
    let Check { fixing, selection, files, report, .. } = check;
    Overrides {
        formats: &Format::NAMES,
        isolated: global.isolated,
        config: global.config.clone(),
        select: selection.select.clone(),
        extend_select: selection.extend_select.clone(),
        ignore: selection.ignore.clone(),
        fixable: selection.fixable.clone(),
        extend_fixable: selection.extend_fixable.clone(),
        unfixable: selection.unfixable.clone(),
        per_file_ignores: selection.per_file_ignores.clone(),
        extend_per_file_ignores: selection.extend_per_file_ignores.clone(),
        exclude: files.exclude.clone(),
        extend_exclude: files.extend_exclude.clone(),
        src: Vec::new(),
        target_version: selection.target_version.clone(),
        fail_on: report.fail_on.clone(),
        output_format: report.output_format.map(|format| format.as_str().to_owned()),
        fix: pair(fixing.fix, fixing.no_fix),
        fix_only: pair(fixing.fix_only, fixing.no_fix_only),
        unsafe_fixes: pair(fixing.unsafe_fixes, fixing.no_unsafe_fixes),
        show_fixes: pair(fixing.show_fixes, fixing.no_show_fixes),
        respect_gitignore: pair(files.respect_gitignore, files.no_respect_gitignore),
        force_exclude: pair(files.force_exclude, files.no_force_exclude),
    }
}
