//! Since when, and until when, names of the standard library are there: `stdlib.tsv`, which
//! `scripts/stdlib_versions.py` makes, as `rules/build.rs` packs it. Nothing is unpacked to look a
//! name up.

use std::cmp::Ordering;

use ruff_python_ast::PythonVersion;

use crate::text::packed::part;

const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/stdlib_versions.bin"));

/// Where the blocks of names begin.
const STARTS: &[u8] = part(PACKED, 0);
/// The names in order, as blocks of sixteen.
const NAMES: &[u8] = part(PACKED, 1);
const MEMBERS: &[u8] = part(PACKED, 2);
const BUILTINS: &[u8] = part(PACKED, 3);
const TOPS: &[u8] = part(PACKED, 4);
const LASTS: &[u8] = part(PACKED, 5);
const GENERICS: &[u8] = part(PACKED, 6);
const HOMES: &[u8] = part(PACKED, 7);

/// More bytes than any name has.
const LONGEST: usize = 160;

/// What kind of thing a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Module,
    Class,
    Exception,
    Warning,
    Function,
    Constant,
    Method,
    Attribute,
    EnumMember,
    Parameter,
}

/// What the table says of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) kind: Kind,
    /// The version that added it; `None` for what was there in 3.0.
    pub(super) added: Option<PythonVersion>,
    pub(super) deprecated: Option<PythonVersion>,
    pub(super) removed: Option<PythonVersion>,
}

/// The row of a dotted name, given in parts: `["functools", "cache"]`; `parameter` is that of the
/// callable with the name.
pub(super) fn find<'n>(
    parts: impl IntoIterator<Item = &'n str>,
    parameter: Option<&str>,
) -> Option<Row> {
    let mut name = Name::default();
    for part in parts {
        if name.length > 0 {
            name.push(".")?;
        }
        name.push(part)?;
    }
    if let Some(parameter) = parameter {
        name.push("(")?;
        name.push(parameter)?;
        name.push(")")?;
    }
    find_whole(name.text())
}

/// Whether any row is of a top-level module or of what is in it.
pub(super) fn has_module(top: &str) -> bool {
    listed(TOPS).any(|name| name == top.as_bytes())
}

/// What the rows of a top-level module, and of what is in it, can say at most.
pub(super) fn span_of_module(top: &str) -> Span {
    TOP_SPANS[slot(top.as_bytes())]
}

/// What rows can say at most of a member of this name, and of parameters of one.
pub(super) fn span_of_member(name: &str) -> Span {
    MEMBER_SPANS[slot(name.as_bytes())]
}

/// Some top-level modules: perhaps with others of which nobody spoke.
#[derive(Clone, Copy, Default)]
pub(super) struct Tops(u64);

impl Tops {
    pub(super) const NONE: Tops = Tops(0);

    /// A single one.
    pub(super) fn only(top: &str) -> Tops {
        Tops(1 << (slot(top.as_bytes()) % u64::BITS as usize))
    }

    pub(super) const fn or(self, other: Tops) -> Tops {
        Tops(self.0 | other.0)
    }

    /// Whether they may have one in common.
    pub(super) fn may_meet(self, other: Tops) -> bool {
        self.0 & other.0 != 0
    }
}

/// The modules that have classes with a member of this name.
pub(super) fn homes_of_member(name: &str) -> Tops {
    MEMBER_HOMES[slot(name.as_bytes())]
}

/// What rows can say at most of names with this last part, and of their parameters.
pub(super) fn span_of_last(part: &str) -> Span {
    LAST_SPANS[slot(part.as_bytes())]
}

/// What rows can say at most of the `[…]` of classes whose names have this last part.
pub(super) fn span_of_generic(class: &str) -> Span {
    GENERIC_SPANS[slot(class.as_bytes())]
}

/// The newest minor version that added one of several names, and the oldest that removed one:
/// so that most names can be passed over without being looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    newest: u8,
    oldest: u8,
}

impl Span {
    /// Nothing was added or removed.
    const NOTHING: Span = Span { newest: 0, oldest: u8::MAX };

    /// Whether one of the names may have been added or removed at all.
    pub(super) fn says_anything(self) -> bool {
        self != Span::NOTHING
    }

    /// Whether one of the names may have been added after a version: certainly not if this says no.
    pub(super) fn may_be_newer_than(self, lowest: PythonVersion) -> bool {
        self.newest > lowest.minor
    }

    /// Whether one may have been removed in a version up to `highest`.
    pub(super) fn may_be_gone_by(self, highest: PythonVersion) -> bool {
        self.oldest <= highest.minor
    }
}

/// Spans by the slots of names.
type Spans = [Span; 1 << SLOT_BITS];

const TOP_SPANS: &Spans = &spans(TOPS);
const MEMBER_SPANS: &Spans = &spans(MEMBERS);
const LAST_SPANS: &Spans = &spans(LASTS);
const GENERIC_SPANS: &Spans = &spans(GENERICS);

const MEMBER_HOMES: &[Tops; 1 << SLOT_BITS] = &homes(HOMES);

const fn homes(mut rest: &[u8]) -> [Tops; 1 << SLOT_BITS] {
    let mut homes = [Tops::NONE; 1 << SLOT_BITS];
    while let [length, after @ ..] = rest {
        let (top, after) = after.split_at(*length as usize);
        let Some((length, after)) = after.split_first() else { break };
        let (member, next) = after.split_at(*length as usize);
        let home = Tops(1 << (slot(top) % u64::BITS as usize));
        let own = &mut homes[slot(member)];
        *own = own.or(home);
        rest = next;
    }
    homes
}

const fn spans(mut rest: &[u8]) -> Spans {
    let mut spans = [Span::NOTHING; 1 << SLOT_BITS];
    while let [added, removed, length, after @ ..] = rest {
        let (name, next) = after.split_at(*length as usize);
        let span = &mut spans[slot(name)];
        if span.newest < *added {
            span.newest = *added;
        }
        if span.oldest > *removed {
            span.oldest = *removed;
        }
        rest = next;
    }
    spans
}

const SLOT_BITS: u32 = 13;

/// Of the length and a few bytes of a name: it is asked for each attribute of each file.
const fn slot(name: &[u8]) -> usize {
    let length = name.len();
    if length == 0 {
        return 0;
    }
    let (second, middle, last_but_one) =
        (if length > 1 { 1 } else { 0 }, length / 2, length.saturating_sub(2));
    let ends = u32::from_le_bytes([name[0], name[second], name[last_but_one], name[length - 1]]);
    let hash =
        (ends ^ (name[middle] as u32) << 13 ^ (length as u32) << 21).wrapping_mul(0x9e37_79b1);
    (hash >> (u32::BITS - SLOT_BITS)) as usize
}

/// The builtins that are newer than `lowest`, or have newer parameters.
pub(super) fn new_builtins(lowest: PythonVersion) -> impl Iterator<Item = &'static str> {
    let new = NEW_BUILTINS.iter().filter(move |(_, added)| *added > lowest.minor);
    new.map(|(name, _)| *name)
}

/// The builtins, each with the newest minor version that added it or a parameter.
const NEW_BUILTINS: &[(&str, u8); count(BUILTINS)] = &builtins(BUILTINS);

const fn builtins<const N: usize>(mut rest: &'static [u8]) -> [(&'static str, u8); N] {
    let mut all = [("", 0); N];
    let mut at = 0;
    while let [added, _, length, after @ ..] = rest {
        let (name, next) = after.split_at(*length as usize);
        if let Ok(name) = std::str::from_utf8(name) {
            all[at] = (name, *added);
        }
        at += 1;
        rest = next;
    }
    all
}

const fn count(mut rest: &[u8]) -> usize {
    let mut count = 0;
    while let [_, _, length, after @ ..] = rest {
        rest = after.split_at(*length as usize).1;
        count += 1;
    }
    count
}

fn listed(mut rest: &'static [u8]) -> impl Iterator<Item = &'static [u8]> {
    std::iter::from_fn(move || {
        let [_, _, length, after @ ..] = rest else { return None };
        let (name, next) = after.split_at(usize::from(*length));
        rest = next;
        Some(name)
    })
}

/// A name that is put together without memory of its own.
struct Name {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Default for Name {
    fn default() -> Name {
        Name { bytes: [0; LONGEST], length: 0 }
    }
}

impl Name {
    fn push(&mut self, text: &str) -> Option<()> {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Some(())
    }

    fn text(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

fn find_whole(name: &[u8]) -> Option<Row> {
    let mut found = None;
    walk(block_of(name), |other, row| match other.cmp(name) {
        Ordering::Less => true,
        Ordering::Equal => {
            found = Some(row());
            false
        }
        Ordering::Greater => false,
    });
    found
}

/// The last block whose first name is not after a name.
fn block_of(name: &[u8]) -> usize {
    let (mut low, mut high) = (0, STARTS.len() / 4);
    while low + 1 < high {
        let middle = usize::midpoint(low, high);
        let start = start_of(middle);
        let length = usize::from(NAMES[start + 1]);
        if &NAMES[start + 2..start + 2 + length] <= name { low = middle } else { high = middle }
    }
    low
}

fn start_of(block: usize) -> usize {
    let at = block * 4;
    u32::from_le_bytes([STARTS[at], STARTS[at + 1], STARTS[at + 2], STARTS[at + 3]]) as usize
}

/// Goes over the names of a block until `go_on` says no.
fn walk(block: usize, mut go_on: impl FnMut(&[u8], &dyn Fn() -> Row) -> bool) {
    if block >= STARTS.len() / 4 {
        return;
    }
    let end = if block + 1 < STARTS.len() / 4 { start_of(block + 1) } else { NAMES.len() };
    let mut rest = &NAMES[start_of(block)..end];
    let mut name = [0; LONGEST];
    while let [shared, new, after @ ..] = rest {
        let (own, after) = after.split_at(usize::from(*new));
        let length = usize::from(*shared) + own.len();
        name[usize::from(*shared)..length].copy_from_slice(own);
        let packed = after[0];
        let versions = (packed >> 4).count_ones() as usize;
        let (minors, next) = after[1..].split_at(versions);
        if !go_on(&name[..length], &|| unpacked(packed, minors)) {
            return;
        }
        rest = next;
    }
}

fn unpacked(packed: u8, minors: &[u8]) -> Row {
    const KINDS: [Kind; 10] = [
        Kind::Module,
        Kind::Class,
        Kind::Exception,
        Kind::Warning,
        Kind::Function,
        Kind::Constant,
        Kind::Method,
        Kind::Attribute,
        Kind::EnumMember,
        Kind::Parameter,
    ];
    let mut minors = minors.iter();
    let mut version = |at: u8| {
        let is_there = packed >> (4 + at) & 1 == 1;
        let minor = if is_there { minors.next() } else { None };
        minor.map(|minor| PythonVersion { major: 3, minor: *minor })
    };
    Row {
        kind: KINDS[usize::from(packed & 0xf) % KINDS.len()],
        added: version(0),
        deprecated: version(1),
        removed: version(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = include_str!("stdlib.tsv");

    #[test]
    fn every_row_is_found() {
        for line in TABLE.lines() {
            let columns: Vec<&str> = line.split('\t').collect();
            let minor = |version: Option<PythonVersion>| {
                version.map_or(String::new(), |version| version.to_string())
            };
            let row = find_whole(columns[0].as_bytes()).expect(columns[0]);
            assert_eq!(minor(row.added), columns[2], "{line}");
            assert_eq!(minor(row.deprecated), columns[3], "{line}");
            assert_eq!(minor(row.removed), columns[4], "{line}");
            let path = columns[0].split('(').next().expect("a part");
            let top = path.split('.').next().expect("a part");
            assert!(has_module(top), "{line}");
            if let Some(class) = path.strip_suffix(".__class_getitem__") {
                let span = span_of_generic(class.rsplit('.').next().expect("a part"));
                assert!(row.added.is_none_or(|it| span.newest >= it.minor), "{line}");
            }
            for span in
                [span_of_module(top), span_of_last(path.rsplit('.').next().expect("a part"))]
            {
                let is_newest = |it: PythonVersion| span.newest >= it.minor;
                assert!(row.added.is_none_or(is_newest), "{line}");
                assert!(row.removed.is_none_or(|it| span.may_be_gone_by(it)), "{line}");
            }
        }
        println!("{} rows in {} bytes", TABLE.lines().count(), PACKED.len());
    }

    #[test]
    fn what_has_no_row_is_not_found() {
        for name in ["", "a", "functools", "functools.cach", "functools.caches", "zzz", "\u{e9}"] {
            assert_eq!(find_whole(name.as_bytes()), None, "{name}");
        }
        assert!(has_module("functools") && has_module("zipfile") && has_module("abc"));
        assert!(!has_module("django") && !has_module("") && !has_module("functool"));
        assert_eq!(find(["x"; LONGEST], None), None);
    }

    #[test]
    fn rows_say_what_the_table_says() {
        let row = find(["functools", "cache"], None).expect("it is new");
        assert_eq!((row.kind, row.added), (Kind::Function, Some(PythonVersion::PY39)));
        let row = find(["builtins", "zip"], Some("strict")).expect("it is new");
        assert_eq!((row.kind, row.added), (Kind::Parameter, Some(PythonVersion::PY310)));
        assert!(homes_of_member("removeprefix").may_meet(Tops::only("builtins")));
        assert!(span_of_member("removeprefix").may_be_newer_than(PythonVersion::PY38));
        assert!(!span_of_member("append").may_be_newer_than(PythonVersion::PY38));
        assert!(span_of_last("cache").may_be_newer_than(PythonVersion::PY38));
        assert!(span_of_module("imp").may_be_gone_by(PythonVersion::PY312));
        assert!(new_builtins(PythonVersion::PY39).any(|name| name == "anext"));
    }
}
