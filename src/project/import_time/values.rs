//! What names stand for while modules are imported, as far as it can be known.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use super::recall::Stamp;
use crate::project::FileId;

/// A text of the interpreter: a name or a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Symbol(pub(super) u32);

/// The names that the interpreter itself asks for, in the order of their symbols.
pub(super) const WELL_KNOWN: &[&str] = &[
    "__all__",
    "__call__",
    "__getattr__",
    "__init__",
    "__init_subclass__",
    "__new__",
    "__path__",
    "__set_name__",
    "metaclass",
];

impl Symbol {
    /// Whether the interpreter itself asks for it.
    pub(super) fn is_well_known(self) -> bool {
        (self.0 as usize) < WELL_KNOWN.len()
    }

    pub(super) const ALL: Symbol = Symbol(0);
    pub(super) const CALL: Symbol = Symbol(1);
    pub(super) const GETATTR: Symbol = Symbol(2);
    pub(super) const INIT: Symbol = Symbol(3);
    pub(super) const INIT_SUBCLASS: Symbol = Symbol(4);
    pub(super) const NEW: Symbol = Symbol(5);
    pub(super) const PATH: Symbol = Symbol(6);
    pub(super) const SET_NAME: Symbol = Symbol(7);
    pub(super) const METACLASS: Symbol = Symbol(8);
}

/// A module object. The first one of a package has the package's number; later ones, after a failure
/// or as `__main__`, have numbers of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ModuleId(pub(super) u32);

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Unknown,
    None,
    Boolean(bool),
    Integer(u32),
    String(Symbol),
    /// A string, a number or a long sequence: whether it is true.
    Some(bool),
    Module(ModuleId),
    Known(Known),
    Builtin(Symbol),
    Function(Rc<Function>),
    Class(Rc<Class>),
    Instance(Rc<Class>),
    Lazy(Rc<Lazy>),
    Sequence(Rc<[Value]>),
    Dictionary(Rc<[(Value, Value)]>),
}

impl Value {
    /// Whether it is the same as another, as far as that is seen at once.
    pub(super) fn is_plainly(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Unknown, Value::Unknown) | (Value::None, Value::None) => true,
            (Value::Boolean(one), Value::Boolean(other))
            | (Value::Some(one), Value::Some(other)) => one == other,
            (Value::Integer(one), Value::Integer(other)) => one == other,
            (Value::String(one), Value::String(other)) => one == other,
            _ => false,
        }
    }
}

/// Things of the standard library that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Sys,
    SysModules,
    Importlib,
    ImportModule,
    Functools,
    Partial,
    Wraps,
    UpdateWrapper,
    Typing,
    Decorating(Decorating),
    /// A decorator that gives back what it decorates, or something that calls it just so.
    Transparent,
    CachedProperty,
    /// `globals()` of a module.
    Globals(ModuleId),
}

/// Modules of the standard library that have transparent decorators and nothing else of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decorating {
    Abc,
    Dataclasses,
    Enum,
    Warnings,
}

impl Known {
    /// A module of the standard library by its name.
    pub(super) fn module(name: &str) -> Option<Known> {
        Some(match name {
            "sys" => Known::Sys,
            "importlib" => Known::Importlib,
            "functools" => Known::Functools,
            "typing" | "typing_extensions" => Known::Typing,
            "abc" => Known::Decorating(Decorating::Abc),
            "dataclasses" => Known::Decorating(Decorating::Dataclasses),
            "enum" => Known::Decorating(Decorating::Enum),
            "warnings" => Known::Decorating(Decorating::Warnings),
            _ => return None,
        })
    }

    /// An attribute.
    pub(super) fn attribute(self, name: &str) -> Value {
        let known = match (self, name) {
            (Known::Typing, "TYPE_CHECKING") => return Value::Boolean(false),
            (Known::Sys, "modules") => Known::SysModules,
            (Known::Importlib, "import_module") => Known::ImportModule,
            (Known::Functools, "partial") => Known::Partial,
            (Known::Functools, "wraps") => Known::Wraps,
            (Known::Functools, "update_wrapper") => Known::UpdateWrapper,
            (Known::Functools, "cached_property") => Known::CachedProperty,
            (Known::Functools, "lru_cache" | "cache" | "singledispatch" | "total_ordering")
            | (Known::Typing, "final" | "override" | "no_type_check" | "runtime_checkable")
            | (Known::Decorating(Decorating::Abc), "abstractmethod")
            | (Known::Decorating(Decorating::Dataclasses), "dataclass")
            | (Known::Decorating(Decorating::Enum), "unique")
            | (Known::Decorating(Decorating::Warnings), "deprecated") => Known::Transparent,
            _ => return Value::Unknown,
        };
        Value::Known(known)
    }
}

/// A function of the project.
#[derive(Clone, Debug)]
pub(super) struct Function {
    pub(super) file: FileId,
    pub(super) module: ModuleId,
    /// Where its head stands in the program of the file.
    pub(super) head: usize,
    pub(super) is_lambda: bool,
    /// The names of the functions around it.
    pub(super) around: Option<Rc<Locals>>,
    pub(super) bound_to: Option<Value>,
    pub(super) kind: FunctionKind,
    /// It went through a decorator of which nothing is known: a call may not run it.
    pub(super) is_uncertain: bool,
    /// By the index of a parameter.
    pub(super) defaults: Vec<(u32, Value)>,
}

/// What a function in a class is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FunctionKind {
    Plain,
    Property,
    ClassMethod,
    StaticMethod,
}

/// A class of the project.
#[derive(Debug)]
pub(super) struct Class {
    pub(super) name: Symbol,
    pub(super) namespace: RefCell<Namespace>,
    pub(super) bases: Vec<Value>,
    pub(super) metaclass: Option<Value>,
    /// The well-known names that it or one of its bases had when it was made: a bit for each.
    special: u16,
    /// When it was made.
    made: Stamp,
    /// Whether another statement than the one that made it has set an attribute.
    pub(super) is_changed: Cell<bool>,
}

impl Class {
    pub(super) fn new(
        name: Symbol,
        namespace: Namespace,
        bases: Vec<Value>,
        metaclass: Option<Value>,
        made: Stamp,
    ) -> Class {
        let own = namespace.items.iter().map(|(name, _)| *name);
        let own = own.filter(|it| it.is_well_known()).fold(0, |special, it| special | 1 << it.0);
        let special = bases.iter().fold(own, |special, base| match base {
            Value::Class(base) => special | base.special,
            _ => special,
        });
        let (namespace, is_changed) = (namespace.into(), false.into());
        Class { name, namespace, bases, metaclass, special, made, is_changed }
    }

    /// Whether it or one of its bases may have had a well-known name when it was made.
    pub(super) fn may_have(&self, name: Symbol) -> bool {
        self.special & 1 << name.0 != 0
    }

    /// When it was made.
    pub(super) fn made(&self) -> Stamp {
        self.made
    }

    /// What the class or one of its bases has under a name, and whether a base that is not known
    /// could have hidden it.
    pub(super) fn find(&self, name: Symbol) -> Option<(Value, bool)> {
        self.find_below(name, 0)
    }

    fn find_below(&self, name: Symbol, depth: u32) -> Option<(Value, bool)> {
        if let Some(value) = self.namespace.borrow().get(name) {
            return Some((value.clone(), false));
        }
        let mut is_uncertain = false;
        for base in &self.bases {
            match base {
                Value::Class(base) if depth < 20 => {
                    if let Some((value, uncertain)) = base.find_below(name, depth + 1) {
                        return Some((value, is_uncertain || uncertain));
                    }
                }
                Value::Class(_) => return None,
                _ => is_uncertain = true,
            }
        }
        None
    }
}

/// An import that waits (PEP 810).
#[derive(Debug)]
pub(super) struct Lazy {
    pub(super) file: FileId,
    /// The module, as a number of the file's dotted names.
    pub(super) module: u32,
    /// The name to take from it.
    pub(super) name: Option<Symbol>,
    /// Without a name: whether the topmost package is bound.
    pub(super) binds_top: bool,
}

/// The names of a function, lambda or comprehension that runs.
#[derive(Debug)]
pub(super) struct Locals {
    names: RefCell<Namespace>,
    pub(super) around: Option<Rc<Locals>>,
    pub(super) is_comprehension: bool,
    /// How often one of the names got another value.
    changes: Cell<u64>,
}

impl Locals {
    pub(super) fn new(
        names: Namespace,
        around: Option<Rc<Locals>>,
        is_comprehension: bool,
    ) -> Locals {
        Locals { names: names.into(), around, is_comprehension, changes: Cell::default() }
    }

    /// A name of it or of what is around.
    pub(super) fn find(&self, name: Symbol) -> Option<Value> {
        let mut at = self;
        loop {
            if let Some(value) = at.names.borrow().get(name) {
                return Some(value.clone());
            }
            at = at.around.as_deref()?;
        }
    }

    pub(super) fn set(&self, name: Symbol, value: Value) {
        let mut names = self.names.borrow_mut();
        if !names.get(name).is_some_and(|old| old.is_plainly(&value)) {
            self.changes.set(self.changes.get() + 1);
        }
        names.set(name, value);
    }

    pub(super) fn remove(&self, name: Symbol) {
        self.changes.set(self.changes.get() + 1);
        self.names.borrow_mut().remove(name);
    }

    /// Lets go of the names of a call that is over, if only functions know them that only the names
    /// know.
    pub(super) fn release(self: &Rc<Locals>) {
        let is_own = |value: &Value| match value {
            Value::Function(function) => {
                let around = function.around.as_ref();
                Rc::strong_count(function) == 1 && around.is_some_and(|it| Rc::ptr_eq(it, self))
            }
            _ => false,
        };
        let own = self.names.borrow().iter().filter(|(_, value)| is_own(value)).count();
        if Rc::strong_count(self) == own + 1 {
            self.forget();
        }
    }

    fn forget(&self) {
        let names = std::mem::take(&mut *self.names.borrow_mut());
        drop(names);
    }

    /// A number that is another one when a name of it or of what is around got another value.
    pub(super) fn state(&self) -> u64 {
        self.changes.get() + self.around.as_deref().map_or(0, Locals::state)
    }
}

/// The names of functions that inner functions know, and which in turn may know these: nobody else
/// would let go of them.
#[derive(Default)]
pub(super) struct Captured {
    all: Vec<Weak<Locals>>,
    /// How many there were when those that are gone were left out.
    before: usize,
}

impl Captured {
    pub(super) fn add(&mut self, locals: &Rc<Locals>) {
        if self.all.len() > 2 * self.before + 64 {
            self.all.retain(|it| it.strong_count() > 0);
            self.before = self.all.len();
        }
        let is_last = self.all.last().is_some_and(|it| it.as_ptr() == Rc::as_ptr(locals));
        if !is_last {
            self.all.push(Rc::downgrade(locals));
        }
    }
}

impl Drop for Captured {
    fn drop(&mut self) {
        self.all.iter().filter_map(Weak::upgrade).for_each(|locals| locals.forget());
    }
}

/// Names and their values, in the order in which they were bound.
#[derive(Clone, Debug, Default)]
pub(super) struct Namespace {
    items: Vec<(Symbol, Option<Value>)>,
    /// Once there are more than a few: a table, at most half full, of one more than the places of
    /// the names. Each is where its number says, or behind that.
    places: Vec<u32>,
}

/// So many names are looked through faster than they are hashed.
const FEW: usize = 8;

impl Namespace {
    pub(super) fn get(&self, name: Symbol) -> Option<&Value> {
        self.items[self.place(name)?].1.as_ref()
    }

    pub(super) fn set(&mut self, name: Symbol, value: Value) {
        if let Some(place) = self.place(name) {
            self.items[place].1 = Some(value);
            return;
        }
        self.items.push((name, Some(value)));
        if self.items.len() * 2 > self.places.len() && self.items.len() > FEW {
            self.places = vec![0; self.items.len().next_power_of_two() * 4];
            (0..self.items.len()).for_each(|place| self.enter(place));
        } else if !self.places.is_empty() {
            self.enter(self.items.len() - 1);
        }
    }

    pub(super) fn remove(&mut self, name: Symbol) {
        if let Some(place) = self.place(name) {
            self.items[place].1 = None;
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Symbol, &Value)> {
        self.items.iter().filter_map(|(name, value)| Some((*name, value.as_ref()?)))
    }

    fn place(&self, name: Symbol) -> Option<usize> {
        if self.places.is_empty() {
            return self.items.iter().position(|(other, _)| *other == name);
        }
        let mut at = self.slot(name);
        loop {
            let place = self.places[at].checked_sub(1)? as usize;
            if self.items[place].0 == name {
                return Some(place);
            }
            at = (at + 1) & (self.places.len() - 1);
        }
    }

    /// Enters the name at a place into the table.
    fn enter(&mut self, place: usize) {
        let mut at = self.slot(self.items[place].0);
        while self.places[at] != 0 {
            at = (at + 1) & (self.places.len() - 1);
        }
        self.places[at] = place as u32 + 1;
    }

    /// Where a name is in the table, if no other is there.
    fn slot(&self, name: Symbol) -> usize {
        // Names that belong together have numbers near one another.
        name.0.wrapping_mul(0x9e37_79b1) as usize >> 7 & (self.places.len() - 1)
    }
}
