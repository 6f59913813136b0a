//! What shows that a value has no hash.

use ruff_python_ast::Expr;

use crate::rule::Context;
use crate::semantic::{BindingKind, QualifiedName};

/// Why something may have no hash.
pub(super) enum Evidence {
    /// It is a list, or another of the builtins that have none, in words.
    Builtin(&'static str),
    /// It is of a class that the project must be asked about.
    Class(Key),
}

/// A class whose instances are used as keys.
pub(super) struct Key {
    /// Its absolute name.
    pub(super) name: String,
    /// Whether an instance is seen being made; else it is only declared to be one.
    pub(super) is_made: bool,
}

/// Classes of the standard library with small letters whose instances have no hash.
const SMALL_CLASSES: &[&str] =
    &["array.array", "builtins.bytearray", "collections.defaultdict", "collections.deque"];

/// Types that hold what has a hash.
#[rustfmt::skip]
const HASHING_TYPES: &[&str] = &[
    "builtins.dict", "builtins.frozenset", "builtins.set", "collections.Counter",
    "collections.OrderedDict", "collections.defaultdict", "typing.Counter", "typing.DefaultDict",
    "typing.Dict", "typing.FrozenSet", "typing.OrderedDict", "typing.Set",
];

/// Whether an expression may show that it has no hash: a cheap test, since most keys are strings.
pub(super) fn may_be_key(expression: &Expr) -> bool {
    match expression {
        Expr::Call(call) => match &*call.func {
            Expr::Name(name) => is_class_like(&name.id) || may_be_small(&name.id),
            Expr::Attribute(it) => is_class_like(&it.attr) || may_be_small(&it.attr),
            _ => false,
        },
        Expr::Name(_)
        | Expr::Tuple(_)
        | Expr::List(_)
        | Expr::ListComp(_)
        | Expr::Dict(_)
        | Expr::DictComp(_)
        | Expr::Set(_)
        | Expr::SetComp(_) => true,
        _ => false,
    }
}

/// Whether a name is written as those of classes are.
fn is_class_like(name: &str) -> bool {
    name.trim_start_matches('_').starts_with(char::is_uppercase)
}

fn may_be_small(name: &str) -> bool {
    matches!(name, "list" | "dict" | "set" | "bytearray" | "array" | "defaultdict" | "deque")
}

/// The evidence that an expression has no hash, if there is any.
pub(super) fn of<'a>(expression: &'a Expr, cx: &Context<'a>) -> Option<Evidence> {
    if !may_be_key(expression) {
        return None;
    }
    match expression {
        Expr::Name(name) => match cx.binding(name)?.kind {
            // What was assigned may have been replaced by a name only through a binding.
            BindingKind::Assignment(Expr::Name(_)) => None,
            BindingKind::Assignment(value) => made(value, cx),
            BindingKind::Parameter(parameter) => {
                let name = class_name(parameter.annotation()?, cx)?;
                Some(Evidence::Class(Key { name, is_made: false }))
            }
            _ => None,
        },
        made_here => made(made_here, cx),
    }
}

fn made<'a>(expression: &'a Expr, cx: &Context<'a>) -> Option<Evidence> {
    match expression {
        Expr::List(_) | Expr::ListComp(_) => Some(Evidence::Builtin("a list")),
        Expr::Dict(_) | Expr::DictComp(_) => Some(Evidence::Builtin("a dictionary")),
        Expr::Set(_) | Expr::SetComp(_) => Some(Evidence::Builtin("a set")),
        Expr::Tuple(tuple) => tuple.elts.iter().find_map(|it| of(it, cx)),
        Expr::Call(call) => {
            let may_be = |last: &str| is_class_like(last) || may_be_small(last);
            let name = cx.qualified_if(&call.func, may_be)?;
            match name.parts() {
                ["builtins", "list"] => Some(Evidence::Builtin("a list")),
                ["builtins", "dict"] => Some(Evidence::Builtin("a dictionary")),
                ["builtins", "set"] => Some(Evidence::Builtin("a set")),
                ["builtins", ..] if !name.is_any(SMALL_CLASSES) => None,
                _ if is_class_like(name.last()) || name.is_any(SMALL_CLASSES) => {
                    Some(Evidence::Class(Key { name: name.to_string(), is_made: true }))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// The absolute name of a class that an annotation names.
pub(super) fn class_name<'a>(annotation: &'a Expr, cx: &Context<'a>) -> Option<String> {
    let last = match annotation {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(it) => it.attr.as_str(),
        _ => return None,
    };
    let of_project = |it: &QualifiedName<'_>| !matches!(it.parts()[0], "builtins" | "typing");
    let name = is_class_like(last).then(|| cx.qualified(annotation))?.filter(of_project)?;
    Some(name.to_string())
}

/// The name of a type whose first argument must have a hash.
pub(super) fn hashing_type<'a>(expression: &'a Expr, cx: &Context<'a>) -> Option<&'a str> {
    let last = match expression {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(it) => it.attr.as_str(),
        _ => return None,
    };
    let is_named_so = matches!(
        last,
        "dict"
            | "frozenset"
            | "set"
            | "defaultdict"
            | "Counter"
            | "OrderedDict"
            | "DefaultDict"
            | "Dict"
            | "FrozenSet"
            | "Set"
    );
    (is_named_so && cx.is_any(expression, HASHING_TYPES)).then_some(last)
}
