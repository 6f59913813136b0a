//! Metaclasses: which one a class gets, and whether there is one that will do.

use super::{ClassId, ClassRef, Item, Mro, Project, StdClass};

/// What makes a class statement call one metaclass or another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// `metaclass=…`.
    Keyword,
    /// A base, by its place in the list as written.
    Base(usize),
}

/// Two metaclasses, neither of which derives from the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clash {
    /// What asks for the first one.
    pub first: (Wanted, ClassRef),
    /// What asks for the second one.
    pub second: (Wanted, ClassRef),
}

/// Methods by which a metaclass may make something else than its class statement says.
const MAKERS: &[&str] = &["__new__", "__call__", "__prepare__", "mro"];

impl Project {
    /// The metaclass of a class; `None` where it is not known.
    ///
    /// If all classes above could be made, it is the one of all metaclasses there that derives from
    /// the others.
    pub fn metaclass(&self, class: ClassRef) -> Option<ClassRef> {
        let id = match class {
            ClassRef::Std(it) => return it.metaclass().map(ClassRef::Std),
            ClassRef::Project(id) => id,
        };
        *self.metaclasses.get(self, id, || self.find_metaclass(id))
    }

    fn find_metaclass(&self, id: ClassId) -> Option<ClassRef> {
        let mro = self.known_mro(id)?;
        // Most classes have one base and name no metaclass: they get that of the base.
        if let [_, ClassRef::Project(base), ..] = *mro
            && self.own_metaclass(id).is_none()
            && self.known_mro(base).is_some_and(|above| above.len() + 1 == mro.len())
        {
            let is_as_written = self.has_known_decorators(id) && !self.is_stubbed(id);
            return if is_as_written { self.metaclass(ClassRef::Project(base)) } else { None };
        }
        let mut winner = ClassRef::Std(self.std_builtin("type")?);
        for class in mro {
            let wanted = match class {
                ClassRef::Std(it) => ClassRef::Std(it.metaclass()?),
                // A decorator may have made it anew, with another one.
                ClassRef::Project(id) if !self.has_known_decorators(*id) => return None,
                // Stubs tell what type checkers are to know.
                ClassRef::Project(id) if self.is_stubbed(*id) => return None,
                ClassRef::Project(id) => match self.own_metaclass(*id) {
                    Some(known) => known?,
                    None => continue,
                },
            };
            winner = self.more_derived(winner, wanted)??;
        }
        Some(winner)
    }

    /// The metaclass that a class statement names: `Some(None)` where it is not known what that is.
    pub(super) fn own_metaclass(&self, class: ClassId) -> Option<Option<ClassRef>> {
        let (file, facts) = self.class(class);
        Some(match self.resolve(file, facts.metaclass()?) {
            Item::Class(id) => Some(ClassRef::Project(id)),
            Item::Std(it) => Some(ClassRef::Std(it)),
            _ => None,
        })
    }

    /// The one of two metaclasses that derives from the other: `Some(None)` for neither, `None`
    /// where that is not known.
    fn more_derived(&self, one: ClassRef, other: ClassRef) -> Option<Option<ClassRef>> {
        if self.derives(one, other)? {
            return Some(Some(one));
        }
        Some(self.derives(other, one)?.then_some(other))
    }

    /// Whether a class is another one or below it; `None` where that is not known.
    pub fn derives(&self, class: ClassRef, from: ClassRef) -> Option<bool> {
        if class == from {
            return Some(true);
        }
        match (class, from) {
            (ClassRef::Project(id), _) => self.is_subclass(id, from),
            (ClassRef::Std(_), ClassRef::Project(_)) => Some(false),
            (ClassRef::Std(class), ClassRef::Std(from)) => {
                if from.is_object() {
                    return Some(true);
                }
                class.mro().map(|mut mro| mro.any(|it| it == from))
            }
        }
    }

    /// The metaclass that makes a class statement with these bases fail, since it fits with no
    /// other (`type.__new__` and `__build_class__`, step by step). `Err` where it is not known.
    pub(super) fn metaclass_clash(
        &self,
        class: ClassId,
        bases: &[(Option<usize>, ClassRef)],
    ) -> Result<Option<Clash>, Unseen> {
        let mut winner: Option<(Wanted, ClassRef)> = match self.own_metaclass(class) {
            Some(known) => Some((Wanted::Keyword, known.ok_or(Unseen)?)),
            None => None,
        };
        // Without bases to compare it with, what is no metaclass is called like any function.
        let root = ClassRef::Std(self.std_builtin("type").ok_or(Unseen)?);
        let is_compared = bases.iter().any(|(at, _)| at.is_some());
        if !is_compared && winner.is_some_and(|(_, it)| self.derives(it, root) != Some(true)) {
            return Err(Unseen);
        }
        for (at, base) in bases {
            let own = self.metaclass(*base).ok_or(Unseen)?;
            let wanted = (at.map_or(Wanted::Keyword, Wanted::Base), own);
            let Some(before) = winner else {
                winner = Some(wanted);
                continue;
            };
            match self.more_derived(before.1, own).ok_or(Unseen)? {
                Some(more) if more == before.1 => {}
                Some(_) => winner = Some(wanted),
                None => return Ok(Some(Clash { first: before, second: wanted })),
            }
        }
        Ok(None)
    }

    /// Whether a class statement makes the class that it says: no metaclass has a hand in it.
    /// `None` where its metaclass is not known.
    pub fn is_made_as_written(&self, class: ClassId) -> Option<bool> {
        match self.mro(class) {
            Mro::Known(_) => self.metaclass(ClassRef::Project(class)).map(|it| self.is_plain(it)),
            Mro::Unknown | Mro::Error(_) => None,
        }
    }

    /// Whether a metaclass hands the bases and the body on to `type`; that of enumerations does.
    pub(super) fn is_plain_enough(&self, metaclass: ClassRef) -> bool {
        self.is_made_of(metaclass, |it| it.name() == "enum.EnumType" || is_plain(it))
    }

    /// Whether a metaclass leaves bases and body as they are. Those of the standard library do but
    /// for the ones that make records.
    pub(super) fn is_plain(&self, metaclass: ClassRef) -> bool {
        self.is_made_of(metaclass, is_plain)
    }

    /// Whether the linearization of a metaclass holds nothing that makes something else than the
    /// class statement says, but for some classes of the standard library.
    fn is_made_of(&self, metaclass: ClassRef, is_fine: impl Fn(StdClass) -> bool) -> bool {
        match metaclass {
            ClassRef::Std(it) => is_fine(it),
            ClassRef::Project(id) => self.known_mro(id).is_some_and(|mro| {
                mro.iter().all(|class| match class {
                    ClassRef::Std(it) => {
                        is_fine(*it) || !MAKERS.iter().any(|name| it.defines(name))
                    }
                    ClassRef::Project(id) => {
                        MAKERS.iter().all(|name| self.member(*id, name).is_none())
                    }
                })
            }),
        }
    }
}

pub(super) fn is_plain(metaclass: StdClass) -> bool {
    PLAIN.contains(&metaclass.name()) || metaclass.is_object()
}

/// Metaclasses of the standard library that make what the class statement says.
const PLAIN: &[&str] = &["abc.ABCMeta", "builtins.type", "typing._ProtocolMeta"];

/// Something is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unseen;
