//! What goes wrong while modules are imported, in CPython's words.

use ruff_text_size::TextSize;

use crate::project::FileId;

/// An exception that leaves the import of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportFailure {
    /// The name of its class.
    pub exception: String,
    /// Its text.
    pub message: String,
    /// The file whose code raises it.
    pub file: FileId,
    /// The byte offset of the statement or name that raises it.
    pub at: TextSize,
    /// The imports that were under way, the outermost first.
    pub trail: Vec<Hop>,
    /// What was not there yet.
    pub missing: Option<Missing>,
    /// The module that was not found, by its full name.
    pub(super) not_found: Option<String>,
}

/// An import that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The file that imports.
    pub file: FileId,
    /// The byte offset of the statement.
    pub at: TextSize,
    /// The file that is imported.
    pub to: FileId,
}

/// A name that a module had not bound yet, since it was still being imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The module.
    pub module: FileId,
    /// The name.
    pub name: String,
    /// Where the module binds it, as far as it does so visibly.
    pub bound_at: Option<TextSize>,
}

/// Why the interpreter stops.
#[derive(Clone, Debug)]
pub(super) enum Stop {
    /// An exception.
    Failure(Box<ImportFailure>),
    /// It took too many steps.
    Exhausted,
}

/// Whether a handler catches an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Catches {
    Yes,
    No,
    /// It names a class of which nothing is known.
    Maybe,
}

/// The exceptions that the interpreter knows, each with its base.
const BASES: &[(&str, &str)] = &[
    ("Exception", "BaseException"),
    ("ImportError", "Exception"),
    ("ModuleNotFoundError", "ImportError"),
    ("AttributeError", "Exception"),
    ("NameError", "Exception"),
    ("UnboundLocalError", "NameError"),
    ("RuntimeError", "Exception"),
    ("RecursionError", "RuntimeError"),
    ("NotImplementedError", "RuntimeError"),
    ("LookupError", "Exception"),
    ("KeyError", "LookupError"),
    ("IndexError", "LookupError"),
    ("ValueError", "Exception"),
    ("UnicodeError", "ValueError"),
    ("TypeError", "Exception"),
    ("OSError", "Exception"),
    ("FileNotFoundError", "OSError"),
    ("PermissionError", "OSError"),
    ("ArithmeticError", "Exception"),
    ("ZeroDivisionError", "ArithmeticError"),
    ("AssertionError", "Exception"),
    ("StopIteration", "Exception"),
    ("SyntaxError", "Exception"),
    ("Warning", "Exception"),
    ("DeprecationWarning", "Warning"),
    ("KeyboardInterrupt", "BaseException"),
    ("SystemExit", "BaseException"),
];

/// Whether `except handled` catches an exception of a class.
pub(super) fn catches(handled: &str, raised: &str) -> Catches {
    if handled == raised || handled == "BaseException" {
        return Catches::Yes;
    }
    let base_of = |name: &str| BASES.iter().find(|(class, _)| *class == name).map(|it| it.1);
    let mut class = raised;
    while let Some(base) = base_of(class) {
        if base == handled {
            return Catches::Yes;
        }
        class = base;
    }
    if base_of(handled).is_none() {
        return Catches::Maybe;
    }
    match class {
        "BaseException" => Catches::No,
        // An exception of the project: most are no system exits.
        _ if handled == "Exception" => Catches::Yes,
        _ => Catches::Maybe,
    }
}
