//! Annotations in quotes: parsed in place, so that the names in them are reads with their own
//! offsets.

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ExprName, ExprStringLiteral};
use ruff_python_parser::typing::parse_type_annotation;
use ruff_text_size::{Ranged, TextRange};

use super::super::scope::{Reading, ScopeId};
use super::{Builder, Quoted};

/// A string inside a string inside a string is as deep as anyone goes.
const DEEPEST: usize = 3;

impl<'a> Builder<'a> {
    pub(super) fn read_quoted(&mut self) {
        self.reading = Reading::Quoted;
        for quoted in std::mem::take(&mut self.quoted) {
            self.class = quoted.class;
            self.scope = quoted.scope;
            for range in names_in(quoted.string, self.text, DEEPEST) {
                let text: &'a str = self.text;
                self.read(&text[range], range.start(), quoted.node);
            }
        }
        (self.reading, self.class, self.scope) = (Reading::Runtime, None, ScopeId::MODULE);
    }

    pub(super) fn quote(&mut self, string: &'a ExprStringLiteral, node: super::NodeId) {
        let (scope, class) = (self.scope, self.class);
        self.quoted.push(Quoted { string, node, scope, class });
    }
}

/// Where the names stand that a quoted annotation reads. A string with escapes or in several parts
/// has no offsets of its own for them: its names are taken where the text spells them plainly.
fn names_in(string: &ExprStringLiteral, text: &str, depth: usize) -> Vec<TextRange> {
    let Ok(annotation) = parse_type_annotation(string, text) else { return Vec::new() };
    if !annotation.kind().is_simple() {
        return Vec::new();
    }
    let mut found = Found { names: Vec::new(), text, depth };
    found.visit_expr(annotation.expression());
    found.names
}

struct Found<'t> {
    names: Vec<TextRange>,
    text: &'t str,
    depth: usize,
}

impl<'b> Visitor<'b> for Found<'_> {
    fn visit_expr(&mut self, expression: &'b Expr) {
        match expression {
            Expr::Name(ExprName { id, .. }) => {
                // Identifiers are normalised (NFKC) by the parser; only plain spellings are slices
                // of the text that equal them.
                if self.text[expression.range()] == *id.as_str() {
                    self.names.push(expression.range());
                }
            }
            Expr::StringLiteral(inner) if self.depth > 1 => {
                self.names.extend(names_in(inner, self.text, self.depth - 1));
            }
            Expr::Subscript(subscript) if is_literal(&subscript.value) => {
                self.visit_expr(&subscript.value);
            }
            _ => walk_expr(self, expression),
        }
    }
}

/// Whether a subscript's value is `Literal`, in which strings are just strings.
pub(super) fn is_literal(value: &Expr) -> bool {
    is_named(value, "Literal")
}

/// Whether an expression ends in a name, whatever stands before it.
pub(super) fn is_named(value: &Expr, wanted: &str) -> bool {
    match value {
        Expr::Name(name) => name.id.as_str() == wanted,
        Expr::Attribute(attribute) => attribute.attr.as_str() == wanted,
        _ => false,
    }
}
