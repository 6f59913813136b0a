use ruff_python_ast::{
    AnyNodeRef, Expr, ExprAttribute, Parameter, ParameterWithDefault, Stmt, StmtClassDef,
    StmtFunctionDef,
};
use ruff_text_size::{TextRange, TextSize};

use super::special::Method;
use super::templates::{Shown, Slot, Template};
use super::values::{Kind, kind};
use crate::diagnostic::Severity;
use crate::fix::Fix;
use crate::rule::{Context, Fixable, On, Rule};
use crate::semantic::BindingKind;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "repr-without-conversion",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("repr_without_conversion.md"),
    options: &[],
    on: &[On::Special(check)],
};

fn check<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    if function.name.as_str() != "__repr__" {
        return;
    }
    let Some(method) = Method::of(function, cx) else { return };
    let nodes: Vec<AnyNodeRef<'a>> = method.own(cx).collect();
    for node in nodes {
        let Some(template) = Template::of(node, cx) else { continue };
        let is_percent = node.is_expr_bin_op();
        for slot in &template.slots {
            check_slot(&method, &template, slot, is_percent, cx);
        }
    }
}

fn check_slot<'a>(
    method: &Method<'a>,
    template: &Template<'a>,
    slot: &Slot<'a>,
    is_percent: bool,
    cx: &mut Context<'a>,
) {
    // `!s` is said on purpose, `%s` is just how it is written.
    let is_bare = slot.shown == Shown::Format || is_percent && slot.shown == Shown::Str;
    let Some(attribute) = slot.value.as_attribute_expr().filter(|_| is_bare) else { return };
    if !method.is_this(&attribute.value, cx) {
        return;
    }
    let shown = cx.slice(slot.value);
    let is_summary = template.first(cx) == Some('<');
    let severity = if is_summary { Severity::Info } else { Severity::Warning };
    if let Some(quote) = quotes(slot) {
        let fix = without_quotes(slot, quote, cx);
        cx.report(slot.range, format!("`{shown}` is put into quotes by hand"))
            .severity(severity)
            .help("a quote or a line end inside comes out as it is, and the text cannot be read back: `!r` quotes and escapes")
            .fix(fix);
        return;
    }
    if !is_argument(template, slot, is_summary, cx) || !is_text(attribute, method.class, cx) {
        return;
    }
    let conversion = if is_percent { "%r" } else { "!r" };
    let fix = slot.with_repr(cx).map(|it| Fix::unsafe_(format!("Use `{conversion}`")).edit(it));
    cx.report(slot.range, format!("`{shown}` holds text and is shown without `{conversion}`"))
        .severity(severity)
        .help("without quotes `1` and `'1'`, or a comma inside, look the same: `repr()` is there to tell them apart")
        .fix(fix);
}

/// The quote that stands on both sides of a value.
fn quotes(slot: &Slot<'_>) -> Option<char> {
    let quote = slot.before.filter(|it| matches!(it, '"' | '\''))?;
    (slot.after == Some(quote)).then_some(quote)
}

fn without_quotes(slot: &Slot<'_>, quote: char, cx: &Context<'_>) -> Option<Fix> {
    let one = TextSize::new(1);
    let before = TextRange::at(slot.range.start().checked_sub(one)?, one);
    let after = TextRange::at(slot.range.end(), one);
    let is_quote = |at: TextRange| {
        cx.text.get(at.start().to_usize()..at.end().to_usize())
            == Some(quote.encode_utf8(&mut [0; 4]))
    };
    if !is_quote(before) || !is_quote(after) {
        return None; // escaped, or in another string
    }
    let is_escaped = cx.text[..before.start().to_usize()].ends_with('\\');
    let before =
        if is_escaped { TextRange::new(before.start() - one, before.end()) } else { before };
    let fix = Fix::unsafe_("Let `repr()` quote it").edit(slot.with_repr(cx)?);
    Some(fix.delete(before).delete(after))
}

/// Whether a value stands where an argument would, in what looks like a call, or by itself between
/// angle brackets.
fn is_argument(
    template: &Template<'_>,
    slot: &Slot<'_>,
    is_summary: bool,
    cx: &Context<'_>,
) -> bool {
    let opens = |it: char| matches!(it, '(' | '=' | '[' | '{' | ' ' | ',');
    let closes = |it: char| matches!(it, ')' | ',' | ']' | '}' | ' ');
    let closes = |it: char| closes(it) || is_summary && it == '>';
    let opens = |it: char| opens(it) || is_summary && it == ':';
    slot.before.is_some_and(opens)
        && slot.after.is_some_and(closes)
        && (is_summary || template.is_in_call(slot, cx))
}

/// Whether an attribute holds text, as far as its class tells: wherever it is set, it is set to
/// text, or it is declared to be.
fn is_text<'a>(attribute: &'a ExprAttribute, class: &'a StmtClassDef, cx: &Context<'a>) -> bool {
    let name = attribute.attr.as_str();
    // Text that is made to be shown.
    if name.ends_with("_str") || name.ends_with("_repr") || name.ends_with("_text") {
        return false;
    }
    for member in cx.members(class, name) {
        match member.kind {
            BindingKind::Function(getter) => {
                let is_property = getter
                    .decorator_list
                    .iter()
                    .any(|it| cx.is(&it.expression, "builtins.property"));
                let returns = getter.returns.as_deref();
                return is_property && returns.is_some_and(|it| says_text(it, cx));
            }
            BindingKind::Declaration | BindingKind::Assignment(_) => {}
            _ => return false,
        }
    }
    let declared = class
        .body
        .iter()
        .filter_map(Stmt::as_ann_assign_stmt)
        .find(|it| it.target.as_name_expr().is_some_and(|it| it.id == name));
    if let Some(declared) = declared {
        return says_text(&declared.annotation, cx);
    }
    let mut is_text = false;
    for method in class.body.iter().filter_map(Stmt::as_function_def_stmt) {
        let this = method.parameters.iter().next().map_or("", |it| it.name().as_str());
        for node in cx.descendants(method) {
            let AnyNodeRef::ExprAttribute(it) = node else { continue };
            let is_this = it.value.as_name_expr().is_some_and(|it| it.id == this);
            if it.attr.as_str() != name || !is_this || it.ctx.is_load() {
                continue;
            }
            match stored(it, method, cx) {
                Some(Stored::Text) => is_text = true,
                Some(Stored::None) => {}
                None => return false,
            }
        }
    }
    is_text
}

enum Stored {
    Text,
    None,
}

/// What a statement puts into an attribute, where that is text or nothing.
fn stored<'a>(
    target: &'a ExprAttribute,
    method: &'a StmtFunctionDef,
    cx: &Context<'a>,
) -> Option<Stored> {
    let value = match cx.parent(target) {
        AnyNodeRef::StmtAssign(it) if it.targets.iter().all(Expr::is_attribute_expr) => &it.value,
        AnyNodeRef::StmtAnnAssign(it) => {
            return says_text(&it.annotation, cx).then_some(Stored::Text);
        }
        _ => return None,
    };
    match &**value {
        Expr::NoneLiteral(_) => Some(Stored::None),
        Expr::Name(name) => match cx.binding(name)?.kind {
            BindingKind::Parameter(it) => is_text_parameter(it, method, cx).then_some(Stored::Text),
            _ => (kind(value, cx) == Some(Kind::Str)).then_some(Stored::Text),
        },
        value => (kind(value, cx) == Some(Kind::Str)).then_some(Stored::Text),
    }
}

/// Whether a parameter takes text: it is annotated so, or its default is text.
fn is_text_parameter<'a>(
    parameter: &'a Parameter,
    method: &'a StmtFunctionDef,
    cx: &Context<'a>,
) -> bool {
    if let Some(annotation) = parameter.annotation() {
        return says_text(annotation, cx);
    }
    let is_it = |it: &&ParameterWithDefault| it.parameter.range == parameter.range;
    let found = method.parameters.iter_non_variadic_params().find(is_it);
    found.is_some_and(|it| it.default.as_deref().is_some_and(Expr::is_string_literal_expr))
}

/// Whether an annotation says text, a path, or nothing beside them.
fn says_text(annotation: &Expr, cx: &Context<'_>) -> bool {
    let text = cx.slice(annotation);
    let words =
        text.split(|it: char| !(it.is_alphanumeric() || it == '_')).filter(|it| !it.is_empty());
    let mut says = false;
    for word in words {
        match word {
            "str" | "Path" | "PurePath" | "PosixPath" | "Text" => says = true,
            "None" | "Optional" | "Union" | "typing" | "t" | "pathlib" | "Final" | "Mapped" => {}
            _ => return false,
        }
    }
    says
}
