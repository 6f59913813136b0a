//! Functions: how they are made and whether they keep what they compute.

use ruff_python_ast::{AnyNodeRef, Expr, Stmt};
use ruff_text_size::Ranged as _;

use super::extract::Extractor;
use super::scan::{CallSite, take_of};
use super::{FunctionFacts, Place, Target, flags};
use crate::syntax::NodeId;

impl<'a> Extractor<'a, '_> {
    pub(super) fn functions(&mut self) {
        let calls = std::mem::take(&mut self.scan.calls);
        let reads = std::mem::take(&mut self.scan.reads);
        let (mut rest_of_calls, mut rest_of_reads) = (&calls[..], &reads[..]);
        // What tests cost is nobody's business but theirs, and there are many of them.
        let is_test = self.info.module.is_test();
        for index in 0..self.scan.functions.len() as u32 {
            let node = self.scan.functions[index as usize];
            let own_calls = take_of(&mut rest_of_calls, index, |call| call.function);
            let own_reads = take_of(&mut rest_of_reads, index, |(function, _)| *function);
            let Some(mut facts) = self.function(index, node) else { continue };
            if !is_test {
                let does_something = self.calls(index, node, own_calls, own_reads);
                if does_something && self.may_keep(index, own_calls) && self.is_memo(node) {
                    facts.place.flags |= FunctionFacts::IS_MEMO;
                }
            }
            self.lists.functions.push(facts);
        }
        (self.scan.calls, self.scan.reads) = (calls, reads);
    }

    fn function(&mut self, index: u32, node: NodeId) -> Option<FunctionFacts> {
        let AnyNodeRef::StmtFunctionDef(function) = self.tree.node(node) else { return None };
        for decorator in &function.decorator_list {
            let target = self.decorator(decorator);
            self.lists.function_decorators.push(index, target);
        }
        let is_generator = self.scan.generators.binary_search(&index).is_ok();
        let flags = flags([
            (function.is_async, FunctionFacts::IS_ASYNC),
            (is_generator, FunctionFacts::IS_GENERATOR),
            (is_stub(&function.body), FunctionFacts::IS_STUB),
        ]);
        Some(FunctionFacts {
            name: self.interner.text(function.name.as_str()),
            place: Place::new(function.name.range(), flags),
            holder: self.holder(node),
        })
    }

    /// The innermost class or function that a class or function stands in; unknown for none.
    pub(super) fn holder(&self, node: NodeId) -> Target {
        let around = self.tree.ancestors(node).find_map(|(id, ancestor)| match ancestor {
            AnyNodeRef::StmtClassDef(_) => self.class_index(id).map(Target::class),
            AnyNodeRef::StmtFunctionDef(_) => self.function_index(id).map(Target::function),
            _ => None,
        });
        around.unwrap_or(Target::UNKNOWN)
    }

    /// Whether the function may keep what it computes: a cheap test before [`Self::is_memo`].
    fn may_keep(&self, index: u32, calls: &[CallSite]) -> bool {
        self.scan.storing.binary_search(&index).is_ok()
            || calls.iter().any(|call| {
                matches!(self.tree.node(call.node), AnyNodeRef::ExprCall(call)
                    if matches!(last_name(&call.func), Some("setattr" | "setdefault")))
            })
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
