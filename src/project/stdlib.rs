//! The classes of the standard library, from a table made by introspection of CPython 3.8 to 3.13
//! (`scripts/stdlib_classes.py`).

use std::fmt;

/// Sorted by name; looked up as it is, without being read into anything.
static TABLE: &str = include_str!("stdlib.tsv");

/// A class of the standard library.
#[derive(Clone, Copy)]
pub struct StdClass {
    row: &'static str,
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
    fn column(self, index: usize) -> &'static str {
        self.row.split('\t').nth(index).unwrap_or_default()
    }

    /// Its dotted name: the module it is defined in, and its qualified name.
    pub fn name(self) -> &'static str {
        self.column(0)
    }

    /// Its linearization without itself; `None` where the versions of Python differ.
    pub fn mro(self) -> Option<Vec<StdClass>> {
        let mro = self.column(1);
        if mro == "?" {
            return None;
        }
        mro.split_ascii_whitespace().map(find).collect()
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
    let row = row(name)?;
    match row.split('\t').nth(1)? {
        other if other.starts_with('=') || other.starts_with('~') => {
            Some(StdClass { row: self::row(&other[1..])? })
        }
        _ => Some(StdClass { row }),
    }
}

/// The builtin class of a name.
pub(super) fn find_builtin(name: &str) -> Option<StdClass> {
    find(&format!("builtins.{name}"))
}

/// Whether a dotted name is a generic alias of a class in `typing`: `typing.List`.
pub(super) fn is_generic_alias(name: &str) -> bool {
    row(name).is_some_and(|row| row.split('\t').nth(1).is_some_and(|it| it.starts_with('~')))
}

/// Whether a top-level module belongs to the standard library.
pub(super) fn is_module(name: &str) -> bool {
    let prefix = |line: &str| line.split(['.', '\t']).next().unwrap_or_default() < name;
    let at = partition_point(prefix);
    TABLE[at..].lines().next().is_some_and(|line| line.split(['.', '\t']).next() == Some(name))
        || MODULES_WITHOUT_CLASSES.contains(&name)
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
    "opcode",
    "os",
    "posixpath",
    "ntpath",
    "pty",
    "pwd",
    "quopri",
    "sched",
    "secrets",
    "stat",
    "sys",
    "sysconfig",
    "syslog",
    "this",
    "time",
    "token",
    "tty",
    "test",
];

fn row(name: &str) -> Option<&'static str> {
    let at = partition_point(|line| line.split('\t').next().unwrap_or_default() < name);
    let line = TABLE[at..].lines().next()?;
    (line.split('\t').next() == Some(name)).then_some(line)
}

/// The offset of the first line for which `before` does not hold.
fn partition_point(before: impl Fn(&str) -> bool) -> usize {
    let (mut low, mut high) = (0, TABLE.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start =
            TABLE.as_bytes()[..middle].iter().rposition(|it| *it == b'\n').map_or(0, |at| at + 1);
        let end = TABLE.as_bytes()[start..]
            .iter()
            .position(|it| *it == b'\n')
            .map_or(TABLE.len(), |at| start + at + 1);
        if start < low {
            // The line that `middle` is in began before `low`: nothing is left between.
            if before(&TABLE[low..end.max(low)]) {
                low = end
            } else {
                high = low
            }
            continue;
        }
        if before(&TABLE[start..end]) { low = end } else { high = start }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found() {
        for line in TABLE.lines() {
            let name = line.split('\t').next().unwrap();
            assert_eq!(row(name), Some(line), "{name}");
        }
        assert_eq!(row("nothing.Here"), None);
        assert_eq!(row(""), None);
        assert_eq!(row("zzz.Z"), None);
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
