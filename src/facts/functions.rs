//! Functions: what they call that may matter elsewhere, and what they cost by themselves.

use ruff_python_ast::{AnyNodeRef, Expr, Operator, Stmt};
use ruff_text_size::{Ranged as _, TextRange};

use super::classes::first_parameter;
use super::costs::{METHODS, PATH_METHODS, cost_of, cost_of_builtin, is_standard_library};
use super::extract::{CallTarget, Extractor};
use super::scan::Scan;
use super::{CallFacts, Callee, CostFacts, CostLevel, FunctionFacts, Holder, Lists, Part, Target};
use crate::semantic::{BindingKind, ScopeId};
use crate::syntax::NodeId;

/// How many names are followed to see that something is a path.
const MOST_STEPS_TO_PATH: usize = 4;

/// The function whose calls are looked at.
struct Body<'a> {
    node: NodeId,
    scope: ScopeId,
    /// The first parameter of a method.
    this: Option<&'a str>,
    /// Where its own begin among the calls and costs of the file.
    first_call: usize,
    first_cost: usize,
}

impl<'a> Extractor<'a, '_> {
    pub(super) fn functions(&mut self) -> Vec<FunctionFacts> {
        let calls = std::mem::take(&mut self.scan.calls);
        let reads = std::mem::take(&mut self.scan.reads);
        // What tests cost is nobody's business but theirs, and there are many of them.
        let is_test = self.info.module.is_test();
        let count = self.scan.functions.len() as u32;
        let facts = |index: u32| {
            let node = self.scan.functions[index as usize];
            let mut facts = self.function(index, node)?;
            if is_test {
                return Some(facts);
            }
            let body = self.body(node)?;
            for (_, call) in Scan::of_function(&calls, index) {
                self.call(*call, &body);
            }
            for (_, read) in Scan::of_function(&reads, index) {
                self.read(*read, &body, facts.holder);
            }
            let Lists { calls: listed, costs, .. } = &mut self.lists;
            listed[body.first_call..].sort_by_key(|call| call.range.start());
            facts.calls = Part::since(body.first_call, listed);
            facts.costs = Part::since(body.first_cost, costs);
            facts.is_memo = !(facts.costs.is_empty() && facts.calls.is_empty())
                && self.may_keep(index, &calls)
                && self.is_memo(node);
            Some(facts)
        };
        let functions = (0..count).filter_map(facts).collect();
        (self.scan.calls, self.scan.reads) = (calls, reads);
        functions
    }

    fn body(&self, node: NodeId) -> Option<Body<'a>> {
        let AnyNodeRef::StmtFunctionDef(function) = self.tree.node(node) else { return None };
        let is_method =
            matches!(self.tree.node(self.tree.parent(node)), AnyNodeRef::StmtClassDef(_));
        let this = first_parameter(function).filter(|_| is_method);
        Some(Body {
            node,
            scope: self.semantic.scope_of(node)?,
            this,
            first_call: self.lists.calls.len(),
            first_cost: self.lists.costs.len(),
        })
    }

    fn function(&mut self, index: u32, node: NodeId) -> Option<FunctionFacts> {
        let AnyNodeRef::StmtFunctionDef(function) = self.tree.node(node) else { return None };
        let decorators = self.decorated(&function.decorator_list, node);
        Some(FunctionFacts {
            name: self.text(function.name.as_str()),
            range: function.name.range(),
            holder: self.holder(node),
            decorators,
            is_async: function.is_async,
            is_generator: self.scan.generators.binary_search(&index).is_ok(),
            is_stub: is_stub(&function.body),
            is_memo: false,
            calls: Part::default(),
            costs: Part::default(),
        })
    }

    /// The innermost class or function that a class or function stands in.
    pub(super) fn holder(&self, node: NodeId) -> Holder {
        let around = self.tree.ancestors(node).find_map(|(id, ancestor)| match ancestor {
            AnyNodeRef::StmtClassDef(_) => self.class_index(id).map(Holder::Class),
            AnyNodeRef::StmtFunctionDef(_) => self.function_index(id).map(Holder::Function),
            _ => None,
        });
        around.unwrap_or(Holder::Module)
    }

    fn call(&mut self, id: NodeId, body: &Body<'a>) {
        let AnyNodeRef::ExprCall(call) = self.tree.node(id) else { return };
        let (function, this) = (body.node, body.this);
        let range = call.func.range();
        let callee = match &*call.func {
            Expr::Attribute(attribute) => {
                let method = attribute.attr.as_str();
                match &*attribute.value {
                    Expr::Name(name) if Some(name.id.as_str()) == this => {
                        Callee::Method(self.text(method))
                    }
                    Expr::Call(inner)
                        if inner
                            .func
                            .as_name_expr()
                            .is_some_and(|it| it.id.as_str() == "super") =>
                    {
                        Callee::Super(self.text(method))
                    }
                    receiver => {
                        if let Some(level) = self.method_cost(method, receiver, body.scope) {
                            let what = self.text(&format!(".{method}"));
                            let is_certain = self.is_certain(id, function);
                            self.lists.costs.push(CostFacts { level, what, range, is_certain });
                            return;
                        }
                        match self.callee(&call.func, body.scope) {
                            Some(target) => target,
                            None => return,
                        }
                    }
                }
            }
            Expr::Name(_) => match self.callee(&call.func, body.scope) {
                Some(target) => target,
                None => return,
            },
            _ => return,
        };
        match callee {
            Callee::Target(Target::Absolute(name) | Target::Builtin(name)) => {
                let text = self.interner.strings().get(name);
                let is_builtin = matches!(callee, Callee::Target(Target::Builtin(_)));
                let cost = match is_builtin {
                    true => cost_of_builtin(text),
                    false => cost_of(text),
                };
                match cost {
                    Some(level) => {
                        let is_certain = self.is_certain(id, function);
                        self.lists.costs.push(CostFacts { level, what: name, range, is_certain });
                    }
                    None if is_builtin => {}
                    None => self.add_call(callee, range, id, body),
                }
            }
            _ => self.add_call(callee, range, id, body),
        }
    }

    /// What a name or attribute calls, where it may matter: it is known, and neither a cheap
    /// builtin nor a cheap function of the standard library.
    fn callee(&mut self, callee: &'a Expr, scope: ScopeId) -> Option<Callee> {
        let name = match self.call_target(callee, scope)? {
            CallTarget::Known(Target::Unknown) => return None,
            CallTarget::Known(target) => return Some(Callee::Target(target)),
            CallTarget::Named(name) => name,
        };
        let matters = match name.parts() {
            ["builtins", builtin] => {
                return cost_of_builtin(builtin)
                    .map(|_| Callee::Target(Target::Builtin(self.text(builtin))));
            }
            [top, ..] => !is_standard_library(top) || cost_of(&name.to_string()).is_some(),
            [] => false,
        };
        matters.then(|| Callee::Target(Target::Absolute(self.text(&name.to_string()))))
    }

    /// A read of `self.name`, which runs a method if the name is a property: kept unless the class
    /// shows that it is none.
    fn read(&mut self, id: NodeId, body: &Body<'a>, holder: Holder) {
        let tree = self.tree;
        let AnyNodeRef::ExprAttribute(attribute) = tree.node(id) else { return };
        let Holder::Class(class) = holder else { return };
        let name = attribute.attr.as_str();
        let is_callee = matches!(
            tree.node(tree.parent(id)),
            AnyNodeRef::ExprCall(call) if tree.id(&*call.func) == id
        );
        if is_callee || self.scan.own_writes.binary_search(&(class, name)).is_ok() {
            return;
        }
        let own = self
            .semantic
            .scope_of(self.scan.classes[class as usize])
            .zip(self.semantic.name(name))
            .and_then(|(scope, name)| self.semantic.symbol_in(scope, name));
        if let Some(own) = own
            && !self.semantic.bindings(own).any(|it| match it.kind {
                BindingKind::Function(function) => !function.decorator_list.is_empty(),
                _ => false,
            })
        {
            return;
        }
        let callee = Callee::Attribute(self.text(name));
        self.add_call(callee, attribute.range(), id, body);
    }

    fn add_call(&mut self, callee: Callee, range: TextRange, id: NodeId, body: &Body<'a>) {
        let known = &self.lists.calls[body.first_call..];
        let known = known.iter().position(|call| call.callee == callee);
        let at = known.map(|at| at + body.first_call);
        if at.is_some_and(|at| self.lists.calls[at].is_certain) {
            return;
        }
        let is_certain = self.is_certain(id, body.node);
        match at {
            Some(at) if is_certain => {
                let call = &mut self.lists.calls[at];
                (call.range, call.is_certain) = (range, true);
            }
            Some(_) => {}
            None => self.lists.calls.push(CallFacts { callee, range, is_certain }),
        }
    }

    /// Whether the function may keep what it computes: a cheap test before [`Self::is_memo`].
    fn may_keep(&self, index: u32, calls: &[(u32, NodeId)]) -> bool {
        self.scan.storing.binary_search(&index).is_ok()
            || Scan::of_function(calls, index).iter().any(|(_, call)| {
                matches!(self.tree.node(*call), AnyNodeRef::ExprCall(call)
                    if matches!(last_name(&call.func), Some("setattr" | "setdefault")))
            })
    }

    /// Whether each run of the function reaches the node: no branch, loop or handler around it.
    fn is_certain(&self, node: NodeId, function: NodeId) -> bool {
        let tree = self.tree;
        let mut inner = node;
        for (id, ancestor) in tree.ancestors(node) {
            if id == function {
                return true;
            }
            let always = match ancestor {
                AnyNodeRef::StmtIf(it) => tree.contains(tree.id(&*it.test), inner),
                AnyNodeRef::StmtFor(it) => tree.contains(tree.id(&*it.iter), inner),
                AnyNodeRef::StmtWhile(it) => tree.contains(tree.id(&*it.test), inner),
                AnyNodeRef::StmtTry(it) => {
                    it.body.first().zip(it.body.last()).is_some_and(|(first, last)| {
                        tree.id(first) <= inner && inner <= tree.id(last)
                    })
                }
                AnyNodeRef::ExprIf(it) => tree.contains(tree.id(&*it.test), inner),
                AnyNodeRef::ExprBoolOp(it) => {
                    it.values.first().is_some_and(|first| tree.id(first) == inner)
                }
                AnyNodeRef::ElifElseClause(_)
                | AnyNodeRef::ExceptHandlerExceptHandler(_)
                | AnyNodeRef::MatchCase(_)
                | AnyNodeRef::ExprGenerator(_)
                | AnyNodeRef::ExprListComp(_)
                | AnyNodeRef::ExprSetComp(_)
                | AnyNodeRef::ExprDictComp(_) => false,
                _ => true,
            };
            if !always {
                return false;
            }
            inner = id;
        }
        true
    }

    /// The cost of a method whose receiver is known well enough.
    fn method_cost(&self, method: &str, receiver: &'a Expr, scope: ScopeId) -> Option<CostLevel> {
        if METHODS.binary_search(&method).is_ok() {
            return Some(CostLevel::External);
        }
        let is_path_method = PATH_METHODS.binary_search(&method).is_ok();
        (is_path_method && self.is_path(receiver, scope, MOST_STEPS_TO_PATH))
            .then_some(CostLevel::Io)
    }

    /// Whether an expression is a `pathlib.Path` for certain.
    fn is_path(&self, expression: &'a Expr, scope: ScopeId, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let is_path_class = |expression: &'a Expr| {
            self.semantic
                .qualified_from(scope, &self.info.module, expression)
                .is_some_and(|name| name.is("pathlib.Path"))
        };
        match expression {
            Expr::Call(call) => is_path_class(&call.func),
            Expr::BinOp(it) if it.op == Operator::Div => self.is_path(&it.left, scope, depth),
            Expr::Attribute(it) if it.attr.as_str() == "parent" => {
                self.is_path(&it.value, scope, depth)
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
                    BindingKind::Assignment(value) => self.is_path(value, scope, depth),
                    BindingKind::Parameter(it) => it.annotation().is_some_and(is_path_class),
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// Whether the function keeps what it computes: it stores what a test or `try` of its own
    /// reads.
    fn is_memo(&self, node: NodeId) -> bool {
        let tree = self.tree;
        let mut stored: Vec<&str> = Vec::new();
        let mut tested: Vec<&str> = Vec::new();
        for (id, inner) in own_below(tree, node) {
            match inner {
                AnyNodeRef::ExprAttribute(it) if it.ctx.is_store() => stored.push(&it.attr),
                AnyNodeRef::ExprSubscript(it) if it.ctx.is_store() => {
                    stored.extend(last_name(&it.value));
                }
                AnyNodeRef::StmtGlobal(it) => stored.extend(it.names.iter().map(|name| &**name)),
                AnyNodeRef::ExprCall(call) => {
                    let name = last_name(&call.func);
                    // `cache.get(key)` tests what `cache[key] = …` stores.
                    if let (Some("get"), Expr::Attribute(it)) = (name, &*call.func) {
                        tested.extend(last_name(&it.value));
                    }
                    if matches!(name, Some("setattr" | "setdefault")) {
                        return true;
                    }
                    if matches!(name, Some("hasattr" | "getattr"))
                        && let Some(Expr::StringLiteral(it)) = call.arguments.args.get(1)
                    {
                        tested.push(it.value.to_str());
                    }
                }
                AnyNodeRef::StmtIf(it) => tested.extend(names_read(tree, tree.id(&*it.test))),
                AnyNodeRef::StmtWhile(it) => tested.extend(names_read(tree, tree.id(&*it.test))),
                AnyNodeRef::ElifElseClause(it) => {
                    if let Some(test) = &it.test {
                        tested.extend(names_read(tree, tree.id(test)));
                    }
                }
                AnyNodeRef::ExprIf(it) => tested.extend(names_read(tree, tree.id(&*it.test))),
                AnyNodeRef::ExprBoolOp(_) => tested.extend(names_read(tree, id)),
                AnyNodeRef::StmtTry(it) => {
                    for statement in &it.body {
                        tested.extend(names_read(tree, tree.id(statement)));
                    }
                }
                _ => {}
            }
        }
        stored.iter().any(|name| tested.contains(name))
    }
}

/// What stands below a function and belongs to it: not into nested functions, lambdas, classes.
fn own_below<'a, 't>(
    tree: &'t crate::syntax::Tree<'a>,
    node: NodeId,
) -> impl Iterator<Item = (NodeId, AnyNodeRef<'a>)> + use<'a, 't> {
    tree.own_ids(node).map(move |id| (id, tree.node(id)))
}

/// The last part of a dotted name.
fn last_name(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

/// The names and attributes below a node, itself included, that are read.
fn names_read<'a, 't>(
    tree: &'t crate::syntax::Tree<'a>,
    node: NodeId,
) -> impl Iterator<Item = &'a str> + use<'a, 't> {
    std::iter::once(tree.node(node)).chain(tree.descendants(node).iter().copied()).filter_map(
        |node| match node {
            AnyNodeRef::ExprName(name) if name.ctx.is_load() => Some(name.id.as_str()),
            AnyNodeRef::ExprAttribute(it) if it.ctx.is_load() => Some(it.attr.as_str()),
            _ => None,
        },
    )
}

/// Whether a body does nothing by itself: a docstring, `...`, `pass`, `raise NotImplementedError`.
fn is_stub(body: &[Stmt]) -> bool {
    body.iter().all(|statement| match statement {
        Stmt::Pass(_) => true,
        Stmt::Expr(it) => it.value.is_string_literal_expr() || it.value.is_ellipsis_literal_expr(),
        Stmt::Raise(it) => it.exc.as_deref().is_some_and(|raised| {
            let class = match raised {
                Expr::Call(call) => &*call.func,
                class => class,
            };
            last_name(class) == Some("NotImplementedError")
        }),
        _ => false,
    })
}
