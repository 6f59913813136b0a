//! Functions: what they call that may matter elsewhere, and what they cost by themselves.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprContext, Operator, Stmt};
use ruff_text_size::Ranged as _;

use super::classes::first_parameter;
use super::costs::{METHODS, PATH_METHODS, cost_of};
use super::extract::Extractor;
use super::{CallFacts, Callee, CostFacts, CostLevel, FunctionFacts, Target};
use crate::semantic::{BindingKind, ScopeId};
use crate::syntax::NodeId;

impl<'a> Extractor<'a, '_> {
    pub(super) fn functions(&mut self) -> Vec<FunctionFacts> {
        let nodes = self.function_nodes.clone();
        nodes.into_iter().filter_map(|node| self.function(node)).collect()
    }

    fn function(&mut self, node: NodeId) -> Option<FunctionFacts> {
        let tree = self.tree;
        let AnyNodeRef::StmtFunctionDef(function) = tree.node(node) else { return None };
        let holder = tree.parent(node);
        let class = match tree.node(holder) {
            AnyNodeRef::StmtClassDef(_) => self.class_index(holder),
            _ => None,
        };
        let decorators =
            function.decorator_list.iter().map(|it| self.decorator(it, node)).collect();
        let mut facts = FunctionFacts {
            name: self.text(function.name.as_str()),
            qualified: self.qualified_name(node, function.name.as_str()),
            range: function.name.range(),
            class,
            decorators,
            is_async: function.is_async,
            is_generator: false,
            is_stub: is_stub(&function.body),
            is_memo: false,
            calls: Vec::new(),
            costs: Vec::new(),
        };
        let this = class.and_then(|_| first_parameter(function));
        let scope = self.semantic.scope_of(node)?;
        let body_start = function.body.first().map(|first| tree.id(first))?;
        for (id, inner) in own_below(tree, node).filter(|(id, _)| *id >= body_start) {
            match inner {
                AnyNodeRef::ExprCall(call) => self.call(call, id, node, this, scope, &mut facts),
                AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_) => {
                    facts.is_generator = true
                }
                AnyNodeRef::ExprAttribute(attribute) if attribute.ctx == ExprContext::Load => {
                    let on_this = attribute.value.as_name_expr().map(|name| name.id.as_str());
                    let is_callee = matches!(
                        tree.node(tree.parent(id)),
                        AnyNodeRef::ExprCall(call) if tree.id(&*call.func) == id
                    );
                    if this.is_some() && on_this == this && !is_callee {
                        let callee = Callee::Attribute(self.text(attribute.attr.as_str()));
                        self.add_call(callee, attribute.range(), id, node, &mut facts);
                    }
                }
                _ => {}
            }
        }
        facts.is_memo = !facts.costs.is_empty() | !facts.calls.is_empty() && self.is_memo(node);
        Some(facts)
    }

    fn call(
        &mut self,
        call: &'a ast::ExprCall,
        id: NodeId,
        function: NodeId,
        this: Option<&str>,
        scope: ScopeId,
        facts: &mut FunctionFacts,
    ) {
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
                        if let Some(level) = self.method_cost(method, receiver, scope) {
                            let what = self.text(&format!(".{method}"));
                            let is_certain = self.is_certain(id, function);
                            facts.costs.push(CostFacts { level, what, range, is_certain });
                            return;
                        }
                        Callee::Target(self.target(&call.func, scope))
                    }
                }
            }
            Expr::Name(_) => Callee::Target(self.target(&call.func, scope)),
            _ => return,
        };
        let cost = match callee {
            Callee::Target(Target::Unknown) => return,
            Callee::Target(Target::Builtin(name)) => {
                let name = format!("builtins.{}", self.interner.strings().get(name));
                match cost_of(&name) {
                    Some(level) => Some((level, self.text(&name))),
                    None => return,
                }
            }
            Callee::Target(Target::Absolute(name)) => {
                cost_of(self.interner.strings().get(name)).map(|level| (level, name))
            }
            _ => None,
        };
        match cost {
            Some((level, what)) => {
                let is_certain = self.is_certain(id, function);
                facts.costs.push(CostFacts { level, what, range, is_certain });
            }
            None => self.add_call(callee, range, id, function, facts),
        }
    }

    fn add_call(
        &mut self,
        callee: Callee,
        range: ruff_text_size::TextRange,
        id: NodeId,
        function: NodeId,
        facts: &mut FunctionFacts,
    ) {
        let is_certain = self.is_certain(id, function);
        match facts.calls.iter_mut().find(|call| call.callee == callee) {
            Some(call) if is_certain && !call.is_certain => {
                (call.range, call.is_certain) = (range, true);
            }
            Some(_) => {}
            None => facts.calls.push(CallFacts { callee, range, is_certain }),
        }
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
    fn method_cost(
        &mut self,
        method: &str,
        receiver: &'a Expr,
        scope: ScopeId,
    ) -> Option<CostLevel> {
        if METHODS.binary_search(&method).is_ok() {
            return Some(CostLevel::External);
        }
        if PATH_METHODS.binary_search(&method).is_ok() && self.is_path(receiver, scope, 4) {
            return Some(CostLevel::Io);
        }
        None
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
fn names_read<'a>(tree: &crate::syntax::Tree<'a>, node: NodeId) -> Vec<&'a str> {
    std::iter::once(tree.node(node))
        .chain(tree.descendants(node).iter().copied())
        .filter_map(|node| match node {
            AnyNodeRef::ExprName(name) if name.ctx.is_load() => Some(name.id.as_str()),
            AnyNodeRef::ExprAttribute(it) if it.ctx.is_load() => Some(it.attr.as_str()),
            _ => None,
        })
        .collect()
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
