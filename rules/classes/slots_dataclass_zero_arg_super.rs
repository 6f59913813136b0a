use ruff_python_ast::{AnyNodeRef, ExprName, PythonVersion, StmtClassDef};
use ruff_text_size::Ranged;

use super::supers::Place;
use crate::diagnostic::Severity;
use crate::facts::Maker;
use crate::fix::Fix;
use crate::rule::{Context, Fixable, On, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "slots-dataclass-zero-arg-super",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("slots_dataclass_zero_arg_super.md"),
    options: &[],
    on: &[On::StmtClassDef(check)],
};

fn check<'a>(class: &'a StmtClassDef, cx: &mut Context<'a>) {
    if class.decorator_list.is_empty() || cx.is_stub {
        return;
    }
    let semantic = cx.semantic;
    if semantic.name("super").is_none() && semantic.name("__class__").is_none() {
        return;
    }
    let is_mended = cx.target().is_some_and(|it| it.lowest >= PythonVersion::PY314);
    let Some((_, made)) = cx.dataclass(class) else { return };
    if is_mended || made.maker != Maker::Dataclasses || made.slots != Some(true) {
        return;
    }
    for node in cx.descendants(class) {
        let AnyNodeRef::ExprName(name) = node else { continue };
        if !matches!(name.id.as_str(), "super" | "__class__") || !name.ctx.is_load() {
            continue;
        }
        // The cell is that of the innermost class.
        let Some(place) = Place::of(cx.id(*name), cx).filter(|it| std::ptr::eq(it.class, class))
        else {
            continue;
        };
        if cx.symbol(name).is_none() {
            check_name(name, &place, cx);
        }
    }
}

fn check_name<'a>(name: &'a ExprName, place: &Place<'a>, cx: &mut Context<'a>) {
    let class = place.class.name.as_str();
    if name.id == "__class__" {
        let fix = place
            .class_name(cx)
            .map(|said| Fix::unsafe_(format!("Write `{said}`")).replace(name.range, said));
        cx.report(name, format!("before Python 3.14, `__class__` is not `{class}` here, but the class before `slots=True`"))
            .severity(Severity::Warning)
            .help("`slots=True` makes the class a second time, with slots, and before Python 3.14 what is written in the methods still refers to the first one")
            .fix(fix);
        return;
    }
    let AnyNodeRef::ExprCall(call) = cx.parent(name) else { return };
    if cx.id(&*call.func) != cx.id(name) || !call.arguments.is_empty() {
        return;
    }
    let fix = place
        .saying_named(cx)
        .filter(|_| place.is_direct && !cx.has_comment(call.range()))
        .map(|text| Fix::safe(format!("Write `{text}`")).replace(call.range(), text));
    cx.report(call, format!("`super()` raises `TypeError` before Python 3.14: `slots=True` makes `{class}` anew"))
        .help("`slots=True` makes the class a second time, with slots, and `super()` is left with the first one, of which no object is an instance; by its name the class is found as it is in the end")
        .fix(fix);
}
