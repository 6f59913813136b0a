//! The linearizations of classes that are used in earnest.

use std::collections::BTreeMap;

use dunderlint::engine::Table;
use dunderlint::project::{ClassRef, Draft, Mro, Releases};
use dunderlint::rules::CHAPTERS;
use libtest_mimic::Failed;
use serde::{Deserialize, Serialize};

use super::facts;
use super::interpreters::Interpreter;

/// How many of a thousand classes must be known. Not known are those below `namedtuple(…)`, those
/// that `_simple_enum` makes anew, and those below a class that is another one in some version, as
/// `IntEnum` is.
const FEWEST_KNOWN: usize = 950;

#[derive(Serialize)]
struct Question {
    packages: Vec<String>,
}

#[derive(Deserialize)]
struct Module {
    path: String,
    module: String,
    classes: BTreeMap<String, Vec<String>>,
}

pub(super) fn compare(interpreter: &Interpreter) -> Result<(), Failed> {
    compare_packages(interpreter, Vec::new())?;
    match std::env::var("DUNDERLINT_PACKAGES") {
        Ok(packages) => packages
            .split(',')
            .try_for_each(|it| compare_packages(interpreter, vec![it.to_owned()])),
        Err(_) => Ok(()),
    }
}

/// Compares the classes of packages, or of the standard library where there are none.
fn compare_packages(interpreter: &Interpreter, packages: Vec<String>) -> Result<(), Failed> {
    let what = packages.first().map_or("the standard library", |it| it).to_owned();
    let modules: Vec<Module> =
        interpreter.answer("tests/classes/mros.py", &Question { packages })?;
    let table = Table::new(CHAPTERS, |_| false);
    let mut linked = Vec::new();
    for module in &modules {
        let Ok(text) = std::fs::read_to_string(&module.path) else { continue };
        linked.push(facts(&path_of(module), &text, &table));
    }
    let (major, minor) = interpreter.version;
    let project = Draft::new(linked).on(Releases::new(minor, Some(minor))).link();
    let (mut same, mut unknown, mut wrong) = (0, Vec::new(), Vec::new());
    for module in &modules {
        let Some(file) = project.file_at(&path_of(module)) else { continue };
        let facts = project.file(file);
        for (name, mro) in &module.classes {
            // A name that is bound by something else than one class statement is no class statement.
            let of_name = |at: &u32| {
                let class = &facts.classes()[*at as usize];
                facts.text(class.name) == name
                    && class.holder() == dunderlint::facts::Holder::Module
            };
            let all: Vec<u32> = (0..facts.classes().len() as u32).filter(of_name).collect();
            let [index] = all[..] else { continue };
            let id = project.class_of(file, index);
            let Mro::Known(found) = project.mro(id) else {
                unknown.push(format!("{}.{name}", module.module));
                continue;
            };
            let names: Vec<&str> =
                found.iter().map(|it: &ClassRef| project.class_name(*it)).collect();
            match names == *mro {
                true => same += 1,
                false => {
                    wrong.push(format!("{}.{name}: {names:?}, and it is {mro:?}", module.module))
                }
            }
        }
    }
    let all = same + unknown.len() + wrong.len();
    println!("{what} of {major}.{minor}: {same} of {all} the same, {} unknown", unknown.len());
    if !wrong.is_empty() {
        return Err(format!("{} are wrong:\n{}", wrong.len(), wrong.join("\n")).into());
    }
    match same * 1000 < all * FEWEST_KNOWN {
        true => Err(format!("too many are not known:\n{}", unknown.join("\n")).into()),
        false => Ok(()),
    }
}

/// The path that a module would have below its root.
fn path_of(module: &Module) -> String {
    let path = module.module.replace('.', "/");
    match module.path.ends_with("__init__.py") {
        true => format!("{path}/__init__.py"),
        false => format!("{path}.py"),
    }
}
