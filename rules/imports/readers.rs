//! Who reads annotations while a program runs, or names by their text: for them, a name that only
//! type checkers see is not there.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr};

use super::uses::{Use, When};
use crate::rule::Context;
use crate::syntax::string_text;

/// Libraries that do: a file that imports one of them is left as it is.
const READERS: &[&str] = &[
    "beartype",
    "cattrs",
    "cyclopts",
    "dependency_injector",
    "fastapi",
    "injector",
    "litestar",
    "marshmallow_dataclass",
    "msgspec",
    "ninja",
    "odmantic",
    "pydantic",
    "punq",
    "sqlmodel",
    "strawberry",
    "typeguard",
    "typer",
];

/// Decorators that do not look at annotations.
const HARMLESS: &[&str] = &[
    "abc.abstractmethod",
    "classmethod",
    "contextlib.asynccontextmanager",
    "contextlib.contextmanager",
    "functools.cache",
    "functools.cached_property",
    "functools.lru_cache",
    "functools.wraps",
    "property",
    "staticmethod",
    "typing.final",
    "typing.no_type_check",
    "typing.overload",
    "typing.override",
    "typing_extensions.overload",
    "typing_extensions.override",
];

/// Bases whose subclasses keep annotations as they are written.
const HARMLESS_BASES: &[&str] = &[
    "abc.ABC",
    "object",
    "typing.Generic",
    "typing.NamedTuple",
    "typing.Protocol",
    "typing.TypedDict",
    "typing_extensions.NamedTuple",
    "typing_extensions.Protocol",
    "typing_extensions.TypedDict",
];

/// Whether the file speaks of somebody who reads annotations.
pub(super) fn has_readers(cx: &Context<'_>) -> bool {
    let imports = cx.imports_top(|top| READERS.contains(&top));
    imports || ["get_type_hints", "get_annotations"].iter().any(|it| cx.text.contains(it))
}

/// Whether an annotation belongs to a class or function that may be looked at by its decorators,
/// bases or metaclass.
pub(super) fn is_read_at_run_time<'a>(cx: &Context<'a>, used: &Use<'a>) -> bool {
    if !used.is_annotation() {
        return false;
    }
    if let When::Annotation(annotation) = used.when
        && is_special(cx, annotation)
    {
        return true;
    }
    for (_, node) in cx.tree.ancestors(used.node) {
        match node {
            AnyNodeRef::StmtFunctionDef(function) => {
                let decorators = &function.decorator_list;
                return decorators.iter().any(|it| !is_harmless(cx, &it.expression));
            }
            AnyNodeRef::StmtClassDef(class) => return !keeps_annotations(cx, class),
            _ => {}
        }
    }
    false
}

/// Whether no annotation of the file is looked at while the program runs, as far as decorators, bases
/// and metaclasses tell.
pub(super) fn may_defer_all(cx: &Context<'_>) -> bool {
    let names_dataclass_fields = |it: &AnyNodeRef<'_>| match it {
        AnyNodeRef::ExprName(it) => SPECIAL.contains(&it.id.as_str()),
        AnyNodeRef::ExprAttribute(it) => SPECIAL.contains(&it.attr.as_str()),
        _ => false,
    };
    !has_readers(cx)
        && !cx.text.contains("__annotations__")
        && !cx.tree.nodes().iter().any(names_dataclass_fields)
        && cx.tree.nodes().iter().all(|node| match node {
            AnyNodeRef::StmtFunctionDef(it) => {
                it.decorator_list.iter().all(|it| is_harmless(cx, &it.expression))
            }
            AnyNodeRef::StmtClassDef(it) => keeps_annotations(cx, it),
            _ => true,
        })
}

/// What a dataclass looks for by name.
const SPECIAL: &[&str] = &["InitVar", "ClassVar", "KW_ONLY"];

/// Whether a dataclass looks for it by name.
fn is_special(cx: &Context<'_>, annotation: &Expr) -> bool {
    SPECIAL.iter().any(|it| cx.slice(annotation).contains(it))
}

fn is_harmless<'a>(cx: &Context<'a>, decorator: &'a Expr) -> bool {
    let callee = match decorator {
        Expr::Call(call) => &*call.func,
        other => other,
    };
    let is_accessor = || match callee {
        Expr::Attribute(it) => {
            matches!(it.attr.as_str(), "setter" | "getter" | "deleter") && it.value.is_name_expr()
        }
        _ => false,
    };
    cx.is_any(callee, HARMLESS) || is_accessor()
}

fn keeps_annotations<'a>(cx: &Context<'a>, class: &'a ast::StmtClassDef) -> bool {
    let is_plain_base = |base: &'a Expr| {
        let base = match base {
            Expr::Subscript(subscript) => &*subscript.value,
            other => other,
        };
        cx.is_any(base, HARMLESS_BASES)
    };
    let bases = class.arguments.as_deref();
    let is_dataclass = cx.dataclass(class).is_some();
    bases.is_none_or(|it| it.keywords.is_empty() && it.args.iter().all(is_plain_base))
        && (class.decorator_list.is_empty() || is_dataclass && class.decorator_list.len() == 1)
}

/// Whether a string of the file, other than a docstring, has a name as a word.
pub(super) fn is_spoken_of(cx: &Context<'_>, name: &str) -> bool {
    let is_word = |text: &str| {
        let mut words = text.split(|it: char| !it.is_alphanumeric() && it != '_');
        words.any(|word| word == name)
    };
    cx.tree.nodes().iter().any(|node| match node {
        AnyNodeRef::ExprStringLiteral(it) => {
            is_word(string_text(&it.value)) && !is_statement(cx, it) && !is_annotation(cx, it)
        }
        _ => false,
    })
}

fn is_statement(cx: &Context<'_>, string: &ast::ExprStringLiteral) -> bool {
    matches!(cx.parent(string), AnyNodeRef::StmtExpr(_))
}

/// Whether a string is read as an annotation.
fn is_annotation(cx: &Context<'_>, string: &ast::ExprStringLiteral) -> bool {
    let quoted = cx.semantic.all_references();
    let id = cx.id(string);
    quoted.iter().any(|it| it.node == id)
}
