//! What the files of a project say of the Pythons it is for: not Python, so a way of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use ruff_text_size::TextRange;

use super::settle::{Judge, RuleNames};
use super::table::Table;
use super::{FileOutcome, FileToCheck, disk};
use crate::config::{BESIDE, PROJECT_FILES, WORKFLOWS, declarations};
use crate::diagnostic::{Diagnostic, Severity, builtin};
use crate::rule::{Chapter, DeclarationReport, Declarations, On};
use crate::suppression::{Suppressions, UsedSuppressions};

/// Whether a file tells of a project: it is a `pyproject.toml` or a `setup.cfg`.
pub fn is_of_project(path: &Path) -> bool {
    path.file_name().is_some_and(|name| PROJECT_FILES.iter().any(|it| name == *it))
}

/// Looks at what the files beside some `pyproject.toml` and `setup.cfg` declare. What cannot be read
/// declares nothing.
pub fn check_declarations(chapters: &'static [Chapter], files: &[FileToCheck]) -> Vec<FileOutcome> {
    let names = RuleNames::new(chapters);
    let is_same = |a: &FileToCheck, b: &FileToCheck| a.disk.parent() == b.disk.parent();
    let folders = files.chunk_by(is_same).filter_map(|files| files.first());
    folders.flat_map(|file| check_folder(chapters, &names, file)).collect()
}

/// Looks at the folder of one of its files.
fn check_folder(
    chapters: &'static [Chapter],
    names: &RuleNames,
    file: &FileToCheck,
) -> Vec<FileOutcome> {
    let table = Table::new(chapters, |rule| file.settings.is_enabled(rule));
    let handlers = table.linked().iter().filter_map(|(rule, on)| match on {
        On::Declarations(check) => Some((*rule, *check)),
        _ => None,
    });
    let handlers: Vec<_> = handlers.collect();
    let Some(folder) = file.disk.parent().filter(|_| !handlers.is_empty()) else {
        return Vec::new();
    };
    let texts = read(folder);
    let said = declarations(&texts);
    // As the file is shown, up to its own name.
    let shown =
        file.path.rsplit_once('/').map_or(String::new(), |(before, _)| format!("{before}/"));
    let paths: Vec<String> = texts.iter().map(|(name, _)| format!("{shown}{name}")).collect();
    let mut found: Vec<(usize, Diagnostic)> = Vec::new();
    for (rule, check) in handlers {
        let mut report = DeclarationReport { rule, found: Vec::new() };
        let declarations = Declarations { said: &said, paths: &paths };
        let attempt = AssertUnwindSafe(|| check(declarations, &mut report));
        match catch_unwind(attempt) {
            Ok(()) => found.append(&mut report.found),
            Err(_) => {
                let name = rule.name;
                let message = format!("`{name}` panicked: a bug in dunderlint, please report it");
                let (bug, at) = (builtin::INTERNAL_ERROR, TextRange::default());
                found.push((0, Diagnostic::new(bug, Severity::Error, at, message)));
            }
        }
    }
    let outcome = |(index, path): (usize, String)| {
        let disk = folder.join(&texts[index].0);
        let own = found.iter().filter(|(file, _)| *file == index).map(|(_, it)| it.clone());
        let settings = &*file.settings;
        let judge = Judge {
            names,
            settings,
            disk: &disk,
            ignore_suppressions: true,
            ignore_per_file_ignores: false,
        };
        let none = Suppressions::default();
        let mut diagnostics = judge.settle(own, &none, &mut UsedSuppressions::default());
        diagnostics.sort_by(|a, b| a.order().cmp(&b.order()));
        (!diagnostics.is_empty()).then(|| FileOutcome {
            path,
            settings: Arc::clone(&file.settings),
            diagnostics,
            fixed: Vec::new(),
            change: None,
            disk,
        })
    };
    paths.iter().cloned().enumerate().filter_map(outcome).collect()
}

/// The files of a folder that may declare something, by their path from it, with their texts.
fn read(folder: &Path) -> Vec<(String, String)> {
    let workflows = disk::files_in(&folder.join(WORKFLOWS)).into_iter();
    let workflows = workflows.filter(|it| it.ends_with(".yml") || it.ends_with(".yaml"));
    let names = PROJECT_FILES.iter().chain(&BESIDE).map(|it| (*it).to_owned());
    let names = names.chain(workflows.map(|it| format!("{WORKFLOWS}/{it}")));
    names
        .filter_map(|name| {
            let source = disk::read(&folder.join(&name)).ok()?;
            Some((name, source.text().to_owned()))
        })
        .collect()
}
