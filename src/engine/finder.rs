//! From the name of a module to its file, as `importlib` finds it: nothing is run.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::disk;

/// Where modules are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchPath {
    /// In these folders, in this order.
    pub(super) folders: Vec<PathBuf>,
    /// Then by name: see [`super::editable`].
    pub(super) mapped: Vec<(String, PathBuf)>,
}

/// What the name of a module stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing, or nothing that can be read: an extension module.
    Nothing,
    /// Folders that make a package without a file of its own (PEP 420).
    Namespace(Vec<PathBuf>),
    /// A package: its folder, and its `__init__.py`.
    Package(PathBuf, PathBuf),
    /// A module that is no package.
    Module(PathBuf),
}

/// Finds modules. Each folder is looked into once.
#[derive(Default)]
pub(super) struct Finder {
    /// What is in a folder, sorted; `None` for what is no folder.
    listings: FxHashMap<PathBuf, Option<Vec<String>>>,
    found: FxHashMap<(usize, String), Found>,
}

impl Finder {
    /// What a dotted name means on a search path; `which` tells it from others.
    pub(super) fn find(&mut self, which: usize, path: &SearchPath, module: &str) -> Found {
        let key = (which, module.to_owned());
        if let Some(known) = self.found.get(&key) {
            return known.clone();
        }
        let mut found = match module.rsplit_once('.') {
            None => self.search(&path.folders, module),
            Some((package, last)) => match self.find(which, path, package) {
                Found::Package(folder, _) => self.search(&[folder], last),
                Found::Namespace(folders) => self.search(&folders, last),
                Found::Module(_) | Found::Nothing => Found::Nothing,
            },
        };
        if found == Found::Nothing
            && let Some((_, place)) = path.mapped.iter().rfind(|(name, _)| name == module)
        {
            found = mapped(place);
        }
        self.found.insert(key, found.clone());
        found
    }

    /// One part of a name in some folders, as `FileFinder` and `PathFinder` look for it.
    fn search(&mut self, folders: &[PathBuf], name: &str) -> Found {
        let mut portions = Vec::new();
        for folder in folders {
            let Some(names) = self.names(folder) else { continue };
            let is_folder = has(names, name);
            let module = file_named(names, name);
            if is_folder {
                let inner = folder.join(name);
                match self.names(&inner).map(|it| file_named(it, "__init__")) {
                    Some(File::Source) => {
                        let init = inner.join("__init__.py");
                        return Found::Package(inner, init);
                    }
                    Some(File::Extension) => return Found::Nothing,
                    Some(File::None) if module == File::None => portions.push(inner),
                    Some(File::None) | None => {}
                }
            }
            match module {
                File::Source => return Found::Module(folder.join(format!("{name}.py"))),
                File::Extension => return Found::Nothing,
                File::None => {}
            }
        }
        match portions.is_empty() {
            true => Found::Nothing,
            false => Found::Namespace(portions),
        }
    }

    fn names(&mut self, folder: &Path) -> Option<&[String]> {
        if !self.listings.contains_key(folder) {
            self.listings.insert(folder.to_owned(), disk::names(folder));
        }
        self.listings.get(folder)?.as_deref()
    }
}

/// A package or module that lies at a place: its folder, or its file without the suffix.
fn mapped(place: &Path) -> Found {
    let init = place.join("__init__.py");
    let module = place.with_extension("py");
    match (disk::is_file(&init), disk::is_file(&module)) {
        (true, _) => Found::Package(place.to_owned(), init),
        (false, true) => Found::Module(module),
        (false, false) => Found::Nothing,
    }
}

/// What file there is for a name. An extension module goes before a source.
#[derive(Clone, Copy, PartialEq, Eq)]
enum File {
    None,
    Source,
    Extension,
}

fn file_named(names: &[String], name: &str) -> File {
    let start = names.partition_point(|it| it.as_str() < name);
    let mut found = File::None;
    let same = names[start..].iter().take_while(|it| it.starts_with(name));
    for suffix in same.filter_map(|it| it[name.len()..].strip_prefix('.')) {
        let is_extension =
            Path::new(suffix).extension().is_some_and(|it| it == "so" || it == "pyd")
                || matches!(suffix, "so" | "pyd");
        if is_extension {
            return File::Extension;
        }
        if suffix == "py" {
            found = File::Source;
        }
    }
    found
}

fn has(names: &[String], name: &str) -> bool {
    names.binary_search_by(|it| it.as_str().cmp(name)).is_ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "tests write files of their own")]

    use super::*;

    #[test]
    fn modules_are_found_as_importlib_finds_them() {
        let folder = tempfile::tempdir().unwrap();
        let files = [
            "one/both/__init__.py",
            "one/both.py",
            "one/space/inner.py",
            "two/space/other/__init__.py",
            "two/fast.cpython-311-x86_64-linux-gnu.so",
            "two/fast.py",
            "two/fast_enough.py",
            "two/both/never.py",
            "two/only.pyi",
            "worked/on/__init__.py",
            "worked/on/deep.py",
            "worked/alone.py",
            "worked/unseen.py",
        ];
        for file in files {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let folders = ["one", "two", "three"].map(|it| folder.path().join(it)).to_vec();
        let mapped = [("on", "on"), ("alone", "alone"), ("fast_enough", "alone"), ("lost", "lost")]
            .map(|(name, at)| (name.to_owned(), folder.path().join("worked").join(at)))
            .to_vec();
        let path = SearchPath { folders, mapped };
        let mut finder = Finder::default();
        let mut find = |name: &str| match finder.find(0, &path, name) {
            Found::Nothing => "nothing".to_owned(),
            Found::Namespace(folders) => format!("{} folders", folders.len()),
            Found::Package(_, file) | Found::Module(file) => {
                file.strip_prefix(folder.path()).unwrap().display().to_string()
            }
        };
        assert_eq!(find("both"), "one/both/__init__.py");
        assert_eq!(find("both.never"), "nothing");
        assert_eq!(find("space"), "2 folders");
        assert_eq!(find("space.inner"), "one/space/inner.py");
        assert_eq!(find("space.other"), "two/space/other/__init__.py");
        assert_eq!(find("fast"), "nothing");
        assert_eq!(find("fast_enough"), "two/fast_enough.py");
        assert_eq!(find("only"), "nothing");
        assert_eq!(find("on"), "worked/on/__init__.py");
        assert_eq!(find("on.deep"), "worked/on/deep.py");
        assert_eq!(find("alone"), "worked/alone.py");
        assert_eq!(find("unseen"), "nothing");
        assert_eq!(find("lost"), "nothing");
    }
}
