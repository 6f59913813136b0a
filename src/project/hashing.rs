//! How instances come by their hash and their form, seen along the linearization.

use super::{ClassId, ClassRef, Item, Project};
use crate::facts::{Hashing, MemberKind, Target};

/// Decorators of classes that neither add nor replace what the interpreter looks up on the class.
const HARMLESS_DECORATORS: &[&str] = &[
    "enum.unique",
    "functools.total_ordering",
    "typing.final",
    "typing.runtime_checkable",
    "typing_extensions.final",
    "typing_extensions.runtime_checkable",
];

/// Metaclasses that add no special methods for the instances of their classes.
const HARMLESS_METACLASSES: &[&str] = &["abc.ABCMeta", "builtins.type"];

impl Project {
    /// Whether the class is what its body says: no metaclass and no decorator may have added to it
    /// or replaced it. One of the `dataclass` family is fine: what it does is known.
    pub fn is_plainly_made(&self, class: ClassId) -> bool {
        let (file, facts) = self.class(class);
        let text = |target: Target| match target {
            Target::Absolute(name) => self.file(file).text(name),
            _ => "",
        };
        let is_plain_metaclass = facts.metaclass.is_none_or(|target| {
            matches!(self.resolve(file, target), Item::Std(it)
                if HARMLESS_METACLASSES.contains(&it.name()))
        });
        let unknown =
            facts.decorators.iter().filter(|it| !HARMLESS_DECORATORS.contains(&text(**it)));
        is_plain_metaclass && unknown.count() <= usize::from(facts.dataclass.is_some())
    }

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
                    it.is_hashable()
                }
                ClassRef::Std(_) => continue,
            };
            return Some((*class, is_hashable));
        }
        None
    }

    /// What a class does to the hash it inherits.
    fn own_hashing(&self, class: ClassId) -> Hashing {
        if !self.is_plainly_made(class) {
            return Hashing::Unknown;
        }
        match self.member(class, "__hash__").map(|it| it.kind) {
            Some(MemberKind::Function(_)) => return Hashing::Own,
            Some(MemberKind::None) => return Hashing::Removed,
            Some(MemberKind::Annotation) | None => {}
            Some(_) => return Hashing::Unknown,
        }
        let has_eq = match self.member(class, "__eq__").map(|it| it.kind) {
            Some(MemberKind::Annotation) | None => false,
            Some(MemberKind::Ambiguous) => return Hashing::Unknown,
            Some(_) => true,
        };
        match self.class(class).1.dataclass {
            Some(dataclass) => dataclass.hashing(has_eq),
            None if has_eq => Hashing::Removed,
            None => Hashing::Inherited,
        }
    }
}
