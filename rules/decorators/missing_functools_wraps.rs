use ruff_python_ast::{AnyNodeRef, Expr, Parameter, Stmt, StmtClassDef, StmtFunctionDef};
use ruff_text_size::Ranged;

use super::wrappers::{IDENTITY, Wrapper, given, outermost, wrapper};
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::{Holder, Subject};
use crate::fix::Fix;
use crate::project::{Applied, Item};
use crate::rule::{Context, Fixable, On, Rule, Suspected};
use crate::syntax::string_text;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "missing-functools-wraps",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("missing_functools_wraps.md"),
    options: &[],
    on: &[
        On::StmtFunctionDef(check_function),
        On::StmtClassDef(check_class),
        On::Suspicion(confirm),
    ],
};

/// A decorator that is a function: the inner function that it returns has a name of its own.
fn check_function<'a>(inner: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    // Who decorates the wrapper may mean `wraps`, by whatever name.
    if !inner.decorator_list.is_empty() || matches!(cx.parent(inner), AnyNodeRef::ModModule(_)) {
        return;
    }
    let Some(Wrapper { decorator, wrapped }) = wrapper(inner, cx) else { return };
    let outermost = outermost(decorator, cx);
    if [decorator, outermost].into_iter().any(|it| is_changed(it, cx)) {
        return;
    }
    let (name, function) = (inner.name.as_str(), wrapped.name.as_str());
    let message = format!("`{name}` hides the name and docstring of the `{function}` it wraps");
    let fix = decorating_fix(inner, wrapped, cx);
    // Who makes decorators may call itself one too; what it returns does as well.
    let calls_itself_one = || {
        [decorator, outermost].into_iter().any(calls_itself_decorator)
            && !calls_itself_decorator(inner)
    };
    let diagnostic = match cx.class_of(outermost) {
        _ if inner.parameters.vararg.is_some() && calls_itself_one() => {
            cx.report(&inner.name, message)
        }
        Some(class) if outermost.name.as_str() == "__call__" => {
            cx.suspect(class, &inner.name, message)
        }
        _ => cx.suspect(outermost, &inner.name, message),
    };
    diagnostic
        .label(&outermost.name, "the decorator")
        .help(format!(
            "what is decorated calls itself `{name}` in tracebacks, logs, documentation and \
             pickles: write `@wraps({function})` of `functools` above `def {name}`"
        ))
        .fix(fix);
}

/// Whether decorators may turn a function into something else.
fn is_changed<'a>(function: &'a StmtFunctionDef, cx: &Context<'a>) -> bool {
    !function.decorator_list.iter().all(|it| cx.is(&it.expression, "builtins.staticmethod"))
}

/// Whether a function says in its name or docstring that it decorates: then it need not be used.
fn calls_itself_decorator(function: &StmtFunctionDef) -> bool {
    let says = |text: &str| text.to_ascii_lowercase().contains("decorat");
    let first = function.body.first().and_then(Stmt::as_expr_stmt);
    let docstring = first.and_then(|it| it.value.as_string_literal_expr());
    says(&function.name) || docstring.is_some_and(|it| says(string_text(&it.value)))
}

fn decorating_fix<'a>(
    inner: &'a StmtFunctionDef,
    wrapped: &Parameter,
    cx: &Context<'a>,
) -> Option<Fix> {
    if !cx.begins_line(inner.start()) {
        return None;
    }
    let wraps = cx.import("functools", "wraps", inner)?;
    let (wraps, edit, function) = (wraps.text, wraps.edit, wrapped.name.as_str());
    let indent = cx.indent_at(inner.start());
    Some(
        Fix::unsafe_(format!("Add `@{wraps}({function})`"))
            .insert(inner.start(), format!("@{wraps}({function})\n{indent}"))
            .merge(edit),
    )
}

/// A decorator that is a class: its instances are called in the function's stead.
fn check_class<'a>(class: &'a StmtClassDef, cx: &mut Context<'a>) {
    let method = |name: &str| {
        let methods = class.body.iter().filter_map(Stmt::as_function_def_stmt);
        methods.filter(|it| it.name.as_str() == name).last()
    };
    let (Some(call), Some(init)) = (method("__call__"), method("__init__")) else { return };
    if !class.decorator_list.is_empty() || !call.decorator_list.is_empty() {
        return;
    }
    let Some(this) = init.parameters.args.first().map(|it| it.name().as_str()) else { return };
    let Some(wrapped) = given(init, cx) else { return };
    let is_called = init.body.iter().any(|it| {
        kept_as(it, this, wrapped).is_some_and(|attribute| forwards(call, attribute, cx))
    });
    if !is_called || gives_identity(class, this, cx) {
        return;
    }
    let (name, function) = (class.name.as_str(), wrapped.name.as_str());
    let fix = updating_fix(class, init, this, wrapped, cx);
    cx.suspect(
        class,
        &class.name,
        format!("`{name}` hides the name and docstring of the `{function}` it wraps"),
    )
    .help(format!(
        "what is decorated has no `__name__`, and the docstring of `{name}`: call \
         `update_wrapper({this}, {function})` of `functools` in `__init__`"
    ))
    .fix(fix);
}

/// The attribute in which a statement keeps a parameter: `self.function = function`.
fn kept_as<'a>(statement: &'a Stmt, this: &str, parameter: &Parameter) -> Option<&'a str> {
    let (target, value) = match statement {
        Stmt::Assign(it) => (it.targets.first()?, &*it.value),
        Stmt::AnnAssign(it) => (&*it.target, it.value.as_deref()?),
        _ => return None,
    };
    let attribute = target.as_attribute_expr()?;
    let is_kept =
        attribute.value.as_name_expr()?.id == this && value.as_name_expr()?.id == parameter.name.id;
    is_kept.then_some(attribute.attr.as_str())
}

/// Whether a method calls an attribute with parameters of its own: who calls it without any may
/// only want its result at a later time.
fn forwards(method: &StmtFunctionDef, attribute: &str, cx: &Context<'_>) -> bool {
    let mut parameters = method.parameters.iter().map(|it| it.name().as_str());
    let Some(this) = parameters.next() else { return false };
    let parameters: Vec<&str> = parameters.collect();
    let is_it = |it: &Expr| {
        it.as_attribute_expr().is_some_and(|it| {
            it.attr.as_str() == attribute && it.value.as_name_expr().is_some_and(|it| it.id == this)
        })
    };
    let is_own = |node: &AnyNodeRef<'_>| matches!(node, AnyNodeRef::ExprName(it) if parameters.contains(&it.id.as_str()));
    cx.descendants(method).iter().any(|node| match node {
        AnyNodeRef::ExprCall(call) if is_it(&call.func) => cx.descendants(*call).iter().any(is_own),
        _ => false,
    })
}

/// Whether a class takes the function's name and docstring over in some other way: it sets them,
/// looks attributes up itself, or hands its instance to somebody who may.
fn gives_identity(class: &StmtClassDef, this: &str, cx: &Context<'_>) -> bool {
    let is_identity = |name: &str| {
        IDENTITY.contains(&name)
            || matches!(name, "wraps" | "update_wrapper" | "__getattr__" | "__getattribute__")
    };
    let is_this = |it: &Expr| it.as_name_expr().is_some_and(|it| it.id == this);
    // The class's own docstring is no name in it.
    cx.descendants(class).iter().any(|node| match node {
        AnyNodeRef::ExprAttribute(it) => {
            is_identity(&it.attr) && (is_this(&it.value) || !it.attr.starts_with("__"))
        }
        AnyNodeRef::ExprName(it) => is_identity(&it.id) || it.id == "super",
        AnyNodeRef::StmtFunctionDef(it) => is_identity(&it.name),
        AnyNodeRef::ExprCall(it) => it.arguments.args.iter().any(is_this),
        _ => false,
    })
}

fn updating_fix<'a>(
    class: &StmtClassDef,
    init: &'a StmtFunctionDef,
    this: &str,
    wrapped: &Parameter,
    cx: &Context<'a>,
) -> Option<Fix> {
    let is_slots = |node: &AnyNodeRef<'_>| matches!(node, AnyNodeRef::ExprName(it) if it.id == "__slots__" && it.ctx.is_store());
    let is_docstring =
        |it: &&Stmt| it.as_expr_stmt().is_some_and(|it| it.value.is_string_literal_expr());
    let first = init.body.iter().find(|it| !is_docstring(it))?;
    if cx.own(class).any(|node| is_slots(&node)) || !cx.begins_line(first.start()) {
        return None;
    }
    let update = cx.import("functools", "update_wrapper", first)?;
    let (text, function) = (update.text, wrapped.name.as_str());
    let indent = cx.indent_at(first.start());
    Some(
        Fix::unsafe_(format!("Call `{text}({this}, {function})`"))
            .insert(first.start(), format!("{text}({this}, {function})\n{indent}"))
            .merge(update.edit),
    )
}

/// Whether the decorator is used as one, anywhere.
fn confirm(suspected: Suspected<'_>, diagnostic: &mut Diagnostic) -> bool {
    let project = suspected.project;
    if let Some(class) = suspected.class() {
        // The finding is about the class itself, or about the wrapper that its `__call__` returns.
        let applied = match class.facts.range() == diagnostic.range {
            true => Applied::Plainly,
            false => Applied::Called,
        };
        return project.decorates(Item::Class(class.id), applied);
    }
    let Some(function) = suspected.function() else { return false };
    let item = Item::Function(function.id);
    // With a level between, the outermost function is called to get the decorator; or is both.
    let holder = suspected.function_at(diagnostic.range).map(|it| it.facts.holder());
    let is_direct = matches!(
        (holder, suspected.suspicion.subject),
        (Some(Holder::Function(holder)), Subject::Function(index)) if holder == index
    );
    project.decorates(item, Applied::Plainly)
        || !is_direct && project.decorates(item, Applied::Called)
}
