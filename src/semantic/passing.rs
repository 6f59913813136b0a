//! On which Pythons one comes past the statements before a place: `if sys.version_info < (3, 9):
//! raise …`, `assert sys.version_info >= (3, 9)`.

use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::pythons::{Answer, Meaning, Pythons, read};

/// On which Pythons a place in a body is reached past the statements before it; all, where it is not
/// in the body.
pub fn before<'a>(body: &'a [Stmt], at: TextRange, meaning: &impl Meaning<'a>) -> Pythons {
    if !contains(body, at) {
        return Pythons::ALL;
    }
    let before = body.iter().take_while(|statement| statement.end() <= at.start());
    before.fold(Pythons::ALL, |reach, statement| reach.and(past(statement, meaning)))
}

/// On which Pythons what comes after a statement is reached.
fn past<'a>(statement: &'a Stmt, meaning: &impl Meaning<'a>) -> Pythons {
    match statement {
        // Whatever the tests are, one comes past it.
        Stmt::If(it) if !leaves_somewhere(it) => Pythons::ALL,
        Stmt::If(it) => {
            let mut reach = Pythons::NONE;
            let mut left = Pythons::ALL;
            let first = (Some(&*it.test), &it.body);
            let rest = it.elif_else_clauses.iter().map(|it| (it.test.as_ref(), &it.body));
            for (test, body) in std::iter::once(first).chain(rest) {
                let answer = test.map_or(Answer::on(Pythons::ALL), |test| read(test, meaning));
                if !body.last().is_some_and(leaves) {
                    reach = reach.or(left.and(answer.holds));
                }
                left = left.and(answer.fails);
            }
            reach.or(left)
        }
        Stmt::Assert(it) => read(&it.test, meaning).holds,
        _ => Pythons::ALL,
    }
}

/// Whether some way through an `if` statement leaves what it stands in.
fn leaves_somewhere(statement: &ast::StmtIf) -> bool {
    let clauses = statement.elif_else_clauses.iter().map(|it| &it.body);
    std::iter::once(&statement.body).chain(clauses).any(|it| it.last().is_some_and(leaves))
}

/// Whether a statement leaves what it stands in: it raises, returns, or ends or skips the run.
fn leaves(statement: &Stmt) -> bool {
    match statement {
        Stmt::Raise(_) | Stmt::Return(_) | Stmt::Continue(_) | Stmt::Break(_) => true,
        Stmt::Assert(it) => matches!(&*it.test, Expr::BooleanLiteral(test) if !test.value),
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

/// Whether a place is in a body.
pub fn contains(body: &[Stmt], at: TextRange) -> bool {
    match (body.first(), body.last()) {
        (Some(first), Some(last)) => first.start() <= at.start() && at.end() <= last.end(),
        _ => false,
    }
}
