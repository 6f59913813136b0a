//! Which folder a file's module name counts from.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::FileToCheck;
use crate::facts::{FileInfo, Standing};
use crate::semantic::ModuleName;

/// Names the modules of files. Each folder is looked at once.
#[derive(Default)]
pub(super) struct Roots {
    is_package: FxHashMap<PathBuf, bool>,
    /// The folder of the last file, and how many parts of its files' paths stand behind the root:
    /// the next file mostly lies beside it.
    last: Option<(OsString, usize)>,
}

impl Roots {
    /// What a file is imported as: below a source root that settings name, its path from there;
    /// else its path from the nearest folder above that is neither a package nor inside of one.
    pub(super) fn info(&mut self, file: &FileToCheck) -> FileInfo {
        let folder = file.disk.parent().unwrap_or(Path::new(""));
        let depth = match &self.last {
            Some((last, depth)) if last == folder.as_os_str() => *depth,
            _ => {
                let root = self.root(folder, file);
                let depth = file.disk.strip_prefix(root).map_or(1, |it| it.components().count());
                self.last = Some((folder.as_os_str().to_owned(), depth));
                depth
            }
        };
        // The same number of parts from the end of the path as it is shown.
        let split = file.path.rmatch_indices('/').nth(depth.saturating_sub(1)).map(|(at, _)| at);
        let (root, below) = match split {
            Some(at) => (&file.path[..at], &file.path[at + 1..]),
            None => ("", file.path.as_str()),
        };
        FileInfo {
            path: file.path.clone(),
            root: root.to_owned(),
            module: ModuleName::of_path(below),
            standing: Standing::Checked,
        }
    }

    fn root<'f>(&mut self, folder: &'f Path, file: &FileToCheck) -> &'f Path {
        // A package says itself where it begins. Only a folder that is none may be part of a
        // namespace package (PEP 420): inside of a package, or below the nearest folder that
        // settings name as a source root.
        if self.is_package(folder) {
            return self.above_packages(folder);
        }
        let sources = file.settings.src();
        let is_source = |it: &Path| sources.iter().any(|source| source.as_path() == it);
        for above in folder.ancestors() {
            if is_source(above) {
                return above;
            }
            if self.is_package(above) {
                return self.above_packages(above);
            }
        }
        folder
    }

    /// The folder that the outermost package around a package lies in.
    fn above_packages<'f>(&mut self, package: &'f Path) -> &'f Path {
        let mut root = package;
        while self.is_package(root) {
            match root.parent() {
                Some(parent) => root = parent,
                None => break,
            }
        }
        root
    }

    fn is_package(&mut self, folder: &Path) -> bool {
        if let Some(known) = self.is_package.get(folder) {
            return *known;
        }
        let is_package = super::disk::is_file(&folder.join("__init__.py"))
            || super::disk::is_file(&folder.join("__init__.pyi"));
        self.is_package.insert(folder.to_owned(), is_package);
        is_package
    }
}
