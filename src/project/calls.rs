//! What calling a function costs, through the functions it calls.
//!
//! A cost is a lower bound: what cannot be resolved adds nothing. Only what is asked about is
//! looked at; the answer does not depend on what was asked before.

use ruff_text_size::TextRange;

use super::{ClassId, ClassRef, FileId, FunctionId, Item, Mro, Project};
use crate::facts::{CallFacts, Callee, CostLevel, MemberFacts, MemberKind, Target, TargetKind};

/// How many calls away something that always happens still counts.
const FARTHEST_CERTAIN: usize = 6;

/// How many calls away something that happens on a branch still counts.
const FARTHEST_POSSIBLE: usize = 3;

/// The dearest thing that calling a function does, and the way there.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// How expensive.
    pub level: CostLevel,
    /// What is called in the end: an absolute dotted name, or a method name after a dot.
    pub what: String,
    /// Whether each call does it.
    pub is_certain: bool,
    /// From the function asked about to the expensive call: the last step is that call.
    pub path: Vec<Step>,
}

/// A call on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The file it is in.
    pub file: FileId,
    /// Where the callee is written.
    pub range: TextRange,
    /// The function that is called; `None` for the last step.
    pub callee: Option<FunctionId>,
}

impl Project {
    /// What calling a function costs at least: the nearest certain cost, else the nearest possible
    /// one. `None` for what is cheap or keeps its result.
    pub fn cost(&self, function: FunctionId) -> Option<Cost> {
        self.nearest_cost(function, true, FARTHEST_CERTAIN)
            .or_else(|| self.nearest_cost(function, false, FARTHEST_POSSIBLE))
    }

    /// Breadth first, so that the shortest way is found; in source order, so that it is the same
    /// one each time.
    fn nearest_cost(&self, start: FunctionId, is_certain: bool, farthest: usize) -> Option<Cost> {
        let mut seen = vec![start];
        let mut frontier: Vec<(FunctionId, Vec<Step>)> = vec![(start, Vec::new())];
        for _ in 0..farthest {
            let mut next = Vec::new();
            for (function, path) in frontier {
                let (file, facts) = self.function(function);
                if facts.is_memo() || (function != start && !runs_when_called(facts)) {
                    continue;
                }
                let index = self.index_of_function(function);
                let costs = self.file(file).costs().of(index).iter();
                let costs = costs.filter(|it| it.is_certain() || !is_certain);
                if let Some(cost) =
                    costs.max_by_key(|it| (it.level(), std::cmp::Reverse(it.range().start())))
                {
                    let mut path = path;
                    path.push(Step { file, range: cost.range(), callee: None });
                    let what = self.file(file).text(cost.what).to_owned();
                    return Some(Cost { level: cost.level(), what, is_certain, path });
                }
                let calls = self.file(file).calls().of(index).iter();
                for call in calls.filter(|it| it.is_certain() || !is_certain) {
                    let Some(callee) = self.callee(function, call) else { continue };
                    if seen.contains(&callee) {
                        continue;
                    }
                    seen.push(callee);
                    let mut path = path.clone();
                    path.push(Step { file, range: call.range(), callee: Some(callee) });
                    next.push((callee, path));
                }
            }
            frontier = next;
        }
        None
    }

    /// The function that a call of `function` calls, where it is certain which.
    pub fn callee(&self, function: FunctionId, call: &CallFacts) -> Option<FunctionId> {
        let (file, facts) = self.function(function);
        let class = facts.holder().class().map(|index| self.class_of(file, index));
        match call.callee() {
            Callee::Method(name) => {
                self.method(class?, self.file(file).text(name), Decorated::Plainly)
            }
            Callee::Attribute(name) => {
                self.method(class?, self.file(file).text(name), Decorated::AsProperty)
            }
            Callee::Super(name) => self.next_method(class?, self.file(file).text(name)),
            Callee::Target(target) => match self.resolve(file, target) {
                Item::Function(function) => {
                    self.decorators_of(function).is_empty().then_some(function)
                }
                Item::Class(class) => self.method(class, "__init__", Decorated::Plainly),
                _ => None,
            },
        }
    }

    /// What decorates a function, outermost first.
    pub fn decorators_of(&self, function: FunctionId) -> &[Target] {
        let (file, _) = self.function(function);
        self.file(file).function_decorators().of(self.index_of_function(function))
    }

    /// The project's function that a class has under a name, its own or inherited.
    fn method(&self, class: ClassId, name: &str, decorated: Decorated) -> Option<FunctionId> {
        let (owner, member) = self.lookup(class, name)??;
        self.member_function(owner, member?, decorated)
    }

    /// What `super().name` reaches from a class in its own linearization.
    fn next_method(&self, class: ClassId, name: &str) -> Option<FunctionId> {
        let Mro::Known(mro) = self.mro(class) else { return None };
        for entry in &mro[1..] {
            match entry {
                ClassRef::Project(id) => {
                    if let Some(member) = self.member(*id, name) {
                        return self.member_function(*entry, member, Decorated::Plainly);
                    }
                }
                ClassRef::Std(class) if class.defines(name) => return None,
                ClassRef::Std(_) => {}
            }
        }
        None
    }

    fn member_function(
        &self,
        owner: ClassRef,
        member: &MemberFacts,
        decorated: Decorated,
    ) -> Option<FunctionId> {
        let ClassRef::Project(owner) = owner else { return None };
        let MemberKind::Function(index) = member.kind() else { return None };
        let (file, _) = self.class(owner);
        let function = self.function_of(file, index);
        let builtin = |target: &Target| match target.kind() {
            TargetKind::Builtin(name) => self.file(file).text(name),
            _ => "",
        };
        let fits = match (decorated, self.decorators_of(function)) {
            (Decorated::Plainly, []) => true,
            (Decorated::Plainly, [only]) => matches!(builtin(only), "classmethod" | "staticmethod"),
            (Decorated::AsProperty, [only]) => builtin(only) == "property",
            _ => false,
        };
        fits.then_some(function)
    }
}

/// How a function must be decorated for a use of its name to run it.
#[derive(Clone, Copy)]
enum Decorated {
    /// Not at all, or as a class or static method: a call runs it.
    Plainly,
    /// As a property: a read runs it.
    AsProperty,
}

/// Whether calling a function runs its body: not for generators and coroutines.
fn runs_when_called(facts: &crate::facts::FunctionFacts) -> bool {
    !facts.is_async() && !facts.is_generator() && !facts.is_stub()
}
