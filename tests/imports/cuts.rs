//! The fixes of `circular-import` against CPython: what they make of a project is imported again. An
//! entry that did load still does; all load if no finding is left; and what a safe fix has changed
//! imports what it did before.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use dunderlint::config::{Overrides, Resolver};
use dunderlint::diagnostic::Diagnostic;
use dunderlint::engine::{FileToCheck, FixMode, Outcome, RunOptions, run};
use dunderlint::rules::CHAPTERS;
use libtest_mimic::Failed;
use serde_json::json;

use crate::interpreters::Interpreter;
use crate::{Case, Entered, listing};

/// A project, and what fixes make of it.
struct Fixed<'c> {
    case: &'c Case,
    files: BTreeMap<String, String>,
    is_safe: bool,
    /// The modules that were said to fail, where nothing is left to be said.
    repaired: Vec<String>,
}

/// What went wrong.
pub(crate) fn differences(
    interpreter: &Interpreter,
    cases: &[Case],
) -> Result<Vec<String>, Failed> {
    let (mut failing, mut offered, mut fixed) = (0, 0, Vec::new());
    for case in cases {
        let found = look(&case.files, None)?;
        if found.failing.is_empty() {
            continue;
        }
        failing += 1;
        offered += usize::from(found.has_fix);
        for unsafe_fixes in [false, true] {
            let after = look(&case.files, Some(FixMode { unsafe_fixes }))?;
            if after.files != case.files {
                let repaired = match after.failing.is_empty() {
                    true => found.failing.clone(),
                    false => Vec::new(),
                };
                fixed.push(Fixed { case, files: after.files, is_safe: !unsafe_fixes, repaired });
            }
        }
    }
    let projects: Vec<_> = fixed.iter().map(|it| &it.files).collect();
    let question = json!({ "projects": projects });
    let now: Vec<Case> = interpreter.answer("tests/imports/run.py", &question)?;
    let done = fixed.iter().filter(|it| !it.is_safe && !it.repaired.is_empty()).count();
    let safe = fixed.iter().filter(|it| it.is_safe).count();
    println!(
        "{failing} projects have a cycle that fails: {offered} get a fix ({safe} a safe one), {done} are in order then"
    );
    let differences = fixed.iter().zip(&now).filter_map(|(fixed, now)| difference(fixed, now));
    Ok(differences.collect())
}

/// What a fix has broken.
fn difference(fixed: &Fixed<'_>, now: &Case) -> Option<String> {
    let is_circular = |it: &crate::Failure| it.is_circular() && !fixed.asks_for_nothing();
    let wrong = fixed.case.entries.iter().zip(&now.entries).find_map(|(before, after)| {
        let entry = format!("{} {}", after.kind, after.path);
        let is_top = !after.path.trim_end_matches("/__init__.py").contains('/');
        // What does not ask whether it is a script is none.
        let is_public =
            is_top && (after.kind == "module" || fixed.files[&after.path].contains("__main__"));
        match (&before.failure, &after.failure) {
            (None, Some(failure)) => Some(format!("{entry} fails now: {failure:?}")),
            (Some(_), Some(failure)) if fixed.is_repaired(after) && is_circular(failure) => {
                Some(format!("{entry} still fails: {failure:?}"))
            }
            (None, None) if fixed.is_safe && is_public && before.loaded != after.loaded => {
                Some(format!("{entry} loads other modules: {:?}", after.loaded))
            }
            _ => None,
        }
    })?;
    let (before, after) = (listing(&fixed.case.files), listing(&fixed.files));
    Some(format!("{wrong}\nwas:\n{before}\nis:\n{after}"))
}

impl Fixed<'_> {
    /// Whether a module asks for what the generator gives to nothing. It may be a module that nobody can
    /// see: what comes of it is not a cycle's matter, though it may leave others half executed.
    fn asks_for_nothing(&self) -> bool {
        let asks = |text: &String| text.contains("import nothing_") || text.contains(".nothing\n");
        self.files.values().any(asks)
    }

    /// Whether an entry was said to fail, and is no longer.
    fn is_repaired(&self, entry: &Entered) -> bool {
        let module = entry.path.trim_end_matches(".py").trim_end_matches("/__init__");
        entry.kind == "module" && self.repaired.contains(&module.replace('/', "."))
    }
}

impl crate::Failure {
    /// Whether it fails for a cycle, as Python suspects.
    fn is_circular(&self) -> bool {
        self.message.contains("partially initialized")
    }
}

/// What is found in a project, after fixes if asked for.
struct Found {
    files: BTreeMap<String, String>,
    /// The module that each finding says to fail.
    failing: Vec<String>,
    has_fix: bool,
}

fn look(files: &BTreeMap<String, String>, fix: Option<FixMode>) -> Result<Found, Failed> {
    let folder = tempfile::tempdir()?;
    let overrides = Overrides {
        isolated: true,
        select: vec!["circular-import".to_owned()],
        ..Overrides::default()
    };
    let resolver = Resolver::new(CHAPTERS, overrides, folder.path().to_owned())
        .map_err(|error| error.render(false))?;
    let mut listed = Vec::new();
    for (path, text) in files {
        let disk = folder.path().join(path);
        let around = disk.parent().unwrap_or(folder.path());
        fs::create_dir_all(around)?;
        fs::write(&disk, text)?;
        let settings = resolver.settings_for(around).map_err(|error| error.render(false))?;
        listed.push(FileToCheck { path: path.clone(), disk, settings });
    }
    let options =
        RunOptions { fix, write: fix.is_some(), threads: Some(1), ..RunOptions::default() };
    let outcome = run(CHAPTERS, listed, &options, &|_| ());
    let files = files.keys().map(|path| read(folder.path(), path)).collect::<Result<_, _>>()?;
    let module = |it: &Diagnostic| it.message.split('`').nth(1).unwrap_or_default().to_owned();
    let failing = found(&outcome).map(module).collect();
    Ok(Found { files, failing, has_fix: found(&outcome).any(|it| it.fix.is_some()) })
}

fn found(outcome: &Outcome) -> impl Iterator<Item = &Diagnostic> {
    let all = outcome.files.iter().flat_map(|file| &file.diagnostics);
    all.filter(|it| it.rule == "circular-import")
}

fn read(folder: &Path, path: &str) -> Result<(String, String), Failed> {
    Ok((path.to_owned(), fs::read_to_string(folder.join(path))?))
}
