//! What keeps code from running on an old Python: tests of `sys.version_info` and `TYPE_CHECKING`
//! around or before it, and handlers of the error that it would raise.

use ruff_python_ast::{
    self as ast, AnyNodeRef, BoolOp, ElifElseClause, ExceptHandler, Expr, PythonVersion, Stmt,
    UnaryOp,
};
use ruff_text_size::{Ranged, TextRange};

use crate::rule::Context;
use crate::semantic::{BindingKind, Test, read_else, read_test};

/// Whether a node does not run on a Python older than `since`, or what it raises there is caught
/// by a handler that names one of `errors` (or an ancestor of all errors).
pub(super) fn is_guarded<'a>(
    cx: &Context<'a>,
    node: AnyNodeRef<'a>,
    since: PythonVersion,
    errors: &[&str],
) -> bool {
    let guard = Guard { cx, since };
    let at = node.range();
    node_and_ancestors(cx, node).any(|outer| match outer {
        AnyNodeRef::StmtIf(it) => guard.excludes_in_if(it, at),
        AnyNodeRef::ExprIf(it) => {
            it.body.range().contains_range(at) && guard.holds(&it.test)
                || it.orelse.range().contains_range(at) && guard.fails(&it.test)
        }
        AnyNodeRef::ExprBoolOp(it) => {
            let before = it.values.iter().take_while(|value| value.end() <= at.start());
            match it.op {
                BoolOp::And => before.into_iter().any(|value| guard.holds(value)),
                BoolOp::Or => before.into_iter().any(|value| guard.fails(value)),
            }
        }
        AnyNodeRef::StmtTry(it) => {
            span(&it.body).is_some_and(|body| body.contains_range(at)) && catches(it, errors)
        }
        AnyNodeRef::StmtWith(it) => it.items.iter().any(|item| expects(&item.context_expr, errors)),
        AnyNodeRef::StmtFunctionDef(it) => {
            guard.is_skipped(&it.decorator_list) || guard.left_before(&it.body, at)
        }
        AnyNodeRef::StmtClassDef(it) => {
            guard.is_skipped(&it.decorator_list) || guard.left_before(&it.body, at)
        }
        AnyNodeRef::ModModule(it) => guard.left_before(&it.body, at),
        _ => false,
    })
}

fn node_and_ancestors<'a>(
    cx: &Context<'a>,
    node: AnyNodeRef<'a>,
) -> impl Iterator<Item = AnyNodeRef<'a>> + use<'a> {
    std::iter::once(node).chain(cx.ancestors(node))
}

struct Guard<'c, 'a> {
    cx: &'c Context<'a>,
    since: PythonVersion,
}

impl<'a> Guard<'_, 'a> {
    /// Whether a place in an `if` statement is in a branch that no old Python takes.
    fn excludes_in_if(&self, statement: &'a ast::StmtIf, at: TextRange) -> bool {
        if span(&statement.body).is_some_and(|body| body.contains_range(at)) {
            return self.holds(&statement.test);
        }
        let mut failed = at.start() > statement.test.end() && self.fails(&statement.test);
        for ElifElseClause { range, test, body, .. } in &statement.elif_else_clauses {
            if range.contains_range(at) {
                let is_body = span(body).is_some_and(|body| body.contains_range(at));
                return failed || is_body && test.as_ref().is_some_and(|test| self.holds(test));
            }
            failed |= test.as_ref().is_some_and(|test| self.fails(test));
        }
        false
    }

    /// Whether no old Python gets past a statement before the place: `if sys.version_info <
    /// (3, 9): raise …`.
    fn left_before(&self, body: &'a [Stmt], at: TextRange) -> bool {
        let before = body.iter().take_while(|statement| statement.end() <= at.start());
        before.filter_map(Stmt::as_if_stmt).any(|it| {
            it.elif_else_clauses.is_empty()
                && it.body.last().is_some_and(leaves)
                && self.fails(&it.test)
        })
    }

    /// Whether a decorator asks for the version, as `pytest.mark.skipif` does.
    fn is_skipped(&self, decorators: &[ast::Decorator]) -> bool {
        decorators.iter().any(|it| {
            let text = self.cx.slice(&it.expression);
            it.expression.is_call_expr() && (text.contains("version_info") || is_flag(text))
        })
    }

    /// Whether a test holds only on Pythons that are new enough, or for type checkers.
    fn holds(&self, test: &'a Expr) -> bool {
        match test {
            Expr::BoolOp(it) if it.op == BoolOp::And => it.values.iter().any(|it| self.holds(it)),
            Expr::BoolOp(it) => it.values.iter().all(|it| self.holds(it)),
            Expr::UnaryOp(it) if it.op == UnaryOp::Not => self.fails(&it.operand),
            _ => self.is_new_enough(read_test(test)) || self.is_named_so(test, Guard::holds),
        }
    }

    /// Whether a test fails only there.
    fn fails(&self, test: &'a Expr) -> bool {
        match test {
            Expr::BoolOp(it) if it.op == BoolOp::Or => it.values.iter().any(|it| self.fails(it)),
            Expr::BoolOp(it) => it.values.iter().all(|it| self.fails(it)),
            Expr::UnaryOp(it) if it.op == UnaryOp::Not => self.holds(&it.operand),
            _ => self.is_new_enough(read_else(test)) || self.is_named_so(test, Guard::fails),
        }
    }

    fn is_new_enough(&self, test: Test) -> bool {
        match test {
            Test::TypeChecking(is) => is,
            Test::Version(versions) => versions.from.is_some_and(|from| from >= self.since),
            _ => false,
        }
    }

    /// Whether a test is a name for one: `PY39 = sys.version_info >= (3, 9)`, in this module or in
    /// another, where only what it is called tells.
    fn is_named_so(&self, test: &'a Expr, is_so: fn(&Self, &'a Expr) -> bool) -> bool {
        match test {
            Expr::Name(name) => match self.cx.binding(name).map(|binding| binding.kind) {
                Some(BindingKind::Assignment(value)) => !value.is_name_expr() && is_so(self, value),
                Some(_) => is_flag(name.id.as_str()),
                None => false,
            },
            Expr::Attribute(attribute) => is_flag(attribute.attr.as_str()),
            _ => false,
        }
    }
}

/// Whether a name sounds like a test of the version: `PY39`, `IS_PY310_PLUS`, `compat.PY_39`.
fn is_flag(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["py3", "py_3", "python3", "python_3"].iter().any(|word| {
        name.match_indices(word).any(|(at, _)| {
            let rest = name[at + word.len()..].trim_start_matches('_');
            rest.starts_with(|it: char| it.is_ascii_digit())
        })
    })
}

/// Whether an expression names one of some errors, or what they all are.
fn is_one_of(expression: &Expr, errors: &[&str]) -> bool {
    let Expr::Name(name) = expression else { return false };
    let name = name.id.as_str();
    errors.contains(&name) || matches!(name, "Exception" | "BaseException")
}

/// Whether a `with` item waits for one of some errors: `pytest.raises(TypeError)`.
fn expects(item: &Expr, errors: &[&str]) -> bool {
    let Expr::Call(call) = item else { return false };
    let name = match &*call.func {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return false,
    };
    matches!(name, "raises" | "assertRaises" | "assertRaisesRegex" | "suppress")
        && call.arguments.args.iter().any(|argument| is_one_of(argument, errors))
}

/// Whether a `try` statement has a handler for one of some errors.
fn catches(statement: &ast::StmtTry, errors: &[&str]) -> bool {
    let is_one = |expression: &Expr| is_one_of(expression, errors);
    statement.handlers.iter().any(|ExceptHandler::ExceptHandler(handler)| {
        match handler.type_.as_deref() {
            None => true,
            Some(Expr::Tuple(several)) => several.elts.iter().any(is_one),
            Some(one) => is_one(one),
        }
    })
}

/// Whether a statement leaves what it stands in: it raises, returns, or ends or skips the run.
fn leaves(statement: &Stmt) -> bool {
    match statement {
        Stmt::Raise(_) | Stmt::Return(_) => true,
        Stmt::Expr(it) => match &*it.value {
            Expr::Call(call) => match &*call.func {
                Expr::Name(name) => matches!(name.id.as_str(), "exit" | "quit"),
                Expr::Attribute(it) => matches!(it.attr.as_str(), "exit" | "skip" | "skipTest"),
                _ => false,
            },
            _ => false,
        },
        _ => false,
    }
}

fn span(body: &[Stmt]) -> Option<TextRange> {
    Some(TextRange::new(body.first()?.start(), body.last()?.end()))
}
