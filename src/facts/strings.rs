//! The texts of one file's facts: each once, in one allocation; and the dotted names made of them.

use hashbrown::HashTable;
use serde::{Deserialize, Serialize};

use crate::text::TextKey;

/// A text among the [`Strings`] of the same file's facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Text(pub(super) u32);

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
}

/// A dotted name among the [`DottedNames`] of the same file's facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Dotted(pub(super) u32);

impl Dotted {
    /// The index, for tables beside the names.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The dotted names of one file's facts. Each is its last part and what stands before it, which is
/// a dotted name too: names with a common beginning share it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DottedNames {
    parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    /// One more than the index of what stands before; 0 for nothing.
    before: u32,
    last: Text,
}

impl DottedNames {
    /// What stands before the last part: `None` for a name of one part.
    pub fn before(&self, name: Dotted) -> Option<Dotted> {
        self.parts[name.index()].before.checked_sub(1).map(Dotted)
    }

    /// The last part.
    pub fn last(&self, name: Dotted) -> Text {
        self.parts[name.index()].last
    }

    /// The first part.
    pub fn first(&self, name: Dotted) -> Text {
        let mut at = name;
        while let Some(before) = self.before(at) {
            at = before;
        }
        self.last(at)
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.parts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Writes a name behind a text.
    pub fn write(&self, name: Dotted, strings: &Strings, to: &mut String) {
        if let Some(before) = self.before(name) {
            self.write(before, strings, to);
            to.push('.');
        }
        to.push_str(strings.get(self.last(name)));
    }
}

/// Collects texts and dotted names, each once. Used again and again for one file after another.
#[derive(Default)]
pub(super) struct Interner {
    strings: Strings,
    keys: Vec<TextKey>,
    texts: HashTable<u32>,
    dotted: DottedNames,
    dotted_table: HashTable<u32>,
}

impl Interner {
    pub(super) fn text(&mut self, text: &str) -> Text {
        let key = TextKey::of(text);
        let (strings, keys) = (&self.strings, &self.keys);
        let is_it = |id: &u32| {
            keys[*id as usize] == key && (key.is_whole() || strings.get(Text(*id)) == text)
        };
        if let Some(id) = self.texts.find(key.hash(), is_it) {
            return Text(*id);
        }
        let id = self.strings.ends.len() as u32;
        self.strings.text.push_str(text);
        self.strings.ends.push(self.strings.text.len() as u32);
        self.keys.push(key);
        let keys = &self.keys;
        self.texts.insert_unique(key.hash(), id, |id| keys[*id as usize].hash());
        Text(id)
    }

    /// The dotted name with one part more.
    pub(super) fn dotted(&mut self, before: Option<Dotted>, last: &str) -> Dotted {
        let last = self.text(last);
        let part = Part { before: before.map_or(0, |it| it.0 + 1), last };
        let hash = |part: &Part| {
            let both = u64::from(part.before) << 32 | u64::from(part.last.0);
            let mixed = both.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            mixed ^ mixed >> 32
        };
        let parts = &self.dotted.parts;
        let is_it = |id: &u32| parts[*id as usize] == part;
        if let Some(id) = self.dotted_table.find(hash(&part), is_it) {
            return Dotted(*id);
        }
        let id = parts.len() as u32;
        self.dotted.parts.push(part);
        let parts = &self.dotted.parts;
        self.dotted_table.insert_unique(hash(&part), id, |id| hash(&parts[*id as usize]));
        Dotted(id)
    }

    /// The dotted name with more parts behind it: `None` for no part at all.
    pub(super) fn dotted_text(&mut self, before: Option<Dotted>, dotted: &str) -> Option<Dotted> {
        let mut name = before;
        for part in dotted.split('.').filter(|part| !part.is_empty()) {
            name = Some(self.dotted(name, part));
        }
        name
    }

    pub(super) fn strings(&self) -> &Strings {
        &self.strings
    }

    pub(super) fn dotted_names(&self) -> &DottedNames {
        &self.dotted
    }

    /// The texts and dotted names, in as little memory as they need; the interner is empty again.
    pub(super) fn take(&mut self) -> (Strings, DottedNames) {
        let taken = (self.strings.clone(), self.dotted.clone());
        self.strings.text.clear();
        self.strings.ends.clear();
        self.keys.clear();
        self.texts.clear();
        self.dotted.parts.clear();
        self.dotted_table.clear();
        taken
    }
}
