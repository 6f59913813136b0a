//! What other files may want to know of a file: values, without text, tree or ids of this
//! process. They can be stored, sent to another machine and linked there.
//!
//! They are kept small, since those of a whole project are held at once: texts and dotted names are
//! numbers, places a start and a short length, and what belongs to a class or function stands in
//! lists of the file.

mod calls;
mod classes;
mod costs;
mod dataclass;
mod extract;
mod functions;
mod imports;
mod lists;
mod scan;
mod strings;
mod target;

use ruff_text_size::{TextRange, TextSize};
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::semantic::ModuleName;
use crate::suppression::Suppressions;

pub use calls::{CallFacts, Callee, CostFacts};
pub use costs::{CostLevel, cost_of};
pub use dataclass::{Dataclass, Hashing, Maker};
pub use extract::{FileInfo, extract};
pub use imports::{ImportFacts, ImportKind};
pub use lists::{ByOwner, Packed};
pub use strings::{Dotted, DottedNames, Strings, Text};
pub use target::{Target, TargetKind};

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
    /// The dotted names that the other facts refer to.
    pub dotted: DottedNames,
    /// Its import statements, in source order.
    pub imports: Vec<ImportFacts>,
    /// What each `from module import …` imports, by the index of the statement: `*` for all.
    pub imported: ByOwner<Text>,
    /// The names it binds at module level, sorted by their text.
    pub bindings: Vec<BindingFacts>,
    /// Its classes, nested ones too, in source order.
    pub classes: Vec<ClassFacts>,
    /// The bases of its classes, as written.
    pub bases: ByOwner<BaseFacts>,
    /// Names of keyword arguments of its class statements, other than `metaclass`.
    pub class_keywords: ByOwner<Text>,
    /// What decorates its classes, outermost first.
    pub class_decorators: ByOwner<Target>,
    /// The names in the literal `__slots__` of its classes.
    pub slots: ByOwner<Text>,
    /// What the bodies of its classes bind: sorted by the text of the name, each name once.
    pub members: ByOwner<MemberFacts>,
    /// The attributes that methods assign on their first parameter, by class, each once.
    pub attributes: ByOwner<Text>,
    /// Its functions and methods, nested ones too, in source order.
    pub functions: Vec<FunctionFacts>,
    /// What decorates its functions, outermost first.
    pub function_decorators: ByOwner<Target>,
    /// What its functions call that may matter elsewhere, in source order, each callee once.
    /// Nothing in a test.
    pub calls: ByOwner<CallFacts>,
    /// What its functions do that is known to be expensive, in source order. Nothing in a test.
    pub costs: ByOwner<CostFacts>,
    /// What it calls inside a loop, comprehension or generator expression, each once.
    pub loop_calls: Vec<Target>,
    /// What it uses as a decorator, each once: `@name`.
    pub decorators: Vec<Target>,
    /// What it calls for a decorator, each once: `@name(…)`.
    pub decorator_factories: Vec<Target>,
    /// Attribute names that are assigned on something else than `self` or `cls`, each once.
    pub foreign_attribute_writes: Vec<Text>,
    /// Its suppression comments.
    pub suppressions: Suppressions,
    /// Findings that only the project can confirm.
    pub suspicions: Packed<Suspicion>,
}

impl FileFacts {
    /// A text of these facts.
    pub fn text(&self, text: Text) -> &str {
        self.strings.get(text)
    }

    /// A dotted name of these facts, written out.
    pub fn dotted_text(&self, name: Dotted) -> String {
        let mut text = String::new();
        self.dotted.write(name, &self.strings, &mut text);
        text
    }

    /// Whether a dotted name of these facts is written so.
    pub fn is_dotted(&self, name: Dotted, dotted: &str) -> bool {
        let mut parts = dotted.rsplit('.');
        let mut at = Some(name);
        while let Some(name) = at {
            if parts.next() != Some(self.text(self.dotted.last(name))) {
                return false;
            }
            at = self.dotted.before(name);
        }
        parts.next().is_none()
    }

    /// The `__qualname__` of a class or function with a name and a holder.
    pub fn qualified_name(&self, name: Text, holder: Holder) -> String {
        let around = match holder {
            Holder::Module => return self.text(name).to_owned(),
            Holder::Class(index) => {
                let class = &self.classes[index as usize];
                self.qualified_name(class.name, class.holder())
            }
            Holder::Function(index) => {
                let function = &self.functions[index as usize];
                self.qualified_name(function.name, function.holder()) + ".<locals>"
            }
        };
        format!("{around}.{}", self.text(name))
    }

    /// The module-level binding of a name.
    pub fn binding(&self, name: &str) -> Option<&BindingFacts> {
        let at = self.bindings.binary_search_by(|it| self.text(it.name).cmp(name)).ok()?;
        Some(&self.bindings[at])
    }

    /// What the body of a class binds a name to.
    pub fn member(&self, class: u32, name: &str) -> Option<&MemberFacts> {
        let members = self.members.of(class);
        let at = members.binary_search_by(|it| self.text(it.name).cmp(name)).ok()?;
        Some(&members[at])
    }
}

/// A name that a module binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BindingFacts {
    /// The name.
    pub name: Text,
    /// What it stands for whenever the module has run; unknown where that depends.
    pub target: Target,
}

/// A class statement.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassFacts {
    /// Its name.
    pub name: Text,
    start: TextSize,
    holder: Target,
    /// The `metaclass=` argument.
    pub metaclass: Option<Target>,
    /// What one of its decorators is asked to write into it, if it is of the `dataclass` family.
    pub dataclass: Option<Dataclass>,
    length: u16,
    /// Whether it is defined whenever its scope runs, and only once.
    pub is_certain: bool,
    /// Whether a starred base or `**keywords` hide some.
    pub has_hidden_bases: bool,
    /// Whether it has type parameters (PEP 695), which adds `Generic` to its bases.
    pub is_generic: bool,
    /// Its `__slots__`.
    pub slots: Slots,
}

impl ClassFacts {
    /// Where its name is written.
    pub fn range(&self) -> TextRange {
        place(self.start, self.length)
    }

    /// What it stands in.
    pub fn holder(&self) -> Holder {
        Holder::of(self.holder)
    }
}

/// A place as a start and a length, which for names is always short.
fn place(start: TextSize, length: u16) -> TextRange {
    TextRange::at(start, TextSize::from(u32::from(length)))
}

/// The length of a place, cut where nobody would draw it to its end.
fn length(range: TextRange) -> u16 {
    u16::try_from(range.len().to_u32()).unwrap_or(u16::MAX)
}

/// The innermost class or function that a class or function stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// None.
    Module,
    /// A class: its index among [`FileFacts::classes`].
    Class(u32),
    /// A function: its index among [`FileFacts::functions`].
    Function(u32),
}

impl Holder {
    fn of(target: Target) -> Holder {
        match target.kind() {
            TargetKind::Class(index) => Holder::Class(index),
            TargetKind::Function(index) => Holder::Function(index),
            _ => Holder::Module,
        }
    }

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
    /// Where it is written.
    pub range: TextRange,
    /// Whether it is subscripted (`Base[T]`).
    pub is_subscripted: bool,
}

/// What a class body says of slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Slots {
    /// Nothing.
    Absent,
    /// Exactly the names in [`FileFacts::slots`].
    Names,
    /// Something that is computed.
    Dynamic,
}

/// A name that a class body binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberFacts {
    /// The name, as written.
    pub name: Text,
    start: TextSize,
    kind: Target,
    length: u16,
    value: MemberValue,
}

/// What a member is that is neither a class nor a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum MemberValue {
    Annotation,
    None,
    Value,
    Ambiguous,
}

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl MemberFacts {
    fn new(name: Text, range: TextRange, kind: MemberKind) -> MemberFacts {
        let (kind, value) = match kind {
            MemberKind::Function(index) => (Target::function(index), MemberValue::Value),
            MemberKind::Class(index) => (Target::class(index), MemberValue::Value),
            MemberKind::Annotation => (Target::UNKNOWN, MemberValue::Annotation),
            MemberKind::None => (Target::UNKNOWN, MemberValue::None),
            MemberKind::Value => (Target::UNKNOWN, MemberValue::Value),
            MemberKind::Ambiguous => (Target::UNKNOWN, MemberValue::Ambiguous),
        };
        MemberFacts { name, start: range.start(), kind, length: length(range), value }
    }

    /// What it is bound to at last.
    pub fn kind(&self) -> MemberKind {
        match (self.kind.kind(), self.value) {
            (TargetKind::Function(index), _) => MemberKind::Function(index),
            (TargetKind::Class(index), _) => MemberKind::Class(index),
            (_, MemberValue::Annotation) => MemberKind::Annotation,
            (_, MemberValue::None) => MemberKind::None,
            (_, MemberValue::Value) => MemberKind::Value,
            (_, MemberValue::Ambiguous) => MemberKind::Ambiguous,
        }
    }

    /// Where.
    pub fn range(&self) -> TextRange {
        place(self.start, self.length)
    }
}

/// A function or method.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FunctionFacts {
    /// Its name.
    pub name: Text,
    start: TextSize,
    holder: Target,
    length: u16,
    /// `async def`: calling it runs nothing.
    pub is_async: bool,
    /// Has a `yield` of its own: calling it runs nothing.
    pub is_generator: bool,
    /// Whether it does nothing by itself: a docstring, `...`, `pass`, `raise NotImplementedError`.
    pub is_stub: bool,
    /// Whether it keeps what it computes and gives it again: one of the usual caches.
    pub is_memo: bool,
}

impl FunctionFacts {
    /// Where its name is written.
    pub fn range(&self) -> TextRange {
        place(self.start, self.length)
    }

    /// What it stands in; a method stands in its class.
    pub fn holder(&self) -> Holder {
        Holder::of(self.holder)
    }
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
