//! What the model says of small programs. The places of names are compared with CPython's own in
//! `tests/symtable.rs`; here is what it has no words for.

mod annotations;
mod bindings;
mod conditions;
mod scopes;

use ruff_python_ast::{AnyNodeRef, PySourceType};
use ruff_text_size::TextSize;

use super::{
    Binding, BindingKind, Buffers, ConditionId, Options, Reference, ScopeId, ScopeKind, Semantic,
    SymbolId, analyze,
};
use crate::syntax::{Tree, parse};

/// A program and its model.
struct Model<'a> {
    text: &'a str,
    tree: Tree<'a>,
    semantic: Semantic<'a>,
}

/// Looks at a program that must run on a Python of today.
fn look(text: &str, check: impl FnOnce(&Model<'_>)) {
    look_with(text, Options::default(), check);
}

fn look_with(text: &str, options: Options, check: impl FnOnce(&Model<'_>)) {
    let parsed = parse(text, PySourceType::Python, None);
    assert!(parsed.errors().is_empty(), "{:?}", parsed.errors());
    let (tree, semantic) = analyze(parsed.syntax(), text, options, Buffers::default());
    check(&Model { text, tree, semantic });
}

impl<'a> Model<'a> {
    /// Where a piece of the program begins, which must be there once.
    fn at(&self, piece: &str) -> TextSize {
        let mut places = self.text.match_indices(piece);
        let (at, _) = places.next().expect("the piece is in the program");
        assert!(places.next().is_none(), "`{piece}` is there twice");
        TextSize::try_from(at).expect("programs are short")
    }

    /// The read of a name at a piece of the program.
    fn read(&self, piece: &str) -> &Reference {
        let at = self.at(piece);
        let reads = self.semantic.all_references();
        reads.iter().find(|read| read.start == at).expect("a name is read there")
    }

    /// What the name that is read at a piece of the program belongs to.
    fn owner(&self, piece: &str) -> String {
        match self.semantic.symbol_read(self.read(piece)) {
            Some(symbol) => self.said(self.semantic.scope_of_symbol(symbol)),
            None => "nothing".to_owned(),
        }
    }

    /// A scope in words.
    fn said(&self, id: ScopeId) -> String {
        let scope = self.semantic.scope(id);
        let name = match self.tree.node(scope.node) {
            AnyNodeRef::StmtFunctionDef(function) => function.name.as_str(),
            AnyNodeRef::StmtClassDef(class) => class.name.as_str(),
            _ => "",
        };
        let kind = match scope.kind {
            ScopeKind::Module => "module",
            ScopeKind::Class => "class",
            ScopeKind::Function => "function",
            ScopeKind::Lambda => "lambda",
            ScopeKind::Comprehension => "comprehension",
            ScopeKind::TypeParameters => "type parameters of",
            ScopeKind::LazyExpression => "lazy expression of",
        };
        format!("{kind} {name}").trim_end().to_owned()
    }

    /// The symbol that the module has for a name.
    fn global(&self, name: &str) -> SymbolId {
        self.semantic.global(name).expect("the module binds it")
    }

    /// The symbol that the first scope in words has for a name.
    fn local(&self, scope: &str, name: &str) -> SymbolId {
        let scope = (0..self.semantic.scopes().len())
            .map(|index| ScopeId(index as u32))
            .find(|id| self.said(*id) == scope)
            .expect("the scope is there");
        let name = self.semantic.name(name).expect("the name occurs");
        self.semantic.symbol_in(scope, name).expect("the name occurs in the scope")
    }

    /// The binding at a piece of the program.
    fn binding(&self, piece: &str) -> &Binding<'a> {
        let at = self.at(piece);
        let bindings = self.semantic.all_bindings();
        bindings.iter().find(|it| it.range.start() == at).expect("a name is bound there")
    }

    /// Under which condition the name at a piece of the program is bound.
    fn condition(&self, piece: &str) -> ConditionId {
        self.binding(piece).condition
    }

    /// The kinds of a symbol's bindings, in a word each.
    fn kinds(&self, symbol: SymbolId) -> Vec<&'static str> {
        self.semantic.bindings(symbol).map(|binding| word(binding.kind)).collect()
    }
}

fn word(kind: BindingKind<'_>) -> &'static str {
    match kind {
        BindingKind::Import(..) | BindingKind::FromImport(..) => "import",
        BindingKind::Class(_) => "class",
        BindingKind::Function(_) => "function",
        BindingKind::Parameter(_) => "parameter",
        BindingKind::Assignment(_) => "assignment",
        BindingKind::Unpacking => "unpacking",
        BindingKind::Declaration => "declaration",
        BindingKind::AugmentedAssignment => "augmented assignment",
        BindingKind::Loop => "loop",
        BindingKind::Comprehension => "comprehension",
        BindingKind::With(_) => "with",
        BindingKind::Exception => "exception",
        BindingKind::Match => "match",
        BindingKind::TypeParameter => "type parameter",
        BindingKind::TypeAlias(_) => "type alias",
        BindingKind::Deletion => "deletion",
    }
}
