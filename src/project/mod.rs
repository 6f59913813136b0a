//! The linked project: facts of files, put together. No text, no tree, no disk.
//!
//! Linking is a function of a set: it sorts its input, so any sharding and order of the facts
//! gives the same project. What cannot be known is `Unknown`, never a guess.

mod abstracts;
mod calls;
mod chains;
mod choices;
mod classes;
mod components;
mod costs;
mod creation;
mod cuts;
mod cycles;
mod decorators;
mod draft;
mod explanation;
mod hashing;
pub mod import_time;
mod imports;
mod instances;
mod layout;
mod lineage;
mod linearization;
mod making;
mod metaclass;
mod modules;
mod per_class;
mod reexports;
mod resolve;
mod scripts;
mod stdlib;
#[cfg(test)]
mod tests;
mod versions;
mod way;

use std::sync::{Arc, Mutex, OnceLock};

use rustc_hash::FxHashMap;

use crate::facts::{ClassFacts, FileFacts, FunctionFacts, Standing};
use crate::semantic::pythons::Pythons;

pub use crate::facts::ImportKind;
use per_class::PerClass;

pub use abstracts::{AbstractMember, Abstracts};
pub use chains::Definer;
pub use classes::{ClassRef, Mro, MroError};
pub use components::strong_components;
pub use costs::{Cost, Step};
pub use creation::{CreationError, SlotsError};
pub(crate) use cuts::Concern;
pub use cuts::{Consequences, Elsewhere, Verdict};
pub use cycles::{Cycle, Edge, Failing, IsIgnored, Needed};
pub use decorators::Applied;
pub use draft::{Answer, Draft, WantedModule};
pub use explanation::{Doubt, Next, Reason};
pub use imports::{ImportEdge, ModulesWithCycles};
pub use layout::{DeclaredSlots, Own};
pub use lineage::Lineage;
pub use linearization::MergeStep;
pub use metaclass::{Clash, Wanted};
pub use reexports::PassedOn;
pub use resolve::{Item, Outside};
pub use scripts::Script;
pub use stdlib::{Releases, StdClass};

/// A file of a project: its place among the files sorted by path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

impl FileId {
    pub(crate) fn new(index: usize) -> FileId {
        FileId(index as u32)
    }

    /// Its place among the files sorted by path.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A class of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassId(u32);

/// A function or method of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionId(u32);

/// The files of a run, linked: those that are looked at, and what they import of others.
pub struct Project {
    /// Those that are looked at come first.
    files: Vec<FileFacts>,
    /// How many are looked at.
    checked: usize,
    /// Whether all is there that the files of the project import of it.
    is_whole: bool,
    modules: modules::Modules,
    /// The modules of libraries that are installed.
    installed: modules::Modules,
    /// What each file is imported as, among the modules of the project or those of libraries.
    packages: Vec<modules::Package>,
    /// The Pythons that the classes of the standard library are of.
    releases: Releases,
    /// Its scripts and plugins, sorted.
    scripts: Vec<Script>,
    class_places: Places,
    function_places: Places,
    classes: classes::Classes,
    lookups: resolve::Lookups,
    instances: OnceLock<instances::Instances>,
    written: OnceLock<instances::Written>,
    decorators: OnceLock<decorators::Decorators>,
    abstracts: PerClass<Abstracts>,
    metaclasses: PerClass<Option<ClassRef>>,
    /// Whether it derives from `TypedDict`, and from `Generic`: asked before it is linearized.
    typed_dicts: PerClass<bool>,
    generics: PerClass<bool>,
    creations: PerClass<creation::Outcome>,
    layouts: PerClass<Own>,
    /// The Pythons that each file is imported on, once somebody asked.
    runs_on: OnceLock<Vec<Pythons>>,
    costs: OnceLock<costs::Costs>,
    imports: OnceLock<Arc<import_time::Graph>>,
    /// The import statements that name each module, once somebody asked.
    mentions: Mutex<FxHashMap<FileId, Arc<[cuts::Mention]>>>,
}

impl Project {
    /// Links facts. Files with the same path count once.
    pub fn link(files: Vec<FileFacts>) -> Project {
        Draft::new(files).link()
    }

    /// The files that are looked at, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &FileFacts)> {
        let checked = self.files[..self.checked].iter().enumerate();
        checked.map(|(index, facts)| (FileId(index as u32), facts))
    }

    /// The files that are only imported.
    pub fn others(&self) -> impl Iterator<Item = (FileId, &FileFacts)> {
        let all = self.files.iter().enumerate().skip(self.checked);
        all.map(|(index, facts)| (FileId(index as u32), facts))
    }

    /// Whether a file is a library's, in the environment of the project.
    pub fn is_installed(&self, id: FileId) -> bool {
        self.file(id).info.standing == Standing::Installed
    }

    /// Whether findings can be about a file: the others are only imported by those.
    pub fn is_checked(&self, id: FileId) -> bool {
        id.index() < self.checked
    }

    /// Whether it is known what happens when a file is imported: it is looked at, or it is one of the
    /// project in which all is there that is imported.
    pub(crate) fn is_followed(&self, id: FileId) -> bool {
        self.is_checked(id) || self.is_whole && self.file(id).info.standing == Standing::Read
    }

    /// The facts of a file.
    pub fn file(&self, id: FileId) -> &FileFacts {
        &self.files[id.0 as usize]
    }

    /// Which module imports which.
    pub(crate) fn import_graph(&self) -> Arc<import_time::Graph> {
        Arc::clone(self.imports.get_or_init(|| Arc::new(import_time::Graph::new(self))))
    }

    /// Gives the facts back: first those of the files that are looked at, sorted by path.
    pub fn into_files(self) -> Vec<FileFacts> {
        self.files
    }

    /// The file with a path, among those that are looked at.
    pub fn file_at(&self, path: &str) -> Option<FileId> {
        let at = self.files[..self.checked].binary_search_by(|file| file.path().cmp(path)).ok()?;
        Some(FileId(at as u32))
    }

    /// All classes of the files that are looked at, file by file in source order.
    pub fn classes(&self) -> impl Iterator<Item = ClassId> + use<> {
        (0..self.class_places.end(self.checked)).map(ClassId)
    }

    /// All functions and methods of the files that are looked at, file by file in source order.
    pub fn functions(&self) -> impl Iterator<Item = FunctionId> + use<> {
        (0..self.function_places.end(self.checked)).map(FunctionId)
    }

    /// A class of a file, by its index in the file's facts.
    pub fn class_of(&self, file: FileId, index: u32) -> ClassId {
        ClassId(self.class_places.first[file.0 as usize] + index)
    }

    /// A function of a file, by its index in the file's facts.
    pub fn function_of(&self, file: FileId, index: u32) -> FunctionId {
        FunctionId(self.function_places.first[file.0 as usize] + index)
    }

    /// The index of a class among those of its file.
    pub fn index_of(&self, id: ClassId) -> u32 {
        self.class_places.locate(id.0).1
    }

    /// The index of a function among those of its file.
    pub fn index_of_function(&self, id: FunctionId) -> u32 {
        self.function_places.locate(id.0).1
    }

    /// A class's file and facts.
    pub fn class(&self, id: ClassId) -> (FileId, &ClassFacts) {
        let (file, index) = self.class_places.locate(id.0);
        (file, &self.file(file).classes()[index as usize])
    }

    /// A function's file and facts.
    pub fn function(&self, id: FunctionId) -> (FileId, &FunctionFacts) {
        let (file, index) = self.function_places.locate(id.0);
        (file, &self.file(file).functions()[index as usize])
    }

    /// The `__qualname__` of a function, for messages.
    pub fn qualified_name(&self, function: FunctionId) -> String {
        let (file, facts) = self.function(function);
        self.file(file).qualified_name(facts.name, facts.holder())
    }

    /// The class of the standard library with a dotted name, as it is in the project's Pythons.
    pub fn std(&self, name: &str) -> Option<StdClass> {
        Some(stdlib::find(name)?.on(self.releases))
    }

    /// The builtin class of a name.
    pub(crate) fn std_builtin(&self, name: &str) -> Option<StdClass> {
        Some(stdlib::find_builtin(name)?.on(self.releases))
    }

    /// The name of a class, for messages.
    pub fn class_name(&self, class: ClassRef) -> &str {
        match class {
            ClassRef::Project(id) => {
                let (file, facts) = self.class(id);
                self.file(file).text(facts.name)
            }
            ClassRef::Std(class) => class.name().rsplit('.').next().unwrap_or_default(),
        }
    }
}

/// Where the classes or functions of a project stand that are numbered through all files.
#[derive(Default)]
struct Places {
    /// The number of the first of each file.
    first: Vec<u32>,
    /// The file of each.
    file: Vec<FileId>,
}

impl Places {
    /// Adds the next file, with so many of them.
    fn add(&mut self, count: usize) {
        let file = FileId::new(self.first.len());
        self.first.push(self.file.len() as u32);
        self.file.extend(std::iter::repeat_n(file, count));
    }

    /// One more than the number of the last of the first files.
    fn end(&self, files: usize) -> u32 {
        self.first.get(files).copied().unwrap_or(self.file.len() as u32)
    }

    /// The file, and the number in it.
    fn locate(&self, number: u32) -> (FileId, u32) {
        let file = self.file[number as usize];
        (file, number - self.first[file.index()])
    }
}
