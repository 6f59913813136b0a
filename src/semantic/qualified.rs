//! Absolute dotted names: what an expression stands for, through imports and aliases.

use std::fmt;

use ruff_python_ast::Expr;

use super::binding::{Binding, BindingKind};
use super::builtins::is_builtin;
use super::scope::ScopeId;
use super::{ModuleName, Semantic};
use crate::syntax::Tree;

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
        dotted.split('.').try_for_each(|part| self.push(part))
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
        let mut parts = self.parts().iter();
        dotted.split('.').all(|part| parts.next() == Some(&part)) && parts.next().is_none()
    }

    /// Whether it is one of these dotted names.
    pub fn is_any(&self, dotted: &[&str]) -> bool {
        dotted.iter().any(|name| self.is(name))
    }

    /// Whether it begins with these parts: `concurrent.futures` begins `concurrent.futures.wait`.
    pub fn starts_with(&self, dotted: &str) -> bool {
        let mut parts = self.parts().iter();
        dotted.split('.').all(|part| parts.next() == Some(&part))
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
        let scope = match expression {
            Expr::Name(_) | Expr::Attribute(_) => self.scope_at(tree, tree.id(expression)),
            _ => return None,
        };
        self.qualified_in(scope, module, expression, MOST_ALIASES)
    }

    /// Like [`Semantic::qualified`] for an expression that is evaluated in `scope`.
    pub fn qualified_from(
        &self,
        scope: ScopeId,
        module: &'a ModuleName,
        expression: &'a Expr,
    ) -> Option<QualifiedName<'a>> {
        self.qualified_in(scope, module, expression, MOST_ALIASES)
    }

    fn qualified_in(
        &self,
        scope: ScopeId,
        module: &'a ModuleName,
        expression: &'a Expr,
        aliases: usize,
    ) -> Option<QualifiedName<'a>> {
        match expression {
            Expr::Name(name) => {
                let id = self.name(name.id.as_str())?;
                let Some(symbol) = self.resolve_at(scope, id, name.range.start()) else {
                    let text = self.names.text(id);
                    let mut qualified = QualifiedName::new();
                    qualified.push("builtins")?;
                    qualified.push(text)?;
                    return is_builtin(text).then_some(qualified);
                };
                let binding = self.only_binding(symbol)?;
                self.binding_in(binding, module, aliases)
            }
            Expr::Attribute(attribute) => {
                let mut qualified = self.qualified_in(scope, module, &attribute.value, aliases)?;
                qualified.push(attribute.attr.as_str())?;
                Some(qualified)
            }
            _ => None,
        }
    }

    /// The absolute name of what a binding stands for.
    pub fn qualified_binding(
        &self,
        binding: &Binding<'a>,
        module: &'a ModuleName,
    ) -> Option<QualifiedName<'a>> {
        self.binding_in(binding, module, MOST_ALIASES)
    }

    fn binding_in(
        &self,
        binding: &Binding<'a>,
        module: &'a ModuleName,
        aliases: usize,
    ) -> Option<QualifiedName<'a>> {
        let mut qualified = QualifiedName::new();
        match binding.kind {
            BindingKind::Import(_, alias) => match alias.asname {
                Some(_) => qualified.push_dotted(alias.name.as_str())?,
                None => qualified.push(alias.name.as_str().split('.').next()?)?,
            },
            BindingKind::FromImport(import, alias) => {
                if import.level > 0 {
                    qualified.push_dotted(module.ancestor(import.level)?)?;
                }
                if let Some(from) = &import.module {
                    qualified.push_dotted(from.as_str())?;
                }
                qualified.push(alias.name.as_str())?;
            }
            BindingKind::Class(_) | BindingKind::Function(_)
                if self.scope_of_symbol(binding.symbol) == ScopeId::MODULE =>
            {
                qualified.push_dotted(module.as_str())?;
                qualified.push(self.text(binding.symbol))?;
            }
            BindingKind::Assignment(value @ (Expr::Name(_) | Expr::Attribute(_)))
                if aliases > 0 && self.is_unconditional(binding.condition) =>
            {
                let scope = self.scope_of_symbol(binding.symbol);
                return self.qualified_in(scope, module, value, aliases - 1);
            }
            _ => return None,
        }
        Some(qualified)
    }
}
