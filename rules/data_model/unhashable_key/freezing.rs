//! Freezing a dataclass, so that it gets a hash.

use ruff_python_ast::{AnyNodeRef, Expr, Stmt, StmtClassDef};

use crate::facts::{Maker, MemberKind};
use crate::fix::Fix;
use crate::project::{ClassId, Project};
use crate::rule::Context;
use crate::rules::classes::methods::{methods, on_self};
use crate::rules::dataclasses::asking;
use crate::semantic::BindingKind;

/// Types whose values have a hash, and those made of them.
#[rustfmt::skip]
const HASHABLE: &[&str] = &[
    "Callable", "Decimal", "Enum", "Fraction", "FrozenSet", "None", "Optional", "Path", "Tuple",
    "UUID", "Union", "bool", "bytes", "complex", "date", "datetime", "decimal", "float",
    "fractions", "frozenset", "int", "object", "pathlib", "str", "time", "timedelta", "tuple",
    "type", "typing", "uuid",
];

/// `@dataclass` → `@dataclass(frozen=True)` for the class of a key, if it is of this file, no method
/// sets anything and all fields have a hash. [`is_possible`] asks the project.
pub(super) fn fix<'a>(key: &'a Expr, cx: &Context<'a>) -> Option<Fix> {
    let class = class_of(key, cx)?;
    let (decorator, made) = cx.dataclass(class)?;
    let is_plain = made.maker == Maker::Dataclasses
        && (made.eq, made.frozen, made.unsafe_hash) == (Some(true), Some(false), Some(false))
        && class.decorator_list.len() == 1
        && class.arguments.as_ref().is_none_or(|it| it.is_empty())
        && ["__eq__", "__hash__", "__setattr__"].iter().all(|it| cx.members(class, it).is_empty());
    let sets_nothing = |method| on_self(method, cx).all(|it| it.ctx.is_load());
    let mut fields = class.body.iter().filter_map(Stmt::as_ann_assign_stmt);
    (is_plain && methods(class).all(sets_nothing) && fields.all(|it| has_hash(&it.annotation, cx)))
        .then_some(())?;
    let fix = Fix::unsafe_(format!("Freeze `{}`, which gives it a hash", class.name));
    asking(decorator, "frozen=True", fix, cx)
}

/// The class of this file that an expression makes an instance of.
fn class_of<'a>(key: &'a Expr, cx: &Context<'a>) -> Option<&'a StmtClassDef> {
    let callee = match key {
        Expr::Call(call) => &*call.func,
        Expr::Name(name) => match cx.binding(name)?.kind {
            BindingKind::Assignment(Expr::Call(call)) => &*call.func,
            BindingKind::Parameter(parameter) => parameter.annotation()?,
            _ => return None,
        },
        _ => return None,
    };
    match cx.binding(callee.as_name_expr()?)?.kind {
        BindingKind::Class(class) => Some(class),
        _ => None,
    }
}

/// Whether an annotation speaks only of what has a hash.
fn has_hash<'a>(annotation: &'a Expr, cx: &Context<'a>) -> bool {
    let is_hashable = |node: AnyNodeRef<'a>| match node {
        AnyNodeRef::ExprName(name) => HASHABLE.contains(&name.id.as_str()),
        AnyNodeRef::ExprAttribute(it) => HASHABLE.contains(&it.attr.as_str()),
        AnyNodeRef::ExprStringLiteral(_) => false,
        _ => true,
    };
    is_hashable(annotation.into()) && cx.descendants(annotation).iter().copied().all(is_hashable)
}

/// Whether nobody sets a field from outside, and no class below would have to be frozen as well.
pub(super) fn is_possible(project: &Project, class: ClassId) -> bool {
    let (file, _) = project.class(class);
    let facts = project.file(file);
    let fields = facts.members().of(project.index_of(class)).iter();
    let mut fields = fields.filter(|it| {
        matches!(it.kind(), MemberKind::Annotation | MemberKind::Value | MemberKind::None)
    });
    project.subclasses(class).is_empty()
        && fields.all(|it| !project.is_written_from_outside(facts.text(it.name)))
}
