use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, StmtClassDef, StmtFunctionDef};
use ruff_text_size::Ranged;

use super::methods::{keeps, methods, this};
use super::slots::Declared;
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::Slots;
use crate::fix::Fix;
use crate::project::{ClassId, ClassRef};
use crate::rule::{Class, Context, Fixable, On, Rule, Suspected, is_special};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "assigning-non-slot",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("assigning_non_slot.md"),
    options: &[],
    on: &[On::StmtClassDef(check), On::Suspicion(confirm)],
};

/// Functions of a class body whose first parameter is no instance of the class, or not yet.
const NOT_ON_INSTANCES: &[&str] = &["__new__", "__init_subclass__", "__class_getitem__"];

fn check<'a>(class: &'a StmtClassDef, cx: &mut Context<'a>) {
    if cx.is_stub || cx.semantic.name("__slots__").is_none() {
        return;
    }
    let Some(declared) = Declared::of(class) else { return };
    let Some(slots) = declared.names() else { return };
    if slots.contains(&"__dict__") {
        return;
    }
    let mut seen: Vec<&str> = Vec::new();
    for method in methods(class).filter(|it| is_on_instances(it)) {
        let Some(this) = this(method).filter(|it| keeps(it, method, cx)) else { continue };
        for node in cx.own(method) {
            let AnyNodeRef::ExprAttribute(attribute) = node else { continue };
            if !attribute.ctx.is_store() {
                continue;
            }
            let name = attribute.attr.as_str();
            let is_own = attribute.value.as_name_expr().is_some_and(|it| it.id == this);
            if !is_own
                || slots.contains(&name)
                || slots.contains(&mangled(name, class).as_str())
                || seen.contains(&name)
                || is_special(name)
                || !cx.members(class, name).is_empty()
                || !is_assigned(attribute, cx)
                || is_tried(attribute, method, cx)
            {
                continue;
            }
            seen.push(name);
            let fix = declared
                .with(name, cx)
                .map(|edit| Fix::safe(format!("Add `{name}` to `__slots__`")).edit(edit));
            let class_name = class.name.as_str();
            cx.suspect_about(class, mangled(name, class), attribute, format!("`{class_name}` has no slot `{name}`, and its instances have no `__dict__`"))
                .help(format!("the assignment raises `AttributeError`: all classes above have `__slots__`, and none declares `{name}`"))
                .label(declared.statement, "all that can be assigned, with what the bases declare")
                .fix(fix);
        }
    }
}

/// The name of an attribute as instances have it: those that begin with two underscores belong to
/// the class that they are written in.
fn mangled(name: &str, class: &StmtClassDef) -> String {
    match name.starts_with("__") && !name.ends_with("__") {
        true => format!("_{}{name}", class.name.as_str().trim_start_matches('_')),
        false => name.to_owned(),
    }
}

fn is_on_instances(method: &StmtFunctionDef) -> bool {
    !NOT_ON_INSTANCES.contains(&method.name.as_str())
        && method.decorator_list.iter().all(|it| match &it.expression {
            Expr::Name(name) => name.id == "property",
            Expr::Attribute(it) => matches!(it.attr.as_str(), "setter" | "getter" | "deleter"),
            _ => false,
        })
}

/// Whether a target is given a value: a mere annotation does not.
fn is_assigned(attribute: &ExprAttribute, cx: &Context<'_>) -> bool {
    match cx.parent(attribute) {
        AnyNodeRef::StmtAnnAssign(it) => it.value.is_some(),
        _ => true,
    }
}

/// Whether an error would be caught on the spot.
fn is_tried(attribute: &ExprAttribute, method: &StmtFunctionDef, cx: &Context<'_>) -> bool {
    let around = cx.ancestors(attribute).take_while(|it| it.range() != method.range());
    around.into_iter().any(|it| matches!(it, AnyNodeRef::StmtTry(_) | AnyNodeRef::StmtWith(_)))
}

/// Whether no class above or below has room for the attribute.
fn confirm(suspected: Suspected<'_>, _: &mut Diagnostic) -> bool {
    let Some(class) = suspected.class() else { return false };
    let Some(name) = suspected.suspicion.about.as_deref() else { return false };
    let (project, Some(mro)) = (suspected.project, class.project.known_mro(class.id)) else {
        return false;
    };
    let own = ClassRef::Project(class.id);
    let is_closed = project.has_dict(own) == Some(false)
        && project.is_made_as_written(class.id) == Some(true)
        && project.is_made(class.id)
        && mro.iter().all(|it| leaves_out(class, *it, name));
    // A mixin without any slots expects the class below to bring them.
    let has_slots = |it: &ClassRef| match it {
        ClassRef::Project(id) => Class::new(project, *id).slots().next().is_some(),
        ClassRef::Std(_) => false,
    };
    is_closed
        && mro.iter().any(has_slots)
        && project
            .descendants(class.id)
            .into_iter()
            .all(|below| is_closed_below(class, below, name))
}

/// Whether a class of the linearization neither has the attribute nor takes assignments into its own
/// hands.
fn leaves_out(class: Class<'_>, entry: ClassRef, name: &str) -> bool {
    let project = class.project;
    match entry {
        ClassRef::Std(it) => {
            it.is_object()
                || !it.defines(name) && !it.defines("__setattr__") && is_open_book(it.name())
        }
        ClassRef::Project(id) => {
            let above = Class::new(project, id);
            // What is only annotated, a class below may bring.
            let is_free = project.member(id, name).is_none();
            is_free
                && above.facts.slots() != Slots::Dynamic
                && !above.slots().any(|it| it == name)
                && project.member(id, "__setattr__").is_none()
                && project.has_known_decorators(id)
        }
    }
}

/// Classes of the standard library that have nothing to assign but what they show.
fn is_open_book(name: &str) -> bool {
    name == "abc.ABC" || name.starts_with("typing.") || name.starts_with("collections.abc.")
}

/// Whether instances of a class below have no room for the attribute either.
fn is_closed_below(class: Class<'_>, below: ClassId, name: &str) -> bool {
    let project = class.project;
    project.has_dict(ClassRef::Project(below)) == Some(false)
        && project
            .known_mro(below)
            .is_some_and(|mro| mro.iter().all(|it| leaves_out(class, *it, name)))
}
