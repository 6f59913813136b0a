//! Absolute dotted names: what an expression stands for, through imports and aliases.

use std::fmt;

use ruff_python_ast::{Expr, ExprName, StmtImportFrom};

use super::binding::{Binding, BindingKind};
use super::builtins::is_builtin;
use super::scope::ScopeId;
use super::{ModuleName, NameId, Semantic, Stars};
use crate::syntax::Tree;
use crate::text::dotted_parts;

/// No dotted name in earnest has more parts.
const MOST_PARTS: usize = 14;

/// An alias of an alias of an alias is as far as anyone follows.
const MOST_ALIASES: usize = 3;

/// An absolute dotted name, in parts: `functools.wraps`, `builtins.property`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct QualifiedName<'a> {
    parts: [&'a str; MOST_PARTS],
    length: usize,
}

impl<'a> QualifiedName<'a> {
    fn new() -> QualifiedName<'a> {
        QualifiedName { parts: [""; MOST_PARTS], length: 0 }
    }

    fn push(&mut self, part: &'a str) -> Option<()> {
        *self.parts.get_mut(self.length)? = part;
        self.length += 1;
        Some(())
    }

    fn push_dotted(&mut self, dotted: &'a str) -> Option<()> {
        dotted_parts(dotted).try_for_each(|part| self.push(part))
    }

    /// A name as it is written with dots; `None` for one with more parts than any has.
    pub fn of(dotted: &'a str) -> Option<QualifiedName<'a>> {
        let mut name = QualifiedName::new();
        name.push_dotted(dotted)?;
        Some(name)
    }

    /// The name of something in it.
    pub fn joined(mut self, part: &'a str) -> Option<QualifiedName<'a>> {
        self.push(part)?;
        Some(self)
    }

    /// The parts, outermost first.
    pub fn parts(&self) -> &[&'a str] {
        &self.parts[..self.length]
    }

    /// The last part.
    pub fn last(&self) -> &'a str {
        self.parts().last().copied().unwrap_or_default()
    }

    /// Whether it is this dotted name.
    pub fn is(&self, dotted: &str) -> bool {
        // From the end, where names differ soonest.
        let Some((first, rest)) = self.parts().split_first() else { return false };
        let head = rest.iter().rev().try_fold(dotted, |dotted, part| {
            dotted.strip_suffix(part).and_then(|it| it.strip_suffix('.'))
        });
        head == Some(first)
    }

    /// Whether it is one of these dotted names.
    pub fn is_any(&self, dotted: &[&str]) -> bool {
        dotted.iter().any(|name| self.is(name))
    }

    /// Whether it begins with these parts: `concurrent.futures` begins `concurrent.futures.wait`.
    pub fn starts_with(&self, dotted: &str) -> bool {
        let mut parts = self.parts().iter();
        // Most names differ in their first letter.
        self.parts[0].as_bytes().first() == dotted.as_bytes().first()
            && dotted_parts(dotted).all(|part| parts.next() == Some(&part))
    }
}

impl fmt::Display for QualifiedName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.parts().iter().enumerate() {
            if index > 0 {
                f.write_str(".")?;
            }
            f.write_str(part)?;
        }
        Ok(())
    }
}

impl fmt::Debug for QualifiedName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{self}`")
    }
}

impl<'a> Semantic<'a> {
    /// The absolute name of what a name or attribute stands for: `ft.wraps` is `functools.wraps`
    /// after `import functools as ft`, `property` is `builtins.property`, a class of the module
    /// `m` is `m.C`. `None` where it cannot be known: parameters, values, several bindings.
    pub fn qualified(
        &self,
        tree: &Tree<'a>,
        module: &'a ModuleName,
        expression: &'a Expr,
    ) -> Option<QualifiedName<'a>> {
        self.qualified_if(tree, module, expression, |_| true)
    }

    /// Like [`Semantic::qualified`], where only names of interest are wanted: `may_be` is told the last
    /// part, where that is at hand before the name is.
    pub fn qualified_if(
        &self,
        tree: &Tree<'a>,
        module: &'a ModuleName,
        expression: &'a Expr,
        may_be: impl Fn(&str) -> bool,
    ) -> Option<QualifiedName<'a>> {
        let scope = |name: &ExprName| self.scope_at(tree, tree.id(name));
        self.qualified_in(module, expression, scope, may_be)
    }

    /// Like [`Semantic::qualified`] for an expression that is evaluated in `scope`.
    pub fn qualified_from(
        &self,
        scope: ScopeId,
        module: &'a ModuleName,
        expression: &'a Expr,
    ) -> Option<QualifiedName<'a>> {
        self.qualified_in(module, expression, |_| scope, |_| true)
    }

    fn qualified_in(
        &self,
        module: &'a ModuleName,
        expression: &'a Expr,
        scope: impl FnOnce(&ExprName) -> ScopeId,
        may_be: impl Fn(&str) -> bool,
    ) -> Option<QualifiedName<'a>> {
        if let Expr::Attribute(attribute) = expression
            && !may_be(attribute.attr.as_str())
        {
            return None;
        }
        // Most expressions stand for values: seen before anything is written down.
        let name = head(expression)?;
        let (id, symbol) = self.named(name, || scope(name))?;
        let binding = match symbol {
            Some(symbol) => Some(self.only_binding(symbol)?),
            None => None,
        };
        let last = match binding.map(|it| it.kind) {
            None | Some(BindingKind::Class(_) | BindingKind::Function(_)) => Some(name.id.as_str()),
            Some(BindingKind::Import(_, alias)) => match alias.asname {
                Some(_) => dotted_parts(alias.name.as_str()).last(),
                None => Some(name.id.as_str()),
            },
            Some(BindingKind::FromImport(_, alias)) => Some(alias.name.as_str()),
            Some(BindingKind::Assignment(Expr::Name(_) | Expr::Attribute(_))) => None,
            Some(_) => return None,
        };
        if expression.is_name_expr() && last.is_some_and(|it| !may_be(it)) {
            return None;
        }
        let mut qualified = QualifiedName::new();
        match binding {
            Some(binding) => self.push_binding(&mut qualified, binding, module, MOST_ALIASES)?,
            None => self.push_unbound(&mut qualified, id, module)?,
        }
        push_attributes(&mut qualified, expression)?;
        Some(qualified)
    }

    /// The absolute name of what a binding stands for.
    pub fn qualified_binding(
        &self,
        binding: &Binding<'a>,
        module: &'a ModuleName,
    ) -> Option<QualifiedName<'a>> {
        let mut qualified = QualifiedName::new();
        self.push_binding(&mut qualified, binding, module, MOST_ALIASES)?;
        Some(qualified)
    }

    fn push_binding(
        &self,
        qualified: &mut QualifiedName<'a>,
        binding: &Binding<'a>,
        module: &'a ModuleName,
        aliases: usize,
    ) -> Option<()> {
        match binding.kind {
            BindingKind::Import(_, alias) => match alias.asname {
                Some(_) => qualified.push_dotted(alias.name.as_str()),
                None => qualified.push(dotted_parts(alias.name.as_str()).next()?),
            },
            BindingKind::FromImport(import, alias) => {
                push_module(qualified, import, module)?;
                qualified.push(alias.name.as_str())
            }
            BindingKind::Class(_) | BindingKind::Function(_)
                if self.scope_of_symbol(binding.symbol) == ScopeId::MODULE =>
            {
                qualified.push_dotted(module.as_str())?;
                qualified.push(self.text(binding.symbol))
            }
            BindingKind::Assignment(value @ (Expr::Name(_) | Expr::Attribute(_)))
                if aliases > 0 && self.is_unconditional(binding.condition) =>
            {
                let scope = self.scope_of_symbol(binding.symbol);
                self.push_alias(qualified, scope, module, value, aliases - 1)
            }
            _ => None,
        }
    }

    /// What the value of an alias stands for.
    fn push_alias(
        &self,
        qualified: &mut QualifiedName<'a>,
        scope: ScopeId,
        module: &'a ModuleName,
        value: &'a Expr,
        aliases: usize,
    ) -> Option<()> {
        let (id, symbol) = self.named(head(value)?, || scope)?;
        match symbol {
            Some(symbol) => {
                self.push_binding(qualified, self.only_binding(symbol)?, module, aliases)?;
            }
            None => self.push_unbound(qualified, id, module)?,
        }
        push_attributes(qualified, value)
    }

    /// A name that nothing binds: a builtin, or what the only star import of the module brings.
    fn push_unbound(
        &self,
        qualified: &mut QualifiedName<'a>,
        name: NameId,
        module: &'a ModuleName,
    ) -> Option<()> {
        let name = self.names.text(name);
        if is_builtin(name) {
            qualified.push("builtins")?;
        } else {
            // Private names are not among what a star brings.
            let Stars::Only(import) = self.stars else { return None };
            if name.starts_with('_') {
                return None;
            }
            push_module(qualified, import, module)?;
        }
        qualified.push(name)
    }
}

/// The name that a dotted name begins with.
fn head(mut expression: &Expr) -> Option<&ExprName> {
    while let Expr::Attribute(attribute) = expression {
        expression = &attribute.value;
    }
    expression.as_name_expr()
}

/// The module that names are imported from.
fn push_module<'a>(
    qualified: &mut QualifiedName<'a>,
    import: &'a StmtImportFrom,
    module: &'a ModuleName,
) -> Option<()> {
    if import.level > 0 {
        qualified.push_dotted(module.ancestor(import.level)?)?;
    }
    if let Some(from) = &import.module {
        qualified.push_dotted(from.as_str())?;
    }
    Some(())
}

/// The attributes of a dotted name, from the left.
fn push_attributes<'a>(qualified: &mut QualifiedName<'a>, expression: &'a Expr) -> Option<()> {
    let Expr::Attribute(attribute) = expression else { return Some(()) };
    push_attributes(qualified, &attribute.value)?;
    qualified.push(attribute.attr.as_str())
}
