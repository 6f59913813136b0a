//! Why a class is linearized as it is, and why not: for people, one class at a time.

use super::linearization::steps;
use super::{ClassId, ClassRef, Definer, Item, MergeStep, Mro, Project};
use crate::facts::{Callee, MemberKind, Slots};

/// Something that keeps a linearization from being known.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt {
    /// The class of whose bases it is about: the one asked for, or one above it.
    pub class: ClassId,
    /// The place of the base among those as written; `None` where it is about the list.
    pub base: Option<usize>,
    /// What it is.
    pub reason: Reason,
}

/// Why a base, or what is above it, is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// `*bases` or `**keywords` in the class statement.
    Hidden,
    /// It is imported from outside of the project, by this name, and was not found in an
    /// environment.
    Outside(String),
    /// It is no class that can be told by its name: computed, or bound more than once.
    Computed,
    /// The versions of Python differ in what is above it.
    Varies,
    /// Its own class statement raises.
    Raises,
    /// It is a base of itself.
    Circle,
    /// What it names as its metaclass is no class, or called by a metaclass of its own.
    Metaclass,
    /// Its metaclass has a hand in what classes are made of.
    Maker,
    /// It has a decorator that may have made another class of it.
    Decorated,
    /// Its slots are computed.
    Slots,
    /// Only a stub tells of it.
    Stub,
    /// The versions of Python differ in what this class of the standard library is.
    Differs(String),
}

/// What `super().method` in a class comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Next {
    /// The method that is reached: `None` for none, which is an `AttributeError`.
    pub reached: Option<Definer>,
    /// The classes of whose instances it is so.
    pub for_instances_of: Vec<ClassId>,
}

impl Project {
    /// The classes that a dotted name may mean: by their full names, through re-exports, or by the
    /// end of their full names, if that alone is given.
    pub fn classes_named(&self, name: &str) -> Vec<ClassId> {
        let exact: Vec<ClassId> =
            self.classes().filter(|it| self.full_name(ClassRef::Project(*it)) == name).collect();
        if !exact.is_empty() {
            return exact;
        }
        let mut through: Vec<ClassId> = self
            .files()
            .filter_map(|(file, _)| match self.resolve_absolute(file, name) {
                Item::Class(class) => Some(class),
                _ => None,
            })
            .collect();
        through.sort_unstable();
        through.dedup();
        if !through.is_empty() {
            return through;
        }
        let is_end = |class: ClassId| {
            let full = self.full_name(ClassRef::Project(class));
            full.strip_suffix(name).is_some_and(|before| before.ends_with('.'))
        };
        self.classes().filter(|it| is_end(*it)).collect()
    }

    /// The name of a class with its module: `shop.orders.Order`.
    pub fn full_name(&self, class: ClassRef) -> String {
        match class {
            ClassRef::Std(class) => {
                let name = class.name();
                name.strip_prefix("builtins.").unwrap_or(name).to_owned()
            }
            ClassRef::Project(id) => {
                let (file, facts) = self.class(id);
                let file = self.file(file);
                let name = file.qualified_name(facts.name, facts.holder());
                format!("{}.{name}", file.module().as_str())
            }
        }
    }

    /// The merge that linearizes a class: `None` where a list of it is not known.
    pub fn merge_steps(&self, class: ClassId) -> Option<Vec<MergeStep<ClassRef>>> {
        let bases: Vec<ClassRef> =
            self.run_time_bases(class)?.into_iter().map(|(_, base)| base).collect();
        let mut lists = Vec::new();
        for base in &bases {
            lists.push(self.linear_list(*base)?);
        }
        lists.push(bases);
        Some(steps(lists))
    }

    /// The linearization of a class, itself included.
    fn linear_list(&self, class: ClassRef) -> Option<Vec<ClassRef>> {
        match class {
            ClassRef::Project(id) => Some(self.known_mro(id)?.to_vec()),
            ClassRef::Std(std) => {
                let rest = std.mro()?.map(ClassRef::Std);
                Some(std::iter::once(class).chain(rest).collect())
            }
        }
    }

    /// All that keeps the linearization of a class from being known.
    pub fn doubts(&self, class: ClassId) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        let mut seen = vec![class];
        let mut next = 0;
        while let Some(class) = seen.get(next).copied() {
            next += 1;
            if !matches!(self.mro(class), Mro::Unknown) {
                continue;
            }
            if !self.is_made_by_type(class) {
                doubts.push(Doubt { class, base: None, reason: Reason::Metaclass });
            }
            if self.class(class).1.has_hidden_bases() {
                doubts.push(Doubt { class, base: None, reason: Reason::Hidden });
            }
            for (at, (base, found)) in self.bases(class).enumerate() {
                let mut add = |reason| doubts.push(Doubt { class, base: Some(at), reason });
                match found {
                    None => {
                        let item = self.resolve(self.class(class).0, base.target);
                        add(match item {
                            Item::Outside(outside) => Reason::Outside(self.outside_name(outside)),
                            _ => Reason::Computed,
                        });
                    }
                    Some(ClassRef::Std(std)) if std.mro().is_none() => add(Reason::Varies),
                    Some(ClassRef::Std(_)) => {}
                    Some(ClassRef::Project(id)) => match self.mro(id) {
                        Mro::Known(_) => {}
                        Mro::Error(_) => add(Reason::Raises),
                        Mro::Unknown if id == class => add(Reason::Circle),
                        Mro::Unknown if !seen.contains(&id) => seen.push(id),
                        Mro::Unknown => {}
                    },
                }
            }
        }
        doubts
    }

    /// All that keeps from being known what instances of a class hold, and what makes it, though its
    /// linearization is known.
    pub fn doubts_about_making(&self, class: ClassId) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        for entry in self.known_mro(class).unwrap_or_default() {
            let id = match *entry {
                ClassRef::Project(id) => id,
                ClassRef::Std(it) => {
                    if it.has_dict().and(it.has_weakref()).and(it.metaclass()).is_none() {
                        let reason = Reason::Differs(self.full_name(*entry));
                        doubts.push(Doubt { class, base: None, reason });
                    }
                    continue;
                }
            };
            let mut add = |reason| doubts.push(Doubt { class: id, base: None, reason });
            match self.own_metaclass(id) {
                Some(None) => add(Reason::Metaclass),
                Some(Some(it)) if !self.is_plain_enough(it) => add(Reason::Maker),
                _ => {}
            }
            if !self.has_known_decorators(id) {
                add(Reason::Decorated);
            }
            if self.class(id).1.slots() == Slots::Dynamic {
                add(Reason::Slots);
            }
            if self.is_stubbed(id) {
                add(Reason::Stub);
            }
        }
        doubts
    }

    /// What `super().method` in the body of a class comes to, for instances of each class of the
    /// project that has it in its linearization.
    pub fn next_of(&self, class: ClassId, method: &str) -> Vec<Next> {
        let mut all: Vec<Next> = Vec::new();
        let own = std::iter::once(class);
        for instance in own.chain(self.descendants(class)) {
            let Some(mro) = self.known_mro(instance) else { continue };
            let Some(at) = mro.iter().position(|it| *it == ClassRef::Project(class)) else {
                continue;
            };
            let reached = self.definers(&mro[at + 1..], method).next();
            match all.iter_mut().find(|it| it.reached == reached) {
                Some(same) => same.for_instances_of.push(instance),
                None => all.push(Next { reached, for_instances_of: vec![instance] }),
            }
        }
        all
    }

    /// The special methods that a class's own body defines, or its table of the standard library;
    /// none of `object`.
    pub fn special_names(&self, class: ClassRef) -> Vec<String> {
        match class {
            ClassRef::Std(class) if class.is_object() => Vec::new(),
            ClassRef::Std(class) => {
                let names = class.special_names().filter(|name| !NO_METHODS.contains(name));
                names.map(str::to_owned).collect()
            }
            ClassRef::Project(id) => {
                let (file, _) = self.class(id);
                let facts = self.file(file);
                let members = facts.members().of(self.index_of(id)).iter();
                let bound = members.filter(|it| it.kind() != MemberKind::Annotation);
                let names = bound.map(|it| facts.text(it.name));
                let is_special = |name: &&str| {
                    name.len() > 4
                        && name.starts_with("__")
                        && name.ends_with("__")
                        && !NO_METHODS.contains(name)
                };
                names.filter(is_special).map(str::to_owned).collect()
            }
        }
    }

    /// The names that the methods of a class call on `super()`.
    pub fn super_methods(&self, class: ClassId) -> Vec<String> {
        let (file, _) = self.class(class);
        let facts = self.file(file);
        let mut names = Vec::new();
        for member in facts.members().of(self.index_of(class)) {
            let MemberKind::Function(index) = member.kind() else { continue };
            for call in facts.calls().of(index) {
                if let Callee::Super(name) = call.callee() {
                    names.push(facts.text(name).to_owned());
                }
            }
        }
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// What class bodies bind that looks special and is no method.
const NO_METHODS: &[&str] = &[
    "__all__",
    "__annotations__",
    "__doc__",
    "__match_args__",
    "__module__",
    "__qualname__",
    "__slots__",
];
