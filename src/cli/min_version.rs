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
    /// The newest, where something was removed after it without which the code cannot be imported.
    highest: Option<PythonVersion>,
}

impl Span {
    /// What is left by the needs of code: above what is too new for old Pythons, below what is gone
    /// from new ones and missed as soon as it is imported.
    fn of<'n>(needs: impl Iterator<Item = &'n NeedAt>) -> Span {
        Span::apart(needs.map(|it| (it, true)))
    }

    /// Of needs with whether the newest Pythons count for them, too.
    fn apart<'n>(needs: impl Iterator<Item = (&'n NeedAt, bool)>) -> Span {
        let (mut too_old, mut too_new) = (Pythons::NONE, Pythons::NONE);
        for (NeedAt { need, .. }, counts_above) in needs {
            let known = Pythons::below(after(NEWEST));
            let (old, _) = parted(need.fails().and(known), need.there);
            let (_, new) = parted(need.fails_at_import().and(known), need.there);
            too_old = too_old.or(old);
            too_new = if counts_above { too_new.or(new) } else { too_new };
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

/// Whether a place misses what newer Pythons have no longer, but not for sure when its file is
/// imported.
fn is_perhaps_gone(NeedAt { need, .. }: &NeedAt) -> bool {
    let known = Pythons::below(after(NEWEST));
    let (_, new) = parted(need.fails().and(known), need.there);
    !new.without(need.surely).is_empty()
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

    /// The places that keep newer Pythons from importing it.
    fn gone(&self) -> impl Iterator<Item = &NeedAt> {
        let gone = self.span.highest.map(|it| Pythons::only(after(it)));
        self.needs.needs.iter().filter(move |it| {
            gone.is_some_and(|gone| !it.need.fails_at_import().and(gone).is_empty())
        })
    }

    /// The places whose removal does not keep the file from being imported, so far as one can tell:
    /// they are in functions, or behind tests that are not decided.
    fn perhaps_gone(&self) -> impl Iterator<Item = &NeedAt> {
        self.needs.needs.iter().filter(|it| is_perhaps_gone(it))
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
        is_low && (self.needs.is_optional || self.span.highest.is_none_or(|it| it >= highest))
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
        let span = Span::apart(
            all.iter().flat_map(|file| file.needs.iter().map(|it| (it, !file.is_optional))),
        );
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
