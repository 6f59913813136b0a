//! Tree and semantic model to facts.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr};

use super::strings::Interner;
use super::{BindingFacts, FileFacts, ImportFacts, ImportKind, MemberFacts, Target, Text};
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
    let mut extractor = Extractor::new(info, tree, semantic);
    extractor.number();
    let classes = extractor.classes();
    let functions = extractor.functions();
    let bindings = extractor.bindings();
    let imports = extractor.imports();
    let (loop_calls, decorators) = extractor.uses();
    let foreign_attribute_writes = extractor.foreign_attribute_writes();
    FileFacts {
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
        foreign_attribute_writes,
        suppressions,
        suspicions: Vec::new(),
        strings: extractor.interner.finish(),
    }
}

pub(super) struct Extractor<'a, 't> {
    pub(super) info: &'a FileInfo,
    pub(super) tree: &'t Tree<'a>,
    pub(super) semantic: &'t Semantic<'a>,
    pub(super) interner: Interner,
    /// The nodes of the classes and functions, in source order: their index is their number.
    pub(super) class_nodes: Vec<NodeId>,
    pub(super) function_nodes: Vec<NodeId>,
}

impl<'a, 't> Extractor<'a, 't> {
    fn new(info: &'a FileInfo, tree: &'t Tree<'a>, semantic: &'t Semantic<'a>) -> Self {
        Extractor {
            info,
            tree,
            semantic,
            interner: Interner::default(),
            class_nodes: Vec::new(),
            function_nodes: Vec::new(),
        }
    }

    fn number(&mut self) {
        for (index, node) in self.tree.nodes().iter().enumerate() {
            match node {
                AnyNodeRef::StmtClassDef(_) => self.class_nodes.push(NodeId::new(index)),
                AnyNodeRef::StmtFunctionDef(_) => self.function_nodes.push(NodeId::new(index)),
                _ => {}
            }
        }
    }

    pub(super) fn text(&mut self, text: &str) -> Text {
        self.interner.intern(text)
    }

    pub(super) fn class_index(&self, node: NodeId) -> Option<u32> {
        self.class_nodes.binary_search(&node).ok().map(|at| at as u32)
    }

    pub(super) fn function_index(&self, node: NodeId) -> Option<u32> {
        self.function_nodes.binary_search(&node).ok().map(|at| at as u32)
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
        for (index, node) in tree.nodes().iter().enumerate() {
            let id = NodeId::new(index);
            match *node {
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
                        && it.handlers.iter().any(|handler| catches_import_errors(handler));
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

    /// What is called in loops, and what decorates anything.
    fn uses(&mut self) -> (Vec<Target>, Vec<Target>) {
        let tree = self.tree;
        let (mut calls, mut decorators) = (Vec::new(), Vec::new());
        let mut repeated_until = 0;
        for (index, node) in tree.nodes().iter().enumerate() {
            let id = NodeId::new(index);
            match *node {
                AnyNodeRef::StmtFor(_)
                | AnyNodeRef::StmtWhile(_)
                | AnyNodeRef::ExprListComp(_)
                | AnyNodeRef::ExprSetComp(_)
                | AnyNodeRef::ExprDictComp(_)
                | AnyNodeRef::ExprGenerator(_) => {
                    repeated_until = repeated_until.max(index + 1 + tree.descendants(id).len());
                }
                AnyNodeRef::ExprCall(call)
                    if index < repeated_until && may_be_class(&call.func) =>
                {
                    let scope = self.semantic.scope_at(tree, id);
                    calls.push(self.target(&call.func, scope));
                }
                AnyNodeRef::StmtFunctionDef(ast::StmtFunctionDef { decorator_list, .. })
                | AnyNodeRef::StmtClassDef(ast::StmtClassDef { decorator_list, .. }) => {
                    for decorator in decorator_list {
                        decorators.push(self.decorator(decorator, id));
                    }
                }
                _ => {}
            }
        }
        (distinct(calls), distinct(decorators))
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
        let tree = self.tree;
        let mut written = Vec::new();
        for node in tree.nodes() {
            let AnyNodeRef::ExprAttribute(attribute) = node else { continue };
            let is_self = attribute
                .value
                .as_name_expr()
                .is_some_and(|name| matches!(name.id.as_str(), "self" | "cls"));
            if !attribute.ctx.is_load() && !is_self {
                written.push(self.text(attribute.attr.as_str()));
            }
        }
        written.sort_unstable();
        written.dedup();
        written
    }

    pub(super) fn sorted_members(&self, members: &mut [MemberFacts]) {
        let strings = self.interner.strings();
        members.sort_by(|a, b| strings.get(a.name).cmp(strings.get(b.name)));
    }

    /// The dotted path of scopes that lead to a node, as in `__qualname__`.
    pub(super) fn qualified_name(&mut self, node: NodeId, name: &str) -> Text {
        let mut parts = vec![name.to_owned()];
        for (_, ancestor) in self.tree.ancestors(node) {
            match ancestor {
                AnyNodeRef::StmtClassDef(class) => parts.push(class.name.to_string()),
                AnyNodeRef::StmtFunctionDef(function) => {
                    parts.push("<locals>".to_owned());
                    parts.push(function.name.to_string());
                }
                _ => {}
            }
        }
        parts.reverse();
        self.text(&parts.join("."))
    }

    pub(super) fn scope_kind(&self, scope: ScopeId) -> ScopeKind {
        self.semantic.scope(scope).kind
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
