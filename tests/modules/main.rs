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
use dunderlint::engine::{Extent, FileToCheck, Libraries, linked};
use dunderlint::facts::{FileFacts, content_hash};
use dunderlint::project::{ClassRef, Item, Mro, Project};
use dunderlint::rules::CHAPTERS;
use random::Random;
use serde::Serialize;
use trees::{ROOTS, Tree, tree};

/// How many trees are made.
const CASES: u64 = 150;

#[derive(Serialize)]
struct Question {
    path: Vec<String>,
    questions: Vec<(String, String)>,
}

#[test]
fn what_is_known_of_imported_names_is_so() {
    let interpreters = interpreters::find();
    let interpreter = interpreters.last().expect("a CPython is needed");
    let asked = interpreters::asked(CASES).expect("numbers");
    let mut random = Random::new(asked.seed, "modules");
    let folder = tempfile::tempdir().expect("there is room");
    let folder = fs::canonicalize(folder.path()).expect("it is there");
    let mut trees = Vec::new();
    let mut questions = Vec::new();
    for number in 0..asked.count {
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
                // A stub stands for an extension module, which none of these trees has.
                if *answer != found && !found.1.ends_with(".pyi") {
                    let (module, name) = &tree.questions[at];
                    wrong.push(format!(
                        "tree {number}, lazily {lazily}: from {module} import {name}: {answer:?}, not {found:?}"
                    ));
                }
            }
        }
    }
    println!("{known} of {all} names are known");
    // Modules that are attributes of a package by the way, since somebody else has imported them, and
    // under names that the package has for something else: what counts depends on who came first.
    let (modules, wrong): (Vec<String>, Vec<String>) =
        wrong.into_iter().partition(|it| it.contains("not (\"module\""));
    println!("{} modules are others: {:?}", modules.len(), modules);
    assert!(modules.len() * 40 <= known, "too many modules are others: {modules:?}");
    if let Some(first) = wrong.first() {
        let number: usize = first.split([' ', ',']).nth(1).expect("a number").parse().expect("one");
        for (path, text) in &trees[number].files {
            println!("# {path}\n{text}");
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(known * 2 > all, "too little is known: {known} of {all}");
}

#[test]
fn neither_order_nor_shards_of_facts_show() {
    let mut random = Random::new(interpreters::asked(CASES).expect("numbers").seed, "shards");
    let folder = tempfile::tempdir().expect("there is room");
    for case in 0..20 {
        let root = folder.path().join(case.to_string());
        let tree = tree(&mut random);
        for (path, text) in &tree.files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("room");
            fs::write(path, text).expect("there is room");
        }
        let (project, asker) = project(&root, &tree, false);
        let facts = project.into_files();
        let project = Project::link(facts.clone());
        let wanted = everything(&project, &asker, &tree);
        for _ in 0..5 {
            // Each shard is stored; some files are in two of them.
            let mut shards: Vec<Vec<FileFacts>> = vec![Vec::new(); 3];
            for file in &facts {
                for _ in 0..1 + random.below(2) {
                    let shard = random.below(3);
                    let at = random.below(shards[shard].len() + 1);
                    shards[shard].insert(at, file.clone());
                }
            }
            let stored = shards.iter().map(|it| postcard::to_allocvec(it).expect("facts"));
            let stored: Vec<Vec<u8>> = stored.collect();
            let again = stored.iter().flat_map(|it| -> Vec<FileFacts> {
                postcard::from_bytes(it).expect("they can be read again")
            });
            let project = Project::link(again.collect());
            assert_eq!(everything(&project, &asker, &tree), wanted);
        }
    }
}

/// All that a project knows of itself.
fn everything(project: &Project, asker: &str, tree: &Tree) -> Vec<String> {
    let name = |class: ClassRef| match class {
        ClassRef::Project(id) => {
            format!("{} in {}", project.full_name(class), project.file(project.class(id).0).path())
        }
        ClassRef::Std(_) => project.full_name(class),
    };
    let mut all = Vec::new();
    for class in project.classes() {
        let mro = match project.mro(class) {
            Mro::Known(mro) => mro.iter().map(|it| name(*it)).collect::<Vec<_>>().join(" "),
            Mro::Unknown => "unknown".to_owned(),
            Mro::Error(error) => format!("{error:?}"),
        };
        let below = project.subclasses(class).iter().map(|it| name(ClassRef::Project(*it)));
        let below: Vec<String> = below.collect();
        all.push(format!("{}: {mro}; {below:?}", name(ClassRef::Project(class))));
    }
    for cycle in project.import_cycles(&|_, _| false) {
        let members = cycle.members.iter().map(|it| project.file(*it).path());
        all.push(format!("{:?}", members.collect::<Vec<_>>()));
    }
    let file = project.file_at(asker).expect("it was given");
    for (module, name) in &tree.questions {
        let item = project.resolve_absolute(file, &format!("{module}.{name}"));
        all.push(format!("{:?}", described(project, item, Path::new(""))));
    }
    all
}

#[test]
fn the_interface_is_what_others_see() {
    let hash = |text: &str| {
        let folder = tempfile::tempdir().expect("there is room");
        let files = vec![("first/one.py".to_owned(), text.to_owned())];
        fs::create_dir_all(folder.path().join("first")).expect("room");
        fs::write(folder.path().join("first/one.py"), text).expect("room");
        let tree = Tree { files, questions: Vec::new() };
        let (project, _) = project(folder.path(), &tree, false);
        let file = project.file_at("first/one.py").expect("it was given");
        project.file(file).interface_hash()
    };
    let text = "import os\n\nclass A:\n    x = 1\n\n    def f(self):\n        return 1\n";
    let first = hash(text);
    for (before, after) in
        [("import os", "# why\n\nimport os"), ("return 1", "return 2"), ("= 1", "= 17")]
    {
        assert_eq!(hash(&text.replace(before, after)), first, "{after}");
    }
    for (before, after) in [
        ("import os", "import sys"),
        ("class A", "class B"),
        ("class A", "class A(int)"),
        ("x = 1", "x = None"),
        ("x = 1", "y = 1"),
        ("def f(self)", "async def f(self)"),
        ("return 1", "self.y = 1"),
    ] {
        assert_ne!(hash(&text.replace(before, after)), first, "{after}");
    }
    assert_ne!(content_hash("one"), content_hash("two"));
}

/// What is known of each name that is asked for: with all files at hand, or only one that asks.
fn ask(root: &Path, tree: &Tree, lazily: bool) -> Vec<Option<(String, String)>> {
    let (project, asker) = project(root, tree, lazily);
    let file = project.file_at(&asker).expect("it was given");
    tree.questions
        .iter()
        .map(|(module, name)| {
            let item = project.resolve_absolute(file, &format!("{module}.{name}"));
            described(&project, item, root)
        })
        .collect()
}

/// The files of a tree, and one that asks for everything in it; lazily, only the latter is given.
/// Its path is told, too.
fn project(root: &Path, tree: &Tree, lazily: bool) -> (Project, String) {
    let asker = format!("{}/asker_of_all.py", ROOTS[0]);
    let mut text = String::new();
    for (at, (module, name)) in tree.questions.iter().enumerate() {
        text.push_str(&format!("from {module} import {name} as found_{at}\n"));
    }
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
    let (project, _) = linked(files.collect(), &Libraries::Nowhere, Some(1), Extent::Imported);
    (project, asker)
}

/// An item as the script describes it; `None` for what is not known.
fn described(project: &Project, item: Item, root: &Path) -> Option<(String, String)> {
    let path = |file| root.join(project.file(file).path()).display().to_string();
    match item {
        Item::Class(class) => {
            let (file, facts) = project.class(class);
            let name = project.file(file).qualified_name(facts.name, facts.holder());
            Some(("class".to_owned(), format!("{} {name}", path(file))))
        }
        Item::Function(function) => {
            let (file, _) = project.function(function);
            let name = project.qualified_name(function);
            Some(("function".to_owned(), format!("{} {name}", path(file))))
        }
        Item::Module(file) => Some(("module".to_owned(), path(file))),
        _ => None,
    }
}
