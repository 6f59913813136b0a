//! Scopes, bindings and names of one file, complete before any rule runs.
//!
//! The model is static, as the compiler's is: which scope a name belongs to does not depend on
//! the order of statements. What does depend on it is kept as data: a name has binding*s*, each
//! with the conditions under which it is reached.

mod binding;
mod build;
pub mod builtins;
mod condition;
mod index;
mod module;
mod names;
pub mod passing;
mod places;
pub mod pythons;
mod qualified;
mod reads;
mod resolve;
mod scope;
mod sites;
#[cfg(test)]
mod tests;

use ruff_python_ast::{Expr, ExprName, ModModule, StmtImportFrom};

pub use binding::{Binding, BindingId, BindingKind};
pub use condition::{Condition, ConditionId, Test, Versions, read_else, read_test};
pub use module::ModuleName;
pub use names::NameId;
pub use places::ScopePlaces;
pub use qualified::QualifiedName;
pub use scope::{Occurs, Place, Reading, Reference, Scope, ScopeId, ScopeKind, SymbolId};
pub use sites::{CallSite, CalleeShape, FunctionSite, OwnRead, OwnWrite, SiteIndex, Sites};

use crate::syntax::{NodeId, Tree};
use names::Names;
use reads::ReadIndex;
use scope::{ReferenceId, Symbol};

/// What changes the meaning of a file from outside.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// A `.pyi` file: its annotations are never evaluated.
    pub is_stub: bool,
    /// Every Python it must run on is 3.14 or newer, where annotations are evaluated when asked
    /// for (PEP 649, 749).
    pub annotations_are_deferred: bool,
}

/// The semantic model of one file.
#[derive(Default)]
pub struct Semantic<'a> {
    names: Names<'a>,
    /// The symbols of each name, in any scope: the head of a list through `Symbol::same_name`.
    by_name: Vec<Namesakes>,
    scopes: Vec<Scope>,
    symbols: Vec<Symbol>,
    bindings: Vec<Binding<'a>>,
    references: Vec<Reference>,
    /// Where those references are that came of the walk, in order of their nodes; those of quoted
    /// annotations follow.
    reads: ReadIndex,
    conditions: Vec<Condition>,
    sites: Sites<'a>,
    future_annotations: bool,
    /// Whether annotations are not evaluated when their scope runs, for whatever reason.
    defers_annotations: bool,
    /// Whether any function declares a name `nonlocal`.
    has_nonlocal: bool,
    stars: Stars<'a>,
}

/// Where the module gets names that it does not bind itself.
#[derive(Clone, Copy, Default)]
enum Stars<'a> {
    #[default]
    Nowhere,
    /// From this `from m import *` alone.
    Only(&'a StmtImportFrom),
    /// From several of them, or behind the compiler's back.
    Anywhere,
}

/// The symbols of one name in all scopes.
#[derive(Clone, Copy, Debug, Default)]
struct Namesakes {
    /// The one that was used last, when the file was walked; the others follow.
    head: Option<SymbolId>,
    in_module: Option<SymbolId>,
    count: u32,
}

/// The memory of a tree and a model, to be used for the next file.
#[derive(Default)]
pub struct Buffers(Tree<'static>, Semantic<'static>);

/// Numbers the nodes of a module and builds its model, in one walk. `text` is what it was parsed
/// from.
pub fn analyze<'a>(
    module: &'a ModModule,
    text: &'a str,
    options: Options,
    buffers: Buffers,
) -> (Tree<'a>, Semantic<'a>) {
    let Buffers(tree, semantic) = buffers;
    build::Builder::build(module, text, options, tree.recycle(), semantic.recycle())
}

impl Buffers {
    /// Takes the memory back.
    pub fn recycle(tree: Tree<'_>, semantic: Semantic<'_>) -> Buffers {
        Buffers(tree.recycle(), semantic.recycle())
    }
}

impl<'a> Semantic<'a> {
    /// Whether the file begins with `from __future__ import annotations`.
    pub fn has_future_annotations(&self) -> bool {
        self.future_annotations
    }

    /// Whether annotations are not evaluated when their scope runs: `from __future__ import
    /// annotations`, a stub, or no Python before 3.14.
    pub fn defers_annotations(&self) -> bool {
        self.defers_annotations
    }

    /// Where classes, functions, imports, calls and writes to attributes stand.
    pub fn sites(&self) -> &Sites<'a> {
        &self.sites
    }

    /// All scopes; the module's is the first, outer ones come before inner ones.
    pub fn scopes(&self) -> &[Scope] {
        &self.scopes
    }

    /// A scope.
    pub fn scope(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.index()]
    }

    /// The scope that a class, function or lambda opens for its body.
    pub fn scope_of(&self, node: NodeId) -> Option<ScopeId> {
        // Scopes are made in source order, so those of one node stand together.
        let first = self.scopes.partition_point(|scope| scope.node < node);
        let of_node = self.scopes[first..].iter().take_while(|scope| scope.node == node);
        let body = of_node.enumerate().filter(|(_, scope)| {
            !matches!(scope.kind, ScopeKind::TypeParameters | ScopeKind::LazyExpression)
        });
        body.last().map(|(at, _)| ScopeId((first + at) as u32))
    }

    /// The scope in which a node is evaluated: for a decorator, default or base class, the one
    /// around the function or class.
    pub fn scope_at(&self, tree: &Tree<'a>, node: NodeId) -> ScopeId {
        use ruff_python_ast::AnyNodeRef;
        let mut inner = node;
        for (id, ancestor) in tree.ancestors(node) {
            let inside = match ancestor {
                AnyNodeRef::StmtFunctionDef(function) => {
                    function.body.first().is_some_and(|first| tree.id(first) <= inner)
                }
                AnyNodeRef::StmtClassDef(class) => {
                    class.body.first().is_some_and(|first| tree.id(first) <= inner)
                }
                AnyNodeRef::ExprLambda(lambda) => tree.id(&*lambda.body) <= inner,
                AnyNodeRef::ExprListComp(_)
                | AnyNodeRef::ExprSetComp(_)
                | AnyNodeRef::ExprDictComp(_)
                | AnyNodeRef::ExprGenerator(_) => !is_first_iterable(tree, ancestor, node),
                AnyNodeRef::ModModule(_) => return ScopeId::MODULE,
                _ => false,
            };
            if inside && let Some(scope) = self.scope_of(id) {
                return scope;
            }
            inner = id;
        }
        ScopeId::MODULE
    }

    /// The number of a name that occurs in the file.
    pub fn name(&self, text: &str) -> Option<NameId> {
        self.names.find(text)
    }

    /// A symbol's name as it is written.
    pub fn text(&self, symbol: SymbolId) -> &'a str {
        self.names.text(self.symbols[symbol.index()].name)
    }

    /// The number of a symbol's name.
    pub fn name_of(&self, symbol: SymbolId) -> NameId {
        self.symbols[symbol.index()].name
    }

    /// The scope a symbol is in.
    pub fn scope_of_symbol(&self, symbol: SymbolId) -> ScopeId {
        self.symbols[symbol.index()].scope
    }

    /// How a symbol's name occurs in its scope.
    pub fn occurs(&self, symbol: SymbolId) -> Occurs {
        self.symbols[symbol.index()].occurs
    }

    /// How many symbols there are, in all scopes.
    pub fn symbol_count(&self) -> usize {
        self.symbols.len()
    }

    /// The names of a scope, in order of first occurrence.
    pub fn symbols(&self, scope: ScopeId) -> impl Iterator<Item = SymbolId> + '_ {
        std::iter::successors(self.scopes[scope.index()].first_symbol, |symbol| {
            self.symbols[symbol.index()].next_in_scope
        })
    }

    /// A name of a scope itself, whether it is bound there or not.
    pub fn symbol_in(&self, scope: ScopeId, name: NameId) -> Option<SymbolId> {
        let namesakes = &self.by_name[name.index()];
        if scope == ScopeId::MODULE {
            return namesakes.in_module;
        }
        // The shorter way: the scopes of the name, or the names of the scope.
        if namesakes.count <= self.scopes[scope.index()].symbol_count {
            self.same_name(name).find(|symbol| self.symbols[symbol.index()].scope == scope)
        } else {
            self.symbols(scope).find(|symbol| self.symbols[symbol.index()].name == name)
        }
    }

    /// A module-level name that is bound.
    pub fn global(&self, text: &str) -> Option<SymbolId> {
        let symbol = self.symbol_in(ScopeId::MODULE, self.name(text)?)?;
        self.symbols[symbol.index()].first_binding.is_some().then_some(symbol)
    }

    fn same_name(&self, name: NameId) -> impl Iterator<Item = SymbolId> + '_ {
        std::iter::successors(self.by_name[name.index()].head, |symbol| {
            self.symbols[symbol.index()].same_name
        })
    }

    /// The bindings of a symbol in source order, without those that inner scopes make through
    /// `nonlocal`.
    pub fn bindings(&self, symbol: SymbolId) -> impl Iterator<Item = &Binding<'a>> + '_ {
        std::iter::successors(self.symbols[symbol.index()].first_binding, |binding| {
            self.bindings[binding.0.get()].next
        })
        .map(|id| &self.bindings[id.0.get()])
    }

    /// The symbol that a binding binds.
    pub fn symbol_of(&self, binding: &Binding<'a>) -> SymbolId {
        binding.symbol
    }

    /// All bindings of the file, in the order of the walk.
    pub fn all_bindings(&self) -> &[Binding<'a>] {
        &self.bindings
    }

    /// The binding that a symbol has whenever it is used at run time: `None` where there are
    /// several to choose from. Bindings for type checkers alone do not count beside others.
    pub fn only_binding(&self, symbol: SymbolId) -> Option<&Binding<'a>> {
        self.only_binding_of(symbol, |kind| !matches!(kind, BindingKind::Declaration))
    }

    /// The only binding of a symbol apart from those to `None`: whoever derives from it, calls it or
    /// decorates with it can mean no other.
    pub fn only_value(&self, symbol: SymbolId) -> Option<&Binding<'a>> {
        self.only_binding_of(symbol, |kind| {
            !matches!(
                kind,
                BindingKind::Declaration | BindingKind::Assignment(Expr::NoneLiteral(_))
            )
        })
    }

    fn only_binding_of(
        &self,
        symbol: SymbolId,
        counts: impl Fn(&BindingKind<'a>) -> bool,
    ) -> Option<&Binding<'a>> {
        if self.is_rebound_inside(symbol) {
            return None;
        }
        let mut bindings = self.bindings(symbol).filter(|binding| counts(&binding.kind));
        let first = bindings.next()?;
        let Some(second) = bindings.next() else {
            return first.kind.gives_value().then_some(first);
        };
        let mut at_run_time = [first, second]
            .into_iter()
            .chain(bindings)
            .filter(|binding| !self.is_for_type_checkers(binding.condition));
        let only = at_run_time.next()?;
        let is_same = |it: &Binding<'a>| match (only.kind, it.kind) {
            // `import a.b` binds `a`, as `import a` does.
            (BindingKind::Import(_, one), BindingKind::Import(_, other)) => {
                one.asname.is_none() && other.asname.is_none()
            }
            (BindingKind::FromImport(from, one), BindingKind::FromImport(again, other)) => {
                let module = |it: &'a StmtImportFrom| it.module.as_ref().map(|it| it.as_str());
                one.name.id == other.name.id
                    && (from.level, module(from)) == (again.level, module(again))
            }
            _ => false,
        };
        (only.kind.gives_value() && at_run_time.all(is_same)).then_some(only)
    }

    /// Whether an inner function rebinds the symbol through `nonlocal`.
    fn is_rebound_inside(&self, symbol: SymbolId) -> bool {
        let Symbol { name, scope, .. } = self.symbols[symbol.index()];
        if scope == ScopeId::MODULE || !self.has_nonlocal {
            return false;
        }
        self.same_name(name).any(|other| {
            let Symbol { occurs, scope: inner, .. } = self.symbols[other.index()];
            occurs.any(Occurs::NONLOCAL)
                && self.symbols[other.index()].first_binding.is_some()
                && self.resolve_outside(inner, name) == Some(symbol)
        })
    }

    /// Whether a condition holds only under a type checker.
    pub fn is_for_type_checkers(&self, condition: ConditionId) -> bool {
        self.conditions(condition).any(|it| it.test == Test::TypeChecking(true))
    }

    /// Whether a condition holds in every run: only `with` and `finally` stand around it, or what
    /// is false for type checkers alone.
    pub fn is_unconditional(&self, condition: ConditionId) -> bool {
        self.conditions(condition).all(|it| {
            matches!(it.test, Test::Always | Test::With | Test::Finally | Test::TypeChecking(false))
        })
    }

    /// Whether two conditions cannot both hold: they are in different branches of one statement.
    pub fn are_exclusive(&self, one: ConditionId, other: ConditionId) -> bool {
        self.conditions(one).any(|a| {
            !matches!(a.test, Test::Try | Test::Handler | Test::Finally | Test::Always)
                && self
                    .conditions(other)
                    .any(|b| b.statement == a.statement && b.arm != a.arm && b.test != Test::Always)
        })
    }

    /// A condition and those around it, from the inside out, without the root.
    pub fn conditions(&self, condition: ConditionId) -> impl Iterator<Item = &Condition> + '_ {
        let mut at = condition;
        std::iter::from_fn(move || {
            (at != ConditionId::ALWAYS).then(|| {
                let condition = &self.conditions[at.0 as usize];
                at = condition.parent;
                condition
            })
        })
    }

    /// Where a symbol's value is read, in any scope that sees it; unordered across scopes.
    pub fn references(&self, symbol: SymbolId) -> impl Iterator<Item = &Reference> + '_ {
        let name = self.symbols[symbol.index()].name;
        self.same_name(name)
            .filter(move |other| {
                *other == symbol
                    || self.resolve(self.symbols[other.index()].scope, name) == Some(symbol)
            })
            .flat_map(|other| {
                std::iter::successors(self.symbols[other.index()].last_reference, |id| {
                    self.references[id.0.get()].previous
                })
            })
            .map(|ReferenceId(id)| &self.references[id.get()])
    }

    /// All reads of the file, in the order of the walk; those of quoted annotations at the end.
    pub fn all_references(&self) -> &[Reference] {
        &self.references
    }

    /// All reads of the file but those of quoted annotations, in the order of their nodes.
    pub fn walked_references(&self) -> &[Reference] {
        &self.references[..self.reads.len()]
    }

    /// The read that a name expression is; `None` for one that binds.
    pub fn read_of(&self, name: NodeId) -> Option<&Reference> {
        self.reads.find(name).map(|at| &self.references[at])
    }

    /// The number and the symbol of a name that is read or bound in `scope`, which is asked for
    /// only where the name is no read of the file. `None` if it does not occur; without a symbol
    /// if no scope binds it.
    fn named(
        &self,
        name: &ExprName,
        scope: impl FnOnce() -> ScopeId,
    ) -> Option<(NameId, Option<SymbolId>)> {
        let node = name.node_index.load().as_u32().map(|index| NodeId::new(index as usize));
        if let Some(read) = node.and_then(|node| self.read_of(node)) {
            return Some((self.name_id_read(read), self.symbol_read(read)));
        }
        let id = self.name(name.id.as_str())?;
        Some((id, self.resolve_at(scope(), id, name.range.start())))
    }

    /// What a name expression belongs to: `None` for a builtin or an unbound name.
    pub fn symbol_named(&self, tree: &Tree<'a>, name: &ExprName) -> Option<SymbolId> {
        self.named(name, || self.scope_at(tree, tree.id(name)))?.1
    }

    /// What a read belongs to.
    pub fn symbol_read(&self, reference: &Reference) -> Option<SymbolId> {
        let Reference { symbol, scope, .. } = *reference;
        let found = self.resolve_symbol(symbol, scope)?;
        match reference.reading {
            Reading::Runtime | Reading::Annotation => self.at_place(found, scope, reference.start),
            // Read when everything is bound.
            Reading::DeferredAnnotation | Reading::Quoted => Some(found),
        }
    }

    /// The name that a read reads.
    pub fn name_id_read(&self, reference: &Reference) -> NameId {
        self.symbols[reference.symbol.index()].name
    }

    /// How many names occur in the file.
    pub fn name_count(&self) -> usize {
        self.names.len()
    }

    /// The text of the name that a read reads.
    pub fn name_read(&self, reference: &Reference) -> &'a str {
        self.text(reference.symbol)
    }

    fn recycle<'b>(self) -> Semantic<'b> {
        fn emptied<T>(mut vector: Vec<T>) -> Vec<T> {
            vector.clear();
            vector
        }
        Semantic {
            names: self.names.recycle(),
            by_name: emptied(self.by_name),
            scopes: emptied(self.scopes),
            symbols: emptied(self.symbols),
            bindings: crate::syntax::tree::recycle(self.bindings),
            references: emptied(self.references),
            reads: self.reads.recycle(),
            conditions: emptied(self.conditions),
            sites: self.sites.recycle(),
            future_annotations: false,
            defers_annotations: false,
            has_nonlocal: false,
            stars: Stars::Nowhere,
        }
    }
}

/// Whether `node` is, or is inside, the first iterable of a comprehension.
fn is_first_iterable(
    tree: &Tree<'_>,
    comprehension: ruff_python_ast::AnyNodeRef<'_>,
    node: NodeId,
) -> bool {
    use ruff_python_ast::AnyNodeRef;
    let generators = match comprehension {
        AnyNodeRef::ExprListComp(it) => &it.generators,
        AnyNodeRef::ExprSetComp(it) => &it.generators,
        AnyNodeRef::ExprDictComp(it) => &it.generators,
        AnyNodeRef::ExprGenerator(it) => &it.generators,
        _ => return false,
    };
    generators.first().is_some_and(|first| tree.contains(tree.id(&first.iter), node))
}
