//! The linearizations of classes that are used in earnest.

use std::collections::BTreeMap;

use dunderlint::engine::Table;
use dunderlint::facts::Holder;
use dunderlint::project::{ClassId, Draft, FileId, Mro, Project, Releases};
use dunderlint::rules::CHAPTERS;
use libtest_mimic::Failed;
use serde::{Deserialize, Serialize};

use super::facts;
use super::interpreters::Interpreter;

/// How many of a thousand classes must be known. Not known of the standard library of 3.13 are those
/// whose base is a call (`MakeProxyType(…)`, `type(…)`) or a conditional expression, and those whose
/// base is written in C or in Python, as the interpreter has it: 995.9 of a thousand are. It is 996.6
/// and more of 3.8 to 3.12.
const FEWEST_KNOWN: usize = 995;

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
    let (major, minor) = interpreter.version;
    let releases = Releases::new(minor, Some(minor));
    let (mut same, mut unknown, mut wrong) = (0, Vec::new(), Vec::new());
    // Each top-level module is a project, as it would be if it were not of the standard library.
    for modules in modules.chunk_by(|a, b| top(a) == top(b)) {
        let mut linked = Vec::new();
        for module in modules {
            let Ok(text) = std::fs::read_to_string(&module.path) else { continue };
            linked.push(facts(&path_of(module), &text, &table));
        }
        let project = Draft::new(linked).on(releases).link();
        for module in modules {
            let Some(file) = project.file_at(&path_of(module)) else { continue };
            for (name, mro) in &module.classes {
                let Some(class) = only_class(name, file, &project) else { continue };
                let Mro::Known(found) = project.mro(class) else {
                    unknown.push(format!("{}.{name}", module.module));
                    continue;
                };
                let names: Vec<&str> = found.iter().map(|it| project.class_name(*it)).collect();
                match names.iter().zip(mro).all(is_same) && names.len() == mro.len() {
                    true => same += 1,
                    false => wrong
                        .push(format!("{}.{name}: {names:?}, and it is {mro:?}", module.module)),
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

/// Whether a class is called so at run time. What `namedtuple` makes has the name that it is given.
fn is_same((ours, real): (&&str, &String)) -> bool {
    match *ours {
        "namedtuple()" => true,
        "ModuleType" => real == "module",
        // Up to 3.9, the class has the name of its module.
        "ReferenceType" => real == "ReferenceType" || real == "weakref",
        ours => ours == real,
    }
}

/// The class statement of a name at the top of a module. A name that is bound by something else than
/// one is none.
fn only_class(name: &str, file: FileId, project: &Project) -> Option<ClassId> {
    let facts = project.file(file);
    let of_name = |at: &u32| {
        let class = &facts.classes()[*at as usize];
        facts.text(class.name) == name && class.holder() == Holder::Module
    };
    let all: Vec<u32> = (0..facts.classes().len() as u32).filter(of_name).collect();
    let [index] = all[..] else { return None };
    Some(project.class_of(file, index))
}

fn top(module: &Module) -> &str {
    module.module.split('.').next().unwrap_or_default()
}

/// The path that a module would have below its root.
fn path_of(module: &Module) -> String {
    let path = module.module.replace('.', "/");
    match module.path.ends_with("__init__.py") {
        true => format!("{path}/__init__.py"),
        false => format!("{path}.py"),
    }
}
