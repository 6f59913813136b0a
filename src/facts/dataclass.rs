//! What decorators like `dataclass` are asked to write into a class.

use ruff_python_ast::{self as ast, Decorator, Expr};

use crate::semantic::QualifiedName;

/// A decorator of the `dataclass` family, with its defaults filled in. A setting is `None` where
/// its value is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dataclass {
    /// Whose decorator it is.
    pub maker: Maker,
    /// Whether `__repr__` is written.
    pub repr: Option<bool>,
    /// Whether `__eq__` is written.
    pub eq: Option<bool>,
    /// Whether `__hash__` is written whatever else holds.
    pub unsafe_hash: Option<bool>,
    /// Whether fields refuse to be assigned.
    pub frozen: Option<bool>,
    /// Whether the class is made again with `__slots__`.
    pub slots: Option<bool>,
}

/// Whose decorator makes a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    /// `dataclasses.dataclass` (PEP 557).
    Dataclasses,
    /// `pydantic.dataclasses.dataclass`.
    Pydantic,
    /// `attr.s`: the fields are those made by `attr.ib`.
    AttrClassic,
    /// `attr.s(auto_attribs=True)`: the annotated names are fields.
    AttrAnnotated,
    /// `attrs.define` and its kin: annotated names are fields unless some are made by
    /// `attrs.field` without an annotation, and what the class defines itself is left alone.
    Attrs,
}

impl Maker {
    /// All of them, as they are numbered.
    const ALL: [Maker; 5] = [
        Maker::Dataclasses,
        Maker::Pydantic,
        Maker::AttrClassic,
        Maker::AttrAnnotated,
        Maker::Attrs,
    ];
}

/// What becomes of the hash that a class inherits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hashing {
    /// The class has its own.
    Own,
    /// The class has none: `__hash__` is `None`.
    Removed,
    /// The class does not touch it.
    Inherited,
    /// It cannot be known.
    Unknown,
}

impl Dataclass {
    /// In two bytes: the maker, and two bits for each setting.
    pub(super) fn packed(self) -> u16 {
        let settings = [self.repr, self.eq, self.unsafe_hash, self.frozen, self.slots];
        settings.into_iter().fold(1 + self.maker as u16, |bits, setting| {
            bits << 2 | setting.map_or(0, |is| 1 + u16::from(is))
        })
    }

    /// What [`Dataclass::packed`] made; `None` for 0.
    pub(super) fn unpacked(bits: u16) -> Option<Dataclass> {
        let maker = *Maker::ALL.get((bits >> 10).checked_sub(1)? as usize)?;
        let setting = |place: u16| (bits >> (2 * place) & 3).checked_sub(1).map(|it| it == 1);
        let [slots, frozen, unsafe_hash, eq, repr] = [0, 1, 2, 3, 4].map(setting);
        Some(Dataclass { maker, repr, eq, unsafe_hash, frozen, slots })
    }

    /// The decorator of the family that a class has, and what it is asked to do. `qualified` says
    /// what an expression stands for.
    pub fn of<'a>(
        class: &'a ast::StmtClassDef,
        mut qualified: impl FnMut(&'a Expr) -> Option<QualifiedName<'a>>,
    ) -> Option<(&'a Decorator, Dataclass)> {
        class.decorator_list.iter().find_map(|decorator| {
            let (callee, arguments) = match &decorator.expression {
                Expr::Call(call) => (&*call.func, Some(&call.arguments)),
                callee => (callee, None),
            };
            let made = Dataclass::with_defaults(qualified(callee)?)?;
            Some((decorator, arguments.map_or(made, |arguments| made.asked(arguments))))
        })
    }

    /// What a decorator does when it is asked for nothing.
    fn with_defaults(name: QualifiedName<'_>) -> Option<Dataclass> {
        let (maker, frozen, slots) = match name.parts() {
            ["dataclasses", "dataclass"] => (Maker::Dataclasses, false, false),
            ["pydantic", "dataclasses", "dataclass"] => (Maker::Pydantic, false, false),
            ["attr", "s" | "attrs" | "attributes"] => (Maker::AttrClassic, false, false),
            ["attr", "dataclass"] => (Maker::AttrAnnotated, false, false),
            ["attr" | "attrs", "define" | "mutable"] => (Maker::Attrs, false, true),
            ["attr" | "attrs", "frozen"] => (Maker::Attrs, true, true),
            _ => return None,
        };
        Some(Dataclass {
            maker,
            repr: Some(true),
            eq: Some(true),
            unsafe_hash: Some(false),
            frozen: Some(frozen),
            slots: Some(slots),
        })
    }

    fn asked(mut self, arguments: &ast::Arguments) -> Dataclass {
        for keyword in &arguments.keywords {
            let value = match &keyword.value {
                Expr::BooleanLiteral(it) => Some(it.value),
                // attrs' way to say "as you see fit".
                Expr::NoneLiteral(_) => continue,
                _ => None,
            };
            let Some(name) = keyword.arg.as_ref() else {
                let Dataclass { maker, .. } = self;
                let (repr, eq, unsafe_hash, frozen, slots) = (None, None, None, None, None);
                return Dataclass { maker, repr, eq, unsafe_hash, frozen, slots };
            };
            match name.as_str() {
                "repr" => self.repr = value,
                "eq" | "cmp" => self.eq = value,
                "unsafe_hash" | "hash" => self.unsafe_hash = value,
                "frozen" => self.frozen = value,
                "slots" => self.slots = value,
                "auto_attribs" => match (self.maker, value) {
                    (Maker::AttrClassic, Some(true)) => self.maker = Maker::AttrAnnotated,
                    (Maker::AttrAnnotated | Maker::Attrs, Some(false)) => {
                        self.maker = Maker::AttrClassic;
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        self
    }

    /// What it does to the hash of a class that defines no `__hash__` itself: the table of
    /// `dataclasses._hash_action`, which attrs shares. attrs' newer decorators write no `__eq__`
    /// where the class has one.
    pub fn hashing(self, has_own_eq: bool) -> Hashing {
        let eq = match self.maker {
            Maker::Attrs if has_own_eq => Some(false),
            _ => self.eq,
        };
        match (self.unsafe_hash, eq, self.frozen) {
            (Some(true), ..) | (Some(false), Some(true), Some(true)) => Hashing::Own,
            (Some(false), Some(true), Some(false)) => Hashing::Removed,
            (Some(false), Some(false), _) if has_own_eq => Hashing::Removed,
            (Some(false), Some(false), _) => Hashing::Inherited,
            _ => Hashing::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_bytes_hold_all() {
        assert_eq!(Dataclass::unpacked(0), None);
        for (at, maker) in Maker::ALL.into_iter().enumerate() {
            assert_eq!(maker as usize, at);
            for eq in [None, Some(false), Some(true)] {
                let (repr, unsafe_hash) = (Some(true), Some(false));
                let it = Dataclass { maker, repr, eq, unsafe_hash, frozen: None, slots: eq };
                assert_eq!(Dataclass::unpacked(it.packed()), Some(it));
            }
        }
    }

    #[test]
    fn hashes_are_written_as_the_libraries_write_them() {
        let made = |maker, eq, frozen| Dataclass {
            maker,
            repr: Some(true),
            eq,
            unsafe_hash: Some(false),
            frozen,
            slots: Some(false),
        };
        let (yes, no) = (Some(true), Some(false));
        assert_eq!(made(Maker::Dataclasses, yes, no).hashing(false), Hashing::Removed);
        assert_eq!(made(Maker::Dataclasses, yes, yes).hashing(true), Hashing::Own);
        assert_eq!(made(Maker::Dataclasses, no, yes).hashing(false), Hashing::Inherited);
        assert_eq!(made(Maker::Dataclasses, yes, None).hashing(false), Hashing::Unknown);
        assert_eq!(made(Maker::AttrClassic, yes, yes).hashing(true), Hashing::Own);
        assert_eq!(made(Maker::Attrs, yes, yes).hashing(true), Hashing::Removed);
    }
}
