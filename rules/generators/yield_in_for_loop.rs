use ruff_python_ast::{AnyNodeRef, Expr, Stmt, StmtFor};
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::Severity;
use crate::fix::Fix;
use crate::rule::{Context, Fixable, On, Rule};
use crate::semantic::{BindingKind, Reference, SymbolId};

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
    if statement.is_async
        || !statement.orelse.is_empty()
        || !same(&statement.target, value)
        || is_called_file(&statement.iter)
    {
        return;
    }
    if !is_in_plain_function(statement, cx) || outlives_loop(&statement.target, statement, cx) {
        return;
    }
    let range = TextRange::new(statement.start(), statement.end());
    let iterable = cx.slice(&*statement.iter);
    let said = match needs_parentheses(statement, cx) {
        true => format!("({iterable})"),
        false => iterable.to_owned(),
    };
    let title = "Replace the loop by `yield from`";
    // Another sequence that is taken apart comes out as a tuple, but for `yield from` as it is.
    let fix = match statement.target.is_name_expr() && is_plain_iterable(&statement.iter, cx) {
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

/// Whether the iterable cannot stand bare after `yield from`: a bare tuple, and what had
/// parentheses of its own, for they may hold lines together.
fn needs_parentheses(statement: &StmtFor, cx: &Context<'_>) -> bool {
    match &*statement.iter {
        Expr::Tuple(tuple) => !tuple.parenthesized,
        iterable => {
            let colon = TextRange::new(iterable.end(), statement.body[0].start());
            cx.slice(colon).trim_start().starts_with(')')
        }
    }
}

/// Whether the iterable is named like an open file. A file is its own iterator, and a generator that
/// is closed closes what it yields from: the loop may be there to keep the file open.
fn is_called_file(iterable: &Expr) -> bool {
    let name = match iterable {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return false,
    };
    let name = name.trim_start_matches('_');
    matches!(name, "f" | "fd" | "fh" | "fp" | "file" | "fileobj" | "infile" | "handle" | "stdin")
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
            let scope = cx.scope(statement);
            if cx.semantic.scope_of_symbol(symbol) != scope {
                return true; // `global` or `nonlocal`
            }
            let is_repeated = is_in_loop(statement, cx);
            cx.semantic.references(symbol).any(|it| {
                if statement.range().contains(it.start) {
                    return false;
                }
                let comes_after = it.start > statement.end() || is_repeated;
                it.scope != scope || comes_after && !has_new_value(symbol, it, statement, cx)
            })
        }
        Expr::Tuple(tuple) => tuple.elts.iter().any(|it| outlives_loop(it, statement, cx)),
        _ => true,
    }
}

/// Whether a name that is read has got another value since the loop: from a `for` loop around the
/// read, or from a statement beside this loop that always runs before the read.
fn has_new_value<'a>(
    symbol: SymbolId,
    read: &Reference,
    statement: &'a StmtFor,
    cx: &Context<'a>,
) -> bool {
    let beside = cx.tree.parent(cx.id(statement));
    let is_in_try = matches!(cx.tree.node(beside), AnyNodeRef::StmtTry(_));
    cx.semantic.bindings(symbol).filter(|it| it.kind.gives_value()).any(|binding| {
        let node = cx.tree.node(binding.node);
        match (binding.kind, node) {
            (BindingKind::Loop, AnyNodeRef::StmtFor(other)) => {
                let is_read_in = |it: &Stmt| it.range().contains(read.start);
                other.body.iter().any(is_read_in)
            }
            (BindingKind::Assignment(_) | BindingKind::Unpacking, _) => {
                node.start() > statement.end()
                    && node.end() <= read.start
                    && !is_in_try
                    && cx.tree.parent(binding.node) == beside
                    && cx.tree.contains(beside, read.node)
            }
            _ => false,
        }
    })
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
