//! How a class is made: by its body alone, or with help.

use super::{ClassId, ClassRef, Item, Project};
use crate::facts::{Target, TargetKind};

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
        let is_plain_metaclass = facts.metaclass().is_none_or(|target| {
            matches!(self.resolve(file, target), Item::Std(it)
                if HARMLESS_METACLASSES.contains(&it.name()))
        });
        is_plain_metaclass && self.has_known_decorators(class)
    }

    /// Whether a class is only known from a `.pyi` file.
    pub(super) fn is_stubbed(&self, class: ClassId) -> bool {
        let (file, _) = self.class(class);
        self.file(file).is_stub()
    }

    /// Whether no decorator may have added to a class or replaced it, but for one of the `dataclass`
    /// family.
    pub fn has_known_decorators(&self, class: ClassId) -> bool {
        let (file, facts) = self.class(class);
        let is_harmless = |target: Target| match target.kind() {
            TargetKind::Absolute(name) => {
                HARMLESS_DECORATORS.iter().any(|it| self.file(file).is_dotted(name, it))
            }
            _ => false,
        };
        let decorators = self.file(file).class_decorators().of(self.index_of(class));
        let unknown = decorators.iter().filter(|it| !is_harmless(**it));
        unknown.count() <= usize::from(facts.dataclass().is_some())
    }

    /// Whether the class only describes others: `Protocol` is among its bases (PEP 544).
    pub fn is_protocol(&self, class: ClassId) -> bool {
        let is_it = |base| matches!(base, ClassRef::Std(it) if it.name() == "typing.Protocol");
        self.bases(class).any(|(_, base)| base.is_some_and(is_it))
    }
}
