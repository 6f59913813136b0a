//! Scopes and the symbols in them, as CPython's compiler sees them (`Python/symtable.c`).

use crate::syntax::NodeId;

use super::binding::BindingId;
use super::index::Index;
use super::names::NameId;

/// A scope of one file. The module is the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeId(pub(super) u32);

impl ScopeId {
    /// The module's.
    pub const MODULE: ScopeId = ScopeId(0);

    /// The index, for tables beside the scopes.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What opened a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScopeKind {
    /// The file.
    Module,
    /// A class body: invisible to the functions inside it.
    Class,
    /// A function's body and parameters.
    Function,
    /// A lambda's body and parameters.
    Lambda,
    /// A comprehension or generator expression, but for its first iterable.
    Comprehension,
    /// The type parameters of a generic function, class or alias (PEP 695).
    TypeParameters,
    /// A bound, default or alias value that is evaluated when asked for (PEP 695, 696).
    LazyExpression,
}

/// A place where names live.
#[derive(Clone, Debug)]
pub struct Scope {
    /// What opened it.
    pub kind: ScopeKind,
    /// The scope around it; `None` for the module.
    pub parent: Option<ScopeId>,
    /// The node that opened it.
    pub node: NodeId,
    /// Whether names may come and go unseen: a star import, `exec`, `locals()`, `globals()`,
    /// `vars()`, `sys.modules` or `setattr` on the module.
    pub opaque: bool,
    pub(super) first_symbol: Option<SymbolId>,
    pub(super) last_symbol: Option<SymbolId>,
    pub(super) symbol_count: u32,
}

/// A name in a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SymbolId(pub(super) Index);

impl SymbolId {
    /// The index, for tables beside the symbols.
    pub fn index(self) -> usize {
        self.0.get()
    }
}

/// How a name occurs in a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Occurs(u16);

impl Occurs {
    /// Declared `global`.
    pub const GLOBAL: Occurs = Occurs(1);
    /// Bound: assigned, defined, a loop's target, …
    pub const BOUND: Occurs = Occurs(2);
    /// A parameter.
    pub const PARAMETER: Occurs = Occurs(4);
    /// Declared `nonlocal`.
    pub const NONLOCAL: Occurs = Occurs(8);
    /// Read.
    pub const READ: Occurs = Occurs(16);
    /// Bound by an import.
    pub const IMPORT: Occurs = Occurs(32);
    /// Annotated.
    pub const ANNOTATED: Occurs = Occurs(64);
    /// A type parameter.
    pub const TYPE_PARAMETER: Occurs = Occurs(128);

    const BINDS: Occurs = Occurs(2 | 4 | 32 | 128);

    /// Whether any of the others holds too.
    pub fn any(self, others: Occurs) -> bool {
        self.0 & others.0 != 0
    }

    /// Whether the scope gives the name a value of its own.
    pub fn is_bound(self) -> bool {
        self.any(Occurs::BINDS)
    }

    pub(super) fn add(&mut self, others: Occurs) {
        self.0 |= others.0;
    }

    /// Both.
    pub const fn with(self, others: Occurs) -> Occurs {
        Occurs(self.0 | others.0)
    }
}

/// Where a name's value is to be found, as `symtable` tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// In the scope itself.
    Local,
    /// In the scope itself, and functions inside use it too.
    Cell,
    /// In a function around the scope.
    Free,
    /// In the module, since `global` says so.
    GlobalExplicit,
    /// In the module or among the builtins.
    GlobalImplicit,
}

#[derive(Clone, Debug)]
pub(super) struct Symbol {
    pub(super) name: NameId,
    pub(super) scope: ScopeId,
    pub(super) occurs: Occurs,
    /// The same name in another scope.
    pub(super) same_name: Option<SymbolId>,
    /// The next name of the same scope, in order of first occurrence.
    pub(super) next_in_scope: Option<SymbolId>,
    pub(super) first_binding: Option<BindingId>,
    pub(super) last_binding: Option<BindingId>,
    pub(super) last_reference: Option<ReferenceId>,
    /// How many nodes the tree had when it was used last: older ones cannot be of a scope that was
    /// opened since.
    pub(super) last_used: u32,
}

/// A place where a name is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ReferenceId(pub(super) Index);

/// How a read of a name comes to be evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reading {
    /// As any expression, when its scope runs.
    Runtime,
    /// In an annotation that is evaluated when its scope runs.
    Annotation,
    /// In an annotation that is not evaluated then: `from __future__ import annotations`, a stub,
    /// a local variable's, or 3.14's deferred evaluation where the target says so.
    DeferredAnnotation,
    /// In a string that stands for an annotation.
    Quoted,
}

impl Reading {
    /// Whether it is evaluated when its scope runs.
    pub fn is_evaluated(self) -> bool {
        matches!(self, Reading::Runtime | Reading::Annotation)
    }
}

/// A read of a name.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    /// The name expression; for a name in a string annotation, the string.
    pub node: NodeId,
    /// The scope it is read in.
    pub scope: ScopeId,
    /// How it is evaluated.
    pub reading: Reading,
    /// Byte offset of the name.
    pub start: ruff_text_size::TextSize,
    pub(super) symbol: SymbolId,
    pub(super) previous: Option<ReferenceId>,
}

impl Reference {
    /// The name in the scope that reads it, which need not be the scope that binds it: see
    /// [`super::Semantic::symbol_read`].
    pub fn symbol(&self) -> SymbolId {
        self.symbol
    }
}
