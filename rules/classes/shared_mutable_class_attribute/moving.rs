//! Making in `__init__` what a class body makes once.

use ruff_python_ast::{AnyNodeRef, Stmt, StmtClassDef, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::super::factories::needs_class_scope;
use super::super::methods::{methods, on_self, without_docstring};
use crate::fix::Fix;
use crate::project::{ClassId, ClassRef, Project};
use crate::rule::{Class, Context};

/// Moves the making of an attribute to `__init__`, if nobody seems to ask the class for it.
pub(super) fn to_init<'a>(
    class: &'a StmtClassDef,
    statement: &'a Stmt,
    name: &str,
    cx: &Context<'a>,
) -> Option<Fix> {
    let value = match statement {
        Stmt::Assign(it) => &*it.value,
        Stmt::AnnAssign(it) => it.value.as_deref()?,
        _ => return None,
    };
    let text = cx.slice(statement);
    let (start, end) = (cx.line_start(statement.start()), cx.line_end_after(statement)?);
    if !cx.begins_line(statement.start())
        || text.contains('\n')
        || cx.has_comment(TextRange::new(start, end))
        || needs_class_scope(value, class, cx)
        || is_asked_of_class(class, name, cx)
    {
        return None;
    }
    let fix =
        Fix::unsafe_("Make it in `__init__`").delete(TextRange::new(start, next_line(end, cx)));
    let mut inits = methods(class).filter(|it| it.name.as_str() == "__init__");
    match (inits.next(), inits.next()) {
        (Some(init), None) => {
            let first = without_docstring(&init.body).first()?.start();
            let this = super::this(init)?;
            let is_plain = init.decorator_list.is_empty() && cx.begins_line(first);
            let indent = cx.indent_at(first);
            is_plain.then(|| fix.insert(first, format!("{this}.{text}\n{indent}")))
        }
        (None, _) => {
            let first = methods(class).next().filter(|it| cx.begins_line(it.start()))?;
            let inner = cx.indent_at(first.body.first()?.start());
            let step = inner.strip_prefix(cx.indent_at(first.start()))?;
            let at = cx.line_start(first.start());
            let is_below_comment = cx.text[..at.to_usize()]
                .lines()
                .next_back()
                .is_some_and(|it| it.trim_start().starts_with('#'));
            // The attribute is to go, and the method to come in its place.
            let is_free = !step.is_empty() && !is_below_comment && at >= next_line(end, cx);
            is_free.then(|| fix.insert(at, written_init(class, first, text, cx)))
        }
        _ => None,
    }
}

/// An `__init__` that makes an attribute, to stand before the first method.
fn written_init(
    class: &StmtClassDef,
    first: &StmtFunctionDef,
    text: &str,
    cx: &Context<'_>,
) -> String {
    let indent = cx.indent_at(first.start());
    let inner = first.body.first().map_or("", |it| cx.indent_at(it.start()));
    match super::has_bases(class) {
        true => format!(
            "{indent}def __init__(self, *args, **kwargs):\n{inner}self.{text}\n{inner}super().__init__(*args, **kwargs)\n\n"
        ),
        false => format!("{indent}def __init__(self):\n{inner}self.{text}\n\n"),
    }
}

/// Where the next line begins.
fn next_line(end: TextSize, cx: &Context<'_>) -> TextSize {
    let rest = &cx.text[end.to_usize()..];
    let length = if rest.starts_with("\r\n") { 2 } else { u32::from(!rest.is_empty()) };
    end + TextSize::new(length)
}

/// Whether the attribute is read of something else than the object of a method: of the class, or
/// by its name in the class body.
fn is_asked_of_class<'a>(class: &'a StmtClassDef, name: &str, cx: &Context<'a>) -> bool {
    let own: usize = methods(class)
        .filter(|it| super::gets_instance(it, cx))
        .map(|it| on_self(it, cx).filter(|it| it.attr.as_str() == name).count())
        .sum();
    let all = cx.tree.nodes().iter().filter(|node| match node {
        AnyNodeRef::ExprAttribute(it) => it.attr.as_str() == name,
        _ => false,
    });
    let read_in_body = || {
        let scope = cx.semantic.scope_of(cx.id(class))?;
        let symbol = cx.semantic.symbol_in(scope, cx.semantic.name(name)?)?;
        cx.semantic.references(symbol).next()
    };
    all.count() != own || read_in_body().is_some()
}

/// Whether all instances come by the `__init__`, and no class below says something else of the
/// attribute.
pub(super) fn is_possible(
    project: &Project,
    class: Class<'_>,
    below: &[ClassId],
    name: &str,
) -> bool {
    let is_plain = |it: &ClassRef| match it {
        ClassRef::Project(id) => {
            project.member(*id, name).is_none() && project.member(*id, "__new__").is_none()
        }
        ClassRef::Std(it) => it.is_object() || matches!(it.name(), "abc.ABC" | "typing.Generic"),
    };
    let leads_on = |id: ClassId| match project.own_function(id, "__init__") {
        Some(init) => init.calls_namesake(),
        None => project.member(id, "__init__").is_none(),
    };
    class.ancestors().is_some_and(|it| it.iter().all(is_plain))
        && project.member(class.id, "__new__").is_none()
        && below.iter().all(|it| project.member(*it, name).is_none() && leads_on(*it))
}
