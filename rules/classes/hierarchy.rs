//! Questions about a class and all classes below it.

use crate::facts::{FunctionFacts, MemberKind};
use crate::project::{ClassId, ClassRef};
use crate::rule::Class;

/// The methods of a class that do nothing by themselves and have no decorator, with their names.
pub(super) fn plain_stubs<'a>(
    class: Class<'a>,
) -> impl Iterator<Item = (&'a str, &'a FunctionFacts)> {
    let project = class.project;
    class.members().iter().filter_map(move |member| {
        let MemberKind::Function(index) = member.kind() else { return None };
        let function = project.function_of(class.file, index);
        let facts = project.function_facts(function);
        let is_plain = facts.is_stub() && project.decorators_of(function).is_empty();
        is_plain.then(|| (class.text(member.name), facts))
    })
}

/// Whether a class below has a method of its own, or from a base beside the one above.
pub(super) fn overrides(class: Class<'_>, below: ClassId, name: &str) -> bool {
    let found = class.project.lookup(below, name).flatten();
    found.is_some_and(|(definer, _)| definer != ClassRef::Project(class.id))
}

/// Whether something holds for a class below another one, however far.
pub(super) fn is_any_below(class: Class<'_>, holds: impl Fn(ClassId) -> bool) -> bool {
    let project = class.project;
    let mut found: Vec<ClassId> = project.subclasses(class.id).to_vec();
    let mut at = 0;
    while let Some(below) = found.get(at).copied() {
        if holds(below) {
            return true;
        }
        // Bases may go in circles.
        let new = project.subclasses(below).iter().filter(|it| !found.contains(it));
        let new: Vec<ClassId> = new.copied().collect();
        found.extend(new);
        at += 1;
    }
    false
}
