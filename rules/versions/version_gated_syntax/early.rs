//! What came with Python 3.1 to 3.7. Only looked for where so old a Python is asked for.

use ruff_python_ast::{
    self as ast, AnyNodeRef, Expr, ExprCall, Number, Operator, PythonVersion, StmtFunctionDef,
};
use ruff_text_size::{Ranged, TextRange};

use super::super::gate::{Outcome, older, report};
use crate::rule::Context;

/// The newest of these gates.
const NEWEST: PythonVersion = PythonVersion { major: 3, minor: 7 };

const fn python(minor: u8) -> PythonVersion {
    PythonVersion { major: 3, minor }
}

pub(super) fn check(cx: &mut Context<'_>) {
    let Some(lowest) = older(cx, NEWEST) else { return };
    for node in cx.tree.nodes() {
        let Some((what, minor, range)) = gate(*node, cx) else { continue };
        let since = python(minor);
        if lowest < since {
            report(cx, range, what, since, lowest, Outcome::SyntaxError)
                .help("write it as it was written then, or raise the oldest Python");
        }
    }
}

/// What a node has that is new, and since when.
fn gate<'a>(node: AnyNodeRef<'a>, cx: &Context<'a>) -> Option<(&'static str, u8, TextRange)> {
    let found = |what, minor| Some((what, minor, node.range()));
    match node {
        AnyNodeRef::ExprFString(_) => found("an f-string", 6),
        AnyNodeRef::StmtAnnAssign(_) => found("an annotated variable", 6),
        AnyNodeRef::ExprNumberLiteral(it) => {
            let is_plain =
                matches!(it.value, Number::Int(_) | Number::Float(_) | Number::Complex { .. });
            (is_plain && cx.slice(it.range).as_bytes().contains(&b'_')).then_some((
                "`_` in a number",
                6,
                it.range,
            ))
        }
        AnyNodeRef::ExprStringLiteral(it) => {
            let is_unicode = it.value.iter().any(|part| part.flags.prefix().is_unicode());
            is_unicode.then_some(("the prefix `u` of a string", 3, it.range()))
        }
        AnyNodeRef::StmtFunctionDef(it) => function(it, cx),
        AnyNodeRef::ExprBinOp(it) if it.op == Operator::MatMult => found("`@` as an operator", 5),
        AnyNodeRef::StmtAugAssign(it) if it.op == Operator::MatMult => {
            found("`@` as an operator", 5)
        }
        AnyNodeRef::ExprYieldFrom(_) => found("`yield from`", 3),
        AnyNodeRef::StmtRaise(it) => {
            let is_none = it.cause.as_deref().is_some_and(Expr::is_none_literal_expr);
            is_none.then_some(("`raise … from None`", 3, it.range()))
        }
        // Rarer than displays, which may be long.
        AnyNodeRef::ExprStarred(it) if it.ctx.is_load() => starred(it, cx),
        AnyNodeRef::ExprDict(it) if it.items.iter().any(|item| item.key.is_none()) => {
            found("`**` in a display", 5)
        }
        AnyNodeRef::ExprCall(it) => call(it),
        AnyNodeRef::ExprListComp(it) => asynchronous(&it.generators, it.range),
        AnyNodeRef::ExprSetComp(it) => asynchronous(&it.generators, it.range),
        AnyNodeRef::ExprDictComp(it) => asynchronous(&it.generators, it.range),
        AnyNodeRef::ExprGenerator(it) => asynchronous(&it.generators, it.range),
        _ => None,
    }
}

fn is_index<'a>(tuple: &'a ast::ExprTuple, cx: &Context<'a>) -> bool {
    matches!(cx.parent(tuple), AnyNodeRef::ExprSubscript(it) if it.slice.range() == tuple.range)
}

/// The display that an element with a `*` is in, if it is its first one.
fn starred<'a>(
    element: &'a ast::ExprStarred,
    cx: &Context<'a>,
) -> Option<(&'static str, u8, TextRange)> {
    let (elements, range) = match cx.parent(element) {
        AnyNodeRef::ExprList(it) => (&it.elts, it.range),
        AnyNodeRef::ExprTuple(it) if !is_index(it, cx) => (&it.elts, it.range),
        AnyNodeRef::ExprSet(it) => (&it.elts, it.range),
        _ => return None,
    };
    let first = elements.iter().find(|it| it.is_starred_expr())?;
    (first.range() == element.range).then_some(("`*` in a display", 5, range))
}

fn asynchronous(
    generators: &[ast::Comprehension],
    range: TextRange,
) -> Option<(&'static str, u8, TextRange)> {
    let is_async = generators.iter().any(|it| it.is_async);
    is_async.then_some(("an asynchronous comprehension", 6, range))
}

fn call(call: &ExprCall) -> Option<(&'static str, u8, TextRange)> {
    let arguments = &call.arguments;
    let count = arguments.args.len() + arguments.keywords.len();
    if count < 2 {
        return None;
    }
    let stars = arguments.args.iter().filter(|it| it.is_starred_expr()).count();
    let is_last = arguments.args.last().is_none_or(Expr::is_starred_expr);
    let doubles = arguments.keywords.iter().filter(|it| it.arg.is_none()).count();
    if stars > 1 || stars == 1 && !is_last || doubles > 1 {
        return Some(("several unpacked arguments", 5, call.range()));
    }
    (count > 255).then_some(("more than 255 arguments", 7, call.range()))
}

fn function<'a>(
    function: &'a StmtFunctionDef,
    cx: &Context<'a>,
) -> Option<(&'static str, u8, TextRange)> {
    let name = function.name.range();
    if function.is_async {
        let yields = cx.own(function).any(|it| matches!(it, AnyNodeRef::ExprYield(_)));
        return match yields {
            true => Some(("an asynchronous generator", 6, name)),
            false => Some(("`async def`", 5, name)),
        };
    }
    let parameters = &function.parameters;
    let is_open = parameters.vararg.is_some()
        || parameters.kwarg.is_some()
        || !parameters.kwonlyargs.is_empty();
    let text = cx.slice(parameters.range).trim_end_matches(')').trim_end();
    (is_open && text.ends_with(',')).then_some(("a comma after `*` parameters", 6, name))
}
