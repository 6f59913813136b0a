//! Types as expressions: `list[int]` (3.9, PEP 585) and `int | str` (3.10, PEP 604).

use ruff_python_ast::{
    AnyNodeRef, Expr, ExprBinOp, ExprSubscript, Operator, PythonVersion, StmtClassDef,
};
use ruff_text_size::Ranged;

use super::future::import_annotations;
use super::gate::{note, older, raises, report};
use super::stdlib;
use crate::fix::Fix;
use crate::project::StdClass;
use crate::rule::Context;
use crate::semantic::{BindingKind, Reading, ScopeKind};

/// No class of the table got its `[…]` later.
const NEWEST_GENERIC: PythonVersion = PythonVersion::PY314;

/// A class whose base's base's base is not known is not known.
const MOST_BASES: usize = 3;

/// `list[int]`, where it is evaluated so.
pub(super) fn check_subscript<'a>(
    subscript: &'a ExprSubscript,
    evaluated: Reading,
    cx: &mut Context<'a>,
) {
    let Some(lowest) = cx.target().map(|it| it.lowest).filter(|it| *it < NEWEST_GENERIC) else {
        return;
    };
    // Most are items of values, which is seen soonest by what is asked first.
    let may_be_new = |class: &str| stdlib::span_of_generic(class).may_be_newer_than(lowest);
    let may_be_generic = match &*subscript.value {
        Expr::Name(_) => true,
        Expr::Attribute(it) => may_be_new(it.attr.as_str()),
        _ => false,
    };
    if !may_be_generic || !subscript.ctx.is_load() {
        return;
    }
    if reading(&subscript.value, cx) != Some(evaluated) {
        return;
    }
    let Some((name, since)) = generic(subscript, may_be_new, cx) else { return };
    let Some(lowest) = older(cx, since) else { return };
    // `dict[str, list[int]]` is one mistake.
    let is_inner = cx.ancestors(subscript).take_while(|it| is_type_node(*it)).any(
        |it| matches!(it, AnyNodeRef::ExprSubscript(it) if generic(it, |_| true, cx).is_some()),
    );
    if is_inner {
        return;
    }
    let node = AnyNodeRef::ExprSubscript(subscript);
    let Some(outcome) = raises(cx, node, since, lowest, "TypeError", &["TypeError"]) else {
        return;
    };
    let what = format!("`{name}[…]`");
    if cx.is_census() {
        note(cx, subscript, what, since, outcome);
        return;
    }
    let instead = match name {
        "list" | "dict" | "tuple" | "set" | "type" => {
            format!("`typing.{}{}`", name[..1].to_uppercase(), &name[1..])
        }
        "frozenset" => "`typing.FrozenSet`".to_owned(),
        _ => "its twin in `typing`".to_owned(),
    };
    let (help, fix) = advice(evaluated, lowest, &format!("write {instead}"), cx);
    report(cx, subscript, what, since, lowest, outcome).help(help).fix(fix);
}

/// `A | B` of classes, where it is evaluated so.
pub(super) fn check_union<'a>(operation: &'a ExprBinOp, evaluated: Reading, cx: &mut Context<'a>) {
    let since = PythonVersion::PY310;
    let target = cx.target();
    if operation.op != Operator::BitOr || target.is_none_or(|it| it.lowest >= since) {
        return;
    }
    let (left, right) = (&*operation.left, &*operation.right);
    if reading(left, cx).or_else(|| reading(right, cx)) != Some(evaluated) {
        return;
    }
    let is_type: fn(&'a Expr, &Context<'a>) -> bool =
        match evaluated == Reading::Annotation && is_part_of_annotation(operation, cx) {
            true => |it, cx| is_class(it, MOST_BASES, cx) || is_imported(it, cx),
            false => |it, cx| is_class(it, MOST_BASES, cx),
        };
    let is_none = |it: &Expr| it.is_none_literal_expr();
    let is_union = match (is_none(left), is_none(right)) {
        (true, true) => false,
        (true, false) => is_type(right, cx),
        (false, true) => is_type(left, cx),
        (false, false) => is_type(left, cx) && is_type(right, cx),
    };
    if !is_union {
        return;
    }
    let Some(lowest) = older(cx, since) else { return };
    let node = AnyNodeRef::ExprBinOp(operation);
    let Some(outcome) = raises(cx, node, since, lowest, "TypeError", &["TypeError"]) else {
        return;
    };
    if cx.is_census() {
        note(cx, operation, "`|` of types", since, outcome);
        return;
    }
    let whole = cx
        .ancestors(operation)
        .take_while(|it| matches!(it, AnyNodeRef::ExprBinOp(it) if it.op == Operator::BitOr))
        .last()
        .map_or(operation.range, |it| it.range());
    let is_tested = matches!(cx.parent(operation), AnyNodeRef::ExprCall(call)
        if cx.is_any(&call.func, &["builtins.isinstance", "builtins.issubclass"]));
    let instead = match is_tested {
        true => "write a tuple of the classes",
        false => "write `typing.Union[…]` or `typing.Optional[…]`",
    };
    let (help, fix) = advice(evaluated, lowest, instead, cx);
    report(cx, whole, "`|` of types", since, lowest, outcome).help(help).fix(fix);
}

/// What to do, and for an annotation the future statement, which mends the whole file.
fn advice(
    reading: Reading,
    lowest: PythonVersion,
    instead: &str,
    cx: &Context<'_>,
) -> (String, Option<Fix>) {
    if reading != Reading::Annotation || lowest < PythonVersion::PY37 {
        return (instead.to_owned(), None);
    }
    // Who reads annotations at run time will find strings, and fail as before.
    let fix = import_annotations(cx)
        .map(|edit| Fix::unsafe_("Add `from __future__ import annotations`").edit(edit));
    let help = format!(
        "begin the file with `from __future__ import annotations`, so that annotations are not evaluated, or {instead}"
    );
    (help, fix)
}

/// How an expression is evaluated, by the first name in it; `None` where it is not.
fn reading<'a>(expression: &'a Expr, cx: &Context<'a>) -> Option<Reading> {
    let id = cx.id(expression);
    let mut nodes =
        std::iter::once(cx.tree.node(id)).chain(cx.descendants(expression).iter().copied());
    let name = nodes.find_map(|node| match node {
        AnyNodeRef::ExprName(name) => Some(name),
        _ => None,
    })?;
    let read = cx.semantic.read_of(cx.id(name))?;
    let is_lazy = cx.semantic.scope(read.scope).kind == ScopeKind::LazyExpression;
    let is_evaluated = read.reading.is_evaluated() && !is_lazy;
    is_evaluated.then_some(read.reading)
}

/// Whether types are made of such nodes, and it is no statement yet.
fn is_type_node(node: AnyNodeRef<'_>) -> bool {
    match node {
        AnyNodeRef::ExprBinOp(it) => it.op == Operator::BitOr,
        AnyNodeRef::ExprSubscript(_) | AnyNodeRef::ExprTuple(_) | AnyNodeRef::ExprList(_) => true,
        _ => false,
    }
}

/// Whether an operation in an annotation stands for a type there, and is not an argument of a call
/// or of `Annotated`.
fn is_part_of_annotation<'a>(operation: &'a ExprBinOp, cx: &Context<'a>) -> bool {
    let around: Vec<AnyNodeRef<'a>> =
        cx.ancestors(operation).take_while(|node| node.is_expression()).collect();
    around.iter().all(|node| match node {
        AnyNodeRef::ExprSubscript(it) => {
            !cx.is_any(&it.value, &["typing.Annotated", "typing_extensions.Annotated"])
        }
        node => is_type_node(*node),
    })
}

/// Whether a name or attribute comes from an import or is a class: in an annotation, a type.
fn is_imported<'a>(expression: &'a Expr, cx: &Context<'a>) -> bool {
    match expression {
        Expr::Name(name) => {
            let Some(symbol) = cx.symbol(name) else { return false };
            let mut bindings = cx.semantic.bindings(symbol).peekable();
            bindings.peek().is_some()
                && bindings.all(|binding| {
                    matches!(
                        binding.kind,
                        BindingKind::Import(..)
                            | BindingKind::FromImport(..)
                            | BindingKind::Class(_)
                    )
                })
        }
        Expr::Attribute(attribute) => is_imported(&attribute.value, cx),
        Expr::Subscript(subscript) => is_imported(&subscript.value, cx),
        _ => false,
    }
}

/// Whether an expression certainly is a class or a type of `typing`, of which none had `|`.
fn is_class<'a>(expression: &'a Expr, depth: usize, cx: &Context<'a>) -> bool {
    match expression {
        Expr::Subscript(subscript) => is_class(&subscript.value, depth, cx),
        Expr::Name(name) if let Some(binding) = cx.binding(name) => match binding.kind {
            BindingKind::Class(class) => is_plain_class(class, depth, cx),
            BindingKind::Import(..) | BindingKind::FromImport(..) => is_standard(expression, cx),
            _ => false,
        },
        Expr::Name(_) | Expr::Attribute(_) => is_standard(expression, cx),
        _ => false,
    }
}

/// Whether no metaclass can give a class `|`.
fn is_plain_class<'a>(class: &'a StmtClassDef, depth: usize, cx: &Context<'a>) -> bool {
    depth > 0
        && class.keywords().iter().all(|it| it.arg.as_ref().is_some_and(|it| it != "metaclass"))
        && class.decorator_list.is_empty()
        && class.bases().iter().all(|base| is_class(base, depth - 1, cx))
}

fn is_standard<'a>(expression: &'a Expr, cx: &Context<'a>) -> bool {
    let Some(name) = cx.qualified(expression) else { return false };
    match name.parts() {
        ["typing", one] => one.starts_with(|it: char| it.is_ascii_uppercase()),
        [_, _, ..] => StdClass::named(&name.to_string()).is_some(),
        _ => false,
    }
}

/// The name of a class whose `[…]` is new, as it is to be shown, and since when it is there. `may_be`
/// is told the last part of its name.
fn generic<'a>(
    subscript: &'a ExprSubscript,
    may_be: impl Fn(&str) -> bool,
    cx: &Context<'a>,
) -> Option<(&'a str, PythonVersion)> {
    if !subscript.ctx.is_load() {
        return None;
    }
    match &*subscript.value {
        Expr::Name(name) => {
            let text = name.id.as_str();
            let builtins = ["dict", "frozenset", "list", "set", "tuple", "type"];
            if builtins.contains(&text) && cx.symbol(name).is_none() {
                return Some((text, PythonVersion::PY39));
            }
        }
        Expr::Attribute(_) => {}
        _ => return None,
    }
    let name = cx.qualified_if(&subscript.value, may_be)?;
    let [module, _, ..] = name.parts() else { return None };
    if *module == "typing" || !stdlib::span_of_module(module).says_anything() {
        return None;
    }
    let getitem = name.parts().iter().copied().chain(["__class_getitem__"]);
    let row = stdlib::find(getitem, None).filter(|row| row.removed.is_none())?;
    // An enumeration answers to `[…]` otherwise, and always did.
    let metaclass = StdClass::named(&name.to_string()).and_then(StdClass::metaclass);
    if metaclass.is_some_and(|it| it.name().starts_with("enum.")) {
        return None;
    }
    Some((cx.slice(&*subscript.value), row.added?))
}
