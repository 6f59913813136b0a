//! A class, written as a dataclass.

use ruff_python_ast::{AnyNodeRef, Expr, PythonVersion, Stmt, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};

use super::written::{is_written_eq, is_written_repr};
use super::{Candidate, Field};
use crate::fix::Fix;
use crate::rule::Context;
use crate::semantic::{Binding, BindingKind};
use crate::syntax::string_text;

/// The rewrite, where it keeps what the class can do: see the page for what it adds.
pub(super) fn fix<'a>(candidate: &Candidate<'a>, cx: &Context<'a>) -> Option<Fix> {
    let Candidate { class, init, fields } = candidate;
    let start = init.start();
    let knows_3_10 = cx.target().is_some_and(|it| it.lowest >= PythonVersion::PY310);
    let has_keyword_only = fields.iter().any(|it| it.is_keyword_only);
    let has_docstring = super::without_docstring(&init.body).len() != init.body.len();
    if has_docstring
        || cx.has_comment(init.range())
        || !cx.begins_line(start)
        || !cx.begins_line(class.start())
        || cx.line_end_after(*init).is_none()
        || has_keyword_only && !knows_3_10
        || !fields.iter().all(|it| is_rewritable(it, candidate, cx))
    {
        return None;
    }
    let dropped: Vec<&StmtFunctionDef> = [
        candidate.method("__repr__").filter(|it| is_written_repr(it, candidate)),
        candidate.method("__eq__").filter(|it| is_written_eq(it, candidate)),
    ]
    .into_iter()
    .flatten()
    .filter(|it| !cx.has_comment(it.range()))
    .collect();
    let all_keyword_only = fields.iter().all(|it| it.is_keyword_only);
    let mut settings: Vec<&str> = Vec::new();
    if candidate.method("__eq__").is_none() {
        // The `__eq__` that is written would take the hash from the instances.
        settings.push("eq=False");
    }
    if all_keyword_only {
        settings.push("kw_only=True");
    }
    let decorator = cx.import("dataclasses", "dataclass", *class)?;
    let asked = match settings.is_empty() {
        true => String::new(),
        false => format!("({})", settings.join(", ")),
    };
    let marker = match has_keyword_only && !all_keyword_only {
        true => Some(cx.import("dataclasses", "KW_ONLY", *class)?),
        false => None,
    };
    // Two imports of one statement would stand at the same place.
    if marker.as_ref().is_some_and(|it| it.edit.is_some()) {
        return None;
    }
    let mut lines: Vec<String> = Vec::new();
    let mut is_marked = false;
    for field in fields {
        if let Some(marker) = &marker
            && field.is_keyword_only
            && !is_marked
        {
            lines.push(format!("_: {}", marker.text));
            is_marked = true;
        }
        let default = field.default.map(|it| format!(" = {}", cx.slice(it)));
        let annotation = cx.slice(field.annotation);
        lines.push(format!("{}: {annotation}{}", field.name(), default.unwrap_or_default()));
    }
    let (indent, inner) = (cx.indent_at(class.start()), cx.indent_at(start));
    // An import may come to the same place, and goes first.
    let mut fix = Fix::unsafe_("Make it a dataclass")
        .merge(decorator.edit)
        .insert(class.start(), format!("@{}{asked}\n{indent}", decorator.text))
        .replace(init.range(), lines.join(&format!("\n{inner}")));
    for method in dropped {
        fix = fix.delete(with_gap_before(method, candidate, cx)?);
    }
    Some(fix)
}

/// A method and the white space before it.
fn with_gap_before(
    method: &StmtFunctionDef,
    candidate: &Candidate<'_>,
    cx: &Context<'_>,
) -> Option<TextRange> {
    let before = candidate.class.body.iter().take_while(|it| it.end() <= method.start()).last()?;
    let gap = TextRange::new(before.end(), method.start());
    cx.slice(gap).trim().is_empty().then(|| TextRange::new(before.end(), method.end()))
}

/// Whether a parameter can stand in the class body as a field.
fn is_rewritable<'a>(field: &Field<'a>, candidate: &Candidate<'a>, cx: &Context<'a>) -> bool {
    let text = cx.slice(field.annotation);
    let is_special = ["ClassVar", "InitVar", "KW_ONLY"].iter().any(|it| text.contains(it));
    // A default is bound in the class body: what comes after it finds it there.
    let is_field = |name: &str| candidate.fields.iter().any(|it| it.name() == name);
    let mut parts = std::iter::once(field.annotation).chain(field.default).flat_map(|it| {
        std::iter::once(AnyNodeRef::from(it)).chain(cx.descendants(it).iter().copied())
    });
    let is_hidden = parts.any(|node| match node {
        AnyNodeRef::ExprName(name) => is_field(&name.id),
        AnyNodeRef::ExprStringLiteral(it) => is_field(string_text(&it.value)),
        _ => false,
    });
    let is_single_line = |it: &Expr| !cx.slice(it).contains('\n');
    !is_special
        && !is_hidden
        && is_single_line(field.annotation)
        && field.default.is_none_or(|it| is_single_line(it) && has_hash(it, cx))
        && is_alike(field, candidate, cx)
}

/// Whether a default is known to have a hash: `@dataclass` refuses others.
fn has_hash<'a>(default: &'a Expr, cx: &Context<'a>) -> bool {
    match default {
        Expr::Tuple(tuple) => tuple.elts.iter().all(|it| has_hash(it, cx)),
        Expr::UnaryOp(it) => it.operand.is_literal_expr(),
        Expr::Name(name) => match cx.binding(name) {
            Some(Binding { kind: BindingKind::Assignment(value), .. }) => value.is_literal_expr(),
            _ => false,
        },
        default => default.is_literal_expr(),
    }
}

/// Whether the attribute is not annotated otherwise than the parameter.
fn is_alike<'a>(field: &Field<'a>, candidate: &Candidate<'a>, cx: &Context<'a>) -> bool {
    candidate.init.body.iter().filter_map(Stmt::as_ann_assign_stmt).all(|it| {
        let is_other = it
            .value
            .as_deref()
            .and_then(Expr::as_name_expr)
            .is_none_or(|value| value.id != field.name());
        is_other || cx.slice(&*it.annotation) == cx.slice(field.annotation)
    })
}
