//! The linked project: facts of files, put together. No text, no tree, no disk.
//!
//! Linking is a function of a set: it sorts its input, so any sharding and order of the facts
//! gives the same project. What cannot be known is `Unknown`, never a guess.

mod calls;
mod chains;
mod classes;
mod costs;
mod cycles;
mod decorators;
mod hashing;
mod instances;
mod lineage;
mod linearization;
mod making;
mod modules;
mod resolve;
mod stdlib;

use std::sync::OnceLock;

use crate::facts::{ClassFacts, FileFacts, FunctionFacts};

pub use chains::Definer;
pub use classes::{ClassRef, Mro, MroError};
pub use costs::{Cost, Step};
pub use cycles::{Cycle, Edge};
pub use decorators::Applied;
pub use lineage::Lineage;
pub use resolve::{Item, Outside};
pub use stdlib::StdClass;

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

/// The files of a run, linked.
pub struct Project {
    files: Vec<FileFacts>,
    modules: modules::Modules,
    class_places: Places,
    function_places: Places,
    classes: classes::Classes,
    /// What the dotted names of each file stand for, as far as anybody asked.
    memory: Vec<resolve::Memory>,
    instances: OnceLock<instances::Instances>,
    decorators: OnceLock<decorators::Decorators>,
    costs: OnceLock<costs::Costs>,
}

impl Project {
    /// Links facts. Files with the same path count once.
    pub fn link(mut files: Vec<FileFacts>) -> Project {
        files.sort_by(|a, b| a.path().cmp(b.path()));
        files.dedup_by(|a, b| a.path() == b.path());
        let class_places = Places::new(&files, |file| file.classes().len());
        let function_places = Places::new(&files, |file| file.functions().len());
        let modules = modules::Modules::new(&files);
        let memory = files.iter().map(|_| resolve::Memory::default()).collect();
        let mut project = Project {
            files,
            modules,
            class_places,
            function_places,
            classes: classes::Classes::default(),
            memory,
            instances: OnceLock::new(),
            decorators: OnceLock::new(),
            costs: OnceLock::new(),
        };
        project.classes = classes::Classes::link(&project);
        project
    }

    /// The files, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &FileFacts)> {
        self.files.iter().enumerate().map(|(index, facts)| (FileId(index as u32), facts))
    }

    /// The facts of a file.
    pub fn file(&self, id: FileId) -> &FileFacts {
        &self.files[id.0 as usize]
    }

    /// Gives the facts back, sorted by path.
    pub fn into_files(self) -> Vec<FileFacts> {
        self.files
    }

    /// The file with a path.
    pub fn file_at(&self, path: &str) -> Option<FileId> {
        let at = self.files.binary_search_by(|file| file.path().cmp(path)).ok()?;
        Some(FileId(at as u32))
    }

    /// All classes, file by file in source order.
    pub fn classes(&self) -> impl Iterator<Item = ClassId> + use<> {
        (0..self.class_places.file.len() as u32).map(ClassId)
    }

    /// All functions and methods, file by file in source order.
    pub fn functions(&self) -> impl Iterator<Item = FunctionId> + use<> {
        (0..self.function_places.file.len() as u32).map(FunctionId)
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
struct Places {
    /// The number of the first of each file.
    first: Vec<u32>,
    /// The file of each.
    file: Vec<FileId>,
}

impl Places {
    fn new(files: &[FileFacts], count: impl Fn(&FileFacts) -> usize) -> Places {
        let (mut first, mut file) = (Vec::with_capacity(files.len()), Vec::new());
        for (index, facts) in files.iter().enumerate() {
            first.push(file.len() as u32);
            file.extend(std::iter::repeat_n(FileId(index as u32), count(facts)));
        }
        Places { first, file }
    }

    /// The file, and the number in it.
    fn locate(&self, number: u32) -> (FileId, u32) {
        let file = self.file[number as usize];
        (file, number - self.first[file.index()])
    }
}
