//! Tree and semantic model to facts.

use std::cell::RefCell;
use std::sync::Arc;

use ruff_python_ast::{self as ast, AnyNodeRef, Expr};

use super::costs::is_standard_library;
use super::scan::Scan;
use super::strings::{Dotted, Interner};
use super::{BindingFacts, FileFacts, FileInfo, Lists, Suspicion, Target, TargetKind};
use crate::semantic::{
    Binding, BindingKind, QualifiedName, Reference, ScopeId, ScopeKind, Semantic, SymbolId,
};
use crate::suppression::Suppressions;
use crate::syntax::{NodeId, Tree};

/// Takes the facts of a file. Suppressions and suspicions are the caller's.
pub fn extract<'a>(
    info: &'a Arc<FileInfo>,
    tree: &Tree<'a>,
    semantic: &Semantic<'a>,
    suppressions: Suppressions,
    suspicions: &[Suspicion],
) -> FileFacts {
    let Scratch { interner, lists, scan, mut known, mut words, mut ends } =
        SCRATCH.with_borrow_mut(std::mem::take);
    known.clear();
    known.resize(semantic.symbol_count(), None);
    let scan = scan.of(tree, semantic);
    let mut extractor = Extractor { info, tree, semantic, interner, scan, lists, known };
    extractor.classes();
    extractor.functions();
    extractor.bindings();
    extractor.imports();
    extractor.loop_calls();
    extractor.decorators();
    extractor.foreign_attribute_writes();
    let Extractor { mut interner, mut lists, scan, known, .. } = extractor;
    suspicions.iter().for_each(|it| lists.suspicions.push(it));
    lists.text_ends.extend_from_slice(interner.strings().ends);
    lists.dotted_names.extend_from_slice(interner.dotted_parts());
    let facts = FileFacts {
        info: Arc::clone(info),
        is_opaque: semantic.scope(ScopeId::MODULE).opaque,
        has_getattr: semantic.global("__getattr__").is_some(),
        suppressions,
        packed: lists.pack(interner.strings().text, &mut words, &mut ends),
    };
    interner.clear();
    SCRATCH.set(Scratch { interner, lists, scan: scan.recycle(), known, words, ends });
    facts
}

/// What is used again for one file after another.
#[derive(Default)]
struct Scratch {
    interner: Interner,
    lists: Lists,
    scan: Scan<'static>,
    known: Vec<Option<Known>>,
    words: Vec<u32>,
    ends: Vec<u32>,
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
    /// What the symbols stand for that were asked about before.
    known: Vec<Option<Known>>,
}

/// What a symbol stands for. A dotted name is only made where somebody wants it: most names of the
/// standard library and most builtins are of no interest to other files.
#[derive(Clone, Copy)]
pub(super) enum Known {
    /// A class, function or name of another distribution, or nothing that can be known.
    Target(Target),
    /// A name of the standard library.
    Standard,
    /// A builtin.
    Builtin,
}

impl<'a> Extractor<'a, '_> {
    pub(super) fn class_index(&self, node: NodeId) -> Option<u32> {
        self.scan.classes.binary_search(&node).ok().map(|at| at as u32)
    }

    pub(super) fn function_index(&self, node: NodeId) -> Option<u32> {
        self.scan.functions.binary_search(&node).ok().map(|at| at as u32)
    }

    /// What an expression stands for; subscripts are not looked through.
    pub(super) fn target(&mut self, expression: &'a Expr) -> Target {
        let mut head = expression;
        while let Expr::Attribute(attribute) = head {
            head = &attribute.value;
        }
        let Expr::Name(name) = head else { return Target::UNKNOWN };
        let Some(read) = self.semantic.read_of(self.tree.id(name)) else { return Target::UNKNOWN };
        match self.known_read(read) {
            Known::Target(target) if target.is_unknown() || std::ptr::eq(head, expression) => {
                target
            }
            Known::Target(target) if let TargetKind::Absolute(name) = target.kind() => {
                Target::absolute(self.with_attributes(name, expression))
            }
            _ => match self.semantic.qualified_from(read.scope, &self.info.module, expression) {
                Some(name) => self.name_target(name),
                None => Target::UNKNOWN,
            },
        }
    }

    /// A dotted name with the attributes of an expression behind it.
    pub(super) fn with_attributes(&mut self, name: Dotted, expression: &'a Expr) -> Dotted {
        let Expr::Attribute(attribute) = expression else { return name };
        let before = self.with_attributes(name, &attribute.value);
        self.interner.dotted(Some(before), attribute.attr.as_str())
    }

    pub(super) fn name_target(&mut self, name: QualifiedName<'a>) -> Target {
        match name.parts() {
            ["builtins", builtin] => Target::builtin(self.interner.text(builtin)),
            parts => {
                let mut dotted: Option<Dotted> = None;
                for part in parts {
                    dotted = Some(self.interner.dotted(dotted, part));
                }
                dotted.map_or(Target::UNKNOWN, Target::absolute)
            }
        }
    }

    /// What a read name stands for.
    pub(super) fn known_read(&mut self, read: &Reference) -> Known {
        let symbol = read.symbol();
        if let Some(known) = self.known[symbol.index()] {
            return known;
        }
        let known = match self.semantic.symbol_read(read) {
            Some(bound) if bound == symbol => self.known_symbol(bound),
            Some(bound) => match self.known[bound.index()] {
                Some(known) => known,
                None => self.known_symbol(bound),
            },
            None => Known::Builtin,
        };
        // In a class body it depends on the place.
        if self.scope_kind(read.scope) != ScopeKind::Class {
            self.known[symbol.index()] = Some(known);
        }
        known
    }

    fn known_symbol(&mut self, symbol: SymbolId) -> Known {
        if let Some(known) = self.known[symbol.index()] {
            return known;
        }
        let known = self.find_known(symbol);
        self.known[symbol.index()] = Some(known);
        known
    }

    fn find_known(&mut self, symbol: SymbolId) -> Known {
        let Some(binding) = self.semantic.only_binding(symbol) else {
            return Known::Target(Target::UNKNOWN);
        };
        let own = match binding.kind {
            BindingKind::Class(class) => self.class_index(self.tree.id(class)).map(Target::class),
            BindingKind::Function(function) => {
                self.function_index(self.tree.id(function)).map(Target::function)
            }
            BindingKind::Import(_, alias) if is_standard(alias.name.as_str()) => {
                return Known::Standard;
            }
            BindingKind::FromImport(import, _)
                if import.level == 0
                    && import.module.as_ref().is_some_and(|it| is_standard(it.as_str())) =>
            {
                return Known::Standard;
            }
            BindingKind::Import(..)
            | BindingKind::FromImport(..)
            | BindingKind::Assignment(Expr::Name(_) | Expr::Attribute(_)) => None,
            _ => return Known::Target(Target::UNKNOWN),
        };
        Known::Target(own.unwrap_or_else(|| self.binding_target(binding)))
    }

    fn binding_target(&mut self, binding: &Binding<'a>) -> Target {
        match self.semantic.qualified_binding(binding, &self.info.module) {
            Some(name) => self.name_target(name),
            None => Target::UNKNOWN,
        }
    }

    fn bindings(&mut self) {
        let semantic = self.semantic;
        for symbol in semantic.symbols(ScopeId::MODULE) {
            if !semantic.bindings(symbol).any(|it| it.kind.gives_value()) {
                continue;
            }
            let target = match self.known_symbol(symbol) {
                Known::Target(target) => target,
                _ => semantic
                    .only_binding(symbol)
                    .map_or(Target::UNKNOWN, |binding| self.binding_target(binding)),
            };
            let name = self.interner.text(semantic.text(symbol));
            self.lists.bindings.push(BindingFacts { name, target });
        }
        let interner = &self.interner;
        self.lists.bindings.sort_unstable_by(|a, b| interner.order(a.name, b.name));
    }

    /// What is called in loops.
    fn loop_calls(&mut self) {
        let tree = self.tree;
        for at in 0..self.scan.repeated_calls.len() {
            let AnyNodeRef::ExprCall(call) = tree.node(self.scan.repeated_calls[at]) else {
                continue;
            };
            if may_be_class(&call.func) {
                let target = self.target(&call.func);
                self.lists.loop_calls.push(target);
            }
        }
        keep_distinct(&mut self.lists.loop_calls);
    }

    /// What decorates anything as it is, and what is called to decorate something.
    fn decorators(&mut self) {
        let tree = self.tree;
        let holders = self.scan.functions.iter().chain(&self.scan.classes);
        let lists: Vec<&'a [ast::Decorator]> = holders
            .filter_map(|id| match tree.node(*id) {
                AnyNodeRef::StmtFunctionDef(it) => Some(&it.decorator_list[..]),
                AnyNodeRef::StmtClassDef(it) => Some(&it.decorator_list[..]),
                _ => None,
            })
            .filter(|list| !list.is_empty())
            .collect();
        for decorator in lists.into_iter().flatten() {
            let target = self.decorator(decorator);
            match decorator.expression {
                Expr::Call(_) => self.lists.decorator_factories.push(target),
                _ => self.lists.decorators.push(target),
            }
        }
        keep_distinct(&mut self.lists.decorators);
        keep_distinct(&mut self.lists.decorator_factories);
    }

    /// What a decorator stands for; a call of one for what is called.
    pub(super) fn decorator(&mut self, decorator: &'a ast::Decorator) -> Target {
        match &decorator.expression {
            Expr::Call(call) => self.target(&call.func),
            expression => self.target(expression),
        }
    }

    /// Attributes that are set from outside: `thing.name = …` where `thing` is not the first
    /// parameter of a method.
    fn foreign_attribute_writes(&mut self) {
        let written = &mut self.lists.foreign_attribute_writes;
        written.extend(self.scan.foreign_writes.iter().map(|name| self.interner.text(name)));
        written.sort_unstable();
        written.dedup();
    }

    pub(super) fn scope_kind(&self, scope: ScopeId) -> ScopeKind {
        self.semantic.scope(scope).kind
    }
}

fn is_standard(module: &str) -> bool {
    is_standard_library(module.split('.').next().unwrap_or(module))
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

fn keep_distinct(targets: &mut Vec<Target>) {
    targets.retain(|target| !target.is_unknown());
    targets.sort_unstable();
    targets.dedup();
}
