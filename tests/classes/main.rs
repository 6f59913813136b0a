//! What the linked project knows of classes against CPython: class hierarchies that are made at
//! random over one to three modules must raise, or come out, just as the project says; and the
//! linearizations of the classes of the standard library must be the ones that it finds.
//!
//! `DUNDERLINT_CASES` tells how many programs to make, `DUNDERLINT_SEED` which. The classes of other
//! packages are compared if `DUNDERLINT_PACKAGES` names some, separated by commas, that the
//! interpreter can import. What is made, and how it is asked, is in `run.py` and `mros.py`; which
//! interpreters: see `interpreters`.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests use the disk, the environment and say which interpreters they used"
)]

#[path = "../interpreters/mod.rs"]
mod interpreters;
mod linearizations;
mod standard;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

use dunderlint::engine::{Input, Table, check_project, check_source};
use dunderlint::facts::{FileFacts, FileInfo};
use dunderlint::project::{
    ClassRef, CreationError, Draft, MroError, Project, Releases, SlotsError,
};
use dunderlint::rule::Values;
use dunderlint::rules::CHAPTERS;
use dunderlint::semantic::ModuleName;
use interpreters::Interpreter;
use libtest_mimic::{Arguments, Failed, Trial};
use serde::{Deserialize, Serialize};

/// How many programs are made without further ado.
const CASES: u64 = 500;

/// Of how many of a thousand class statements nothing may be said.
const MOST_UNKNOWN: usize = 5;

/// How many disagreements are shown.
const SHOWN: usize = 8;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut found = interpreters::find();
    found.retain(|it| ((3, 8)..=(3, 13)).contains(&it.version));
    // What is so in one version is so in all, as far as the project says anything.
    let newest = found.last().cloned();
    let mut trials = Vec::new();
    for interpreter in found {
        let (major, minor) = interpreter.version;
        let name = format!("{major}.{minor} ({})", interpreter.program.display());
        let same = interpreter.clone();
        trials.push(Trial::test(format!("the table, {name}"), move || standard::compare(&same)));
        trials.push(Trial::test(format!("hierarchies, {name}"), move || compare(&interpreter)));
    }
    match newest {
        Some(newest) => {
            trials.push(Trial::test("linearizations", move || linearizations::compare(&newest)));
        }
        None => {
            let none = || Err("name a CPython 3.8 to 3.13 in `DUNDERLINT_PYTHONS`".into());
            trials.push(Trial::test("an interpreter is there", none));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

#[derive(Serialize)]
struct Question {
    seed: u64,
    count: u64,
}

/// A program, and what an interpreter says of it.
#[derive(Deserialize)]
struct Program {
    /// The texts of its modules by their paths.
    texts: BTreeMap<String, String>,
    classes: Vec<Class>,
    calls: Vec<Call>,
}

/// A class statement.
#[derive(Deserialize)]
struct Class {
    path: String,
    line: usize,
    name: String,
    /// Why it raises, or `made`.
    outcome: String,
    #[serde(flatten)]
    made: Option<Made>,
}

/// What a class is like.
#[derive(Deserialize, Debug, PartialEq)]
struct Made {
    mro: Vec<String>,
    metaclass: String,
    has_dict: bool,
    has_weakref: bool,
    is_hashable: bool,
    r#abstract: Vec<String>,
}

/// A call of a class.
#[derive(Deserialize)]
struct Call {
    path: String,
    line: usize,
    refuses: bool,
}

fn compare(interpreter: &Interpreter) -> Result<(), Failed> {
    let interpreters::Asked { seed, count } = interpreters::asked(CASES)?;
    let programs: Vec<Program> =
        interpreter.answer("tests/classes/run.py", &Question { seed, count })?;
    let table = Table::new(CHAPTERS, |it| it.name == "abstract-class-instantiated");
    let (major, minor) = interpreter.version;
    let texts = programs.iter().flat_map(|it| &it.texts);
    let facts = texts.map(|(path, text)| facts(path, text, &table)).collect();
    let project = Draft::new(facts).on(Releases::new(minor, Some(minor))).link();
    let refused: Vec<(String, usize)> = check_project(&project, &[&table], |_| &table)
        .into_iter()
        .map(|it| {
            let path = project.file(it.file).path();
            let text = &programs.iter().find_map(|it| it.texts.get(path)).expect("it is made");
            (path.to_owned(), line_of(text, it.diagnostic.range.start().to_usize()))
        })
        .collect();
    let mut seen = Seen::default();
    for program in &programs {
        for class in &program.classes {
            seen.class(class, program, &project);
        }
        // A base that could not be made for another reason is not seen.
        let has_others = program.classes.iter().any(|it| it.outcome.starts_with("other"));
        for call in program.calls.iter().filter(|_| !has_others) {
            let is_said = refused.contains(&(call.path.clone(), call.line));
            *seen.counts.entry(format!("call refused: {}", call.refuses)).or_default() += 1;
            if is_said != call.refuses {
                let what = format!("line {}: refuses {}", call.line, call.refuses);
                seen.wrong.push(shown(&what, &program.texts[&call.path]));
            }
        }
    }
    println!("{major}.{minor}: {count} programs, {} not judged, {:?}", seen.unknown, seen.counts);
    let statements: usize = programs.iter().map(|it| it.classes.len()).sum();
    if seen.unknown * 1000 > statements * MOST_UNKNOWN {
        seen.wrong
            .push(format!("{} of {statements} class statements are not judged", seen.unknown));
    }
    match &seen.wrong[..] {
        [] => Ok(()),
        wrong => {
            let first = wrong[..wrong.len().min(SHOWN)].join("\n");
            Err(format!("{} disagreements; the first:\n{first}", wrong.len()).into())
        }
    }
}

/// What was compared.
#[derive(Default)]
struct Seen {
    counts: BTreeMap<String, usize>,
    /// Of how many class statements nothing is said.
    unknown: usize,
    wrong: Vec<String>,
}

impl Seen {
    fn class(&mut self, class: &Class, program: &Program, project: &Project) {
        let file = project.file_at(&class.path).expect("it is linked");
        let facts = project.file(file);
        let index = facts.classes().iter().position(|it| facts.text(it.name) == class.name);
        let id = project.class_of(file, index.expect("it is in the facts") as u32);
        let outcome = class.outcome.as_str();
        let kind = if outcome.starts_with("other") { "other" } else { outcome };
        *self.counts.entry(kind.to_owned()).or_default() += 1;
        let said = match project.creation_error(id) {
            Some(error) => kind_of(&error),
            None if project.is_made(id) => "made",
            None => "unknown",
        };
        let complain = |what: String| {
            let what = format!("{} (line {}): {what}", class.name, class.line);
            shown(&what, &program.texts[&class.path])
        };
        // What enumerations and protocols ask of their bases is not judged, nor what has no base.
        match kind {
            "other" => {}
            // A base may be one of the others.
            "unknown" => {
                let has_others = program.classes.iter().any(|it| it.outcome.starts_with("other"));
                if said != "unknown" && said != "made" && !has_others {
                    self.wrong.push(complain(format!("{said}, and its bases could not be made")));
                }
            }
            _ if said == kind => {}
            // Metaclasses of metaclasses, mostly; and what an enumeration makes as a metaclass.
            _ if said == "unknown" => self.unknown += 1,
            _ => self.wrong.push(complain(format!("{said} is said, and it is {outcome}"))),
        }
        if let (Some(made), "made") = (&class.made, kind) {
            self.made(made, ClassRef::Project(id), project, complain);
        }
    }

    /// What is known of a class must be so; all should be known.
    fn made(
        &mut self,
        made: &Made,
        class: ClassRef,
        project: &Project,
        complain: impl Fn(String) -> String,
    ) {
        let ClassRef::Project(id) = class else { return };
        // An enumeration that is called as a metaclass makes a class of its own kind.
        let Some(mro) = project.known_mro(id) else {
            *self.counts.entry("linearization unknown".to_owned()).or_default() += 1;
            return;
        };
        let names: Vec<&str> = mro.iter().map(|it| project.class_name(*it)).collect();
        let abstracts = project.abstracts(id);
        let left: Vec<&str> = abstracts.left.iter().map(|it| &*it.name).collect();
        let metaclass = project.metaclass(class).map(|it| project.class_name(it));
        // Its name until 3.11.
        let today = |name: &String| name.replace("EnumMeta", "EnumType");
        let (metaclass_name, real) = (today(&made.metaclass), made.mro.iter().map(today));
        let checks = [
            ("linearization", Some(real.eq(names.iter().copied()))),
            ("metaclass", metaclass.map(|it| it == metaclass_name)),
            ("dict", project.has_dict(class).map(|it| it == made.has_dict)),
            ("weakref", project.has_weakref(class).map(|it| it == made.has_weakref)),
            ("hashable", project.hashing(mro).map(|(_, it)| it == made.is_hashable)),
            ("abstract", abstracts.is_complete.then(|| left == made.r#abstract)),
        ];
        for (what, is_right) in checks {
            match is_right {
                Some(true) => {}
                Some(false) => {
                    let known = (&names, metaclass, project.has_dict(class), &left);
                    self.wrong.push(complain(format!("{what}: {known:?} is said of {made:?}")));
                }
                None => *self.counts.entry(format!("{what} unknown")).or_default() += 1,
            }
        }
    }
}

fn kind_of(error: &CreationError) -> &'static str {
    match error {
        CreationError::Metaclass(_) => "metaclass",
        CreationError::FinalBase(_) => "final",
        CreationError::Layout { .. } => "layout",
        CreationError::Slots(SlotsError::Variable(_)) => "variable",
        CreationError::Slots(SlotsError::Dict) => "dict",
        CreationError::Slots(SlotsError::Weakref) => "weakref",
        CreationError::Slots(SlotsError::Taken(_)) => "taken",
        CreationError::Mro(MroError::Duplicate(..)) => "duplicate",
        CreationError::Mro(MroError::Inconsistent(_)) => "mro",
    }
}

/// A complaint, with the text behind the imports.
fn shown(what: &str, text: &str) -> String {
    let body = text.split_once("TypeVar(\"T\")").map_or(text, |(_, body)| body);
    format!("{what}\n{}\n", body.trim())
}

fn line_of(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

/// The facts of a text at a path that its module is named by.
fn facts(path: &str, text: &str, table: &Table) -> FileFacts {
    let info = Arc::new(FileInfo {
        path: path.to_owned(),
        module: ModuleName::of_path(path),
        ..FileInfo::default()
    });
    let values = Values::default();
    check_source(&Input { info: &info, text, table, values: &values }).facts
}
