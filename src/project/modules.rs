//! Which file is which module.

use super::FileId;
use crate::facts::FileFacts;
use crate::text::{NumberTable, TextKey};

/// A dotted name that is a module of the project or begins one, whatever file that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Package(u32);

/// The modules of a project by dotted name. A name can stand for several files: the roots of a
/// monorepo, a stub beside its module.
#[derive(Default)]
pub(super) struct Modules {
    packages: Vec<Entry>,
    /// The packages by the one around them and the last part of their name.
    table: NumberTable,
    /// The last parts of all names, one behind the other.
    text: String,
    /// All files, sorted by package: the best to import first.
    files: Vec<FileId>,
}

#[derive(Clone, Copy)]
struct Entry {
    /// One more than the number of the package around it; 0 for none.
    around: u32,
    /// Its last part: where it begins in the text, and its length.
    start: u32,
    length: u32,
    /// Its files: the first, and how many.
    first: u32,
    count: u32,
}

impl Package {
    /// The index, for tables beside the packages.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

impl Modules {
    pub(super) fn new(files: &[FileFacts]) -> Modules {
        let mut modules = Modules::default();
        let mut named: Vec<(Package, FileId)> = Vec::with_capacity(files.len());
        for (index, file) in files.iter().enumerate() {
            let mut package = None;
            for part in file.module().as_str().split('.') {
                package = Some(modules.make(package, part));
            }
            named.extend(package.map(|it| (it, FileId(index as u32))));
        }
        // A module goes before its stub, which never runs, and a package before a module of its
        // name, as in `importlib`.
        named.sort_by_key(|(package, id)| {
            let file = &files[id.index()];
            (*package, file.is_stub(), !file.module().is_package())
        });
        for (at, (package, _)) in named.iter().enumerate() {
            let entry = &mut modules.packages[package.0 as usize];
            if entry.count == 0 {
                entry.first = at as u32;
            }
            entry.count += 1;
        }
        modules.files = named.into_iter().map(|(_, file)| file).collect();
        modules
    }

    fn make(&mut self, around: Option<Package>, part: &str) -> Package {
        if let Some(known) = self.inside(around, part) {
            return known;
        }
        let id = self.packages.len() as u32;
        let start = self.text.len() as u32;
        self.text.push_str(part);
        let around = around.map_or(0, |it| it.0 + 1);
        let length = part.len() as u32;
        self.packages.push(Entry { around, start, length, first: 0, count: 0 });
        let (packages, text) = (&self.packages, &self.text);
        self.table.insert(hash(around, part), id, |id| {
            let entry = &packages[id as usize];
            hash(entry.around, name(entry, text))
        });
        Package(id)
    }

    /// What a part of a name means inside a package, or at the top.
    pub(super) fn inside(&self, around: Option<Package>, part: &str) -> Option<Package> {
        let around = around.map_or(0, |it| it.0 + 1);
        let is_it = |id: u32| {
            let entry = &self.packages[id as usize];
            entry.around == around && name(entry, &self.text) == part
        };
        self.table.find(hash(around, part), is_it).map(Package)
    }

    /// The package or module of a dotted name.
    pub(super) fn package(&self, dotted: &str) -> Option<Package> {
        let mut package = None;
        for part in dotted.split('.') {
            package = Some(self.inside(package, part)?);
        }
        package
    }

    /// The package around a package.
    pub(super) fn around(&self, package: Package) -> Option<Package> {
        self.packages[package.0 as usize].around.checked_sub(1).map(Package)
    }

    /// The last part of a package's name.
    pub(super) fn last_part(&self, package: Package) -> &str {
        name(&self.packages[package.0 as usize], &self.text)
    }

    /// A package's name.
    pub(super) fn dotted(&self, package: Package) -> String {
        let last = self.last_part(package);
        match self.around(package) {
            Some(around) => format!("{}.{last}", self.dotted(around)),
            None => last.to_owned(),
        }
    }

    /// Whether any file has the name of a package.
    pub(super) fn has_files(&self, package: Package) -> bool {
        self.packages[package.0 as usize].count > 0
    }

    /// The first part of a package's name.
    fn top(&self, package: Package) -> &str {
        let mut entry = &self.packages[package.0 as usize];
        while let Some(around) = entry.around.checked_sub(1) {
            entry = &self.packages[around as usize];
        }
        name(entry, &self.text)
    }

    /// The file that a package is imported from by a file below `root`: the one of the same root,
    /// else the only one there is.
    pub(super) fn file(&self, files: &[FileFacts], root: &str, package: Package) -> Option<FileId> {
        let Entry { around, first, count, .. } = self.packages[package.0 as usize];
        let candidates = &self.files[first as usize..][..count as usize];
        // `typing` does things to bases that its source does not show: it is known by itself.
        if candidates.is_empty() || around == 0 && self.top(package) == "typing" {
            return None;
        }
        let own = candidates.iter().find(|id| files[id.index()].root() == root);
        if let Some(found) = own {
            return Some(*found);
        }
        // A name of the standard library means the standard library, unless this root has it.
        if super::stdlib::is_module(self.top(package)) {
            return None;
        }
        let first = candidates[0];
        let is_one_root =
            candidates.iter().all(|id| files[id.index()].root() == files[first.index()].root());
        is_one_root.then_some(first)
    }
}

fn name<'t>(entry: &Entry, text: &'t str) -> &'t str {
    &text[entry.start as usize..][..entry.length as usize]
}

fn hash(around: u32, part: &str) -> u64 {
    TextKey::of(part).hash() ^ u64::from(around).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
