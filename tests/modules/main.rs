//! What names mean across files, against CPython: trees of modules are made up that import from each
//! other, and of each name that a module can be asked for, what is known of it must be so.
//!
//! `DUNDERLINT_CASES` says how many trees are made, `DUNDERLINT_SEED` which.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests use the disk and the environment, and say how much is known"
)]

#[path = "../interpreters/mod.rs"]
mod interpreters;
#[path = "../dunders/random.rs"]
mod random;
mod trees;

use std::fs;
use std::path::Path;

use dunderlint::config::{Overrides, Resolver};
use dunderlint::engine::{FileToCheck, Libraries, linked};
use dunderlint::project::{ClassRef, Item, Project};
use dunderlint::rules::CHAPTERS;
use random::Random;
use serde::Serialize;
use trees::{ROOTS, Tree, tree};

/// How many trees are made.
const CASES: usize = 150;

#[derive(Serialize)]
struct Question {
    path: Vec<String>,
    questions: Vec<(String, String)>,
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[test]
fn what_is_known_of_imported_names_is_so() {
    let interpreters = interpreters::find();
    let interpreter = interpreters.last().expect("a CPython is needed");
    let cases = number("DUNDERLINT_CASES").map_or(CASES, |it| it as usize);
    let mut random = Random::new(number("DUNDERLINT_SEED").unwrap_or(1), "modules");
    let folder = tempfile::tempdir().expect("there is room");
    let folder = fs::canonicalize(folder.path()).expect("it is there");
    let mut trees = Vec::new();
    let mut questions = Vec::new();
    for number in 0..cases {
        let root = folder.join(number.to_string());
        let tree = tree(&mut random);
        for (path, text) in &tree.files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("room");
            fs::write(path, text).expect("there is room");
        }
        let path = ROOTS.iter().map(|it| root.join(it).display().to_string()).collect();
        questions.push(Question { path, questions: tree.questions.clone() });
        trees.push(tree);
    }
    let answers: Vec<Vec<(String, String)>> =
        interpreter.answer("tests/modules/imports.py", &questions).expect("it answers");
    let (mut known, mut all, mut wrong) = (0, 0, Vec::new());
    for (number, (tree, answers)) in trees.iter().zip(&answers).enumerate() {
        let root = folder.join(number.to_string());
        for lazily in [false, true] {
            let found = ask(&root, tree, lazily);
            for (at, (answer, found)) in answers.iter().zip(found).enumerate() {
                // What raises is no matter: nobody gets to use it.
                if answer.0 == "raises" {
                    continue;
                }
                all += 1;
                let Some(found) = found else { continue };
                known += 1;
                if *answer != found {
                    let (module, name) = &tree.questions[at];
                    wrong.push(format!(
                        "tree {number}, lazily {lazily}: from {module} import {name}: {answer:?}, not {found:?}"
                    ));
                }
            }
        }
    }
    println!("{known} of {all} names are known");
    if let Some(first) = wrong.first() {
        let number: usize = first.split([' ', ',']).nth(1).expect("a number").parse().expect("one");
        for (path, text) in &trees[number].files {
            println!("# {path}\n{text}");
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(known * 10 > all * 6, "too little is known: {known} of {all}");
}

/// What is known of each name that is asked for: with all files at hand, or only one that asks.
fn ask(root: &Path, tree: &Tree, lazily: bool) -> Vec<Option<(String, String)>> {
    let asker = format!("{}/asker_of_all.py", ROOTS[0]);
    let mut text = String::new();
    for (at, (module, name)) in tree.questions.iter().enumerate() {
        text.push_str(&format!("from {module} import {name} as found_{at}\n"));
    }
    // What is imported is only followed where something is made of it.
    for at in 0..tree.questions.len() {
        text.push_str(&format!("class Class{at}(found_{at}): pass\n"));
    }
    fs::write(root.join(&asker), text).expect("there is room");
    let overrides = Overrides {
        isolated: true,
        config: vec![format!("src = ['{}', '{}']", ROOTS[0], ROOTS[1])],
        ..Overrides::default()
    };
    let resolver = Resolver::new(CHAPTERS, overrides, root.to_owned()).expect("settings");
    let others = tree.files.iter().map(|(path, _)| path).filter(|_| !lazily);
    let files = others.chain([&asker]).map(|path| {
        let disk = root.join(path);
        let settings = resolver.settings_for(root).expect("settings");
        FileToCheck { path: path.clone(), disk, settings }
    });
    let (project, _) = linked(files.collect(), &Libraries::Nowhere, Some(1));
    let file = project.file_at(&asker).expect("it was given");
    tree.questions
        .iter()
        .map(|(module, name)| {
            let item = project.resolve_absolute(file, &format!("{module}.{name}"));
            described(&project, item, root)
        })
        .collect()
}

/// An item as the script describes it; `None` for what is not known.
fn described(project: &Project, item: Item, root: &Path) -> Option<(String, String)> {
    match item {
        Item::Class(class) => {
            Some(("class".to_owned(), project.full_name(ClassRef::Project(class))))
        }
        Item::Function(function) => {
            let (file, _) = project.function(function);
            let module = project.file(file).module().as_str();
            let name = project.qualified_name(function);
            Some(("function".to_owned(), format!("{module}.{name}")))
        }
        Item::Module(file) => {
            let path = root.join(project.file(file).path());
            Some(("module".to_owned(), path.display().to_string()))
        }
        _ => None,
    }
}
