//! Trees of modules that import from each other in all the ways there are.

use std::fmt::Write as _;

use crate::random::Random;

const CLASSES: [&str; 3] = ["X", "Y", "Z"];
const PARTS: [&str; 4] = ["one", "two", "three", "four"];

/// Files below two source roots, and what is asked about them.
pub(crate) struct Tree {
    /// Paths from the folder of both roots, and texts.
    pub(crate) files: Vec<(String, String)>,
    /// Modules and names.
    pub(crate) questions: Vec<(String, String)>,
}

/// The source roots, in the order in which they are imported from.
pub(crate) const ROOTS: [&str; 2] = ["first", "second"];

/// Makes a tree.
pub(crate) fn tree(random: &mut Random) -> Tree {
    let mut modules: Vec<Module> = Vec::new();
    for root in ROOTS {
        for top in &PARTS[..1 + random.below(3)] {
            grow(random, root, top, 2, false, &mut modules);
        }
    }
    modules.dedup_by(|one, other| one.path() == other.path());
    let texts: Vec<String> = modules.iter().map(|it| text(random, it, &modules)).collect();
    let mut questions = Vec::new();
    let mut names: Vec<&str> = modules.iter().map(|it| it.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    for module in names {
        for name in CLASSES.iter().chain(&PARTS).chain(&["f"]) {
            questions.push((module.to_owned(), (*name).to_owned()));
        }
    }
    let files = modules.iter().map(Module::path).zip(texts).collect();
    Tree { files, questions }
}

struct Module {
    root: &'static str,
    name: String,
    is_package: bool,
    suffix: &'static str,
}

impl Module {
    fn path(&self) -> String {
        let (root, name) = (self.root, self.name.replace('.', "/"));
        match self.is_package {
            true => format!("{root}/{name}/__init__{}", self.suffix),
            false => format!("{root}/{name}{}", self.suffix),
        }
    }
}

/// Adds a module or package of a name, and what is in it.
fn grow(
    random: &mut Random,
    root: &'static str,
    name: &str,
    depth: usize,
    is_in_namespace: bool,
    modules: &mut Vec<Module>,
) {
    let mut add = |is_package, suffix| {
        modules.push(Module { root, name: name.to_owned(), is_package, suffix });
    };
    let kind = match random.below(5) {
        _ if depth == 0 => 0,
        // Without a package around them, a module and a package of one name belong to different
        // roots.
        4 if is_in_namespace => 1,
        kind => kind,
    };
    if matches!(kind, 0 | 4) {
        add(false, ".py");
        if random.once_in(6) {
            add(false, ".pyi");
        }
    }
    // The third kind is a namespace package: a folder without a file of its own.
    if matches!(kind, 1 | 2 | 4) {
        add(true, ".py");
    }
    if kind > 0 {
        for part in &PARTS[..1 + random.below(3)] {
            grow(random, root, &format!("{name}.{part}"), depth - 1, kind == 3, modules);
        }
    }
}

fn text(random: &mut Random, own: &Module, modules: &[Module]) -> String {
    let mut text = String::from("import sys\n");
    let mut names = Vec::new();
    for _ in 0..random.below(5) {
        let other = random.of(modules);
        let from = match random.once_in(2) {
            true => relative(&own.name, own.is_package, &other.name),
            false => other.name.clone(),
        };
        let class = random.of(&CLASSES);
        let alias = random.of(&CLASSES);
        let part = random.of(&PARTS);
        let _ = match random.below(14) {
            0 | 1 => writeln!(text, "class {class}: pass"),
            2 => writeln!(text, "def f(): pass"),
            3 | 4 => writeln!(text, "from {from} import {class}"),
            5 => writeln!(text, "from {from} import {class} as {alias}"),
            6 => writeln!(text, "from {from} import *"),
            7 => writeln!(text, "import {} as {part}\n{class} = {part}.{alias}", other.name),
            8 => writeln!(text, "import {}\n{class} = {}.{alias}", other.name, other.name),
            9 => writeln!(
                text,
                "try:\n    from {from} import {class}\nexcept ImportError:\n    class {class}: pass"
            ),
            10 => writeln!(
                text,
                "if sys.version_info >= (3, 5):\n    class {class}: pass\nelse:\n    from {from} import {class}"
            ),
            11 => writeln!(text, "def __getattr__(name):\n    return {{'{class}': 1}}[name]"),
            12 => writeln!(text, "from {from} import {part}"),
            _ => {
                writeln!(text, "class {class}:\n    class {alias}: pass\n{alias} = {class}.{alias}")
            }
        };
        names.push(*class);
    }
    if !names.is_empty() && random.once_in(5) {
        let _ = writeln!(text, "__all__ = ['{}']", random.of(&names));
    }
    text
}

/// A relative name of a module, if it has one; else its absolute one.
fn relative(own: &str, is_package: bool, other: &str) -> String {
    let mut package: Vec<&str> = own.split('.').collect();
    if !is_package {
        package.pop();
    }
    let mut dots = String::from(".");
    while !package.is_empty() {
        let around = package.join(".");
        if other == around {
            return dots;
        }
        if let Some(rest) = other.strip_prefix(&format!("{around}.")) {
            return format!("{dots}{rest}");
        }
        package.pop();
        dots.push('.');
    }
    other.to_owned()
}
