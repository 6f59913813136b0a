//! What a project says of its imports, with lines instead of places.

use std::collections::BTreeSet;
use std::path::Path;

use ruff_text_size::TextSize;
use rustc_hash::FxHashMap;

use crate::cli::places::{File, Spot};
use crate::engine::FileToCheck;
use crate::project::import_time::{Entry, ImportFailure};
use crate::project::{
    Cycle, Edge, Failing, FileId, ImportEdge, ImportKind, IsIgnored, ModulesWithCycles, Project,
};

use super::model::is_executed;

/// The modules of a project and the imports among them.
pub(super) struct Imports {
    /// By the number of their file.
    pub(super) modules: Vec<Module>,
    /// In the order of files and lines.
    pub(super) all: Vec<Import>,
    /// The entries that fail.
    pub(super) failures: Vec<Failure>,
    /// How many imports are not among them, since nobody asked for their kind.
    pub(super) lazy_left_out: usize,
    pub(super) typing_left_out: usize,
}

/// A module.
pub(super) struct Module {
    /// Its dotted name; where several files have it, with the path. Empty where it is not shown.
    pub(super) name: String,
    pub(super) path: String,
    pub(super) is_package: bool,
    /// Whether importing it first, or running it, fails.
    pub(super) fails: bool,
    /// Whether it is one of those that are looked at, and not only in a cycle with one.
    pub(super) is_named: bool,
}

/// An import of a module.
pub(super) struct Import {
    /// The numbers of the modules.
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) row: u32,
    pub(super) names: Vec<String>,
    pub(super) kind: ImportKind,
    pub(super) is_guarded: bool,
    pub(super) is_on_the_way: bool,
    pub(super) cost: usize,
    /// Whether nothing of the cycle fails without its statement.
    pub(super) is_cut: bool,
    /// Whether a comment says that it takes no part in cycles.
    pub(super) is_ignored: bool,
}

/// An entry that fails.
pub(super) struct Failure {
    /// The number of the module.
    pub(super) module: usize,
    /// Whether it is run, and not imported.
    pub(super) is_script: bool,
    /// The number of the module that is not ready.
    pub(super) cause: usize,
    /// Whether others than the package itself may do so.
    pub(super) is_public: bool,
    /// Whether it does no longer where the cycles are cut.
    pub(super) is_cured: bool,
    /// The exception, with its text.
    pub(super) exception: String,
    /// Where it is raised.
    pub(super) spot: Spot,
}

/// Which imports are looked at beside those that run when a module is imported.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extras {
    pub(super) lazy: bool,
    pub(super) typing: bool,
}

impl Imports {
    pub(super) fn new(
        project: &Project,
        files: &[FileToCheck],
        folder: &Path,
        extras: Extras,
        is_ignored: &IsIgnored<'_>,
    ) -> Imports {
        let mut cycles = project.import_cycles(is_ignored);
        cycles.retain(|cycle| cycle.members.iter().any(|it| project.is_checked(*it)));
        for cycle in &mut cycles {
            // Nothing fails without what is ignored: nobody wants to hear of it.
            if cycle.cut.is_some_and(|cut| cycle.ignored.contains(&cut)) {
                cycle.failures.clear();
                cycle.cut = None;
            }
        }
        let shown = project.modules_with_cycles(&cycles);
        let mut edges = project.import_edges(&shown);
        let mut failures = failures(project, files, folder, &cycles, &edges);
        let mut modules = modules(project, &shown);
        let is_shown = |module: usize| !modules[module].name.is_empty();
        failures.retain(|it| is_shown(it.module) && is_shown(it.cause));
        failures.iter().for_each(|failure| modules[failure.module].fails = true);
        let count =
            |edges: &[ImportEdge], kind| edges.iter().filter(|edge| edge.kind == kind).count();
        let before = (count(&edges, ImportKind::Lazy), count(&edges, ImportKind::Typing));
        edges.retain(|edge| match edge.kind {
            ImportKind::Eager | ImportKind::Conditional => true,
            ImportKind::Lazy => extras.lazy,
            ImportKind::Typing => extras.typing,
        });
        Imports {
            modules,
            lazy_left_out: if extras.lazy { 0 } else { before.0 },
            typing_left_out: if extras.typing { 0 } else { before.1 },
            all: imports(project, files, folder, edges, &cycles, is_ignored),
            failures,
        }
    }
}

fn modules(project: &Project, shown: &ModulesWithCycles) -> Vec<Module> {
    let files = || project.files().chain(project.others());
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    for (_, facts) in files().filter(|(file, _)| shown.contains(*file)) {
        *counts.entry(facts.module().as_str()).or_default() += 1;
    }
    let mut found = Vec::new();
    for (file, facts) in files() {
        let (name, path) = (facts.module().as_str(), facts.path().to_owned());
        let name = match counts.get(name) {
            _ if !shown.contains(file) => String::new(),
            Some(1) => name.to_owned(),
            _ => format!("{name} ({path})"),
        };
        found.push(Module {
            name,
            path,
            is_package: facts.module().is_package(),
            fails: false,
            is_named: project.is_checked(file),
        });
    }
    found
}

/// The entries that fail, those first that others use; then the modules of the cycles, and the
/// modules that import them.
fn failures(
    project: &Project,
    files: &[FileToCheck],
    folder: &Path,
    cycles: &[Cycle],
    edges: &[ImportEdge],
) -> Vec<Failure> {
    let mut failures = Vec::new();
    let mut add = |entry: Entry, is_public: bool, is_cured: bool, failure: &ImportFailure| {
        let Some(missing) = &failure.missing else { return };
        let (file, is_script) = match entry {
            Entry::Module(file) => (file, false),
            Entry::Script(file) => (file, true),
        };
        let row = File::read(project, files, folder, failure.file).row(failure.at);
        failures.push(Failure {
            module: file.index(),
            is_script,
            cause: missing.module.index(),
            is_public,
            is_cured,
            exception: format!("{}: {}", failure.exception, failure.message),
            spot: Spot { path: project.file(failure.file).path().to_owned(), row },
        });
    };
    for cycle in cycles {
        // Those that come to it from outside are looked for below, all of them.
        let own = cycle.failures.iter().filter(|it| cycle.members.contains(&it.file()));
        for Failing { entry, failure, is_public } in own {
            add(*entry, *is_public, cycle.cut.is_some(), failure);
        }
    }
    let mut cuts: Vec<_> = cycles.iter().flat_map(|it| &it.ignored).map(statement).collect();
    let others = project.failing_entries(&importers_of_failing(project, cycles, edges), &cuts);
    cuts.extend(cycles.iter().filter_map(|it| it.cut.as_ref()).map(statement));
    let files_of_others: Vec<FileId> = others.iter().map(|(file, _)| *file).collect();
    let left = project.failing_entries(&files_of_others, &cuts);
    for (file, failure) in others {
        let is_public = !project.file(file).module().as_str().contains('.');
        let is_cured = !left.iter().any(|(it, _)| *it == file);
        add(Entry::Module(file), is_public, is_cured, &failure);
    }
    failures.sort_by_key(|failure| !failure.is_public);
    failures
}

/// What tells an import statement from others.
fn statement(edge: &Edge) -> (FileId, TextSize) {
    (edge.from, edge.range().start())
}

/// The modules outside of the cycles that import, themselves or through others, one in which
/// something fails.
fn importers_of_failing(project: &Project, cycles: &[Cycle], edges: &[ImportEdge]) -> Vec<FileId> {
    let mut importers: FxHashMap<FileId, Vec<FileId>> = FxHashMap::default();
    for edge in edges.iter().filter(|edge| is_executed(edge.kind)) {
        importers.entry(edge.edge.to).or_default().push(edge.edge.from);
    }
    // Each package imports the package around it first.
    let mut by_name: FxHashMap<(&str, &str), FileId> = FxHashMap::default();
    for (file, facts) in project.files() {
        by_name.insert((facts.root(), facts.module().as_str()), file);
    }
    for (file, facts) in project.files() {
        if let Some((around, _)) = facts.module().as_str().rsplit_once('.')
            && let Some(around) = by_name.get(&(facts.root(), around))
        {
            importers.entry(*around).or_default().push(file);
        }
    }
    let failing = cycles.iter().filter(|cycle| !cycle.failures.is_empty());
    let mut work: Vec<FileId> = failing.flat_map(|cycle| &cycle.members).copied().collect();
    let members: BTreeSet<FileId> = work.iter().copied().collect();
    let mut found = BTreeSet::new();
    while let Some(module) = work.pop() {
        for importer in importers.get(&module).into_iter().flatten() {
            if !members.contains(importer) && found.insert(*importer) {
                work.push(*importer);
            }
        }
    }
    found.into_iter().collect()
}

fn imports(
    project: &Project,
    files: &[FileToCheck],
    folder: &Path,
    edges: Vec<ImportEdge>,
    cycles: &[Cycle],
    is_ignored: &IsIgnored<'_>,
) -> Vec<Import> {
    let cuts: BTreeSet<_> =
        cycles.iter().filter_map(|cycle| cycle.cut.as_ref()).map(statement).collect();
    let mut open: Option<(FileId, File)> = None;
    let mut imports = Vec::with_capacity(edges.len());
    for ImportEdge { edge, kind, is_guarded, names, is_on_the_way, cost } in edges {
        let file = match open.take() {
            Some((id, file)) if id == edge.from => file,
            _ => File::read(project, files, folder, edge.from),
        };
        imports.push(Import {
            from: edge.from.index(),
            to: edge.to.index(),
            row: file.row(edge.range().start()),
            names,
            kind,
            is_guarded,
            is_on_the_way,
            cost,
            is_cut: cuts.contains(&statement(&edge)),
            is_ignored: is_ignored(edge.from, edge.range().start()),
        });
        open = Some((edge.from, file));
    }
    imports
}
