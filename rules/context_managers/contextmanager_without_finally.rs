use ruff_python_ast::{AnyNodeRef, ExprYield, Stmt, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};

use super::clean_up::CleanUp;
use crate::diagnostic::Severity;
use crate::fix::Fix;
use crate::rule::{Context, Fixable, On, Opt, Rule};
use crate::syntax::tree::is_string;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "contextmanager-without-finally",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("contextmanager_without_finally.md"),
    options: &[&ANY_TAIL],
    on: &[On::Decorated(check)],
};

const ANY_TAIL: Opt<bool> = Opt {
    name: "any-tail",
    default: false,
    help: "Report whatever stands after the `yield`, not only what restores or releases.",
};

const MANAGERS: &[&str] = &["contextlib.contextmanager", "contextlib.asynccontextmanager"];

fn check<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    if !function.decorator_list.iter().any(|it| cx.is_any(&it.expression, MANAGERS)) {
        return;
    }
    let Some(yielded) = only_yield(function, cx) else { return };
    let Some(after) = After::of(yielded, cx) else { return };
    let clean_up = CleanUp::new(function, yielded, cx);
    let first = after.tail.iter().find_map(|it| clean_up.find_in(it));
    let (message, label) = match (first, after.tail.first()) {
        (Some(first), _) => ("an exception skips the clean-up after this `yield`", first),
        (None, Some(first)) if cx.get(&ANY_TAIL) => {
            ("an exception skips what follows this `yield`", first.range())
        }
        _ => return,
    };
    let is_all_clean_up = after.tail.iter().all(|it| clean_up.may_always_run(it));
    let fix = (is_all_clean_up && first.is_some()).then(|| after.fix(function, cx)).flatten();
    cx.report(yielded, message)
        .label(label, "does not run if the `with` block raises")
        .help(
            "what the body of the `with` statement raises comes out of the `yield`: put the \
             `yield` into `try` and what must always run into `finally`",
        )
        .fix(fix);
}

/// The `yield` of a generator that has exactly one.
fn only_yield<'a>(function: &'a StmtFunctionDef, cx: &Context<'a>) -> Option<&'a ExprYield> {
    let body = TextRange::new(function.body.first()?.start(), function.end());
    let mut yields = cx.own(function).filter(|it| body.contains_range(it.range()));
    let is_yield =
        |it: &AnyNodeRef<'_>| matches!(it, AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_));
    let AnyNodeRef::ExprYield(first) = yields.find(is_yield)? else { return None };
    yields.all(|it| !is_yield(&it)).then_some(first)
}

/// What runs after a `yield` if nothing is raised there.
struct After<'a> {
    /// The statement of the `yield`.
    statement: &'a Stmt,
    /// What follows it, and what follows the blocks around it, from the inside out.
    tail: Vec<&'a Stmt>,
    /// Whether the statement stands in the function's own block.
    is_direct: bool,
}

impl<'a> After<'a> {
    /// `None` where a `try` around the `yield` may see to the exception, or a loop come back.
    fn of(yielded: &'a ExprYield, cx: &Context<'a>) -> Option<After<'a>> {
        let (mut statement, mut tail, mut is_direct) = (None, Vec::new(), true);
        let mut inner = yielded.range();
        for node in cx.ancestors(yielded) {
            let blocks: &[&'a [Stmt]] = match node {
                AnyNodeRef::StmtFunctionDef(it) => &[&it.body],
                AnyNodeRef::StmtWith(it) => &[&it.body],
                AnyNodeRef::StmtIf(it) => &[&it.body],
                AnyNodeRef::ElifElseClause(it) => &[&it.body],
                AnyNodeRef::MatchCase(it) => &[&it.body],
                AnyNodeRef::StmtTry(_) | AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_) => {
                    return None;
                }
                _ => &[],
            };
            for block in blocks {
                let Some(at) = block.iter().position(|it| it.range().contains_range(inner)) else {
                    continue;
                };
                statement.get_or_insert(&block[at]);
                tail.extend(&block[at + 1..]);
                inner = block[at].range();
            }
            match node {
                AnyNodeRef::StmtFunctionDef(_) => break,
                _ => is_direct &= blocks.is_empty(),
            }
        }
        Some(After { statement: statement?, tail, is_direct })
    }

    /// Puts the `yield` into `try` and all that follows into `finally`, each line further in.
    fn fix(&self, function: &StmtFunctionDef, cx: &Context<'_>) -> Option<Fix> {
        let (statement, last) = (self.statement, *self.tail.last()?);
        let range = TextRange::new(statement.start(), last.end());
        let is_clean = |it: &Stmt| cx.begins_line(it.start());
        // What is sent may be used below, where it would not be there after an exception.
        if !self.is_direct
            || !statement.is_expr_stmt()
            || !is_clean(statement)
            || !self.tail.iter().all(|it| is_clean(it))
            || has_long_string(range, function, cx)
        {
            return None;
        }
        let indent = cx.indent_at(statement.start());
        let step = indent.strip_prefix(cx.indent_at(function.name.start()))?;
        let line_end =
            cx.text[statement.end().to_usize()..].find('\n')? + statement.end().to_usize();
        let above = further_in(&cx.text[statement.start().to_usize()..line_end], step);
        let below = cx.text[line_end..last.end().to_usize()].trim_start_matches(['\r', '\n']);
        let below = further_in(below, step);
        let text = format!("try:\n{indent}{step}{above}\n{indent}finally:\n{step}{below}");
        let title = "Put the `yield` into `try` and what follows into `finally`";
        Some(Fix::unsafe_(title).replace(range, text))
    }
}

/// Whether a string goes over several lines, so that they cannot be moved.
fn has_long_string(range: TextRange, function: &StmtFunctionDef, cx: &Context<'_>) -> bool {
    cx.descendants(function).iter().any(|node| {
        is_string(*node) && range.contains_range(node.range()) && cx.slice(*node).contains('\n')
    })
}

/// Lines with `step` put before each but the first.
fn further_in(lines: &str, step: &str) -> String {
    let mut text = String::with_capacity(lines.len() + 4 * step.len());
    for (n, line) in lines.lines().enumerate() {
        if n > 0 {
            text.push('\n');
            text.push_str(if line.trim().is_empty() { "" } else { step });
        }
        text.push_str(line);
    }
    text
}
