//! An `__eq__` that takes the other operand for one of its own.

use ruff_python_ast::{AnyNodeRef, CmpOp, Expr, ExprAttribute, Stmt, StmtAssert};
use ruff_text_size::Ranged;

use super::super::operands::{Other, Says};
use super::super::special::Method;
use super::{has_one_type_only, tell};
use crate::fix::Fix;
use crate::rule::Context;

/// Decorators of a class that leave its name to it.
const HARMLESS: &[&str] = &["functools.total_ordering", "typing.final", "typing_extensions.final"];

/// Reports an `__eq__` that reads attributes of whatever it is given.
pub(super) fn check<'a>(
    method: &Method<'a>,
    other: &Other<'_, 'a>,
    nodes: &[AnyNodeRef<'a>],
    cx: &mut Context<'a>,
) {
    let is_try = |node: &AnyNodeRef<'_>| {
        matches!(node, AnyNodeRef::StmtTry(_) | AnyNodeRef::StmtMatch(_) | AnyNodeRef::StmtWith(_))
    };
    if !method.keeps(other.name, cx) || nodes.iter().any(is_try) || is_local(method, cx) {
        return;
    }
    if let Some(Stmt::Assert(first)) = method.body().first()
        && other.said_by(&first.test, cx) == Some(Says::Known)
    {
        return check_assert(method, first, cx);
    }
    if has_one_type_only(method, cx) {
        return;
    }
    let mut first: Option<&'a ExprAttribute> = None;
    for node in cx.descendants(method.function) {
        let AnyNodeRef::ExprName(name) = node else { continue };
        if name.id != other.name {
            continue;
        }
        match cx.parent(*name) {
            AnyNodeRef::ExprAttribute(it) if it.ctx.is_load() && !is_asking(&it.attr) => {
                first.get_or_insert(it);
            }
            // `self is other` says nothing about other objects.
            AnyNodeRef::ExprCompare(it) if matches!(&*it.ops, [CmpOp::Is | CmpOp::IsNot]) => {
                let is_this = |it: &Expr| it.is_name_expr();
                if !is_this(&it.left) || !it.comparators.iter().all(is_this) {
                    return;
                }
            }
            _ => return,
        }
    }
    let Some(first) = first else { return };
    let read = cx.slice(first);
    let message = format!(
        "`{}` reads `{read}` of whatever it is given: `x == None` raises `AttributeError`",
        method.name
    );
    let fix = with_guard(method, other.name, cx);
    tell(method, method.function.name.range, message, fix, cx)
        .label(first, "not every object has this attribute")
        .help("ask `isinstance()` first and return `NotImplemented` for the rest: then Python asks the other operand, and compares identities in the end");
}

/// Attributes that are read to learn about the type, or that (nearly) every object has.
fn is_asking(attribute: &str) -> bool {
    matches!(attribute, "__class__" | "__dict__" | "__eq__" | "__ne__")
}

/// Whether the class is made inside a function: it wraps what that function knows.
fn is_local(method: &Method<'_>, cx: &Context<'_>) -> bool {
    cx.ancestors(method.class).any(|it| matches!(it, AnyNodeRef::StmtFunctionDef(_)))
}

fn check_assert<'a>(method: &Method<'a>, statement: &'a StmtAssert, cx: &mut Context<'a>) {
    let message = format!("`{}` raises `AssertionError` for what it does not know", method.name);
    let indent = cx.indent_at(statement.start());
    let is_plain = statement.test.is_call_expr() && !cx.has_comment(statement.range);
    let step = method.step(cx).filter(|_| is_plain && cx.begins_line(statement.start()));
    let fix = step.map(|step| {
        let test = cx.slice(&*statement.test);
        let text = format!("if not {test}:\n{indent}{step}return NotImplemented");
        Fix::unsafe_("Return `NotImplemented`").replace(statement.range, text)
    });
    tell(method, statement.range, message, fix, cx);
}

/// A test of the type before the first statement.
fn with_guard<'a>(method: &Method<'a>, other: &str, cx: &Context<'a>) -> Option<Fix> {
    let class = method.class.name.as_str();
    let binding = cx.semantic.only_binding(cx.semantic.global(class)?)?;
    let is_same =
        binding.node == cx.id(method.class) && cx.semantic.is_unconditional(binding.condition);
    // What a decorator makes of the class may be something else.
    let decorators = &method.class.decorator_list;
    let is_plain = decorators.iter().all(|it| cx.is_any(&it.expression, HARMLESS))
        || decorators.len() == 1 && cx.dataclass(method.class).is_some();
    let test = format!("not isinstance({other}, {class})");
    let guard = method.guard(&test, "return NotImplemented", cx)?;
    let fix = Fix::unsafe_("Return `NotImplemented` for other types").edit(guard);
    (is_same && is_plain).then_some(fix)
}
