//! Cycles of imports that are executed while modules are imported, and what comes of them.

use std::collections::VecDeque;

use rayon::prelude::*;
use ruff_text_size::{TextRange, TextSize};

use super::components::strong_components;
use super::cuts::{MOST_OTHERS, MOST_TRIES};
use super::import_time::{Entry, Files, Graph, ImportFailure, Memory, Mode, Outcome, Simulation};
use super::modules::Package;
use super::{FileId, Item, Project};

/// A strongly connected component of the graph of imports that are executed while modules are
/// imported.
#[derive(Clone, Debug, PartialEq)]
pub struct Cycle {
    /// Its modules, sorted by path.
    pub members: Vec<FileId>,
    /// A shortest cycle through the first of them, edge by edge; it ends where it begins.
    pub chain: Vec<Edge>,
    /// What fails, if it is the first that is imported; the most public entries first.
    pub failures: Vec<Failing>,
    /// Whether one of them can be imported first.
    pub has_way_in: bool,
    /// Whether it is known of all of them what happens then.
    pub is_certain: bool,
    /// The import statement without which nothing fails, if there is one.
    pub cut: Option<Edge>,
    /// Whether somebody knows how to change that statement.
    pub has_fix: bool,
    /// Whether something else has to be cut, too.
    pub needs_more_cuts: bool,
    /// Its import statements that are ignored.
    pub ignored: Vec<Edge>,
    /// What modules need of one another while they are imported: what would have to move. Known
    /// where somebody has looked for a fix, and there is none.
    pub needed: Vec<Needed>,
    /// What comes of its entries, where one of them fails.
    pub(super) outcomes: Vec<EntryOutcome>,
}

/// What comes of an entry, as far as the cycle is concerned.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct EntryOutcome {
    pub(super) entry: Entry,
    pub(super) is_public: bool,
    /// Why it does not load, if it does not.
    pub(super) failure: Option<EntryFailure>,
    /// The modules that are there then, sorted.
    pub(super) loaded: Vec<FileId>,
    /// The files that it has executed, if it loads.
    pub(super) executed: Option<Files>,
}

/// Why an entry does not load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryFailure {
    /// For the cycle.
    Cycle,
    /// For something else, or it is not known.
    Other,
}

/// Names that a module needs of another while it is imported.
#[derive(Clone, Debug, PartialEq)]
pub struct Needed {
    /// The import statement.
    pub edge: Edge,
    /// The names.
    pub names: Vec<String>,
}

/// An entry that fails.
#[derive(Clone, Debug, PartialEq)]
pub struct Failing {
    /// What is imported or run first.
    pub entry: Entry,
    /// How it fails.
    pub failure: ImportFailure,
    /// Whether it is an entry that others use: the topmost package or module, a script, a module that
    /// an entry point of the project names, or one that is imported from outside of its topmost
    /// package.
    pub is_public: bool,
}

impl Failing {
    /// The file that is imported or run first.
    pub fn file(&self) -> FileId {
        self.entry.file()
    }
}

/// An import statement that makes one module import another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// Who imports.
    pub from: FileId,
    /// Who is imported.
    pub to: FileId,
    start: TextSize,
    end: TextSize,
}

impl Edge {
    pub(super) fn new(from: FileId, to: FileId, range: TextRange) -> Edge {
        Edge { from, to, start: range.start(), end: range.end() }
    }

    /// The whole import statement.
    pub fn range(&self) -> TextRange {
        TextRange::new(self.start, self.end)
    }
}

/// The Pythons that a project is taken to run on: what is asked of the version is decided only
/// where all of them agree.
pub(super) const MODE: Mode = Mode { versions: (9, 14), is_closed: false };

/// Tells whether an import statement is ignored.
pub type IsIgnored<'s> = dyn Fn(FileId, TextSize) -> bool + Sync + 's;

impl Project {
    /// The cycles of imports that are executed while modules are imported, sorted by their first
    /// module. An import statement that is ignored takes no part, unless something fails without
    /// it being ignored: then it is what is to be cut.
    pub fn import_cycles(&self, is_ignored: &IsIgnored<'_>) -> Vec<Cycle> {
        self.simulate_cycles(is_ignored).0
    }

    /// The same, and what was found out on the way about those in the package with the largest.
    pub(crate) fn simulate_cycles(&self, is_ignored: &IsIgnored<'_>) -> (Vec<Cycle>, Memory) {
        let graph = self.import_graph();
        let components = graph.components();
        // What lies in one package executes much the same modules.
        let top = |members: &[FileId]| self.file(members[0]).module().as_str().split('.').next();
        let mut groups: Vec<&[Vec<FileId>]> =
            components.chunk_by(|a, b| top(a) == top(b)).collect();
        let look = |group: &[Vec<FileId>]| {
            let mut simulation = Simulation::new(self, &graph, MODE);
            let cycle = |members: &Vec<FileId>| {
                self.cycle(&mut simulation, &graph, members.clone(), is_ignored)
            };
            let cycles: Vec<Cycle> = group.iter().map(cycle).collect();
            (cycles, simulation.into_memory())
        };
        let size = |group: &[Vec<FileId>]| group.iter().map(Vec::len).sum::<usize>();
        let largest = (0..groups.len()).max_by_key(|at| size(groups[*at]));
        let Some(largest) = largest.map(|at| groups.swap_remove(at)) else {
            return (Vec::new(), Memory::default());
        };
        let mut cycles = Vec::new();
        // Recursion goes deep: only threads that were made for it will do.
        let (found, memory) = match rayon::current_thread_index() {
            Some(_) => rayon::in_place_scope(|scope| {
                scope.spawn(|_| {
                    cycles = groups.par_iter().flat_map_iter(|it| look(it).0).collect();
                });
                look(largest)
            }),
            None => {
                cycles = groups.iter().flat_map(|it| look(it).0).collect();
                look(largest)
            }
        };
        cycles.extend(found);
        cycles.sort_unstable_by_key(|it| it.members[0]);
        (cycles, memory)
    }

    /// What comes of a component.
    fn cycle(
        &self,
        simulation: &mut Simulation<'_>,
        graph: &Graph,
        members: Vec<FileId>,
        is_ignored: &IsIgnored<'_>,
    ) -> Cycle {
        let first = members.iter().min_by_key(|it| self.file(**it).path());
        let first = first.copied().unwrap_or(members[0]);
        let chain = shortest_cycle(&graph.executed, &members, first);
        let mut entries = self.entries(graph, &members);
        simulation.set_without(&[]);
        let (mut failures, mut outcomes) = failures(simulation, &members, &entries);
        let has_way_in = failures.len() < entries.len();
        let failing = outcomes.iter().filter(|it| it.failure.is_some());
        let is_certain = failing.count() == failures.len();
        let mut of_further = Vec::new();
        match failures.is_empty() {
            true => outcomes.clear(),
            false => {
                // Others may do what does not work, too.
                let others = self.public_entries_to(graph, &members);
                let (further, of_others) = self::failures(simulation, &members, &others);
                entries.extend(others);
                outcomes.extend(of_others);
                failures.extend(further);
                failures.sort_by_key(|it| !it.is_public);
                let further = self.further_entries_to(graph, &members, &entries);
                of_further = self::failures(simulation, &members, &further).1;
            }
        }
        let (mut cut, mut ignored) = (None, Vec::new());
        if !failures.is_empty() {
            let inner = graph.edges_within(&members);
            ignored = inner.filter(|edge| is_ignored(edge.from, edge.start)).collect();
            ignored.sort_by_key(|edge| (self.file(edge.from).path(), edge.start));
            if !ignored.is_empty() {
                let places: Vec<(FileId, TextSize)> =
                    ignored.iter().map(|edge| (edge.from, edge.start)).collect();
                simulation.set_without(&places);
                let (left, _) = self::failures(simulation, &members, &entries);
                match left.is_empty() {
                    true => cut = ignored.first().copied(),
                    false => failures = left,
                }
            }
            if cut.is_none() {
                cut = self.cut(simulation, &members, &outcomes, &failures);
            }
        }
        outcomes.extend(of_further);
        Cycle {
            members,
            chain,
            failures,
            has_way_in,
            is_certain,
            cut,
            has_fix: false,
            needs_more_cuts: false,
            ignored,
            needed: Vec::new(),
            outcomes,
        }
    }

    /// The other modules that an import statement imports, by its index.
    pub(super) fn imported(&self, from: FileId, at: u32, add: &mut dyn FnMut(FileId)) {
        let facts = self.file(from);
        let import = &facts.imports()[at as usize];
        let Some(package) = self.dotted_package(from, import.module) else { return };
        let named = self.module_file(from, package);
        let mut add = |to: Option<FileId>| {
            if let Some(to) = to.filter(|to| *to != from && !self.file(*to).is_stub()) {
                add(to);
            }
        };
        if !import.is_from() {
            add(named);
        }
        for name in facts.imported().of(at) {
            add(match facts.text(*name) {
                "*" => named,
                // A submodule is imported; the package itself too, but importing a submodule's own
                // package is what Python does anyway.
                name => match self.submodule(from, named, package, name) {
                    Some(submodule) => Some(submodule),
                    // A name that the package does not bind is a submodule that nobody can see (an
                    // extension module), or comes from a star import.
                    None => named.filter(|to| self.file(*to).binding(name).is_some()),
                },
            });
        }
    }

    /// The submodule that `from package import name` imports, unless the package binds the name to
    /// something else.
    pub(super) fn submodule(
        &self,
        from: FileId,
        init: Option<FileId>,
        package: Package,
        name: &str,
    ) -> Option<FileId> {
        let submodule = self.module_file(from, self.modules.inside(Some(package), name)?)?;
        let is_hidden = init.is_some_and(|init| {
            self.file(init)
                .binding(name)
                .is_some_and(|it| self.resolve(init, it.target) != Item::Module(submodule))
        });
        (!is_hidden).then_some(submodule)
    }

    /// What may be imported first, and whether others do so.
    pub(super) fn entries(&self, graph: &Graph, members: &[FileId]) -> Vec<(Entry, bool)> {
        let mut entries = Vec::new();
        for member in members {
            let module = self.file(*member).module();
            let is_top = !module.as_str().contains('.');
            let is_private = module.as_str().split('.').any(|part| part.starts_with('_'));
            let is_public = is_top
                || graph.is_begun_with(*member)
                || !is_private && graph.is_imported_from_outside(*member);
            entries.push((Entry::Module(*member), is_public));
            let is_script = || is_top && self.file(*member).has_text("__main__");
            let is_run = self.package_run_by(*member).is_some();
            if !module.is_package() && (is_run || is_script()) {
                entries.push((Entry::Script(*member), true));
            }
        }
        // By path, whichever of the files are looked at.
        let key = |(entry, is_public): &(Entry, bool)| match entry {
            Entry::Module(file) => (!is_public, false, self.file(*file).path()),
            Entry::Script(file) => (!is_public, true, self.file(*file).path()),
        };
        entries.sort_by(|one, other| key(one).cmp(&key(other)));
        entries
    }

    /// The public entries that come to a cycle from outside, as many as are looked at.
    pub(super) fn public_entries_to(
        &self,
        graph: &Graph,
        members: &[FileId],
    ) -> Vec<(Entry, bool)> {
        let mut entries = self.entries(graph, &graph.importing(members));
        entries.retain(|(_, is_public)| *is_public);
        entries.truncate(MOST_OTHERS);
        entries
    }

    /// The public entries that may come to a cycle besides `known` ones: through imports in functions,
    /// or since they lie in a package that does. They are not told of, but no cut may break them.
    fn further_entries_to(
        &self,
        graph: &Graph,
        members: &[FileId],
        known: &[(Entry, bool)],
    ) -> Vec<(Entry, bool)> {
        let around = |file: FileId| {
            let package = self.modules.around(self.packages[file.index()])?;
            self.module_file(file, package)
        };
        let files = (0..self.files.len()).map(FileId::new);
        let mut further = graph.coming_to(members, &files.map(around).collect::<Vec<_>>());
        further.retain(|file| !known.iter().any(|(entry, _)| entry.file() == *file));
        let mut entries = self.entries(graph, &further);
        entries.retain(|(_, is_public)| *is_public);
        entries.truncate(MOST_OTHERS);
        entries
    }

    /// The import statement on the way to the first failure without which nothing fails.
    fn cut(
        &self,
        simulation: &mut Simulation<'_>,
        members: &[FileId],
        outcomes: &[EntryOutcome],
        failures: &[Failing],
    ) -> Option<Edge> {
        let failure = &failures.first()?.failure;
        let is_failing = |entry: Entry| failures.iter().any(|it| it.entry == entry);
        let mut places = Vec::new();
        self.add_places(failure, &mut places);
        for edge in places.into_iter().take(MOST_TRIES) {
            simulation.set_without(&[(edge.from, edge.start)]);
            // Most tries do not help, which is seen at what fails. Who does not come upon the statement
            // does as before.
            let failing = failures.iter().map(|it| it.entry);
            let others = outcomes.iter().filter(|it| {
                let executed = it.executed.as_ref();
                executed.is_none_or(|it| it.contains(edge.from)) && !is_failing(it.entry)
            });
            let is_enough = failing
                .chain(others.map(|it| it.entry))
                .all(|entry| failure_of(simulation, members, entry).is_none());
            if is_enough {
                return Some(edge);
            }
        }
        None
    }
}

/// How an entry fails for want of a module of a cycle.
fn failure_of(
    simulation: &mut Simulation<'_>,
    members: &[FileId],
    entry: Entry,
) -> Option<ImportFailure> {
    own_failure(simulation.run(entry), members)
}

fn own_failure(outcome: Outcome, members: &[FileId]) -> Option<ImportFailure> {
    match outcome {
        Outcome::Fails(failure) => {
            let is_own = failure.missing.as_ref().is_some_and(|it| members.contains(&it.module));
            is_own.then_some(failure)
        }
        _ => None,
    }
}

/// What comes of an entry, and how it fails if that is for want of a module of a cycle.
pub(super) fn outcome_of(
    simulation: &mut Simulation<'_>,
    members: &[FileId],
    (entry, is_public): (Entry, bool),
) -> (EntryOutcome, Option<ImportFailure>) {
    let outcome = simulation.run(entry);
    let is_fine = outcome == Outcome::Fine;
    let own = own_failure(outcome, members);
    let failure = (!is_fine).then_some(match own {
        Some(_) => EntryFailure::Cycle,
        None => EntryFailure::Other,
    });
    let mut loaded = simulation.loaded();
    loaded.sort_unstable();
    let executed = is_fine.then(|| simulation.executed().clone());
    (EntryOutcome { entry, is_public, failure, loaded, executed }, own)
}

/// The entries that fail for want of a module of their own cycle; where it is one of another, the
/// failure is that one's. And what comes of all entries.
fn failures(
    simulation: &mut Simulation<'_>,
    members: &[FileId],
    entries: &[(Entry, bool)],
) -> (Vec<Failing>, Vec<EntryOutcome>) {
    let (mut failures, mut outcomes) = (Vec::new(), Vec::with_capacity(entries.len()));
    for (entry, is_public) in entries.iter().copied() {
        let (outcome, failure) = outcome_of(simulation, members, (entry, is_public));
        outcomes.push(outcome);
        failures.extend(failure.map(|failure| Failing { entry, failure, is_public }));
    }
    (failures, outcomes)
}

/// The strongly connected components of a graph, each sorted.
pub(super) fn components(graph: &[Vec<Edge>]) -> Vec<Vec<FileId>> {
    let found = strong_components(graph, |edge| edge.to.index());
    let file = |node| FileId::new(node);
    found.into_iter().map(|members| members.into_iter().map(file).collect()).collect()
}

/// A shortest cycle through a member of a component.
pub(super) fn shortest_cycle(graph: &[Vec<Edge>], members: &[FileId], start: FileId) -> Vec<Edge> {
    let inside = |id: FileId| members.binary_search(&id).ok();
    let mut came_by: Vec<Option<Edge>> = vec![None; members.len()];
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for edge in &graph[node.0 as usize] {
            if edge.to == start {
                let mut chain = vec![*edge];
                let mut at = node;
                while at != start {
                    let Some(edge) = inside(at).and_then(|it| came_by[it]) else { break };
                    chain.push(edge);
                    at = edge.from;
                }
                chain.reverse();
                return chain;
            }
            if let Some(next) = inside(edge.to)
                && came_by[next].is_none()
            {
                came_by[next] = Some(*edge);
                queue.push_back(edge.to);
            }
        }
    }
    Vec::new()
}
