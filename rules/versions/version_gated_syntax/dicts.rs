//! `|` of dicts (3.9, PEP 584).

use ruff_python_ast::{
    AnyNodeRef, Expr, ExprBinOp, ExprDict, Operator, PythonVersion, StmtAugAssign,
};
use ruff_text_size::{Ranged, TextRange};

use super::super::gate::{note, older, raises, report};
use crate::fix::Fix;
use crate::rule::Context;
use crate::semantic::BindingKind;

const SINCE: PythonVersion = PythonVersion::PY39;

/// `{…} | other`.
pub(super) fn check_union<'a>(operation: &'a ExprBinOp, cx: &mut Context<'a>) {
    if operation.op != Operator::BitOr || cx.target().is_none_or(|it| it.lowest >= SINCE) {
        return;
    }
    // `a | b | c` is `(a | b) | c`: the whole is reported once.
    if matches!(cx.parent(operation), AnyNodeRef::ExprBinOp(outer)
        if outer.op == Operator::BitOr && outer.left.range() == operation.range)
    {
        return;
    }
    let mut operands = vec![&*operation.right];
    let mut left = &*operation.left;
    while let Expr::BinOp(inner) = left
        && inner.op == Operator::BitOr
    {
        operands.push(&inner.right);
        left = &inner.left;
    }
    operands.push(left);
    operands.reverse();
    // A dict on the left decides: of what may stand on the right, only views of keys and items had
    // a `|` for it. What another type makes of a dict on its right cannot be known.
    let Some(kind) = dict_kind(operands[0], cx).filter(|_| !is_view(operands[1], cx)) else {
        return;
    };
    let Some(lowest) = older(cx, SINCE) else { return };
    let node = AnyNodeRef::ExprBinOp(operation);
    let Some(outcome) = raises(cx, node, SINCE, lowest, "TypeError", &["TypeError"]) else {
        return;
    };
    if cx.is_census() {
        note(cx, operation, "`|` of dicts", SINCE, outcome);
        return;
    }
    let title = "Unpack the dicts";
    let fix = match operands.iter().all(|it| dict_kind(it, cx) == Some(DictKind::Plain)) {
        true => Some(Fix::safe(title)),
        // The result would be of the class of what stands on the right, if that inherits.
        false => (kind == DictKind::Plain).then(|| Fix::unsafe_(title)),
    };
    let display = unpack_all(operation.range, &operands, cx);
    let fix = fix.zip(display).map(|(fix, text)| fix.replace(operation.range, text));
    report(cx, operation.range, "`|` of dicts", SINCE, lowest, outcome)
        .help("write `{**a, **b}`, or copy the first and `update()` the copy")
        .fix(fix);
}

/// `known |= other`.
pub(super) fn check_update<'a>(statement: &'a StmtAugAssign, cx: &mut Context<'a>) {
    if statement.op != Operator::BitOr || cx.target().is_none_or(|it| it.lowest >= SINCE) {
        return;
    }
    let Expr::Name(target) = &*statement.target else { return };
    if !holds_dicts(target, cx) {
        return;
    }
    let Some(lowest) = older(cx, SINCE) else { return };
    let node = AnyNodeRef::StmtAugAssign(statement);
    let Some(outcome) = raises(cx, node, SINCE, lowest, "TypeError", &["TypeError"]) else {
        return;
    };
    let name = target.id.as_str();
    let value = cx.slice(&*statement.value);
    let after = TextRange::new(target.end(), statement.end());
    let is_argument =
        !matches!(&*statement.value, Expr::Tuple(_) | Expr::Yield(_) | Expr::YieldFrom(_));
    let fix = (is_argument && !cx.has_comment(after))
        .then(|| Fix::safe("Call `update()`").replace(after, format!(".update({value})")));
    report(cx, statement, "`|=` of dicts", SINCE, lowest, outcome)
        .help(format!("write `{name}.update(…)`"))
        .fix(fix);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum DictKind {
    /// A `dict` and nothing else.
    Plain,
    /// A class of the standard library that got `|` with `dict`.
    Derived,
}

/// Whether an expression certainly is a dict that had no `|`.
fn dict_kind<'a>(expression: &'a Expr, cx: &Context<'a>) -> Option<DictKind> {
    match expression {
        Expr::Dict(_) | Expr::DictComp(_) => Some(DictKind::Plain),
        Expr::Call(call) if cx.is(&call.func, "builtins.dict") => Some(DictKind::Plain),
        Expr::Call(call) => {
            let derived = ["collections.OrderedDict", "collections.defaultdict"];
            cx.is_any(&call.func, &derived).then_some(DictKind::Derived)
        }
        Expr::Attribute(_) => cx.is(expression, "os.environ").then_some(DictKind::Derived),
        Expr::Name(name) => {
            let binding = cx.binding(name)?;
            match binding.kind {
                BindingKind::Assignment(value) if !value.is_name_expr() => dict_kind(value, cx),
                // `**kwargs`
                BindingKind::Parameter(parameter) => {
                    let AnyNodeRef::StmtFunctionDef(function) = cx.parent(parameter) else {
                        return None;
                    };
                    let rest = function.parameters.kwarg.as_deref()?;
                    std::ptr::eq(rest, parameter).then_some(DictKind::Plain)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether a name that is assigned to with `|=` holds dicts before: each other binding is one.
fn holds_dicts<'a>(name: &'a ruff_python_ast::ExprName, cx: &Context<'a>) -> bool {
    let Some(id) = cx.semantic.name(name.id.as_str()) else { return false };
    let Some(symbol) = cx.semantic.resolve(cx.scope(name), id) else { return false };
    let mut is_any = false;
    let are_dicts = cx.semantic.bindings(symbol).all(|binding| match binding.kind {
        BindingKind::Assignment(value) => {
            is_any = true;
            !value.is_name_expr() && dict_kind(value, cx).is_some()
        }
        BindingKind::AugmentedAssignment | BindingKind::Declaration => true,
        _ => false,
    });
    is_any && are_dicts
}

/// Whether an expression is a view of a dict's keys or items.
fn is_view<'a>(expression: &'a Expr, cx: &Context<'a>) -> bool {
    match expression {
        Expr::Call(call) => matches!(&*call.func, Expr::Attribute(method)
            if matches!(method.attr.as_str(), "keys" | "items")),
        Expr::Name(name) => match cx.binding(name).map(|binding| binding.kind) {
            Some(BindingKind::Assignment(value)) => !value.is_name_expr() && is_view(value, cx),
            _ => false,
        },
        _ => false,
    }
}

/// `{**a, **b}`; displays give their items as they are.
fn unpack_all(range: TextRange, operands: &[&Expr], cx: &Context<'_>) -> Option<String> {
    if cx.has_comment(range) || !operands.iter().all(|operand| is_atom(operand)) {
        return None;
    }
    let items: Vec<String> = operands.iter().filter_map(|operand| items(operand, cx)).collect();
    Some(format!("{{{}}}", items.join(", ")))
}

/// How a dict is said in braces; `None` for an empty one.
fn items(operand: &Expr, cx: &Context<'_>) -> Option<String> {
    match operand {
        Expr::Dict(ExprDict { items, range, .. }) => {
            let (first, last) = (items.first()?, items.last()?);
            let is_line = !cx.text[*range].contains(['\n', '\r']);
            // `{key: (value)}`: the parentheses of the last value are not in its range.
            let tail = &cx.text[TextRange::new(last.value.end(), range.end())];
            match is_line && tail.trim_end_matches('}').trim().trim_end_matches(',').is_empty() {
                true => {
                    let start = range.start() + ruff_text_size::TextSize::from(1);
                    debug_assert!(first.value.start() >= start);
                    let inner = &cx.text[TextRange::new(start, last.value.end())];
                    Some(inner.trim_start().to_owned())
                }
                false => Some(format!("**{}", cx.slice(operand))),
            }
        }
        _ => Some(format!("**{}", cx.slice(operand))),
    }
}

/// Whether an expression needs no parentheses wherever it stands.
fn is_atom(expression: &Expr) -> bool {
    matches!(
        expression,
        Expr::Name(_)
            | Expr::Attribute(_)
            | Expr::Subscript(_)
            | Expr::Call(_)
            | Expr::Dict(_)
            | Expr::DictComp(_)
    )
}
