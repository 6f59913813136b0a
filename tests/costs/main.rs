//! What properties cost against CPython: of small packages that are made at random, what
//! `expensive-property` says that each read calls is called at each read, and what a read can call is
//! called at some.
//!
//! `DUNDERLINT_CASES` tells how many packages to make, `DUNDERLINT_SEED` which. What is made, and how it
//! is read, is in `run.py` and `package.py`; which interpreters: see `interpreters`.
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
use dunderlint::engine::{FileToCheck, RunOptions, run};
use dunderlint::rules::CHAPTERS;
use interpreters::Interpreter;
use libtest_mimic::Failed;
use serde::{Deserialize, Serialize};

/// What the packages are written for.
const VERSIONS: std::ops::RangeInclusive<(u8, u8)> = (3, 8)..=(3, 13);

/// How many packages are made without further ado.
const CASES: u64 = 60;

/// How many of a hundred properties that always cost something must be found. The others are reached
/// through what cannot be resolved, or too far away.
const LEAST_FOUND: usize = 85;

/// How many of a hundred costs that a read can have must have been seen: some take many turns.
const LEAST_SEEN: usize = 90;

fn main() -> ExitCode {
    interpreters::compare_each(VERSIONS, compare)
}

/// What is asked of an interpreter.
#[derive(Serialize)]
struct Question {
    seed: u64,
    count: u64,
}

/// A package, and what reading its properties does.
#[derive(Deserialize)]
struct Package {
    files: BTreeMap<String, String>,
    properties: Vec<Property>,
}

#[derive(Deserialize)]
struct Property {
    path: String,
    /// The line of its name.
    line: usize,
    /// What each read called; `None` where no read came to an end.
    always: Option<Vec<String>>,
    /// What some read called.
    ever: Vec<String>,
}

fn compare(interpreter: &Interpreter) -> Result<(), Failed> {
    let interpreters::Asked { seed, count } = interpreters::asked(CASES)?;
    let question = Question { seed, count };
    let packages: Vec<Package> = interpreter.answer("tests/costs/run.py", &question)?;
    let findings = look(&packages)?;
    let (mut said, mut possible, mut seen) = (0, 0, 0);
    let (mut costly, mut found, mut certain) = (0, 0, 0);
    let (mut wrong, mut missed) = (Vec::new(), Vec::new());
    for package in &packages {
        for property in &package.properties {
            let Some(always) = &property.always else { continue };
            let at = (property.path.clone(), property.line);
            let claim = findings.get(&at);
            let text = &package.files[&property.path];
            costly += usize::from(!always.is_empty());
            found += usize::from(!always.is_empty() && claim.is_some());
            if claim.is_none() && !always.is_empty() {
                missed.push(format!("{at:?} calls {always:?}:\n{text}"));
            }
            let Some(Claim { is_certain, what }) = claim else { continue };
            said += 1;
            if *is_certain {
                certain += 1;
                if !always.contains(what) {
                    wrong.push(format!("{at:?}: not each read calls `{what}`:\n{text}"));
                }
            } else {
                possible += 1;
                seen += usize::from(property.ever.contains(what));
            }
        }
    }
    let (major, minor) = interpreter.version;
    println!(
        "{major}.{minor}: {} packages; said of {said} properties, of {certain} that each read \
         costs, of {possible} that it can ({seen} seen); {found} of {costly} that always cost",
        packages.len(),
    );
    if let Some(first) = wrong.first() {
        return Err(format!("{} of {said} are wrong; the first: {first}", wrong.len()).into());
    }
    if seen * 100 < possible * LEAST_SEEN {
        return Err(format!("{seen} of {possible} costs that can be were seen").into());
    }
    if found * 100 < costly * LEAST_FOUND || certain == 0 {
        let first = missed.first().map_or("", |it| it);
        return Err(format!("{found} of {costly} were found; the first: {first}").into());
    }
    Ok(())
}

/// What the rule says of a property.
struct Claim {
    is_certain: bool,
    what: String,
}

impl Claim {
    fn of(diagnostic: &Diagnostic) -> Option<Claim> {
        let help = diagnostic.help.as_deref()?;
        let is_certain = help.starts_with("each read calls");
        let what = help.split_once('`')?.1.split_once("()`")?.0.to_owned();
        Some(Claim { is_certain, what })
    }
}

/// What the rule says of the properties of all packages, by file and line.
fn look(packages: &[Package]) -> Result<BTreeMap<(String, usize), Claim>, Failed> {
    let folder = tempfile::tempdir()?;
    let select = vec!["expensive-property".to_owned()];
    let overrides = Overrides { isolated: true, select, ..Overrides::default() };
    let resolver = Resolver::new(CHAPTERS, overrides, folder.path().to_owned())
        .map_err(|error| error.render(false))?;
    let settings = resolver.settings_for(folder.path()).map_err(|error| error.render(false))?;
    let mut files = Vec::new();
    for (path, text) in packages.iter().flat_map(|it| &it.files) {
        let disk = folder.path().join(path);
        std::fs::create_dir_all(disk.parent().unwrap_or(folder.path()))?;
        std::fs::write(&disk, text)?;
        files.push(FileToCheck { path: path.clone(), disk, settings: settings.clone() });
    }
    let outcome = run(CHAPTERS, files, &RunOptions::default(), &|_| ());
    let texts: BTreeMap<&String, &String> = packages.iter().flat_map(|it| &it.files).collect();
    let mut claims = BTreeMap::new();
    for file in outcome.files {
        for diagnostic in &file.diagnostics {
            let before = &texts[&file.path][..diagnostic.range.start().to_usize()];
            let line = before.matches('\n').count() + 1;
            let claim = Claim::of(diagnostic).ok_or_else(|| diagnostic.message.clone())?;
            claims.insert((file.path.clone(), line), claim);
        }
    }
    Ok(claims)
}
