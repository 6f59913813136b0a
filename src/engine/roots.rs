//! Which folder a file's module name counts from.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::{FileToCheck, disk};
use crate::facts::{FileInfo, Standing};
use crate::semantic::ModuleName;
use crate::text::places_of;

/// No name has more namespace packages in it.
const MOST_NAMESPACES: usize = 3;

/// So many folders of a package are looked into for how its modules call it, one in the other, and in
/// each so many modules: an editor waits for it.
const MOST_FOLDERS: usize = 3;
const MOST_MODULES: usize = 2;

/// Folders that sources are kept in, by custom: no part of a name.
const SOURCES: &[&str] = &["lib", "python", "site_packages", "source", "src"];

/// Names the modules of files. Each folder is looked at once.
#[derive(Default)]
pub(super) struct Roots {
    is_package: FxHashMap<PathBuf, bool>,
    /// By the outermost package: how many folders around it are part of its name.
    namespaces: FxHashMap<PathBuf, usize>,
    /// The folder of the last file, and how many parts of its files' paths stand behind the root:
    /// the next file mostly lies beside it.
    last: Option<(OsString, usize)>,
}

impl Roots {
    /// What a file is imported as: below a source root that settings name, its path from there;
    /// else its path from the nearest folder above that is neither a package nor inside of one, unless
    /// its package shows that it lies in a namespace package.
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
            return self.above_packages(folder, file);
        }
        let is_source = |it: &Path| is_source(it, file);
        for above in folder.ancestors() {
            if is_source(above) {
                return above;
            }
            if self.is_package(above) {
                return self.above_packages(above, file);
            }
        }
        folder
    }

    /// The folder that the outermost package around a package lies in, or the namespace package
    /// around that.
    fn above_packages<'f>(&mut self, package: &'f Path, file: &FileToCheck) -> &'f Path {
        let mut outermost = package;
        while let Some(parent) = outermost.parent().filter(|it| self.is_package(it)) {
            outermost = parent;
        }
        let around = match self.namespaces.get(outermost) {
            Some(known) => *known,
            None => {
                let found = self.namespaces_around(outermost, file);
                self.namespaces.insert(outermost.to_owned(), found);
                found
            }
        };
        outermost.ancestors().nth(around + 1).unwrap_or(outermost)
    }

    /// How many folders around an outermost package are part of its name. They hold nothing but
    /// packages, so no file says so (PEP 420), but the modules of these call it by its whole name: a
    /// few of them are read.
    fn namespaces_around(&mut self, package: &Path, file: &FileToCheck) -> usize {
        let Some(mut name) = identifier(package).map(str::to_owned) else { return 0 };
        let mut names = Vec::new();
        for folder in package.ancestors().skip(1).take(MOST_NAMESPACES) {
            let own = identifier(folder).filter(|it| !SOURCES.contains(it));
            let may_be_part =
                |_: &&str| !is_source(folder, file) && disk::files_in(folder).is_empty();
            let Some(own) = own.filter(may_be_part) else { break };
            name = format!("{own}.{name}");
            names.push(name.clone());
        }
        if names.is_empty() {
            return 0;
        }
        let mut folders = vec![package.to_owned()];
        for _ in 0..MOST_FOLDERS {
            let Some(folder) = folders.pop() else { break };
            let entries = disk::names(&folder).unwrap_or_default();
            let modules = entries.iter().filter(|it| it.ends_with(".py")).take(MOST_MODULES);
            for module in modules {
                let Ok(source) = disk::read(&folder.join(module)) else { continue };
                let found = names.iter().position(|name| imports(source.text(), name));
                if let Some(found) = found {
                    return found + 1;
                }
            }
            // Those further inside use the whole name more often.
            let inner = entries.iter().rev().filter(|it| !it.contains('.') && !it.starts_with('_'));
            folders.extend(inner.map(|it| folder.join(it)));
        }
        0
    }

    fn is_package(&mut self, folder: &Path) -> bool {
        if let Some(known) = self.is_package.get(folder) {
            return *known;
        }
        let is_package = disk::is_file(&folder.join("__init__.py"))
            || disk::is_file(&folder.join("__init__.pyi"));
        self.is_package.insert(folder.to_owned(), is_package);
        is_package
    }
}

/// Whether settings name a folder as a source root.
fn is_source(folder: &Path, file: &FileToCheck) -> bool {
    file.settings.src().iter().any(|source| source.as_path() == folder)
}

/// The name of a folder, if modules can be called so.
fn identifier(folder: &Path) -> Option<&str> {
    let name = folder.file_name()?.to_str()?;
    let is_plain = name.chars().all(|it| it.is_alphanumeric() || it == '_');
    (is_plain && !name.starts_with(|it: char| it.is_ascii_digit())).then_some(name)
}

/// Whether a line of a text imports a module, or something in it, by its whole name.
fn imports(text: &str, module: &str) -> bool {
    places_of(text, module).any(|at| {
        let line = text[..at].rfind(['\n', '\r']).map_or(0, |it| it + 1);
        matches!(text[line..at].trim_start(), "from " | "import ")
    })
}

#[cfg(test)]
mod tests {
    use super::imports;

    #[test]
    fn a_module_is_imported_at_the_beginning_of_a_line() {
        let of_shop = |text| imports(text, "shop.core");
        assert!(of_shop("import os\nfrom shop.core import prices\n"));
        assert!(of_shop("def f():\n    import shop.core.prices\n"));
        assert!(of_shop("import shop.core"));
        assert!(!of_shop("from shop.cores import prices"));
        assert!(!of_shop("from shop import core"));
        assert!(!of_shop("# as in: from shop.core import prices"));
        assert!(!of_shop("from my.shop.core import prices"));
    }
}
