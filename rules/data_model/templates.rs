//! Values that are put into text: by an f-string, by `%`, by `str.format`.

use ruff_python_ast::{
    AnyNodeRef, ConversionFlag, Expr, ExprStringLiteral, FStringPart, InterpolatedElement,
    InterpolatedStringElement, Operator, StringFlags, StringLiteral,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::fix::Edit;
use crate::rule::Context;

/// How a value is put into text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// As `format()` gives it: `{}`.
    Format,
    /// As `str()` gives it: `%s`, `{!s}`.
    Str,
    /// As `repr()` gives it: `%r`, `{!r}`, `{x=}`; or as `ascii()` does.
    Repr,
    /// With a width, a precision, an attribute or another form that asks for more.
    Formatted,
}

/// A value in a text.
#[derive(Clone, Copy)]
pub(super) struct Slot<'a> {
    pub(super) value: &'a Expr,
    pub(super) shown: Shown,
    /// Where it stands in the text, braces or percent sign included.
    pub(super) range: TextRange,
    /// The field, in an f-string.
    pub(super) field: Option<&'a InterpolatedElement>,
    /// The characters before and after it in the text, where there are some.
    pub(super) before: Option<char>,
    pub(super) after: Option<char>,
}

impl Slot<'_> {
    /// The edit that makes it be shown as `repr()` gives it.
    pub(super) fn with_repr(&self, cx: &Context<'_>) -> Option<Edit> {
        let end = self.range.end() - TextSize::new(1);
        let last = TextRange::new(end, self.range.end());
        match (self.shown, cx.slice(last)) {
            (Shown::Str, "s") => Some(Edit::replace(last, "r")),
            (Shown::Format, "}") => Some(Edit::insert(end, "!r")),
            _ => None,
        }
    }
}

/// The text that an expression makes with values in it: the first characters, and the values.
pub(super) struct Template<'a> {
    pub(super) slots: Vec<Slot<'a>>,
    /// Where the strings are, without prefixes and quotes.
    contents: Vec<TextRange>,
}

impl<'a> Template<'a> {
    /// Reads an expression that makes text; `None` for others, and where it cannot be told which
    /// value goes where.
    pub(super) fn of(node: AnyNodeRef<'a>, cx: &Context<'a>) -> Option<Template<'a>> {
        match node {
            AnyNodeRef::ExprFString(it) => {
                let mut template = Template { slots: Vec::new(), contents: Vec::new() };
                for part in it.value.as_slice() {
                    match part {
                        FStringPart::Literal(part) => template.contents.push(content(part)),
                        FStringPart::FString(part) => {
                            let inside = inside(part.range, part.flags);
                            template.contents.push(inside);
                            for element in &*part.elements {
                                if let InterpolatedStringElement::Interpolation(it) = element {
                                    template.slots.push(slot_of_field(it));
                                }
                            }
                        }
                    }
                }
                Some(template.with_surroundings(cx))
            }
            AnyNodeRef::ExprBinOp(it) if it.op == Operator::Mod => {
                let literal = it.left.as_string_literal_expr()?;
                let values = match &*it.right {
                    Expr::Tuple(tuple) => &tuple.elts[..],
                    // What it means depends on what it is.
                    Expr::Dict(_) | Expr::Call(_) => return None,
                    single => std::slice::from_ref(single),
                };
                Template::of_parts(literal, cx, |text, at| percents(text, at, values))
            }
            AnyNodeRef::ExprCall(call) => {
                let method = call.func.as_attribute_expr().filter(|it| &it.attr == "format")?;
                let literal = method.value.as_string_literal_expr()?;
                let mut next = 0;
                let arguments = &call.arguments;
                let is_plain = !arguments.args.iter().any(Expr::is_starred_expr)
                    && arguments.keywords.iter().all(|it| it.arg.is_some());
                let value = |name: &str| {
                    let place = match name {
                        "" => {
                            next += 1;
                            next - 1
                        }
                        _ => match name.parse() {
                            Ok(place) => place,
                            Err(_) => return Some(&arguments.find_keyword(name)?.value),
                        },
                    };
                    arguments.args.get(place)
                };
                is_plain.then_some(())?;
                let mut value = value;
                Template::of_parts(literal, cx, |text, at| braces(text, at, &mut value))
            }
            _ => None,
        }
    }

    fn of_parts(
        literal: &'a ExprStringLiteral,
        cx: &Context<'a>,
        mut read: impl FnMut(&'a str, TextSize) -> Option<Vec<Slot<'a>>>,
    ) -> Option<Template<'a>> {
        let contents: Vec<TextRange> = literal.value.iter().map(content).collect();
        let [only] = contents[..] else { return None };
        let slots = read(cx.slice(only), only.start())?;
        Some(Template { slots, contents }.with_surroundings(cx))
    }

    fn with_surroundings(mut self, cx: &Context<'a>) -> Template<'a> {
        for slot in &mut self.slots {
            let Some(at) = self.contents.iter().position(|it| it.contains_range(slot.range)) else {
                continue;
            };
            let inside = self.contents[at];
            let before = TextRange::new(inside.start(), slot.range.start());
            let after = TextRange::new(slot.range.end(), inside.end());
            let last = |it: TextRange| cx.slice(it).chars().next_back();
            let first = |it: TextRange| cx.slice(it).chars().next();
            slot.before =
                last(before).or_else(|| self.contents[..at].iter().rev().find_map(|it| last(*it)));
            slot.after =
                first(after).or_else(|| self.contents[at + 1..].iter().find_map(|it| first(*it)));
        }
        self
    }

    /// Whether a bracket is open before a value, as in a call.
    pub(super) fn is_in_call(&self, slot: &Slot<'_>, cx: &Context<'a>) -> bool {
        let start = slot.range.start();
        let before = self.contents.iter().filter(|it| it.start() <= start).map(|it| {
            let end = if it.contains(start) { start } else { it.end() };
            cx.slice(TextRange::new(it.start(), end))
        });
        let mut open = 0;
        for character in before.flat_map(str::chars) {
            match character {
                '(' => open += 1,
                ')' => open -= 1,
                _ => {}
            }
        }
        open > 0
    }

    /// What the text begins with.
    pub(super) fn first(&self, cx: &Context<'a>) -> Option<char> {
        self.contents.iter().find_map(|it| cx.slice(*it).chars().next())
    }
}

fn content(part: &StringLiteral) -> TextRange {
    inside(part.range, part.flags)
}

fn inside(range: TextRange, flags: impl StringFlags) -> TextRange {
    TextRange::new(range.start() + flags.opener_len(), range.end() - flags.closer_len())
}

fn slot_of_field(field: &InterpolatedElement) -> Slot<'_> {
    let shown = match (field.conversion, &field.format_spec) {
        (_, Some(_)) => Shown::Formatted,
        (ConversionFlag::None, None) if field.debug_text.is_some() => Shown::Repr,
        (ConversionFlag::None, None) => Shown::Format,
        (ConversionFlag::Str, None) => Shown::Str,
        (ConversionFlag::Repr | ConversionFlag::Ascii, None) => Shown::Repr,
    };
    let value = &*field.expression;
    Slot { value, shown, range: field.range, field: Some(field), before: None, after: None }
}

fn slot(value: &Expr, shown: Shown, start: TextSize, from: usize, to: usize) -> Slot<'_> {
    let at = |offset: usize| start + TextSize::try_from(offset).unwrap_or_default();
    let range = TextRange::new(at(from), at(to));
    Slot { value, shown, range, field: None, before: None, after: None }
}

/// The values of a text with percent signs. `None` where they are named, or counted otherwise.
fn percents<'a>(text: &'a str, start: TextSize, values: &'a [Expr]) -> Option<Vec<Slot<'a>>> {
    let (mut slots, mut rest) = (Vec::new(), 0);
    while let Some(found) = text[rest..].find('%') {
        let from = rest + found;
        let directive = text[from + 1..].find(|it: char| !"#0- +.123456789".contains(it))?;
        let to = from + 1 + directive + 1;
        let letter = text.get(to - 1..to)?;
        rest = to;
        if letter == "%" {
            continue;
        }
        let shown = match letter {
            "s" if directive == 0 => Shown::Str,
            "r" | "a" if directive == 0 => Shown::Repr,
            "*" | "(" => return None,
            _ => Shown::Formatted,
        };
        slots.push(slot(values.get(slots.len())?, shown, start, from, to));
    }
    (slots.len() == values.len()).then_some(slots)
}

/// The values of a text with braces.
fn braces<'a>(
    text: &'a str,
    start: TextSize,
    value: &mut impl FnMut(&str) -> Option<&'a Expr>,
) -> Option<Vec<Slot<'a>>> {
    let (mut slots, mut rest) = (Vec::new(), 0);
    while let Some(found) = text[rest..].find(['{', '\\', '}']) {
        let from = rest + found;
        if text[from..].starts_with("{{") || text[from..].starts_with("}}") {
            rest = from + 2;
            continue;
        }
        if !text[from..].starts_with('{') {
            // An escape may hide a brace: `\N{DASH}`.
            if text[from..].starts_with("\\N") {
                return None;
            }
            rest = from + 1;
            continue;
        }
        let to = from + text[from..].find('}')? + 1;
        let field = &text[from + 1..to - 1];
        rest = to;
        if field.contains('{') {
            return None; // a width that is a value, too
        }
        let (name, form) = match field.find(['!', ':']) {
            Some(at) => field.split_at(at),
            None => (field, ""),
        };
        let (name, shown) = match (name.find(['.', '[']), form) {
            (Some(at), _) => (&name[..at], Shown::Formatted),
            (None, "") => (name, Shown::Format),
            (None, "!s") => (name, Shown::Str),
            (None, "!r" | "!a") => (name, Shown::Repr),
            _ => (name, Shown::Formatted),
        };
        slots.push(slot(value(name)?, shown, start, from, to));
    }
    Some(slots)
}
