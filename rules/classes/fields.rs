//! The fields of dataclasses and of attrs' classes, as they are written.

use ruff_python_ast::{Expr, ExprCall, ExprName, Stmt, StmtClassDef};

use crate::facts::Maker;
use crate::rule::Context;

/// A field with a default.
pub(super) struct Field<'a> {
    /// What binds it.
    pub(super) name: &'a ExprName,
    /// Its annotation, if it has one.
    pub(super) annotation: Option<&'a Expr>,
    /// The default itself.
    pub(super) default: &'a Expr,
    /// The call that the default is given to: `field(default=…)`.
    pub(super) call: Option<&'a ExprCall>,
}

/// The field that a statement of the class body makes, if it has a default.
pub(super) fn field<'a>(
    statement: &'a Stmt,
    class: &'a StmtClassDef,
    maker: Maker,
    cx: &Context<'a>,
) -> Option<Field<'a>> {
    let (target, annotation, value) = match statement {
        Stmt::AnnAssign(it) => (&*it.target, Some(&*it.annotation), it.value.as_deref()?),
        Stmt::Assign(it) => (it.targets.first()?, None, &*it.value),
        _ => return None,
    };
    let name = target.as_name_expr()?;
    if mentions(annotation, "ClassVar", cx) {
        return None;
    }
    let call = value.as_call_expr().filter(|call| makes_field(call, maker, cx));
    let default = match call {
        Some(call) => match call.arguments.find_keyword("default") {
            Some(keyword) => &keyword.value,
            None if maker == Maker::Dataclasses => return None,
            None => call.arguments.args.first()?,
        },
        None => value,
    };
    let is_field = match maker {
        Maker::AttrClassic => call.is_some(),
        Maker::Attrs if call.is_none() => annotation.is_some() && !has_bare_fields(class, cx),
        Maker::Attrs => true,
        _ => annotation.is_some(),
    };
    is_field.then_some(Field { name, annotation, default, call })
}

/// Whether a call makes a field for this decorator.
fn makes_field<'a>(call: &'a ExprCall, maker: Maker, cx: &Context<'a>) -> bool {
    cx.qualified(&call.func).is_some_and(|name| match maker {
        Maker::Dataclasses | Maker::Pydantic => name.is("dataclasses.field"),
        _ => matches!(name.parts(), ["attr" | "attrs", "ib" | "attrib" | "attr" | "field"]),
    })
}

/// Whether some fields are made without an annotation: then `attrs.define` takes no others.
fn has_bare_fields<'a>(class: &'a StmtClassDef, cx: &Context<'a>) -> bool {
    class
        .body
        .iter()
        .filter_map(Stmt::as_assign_stmt)
        .any(|it| it.value.as_call_expr().is_some_and(|call| makes_field(call, Maker::Attrs, cx)))
}

/// Whether an annotation speaks of a special form, be it in a string.
pub(super) fn mentions(annotation: Option<&Expr>, form: &str, cx: &Context<'_>) -> bool {
    annotation.is_some_and(|it| {
        let text = cx.slice(it);
        let goes_on = |it: char| it.is_alphanumeric() || it == '_';
        memchr::memchr_iter(form.as_bytes()[0], text.as_bytes()).any(|at| {
            let rest = text[at..].strip_prefix(form);
            rest.is_some_and(|it| !it.starts_with(goes_on)) && !text[..at].ends_with(goes_on)
        })
    })
}
