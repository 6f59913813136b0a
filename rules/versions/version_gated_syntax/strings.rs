//! f-strings: `=` in braces (3.8), and free expressions in braces (3.12, PEP 701).

use ruff_python_ast::{
    AnyNodeRef, ConversionFlag, ExprFString, FString, InterpolatedElement,
    InterpolatedStringElements, PythonVersion, StringFlags as _,
};
use ruff_python_parser::UnsupportedSyntaxErrorKind as Kind;
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::super::gate::{Outcome, older, report};
use crate::fix::Fix;
use crate::rule::Context;

pub(super) fn check<'a>(string: &'a ExprFString, cx: &mut Context<'a>) {
    if cx.is_stub || cx.target().is_none_or(|it| it.lowest >= PythonVersion::PY312) {
        return;
    }
    for part in string.value.f_strings() {
        check_debug(part, &part.elements, true, cx);
        check_nesting(&part.elements, cx);
    }
    if cx.unsupported_syntax.is_empty() {
        return;
    }
    let is_inner = |node| matches!(node, AnyNodeRef::ExprFString(_) | AnyNodeRef::ExprTString(_));
    if !cx.ancestors(string).any(is_inner) {
        for part in string.value.f_strings() {
            part.elements.interpolations().for_each(|it| check_braces(part, it, cx));
        }
    }
}

/// `f"{x=}"` is `f"x={x!r}"`.
fn check_debug<'a>(
    part: &'a FString,
    elements: &'a InterpolatedStringElements,
    is_outermost: bool,
    cx: &mut Context<'a>,
) {
    let since = PythonVersion::PY38;
    for element in elements.interpolations() {
        if element.debug_text.is_some()
            && let Some(lowest) = older(cx, since)
        {
            // Inside a format, the text would be taken for the format.
            let fix = if is_outermost { without_debug(part, element, cx) } else { None };
            report(cx, element.range, "`=` in braces", since, lowest, Outcome::SyntaxError)
                .help("write the text of the expression before the braces, and `!r` in them")
                .fix(fix);
        }
        if let Some(format) = &element.format_spec {
            check_debug(part, &format.elements, false, cx);
        }
    }
}

/// Spells `{x = :>10}` as `x = {x:>10}`.
fn without_debug(part: &FString, element: &InterpolatedElement, cx: &Context<'_>) -> Option<Fix> {
    let debug = element.debug_text.as_ref()?.as_str();
    let inside = element.start() + TextSize::from(1);
    let rest = inside + TextSize::try_from(debug.len()).ok()?;
    let is_written_so = cx.text[inside.to_usize()..].starts_with(debug);
    let forbidden = |it: char| matches!(it, '#' | '\\') || it == part.flags.quote_style().as_char();
    if !is_written_so || debug.contains(forbidden) {
        return None;
    }
    let expression = debug[..debug.rfind('=')?].trim();
    let shown = debug.replace('{', "{{").replace('}', "}}");
    let space = if expression.starts_with('{') { " " } else { "" };
    let is_plain = element.conversion == ConversionFlag::None && element.format_spec.is_none();
    let conversion = if is_plain { "!r" } else { "" };
    let tail = &cx.text[TextRange::new(rest, element.end())];
    let text = format!("{shown}{{{space}{expression}{conversion}{tail}");
    Some(Fix::safe("Write the text of the expression out").replace(element.range, text))
}

/// A field in a field in a format: `f"{x:{width:{inner}}}"`.
fn check_nesting<'a>(elements: &'a InterpolatedStringElements, cx: &mut Context<'a>) {
    let since = PythonVersion::PY312;
    let formats = |elements: &'a InterpolatedStringElements| {
        elements.interpolations().filter_map(|it| it.format_spec.as_deref())
    };
    for format in formats(elements).flat_map(|format| formats(&format.elements)) {
        for deep in format.elements.interpolations() {
            let Some(lowest) = older(cx, since) else { return };
            let what = "a field nested twice in a format";
            report(cx, deep.range, what, since, lowest, Outcome::SyntaxError)
                .help("format the inner part before, in a statement of its own");
        }
    }
}

/// What the parser found in one pair of braces, each kind of it once.
fn check_braces<'a>(part: &'a FString, element: &'a InterpolatedElement, cx: &mut Context<'a>) {
    let since = PythonVersion::PY312;
    let Some(lowest) = older(cx, since) else { return };
    let mut found: Vec<(Freedom, TextRange)> = Vec::new();
    for error in cx.unsupported_syntax {
        if let Kind::Pep701FString(_) = error.kind
            && element.range.contains_range(error.range)
        {
            let freedom = Freedom::of(cx.slice(error.range));
            if found.iter().all(|(other, _)| *other != freedom) {
                found.push((freedom, error.range));
            }
        }
    }
    let is_all = found.len() == 1;
    for (freedom, range) in found {
        let (what, help) = freedom.words();
        let fix = match freedom {
            Freedom::Quote if is_all => swap_quotes(part, element, cx),
            _ => None,
        };
        report(cx, range, what, since, lowest, Outcome::SyntaxError).help(help).fix(fix);
    }
}

/// What may stand in the braces of an f-string since PEP 701.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Freedom {
    Backslash,
    Comment,
    LineBreak,
    Quote,
}

impl Freedom {
    /// By the text that the parser marks.
    fn of(text: &str) -> Freedom {
        match text.as_bytes().first() {
            Some(b'\\') => Freedom::Backslash,
            Some(b'#') => Freedom::Comment,
            Some(b'"' | b'\'') => Freedom::Quote,
            _ => Freedom::LineBreak,
        }
    }

    /// What it is called, and what does without it.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Freedom::Backslash => {
                ("a backslash in braces", "give the value a name before the f-string")
            }
            Freedom::Comment => ("a comment in braces", "put the comment before the f-string"),
            Freedom::LineBreak => (
                "a line break in the braces of an f-string without triple quotes",
                "give the value a name before the f-string",
            ),
            Freedom::Quote => (
                "the f-string's own quote in its braces",
                "use the other kind of quote, or give the value a name before the f-string",
            ),
        }
    }
}

/// Gives the strings in braces the other kind of quote, where that is all there is to do.
fn swap_quotes(part: &FString, element: &InterpolatedElement, cx: &Context<'_>) -> Option<Fix> {
    if part.flags.is_triple_quoted() {
        return None;
    }
    let quote = part.flags.quote_style();
    let other = quote.opposite().as_char();
    let mut fix = Fix::safe("Use the other kind of quote");
    let mut quotes_left = cx.slice(element).matches(quote.as_char()).count();
    // The expression's nodes are in the tree: those in the braces are found by their place.
    for node in cx.tree.nodes().iter().filter(|it| element.range.contains_range(it.range())) {
        let AnyNodeRef::ExprStringLiteral(string) = node else {
            let is_other_string = matches!(
                node,
                AnyNodeRef::ExprFString(_)
                    | AnyNodeRef::ExprTString(_)
                    | AnyNodeRef::ExprBytesLiteral(_)
            );
            if is_other_string {
                return None;
            }
            continue;
        };
        for literal in &string.value {
            if literal.flags.quote_style() != quote {
                continue;
            }
            let content = literal.content_range();
            if literal.flags.is_triple_quoted() || cx.slice(content).contains(['"', '\'', '\\']) {
                return None;
            }
            let opening = TextRange::at(content.start() - TextSize::from(1), 1.into());
            fix =
                fix.replace(opening, other).replace(TextRange::at(content.end(), 1.into()), other);
            quotes_left = quotes_left.checked_sub(2)?;
        }
    }
    (quotes_left == 0).then_some(fix)
}
