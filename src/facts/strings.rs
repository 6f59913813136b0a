//! The texts of one file's facts, each once, and the dotted names made of them.

use std::cmp::Ordering;
use std::ops::Range;

use bytemuck::{Pod, Zeroable};
use memchr::memmem;

use crate::semantic::NameId;
use crate::text::{DistinctTexts, NumberTable, dotted_parts};

/// A text of a file's facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
#[repr(transparent)]
pub struct Text(pub(super) u32);

impl Text {
    /// Its place among the texts of the file.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The texts of one file's facts.
#[derive(Clone, Copy)]
pub(super) struct Strings<'a> {
    pub(super) text: &'a str,
    /// Where each of them ends.
    pub(super) ends: &'a [u32],
}

impl<'a> Strings<'a> {
    pub(super) fn get(self, text: Text) -> &'a str {
        &self.text[self.place(text)]
    }

    /// How a text is ordered before or behind another. Bytes are ordered as characters are.
    pub(super) fn order(self, text: Text, other: &str) -> Ordering {
        self.text.as_bytes()[self.place(text)].cmp(other.as_bytes())
    }

    fn place(self, text: Text) -> Range<usize> {
        let index = text.0 as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        start..self.ends[index] as usize
    }

    /// Whether a text is among them.
    pub(super) fn has(self, text: &str) -> bool {
        // They stand one behind the other: most files do not have the bytes at all.
        let bytes = self.text.as_bytes();
        let ends_at = |at: usize| self.ends.binary_search(&(at as u32)).is_ok();
        let mut from = 0;
        while from <= bytes.len()
            && let Some(found) = memmem::find(&bytes[from..], text.as_bytes())
        {
            let start = from + found;
            if (start == 0 || ends_at(start)) && ends_at(start + text.len()) {
                return true;
            }
            from = start + 1;
        }
        false
    }
}

/// A dotted name of a file's facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
#[repr(transparent)]
pub struct Dotted(pub(super) u32);

impl Dotted {
    /// The name with a number that [`Dotted::index`] told.
    pub fn new(index: u32) -> Dotted {
        Dotted(index)
    }

    /// Its place among the dotted names of the file.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A dotted name as it is kept: its last part, and what stands before it, which is a dotted name
/// too. Names with a common beginning share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct DottedParts {
    /// One more than the number of what stands before; 0 for nothing.
    before: u32,
    /// The last part.
    pub last: Text,
}

impl DottedParts {
    /// What stands before the last part: `None` for a name of one part.
    pub fn before(self) -> Option<Dotted> {
        self.before.checked_sub(1).map(Dotted)
    }
}

/// Collects texts and dotted names, each once. Used again and again for one file after another.
#[derive(Default)]
pub(super) struct Interner {
    texts: DistinctTexts,
    /// By the number of a name of the file: one more than its text, or 0 where nobody asked.
    names: Vec<u32>,
    dotted: Vec<DottedParts>,
    dotted_table: NumberTable,
}

impl Interner {
    /// Begins with a file that has so many names.
    pub(super) fn begin(&mut self, names: usize) {
        self.names.resize(names, 0);
    }

    /// The text of a name of the file. Most names are asked for again and again.
    pub(super) fn name(&mut self, id: NameId, text: &str) -> Text {
        match self.names[id.index()] {
            0 => {
                let own = self.text(text);
                self.names[id.index()] = own.0 + 1;
                own
            }
            known => Text(known - 1),
        }
    }

    pub(super) fn text(&mut self, text: &str) -> Text {
        Text(self.texts.number(text))
    }

    /// The dotted name with one part more.
    pub(super) fn dotted(&mut self, before: Option<Dotted>, last: &str) -> Dotted {
        let last = self.text(last);
        let parts = DottedParts { before: before.map_or(0, |it| it.0 + 1), last };
        let hash = |parts: &DottedParts| {
            let both = u64::from(parts.before) << 32 | u64::from(parts.last.0);
            let mixed = both.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            mixed ^ mixed >> 32
        };
        let known = &self.dotted;
        let is_it = |id: u32| known[id as usize] == parts;
        if let Some(id) = self.dotted_table.find(hash(&parts), is_it) {
            return Dotted(id);
        }
        let id = known.len() as u32;
        self.dotted.push(parts);
        let known = &self.dotted;
        self.dotted_table.insert(hash(&parts), id, |id| hash(&known[id as usize]));
        Dotted(id)
    }

    /// The dotted name with more parts behind it: `None` for no part at all.
    pub(super) fn dotted_text(&mut self, before: Option<Dotted>, dotted: &str) -> Option<Dotted> {
        let mut name = before;
        for part in dotted_parts(dotted).filter(|part| !part.is_empty()) {
            name = Some(self.dotted(name, part));
        }
        name
    }

    /// How two texts are ordered.
    pub(super) fn order(&self, one: Text, other: Text) -> Ordering {
        self.texts.order(one.0, other.0)
    }

    pub(super) fn strings(&self) -> Strings<'_> {
        Strings { text: self.texts.text(), ends: self.texts.ends() }
    }

    pub(super) fn dotted_parts(&self) -> &[DottedParts] {
        &self.dotted
    }

    /// Forgets all, but keeps its memory.
    pub(super) fn clear(&mut self) {
        self.texts.clear();
        self.names.clear();
        self.dotted.clear();
        self.dotted_table.clear();
    }
}
