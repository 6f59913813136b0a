mod reads;

use ruff_python_ast::{AnyNodeRef, BoolOp, Expr, Stmt, StmtFunctionDef, StmtRaise, StmtReturn};
use ruff_text_size::{Ranged, TextLen, TextRange};

use super::operands::{Other, Says, is_comparison, is_operator};
use super::special::{Method, raised};
use crate::diagnostic::{Diagnostic, Severity};
use crate::fix::Fix;
use crate::rule::{Context, Fixable, On, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "operator-foreign-type",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("operator_foreign_type.md"),
    options: &[],
    on: &[On::Special(check)],
};

fn check<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    if !is_operator(&function.name) || function.is_async {
        return;
    }
    let Some(method) = Method::of(function, cx) else { return };
    let Some(other) = Other::of(&method) else { return };
    let nodes: Vec<AnyNodeRef<'a>> = method.own(cx).collect();
    for node in &nodes {
        match node {
            AnyNodeRef::StmtRaise(it) => check_raise(&method, &other, it, cx),
            AnyNodeRef::StmtReturn(it) => check_return(&method, &other, it, cx),
            _ => {}
        }
    }
    if matches!(method.name, "__eq__" | "__ne__") {
        reads::check(&method, &other, &nodes, cx);
    }
}

fn check_raise<'a>(
    method: &Method<'a>,
    other: &Other<'_, 'a>,
    statement: &'a StmtRaise,
    cx: &mut Context<'a>,
) {
    let Some(class) = raised(statement) else { return };
    let Some(name) = class.as_name_expr() else { return };
    let name = name.id.as_str();
    if name == "NotImplemented" {
        let fix = Fix::safe("Return `NotImplemented`");
        let fix = fix.replace(statement.range, "return NotImplemented");
        cx.report(statement, "`NotImplemented` is no exception: `raise` itself raises `TypeError`")
            .severity(Severity::Error)
            .help("operators return `NotImplemented` for what they do not know: then the other operand is asked, and in the end Python raises `TypeError`")
            .fix(fix);
        return;
    }
    let is_equality = matches!(method.name, "__eq__" | "__ne__");
    let is_refusal = match name {
        "NotImplementedError" => true,
        _ => is_equality && is_exception(class, cx),
    };
    if !is_refusal || method.is_interface() || !other.is_foreign_at(cx.id(statement), cx) {
        return;
    }
    let message = match is_equality {
        true => format!(
            "`{}` raises for what it does not know: `x in [y]` and `dict` cannot compare with it",
            method.name
        ),
        false => format!(
            "`{}` raises for what it does not know: the other operand is never asked",
            method.name
        ),
    };
    let fix = Fix::unsafe_("Return `NotImplemented`");
    let fix = fix.replace(statement.range, "return NotImplemented");
    tell(method, statement.range, message, fix, cx);
}

/// Reports what should be `NotImplemented`. Without a fix where the file calls the method by its
/// name: `not self.__eq__(other)` and `super().__eq__(other) and …` take `NotImplemented` for true.
fn tell<'r, 'a>(
    method: &Method<'a>,
    at: TextRange,
    message: String,
    fix: impl Into<Option<Fix>>,
    cx: &'r mut Context<'a>,
) -> &'r mut Diagnostic {
    let is_call = |node: &AnyNodeRef<'_>| {
        node.as_expr_attribute().is_some_and(|it| it.attr.as_str() == method.name)
    };
    let fix = fix.into().filter(|_| !cx.tree.nodes().iter().any(is_call));
    cx.report(at, message).help(help(method)).fix(fix)
}

fn help(method: &Method<'_>) -> &'static str {
    match method.name {
        "__eq__" | "__ne__" => {
            "with `return NotImplemented` Python asks the other operand, and compares identities if that does not know either"
        }
        _ => {
            "with `return NotImplemented` Python asks the other operand for its reflected method, and raises `TypeError` itself if that does not know either"
        }
    }
}

/// Whether a name is that of an exception, as far as names tell.
fn is_exception<'a>(class: &'a Expr, cx: &Context<'a>) -> bool {
    cx.qualified(class).is_some_and(|it| {
        let name = it.last();
        name.ends_with("Error") || name.ends_with("Exception") || name == "Exception"
    })
}

fn check_return<'a>(
    method: &Method<'a>,
    other: &Other<'_, 'a>,
    statement: &'a StmtReturn,
    cx: &mut Context<'a>,
) {
    let Some(value) = statement.value.as_deref() else { return };
    let class = match value {
        Expr::Call(call) => &*call.func,
        value => value,
    };
    if class.as_name_expr().is_some_and(|it| it.id == "NotImplementedError") {
        let fix = Fix::unsafe_("Return `NotImplemented`").replace(value.range(), "NotImplemented");
        let message = format!(
            "`{}` returns an exception, which is true, instead of `NotImplemented`",
            method.name
        );
        tell(method, value.range(), message, fix, cx).severity(Severity::Error);
        return;
    }
    if !is_comparison(method.name) || has_one_type_only(method, cx) {
        return;
    }
    match value {
        Expr::BooleanLiteral(it) if it.value == (method.name == "__ne__") => {
            if !is_direct_answer(other, statement, cx) {
                return;
            }
            let fix =
                Fix::unsafe_("Return `NotImplemented`").replace(value.range(), "NotImplemented");
            let said = if it.value { "True" } else { "False" };
            tell(method, value.range(), says(method, said), fix, cx).severity(Severity::Info);
        }
        Expr::BoolOp(it) if it.op == BoolOp::And && method.name != "__ne__" => {
            let Some((first, [second, ..])) = it.values.split_first() else { return };
            let is_call = first.is_call_expr();
            if !is_call || other.said_by(first, cx) != Some(Says::Known) {
                return;
            }
            let fix = guarded(method, statement, first, second, cx);
            tell(method, first.range(), says(method, "False"), fix, cx).severity(Severity::Info);
        }
        _ => {}
    }
}

fn says(method: &Method<'_>, said: &str) -> String {
    format!(
        "`{}` says `{said}` for what it does not know, and the other operand is not asked",
        method.name
    )
}

/// Whether an answer is given for the type alone: the branch says so itself.
fn is_direct_answer<'a>(
    other: &Other<'_, 'a>,
    statement: &'a StmtReturn,
    cx: &Context<'a>,
) -> bool {
    match cx.parent(statement) {
        AnyNodeRef::StmtIf(it) => {
            // Not where the branch is for other reasons as well.
            let is_plain = match &*it.test {
                Expr::UnaryOp(it) => it.operand.is_call_expr() || it.operand.is_compare_expr(),
                test => test.is_compare_expr(),
            };
            is_plain && it.body.len() == 1 && other.said_by(&it.test, cx) == Some(Says::Foreign)
        }
        AnyNodeRef::ElifElseClause(it) => {
            it.test.is_none() && it.body.len() == 1 && other.is_foreign_at(cx.id(statement), cx)
        }
        AnyNodeRef::StmtFunctionDef(_) => {
            let says_known = |it: &Stmt| match it {
                Stmt::If(it) => it.test.is_call_expr() && it.elif_else_clauses.is_empty(),
                _ => false,
            };
            let [.., before, _] = other.method.body() else { return false };
            says_known(before) && other.is_foreign_at(cx.id(statement), cx)
        }
        _ => false,
    }
}

/// `if not isinstance(…): return NotImplemented` before a `return` that goes on with the rest.
fn guarded<'a>(
    method: &Method<'a>,
    statement: &'a StmtReturn,
    test: &Expr,
    second: &Expr,
    cx: &Context<'a>,
) -> Option<Fix> {
    let indent = cx.indent_at(statement.start());
    let step = method.step(cx)?;
    // Up to what comes after `and`: brackets of the second part stay with it.
    let between = cx.slice(TextRange::new(test.end(), second.start()));
    let after = between.trim_start().strip_prefix("and")?.trim_start();
    let end = second.start() - after.text_len();
    let first = TextRange::new(test.start(), end);
    if !cx.begins_line(statement.start()) || cx.has_comment(first) {
        return None;
    }
    let test = cx.slice(test);
    let guard = format!("if not {test}:\n{indent}{step}return NotImplemented\n{indent}");
    let fix = Fix::unsafe_("Return `NotImplemented` for other types");
    Some(fix.insert(statement.start(), guard).delete(first))
}

/// Whether nothing is equal to members of the class but they themselves, or nothing is below it.
fn has_one_type_only<'a>(method: &Method<'a>, cx: &Context<'a>) -> bool {
    let bases = method.class.arguments.iter().flat_map(|it| &it.args);
    let mut names = bases.filter_map(|it| cx.qualified(it));
    let is_final = method
        .class
        .decorator_list
        .iter()
        .any(|it| cx.is_any(&it.expression, &["typing.final", "typing_extensions.final"]));
    is_final || names.any(|it| it.starts_with("enum") || it.is_any(&["typing.NamedTuple"]))
}
