use ruff_python_ast::{AnyNodeRef, Expr, StmtAssign, StmtClassDef, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};

use super::slots::Declared;
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::Maker;
use crate::fix::Fix;
use crate::project::{ClassId, ClassRef, Project};
use crate::rule::{Context, Fixable, On, Rule, Suspected};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "cached-property-in-slotted-class",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("cached_property_in_slotted_class.md"),
    options: &[],
    on: &[On::Decorated(check_method), On::StmtAssign(check_assignment), On::Suspicion(confirm)],
};

const CACHED_PROPERTY: &str = "functools.cached_property";

/// What may answer where a class has no `__dict__`.
const ANSWERS: &[&str] = &["__dict__", "__getattr__", "__getattribute__"];

fn check_method<'a>(method: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    // What stands above it may do anything with it.
    let Some(decorator) = method.decorator_list.first().map(|it| &it.expression) else { return };
    let Some(class) = cx.class_of(method).filter(|it| may_have_slots(it, cx)) else { return };
    if !cx.is(decorator, CACHED_PROPERTY) {
        return;
    }
    let means_builtin = |name: &str| {
        let id = cx.semantic.name(name);
        id.is_none_or(|id| cx.semantic.resolve(cx.scope(method), id).is_none())
    };
    let fix = means_builtin("property").then(|| {
        Fix::unsafe_("Replace `@cached_property` by `@property`")
            .replace(decorator.range(), "property")
    });
    suspect(class, method.name.as_str(), decorator.range(), fix, cx);
}

fn check_assignment<'a>(assign: &'a StmtAssign, cx: &mut Context<'a>) {
    let Expr::Call(call) = &*assign.value else { return };
    let [Expr::Name(name)] = &assign.targets[..] else { return };
    let AnyNodeRef::StmtClassDef(class) = cx.parent(assign) else { return };
    if may_have_slots(class, cx) && cx.is(&call.func, CACHED_PROPERTY) {
        suspect(class, name.id.as_str(), call.func.range(), None, cx);
    }
}

/// Whether a class may have slots of its own: without them its instances have a `__dict__`.
fn may_have_slots(class: &StmtClassDef, cx: &Context<'_>) -> bool {
    !class.decorator_list.is_empty()
        || cx.semantic.name("__slots__").is_some() && Declared::of(class).is_some()
}

fn suspect<'a>(
    class: &'a StmtClassDef,
    name: &str,
    at: TextRange,
    fix: Option<Fix>,
    cx: &mut Context<'a>,
) {
    // attrs writes a `__getattr__` that keeps the value in a slot.
    let is_foreign = cx.dataclass(class).is_some_and(|(_, it)| it.maker != Maker::Dataclasses);
    if is_foreign || cx.is_stub {
        return;
    }
    let message = format!(
        "reading `{name}` raises `TypeError`: instances of `{}` have no `__dict__` to keep it in",
        class.name
    );
    let declared = Declared::of(class).map(|it| it.statement.range());
    let found = cx.suspect(class, at, message);
    found
        .help("`cached_property` writes what it has computed into the `__dict__` of the object, and slots leave that away: a `property` computes it each time; with `\"__dict__\"` among the slots it works, and they save no memory any more")
        .fix(fix);
    if let Some(declared) = declared {
        found.label(declared, "nothing here has room for it");
    }
}

/// Whether instances have no `__dict__`, nor anything that answers in its place.
fn confirm(suspected: Suspected<'_>, _: &mut Diagnostic) -> bool {
    let Some(class) = suspected.class() else { return false };
    let project = suspected.project;
    // A base whose classes below all bring a `__dict__` may be meant so.
    let below = project.descendants(class.id);
    let is_used_as_it_is = project.constructions_of(class.id).next().is_some();
    lacks_dict(project, class.id)
        && project.is_made_as_written(class.id) == Some(true)
        && project.is_made(class.id)
        && (is_used_as_it_is || below.iter().all(|it| lacks_dict(project, *it)))
}

fn lacks_dict(project: &Project, class: ClassId) -> bool {
    let answers = |name: &&str| match project.lookup(class, name) {
        Some(Some((ClassRef::Std(it), _))) => !it.is_object(),
        Some(None) => false,
        Some(Some(_)) | None => true,
    };
    project.has_dict(ClassRef::Project(class)) == Some(false) && !ANSWERS.iter().any(answers)
}
