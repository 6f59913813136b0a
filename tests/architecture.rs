//! The laws of `ARCHITECTURE.md` that neither the compiler nor clippy can hold.
#![allow(clippy::disallowed_methods, reason = "tests use the disk and the environment")]

use std::fs;
use std::path::{Path, PathBuf};

/// Who may know whom: a module, and what it may use. Only what stands above it can be used.
const ARROWS: &[(&str, &str)] = &[
    ("kept", ""),
    ("text", ""),
    ("fix", "text"),
    ("diagnostic", "text fix"),
    ("syntax", "text"),
    ("suppression", "text fix diagnostic syntax"),
    ("semantic", "text syntax"),
    ("facts", "kept text fix diagnostic syntax suppression semantic"),
    ("project", "text diagnostic suppression semantic facts"),
    ("rule", "text fix diagnostic syntax suppression semantic facts project"),
    ("rules", "text fix diagnostic syntax semantic facts project rule"),
    ("config", "text fix diagnostic rule"),
    ("engine", "kept text fix diagnostic syntax suppression semantic facts project rule config"),
    ("output", "text fix diagnostic rule engine"),
    ("cli", "text fix diagnostic suppression project rule config engine output"),
];

/// What a rule would need to walk, to do input or output, or to remember something.
const NOT_IN_RULES: &[(&str, &str)] = &[
    ("visitor::", "law 2: rules do not walk"),
    ("Visitor for ", "law 2: rules do not walk"),
    ("std::fs", "law 3: rules do no I/O"),
    ("std::env", "law 3: rules do no I/O"),
    ("std::io", "law 3: rules do no I/O"),
    ("std::process", "law 3: rules do no I/O"),
    (" static ", "law 3: rules keep no state"),
    ("thread_local!", "law 3: rules keep no state"),
    (".unwrap()", "law 3: rules cannot fail"),
    ("panic!(", "law 3: rules cannot fail"),
];

#[test]
fn nothing_points_up() {
    let mut broken = Vec::new();
    for path in sources("src").into_iter().chain(sources("rules")) {
        let module = module(&path);
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == module) else { continue };
        for used in uses(&path) {
            if used != module && !allowed.split(' ').any(|it| it == used) {
                let path = path.display();
                broken.push(format!("{path}: `{module}` must not know `{used}`"));
            }
        }
    }
    broken.dedup();
    assert!(broken.is_empty(), "the arrows of ARCHITECTURE.md:\n{}", broken.join("\n"));
}

#[test]
fn the_table_of_arrows_is_complete_and_in_order() {
    let mut modules: Vec<String> = sources("src").iter().map(|path| module(path)).collect();
    modules.retain(|name| name != "lib" && name != "main");
    modules.push("rules".to_owned());
    modules.sort();
    modules.dedup();
    let mut known: Vec<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    for (at, (name, allowed)) in ARROWS.iter().enumerate() {
        let later = allowed.split_whitespace().find(|used| !known[..at].contains(used));
        assert_eq!(later, None, "`{name}` uses what comes after it in the table of arrows");
    }
    known.sort_unstable();
    assert_eq!(known, modules, "each module of src/ has its line in the table of arrows");
}

#[test]
fn rules_only_look_and_report() {
    let mut broken = Vec::new();
    for path in sources("rules") {
        for line in code(&path).lines().map(|line| format!(" {}", line.trim_start())) {
            for (word, law) in NOT_IN_RULES.iter().filter(|(word, _)| line.contains(word)) {
                broken.push(format!("{}: `{word}` ({law})", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "the laws of ARCHITECTURE.md:\n{}", broken.join("\n"));
}

#[test]
fn no_file_is_forgotten() {
    let mut forgotten = Vec::new();
    for path in sources("src").into_iter().chain(sources("rules")) {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let folder = path.parent().expect("a source lies in a folder");
        let parent = match stem.as_str() {
            "mod" | "lib" | "main" => continue,
            _ if folder == Path::new("src") => folder.join("lib.rs"),
            _ if folder.join("mod.rs").exists() => folder.join("mod.rs"),
            _ => folder.with_extension("rs"),
        };
        // Some are there for the build alone.
        let named = [parent.as_path(), Path::new("rules/build.rs")]
            .iter()
            .any(|it| code(it).lines().any(|line| line.ends_with(&format!("mod {stem};"))));
        if !named {
            forgotten.push(format!("{}: no `mod {stem};` in {}", path.display(), parent.display()));
        }
        let is_rule = code(&path).contains("const RULE: Rule");
        if is_rule != path.with_extension("md").exists() {
            forgotten.push(format!("{}: a rule is two files, code and page", path.display()));
        }
    }
    assert!(forgotten.is_empty(), "law 1 of ARCHITECTURE.md:\n{}", forgotten.join("\n"));
}

#[test]
fn the_tests_that_hold_the_laws_exist() {
    let page = fs::read_to_string("ARCHITECTURE.md").expect("ARCHITECTURE.md can be read");
    for word in page.split(['`', ' ', '(', ')', '\n']).filter(|word| word.starts_with("tests/")) {
        assert!(Path::new(word).exists(), "ARCHITECTURE.md speaks of {word}");
    }
}

/// The Rust files below a folder that are not tests.
fn sources(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        let stem = path.file_stem().unwrap_or_default();
        if stem == "tests" || stem == "build" && path.starts_with("rules") {
            continue;
        } else if path.is_dir() {
            found.extend(sources(path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The module that a file belongs to: `src/engine/walk.rs` to `engine`, all of `rules/` to `rules`.
fn module(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    let part = if parts[0] == "src" { &parts[1] } else { &parts[0] };
    part.trim_end_matches(".rs").to_owned()
}

/// A file without comments and tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source can be read");
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The modules that a file mentions: the names behind `crate::`.
fn uses(path: &Path) -> Vec<String> {
    let is_part_of_name = |it: char| it.is_alphanumeric() || it == '_';
    let code = code(path);
    let mentioned = code.split("crate::").skip(1);
    mentioned
        .map(|rest| rest.split(|it| !is_part_of_name(it)).next().unwrap_or_default().to_owned())
        .collect()
}
