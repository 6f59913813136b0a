//! What each call of a function comes to, whatever its arguments.

use ruff_python_ast::{AnyNodeRef, Comprehension, ExceptHandler, Expr, Stmt};

use crate::rule::Context;
use crate::syntax::NodeId;

/// The first node that each run of some statements evaluates and that is what is looked for. What
/// raises before is not asked.
pub(super) fn find<'a, T>(
    body: &'a [Stmt],
    asks: impl Fn(AnyNodeRef<'a>) -> Option<T>,
    cx: &Context<'a>,
) -> Option<T> {
    Search { asks, cx }.block(body).ok().flatten()
}

/// After this nothing is reached for certain.
struct Over;

struct Search<'c, 'a, F> {
    asks: F,
    cx: &'c Context<'a>,
}

impl<'a, T, F: Fn(AnyNodeRef<'a>) -> Option<T>> Search<'_, 'a, F> {
    fn block(&self, body: &'a [Stmt]) -> Result<Option<T>, Over> {
        for statement in body {
            let found = self.statement(statement)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    fn statement(&self, statement: &'a Stmt) -> Result<Option<T>, Over> {
        let id = self.cx.id(statement);
        if let Stmt::FunctionDef(_) | Stmt::ClassDef(_) = statement {
            return Ok(None);
        }
        // A `try` may swallow the exception, unless it only cleans up or names others.
        if let Stmt::Try(it) = statement {
            let lets_through = it.handlers.iter().all(|it| self.lets_through(it))
                && !it.finalbody.iter().any(Stmt::is_return_stmt);
            return if lets_through { self.block(&it.body) } else { Err(Over) };
        }
        let tree = self.cx.tree;
        let mut found = std::iter::once(id)
            .chain(tree.own_ids(id))
            .filter_map(|node| Some((node, (self.asks)(tree.node(node))?)));
        if let Some((_, found)) = found.find(|(node, _)| self.is_certain(*node, id)) {
            return Ok(Some(found));
        }
        let leaves = |node: AnyNodeRef<'_>| {
            matches!(
                node,
                AnyNodeRef::StmtReturn(_)
                    | AnyNodeRef::StmtRaise(_)
                    | AnyNodeRef::StmtWith(_)
                    | AnyNodeRef::StmtTry(_)
                    | AnyNodeRef::ExprYield(_)
                    | AnyNodeRef::ExprYieldFrom(_)
            )
        };
        let is_left = leaves(tree.node(id)) || tree.own(id).any(leaves);
        if is_left { Err(Over) } else { Ok(None) }
    }

    /// Whether a handler only catches exceptions that `RecursionError` is none of.
    fn lets_through(&self, handler: &'a ExceptHandler) -> bool {
        let ExceptHandler::ExceptHandler(handler) = handler;
        let is_other = |it: &'a Expr| {
            self.cx.qualified(it).is_some_and(|name| match name.parts() {
                ["builtins", name] => !matches!(
                    *name,
                    "BaseException" | "Exception" | "RecursionError" | "RuntimeError"
                ),
                _ => false,
            })
        };
        match handler.type_.as_deref() {
            Some(Expr::Tuple(it)) => it.elts.iter().all(is_other),
            Some(it) => is_other(it),
            None => false,
        }
    }

    /// Whether a statement that is run evaluates a node that stands in it.
    fn is_certain(&self, node: NodeId, statement: NodeId) -> bool {
        let tree = self.cx.tree;
        if node == statement {
            return true;
        }
        for (id, ancestor) in tree.ancestors(node) {
            let is_in = |it: &Expr| tree.contains(tree.id(it), node);
            let is_evaluated = match ancestor {
                AnyNodeRef::StmtIf(it) => is_in(&it.test),
                AnyNodeRef::StmtWhile(it) => is_in(&it.test),
                AnyNodeRef::StmtFor(it) => is_in(&it.iter),
                AnyNodeRef::StmtMatch(it) => is_in(&it.subject),
                AnyNodeRef::StmtWith(it) => {
                    it.items.first().is_some_and(|it| is_in(&it.context_expr))
                }
                AnyNodeRef::StmtAssert(it) => is_in(&it.test),
                AnyNodeRef::ExprIf(it) => is_in(&it.test),
                AnyNodeRef::ExprBoolOp(it) => it.values.first().is_some_and(is_in),
                AnyNodeRef::ExprCompare(it) => {
                    is_in(&it.left) || it.comparators.first().is_some_and(is_in)
                }
                // The first iterable is asked at once.
                AnyNodeRef::ExprListComp(it) => is_first(&it.generators, node, self.cx),
                AnyNodeRef::ExprSetComp(it) => is_first(&it.generators, node, self.cx),
                AnyNodeRef::ExprDictComp(it) => is_first(&it.generators, node, self.cx),
                AnyNodeRef::Comprehension(it) => is_in(&it.iter),
                AnyNodeRef::ExprGenerator(_)
                | AnyNodeRef::ExprLambda(_)
                | AnyNodeRef::ElifElseClause(_)
                | AnyNodeRef::ExceptHandlerExceptHandler(_)
                | AnyNodeRef::MatchCase(_) => false,
                _ => true,
            };
            if !is_evaluated {
                return false;
            }
            if id == statement {
                return true;
            }
        }
        false
    }
}

/// Whether a node is the first `for` of a comprehension, or in its iterable.
fn is_first(generators: &[Comprehension], node: NodeId, cx: &Context<'_>) -> bool {
    generators
        .first()
        .is_some_and(|it| cx.id(it) == node || cx.tree.contains(cx.id(&it.iter), node))
}
