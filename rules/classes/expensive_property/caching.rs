//! `@property` → `@cached_property`, where nothing but later reads would change.

use ruff_python_ast::{AnyNodeRef, StmtClassDef, StmtFunctionDef};
use ruff_text_size::Ranged;

use crate::facts::Slots;
use crate::fix::Fix;
use crate::project::{ClassId, ClassRef, Project};
use crate::rule::{Context, Function};
use crate::semantic::SiteIndex;

/// The fix, as far as the file of the property can tell: it has no setter, and what it reads of the
/// object is only set in `__init__`.
pub(super) fn fix<'a>(
    getter: &'a StmtFunctionDef,
    class: &'a StmtClassDef,
    cx: &Context<'a>,
) -> Option<Fix> {
    let same_name = |statement: &ruff_python_ast::Stmt| {
        statement.as_function_def_stmt().is_some_and(|it| it.name.id == getter.name.id)
    };
    let is_old = cx.target().is_some_and(|it| it.lowest.minor < 8 && it.lowest.major == 3);
    if class.body.iter().filter(|it| same_name(it)).count() > 1
        || is_old
        || reads_what_changes(getter, class, cx)
    {
        return None;
    }
    let decorator = &getter.decorator_list[0].expression;
    let imported = cx.import("functools", "cached_property", getter)?;
    Some(
        Fix::unsafe_("Replace `@property` by `@cached_property`")
            .replace(decorator.range(), imported.text)
            .merge(imported.edit),
    )
}

/// Whether the getter reads an attribute that a method other than `__init__` assigns, or that is
/// assigned to something else than `self`.
fn reads_what_changes(getter: &StmtFunctionDef, class: &StmtClassDef, cx: &Context<'_>) -> bool {
    let sites = cx.semantic.sites();
    let Ok(class) = sites.classes.binary_search(&cx.id(class)) else { return true };
    let first = sites.own_writes.partition_point(|it| (it.class as usize) < class);
    let is_late = |site: SiteIndex| match cx.tree.node(sites.functions[site as usize].node) {
        AnyNodeRef::StmtFunctionDef(method) => {
            !matches!(method.name.as_str(), "__init__" | "__new__" | "__post_init__")
        }
        _ => true,
    };
    cx.own(getter).any(|node| match node {
        AnyNodeRef::ExprAttribute(it) if it.ctx.is_load() => {
            let name = it.attr.as_str();
            let of_class = sites.own_writes[first..].iter();
            let own = of_class.take_while(|it| it.class as usize == class);
            own.filter(|it| it.attribute == name).any(|it| is_late(it.method))
                || sites.foreign_writes.contains(&name)
        }
        _ => false,
    })
}

/// Whether the project allows it: instances have a `__dict__` that `cached_property` can write to,
/// no class above or below gives the property another meaning, and nobody else sets what it may read.
pub(super) fn is_possible(function: Function<'_>, is_called: bool) -> bool {
    let Some(index) = function.facts.holder().class() else { return false };
    let project = function.project;
    let class = project.class_of(function.file, index);
    let name = function.text(function.facts.name);
    let Some(mro) = project.known_mro(class) else { return false };
    let below = project.descendants(class);
    let above = || {
        mro.iter().filter_map(|it| match it {
            ClassRef::Project(id) => Some(*id),
            ClassRef::Std(_) => None,
        })
    };
    // A metaclass, an enumeration or a tuple has rules of its own.
    let is_plain = |it: &ClassRef| match it {
        ClassRef::Project(id) => {
            project.class(*id).1.slots() == Slots::Absent && project.is_plainly_made(*id)
        }
        ClassRef::Std(it) => it.is_object() || matches!(it.name(), "abc.ABC" | "typing.Generic"),
    };
    let defines_it = |it: ClassId| it != class && project.member(it, name).is_some();
    let may_change = |it: ClassId| (is_called || it != class) && changes(it, project);
    let is_written = || above().any(|it| is_written_from_outside(it, project));
    mro.iter().all(is_plain)
        && !above().chain(below.iter().copied()).any(|it| defines_it(it) || may_change(it))
        && !is_written()
}

/// Whether a class sets attributes later than when an instance is made.
fn changes(class: ClassId, project: &Project) -> bool {
    let (file, _) = project.class(class);
    let attributes = project.file(file).attributes().of(project.index_of(class));
    attributes.iter().any(|it| it.is_set_later())
}

/// Whether some attribute of a class may be set by others.
fn is_written_from_outside(class: ClassId, project: &Project) -> bool {
    let (id, _) = project.class(class);
    let file = project.file(id);
    let attributes = file.attributes().of(project.index_of(class));
    attributes.iter().any(|it| project.is_written_from_outside(file.text(it.name)))
}
