//! The one walk over the syntax tree: numbers its nodes and collects scopes, symbols, bindings,
//! reads and conditions on the way, so that everything is known before anyone asks.

mod expressions;
mod quoted;
mod statements;

use ruff_python_ast::{AnyNodeRef, Expr, ExprStringLiteral, HasNodeIndex, ModModule, Stmt};
use ruff_text_size::{TextRange, TextSize};

use super::binding::{Binding, BindingId, BindingKind};
use super::condition::{Condition, ConditionId, Test};
use super::index::Index;
use super::names::NameId;
use super::scope::{
    Occurs, Reading, Reference, ReferenceId, Scope, ScopeId, ScopeKind, Symbol, SymbolId,
};
use super::sites::{FunctionSite, SiteIndex};
use super::{Namesakes, Options, Semantic};
use crate::syntax::{NodeId, Tree};

pub(super) struct Builder<'a> {
    tree: Tree<'a>,
    semantic: Semantic<'a>,
    text: &'a str,
    // Where the walk is.
    parent: NodeId,
    scope: ScopeId,
    condition: ConditionId,
    /// The innermost class, whose private names are spelled otherwise.
    class: Option<&'a str>,
    reading: Reading,
    /// Whether a string here stands for an annotation.
    strings_are_types: bool,
    /// How annotations of this file are read.
    annotations: Reading,
    quoted: Vec<Quoted<'a>>,
    owner: Owner,
    /// The methods that the walk is inside of, also through functions in them.
    methods: Vec<Method>,
    /// How many loops and comprehensions the walk is inside of.
    loops: u32,
}

/// A method that the walk is inside of.
#[derive(Clone, Copy)]
struct Method {
    class: SiteIndex,
    function: SiteIndex,
    /// Its first parameter.
    this: NameId,
}

/// What owns the statements of a body.
#[derive(Clone, Copy)]
enum Owner {
    /// The module or a lambda.
    Nobody,
    /// The body of a class, by its place among the classes.
    Class(SiteIndex),
    /// A function, by its place among the functions; of a method, the first parameter.
    Function(SiteIndex, Option<NameId>),
}

impl Owner {
    fn function(self) -> Option<SiteIndex> {
        match self {
            Owner::Function(index, _) => Some(index),
            _ => None,
        }
    }
}

/// A string that stands for an annotation, to be parsed when the walk is over.
struct Quoted<'a> {
    string: &'a ExprStringLiteral,
    node: NodeId,
    scope: ScopeId,
    class: Option<&'a str>,
}

impl<'a> Builder<'a> {
    pub(super) fn build(
        module: &'a ModModule,
        text: &'a str,
        options: Options,
        mut tree: Tree<'a>,
        mut semantic: Semantic<'a>,
    ) -> (Tree<'a>, Semantic<'a>) {
        let root = tree.open(AnyNodeRef::ModModule(module), module, NodeId::ROOT);
        semantic.conditions.push(Condition {
            parent: ConditionId::ALWAYS,
            test: Test::Always,
            statement: root,
            arm: 0,
        });
        let future = imports_future_annotations(&module.body);
        semantic.future_annotations = future;
        let deferred = future || options.is_stub || options.annotations_are_deferred;
        semantic.defers_annotations = deferred;
        let mut builder = Builder {
            tree,
            semantic,
            text,
            parent: root,
            scope: ScopeId::MODULE,
            condition: ConditionId::ALWAYS,
            class: None,
            reading: Reading::Runtime,
            strings_are_types: false,
            annotations: if deferred { Reading::DeferredAnnotation } else { Reading::Annotation },
            quoted: Vec::new(),
            owner: Owner::Nobody,
            methods: Vec::new(),
            loops: 0,
        };
        builder.scope = builder.open_scope(ScopeKind::Module, root);
        builder.body(&module.body);
        builder.tree.close(root);
        builder.read_quoted();
        let own_writes = &mut builder.semantic.sites.own_writes;
        own_writes.sort_unstable();
        own_writes.dedup();
        (builder.tree, builder.semantic)
    }

    // Nodes.

    /// Adds a node and walks what is below it.
    fn node(
        &mut self,
        node: AnyNodeRef<'a>,
        index: &impl HasNodeIndex,
        below: impl FnOnce(&mut Self, NodeId),
    ) -> NodeId {
        let id = self.tree.open(node, index, self.parent);
        let outer = std::mem::replace(&mut self.parent, id);
        below(self, id);
        self.parent = outer;
        self.tree.close(id);
        id
    }

    /// Adds a node that has nothing below it.
    fn leaf(&mut self, node: AnyNodeRef<'a>, index: &impl HasNodeIndex) -> NodeId {
        self.tree.open(node, index, self.parent)
    }

    // Scopes.

    /// Makes a scope inside the current one, without entering it.
    fn open_scope(&mut self, kind: ScopeKind, node: NodeId) -> ScopeId {
        let scopes = &mut self.semantic.scopes;
        let parent = (!scopes.is_empty()).then_some(self.scope);
        scopes.push(Scope {
            kind,
            parent,
            node,
            opaque: false,
            first_symbol: None,
            last_symbol: None,
            symbol_count: 0,
        });
        ScopeId(scopes.len() as u32 - 1)
    }

    /// Walks something in another scope.
    fn within(&mut self, scope: ScopeId, below: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.scope, scope);
        below(self);
        self.scope = outer;
    }

    /// Walks a function's or class's body: conditions around it are not conditions of it, and
    /// nothing in it is an annotation.
    fn within_body(&mut self, scope: ScopeId, owner: Owner, below: impl FnOnce(&mut Self)) {
        let owner = std::mem::replace(&mut self.owner, owner);
        let condition = std::mem::replace(&mut self.condition, ConditionId::ALWAYS);
        let reading = std::mem::replace(&mut self.reading, Reading::Runtime);
        let strings = std::mem::replace(&mut self.strings_are_types, false);
        self.within(scope, below);
        self.owner = owner;
        self.condition = condition;
        self.reading = reading;
        self.strings_are_types = strings;
    }

    /// Walks something under a further condition.
    fn under(&mut self, condition: ConditionId, below: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.condition, condition);
        below(self);
        self.condition = outer;
    }

    fn condition(
        &mut self,
        parent: ConditionId,
        test: Test,
        statement: NodeId,
        arm: u16,
    ) -> ConditionId {
        let conditions = &mut self.semantic.conditions;
        conditions.push(Condition { parent, test, statement, arm });
        ConditionId(conditions.len() as u32 - 1)
    }

    // Names.

    fn name(&mut self, text: &'a str) -> NameId {
        let name = self.semantic.names.intern(text, self.class);
        if name.index() == self.semantic.by_name.len() {
            self.semantic.by_name.push(Namesakes::default());
        }
        name
    }

    /// The symbol of a name in a scope, made when it is new there.
    fn symbol(&mut self, scope: ScopeId, name: NameId) -> SymbolId {
        let now = self.tree.nodes().len() as u32;
        let semantic = &mut self.semantic;
        let Namesakes { head, in_module, .. } = semantic.by_name[name.index()];
        if scope == ScopeId::MODULE {
            return in_module.unwrap_or_else(|| self.new_symbol(scope, name, now));
        }
        let opened = semantic.scopes[scope.index()].node.index() as u32;
        let (mut at, mut before) = (head, None::<SymbolId>);
        while let Some(id) = at {
            let symbol = &mut semantic.symbols[id.index()];
            let next = symbol.same_name;
            if symbol.scope == scope {
                symbol.last_used = now;
                // To the front: names are used where they were used last.
                if let Some(before) = before {
                    symbol.same_name = head;
                    semantic.symbols[before.index()].same_name = next;
                    semantic.by_name[name.index()].head = Some(id);
                }
                return id;
            }
            // This one and those behind it were used last before the scope was opened.
            if symbol.last_used <= opened && symbol.scope != ScopeId::MODULE {
                break;
            }
            (before, at) = (at, next);
        }
        self.new_symbol(scope, name, now)
    }

    fn new_symbol(&mut self, scope: ScopeId, name: NameId, now: u32) -> SymbolId {
        let semantic = &mut self.semantic;
        let id = SymbolId(Index::new(semantic.symbols.len()));
        let namesakes = &mut semantic.by_name[name.index()];
        namesakes.count += 1;
        if scope == ScopeId::MODULE {
            namesakes.in_module = Some(id);
        }
        let same_name = namesakes.head.replace(id);
        semantic.symbols.push(Symbol {
            name,
            scope,
            occurs: Occurs::default(),
            same_name,
            next_in_scope: None,
            first_binding: None,
            last_binding: None,
            last_reference: None,
            last_used: now,
        });
        let scope = &mut semantic.scopes[scope.index()];
        scope.symbol_count += 1;
        match scope.last_symbol.replace(id) {
            Some(last) => semantic.symbols[last.index()].next_in_scope = Some(id),
            None => scope.first_symbol = Some(id),
        }
        id
    }

    fn occurs(&mut self, scope: ScopeId, text: &'a str, how: Occurs) -> SymbolId {
        let name = self.name(text);
        let symbol = self.symbol(scope, name);
        self.semantic.symbols[symbol.index()].occurs.add(how);
        symbol
    }

    /// Binds a name in the current scope.
    fn bind(&mut self, text: &'a str, range: TextRange, kind: BindingKind<'a>, node: NodeId) {
        self.bind_in(self.scope, text, range, kind, node);
    }

    fn bind_in(
        &mut self,
        scope: ScopeId,
        text: &'a str,
        range: TextRange,
        kind: BindingKind<'a>,
        node: NodeId,
    ) {
        let how = match kind {
            BindingKind::Import(..) | BindingKind::FromImport(..) => Occurs::IMPORT,
            BindingKind::Parameter(_) => Occurs::PARAMETER,
            BindingKind::TypeParameter => Occurs::TYPE_PARAMETER.with(Occurs::BOUND),
            BindingKind::Declaration => Occurs::BOUND.with(Occurs::ANNOTATED),
            _ => Occurs::BOUND,
        };
        let mut symbol = self.occurs(scope, text, how);
        if self.semantic.symbols[symbol.index()].occurs.any(Occurs::GLOBAL) {
            // What is assigned is the module's name.
            let name = self.semantic.symbols[symbol.index()].name;
            symbol = self.symbol(ScopeId::MODULE, name);
        }
        let id = BindingId(Index::new(self.semantic.bindings.len()));
        let condition = if scope == self.scope { self.condition } else { ConditionId::ALWAYS };
        self.semantic.bindings.push(Binding { kind, range, node, condition, symbol, next: None });
        let symbol = &mut self.semantic.symbols[symbol.index()];
        match symbol.last_binding.replace(id) {
            Some(last) => self.semantic.bindings[last.0.get()].next = Some(id),
            None => symbol.first_binding = Some(id),
        }
    }

    /// Reads a name in the current scope.
    fn read(&mut self, text: &'a str, start: TextSize, node: NodeId) {
        // Under the future import CPython's symbol table does not look at annotations.
        let unseen = self.reading == Reading::DeferredAnnotation
            && self.semantic.future_annotations
            || self.reading == Reading::Quoted;
        let how = if unseen { Occurs::default() } else { Occurs::READ };
        let symbol = self.occurs(self.scope, text, how);
        let id = ReferenceId(Index::new(self.semantic.references.len()));
        let previous = self.semantic.symbols[symbol.index()].last_reference.replace(id);
        let (scope, reading) = (self.scope, self.reading);
        self.semantic.references.push(Reference { node, scope, reading, start, symbol, previous });
        if self.reading != Reading::Quoted {
            self.semantic.reads.push(node);
        }
        if text == "super" && self.is_function_like() {
            self.occurs(self.scope, "__class__", Occurs::READ);
        }
    }

    fn is_function_like(&self) -> bool {
        let kind = self.semantic.scopes[self.scope.index()].kind;
        matches!(kind, ScopeKind::Function | ScopeKind::Lambda | ScopeKind::Comprehension)
    }

    // Sites.

    /// The function that a statement belongs to now.
    fn own_function(&mut self) -> Option<&mut FunctionSite> {
        let index = self.owner.function()?;
        self.semantic.sites.functions.get_mut(index as usize)
    }

    /// Something is stored that outlives the function.
    fn stores(&mut self) {
        if let Some(function) = self.own_function() {
            function.stores = true;
        }
    }

    /// A `return` or `raise`.
    fn ends(&mut self, node: NodeId) {
        if let Some(function) = self.own_function()
            && function.first_end.is_none()
        {
            function.first_end = Some(node);
        }
    }

    /// Walks something that runs any number of times.
    fn repeated(&mut self, below: impl FnOnce(&mut Self)) {
        self.loops += 1;
        below(self);
        self.loops -= 1;
    }

    // Annotations.

    /// Walks an annotation that is read as `reading`.
    fn annotation(&mut self, expression: &'a Expr, reading: Reading) {
        let outer = std::mem::replace(&mut self.reading, reading);
        let strings = std::mem::replace(&mut self.strings_are_types, true);
        self.expression(expression);
        self.reading = outer;
        self.strings_are_types = strings;
    }

    /// Walks something in which a string is just a string.
    fn with_plain_strings(&mut self, below: impl FnOnce(&mut Self)) {
        let strings = std::mem::replace(&mut self.strings_are_types, false);
        below(self);
        self.strings_are_types = strings;
    }
}

/// Whether the file begins with `from __future__ import annotations`. A future statement stands
/// before all but the docstring and other future statements.
fn imports_future_annotations(body: &[Stmt]) -> bool {
    body.iter()
        .take_while(|statement| match statement {
            Stmt::Expr(it) => it.value.is_string_literal_expr(),
            Stmt::ImportFrom(it) => it.module.as_deref() == Some("__future__"),
            _ => false,
        })
        .filter_map(Stmt::as_import_from_stmt)
        .any(|import| import.names.iter().any(|alias| alias.name.as_str() == "annotations"))
}
