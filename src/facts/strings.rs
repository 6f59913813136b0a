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

/// Collects texts, each once.
#[derive(Default)]
pub(super) struct Interner {
    strings: Strings,
    table: HashTable<u32>,
}

impl Interner {
    pub(super) fn intern(&mut self, text: &str) -> Text {
        let hash = FxBuildHasher.hash_one(text);
        let strings = &self.strings;
        if let Some(id) = self.table.find(hash, |id| strings.get(Text(*id)) == text) {
            return Text(*id);
        }
        let id = self.strings.ends.len() as u32;
        self.strings.text.push_str(text);
        self.strings.ends.push(self.strings.text.len() as u32);
        let strings = &self.strings;
        self.table.insert_unique(hash, id, |id| FxBuildHasher.hash_one(strings.get(Text(*id))));
        Text(id)
    }

    pub(super) fn strings(&self) -> &Strings {
        &self.strings
    }

    /// The texts, in as little memory as they need.
    pub(super) fn finish(self) -> Strings {
        let mut strings = self.strings;
        strings.text.shrink_to_fit();
        strings.ends.shrink_to_fit();
        strings
    }
}
