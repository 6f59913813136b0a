//! What runs for sure when a function is called.

use ruff_python_ast::{
    AnyNodeRef, CmpOp, Expr, ExprBooleanLiteral, StmtFunctionDef, StmtIf, UnaryOp,
};

use super::methods::is_name;
use crate::rule::Context;
use crate::syntax::NodeId;

/// Whether each call of a function comes to a node of its body, unless something raises by itself:
/// no branch, loop or handler stands around it, and nothing before it returns or raises.
pub(super) fn is_reached<'a>(
    node: NodeId,
    function: &'a StmtFunctionDef,
    cx: &Context<'a>,
) -> bool {
    Way { function, given: None, may_refuse: false, cx }.comes_to(node)
}

/// Like [`is_reached`] for the calls that are not refused: what is raised before does not count.
pub(super) fn is_reached_if_accepted<'a>(
    node: NodeId,
    function: &'a StmtFunctionDef,
    cx: &Context<'a>,
) -> bool {
    Way { function, given: None, may_refuse: true, cx }.comes_to(node)
}

/// Like [`is_reached_if_accepted`] for the calls in which a parameter is not `None`: what is done
/// for `None` does not count either.
pub(super) fn is_reached_for<'a>(
    node: NodeId,
    function: &'a StmtFunctionDef,
    given: &'a str,
    cx: &Context<'a>,
) -> bool {
    Way { function, given: Some(given), may_refuse: true, cx }.comes_to(node)
}

/// What a test says of a name, if it asks whether it is `None`: whether it is in the body. The name
/// by itself counts too, since objects are true by default.
pub(super) fn is_none_in_body(test: &Expr, name: &str) -> Option<bool> {
    match test {
        Expr::Name(it) => (it.id == name).then_some(false),
        Expr::UnaryOp(it) if it.op == UnaryOp::Not => {
            is_none_in_body(&it.operand, name).map(|it| !it)
        }
        Expr::Compare(it) => {
            let [op] = &*it.ops else { return None };
            let is_asked = is_name(&it.left, name) && it.comparators[0].is_none_literal_expr();
            match op {
                _ if !is_asked => None,
                CmpOp::Is | CmpOp::Eq => Some(true),
                CmpOp::IsNot | CmpOp::NotEq => Some(false),
                _ => None,
            }
        }
        _ => None,
    }
}

struct Way<'c, 'a> {
    function: &'a StmtFunctionDef,
    /// The parameter that is taken not to be `None`.
    given: Option<&'a str>,
    /// Whether what is raised on the way does not count.
    may_refuse: bool,
    cx: &'c Context<'a>,
}

impl<'a> Way<'_, 'a> {
    fn comes_to(&self, node: NodeId) -> bool {
        let (cx, function) = (self.cx, self.cx.id(self.function));
        // What a coroutine or a generator does, it does later.
        let is_later = |it| matches!(it, AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_));
        let before = || cx.tree.own_ids(function).take_while(|it| *it < node);
        !self.function.is_async
            && self.is_always(node)
            && !before().any(|it| self.turns_away(it, node))
            && !cx.own(self.function).any(is_later)
    }

    /// Whether nothing around the node keeps it from being reached.
    fn is_always(&self, node: NodeId) -> bool {
        let (tree, function) = (self.cx.tree, self.cx.id(self.function));
        let mut inner = node;
        for (id, ancestor) in tree.ancestors(node) {
            if id == function {
                return self.function.body.first().is_some_and(|it| tree.id(it) <= inner);
            }
            let holds = |part: &Expr| tree.contains(tree.id(part), inner);
            let is_always = match ancestor {
                AnyNodeRef::StmtIf(it) => holds(&it.test) || self.is_branch_taken(it, inner),
                // Decided with the statement that it is a part of.
                AnyNodeRef::ElifElseClause(_) => true,
                AnyNodeRef::StmtFor(it) => holds(&it.iter),
                AnyNodeRef::StmtWhile(it) => holds(&it.test),
                AnyNodeRef::StmtMatch(it) => holds(&it.subject),
                // What a handler may catch is not what happens.
                AnyNodeRef::StmtTry(it) => it.handlers.is_empty(),
                AnyNodeRef::ExprIf(it) => {
                    holds(&it.test)
                        || match self.given.and_then(|name| is_none_in_body(&it.test, name)) {
                            Some(true) => holds(&it.orelse),
                            Some(false) => holds(&it.body),
                            None => false,
                        }
                }
                AnyNodeRef::ExprBoolOp(it) => it.values.first().is_some_and(holds),
                AnyNodeRef::ExprCompare(it) => {
                    holds(&it.left) || it.comparators.first().is_some_and(holds)
                }
                // Assertions may be switched off.
                AnyNodeRef::StmtAssert(_)
                | AnyNodeRef::ExceptHandlerExceptHandler(_)
                | AnyNodeRef::MatchCase(_)
                | AnyNodeRef::ExprGenerator(_)
                | AnyNodeRef::ExprListComp(_)
                | AnyNodeRef::ExprSetComp(_)
                | AnyNodeRef::ExprDictComp(_)
                | AnyNodeRef::ExprLambda(_)
                | AnyNodeRef::StmtFunctionDef(_)
                | AnyNodeRef::StmtClassDef(_) => false,
                _ => true,
            };
            if !is_always {
                return false;
            }
            inner = id;
        }
        false
    }

    /// Whether the branch of an `if` that holds a node is the one for what is not `None`.
    fn is_branch_taken(&self, it: &StmtIf, inner: NodeId) -> bool {
        let Some(is_none_in_body) = self.given.and_then(|name| is_none_in_body(&it.test, name))
        else {
            return false;
        };
        match &it.elif_else_clauses[..] {
            [] => !is_none_in_body,
            [only, ..] => {
                let is_in_body = inner < self.cx.tree.id(only);
                let is_else = inner == self.cx.tree.id(only) && only.test.is_none();
                is_in_body && !is_none_in_body || is_else && is_none_in_body
            }
        }
    }

    /// Whether the function may end here, before it comes to a later node.
    fn turns_away(&self, id: NodeId, later: NodeId) -> bool {
        let tree = self.cx.tree;
        match tree.node(id) {
            AnyNodeRef::StmtReturn(_) => !tree.contains(id, later) && !self.is_for_none(id),
            AnyNodeRef::StmtRaise(_) => !tree.contains(id, later) && !self.may_refuse,
            AnyNodeRef::StmtWhile(it) => {
                matches!(&*it.test, Expr::BooleanLiteral(ExprBooleanLiteral { value: true, .. }))
            }
            _ => false,
        }
    }

    /// Whether a statement is only for the calls in which the parameter is `None`.
    fn is_for_none(&self, statement: NodeId) -> bool {
        let Some(name) = self.given else { return false };
        let tree = self.cx.tree;
        tree.ancestors(statement).any(|(_, ancestor)| match ancestor {
            AnyNodeRef::StmtIf(it) => {
                let first_clause = it.elif_else_clauses.first();
                is_none_in_body(&it.test, name) == Some(true)
                    && first_clause.is_none_or(|it| statement < tree.id(it))
            }
            _ => false,
        })
    }
}
