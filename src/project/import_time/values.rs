//! What names stand for while modules are imported, as far as it can be known.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::names::{Locals, Namespace};
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
    /// A function whose calls run nothing that is known. One is as good as another.
    Opaque(FunctionKind),
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
            (Value::Opaque(one), Value::Opaque(other)) => one == other,
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
        let own = namespace.iter().map(|(name, _)| name);
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
