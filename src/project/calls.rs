//! The call graph: which function a call runs, on which object.
//!
//! What a method calls on its first parameter depends on the class of the object, and that on where
//! the way through the calls began: a node of the graph is a function together with what is known of
//! its object. What cannot be resolved is no edge.

use super::{ClassId, ClassRef, FunctionId, Item, Project};
use crate::facts::{CallFacts, Callee, FunctionFacts, MemberFacts, MemberKind, Target, TargetKind};

/// A function that runs, and the object it runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Frame {
    pub(super) function: FunctionId,
    pub(super) receiver: Receiver,
}

/// What is known of the object that a method runs on; for a class method, of the class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Receiver {
    /// Nothing, or there is none.
    Unknown,
    /// It is an instance of this class.
    Exactly(ClassId),
    /// It is an instance of this class or of one below it.
    OrBelow(ClassId),
}

impl Receiver {
    pub(super) fn class(self) -> Option<ClassId> {
        match self {
            Receiver::Unknown => None,
            Receiver::Exactly(class) | Receiver::OrBelow(class) => Some(class),
        }
    }
}

/// How a function must be decorated for a use of its name to run it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Decorated {
    /// Not at all.
    Not,
    /// As a class method.
    ClassMethod,
    /// As a static method.
    StaticMethod,
    /// As a property: a read runs it.
    Property,
}

impl Project {
    /// What a call runs, where that is known.
    pub(super) fn callee(&self, frame: Frame, call: &CallFacts) -> Option<Frame> {
        let (file, facts) = self.function(frame.function);
        let text = |name| self.file(file).text(name);
        let on_class = || match text(facts.name) {
            "__new__" | "__init_subclass__" | "__class_getitem__" => true,
            _ => self.decorated(frame.function) == Some(Decorated::ClassMethod),
        };
        let callee = match call.callee() {
            Callee::Method(name) => {
                let class = frame.receiver.class()?;
                let (owner, member) = self.lookup(class, text(name))??;
                self.member_frame(owner, member?, frame.receiver, on_class())?
            }
            Callee::Attribute(name) => {
                let class = frame.receiver.class()?;
                let (owner, member) = self.lookup(class, text(name))??;
                let function = self.member_function(owner, member?)?;
                if self.decorated(function) != Some(Decorated::Property) || on_class() {
                    return None;
                }
                Frame { function, receiver: frame.receiver }
            }
            Callee::Super(name) => {
                let class = frame.receiver.class()?;
                let (owner, member) = self.next_member(class, frame.function, text(name))?;
                self.member_frame(owner, member, frame.receiver, on_class())?
            }
            Callee::Target(target) => match self.resolve(file, target) {
                Item::Function(function) => self.named_frame(frame, call, function)?,
                Item::Class(class) => self.constructor(class, "__init__")?,
                _ => return None,
            },
        };
        runs_when_called(self.function_facts(callee.function)).then_some(callee)
    }

    /// What a call of a class runs besides its `__init__`.
    pub(super) fn maker(&self, frame: Frame, call: &CallFacts) -> Option<Frame> {
        let Callee::Target(target) = call.callee() else { return None };
        if !matches!(target.kind(), TargetKind::Class(_) | TargetKind::Absolute(_)) {
            return None;
        }
        let (file, _) = self.function(frame.function);
        let Item::Class(class) = self.resolve(file, target) else { return None };
        let maker = self.constructor(class, "__new__")?;
        runs_when_called(self.function_facts(maker.function)).then_some(maker)
    }

    /// Whether each run of a frame that comes to a call runs the callee, however the object's class
    /// came about: `None` where the callee may not even be what the name means.
    pub(super) fn is_always(&self, frame: Frame, call: &CallFacts, callee: Frame) -> Option<bool> {
        let (file, _) = self.function(frame.function);
        let name = match call.callee() {
            Callee::Method(name) | Callee::Attribute(name) | Callee::Super(name) => {
                self.file(file).text(name)
            }
            Callee::Target(target) => {
                let Item::Class(class) = self.resolve(file, target) else { return Some(true) };
                return self.is_made_by(class, callee.function);
            }
        };
        // What an object has of its own goes before its class, but for properties.
        let is_method = matches!(call.callee(), Callee::Method(_));
        let hides = |class: ClassId| is_method && self.sets(class, name);
        if frame.receiver.class().is_some_and(|class| {
            self.known_mro(class)
                .unwrap_or(&[ClassRef::Project(class)])
                .iter()
                .any(|it| matches!(it, ClassRef::Project(id) if hides(*id)))
        }) {
            return None;
        }
        let Receiver::OrBelow(class) = frame.receiver else { return Some(true) };
        let is_same = |below: ClassId| {
            if self.known_mro(below).is_none() || hides(below) {
                return false;
            }
            let found = match call.callee() {
                Callee::Super(_) => self.next_member(below, frame.function, name),
                _ => self.lookup(below, name).flatten().and_then(|(owner, it)| Some((owner, it?))),
            };
            found.and_then(|(owner, it)| self.member_function(owner, it)) == Some(callee.function)
        };
        Some(self.descendants(class).into_iter().all(is_same))
    }

    /// What decorates a function, outermost first.
    pub fn decorators_of(&self, function: FunctionId) -> &[Target] {
        let (file, _) = self.function(function);
        self.file(file).function_decorators().of(self.index_of_function(function))
    }

    /// How a function is decorated, if a use of its name runs it all the same.
    pub(super) fn decorated(&self, function: FunctionId) -> Option<Decorated> {
        let (file, _) = self.function(function);
        let facts = self.file(file);
        match self.decorators_of(function) {
            [] => Some(Decorated::Not),
            [only] => {
                let TargetKind::Builtin(name) = only.kind() else { return None };
                match facts.text(name) {
                    "classmethod" => Some(Decorated::ClassMethod),
                    "staticmethod" => Some(Decorated::StaticMethod),
                    "property" => Some(Decorated::Property),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// A method that is called on the object (or, by a class method, on the class) of the caller.
    fn member_frame(
        &self,
        owner: ClassRef,
        member: &MemberFacts,
        receiver: Receiver,
        on_class: bool,
    ) -> Option<Frame> {
        let function = self.member_function(owner, member)?;
        let receiver = match self.decorated(function)? {
            Decorated::Property => return None,
            Decorated::StaticMethod => Receiver::Unknown,
            Decorated::ClassMethod => receiver,
            // `cls.method(thing)`: the object is another one.
            Decorated::Not if on_class => Receiver::Unknown,
            Decorated::Not => receiver,
        };
        Some(Frame { function, receiver })
    }

    /// A function that is called by its name.
    fn named_frame(&self, frame: Frame, call: &CallFacts, function: FunctionId) -> Option<Frame> {
        let receiver = match self.decorated(function)? {
            Decorated::Property => return None,
            Decorated::StaticMethod => Receiver::Unknown,
            Decorated::ClassMethod => Receiver::Exactly(self.class_of_method(function)?),
            // `Base.method(self)`
            Decorated::Not if call.passes_self() => frame.receiver,
            Decorated::Not => Receiver::Unknown,
        };
        Some(Frame { function, receiver })
    }

    /// What runs under this name when an instance is made.
    fn constructor(&self, class: ClassId, name: &str) -> Option<Frame> {
        let (owner, member) = self.lookup(class, name)??;
        let function = self.member_function(owner, member?)?;
        let is_plain =
            matches!(self.decorated(function), Some(Decorated::Not | Decorated::StaticMethod));
        is_plain.then_some(Frame { function, receiver: Receiver::Exactly(class) })
    }

    /// Whether each call of a class runs this method of it: `None` where it calls something else.
    fn is_made_by(&self, class: ClassId, method: FunctionId) -> Option<bool> {
        let mro = self.known_mro(class)?;
        let is_enumeration =
            |it: &ClassRef| matches!(it, ClassRef::Std(it) if it.name().starts_with("enum."));
        if mro.iter().any(is_enumeration) {
            return None;
        }
        let is_plain =
            |it: &ClassRef| !matches!(it, ClassRef::Project(id) if !self.is_plainly_made(*id));
        let (file, facts) = self.function(method);
        let is_maker = self.file(file).text(facts.name) == "__new__";
        // What `__new__` returns may be something else, and `__init__` is not called then.
        let is_reached = || {
            self.definers(mro, "__new__")
                .all(|it| matches!(it.class, ClassRef::Std(class) if class.is_object()))
        };
        Some(mro.iter().all(is_plain) && (is_maker || is_reached()))
    }

    /// What `super().name` reaches from a method in the linearization of a class.
    fn next_member(
        &self,
        class: ClassId,
        method: FunctionId,
        name: &str,
    ) -> Option<(ClassRef, &MemberFacts)> {
        let own = ClassRef::Project(self.class_of_method(method)?);
        let mro = self.known_mro(class)?;
        let at = mro.iter().position(|it| *it == own)?;
        for entry in &mro[at + 1..] {
            match entry {
                ClassRef::Project(id) => {
                    if let Some(member) = self.member(*id, name) {
                        return Some((*entry, member));
                    }
                }
                ClassRef::Std(class) if class.defines(name) => return None,
                ClassRef::Std(_) => {}
            }
        }
        None
    }

    fn member_function(&self, owner: ClassRef, member: &MemberFacts) -> Option<FunctionId> {
        let ClassRef::Project(owner) = owner else { return None };
        let MemberKind::Function(index) = member.kind() else { return None };
        let (file, _) = self.class(owner);
        Some(self.function_of(file, index))
    }

    /// Whether methods of a class set an attribute on their first parameter.
    fn sets(&self, class: ClassId, name: &str) -> bool {
        let (file, _) = self.class(class);
        self.file(file).attribute(self.index_of(class), name).is_some()
    }
}

/// Whether calling a function runs its body: not for generators and coroutines.
pub(super) fn runs_when_called(facts: &FunctionFacts) -> bool {
    !facts.is_async() && !facts.is_generator() && !facts.is_stub()
}
