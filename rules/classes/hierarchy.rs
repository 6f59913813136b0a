//! Questions about all classes below one.

use crate::project::ClassId;
use crate::rule::Class;

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
