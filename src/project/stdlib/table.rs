//! The table of the standard library's classes as `pack` writes it, read where it stands.

use super::hash::{SLOT_COUNT, slot};
use crate::text::packed::part;

const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/stdlib_classes.bin"));

const SLOTS: &[u8] = part(PACKED, 0);
const ENTRIES: &[u8] = part(PACKED, 1);
const STARTS: &[u8] = part(PACKED, 2);
const RECORDS: &[u8] = part(PACKED, 3);
const MEMBERS: &[u8] = part(PACKED, 4);
const TEXTS: &[u8] = part(PACKED, 5);

fn short(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn long(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn text(place: u32) -> &'static str {
    let start = (place >> 8) as usize;
    let bytes = &TEXTS[start..start + (place & 0xff) as usize];
    std::str::from_utf8(bytes).expect("the table was made of text")
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// A top-level module.
    Module,
    /// A class, by its number.
    Class(u16),
    /// A generic alias of `typing` for a class.
    Alias(u16),
}

/// What a dotted name stands for, and the name.
pub(super) fn find(name: &str) -> Option<(Entry, &'static str)> {
    let mut at = slot(name.as_bytes());
    loop {
        let entry = usize::from(short(SLOTS, at * 2)).checked_sub(1)?;
        let place = long(ENTRIES, entry * 8);
        let start = (place >> 8) as usize;
        if &TEXTS[start..start + (place & 0xff) as usize] == name.as_bytes() {
            let what = long(ENTRIES, entry * 8 + 4);
            let class = (what >> 2) as u16;
            let found = match what & 3 {
                0 => Entry::Module,
                3 => Entry::Alias(class),
                _ => Entry::Class(class),
            };
            return Some((found, text(place)));
        }
        at = (at + 1) % SLOT_COUNT;
    }
}

/// The dotted name of a class.
pub(super) fn name(class: u16) -> &'static str {
    let entry = usize::from(short(RECORDS, record(class)));
    text(long(ENTRIES, entry * 8))
}

fn record(class: u16) -> usize {
    long(STARTS, usize::from(class) * 4) as usize
}

/// What is so of a class in some versions of Python.
#[derive(Clone, Copy)]
pub(super) struct Variant {
    at: usize,
}

/// The variants of a class, oldest first. None where no interpreter has seen it.
pub(super) fn variants(class: u16) -> impl Iterator<Item = Variant> {
    let start = record(class) + 2;
    let count = RECORDS[start];
    let mut next = Variant { at: start + 1 };
    (0..count).map(move |_| {
        let variant = next;
        next = Variant { at: next.list(2).1 };
        variant
    })
}

impl Variant {
    pub(super) const HAS_DICT: u8 = 1;
    pub(super) const HAS_WEAKREF: u8 = 2;
    pub(super) const IS_HASHABLE: u8 = 4;
    pub(super) const IS_FINAL: u8 = 8;
    pub(super) const IS_SOLID: u8 = 16;
    pub(super) const IS_VARIABLE: u8 = 32;

    /// The minor versions of Python 3 that it is of.
    pub(super) fn minors(self) -> std::ops::RangeInclusive<u8> {
        RECORDS[self.at]..=RECORDS[self.at + 1]
    }

    pub(super) fn flags(self) -> u8 {
        RECORDS[self.at + 2]
    }

    /// The metaclass; `None` for `type`.
    pub(super) fn metaclass(self) -> Option<u16> {
        short(RECORDS, self.at + 3).checked_sub(1)
    }

    /// The linearization without the class itself.
    pub(super) fn mro(self) -> impl Iterator<Item = u16> + Clone {
        shorts(self.list(0).0)
    }

    /// Whether the class's own body binds a name: in all versions of the variant, or in some.
    pub(super) fn defines(self, name: &str) -> Option<Defined> {
        let number = member_number(name)?;
        let found = shorts(self.list(1).0).find(|it| it >> 1 == number)?;
        Some(if found & 1 == 0 { Defined::Always } else { Defined::Sometimes })
    }

    /// The names that the class's own body binds.
    pub(super) fn members(self) -> impl Iterator<Item = &'static str> {
        shorts(self.list(1).0).map(|it| member_name(it >> 1))
    }

    pub(super) fn abstract_members(self) -> impl Iterator<Item = &'static str> {
        shorts(self.list(2).0).map(member_name)
    }

    /// The bytes of a list, and where it ends.
    fn list(self, index: usize) -> (&'static [u8], usize) {
        let mut at = self.at + 5;
        for _ in 0..index {
            at += 2 + usize::from(short(RECORDS, at)) * 2;
        }
        let end = at + 2 + usize::from(short(RECORDS, at)) * 2;
        (&RECORDS[at + 2..end], end)
    }
}

/// In which versions a class defines something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Defined {
    /// In all.
    Always,
    /// In some.
    Sometimes,
}

fn shorts(bytes: &'static [u8]) -> impl Iterator<Item = u16> + Clone {
    bytes.as_chunks().0.iter().map(|two| u16::from_le_bytes(*two))
}

fn member_name(number: u16) -> &'static str {
    text(long(MEMBERS, usize::from(number) * 4))
}

/// The number of a member's name.
fn member_number(name: &str) -> Option<u16> {
    let (mut low, mut high) = (0, MEMBERS.len() / 4);
    while low < high {
        let middle = usize::midpoint(low, high);
        match text(long(MEMBERS, middle * 4)).cmp(name) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Equal => return Some(middle as u16),
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}
