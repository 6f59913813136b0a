//! Branches of a test of the version that no declared Python takes.

use ruff_python_ast::{AnyNodeRef, ElifElseClause, Expr, ExprIf, PythonVersion, Stmt, StmtIf};
use ruff_text_size::{Ranged, TextRange};

use super::layout::{dedented, whole_lines};
use super::{is_foreign, lowest, speaks_of_versions};
use crate::fix::Fix;
use crate::rule::Context;
use crate::semantic::pythons::{Answer, Meaning, Pythons, read};

pub(super) fn check_statement<'a>(statement: &'a StmtIf, cx: &mut Context<'a>) {
    let Some(lowest) = lowest(cx).filter(|_| speaks_of_versions(cx)) else { return };
    if let Some(always) = verdict(&statement.test, lowest, cx) {
        if is_foreign(cx) {
            return;
        }
        let fix = match always {
            true => keep_body(statement, cx),
            false => drop_body(statement, cx),
        };
        report(&statement.test, always, lowest, fix, cx);
        return;
    }
    for (index, clause) in statement.elif_else_clauses.iter().enumerate() {
        let Some(test) = &clause.test else { continue };
        let Some(always) = verdict(test, lowest, cx) else { continue };
        if is_foreign(cx) {
            return;
        }
        let fix = match always {
            true => make_else(statement, index, clause, cx),
            false => drop_clause(statement, index, clause, cx),
        };
        report(test, always, lowest, fix, cx);
        return;
    }
}

/// `a if sys.version_info >= (3, 8) else b`
pub(super) fn check_expression<'a>(expression: &'a ExprIf, cx: &mut Context<'a>) {
    let Some(lowest) = lowest(cx).filter(|_| speaks_of_versions(cx)) else { return };
    let Some(always) = verdict(&expression.test, lowest, cx) else { return };
    if is_foreign(cx) {
        return;
    }
    let live = if always { &expression.body } else { &expression.orelse };
    let text = cx.slice(&**live);
    let needs_parentheses = matches!(&**live, Expr::If(_) | Expr::Lambda(_) | Expr::BoolOp(_));
    let text = if needs_parentheses { format!("({text})") } else { text.to_owned() };
    let fix = (!cx.has_comment(expression.range))
        .then(|| Fix::unsafe_("Keep what is taken").replace(expression.range, text));
    report(&expression.test, always, lowest, fix, cx);
}

fn report(
    test: &Expr,
    always: bool,
    lowest: PythonVersion,
    fix: Option<Fix>,
    cx: &mut Context<'_>,
) {
    let (holds, other) = match always {
        true => ("always holds", "the other branch is never taken"),
        false => ("never holds", "the branch is never taken"),
    };
    let message = format!("this {holds} on Python {lowest} and newer: {other}");
    cx.report(test, message).help("keep the branch that is taken, without the test").fix(fix);
}

/// Whether a test that asks for nothing but the version always holds, or never does.
fn verdict<'a>(test: &'a Expr, lowest: PythonVersion, cx: &Context<'a>) -> Option<bool> {
    let plain = Plain { cx };
    let answer = read(test, &plain);
    if answer == Answer::UNKNOWN || mentions_other(test, cx) {
        return None;
    }
    let declared = Pythons::from(lowest);
    match (answer.holds.and(declared).is_empty(), answer.fails.and(declared).is_empty()) {
        (false, true) => Some(true),
        (true, false) => Some(false),
        _ => None,
    }
}

/// Whether a test has a part that is about something else than the version: it may be wrong for a
/// type checker, or be meant to be changed by hand.
fn mentions_other<'a>(test: &'a Expr, cx: &Context<'a>) -> bool {
    match test {
        Expr::BoolOp(it) => it.values.iter().any(|it| mentions_other(it, cx)),
        Expr::UnaryOp(it) => mentions_other(&it.operand, cx),
        Expr::Compare(_) => read(test, &Plain { cx }) == Answer::UNKNOWN,
        Expr::Attribute(_) | Expr::Name(_) => !cx.is_any(test, &["six.PY2", "six.PY3"]),
        _ => true,
    }
}

/// Knows `sys` by its imports, and `six`.
struct Plain<'c, 'a> {
    cx: &'c Context<'a>,
}

impl<'a> Meaning<'a> for Plain<'_, 'a> {
    fn is_version_info(&self, expression: &'a Expr) -> bool {
        let is_named = match expression {
            Expr::Attribute(it) => it.attr.as_str() == "version_info",
            Expr::Name(_) => true,
            _ => false,
        };
        is_named && self.cx.is(expression, "sys.version_info")
    }

    fn leaf(&self, test: &'a Expr) -> Answer {
        let two = Answer::on(Pythons::TWO);
        let may_be = |last: &str| matches!(last, "PY2" | "PY3");
        let Some(name) = self.cx.qualified_if(test, may_be) else { return Answer::UNKNOWN };
        match name.parts() {
            ["six", "PY2"] => two,
            ["six", "PY3"] => two.negated(),
            _ => Answer::UNKNOWN,
        }
    }
}

// Fixes. All of them drop code, and so are unsafe.

const KEEP: &str = "Keep the branch that is taken";
const DROP: &str = "Take the dead branch away";

/// `if always: body else: …` is `body`.
fn keep_body(statement: &StmtIf, cx: &Context<'_>) -> Option<Fix> {
    let indent = cx.indent_at(statement.start());
    let text = dedented(&statement.body, statement.end(), indent, cx)?;
    let is_statement = cx.begins_line(statement.start());
    is_statement.then(|| Fix::unsafe_(KEEP).replace(statement.range, text))
}

/// `if never: … else: body` is `body`; without an `else`, nothing.
fn drop_body(statement: &StmtIf, cx: &Context<'_>) -> Option<Fix> {
    if !cx.begins_line(statement.start()) {
        return None;
    }
    let Some(next) = statement.elif_else_clauses.first() else {
        return remove(statement, cx);
    };
    if next.test.is_some() {
        // `elif` becomes `if`.
        let until = next.start() + ruff_text_size::TextSize::from(2);
        return Some(Fix::unsafe_(DROP).delete(TextRange::new(statement.start(), until)));
    }
    let text = dedented(&next.body, statement.end(), cx.indent_at(statement.start()), cx)?;
    Some(Fix::unsafe_(KEEP).replace(statement.range, text))
}

/// Takes a statement away, or puts `pass` where it is the only one.
fn remove(statement: &StmtIf, cx: &Context<'_>) -> Option<Fix> {
    let node = AnyNodeRef::StmtIf(statement);
    let is_only =
        |body: &[Stmt]| body.len() == 1 && AnyNodeRef::from(&body[0]).range() == node.range();
    let leaves_nothing = match cx.parent(statement) {
        AnyNodeRef::ModModule(_) => false,
        AnyNodeRef::StmtFunctionDef(it) => is_only(&it.body),
        AnyNodeRef::StmtClassDef(it) => is_only(&it.body),
        AnyNodeRef::StmtIf(it) => is_only(&it.body),
        AnyNodeRef::ElifElseClause(it) => is_only(&it.body),
        AnyNodeRef::StmtWith(it) => is_only(&it.body),
        AnyNodeRef::StmtFor(it) => is_only(&it.body) || is_only(&it.orelse),
        AnyNodeRef::StmtWhile(it) => is_only(&it.body) || is_only(&it.orelse),
        AnyNodeRef::StmtTry(it) => {
            is_only(&it.body) || is_only(&it.orelse) || is_only(&it.finalbody)
        }
        AnyNodeRef::ExceptHandlerExceptHandler(it) => is_only(&it.body),
        AnyNodeRef::MatchCase(it) => is_only(&it.body),
        _ => true,
    };
    if leaves_nothing {
        return Some(Fix::unsafe_(DROP).replace(statement.range, "pass"));
    }
    Some(Fix::unsafe_(DROP).delete(whole_lines(statement.range, cx)?))
}

/// `elif always:` is `else:`, and what comes after it is dead, too.
fn make_else(
    statement: &StmtIf,
    index: usize,
    clause: &ElifElseClause,
    cx: &Context<'_>,
) -> Option<Fix> {
    let test = clause.test.as_ref()?;
    let head = TextRange::new(clause.start(), test.end());
    if cx.has_comment(head) {
        return None;
    }
    let fix = Fix::unsafe_(KEEP).replace(head, "else");
    match statement.elif_else_clauses.get(index + 1) {
        None => Some(fix),
        Some(_) => Some(fix.delete(TextRange::new(clause.end(), statement.end()))),
    }
}

fn drop_clause(
    statement: &StmtIf,
    index: usize,
    clause: &ElifElseClause,
    cx: &Context<'_>,
) -> Option<Fix> {
    let before = match index.checked_sub(1) {
        Some(before) => statement.elif_else_clauses[before].end(),
        None => statement.body.last()?.end(),
    };
    let range = match statement.elif_else_clauses.get(index + 1) {
        Some(next) => TextRange::new(clause.start(), next.start()),
        None => TextRange::new(before, clause.end()),
    };
    cx.begins_line(clause.start()).then(|| Fix::unsafe_(DROP).delete(range))
}
