//! What functions call that may matter elsewhere, and what they cost by themselves.

use bytemuck::{Pod, Zeroable};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Operator};
use ruff_text_size::{Ranged as _, TextRange};

use super::costs::{METHODS, PATH_MAKERS, cost_of, cost_of_builtin, is_path_method, may_cost};
use super::extract::{Extractor, Known};
use super::reach::Reach;
use super::strings::Text;
use super::{CostLevel, Place, Target, TargetKind, flags};
use crate::semantic::{BindingKind, CallSite, CalleeShape, FunctionSite, OwnRead, ScopeId};
use crate::syntax::NodeId;

/// How many names are followed to see that something is a path.
const MOST_STEPS_TO_PATH: usize = 4;

/// A call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct CallFacts {
    /// What is called; a text is kept as the name of a builtin is.
    what: Target,
    pub(super) place: Place,
}

/// What is called, or read as a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callee {
    /// `self.name(…)` or `cls.name(…)`.
    Method(Text),
    /// `self.name`, which may be a property.
    Attribute(Text),
    /// `super().name(…)`.
    Super(Text),
    /// A function or class.
    Target(Target),
}

impl CallFacts {
    pub(super) const IS_CERTAIN: u16 = 1;
    const METHOD: u16 = 2;
    const ATTRIBUTE: u16 = 4;
    const SUPER: u16 = 8;
    const HAS_REST: u16 = 16;
    const HAS_KEYWORDS: u16 = 32;
    const HAS_POSITIONAL: u16 = 64;
    const PASSES_SELF: u16 = 128;
    pub(super) const IS_GUARDED: u16 = 256;
    const HOW: u16 = CallFacts::METHOD | CallFacts::ATTRIBUTE | CallFacts::SUPER;

    fn new(callee: Callee, range: TextRange, reach: Reach) -> CallFacts {
        let (how, what) = match callee {
            Callee::Method(name) => (CallFacts::METHOD, Target::builtin(name)),
            Callee::Attribute(name) => (CallFacts::ATTRIBUTE, Target::builtin(name)),
            Callee::Super(name) => (CallFacts::SUPER, Target::builtin(name)),
            Callee::Target(target) => (0, target),
        };
        CallFacts { what, place: Place::new(range, how | reach.flags()) }
    }

    /// Whether it calls what another one calls.
    fn calls_the_same(&self, other: &CallFacts) -> bool {
        (self.what, self.place.flags & CallFacts::HOW)
            == (other.what, other.place.flags & CallFacts::HOW)
    }

    /// What is called.
    pub fn callee(&self) -> Callee {
        let TargetKind::Builtin(name) = self.what.kind() else { return Callee::Target(self.what) };
        match self.place.flags & CallFacts::HOW {
            CallFacts::METHOD => Callee::Method(name),
            CallFacts::ATTRIBUTE => Callee::Attribute(name),
            CallFacts::SUPER => Callee::Super(name),
            _ => Callee::Target(self.what),
        }
    }

    /// Whether every call of the function reaches it.
    pub fn is_certain(&self) -> bool {
        self.place.has(CallFacts::IS_CERTAIN)
    }

    /// Whether it is not certain because something decides: a test, a handler, a `return` before it.
    pub fn is_guarded(&self) -> bool {
        self.place.has(CallFacts::IS_GUARDED)
    }

    /// Whether it passes `*args`.
    pub fn passes_rest(&self) -> bool {
        self.place.has(CallFacts::HAS_REST)
    }

    /// Whether it passes `**kwargs`.
    pub fn passes_keywords(&self) -> bool {
        self.place.has(CallFacts::HAS_KEYWORDS)
    }

    /// Whether it passes arguments by place, other than `*args`.
    pub fn passes_by_place(&self) -> bool {
        self.place.has(CallFacts::HAS_POSITIONAL)
    }

    /// Whether its first argument is the first parameter of the method: `Base.method(self, …)`.
    pub fn passes_self(&self) -> bool {
        self.place.has(CallFacts::PASSES_SELF)
    }

    /// Where the callee is written.
    pub fn range(&self) -> TextRange {
        self.place.range()
    }
}

/// Something expensive that a function does itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct CostFacts {
    /// What is called, as an absolute dotted name or a method name with a dot before it.
    pub what: Text,
    pub(super) place: Place,
}

impl CostFacts {
    const IS_CERTAIN: u16 = 1;
    const IS_EXTERNAL: u16 = 2;
    const IS_WORK: u16 = 4;

    fn new(what: Text, range: TextRange, level: CostLevel, is_certain: bool) -> CostFacts {
        let flags = flags([
            (is_certain, CostFacts::IS_CERTAIN),
            (level == CostLevel::External, CostFacts::IS_EXTERNAL),
            (level == CostLevel::Work, CostFacts::IS_WORK),
        ]);
        CostFacts { what, place: Place::new(range, flags) }
    }

    /// How expensive.
    pub fn level(&self) -> CostLevel {
        if self.place.has(CostFacts::IS_EXTERNAL) {
            CostLevel::External
        } else if self.place.has(CostFacts::IS_WORK) {
            CostLevel::Work
        } else {
            CostLevel::Io
        }
    }

    /// Whether every call of the function reaches it.
    pub fn is_certain(&self) -> bool {
        self.place.has(CostFacts::IS_CERTAIN)
    }

    /// Where.
    pub fn range(&self) -> TextRange {
        self.place.range()
    }
}

/// The function whose calls are looked at.
struct Body {
    index: u32,
    site: FunctionSite,
    scope: ScopeId,
    /// Where its own begin among the calls of the file.
    first_call: usize,
}

/// What a call turns out to be.
enum Said {
    Callee(Callee),
    Cost(CostLevel, Text),
}

impl<'a> Extractor<'a, '_> {
    /// The calls, property reads and costs of a function. Whether there are any.
    pub(super) fn function_calls(
        &mut self,
        index: u32,
        site: &FunctionSite,
        calls: &[CallSite<'a>],
        reads: &[OwnRead<'a>],
    ) -> bool {
        if calls.is_empty() && reads.is_empty() && self.noted.is_empty() {
            return false;
        }
        let Some(scope) = self.semantic.scope_of(site.node) else { return false };
        let body = Body { index, site: *site, scope, first_call: self.lists.calls.len() };
        let first_cost = self.lists.costs.len();
        for call in calls {
            self.call(call, &body);
        }
        for read in reads {
            self.read(read, &body);
        }
        if !self.noted.is_empty() {
            self.other_costs(&body, first_cost);
        }
        let calls = self.lists.calls.since(body.first_call);
        calls.sort_by_key(|call| call.place.start);
        !calls.is_empty() || self.lists.costs.len() > first_cost
    }

    /// The costs that are noted of a function, other than those of calls.
    fn other_costs(&mut self, body: &Body, first: usize) {
        let function = |id: NodeId| {
            let opens_scope = |(_, node): &(NodeId, AnyNodeRef<'_>)| {
                matches!(
                    node,
                    AnyNodeRef::StmtFunctionDef(_)
                        | AnyNodeRef::StmtClassDef(_)
                        | AnyNodeRef::ExprLambda(_)
                )
            };
            self.tree.ancestors(id).find(opens_scope).map(|(id, _)| id)
        };
        for noted in self.noted {
            let Some(level) = noted.level else { continue };
            if matches!(self.tree.node(noted.node), AnyNodeRef::ExprCall(_))
                || function(noted.node) != Some(body.site.node)
            {
                continue;
            }
            let what = self.interner.text(&noted.what);
            let is_certain = self.reach(noted.node, &body.site) == Reach::Always;
            let cost = CostFacts::new(what, noted.range, level, is_certain);
            self.lists.costs.push(body.index, cost);
        }
        self.lists.costs.since(first).sort_by_key(|it| it.place.start);
    }

    fn call(&mut self, site: &CallSite<'a>, body: &Body) {
        let said = self.said(site, body);
        let (Some(said), AnyNodeRef::ExprCall(call)) = (said, self.tree.node(site.node)) else {
            return;
        };
        let range = call.func.range();
        match said {
            Said::Callee(callee) => {
                let arguments = self.arguments(call, body);
                self.add_call(callee, arguments, range, site.node, body);
            }
            Said::Cost(level, what) => {
                let is_certain = self.reach(site.node, &body.site) == Reach::Always;
                let cost = CostFacts::new(what, range, level, is_certain);
                self.lists.costs.push(body.index, cost);
            }
        }
    }

    /// The flags of a call that tell what it passes.
    fn arguments(&self, call: &ast::ExprCall, body: &Body) -> u16 {
        let ast::Arguments { args, keywords, .. } = &call.arguments;
        let this = || {
            let AnyNodeRef::StmtFunctionDef(function) = self.tree.node(body.site.node) else {
                return None;
            };
            let parameters = &function.parameters;
            let first = parameters.posonlyargs.first().or(parameters.args.first())?;
            Some(first.parameter.name.as_str())
        };
        let first = args.first().and_then(Expr::as_name_expr).map(|it| it.id.as_str());
        flags([
            (args.iter().any(Expr::is_starred_expr), CallFacts::HAS_REST),
            (args.iter().any(|it| !it.is_starred_expr()), CallFacts::HAS_POSITIONAL),
            (keywords.iter().any(|it| it.arg.is_none()), CallFacts::HAS_KEYWORDS),
            (
                body.site.class.is_some() && first.is_some() && first == this(),
                CallFacts::PASSES_SELF,
            ),
        ])
    }

    /// What a call calls, where it may matter: it is known, and neither a cheap builtin nor a cheap
    /// function of the standard library. Most calls are of no interest, and known to be from their
    /// site alone.
    fn said(&mut self, site: &CallSite<'a>, body: &Body) -> Option<Said> {
        if let Some(noted) = self.noted.iter().find(|it| it.node == site.node) {
            return Some(Said::Cost(noted.level?, self.interner.text(&noted.what)));
        }
        match site.callee {
            CalleeShape::Method(name) => {
                return Some(Said::Callee(Callee::Method(self.interner.text(name))));
            }
            CalleeShape::Super(name) => {
                return Some(Said::Callee(Callee::Super(self.interner.text(name))));
            }
            CalleeShape::Attribute(name) => {
                if let Some(level) = self.method_cost(name, site.node, body) {
                    return Some(Said::Cost(level, self.interner.text(&format!(".{name}"))));
                }
            }
            CalleeShape::Name | CalleeShape::Other => {}
        }
        let read = &self.semantic.walked_references()[site.head? as usize];
        let known = self.known_read(read);
        if matches!(known, Known::Target(target) if target.is_unknown()) {
            return None;
        }
        let AnyNodeRef::ExprCall(call) = self.tree.node(site.node) else { return None };
        let is_name = site.callee == CalleeShape::Name;
        match known {
            Known::Builtin => {
                let name = call.func.as_name_expr()?.id.as_str();
                let level = cost_of_builtin(name)?;
                Some(Said::Cost(level, self.interner.text(name)))
            }
            Known::Standard => self.standard_cost(&call.func, read.scope),
            Known::Target(target) => match target.kind() {
                TargetKind::Absolute(name) => {
                    let name = self.with_attributes(name, &call.func);
                    let last = self.interner.dotted_parts()[name.index()].last;
                    if may_cost(self.interner.strings().get(last))
                        && let Some(cost) = self.standard_cost(&call.func, read.scope)
                    {
                        return Some(cost);
                    }
                    Some(Said::Callee(Callee::Target(Target::absolute(name))))
                }
                TargetKind::Builtin(_) if is_name => None,
                _ if is_name => Some(Said::Callee(Callee::Target(target))),
                _ => match self.target(&call.func) {
                    target if target.is_unknown() => None,
                    target => Some(Said::Callee(Callee::Target(target))),
                },
            },
        }
    }

    /// The cost of calling what is known by its absolute name.
    fn standard_cost(&mut self, callee: &'a Expr, scope: ScopeId) -> Option<Said> {
        // What a name stands for that is imported under another one cannot be seen from it.
        if let Expr::Attribute(attribute) = callee
            && !may_cost(attribute.attr.as_str())
        {
            return None;
        }
        let name = self.semantic.qualified_from(scope, &self.info.module, callee)?;
        if !may_cost(name.last()) {
            return None;
        }
        let name = name.to_string();
        Some(Said::Cost(cost_of(&name)?, self.interner.text(&name)))
    }

    /// A read of `self.name`, which runs a method if the name is a property: kept unless the class
    /// shows that it is none.
    fn read(&mut self, read: &OwnRead<'a>, body: &Body) {
        let (Some(class), name) = (body.site.class, read.attribute) else { return };
        let at = self.own_writes.partition_point(|it| (it.class, it.attribute) < (class, name));
        let written = self.own_writes.get(at);
        if written.is_some_and(|it| (it.class, it.attribute) == (class, name)) {
            if self.readers[at].is_unknown()
                && !self.makes_instance(body.site.node)
                && self.reach(read.node, &body.site) == Reach::Always
            {
                self.readers[at] = Target::function(body.index);
            }
            return;
        }
        let semantic = self.semantic;
        let own = semantic
            .scope_of(semantic.sites().classes[class as usize])
            .zip(semantic.name(name))
            .and_then(|(scope, name)| semantic.symbol_in(scope, name));
        if let Some(own) = own
            && !semantic.bindings(own).any(|it| match it.kind {
                BindingKind::Function(function) => !function.decorator_list.is_empty(),
                _ => false,
            })
        {
            return;
        }
        let callee = Callee::Attribute(self.interner.text(name));
        self.add_call(callee, 0, self.tree.node(read.node).range(), read.node, body);
    }

    fn add_call(
        &mut self,
        callee: Callee,
        arguments: u16,
        range: TextRange,
        id: NodeId,
        body: &Body,
    ) {
        let own = self.lists.calls.since(body.first_call);
        let new = CallFacts::new(callee, range, Reach::Repeated);
        let known = own.iter().position(|it| it.calls_the_same(&new));
        if known.is_some_and(|at| own[at].is_certain()) {
            return;
        }
        let mut call = new;
        call.place.flags |= self.reach(id, &body.site).flags();
        call.place.flags |= arguments;
        match known {
            Some(at) if call.is_certain() || !call.is_guarded() => {
                self.lists.calls.since(body.first_call)[at] = call;
            }
            Some(_) => {}
            None => self.lists.calls.push(body.index, call),
        }
    }

    /// The cost of a method whose receiver is known well enough.
    fn method_cost(&self, method: &str, call: NodeId, body: &Body) -> Option<CostLevel> {
        if METHODS.contains(&method) {
            return Some(CostLevel::External);
        }
        if !is_path_method(method) {
            return None;
        }
        let AnyNodeRef::ExprCall(call) = self.tree.node(call) else { return None };
        let receiver = &*call.func.as_attribute_expr()?.value;
        let class = body.site.class;
        self.is_path(receiver, body.scope, class, MOST_STEPS_TO_PATH).then_some(CostLevel::Io)
    }

    /// Whether an expression in a scope, and in a method of a class, is a `pathlib.Path` for certain.
    fn is_path(
        &self,
        expression: &'a Expr,
        scope: ScopeId,
        class: Option<u32>,
        steps: usize,
    ) -> bool {
        let Some(steps) = steps.checked_sub(1) else { return false };
        match expression {
            Expr::Call(call) => match &*call.func {
                Expr::Attribute(it) if PATH_MAKERS.binary_search(&it.attr.as_str()).is_ok() => {
                    self.is_path_class(&it.value, scope)
                        || self.is_path(&it.value, scope, class, steps)
                }
                callee => self.is_path_class(callee, scope),
            },
            Expr::BinOp(it) if it.op == Operator::Div => {
                self.is_path(&it.left, scope, class, steps)
            }
            Expr::Attribute(it) if it.attr.as_str() == "parent" => {
                self.is_path(&it.value, scope, class, steps)
            }
            Expr::Attribute(it) => {
                let (Expr::Name(this), Some(class)) = (&*it.value, class) else { return false };
                self.is_path_attribute(class, this.id.as_str(), it.attr.as_str(), steps)
            }
            Expr::Name(name) => {
                let symbol = self
                    .semantic
                    .name(name.id.as_str())
                    .and_then(|id| self.semantic.resolve(scope, id));
                let Some(binding) = symbol.and_then(|it| self.semantic.only_binding(it)) else {
                    return false;
                };
                match binding.kind {
                    BindingKind::Assignment(value) => self.is_path(value, scope, class, steps),
                    BindingKind::Parameter(it) => {
                        it.annotation().is_some_and(|it| self.is_path_class(it, scope))
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }

    fn is_path_class(&self, expression: &'a Expr, scope: ScopeId) -> bool {
        let name = self.semantic.qualified_from(scope, &self.info.module, expression);
        name.is_some_and(|name| name.is("pathlib.Path"))
    }

    /// Whether an attribute of the first parameter of methods is a path: the class says so, or
    /// whatever is assigned is one.
    fn is_path_attribute(&self, class: u32, this: &str, attribute: &str, steps: usize) -> bool {
        let (tree, semantic) = (self.tree, self.semantic);
        let node = semantic.sites().classes[class as usize];
        let (Some(scope), AnyNodeRef::StmtClassDef(statement)) =
            (semantic.scope_of(node), tree.node(node))
        else {
            return false;
        };
        let is_declared =
            statement.body.iter().filter_map(|it| it.as_ann_assign_stmt()).any(|it| {
                it.target.as_name_expr().is_some_and(|name| name.id.as_str() == attribute)
                    && self.is_path_class(&it.annotation, scope)
            });
        if is_declared {
            return true;
        }
        let is_it = |target: &Expr| match target {
            Expr::Attribute(it) => {
                it.attr.as_str() == attribute
                    && it.value.as_name_expr().is_some_and(|it| it.id.as_str() == this)
            }
            _ => false,
        };
        let (mut stores, mut paths) = (0, 0);
        for inner in tree.descendants(node) {
            let value = match inner {
                AnyNodeRef::ExprAttribute(it) => {
                    let is_store = !it.ctx.is_load() && it.attr.as_str() == attribute;
                    stores += usize::from(is_store);
                    continue;
                }
                AnyNodeRef::StmtAssign(it) if it.targets.iter().any(is_it) => Some(&*it.value),
                AnyNodeRef::StmtAnnAssign(it) if is_it(&it.target) => it.value.as_deref(),
                _ => None,
            };
            let Some(value) = value else { continue };
            let scope = semantic.scope_at(tree, tree.id(value));
            paths += usize::from(self.is_path(value, scope, Some(class), steps));
        }
        stores > 0 && stores == paths
    }
}
