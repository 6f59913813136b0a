//! Layout: what instances of a class have room for (`best_base` and `type_new` of CPython's
//! `Objects/typeobject.c`).

use super::{ClassId, ClassRef, Project};
use crate::facts::{Maker, Slots};

/// What a class adds to its instances by itself. Where a part is `None`, it is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// Room for attributes of their own: it becomes a solid base.
    pub slots: Option<bool>,
    /// A `__dict__`, unless they have one.
    pub dict: Option<bool>,
    /// Room for weak references, unless they have it.
    pub weakref: Option<bool>,
}

/// Since when a `__dict__` stands before instances of different sizes: Python 3.12.
const MANAGED_DICTS: u8 = 12;

/// Where the `__dict__` of an instance of varying size stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dicts {
    /// Behind what instances hold besides, so that the class that adds it is a solid base.
    Inside,
    /// Before the instance, where it is in nobody's way.
    Before,
}

/// What a class body says of slots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeclaredSlots {
    /// Nothing.
    Absent,
    /// These names.
    Names(Vec<String>),
    /// Something that is computed.
    Computed,
}

impl Project {
    /// What a class body says of slots.
    pub fn declared_slots(&self, class: ClassId) -> DeclaredSlots {
        let (file, facts) = self.class(class);
        let file = self.file(file);
        match facts.slots() {
            Slots::Absent => DeclaredSlots::Absent,
            Slots::Names => {
                let names = file.slots().of(self.index_of(class)).iter();
                DeclaredSlots::Names(names.map(|it| file.text(*it).to_owned()).collect())
            }
            Slots::Dynamic => DeclaredSlots::Computed,
        }
    }

    /// What a class adds to its instances.
    pub fn own_layout(&self, class: ClassId) -> Own {
        *self.layouts.get(self, class, || self.find_layout(class))
    }

    fn find_layout(&self, class: ClassId) -> Own {
        if self.is_record(class) {
            // `NamedTuple` makes its class anew, with `__slots__ = ()`.
            return Own { slots: Some(false), dict: Some(false), weakref: Some(false) };
        }
        let metaclass = self.metaclass(ClassRef::Project(class));
        if metaclass.is_some_and(|it| !self.is_plain_enough(it))
            || !self.has_known_decorators(class)
            || self.is_stubbed(class)
        {
            return Own::default();
        }
        let (file, facts) = self.class(class);
        let made_slots = facts.dataclass().map(|it| (it.maker, it.slots));
        match (facts.slots(), made_slots) {
            (Slots::Dynamic, _) => Own::default(),
            (Slots::Names, None | Some((_, Some(false)))) => {
                let facts = self.file(file);
                let names = facts.slots().of(self.index_of(class));
                let has = |wanted| names.iter().any(|name| facts.text(*name) == wanted);
                let (dict, weakref) = (has("__dict__"), has("__weakref__"));
                let own = names.len() > usize::from(dict) + usize::from(weakref);
                Own { slots: Some(own), dict: Some(dict), weakref: Some(weakref) }
            }
            (Slots::Absent, None | Some((_, Some(false)))) => {
                Own { slots: Some(false), dict: Some(true), weakref: Some(true) }
            }
            (Slots::Absent, Some((Maker::Dataclasses, Some(true)))) => {
                Own { slots: None, dict: Some(false), weakref: None }
            }
            _ => Own::default(),
        }
    }

    /// The class that lays out the most of an instance: no other one that is not above or below it
    /// can be a base with it.
    pub fn layout(&self, class: ClassRef) -> Option<ClassRef> {
        let [one, other] = self.dicts();
        let layout = self.solid_base(class, one)?;
        (one == other || self.solid_base(class, other)? == layout).then_some(layout)
    }

    /// Where the Pythons of the project put a `__dict__`, the oldest first.
    pub(super) fn dicts(&self) -> [Dicts; 2] {
        match self.releases.around(MANAGED_DICTS) {
            (true, false) => [Dicts::Inside; 2],
            (false, true) => [Dicts::Before; 2],
            _ => [Dicts::Inside, Dicts::Before],
        }
    }

    /// The class that lays out the most of an instance: the first of the linearization that adds
    /// to it.
    pub(super) fn solid_base(&self, class: ClassRef, dicts: Dicts) -> Option<ClassRef> {
        self.linear(class)?.into_iter().find_map(|it| {
            let is_solid = match it {
                ClassRef::Std(it) => it.is_solid(),
                ClassRef::Project(id) => match self.own_layout(id).slots {
                    Some(false) if dicts == Dicts::Inside => self.makes_dict_inside(id),
                    slots => slots,
                },
            };
            match is_solid {
                Some(false) => None,
                Some(true) => Some(Some(it)),
                None => Some(None),
            }
        })?
    }

    /// Whether a class gives instances of different sizes their `__dict__`.
    fn makes_dict_inside(&self, class: ClassId) -> Option<bool> {
        if self.own_layout(class).dict != Some(true)
            || !self.is_variable(ClassRef::Project(class))?
        {
            return Some(false);
        }
        let mut bases = self.run_time_bases(class)?.into_iter();
        bases.try_fold(true, |is_first, (_, base)| Some(is_first && !self.has_dict(base)?))
    }

    /// Whether instances of a class have a `__dict__`.
    pub fn has_dict(&self, class: ClassRef) -> Option<bool> {
        self.any_adds(class, |it| match it {
            ClassRef::Std(it) => it.has_dict(),
            ClassRef::Project(id) => self.own_layout(id).dict,
        })
    }

    /// Whether instances of a class can be referred to weakly.
    pub fn has_weakref(&self, class: ClassRef) -> Option<bool> {
        // What is of varying size has room for it only if it was made so.
        let is_variable = self.is_variable(class)?;
        self.any_adds(class, |it| match it {
            ClassRef::Std(it) if is_variable => match it.is_variable() {
                Some(true) => it.has_weakref(),
                other => other,
            },
            ClassRef::Std(it) => it.has_weakref(),
            ClassRef::Project(_) if is_variable => Some(false),
            ClassRef::Project(id) => self.own_layout(id).weakref,
        })
    }

    /// Whether instances of a class are of different sizes, so that slots cannot follow.
    pub fn is_variable(&self, class: ClassRef) -> Option<bool> {
        self.any_adds(class, |it| match it {
            ClassRef::Std(it) => it.is_variable(),
            ClassRef::Project(_) => Some(false),
        })
    }

    /// Whether one of a class's linearization adds something.
    fn any_adds(&self, class: ClassRef, adds: impl Fn(ClassRef) -> Option<bool>) -> Option<bool> {
        let mut answer = Some(false);
        for class in self.linear(class)? {
            match adds(class) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => answer = None,
            }
        }
        answer
    }

    /// The linearization of a class of the project or of the standard library.
    pub fn linear(&self, class: ClassRef) -> Option<Vec<ClassRef>> {
        match class {
            ClassRef::Project(id) => self.known_mro(id).map(<[_]>::to_vec),
            ClassRef::Std(it) => {
                let rest = it.mro()?.map(ClassRef::Std);
                Some(std::iter::once(class).chain(rest).collect())
            }
        }
    }
}
