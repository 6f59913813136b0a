//! Whether a class statement makes a class, or why not.

use super::layout::Dicts;
use super::metaclass::{Clash, Unseen};
use super::{ClassId, ClassRef, Mro, MroError, Project};
use crate::facts::{MemberKind, Slots, Text};

/// Why a class statement raises.
#[derive(Clone, Debug, PartialEq)]
pub enum CreationError {
    /// `TypeError`: no metaclass fits all bases.
    Metaclass(Clash),
    /// `TypeError`: a base is not to be derived from. Its place in the list as written.
    FinalBase(usize),
    /// `TypeError`: two bases lay their instances out in ways that do not go together.
    Layout {
        /// The places of the bases in the list as written.
        bases: (usize, usize),
        /// The classes that lay them out.
        solid: (ClassRef, ClassRef),
    },
    /// The slots cannot be made.
    Slots(SlotsError),
    /// `TypeError`: the bases cannot be put in order.
    Mro(MroError),
}

/// Why slots cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotsError {
    /// `TypeError`: instances of a class above are of different sizes.
    Variable(ClassRef),
    /// `TypeError`: there is a `__dict__` already.
    Dict,
    /// `TypeError`: there is room for weak references already.
    Weakref,
    /// `ValueError`: the class body binds the name of a slot.
    Taken(Text),
}

/// What comes of a class statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Class,
    Raises,
    Unknown,
}

impl Project {
    /// Why a class statement raises: `None` if it does not, or if that is not known. An error above
    /// is one of the class above.
    pub fn creation_error(&self, class: ClassId) -> Option<CreationError> {
        if self.outcome(class) != Outcome::Raises {
            return None;
        }
        let error = self.own_creation_error(class).ok()??;
        self.are_ancestors_made(class).then_some(error)
    }

    /// What comes of a class statement, as if all classes above could be made.
    fn outcome(&self, class: ClassId) -> Outcome {
        *self.creations.get(self, class, || match self.own_creation_error(class) {
            Ok(None) => Outcome::Class,
            Ok(Some(_)) => Outcome::Raises,
            Err(Unseen) => Outcome::Unknown,
        })
    }

    /// Whether it is known that a class statement makes a class.
    pub fn is_made(&self, class: ClassId) -> bool {
        self.outcome(class) == Outcome::Class && self.are_ancestors_made(class)
    }

    /// Whether the bases and the metaclass of a class statement are classes that could be made.
    fn are_ancestors_made(&self, class: ClassId) -> bool {
        let bases = self.run_time_bases(class);
        let mut bases = bases.into_iter().flatten().map(|(_, base)| base).peekable();
        bases.peek().is_some()
            && bases.all(|it| self.is_lineage_made(it, MOST_METACLASSES))
            && self.is_metaclass_made(class, MOST_METACLASSES)
    }

    /// Whether a class, all above it, and their metaclasses could be made.
    fn is_lineage_made(&self, class: ClassRef, depth: usize) -> bool {
        let is_made = |entry| match entry {
            ClassRef::Std(_) => true,
            ClassRef::Project(id) => {
                self.outcome(id) == Outcome::Class && self.is_metaclass_made(id, depth)
            }
        };
        self.linear(class).is_some_and(|it| it.into_iter().all(is_made))
    }

    fn is_metaclass_made(&self, class: ClassId, depth: usize) -> bool {
        let Some(metaclass) = self.own_metaclass(class).flatten() else { return true };
        depth.checked_sub(1).is_some_and(|depth| self.is_lineage_made(metaclass, depth))
    }

    /// The error of a class statement, as if all classes above could be made.
    fn own_creation_error(&self, class: ClassId) -> Result<Option<CreationError>, Unseen> {
        let (file, facts) = self.class(class);
        let mro = self.mro(class);
        if *mro == Mro::Unknown {
            return Err(Unseen);
        }
        // Most classes have one base at most, and neither slots nor a metaclass.
        let written = self.file(file).bases().of(self.index_of(class));
        if written.len() < 2 && facts.metaclass().is_none() && facts.slots() == Slots::Absent {
            let base = self.bases(class).next().and_then(|(_, base)| base);
            return Ok(base.is_some_and(is_final).then_some(CreationError::FinalBase(0)));
        }
        let bases = self.run_time_bases(class).ok_or(Unseen)?;
        if self.is_record(class) || self.is_typed_dict(class) {
            return Err(Unseen);
        }
        if let Some(clash) = self.metaclass_clash(class, &bases)? {
            return Ok(Some(CreationError::Metaclass(clash)));
        }
        self.check_metaclass(class, &bases)?;
        let best = match self.best_base(&bases)? {
            Ok(best) => best,
            Err(error) => return Ok(Some(error)),
        };
        if let Some(error) = self.slots_error(class, best)? {
            // Enumerations took their members out of the body, in some versions.
            let is_taken = matches!(error, SlotsError::Taken(_));
            let keyword = self.own_metaclass(class).flatten();
            let above = bases.iter().filter_map(|(_, base)| self.metaclass(*base));
            if is_taken && !above.chain(keyword).all(|it| self.is_plain(it)) {
                return Err(Unseen);
            }
            return Ok(Some(CreationError::Slots(error)));
        }
        match mro {
            Mro::Error(error) => Ok(Some(CreationError::Mro(error.clone()))),
            Mro::Known(_) => Ok(None),
            Mro::Unknown => Err(Unseen),
        }
    }

    /// Nothing is known of a class that is made by a metaclass with plans of its own.
    fn check_metaclass(
        &self,
        class: ClassId,
        bases: &[(Option<usize>, ClassRef)],
    ) -> Result<(), Unseen> {
        let own = self.own_metaclass(class);
        let above = bases.iter().map(|(_, base)| self.metaclass(*base));
        let are_plain =
            own.into_iter().chain(above).all(|it| it.is_some_and(|it| self.is_plain_enough(it)));
        if are_plain { Ok(()) } else { Err(Unseen) }
    }

    /// The base that instances are laid out after, or why there is none.
    fn best_base(
        &self,
        bases: &[(Option<usize>, ClassRef)],
    ) -> Result<Result<ClassRef, CreationError>, Unseen> {
        let [one, other] = self.dicts();
        let best = self.best_base_with(bases, one)?;
        match one == other || best == self.best_base_with(bases, other)? {
            true => Ok(best),
            false => Err(Unseen),
        }
    }

    fn best_base_with(
        &self,
        bases: &[(Option<usize>, ClassRef)],
        dicts: Dicts,
    ) -> Result<Result<ClassRef, CreationError>, Unseen> {
        let mut winner: Option<(Option<usize>, ClassRef, ClassRef)> = None;
        for (at, base) in bases {
            if let (true, Some(at)) = (is_final(*base), at) {
                return Ok(Err(CreationError::FinalBase(*at)));
            }
            let solid = self.solid_base(*base, dicts).ok_or(Unseen)?;
            let Some((before, _, best)) = winner else {
                winner = Some((*at, *base, solid));
                continue;
            };
            if self.derives(best, solid).ok_or(Unseen)? {
                continue;
            }
            if self.derives(solid, best).ok_or(Unseen)? {
                winner = Some((*at, *base, solid));
                continue;
            }
            let (Some(before), Some(at)) = (before, at) else { return Err(Unseen) };
            let error = CreationError::Layout { bases: (before, *at), solid: (best, solid) };
            return Ok(Err(error));
        }
        winner.map(|(_, base, _)| Ok(base)).ok_or(Unseen)
    }

    /// Why the literal slots of a class cannot be made.
    fn slots_error(&self, class: ClassId, best: ClassRef) -> Result<Option<SlotsError>, Unseen> {
        let (file, facts) = self.class(class);
        let file = self.file(file);
        let index = self.index_of(class);
        let names = file.slots().of(index);
        if facts.slots() != Slots::Names || names.is_empty() {
            return Ok(None);
        }
        if self.is_variable(best).ok_or(Unseen)? {
            let is_it =
                |it: &ClassRef| matches!(it, ClassRef::Std(it) if it.is_variable() == Some(true));
            let above = self.linear(best).ok_or(Unseen)?;
            return Ok(above.into_iter().find(is_it).map(SlotsError::Variable));
        }
        let has = |wanted| names.iter().any(|name| file.text(*name) == wanted);
        if has("__dict__") && self.has_dict(best).ok_or(Unseen)? {
            return Ok(Some(SlotsError::Dict));
        }
        if has("__weakref__") && self.has_weakref(best).ok_or(Unseen)? {
            return Ok(Some(SlotsError::Weakref));
        }
        let is_taken = |name: &Text| {
            let name = file.text(*name);
            let is_bound =
                |it: MemberKind| !matches!(it, MemberKind::Annotation | MemberKind::Ambiguous);
            !MADE_ANYWAY.contains(&name)
                && file.member(index, name).is_some_and(|it| is_bound(it.kind()))
        };
        Ok(names.iter().copied().find(is_taken).map(SlotsError::Taken))
    }
}

/// Metaclasses of metaclasses are followed so far.
const MOST_METACLASSES: usize = 10;

/// Names that a class body always binds and that may be slots all the same.
const MADE_ANYWAY: &[&str] = &["__qualname__", "__classcell__", "__dict__", "__weakref__"];

fn is_final(base: ClassRef) -> bool {
    matches!(base, ClassRef::Std(it) if it.is_final() == Some(true))
}
