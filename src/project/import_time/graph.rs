//! Which module imports which, and when.

use crate::facts::{ImportFacts, ImportKind};
use crate::project::cycles::{Edge, components};
use crate::project::modules::Package;
use crate::project::{FileId, Item, Project};

/// The imports of a project, as far as they can be seen without running anything.
pub(crate) struct Graph {
    /// What runs while a module is imported.
    pub(crate) executed: Vec<Vec<Edge>>,
    /// The same, and what its functions import.
    all: Vec<Vec<Edge>>,
    /// Whether a module may import what no statement tells.
    computes: Vec<bool>,
    /// Whether a module may come upon a cycle, be it through imports in functions.
    reaches: Vec<bool>,
    from_outside: Vec<bool>,
    /// The modules that scripts and plugins of the project begin with, sorted.
    begun_with: Vec<FileId>,
}

/// Functions that import what they are told.
const COMPUTES: &[&str] = &["import_module", "__import__"];

impl Graph {
    pub(crate) fn new(project: &Project) -> Graph {
        let (mut executed, mut all, mut computes) = (Vec::new(), Vec::new(), Vec::new());
        for id in (0..project.files.len()).map(FileId::new) {
            let is_followed = project.is_followed(id);
            let (runs, may_run) =
                if is_followed { edges(project, id) } else { (Vec::new(), Vec::new()) };
            executed.push(runs);
            all.push(may_run);
            computes.push(is_followed && computes_names(project, id));
        }
        Graph::of(project, executed, all, computes)
    }

    /// What it is with other facts of some files.
    pub(crate) fn changed(&self, project: &Project, files: &[FileId]) -> Graph {
        let (mut executed, mut all) = (self.executed.clone(), self.all.clone());
        let mut computes = self.computes.clone();
        for file in files {
            let at = file.index();
            (executed[at], all[at]) = edges(project, *file);
            computes[at] = computes_names(project, *file);
        }
        Graph::of(project, executed, all, computes)
    }

    fn of(
        project: &Project,
        executed: Vec<Vec<Edge>>,
        all: Vec<Vec<Edge>>,
        computes: Vec<bool>,
    ) -> Graph {
        let reaches = reaching(&all, &computes);
        let top = |at| project.file(FileId::new(at)).module().as_str().split('.').next();
        let tops: Vec<Option<&str>> = (0..executed.len()).map(top).collect();
        let mut from_outside = vec![false; executed.len()];
        // `python -m package` is somebody from outside.
        let is_run = |file: FileId| project.file(file).module().as_str().ends_with(".__main__");
        let comes_in =
            |edge: &&Edge| tops[edge.from.index()] != tops[edge.to.index()] || is_run(edge.from);
        for edge in executed.iter().flatten().filter(comes_in) {
            from_outside[edge.to.index()] = true;
        }
        let mut begun_with: Vec<FileId> =
            project.scripts.iter().flat_map(|script| project.begun_by(script)).collect();
        begun_with.sort_unstable();
        Graph { executed, all, computes, reaches, from_outside, begun_with }
    }

    /// The groups of more than one module that import one another while they are imported, each
    /// sorted, sorted by their first.
    pub(crate) fn components(&self) -> Vec<Vec<FileId>> {
        let mut found = components(&self.executed);
        found.retain(|members| members.len() > 1);
        found.sort_unstable();
        found
    }

    /// The imports between the modules of a component.
    pub(crate) fn edges_within<'g>(&'g self, members: &'g [FileId]) -> impl Iterator<Item = Edge> {
        let edges = members.iter().flat_map(|member| &self.executed[member.index()]);
        edges.filter(|edge| members.binary_search(&edge.to).is_ok()).copied()
    }

    /// Whether a module is imported from outside of its topmost package, or by what `python -m` runs.
    pub(crate) fn is_imported_from_outside(&self, file: FileId) -> bool {
        self.from_outside[file.index()]
    }

    /// The other modules that import one of these, be it through others, sorted.
    pub(crate) fn importing(&self, members: &[FileId]) -> Vec<FileId> {
        let mut imports = vec![false; self.executed.len()];
        members.iter().for_each(|member| imports[member.index()] = true);
        loop {
            let before = imports.iter().filter(|it| **it).count();
            for index in 0..imports.len() {
                imports[index] |= self.executed[index].iter().any(|it| imports[it.to.index()]);
            }
            if imports.iter().filter(|it| **it).count() == before {
                break;
            }
        }
        let all = (0..imports.len()).filter(|index| imports[*index]).map(FileId::new);
        all.filter(|file| members.binary_search(file).is_err()).collect()
    }

    /// The other modules that may import one of these, in functions too or through the packages
    /// `around` each, sorted.
    pub(crate) fn coming_to(&self, members: &[FileId], around: &[Option<FileId>]) -> Vec<FileId> {
        let mut comes = vec![false; self.all.len()];
        members.iter().for_each(|member| comes[member.index()] = true);
        loop {
            let mut is_done = true;
            for index in 0..comes.len() {
                let imported = self.all[index].iter().map(|it| it.to).chain(around[index]);
                if !comes[index] && imported.into_iter().any(|it| comes[it.index()]) {
                    (comes[index], is_done) = (true, false);
                }
            }
            if is_done {
                break;
            }
        }
        let all = (0..comes.len()).filter(|index| comes[*index]).map(FileId::new);
        all.filter(|file| members.binary_search(file).is_err()).collect()
    }

    /// Whether a script or plugin of the project begins with a module.
    pub(crate) fn is_begun_with(&self, file: FileId) -> bool {
        self.begun_with.binary_search(&file).is_ok()
    }

    pub(super) fn reaches_cycle(&self, file: FileId) -> bool {
        self.reaches[file.index()]
    }
}

/// What a module imports while it is imported, and what else its functions import.
fn edges(project: &Project, id: FileId) -> (Vec<Edge>, Vec<Edge>) {
    let facts = project.file(id);
    let (mut runs, mut may_run) = (Vec::new(), Vec::new());
    let imports = if facts.is_stub() { &[][..] } else { facts.imports() };
    for (at, import) in imports.iter().enumerate() {
        if import.kind() == ImportKind::Typing {
            continue;
        }
        for to in targets(project, id, at as u32, import) {
            let edge = Edge::new(id, to, import.range());
            if import.kind() != ImportKind::Lazy {
                push(&mut runs, edge);
            }
            push(&mut may_run, edge);
        }
    }
    (runs, may_run)
}

/// Whether a module computes the names of modules, and so may import any. What goes through the
/// packages around it by their attributes finds them only when they are done.
fn computes_names(project: &Project, id: FileId) -> bool {
    let facts = project.file(id);
    COMPUTES.iter().any(|name| facts.has_text(name))
        || facts.imports().iter().any(|it| goes_through_own(project, id, it))
}

fn push(edges: &mut Vec<Edge>, edge: Edge) {
    if !edges.iter().any(|it| it.to == edge.to) {
        edges.push(edge);
    }
}

/// The modules that a statement imports, but for the packages around the importing module, which
/// are there already.
pub(crate) fn targets(
    project: &Project,
    from: FileId,
    at: u32,
    import: &ImportFacts,
) -> Vec<FileId> {
    let facts = project.file(from);
    let mut found = Vec::new();
    let Some(package) = project.dotted_package(from, import.module) else {
        // Its first parts may be there.
        let mut name = facts.parts(import.module).before();
        while let Some(before) = name {
            if let Some(package) = project.dotted_package(from, before) {
                found.extend(around(project, from, Some(package)));
                break;
            }
            name = facts.parts(before).before();
        }
        return found;
    };
    let own = project.module_file(from, package);
    found.extend(around(project, from, project.modules.around(package)));
    if !import.is_from() {
        found.extend(own);
        // `import package.module` binds the package, whose names may be used.
        let mut top = package;
        while let Some(outer) = project.modules.around(top) {
            top = outer;
        }
        found.extend(project.module_file(from, top));
    }
    for name in facts.imported().of(at) {
        let name = facts.text(*name);
        let inner = match name {
            "*" => None,
            name => project.modules.inside(Some(package), name),
        };
        let submodule = inner.and_then(|inner| project.module_file(from, inner));
        // A submodule that the package imports itself is there for whoever asks, at any time.
        let binds_other = |own: FileId| {
            let bound = project.file(own).binding(name);
            bound.is_some_and(|it| {
                submodule.is_none_or(|to| project.resolve(own, it.target) != Item::Module(to))
            })
        };
        let asks_package = own.is_some_and(|own| {
            submodule.is_none() || binds_other(own) || project.file(own).has_getattr
        });
        found.extend(submodule);
        found.extend(own.filter(|_| asks_package));
    }
    // What is outside of the module's packages imports the package itself first.
    if !is_around(project, from, package) {
        found.extend(own);
    }
    // Of a file that nobody asked for, not all imports were followed.
    let is_followed = |to: FileId| !project.file(to).is_stub() && project.is_followed(to);
    found.retain(|to| *to != from && is_followed(*to));
    found
}

/// Whether `import package.inner.module` goes through an inner package that is around the importing
/// module.
fn goes_through_own(project: &Project, from: FileId, import: &ImportFacts) -> bool {
    if import.is_from() || import.kind() == ImportKind::Typing {
        return false;
    }
    let mut at = project.dotted_package(from, import.module);
    while let Some(package) = at {
        at = project.modules.around(package);
        if at.is_some() && is_around(project, from, package) {
            return true;
        }
    }
    false
}

/// The files of a package and those around it that are not around the importing module.
fn around(project: &Project, from: FileId, package: Option<Package>) -> Vec<FileId> {
    let mut found = Vec::new();
    let mut at = package;
    while let Some(package) = at {
        if is_around(project, from, package) {
            break;
        }
        found.extend(project.module_file(from, package));
        at = project.modules.around(package);
    }
    found.retain(|to| *to != from);
    found
}

/// Whether a module is in a package, or is it.
fn is_around(project: &Project, module: FileId, package: Package) -> bool {
    let mut at = Some(project.packages[module.index()]);
    while let Some(own) = at {
        if own == package {
            return true;
        }
        at = project.modules.around(own);
    }
    false
}

/// Whether each module reaches a cycle, or one that may import any other.
fn reaching(graph: &[Vec<Edge>], computes: &[bool]) -> Vec<bool> {
    let mut reaches = computes.to_vec();
    // Components come out in an order in which what is reached comes first.
    for members in components(graph) {
        let is_reaching = members.len() > 1
            || computes[members[0].index()]
            || graph[members[0].index()].iter().any(|edge| reaches[edge.to.index()]);
        for member in members {
            reaches[member.index()] = is_reaching;
        }
    }
    reaches
}
