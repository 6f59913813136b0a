//! What an `__eq__` compares, where it compares attributes and nothing else.

use ruff_python_ast::{AnyNodeRef, BoolOp, CmpOp, Expr, Stmt, StmtClassDef};

use super::super::special::Method;
use crate::rule::Context;
use crate::rules::classes::containers::may_lack_hash;

/// Methods that have an object to themselves, before others get it.
const MAKERS: &[&str] = &["__init__", "__new__", "__post_init__", "__attrs_post_init__"];

/// The attributes over which a hash agrees with an `__eq__` and stays what it is: those that it
/// compares one by one with those of the other object. `None` where it compares anything else, or one
/// of them is changed or has no hash.
pub(super) fn hashable<'a>(eq: &Method<'a>, cx: &Context<'a>) -> Option<Vec<&'a str>> {
    let names = compared(eq)?;
    let is_kept =
        |name: &&str| is_set_once(name, eq.class, cx) && !may_lack_hash(name, eq.class, cx);
    // Who says so means it.
    let is_wanted = !eq.class.name.to_ascii_lowercase().contains("unhashable");
    (is_wanted && !names.is_empty() && names.iter().all(is_kept)).then_some(names)
}

/// The attributes that an `__eq__` compares one by one with those of the other object: objects are
/// equal if all of them are, and their classes fit. `None` where it compares anything else.
pub(in super::super) fn compared<'a>(eq: &Method<'a>) -> Option<Vec<&'a str>> {
    let (this, other) = (eq.this(), eq.parameter(0)?);
    let [before @ .., Stmt::Return(last)] = &eq.function.body[..] else { return None };
    if !before.iter().all(|it| is_harmless(it, this, other)) {
        return None;
    }
    let mut names = Vec::new();
    add(last.value.as_deref()?, (this, other), &mut names)?;
    names.dedup();
    Some(names)
}

/// A docstring, or the question for the class of the other object.
fn is_harmless(statement: &Stmt, this: &str, other: &str) -> bool {
    match statement {
        Stmt::Expr(it) => it.value.is_string_literal_expr(),
        Stmt::If(it) => {
            let test = match &*it.test {
                Expr::UnaryOp(not) => &*not.operand,
                test => test,
            };
            let is_end = |it: &Stmt| {
                let value = it.as_return_stmt().and_then(|it| it.value.as_deref());
                value.is_some_and(|it| {
                    it.is_boolean_literal_expr()
                        || it.as_name_expr().is_some_and(|it| it.id == "NotImplemented")
                })
            };
            it.elif_else_clauses.is_empty()
                && it.body.iter().all(is_end)
                && asks_class(test, this, other)
        }
        _ => false,
    }
}

/// `isinstance(other, C)`, `type(self) is type(other)`, `self.__class__ == other.__class__`
fn asks_class(test: &Expr, this: &str, other: &str) -> bool {
    let is_class_of = |it: &Expr| match it {
        Expr::Call(call) => {
            let of = call.arguments.args.first().and_then(Expr::as_name_expr);
            call.func.as_name_expr().is_some_and(|it| it.id == "type")
                && of.is_some_and(|it| it.id == this || it.id == other)
        }
        Expr::Attribute(it) => it.attr.as_str() == "__class__",
        _ => false,
    };
    match test {
        Expr::Call(call) => {
            let first = call.arguments.args.first().and_then(Expr::as_name_expr);
            call.func.as_name_expr().is_some_and(|it| it.id == "isinstance")
                && first.is_some_and(|it| it.id == other)
        }
        Expr::Compare(it) => is_class_of(&it.left) && it.comparators.iter().all(is_class_of),
        _ => false,
    }
}

/// Adds what a comparison of two objects compares.
fn add<'a>(test: &'a Expr, objects: (&str, &str), names: &mut Vec<&'a str>) -> Option<()> {
    match test {
        Expr::BoolOp(it) if it.op == BoolOp::And => {
            it.values.iter().try_for_each(|value| add(value, objects, names))
        }
        test if asks_class(test, objects.0, objects.1) => Some(()),
        Expr::Compare(it) => {
            let ([CmpOp::Eq], [right]) = (&*it.ops, &*it.comparators) else { return None };
            add_pair(&it.left, right, objects, names)
        }
        _ => None,
    }
}

fn add_pair<'a>(
    left: &'a Expr,
    right: &'a Expr,
    (this, other): (&str, &str),
    names: &mut Vec<&'a str>,
) -> Option<()> {
    match (left, right) {
        (Expr::Tuple(left), Expr::Tuple(right)) if left.len() == right.len() => left
            .iter()
            .zip(right)
            .try_for_each(|(left, right)| add_pair(left, right, (this, other), names)),
        (Expr::Attribute(left), Expr::Attribute(right)) if left.attr.id == right.attr.id => {
            let object = |it: &'a Expr| it.as_name_expr().map(|it| it.id.as_str());
            let objects = (object(&left.value)?, object(&right.value)?);
            let is_both = objects == (this, other) || objects == (other, this);
            let is_special = left.attr.as_str().starts_with("__");
            (is_both && !is_special).then(|| names.push(left.attr.as_str()))
        }
        _ => None,
    }
}

/// Whether an attribute is only assigned while instances are made, as far as the file shows.
fn is_set_once(name: &str, class: &StmtClassDef, cx: &Context<'_>) -> bool {
    let sites = cx.semantic.sites();
    let Ok(index) = sites.classes.binary_search(&cx.id(class)) else { return false };
    let is_maker = |method: u32| {
        let node = cx.tree.node(sites.functions[method as usize].node);
        matches!(node, AnyNodeRef::StmtFunctionDef(it) if MAKERS.contains(&it.name.as_str()))
    };
    let mut own =
        sites.own_writes.iter().filter(|it| it.class as usize == index && it.attribute == name);
    let is_set = own.clone().next().is_some();
    // A property may give anything.
    is_set
        && own.all(|it| is_maker(it.method))
        && !sites.foreign_writes.contains(&name)
        && cx.members(class, name).is_empty()
}
