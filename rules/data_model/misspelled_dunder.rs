mod known;

use ruff_python_ast::{AnyNodeRef, Expr, Stmt, StmtClassDef, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};

use self::known::{Dead, Meant};
use super::special::{leaves_class_alone, without_docstring};
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::Callee;
use crate::fix::Fix;
use crate::project::{ClassRef, Mro, Project};
use crate::rule::{Class, Context, Fixable, On, Rule, Suspected};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "misspelled-dunder",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("misspelled_dunder.md"),
    options: &[],
    on: &[On::StmtFunctionDef(check), On::Suspicion(confirm)],
};

fn check<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    let name = function.name.as_str();
    let may_be = name == "next" || name.starts_with('_') && name.ends_with('_');
    if !may_be || cx.is_stub || cx.module.is_test() {
        return;
    }
    let Some(class) = cx.class_of(function) else { return };
    // Whoever says that it overrides something knows what.
    let overrides = |it: &Expr| match it {
        Expr::Name(name) => name.id == "override",
        Expr::Attribute(it) => it.attr.as_str() == "override",
        _ => false,
    };
    if function.decorator_list.iter().any(|it| overrides(&it.expression)) {
        return;
    }
    if name == "next" {
        return check_next(function, class, cx);
    }
    if let Some(dead) = known::dead(name) {
        return check_dead(function, class, &dead, cx);
    }
    let Some(Meant { name: meant, is_only }) = known::meant(name) else { return };
    let fix = if is_only { rename(function, class, meant, cx) } else { None };
    cx.suspect(
        class,
        &function.name,
        format!("`{name}` is no special name: `{meant}` is close to it"),
    )
    .help(
        "the interpreter looks for special methods by their exact names, so nothing calls this one",
    )
    .fix(fix);
}

/// Reports a special method that only Python 2 called.
fn check_dead<'a>(
    function: &'a StmtFunctionDef,
    class: &'a StmtClassDef,
    dead: &Dead,
    cx: &mut Context<'a>,
) {
    let name = function.name.as_str();
    let is_described = without_docstring(&function.body).is_empty();
    if is_described || is_used(function, cx) || !leaves_class_alone(class) {
        return;
    }
    let has_new = dead.now.is_some_and(|now| !cx.members(class, now).is_empty());
    let fix = dead.now.and_then(|now| rename(function, class, now, cx));
    let message = match dead.now {
        Some(now) if has_new => {
            format!("Python 3 never calls `{name}`, and `{now}` is there as well")
        }
        Some(now) => format!("Python 3 never calls `{name}`: it is `{now}` now"),
        None => format!("Python 3 never calls `{name}`"),
    };
    let severity = if has_new { Severity::Info } else { Severity::Warning };
    cx.suspect(class, &function.name, message).severity(severity).help(dead.help).fix(fix);
}

/// Whether the file uses the name of a method outside of it: somebody calls it by itself.
fn is_used(function: &StmtFunctionDef, cx: &Context<'_>) -> bool {
    let name = function.name.as_str();
    cx.tree.nodes().iter().any(|node| match node {
        AnyNodeRef::ExprAttribute(it) => {
            it.attr.as_str() == name && !function.range.contains_range(it.range)
        }
        AnyNodeRef::ExprName(it) => it.id == name,
        _ => false,
    })
}

/// Reports `next` in a class that gives itself out as its iterator.
fn check_next<'a>(function: &'a StmtFunctionDef, class: &'a StmtClassDef, cx: &mut Context<'a>) {
    let is_mentioned = cx.semantic.name("__iter__").is_some();
    if !is_mentioned || !cx.members(class, "__next__").is_empty() || !returns_itself(class, cx) {
        return;
    }
    let fix = rename(function, class, "__next__", cx);
    let message = "Python 3 never calls `next`: an iterator has `__next__`";
    cx.suspect_about(class, "__next__", &function.name, message)
        .help("`__iter__` returns the object itself, so `iter()` raises `TypeError`: the object has no `__next__`")
        .fix(fix);
}

/// Whether the class has an `__iter__` that only says `return self`.
fn returns_itself<'a>(class: &'a StmtClassDef, cx: &Context<'a>) -> bool {
    let methods = class.body.iter().filter_map(Stmt::as_function_def_stmt);
    let Some(iter) = methods.filter(|it| it.name.as_str() == "__iter__").last() else {
        return false;
    };
    let [Stmt::Return(only)] = without_docstring(&iter.body) else { return false };
    let this = iter.parameters.iter().next().map(|it| it.name().as_str());
    let returned = only.value.as_deref().and_then(Expr::as_name_expr);
    returned.is_some_and(|it| Some(it.id.as_str()) == this)
        && cx.members(class, "__iter__").len() == 1
}

/// The other name, here and wherever the file uses the attribute. `None` where the class has that
/// name already, or several definitions of the old one.
fn rename<'a>(
    function: &'a StmtFunctionDef,
    class: &'a StmtClassDef,
    meant: &str,
    cx: &Context<'a>,
) -> Option<Fix> {
    let name = function.name.as_str();
    let of_this_name =
        |it: &&Stmt| it.as_function_def_stmt().is_some_and(|it| it.name.as_str() == name);
    if !cx.members(class, meant).is_empty() || class.body.iter().filter(of_this_name).count() != 1 {
        return None;
    }
    // `next()` of other objects is no business of this class.
    let this_only = name == "next";
    let inside = class.range();
    let uses = cx.tree.nodes().iter().filter_map(|node| match node {
        AnyNodeRef::ExprAttribute(it) if it.attr.as_str() == name => {
            let is_own = it.value.as_name_expr().is_some_and(|it| it.id == "self")
                && inside.contains_range(it.range);
            (is_own || !this_only).then_some(it.attr.range)
        }
        _ => None,
    });
    // The body of the class may use the name, too: `__str__ = __unicode__`.
    let in_body = cx.tree.nodes().iter().filter_map(|node| match node {
        AnyNodeRef::ExprName(it) if it.id == name && inside.contains_range(it.range) => {
            it.ctx.is_load().then_some(it.range)
        }
        _ => None,
    });
    let is_in_body_only = |range: &TextRange| !this_only || inside.contains_range(*range);
    let places: Vec<TextRange> = uses.chain(in_body.filter(is_in_body_only)).collect();
    let fix = Fix::unsafe_(format!("Rename it to `{meant}`")).replace(function.name.range, meant);
    Some(places.into_iter().fold(fix, |fix, at| fix.replace(at, meant)))
}

/// Whether the name means nothing to the classes around, either: a base that has it knows what it
/// is for, and whoever calls it calls it by that name.
fn confirm(suspected: Suspected<'_>, diagnostic: &mut Diagnostic) -> bool {
    let Some(class) = suspected.class() else { return false };
    let project = suspected.project;
    let Some(name) = name_at(class, diagnostic.range) else { return false };
    if suspected.suspicion.about.is_some() {
        return project.lookup(class.id, "__next__") == Some(None);
    }
    // Told at the base, or none of our business.
    let is_inherited = match project.mro(class.id) {
        Mro::Known(mro) => mro[1..].iter().any(|it| defines(project, it, name)),
        _ => {
            project.bases(class.id).any(|(_, it)| it.is_some_and(|it| defines(project, &it, name)))
        }
    };
    if is_inherited {
        return false;
    }
    if diagnostic.fix.is_some() && is_shared(project, class, name) {
        diagnostic.fix = None;
    }
    true
}

/// The member whose name is written at a place.
fn name_at(class: Class<'_>, at: TextRange) -> Option<&str> {
    let functions = class.project.file(class.file).functions();
    let function = functions.iter().find(|it| it.range() == at)?;
    Some(class.text(function.name))
}

fn defines(project: &Project, class: &ClassRef, name: &str) -> bool {
    match class {
        ClassRef::Project(id) => project.member(*id, name).is_some(),
        ClassRef::Std(it) => it.defines(name),
    }
}

/// Whether classes below define the name, or methods of other files call it: they would have to be
/// renamed, too.
fn is_shared(project: &Project, class: Class<'_>, name: &str) -> bool {
    let below = project.subclasses(class.id).iter().any(|it| project.member(*it, name).is_some());
    below
        || project.files().any(|(file, facts)| {
            file != class.file
                && facts.has_text(name)
                && facts.calls().iter().any(|(_, call)| match call.callee() {
                    Callee::Method(it) | Callee::Super(it) => facts.text(it) == name,
                    _ => false,
                })
        })
}
