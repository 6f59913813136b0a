//! What the project uses as decorators.

use super::{ClassId, FunctionId, Item, Project};
use crate::facts::{FileFacts, Target};

/// How something is used as a decorator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// `@name`: it is given what it decorates.
    Plainly,
    /// `@name(…)`: what it returns is.
    Called,
}

/// The functions and classes that are used as decorators anywhere, sorted.
#[derive(Default)]
pub(super) struct Decorators {
    plain: Vec<Decorator>,
    called: Vec<Decorator>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Decorator {
    Function(FunctionId),
    Class(ClassId),
}

impl Decorator {
    fn of(item: Item) -> Option<Decorator> {
        match item {
            Item::Function(id) => Some(Decorator::Function(id)),
            Item::Class(id) => Some(Decorator::Class(id)),
            _ => None,
        }
    }
}

impl Project {
    /// Whether a function or class of the project is used as a decorator anywhere in it. All uses
    /// are looked up once, when the first question comes.
    pub fn decorates(&self, item: Item, applied: Applied) -> bool {
        let uses = self.decorators.get_or_init(|| Decorators {
            plain: self.decorators_in(FileFacts::decorators),
            called: self.decorators_in(FileFacts::decorator_factories),
        });
        let uses = match applied {
            Applied::Plainly => &uses.plain,
            Applied::Called => &uses.called,
        };
        Decorator::of(item).is_some_and(|it| uses.binary_search(&it).is_ok())
    }

    fn decorators_in(&self, uses: impl Fn(&FileFacts) -> &[Target]) -> Vec<Decorator> {
        let mut found: Vec<Decorator> = self
            .files()
            .flat_map(|(id, file)| uses(file).iter().map(move |it| self.resolve(id, *it)))
            .filter_map(Decorator::of)
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}
