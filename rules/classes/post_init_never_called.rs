use ruff_python_ast::{AnyNodeRef, Expr, Stmt, StmtClassDef, StmtFunctionDef};

use super::hierarchy::is_any_below;
use super::methods::is_last;
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::{Callee, Maker, MemberFacts, MemberKind};
use crate::fix::Fix;
use crate::project::{ClassId, ClassRef, FileId, Mro, Project};
use crate::rule::{Class, Context, Fixable, On, Rule, Suspected};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "post-init-never-called",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("post_init_never_called.md"),
    options: &[],
    on: &[On::Special(check), On::Suspicion(confirm)],
};

const NAME: &str = "__post_init__";

fn check<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    if function.name.as_str() != NAME || cx.is_stub {
        return;
    }
    let Some(class) = cx.class_of(function) else { return };
    let calls_it = |it: &AnyNodeRef<'_>| it.as_expr_attribute().is_some_and(|it| &it.attr == NAME);
    if !is_last(function, class, cx) || is_empty(function) || cx.tree.nodes().iter().any(calls_it) {
        return;
    }
    let name = class.name.as_str();
    let (why, help, fix) = match cx.dataclass(class) {
        Some((_, made)) if made.maker == Maker::Dataclasses => {
            let why = if !cx.members(class, "__init__").is_empty() {
                format!("`{name}` has an `__init__` of its own")
            } else if has_no_init(class, cx) {
                format!("`{name}` is given no `__init__`")
            } else {
                return;
            };
            (
                why,
                "it is called at the end of the `__init__` that `@dataclass` writes, and by nobody else: call it, or do in `__init__` what it does",
                None,
            )
        }
        Some((_, made)) if made.maker == Maker::Pydantic => return,
        Some(_) => (
            format!("attrs calls `__attrs_post_init__` in `{name}`"),
            "this is the name that `dataclasses` gives it",
            Some(
                Fix::unsafe_("Call it `__attrs_post_init__`")
                    .replace(function.name.range, "__attrs_post_init__"),
            ),
        ),
        None if class.decorator_list.is_empty() => (
            format!("`{name}` is not a dataclass"),
            "it is called at the end of the `__init__` that `@dataclass` writes, and by nobody else: decorate the class, or do it in `__init__`",
            None,
        ),
        None => return,
    };
    cx.suspect(class, &function.name, format!("`{NAME}` is never called: {why}"))
        .help(help)
        .fix(fix);
}

/// Whether there is nothing to miss.
fn is_empty(function: &StmtFunctionDef) -> bool {
    function.body.iter().all(|it| match it {
        Stmt::Pass(_) => true,
        Stmt::Expr(it) => it.value.is_string_literal_expr() || it.value.is_ellipsis_literal_expr(),
        _ => false,
    })
}

/// Whether the decorator is told to write no `__init__`.
fn has_no_init<'a>(class: &'a StmtClassDef, cx: &Context<'a>) -> bool {
    let call = cx.dataclass(class).and_then(|(it, _)| it.expression.as_call_expr());
    call.and_then(|it| it.arguments.find_keyword("init"))
        .is_some_and(|it| matches!(&it.value, Expr::BooleanLiteral(it) if !it.value))
}

/// Whether nobody calls it: all classes above are known, none of them or of those below does, and no
/// `__init__` that `@dataclass` writes above or below knows of it.
fn confirm(suspected: Suspected<'_>, _: &mut Diagnostic) -> bool {
    let Some(class) = suspected.class() else { return false };
    let (project, Some(ancestors)) = (suspected.project, class.ancestors()) else { return false };
    let may_call = |id: ClassId| may_call(Class::new(project, id), suspected.file);
    let may_call_above = |entry: &ClassRef| match entry {
        ClassRef::Project(id) => may_call(*id) || writes_call(project, *id),
        ClassRef::Std(it) => {
            !it.is_made_by_type() && it.metaclass().is_none_or(|it| it.name() != "abc.ABCMeta")
        }
    };
    let may_call_below = |id: ClassId| {
        may_call(id)
            || project.class(id).1.dataclass().is_some()
            || !matches!(project.mro(id), Mro::Known(_))
    };
    !may_call(class.id)
        && !ancestors.iter().any(may_call_above)
        && !is_any_below(class, may_call_below)
}

/// Whether a class may call it by itself: in a method, or through a metaclass or decorator. `seen`
/// is the file that was looked through for it.
fn may_call(class: Class<'_>, seen: FileId) -> bool {
    let file = class.project.file(class.file);
    let is_it = |callee: Callee| match callee {
        Callee::Method(name) | Callee::Super(name) | Callee::Attribute(name) => {
            file.text(name) == NAME
        }
        Callee::Target(_) => false,
    };
    let calls_it = |it: &MemberFacts| match it.kind() {
        MemberKind::Function(index) => file.calls().of(index).iter().any(|it| is_it(it.callee())),
        _ => false,
    };
    // What tests call is not kept.
    file.module().is_test() && class.file != seen
        || class.members().iter().any(calls_it)
        || !class.project.is_plainly_made(class.id)
}

/// Whether a class is a dataclass that had a `__post_init__` when its `__init__` was written.
fn writes_call(project: &Project, id: ClassId) -> bool {
    project.class(id).1.dataclass().is_some()
        && project.member(id, "__init__").is_none()
        && project.lookup(id, NAME) != Some(None)
}
