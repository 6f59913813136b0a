//! Statements whose grammar grew without the parser noting it.

use ruff_python_ast::{
    Decorator, ExceptHandler, Expr, ExprSubscript, PythonVersion, Stmt, StmtAnnAssign,
    StmtClassDef, StmtFunctionDef, StmtImportFrom, StmtMatch, StmtTry, StmtWith,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::super::gate::{Outcome, older, report};
use crate::fix::Fix;
use crate::rule::Context;

/// `with (a as b):` – one item in parentheses, for which no comma speaks.
pub(super) fn check_with<'a>(statement: &'a StmtWith, cx: &mut Context<'a>) {
    let since = PythonVersion::PY39;
    let [item] = &statement.items[..] else { return };
    if item.optional_vars.is_none() {
        return;
    }
    let Some(lowest) = older(cx, since) else { return };
    let before = &cx.text[TextRange::new(statement.start(), item.start())];
    let Some(open) = before.find('(') else { return };
    let Some(body) = statement.body.first() else { return };
    let after = &cx.text[TextRange::new(item.end(), body.start())];
    // With a comma after the item, the parser has noted it.
    let Some(close) = after.find(')').filter(|close| after[..*close].trim().is_empty()) else {
        return;
    };
    let offset = |at: usize| TextSize::try_from(at).unwrap_or_default();
    let open = TextRange::at(statement.start() + offset(open), 1.into());
    let close = TextRange::at(item.end() + offset(close), 1.into());
    let range = TextRange::new(open.start(), close.end());
    let is_plain = !cx.text[range].contains(['\n', '\r']);
    let fix = is_plain.then(|| Fix::safe("Take the parentheses away").delete(open).delete(close));
    report(cx, open, "a parenthesized `with` item", since, lowest, Outcome::SyntaxError)
        .help("take the parentheses away")
        .fix(fix);
}

/// `x: T = 1, 2` and `x: T = yield`: until 3.8 (bpo-35814), the value had to be one expression.
pub(super) fn check_annotated<'a>(statement: &'a StmtAnnAssign, cx: &mut Context<'a>) {
    let since = PythonVersion::PY38;
    let Some(value) = statement.value.as_deref() else { return };
    let what = match value {
        Expr::Tuple(tuple) if !tuple.parenthesized => "an annotated tuple without parentheses",
        Expr::Yield(_) | Expr::YieldFrom(_) => "an annotated `yield` without parentheses",
        _ => return,
    };
    let Some(lowest) = older(cx, since) else { return };
    let before = &cx.text[TextRange::new(statement.annotation.end(), value.start())];
    if !before.trim_end_matches(|it: char| it.is_whitespace() || it == '\\').ends_with('=') {
        return;
    }
    let range = value.range();
    let fix = Fix::safe("Add parentheses").insert(range.start(), "(").insert(range.end(), ")");
    report(cx, range, what, since, lowest, Outcome::SyntaxError)
        .help("put parentheses round the value")
        .fix(fix);
}

/// `match`.
pub(super) fn check_match<'a>(statement: &'a StmtMatch, cx: &mut Context<'a>) {
    let since = PythonVersion::PY310;
    let Some(lowest) = older(cx, since) else { return };
    let keyword = TextRange::at(statement.start(), 5.into());
    report(cx, keyword, "`match`", since, lowest, Outcome::SyntaxError)
        .help("write `if` and `elif`");
}

pub(super) fn check_function<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    check_decorators(&function.decorator_list, cx);
}

pub(super) fn check_class<'a>(class: &'a StmtClassDef, cx: &mut Context<'a>) {
    check_decorators(&class.decorator_list, cx);
}

/// `@(name)` – no expression that the parser would note, but for the parentheses.
fn check_decorators<'a>(decorators: &'a [Decorator], cx: &mut Context<'a>) {
    let since = PythonVersion::PY39;
    if decorators.is_empty() {
        return;
    }
    let Some(lowest) = older(cx, since) else { return };
    for decorator in decorators {
        let text = cx.slice(decorator)[1..].trim_start();
        let is_noted =
            cx.unsupported_syntax.iter().any(|it| decorator.range.contains_range(it.range));
        if is_noted || !text.starts_with('(') {
            continue;
        }
        let inner = cx.slice(&decorator.expression);
        let is_all = decorator.expression.end() < decorator.end() && !inner.contains(['\n', '\r']);
        let fix = (is_all && !cx.has_comment(decorator.range)).then(|| {
            let after = TextRange::new(decorator.start() + TextSize::from(1), decorator.end());
            Fix::safe("Take the parentheses away").replace(after, inner)
        });
        let what = "a decorator in parentheses";
        report(cx, decorator, what, since, lowest, Outcome::SyntaxError)
            .help("take the parentheses away")
            .fix(fix);
    }
}

/// `continue` in a `finally` that would leave it.
pub(super) fn check_finally<'a>(statement: &'a StmtTry, cx: &mut Context<'a>) {
    let since = PythonVersion::PY38;
    if statement.finalbody.is_empty() {
        return;
    }
    let Some(lowest) = older(cx, since) else { return };
    let mut found = Vec::new();
    find_continue(&statement.finalbody, &mut found);
    for range in found {
        report(cx, range, "`continue` in `finally`", since, lowest, Outcome::SyntaxError)
            .help("note in a variable what to do, and continue after the `try` statement");
    }
}

/// The `continue` statements of a body that belong to a loop around it. Those in the `finally` of
/// an inner `try` statement are its own to find.
fn find_continue(body: &[Stmt], found: &mut Vec<TextRange>) {
    for statement in body {
        match statement {
            Stmt::Continue(it) => found.push(it.range),
            Stmt::If(it) => {
                find_continue(&it.body, found);
                it.elif_else_clauses.iter().for_each(|it| find_continue(&it.body, found));
            }
            Stmt::With(it) => find_continue(&it.body, found),
            Stmt::Match(it) => it.cases.iter().for_each(|it| find_continue(&it.body, found)),
            Stmt::For(it) => find_continue(&it.orelse, found),
            Stmt::While(it) => find_continue(&it.orelse, found),
            Stmt::Try(it) => {
                find_continue(&it.body, found);
                for ExceptHandler::ExceptHandler(handler) in &it.handlers {
                    find_continue(&handler.body, found);
                }
                find_continue(&it.orelse, found);
            }
            _ => {}
        }
    }
}

/// `from __future__ import annotations`: an unknown feature is a syntax error.
pub(super) fn check_future<'a>(statement: &'a StmtImportFrom, cx: &mut Context<'a>) {
    let since = PythonVersion::PY37;
    if statement.level > 0 || statement.module.as_deref() != Some("__future__") {
        return;
    }
    let Some(lowest) = older(cx, since) else { return };
    for alias in statement.names.iter().filter(|alias| alias.name.as_str() == "annotations") {
        let what = "`from __future__ import annotations`";
        report(cx, alias, what, since, lowest, Outcome::SyntaxError)
            .help("put annotations that name what is not there yet into quotes");
    }
}

/// `:=` in an index, which the parser takes for older than it is.
pub(super) fn check_named_index<'a>(subscript: &'a ExprSubscript, cx: &mut Context<'a>) {
    let since = PythonVersion::PY310;
    let elements = match &*subscript.slice {
        Expr::Tuple(tuple) if !tuple.parenthesized => &tuple.elts[..],
        one => std::slice::from_ref(one),
    };
    if !elements.iter().any(Expr::is_named_expr) {
        return;
    }
    // Before 3.8 there was no `:=` at all, which is said elsewhere.
    let Some(lowest) = older(cx, since).filter(|it| *it >= PythonVersion::PY38) else { return };
    for element in elements.iter().filter(|it| it.is_named_expr()) {
        let before = &cx.text[..element.start().to_usize()];
        if before.trim_end().ends_with('(') {
            continue;
        }
        let what = "`:=` in an index without parentheses";
        let range = element.range();
        let fix = Fix::safe("Add parentheses").insert(range.start(), "(").insert(range.end(), ")");
        report(cx, range, what, since, lowest, Outcome::SyntaxError)
            .help("put parentheses round it")
            .fix(fix);
    }
}
