//! How `classes.tsv` is packed into the program, by `rules/build.rs`, so that nothing is read or
//! made when a name is looked up.
//!
//! Numbers are written little end first. In parts, each behind its length in four bytes:
//!
//! 1. a hash table: for each slot the number of an entry and one, in two bytes, or 0;
//! 2. the entries, eight bytes each: where its name begins in the texts, times 256, and how long it
//!    is; then its kind (two bits) and the number of a class;
//! 3. for each class where its record begins, in four bytes;
//! 4. the records: the number of its entry; how many variants there are; for each the first and last
//!    minor version, flags, the metaclass and one (or 0 for `type`), and three lists, each behind its
//!    length: the linearization, own names (times two, and one for a name that only some versions
//!    have) and abstract members; all in two bytes each but the flags and versions;
//! 5. the names of members, sorted: where each begins in the texts, times 256, and how long it is;
//! 6. the texts.

use std::collections::{BTreeMap, BTreeSet};

use super::hash::{SLOT_COUNT, slot};

/// Packs the table.
pub(super) fn pack(table: &str) -> Vec<u8> {
    let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split('\t').collect()).collect();
    let mut texts = Texts::default();
    let mut members: BTreeSet<&str> = BTreeSet::new();
    let mut classes: BTreeMap<&str, u16> = BTreeMap::new();
    for line in &lines {
        if !line[2].starts_with(['@', '=', '~']) {
            let number = small(classes.len());
            classes.entry(line[0]).or_insert(number);
        }
        if let [_, _, _, _, _, own, abstract_members] = line[..] {
            let own = own.split_ascii_whitespace().map(|it| it.trim_end_matches('?'));
            members.extend(own.chain(abstract_members.split_ascii_whitespace()));
        }
    }
    let member_numbers: BTreeMap<&str, u16> =
        members.iter().enumerate().map(|(at, name)| (*name, small(at))).collect();
    let (mut entries, mut starts, mut records) = (Vec::new(), Vec::new(), Vec::new());
    let mut slots = vec![0u16; SLOT_COUNT];
    let mut last = "";
    let mut variants_at = 0;
    for line in &lines {
        let (name, is_new) = (line[0], line[0] != last);
        assert!(last <= name, "the table is not sorted: {last}, {name}");
        last = name;
        let class = |name: &str| *classes.get(name).unwrap_or_else(|| panic!("no class {name}"));
        let (kind, number) = match line[2].split_at_checked(1) {
            Some(("@", _)) => (0, 0),
            Some(("=", of)) => (2, class(of)),
            Some(("~", of)) => (3, class(of)),
            _ => (1, class(name)),
        };
        let entry = entries.len() / 8;
        if is_new {
            entries.extend(texts.add(name).to_le_bytes());
            entries.extend((kind | u32::from(number) << 2).to_le_bytes());
            let mut at = slot(name.as_bytes());
            while slots[at] != 0 {
                at = (at + 1) % SLOT_COUNT;
            }
            slots[at] = small(entry + 1);
        }
        if kind != 1 {
            continue;
        }
        if is_new {
            starts.extend(u32::try_from(records.len()).expect("small").to_le_bytes());
            records.extend(small(entry).to_le_bytes());
            variants_at = records.len();
            records.push(0);
        }
        if line[2] == "?" {
            continue;
        }
        records[variants_at] += 1;
        let [_, versions, mro, metaclass, flags, own, abstract_members] = line[..] else {
            panic!("not a row: {line:?}")
        };
        let (first, past) = versions.split_once('-').unwrap_or(("0", "255"));
        records.extend([first, past].map(|it| it.parse::<u8>().expect("a number")));
        let flag = |(at, flag): (usize, &char)| u8::from(flags.contains(*flag)) << at;
        records.push(['d', 'w', 'h', 'f', 'l', 'v'].iter().enumerate().map(flag).sum());
        let metaclass = if metaclass.is_empty() { 0 } else { class(metaclass) + 1 };
        records.extend(metaclass.to_le_bytes());
        let own = own.split_ascii_whitespace().map(|it| {
            let name = it.trim_end_matches('?');
            member_numbers[name] * 2 + u16::from(it != name)
        });
        list(&mut records, mro.split_ascii_whitespace().map(class));
        list(&mut records, own);
        list(&mut records, abstract_members.split_ascii_whitespace().map(|it| member_numbers[it]));
    }
    assert!(starts.len() == classes.len() * 4, "a class stands behind another meaning of its name");
    let slots = slots.into_iter().flat_map(u16::to_le_bytes).collect();
    let members = members.iter().flat_map(|name| texts.add(name).to_le_bytes()).collect();
    let parts = [slots, entries, starts, records, members, texts.text.into_bytes()];
    let whole = parts.iter().flat_map(|part| {
        let length = u32::try_from(part.len()).expect("small").to_le_bytes();
        [&length[..], part].concat()
    });
    whole.collect()
}

/// Texts one behind the other, each once.
#[derive(Default)]
struct Texts<'t> {
    text: String,
    places: BTreeMap<&'t str, u32>,
}

impl<'t> Texts<'t> {
    /// Where a text begins, times 256, and its length.
    fn add(&mut self, text: &'t str) -> u32 {
        let start = u32::try_from(self.text.len()).expect("small");
        let length = u32::from(u8::try_from(text.len()).expect("short"));
        *self.places.entry(text).or_insert_with(|| {
            self.text.push_str(text);
            start << 8 | length
        })
    }
}

fn list(records: &mut Vec<u8>, numbers: impl Iterator<Item = u16>) {
    let numbers: Vec<u16> = numbers.collect();
    records.extend(small(numbers.len()).to_le_bytes());
    records.extend(numbers.into_iter().flat_map(u16::to_le_bytes));
}

fn small(number: usize) -> u16 {
    u16::try_from(number).expect("small")
}
