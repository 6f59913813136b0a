//! Whether each run of a function comes to a node of it.

use ruff_python_ast::{AnyNodeRef, Comprehension, Stmt};

use super::calls::CallFacts;
use super::extract::Extractor;
use crate::semantic::FunctionSite;
use crate::syntax::NodeId;

/// When a run of a function comes to a node, as long as nothing raises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Always.
    Always,
    /// As often as a loop goes round, perhaps never.
    Repeated,
    /// If a test, a handler or an early `return` lets it.
    Guarded,
}

impl Reach {
    /// The flags of a call that tell it.
    pub(super) fn flags(self) -> u16 {
        match self {
            Reach::Always => CallFacts::IS_CERTAIN,
            Reach::Repeated => 0,
            Reach::Guarded => CallFacts::IS_GUARDED,
        }
    }
}

impl<'a> Extractor<'a, '_> {
    /// When a run of a function comes to a node of it.
    pub(super) fn reach(&self, node: NodeId, function: &FunctionSite) -> Reach {
        let tree = self.tree;
        // A `return` or `raise` may end it before, if the node is no part of it.
        if function.first_end.is_some_and(|it| it < node && !tree.contains(it, node)) {
            return Reach::Guarded;
        }
        let (mut inner, mut reach) = (node, Reach::Always);
        for (id, ancestor) in tree.ancestors(node) {
            if id == function.node {
                break;
            }
            match self.passes(ancestor, inner) {
                Reach::Always => {}
                Reach::Repeated => reach = Reach::Repeated,
                Reach::Guarded => return Reach::Guarded,
            }
            inner = id;
        }
        reach
    }

    /// Whether a run that comes to a node comes to a part of it.
    fn passes(&self, node: AnyNodeRef<'a>, part: NodeId) -> Reach {
        let tree = self.tree;
        let is_in = |it: AnyNodeRef<'a>| tree.contains(tree.id(it), part);
        let is_among = |body: &'a [Stmt]| {
            body.first().zip(body.last()).is_some_and(|(first, last)| {
                tree.id(first) <= part && part.index() < tree.end(tree.id(last))
            })
        };
        let if_in = |is_in: bool, otherwise: Reach| match is_in {
            true => Reach::Always,
            false => otherwise,
        };
        // The first iterable is asked for at once, even by a generator expression.
        let repeated = |generators: &'a [Comprehension]| {
            let is_first = |it: &'a Comprehension| is_in((&it.iter).into());
            if_in(generators.first().is_some_and(is_first), Reach::Repeated)
        };
        match node {
            AnyNodeRef::StmtIf(it) => if_in(is_in((&*it.test).into()), Reach::Guarded),
            AnyNodeRef::ExprIf(it) => if_in(is_in((&*it.test).into()), Reach::Guarded),
            AnyNodeRef::StmtWhile(it) if is_among(&it.orelse) => Reach::Guarded,
            AnyNodeRef::StmtWhile(it) => if_in(is_in((&*it.test).into()), Reach::Repeated),
            AnyNodeRef::StmtFor(it) if is_among(&it.orelse) => Reach::Guarded,
            AnyNodeRef::StmtFor(it) => if_in(is_in((&*it.iter).into()), Reach::Repeated),
            AnyNodeRef::StmtTry(it) => {
                if_in(is_among(&it.body) || is_among(&it.finalbody), Reach::Guarded)
            }
            AnyNodeRef::ExprBoolOp(it) => {
                if_in(it.values.first().is_some_and(|it| is_in(it.into())), Reach::Guarded)
            }
            // `a < b < c` asks for `c` only if the first holds.
            AnyNodeRef::ExprCompare(it) => {
                let mut later = it.comparators.iter().skip(1);
                if_in(!later.any(|it| is_in(it.into())), Reach::Guarded)
            }
            AnyNodeRef::StmtAssert(it) => if_in(is_in((&*it.test).into()), Reach::Guarded),
            AnyNodeRef::ElifElseClause(_)
            | AnyNodeRef::ExceptHandlerExceptHandler(_)
            | AnyNodeRef::MatchCase(_) => Reach::Guarded,
            AnyNodeRef::ExprGenerator(it) => repeated(&it.generators),
            AnyNodeRef::ExprListComp(it) => repeated(&it.generators),
            AnyNodeRef::ExprSetComp(it) => repeated(&it.generators),
            AnyNodeRef::ExprDictComp(it) => repeated(&it.generators),
            _ => Reach::Always,
        }
    }
}
