//! The rules about special methods against CPython: of classes that are made up, what a rule says
//! will happen must happen, and what happens it must say.
//!
//! Each family of classes has its own module: it makes a program with a function `probe`, which does
//! what calls the special methods, and says what the answers mean. Without further ado a few hundred
//! programs are made; `DUNDERLINT_CASES` says how many of each family, `DUNDERLINT_SEED` which.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests use the disk, the environment and say which interpreters they used"
)]

mod arity;
mod exceptions;
mod flow;
mod hashing;
#[path = "../interpreters/mod.rs"]
mod interpreters;
mod keys;
mod nature;
mod operators;
mod random;
mod recursion;
mod results;
mod slips;

use std::process::ExitCode;
use std::sync::Arc;

use dunderlint::diagnostic::Diagnostic;
use dunderlint::engine::{Input, Table, check_project, check_source};
use dunderlint::facts::FileInfo;
use dunderlint::fix::apply;
use dunderlint::project::Project;
use dunderlint::rule::Values;
use dunderlint::rules::CHAPTERS;
use dunderlint::semantic::ModuleName;
use interpreters::Interpreter;
use libtest_mimic::{Arguments, Failed, Trial};
use random::Random;

/// How many programs of each family are made.
const CASES: u64 = 60;

/// How many disagreements are shown.
const SHOWN: usize = 4;

/// A program, and what is asked of it.
struct Case {
    text: String,
    /// The rule that is asked.
    rule: &'static str,
    /// What `probe` answers where the rule has nothing to say.
    fine: fn(&str) -> bool,
    /// Whether what `probe` answers fits a message of the rule.
    fits: fn(&str, &str) -> bool,
    /// Whether the program is in order after all fixes, and says so.
    is_mended: bool,
}

/// A family of programs.
type Family = fn(&mut Random, (u8, u8)) -> Case;

const FAMILIES: &[(&str, Family)] = &[
    ("arity", arity::case),
    ("results", results::case),
    ("nature", nature::case),
    ("flow", flow::case),
    ("recursion", recursion::case),
    ("hashing", hashing::case),
    ("keys", keys::case),
    ("hashed", keys::hashed),
    ("operators", operators::case),
    ("identity", operators::identity),
    ("attributes", exceptions::attributes),
    ("items", exceptions::items),
    ("copies", exceptions::copies),
    ("slips", slips::case),
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut found = interpreters::find();
    found.retain(|interpreter| interpreter.version >= (3, 8));
    let mut trials: Vec<Trial> = Vec::new();
    for interpreter in found {
        let (major, minor) = interpreter.version;
        for (name, family) in FAMILIES {
            let interpreter = interpreter.clone();
            let title = format!("{name} by {major}.{minor} ({})", interpreter.program.display());
            trials.push(Trial::test(title, move || compare(&interpreter, name, *family)));
        }
    }
    if trials.is_empty() {
        let none = || Err("name a CPython 3.8 or newer in `DUNDERLINT_PYTHONS`".into());
        trials.push(Trial::test("an interpreter is there", none));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn compare(interpreter: &Interpreter, name: &str, family: Family) -> Result<(), Failed> {
    let interpreters::Asked { seed, count } = interpreters::asked(CASES)?;
    let mut random = Random::new(seed, name);
    let cases: Vec<Case> = (0..count).map(|_| family(&mut random, interpreter.version)).collect();
    let texts: Vec<&str> = cases.iter().map(|case| case.text.as_str()).collect();
    let answers = ask(interpreter, &texts)?;
    let mut wrong: Vec<String> = Vec::new();
    let (mut said, mut mended) = (0, Vec::new());
    for (case, answer) in cases.iter().zip(&answers) {
        let found = findings(&case.text, case.rule);
        let agrees = match found.is_empty() {
            true => (case.fine)(answer),
            false => found.iter().any(|it| (case.fits)(answer, &it.message)),
        };
        said += usize::from(!found.is_empty());
        if !agrees {
            let messages: Vec<&str> = found.iter().map(|it| it.message.as_str()).collect();
            wrong.push(format!("{answer:?}, and said is {messages:?}:\n{}", case.text));
        }
        if case.is_mended && !found.is_empty() && found.iter().all(|it| it.fix.is_some()) {
            mended.push((case, fixed(&case.text, case.rule)));
        }
    }
    let texts: Vec<&str> = mended.iter().map(|(_, text)| text.as_str()).collect();
    for ((case, text), answer) in mended.iter().zip(ask(interpreter, &texts)?) {
        if !(case.fine)(&answer) {
            wrong.push(format!("fixed, it is {answer:?}:\n{}becomes\n{text}", case.text));
        }
    }
    let (major, minor) = interpreter.version;
    println!(
        "{name} by {major}.{minor}: {count} programs, {said} with findings, {} fixed",
        mended.len()
    );
    match wrong.is_empty() {
        true => Ok(()),
        false => {
            let shown = wrong[..wrong.len().min(SHOWN)].join("\n");
            Err(format!("{} of {count} differ; the first:\n{shown}", wrong.len()).into())
        }
    }
}

/// Runs programs.
fn ask(interpreter: &Interpreter, programs: &[&str]) -> Result<Vec<String>, Failed> {
    Ok(interpreter.answer("tests/dunders/run.py", &programs)?)
}

/// What a rule says about a program that is a project by itself.
fn findings(text: &str, rule: &'static str) -> Vec<Diagnostic> {
    found(&modules(text), rule).into_iter().map(|(_, it)| it).collect()
}

/// The modules of a program, each with its name: what stands behind a line `#= name`. The last one
/// is the program itself.
fn modules(text: &str) -> Vec<(String, String)> {
    let Some(rest) = text.strip_prefix(MODULE) else {
        return vec![("program".to_owned(), text.to_owned())];
    };
    let between = format!("\n{MODULE}");
    let named = rest.split(&between).filter_map(|it| it.split_once('\n'));
    named.map(|(name, text)| (name.to_owned(), format!("{text}\n"))).collect()
}

/// What a line begins with that names a module.
const MODULE: &str = "#= ";

/// What a rule says about modules: the place of a module, and a finding in it.
fn found(modules: &[(String, String)], rule: &'static str) -> Vec<(usize, Diagnostic)> {
    let table = Table::new(CHAPTERS, |it| it.name == rule);
    let values = Values::default();
    let (mut all, mut facts) = (Vec::new(), Vec::new());
    for (at, (name, text)) in modules.iter().enumerate() {
        let path = format!("{name}.py");
        let module = ModuleName::of_path(&path);
        let info = Arc::new(FileInfo { path, module, ..FileInfo::default() });
        let report = check_source(&Input { info: &info, text, table: &table, values: &values });
        assert!(!report.is_broken, "the parser does not know\n{text}");
        all.extend(report.diagnostics.into_iter().map(|it| (at, it)));
        facts.push(report.facts);
    }
    let project = Project::link(facts);
    for confirmed in check_project(&project, &[&table], |_| &table) {
        let path = project.file(confirmed.file).path().trim_end_matches(".py");
        let at = modules.iter().position(|(name, _)| name == path).expect("it is one of them");
        all.push((at, confirmed.diagnostic));
    }
    all
}

/// A program with all fixes.
fn fixed(text: &str, rule: &'static str) -> String {
    let mut modules = modules(text);
    for _ in 0..4 {
        let found = found(&modules, rule);
        for (at, (_, text)) in modules.iter_mut().enumerate() {
            let fixes = found.iter().filter(|it| it.0 == at).filter_map(|it| it.1.fix.as_ref());
            *text = apply(text, "\n", fixes).text;
        }
    }
    match &modules[..] {
        [(_, only)] => only.clone(),
        all => {
            let named: Vec<String> =
                all.iter().map(|(name, text)| format!("{MODULE}{name}\n{text}")).collect();
            named.concat()
        }
    }
}
