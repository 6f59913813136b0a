//! The classes of the standard library, from a table made by introspection of CPython 3.8 to 3.13
//! (`scripts/stdlib_classes.py`).

use std::fmt;
use std::sync::OnceLock;

use rustc_hash::FxHashSet;

use crate::text::{NumberTable, TextKey};

/// One class or other name a line, sorted by name.
static TABLE: &str = include_str!("stdlib.tsv");

/// A class of the standard library: the number of its line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct StdClass(u32);

impl fmt::Debug for StdClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where the lines are, by number and by name. Made when the first class is looked up, in one pass
/// that allocates twice: a run on one small file pays for it, too.
struct Index {
    starts: Vec<u32>,
    by_name: NumberTable,
}

impl Index {
    fn get() -> &'static Index {
        static INDEX: OnceLock<Index> = OnceLock::new();
        INDEX.get_or_init(|| {
            let lines = MOST_LINES;
            let (mut starts, mut by_name) =
                (Vec::with_capacity(lines), NumberTable::with_capacity(lines));
            let mut start = 0;
            while start < TABLE.len() {
                let number = starts.len() as u32;
                starts.push(start as u32);
                let name = first_column(&TABLE[start..]);
                by_name.insert(hash(name), number, |number| {
                    hash(first_column(&TABLE[starts[number as usize] as usize..]))
                });
                let rest = &TABLE.as_bytes()[start..];
                start += memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            }
            Index { starts, by_name }
        })
    }

    fn find(&self, name: &str) -> Option<u32> {
        let is_it = |number: u32| first_column(self.line(number)) == name;
        self.by_name.find(hash(name), is_it)
    }

    fn line(&self, number: u32) -> &'static str {
        let start = self.starts[number as usize] as usize;
        let end = self.starts.get(number as usize + 1).map_or(TABLE.len(), |end| *end as usize);
        TABLE[start..end].trim_end_matches('\n')
    }
}

/// As many lines as the table may grow to without a second allocation.
const MOST_LINES: usize = 7_500;

fn hash(name: &str) -> u64 {
    TextKey::of(name).hash()
}

/// What stands before the first tab.
fn first_column(line: &str) -> &str {
    let end = memchr::memchr(b'\t', line.as_bytes()).unwrap_or(line.len());
    &line[..end]
}

impl StdClass {
    /// The class with a dotted name, under any name it can be had by.
    pub fn named(name: &str) -> Option<StdClass> {
        find(name)
    }

    /// Its number, from which [`StdClass::of_number`] makes it again.
    pub(super) fn number(self) -> u32 {
        self.0
    }

    pub(super) fn of_number(number: u32) -> StdClass {
        StdClass(number)
    }

    fn column(self, index: usize) -> &'static str {
        Index::get().line(self.0).split('\t').nth(index).unwrap_or_default()
    }

    /// Its dotted name: the module it is defined in, and its qualified name.
    pub fn name(self) -> &'static str {
        self.column(0)
    }

    /// Its linearization without itself; `None` where the versions of Python differ.
    pub fn mro(self) -> Option<&'static [StdClass]> {
        static MROS: OnceLock<Vec<OnceLock<Option<Vec<StdClass>>>>> = OnceLock::new();
        let all = MROS.get_or_init(|| {
            let count = Index::get().starts.len();
            std::iter::repeat_with(OnceLock::new).take(count).collect()
        });
        let read = || match self.column(1) {
            "?" => None,
            names => names.split_ascii_whitespace().map(find).collect(),
        };
        all[self.0 as usize].get_or_init(read).as_deref()
    }

    /// Its metaclass's dotted name; empty for `type`.
    pub fn metaclass(self) -> &'static str {
        self.column(2)
    }

    /// Whether its instances have a `__dict__`.
    pub fn has_dict(self) -> bool {
        self.column(3).contains('d')
    }

    /// Whether its instances are hashable.
    pub fn is_hashable(self) -> bool {
        self.column(3).contains('h')
    }

    /// Whether it cannot be a base.
    pub fn is_final(self) -> bool {
        self.column(3).contains('f')
    }

    /// Whether its own body defines a special name.
    pub fn defines(self, name: &str) -> bool {
        self.column(4).split_ascii_whitespace().any(|it| it == name)
    }

    /// The special names that its own body defines.
    pub fn special_names(self) -> impl Iterator<Item = &'static str> {
        self.column(4).split_ascii_whitespace()
    }

    /// The abstract members it has left.
    pub fn abstract_members(self) -> impl Iterator<Item = &'static str> {
        self.column(5).split_ascii_whitespace()
    }

    /// Whether it is `object`.
    pub fn is_object(self) -> bool {
        self.name() == "builtins.object"
    }
}

/// The class with a dotted name, under any name it can be had by.
pub(super) fn find(name: &str) -> Option<StdClass> {
    let index = Index::get();
    let number = index.find(name)?;
    match kind(number) {
        other if other.starts_with(['=', '~']) => index.find(&other[1..]).map(StdClass),
        _ => Some(StdClass(number)),
    }
}

/// The second column of a line: what the name is.
fn kind(number: u32) -> &'static str {
    Index::get().line(number).split('\t').nth(1).unwrap_or_default()
}

/// The builtin class of a name.
pub(super) fn find_builtin(name: &str) -> Option<StdClass> {
    find(&format!("builtins.{name}"))
}

/// A name of `typing`, if it is a generic alias of a class there: `List`.
pub(super) fn generic_alias(name: &str) -> Option<&'static str> {
    let number = Index::get().find(&format!("typing.{name}"))?;
    let is_alias = kind(number).starts_with('~');
    is_alias.then(|| &first_column(Index::get().line(number))["typing.".len()..])
}

/// Whether a top-level module belongs to the standard library.
pub(super) fn is_module(name: &str) -> bool {
    static MODULES: OnceLock<FxHashSet<&'static str>> = OnceLock::new();
    let top = |line: &'static str| first_column(line).split('.').next().unwrap_or_default();
    let modules = MODULES.get_or_init(|| TABLE.lines().map(top).collect());
    modules.contains(name) || MODULES_WITHOUT_CLASSES.contains(&name)
}

/// Modules of the standard library that define no class.
const MODULES_WITHOUT_CLASSES: &[&str] = &[
    "__future__",
    "atexit",
    "binascii",
    "colorsys",
    "errno",
    "faulthandler",
    "fnmatch",
    "genericpath",
    "glob",
    "keyword",
    "marshal",
    "math",
    "ntpath",
    "opcode",
    "os",
    "posixpath",
    "pty",
    "pwd",
    "quopri",
    "sched",
    "secrets",
    "stat",
    "sys",
    "sysconfig",
    "syslog",
    "test",
    "this",
    "time",
    "token",
    "tty",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builtin_classes_have_a_linearization() {
        for line in TABLE.lines().filter(|line| line.starts_with("builtins.")) {
            let name = first_column(line);
            assert!(find(name).is_some_and(|it| it.mro().is_some()), "{name}");
        }
    }

    #[test]
    fn names_lead_to_classes() {
        let bytes = find("io.BytesIO").unwrap();
        assert_eq!(bytes.name(), "_io.BytesIO");
        assert!(find_builtin("list").is_some_and(|it| !it.is_hashable() && !it.has_dict()));
        assert!(generic_alias("List").is_some() && generic_alias("Generic").is_none());
        assert!(is_module("collections") && is_module("os") && !is_module("django"));
    }
}
