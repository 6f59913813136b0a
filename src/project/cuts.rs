//! Where an import cycle may be cut, and what comes of it if files were written differently.

use super::cycles::{Cycle, Edge, MODE};
use super::import_time::{Entry, Graph, Missing, Outcome, Simulation};
use super::{FileId, Project};
use crate::facts::FileFacts;

/// No project in earnest has more places where a cycle may be cut, and tries cost time.
pub(super) const MOST_TRIES: usize = 12;

/// So many entries outside of a cycle are looked at.
const MOST_OTHERS: usize = 64;

/// What comes of the entries that a cycle concerns.
#[derive(Clone, Debug, PartialEq)]
pub struct Consequences {
    entries: Vec<EntryResult>,
}

/// What comes of an entry.
#[derive(Clone, Debug, PartialEq)]
struct EntryResult {
    is_public: bool,
    /// Why it does not load, if it does not.
    failure: Option<EntryFailure>,
    /// The modules that are there then, sorted.
    loaded: Vec<FileId>,
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

impl Consequences {
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
    /// The import statements on the ways to what fails, nearest first: where a cycle may be cut.
    pub fn places_to_cut(&self, cycle: &Cycle) -> Vec<Edge> {
        let mut places: Vec<Edge> = Vec::new();
        for failing in &cycle.failures {
            let failure = &failing.failure;
            let Some(missing) = &failure.missing else { continue };
            // From the statement that fails back to the module that is not ready.
            let begin = failure.trail.iter().position(|hop| hop.to == missing.module);
            let begin = begin.map_or(0, |at| at + 1);
            let hops = failure.trail[begin..].iter().rev().map(|hop| (hop.file, hop.at, hop.to));
            let all = std::iter::once((failure.file, failure.at, missing.module)).chain(hops);
            for (file, at, to) in all {
                let mut imports = self.file(file).imports().iter();
                let import = imports.find(|import| import.range().start() == at);
                let is_new = |range| !places.iter().any(|it| it.from == file && it.range() == range);
                if let Some(import) = import.filter(|import| is_new(import.range())) {
                    places.push(Edge::new(file, to, import.range()));
                }
            }
            if places.len() >= MOST_TRIES {
                break;
            }
        }
        places.truncate(MOST_TRIES);
        places
    }

    /// What comes of the entries that a cycle concerns: its modules, and the public ones that import
    /// them. Imports can be left out.
    pub fn consequences(&self, cycle: &Cycle, without: &[Edge]) -> Consequences {
        let graph = Graph::new(self);
        let mut simulation = Simulation::new(self, &graph, MODE);
        let without: Vec<_> = without.iter().map(|edge| (edge.from, edge.range().start())).collect();
        simulation.set_without(&without);
        let mut entries = self.entries(&graph, &cycle.members);
        let importing = graph.importing(&cycle.members);
        let mut others = self.entries(&graph, &importing);
        others.retain(|(_, is_public)| *is_public);
        others.truncate(MOST_OTHERS);
        entries.extend(others);
        let look = |(entry, is_public): (Entry, bool)| {
            let failure = match simulation.run(entry) {
                Outcome::Fine => None,
                Outcome::Fails(failure) => {
                    let is_own = |it: &Missing| cycle.members.contains(&it.module);
                    Some(match failure.missing.as_ref().is_some_and(is_own) {
                        true => EntryFailure::Cycle,
                        false => EntryFailure::Other,
                    })
                }
                Outcome::Unknown => Some(EntryFailure::Other),
            };
            let mut loaded = simulation.loaded();
            loaded.sort_unstable();
            EntryResult { is_public, failure, loaded }
        };
        Consequences { entries: entries.into_iter().map(look).collect() }
    }

    /// The same, if some files had other facts.
    pub fn consequences_with(
        &mut self,
        cycle: &Cycle,
        changed: Vec<(FileId, FileFacts)>,
    ) -> Consequences {
        let before: Vec<(FileId, FileFacts)> = changed
            .into_iter()
            .map(|(file, facts)| (file, std::mem::replace(&mut self.files[file.index()], facts)))
            .collect();
        let consequences = self.consequences(cycle, &[]);
        for (file, facts) in before {
            self.files[file.index()] = facts;
        }
        consequences
    }

    /// Whether another file may use a name of a module.
    pub fn is_used_elsewhere(&self, module: FileId, name: &str) -> bool {
        let own = self.modules.package(self.file(module).module().as_str());
        (0..self.files.len()).map(FileId::new).filter(|other| *other != module).any(|other| {
            let facts = self.file(other);
            facts.imports().iter().enumerate().any(|(at, import)| {
                let mut names = facts.imported().of(at as u32).iter().map(|it| facts.text(*it));
                let package = self.dotted_package(other, import.module);
                if package.is_none() {
                    return false;
                }
                if package == own {
                    // The module itself is at hand, or its names are.
                    return match import.is_from() {
                        true => names.any(|it| it == name || it == "*"),
                        false => facts.has_text(name),
                    };
                }
                // `from package import module`
                let is_it = |it| self.modules.inside(package, it) == own && own.is_some();
                names.any(|it| is_it(it)) && facts.has_text(name)
            })
        })
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
