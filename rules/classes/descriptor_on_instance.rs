use ruff_python_ast::{Expr, StmtAssign};

use super::methods::is_name;
use super::supers::Place;
use crate::diagnostic::{Diagnostic, Severity};
use crate::project::{ClassId, ClassRef, Item, Project};
use crate::rule::{Context, Fixable, On, Rule, Suspected};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "descriptor-on-instance",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Never,
    since: "0.1.0",
    page: include_str!("descriptor_on_instance.md"),
    options: &[],
    on: &[On::StmtAssign(check), On::Suspicion(confirm)],
};

fn check<'a>(assign: &'a StmtAssign, cx: &mut Context<'a>) {
    let ([Expr::Attribute(target)], Expr::Call(call)) = (&assign.targets[..], &*assign.value)
    else {
        return;
    };
    let callee = match &*call.func {
        Expr::Name(it) => it.id.as_str(),
        Expr::Attribute(it) => it.attr.as_str(),
        _ => return,
    };
    let is_class_name = callee.trim_start_matches('_').starts_with(|it: char| it.is_uppercase());
    if !is_class_name || !target.value.is_name_expr() || cx.is_stub || cx.module.is_test() {
        return;
    }
    // Only classes of the project are known well enough, and they share its first name.
    let Some(class_name) = cx.qualified(&call.func) else { return };
    if class_name.parts().first() != cx.module.as_str().split('.').next().as_ref() {
        return;
    }
    let Some(place) = Place::of(cx.id(assign), cx) else { return };
    if !place.is_direct
        || place.is_static(cx)
        || place.is_of_class(cx)
        || !place.this().is_some_and(|it| is_name(&target.value, it))
    {
        return;
    }
    // There are many of these, few of which are confirmed: the words come then.
    cx.suspect_about(place.class, class_name.to_string(), target, target.attr.as_str());
}

/// Whether what is assigned is a descriptor, and the object that it is assigned to is not a class.
fn confirm(suspected: Suspected<'_>, diagnostic: &mut Diagnostic) -> bool {
    let (project, Item::Class(descriptor)) = (suspected.project, suspected.about()) else {
        return false;
    };
    let is_data = own_method(project, descriptor, "__set__")
        || own_method(project, descriptor, "__set_name__");
    let Some(class) = suspected.class() else { return false };
    let Some(ancestors) = class.ancestors() else { return false };
    let is_metaclass =
        ancestors.iter().any(|it| matches!(it, ClassRef::Std(it) if it.name() == "builtins.type"));
    if !is_data || !own_method(project, descriptor, "__get__") || is_metaclass {
        return false;
    }
    let name = project.class_name(ClassRef::Project(descriptor));
    let attribute = std::mem::take(&mut diagnostic.message);
    diagnostic.message =
        format!("the descriptor `{name}` does nothing in `{attribute}`: it is not in the class");
    diagnostic.help("Python looks for `__get__` and `__set__` on the class of an object only: on the object itself a descriptor is a value like others, and assigning the attribute replaces it");
    true
}

/// Whether a class of the project gives a class a method.
fn own_method(project: &Project, class: ClassId, name: &str) -> bool {
    let found = project.lookup(class, name);
    matches!(found, Some(Some((ClassRef::Project(_), Some(_)))))
}
