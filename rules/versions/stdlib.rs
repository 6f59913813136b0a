//! Since when, and until when, names of the standard library are there: `stdlib.tsv`, which
//! `scripts/stdlib_versions.py` makes, as `rules/build.rs` packs it. Nothing is unpacked to look a
//! name up.

use std::cmp::Ordering;

use ruff_python_ast::PythonVersion;

const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/stdlib_versions.bin"));

/// Where the blocks of names begin.
const STARTS: &[u8] = part(0);
/// The names in order, as blocks of sixteen.
const NAMES: &[u8] = part(1);
const MEMBERS: &[u8] = part(2);
const BUILTINS: &[u8] = part(3);
const TOPS: &[u8] = part(4);

/// More bytes than any name has.
const LONGEST: usize = 160;

const fn part(index: usize) -> &'static [u8] {
    let mut rest = PACKED;
    let mut at = 0;
    loop {
        let (length, after) = rest.split_at(4);
        let length = u32::from_le_bytes([length[0], length[1], length[2], length[3]]) as usize;
        let (own, next) = after.split_at(length);
        if at == index {
            return own;
        }
        rest = next;
        at += 1;
    }
}

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
    // Most modules are of others.
    IS_TOP[slot(top.as_bytes())] && listed(TOPS).any(|(name, _)| name == top.as_bytes())
}

/// The slots of the top-level modules.
const IS_TOP: &[bool; 1 << SLOT_BITS] = &{
    let mut is_top = [false; 1 << SLOT_BITS];
    let mut rest = TOPS;
    while let [_, _, length, after @ ..] = rest {
        let (name, next) = after.split_at(*length as usize);
        is_top[slot(name)] = true;
        rest = next;
    }
    is_top
};

/// Whether a class of the standard library may have got a member, or something of this name a
/// parameter, in a version after `lowest`: certainly not if this says no.
pub(super) fn may_be_new(name: &str, lowest: PythonVersion) -> bool {
    MEMBER_SPANS[slot(name.as_bytes())].0 > lowest.minor
}

/// Whether one may have been removed in a version up to `highest`.
pub(super) fn may_be_gone(name: &str, highest: PythonVersion) -> bool {
    MEMBER_SPANS[slot(name.as_bytes())].1 <= highest.minor
}

/// The newest minor version that added a member and the oldest that removed one, by the slot of its
/// name.
const MEMBER_SPANS: &[(u8, u8); 1 << SLOT_BITS] = &{
    let mut spans = [(0, u8::MAX); 1 << SLOT_BITS];
    let mut rest = MEMBERS;
    while let [added, removed, length, after @ ..] = rest {
        let (name, next) = after.split_at(*length as usize);
        let span = &mut spans[slot(name)];
        if span.0 < *added {
            span.0 = *added;
        }
        if span.1 > *removed {
            span.1 = *removed;
        }
        rest = next;
    }
    spans
};

const SLOT_BITS: u32 = 13;

const fn slot(name: &[u8]) -> usize {
    let mut hash: u32 = 0;
    let mut at = 0;
    while at < name.len() {
        hash = (hash ^ name[at] as u32).wrapping_mul(0x9e37_79b1).rotate_left(5);
        at += 1;
    }
    (hash >> (u32::BITS - SLOT_BITS)) as usize
}

/// The builtins that are newer than `lowest`, or have newer parameters.
pub(super) fn new_builtins(lowest: PythonVersion) -> impl Iterator<Item = &'static str> {
    let new = listed(BUILTINS).filter(move |(_, added)| *added > lowest.minor);
    new.filter_map(|(name, _)| std::str::from_utf8(name).ok())
}

fn listed(mut rest: &'static [u8]) -> impl Iterator<Item = (&'static [u8], u8)> {
    std::iter::from_fn(move || {
        let [added, _, length, after @ ..] = rest else { return None };
        let (name, next) = after.split_at(usize::from(*length));
        rest = next;
        Some((name, *added))
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
            assert!(has_module(columns[0].split(['.', '(']).next().expect("a part")), "{line}");
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
        assert!(may_be_new("removeprefix", PythonVersion::PY38));
        assert!(!may_be_new("append", PythonVersion::PY38));
        assert!(new_builtins(PythonVersion::PY39).any(|name| name == "anext"));
    }
}
