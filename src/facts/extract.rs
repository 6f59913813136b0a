//! Tree and semantic model to facts.

use std::cell::RefCell;
use std::sync::Arc;

use ruff_python_ast::{self as ast, AnyNodeRef, Expr};
use ruff_text_size::{Ranged as _, TextSize};

use super::costs::is_standard_library;
use super::strings::{Dotted, Interner};
use super::{
    BindingFacts, ConstructionFacts, FileFacts, FileInfo, Lists, NotedCost, Suspicion, Target,
    TargetKind, program,
};
use crate::kept::Kept;
use crate::semantic::{
    Binding, BindingKind, CallSite, CalleeShape, OwnRead, OwnWrite, QualifiedName, Reference,
    ScopeId, ScopeKind, Semantic, SymbolId,
};
use crate::suppression::Suppressions;
use crate::syntax::tree::recycle;
use crate::syntax::{NodeId, Tree};

/// What the facts of a file have in them that is not found but said: by comments and by rules.
#[derive(Default)]
pub struct Said<'s> {
    /// Its suppression comments.
    pub suppressions: Suppressions,
    /// Findings that only the project can confirm.
    pub suspicions: &'s [Suspicion],
    /// Costs that the settings tell of.
    pub costs: &'s [NotedCost],
}

/// Takes the facts of a file.
pub fn extract<'a>(
    info: &'a Arc<FileInfo>,
    tree: &Tree<'a>,
    semantic: &Semantic<'a>,
    said: Said<'_>,
) -> FileFacts {
    let Said { suppressions, suspicions, costs } = said;
    let mut facts = gather(info, tree, semantic, costs, |extractor, names| {
        extractor.functions();
        extractor.classes();
        extractor.bindings();
        extractor.imports();
        extractor.constructions();
        extractor.foreign_attribute_writes();
        extractor.program(names);
        keep_distinct(&mut extractor.lists.decorators);
        keep_distinct(&mut extractor.lists.decorator_factories);
        suspicions.iter().for_each(|it| extractor.lists.suspicions.push(it));
    });
    facts.suppressions = Kept::new(&suppressions);
    facts
}

/// Takes of the facts of a file what it imports, and of a package what it binds, since that may hide
/// its submodules; nothing else.
pub fn extract_imports<'a>(
    info: &'a Arc<FileInfo>,
    tree: &Tree<'a>,
    semantic: &Semantic<'a>,
) -> FileFacts {
    gather(info, tree, semantic, &[], |extractor, _| {
        if extractor.info.module.is_package() {
            extractor.bindings();
        }
        extractor.imports();
    })
}

fn gather<'a>(
    info: &'a Arc<FileInfo>,
    tree: &Tree<'a>,
    semantic: &Semantic<'a>,
    noted: &[NotedCost],
    what: impl FnOnce(&mut Extractor<'a, '_>, &mut program::Scratch),
) -> FileFacts {
    let scratch = SCRATCH.with_borrow_mut(std::mem::take);
    let Scratch { mut interner, lists, calls, reads, own_writes, mut readers, mut known, .. } =
        scratch;
    let Scratch { mut words, mut ends, mut names, mut import_sites, .. } = scratch;
    import_sites.clear();
    known.clear();
    known.resize(semantic.symbol_count(), None);
    let (calls, reads, mut own_writes) = (recycle(calls), recycle(reads), recycle(own_writes));
    own_writes.extend_from_slice(&semantic.sites().own_writes);
    readers.clear();
    readers.resize(own_writes.len(), Target::UNKNOWN);
    interner.begin(semantic.name_count());
    let mut extractor = Extractor {
        info,
        tree,
        semantic,
        interner,
        lists,
        calls,
        reads,
        own_writes,
        readers,
        known,
        noted,
        import_sites,
        last_module: None,
        last_around: None,
    };
    what(&mut extractor, &mut names);
    let Extractor { mut interner, mut lists, calls, reads, own_writes, readers, .. } = extractor;
    let Extractor { known, import_sites, .. } = extractor;
    lists.text_ends.extend_from_slice(interner.strings().ends);
    lists.dotted_names.extend_from_slice(interner.dotted_parts());
    let facts = FileFacts {
        info: Arc::clone(info),
        is_opaque: semantic.scope(ScopeId::MODULE).opaque,
        has_getattr: semantic.global("__getattr__").is_some(),
        suppressions: Kept::default(),
        packed: lists.pack(interner.strings().text, &mut words, &mut ends),
    };
    interner.clear();
    let (calls, reads, own_writes) = (recycle(calls), recycle(reads), recycle(own_writes));
    SCRATCH.set(Scratch {
        interner,
        lists,
        calls,
        reads,
        own_writes,
        readers,
        known,
        words,
        ends,
        names,
        import_sites,
    });
    facts
}

/// What is used again for one file after another.
#[derive(Default)]
struct Scratch {
    interner: Interner,
    lists: Lists,
    calls: Vec<CallSite<'static>>,
    reads: Vec<OwnRead<'static>>,
    own_writes: Vec<OwnWrite<'static>>,
    readers: Vec<Target>,
    known: Vec<Option<Known>>,
    words: Vec<u32>,
    ends: Vec<u32>,
    names: program::Scratch,
    import_sites: Vec<program::ImportSite>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

pub(super) struct Extractor<'a, 't> {
    pub(super) info: &'a FileInfo,
    pub(super) tree: &'t Tree<'a>,
    pub(super) semantic: &'t Semantic<'a>,
    pub(super) interner: Interner,
    pub(super) lists: Lists,
    /// The calls and own reads of the file, by function.
    pub(super) calls: Vec<CallSite<'a>>,
    pub(super) reads: Vec<OwnRead<'a>>,
    /// What methods assign on their first parameter, sorted, each method once.
    pub(super) own_writes: Vec<OwnWrite<'a>>,
    /// Beside them: at the first of a class and name, the first method that reads it.
    pub(super) readers: Vec<Target>,
    /// What rules say of costs.
    pub(super) noted: &'t [NotedCost],
    /// Beside the import statements: where they stand among the imports.
    pub(super) import_sites: Vec<program::ImportSite>,
    /// The statement that was asked last what it imports from: names stand in order.
    pub(super) last_module: Option<(&'a ast::StmtImportFrom, Option<Dotted>)>,
    /// What so many dots before the name of a module mean, as it was asked last.
    pub(super) last_around: Option<(u32, Option<Dotted>)>,
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
        self.semantic.sites().classes.binary_search(&node).ok().map(|at| at as u32)
    }

    pub(super) fn function_index(&self, node: NodeId) -> Option<u32> {
        let functions = &self.semantic.sites().functions;
        functions.binary_search_by_key(&node, |it| it.node).ok().map(|at| at as u32)
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
        let Some(binding) = self.semantic.only_value(symbol) else {
            // A branch may bind it to what it is already.
            self.known[symbol.index()] = Some(Known::Target(Target::UNKNOWN));
            let target = self.choice(symbol, false).or_else(|| self.restored_builtin(symbol));
            return Known::Target(target.unwrap_or(Target::UNKNOWN));
        };
        if let Some(builtin) = self.untouched_builtin(binding, symbol) {
            return Known::Target(builtin);
        }
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
            BindingKind::Assignment(Expr::Call(call)) => return Known::Target(self.made_by(call)),
            BindingKind::Import(..)
            | BindingKind::FromImport(..)
            | BindingKind::Assignment(Expr::Name(_) | Expr::Attribute(_)) => None,
            _ => return Known::Target(Target::UNKNOWN),
        };
        Known::Target(own.unwrap_or_else(|| self.binding_target(binding)))
    }

    /// What a call makes, if that is a class: `namedtuple(…)` and `NamedTuple(…)` do.
    pub(super) fn made_by(&mut self, call: &'a ast::ExprCall) -> Target {
        let called = last_part(&call.func);
        if !called.ends_with("namedtuple") && !called.ends_with("NamedTuple") {
            return Target::UNKNOWN;
        }
        let name = self.semantic.qualified(self.tree, &self.info.module, &call.func);
        match name.as_ref().map(|it| it.parts()) {
            Some(
                ["collections", "namedtuple"] | ["typing" | "typing_extensions", "NamedTuple"],
            ) => {
                let module = self.interner.dotted(None, "collections");
                Target::absolute(self.interner.dotted(Some(module), "namedtuple()"))
            }
            _ => Target::UNKNOWN,
        }
    }

    pub(super) fn binding_target(&mut self, binding: &Binding<'a>) -> Target {
        if let BindingKind::FromImport(import, alias) = binding.kind
            && import.module.as_ref().is_none_or(|it| it.as_str() != "builtins")
        {
            let Some(module) = self.imported_from(import) else { return Target::UNKNOWN };
            return Target::absolute(self.interner.dotted(Some(module), alias.name.as_str()));
        }
        match self.semantic.qualified_binding(binding, &self.info.module) {
            Some(name) => self.name_target(name),
            None => Target::UNKNOWN,
        }
    }

    fn bindings(&mut self) {
        let semantic = self.semantic;
        let last_star = self.last_star();
        for symbol in semantic.symbols(ScopeId::MODULE) {
            if !semantic.bindings(symbol).any(|it| it.kind.gives_value()) {
                continue;
            }
            let target = match self.known_symbol(symbol) {
                Known::Target(target) if target.is_unknown() => {
                    self.choice(symbol, true).unwrap_or(target)
                }
                Known::Target(target) => target,
                _ => semantic
                    .only_binding(symbol)
                    .map_or(Target::UNKNOWN, |binding| self.binding_target(binding)),
            };
            let name = self.interner.name(semantic.name_of(symbol), semantic.text(symbol));
            self.lists.bindings.push(BindingFacts { name, target });
            if last_star
                .is_some_and(|it| semantic.bindings(symbol).all(|own| own.range.start() < it))
            {
                self.lists.overwritable.push(name);
            }
            if target.is_unknown() {
                self.flag(symbol, name);
            }
        }
        let interner = &self.interner;
        self.lists.bindings.sort_unstable_by(|a, b| interner.order(a.name, b.name));
        self.lists.flags.sort_unstable_by(|a, b| interner.order(a.name, b.name));
        self.lists.overwritable.sort_unstable();
    }

    /// Where the last star import of the module stands.
    fn last_star(&self) -> Option<TextSize> {
        if !self.semantic.scope(ScopeId::MODULE).opaque {
            return None;
        }
        let imports = self.semantic.sites().imports.iter().rev();
        imports.map(|it| self.tree.node(*it)).find_map(|it| match it {
            AnyNodeRef::StmtImportFrom(it) => {
                it.names.iter().any(|name| name.name.as_str() == "*").then_some(it.start())
            }
            _ => None,
        })
    }

    /// What is called and is named as classes are, in loops and elsewhere: what is not is no evidence
    /// of instances.
    fn constructions(&mut self) {
        let (tree, semantic) = (self.tree, self.semantic);
        let is_test = self.info.module.is_test();
        for site in semantic.sites().calls.iter().filter(|it| it.is_repeated || !is_test) {
            let Some(head) = site.head else { continue };
            let read = &semantic.walked_references()[head as usize];
            let name = match site.callee {
                CalleeShape::Name => semantic.name_read(read),
                CalleeShape::Method(name) | CalleeShape::Attribute(name) => name,
                CalleeShape::Super(_) | CalleeShape::Other => continue,
            };
            if name == "map" && site.callee == CalleeShape::Name {
                self.mapped(site.node);
            }
            if !is_class_like(name) {
                continue;
            }
            let is_own = matches!(self.known_read(read), Known::Target(it) if !it.is_unknown());
            if !is_own && !site.is_repeated {
                continue;
            }
            let AnyNodeRef::ExprCall(call) = tree.node(site.node) else { continue };
            let target = self.target(&call.func);
            if site.is_repeated {
                self.lists.loop_calls.push(target);
            }
            let may_be_class = matches!(
                target.kind(),
                TargetKind::Class(_) | TargetKind::Absolute(_) | TargetKind::Choice(_)
            );
            if is_own && may_be_class && !is_test && !self.awaits_error(site.node) {
                let construction = ConstructionFacts::new(target, call.func.range());
                self.lists.constructions.push(construction);
            }
        }
        keep_distinct(&mut self.lists.loop_calls);
    }

    /// What `map` calls, which is a loop.
    fn mapped(&mut self, call: NodeId) {
        let AnyNodeRef::ExprCall(call) = self.tree.node(call) else { return };
        if let Some(first) = call.arguments.args.first()
            && is_class_like(last_part(first))
        {
            let target = self.target(first);
            self.lists.loop_calls.push(target);
        }
    }

    /// Whether an error would be caught around a node, in the same function.
    pub(super) fn awaits_error(&self, node: NodeId) -> bool {
        let is_awaiting = |manager: &Expr| {
            let Expr::Call(call) = manager else { return false };
            let name = match &*call.func {
                Expr::Name(name) => name.id.as_str(),
                Expr::Attribute(attribute) => attribute.attr.as_str(),
                _ => return false,
            };
            name == "suppress" || name.contains("raises") || name.contains("Raises")
        };
        for (_, ancestor) in self.tree.ancestors(node) {
            match ancestor {
                AnyNodeRef::StmtFunctionDef(_) => return false,
                AnyNodeRef::StmtTry(it) if !it.handlers.is_empty() => return true,
                AnyNodeRef::StmtWith(it)
                    if it.items.iter().any(|it| is_awaiting(&it.context_expr)) =>
                {
                    return true;
                }
                _ => {}
            }
        }
        false
    }

    /// What a decorator stands for; a call of one for what is called. It is remembered that it is
    /// used so.
    pub(super) fn decorator(&mut self, decorator: &'a ast::Decorator) -> Target {
        let (callee, uses): (_, fn(&mut Lists) -> &mut Vec<Target>) = match &decorator.expression {
            Expr::Call(call) => (&*call.func, |lists| &mut lists.decorator_factories),
            expression => (expression, |lists| &mut lists.decorators),
        };
        let target = self.target(callee);
        uses(&mut self.lists).push(target);
        target
    }

    /// Attributes that are set from outside: `thing.name = …` where `thing` is not the first
    /// parameter of a method.
    fn foreign_attribute_writes(&mut self) {
        let written = &mut self.lists.foreign_attribute_writes;
        let names = &self.semantic.sites().foreign_writes;
        written.extend(names.iter().map(|name| self.interner.text(name)));
        written.sort_unstable();
        written.dedup();
    }

    /// What the module does while it is imported. A stub never is, and nobody calls the functions of
    /// a test while it is.
    fn program(&mut self, names: &mut program::Scratch) {
        let AnyNodeRef::ModModule(root) = self.tree.node(NodeId::ROOT) else { return };
        if self.info.path.ends_with(".pyi") {
            return;
        }
        let options = program::Options {
            annotations_are_deferred: self.semantic.defers_annotations(),
            without_functions: self.info.module.is_test(),
        };
        let lists = &mut self.lists;
        program::write(
            root,
            (self.tree, self.semantic),
            program::Imports { sites: &self.import_sites, names: lists.imported.items() },
            &mut self.interner,
            (&mut lists.program.0, &mut lists.program_places, &mut lists.bound),
            options,
            names,
        );
    }

    pub(super) fn scope_kind(&self, scope: ScopeId) -> ScopeKind {
        self.semantic.scope(scope).kind
    }
}

/// Whether a name is written as those of classes are.
fn is_class_like(name: &str) -> bool {
    name.trim_start_matches('_').starts_with(char::is_uppercase)
}

/// The last part of a dotted name.
pub(super) fn last_part(expression: &Expr) -> &str {
    match expression {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => "",
    }
}

fn is_standard(module: &str) -> bool {
    is_standard_library(module.split('.').next().unwrap_or(module))
}

fn keep_distinct(targets: &mut Vec<Target>) {
    targets.retain(|target| !target.is_unknown());
    targets.sort_unstable();
    targets.dedup();
}
