//! The other operand of an operator: whether its type is asked, and where it is found to be
//! foreign.

use ruff_python_ast::{AnyNodeRef, CmpOp, Expr, Stmt, StmtIf, UnaryOp};

use super::special::Method;
use crate::rule::Context;
use crate::syntax::NodeId;

/// Methods of binary operators and comparisons: what they do not know they hand back with
/// `NotImplemented`.
pub(super) fn is_operator(name: &str) -> bool {
    let core = name.strip_prefix("__").and_then(|it| it.strip_suffix("__")).unwrap_or_default();
    is_comparison(name)
        || BINARY.contains(&core)
        || core.strip_prefix(['i', 'r']).is_some_and(|it| BINARY.contains(&it))
}

/// Methods of comparisons.
pub(super) fn is_comparison(name: &str) -> bool {
    matches!(name, "__eq__" | "__ge__" | "__gt__" | "__le__" | "__lt__" | "__ne__")
}

#[rustfmt::skip]
const BINARY: &[&str] = &[
    "add", "and", "divmod", "floordiv", "lshift", "matmul", "mod", "mul", "or", "pow", "rshift",
    "sub", "truediv", "xor",
];

/// What a test says about the type of the other operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// It is one of those that are understood.
    Known,
    /// It is another.
    Foreign,
}

/// The other operand of a method.
#[derive(Clone, Copy)]
pub(super) struct Other<'m, 'a> {
    pub(super) method: &'m Method<'a>,
    pub(super) name: &'a str,
}

impl<'m, 'a> Other<'m, 'a> {
    /// The one parameter after the object itself.
    pub(super) fn of(method: &'m Method<'a>) -> Option<Other<'m, 'a>> {
        Some(Other { method, name: method.parameter(0)? })
    }

    fn is_this(&self, expression: &Expr) -> bool {
        expression.as_name_expr().is_some_and(|it| it.id == self.name)
    }

    /// Whether a node asks what type the other operand is of.
    pub(super) fn is_type_asked(&self, node: AnyNodeRef<'a>) -> bool {
        match node {
            AnyNodeRef::ExprCall(call) => {
                let name = match &*call.func {
                    Expr::Name(name) => name.id.as_str(),
                    _ => return false,
                };
                matches!(name, "isinstance" | "issubclass" | "type" | "hasattr" | "callable")
                    && call.arguments.args.first().is_some_and(|it| {
                        self.is_this(it)
                            || it.as_call_expr().is_some_and(|it| {
                                it.arguments.args.first().is_some_and(|it| self.is_this(it))
                            })
                    })
            }
            AnyNodeRef::ExprAttribute(it) => {
                it.attr.as_str() == "__class__" && self.is_this(&it.value)
            }
            _ => false,
        }
    }

    /// What a test says about the type of the other operand where it holds.
    pub(super) fn said_by(&self, test: &'a Expr, cx: &Context<'a>) -> Option<Says> {
        match test {
            Expr::UnaryOp(it) if it.op == UnaryOp::Not => match self.said_by(&it.operand, cx)? {
                Says::Known => Some(Says::Foreign),
                // Not foreign, or another part of the test did not hold.
                Says::Foreign => Some(Says::Known),
            },
            Expr::BoolOp(it) => it.values.iter().find_map(|it| self.said_by(it, cx)),
            Expr::Compare(it) => {
                let is_asked = cx.descendants(it).iter().any(|node| self.is_type_asked(*node));
                match (is_asked, &*it.ops) {
                    (true, [CmpOp::Is | CmpOp::Eq | CmpOp::In]) => Some(Says::Known),
                    (true, [CmpOp::IsNot | CmpOp::NotEq | CmpOp::NotIn]) => Some(Says::Foreign),
                    _ => None,
                }
            }
            Expr::Call(it) => self.is_type_asked(AnyNodeRef::ExprCall(it)).then_some(Says::Known),
            _ => None,
        }
    }

    /// Whether a statement is only come to where the other operand is found to be foreign: in a
    /// branch that says so, after a branch for what is known that does not come back, or in the
    /// handler of what the operand was tried for.
    pub(super) fn is_foreign_at(&self, statement: NodeId, cx: &Context<'a>) -> bool {
        let function = cx.id(self.method.function);
        let mut inner = statement;
        for (id, node) in cx.tree.ancestors(statement) {
            let said = match node {
                AnyNodeRef::StmtIf(it) if holds(&it.body, inner, cx) => self.said_by(&it.test, cx),
                AnyNodeRef::ElifElseClause(it) => match &it.test {
                    Some(test) => self.said_by(test, cx),
                    None => self.left_by_else(id, cx),
                },
                AnyNodeRef::ExceptHandlerExceptHandler(_) => {
                    self.tried(id, cx).then_some(Says::Foreign)
                }
                _ => None,
            };
            let is_other_test = |node| match node {
                AnyNodeRef::StmtIf(it) => holds(&it.body, inner, cx),
                AnyNodeRef::ElifElseClause(_) => true,
                _ => false,
            };
            match said {
                Some(said) => return said == Says::Foreign,
                // It depends on more than the type.
                None if is_other_test(node) => return false,
                None if self.is_left_over(inner, node, cx) => return true,
                None => {}
            }
            if id == function {
                return false;
            }
            inner = id;
        }
        false
    }

    /// What the `else` of an `if` says, given what its tests say.
    fn left_by_else(&self, clause: NodeId, cx: &Context<'a>) -> Option<Says> {
        let AnyNodeRef::StmtIf(whole) = cx.tree.node(cx.tree.parent(clause)) else { return None };
        let said: Vec<Says> = self.tests(whole).filter_map(|it| self.said_by(it, cx)).collect();
        // What is foreign may be dealt with before.
        if said.contains(&Says::Foreign) {
            return Some(Says::Known);
        }
        said.first().map(|_| Says::Foreign)
    }

    fn tests(&self, it: &'a StmtIf) -> impl Iterator<Item = &'a Expr> + use<'a> {
        let rest = it.elif_else_clauses.iter().filter_map(|it| it.test.as_ref());
        std::iter::once(&*it.test).chain(rest)
    }

    /// Whether the body of a handler's `try` has to do with the other operand.
    fn tried(&self, handler: NodeId, cx: &Context<'a>) -> bool {
        let AnyNodeRef::StmtTry(it) = cx.tree.node(cx.tree.parent(handler)) else { return false };
        it.body.iter().any(|it| {
            cx.descendants(it)
                .iter()
                .any(|node| node.as_expr_name().is_some_and(|it| it.id == self.name))
        })
    }

    /// Whether a branch before a statement, in the same block, is for what is known and leaves.
    fn is_left_over(&self, statement: NodeId, around: AnyNodeRef<'a>, cx: &Context<'a>) -> bool {
        let Some(block) = block_of(statement, around, cx) else { return false };
        block.iter().take_while(|it| cx.id(*it) != statement).any(|it| match it {
            Stmt::If(it) => {
                let leaves =
                    |body: &[Stmt]| matches!(body.last(), Some(Stmt::Return(_) | Stmt::Raise(_)));
                let says_known =
                    self.tests(it).any(|test| self.said_by(test, cx) == Some(Says::Known));
                says_known
                    && leaves(&it.body)
                    && it.elif_else_clauses.iter().all(|it| leaves(&it.body))
            }
            _ => false,
        })
    }
}

fn holds(block: &[Stmt], node: NodeId, cx: &Context<'_>) -> bool {
    block.iter().any(|it| cx.tree.contains(cx.id(it), node))
}

/// The block of a compound statement that a statement stands in.
fn block_of<'a>(statement: NodeId, around: AnyNodeRef<'a>, cx: &Context<'a>) -> Option<&'a [Stmt]> {
    let blocks: [&'a [Stmt]; 2] = match around {
        AnyNodeRef::StmtFunctionDef(it) => [&it.body, &[]],
        AnyNodeRef::StmtIf(it) => [&it.body, &[]],
        AnyNodeRef::ElifElseClause(it) => [&it.body, &[]],
        AnyNodeRef::StmtWith(it) => [&it.body, &[]],
        AnyNodeRef::StmtFor(it) => [&it.body, &it.orelse],
        AnyNodeRef::StmtTry(it) => [&it.body, &it.orelse],
        _ => return None,
    };
    blocks.into_iter().find(|block| holds(block, statement, cx))
}
