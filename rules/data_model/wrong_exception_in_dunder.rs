mod delegation;
mod items;

use ruff_python_ast::{AnyNodeRef, Expr, ExprSubscript, Stmt, StmtFunctionDef, StmtRaise};
use ruff_text_size::Ranged;

use super::special::{Method, raised};
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::MemberKind;
use crate::fix::Fix;
use crate::project::ClassRef;
use crate::rule::{Context, Fixable, On, Rule, Suspected};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "wrong-exception-in-dunder",
    formerly: &[],
    severity: Severity::Info,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("wrong_exception_in_dunder.md"),
    options: &[],
    on: &[On::Special(check), On::Suspicion(confirm)],
};

fn check<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    let name = function.name.as_str();
    if function.is_async || !matches!(name, "__getattr__" | "__getitem__" | "__hash__") {
        return;
    }
    let Some(method) = Method::of(function, cx) else { return };
    match name {
        "__getattr__" => check_attribute(&method, cx),
        "__getitem__" => items::check(&method, cx),
        _ => check_hash(&method, cx),
    }
}

/// Whether a name is that of a builtin exception that says that something is not there, or not as
/// it must be.
fn lookup_error<'a>(class: &'a Expr, cx: &Context<'a>) -> Option<&'a str> {
    let name = cx.qualified(class)?;
    match name.parts() {
        [
            "builtins",
            name @ ("IndexError" | "KeyError" | "LookupError" | "NameError" | "ValueError"),
        ] => Some(name),
        _ => None,
    }
}

const LEAK: &str = "`hasattr()`, `getattr()` with a default, `copy` and `pickle` take `AttributeError` for “there is none”, and let everything else through";

fn check_attribute<'a>(method: &Method<'a>, cx: &mut Context<'a>) {
    let Some(name) = method.parameter(0).filter(|it| method.keeps(it, cx)) else { return };
    if method.is_interface() {
        return check_only_raise(method, cx);
    }
    for node in method.own(cx).collect::<Vec<_>>() {
        match node {
            AnyNodeRef::ExprSubscript(it)
                if it.ctx.is_load()
                    && method.is_value_of(name, &it.slice, cx)
                    && is_bare(method, name, node, cx) =>
            {
                report_item(method, name, it, cx);
            }
            AnyNodeRef::StmtRaise(it) => report_raise(method, name, it, cx),
            _ => {}
        }
    }
    delegation::check(method, name, cx);
}

fn check_only_raise<'a>(method: &Method<'a>, cx: &mut Context<'a>) {
    if let Some(name) = method.parameter(0)
        && let Some(Stmt::Raise(it)) = method.body().last()
    {
        report_raise(method, name, it, cx);
    }
}

/// Whether nothing around a node, or before it, looks at the name first.
fn is_bare<'a>(method: &Method<'a>, name: &str, node: AnyNodeRef<'a>, cx: &Context<'a>) -> bool {
    let is_guard = |it: AnyNodeRef<'_>| {
        it.is_stmt_if()
            || it.is_stmt_for()
            || it.is_stmt_match()
            || it.is_stmt_try()
            || it.is_stmt_while()
            || it.is_stmt_with()
            || it.is_expr_if()
            || it.is_expr_bool_op()
    };
    let speaks_of_name = |it: &Stmt| {
        let mut names = cx.descendants(it).iter().filter_map(|node| node.as_expr_name());
        names.any(|it| it.id == name)
    };
    let mut around =
        cx.ancestors(node).take_while(|it| !matches!(it, AnyNodeRef::StmtFunctionDef(_)));
    let mut before = method.body().iter().take_while(|it| it.end() < node.start());
    !around.any(is_guard)
        && !before.any(|it| is_guard(cx.tree.node(cx.id(it))) || speaks_of_name(it))
}

fn report_item<'a>(method: &Method<'a>, name: &str, item: &'a ExprSubscript, cx: &mut Context<'a>) {
    let said = cx.slice(item);
    let message = format!("`__getattr__` lets `KeyError` out where `{said}` is not there");
    let fix = guarded(method, name, item, cx);
    // A mapping that makes what is missing never raises; `self[name]` asks this class.
    if method.is_this(&item.value, cx) {
        cx.suspect(method.class, item, message)
    } else if delegation::is_default_dict(method, &item.value, cx) {
        return;
    } else {
        cx.report(item, message)
    }
    .help(LEAK)
    .fix(fix);
}

/// `try … except KeyError: raise AttributeError` around a `return`.
fn guarded<'a>(
    method: &Method<'a>,
    name: &str,
    item: &'a ExprSubscript,
    cx: &Context<'a>,
) -> Option<Fix> {
    let AnyNodeRef::StmtReturn(statement) = cx.parent(item) else { return None };
    let whole = statement.range;
    if !cx.begins_line(whole.start()) || cx.slice(whole).contains('\n') {
        return None;
    }
    let indent = cx.indent_at(whole.start());
    let step = method.step(cx)?;
    let end = cx.line_end_after(statement)?;
    let fix = Fix::unsafe_("Raise `AttributeError` instead");
    let fix = fix.insert(whole.start(), format!("try:\n{indent}{step}"));
    Some(fix.insert(
        end,
        format!("\n{indent}except KeyError:\n{indent}{step}raise AttributeError({name}) from None"),
    ))
}

fn report_raise<'a>(
    method: &Method<'a>,
    name: &str,
    statement: &'a StmtRaise,
    cx: &mut Context<'a>,
) {
    let Some(class) = raised(statement) else { return };
    let Some(error) = lookup_error(class, cx) else { return };
    // Only where the name itself is what is wrong.
    let speaks_of_name = cx
        .descendants(statement)
        .iter()
        .any(|node| node.as_expr_name().is_some_and(|it| it.id == name));
    // What has the wrong value may be something else, but at the end there is nothing else left.
    let is_last = || method.body().last().is_some_and(|it| it.range() == statement.range);
    if !speaks_of_name || error == "ValueError" && !is_last() {
        return;
    }
    let fix = Fix::unsafe_("Raise `AttributeError`").replace(class.range(), "AttributeError");
    cx.report(class, format!("`__getattr__` raises `{error}` for a name that is not there"))
        .help(LEAK)
        .fix(fix);
}

/// Reports a `__hash__` that only refuses.
fn check_hash<'a>(method: &Method<'a>, cx: &mut Context<'a>) {
    let [Stmt::Raise(only)] = method.body() else { return };
    let Some(class) = raised(only) else { return };
    if !cx.is_any(class, &["builtins.TypeError", "builtins.ValueError"]) {
        return;
    }
    let fix = refused(method, cx);
    cx.report(&method.function.name, "`__hash__` only raises: `isinstance(x, Hashable)` says that there is one")
        .help("`__hash__ = None` says that there is none: `hash()` raises `TypeError` by itself, and whoever asks first is told")
        .fix(fix);
}

/// `__hash__ = None` in the place of the method.
fn refused<'a>(method: &Method<'a>, cx: &Context<'a>) -> Option<Fix> {
    let function = method.function;
    let is_plain = function.decorator_list.is_empty()
        && cx.begins_line(function.start())
        && !cx.has_comment(function.range)
        && method.body().len() == function.body.len();
    is_plain
        .then(|| Fix::unsafe_("Say `__hash__ = None`").replace(function.range, "__hash__ = None"))
}

/// Whether nothing that the file does not show changes the answer.
fn confirm(suspected: Suspected<'_>, _: &mut Diagnostic) -> bool {
    let Some(class) = suspected.class() else { return false };
    let is_plain = |name: &str| match class.project.lookup(class.id, name) {
        Some(None) => true,
        Some(Some((ClassRef::Std(it), _))) => it.is_object(),
        // `name: annotation` binds nothing.
        Some(Some((_, Some(member)))) => member.kind() == MemberKind::Annotation,
        _ => false,
    };
    match suspected.suspicion.about.as_deref() {
        Some(attribute) => delegation::HOOKS.iter().all(|it| is_plain(it)) && is_plain(attribute),
        // An item of the object itself: of a dictionary's, which raises `KeyError`.
        None if suspected.suspicion.diagnostic.message.starts_with("`__getattr__`") => {
            let brings = |name: &str| match class.project.lookup(class.id, name) {
                Some(Some((ClassRef::Std(it), _))) => it.name() == "builtins.dict",
                _ => false,
            };
            brings("__getitem__") && class.project.lookup(class.id, "__missing__") == Some(None)
        }
        None => class.project.lookup(class.id, "__iter__") == Some(None),
    }
}
