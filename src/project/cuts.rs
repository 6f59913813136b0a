//! Where an import cycle may be cut, and what comes of it if files were written differently.

use std::sync::{Arc, PoisonError};

use super::cycles::{Cycle, Edge, EntryFailure, EntryOutcome, MODE, outcome_of};
use super::import_time::{Entry, Graph, ImportFailure, Memory, Simulation};
use super::resolve::Lookups;
use super::{FileId, Project};
use crate::facts::FileFacts;

/// No project in earnest has more places where a cycle may be cut, and tries cost time.
pub(super) const MOST_TRIES: usize = 12;

/// So many entries outside of a cycle are looked at.
pub(super) const MOST_OTHERS: usize = 32;

/// A cycle that is to be cut, and the graph that it lies in.
#[derive(Clone, Copy)]
pub(crate) struct Concern<'s> {
    pub(crate) graph: &'s Graph,
    pub(crate) cycle: &'s Cycle,
}

/// What comes of the entries that a cycle concerns.
#[derive(Clone, Debug, PartialEq)]
pub struct Consequences {
    entries: Vec<EntryOutcome>,
    /// The import statements on the ways to what fails, nearest first: where the cycle may be cut.
    pub places: Vec<Edge>,
    /// Those of them that ask for what is not ready, and do not only lead there.
    pub(crate) asking: Vec<Edge>,
    /// Whether something still fails that would no longer be found, since import statements that run
    /// when modules are imported do not close its cycle any more, but those in functions do.
    pub(crate) hides_failures: bool,
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
    /// What comes of the entries of a cycle: of those that fail first.
    pub(crate) fn consequences(&self, cycle: &Cycle) -> Consequences {
        let is_of = |entry: Entry| move |it: &&EntryOutcome| it.entry == entry;
        let failing =
            cycle.failures.iter().filter_map(|it| cycle.outcomes.iter().find(is_of(it.entry)));
        let is_failing =
            |it: &&EntryOutcome| cycle.failures.iter().any(|failing| failing.entry == it.entry);
        let others = cycle.outcomes.iter().filter(|it| !is_failing(it));
        let entries = failing.chain(others).cloned().collect();
        let (mut places, mut asking) = (Vec::new(), Vec::new());
        for failing in &cycle.failures {
            self.add_places(&failing.failure, &mut places);
            self.add_asking(&failing.failure, &mut asking);
        }
        let others: Vec<Edge> = asking.iter().filter(|it| !places.contains(it)).copied().collect();
        places.extend(others);
        places.truncate(MOST_TRIES);
        Consequences { entries, places, asking, hides_failures: false }
    }

    /// The same, where some files are not as they were `before`. Nothing has changed for entries
    /// that do not execute them. In a try, the others are only looked at if one of those loads that
    /// fail.
    fn consequences_after(
        &self,
        Concern { graph, cycle }: Concern<'_>,
        memory: &mut Memory,
        changed: &[FileId],
        (before, is_try): (&Consequences, bool),
    ) -> Consequences {
        let mut simulation = Simulation::after(self, graph, MODE, std::mem::take(memory));
        let (mut places, mut asking, mut left) = (Vec::new(), Vec::new(), Vec::new());
        let mut entries: Vec<EntryOutcome> = Vec::with_capacity(before.entries.len());
        for (at, before) in before.entries.iter().enumerate() {
            let is_useless =
                at == cycle.failures.len() && entries.iter().all(|it| it.failure.is_some());
            if is_try && is_useless {
                break;
            }
            let executed = before.executed.as_ref();
            if executed.is_some_and(|it| !changed.iter().any(|file| it.contains(*file))) {
                entries.push(before.clone());
                continue;
            }
            let entry = (before.entry, before.is_public);
            let (outcome, failure) = outcome_of(&mut simulation, &cycle.members, entry);
            if let Some(failure) = &failure {
                self.add_places(failure, &mut places);
                self.add_asking(failure, &mut asking);
                left.extend(failure.missing.as_ref().map(|it| (entry.0.file(), it.module)));
            }
            entries.push(outcome);
        }
        *memory = simulation.into_memory();
        let others: Vec<Edge> = asking.iter().filter(|it| !places.contains(it)).copied().collect();
        places.extend(others);
        let is_better = entries.iter().any(|it| it.failure.is_none());
        let hides_failures = (is_better || !is_try) && !left.is_empty() && {
            let components = graph.components();
            let is_found = |(entry, missing): &(FileId, FileId)| {
                let is_outside = !cycle.members.contains(entry);
                let holds =
                    |it: &Vec<FileId>| it.contains(missing) && (is_outside || it.contains(entry));
                components.iter().any(holds)
            };
            !left.iter().all(is_found)
        };
        Consequences { entries, places, asking, hides_failures }
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
            let edge = Edge::new(file, to, import.range());
            if !places.contains(&edge) {
                places.push(edge);
            }
        }
    }

    /// Adds the import statements that ask for what is not ready; where it is no import statement that
    /// fails, those that give the module what it asks.
    fn add_asking(&self, failure: &ImportFailure, asking: &mut Vec<Edge>) {
        let Some(missing) = &failure.missing else { return };
        let imports = self.file(failure.file).imports();
        let is_import = imports.iter().any(|import| import.range().start() == failure.at);
        for (at, import) in (0..).zip(imports) {
            let is_asking = match is_import {
                true => import.range().start() == failure.at,
                false => {
                    let mut is_source = false;
                    self.imported(failure.file, at, &mut |to| is_source |= to == missing.module);
                    is_source
                }
            };
            let edge = Edge::new(failure.file, missing.module, import.range());
            if is_asking && !asking.contains(&edge) {
                asking.push(edge);
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
        let consequences = self.consequences_after(concern, memory, &files, before);
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
