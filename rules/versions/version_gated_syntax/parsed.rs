//! What the parser itself knows to be too new.

use ruff_python_ast::{AnyNodeRef, Expr, ModModule, PythonVersion};
use ruff_python_parser::{UnsupportedSyntaxError, UnsupportedSyntaxErrorKind as Kind};
use ruff_text_size::{Ranged, TextRange};

use super::super::gate::{Outcome, older, report};
use super::super::guards::Reach;
use super::early;
use crate::fix::Fix;
use crate::rule::Context;

pub(super) fn check<'a>(_: &'a ModModule, cx: &mut Context<'a>) {
    for error in cx.unsupported_syntax {
        check_one(error, cx);
    }
    early::check(cx);
}

fn check_one<'a>(error: &UnsupportedSyntaxError, cx: &mut Context<'a>) {
    let Some(gate) = gate(error, cx) else { return };
    let Some(lowest) = older(cx, gate.since) else { return };
    let hides = match error.kind {
        // What stands around it is too new already.
        Kind::UnparenthesizedNamedExpr(_) => lowest < PythonVersion::PY38,
        Kind::TypeParamDefault => lowest < PythonVersion::PY312,
        _ => false,
    };
    if hides {
        return;
    }
    let fix = match error.kind {
        Kind::StarTuple(_) | Kind::UnparenthesizedUnpackInFor => {
            let Some(tuple) = tuple_around(error.range, cx) else { return };
            Some(parenthesize(tuple))
        }
        Kind::UnparenthesizedNamedExpr(_) | Kind::UnparenthesizedExceptionTypes => {
            Some(parenthesize(error.range))
        }
        Kind::ParenthesizedContextManager => unparenthesize_items(error.range, cx),
        _ => None,
    };
    let outcome = match error.kind {
        Kind::ParenthesizedContextManager if !has_names(error.range, cx) => {
            Outcome::Raises("AttributeError", Reach::ALL)
        }
        _ => Outcome::SyntaxError,
    };
    report(cx, error.range, gate.what, gate.since, lowest, outcome).help(gate.help).fix(fix);
}

/// A piece of syntax, when it came, and what does without it.
struct Gate {
    what: &'static str,
    since: PythonVersion,
    help: &'static str,
}

/// `None` for what is no matter of age, and for what is looked at as a whole: f-strings, and
/// `match`, which the parser forgets where it took it for a call at first.
fn gate(error: &UnsupportedSyntaxError, cx: &Context<'_>) -> Option<Gate> {
    use PythonVersion as V;
    let (what, since, help) = match error.kind {
        Kind::Walrus => ("`:=`", V::PY38, "assign in a statement of its own, before this one"),
        Kind::PositionalOnlyParameter => (
            "`/` among parameters",
            V::PY38,
            "take it away: type checkers read names like `__x` as positional-only too",
        ),
        Kind::StarTuple(_) => (
            "`*` in a `return` or `yield` without parentheses",
            V::PY38,
            "put parentheses round the tuple",
        ),
        Kind::UnparenthesizedUnpackInFor => (
            "`*` in the iterable of a `for` without parentheses",
            V::PY39,
            "put parentheses round the tuple",
        ),
        Kind::RelaxedDecorator(_) => (
            "a decorator that is more than a dotted name and a call",
            V::PY39,
            "give the decorator a name in a statement before, and write that name after `@`",
        ),
        Kind::ParenthesizedContextManager => (
            "a parenthesized list of `with` items",
            V::PY39,
            "take the parentheses away, or put one `with` into another",
        ),
        // In an index, it is newer than the parser thinks: `types` looks at those.
        Kind::UnparenthesizedNamedExpr(_) if is_in_index(error.range, cx) => return None,
        Kind::UnparenthesizedNamedExpr(_) => {
            ("`:=` in a set without parentheses", V::PY39, "put parentheses round it")
        }
        Kind::ExceptStar => (
            "`except*`",
            V::PY311,
            "catch the `ExceptionGroup` of the package `exceptiongroup`, or use its `catch()`",
        ),
        Kind::StarExpressionInIndex => (
            "`*` in an index",
            V::PY311,
            "write a tuple in parentheses, or `Unpack[Ts]` of `typing_extensions` for types",
        ),
        Kind::StarAnnotation => (
            "`*` in an annotation",
            V::PY311,
            "write `*args: Unpack[Ts]`, with `Unpack` of `typing_extensions`",
        ),
        Kind::TypeParameterList => (
            "a list of type parameters",
            V::PY312,
            "declare `T = TypeVar(\"T\")` and, for a class, inherit from `Generic[T]`",
        ),
        Kind::TypeAliasStatement => (
            "`type`",
            V::PY312,
            "write `Name: TypeAlias = …`, with `TypeAlias` of `typing_extensions`",
        ),
        Kind::TypeParamDefault => (
            "a default of a type parameter",
            V::PY313,
            "declare the parameter with `TypeVar(…, default=…)` of `typing_extensions`",
        ),
        Kind::UnparenthesizedExceptionTypes => (
            "`except` with several types and no parentheses",
            V::PY314,
            "put parentheses round the types",
        ),
        Kind::TemplateStrings => {
            ("a t-string", V::PY314, "write an f-string, or give the parts to a function")
        }
        Kind::LazyImportStatement => {
            ("`lazy`", V::PY315, "import inside the functions that need the module")
        }
        Kind::UnpackingInComprehension(_) if cx.slice(error.range).starts_with("**") => (
            "`**` in a comprehension",
            V::PY315,
            "write a second `for` over the `items()` of each dict",
        ),
        Kind::UnpackingInComprehension(_) => {
            ("`*` in a comprehension", V::PY315, "write a second `for` over each item")
        }
        Kind::Match | Kind::Pep701FString(_) | Kind::ParenthesizedKeywordArgumentName => {
            return None;
        }
    };
    Some(Gate { what, since, help })
}

/// Whether a named expression is in square brackets.
fn is_in_index(named: TextRange, cx: &Context<'_>) -> bool {
    cx.tree.nodes().iter().any(|node| match node {
        AnyNodeRef::ExprSubscript(it) => match &*it.slice {
            Expr::Tuple(tuple) => tuple.elts.iter().any(|element| element.range() == named),
            index => index.range() == named,
        },
        _ => false,
    })
}

fn parenthesize(range: TextRange) -> Fix {
    Fix::safe("Add parentheses").insert(range.start(), "(").insert(range.end(), ")")
}

/// The tuple without parentheses that a starred expression is in, if it is its first one: one
/// finding is enough for all of them.
fn tuple_around(starred: TextRange, cx: &Context<'_>) -> Option<TextRange> {
    let tuples = cx.tree.nodes().iter().filter_map(|node| match node {
        AnyNodeRef::ExprTuple(tuple) if !tuple.parenthesized => Some(*tuple),
        _ => None,
    });
    let mut tuples = tuples.filter(|tuple| tuple.range.contains_range(starred));
    let around = tuples.find(|tuple| tuple.elts.iter().any(|it| it.range() == starred))?;
    let first = around.elts.iter().find(|element| element.is_starred_expr())?;
    (first.range() == starred).then_some(around.range)
}

/// The `with` statement whose parentheses open at a place.
fn with_at<'a>(parenthesis: TextRange, cx: &Context<'a>) -> Option<&'a ruff_python_ast::StmtWith> {
    cx.tree.nodes().iter().find_map(|node| match node {
        AnyNodeRef::StmtWith(it)
            if it.start() < parenthesis.start()
                && it.items.first().is_some_and(|item| item.start() >= parenthesis.end())
                && cx.text[TextRange::new(parenthesis.end(), it.items[0].start())]
                    .trim_matches(|c: char| c.is_whitespace() || c == '(')
                    .is_empty() =>
        {
            Some(*it)
        }
        _ => None,
    })
}

/// Whether a `with` names what its items give: without `as`, an old Python takes the list for a
/// tuple, which is no context manager.
fn has_names(parenthesis: TextRange, cx: &Context<'_>) -> bool {
    with_at(parenthesis, cx)
        .is_none_or(|it| it.items.iter().any(|item| item.optional_vars.is_some()))
}

/// Takes the parentheses of `with` items away, where the items fit one line.
fn unparenthesize_items(parenthesis: TextRange, cx: &Context<'_>) -> Option<Fix> {
    const WIDTH: usize = 88;
    let statement = with_at(parenthesis, cx)?;
    let last = statement.items.last()?;
    let body = statement.body.first()?;
    let between = &cx.text[TextRange::new(last.end(), body.start())];
    let close = between.find(')')?;
    if !between[..close].trim().trim_end_matches(',').is_empty() {
        return None;
    }
    let end = last.end() + ruff_text_size::TextSize::try_from(close + 1).ok()?;
    let range = TextRange::new(parenthesis.start(), end);
    let items: Vec<&str> = statement.items.iter().map(|item| cx.slice(item)).collect();
    let text = items.join(", ");
    let column = (parenthesis.start() - cx.line_start(parenthesis.start())).to_usize();
    let fits = column + text.chars().count() < WIDTH;
    (fits && !text.contains(['\n', '\r']) && !cx.has_comment(range))
        .then(|| Fix::safe("Take the parentheses away").replace(range, text))
}
