//! The classes of the standard library, from a table made by introspection of CPython 3.8 to 3.13
//! (`scripts/stdlib_classes.py`).
//!
//! An answer is one for all versions that are asked about, which a project tells; where they differ,
//! nothing is known.

mod hash;
#[cfg(test)]
mod pack;
mod table;

use std::fmt;

use ruff_python_ast::PythonVersion;

use crate::semantic::pythons::Pythons;
use table::{Defined, Entry, Variant};

/// A class of the standard library, as it is in some releases of Python.
#[derive(Clone, Copy)]
pub struct StdClass {
    /// Its number in the table.
    number: u16,
    releases: Releases,
}

impl PartialEq for StdClass {
    fn eq(&self, other: &StdClass) -> bool {
        self.number == other.number
    }
}

impl Eq for StdClass {}

/// The releases of Python that a project is for, by the minor versions of the first and the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Releases {
    first: u8,
    last: u8,
}

/// The releases that the table knows.
const TABLE: Releases = Releases { first: 8, last: 13 };

impl Default for Releases {
    fn default() -> Releases {
        TABLE
    }
}

impl Releases {
    /// Those from one minor version to another; with no last one, all that follow. What is newer
    /// than the table is taken for its newest, what is older for its oldest.
    pub fn new(first: u8, last: Option<u8>) -> Releases {
        let clamp = |minor: u8| minor.clamp(TABLE.first, TABLE.last);
        Releases { first: clamp(first), last: clamp(last.unwrap_or(u8::MAX)) }
    }

    /// Those that are in either, and those between them.
    #[must_use]
    pub fn or(self, other: Releases) -> Releases {
        Releases { first: self.first.min(other.first), last: self.last.max(other.last) }
    }

    /// Whether some are before a minor version, and whether some are not.
    pub(super) fn around(self, minor: u8) -> (bool, bool) {
        (self.first < minor, self.last >= minor)
    }

    /// Those that they are: what is newer than the table is among them, if its newest is.
    pub(super) fn pythons(self) -> Pythons {
        let version = |minor| PythonVersion { major: 3, minor };
        let from = Pythons::from(version(self.first));
        match self.last == TABLE.last {
            true => from,
            false => from.and(Pythons::below(version(self.last + 1))),
        }
    }

    fn has(self, variant: Variant) -> bool {
        let minors = variant.minors();
        *minors.start() <= self.last && self.first <= *minors.end()
    }
}

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

    /// All that it is, from which [`StdClass::of_number`] makes it again.
    pub(super) fn number(self) -> u32 {
        let [low, high] = self.number.to_le_bytes();
        u32::from_le_bytes([low, high, self.releases.first, self.releases.last])
    }

    pub(super) fn of_number(number: u32) -> StdClass {
        let [low, high, first, last] = number.to_le_bytes();
        StdClass { number: u16::from_le_bytes([low, high]), releases: Releases { first, last } }
    }

    /// The same class in other releases.
    #[must_use]
    pub fn on(self, releases: Releases) -> StdClass {
        StdClass { releases, ..self }
    }

    /// A class beside it.
    fn other(self, number: u16) -> StdClass {
        StdClass { number, ..self }
    }

    /// Its dotted name: the module it is defined in, and its qualified name.
    pub fn name(self) -> &'static str {
        table::name(self.number)
    }

    /// What it is in the releases asked about; in all others, if it is in none of those.
    fn variants(self) -> impl Iterator<Item = Variant> {
        let releases = self.releases;
        let is_there = table::variants(self.number).any(|it| releases.has(it));
        table::variants(self.number).filter(move |it| !is_there || releases.has(*it))
    }

    /// What all versions of Python asked about say: `None` where they differ, or nothing is known.
    fn agreed<T: PartialEq>(self, ask: impl Fn(Variant) -> T) -> Option<T> {
        let mut answers = self.variants().map(ask);
        let first = answers.next()?;
        answers.all(|it| it == first).then_some(first)
    }

    fn flag(self, flag: u8) -> Option<bool> {
        self.agreed(|it| it.flags() & flag != 0)
    }

    /// Its linearization without itself; `None` where the versions of Python differ.
    pub fn mro(self) -> Option<impl Iterator<Item = StdClass> + Clone> {
        let first = self.variants().next()?.mro();
        let is_same = self.variants().all(|it| it.mro().eq(first.clone()));
        is_same.then(|| first.map(move |number| self.other(number)))
    }

    /// Its metaclass; `None` where the versions differ.
    pub fn metaclass(self) -> Option<StdClass> {
        match self.agreed(Variant::metaclass)? {
            Some(number) => Some(self.other(number)),
            None => Some(find_builtin("type")?.on(self.releases)),
        }
    }

    /// Whether its metaclass is `type` itself.
    pub fn is_made_by_type(self) -> bool {
        self.agreed(Variant::metaclass) == Some(None)
    }

    /// Whether its instances have a `__dict__`.
    pub fn has_dict(self) -> Option<bool> {
        self.flag(Variant::HAS_DICT)
    }

    /// Whether its instances can be referred to weakly.
    pub fn has_weakref(self) -> Option<bool> {
        self.flag(Variant::HAS_WEAKREF)
    }

    /// Whether its instances are hashable.
    pub fn is_hashable(self) -> Option<bool> {
        self.flag(Variant::IS_HASHABLE)
    }

    /// Whether it cannot be a base.
    pub fn is_final(self) -> Option<bool> {
        self.flag(Variant::IS_FINAL)
    }

    /// Whether it lays out more than the classes below it, so that a class cannot have another one
    /// that does as a base, too.
    pub fn is_solid(self) -> Option<bool> {
        self.flag(Variant::IS_SOLID)
    }

    /// Whether its instances are of different sizes, so that no slots can follow.
    pub fn is_variable(self) -> Option<bool> {
        self.flag(Variant::IS_VARIABLE)
    }

    /// Whether it stands for all that `namedtuple` makes.
    pub fn is_namedtuple(self) -> bool {
        self.name() == "collections.namedtuple()"
    }

    /// Whether its own body may define a name that is special, public or a slot, in any version.
    /// Any name may be a field of what `namedtuple` makes.
    pub fn defines(self, name: &str) -> bool {
        if !name.starts_with("__") && self.is_namedtuple() {
            return true;
        }
        self.variants().any(|it| it.defines(name).is_some())
    }

    /// Whether its own body defines a name that is special, public or a slot, in all versions.
    pub fn surely_defines(self, name: &str) -> bool {
        self.agreed(|it| it.defines(name)) == Some(Some(Defined::Always))
    }

    /// The special names that its own body defines in all versions.
    pub fn special_names(self) -> impl Iterator<Item = &'static str> {
        let names = self.variants().next().into_iter().flat_map(Variant::members);
        let is_special = |it: &&str| it.starts_with("__") && it.ends_with("__");
        names.filter(is_special).filter(move |it| self.surely_defines(it))
    }

    /// The abstract members it has left, in all versions; `None` where they differ.
    pub fn abstract_members(self) -> Option<impl Iterator<Item = &'static str>> {
        let first = self.variants().next()?;
        let is_same = self.variants().all(|it| it.abstract_members().eq(first.abstract_members()));
        is_same.then(|| first.abstract_members())
    }

    /// Whether it is there in all releases asked about.
    pub(super) fn is_always_there(self) -> bool {
        let Releases { first, last } = self.releases;
        (first..=last)
            .all(|minor| table::variants(self.number).any(|it| it.minors().contains(&minor)))
    }

    /// Whether it is `object`.
    pub fn is_object(self) -> bool {
        self.name() == "builtins.object"
    }
}

/// The class with a dotted name, under any name it can be had by.
pub(super) fn find(name: &str) -> Option<StdClass> {
    match table::find(name)?.0 {
        Entry::Module => None,
        Entry::Class(number) | Entry::Alias(number) => {
            Some(StdClass { number, releases: Releases::default() })
        }
    }
}

/// The builtin class of a name.
pub(super) fn find_builtin(name: &str) -> Option<StdClass> {
    find(&format!("builtins.{name}"))
}

/// A name of `typing` or `typing_extensions`, if it is a generic alias of a class there: `List`.
pub(super) fn generic_alias(module: &str, name: &str) -> Option<&'static str> {
    match table::find(&format!("{module}.{name}"))? {
        (Entry::Alias(_), dotted) => dotted.strip_prefix(module)?.strip_prefix('.'),
        _ => None,
    }
}

/// Whether a top-level module belongs to the standard library.
pub(super) fn is_module(name: &str) -> bool {
    matches!(table::find(name), Some((Entry::Module, _)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_packed_as_it_is_written() {
        let packed = include_bytes!(concat!(env!("OUT_DIR"), "/stdlib_classes.bin"));
        assert!(pack::pack(include_str!("classes.tsv")) == packed);
    }

    #[test]
    fn names_lead_to_classes() {
        let bytes = find("io.BytesIO").unwrap();
        assert_eq!(bytes.name(), "_io.BytesIO");
        let list = find_builtin("list").unwrap();
        assert_eq!((list.is_hashable(), list.has_dict()), (Some(false), Some(false)));
        assert_eq!(find("typing.List"), Some(list));
        assert_eq!(generic_alias("typing", "List"), Some("List"));
        assert_eq!(generic_alias("typing_extensions", "NamedTuple"), Some("NamedTuple"));
        assert_eq!(generic_alias("typing", "Generic"), None);
        assert!(is_module("collections") && is_module("os") && !is_module("django"));
        assert!(find("enum.EnumMeta").is_some_and(|it| it.name() == "enum.EnumType"));
    }

    #[test]
    fn what_differs_between_versions_is_not_known() {
        let error = find_builtin("AttributeError").unwrap();
        assert_eq!((error.is_solid(), error.has_dict()), (None, Some(true)));
        let minors: Vec<_> = error.variants().map(Variant::minors).collect();
        assert_eq!(minors, [8..=9, 10..=13]);
        assert!(error.defines("obj") && !error.surely_defines("obj"));
        assert!(error.surely_defines("__init__") && !error.defines("__hash__"));
    }

    #[test]
    fn abstract_members_are_told() {
        let sized = find("typing.Sized").unwrap();
        assert_eq!(sized.abstract_members().unwrap().collect::<Vec<_>>(), ["__len__"]);
        assert_eq!(sized.metaclass(), find("abc.ABCMeta"));
    }
}
