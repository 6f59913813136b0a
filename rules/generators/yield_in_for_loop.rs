use ruff_python_ast::{AnyNodeRef, Expr, Stmt, StmtFor};
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::Severity;
use crate::fix::Fix;
use crate::rule::{Context, Fixable, On, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "yield-in-for-loop",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("yield_in_for_loop.md"),
    options: &[],
    on: &[On::StmtFor(check)],
};

fn check<'a>(statement: &'a StmtFor, cx: &mut Context<'a>) {
    let [Stmt::Expr(only)] = &statement.body[..] else { return };
    let Expr::Yield(yielded) = &*only.value else { return };
    let Some(value) = yielded.value.as_deref() else { return };
    if statement.is_async || !statement.orelse.is_empty() || !same(&statement.target, value) {
        return;
    }
    if !is_in_plain_function(statement, cx) || outlives_loop(&statement.target, statement, cx) {
        return;
    }
    let range = TextRange::new(statement.start(), statement.end());
    let iterable = cx.slice(&*statement.iter);
    let said = match &*statement.iter {
        // A bare tuple needs parentheses after `yield from`.
        Expr::Tuple(tuple) if !tuple.parenthesized => format!("({iterable})"),
        _ => iterable.to_owned(),
    };
    let title = "Replace the loop by `yield from`";
    let fix = match is_plain_iterable(&statement.iter, cx) {
        true => Fix::safe(title),
        false => Fix::unsafe_(title),
    };
    // A comment in the loop has no place in the new statement.
    let fix = (!cx.has_comment(range)).then(|| fix.replace(range, format!("yield from {said}")));
    let keyword = TextRange::at(statement.start(), 3.into());
    cx.report(keyword, "this loop only yields what another iterable gives")
        .help("`yield from` says so in one line, runs faster, and passes `send()`, `throw()` and the result through")
        .fix(fix);
}

/// Whether the loop yields exactly its target: the name, or the same names in the same order.
fn same(target: &Expr, value: &Expr) -> bool {
    match (target, value) {
        (Expr::Name(target), Expr::Name(value)) => target.id == value.id,
        (Expr::Tuple(target), Expr::Tuple(value)) => {
            target.elts.len() == value.elts.len()
                && !target.elts.is_empty()
                && target.elts.iter().zip(&value.elts).all(|(a, b)| same(a, b))
        }
        _ => false,
    }
}

/// Whether the innermost function is not a coroutine: `yield from` is a syntax error in one.
fn is_in_plain_function(statement: &StmtFor, cx: &Context<'_>) -> bool {
    cx.ancestors(statement).find_map(|node| match node {
        AnyNodeRef::StmtFunctionDef(function) => Some(!function.is_async),
        AnyNodeRef::StmtClassDef(_) => Some(false),
        _ => None,
    }) == Some(true)
}

/// Whether a name of the target is used anywhere but in this loop, or belongs to another scope.
fn outlives_loop<'a>(target: &'a Expr, statement: &'a StmtFor, cx: &Context<'a>) -> bool {
    match target {
        Expr::Name(name) => {
            let Some(symbol) = cx.symbol(name) else { return true };
            if cx.semantic.scope_of_symbol(symbol) != cx.scope(statement) {
                return true; // `global` or `nonlocal`
            }
            let inside = |at: ruff_text_size::TextSize| statement.range().contains(at);
            // A loop further down that binds the name anew hides this one's last value.
            let bound_again = cx
                .semantic
                .bindings(symbol)
                .filter(|it| it.kind.gives_value() && it.range.start() > statement.end())
                .map(|it| it.range.start())
                .min();
            cx.semantic.references(symbol).any(|it| {
                !inside(it.start)
                    && (it.scope != cx.scope(statement)
                        || it.start > statement.end()
                            && bound_again.is_none_or(|again| it.start < again)
                        || is_in_loop(statement, cx) && it.start < statement.start())
            })
        }
        Expr::Tuple(tuple) => tuple.elts.iter().any(|it| outlives_loop(it, statement, cx)),
        _ => true,
    }
}

/// Whether the loop itself is repeated, so that what comes before it also comes after it.
fn is_in_loop(statement: &StmtFor, cx: &Context<'_>) -> bool {
    cx.ancestors(statement)
        .take_while(|node| !matches!(node, AnyNodeRef::StmtFunctionDef(_)))
        .any(|node| matches!(node, AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_)))
}

/// Whether nothing can be sent or thrown into the iterable: a literal, a comprehension's list, a
/// `range`.
fn is_plain_iterable<'a>(iterable: &'a Expr, cx: &Context<'a>) -> bool {
    match iterable {
        Expr::List(_) | Expr::Tuple(_) | Expr::Set(_) | Expr::Dict(_) => true,
        Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::StringLiteral(_) => true,
        Expr::Call(call) => cx.is_any(
            &call.func,
            &["builtins.range", "builtins.sorted", "builtins.list", "builtins.tuple"],
        ),
        _ => false,
    }
}
