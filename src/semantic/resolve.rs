//! Which symbol a name belongs to, by the scopes around it.

use ruff_text_size::{Ranged, TextSize};

use super::Semantic;
use super::binding::BindingKind;
use super::names::NameId;
use super::scope::{Occurs, Scope, ScopeId, ScopeKind, Symbol, SymbolId};

/// A scope on the way outward, and whether a class around it would be seen.
#[derive(Clone, Copy)]
struct Sight {
    scope: ScopeId,
    sees_class: bool,
}

impl Semantic<'_> {
    /// The symbol that a name read in `scope` belongs to: `None` where no scope of the file binds
    /// it, so that it is a builtin or unbound.
    pub fn resolve(&self, scope: ScopeId, name: NameId) -> Option<SymbolId> {
        self.resolve_from(Some(Sight { scope, sees_class: true }), name)
    }

    /// The symbol that a name belongs to which `scope` does not bind.
    pub(super) fn resolve_outside(&self, scope: ScopeId, name: NameId) -> Option<SymbolId> {
        self.resolve_from(self.outward(Sight { scope, sees_class: true }), name)
    }

    /// Like [`Semantic::resolve`] by the symbol that the name has in `scope` itself.
    pub(super) fn resolve_symbol(&self, symbol: SymbolId, scope: ScopeId) -> Option<SymbolId> {
        let Symbol { occurs, name, .. } = self.symbols[symbol.index()];
        let is_own = occurs.is_bound() && !occurs.any(Occurs::GLOBAL.with(Occurs::NONLOCAL));
        match is_own {
            true => Some(symbol),
            false if occurs.any(Occurs::GLOBAL) => self.resolve(scope, name),
            false => self.resolve_outside(scope, name),
        }
    }

    fn resolve_from(&self, from: Option<Sight>, name: NameId) -> Option<SymbolId> {
        let mut at = from?;
        loop {
            if let Some(id) = self.symbol_in(at.scope, name) {
                let occurs = self.symbols[id.index()].occurs;
                if occurs.any(Occurs::GLOBAL) {
                    return self
                        .symbol_in(ScopeId::MODULE, name)
                        .filter(|symbol| self.symbols[symbol.index()].first_binding.is_some());
                }
                if occurs.is_bound() && !occurs.any(Occurs::NONLOCAL) {
                    return Some(id);
                }
            }
            at = self.outward(at)?;
        }
    }

    /// The next scope outward whose names are visible. Functions do not see the classes around
    /// them; type parameters and lazy expressions do, though not what stands inside them.
    fn outward(&self, from: Sight) -> Option<Sight> {
        let Scope { kind, parent, .. } = self.scopes[from.scope.index()];
        let is_lazy = matches!(kind, ScopeKind::TypeParameters | ScopeKind::LazyExpression);
        let sees_class = from.sees_class && is_lazy;
        let mut scope = parent?;
        while !sees_class && self.scopes[scope.index()].kind == ScopeKind::Class {
            scope = self.scopes[scope.index()].parent?;
        }
        Some(Sight { scope, sees_class })
    }

    /// Like [`Semantic::resolve`] for a read at a place: a class body that binds a name only
    /// further down finds it outside (`class C: list = list`).
    pub fn resolve_at(&self, scope: ScopeId, name: NameId, at: TextSize) -> Option<SymbolId> {
        self.at_place(self.resolve(scope, name)?, scope, at)
    }

    /// What a name stands for at a place in `scope`, if it is this symbol once all is bound.
    pub(super) fn at_place(
        &self,
        symbol: SymbolId,
        scope: ScopeId,
        at: TextSize,
    ) -> Option<SymbolId> {
        let is_later = self.scopes[scope.index()].kind == ScopeKind::Class
            && self.symbols[symbol.index()].scope == scope
            && self.bindings(symbol).all(|binding| {
                // `list = list` binds after its value is read.
                let value_end = match binding.kind {
                    BindingKind::Assignment(value) => value.end(),
                    _ => binding.range.start(),
                };
                value_end >= at
            });
        match is_later {
            true => self.resolve_outside(scope, self.symbols[symbol.index()].name),
            false => Some(symbol),
        }
    }
}
