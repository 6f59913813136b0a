//! Where what facts know stands in the files, for people.

use std::path::Path;

use ruff_text_size::{TextRange, TextSize};
use rustc_hash::FxHashMap;

use crate::engine::{FileToCheck, disk};
use crate::project::{ClassId, FileId, FunctionId, Project};
use crate::text::LineIndex;

/// Where something stands: a path as it is shown, and a line.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) path: String,
    pub(super) row: u32,
}

/// The texts of files and their lines, read as they are asked for.
pub(super) struct Lines<'p> {
    project: &'p Project,
    files: &'p [FileToCheck],
    folder: &'p Path,
    known: FxHashMap<FileId, File>,
}

/// The text of a file: empty where it cannot be read any more.
pub(super) struct File {
    text: String,
    lines: LineIndex,
}

impl File {
    /// Reads a file of a project; `files` are those that are looked at.
    pub(super) fn read(
        project: &Project,
        files: &[FileToCheck],
        folder: &Path,
        id: FileId,
    ) -> File {
        let path = match files.get(id.index()) {
            Some(file) => file.disk.clone(),
            None => folder.join(project.file(id).path()),
        };
        let text = disk::read(&path).map_or(String::new(), |it| it.text().to_owned());
        let lines = LineIndex::new(&text);
        File { text, lines }
    }

    /// The line of a place, from 1; the first where the file has become shorter.
    pub(super) fn row(&self, at: TextSize) -> u32 {
        let is_there = at.to_usize() <= self.text.len();
        if is_there { self.lines.position(at, &self.text).line } else { 1 }
    }
}

impl<'p> Lines<'p> {
    pub(super) fn new(
        project: &'p Project,
        files: &'p [FileToCheck],
        folder: &'p Path,
    ) -> Lines<'p> {
        Lines { project, files, folder, known: FxHashMap::default() }
    }

    fn file(&mut self, id: FileId) -> &File {
        let (project, files, folder) = (self.project, self.files, self.folder);
        self.known.entry(id).or_insert_with(|| File::read(project, files, folder, id))
    }

    pub(super) fn spot(&mut self, file: FileId, at: TextRange) -> Spot {
        let row = self.file(file).row(at.start());
        Spot { path: self.project.file(file).path().to_owned(), row }
    }

    pub(super) fn of_class(&mut self, class: ClassId) -> Spot {
        let (file, facts) = self.project.class(class);
        self.spot(file, facts.range())
    }

    pub(super) fn of_function(&mut self, function: FunctionId) -> Spot {
        let (file, facts) = self.project.function(function);
        self.spot(file, facts.range())
    }

    /// What is written somewhere, in one line.
    pub(super) fn text(&mut self, file: FileId, at: TextRange) -> String {
        let text = &self.file(file).text;
        let written = text.get(at.start().to_usize()..at.end().to_usize()).unwrap_or_default();
        written.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
