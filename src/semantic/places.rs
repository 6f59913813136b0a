//! Where the value of each name is to be found, scope by scope: the answer of CPython's
//! `symtable` module, which the tests compare it with.

use rustc_hash::FxHashSet;

use super::Semantic;
use super::names::NameId;
use super::scope::{Occurs, Place, ScopeId, ScopeKind};

/// The names of one scope and where they live, sorted by name as Python stores it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopePlaces {
    /// The scope.
    pub scope: ScopeId,
    /// Name and place.
    pub names: Vec<(String, Place)>,
}

impl Semantic<'_> {
    /// The places of all names of all scopes.
    pub fn places(&self) -> Vec<ScopePlaces> {
        let mut own: Vec<Vec<(NameId, Place)>> = Vec::with_capacity(self.scopes.len());
        for index in 0..self.scopes.len() {
            let scope = ScopeId(index as u32);
            let seen =
                self.symbols(scope).filter(|symbol| self.occurs(*symbol) != Occurs::default());
            let names = seen.map(|symbol| self.symbols[symbol.index()].name);
            own.push(names.map(|name| (name, self.place(scope, name))).collect());
        }
        self.pass_free_names_outward(&mut own);
        own.into_iter()
            .enumerate()
            .map(|(index, names)| {
                let mut names: Vec<(String, Place)> = names
                    .into_iter()
                    .map(|(name, place)| (self.names.mangled(name), place))
                    .collect();
                names.sort_by(|(a, _), (b, _)| a.cmp(b));
                ScopePlaces { scope: ScopeId(index as u32), names }
            })
            .collect()
    }

    /// The place of a name that occurs in a scope, not looking at the scopes inside.
    fn place(&self, scope: ScopeId, name: NameId) -> Place {
        let Some(symbol) = self.symbol_in(scope, name) else { return Place::GlobalImplicit };
        let occurs = self.occurs(symbol);
        if occurs.any(Occurs::GLOBAL) {
            return Place::GlobalExplicit;
        }
        if occurs.any(Occurs::NONLOCAL) {
            return Place::Free;
        }
        if occurs.is_bound() {
            return Place::Local;
        }
        self.place_outside(scope, name)
    }

    /// The place of a name that its scope does not bind.
    fn place_outside(&self, scope: ScopeId, name: NameId) -> Place {
        let is_class_cell = self.names.text(name) == "__class__";
        let (mut at, mut sees_class) = (scope, true);
        loop {
            let kind = self.scopes[at.index()].kind;
            sees_class &= matches!(kind, ScopeKind::TypeParameters | ScopeKind::LazyExpression);
            let Some(outer) = self.scopes[at.index()].parent else { return Place::GlobalImplicit };
            at = outer;
            let kind = self.scopes[at.index()].kind;
            if kind == ScopeKind::Class {
                if is_class_cell {
                    return Place::Free;
                }
                if !sees_class {
                    continue;
                }
            }
            let Some(symbol) = self.symbol_in(at, name) else { continue };
            let occurs = self.occurs(symbol);
            match kind {
                _ if occurs.any(Occurs::GLOBAL) && kind == ScopeKind::Class => {
                    return Place::GlobalExplicit;
                }
                _ if occurs.any(Occurs::GLOBAL) => return Place::GlobalImplicit,
                ScopeKind::Module => return Place::GlobalImplicit,
                // Looked up in the class's namespace first, then among the globals.
                ScopeKind::Class if occurs.is_bound() => return Place::GlobalImplicit,
                _ if occurs.any(Occurs::NONLOCAL) => return Place::Free,
                _ if occurs.is_bound() => return Place::Free,
                _ => {}
            }
        }
    }

    /// What is free in a scope is free in the scopes around it up to the one that binds it, where
    /// it is a cell.
    fn pass_free_names_outward(&self, own: &mut [Vec<(NameId, Place)>]) {
        let mut free: Vec<FxHashSet<NameId>> = vec![FxHashSet::default(); own.len()];
        for index in (0..own.len()).rev() {
            let kind = self.scopes[index].kind;
            let mut passed: Vec<NameId> = free[index].iter().copied().collect();
            passed.sort_unstable();
            for name in passed {
                let is_class_cell = self.names.text(name) == "__class__";
                if kind == ScopeKind::Class && is_class_cell {
                    free[index].remove(&name);
                    continue;
                }
                match own[index].iter_mut().find(|(own, _)| *own == name) {
                    Some((_, place @ Place::Local)) if kind != ScopeKind::Class => {
                        *place = Place::Cell;
                        free[index].remove(&name);
                    }
                    Some(_) => {}
                    None if kind != ScopeKind::Module => own[index].push((name, Place::Free)),
                    None => {}
                }
            }
            free[index].extend(
                own[index].iter().filter(|(_, place)| *place == Place::Free).map(|(name, _)| *name),
            );
            if let Some(parent) = self.scopes[index].parent {
                let names = std::mem::take(&mut free[index]);
                free[parent.index()].extend(names);
            }
        }
    }
}
