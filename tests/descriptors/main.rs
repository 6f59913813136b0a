//! The rules about properties, descriptors, dataclasses, slots and `super` against CPython: of small
//! classes that are made at random, a rule must say what it says if and only if that is so when they
//! are used.
//!
//! `DUNDERLINT_CASES` tells how many programs to make of each kind, `DUNDERLINT_SEED` which. What is
//! made, and how it is asked, is in `run.py` and the files beside it; which interpreters: see
//! `interpreters`.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests use the disk, the environment and say which interpreters they used"
)]

#[path = "../interpreters/mod.rs"]
mod interpreters;

use std::collections::BTreeMap;
use std::process::ExitCode;

use dunderlint::config::{Overrides, Resolver};
use dunderlint::diagnostic::Diagnostic;
use dunderlint::engine::{FileToCheck, FixMode, RunOptions, run};
use dunderlint::rules::CHAPTERS;
use interpreters::Interpreter;
use libtest_mimic::Failed;
use serde::{Deserialize, Serialize};

/// What the programs are written for.
const VERSIONS: std::ops::RangeInclusive<(u8, u8)> = (3, 8)..=(3, 13);

/// How many programs of each kind are made without further ado.
const CASES: u64 = 40;

fn main() -> ExitCode {
    interpreters::compare_each(VERSIONS, compare)
}

/// A program, and what an interpreter says about it.
#[derive(Deserialize)]
struct Case {
    kind: String,
    rule: String,
    text: String,
    /// What a message of the rule has in it that says so.
    says: String,
    /// Whether it is so.
    holds: bool,
}

fn compare(interpreter: &Interpreter) -> Result<(), Failed> {
    let cases = ask(interpreter, None)?;
    let Looked { findings, mut fixed } = look(&cases)?;
    let mut kinds: BTreeMap<&str, Kind> = BTreeMap::new();
    for ((case, findings), fixed) in cases.iter().zip(findings).zip(&mut fixed) {
        let kind = kinds.entry(&case.kind).or_default();
        match case.holds {
            true => kind.so += 1,
            false => kind.not += 1,
        }
        let is_it = |it: &Diagnostic| it.rule == case.rule && it.message.contains(&case.says);
        let found = findings.iter().find(|it| is_it(it));
        // Others may have changed the text.
        fixed.take_if(|_| found.is_none_or(|it| it.fix.is_none()));
        let is_said = found.is_some();
        if is_said != case.holds {
            let Case { rule, text, says, .. } = case;
            let said = if is_said { "says" } else { "does not say" };
            kind.wrong.push(format!("`{rule}` {said} “{says}”:\n{text}"));
        }
    }
    // What was so is not so any more when it is mended, and what is mended still runs.
    let mended = ask(interpreter, Some(&fixed))?;
    for case in mended.iter().filter(|it| it.holds) {
        if let Some(kind) = kinds.get_mut(&*case.kind) {
            kind.wrong.push(format!("it is still so after fixes:\n{}", case.text));
        }
    }
    let (major, minor) = interpreter.version;
    let (all, kinds_count) = (cases.len(), kinds.len());
    println!("{major}.{minor}: {all} programs of {kinds_count} kinds, {} fixed", mended.len());
    let mut wrong = String::new();
    for (name, Kind { so, not, wrong: of_kind }) in &kinds {
        // A kind of which it is always so, or never, shows nothing.
        if let Some(first) = of_kind.first() {
            wrong += &format!("{name}: {} disagreements; the first: {first}\n", of_kind.len());
        } else if *so == 0 || *not == 0 {
            wrong += &format!("{name}: it is so of {so} programs, and not of {not}\n");
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

/// What was compared of programs of one kind.
#[derive(Default)]
struct Kind {
    /// Of how many it is so.
    so: usize,
    /// Of how many it is not.
    not: usize,
    /// Where a rule disagrees.
    wrong: Vec<String>,
}

/// What is asked of an interpreter.
#[derive(Serialize)]
struct Question<'a> {
    seed: u64,
    count: u64,
    others: Option<&'a [Option<String>]>,
}

/// What an interpreter makes and says; or what it says of other texts in the place of what it makes.
fn ask(interpreter: &Interpreter, others: Option<&[Option<String>]>) -> Result<Vec<Case>, Failed> {
    let interpreters::Asked { seed, count } = interpreters::asked(CASES)?;
    let question = Question { seed, count, others };
    Ok(interpreter.answer("tests/descriptors/run.py", &question)?)
}

/// What all rules say about each program, and what their fixes make of it, where they change it.
struct Looked {
    findings: Vec<Vec<Diagnostic>>,
    fixed: Vec<Option<String>>,
}

/// Runs all rules, on all programs in one project.
fn look(cases: &[Case]) -> Result<Looked, Failed> {
    let folder = tempfile::tempdir()?;
    let overrides =
        Overrides { isolated: true, select: vec!["classes".to_owned()], ..Overrides::default() };
    let resolver = Resolver::new(CHAPTERS, overrides, folder.path().to_owned())
        .map_err(|error| error.render(false))?;
    let settings = resolver.settings_for(folder.path()).map_err(|error| error.render(false))?;
    let mut files = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let path = format!("program{number:06}.py");
        let disk = folder.path().join(&path);
        std::fs::write(&disk, &case.text)?;
        files.push(FileToCheck { path, disk, settings: settings.clone() });
    }
    let outcome = run(CHAPTERS, files.clone(), &RunOptions::default(), &|_| ());
    let mut findings: Vec<Vec<Diagnostic>> = vec![Vec::new(); cases.len()];
    for file in outcome.files {
        let number = file.path.trim_matches(|it: char| !it.is_ascii_digit());
        findings[number.parse::<usize>()?] = file.diagnostics;
    }
    let fix = Some(FixMode { unsafe_fixes: true });
    let options = RunOptions { fix, write: true, ..RunOptions::default() };
    run(CHAPTERS, files.clone(), &options, &|_| ());
    let mut fixed = Vec::new();
    for (file, case) in files.iter().zip(cases) {
        let text = std::fs::read_to_string(&file.disk)?;
        fixed.push((text != case.text).then_some(text));
    }
    Ok(Looked { findings, fixed })
}
