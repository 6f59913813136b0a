//! Refuses to build a rule that its chapter does not list. Looks, never writes.

#![allow(clippy::disallowed_methods, reason = "a build script is its own room")]

use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=rules");
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
}

/// What a folder holds, sorted; nothing if it cannot be read.
fn entries(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}
