//! The simulation of imports against CPython: projects are made at random, each of their modules is
//! imported in a process of its own, and what fails must fail in the simulation too: the same
//! exception, with the same text, at the same line. And nothing else. What `circular-import` offers as
//! a fix is applied and imported again: see `cuts`.
//!
//! `DUNDERLINT_CASES` tells how many projects to make, `DUNDERLINT_SEED` which. What is made is in
//! `projects.py` and `ordinary.py`, how it is imported in `run.py`; which interpreters: see `interpreters`.
//!
//! What is not compared: the place of a `RecursionError`, which depends on the depth of the stack,
//! and the text of exceptions that the projects raise themselves. What is not made, since it is not
//! followed: names that no statement of the module binds, local names that are not bound yet,
//! attributes of local values that no import statement binds, and methods that are called by
//! name.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests use the environment and say which interpreters they used"
)]

mod cuts;
#[path = "../interpreters/mod.rs"]
mod interpreters;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

use dunderlint::engine::{Input, Table, check_source};
use dunderlint::facts::FileInfo;
use dunderlint::project::Project;
use dunderlint::project::import_time::{Entry, Mode, Outcome};
use dunderlint::rule::Values;
use dunderlint::semantic::ModuleName;
use interpreters::Interpreter;
use libtest_mimic::Failed;
use serde::Deserialize;
use serde_json::json;

/// What the projects are written for.
const VERSIONS: std::ops::RangeInclusive<(u8, u8)> = (3, 9)..=(3, 13);

/// How many projects are made without further ado.
const CASES: u64 = 150;

/// How many differences are shown.
const MOST_SHOWN: usize = 5;

fn main() -> ExitCode {
    interpreters::compare_each(VERSIONS, compare)
}

/// A project, and what an interpreter says of each of its entries.
#[derive(Deserialize)]
struct Case {
    files: BTreeMap<String, String>,
    entries: Vec<Entered>,
}

#[derive(Deserialize)]
struct Entered {
    kind: String,
    path: String,
    failure: Option<Failure>,
    /// The files of the modules that are there then.
    loaded: Vec<String>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Failure {
    exception: String,
    message: String,
    path: String,
    line: usize,
}

impl Failure {
    /// Without what is not compared.
    fn comparable(mut self) -> Failure {
        if self.exception == "RecursionError" {
            (self.path, self.line) = (String::new(), 0);
        }
        if self.exception == "RecursionError" {
            self.message.clear();
        }
        self
    }
}

fn compare(interpreter: &Interpreter) -> Result<(), Failed> {
    let interpreters::Asked { seed, count } = interpreters::asked(CASES)?;
    let mut shown = Vec::new();
    for is_ordinary in [false, true] {
        let question = json!({
            "seed": seed,
            "count": if is_ordinary { count / 2 } else { count },
            "ordinary": is_ordinary,
        });
        let cases: Vec<Case> = interpreter.answer("tests/imports/run.py", &question)?;
        shown.extend(differences(interpreter, &cases));
        shown.extend(cuts::differences(interpreter, &cases)?);
    }
    shown.truncate(interpreters::number("DUNDERLINT_SHOWN", MOST_SHOWN as u64)? as usize);
    if shown.is_empty() { Ok(()) } else { Err(shown.join("\n").into()) }
}

/// Where the simulation says something else than an interpreter.
fn differences(interpreter: &Interpreter, cases: &[Case]) -> Vec<String> {
    let (mut entries, mut failing, mut different) = (0, 0, Vec::new());
    for (index, case) in cases.iter().enumerate() {
        let found = simulate(case, interpreter.version.1);
        for (entered, found) in case.entries.iter().zip(found) {
            entries += 1;
            let expected = entered.failure.as_ref().map(|it| Failure {
                exception: it.exception.clone(),
                message: it.message.clone(),
                path: it.path.clone(),
                line: it.line,
            });
            failing += usize::from(expected.is_some());
            let mut expected = expected.map(Failure::comparable);
            let found = found.map(Failure::comparable);
            // What a project raises itself has whatever text it gives it.
            if let (Some(expected), Some(found)) = (&mut expected, &found)
                && found.message.is_empty()
            {
                expected.message.clear();
            }
            if expected != found {
                different.push((index, entered, expected, found));
            }
        }
    }
    println!(
        "{entries} entries of {} projects, {failing} fail, {} differ",
        cases.len(),
        different.len()
    );
    different
        .iter()
        .map(|(index, entered, expected, found)| {
            let files = listing(&cases[*index].files);
            format!(
                "project {index}, {} {}\nCPython:    {expected:?}\nsimulation: {found:?}\n{files}",
                entered.kind, entered.path
            )
        })
        .collect()
}

/// The files of a project, with numbered lines.
fn listing(files: &BTreeMap<String, String>) -> String {
    let file = |(path, text): (&String, &String)| {
        let lines = text.lines().enumerate();
        let lines: String = lines.map(|(at, line)| format!("{:3} {line}\n", at + 1)).collect();
        format!("--- {path}\n{lines}")
    };
    files.iter().map(file).collect()
}

/// What the simulation says of the entries of a project.
fn simulate(case: &Case, minor: u8) -> Vec<Option<Failure>> {
    let table = Table::new(&[], |_| false);
    let values = Values::default();
    let facts = case.files.iter().map(|(path, text)| {
        let info = FileInfo {
            path: path.clone(),
            module: ModuleName::of_path(path),
            ..FileInfo::default()
        };
        let input = Input { info: &Arc::new(info), text, table: &table, values: &values };
        check_source(&input).facts
    });
    let project = Project::link(facts.collect());
    let entries: Vec<Entry> = case
        .entries
        .iter()
        .map(|entered| {
            let file = project.file_at(&entered.path).expect("the file was linked");
            match entered.kind.as_str() {
                "script" => Entry::Script(file),
                _ => Entry::Module(file),
            }
        })
        .collect();
    let mode = Mode { versions: (minor, minor), is_closed: true };
    let outcomes = project.import_time(mode, &entries);
    outcomes
        .into_iter()
        .map(|outcome| match outcome {
            Outcome::Fails(failure) => {
                let path = project.file(failure.file).path().to_owned();
                let before = &case.files[&path][..failure.at.to_usize()];
                let line = before.matches('\n').count() + 1;
                let (exception, message) = (failure.exception, failure.message);
                Some(Failure { exception, message, path, line })
            }
            Outcome::Fine => None,
            Outcome::Unknown => Some(Failure {
                exception: "unknown".to_owned(),
                message: String::new(),
                path: String::new(),
                line: 0,
            }),
        })
        .collect()
}
