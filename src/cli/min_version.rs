//! `dunderlint min-version`: the oldest Python that code can run on, and what forces it.

mod json;
mod text;

use std::io::Write as _;

use ruff_python_ast::PythonVersion;

use super::arguments::{Global, MinVersion, Plain};
use super::exit::Exit;
use super::files::{find, overrides, working_folder};
use super::terminal::{self, Stream};
use super::{Failure, print};
use crate::config::Resolver;
use crate::engine::{FileNeeds, NeedAt, census};
use crate::rule::{Chapter, Pythons, Target};

/// The rules that know what needs which Python.
const RULES: [&str; 4] = [
    "version-gated-syntax",
    "version-gated-api",
    "future-annotations-required",
    "removed-stdlib-api",
];

/// The newest Python that is known.
const NEWEST: PythonVersion = PythonVersion::PY314;

/// Runs the command.
///
/// # Errors
/// When the arguments or the settings cannot be used, or the output cannot be written.
pub(super) fn run(
    chapters: &'static [Chapter],
    global: &Global,
    asked: &MinVersion,
    stream: Stream,
) -> Result<Exit, Failure> {
    let folder = working_folder()?;
    let resolver = Resolver::new(chapters, overrides(global), folder.clone())?;
    let settings = resolver.run_settings()?;
    let threads = asked.threads.map(usize::from);
    let found = find(&asked.paths, &folder, &resolver, &settings, threads)?;
    if let Some((path, message)) = found.problems.first() {
        return Err(Failure::Usage(format!("`{}`: {message}", path.display())));
    }
    let project = Project::new(census(chapters, &RULES, found.files, threads));
    if project.files.is_empty() && !global.quiet && !global.silent {
        let mut err = terminal::stderr(Stream::stderr(global.color));
        writeln!(err, "warning: no Python files found under the given paths")?;
        err.flush()?;
    }
    if !global.silent {
        let report = match asked.output_format {
            Plain::Text => text::report(&project, asked.explain),
            Plain::Json => json::report(&project)?,
        };
        print(stream, &report)?;
    }
    Ok(if project.keeps_its_word() { Exit::Clean } else { Exit::Findings })
}

/// A span of versions of Python 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    /// The oldest; `None` where there is none that could run it.
    lowest: Option<PythonVersion>,
    /// The newest, where something was removed after it.
    highest: Option<PythonVersion>,
}

impl Span {
    /// What is left by the needs of code: above what is too new for old Pythons, below what is gone
    /// from new ones.
    fn of<'n>(needs: impl Iterator<Item = &'n NeedAt>) -> Span {
        let (mut too_old, mut too_new) = (Pythons::NONE, Pythons::NONE);
        for NeedAt { need, .. } in needs {
            let fails = need.fails().and(Pythons::below(after(NEWEST)));
            let (old, new) = parted(fails, need.there);
            (too_old, too_new) = (too_old.or(old), too_new.or(new));
        }
        let lowest = match too_old.end() {
            None => Some(PythonVersion { major: 3, minor: 0 }),
            Some(end) if end > NEWEST => None,
            Some(end) => Some(end),
        };
        let highest = too_new.lowest().map(before);
        match (lowest, highest) {
            (Some(low), Some(high)) if low > high => Span { lowest: None, highest: None },
            _ => Span { lowest, highest },
        }
    }

    fn fails_below(self) -> Option<PythonVersion> {
        self.lowest.filter(|it| it.minor > 0).map(before)
    }
}

/// Parts the Pythons on which something fails into those that are too old, and too new.
fn parted(fails: Pythons, there: Pythons) -> (Pythons, Pythons) {
    let first = there.lowest().unwrap_or(NEWEST);
    let old = Pythons::below(first).without(Pythons::TWO);
    (fails.and(old), fails.without(old))
}

fn after(version: PythonVersion) -> PythonVersion {
    PythonVersion { minor: version.minor + 1, ..version }
}

fn before(version: PythonVersion) -> PythonVersion {
    PythonVersion { minor: version.minor.saturating_sub(1), ..version }
}

/// A file, and what it runs on.
struct File {
    needs: FileNeeds,
    span: Span,
}

impl File {
    /// The places that keep it from a version.
    fn against(&self, version: PythonVersion) -> impl Iterator<Item = &NeedAt> {
        let one = Pythons::only(version);
        self.needs.needs.iter().filter(move |it| !it.need.fails().and(one).is_empty())
    }

    /// The places that no Python comes to without what they need.
    fn guarded(&self) -> impl Iterator<Item = &NeedAt> {
        let known = Pythons::below(after(NEWEST));
        self.needs.needs.iter().filter(move |it| it.need.fails().and(known).is_empty())
    }

    /// Whether it runs on all Pythons that are declared for it.
    fn keeps_its_word(&self) -> bool {
        let Some(Target { lowest, highest }) = self.needs.declared else { return true };
        let highest = highest.filter(|it| *it < NEWEST).unwrap_or(NEWEST);
        let is_low = self.span.lowest.is_some_and(|it| it <= lowest);
        is_low && self.span.highest.is_none_or(|it| it >= highest)
    }
}

/// All files together.
struct Project {
    files: Vec<File>,
    span: Span,
    /// The Pythons that are declared for all files: `None` where nothing is, or not the same.
    declared: Option<Target>,
}

impl Project {
    fn new(all: Vec<FileNeeds>) -> Project {
        let span = Span::of(all.iter().flat_map(|file| &file.needs));
        let mut declared = all.iter().filter(|file| file.problem.is_none()).map(|it| it.declared);
        let first = declared.next().flatten();
        let declared = first.filter(|first| declared.all(|other| other == Some(*first)));
        let files = all.into_iter().map(|needs| File { span: Span::of(needs.needs.iter()), needs });
        Project { files: files.collect(), span, declared }
    }

    fn keeps_its_word(&self) -> bool {
        self.files.iter().all(|file| file.needs.problem.is_some() || file.keeps_its_word())
    }

    /// The version below the lowest, and the places that would have to change for it.
    fn one_less(&self) -> Option<(PythonVersion, Vec<(&File, &NeedAt)>)> {
        let version = self.span.fails_below()?;
        let places = self
            .files
            .iter()
            .flat_map(|file| file.against(version).map(move |place| (file, place)));
        Some((version, places.collect()))
    }
}
