//! What other files may want to know of a file: values, without text, tree or ids of this
//! process. They can be stored, sent to another machine and linked there.

mod classes;
mod costs;
mod dataclass;
mod extract;
mod functions;
mod scan;
mod strings;

use ruff_text_size::TextRange;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::semantic::ModuleName;
use crate::suppression::Suppressions;

pub use costs::{CostLevel, cost_of};
pub use dataclass::{Dataclass, Hashing, Maker};
pub use extract::{FileInfo, extract};
pub use strings::{Strings, Text};

/// The facts of one file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileFacts {
    /// As it is shown: relative to where the run started if it lies below, `/` between the parts.
    pub path: String,
    /// The folder that its module name counts from, in the same form; empty for the start.
    pub root: String,
    /// What it is imported as.
    pub module: ModuleName,
    /// A `.pyi` file.
    pub is_stub: bool,
    /// Whether names may come and go unseen in it (star imports, `globals()`, …).
    pub is_opaque: bool,
    /// Whether it has a module-level `__getattr__` (PEP 562).
    pub has_getattr: bool,
    /// The texts that the other facts refer to.
    pub strings: Strings,
    /// Its imports, in source order.
    pub imports: Vec<ImportFacts>,
    /// The names it binds at module level, sorted by their text.
    pub bindings: Vec<BindingFacts>,
    /// Its classes, nested ones too, in source order.
    pub classes: Vec<ClassFacts>,
    /// Its functions and methods, nested ones too, in source order.
    pub functions: Vec<FunctionFacts>,
    /// What it calls inside a loop, comprehension or generator expression, each once.
    pub loop_calls: Vec<Target>,
    /// What it uses as a decorator, each once: `@name`.
    pub decorators: Vec<Target>,
    /// What it calls for a decorator, each once: `@name(…)`.
    pub decorator_factories: Vec<Target>,
    /// Attribute names that are assigned on something else than `self` or `cls`, each once.
    pub foreign_attribute_writes: Vec<Text>,
    /// The lists of its classes and functions, one behind the other.
    pub lists: Lists,
    /// Its suppression comments.
    pub suppressions: Suppressions,
    /// Findings that only the project can confirm.
    pub suspicions: Vec<Suspicion>,
}

impl FileFacts {
    /// A text of these facts.
    pub fn text(&self, text: Text) -> &str {
        self.strings.get(text)
    }

    /// The `__qualname__` of a class or function with a name and a holder.
    pub fn qualified_name(&self, name: Text, holder: Holder) -> String {
        let around = match holder {
            Holder::Module => return self.text(name).to_owned(),
            Holder::Class(index) => {
                let class = &self.classes[index as usize];
                self.qualified_name(class.name, class.holder)
            }
            Holder::Function(index) => {
                let function = &self.functions[index as usize];
                self.qualified_name(function.name, function.holder) + ".<locals>"
            }
        };
        format!("{around}.{}", self.text(name))
    }

    /// The module-level binding of a name.
    pub fn binding(&self, name: &str) -> Option<&BindingFacts> {
        let at = self.bindings.binary_search_by(|it| self.text(it.name).cmp(name)).ok()?;
        Some(&self.bindings[at])
    }
}

/// Lists of many classes and functions in one allocation each: the facts of a file live long, and
/// small pieces between those of syntax trees would keep their memory from being used again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lists {
    /// See [`ClassFacts::bases`].
    pub bases: Vec<BaseFacts>,
    /// See [`ClassFacts::members`].
    pub members: Vec<MemberFacts>,
    /// See [`ClassFacts::attributes`].
    pub attributes: Vec<Text>,
    /// See [`ClassFacts::decorators`] and [`FunctionFacts::decorators`].
    pub decorators: Vec<Target>,
    /// See [`FunctionFacts::calls`].
    pub calls: Vec<CallFacts>,
    /// See [`FunctionFacts::costs`].
    pub costs: Vec<CostFacts>,
}

impl Lists {
    /// The same lists in as little memory as they need; these are empty again.
    fn take(&mut self) -> Lists {
        let lists = self.clone();
        self.bases.clear();
        self.members.clear();
        self.attributes.clear();
        self.decorators.clear();
        self.calls.clear();
        self.costs.clear();
        lists
    }
}

/// A part of one of the [`Lists`] of the same file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    start: u32,
    length: u32,
}

impl Part {
    /// From an index to the end of a list.
    fn since<T>(start: usize, list: &[T]) -> Part {
        Part { start: start as u32, length: (list.len() - start) as u32 }
    }

    /// The part of the list it is of.
    pub fn of<T>(self, list: &[T]) -> &[T] {
        &list[self.start as usize..][..self.length as usize]
    }

    /// Whether nothing is in it.
    pub fn is_empty(self) -> bool {
        self.length == 0
    }
}

/// What a dotted name in a file stands for, as far as the file alone can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Target {
    /// A class of the same file: its index among [`FileFacts::classes`].
    Class(u32),
    /// A function of the same file: its index among [`FileFacts::functions`].
    Function(u32),
    /// An absolute dotted name, through imports.
    Absolute(Text),
    /// A builtin.
    Builtin(Text),
    /// It cannot be known: a parameter, a value, several bindings.
    Unknown,
}

/// A name that a module binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BindingFacts {
    /// The name.
    pub name: Text,
    /// What it stands for whenever the module has run; unknown where that depends.
    pub target: Target,
}

/// One imported module or name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportFacts {
    /// The absolute name of the module that the statement names.
    pub module: Text,
    /// For `from module import name`: the name; `*` for a star import.
    pub name: Option<Text>,
    /// The whole statement.
    pub range: TextRange,
    /// When it runs.
    pub kind: ImportKind,
    /// Whether a `try` stands around it that has a handler for what a failing import raises.
    pub is_guarded: bool,
}

/// When an import runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportKind {
    /// When the module is imported.
    Eager,
    /// When the module is imported, in some runs: under a condition that is not decided.
    Conditional,
    /// When a function is called, or a lazily imported name (PEP 810) is used.
    Lazy,
    /// Never: only type checkers see it.
    Typing,
}

/// A class statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassFacts {
    /// Its name.
    pub name: Text,
    /// Where its name is written.
    pub range: TextRange,
    /// What it stands in.
    pub holder: Holder,
    /// Whether it is defined whenever its scope runs, and only once.
    pub is_certain: bool,
    /// The bases as written.
    pub bases: Part,
    /// Whether a starred base or `**keywords` hide some.
    pub has_hidden_bases: bool,
    /// Whether it has type parameters (PEP 695), which adds `Generic` to its bases.
    pub is_generic: bool,
    /// The `metaclass=` argument.
    pub metaclass: Option<Target>,
    /// Names of the other keyword arguments.
    pub keywords: Vec<Text>,
    /// What decorates it, outermost first.
    pub decorators: Part,
    /// What one of them is asked to write into it, if it is of the `dataclass` family.
    pub dataclass: Option<Dataclass>,
    /// Its `__slots__`.
    pub slots: Slots,
    /// What its body binds, sorted by name text, each name once.
    pub members: Part,
    /// Attributes assigned on `self` in its methods, each once, sorted.
    pub attributes: Part,
}

/// The innermost class or function that a class or function stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Holder {
    /// None.
    Module,
    /// A class: its index among [`FileFacts::classes`].
    Class(u32),
    /// A function: its index among [`FileFacts::functions`].
    Function(u32),
}

impl Holder {
    /// The class, if it is one.
    pub fn class(self) -> Option<u32> {
        match self {
            Holder::Class(index) => Some(index),
            _ => None,
        }
    }
}

/// A base of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaseFacts {
    /// What it stands for, without subscripts.
    pub target: Target,
    /// Whether it is subscripted (`Base[T]`).
    pub is_subscripted: bool,
    /// Where it is written.
    pub range: TextRange,
}

/// What a class body says of slots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Slots {
    /// Nothing.
    Absent,
    /// Exactly these names.
    Names(Vec<Text>),
    /// Something that is computed.
    Dynamic,
}

/// A name that a class body binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberFacts {
    /// The name, as written.
    pub name: Text,
    /// Where.
    pub range: TextRange,
    /// What it is bound to at last.
    pub kind: MemberKind,
}

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MemberKind {
    /// A function: its index among [`FileFacts::functions`]. Its decorators tell what becomes of it.
    Function(u32),
    /// A nested class.
    Class(u32),
    /// `name: annotation` without a value: binds nothing.
    Annotation,
    /// `name = None`.
    None,
    /// Any other value.
    Value,
    /// Bound several times, or under a condition.
    Ambiguous,
}

/// A function or method.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FunctionFacts {
    /// Its name.
    pub name: Text,
    /// Where its name is written.
    pub range: TextRange,
    /// What it stands in; a method stands in its class.
    pub holder: Holder,
    /// What decorates it, outermost first.
    pub decorators: Part,
    /// `async def`: calling it runs nothing.
    pub is_async: bool,
    /// Has a `yield` of its own: calling it runs nothing.
    pub is_generator: bool,
    /// Whether it does nothing by itself: a docstring, `...`, `pass`, `raise NotImplementedError`.
    pub is_stub: bool,
    /// Whether it keeps what it computes and gives it again: one of the usual caches.
    pub is_memo: bool,
    /// What it calls that may matter elsewhere, in source order, each callee once. Nothing in a
    /// test.
    pub calls: Part,
    /// What it does that is known to be expensive, in source order. Nothing in a test.
    pub costs: Part,
}

/// A call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallFacts {
    /// What is called.
    pub callee: Callee,
    /// Where the callee is written.
    pub range: TextRange,
    /// Whether every call of the function reaches it.
    pub is_certain: bool,
}

/// What is called, or read as a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Callee {
    /// `self.name(…)` or `cls.name(…)`.
    Method(Text),
    /// `self.name`, which may be a property.
    Attribute(Text),
    /// `super().name(…)`.
    Super(Text),
    /// A function or class.
    Target(Target),
}

/// Something expensive that a function does itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostFacts {
    /// How expensive.
    pub level: CostLevel,
    /// What is called, as an absolute dotted name or a method name with a dot before it.
    pub what: Text,
    /// Where.
    pub range: TextRange,
    /// Whether every call of the function reaches it.
    pub is_certain: bool,
}

/// A finding that was made while its file was open, fix and all, and that only the project can
/// confirm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suspicion {
    /// What it is about, in the same file.
    pub subject: Subject,
    /// What else must be looked at: an absolute dotted name.
    pub about: Option<String>,
    /// What will be said if it is so.
    pub diagnostic: Diagnostic,
}

/// What a suspicion is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// A class: its index among [`FileFacts::classes`].
    Class(u32),
    /// A function: its index among [`FileFacts::functions`].
    Function(u32),
}
