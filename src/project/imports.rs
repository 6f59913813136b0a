//! Import statements: which modules each imports, and for what.

use ruff_text_size::TextSize;

use crate::facts::{ImportFacts, ImportKind};

use super::cycles::{Cycle, MODE, shortest_cycle};
use super::import_time::{Entry, ImportFailure, Outcome, Simulation, targets};
use super::{Edge, FileId, Project};

/// An import statement that makes one module import another, as people look at it.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportEdge {
    /// Who imports whom, and where.
    pub edge: Edge,
    /// When it runs.
    pub kind: ImportKind,
    /// Whether a `try` is prepared for its failure.
    pub is_guarded: bool,
    /// The names that are imported of the module, as they are written: `*` for all. None where it is
    /// the module itself.
    pub names: Vec<String>,
    /// Whether the module is imported only because what is asked for lies in it: Python imports the
    /// packages around a module first.
    pub is_on_the_way: bool,
    /// How many names would have to be had in another way without it: a module counts as one, `*`
    /// as all public names that the module binds.
    pub cost: usize,
}

/// Modules that are looked at, and some that are in a cycle with them.
#[derive(Clone, Debug)]
pub struct ModulesWithCycles {
    /// Whether each file is one of them.
    is_shown: Vec<bool>,
    /// The number of the group of modules that each is in which import one another.
    groups: Vec<Option<usize>>,
}

impl ModulesWithCycles {
    /// Whether a file is one of them.
    pub fn contains(&self, file: FileId) -> bool {
        self.is_shown[file.index()]
    }

    fn is_in_cycle_with(&self, one: FileId, other: FileId) -> bool {
        let group = self.groups[one.index()];
        group.is_some() && group == self.groups[other.index()]
    }
}

impl Project {
    /// The modules that are looked at, and of their cycles so much of the others that it is seen how
    /// each is in one, and how what fails does so.
    pub fn modules_with_cycles(&self, cycles: &[Cycle]) -> ModulesWithCycles {
        let graph = self.import_graph();
        let mut groups = vec![None; self.files.len()];
        let mut is_shown: Vec<bool> =
            (0..self.files.len()).map(|at| self.is_checked(FileId::new(at))).collect();
        for (number, cycle) in cycles.iter().enumerate() {
            cycle.members.iter().for_each(|member| groups[member.index()] = Some(number));
            let is_whole = cycle.members.iter().all(|it| self.is_checked(*it));
            for member in cycle.members.iter().filter(|it| self.is_checked(**it) && !is_whole) {
                for edge in shortest_cycle(&graph.executed, &cycle.members, *member) {
                    is_shown[edge.from.index()] = true;
                }
            }
            for failing in cycle.failures.iter().filter(|it| self.is_checked(it.file())) {
                for hop in
                    failing.failure.trail.iter().filter(|hop| cycle.members.contains(&hop.to))
                {
                    is_shown[hop.to.index()] = true;
                }
            }
        }
        for (is_one, facts) in is_shown.iter_mut().zip(&self.files) {
            *is_one &= !facts.is_stub();
        }
        ModulesWithCycles { is_shown, groups }
    }

    /// The imports among some modules, in the order of files and statements. Of a statement, each
    /// module is there once.
    pub fn import_edges(&self, modules: &ModulesWithCycles) -> Vec<ImportEdge> {
        let mut found = Vec::new();
        for file in (0..self.files.len()).map(FileId::new).filter(|it| modules.contains(*it)) {
            let first = found.len();
            for (at, import) in self.file(file).imports().iter().enumerate() {
                self.add_edges(file, at as u32, import, modules, &mut found);
            }
            found[first..].sort_by_key(|it: &ImportEdge| (it.edge.range().start(), it.edge.to));
        }
        found
    }

    /// Those of some modules that fail if they come first, for want of a name that a module has not
    /// bound yet. Some import statements are left out.
    pub fn failing_entries(
        &self,
        files: &[FileId],
        without: &[(FileId, TextSize)],
    ) -> Vec<(FileId, ImportFailure)> {
        let graph = self.import_graph();
        let mut simulation = Simulation::new(self, &graph, MODE);
        simulation.set_without(without);
        let failing = |file: &FileId| match simulation.run(Entry::Module(*file)) {
            Outcome::Fails(failure) if failure.missing.is_some() => Some((*file, failure)),
            _ => None,
        };
        files.iter().filter_map(failing).collect()
    }

    fn add_edges(
        &self,
        from: FileId,
        at: u32,
        import: &ImportFacts,
        shown: &ModulesWithCycles,
        found: &mut Vec<ImportEdge>,
    ) {
        let mut modules = targets(self, from, at, import);
        // Of a module that is there for its cycle, nothing else is of interest.
        modules.retain(|to| {
            shown.contains(*to) && (self.is_checked(from) || shown.is_in_cycle_with(from, *to))
        });
        modules.sort_unstable();
        modules.dedup();
        let first = found.len();
        for to in modules {
            let edge = Edge::new(from, to, import.range());
            let names = self.names_from(from, at, import, to);
            let is_on_the_way = names.is_none();
            let names = names.unwrap_or_default();
            let cost = names.iter().map(|name| self.cost_of(to, name)).sum::<usize>().max(1);
            let (kind, is_guarded) = (import.kind(), import.is_guarded());
            found.push(ImportEdge { edge, kind, is_guarded, names, is_on_the_way, cost });
        }
        // A package on the way is spared only if all that lies in it is.
        let own = &mut found[first..];
        let all: usize = own.iter().filter(|it| !it.is_on_the_way).map(|it| it.cost).sum();
        for it in own.iter_mut().filter(|it| it.is_on_the_way) {
            it.cost = all.max(1);
        }
    }

    /// What a statement imports of a module: no names where it is the module itself, `None` where it
    /// asks for neither.
    fn names_from(
        &self,
        from: FileId,
        at: u32,
        import: &ImportFacts,
        to: FileId,
    ) -> Option<Vec<String>> {
        let facts = self.file(from);
        let package = self.dotted_package(from, import.module)?;
        let is_named = self.module_file(from, package) == Some(to);
        if !import.is_from() {
            return is_named.then(Vec::new);
        }
        let mut names = Vec::new();
        for name in facts.imported().of(at).iter().map(|name| facts.text(*name)) {
            let inner = self.modules.inside(Some(package), name);
            let submodule = inner.and_then(|inner| self.module_file(from, inner));
            let is_asked = match submodule.filter(|_| name != "*") {
                // The package is asked first, where it binds the name too.
                Some(submodule) => {
                    submodule == to || is_named && self.file(to).binding(name).is_some()
                }
                None => is_named,
            };
            if is_asked {
                names.push(name.to_owned());
            }
        }
        (!names.is_empty()).then_some(names)
    }

    /// How many names a name is.
    fn cost_of(&self, module: FileId, name: &str) -> usize {
        if name != "*" {
            return 1;
        }
        let facts = self.file(module);
        let public = |name: &str| !name.starts_with('_');
        facts.bindings().iter().filter(|it| public(facts.text(it.name))).count()
    }
}
