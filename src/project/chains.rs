//! Methods along a linearization: who has one, who goes on to the next, and where a chain ends.

use rustc_hash::FxHashSet;

use super::{ClassId, ClassRef, FunctionId, Item, Mro, Project};
use crate::facts::{CallFacts, Callee, FunctionFacts, MemberKind};

/// A class of a linearization that has a method of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Definer {
    /// The class.
    pub class: ClassRef,
    /// The method, if it is a function of the project that is bound for certain.
    pub function: Option<FunctionId>,
}

impl Project {
    /// The classes of a linearization whose own body binds a name, in order. A bare annotation binds
    /// nothing.
    pub fn definers<'p>(
        &'p self,
        mro: &'p [ClassRef],
        name: &'p str,
    ) -> impl Iterator<Item = Definer> + 'p {
        mro.iter().filter_map(move |class| match class {
            ClassRef::Project(id) => {
                let (file, _) = self.class(*id);
                let function = match self.member(*id, name)?.kind() {
                    MemberKind::Annotation => return None,
                    MemberKind::Function(index) => Some(self.function_of(file, index)),
                    _ => None,
                };
                Some(Definer { class: *class, function })
            }
            ClassRef::Std(it) => {
                it.defines(name).then_some(Definer { class: *class, function: None })
            }
        })
    }

    /// The linearization of a class, where it is known.
    pub fn known_mro(&self, class: ClassId) -> Option<&[ClassRef]> {
        match self.mro(class) {
            Mro::Known(mro) => Some(mro),
            Mro::Unknown | Mro::Error(_) => None,
        }
    }

    /// All classes below a class, however far, each once, in the order of their numbers.
    pub fn descendants(&self, class: ClassId) -> Vec<ClassId> {
        let mut found: Vec<ClassId> = self.subclasses(class).to_vec();
        let mut seen: FxHashSet<ClassId> = found.iter().copied().collect();
        let mut next = 0;
        while let Some(class) = found.get(next).copied() {
            next += 1;
            for below in self.subclasses(class) {
                if seen.insert(*below) {
                    found.push(*below);
                }
            }
        }
        found.sort_unstable();
        found
    }

    /// The methods of other classes that a method calls for its own object: `Base.method(self, …)`.
    pub fn explicit_calls(
        &self,
        function: FunctionId,
    ) -> impl Iterator<Item = (FunctionId, &CallFacts)> {
        let (file, _) = self.function(function);
        let calls = self.file(file).calls().of(self.index_of_function(function));
        calls.iter().filter(|call| call.passes_self()).filter_map(move |call| {
            let Callee::Target(target) = call.callee() else { return None };
            match self.resolve(file, target) {
                Item::Function(callee) => Some((callee, call)),
                _ => None,
            }
        })
    }

    /// The call of `super().name` in a function.
    pub fn super_call(&self, function: FunctionId, name: &str) -> Option<&CallFacts> {
        let (file, _) = self.function(function);
        let facts = self.file(file);
        let calls = facts.calls().of(self.index_of_function(function));
        calls.iter().find(|call| match call.callee() {
            Callee::Super(text) => facts.text(text) == name,
            _ => false,
        })
    }

    /// The first method of a class, other than those that make its instances, each call of which
    /// reads an attribute that its class does not set.
    pub fn reader_of(&self, class: ClassId, attribute: &str) -> Option<FunctionId> {
        let (file, _) = self.class(class);
        let facts = self.file(file);
        let members = facts.members().of(self.index_of(class));
        members.iter().find_map(|member| {
            let MemberKind::Function(index) = member.kind() else { return None };
            let makes = matches!(facts.text(member.name), "__init__" | "__new__" | "__post_init__");
            let reads = facts.calls().of(index).iter().any(|call| match call.callee() {
                Callee::Attribute(text) => call.is_certain() && facts.text(text) == attribute,
                _ => false,
            });
            (reads && !makes).then(|| self.function_of(file, index))
        })
    }

    /// The class that a function is a method of.
    pub fn class_of_method(&self, function: FunctionId) -> Option<ClassId> {
        let (file, facts) = self.function(function);
        Some(self.class_of(file, facts.holder().class()?))
    }

    /// The facts of a function.
    pub fn function_facts(&self, function: FunctionId) -> &FunctionFacts {
        self.function(function).1
    }
}
