//! The files that nobody asked for, but that those which somebody asked for import: other modules of
//! the project where only some were named, and a few of the libraries that it uses. They are found
//! and read as they are needed, round by round; nothing is reported about them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::environment::{self, Libraries, site_packages};
use super::file::{Input, check_source};
use super::finder::{Finder, Found, SearchPath};
use super::roots::Roots;
use super::run::on_deep_stack;
use super::table::Table;
use super::{FileToCheck, disk};
use crate::config::Settings;
use crate::facts::{FileFacts, FileInfo, Standing};
use crate::project::{Answer, Draft, FileId, WantedModule};
use crate::semantic::ModuleName;

/// As few files as are read one after the other where there are no threads yet.
const FEW: usize = 16;

/// Reads what is missing.
pub(super) struct Others<'a> {
    files: &'a [FileToCheck],
    libraries: &'a Libraries,
    /// Whether there are threads to read with.
    has_threads: bool,
    extent: Extent,
    finder: Finder,
    roots: Roots,
    /// The search paths; the first is that of the environment.
    paths: Vec<SearchPath>,
    /// The search path of each root of the project.
    path_of: FxHashMap<PathBuf, usize>,
    /// The environment of each folder that was asked about; all of one run share the first.
    environments: FxHashMap<PathBuf, Option<PathBuf>>,
    environment: Option<PathBuf>,
    table: Table,
}

/// Something that was found and is to be read.
struct Job {
    info: Arc<FileInfo>,
    disk: PathBuf,
    settings: Arc<Settings>,
}

/// What is to be read in a round, each file once.
#[derive(Default)]
struct Jobs {
    jobs: Vec<Job>,
    by_disk: FxHashMap<PathBuf, usize>,
}

/// How much is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// What rules ask about: an editor waits for its one file.
    Asked,
    /// What the files import themselves, too.
    Imported,
    /// What that imports of the project, to the end.
    Everything,
}

/// What is to be answered.
enum Plan {
    Now(Answer),
    /// With what comes of the job of this number.
    Read(usize),
}

impl<'a> Others<'a> {
    pub(super) fn new(
        files: &'a [FileToCheck],
        libraries: &'a Libraries,
        has_threads: bool,
        extent: Extent,
    ) -> Others<'a> {
        let environment = match libraries {
            Libraries::In(path) => path.clone(),
            Libraries::Nowhere | Libraries::Beside => SearchPath::default(),
        };
        Others {
            files,
            libraries,
            has_threads,
            extent,
            finder: Finder::default(),
            roots: Roots::default(),
            paths: vec![environment],
            path_of: FxHashMap::default(),
            environments: FxHashMap::default(),
            environment: None,
            table: Table::new(&[], |_| true),
        }
    }

    /// Reads what a project needs beyond its files.
    pub(super) fn read(&mut self, draft: &mut Draft) {
        let mut read = Read::of(draft);
        if self.extent == Extent::Asked {
            draft.begin_alone();
        } else {
            let wanted = draft.imported();
            let found = self.answer(draft, &wanted, &mut read);
            draft.begin(&found);
        }
        loop {
            let wanted = draft.wanted();
            if wanted.is_empty() {
                break;
            }
            self.answer(draft, &wanted, &mut read);
        }
        while self.extent == Extent::Everything {
            let wanted = draft.imported_further();
            if wanted.is_empty() {
                break;
            }
            self.answer(draft, &wanted, &mut read);
        }
    }

    /// Answers what is wanted; tells which of it was found.
    fn answer(
        &mut self,
        draft: &mut Draft,
        wanted: &[WantedModule],
        read: &mut Read,
    ) -> Vec<WantedModule> {
        let mut jobs = Jobs::default();
        let plans: Vec<Plan> =
            wanted.iter().map(|wanted| self.plan(draft, wanted, read, &mut jobs)).collect();
        let Jobs { jobs, .. } = jobs;
        let mut facts = self.facts(&jobs);
        let mut found = Vec::new();
        for (wanted, plan) in wanted.iter().zip(plans) {
            let answer = match plan {
                Plan::Now(answer) => answer,
                Plan::Read(job) => match (facts[job].take(), read.ids.get(&jobs[job].info.path)) {
                    (Some(facts), _) => Answer::Facts(Box::new(facts)),
                    (None, Some(id)) => Answer::Known(*id),
                    (None, None) => Answer::Nothing,
                },
            };
            if !matches!(answer, Answer::Nothing) {
                found.push(wanted.clone());
            }
            if let Some(id) = draft.answer(wanted, answer) {
                read.ids.insert(draft.project().file(id).path().to_owned(), id);
                read.near.insert(id, read.near_to(draft, wanted.from));
            }
        }
        found
    }

    fn plan(&mut self, draft: &Draft, wanted: &WantedModule, read: &Read, jobs: &mut Jobs) -> Plan {
        let files = self.files;
        let near = &files[read.near_to(draft, wanted.from)];
        let which = match wanted.is_installed {
            true => self.environment(near).then_some(0),
            false => Some(self.project_path(draft, wanted.from, near)),
        };
        let Some(which) = which else { return Plan::Now(Answer::Nothing) };
        let disk = match self.finder.find(which, &self.paths[which], &wanted.module) {
            Found::Nothing => return Plan::Now(Answer::Nothing),
            Found::Namespace(_) => return Plan::Now(Answer::Namespace),
            Found::Package(_, disk) | Found::Module(disk) => disk,
        };
        if let Some(job) = jobs.by_disk.get(&disk) {
            return Plan::Read(*job);
        }
        let path = shown(&disk, near);
        let known = draft.project().file_at(&path).or_else(|| read.ids.get(&path).copied());
        match known {
            None => {}
            Some(id) if draft.project().is_installed(id) == wanted.is_installed => {
                return Plan::Now(Answer::Known(id));
            }
            // The project itself, installed to be worked on: it is not two things.
            Some(_) => return Plan::Now(Answer::Nothing),
        }
        let settings = Arc::clone(&near.settings);
        let info = match wanted.is_installed {
            true => installed_info(path, &wanted.module, &disk),
            false => {
                let file =
                    FileToCheck { path, disk: disk.clone(), settings: Arc::clone(&settings) };
                FileInfo { standing: Standing::Read, ..self.roots.info(&file) }
            }
        };
        let job = jobs.jobs.len();
        jobs.by_disk.insert(disk.clone(), job);
        jobs.jobs.push(Job { info: Arc::new(info), disk, settings });
        Plan::Read(job)
    }

    /// The search path of a file of the project.
    fn project_path(&mut self, draft: &Draft, asker: FileId, near: &FileToCheck) -> usize {
        let root = folder_of_paths(near).join(draft.project().file(asker).root());
        if let Some(known) = self.path_of.get(&root) {
            return *known;
        }
        let mut folders = vec![root.clone()];
        folders.extend(near.settings.src().iter().cloned());
        self.paths.push(SearchPath { folders, mapped: Vec::new() });
        let which = self.paths.len() - 1;
        self.path_of.insert(root, which);
        which
    }

    /// Whether there is an environment for a file; it becomes that of the run. In a run over
    /// several projects the libraries of all but one are unknown.
    fn environment(&mut self, near: &FileToCheck) -> bool {
        match self.libraries {
            Libraries::Nowhere => return false,
            Libraries::In(_) => return true,
            Libraries::Beside => {}
        }
        let folder = near.disk.parent().unwrap_or(&near.disk);
        let known = self.environments.entry(folder.to_owned());
        let own = known.or_insert_with(|| environment::beside(folder, near.settings.root()));
        let Some(own) = own else { return false };
        match &self.environment {
            Some(environment) => environment == own,
            None => {
                self.paths[0] = site_packages(own).unwrap_or_default();
                self.environment = Some(own.clone());
                true
            }
        }
    }

    fn facts(&self, jobs: &[Job]) -> Vec<Option<FileFacts>> {
        let read = |job: &Job| facts_of(job, &self.table);
        match jobs.len() {
            _ if self.has_threads => jobs.par_iter().map(read).collect(),
            0..FEW => jobs.iter().map(read).collect(),
            _ => on_deep_stack(false, None, || jobs.par_iter().map(read).collect()),
        }
    }
}

/// What was read so far.
#[derive(Default)]
struct Read {
    /// The files, by their paths.
    ids: FxHashMap<String, FileId>,
    /// For each, a file that was asked for and lies near: its settings and folder count.
    near: FxHashMap<FileId, usize>,
}

impl Read {
    /// What a draft has already.
    fn of(draft: &Draft) -> Read {
        let others = draft.project().others();
        let ids = others.map(|(id, facts)| (facts.path().to_owned(), id)).collect();
        Read { ids, near: FxHashMap::default() }
    }

    fn near_to(&self, draft: &Draft, id: FileId) -> usize {
        match draft.project().is_checked(id) {
            true => id.index(),
            false => self.near.get(&id).copied().unwrap_or(0),
        }
    }
}

/// The facts of a file: `None` where it cannot be read or is not Python.
fn facts_of(job: &Job, table: &Table) -> Option<FileFacts> {
    let source = disk::read(&job.disk).ok()?;
    let values = job.settings.values();
    let report = check_source(&Input { info: &job.info, text: source.text(), table, values });
    (!report.is_broken).then_some(report.facts)
}

fn installed_info(path: String, module: &str, disk: &Path) -> FileInfo {
    let is_package = disk.ends_with("__init__.py");
    let parts = module.split('.').count() + usize::from(is_package);
    let root = path.rmatch_indices('/').nth(parts - 1).map_or("", |(at, _)| &path[..at]);
    FileInfo {
        root: root.to_owned(),
        module: ModuleName::new(module, is_package),
        standing: Standing::Installed,
        path,
    }
}

/// The folder that the paths of a run are shown relative to.
pub(super) fn folder_of_paths(file: &FileToCheck) -> &Path {
    let parts = Path::new(&file.path).components().count();
    file.disk.ancestors().nth(parts).unwrap_or(Path::new(""))
}

/// A path as it is shown and as facts carry it: see [`FileToCheck::path`].
fn shown(disk: &Path, near: &FileToCheck) -> String {
    let folder = folder_of_paths(near);
    let path = match Path::new(&near.path).is_absolute() {
        true => disk,
        false => disk.strip_prefix(folder).unwrap_or(disk),
    };
    let path = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { path.into_owned() } else { path.replace('\\', "/") }
}
