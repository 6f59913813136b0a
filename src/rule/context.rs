//! What a rule sees of an open file.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, HasNodeIndex};
use ruff_python_parser::UnsupportedSyntaxError;
use ruff_text_size::{Ranged, TextLen, TextRange, TextSize};

use super::option::{Opt, Target, Value, Values};
use super::{Need, Rule, import};
use crate::diagnostic::Diagnostic;
use crate::facts::{CostLevel, Dataclass, NotedCost, Premise};
use crate::semantic::{Binding, ModuleName, QualifiedName, ScopeId, Semantic, SymbolId};
use crate::syntax::tree::is_string;
use crate::syntax::{NodeId, Tree};

pub use import::Imported;

/// An open file, as a rule sees it.
pub struct Context<'a> {
    /// The decoded text.
    pub text: &'a str,
    /// The syntax tree.
    pub tree: &'a Tree<'a>,
    /// Scopes, bindings and names.
    pub semantic: &'a Semantic<'a>,
    /// What the file is imported as.
    pub module: &'a ModuleName,
    /// A `.pyi` file.
    pub is_stub: bool,
    /// What the parser found to be newer than the oldest target.
    pub unsupported_syntax: &'a [UnsupportedSyntaxError],
    pub(crate) root: &'a ast::ModModule,
    pub(crate) values: &'a Values,
    pub(crate) rule: &'static Rule,
    pub(crate) found: Vec<Diagnostic>,
    pub(crate) suspected: Vec<Suspect>,
    pub(crate) needs: Vec<Need>,
    pub(crate) costs: Vec<NotedCost>,
    /// See [`Context::once`].
    pub(crate) known: RefCell<Vec<Rc<dyn Any>>>,
}

/// A suspicion while its file is open: about a node yet, not about facts.
pub(crate) struct Suspect {
    pub(crate) subject: NodeId,
    pub(crate) about: Option<String>,
    pub(crate) premise: Option<Premise>,
    pub(crate) diagnostic: Diagnostic,
}

impl<'a> Context<'a> {
    // Shape.

    /// The number of a node.
    pub fn id(&self, node: impl HasNodeIndex) -> NodeId {
        self.tree.id(node)
    }

    /// The module.
    pub fn root(&self) -> &'a ast::ModModule {
        self.root
    }

    /// What holds a node.
    pub fn parent(&self, node: impl HasNodeIndex) -> AnyNodeRef<'a> {
        self.tree.node(self.tree.parent(self.tree.id(node)))
    }

    /// What holds a node, from the inside out, up to the module.
    pub fn ancestors<N: HasNodeIndex>(
        &self,
        node: N,
    ) -> impl Iterator<Item = AnyNodeRef<'a>> + use<'a, N> {
        self.tree.ancestors(self.tree.id(node)).map(|(_, node)| node)
    }

    /// Everything below a node, in source order.
    pub fn descendants(&self, node: impl HasNodeIndex) -> &'a [AnyNodeRef<'a>] {
        self.tree.descendants(self.tree.id(node))
    }

    /// What is below a node, but not into nested functions, lambdas and classes.
    pub fn own<N: HasNodeIndex>(
        &self,
        node: N,
    ) -> impl Iterator<Item = AnyNodeRef<'a>> + use<'a, N> {
        self.tree.own(self.tree.id(node))
    }

    /// The class whose body a function stands directly in.
    pub fn class_of(&self, function: &ast::StmtFunctionDef) -> Option<&'a ast::StmtClassDef> {
        match self.parent(function) {
            AnyNodeRef::StmtClassDef(class) => Some(class),
            _ => None,
        }
    }

    // Meaning.

    /// The absolute dotted name of what an expression stands for, through imports and aliases.
    pub fn qualified(&self, expression: &'a Expr) -> Option<QualifiedName<'a>> {
        self.semantic.qualified(self.tree, self.module, expression)
    }

    /// Whether an expression stands for a dotted name: `cx.is(f, "functools.wraps")`.
    pub fn is(&self, expression: &'a Expr, name: &str) -> bool {
        let may_be = |last: &str| name.ends_with(last);
        let qualified = self.semantic.qualified_if(self.tree, self.module, expression, may_be);
        qualified.is_some_and(|it| it.is(name))
    }

    /// Whether an expression stands for one of these dotted names.
    pub fn is_any(&self, expression: &'a Expr, names: &[&str]) -> bool {
        let may_be = |last: &str| names.iter().any(|name| name.ends_with(last));
        let qualified = self.semantic.qualified_if(self.tree, self.module, expression, may_be);
        qualified.is_some_and(|it| it.is_any(names))
    }

    /// Like [`Context::qualified`], where only some names are of interest: `may_be` is told the last
    /// part before the name is put together.
    pub fn qualified_if(
        &self,
        expression: &'a Expr,
        may_be: impl Fn(&str) -> bool,
    ) -> Option<QualifiedName<'a>> {
        self.semantic.qualified_if(self.tree, self.module, expression, may_be)
    }

    /// The scope in which a node is evaluated.
    pub fn scope(&self, node: impl HasNodeIndex) -> ScopeId {
        self.semantic.scope_at(self.tree, self.tree.id(node))
    }

    /// What a name belongs to: `None` for a builtin or an unbound name.
    pub fn symbol(&self, name: &ast::ExprName) -> Option<SymbolId> {
        self.semantic.symbol_named(self.tree, name)
    }

    /// What a decorator of the `dataclass` family is asked to write into a class.
    pub fn dataclass(
        &self,
        class: &'a ast::StmtClassDef,
    ) -> Option<(&'a ast::Decorator, Dataclass)> {
        Dataclass::of(class, |it| self.qualified(it))
    }

    /// The binding that a name has whenever it is used: `None` where there are several.
    pub fn binding(&self, name: &ast::ExprName) -> Option<&'a Binding<'a>> {
        self.semantic.only_binding(self.symbol(name)?)
    }

    /// The bindings that a class body makes of a name, in source order.
    pub fn members(&self, class: &'a ast::StmtClassDef, name: &str) -> Vec<&Binding<'a>> {
        let symbol = || {
            // Most names that are asked for are nowhere in the file.
            let name = self.semantic.name(name)?;
            self.semantic.symbol_in(self.semantic.scope_of(self.id(class))?, name)
        };
        symbol().map_or(Vec::new(), |it| self.semantic.bindings(it).collect())
    }

    /// The Pythons that the file must run on; `None` where nothing declares them.
    pub fn target(&self) -> Option<Target> {
        self.values.target
    }

    /// Whether rules are asked what the code needs of a Python, guarded uses included.
    pub fn is_census(&self) -> bool {
        self.values.is_census
    }

    /// The value of an option of this rule.
    pub fn get<T: Value>(&self, option: &Opt<T>) -> T::Read {
        self.values.get(self.rule.name, option)
    }

    /// What several handlers have to know of the file, found out by the first that asks. It is known
    /// by its type.
    pub fn once<T: 'static>(&self, find: impl FnOnce(&Self) -> T) -> Rc<T> {
        let known = self.known.borrow().iter().find(|it| it.is::<T>()).map(Rc::clone);
        if let Some(known) = known.and_then(|it| it.downcast().ok()) {
            return known;
        }
        let found = Rc::new(find(self));
        let shared: Rc<dyn Any> = Rc::<T>::clone(&found);
        self.known.borrow_mut().push(shared);
        found
    }

    /// Whether the file imports a top-level module like this, or something in it.
    pub fn imports_top(&self, is_it: impl Fn(&str) -> bool) -> bool {
        let is_in_it = |dotted: &str| is_it(dotted.split('.').next().unwrap_or_default());
        self.semantic.sites().imports.iter().any(|id| match self.tree.node(*id) {
            AnyNodeRef::StmtImport(it) => it.names.iter().any(|alias| is_in_it(&alias.name)),
            AnyNodeRef::StmtImportFrom(it) => {
                it.level == 0 && it.module.as_deref().is_some_and(is_in_it)
            }
            _ => false,
        })
    }

    // Text.

    /// The text of something.
    pub fn slice(&self, at: impl Ranged) -> &'a str {
        &self.text[at.range()]
    }

    /// Where the line of an offset begins.
    pub fn line_start(&self, at: TextSize) -> TextSize {
        let before = &self.text[..at.to_usize()];
        let start = before.rfind(['\n', '\r']).map_or(0, |it| it + 1);
        TextSize::try_from(start).unwrap_or(at)
    }

    /// The end of the line that a statement ends on, if nothing but a comment follows it there:
    /// where lines after it can be put.
    pub fn line_end_after(&self, statement: impl Ranged) -> Option<TextSize> {
        let rest = self.text[statement.end().to_usize()..].split(['\n', '\r']).next()?;
        let said = rest.trim_start_matches([' ', '\t', '\x0c', ';']);
        let is_free = said.is_empty() || said.starts_with('#');
        is_free.then(|| statement.end() + rest.text_len())
    }

    /// The white space that the line of an offset begins with.
    pub fn indent_at(&self, at: TextSize) -> &'a str {
        let line = &self.text[self.line_start(at).to_usize()..];
        &line[..line.len() - line.trim_start_matches([' ', '\t', '\x0c']).len()]
    }

    /// Whether something begins its line: only white space stands before it.
    pub fn begins_line(&self, at: TextSize) -> bool {
        self.text[TextRange::new(self.line_start(at), at)].trim().is_empty()
    }

    /// Whether a range has a comment in it. Asked where a fix would replace the range.
    pub fn has_comment(&self, range: TextRange) -> bool {
        // A `#` inside a string is no comment; strings are nodes of the tree.
        let text = &self.text[range];
        let strings = || self.tree.nodes().iter().filter(|node| is_string(**node));
        memchr::memchr_iter(b'#', text.as_bytes()).any(|at| {
            let at = range.start() + TextSize::try_from(at).unwrap_or_default();
            !strings().any(|node| node.range().contains(at))
        })
    }

    /// How to say `module.name` at the top of the file or in any scope inside `near`, and the edit
    /// that makes it sayable. `None` where the name is taken.
    pub fn import(
        &self,
        module: &'static str,
        name: &'static str,
        near: impl HasNodeIndex,
    ) -> Option<Imported> {
        import::import(self, module, name, self.tree.id(near))
    }

    // Speech.

    /// Reports at a place.
    pub fn report(&mut self, at: impl Ranged, message: impl Into<String>) -> &mut Diagnostic {
        self.found.push(self.diagnostic(at, message));
        self.found.last_mut().expect("one was just pushed")
    }

    /// Reports about a class, a function or the module what only the whole project can confirm: built here, fix
    /// and all, where the syntax is at hand. The rule's `On::Suspicion` decides.
    pub fn suspect(
        &mut self,
        subject: impl HasNodeIndex,
        at: impl Ranged,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.suspect_with(subject, None, at, message)
    }

    /// Like [`Context::suspect`], where the answer also depends on something else: `about` is its
    /// absolute dotted name.
    pub fn suspect_about(
        &mut self,
        subject: impl HasNodeIndex,
        about: impl Into<String>,
        at: impl Ranged,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.suspect_with(subject, Some(about.into()), at, message)
    }

    fn suspect_with(
        &mut self,
        subject: impl HasNodeIndex,
        about: Option<String>,
        at: impl Ranged,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        let (subject, diagnostic) = (self.tree.id(subject), self.diagnostic(at, message));
        self.suspected.push(Suspect { subject, about, premise: None, diagnostic });
        &mut self.suspected.last_mut().expect("one was just pushed").diagnostic
    }

    /// Reports what is so on some Pythons, if the project runs the file on one of them. The rule's
    /// `On::Suspicion` decides: see [`super::Suspected::pythons`].
    pub fn report_on(
        &mut self,
        premise: Premise,
        at: impl Ranged,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        let diagnostic = self.diagnostic(at, message);
        let (subject, premise) = (NodeId::ROOT, Some(premise));
        self.suspected.push(Suspect { subject, about: None, premise, diagnostic });
        &mut self.suspected.last_mut().expect("one was just pushed").diagnostic
    }

    /// A finding that no one will see, for rules that are only asked what the code needs.
    pub fn unsaid(&mut self) -> &mut Diagnostic {
        if self.found.is_empty() {
            self.found.push(self.diagnostic(TextRange::default(), String::new()));
        }
        self.found.last_mut().expect("there is one")
    }

    /// Notes what the code needs of a Python, if that is asked for.
    pub fn need(&mut self, need: impl FnOnce() -> Need) {
        if self.is_census() {
            self.needs.push(need());
        }
    }

    /// Says what a call or something else costs, whatever is known of it otherwise; `None` for
    /// nothing to speak of. It is shown at a place of the same file.
    pub fn cost(
        &mut self,
        node: impl HasNodeIndex,
        at: impl Ranged,
        level: Option<CostLevel>,
        what: impl Into<String>,
    ) {
        let (node, range, what) = (self.tree.id(node), at.range(), what.into());
        self.costs.push(NotedCost { node, range, level, what });
    }

    fn diagnostic(&self, at: impl Ranged, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.rule.name, self.rule.severity, at, message)
    }
}
