//! How instances are hashed, seen along the linearization.

use super::{ClassId, ClassRef, Project};
use crate::facts::{Hashing, MemberKind};

impl Project {
    /// The first of some classes of a linearization that says how instances are hashed, and
    /// whether they can be. `None` where one on the way may say it unseen.
    pub fn hashing(&self, mro: &[ClassRef]) -> Option<(ClassRef, bool)> {
        for class in mro {
            let is_hashable = match class {
                ClassRef::Project(id) => match self.own_hashing(*id) {
                    Hashing::Own => true,
                    Hashing::Removed => false,
                    Hashing::Inherited => continue,
                    Hashing::Unknown => return None,
                },
                ClassRef::Std(it) if it.defines("__hash__") || it.defines("__eq__") => {
                    it.is_hashable()?
                }
                ClassRef::Std(_) => continue,
            };
            return Some((*class, is_hashable));
        }
        None
    }

    /// What a class does to the hash it inherits.
    pub fn own_hashing(&self, class: ClassId) -> Hashing {
        if !self.is_plainly_made(class) {
            return Hashing::Unknown;
        }
        match self.member(class, "__hash__").map(|it| it.kind()) {
            Some(MemberKind::Function(_)) => return Hashing::Own,
            Some(MemberKind::None) => return Hashing::Removed,
            Some(MemberKind::Annotation) | None => {}
            Some(_) => return Hashing::Unknown,
        }
        let has_eq = match self.member(class, "__eq__").map(|it| it.kind()) {
            Some(MemberKind::Annotation) | None => false,
            Some(MemberKind::Ambiguous) => return Hashing::Unknown,
            Some(_) => true,
        };
        match self.class(class).1.dataclass() {
            Some(dataclass) => dataclass.hashing(has_eq),
            None if has_eq => Hashing::Removed,
            None => Hashing::Inherited,
        }
    }
}
