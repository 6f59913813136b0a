//! The texts of one file's facts: each once, in one allocation.

use std::hash::BuildHasher as _;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

/// A text among the [`Strings`] of the same file's facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Text(u32);

/// The texts of one file's facts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    /// A text.
    pub fn get(&self, text: Text) -> &str {
        let index = text.0 as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        &self.text[start..self.ends[index] as usize]
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

/// Collects texts, each once. Used again and again for one file after another.
#[derive(Default)]
pub(super) struct Interner {
    strings: Strings,
    hashes: Vec<u64>,
    table: HashTable<u32>,
}

impl Interner {
    pub(super) fn intern(&mut self, text: &str) -> Text {
        let hash = FxBuildHasher.hash_one(text);
        let (strings, hashes) = (&self.strings, &self.hashes);
        let is_it = |id: &u32| hashes[*id as usize] == hash && strings.get(Text(*id)) == text;
        if let Some(id) = self.table.find(hash, is_it) {
            return Text(*id);
        }
        let id = self.strings.ends.len() as u32;
        self.strings.text.push_str(text);
        self.strings.ends.push(self.strings.text.len() as u32);
        self.hashes.push(hash);
        let hashes = &self.hashes;
        self.table.insert_unique(hash, id, |id| hashes[*id as usize]);
        Text(id)
    }

    pub(super) fn strings(&self) -> &Strings {
        &self.strings
    }

    /// The texts, in as little memory as they need; the interner is empty again.
    pub(super) fn take(&mut self) -> Strings {
        let strings = self.strings.clone();
        self.strings.text.clear();
        self.strings.ends.clear();
        self.hashes.clear();
        self.table.clear();
        strings
    }
}
