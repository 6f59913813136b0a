//! Names of one file as numbers: comparing and hashing text is done once per occurrence.

use std::hash::BuildHasher as _;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

/// A name that occurs in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(u32);

impl NameId {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The names of a file. A private name (`__x` inside `class C`) is another name than `__x`
/// outside: Python spells it `_C__x`.
#[derive(Default)]
pub(super) struct Names<'a> {
    entries: Vec<Entry<'a>>,
    table: HashTable<u32>,
}

struct Entry<'a> {
    text: &'a str,
    /// The class whose private name it is.
    class: Option<&'a str>,
    hash: u64,
}

impl<'a> Names<'a> {
    /// The number of a name; `class` is the innermost class around it, for private names.
    pub(super) fn intern(&mut self, text: &'a str, class: Option<&'a str>) -> NameId {
        let class =
            class.filter(|class| is_private(text) && !class.trim_start_matches('_').is_empty());
        let hash = hash(text);
        let entries = &self.entries;
        let found = self.table.find(hash, |id| {
            let entry = &entries[*id as usize];
            entry.text == text && entry.class == class
        });
        if let Some(id) = found {
            return NameId(*id);
        }
        let id = self.entries.len() as u32;
        self.entries.push(Entry { text, class, hash });
        let entries = &self.entries;
        self.table.insert_unique(hash, id, |id| entries[*id as usize].hash);
        NameId(id)
    }

    /// The number of a name that occurs in the file and is not private.
    pub(super) fn find(&self, text: &str) -> Option<NameId> {
        let found = self.table.find(hash(text), |id| {
            let entry = &self.entries[*id as usize];
            entry.text == text && entry.class.is_none()
        });
        found.map(|id| NameId(*id))
    }

    /// A name as it is written.
    pub(super) fn text(&self, id: NameId) -> &'a str {
        self.entries[id.index()].text
    }

    /// A name as Python stores it: private names carry their class (`_C__x`).
    pub(super) fn mangled(&self, id: NameId) -> String {
        let entry = &self.entries[id.index()];
        match entry.class {
            Some(class) => format!("_{}{}", class.trim_start_matches('_'), entry.text),
            None => entry.text.to_owned(),
        }
    }

    pub(super) fn recycle<'b>(self) -> Names<'b> {
        let mut table = self.table;
        table.clear();
        Names { entries: crate::syntax::tree::recycle(self.entries), table }
    }
}

fn hash(text: &str) -> u64 {
    FxBuildHasher.hash_one(text)
}

fn is_private(text: &str) -> bool {
    text.starts_with("__") && !text.ends_with("__") && !text.contains('.')
}
