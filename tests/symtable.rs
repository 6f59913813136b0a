//! Scopes against CPython: of every name in every scope, dunderlint and the `symtable` of the
//! interpreters at hand must say the same: local, cell, free, or global.
//!
//! Without further ado a sample of each interpreter's standard library is compared;
//! `DUNDERLINT_FULL=1` takes all of it, and `DUNDERLINT_CORPUS` names folders (separated like
//! `$PATH`) to compare as well. Which interpreters: see `interpreters`.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests use the disk, the environment and say which interpreters they used"
)]

mod interpreters;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};

use dunderlint::semantic::{self, Buffers, Place, ScopeId, ScopeKind, ScopePlaces, Semantic};
use dunderlint::syntax::{self, Tree};
use dunderlint::text::Source;
use interpreters::Interpreter;
use libtest_mimic::{Arguments, Failed, Trial};
use ruff_python_ast::{AnyNodeRef, PySourceType};
use serde::Deserialize;

/// What `symtable` has words for. 3.14 gives annotations scopes of their own, which say nothing
/// about where names live.
const VERSIONS: std::ops::RangeInclusive<(u8, u8)> = (3, 8)..=(3, 13);

/// How many disagreements are shown.
const SHOWN: usize = 10;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut found = interpreters::find();
    found.retain(|interpreter| VERSIONS.contains(&interpreter.version));
    let stride = match std::env::var_os("DUNDERLINT_FULL") {
        Some(_) => 1,
        None => 4 * found.len(),
    };
    let corpus = std::env::var_os("DUNDERLINT_CORPUS").unwrap_or_default();
    let folders: Vec<PathBuf> =
        std::env::split_paths(&corpus).filter(|path| !path.as_os_str().is_empty()).collect();
    let mut trials = Vec::new();
    for interpreter in found {
        let (major, minor) = interpreter.version;
        let name = format!("{major}.{minor} ({})", interpreter.program.display());
        let (of_corpus, folders) = (interpreter.clone(), folders.clone());
        let compare_library = move || compare(&interpreter, stride, &[]);
        trials.push(Trial::test(format!("library of {name}"), compare_library));
        if !folders.is_empty() {
            let compare_corpus = move || compare(&of_corpus, 1, &folders);
            trials.push(Trial::test(format!("corpus by {name}"), compare_corpus));
        }
    }
    if trials.is_empty() {
        let none = || Err("name a CPython 3.8 to 3.13 in `DUNDERLINT_PYTHONS`".into());
        trials.push(Trial::test("an interpreter is there", none));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// What an interpreter says about one file: nothing if the file is not Python to it.
#[derive(Deserialize)]
struct Answer {
    path: PathBuf,
    scopes: Option<Vec<Scope>>,
    /// What it looked at, where that is not the file as it is.
    text: Option<String>,
}

/// One scope by itself.
#[derive(Deserialize)]
struct Scope {
    kind: String,
    /// Empty where a scope has no name that the program gave it.
    name: String,
    names: BTreeMap<String, String>,
    /// Which of the scopes before it is around it.
    parent: Option<usize>,
}

/// One scope and those in it. Children are sorted, since the compiler does not go through the
/// parts of a statement in source order.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Table {
    kind: String,
    name: String,
    names: BTreeMap<String, String>,
    children: Vec<Table>,
}

/// Compares what an interpreter says about all modules in the folders with what dunderlint says.
fn compare(interpreter: &Interpreter, stride: usize, folders: &[PathBuf]) -> Result<(), Failed> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/symtable.py");
    let mut command = interpreter.command();
    command.arg(script).arg(stride.to_string()).args(folders);
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let lines = BufReader::new(child.stdout.take().ok_or("it has no output")?).lines();
    // Deep expressions need a deep stack without optimization.
    let compare = move || compare_answers(lines.map(|line| line.map_err(Failed::from)));
    let thread = std::thread::Builder::new().stack_size(1 << 28).spawn(compare)?;
    let (count, differences) = thread.join().map_err(|_| "it panicked")??;
    if !child.wait()?.success() {
        return Err("the interpreter failed".into());
    }
    let (major, minor) = interpreter.version;
    println!("{major}.{minor}: {count}");
    if differences.is_empty() && count.scopes > 0 {
        return Ok(());
    }
    let shown = differences[..differences.len().min(SHOWN)].join("\n");
    Err(format!("{} differences; the first:\n{shown}", differences.len()).into())
}

/// What was compared.
#[derive(Default)]
struct Count {
    files: usize,
    refused: usize,
    scopes: usize,
    names: usize,
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Count { files, refused, scopes, names } = self;
        write!(f, "{names} names in {scopes} scopes of {files} files")?;
        write!(f, " ({refused} more are not Python to it)")
    }
}

impl Count {
    fn add(&mut self, table: &Table) {
        self.scopes += 1;
        self.names += table.names.len();
        table.children.iter().for_each(|child| self.add(child));
    }
}

fn compare_answers(
    lines: impl Iterator<Item = Result<String, Failed>>,
) -> Result<(Count, Vec<String>), Failed> {
    let mut count = Count::default();
    let mut differences = Vec::new();
    for line in lines {
        let Answer { path, scopes, text } = serde_json::from_str(&line?)?;
        let Some(theirs) = scopes.map(Table::assemble) else {
            count.refused += 1;
            continue;
        };
        count.files += 1;
        count.add(&theirs);
        let source = match text {
            Some(text) => Source::from_text(text),
            None => Source::decode(std::fs::read(&path)?)?,
        };
        let ours = Table::assemble(scopes_of(&source));
        if let Some(difference) = ours.difference(&theirs) {
            differences.push(format!("{}: {difference}", path.display()));
        }
    }
    Ok((count, differences))
}

impl Table {
    /// Makes a tree of scopes, of which outer ones come before inner ones, the module first.
    fn assemble(scopes: Vec<Scope>) -> Table {
        let (mut tables, mut parents) = (Vec::new(), Vec::new());
        for Scope { kind, name, names, parent } in scopes {
            tables.push(Table { kind, name, names, children: Vec::new() });
            parents.push(parent);
        }
        while let (Some(mut table), Some(parent)) = (tables.pop(), parents.pop()) {
            table.children.sort();
            match parent {
                Some(parent) => tables[parent].children.push(table),
                None => return table,
            }
        }
        unreachable!("a file has at least the module's scope")
    }

    /// What two tables disagree about, in words: `None` if they are equal.
    fn difference(&self, theirs: &Table) -> Option<String> {
        if self == theirs {
            return None;
        }
        let here = format!("{} {}", self.kind, self.name);
        if (&self.kind, &self.name) != (&theirs.kind, &theirs.name) {
            return Some(format!("{here} is {} {}", theirs.kind, theirs.name));
        }
        let all = self.names.keys().chain(theirs.names.keys());
        let mut unequal = all.filter(|name| self.names.get(*name) != theirs.names.get(*name));
        if let Some(name) = unequal.next() {
            let said = |table: &Table| table.names.get(name).cloned().unwrap_or("absent".into());
            return Some(format!("{here}: `{name}` is {}, not {}", said(theirs), said(self)));
        }
        let only_ours = missing(&self.children, &theirs.children);
        let only_theirs = missing(&theirs.children, &self.children);
        let inner = match (only_ours, only_theirs) {
            (Some(ours), Some(theirs)) => ours.difference(theirs)?,
            (Some(ours), None) => format!("{} {} is too much", ours.kind, ours.name),
            (None, Some(theirs)) => format!("{} {} is missing", theirs.kind, theirs.name),
            (None, None) => "a scope is there another number of times".to_owned(),
        };
        Some(format!("{here} > {inner}"))
    }
}

/// The first of some tables that is not among the others.
fn missing<'t>(some: &'t [Table], others: &[Table]) -> Option<&'t Table> {
    some.iter().find(|table| others.binary_search(table).is_err())
}

/// What dunderlint says about a file.
fn scopes_of(source: &Source) -> Vec<Scope> {
    let parsed = syntax::parse(source.text(), PySourceType::Python, None);
    let options = semantic::Options::default();
    let (tree, semantic) =
        semantic::analyze(parsed.syntax(), source.text(), options, Buffers::default());
    semantic.places().into_iter().map(|places| scope_of(places, &tree, &semantic)).collect()
}

/// A scope in the words of `symtable`.
fn scope_of(places: ScopePlaces, tree: &Tree<'_>, semantic: &Semantic<'_>) -> Scope {
    let scope = semantic.scope(places.scope);
    let kind = match scope.kind {
        ScopeKind::Module => "module",
        ScopeKind::Class => "class",
        ScopeKind::Function => "function",
        ScopeKind::Lambda => "lambda",
        ScopeKind::Comprehension => "comprehension",
        ScopeKind::TypeParameters => "type-parameters",
        ScopeKind::LazyExpression => "lazy-expression",
    };
    let name = match (scope.kind, tree.node(scope.node)) {
        (ScopeKind::LazyExpression, _) => "",
        (_, AnyNodeRef::StmtFunctionDef(function)) => function.name.as_str(),
        (_, AnyNodeRef::StmtClassDef(class)) => class.name.as_str(),
        (_, AnyNodeRef::StmtTypeAlias(alias)) => {
            alias.name.as_name_expr().map_or("", |name| name.id.as_str())
        }
        _ => "",
    };
    let said = |name: &str, place| match place {
        _ if !agrees(name, place, places.scope, semantic) => "resolved to somewhere else",
        Place::Local => "local",
        Place::Cell => "cell",
        Place::Free => "free",
        Place::GlobalExplicit => "global-explicit",
        Place::GlobalImplicit => "global-implicit",
    };
    Scope {
        kind: kind.to_owned(),
        name: name.to_owned(),
        names: places
            .names
            .iter()
            .map(|(name, place)| (name.clone(), said(name, *place).to_owned()))
            .collect(),
        parent: scope.parent.map(ScopeId::index),
    }
}

/// Whether what rules ask, `resolve`, finds a name where it lives.
fn agrees(name: &str, place: Place, scope: ScopeId, semantic: &Semantic<'_>) -> bool {
    let symbol = semantic.name(name).and_then(|name| semantic.resolve(scope, name));
    let owner = symbol.map(|symbol| semantic.scope_of_symbol(symbol));
    let kind = |scope: ScopeId| semantic.scope(scope).kind;
    match (place, owner) {
        (Place::Local | Place::Cell, owner) => owner == Some(scope),
        // The compiler binds `__class__` itself, where no symbol stands for it.
        (Place::Free, _) if name == "__class__" => true,
        (Place::Free, None) => false,
        (Place::Free, Some(owner)) => {
            owner != scope && !matches!(kind(owner), ScopeKind::Module | ScopeKind::Class)
        }
        (Place::GlobalExplicit | Place::GlobalImplicit, Some(ScopeId::MODULE) | None) => true,
        // What type parameters read of a class is looked up by name when they are evaluated.
        (Place::GlobalImplicit, Some(owner)) => {
            kind(owner) == ScopeKind::Class
                && matches!(kind(scope), ScopeKind::TypeParameters | ScopeKind::LazyExpression)
        }
        (Place::GlobalExplicit, Some(_)) => false,
    }
}
