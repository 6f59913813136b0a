//! A whole run: phase 1 on all files in parallel, one link, phase 3, and fixes until none is left.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::converge::{FixMode, Fixing};
use super::cuts::Cutter;
use super::file::{self, FileReport, Input, check_source};
use super::linked::{releases, scripts};
use super::others::{Extent, Others, folder_of_paths};
use super::project::check_with_memory;
use super::roots::Roots;
use super::settle::{Judge, RuleNames, is_fixable};
use super::table::Table;
use super::{FileOutcome, FileToCheck, Outcome, RunOptions, disk, interrupt};
use crate::config::Settings;
use crate::diagnostic::{Diagnostic, Severity, builtin};
use crate::facts::{FileFacts, FileInfo};
use crate::kept::Kept;
use crate::project::import_time::Memory;
use crate::project::{Draft, FileId, Project};
use crate::rule::{Chapter, ProjectFinding, Values};
use crate::suppression::UsedSuppressions;
use crate::text::Source;

/// How much stack the threads have that parse and look at files: enough for the deepest nesting
/// that [`crate::syntax::nesting`] lets through.
pub fn stack_size() -> usize {
    256 << 20 // only what is touched is real
}

/// Fixes of the project can make new findings in other files; no honest chain is longer.
const MOST_PROJECT_ROUNDS: usize = 10;

/// Looks at files, and fixes them if asked to. `progress` is told how many files are done, from
/// any thread.
pub fn run(
    chapters: &'static [Chapter],
    files: Vec<FileToCheck>,
    options: &RunOptions,
    progress: &(dyn Fn(usize) + Sync),
) -> Outcome {
    let is_one = files.len() == 1;
    let session = Session::new(chapters, files, options);
    on_deep_stack(is_one, options.threads, || session.run(None, progress))
}

/// Looks at a text that stands for a file: it is never read from disk nor written.
pub fn run_source(
    chapters: &'static [Chapter],
    file: FileToCheck,
    source: Source,
    options: &RunOptions,
) -> Outcome {
    let options = RunOptions { write: false, ..options.clone() };
    let session = Session::new(chapters, vec![file], &options);
    on_deep_stack(true, None, || session.run(Some(source), &|_| ()))
}

/// Runs something where recursion may go deep: in a pool of threads, or for a single file on one
/// thread that starts faster than a pool.
pub(super) fn on_deep_stack<T: Send>(
    is_one: bool,
    threads: Option<usize>,
    work: impl FnOnce() -> T + Send,
) -> T {
    if is_one {
        return std::thread::scope(|scope| {
            let builder = std::thread::Builder::new().stack_size(stack_size());
            let thread = builder.spawn_scoped(scope, work).expect("a thread can be started");
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
    }
    let count = threads.unwrap_or(0); // as many as there are processors
    let pool = rayon::ThreadPoolBuilder::new().num_threads(count).stack_size(stack_size()).build();
    pool.expect("threads can be started").install(work)
}

struct Session {
    names: RuleNames,
    files: Vec<FileToCheck>,
    infos: Vec<Arc<FileInfo>>,
    tables: Vec<Table>,
    /// The table of each file.
    table_of: Vec<usize>,
    options: RunOptions,
}

/// A file after phase 1.
struct Looked {
    facts: FileFacts,
    /// What its own rules found: see [`FileReport::diagnostics`].
    diagnostics: Kept<Vec<Diagnostic>>,
    is_broken: bool,
    /// Where fixes changed the text: as it was read, and as it is now.
    change: Option<(Source, Source)>,
    applied: Vec<(String, String)>,
    failure: Option<Diagnostic>,
}

impl Looked {
    /// A file that is as it was.
    fn unchanged(report: FileReport) -> Looked {
        Looked {
            diagnostics: Kept::new(&report.diagnostics),
            facts: report.facts,
            is_broken: report.is_broken,
            change: None,
            applied: Vec::new(),
            failure: None,
        }
    }
}

impl Session {
    fn new(
        chapters: &'static [Chapter],
        mut files: Vec<FileToCheck>,
        options: &RunOptions,
    ) -> Session {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        let mut roots = Roots::default();
        let infos = files.iter().map(|file| Arc::new(roots.info(file))).collect();
        let (mut tables, mut table_of, mut made) = (Vec::new(), Vec::new(), Vec::new());
        for file in &files {
            let known = made.iter().position(|it: &Arc<Settings>| Arc::ptr_eq(it, &file.settings));
            table_of.push(known.unwrap_or_else(|| {
                made.push(Arc::clone(&file.settings));
                let table = Table::new(chapters, |rule| file.settings.is_enabled(rule));
                tables.push(table.with_values(file.settings.values().clone()));
                tables.len() - 1
            }));
        }
        let names = RuleNames::new(chapters);
        Session { names, files, infos, tables, table_of, options: options.clone() }
    }

    fn run(&self, given: Option<Source>, progress: &(dyn Fn(usize) + Sync)) -> Outcome {
        let done = AtomicUsize::new(0);
        let look = |index: usize| {
            if interrupt::requested() {
                return None;
            }
            let source = match &given {
                Some(source) => Ok(source.clone()),
                None => disk::read(&self.files[index].disk),
            };
            let looked = self.look(index, source);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1);
            Some(looked)
        };
        let looked: Vec<Option<Looked>> = match self.files.len() {
            1 => vec![look(0)],
            count => (0..count).into_par_iter().map(look).collect(),
        };
        let checked = looked.iter().flatten().count();
        let interrupted = checked < self.files.len() || interrupt::requested();
        if interrupted {
            // Half a project proves nothing, and nothing has been written.
            return Outcome { files: Vec::new(), checked, interrupted };
        }
        let mut looked: Vec<Looked> = looked.into_iter().flatten().collect();
        let (mut project, mut linked) = self.link(&mut looked, given.as_ref(), Vec::new());
        if let Some(mode) = self.options.fix {
            for _ in 0..MOST_PROJECT_ROUNDS {
                if !self.fix_project(&project, &linked, mode, &mut looked, given.as_ref()) {
                    break;
                }
                let others = give_back(project, &mut looked);
                (project, linked) = self.link(&mut looked, given.as_ref(), others);
            }
        }
        let files = self.conclude(&project, linked, looked);
        Outcome { files, checked, interrupted: interrupt::requested() }
    }

    // Phase 1.

    fn look(&self, index: usize, source: Result<Source, disk::ReadError>) -> Looked {
        let source = match source {
            Ok(source) => source,
            Err(error) => {
                return Looked::unchanged(file::unreadable(&self.infos[index], error.to_string()));
            }
        };
        let report = self.check(index, &source);
        let Some(mode) = self.options.fix else { return Looked::unchanged(report) };
        if report.is_broken || self.choose(index, &report, mode).is_empty() {
            return Looked::unchanged(report);
        }
        let mut fixing = Fixing::new(source.clone(), report);
        self.converge(index, &mut fixing, mode);
        conclude_fixing(source, fixing, |source| self.check(index, source))
    }

    fn check(&self, index: usize, source: &Source) -> FileReport {
        let values = self.values(index, source.text());
        check_source(&Input {
            info: &self.infos[index],
            text: source.text(),
            table: self.table(index),
            values: &values,
        })
    }

    fn converge(&self, index: usize, fixing: &mut Fixing, mode: FixMode) {
        let check = |source: &Source| self.check(index, source);
        let choose = |report: &FileReport| self.choose(index, report, mode);
        fixing.converge(&check, &choose);
    }

    /// The findings of a file by itself that are to be fixed.
    fn choose(&self, index: usize, report: &FileReport, mode: FixMode) -> Vec<Diagnostic> {
        let fixable = report.diagnostics.iter().filter(|it| it.fix.is_some()).cloned();
        let mut used = UsedSuppressions::default();
        let suppressions = report.facts.suppressions.get();
        let mut settled = self.judge(index).settle(fixable, &suppressions, &mut used);
        settled.retain(|it| is_fixable(it, mode));
        settled
    }

    // Phases 2 and 3.

    /// Links the facts and runs the project rules; the findings are listed file by file. `others`
    /// are the facts of other files that were read before.
    fn link(
        &self,
        looked: &mut [Looked],
        given: Option<&Source>,
        others: Vec<FileFacts>,
    ) -> (Project, Vec<Vec<Diagnostic>>) {
        let mut facts: Vec<FileFacts> =
            looked.iter_mut().map(|it| take_facts(&mut it.facts)).collect();
        facts.extend(others);
        let mut draft =
            Draft::new(facts).on(releases(&self.files)).with_scripts(scripts(&self.files));
        let tables: Vec<&Table> = self.tables.iter().collect();
        let has_threads = self.files.len() > 1;
        // Whoever looks at a single file does not wait for the project.
        let extent = match self.files.len() {
            1 => Extent::Asked,
            _ if tables.iter().any(|table| table.asks_for_cycles()) => Extent::Everything,
            _ => Extent::Imported,
        };
        Others::new(&self.files, &self.options.libraries, has_threads, extent).read(&mut draft);
        let mut project = draft.link();
        let table_of = |id: FileId| self.table(id.index());
        let mut memory = Memory::default();
        let mut findings = check_with_memory(&project, &tables, table_of, &mut memory);
        if findings.iter().any(|it| it.to_cut.is_some()) {
            let others = self.others(&project);
            let other = |file: FileId| file.index().checked_sub(looked.len()).map(|at| &others[at]);
            let source = |file: FileId| match other(file) {
                Some((_, path)) => disk::read(path).ok().map(Cow::Owned),
                None => self.source(file, &looked[file.index()], given),
            };
            let open = |file: FileId, source: &Source, work: &mut dyn FnMut(&Input<'_>)| {
                match other(file) {
                    // What governs it is not known: what governs the first does.
                    Some((info, _)) => self.open_as(info, FileId::new(0), source, work),
                    None => self.open_as(&self.infos[file.index()], file, source, work),
                }
            };
            Cutter::new(&mut project, memory, &source, &open).cut(&mut findings);
            findings.retain(|ProjectFinding { file, diagnostic, .. }| {
                project.is_checked(*file) && self.table(file.index()).has_linked(&diagnostic.rule)
            });
        }
        let mend = |findings: &mut [ProjectFinding]| {
            if findings.iter().any(|it| it.to_mend.is_some()) {
                self.mend(&project, &looked[findings[0].file.index()], given, findings);
            }
        };
        match self.files.len() {
            1 => mend(&mut findings),
            _ => findings.par_chunk_by_mut(|a, b| a.file == b.file).for_each(mend),
        }
        let mut by_file = vec![Vec::new(); self.files.len()];
        for ProjectFinding { file, diagnostic, .. } in findings {
            by_file[file.index()].push(diagnostic);
        }
        (project, by_file)
    }

    /// Opens the file of some project findings again for their fixes.
    fn mend(
        &self,
        project: &Project,
        looked: &Looked,
        given: Option<&Source>,
        findings: &mut [ProjectFinding],
    ) {
        let file = findings[0].file;
        let Some(source) = self.source(file, looked, given) else { return };
        let info = &self.infos[file.index()];
        self.open_as(info, file, &source, &mut |input| {
            file::mend(input, project.file(file), findings);
        });
    }

    /// The text of a file as it is now.
    fn source<'s>(
        &self,
        file: FileId,
        looked: &'s Looked,
        given: Option<&'s Source>,
    ) -> Option<Cow<'s, Source>> {
        match (&looked.change, given) {
            (Some((_, now)), _) => Some(Cow::Borrowed(now)),
            (None, Some(source)) => Some(Cow::Borrowed(source)),
            (None, None) => disk::read(&self.files[file.index()].disk).ok().map(Cow::Owned),
        }
    }

    /// Opens a text with what governs a file.
    fn open_as(
        &self,
        info: &Arc<FileInfo>,
        governed_as: FileId,
        source: &Source,
        work: &mut dyn FnMut(&Input<'_>),
    ) {
        let (text, index) = (source.text(), governed_as.index());
        let values = self.values(index, text);
        work(&Input { info, text, table: self.table(index), values: &values });
    }

    /// The files that are only imported.
    fn others(&self, project: &Project) -> Vec<(Arc<FileInfo>, PathBuf)> {
        let folder = self.files.first().map_or(Path::new(""), folder_of_paths);
        let other = |facts: &FileFacts| (Arc::clone(&facts.info), folder.join(facts.path()));
        project.others().map(|(_, facts)| other(facts)).collect()
    }

    /// Applies the fixes of project rules and of unused suppressions. Whether any was applied.
    fn fix_project(
        &self,
        project: &Project,
        linked: &[Vec<Diagnostic>],
        mode: FixMode,
        looked: &mut [Looked],
        given: Option<&Source>,
    ) -> bool {
        let fix = |(index, looked): (usize, &mut Looked)| {
            if looked.is_broken || looked.failure.is_some() {
                return false;
            }
            let mut chosen = self.findings(project, index, &linked[index], looked);
            chosen.retain(|it| is_fixable(it, mode));
            if chosen.is_empty() {
                return false;
            }
            let (before, now) = match looked.change.take() {
                Some(change) => change,
                None => {
                    let read = match given {
                        Some(source) => Ok(source.clone()),
                        None => disk::read(&self.files[index].disk),
                    };
                    let Ok(source) = read else { return false };
                    (source.clone(), source)
                }
            };
            // The file may have changed since it was looked at: then its findings are of another
            // text.
            let mut report = self.check(index, &now);
            if report.facts != *project.file(FileId::new(index)) {
                looked.change = (before.text() != now.text()).then_some((before, now));
                return false;
            }
            report.diagnostics = looked.diagnostics.get();
            let mut fixing = Fixing::new(now, report);
            fixing.applied = std::mem::take(&mut looked.applied);
            let check = |source: &Source| self.check(index, source);
            let changed = fixing.round(&chosen, &check);
            if changed {
                self.converge(index, &mut fixing, mode);
            }
            *looked = conclude_fixing(before, fixing, check);
            changed
        };
        match looked {
            // No pool of threads for one file.
            [only] => fix((0, only)),
            _ => looked.par_iter_mut().enumerate().map(fix).collect::<Vec<bool>>().contains(&true),
        }
    }

    /// All that is to be said of a file after linking.
    fn findings(
        &self,
        project: &Project,
        index: usize,
        linked: &[Diagnostic],
        looked: &Looked,
    ) -> Vec<Diagnostic> {
        let suppressions = project.file(FileId::new(index)).suppressions.get();
        let judge = self.judge(index);
        let mut used = UsedSuppressions::default();
        let found = looked.diagnostics.get().into_iter().chain(linked.iter().cloned());
        let mut settled = judge.settle(found, &suppressions, &mut used);
        // In a broken file the rules did not run: no suppression is unused for certain.
        if !looked.is_broken {
            settled.extend(judge.unused(&suppressions, &used));
        }
        settled.sort_by(|a, b| a.order().cmp(&b.order()));
        settled
    }

    fn conclude(
        &self,
        project: &Project,
        linked: Vec<Vec<Diagnostic>>,
        looked: Vec<Looked>,
    ) -> Vec<FileOutcome> {
        let conclude = |(index, (linked, mut looked)): (usize, (Vec<Diagnostic>, Looked))| {
            let mut diagnostics = self.findings(project, index, &linked, &looked);
            diagnostics.extend(looked.failure);
            let file = &self.files[index];
            if self.options.write
                && let Some((before, after)) = looked.change.take()
                && let Err(error) = disk::replace(&file.disk, &before, &after)
            {
                let message = format!("the fixed file could not be written: {error}");
                let at = ruff_text_size::TextRange::default();
                let rule = builtin::FIX_FAILED;
                diagnostics = vec![Diagnostic::new(rule, Severity::Error, at, message)];
                looked.applied.clear();
            }
            (!diagnostics.is_empty() || !looked.applied.is_empty()).then(|| FileOutcome {
                path: file.path.clone(),
                disk: file.disk.clone(),
                settings: Arc::clone(&file.settings),
                diagnostics,
                fixed: counted(looked.applied),
                change: looked.change,
            })
        };
        let all: Vec<(Vec<Diagnostic>, Looked)> = linked.into_iter().zip(looked).collect();
        match all.len() {
            1 => all.into_iter().enumerate().filter_map(conclude).collect(),
            _ => all.into_par_iter().enumerate().filter_map(conclude).collect(),
        }
    }

    fn table(&self, index: usize) -> &Table {
        &self.tables[self.table_of[index]]
    }

    fn values(&self, index: usize, text: &str) -> Cow<'_, Values> {
        let file = &self.files[index];
        file.settings.values_for_text(&file.disk, text)
    }

    fn judge(&self, index: usize) -> Judge<'_> {
        let file = &self.files[index];
        Judge {
            names: &self.names,
            settings: &file.settings,
            disk: &file.disk,
            ignore_suppressions: self.options.ignore_suppressions,
            ignore_per_file_ignores: self.options.ignore_per_file_ignores,
        }
    }
}

/// What came of fixing a file: if it did not end well, the file is as it was.
fn conclude_fixing(
    before: Source,
    fixing: Fixing,
    check: impl Fn(&Source) -> FileReport,
) -> Looked {
    let ended_badly = fixing.failure.is_some();
    if ended_badly {
        let report = check(&before);
        return Looked { failure: fixing.failure, ..Looked::unchanged(report) };
    }
    let changed = before.text() != fixing.source.text();
    Looked {
        applied: if changed { fixing.applied } else { Vec::new() },
        change: changed.then_some((before, fixing.source)),
        ..Looked::unchanged(fixing.report)
    }
}

/// Leaves the path behind, so that the facts can be given back to where they were.
fn take_facts(facts: &mut FileFacts) -> FileFacts {
    std::mem::take(facts)
}

/// Puts linked facts back into the reports, but not over newer ones. Those of other files are left.
fn give_back(project: Project, looked: &mut [Looked]) -> Vec<FileFacts> {
    let mut all = project.into_files();
    let others = all.split_off(looked.len());
    for (facts, looked) in all.into_iter().zip(looked) {
        if looked.facts.path().is_empty() {
            looked.facts = facts;
        }
    }
    others
}

/// How often each fix was applied.
fn counted(mut applied: Vec<(String, String)>) -> Vec<(String, String, usize)> {
    applied.sort_unstable();
    let mut counted: Vec<(String, String, usize)> = Vec::new();
    for (rule, title) in applied {
        match counted.last_mut() {
            Some((last, same, count)) if *last == rule && *same == title => *count += 1,
            _ => counted.push((rule, title, 1)),
        }
    }
    counted
}
