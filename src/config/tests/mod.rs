//! Whole configurations on disk, from the files to what the engine asks.
#![allow(clippy::disallowed_methods, reason = "these tests write configurations")]

mod choice;
mod files;
mod mistakes;
mod paths;
mod shown;
mod targets;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;

use super::*;
use crate::diagnostic::Severity;
use crate::fix::Applicability;
use crate::rule::{Chapter, Described, Fixable, Opt, Rule};

const MIN_FIELDS: Opt<i64> =
    Opt { name: "min-fields", default: 2, help: "Classes with fewer attributes are left alone." };
const BASES: Opt<&'static [&'static str]> =
    Opt { name: "bases", default: &["Enum"], help: "Bases to leave alone." };

const fn rule(name: &'static str, default: bool) -> Rule {
    Rule {
        name,
        formerly: &[],
        severity: Severity::Warning,
        default,
        fixable: Fixable::Sometimes,
        since: "0.1.0",
        page: "# title\n\nOne sentence.\n\nMore.",
        options: &[],
        on: &[],
    }
}

const OPTIONS: &[&dyn Described] = &[&MIN_FIELDS, &BASES];

static CHAPTERS: &[Chapter] = &[
    Chapter {
        name: "classes",
        title: "Classes",
        rules: &[
            rule("mro-conflict", true),
            Rule { formerly: &["no-slots"], options: OPTIONS, ..rule("missing-slots", false) },
        ],
    },
    Chapter { name: "typing", title: "Typing", rules: &[rule("old-union", true)] },
];

fn the(name: &str) -> &'static Rule {
    let mut rules = CHAPTERS.iter().flat_map(|chapter| chapter.rules);
    rules.find(|rule| rule.name == name).expect("a rule of the test book")
}

/// A folder on disk with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("its folder");
        fs::write(path, text).expect("the file");
    }
    folder
}

fn overrides() -> Overrides {
    Overrides { formats: &["full", "json"], ..Overrides::default() }
}

fn resolver(folder: &TempDir, overrides: Overrides) -> Resolver {
    Resolver::new(CHAPTERS, overrides, folder.path().to_owned()).expect("a good command line")
}

fn settings(folder: &TempDir, below: &str) -> Arc<Settings> {
    resolver(folder, overrides()).settings_for(Path::new(below)).expect("good settings")
}

/// The settings of a single `dunderlint.toml`.
fn of(text: &str) -> Arc<Settings> {
    settings(&folder(&[("dunderlint.toml", text)]), "")
}

/// What is said of a single file `name`.
fn error(name: &str, text: &str) -> String {
    let folder = folder(&[(name, text)]);
    let result = resolver(&folder, overrides()).run_settings();
    result.expect_err("settings that are wrong").render(false)
}

fn enabled(settings: &Settings) -> Vec<&'static str> {
    let rules = CHAPTERS.iter().flat_map(|chapter| chapter.rules);
    rules.filter(|rule| settings.is_enabled(rule)).map(|rule| rule.name).collect()
}

fn target(settings: &Settings) -> String {
    settings.values().target.map_or("none".to_owned(), |target| {
        let highest = target.highest.map_or(String::new(), |it| it.to_string());
        format!("{}..{highest}", target.lowest)
    })
}

fn shown(settings: &Settings) -> String {
    let mut out = Vec::new();
    settings.show(&mut out).expect("memory");
    String::from_utf8(out).expect("text")
}
