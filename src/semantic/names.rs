//! Names of one file as numbers: comparing and hashing text is done once per occurrence.

use crate::text::{NumberTable, TextKey};

/// A name that occurs in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(u32);

impl NameId {
    /// The index, for tables beside the names.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The names of a file. A private name (`__x` inside `class C`) is another name than `__x`
/// outside: Python spells it `_C__x`, and it is the same name as one that is written so.
pub(super) struct Names<'a> {
    entries: Vec<Entry<'a>>,
    table: NumberTable,
    /// Short names that occurred last, each where its hash puts it: most occur again soon.
    recent: [Recent; RECENT],
}

/// So many names are found without the table: as few as stay in the fastest cache.
const RECENT: usize = 64;

/// A name that Python spells as it is written.
#[derive(Clone, Copy)]
struct Recent {
    key: TextKey,
    id: NameId,
}

impl Default for Names<'_> {
    fn default() -> Self {
        Names { entries: Vec::new(), table: NumberTable::default(), recent: Recent::none() }
    }
}

impl Recent {
    fn none() -> [Recent; RECENT] {
        // No name is a number.
        [Recent { key: TextKey::of("0"), id: NameId(0) }; RECENT]
    }
}

struct Entry<'a> {
    text: &'a str,
    /// The class whose private name it is, without leading underscores.
    class: Option<&'a str>,
    /// Of the name as Python spells it.
    key: TextKey,
}

impl Entry<'_> {
    /// Whether it is the name with a key; `spelled` is that name as Python spells it.
    fn is(&self, key: TextKey, spelled: &str) -> bool {
        self.key == key
            && (key.is_whole()
                || match self.class {
                    None => self.text == spelled,
                    Some(_) => spelling(self.text, self.class).eq(spelled.chars()),
                })
    }
}

impl<'a> Names<'a> {
    /// The number of a name; `class` is the innermost class around it, for private names.
    pub(super) fn intern(&mut self, text: &'a str, class: Option<&'a str>) -> NameId {
        if let Some(class) = class
            && is_private(text)
        {
            return self.intern_private(text, class);
        }
        let key = TextKey::of(text);
        let hash = key.hash();
        let place = (hash >> 58) as usize % RECENT;
        let recent = self.recent[place];
        if recent.key == key && key.is_whole() {
            return recent.id;
        }
        let id = self.intern_spelled(text, None, key, text);
        self.recent[place] = Recent { key, id };
        id
    }

    #[cold]
    fn intern_private(&mut self, text: &'a str, class: &'a str) -> NameId {
        let class = Some(class.trim_start_matches('_')).filter(|class| !class.is_empty());
        let spelled: String = spelling(text, class).collect();
        self.intern_spelled(text, class, TextKey::of(&spelled), &spelled)
    }

    fn intern_spelled(
        &mut self,
        text: &'a str,
        class: Option<&'a str>,
        key: TextKey,
        spelled: &str,
    ) -> NameId {
        let (entries, hash) = (&self.entries, key.hash());
        let found = self.table.find(hash, |id| entries[id as usize].is(key, spelled));
        if let Some(id) = found {
            return NameId(id);
        }
        let id = self.entries.len() as u32;
        self.entries.push(Entry { text, class, key });
        let entries = &self.entries;
        self.table.insert(hash, id, |id| entries[id as usize].key.hash());
        NameId(id)
    }

    /// The number of a name that occurs in the file; a private one is found by Python's spelling.
    pub(super) fn find(&self, text: &str) -> Option<NameId> {
        let key = TextKey::of(text);
        let found = self.table.find(key.hash(), |id| self.entries[id as usize].is(key, text));
        found.map(NameId)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// A name as it is written.
    pub(super) fn text(&self, id: NameId) -> &'a str {
        self.entries[id.index()].text
    }

    /// A name as Python stores it: private names carry their class (`_C__x`).
    pub(super) fn mangled(&self, id: NameId) -> String {
        let entry = &self.entries[id.index()];
        spelling(entry.text, entry.class).collect()
    }

    pub(super) fn recycle<'b>(self) -> Names<'b> {
        let mut table = self.table;
        table.clear();
        let entries = crate::syntax::tree::recycle(self.entries);
        Names { entries, table, recent: Recent::none() }
    }
}

/// The characters of a name as Python stores it.
fn spelling<'t>(text: &'t str, class: Option<&'t str>) -> impl Iterator<Item = char> + 't {
    let prefix = class.map(|class| "_".chars().chain(class.chars()));
    prefix.into_iter().flatten().chain(text.chars())
}

fn is_private(text: &str) -> bool {
    text.starts_with("__") && !text.ends_with("__") && !text.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_name_is_what_python_spells_it() {
        let mut names = Names::default();
        let inside = names.intern("__x", Some("_C"));
        assert_eq!(names.mangled(inside), "_C__x");
        assert_eq!(names.intern("_C__x", None), inside);
        assert_eq!(names.find("_C__x"), Some(inside));
        assert_ne!(names.intern("__x", None), inside);
        assert_ne!(names.intern("__x", Some("D")), inside);
        assert_eq!(names.intern("__x", Some("C")), inside);
        // All underscores, and names with underscores on both sides, are not private.
        assert_eq!(names.intern("__x", Some("__")), names.intern("__x", None));
        assert_eq!(names.intern("__x__", Some("C")), names.intern("__x__", None));
    }
}
