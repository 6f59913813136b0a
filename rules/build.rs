//! Refuses to build a rule that its chapter does not list, and packs the tables of the standard
//! library's versions and classes.

#![allow(clippy::disallowed_methods, reason = "a build script is its own room")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

#[path = "../src/project/stdlib/hash.rs"]
mod hash;
#[path = "../src/project/stdlib/pack.rs"]
mod pack;

fn main() {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=src/project/stdlib");
    for chapter in entries("rules").into_iter().filter(|path| path.is_dir()) {
        let Ok(index) = fs::read_to_string(chapter.join("mod.rs")) else { continue };
        for file in entries(&chapter) {
            let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            let is_rule = file.with_extension("md").exists() && stem != "mod" && stem != "README";
            let says = |line: &str| index.lines().any(|it| it.contains(line));
            if is_rule && !(says(&format!("mod {stem};")) && says(&format!("{stem}::RULE"))) {
                let chapter = chapter.display();
                println!(
                    "cargo::error={chapter}/mod.rs must have `mod {stem};` and `{stem}::RULE`"
                );
            }
        }
    }
    let table = fs::read_to_string("rules/versions/stdlib.tsv").expect("the table can be read");
    let folder = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo says where to build"));
    fs::write(folder.join("stdlib_versions.bin"), pack(&table)).expect("the table can be written");
    let table =
        fs::read_to_string("src/project/stdlib/classes.tsv").expect("the table can be read");
    let packed = pack::pack(&table);
    fs::write(folder.join("stdlib_classes.bin"), packed).expect("the table can be written");
}

/// How many names share the beginning of the first of them.
const BLOCK: usize = 16;

/// What the kinds of the table are packed as.
const KINDS: [&str; 10] = [
    "module",
    "class",
    "exception",
    "warning",
    "function",
    "constant",
    "method",
    "attribute",
    "enum member",
    "parameter",
];

/// Packs the table as `rules/versions/stdlib.rs` reads it. In parts, each behind its length in four
/// bytes, little end first:
///
/// 1. where each block of names begins in the second part, in four bytes;
/// 2. the names in order: how many bytes are those of the name before, how many are new, these; a
///    byte with the kind (four bits) and which of three versions follow (three bits); a minor
///    version in a byte for each;
/// 3. the last parts of the names of members, and of callables with new parameters, each behind the
///    newest minor version that added one and the oldest that removed one: so that an attribute can
///    be passed over without asking what it is of;
/// 4. the builtins that are new or have new parameters, likewise;
/// 5. the top-level modules, likewise;
/// 6. the last parts of all names, likewise;
/// 7. the last parts of the names of classes that have a `[…]`, likewise;
/// 8. the names of the third part, each behind a top-level module that has it.
///
/// Texts of the last part stand behind their lengths, too.
fn pack<'t>(table: &'t str) -> Vec<u8> {
    let (mut starts, mut names): (Vec<u8>, Vec<u8>) = (Vec::new(), Vec::new());
    let mut members: BTreeMap<&'t str, (u8, u8)> = BTreeMap::new();
    let mut homes: BTreeSet<(&'t str, &'t str)> = BTreeSet::new();
    let mut builtins: BTreeMap<&'t str, (u8, u8)> = BTreeMap::new();
    let mut tops: BTreeMap<&'t str, (u8, u8)> = BTreeMap::new();
    let mut lasts: BTreeMap<&'t str, (u8, u8)> = BTreeMap::new();
    let mut generics: BTreeMap<&'t str, (u8, u8)> = BTreeMap::new();
    let mut last = "";
    for (index, line) in table.lines().enumerate() {
        let columns: Vec<&str> = line.split('\t').collect();
        let [name, kind, versions @ .., _] = &columns[..] else { panic!("not a row: {line}") };
        assert!(last < *name, "the table is not sorted: {last}, {name}");
        let shared = name.bytes().zip(last.bytes()).take_while(|(one, other)| one == other).count();
        let shared = if index % BLOCK == 0 { 0 } else { shared };
        if index % BLOCK == 0 {
            starts.extend(u32::try_from(names.len()).expect("small").to_le_bytes());
        }
        let new = &name[shared..];
        names.extend([shared, new.len()].map(|length| u8::try_from(length).expect("short")));
        names.extend(new.bytes());
        let kind = KINDS.iter().position(|it| it == kind).expect("a known kind") as u8;
        let minors: Vec<Option<u8>> = versions
            .iter()
            .map(|it| it.strip_prefix("3.").map(|minor| minor.parse().expect("a number")))
            .collect();
        let present = minors.iter().enumerate().map(|(at, it)| u8::from(it.is_some()) << (4 + at));
        names.push(kind | present.sum::<u8>());
        names.extend(minors.iter().flatten());
        let (added, removed) = (minors[0].unwrap_or(0), minors[2].unwrap_or(u8::MAX));
        let note = |names: &mut BTreeMap<&'t str, (u8, u8)>, own: &'t str| {
            let (newest, oldest) = names.entry(own).or_insert((0, u8::MAX));
            (*newest, *oldest) = (added.max(*newest), removed.min(*oldest));
        };
        let (path, parameter) = name.split_once('(').unwrap_or((name, ""));
        let own = path.rsplit('.').next().expect("a name has a part");
        if matches!(kind, 6..=8) || !parameter.is_empty() {
            note(&mut members, own);
            homes.insert((path.split('.').next().expect("a name has a part"), own));
        }
        note(&mut lasts, own);
        if let Some(class) = path.strip_suffix(".__class_getitem__") {
            note(&mut generics, class.rsplit('.').next().expect("a name has a part"));
        }
        note(&mut tops, path.split('.').next().expect("a name has a part"));
        if path.strip_prefix("builtins.") == Some(own) {
            note(&mut builtins, own);
        }
        last = name;
    }
    let listed = |names: BTreeMap<&str, (u8, u8)>| -> Vec<u8> {
        let one = |(name, (added, removed)): (&str, (u8, u8))| {
            let length = u8::try_from(name.len()).expect("short");
            [&[added, removed, length], name.as_bytes()].concat()
        };
        names.into_iter().flat_map(one).collect()
    };
    let lists = [members, builtins, tops, lasts, generics].map(listed);
    let text = |text: &str| {
        let length = u8::try_from(text.len()).expect("short");
        [&[length], text.as_bytes()].concat()
    };
    let homes = homes.into_iter().flat_map(|(top, member)| [text(top), text(member)].concat());
    let parts = [starts, names].into_iter().chain(lists).chain([homes.collect()]);
    let whole = parts.flat_map(|part| {
        let length = u32::try_from(part.len()).expect("small").to_le_bytes();
        [&length[..], &part].concat()
    });
    whole.collect()
}

/// What a folder holds, sorted; nothing if it cannot be read.
fn entries(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}
