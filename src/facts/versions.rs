//! What differs from Python to Python: names that are bound to a test of the version, and imports
//! that only some come to.

use bytemuck::{Pod, Zeroable};
use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::TextRange;

use super::Text;
use super::extract::Extractor;
use crate::semantic::passing::before;
use crate::semantic::pythons::{Answer, Meaning, Pythons, Spelling, reached, read};
use crate::semantic::{BindingKind, Semantic, SymbolId, Test};

/// A name of a module that is bound to what differs from Python to Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct FlagFacts {
    /// The name.
    pub name: Text,
    holds: [u32; 2],
    fails: [u32; 2],
}

impl FlagFacts {
    /// Where it is true, and where it is false.
    pub fn answer(&self) -> Answer {
        Answer { holds: Pythons::of_words(self.holds), fails: Pythons::of_words(self.fails) }
    }
}

/// An import statement that only some Pythons come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct ImportGuard {
    /// Its index among [`super::FileFacts::imports`].
    pub import: u32,
    pythons: [u32; 2],
}

impl ImportGuard {
    pub(super) fn new(import: u32, pythons: Pythons) -> ImportGuard {
        ImportGuard { import, pythons: pythons.to_words() }
    }

    /// The Pythons that come to it.
    pub fn pythons(&self) -> Pythons {
        Pythons::of_words(self.pythons)
    }
}

/// Knows names of a module by what they are bound to.
struct Names<'s, 'a>(&'s Semantic<'a>);

impl<'a> Meaning<'a> for Names<'_, 'a> {
    fn leaf(&self, test: &'a Expr) -> Answer {
        let name = match test {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(it) => it.attr.as_str(),
            _ => return Answer::UNKNOWN,
        };
        let symbol = self.0.global(name).filter(|_| test.is_name_expr());
        match symbol.and_then(|it| self.0.only_binding(it)).map(|it| it.kind) {
            Some(BindingKind::Assignment(value)) => read(value, &Spelling),
            _ => Answer::of_name(name),
        }
    }
}

impl<'a> Extractor<'a, '_> {
    /// Notes a name of the module if what it is bound to differs from Python to Python.
    pub(super) fn flag(&mut self, symbol: SymbolId, name: Text) {
        let answer = match self.semantic.only_binding(symbol).map(|it| it.kind) {
            Some(BindingKind::Assignment(
                value @ (Expr::Compare(_) | Expr::BoolOp(_) | Expr::UnaryOp(_)),
            )) => read(value, &Names(self.semantic)),
            Some(_) => return,
            None if self.is_set_by_version(symbol) => Answer::SILENT,
            None => return,
        };
        if answer != Answer::UNKNOWN {
            let (holds, fails) = (answer.holds.to_words(), answer.fails.to_words());
            self.lists.flags.push(FlagFacts { name, holds, fails });
        }
    }

    /// Whether a name is bound to a literal under a test of the version, or where something is
    /// missing.
    fn is_set_by_version(&self, symbol: SymbolId) -> bool {
        self.semantic.bindings(symbol).any(|binding| {
            let is_literal = matches!(binding.kind, BindingKind::Assignment(value)
                if value.is_boolean_literal_expr());
            is_literal
                && self
                    .semantic
                    .conditions(binding.condition)
                    .any(|it| matches!(it.test, Test::Version(_) | Test::Handler))
        })
    }

    /// The Pythons that come to a place in a body past what stands before it.
    pub(super) fn past(&self, body: &'a [ast::Stmt], at: TextRange) -> Pythons {
        before(body, at, &Names(self.semantic))
    }

    /// The Pythons that come to a place in an `if` statement.
    pub(super) fn reached(&self, statement: &'a ast::StmtIf, at: TextRange) -> Pythons {
        reached(statement, at, &Names(self.semantic))
    }
}
