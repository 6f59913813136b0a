//! A project whose files are not all read yet: which modules it still needs.
//!
//! The files that somebody asked for import others: of the same project, where only some of it was
//! named, and of libraries. To know the classes of the former, a few of the latter must be read:
//! those that their bases come from, and the bases of these. Nobody has to read the rest.

use rustc_hash::{FxHashMap, FxHashSet};

use super::way::{Miss, Way};
use super::{ClassId, FileId, Item, Project, Script, classes, modules, resolve, stdlib};
use crate::facts::{
    ArmFacts, Callee, Dotted, FileFacts, ImportKind, Standing, Target, TargetKind,
    is_standard_library,
};

/// A project before it is linked: facts can be added.
pub struct Draft {
    project: Project,
    /// What is to be looked up.
    tasks: Vec<Task>,
    /// The classes whose bases are among the tasks, or were.
    based: FxHashSet<ClassId>,
    /// The modules that were asked for.
    asked: FxHashSet<Question>,
    /// Those that are folders without a file (PEP 420). They only count where something is found in
    /// them: else a library of the same name is meant.
    namespaces: FxHashSet<Question>,
    /// The files whose import statements asked for them.
    askers: FxHashMap<Question, Vec<FileId>>,
    /// The roots, numbered.
    roots: FxHashMap<String, u32>,
    /// How many files were asked what they import of the project.
    followed: usize,
}

/// A module that would be of use.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WantedModule {
    /// Whether it is wanted from the environment of the project rather than from its own files.
    pub is_installed: bool,
    /// Its dotted name.
    pub module: String,
    /// A file that imports it.
    pub from: FileId,
}

/// What a wanted module turned out to be.
pub enum Answer {
    /// There is none that can be read.
    Nothing,
    /// A folder without a file of its own (PEP 420).
    Namespace,
    /// A file that the project has already, under another name.
    Known(FileId),
    /// A file.
    Facts(Box<FileFacts>),
}

/// What is asked for: the number of the root that it is looked for from, whether among what is
/// installed, and its name.
type Question = (u32, bool, String);

/// Something that a file speaks of.
#[derive(Clone, Copy)]
struct Task {
    file: FileId,
    target: Target,
    /// Whether it is also looked up among what is installed: as the base of a class.
    is_base: bool,
}

impl Draft {
    /// Takes facts. Files with the same path count once.
    pub fn new(mut files: Vec<FileFacts>) -> Draft {
        files.sort_by(|a, b| {
            a.info.standing.cmp(&b.info.standing).then_with(|| a.path().cmp(b.path()))
        });
        files.dedup_by(|a, b| a.path() == b.path());
        let checked = files.partition_point(|file| file.info.standing == Standing::Checked);
        let project = Project {
            files: Vec::with_capacity(files.len()),
            checked,
            is_whole: false,
            modules: modules::Modules::default(),
            installed: modules::Modules::default(),
            packages: Vec::with_capacity(files.len()),
            releases: super::Releases::default(),
            scripts: Vec::new(),
            class_places: super::Places::default(),
            function_places: super::Places::default(),
            classes: classes::Classes::default(),
            lookups: resolve::Lookups::default(),
            instances: std::sync::OnceLock::new(),
            written: std::sync::OnceLock::new(),
            decorators: std::sync::OnceLock::new(),
            abstracts: super::PerClass::default(),
            metaclasses: super::PerClass::default(),
            typed_dicts: super::PerClass::default(),
            generics: super::PerClass::default(),
            creations: super::PerClass::default(),
            layouts: super::PerClass::default(),
            runs_on: std::sync::OnceLock::new(),
            costs: std::sync::OnceLock::new(),
            imports: std::sync::OnceLock::new(),
            mentions: std::sync::Mutex::default(),
        };
        let mut draft = Draft {
            project,
            tasks: Vec::new(),
            based: FxHashSet::default(),
            asked: FxHashSet::default(),
            namespaces: FxHashSet::default(),
            askers: FxHashMap::default(),
            roots: FxHashMap::default(),
            followed: 0,
        };
        for facts in files {
            draft.push(facts);
        }
        draft
    }

    /// Tells which Pythons the project is for: all, if nobody does.
    #[must_use]
    pub fn on(mut self, releases: super::Releases) -> Draft {
        self.project.releases = releases;
        self
    }

    /// Tells which scripts and plugins it has.
    #[must_use]
    pub fn with_scripts(mut self, scripts: Vec<Script>) -> Draft {
        self.project.scripts = scripts;
        self
    }

    /// The project as far as it is read.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// Links what is there.
    pub fn link(self) -> Project {
        let mut project = self.project;
        project.classes = classes::Classes::link(&project);
        project
    }

    /// The modules that the import statements of files ask for and that are not there.
    pub fn imported(&mut self) -> Vec<WantedModule> {
        let mut wanted = Vec::new();
        for index in 0..self.project.checked {
            let file = FileId::new(index);
            for miss in self.missing_imports(file) {
                let question = self.question(&miss);
                self.askers.entry(question).or_default().push(file);
                wanted.extend(self.unasked(vec![miss]));
            }
        }
        sorted(wanted)
    }

    /// The modules of the project that its files import and that are not there, to know all that
    /// happens when one is imported: to be asked for until there is nothing more.
    pub fn imported_further(&mut self) -> Vec<WantedModule> {
        let mut wanted = Vec::new();
        for index in self.followed..self.project.files.len() {
            let file = FileId::new(index);
            if self.project.is_installed(file) {
                continue;
            }
            let mut missing = self.missing_around(file);
            // The others were asked at the beginning.
            if !self.project.is_checked(file) {
                missing.extend(self.missing_imports(file));
            }
            missing.retain(|it| !it.is_installed);
            wanted.extend(self.unasked(missing));
        }
        self.followed = self.project.files.len();
        self.project.is_whole = wanted.is_empty();
        sorted(wanted)
    }

    /// The packages around a file that are not there: Python imports them first.
    fn missing_around(&self, file: FileId) -> Vec<Miss> {
        let project = &self.project;
        let mut missing = Vec::new();
        let mut at = project.modules.around(project.packages[file.index()]);
        while let Some(package) = at {
            if project.module_file(file, package).is_none() {
                let module = project.modules.dotted(package);
                missing.push(Miss { from: file, is_installed: false, module });
            }
            at = project.modules.around(package);
        }
        missing
    }

    /// Begins to look for what the files speak of: the bases of their classes, and in files that
    /// import what was not there at first but is `found`, all that rules ask about.
    pub fn begin(&mut self, found: &[WantedModule]) {
        let mut partial: Vec<FileId> = Vec::new();
        for WantedModule { is_installed, module, from } in found {
            let miss = Miss { from: *from, is_installed: *is_installed, module: module.clone() };
            let question = self.question(&miss);
            partial.extend(self.askers.remove(&question).unwrap_or_default());
        }
        self.askers.clear();
        partial.sort_unstable();
        partial.dedup();
        self.begin_with(partial);
    }

    /// The same, where all that files import is taken for missing and found: modules that nobody
    /// asks about are not even read to know their names.
    pub fn begin_alone(&mut self) {
        self.begin_with((0..self.project.checked).map(FileId::new).collect());
    }

    fn begin_with(&mut self, partial: Vec<FileId>) {
        for file in partial {
            let targets = asked_about(self.project.file(file));
            self.tasks.extend(targets.map(|target| Task { file, target, is_base: false }));
        }
        for class in self.project.classes() {
            self.need_bases(class);
        }
    }

    /// Looks up what can be, and tells which modules are wanted to go on. Each is asked for once.
    pub fn wanted(&mut self) -> Vec<WantedModule> {
        let mut wanted = Vec::new();
        let mut waiting = Vec::new();
        while let Some(task) = self.tasks.pop() {
            let mut way = Way::noting();
            let mut item = self.project.resolve_noting(task.file, task.target, &mut way);
            if let Item::Outside(outside) = item
                && task.is_base
            {
                item = self.project.cross(outside, &mut way);
            }
            let mut missed = way.missed();
            for (from, name, is_installed) in way.beyond() {
                missed.extend(self.in_namespace(*from, *name, *is_installed));
            }
            let new = self.unasked(missed);
            if !new.is_empty() {
                wanted.extend(new);
                waiting.push(task);
                continue;
            }
            if let Item::Class(class) = item
                && !self.project.is_checked(self.project.class(class).0)
            {
                self.need_bases(class);
            }
        }
        self.tasks = waiting;
        sorted(wanted)
    }

    /// Takes what was found; tells the number of a file that is new.
    pub fn answer(&mut self, wanted: &WantedModule, answer: Answer) -> Option<FileId> {
        let (id, is_new) = match answer {
            Answer::Nothing => return None,
            Answer::Namespace => {
                let WantedModule { is_installed, module, from } = wanted.clone();
                let inside = module.rsplit_once('.').map(|(package, _)| package.to_owned());
                let modules = self.modules(is_installed);
                if inside.is_some_and(|it| modules.package(&it).is_some()) {
                    modules.add_package(&module);
                } else {
                    let question = self.question(&Miss { from, is_installed, module });
                    self.namespaces.insert(question);
                }
                return None;
            }
            Answer::Known(id) => (id, false),
            Answer::Facts(facts) => (self.push(*facts), true),
        };
        // It may be imported by another name than its own.
        let project = &mut self.project;
        let modules = match wanted.is_installed {
            true => &mut project.installed,
            false => &mut project.modules,
        };
        modules.add_as(&wanted.module, id, &project.files[id.index()]);
        is_new.then_some(id)
    }

    /// What a name asks for in a folder without a file.
    fn in_namespace(&mut self, from: FileId, name: Dotted, is_installed: bool) -> Option<Miss> {
        if self.namespaces.is_empty() {
            return None;
        }
        let text = self.project.file(from).dotted_text(name);
        for (end, _) in text.match_indices('.') {
            let miss = |end: usize| Miss { from, is_installed, module: text[..end].to_owned() };
            let question = self.question(&miss(end));
            if !self.namespaces.contains(&question) {
                return None;
            }
            let next = text[end + 1..].find('.').map_or(text.len(), |at| end + 1 + at);
            let inner = self.question(&miss(next));
            if !self.namespaces.contains(&inner) {
                return Some(miss(next));
            }
        }
        None
    }

    fn modules(&mut self, is_installed: bool) -> &mut modules::Modules {
        match is_installed {
            true => &mut self.project.installed,
            false => &mut self.project.modules,
        }
    }

    fn push(&mut self, facts: FileFacts) -> FileId {
        let project = &mut self.project;
        let id = FileId::new(project.files.len());
        let package = match facts.info.standing {
            Standing::Installed => project.installed.add(id, &facts),
            _ => project.modules.add(id, &facts),
        };
        project.packages.push(package);
        project.class_places.add(facts.classes().len());
        project.function_places.add(facts.functions().len());
        project.lookups.add_file();
        project.files.push(facts);
        id
    }

    /// What an import statement of a file asks for that is not there.
    fn missing_imports(&self, file: FileId) -> Vec<Miss> {
        let project = &self.project;
        let facts = project.file(file);
        let mut way = Way::noting();
        for (at, import) in facts.imports().iter().enumerate() {
            if import.kind() == ImportKind::Typing {
                continue;
            }
            // Asked last: most of what the project has itself is not missing.
            let is_standard = || is_standard(facts, import.module);
            let package = project.dotted_package(file, import.module);
            let module = package.and_then(|it| project.module_file(file, it));
            if module.is_none() {
                if is_standard() {
                    continue;
                }
                project.note_modules(file, import.module, &mut way);
            }
            // `from package import module`
            let (Some(package), true) = (package, import.is_from()) else { continue };
            if module.is_some_and(|it| !project.file(it).module().is_package()) {
                continue;
            }
            let names = facts.imported().of(at as u32).iter().map(|name| facts.text(*name));
            let mut unbound = names.filter(|name| {
                let is_bound = module.is_some_and(|it| {
                    let facts = project.file(it);
                    facts.is_opaque || facts.binding(name).is_some() && !binds_own(facts, name)
                });
                *name != "*" && !is_bound
            });
            let Some(first) = unbound.next().filter(|_| module.is_none() || !is_standard()) else {
                continue;
            };
            for name in std::iter::once(first).chain(unbound) {
                project.note_submodule(file, package, name, &mut way);
            }
        }
        way.missed()
    }

    /// Adds the bases of a class to the tasks.
    fn need_bases(&mut self, class: ClassId) {
        if !self.based.insert(class) {
            return;
        }
        let (file, facts) = self.project.class(class);
        let bases = self.project.file(file).bases().of(self.project.index_of(class));
        let targets = bases.iter().map(|base| base.target).chain(facts.metaclass());
        for target in targets {
            match target.kind() {
                TargetKind::Absolute(_) | TargetKind::Class(_) => {
                    self.tasks.push(Task { file, target, is_base: true });
                }
                TargetKind::Choice(index) => {
                    let arms = self.project.file(file).choices().of(index).iter();
                    let task = |it: &ArmFacts| Task { file, target: it.target, is_base: true };
                    self.tasks.extend(arms.map(task));
                }
                _ => {}
            }
        }
    }

    /// Those of some missing modules that were not asked for before. They count as asked for.
    fn unasked(&mut self, missed: Vec<Miss>) -> Vec<WantedModule> {
        let mut wanted = Vec::new();
        for miss in missed {
            let question = self.question(&miss);
            if self.asked.insert(question) {
                let Miss { from, is_installed, module } = miss;
                wanted.push(WantedModule { is_installed, module, from });
            }
        }
        wanted
    }

    fn question(&mut self, miss: &Miss) -> Question {
        if miss.is_installed {
            return (0, true, miss.module.clone());
        }
        let root = self.project.file(miss.from).root();
        let root = match self.roots.get(root) {
            Some(known) => *known,
            None => {
                let number = self.roots.len() as u32;
                self.roots.insert(root.to_owned(), number);
                number
            }
        };
        (root, false, miss.module.clone())
    }
}

/// What rules ask about in a file, besides the bases of its classes: what it decorates with, what
/// it makes, what its properties and constructors call, and what is suspected. Files that are read
/// for anything else would be read for nothing.
fn asked_about(facts: &FileFacts) -> impl Iterator<Item = Target> {
    let decorators = || facts.function_decorators().iter().map(|(_, target)| *target);
    let calls_matter = facts.bases().iter().next().is_some()
        || decorators().any(|it| facts.is_builtin(it, "property"));
    let called = facts.calls().iter().filter_map(|(_, call)| match call.callee() {
        Callee::Target(target) => Some(target),
        _ => None,
    });
    let suspicions: Vec<String> = facts
        .suspicions()
        .iter()
        .flat_map(|it| [it.about, it.premise.and_then(|premise| premise.flag)])
        .flatten()
        .collect();
    let names = match suspicions.is_empty() {
        true => 0,
        false => facts.dotted_names().len() as u32,
    };
    // What rules note besides a name is their own business.
    let is_suspected = |name: &Dotted| {
        let name = facts.dotted_text(*name);
        suspicions.iter().any(|it| it.contains(&name))
    };
    let suspected = (0..names).map(Dotted::new).filter(is_suspected);
    let mut targets: Vec<Target> = decorators().collect();
    targets.extend(facts.class_decorators().iter().map(|(_, target)| *target));
    targets.extend(facts.constructions().iter().map(|it| it.target));
    targets.extend(called.filter(|_| calls_matter));
    targets.extend(suspected.map(Target::absolute));
    targets.into_iter().filter(|it| matches!(it.kind(), TargetKind::Absolute(_)))
}

/// Whether a package binds a name to its own module of that name, by importing it.
fn binds_own(facts: &FileFacts, name: &str) -> bool {
    let is_own = |dotted: Dotted| facts.dotted_text(dotted) == facts.module().as_str();
    match facts.binding(name).map(|it| it.target.kind()) {
        Some(TargetKind::Absolute(target)) => {
            let parts = facts.parts(target);
            let package = parts.before().filter(|_| facts.text(parts.last) == name);
            package.is_some_and(is_own)
        }
        // In a branch, perhaps.
        Some(TargetKind::Unknown) => facts.imports().iter().enumerate().any(|(at, import)| {
            let mut names = facts.imported().of(at as u32).iter();
            names.any(|it| facts.text(*it) == name) && is_own(import.module)
        }),
        _ => false,
    }
}

fn sorted(mut wanted: Vec<WantedModule>) -> Vec<WantedModule> {
    wanted.sort();
    wanted.dedup();
    wanted
}

/// Whether a dotted name begins with a module of the standard library.
fn is_standard(facts: &FileFacts, name: Dotted) -> bool {
    let mut parts = facts.parts(name);
    while let Some(before) = parts.before() {
        parts = facts.parts(before);
    }
    // The whole list takes a while to make, which a single file should not have to wait for.
    let top = facts.text(parts.last);
    is_standard_library(top) || stdlib::is_module(top)
}
