//! The rules about versions against CPython: with the version of an interpreter as the only target,
//! they must have something to say about a program if and only if that interpreter refuses it
//! or fails to run it, and say which of the two. What safe fixes make of the program must run, and
//! give the same result as the program itself on the newest interpreter.
//!
//! The programs are in `programs.py.txt`, parted by lines of dashes.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests use the disk, the environment and say which interpreters they used"
)]

#[path = "../interpreters/mod.rs"]
mod interpreters;
mod table;

use std::process::ExitCode;

use dunderlint::diagnostic::Diagnostic;
use dunderlint::engine::{Input, Table, check_project, check_source};
use dunderlint::facts::FileInfo;
use dunderlint::fix::{Applicability, apply};
use dunderlint::project::Project;
use dunderlint::rule::{Target, Values};
use dunderlint::rules::CHAPTERS;
use dunderlint::semantic::ModuleName;
use interpreters::Interpreter;
use libtest_mimic::{Arguments, Failed, Trial};
use ruff_python_ast::PythonVersion;
use serde::Deserialize;

const PROGRAMS: &str = include_str!("programs.py.txt");

/// The rules that speak about programs; those about names of the standard library among them.
const RULES: [&str; 4] = [
    "version-gated-syntax",
    "version-gated-api",
    "future-annotations-required",
    "removed-stdlib-api",
];

/// More rounds of fixes than any program needs.
const ROUNDS: usize = 4;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut found = interpreters::find();
    found.retain(|interpreter| interpreter.version >= (3, 6));
    let newest = found.iter().max_by_key(|it| it.version).cloned();
    let mut trials: Vec<Trial> = Vec::new();
    for (interpreter, newest) in found.into_iter().zip(std::iter::repeat(newest)) {
        let (major, minor) = interpreter.version;
        let name = format!("{major}.{minor} ({})", interpreter.program.display());
        let same = interpreter.clone();
        trials.push(Trial::test(format!("table {name}"), move || table::compare(&same)));
        trials.push(Trial::test(name, move || compare(&interpreter, newest.as_ref())));
    }
    if trials.is_empty() {
        let none = || Err("name a CPython in `DUNDERLINT_PYTHONS`".into());
        trials.push(Trial::test("an interpreter is there", none));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// What an interpreter makes of a program.
#[derive(Deserialize, PartialEq)]
struct Answer {
    /// `runs`, or the name of what is raised.
    outcome: String,
    /// How the program's `result` is shown.
    result: Option<String>,
}

fn programs() -> Vec<String> {
    PROGRAMS.split("\n----\n").map(|program| format!("{}\n", program.trim_end())).collect()
}

fn compare(interpreter: &Interpreter, newest: Option<&Interpreter>) -> Result<(), Failed> {
    let programs = programs();
    let answers = ask(interpreter, &programs)?;
    let newest = newest.filter(|it| it.version >= (3, 13));
    let best = newest.map(|newest| ask(newest, &programs)).transpose()?;
    let mut wrong = String::new();
    let mut fixed_programs = Vec::new();
    for (index, (program, answer)) in programs.iter().zip(&answers).enumerate() {
        let found = findings(program, interpreter.version);
        let said: Vec<&str> = found.iter().map(fate).collect();
        let agree = match answer.outcome.as_str() {
            "runs" => said.is_empty(),
            // A program that cannot be compiled does not come to raise anything.
            "SyntaxError" => said.contains(&"SyntaxError"),
            raised => said.contains(&raised) && !said.contains(&"SyntaxError"),
        };
        if !agree {
            wrong += &format!("{} and not {said:?}:\n{program}\n", answer.outcome);
        }
        let is_fixable = |finding: &Diagnostic| {
            finding.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Safe)
        };
        if agree && !found.is_empty() && found.iter().all(is_fixable) {
            fixed_programs.push((index, fixed(program, interpreter.version)));
        }
    }
    let texts: Vec<String> = fixed_programs.iter().map(|(_, text)| text.clone()).collect();
    for ((index, text), answer) in fixed_programs.iter().zip(ask(interpreter, &texts)?) {
        let best = best.as_ref().map(|best| &best[*index]).filter(|best| best.outcome == "runs");
        let is_same = best.is_none_or(|best| best.result == answer.result);
        if answer.outcome != "runs" || !is_same {
            let program = &programs[*index];
            let (outcome, result) = (answer.outcome, answer.result.unwrap_or_default());
            wrong += &format!("fixed, it is {outcome} {result}:\n{program}becomes\n{text}\n");
        }
    }
    let (major, minor) = interpreter.version;
    println!("{major}.{minor}: {} programs, {} fixed", programs.len(), texts.len());
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

/// What a finding says will happen.
fn fate(finding: &Diagnostic) -> &str {
    match finding.message.rsplit_once("raises `") {
        Some((_, error)) => error.split('`').next().unwrap_or(error),
        None => "SyntaxError",
    }
}

/// Runs programs.
fn ask(interpreter: &Interpreter, programs: &[String]) -> Result<Vec<Answer>, Failed> {
    Ok(interpreter.answer("tests/versions/run.py", &programs)?)
}

/// What the rule says about a program that must run on a version.
fn findings(program: &str, (major, minor): (u8, u8)) -> Vec<Diagnostic> {
    let lowest = PythonVersion { major, minor };
    let target = Target { lowest, highest: Some(lowest) };
    let values = Values { target: Some(target), ..Values::default() };
    let table = Table::new(CHAPTERS, |rule| RULES.contains(&rule.name));
    let info = FileInfo {
        path: "program.py".to_owned(),
        root: String::new(),
        module: ModuleName::of_path("program.py"),
        ..FileInfo::default()
    };
    let report =
        check_source(&Input { info: &info.into(), text: program, table: &table, values: &values });
    assert!(!report.is_broken, "the parser does not know\n{program}");
    let mut found = report.diagnostics;
    let project = Project::link(vec![report.facts]);
    found
        .extend(check_project(&project, &[&table], |_| &table).into_iter().map(|it| it.diagnostic));
    found
}

/// The program with all safe fixes.
fn fixed(program: &str, version: (u8, u8)) -> String {
    let mut text = program.to_owned();
    for _ in 0..ROUNDS {
        let found = findings(&text, version);
        if found.is_empty() {
            break;
        }
        text = apply(&text, "\n", found.iter().filter_map(|finding| finding.fix.as_ref())).text;
    }
    text
}
