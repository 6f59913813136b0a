//! Where an import cycle may be cut, and what comes of it if files were written differently.

use std::sync::{Arc, PoisonError};

use super::cycles::{Cycle, Edge, MODE};
use super::import_time::{
    Entry, Files, Graph, ImportFailure, Memory, Missing, Outcome, Simulation,
};
use super::resolve::Lookups;
use super::{FileId, Project};
use crate::facts::FileFacts;

/// No project in earnest has more places where a cycle may be cut, and tries cost time.
pub(super) const MOST_TRIES: usize = 12;

/// So many entries outside of a cycle are looked at.
pub(super) const MOST_OTHERS: usize = 32;

/// A cycle that is to be cut, and whom it concerns.
#[derive(Clone, Copy)]
pub(crate) struct Concern<'s> {
    pub(crate) graph: &'s Graph,
    pub(crate) cycle: &'s Cycle,
    /// The entries, and whether they are public: see [`Project::concerned`].
    pub(crate) entries: &'s [(Entry, bool)],
}

/// What comes of the entries that a cycle concerns.
#[derive(Clone, Debug, PartialEq)]
pub struct Consequences {
    entries: Vec<EntryResult>,
    /// The import statements on the ways to what fails, nearest first: where the cycle may be cut.
    pub places: Vec<Edge>,
}

/// What comes of an entry.
#[derive(Clone, Debug, PartialEq)]
struct EntryResult {
    is_public: bool,
    /// Why it does not load, if it does not.
    failure: Option<EntryFailure>,
    /// The modules that are there then, sorted.
    loaded: Vec<FileId>,
    /// The files that it has executed, if it loads.
    executed: Option<Files>,
}

/// Why an entry does not load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EntryFailure {
    /// For the cycle.
    Cycle,
    /// For something else, or it is not known.
    Other,
}

/// What a change does to the entries that a cycle concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All that failed for the cycle loads, and nothing else has changed but, perhaps, what is
    /// imported besides.
    Repairs {
        /// Whether each public entry imports what it did before.
        loads_the_same: bool,
    },
    /// Some of what failed loads, and nothing else fails.
    Helps,
    /// Nothing is better, and nothing is worse.
    Changes,
    /// Something is worse.
    No,
}

/// Whether a name of a module is used by other files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// It is taken from there, or all names are.
    Somewhere,
    /// The module is at hand somewhere.
    Perhaps,
    /// Nobody does.
    Nowhere,
}

/// An import statement that names a module.
#[derive(Clone, Copy)]
pub(super) struct Mention {
    file: FileId,
    /// Its index among those of the file.
    import: u32,
    /// Whether it gives the file the module, and not names of it.
    is_whole: bool,
}

impl Consequences {
    /// Whether an entry loads.
    pub fn has_success(&self) -> bool {
        self.entries.iter().any(|it| it.failure.is_none())
    }

    /// What has become better or worse.
    pub fn after(&self, changed: &Consequences) -> Verdict {
        let (mut failing, mut failed, mut loads_the_same) = (0, 0, true);
        for (before, after) in self.entries.iter().zip(&changed.entries) {
            match (before.failure, after.failure) {
                (None, Some(_)) => return Verdict::No,
                (Some(EntryFailure::Cycle), after) => {
                    failed += 1;
                    failing += usize::from(after.is_some());
                }
                (_, after) => failing += usize::from(after == Some(EntryFailure::Cycle)),
            }
            let is_same = before.failure.is_some() || before.loaded == after.loaded;
            loads_the_same &= is_same || !before.is_public;
        }
        match failing {
            0 if failed > 0 => Verdict::Repairs { loads_the_same },
            _ if failing < failed => Verdict::Helps,
            _ if failing == failed => Verdict::Changes,
            _ => Verdict::No,
        }
    }
}

impl Project {
    /// The entries that a cycle concerns, and whether they are public: those that fail come first, then
    /// its other modules, and the public ones that import them.
    pub(crate) fn concerned(&self, graph: &Graph, cycle: &Cycle) -> Vec<(Entry, bool)> {
        let failing = cycle.failures.iter().map(|it| (it.entry, it.is_public));
        let mut entries: Vec<(Entry, bool)> = failing.collect();
        let mut others = self.entries(graph, &cycle.members);
        others.extend(self.public_entries_to(graph, &cycle.members));
        others.retain(|other| !entries.iter().any(|(entry, _)| *entry == other.0));
        entries.extend(others);
        entries
    }

    /// What comes of the entries that a cycle concerns.
    pub(crate) fn consequences(&self, concern: Concern<'_>, memory: &mut Memory) -> Consequences {
        self.consequences_after(concern, memory, &[], None)
    }

    /// The same, where some files are not as they were `before`. Nothing has changed for entries
    /// that do not execute them. In a try, the others are only looked at if one of those loads that
    /// fail.
    fn consequences_after(
        &self,
        Concern { graph, cycle, entries: concerned }: Concern<'_>,
        memory: &mut Memory,
        changed: &[FileId],
        before: Option<(&Consequences, bool)>,
    ) -> Consequences {
        let mut simulation = Simulation::after(self, graph, MODE, std::mem::take(memory));
        let mut places = Vec::new();
        let mut look = |(entry, is_public): (Entry, bool)| {
            let failure = match simulation.run(entry) {
                Outcome::Fine => None,
                Outcome::Fails(failure) => {
                    let is_own = |it: &Missing| cycle.members.contains(&it.module);
                    Some(match failure.missing.as_ref().is_some_and(is_own) {
                        true => {
                            self.add_places(&failure, &mut places);
                            EntryFailure::Cycle
                        }
                        false => EntryFailure::Other,
                    })
                }
                Outcome::Unknown => Some(EntryFailure::Other),
            };
            let mut loaded = simulation.loaded();
            loaded.sort_unstable();
            let executed = failure.is_none().then(|| simulation.executed().clone());
            EntryResult { is_public, failure, loaded, executed }
        };
        let failing = cycle.failures.len();
        let mut entries: Vec<EntryResult> = Vec::with_capacity(concerned.len());
        for (at, entry) in concerned.iter().enumerate() {
            let is_useless = at == failing && entries.iter().all(|it| it.failure.is_some());
            if is_useless && before.is_some_and(|(_, is_try)| is_try) {
                break;
            }
            let before = before.map(|(it, _)| &it.entries[at]).filter(|it| {
                let executed = it.executed.as_ref();
                executed.is_some_and(|it| !changed.iter().any(|file| it.contains(*file)))
            });
            entries.push(before.cloned().unwrap_or_else(|| look(*entry)));
        }
        *memory = simulation.into_memory();
        Consequences { entries, places }
    }

    /// The import statements on the ways to what fails in a cycle, nearest first.
    pub fn places_to_cut(&self, cycle: &Cycle) -> Vec<Edge> {
        let mut places = Vec::new();
        cycle.failures.iter().for_each(|it| self.add_places(&it.failure, &mut places));
        places.truncate(MOST_TRIES);
        places
    }

    /// Adds the import statements from one that fails back to the module that is not ready.
    pub(super) fn add_places(&self, failure: &ImportFailure, places: &mut Vec<Edge>) {
        let Some(missing) = &failure.missing else { return };
        let begin = failure.trail.iter().position(|hop| hop.to == missing.module);
        let begin = begin.map_or(0, |at| at + 1);
        let hops = failure.trail[begin..].iter().rev().map(|hop| (hop.file, hop.at, hop.to));
        for (file, at, to) in
            std::iter::once((failure.file, failure.at, missing.module)).chain(hops)
        {
            let mut imports = self.file(file).imports().iter();
            let Some(import) = imports.find(|import| import.range().start() == at) else {
                continue;
            };
            let is_known = |it: &Edge| it.from == file && it.range() == import.range();
            if !places.iter().any(is_known) {
                places.push(Edge::new(file, to, import.range()));
            }
        }
    }

    /// The same, if some files had other facts.
    pub(crate) fn consequences_with(
        &mut self,
        concern: Concern<'_>,
        memory: &mut Memory,
        before: (&Consequences, bool),
        changed: impl IntoIterator<Item = (FileId, FileFacts)>,
    ) -> Consequences {
        let as_before: Vec<(FileId, FileFacts)> = changed
            .into_iter()
            .map(|(file, facts)| (file, std::mem::replace(&mut self.files[file.index()], facts)))
            .collect();
        let files: Vec<FileId> = as_before.iter().map(|it| it.0).collect();
        // Other files may have looked up what the changed ones bind.
        let known = std::mem::replace(&mut self.lookups, Lookups::of_files(self.files.len()));
        let graph = concern.graph.changed(self, &files);
        let shelved = memory.shelve(&files);
        let concern = Concern { graph: &graph, ..concern };
        let consequences = self.consequences_after(concern, memory, &files, Some(before));
        memory.unshelve(shelved);
        self.lookups = known;
        for (file, facts) in as_before {
            self.files[file.index()] = facts;
        }
        consequences
    }

    /// How another file may use a name of a module.
    pub fn used_elsewhere(&self, module: FileId, name: &str) -> Elsewhere {
        let mut found = Elsewhere::Nowhere;
        for Mention { file, import, is_whole } in self.mentions(module).iter() {
            let facts = self.file(*file);
            let mut names = facts.imported().of(*import).iter().map(|it| facts.text(*it));
            let takes_name = match is_whole {
                // What it has a name for it may well mean by it.
                true => facts.has_text(name) && facts.binding(name).is_none(),
                false => names.any(|it| it == name || it == "*"),
            };
            if takes_name {
                return Elsewhere::Somewhere;
            }
            if *is_whole {
                found = Elsewhere::Perhaps;
            }
        }
        found
    }

    /// The import statements of other files that name a module. Cuts of one cycle ask for the same
    /// few again and again.
    fn mentions(&self, module: FileId) -> Arc<[Mention]> {
        let mut known = self.mentions.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(module).or_insert_with(|| self.find_mentions(module)))
    }

    fn find_mentions(&self, module: FileId) -> Arc<[Mention]> {
        let own = self.modules.package(self.file(module).module().as_str());
        let Some(own) = own else { return Arc::default() };
        let is_last = |it: &str| it == self.modules.last_part(own);
        let mut found = Vec::new();
        let others = (0..self.files.len()).map(FileId::new).filter(|other| *other != module);
        for (file, facts) in others.map(|other| (other, self.file(other))) {
            for (import, statement) in facts.imports().iter().enumerate() {
                // Most speak of something else, which is seen at the last part of the name.
                let import = import as u32;
                let mut names = facts.imported().of(import).iter().map(|it| facts.text(*it));
                let is_of_module = is_last(facts.text(facts.parts(statement.module).last));
                if !is_of_module && !names.clone().any(is_last) {
                    continue;
                }
                let Some(package) = self.dotted_package(file, statement.module) else { continue };
                let is_whole = match package == own {
                    true => !statement.is_from(),
                    // `from package import module`
                    false
                        if names.any(|it| self.modules.inside(Some(package), it) == Some(own)) =>
                    {
                        true
                    }
                    false => continue,
                };
                found.push(Mention { file, import, is_whole });
            }
        }
        found.into()
    }

    /// The module that a name in a package is, unless the package binds the name itself.
    pub fn is_module_of(&self, from: FileId, package: &str, name: &str) -> bool {
        let Some(around) = self.modules.package(package) else { return false };
        let inner = self.modules.inside(Some(around), name);
        let module = inner.and_then(|it| self.module_file(from, it));
        let init = self.module_file(from, around);
        module.is_some() && init.is_none_or(|it| self.file(it).binding(name).is_none())
    }
}
