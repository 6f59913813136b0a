//! An import statement of a module, and how what it imports is used there.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::places::Place;
use crate::rule::Context;
use crate::semantic::{Occurs, Reading, Reference, ScopeId, ScopeKind, SymbolId};
use crate::syntax::NodeId;

/// An import statement that runs while its module is imported, and what of it is to be cut.
pub(super) struct ImportStatement<'a> {
    pub(super) place: Place<'a>,
    pub(super) names: Vec<ImportedName<'a>>,
    /// What else it imports, in the order of the source: that stays.
    pub(super) rest: Vec<&'a ast::Alias>,
}

/// A name that is imported.
pub(super) struct ImportedName<'a> {
    pub(super) alias: &'a ast::Alias,
    /// What it is called here.
    pub(super) local: &'a str,
    pub(super) uses: Vec<Use<'a>>,
}

/// A use of an imported name.
#[derive(Clone, Copy)]
pub(super) struct Use<'a> {
    pub(super) when: When<'a>,
    /// Where the name stands; for a name in a quoted annotation, where the string does.
    pub(super) node: NodeId,
    pub(super) range: TextRange,
}

/// When a use needs its name.
#[derive(Clone, Copy)]
pub(super) enum When<'a> {
    /// In an annotation that is a string: never.
    Quoted,
    /// In an annotation that is not evaluated by itself.
    DeferredAnnotation,
    /// In an annotation that is evaluated while the module is imported: all of it.
    Annotation(&'a Expr),
    /// When a function is called: the outermost one.
    Called(&'a ast::StmtFunctionDef),
    /// When a lambda is called that is not in a function.
    Lambda,
    /// While the module is imported.
    Imported,
}

impl<'a> ImportStatement<'a> {
    /// The statement at a place, if it stands alone on its lines, with the names that are bound
    /// nowhere else.
    pub(super) fn at(cx: &Context<'a>, range: TextRange) -> Option<ImportStatement<'a>> {
        let mut imports = cx.semantic.sites().imports.iter();
        let id = *imports.find(|id| cx.tree.node(**id).range() == range)?;
        let place = Place::new(cx, id)?;
        if cx.semantic.scope(place.scope).opaque
            || !cx.begins_line(place.statement.start())
            || cx.line_end_after(place.statement).is_none()
        {
            return None;
        }
        let mut import = ImportStatement { place, names: Vec::new(), rest: Vec::new() };
        let aliases = match place.statement {
            Stmt::Import(it) if !it.is_lazy => &it.names,
            Stmt::ImportFrom(it) if !it.is_lazy => &it.names,
            _ => return None,
        };
        for alias in aliases {
            // `import name as name` is meant for others.
            let is_meant_for_others = place.scope == ScopeId::MODULE
                && alias.asname.as_ref().is_some_and(|it| it.as_str() == alias.name.as_str());
            let name = ImportedName::new(cx, alias, place.scope);
            match name.filter(|_| !is_meant_for_others) {
                Some(name) => import.names.push(name),
                None => import.rest.push(alias),
            }
        }
        Some(import)
    }

    /// Cuts some of the names alone.
    pub(super) fn only(mut self, is_cut: impl Fn(&ImportedName<'a>) -> bool) -> Self {
        let (cut, rest): (Vec<_>, Vec<_>) = self.names.into_iter().partition(|it| is_cut(it));
        self.names = cut;
        self.rest.extend(rest.iter().map(|it| it.alias));
        self.rest.sort_by_key(|it| it.start());
        self
    }

    pub(super) fn statement(&self) -> &'a Stmt {
        self.place.statement
    }
}

impl<'a> ImportedName<'a> {
    pub(super) fn new(
        cx: &Context<'a>,
        alias: &'a ast::Alias,
        scope: ScopeId,
    ) -> Option<ImportedName<'a>> {
        let top = || alias.name.as_str().split('.').next().unwrap_or_default();
        let local = alias.asname.as_ref().map_or_else(top, |it| it.as_str());
        let symbol = cx.semantic.symbol_in(scope, cx.semantic.name(local)?)?;
        if cx.semantic.bindings(symbol).count() != 1 {
            return None;
        }
        let mut uses = Vec::new();
        for read in cx.semantic.references(symbol) {
            uses.push(Use::new(cx, read, local)?);
        }
        uses.sort_by_key(|it| it.range.start());
        Some(ImportedName { alias, local, uses })
    }

    /// Whether something uses it while the module is imported.
    pub(super) fn is_needed_at_once(&self) -> bool {
        self.uses.iter().any(|it| matches!(it.when, When::Imported))
    }

    /// Whether it is used in annotations alone.
    pub(super) fn is_for_annotations(&self) -> bool {
        self.uses.iter().all(|it| it.is_annotation())
    }
}

impl<'a> Use<'a> {
    fn new(cx: &Context<'a>, read: &Reference, local: &str) -> Option<Use<'a>> {
        let node = cx.tree.node(read.node);
        let range = node.range();
        let when = match read.reading {
            Reading::Quoted => When::Quoted,
            Reading::DeferredAnnotation => When::DeferredAnnotation,
            // Bounds of type parameters and type aliases are evaluated when they are asked for.
            _ if is_lazy(cx, read.scope) => When::DeferredAnnotation,
            Reading::Annotation | Reading::Runtime => match outermost(cx, read.scope) {
                Some(AnyNodeRef::StmtFunctionDef(function)) => When::Called(function),
                Some(_) => When::Lambda,
                None if read.reading == Reading::Annotation => {
                    When::Annotation(annotation_around(cx, read.node)?)
                }
                None => When::Imported,
            },
        };
        let is_plain = matches!(when, When::Quoted) || cx.slice(range) == local;
        is_plain.then_some(Use { when, node: read.node, range })
    }

    /// Whether it stands in an annotation.
    pub(super) fn is_annotation(&self) -> bool {
        matches!(self.when, When::Quoted | When::DeferredAnnotation | When::Annotation(_))
    }
}

/// Whether what is evaluated in a scope waits until somebody asks for it.
fn is_lazy(cx: &Context<'_>, scope: ScopeId) -> bool {
    let mut scopes = std::iter::successors(Some(scope), |it| cx.semantic.scope(*it).parent);
    scopes.any(|it| cx.semantic.scope(it).kind == ScopeKind::LazyExpression)
}

/// The outermost function or lambda around a scope, or it.
fn outermost<'a>(cx: &Context<'a>, scope: ScopeId) -> Option<AnyNodeRef<'a>> {
    let scopes = std::iter::successors(Some(scope), |it| cx.semantic.scope(*it).parent);
    let functions = scopes
        .map(|it| cx.semantic.scope(it))
        .filter(|it| matches!(it.kind, ScopeKind::Function | ScopeKind::Lambda));
    functions.last().map(|it| cx.tree.node(it.node))
}

/// The whole annotation that a name stands in.
fn annotation_around<'a>(cx: &Context<'a>, name: NodeId) -> Option<&'a Expr> {
    let range = cx.tree.node(name).range();
    let is_around = |it: &&Expr| it.range().contains_range(range);
    cx.tree.ancestors(name).find_map(|(_, node)| match node {
        AnyNodeRef::Parameter(it) => Some(it.annotation.as_deref().filter(is_around)),
        AnyNodeRef::StmtAnnAssign(it) => Some(Some(&*it.annotation).filter(is_around)),
        AnyNodeRef::StmtFunctionDef(it) => Some(it.returns.as_deref().filter(is_around)),
        _ => None,
    })?
}

/// Whether a name can be imported in a function without any scope inside it being any wiser.
pub(super) fn is_free_in(cx: &Context<'_>, function: &ast::StmtFunctionDef, local: &str) -> bool {
    let id = cx.id(function);
    let Some(name) = cx.semantic.name(local) else { return true };
    let opaque = cx.semantic.scope_of(id).is_none_or(|it| cx.semantic.scope(it).opaque);
    let is_inside = |node: NodeId| node == id || cx.tree.contains(id, node);
    let says_otherwise = |symbol: SymbolId| {
        let occurs = cx.semantic.occurs(symbol);
        occurs.is_bound() || occurs.any(Occurs::GLOBAL.with(Occurs::NONLOCAL))
    };
    let mut scopes = (0..cx.semantic.scopes().len()).map(|index| &cx.semantic.scopes()[index]);
    !opaque
        && scopes.all(|scope| {
            !is_inside(scope.node)
                || cx
                    .semantic
                    .scope_of(scope.node)
                    .and_then(|it| cx.semantic.symbol_in(it, name))
                    .is_none_or(|symbol| !says_otherwise(symbol))
        })
}
