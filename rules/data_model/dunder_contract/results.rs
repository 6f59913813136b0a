//! What a special method returns.

use ruff_python_ast::{AnyNodeRef, Expr, Number, StmtReturn, UnaryOp};
use ruff_text_size::Ranged;

use super::super::flow::{End, end};
use super::super::protocols::{Protocol, Wants};
use super::super::special::Method;
use super::super::values::{Kind, kind, only_value};
use crate::diagnostic::Severity;
use crate::fix::Fix;
use crate::rule::Context;

/// Reports what a plain method returns where the protocol refuses it.
pub(super) fn check<'a>(method: &Method<'a>, protocol: &Protocol, cx: &mut Context<'a>) {
    if matches!(protocol.wants, Wants::Anything | Wants::Discarded | Wants::Entered | Wants::Item) {
        return;
    }
    let returns: Vec<&'a StmtReturn> = method
        .own(cx)
        .filter_map(|node| match node {
            AnyNodeRef::StmtReturn(it) => Some(it),
            _ => None,
        })
        .collect();
    for it in &returns {
        match it.value.as_deref() {
            Some(value) => check_value(method, protocol, value, cx),
            None => check_bare(method, protocol, it, cx),
        }
    }
    check_end(method, protocol, &returns, cx);
}

/// Reports a value that the protocol refuses; of a conditional expression, each that may come out.
fn check_value<'a>(
    method: &Method<'a>,
    protocol: &Protocol,
    value: &'a Expr,
    cx: &mut Context<'a>,
) {
    if let Expr::If(it) = value {
        check_value(method, protocol, &it.body, cx);
        check_value(method, protocol, &it.orelse, cx);
        return;
    }
    let (name, caller, wants) = (method.name, protocol.caller, protocol.wants);
    let kind = kind(value, cx);
    let is_negative = matches!(wants, Wants::Length | Wants::LengthHint) && is_negative(value, cx);
    let is_refused = kind.is_some_and(|it| wants.refuses(it));
    let gives_itself = wants == Wants::Nothing && method.is_this(value, cx);
    let (what, happens) = match kind {
        _ if is_negative => ("a negative number", format!("{caller} raises `ValueError`")),
        _ if gives_itself => ("the instance", format!("{caller} raises `TypeError`")),
        Some(kind) if is_refused => (kind.said(), format!("{caller} raises `TypeError`")),
        Some(Kind::None) if wants == Wants::Itself => {
            ("`None`", format!("after {caller} the name stands for `None`"))
        }
        Some(kind) if name == "__contains__" && says_too_much(kind) => {
            (kind.said(), format!("{caller} only tells whether that is true"))
        }
        _ => return,
    };
    let is_error = is_refused || is_negative || gives_itself;
    let severity = if is_error { Severity::Error } else { Severity::Warning };
    cx.report(value, format!("`{name}` returns {what}: {happens}"))
        .severity(severity)
        .help(format!("`{name}` must return {}", wants.said()));
}

/// Reports a `return` without a value where `None` will not do.
fn check_bare<'a>(
    method: &Method<'a>,
    protocol: &Protocol,
    statement: &'a StmtReturn,
    cx: &mut Context<'a>,
) {
    let (name, caller, wants) = (method.name, protocol.caller, protocol.wants);
    let (happens, severity, fix) = match wants {
        Wants::Itself => (
            format!("after {caller} the name stands for `None`"),
            Severity::Warning,
            returned_self(method, statement, cx),
        ),
        _ if wants.refuses(Kind::None) => {
            (format!("{caller} raises `TypeError`"), Severity::Error, None)
        }
        _ => return,
    };
    cx.report(statement, format!("`{name}` returns nothing here: {happens}"))
        .severity(severity)
        .help(format!("`{name}` must return {}", wants.said()))
        .fix(fix);
}

/// Whether a value says more than yes or no, which is all that is heard.
fn says_too_much(kind: Kind) -> bool {
    !matches!(kind, Kind::Bool | Kind::Int | Kind::None)
}

fn is_negative<'a>(value: &'a Expr, cx: &Context<'a>) -> bool {
    let value = match value {
        Expr::Name(name) => only_value(name, cx).unwrap_or(value),
        value => value,
    };
    let Expr::UnaryOp(it) = value else { return false };
    let Expr::NumberLiteral(number) = &*it.operand else { return false };
    it.op == UnaryOp::USub && matches!(&number.value, Number::Int(it) if it.as_u64() != Some(0))
}

/// Reports a method whose end can be reached, where `None` will not do.
fn check_end<'a>(
    method: &Method<'a>,
    protocol: &Protocol,
    returns: &[&'a StmtReturn],
    cx: &mut Context<'a>,
) {
    let happens = match protocol.wants {
        Wants::Itself => format!("after {} the name stands for `None`", protocol.caller),
        Wants::NewObject => "the call of the class gives `None`".to_owned(),
        wants if wants.refuses(Kind::None) => format!("{} raises `TypeError`", protocol.caller),
        _ => return,
    };
    if end(method, cx) != End::Reached {
        return;
    }
    let returns_value = returns.iter().any(|it| it.value.is_some());
    let name = method.name;
    let message = match returns_value {
        true => format!("`{name}` may come to its end and return nothing: then {happens}"),
        false => format!("`{name}` returns nothing: {happens}"),
    };
    let raises = protocol.wants.refuses(Kind::None);
    let severity = match returns_value {
        false if raises => Severity::Error,
        _ => Severity::Warning,
    };
    let help = match protocol.wants {
        Wants::Itself => "the name is bound to what the method returns, so what changes in place returns `self`".to_owned(),
        Wants::NewObject => "`__init__` is only called on the instance that `__new__` returns, as `super().__new__(cls)` does".to_owned(),
        wants => format!("`{name}` must return {}", wants.said()),
    };
    let fix = match protocol.wants {
        Wants::Itself => appended_self(method, returns, cx),
        _ => None,
    };
    cx.report(&method.function.name, message).severity(severity).help(help).fix(fix);
}

/// `return self` at the end of a method that changes its object in place.
fn appended_self<'a>(
    method: &Method<'a>,
    returns: &[&'a StmtReturn],
    cx: &Context<'a>,
) -> Option<Fix> {
    let first = method.function.body.first()?;
    let this = method.this();
    let is_expected = |it: &&&StmtReturn| match it.value.as_deref() {
        Some(value) => method.is_this(value, cx) || kind(value, cx) == Some(Kind::NotImplemented),
        None => true,
    };
    if !method.keeps(this, cx) {
        return None;
    }
    let title = format!("Return `{this}` at the end");
    let fix = match returns.iter().filter(|it| !is_expected(it)).count() {
        0 => Fix::safe(title),
        // Another object is returned elsewhere.
        _ => Fix::unsafe_(title),
    };
    if !cx.begins_line(first.start()) {
        return Some(fix.insert(method.function.end(), format!("; return {this}")))
            .filter(|_| cx.line_end_after(method.function).is_some());
    }
    let indent = cx.indent_at(first.start());
    let end = cx.line_end_after(method.function)?;
    Some(fix.insert(end, format!("\n{indent}return {this}")))
}

/// `return self` in the place of a bare `return`.
fn returned_self<'a>(
    method: &Method<'a>,
    statement: &'a StmtReturn,
    cx: &Context<'a>,
) -> Option<Fix> {
    let this = method.this();
    let fix = Fix::safe(format!("Return `{this}`"));
    method.keeps(this, cx).then(|| fix.replace(statement.range(), format!("return {this}")))
}
