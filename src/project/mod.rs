//! The linked project: facts of files, put together. No text, no tree, no disk.
//!
//! Linking is a function of a set: it sorts its input, so any sharding and order of the facts
//! gives the same project. What cannot be known is `Unknown`, never a guess.

mod calls;
mod classes;
mod cycles;
mod decorators;
mod hashing;
mod instances;
mod linearization;
mod making;
mod modules;
mod resolve;
mod stdlib;

use std::sync::OnceLock;

use crate::facts::{ClassFacts, FileFacts, FunctionFacts};

pub use calls::{Cost, Step};
pub use classes::{ClassRef, Mro, MroError};
pub use cycles::{Cycle, Edge};
pub use decorators::Applied;
pub use resolve::Item;
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
    /// The number of the first class of each file, and the number of all at the end.
    first_class: Vec<u32>,
    first_function: Vec<u32>,
    classes: classes::Classes,
    /// What the dotted names of each file stand for, as far as anybody asked.
    memory: Vec<resolve::Memory>,
    instances: OnceLock<instances::Instances>,
    decorators: OnceLock<decorators::Decorators>,
}

impl Project {
    /// Links facts. Files with the same path count once.
    pub fn link(mut files: Vec<FileFacts>) -> Project {
        files.sort_by(|a, b| a.path().cmp(b.path()));
        files.dedup_by(|a, b| a.path() == b.path());
        let first_class = offsets(&files, |file| file.classes().len());
        let first_function = offsets(&files, |file| file.functions().len());
        let modules = modules::Modules::new(&files);
        let memory = files.iter().map(|_| resolve::Memory::default()).collect();
        let mut project = Project {
            files,
            modules,
            first_class,
            first_function,
            classes: classes::Classes::default(),
            memory,
            instances: OnceLock::new(),
            decorators: OnceLock::new(),
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
        (0..self.first_class.last().copied().unwrap_or(0)).map(ClassId)
    }

    /// All functions and methods, file by file in source order.
    pub fn functions(&self) -> impl Iterator<Item = FunctionId> + use<> {
        (0..self.first_function.last().copied().unwrap_or(0)).map(FunctionId)
    }

    /// A class of a file, by its index in the file's facts.
    pub fn class_of(&self, file: FileId, index: u32) -> ClassId {
        ClassId(self.first_class[file.0 as usize] + index)
    }

    /// A function of a file, by its index in the file's facts.
    pub fn function_of(&self, file: FileId, index: u32) -> FunctionId {
        FunctionId(self.first_function[file.0 as usize] + index)
    }

    /// The index of a class among those of its file.
    pub fn index_of(&self, id: ClassId) -> u32 {
        locate(&self.first_class, id.0).1 as u32
    }

    /// The index of a function among those of its file.
    pub fn index_of_function(&self, id: FunctionId) -> u32 {
        locate(&self.first_function, id.0).1 as u32
    }

    /// A class's file and facts.
    pub fn class(&self, id: ClassId) -> (FileId, &ClassFacts) {
        let (file, index) = locate(&self.first_class, id.0);
        (FileId(file as u32), &self.files[file].classes()[index])
    }

    /// A function's file and facts.
    pub fn function(&self, id: FunctionId) -> (FileId, &FunctionFacts) {
        let (file, index) = locate(&self.first_function, id.0);
        (FileId(file as u32), &self.files[file].functions()[index])
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

fn offsets(files: &[FileFacts], count: impl Fn(&FileFacts) -> usize) -> Vec<u32> {
    let mut total = 0;
    let mut offsets = vec![0];
    offsets.extend(files.iter().map(|file| {
        total += count(file) as u32;
        total
    }));
    offsets
}

fn locate(offsets: &[u32], id: u32) -> (usize, usize) {
    let file = offsets.partition_point(|first| *first <= id) - 1;
    (file, (id - offsets[file]) as usize)
}
