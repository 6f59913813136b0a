//! Which file is which module.

use super::FileId;
use crate::facts::FileFacts;
use crate::text::{NumberTable, TextKey, dotted_parts};

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
    /// The files of packages: those of one package are a chain, the best to import first.
    placed: Vec<Placed>,
}

/// A file that a name stands for.
#[derive(Clone, Copy)]
struct Placed {
    /// What makes it better than another: a module goes before its stub, which never runs, and a
    /// package before a module of its name, as in `importlib`.
    rank: (bool, bool),
    file: FileId,
    /// One more than the number of the next; 0 for none.
    next: u32,
}

#[derive(Clone, Copy)]
struct Entry {
    /// One more than the number of the package around it; 0 for none.
    around: u32,
    /// Its last part: where it begins in the text, and its length.
    start: u32,
    length: u32,
    /// One more than the numbers of the first and the last of its files; 0 for none.
    first: u32,
    last: u32,
}

impl Package {
    /// The index, for tables beside the packages.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

impl Modules {
    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.packages.is_empty()
    }

    /// Adds a file under its own name.
    pub(super) fn add(&mut self, id: FileId, file: &FileFacts) -> Package {
        self.add_as(file.module().as_str(), id, file)
    }

    /// Adds a file under a name that it is imported by.
    pub(super) fn add_as(&mut self, dotted: &str, id: FileId, file: &FileFacts) -> Package {
        let package = self.add_package(dotted);
        let rank = (file.is_stub(), !file.module().is_package());
        let (mut before, mut next) = (None, self.packages[package.0 as usize].first);
        // Files mostly come in order.
        if let Some(last) = self.packages[package.0 as usize].last.checked_sub(1)
            && (self.placed[last as usize].rank, self.placed[last as usize].file) < (rank, id)
        {
            (before, next) = (Some(last), 0);
        }
        while let Some(at) = next.checked_sub(1) {
            let placed = self.placed[at as usize];
            if placed.file == id {
                return package;
            }
            if (placed.rank, placed.file) > (rank, id) {
                break;
            }
            (before, next) = (Some(at), placed.next);
        }
        self.placed.push(Placed { rank, file: id, next });
        let own = self.placed.len() as u32;
        let entry = &mut self.packages[package.0 as usize];
        match before {
            Some(before) => self.placed[before as usize].next = own,
            None => entry.first = own,
        }
        if next == 0 {
            entry.last = own;
        }
        package
    }

    /// Adds a name that is a package, whether or not it has a file.
    pub(super) fn add_package(&mut self, dotted: &str) -> Package {
        let (first, rest) = dotted.split_once('.').unwrap_or((dotted, ""));
        let mut package = self.make(None, first);
        for part in dotted_parts(rest).filter(|part| !part.is_empty()) {
            package = self.make(Some(package), part);
        }
        package
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
        self.packages.push(Entry { around, start, length, first: 0, last: 0 });
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
        for part in dotted_parts(dotted) {
            package = Some(self.inside(package, part)?);
        }
        package
    }

    /// The package with an index.
    pub(super) fn numbered(&self, index: usize) -> Package {
        Package(index as u32)
    }

    /// The package around a package.
    pub(super) fn around(&self, package: Package) -> Option<Package> {
        self.packages[package.0 as usize].around.checked_sub(1).map(Package)
    }

    /// The last part of a package's name.
    pub(super) fn last_part(&self, package: Package) -> &str {
        name(&self.packages[package.0 as usize], &self.text)
    }

    /// Whether any file has the name of a package.
    pub(super) fn has_files(&self, package: Package) -> bool {
        self.packages[package.0 as usize].first > 0
    }

    /// The first part of a package's name.
    fn top(&self, package: Package) -> &str {
        let mut entry = &self.packages[package.0 as usize];
        while let Some(around) = entry.around.checked_sub(1) {
            entry = &self.packages[around as usize];
        }
        name(entry, &self.text)
    }

    /// The dotted name of a package.
    pub(super) fn dotted(&self, package: Package) -> String {
        let entry = &self.packages[package.0 as usize];
        let last = name(entry, &self.text);
        match entry.around.checked_sub(1) {
            Some(around) => format!("{}.{last}", self.dotted(Package(around))),
            None => last.to_owned(),
        }
    }

    /// The files that a package stands for, the best to import first.
    pub(super) fn files(&self, package: Package) -> impl Iterator<Item = FileId> + Clone + '_ {
        let mut next = self.packages[package.0 as usize].first;
        std::iter::from_fn(move || {
            let placed = self.placed[next.checked_sub(1)? as usize];
            next = placed.next;
            Some(placed.file)
        })
    }

    /// The file that a package is imported from by a file below `root`: the one of the same root,
    /// else the only one there is.
    pub(super) fn file(&self, files: &[FileFacts], root: &str, package: Package) -> Option<FileId> {
        let candidates = self.files(package);
        let first = candidates.clone().next()?;
        let is_top = self.packages[package.0 as usize].around == 0;
        // `typing` does things to bases that its source does not show: it is known by itself.
        if is_top && self.top(package) == "typing" {
            return None;
        }
        let own = candidates.clone().find(|id| files[id.index()].root() == root);
        if own.is_some() {
            return own;
        }
        // A name of the standard library means the standard library, unless this root has it.
        if super::stdlib::is_module(self.top(package)) {
            return None;
        }
        let mut roots = candidates.map(|id| files[id.index()].root());
        let only = files[first.index()].root();
        roots.all(|root| root == only).then_some(first)
    }
}

fn name<'t>(entry: &Entry, text: &'t str) -> &'t str {
    &text[entry.start as usize..][..entry.length as usize]
}

fn hash(around: u32, part: &str) -> u64 {
    TextKey::of(part).hash() ^ u64::from(around).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
