//! Defaults of fields that are made anew for each instance.

use ruff_python_ast::{AnyNodeRef, Expr, Keyword, StmtClassDef};
use ruff_text_size::Ranged;

use super::fields::Field;
use crate::facts::Maker;
use crate::fix::Fix;
use crate::rule::Context;

/// Hands the making of the default to the field. Safe only for what was refused before in each
/// Python: nobody can have relied on it.
pub(super) fn factory<'a>(
    field: &Field<'a>,
    class: &'a StmtClassDef,
    maker: Maker,
    is_exact: bool,
    cx: &Context<'a>,
) -> Option<Fix> {
    let default = field.default;
    let plain = plain_factory(default, cx);
    if plain.is_none() && needs_class_scope(default, class, cx) {
        return None;
    }
    let is_standard = matches!(maker, Maker::Dataclasses | Maker::Pydantic);
    let keyword = if is_standard { "default_factory" } else { "factory" };
    let fix = match is_exact {
        true => Fix::safe(format!("Use `{keyword}`")),
        false => Fix::unsafe_(format!("Use `{keyword}`")),
    };
    let (before, after, import) = match field.call {
        Some(call) => {
            match call.arguments.find_keyword("default") {
                Some(Keyword { arg: Some(name), .. }) => {
                    let fix = fix.replace(name.range, keyword);
                    return Some(match plain {
                        Some(plain) => fix.replace(default.range(), plain),
                        None => fix.insert(default.start(), "lambda: "),
                    });
                }
                // A keyword cannot stand before what is given by position.
                _ if call.arguments.args.len() > 1 => return None,
                _ => (format!("{keyword}="), "", None),
            }
        }
        None if is_standard => {
            let imported = cx.import("dataclasses", "field", default)?;
            (format!("{}({keyword}=", imported.text), ")", imported.edit)
        }
        None => {
            let imported = cx.import(attr_module(class, cx)?, "Factory", default)?;
            (format!("{}(", imported.text), ")", imported.edit)
        }
    };
    let fix = match plain {
        Some(plain) => fix.replace(default.range(), format!("{before}{plain}{after}")),
        None => {
            let fix = fix.insert(default.start(), format!("{before}lambda: "));
            if after.is_empty() { fix } else { fix.insert(default.end(), after) }
        }
    };
    Some(fix.merge(import))
}

/// What makes the default when it is called without arguments, where that has a name.
fn plain_factory<'a>(default: &'a Expr, cx: &Context<'a>) -> Option<&'a str> {
    let builtin = |name: &'static str| {
        let id = cx.semantic.name(name);
        let is_free = id.is_none_or(|id| {
            cx.semantic.resolve_at(cx.scope(default), id, default.start()).is_none()
        });
        is_free.then_some(name)
    };
    match default {
        Expr::List(it) if it.elts.is_empty() => builtin("list"),
        Expr::Dict(it) if it.items.is_empty() => builtin("dict"),
        // `now().isoformat` would be a method of what was made once.
        Expr::Call(it) if it.arguments.is_empty() => {
            cx.qualified(&it.func).map(|_| cx.slice(&*it.func))
        }
        _ => None,
    }
}

/// Whether a default cannot be made inside a lambda: it uses a name of the class body, which
/// functions do not see, or binds one.
pub(super) fn needs_class_scope<'a>(
    default: &'a Expr,
    class: &'a StmtClassDef,
    cx: &Context<'a>,
) -> bool {
    let own = cx.semantic.scope_of(cx.id(class));
    cx.descendants(default).iter().any(|node| match node {
        AnyNodeRef::ExprName(name) => {
            cx.symbol(name).is_some_and(|it| Some(cx.semantic.scope_of_symbol(it)) == own)
        }
        AnyNodeRef::ExprNamed(_) | AnyNodeRef::ExprAwait(_) | AnyNodeRef::ExprYield(_) => true,
        _ => false,
    })
}

/// The namespace of attrs that the class's decorator comes from.
fn attr_module<'a>(class: &'a StmtClassDef, cx: &Context<'a>) -> Option<&'static str> {
    let (decorator, _) = cx.dataclass(class)?;
    let callee = match &decorator.expression {
        Expr::Call(call) => &*call.func,
        callee => callee,
    };
    match cx.qualified(callee)?.parts() {
        ["attrs", ..] => Some("attrs"),
        _ => Some("attr"),
    }
}
