//! Tree and semantic model to facts.

use std::cell::RefCell;

use ruff_python_ast::{self as ast, AnyNodeRef, Expr};

use super::scan::Scan;
use super::strings::Interner;
use super::{BindingFacts, FileFacts, ImportFacts, ImportKind, Lists, Part, Target, Text};
use crate::semantic::{
    BindingKind, ModuleName, QualifiedName, ScopeId, ScopeKind, Semantic, SymbolId, Test,
};
use crate::suppression::Suppressions;
use crate::syntax::{NodeId, Tree};

/// What is known of a file before it is opened.
#[derive(Clone, Debug)]
pub struct FileInfo {
    /// As it is shown.
    pub path: String,
    /// The folder its module name counts from, in the same form.
    pub root: String,
    /// What it is imported as.
    pub module: ModuleName,
}

/// Takes the facts of a file. Suppressions are the caller's; suspicions are added by it.
pub fn extract<'a>(
    info: &'a FileInfo,
    tree: &Tree<'a>,
    semantic: &Semantic<'a>,
    suppressions: Suppressions,
) -> FileFacts {
    let Scratch { interner, lists, scan } = SCRATCH.with_borrow_mut(std::mem::take);
    let mut extractor = Extractor {
        info,
        tree,
        semantic,
        interner,
        scan: scan.of(tree),
        lists,
        known: vec![None; semantic.symbol_count()],
    };
    let classes = extractor.classes();
    let functions = extractor.functions();
    let bindings = extractor.bindings();
    let imports = extractor.imports();
    let loop_calls = extractor.loop_calls();
    let (decorators, decorator_factories) = extractor.decorators();
    let foreign_attribute_writes = extractor.foreign_attribute_writes();
    let Extractor { mut interner, mut lists, scan, .. } = extractor;
    let facts = FileFacts {
        path: info.path.clone(),
        root: info.root.clone(),
        module: info.module.clone(),
        is_stub: info.path.ends_with(".pyi"),
        is_opaque: semantic.scope(ScopeId::MODULE).opaque,
        has_getattr: semantic.global("__getattr__").is_some(),
        imports,
        bindings,
        classes,
        functions,
        loop_calls,
        decorators,
        decorator_factories,
        foreign_attribute_writes,
        lists: lists.take(),
        suppressions,
        suspicions: Vec::new(),
        strings: interner.take(),
    };
    SCRATCH.set(Scratch { interner, lists, scan: scan.recycle() });
    facts
}

/// What is used again for one file after another: what grows here does not grow in between the
/// pieces of syntax trees.
#[derive(Default)]
struct Scratch {
    interner: Interner,
    lists: Lists,
    scan: Scan<'static>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

pub(super) struct Extractor<'a, 't> {
    pub(super) info: &'a FileInfo,
    pub(super) tree: &'t Tree<'a>,
    pub(super) semantic: &'t Semantic<'a>,
    pub(super) interner: Interner,
    /// Where things stand; classes and functions are numbered by their place in it.
    pub(super) scan: Scan<'a>,
    pub(super) lists: Lists,
    /// What names stand for that were asked about before.
    known: Vec<Option<Target>>,
}

impl<'a> Extractor<'a, '_> {
    pub(super) fn text(&mut self, text: &str) -> Text {
        self.interner.intern(text)
    }

    pub(super) fn class_index(&self, node: NodeId) -> Option<u32> {
        self.scan.classes.binary_search(&node).ok().map(|at| at as u32)
    }

    pub(super) fn function_index(&self, node: NodeId) -> Option<u32> {
        self.scan.functions.binary_search(&node).ok().map(|at| at as u32)
    }

    /// What an expression stands for; subscripts are not looked through.
    pub(super) fn target(&mut self, expression: &'a Expr, scope: ScopeId) -> Target {
        match expression {
            Expr::Name(name) => {
                let Some(id) = self.semantic.name(name.id.as_str()) else { return Target::Unknown };
                match self.semantic.resolve_at(scope, id, name.range.start()) {
                    Some(symbol) => self.symbol_target(symbol),
                    None => self.qualified_target(expression, scope),
                }
            }
            Expr::Attribute(_) => self.qualified_target(expression, scope),
            _ => Target::Unknown,
        }
    }

    /// Like [`Extractor::target`], but what stands for an imported or builtin name is left as it is:
    /// most callees do not matter and need no text.
    pub(super) fn call_target(
        &mut self,
        callee: &'a Expr,
        scope: ScopeId,
    ) -> Option<CallTarget<'a>> {
        if let Expr::Name(name) = callee {
            let id = self.semantic.name(name.id.as_str())?;
            if let Some(symbol) = self.semantic.resolve_at(scope, id, name.range.start()) {
                return Some(CallTarget::Known(self.symbol_target(symbol)));
            }
        }
        // An attribute of a value is known to be unknown from its first part.
        let mut head = callee;
        while let Expr::Attribute(attribute) = head {
            head = &attribute.value;
        }
        let id = self.semantic.name(head.as_name_expr()?.id.as_str())?;
        if let Some(symbol) = self.semantic.resolve(scope, id)
            && self.symbol_target(symbol) == Target::Unknown
        {
            return None;
        }
        let name = self.semantic.qualified_from(scope, &self.info.module, callee)?;
        Some(CallTarget::Named(name))
    }

    fn qualified_target(&mut self, expression: &'a Expr, scope: ScopeId) -> Target {
        match self.semantic.qualified_from(scope, &self.info.module, expression) {
            Some(name) => self.name_target(name),
            None => Target::Unknown,
        }
    }

    fn name_target(&mut self, name: QualifiedName<'a>) -> Target {
        match name.parts() {
            ["builtins", builtin] => Target::Builtin(self.text(builtin)),
            _ => Target::Absolute(self.text(&name.to_string())),
        }
    }

    fn symbol_target(&mut self, symbol: SymbolId) -> Target {
        if let Some(target) = self.known[symbol.index()] {
            return target;
        }
        let target = self.find_symbol_target(symbol);
        self.known[symbol.index()] = Some(target);
        target
    }

    fn find_symbol_target(&mut self, symbol: SymbolId) -> Target {
        let Some(binding) = self.semantic.only_binding(symbol) else { return Target::Unknown };
        let known = match binding.kind {
            BindingKind::Class(class) => self.class_index(self.tree.id(class)).map(Target::Class),
            BindingKind::Function(function) => {
                self.function_index(self.tree.id(function)).map(Target::Function)
            }
            _ => None,
        };
        known.unwrap_or_else(|| match self.semantic.qualified_binding(binding, &self.info.module) {
            Some(name) => self.name_target(name),
            None => Target::Unknown,
        })
    }

    fn bindings(&mut self) -> Vec<BindingFacts> {
        let semantic = self.semantic;
        let mut bindings: Vec<(&'a str, Target)> = semantic
            .symbols(ScopeId::MODULE)
            .filter(|symbol| semantic.bindings(*symbol).any(|it| it.kind.gives_value()))
            .map(|symbol| (semantic.text(symbol), self.symbol_target(symbol)))
            .collect();
        bindings.sort_by_key(|(name, _)| *name);
        bindings
            .into_iter()
            .map(|(name, target)| BindingFacts { name: self.text(name), target })
            .collect()
    }

    fn imports(&mut self) -> Vec<ImportFacts> {
        let tree = self.tree;
        let mut imports = Vec::new();
        for at in 0..self.scan.imports.len() {
            let id = self.scan.imports[at];
            match tree.node(id) {
                AnyNodeRef::StmtImport(statement) => {
                    let (kind, is_guarded) = self.import_kind(id, statement.is_lazy);
                    for alias in &statement.names {
                        let module = self.text(alias.name.as_str());
                        let range = statement.range;
                        imports.push(ImportFacts { module, name: None, range, kind, is_guarded });
                    }
                }
                AnyNodeRef::StmtImportFrom(statement) => {
                    let from = statement.module.as_ref().map(|it| it.as_str());
                    let Some(from) = self.info.module.absolute(statement.level, from) else {
                        continue;
                    };
                    let (kind, is_guarded) = self.import_kind(id, statement.is_lazy);
                    let module = self.text(&from);
                    for alias in &statement.names {
                        let name = Some(self.text(alias.name.as_str()));
                        let range = statement.range;
                        imports.push(ImportFacts { module, name, range, kind, is_guarded });
                    }
                }
                _ => {}
            }
        }
        imports
    }

    /// When an import statement runs, and whether a `try` guards it.
    fn import_kind(&self, statement: NodeId, is_lazy: bool) -> (ImportKind, bool) {
        let (mut kind, mut is_guarded) = (ImportKind::Eager, false);
        let mut inner = statement;
        for (id, ancestor) in self.tree.ancestors(statement) {
            match ancestor {
                AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ExprLambda(_) => {
                    kind = ImportKind::Lazy;
                }
                AnyNodeRef::StmtTry(it) => {
                    is_guarded |= self.is_in(&it.body, inner)
                        && it.handlers.iter().any(catches_import_errors);
                    is_guarded |= !self.is_in(&it.body, inner);
                }
                AnyNodeRef::StmtIf(it) => {
                    let test = crate::semantic::read_test(&it.test);
                    let in_body = self.is_in(&it.body, inner);
                    match test {
                        Test::TypeChecking(is) if is == in_body => {
                            return (ImportKind::Typing, is_guarded);
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
        (kind, is_guarded)
    }

    fn is_in(&self, body: &[ast::Stmt], node: NodeId) -> bool {
        let (Some(first), Some(last)) = (body.first(), body.last()) else { return false };
        self.tree.id(first) <= node && node <= self.tree.id(last)
    }

    /// What is called in loops.
    fn loop_calls(&mut self) -> Vec<Target> {
        let tree = self.tree;
        let mut calls = Vec::new();
        for at in 0..self.scan.repeated_calls.len() {
            let id = self.scan.repeated_calls[at];
            let AnyNodeRef::ExprCall(call) = tree.node(id) else { continue };
            if may_be_class(&call.func) {
                let scope = self.semantic.scope_at(tree, id);
                calls.push(self.target(&call.func, scope));
            }
        }
        distinct(calls)
    }

    /// What decorates anything as it is, and what is called to decorate something.
    fn decorators(&mut self) -> (Vec<Target>, Vec<Target>) {
        let tree = self.tree;
        let (mut decorators, mut factories) = (Vec::new(), Vec::new());
        let holders: Vec<NodeId> =
            self.scan.functions.iter().chain(&self.scan.classes).copied().collect();
        for id in holders {
            if let AnyNodeRef::StmtFunctionDef(ast::StmtFunctionDef { decorator_list, .. })
            | AnyNodeRef::StmtClassDef(ast::StmtClassDef { decorator_list, .. }) = tree.node(id)
            {
                for decorator in decorator_list {
                    let uses = match decorator.expression {
                        Expr::Call(_) => &mut factories,
                        _ => &mut decorators,
                    };
                    uses.push(self.decorator(decorator, id));
                }
            }
        }
        (distinct(decorators), distinct(factories))
    }

    /// What a decorator stands for; a call of one for what is called.
    pub(super) fn decorator(&mut self, decorator: &'a ast::Decorator, holder: NodeId) -> Target {
        let scope = self.semantic.scope_at(self.tree, holder);
        match &decorator.expression {
            Expr::Call(call) => self.target(&call.func, scope),
            expression => self.target(expression, scope),
        }
    }

    /// Attributes that are set from outside: `thing.name = …` where `thing` is not the first
    /// parameter of a method.
    fn foreign_attribute_writes(&mut self) -> Vec<Text> {
        let names = &self.scan.foreign_writes;
        let mut written: Vec<Text> = names.iter().map(|name| self.interner.intern(name)).collect();
        written.sort_unstable();
        written.dedup();
        written
    }

    /// What decorates a class or function, outermost first.
    pub(super) fn decorated(&mut self, decorators: &'a [ast::Decorator], holder: NodeId) -> Part {
        let start = self.lists.decorators.len();
        for decorator in decorators {
            let target = self.decorator(decorator, holder);
            self.lists.decorators.push(target);
        }
        Part::since(start, &self.lists.decorators)
    }

    pub(super) fn scope_kind(&self, scope: ScopeId) -> ScopeKind {
        self.semantic.scope(scope).kind
    }
}

/// What a callee stands for.
#[allow(clippy::large_enum_variant, reason = "it never leaves the stack")]
pub(super) enum CallTarget<'a> {
    /// As facts have it.
    Known(Target),
    /// An absolute name that is no text of the facts yet.
    Named(QualifiedName<'a>),
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

/// Whether a callee is named as classes are: what is not is no evidence of instances.
fn may_be_class(callee: &Expr) -> bool {
    let name = match callee {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return false,
    };
    name.trim_start_matches('_').starts_with(|first: char| first.is_uppercase())
}

fn distinct(mut targets: Vec<Target>) -> Vec<Target> {
    targets.retain(|target| *target != Target::Unknown);
    targets.sort_unstable();
    targets.dedup();
    targets
}
