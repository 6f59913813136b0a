//! Abstract members: which of them a class has left, so that it refuses to be instantiated.

use super::{ClassId, ClassRef, FunctionId, Project};
use crate::facts::{FileFacts, MemberKind, Slots, Target, TargetKind};

/// A member that is left abstract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbstractMember {
    /// Its name.
    pub name: Box<str>,
    /// The class that declares it abstract.
    pub class: ClassRef,
    /// The function, where the project has it.
    pub function: Option<FunctionId>,
}

/// What `abc.ABCMeta` finds abstract in a class when it is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Abstracts {
    /// The members that are abstract for certain, sorted by name.
    pub left: Vec<AbstractMember>,
    /// Whether there are no others.
    pub is_complete: bool,
}

/// What a class body's binding of a name means for whether it is abstract.
enum Binding {
    Abstract(Option<FunctionId>),
    Concrete,
    Unknown,
}

/// Decorators that mark a function abstract.
const MARKS: &[&str] = &[
    "abc.abstractmethod",
    "abc.abstractproperty",
    "abc.abstractclassmethod",
    "abc.abstractstaticmethod",
];

/// Decorators that make what they return as abstract as what they are given.
const TRANSPARENT: &[&str] = &[
    "contextlib.asynccontextmanager",
    "contextlib.contextmanager",
    "functools.cache",
    "functools.lru_cache",
    "typing.final",
    "typing.overload",
    "typing.override",
    "typing_extensions.final",
    "typing_extensions.overload",
    "typing_extensions.override",
];

/// Those of them that are builtins.
const TRANSPARENT_BUILTINS: &[&str] = &["classmethod", "property", "staticmethod"];

impl Project {
    /// The abstract members that a class has left: those of its own body and of its bases that no
    /// class before them in the linearization overrides.
    pub fn abstracts(&self, class: ClassId) -> &Abstracts {
        // A class's bases have known linearizations if it has one: there is no circle.
        let find = || self.find_abstracts(class).unwrap_or_default();
        self.abstracts.get(self, class, find)
    }

    /// Whether a class is made by `abc.ABCMeta` or a metaclass below it that leaves its work alone.
    /// `None` where the metaclass is not known.
    pub fn is_abc(&self, class: ClassRef) -> Option<bool> {
        let metaclass = self.metaclass(class)?;
        self.derives(metaclass, ClassRef::Std(self.std("abc.ABCMeta")?))
    }

    fn find_abstracts(&self, class: ClassId) -> Option<Abstracts> {
        self.known_mro(class)?;
        if !self.is_abc(ClassRef::Project(class))? {
            return Some(Abstracts { left: Vec::new(), is_complete: true });
        }
        let metaclass = self.metaclass(ClassRef::Project(class))?;
        if !self.is_plain(metaclass) || !self.has_known_decorators(class) {
            return None;
        }
        let mut found = Abstracts { left: Vec::new(), is_complete: true };
        self.add_own(class, &mut found);
        for (_, base) in self.run_time_bases(class)? {
            match base {
                ClassRef::Std(base) => match base.abstract_members() {
                    Some(members) => members.for_each(|name| self.add(class, name, &mut found)),
                    None => found.is_complete = false,
                },
                ClassRef::Project(base) => {
                    let above = self.abstracts(base);
                    found.is_complete &= above.is_complete;
                    above.left.iter().for_each(|it| self.add(class, &it.name, &mut found));
                }
            }
        }
        found.left.sort_by(|a, b| a.name.cmp(&b.name));
        Some(found)
    }

    /// The abstract members of a class's own body.
    fn add_own(&self, class: ClassId, found: &mut Abstracts) {
        let (file, _) = self.class(class);
        let facts = self.file(file);
        for member in facts.members().of(self.index_of(class)) {
            let name = facts.text(member.name);
            match self.own_binding(class, name) {
                Some(Binding::Abstract(function)) => {
                    let class = ClassRef::Project(class);
                    found.left.push(AbstractMember { name: name.into(), class, function });
                }
                Some(Binding::Unknown) if !matches!(member.kind(), MemberKind::Value) => {
                    found.is_complete = false;
                }
                _ => {}
            }
        }
    }

    /// Adds a member that a base has left abstract, unless the class gets it from elsewhere.
    fn add(&self, class: ClassId, name: &str, found: &mut Abstracts) {
        if found.left.iter().any(|it| *it.name == *name) {
            return;
        }
        match self.inherited_binding(class, name) {
            Some((class, Binding::Abstract(function))) => {
                found.left.push(AbstractMember { name: name.into(), class, function });
            }
            Some((_, Binding::Concrete)) => {}
            Some((_, Binding::Unknown)) | None => found.is_complete = false,
        }
    }

    /// The first binding of a name along the linearization of a class.
    fn inherited_binding(&self, class: ClassId, name: &str) -> Option<(ClassRef, Binding)> {
        self.known_mro(class)?.iter().find_map(|class| {
            let binding = match class {
                ClassRef::Project(id) => self.own_binding(*id, name)?,
                ClassRef::Std(it) if it.defines(name) => {
                    let is_abstract = it.abstract_members()?.any(|member| member == name);
                    match it.surely_defines(name) {
                        true if is_abstract => Binding::Abstract(None),
                        true => Binding::Concrete,
                        false => Binding::Unknown,
                    }
                }
                ClassRef::Std(_) => return None,
            };
            Some((*class, binding))
        })
    }

    /// What a class's own body binds a name to. `None` where it does not.
    fn own_binding(&self, class: ClassId, name: &str) -> Option<Binding> {
        let (file, class_facts) = self.class(class);
        let (facts, index) = (self.file(file), self.index_of(class));
        let Some(member) = facts.member(index, name) else {
            return self.implied_binding(class, name);
        };
        Some(match member.kind() {
            MemberKind::Function(function) => match self.is_marked(facts, function) {
                Some(true) => Binding::Abstract(Some(self.function_of(file, function))),
                Some(false) => Binding::Concrete,
                None => match self.is_any_marked(facts, index, name) {
                    Some(function) => Binding::Abstract(Some(self.function_of(file, function))),
                    None => Binding::Unknown,
                },
            },
            MemberKind::Class(_) | MemberKind::None | MemberKind::Container => Binding::Concrete,
            // An annotation binds nothing, but the decorators that make slots of them do.
            MemberKind::Annotation => match class_facts.dataclass().map(|it| it.slots) {
                None | Some(Some(false)) => return self.implied_binding(class, name),
                Some(_) => Binding::Unknown,
            },
            MemberKind::Value | MemberKind::Ambiguous => Binding::Unknown,
        })
    }

    /// What a class gets without a binding in its body: slots, and what decorators write.
    fn implied_binding(&self, class: ClassId, name: &str) -> Option<Binding> {
        let (file, class_facts) = self.class(class);
        let facts = self.file(file);
        // Who defines `__eq__` alone gets `__hash__ = None` with it.
        let has_eq = || {
            let eq = facts.member(self.index_of(class), "__eq__");
            eq.is_some_and(|it| it.kind() != MemberKind::Annotation)
        };
        if name == "__hash__" && has_eq() {
            return Some(Binding::Concrete);
        }
        let slots = facts.slots().of(self.index_of(class));
        match class_facts.slots() {
            Slots::Names if slots.iter().any(|it| facts.text(*it) == name) => {
                return Some(Binding::Concrete);
            }
            Slots::Dynamic => return Some(Binding::Unknown),
            _ => {}
        }
        let decorators = facts.class_decorators().of(self.index_of(class));
        let writes = name.starts_with("__") && !decorators.is_empty();
        writes.then_some(Binding::Unknown)
    }

    /// Whether the decorators of a function make it abstract; `None` where one is not known.
    fn is_marked(&self, facts: &FileFacts, function: u32) -> Option<bool> {
        let decorators = facts.function_decorators().of(function);
        let is_mark = |target: &Target| match target.kind() {
            TargetKind::Absolute(name) => MARKS.iter().any(|it| facts.is_dotted(name, it)),
            _ => false,
        };
        let is_transparent = |target: &Target| match target.kind() {
            TargetKind::Absolute(name) => TRANSPARENT.iter().any(|it| facts.is_dotted(name, it)),
            TargetKind::Builtin(name) => TRANSPARENT_BUILTINS.contains(&facts.text(name)),
            _ => false,
        };
        let mut is_abstract = false;
        for decorator in decorators {
            match is_mark(decorator) {
                true => is_abstract = true,
                false if is_transparent(decorator) => {}
                // What makes something new of the function may leave the mark behind, or not.
                false => return None,
            }
        }
        Some(is_abstract)
    }

    /// The first function of a class body with a name that is marked abstract, where all functions
    /// of the name are accessors of a property: each leaves the property abstract.
    fn is_any_marked(&self, facts: &FileFacts, class: u32, name: &str) -> Option<u32> {
        let is_it = |at: &u32| {
            let function = &facts.functions()[*at as usize];
            function.holder().class() == Some(class) && facts.text(function.name) == name
        };
        let of_name: Vec<u32> = (0..facts.functions().len() as u32).filter(is_it).collect();
        let first = *of_name.first()?;
        let is_property = facts.function_decorators().of(first).iter().any(|it| match it.kind() {
            TargetKind::Absolute(name) => facts.is_dotted(name, "abc.abstractproperty"),
            _ => facts.is_builtin(*it, "property"),
        });
        let is_first_marked = self.is_marked(facts, first) == Some(true);
        (of_name.len() > 1 && is_property && is_first_marked).then_some(first)
    }

    /// Whether calling a class raises `TypeError` for the abstract members that it has left.
    pub fn refuses_instances(&self, class: ClassId) -> bool {
        if self.abstracts(class).left.is_empty() {
            return false;
        }
        let Some(mro) = self.known_mro(class) else { return false };
        // A metaclass that `ABCMeta` has made has an `__abstractmethods__` of its own: what is set
        // on its classes stays an attribute like any other.
        let metaclass = self.metaclass(ClassRef::Project(class));
        if metaclass.and_then(|it| self.is_abc(it)) != Some(false) {
            return false;
        }
        // `object.__new__` is what refuses.
        let makes_instances = |class: &ClassRef| match class {
            ClassRef::Std(it) => {
                !it.is_object() && it.name() != "typing.Generic" && it.defines("__new__")
            }
            ClassRef::Project(id) => {
                self.member(*id, "__new__").is_some()
                    || self.member(*id, "__abstractmethods__").is_some()
                    || !self.has_known_decorators(*id)
            }
        };
        !mro.iter().any(makes_instances)
    }
}
