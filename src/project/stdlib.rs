//! The classes of the standard library, from a table made by introspection of CPython 3.8 to 3.13
//! (`scripts/stdlib_classes.py`).

use std::fmt;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

/// One class or other name a line, sorted by name.
static TABLE: &str = include_str!("stdlib.tsv");

/// A class of the standard library.
#[derive(Clone, Copy)]
pub struct StdClass {
    row: &'static Row,
}

/// A line of the table.
struct Row {
    line: &'static str,
    /// The linearization, once somebody has asked for it.
    mro: OnceLock<Option<Vec<StdClass>>>,
}

/// The lines by name; made when the first class is looked up.
fn rows() -> &'static FxHashMap<&'static str, Row> {
    static ROWS: OnceLock<FxHashMap<&'static str, Row>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let row = |line: &'static str| Row { line, mro: OnceLock::new() };
        let named = |line| (first_column(line), row(line));
        TABLE.lines().map(named).collect()
    })
}

fn first_column(line: &str) -> &str {
    line.split('\t').next().unwrap_or_default()
}

impl PartialEq for StdClass {
    fn eq(&self, other: &StdClass) -> bool {
        std::ptr::eq(self.row, other.row)
    }
}

impl Eq for StdClass {}

impl fmt::Debug for StdClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl StdClass {
    /// The class with a dotted name, under any name it can be had by.
    pub fn named(name: &str) -> Option<StdClass> {
        find(name)
    }

    fn column(self, index: usize) -> &'static str {
        self.row.line.split('\t').nth(index).unwrap_or_default()
    }

    /// Its dotted name: the module it is defined in, and its qualified name.
    pub fn name(self) -> &'static str {
        self.column(0)
    }

    /// Its linearization without itself; `None` where the versions of Python differ.
    pub fn mro(self) -> Option<&'static [StdClass]> {
        let read = || match self.column(1) {
            "?" => None,
            names => names.split_ascii_whitespace().map(find).collect(),
        };
        self.row.mro.get_or_init(read).as_deref()
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
    let row = rows().get(name)?;
    match kind(row) {
        other if other.starts_with(['=', '~']) => Some(StdClass { row: rows().get(&other[1..])? }),
        _ => Some(StdClass { row }),
    }
}

/// The second column: what the name is.
fn kind(row: &Row) -> &'static str {
    row.line.split('\t').nth(1).unwrap_or_default()
}

/// The builtin class of a name.
pub(super) fn find_builtin(name: &str) -> Option<StdClass> {
    find(&format!("builtins.{name}"))
}

/// Whether a dotted name is a generic alias of a class in `typing`: `typing.List`.
pub(super) fn is_generic_alias(name: &str) -> bool {
    name.starts_with("typing.") && rows().get(name).is_some_and(|row| kind(row).starts_with('~'))
}

/// Whether a top-level module belongs to the standard library.
pub(super) fn is_module(name: &str) -> bool {
    static MODULES: OnceLock<FxHashMap<&'static str, ()>> = OnceLock::new();
    let top = |line: &'static str| (first_column(line).split('.').next().unwrap_or_default(), ());
    let modules = MODULES.get_or_init(|| TABLE.lines().map(top).collect());
    modules.contains_key(name) || MODULES_WITHOUT_CLASSES.contains(&name)
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
        assert!(is_generic_alias("typing.List") && !is_generic_alias("typing.Generic"));
        assert!(is_module("collections") && is_module("os") && !is_module("django"));
    }
}
