//! Imports: what, when and under which guard.

use bytemuck::{Pod, Zeroable};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::extract::Extractor;
use super::flags;
use super::program::{ImportSite, NOTHING};
use super::strings::Dotted;
use super::versions::ImportGuard;
use crate::semantic::pythons::Pythons;
use crate::semantic::{Test, read_test};
use crate::syntax::NodeId;

/// An import of a module, or of names from one: `import a, b` are two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct ImportFacts {
    /// The absolute name of the module that the statement names.
    pub module: Dotted,
    start: u32,
    end: u32,
    flags: u16,
    kind: u16,
}

impl ImportFacts {
    const IS_FROM: u16 = 1;
    const IS_GUARDED: u16 = 2;
    const IS_STAR: u16 = 4;

    fn new(module: Dotted, range: TextRange, when: When) -> ImportFacts {
        let flags = flags([(when.is_guarded, ImportFacts::IS_GUARDED)]);
        let (start, end) = (range.start().to_u32(), range.end().to_u32());
        ImportFacts { module, start, end, flags, kind: when.kind as u16 }
    }

    /// The same, wherever it stands.
    pub(super) fn without_place(self) -> ImportFacts {
        ImportFacts { start: 0, end: 0, ..self }
    }

    /// The whole statement.
    pub fn range(&self) -> TextRange {
        TextRange::new(TextSize::new(self.start), TextSize::new(self.end))
    }

    /// Whether it is `from module import …`: see [`super::FileFacts::imported`].
    pub fn is_from(&self) -> bool {
        self.flags & ImportFacts::IS_FROM != 0
    }

    /// Whether it is `from module import *`.
    pub fn is_star(&self) -> bool {
        self.flags & ImportFacts::IS_STAR != 0
    }

    /// Whether a `try` stands around it that has a handler for what a failing import raises.
    pub fn is_guarded(&self) -> bool {
        self.flags & ImportFacts::IS_GUARDED != 0
    }

    /// When it runs.
    pub fn kind(&self) -> ImportKind {
        match self.kind {
            0 => ImportKind::Eager,
            1 => ImportKind::Conditional,
            2 => ImportKind::Lazy,
            _ => ImportKind::Typing,
        }
    }
}

/// When an import runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportKind {
    /// When the module is imported.
    Eager,
    /// When the module is imported, in some runs: under a condition that is not decided.
    Conditional,
    /// When a function is called, or a lazily imported name (PEP 810) is used.
    Lazy,
    /// Never: only type checkers see it.
    Typing,
}

/// When an import statement runs, and whether a `try` guards it.
#[derive(Clone, Copy)]
struct When {
    kind: ImportKind,
    is_guarded: bool,
    /// The Pythons that come to it.
    on: Pythons,
}

impl<'a> Extractor<'a, '_> {
    pub(super) fn imports(&mut self) {
        for id in &self.semantic.sites().imports {
            let id = *id;
            let (import, name) =
                (self.lists.imports.len() as u32, self.lists.imported.len() as u32);
            self.import_sites.push(ImportSite { import, name });
            match self.tree.node(id) {
                AnyNodeRef::StmtImport(statement) => {
                    let when = self.when(id, statement.is_lazy);
                    for alias in &statement.names {
                        let module = self.interner.dotted_text(None, alias.name.as_str());
                        let range = statement.range;
                        let import = module.map(|it| ImportFacts::new(it, range, when));
                        self.lists.imports.extend(import);
                        self.guard_last(when.on);
                    }
                }
                AnyNodeRef::StmtImportFrom(statement) => {
                    let Some(module) = self.imported_from(statement) else {
                        if let Some(site) = self.import_sites.last_mut() {
                            site.import = NOTHING;
                        }
                        continue;
                    };
                    let when = self.when(id, statement.is_lazy);
                    let owner = self.lists.imports.len() as u32;
                    for alias in &statement.names {
                        let name = self.interner.text(alias.name.as_str());
                        self.lists.imported.push(owner, name);
                    }
                    let mut import = ImportFacts::new(module, statement.range, when);
                    let is_star = statement.names.iter().any(|it| it.name.as_str() == "*");
                    import.flags |=
                        flags([(true, ImportFacts::IS_FROM), (is_star, ImportFacts::IS_STAR)]);
                    self.lists.imports.push(import);
                    self.guard_last(when.on);
                }
                _ => {}
            }
        }
    }

    /// Notes the Pythons that come to the last import, if those are not all.
    fn guard_last(&mut self, on: Pythons) {
        if on != Pythons::ALL
            && let Some(last) = self.lists.imports.len().checked_sub(1)
        {
            self.lists.import_guards.push(ImportGuard::new(last as u32, on));
        }
    }

    /// The absolute name of what `from …` names.
    pub(super) fn imported_from(&mut self, statement: &'a ast::StmtImportFrom) -> Option<Dotted> {
        if let Some((last, module)) = self.last_module
            && std::ptr::eq(last, statement)
        {
            return module;
        }
        let around = match statement.level {
            0 => Some(None),
            level => self.around(level).map(Some),
        };
        let module = statement.module.as_ref().map_or("", |it| it.as_str());
        let module = around.and_then(|around| self.interner.dotted_text(around, module));
        self.last_module = Some((statement, module));
        module
    }

    /// What so many dots before the name of a module mean.
    fn around(&mut self, level: u32) -> Option<Dotted> {
        if let Some((last, around)) = self.last_around
            && last == level
        {
            return around;
        }
        let info = self.info;
        let around = info.module.ancestor(level);
        let around = around.and_then(|it| self.interner.dotted_text(None, it));
        self.last_around = Some((level, around));
        around
    }

    fn when(&self, statement: NodeId, is_lazy: bool) -> When {
        let (mut kind, mut is_guarded, mut on) = (ImportKind::Eager, false, Pythons::ALL);
        let range = self.tree.node(statement).range();
        let mut inner = statement;
        for (id, ancestor) in self.tree.ancestors(statement) {
            match ancestor {
                AnyNodeRef::StmtFunctionDef(it) => {
                    kind = ImportKind::Lazy;
                    on = on.and(self.past(&it.body, range));
                }
                AnyNodeRef::ExprLambda(_) => kind = ImportKind::Lazy,
                AnyNodeRef::StmtTry(it) => {
                    is_guarded |= self.is_in(&it.body, inner)
                        && it.handlers.iter().any(catches_import_errors);
                    is_guarded |= !self.is_in(&it.body, inner);
                }
                AnyNodeRef::StmtIf(it) => {
                    let test = read_test(&it.test);
                    let in_body = self.is_in(&it.body, inner);
                    on = on.and(self.reached(it, range));
                    match test {
                        Test::TypeChecking(is) if is == in_body => {
                            return When { kind: ImportKind::Typing, is_guarded, on };
                        }
                        Test::TypeChecking(_) => {}
                        _ if kind == ImportKind::Eager => kind = ImportKind::Conditional,
                        _ => {}
                    }
                }
                AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_) | AnyNodeRef::StmtMatch(_)
                    if kind == ImportKind::Eager =>
                {
                    kind = ImportKind::Conditional;
                }
                _ => {}
            }
            inner = id;
        }
        if is_lazy {
            kind = ImportKind::Lazy;
        }
        When { kind, is_guarded, on }
    }

    fn is_in(&self, body: &[ast::Stmt], node: NodeId) -> bool {
        let (Some(first), Some(last)) = (body.first(), body.last()) else { return false };
        self.tree.id(first) <= node && node <= self.tree.id(last)
    }
}

/// Whether a handler catches what a failing import raises.
fn catches_import_errors(handler: &ast::ExceptHandler) -> bool {
    let ast::ExceptHandler::ExceptHandler(handler) = handler;
    let names = |expression: &Expr| match expression {
        Expr::Name(name) => matches!(
            name.id.as_str(),
            "ImportError"
                | "ModuleNotFoundError"
                | "Exception"
                | "BaseException"
                | "AttributeError"
        ),
        _ => false,
    };
    match handler.type_.as_deref() {
        None => true,
        Some(Expr::Tuple(tuple)) => tuple.elts.iter().any(names),
        Some(expression) => names(expression),
    }
}
