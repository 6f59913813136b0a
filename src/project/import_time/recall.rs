//! What calls came to: a call that does nothing but compute is not run again.
//!
//! Modules call the same few functions again and again while they are imported (they compile
//! patterns, make columns and numbers), and most of that is the same to the interpreter, which does
//! not tell one unknown value from another. A call is remembered with what it was given and with
//! the modules whose names it may have looked up, as they were; only if nothing happened on the way
//! that anyone else could see.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHasher};

use super::calls::Arguments;
use super::interpreter::Interpreter;
use super::looks::{Look, Looks, Outer, has_imports};
use super::names::Locals;
use super::values::{Function, ModuleId, Symbol, Value};
use crate::project::FileId;

/// So many items of a sequence are compared one by one; longer ones are the same if they are the
/// very same object.
const MOST_COMPARED: usize = 6;

/// So deep a sequence of sequences is looked into.
const DEEPEST: usize = 3;

/// So many calls of one hash are kept; no more are in earnest.
const MOST_OF_ONE: usize = 8;

/// So many calls are kept before all are forgotten.
const MOST_KEPT: usize = 1 << 13;

/// How a module's names stood at some time: a number that no other state has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp(pub(super) u64);

/// The calls that are remembered, and what those under way have looked at.
#[derive(Default)]
pub(super) struct Recall {
    calls: Calls,
    /// What the code that is under way has looked at.
    pub(super) looks: Looks,
    /// Counts what happens that others can see.
    effects: u64,
    /// The state of all classes: what their attributes were set to after they were made.
    classes: Stamp,
    /// The outermost of the calls under way on whose being there the outcome of the innermost
    /// depends: what calls itself is not followed for ever.
    depends_on: usize,
}

/// Calls that are remembered.
#[derive(Default)]
pub(super) struct Calls {
    by_hash: FxHashMap<u64, Vec<Remembered>>,
    count: usize,
}

/// A call that was run.
struct Remembered {
    file: FileId,
    head: usize,
    module: ModuleId,
    given: Given,
    /// The calls under way, if it depends on them.
    within: Option<u64>,
    looks: Rc<[Look]>,
    classes: Stamp,
    result: Value,
}

/// What a call is given.
struct Given {
    /// The names around the function, and their state.
    around: Option<(Rc<Locals>, u64)>,
    /// Where it is not certain that it happens, exceptions are taken otherwise.
    is_doubtful: bool,
    /// How many calls of the same function are under way.
    at_once: usize,
    bound_to: Option<Value>,
    arguments: Arguments,
    named: Box<[(Symbol, Value)]>,
    defaults: Box<[(u32, Value)]>,
}

/// What is known of a call.
pub(super) enum Recalled {
    /// What it came to when it was run before.
    Result(Value),
    /// Nothing: it is to be run.
    Nothing(Pending),
}

/// A call that is about to be run, to be remembered when it is over.
pub(super) struct Pending {
    hash: u64,
    given: Given,
    effects: u64,
    outer: Outer,
    depends_on: usize,
}

impl Recall {
    /// Something happened that others can see: its number, which is a state of its own.
    pub(super) fn effect(&mut self) -> Stamp {
        self.effects += 1;
        Stamp(self.effects)
    }

    /// How much has happened.
    pub(super) fn effects(&self) -> u64 {
        self.effects
    }

    /// A class was changed after it was made.
    pub(super) fn class_changed(&mut self) {
        self.classes = self.effect();
    }

    /// Forgets all calls.
    pub(super) fn forget(&mut self) {
        self.calls = Calls::default();
    }

    /// Forgets the calls that have run import statements.
    pub(super) fn forget_imports(&mut self) {
        self.calls.by_hash.retain(|_, calls| {
            calls.retain(|call| !has_imports(&call.looks));
            !calls.is_empty()
        });
    }

    /// Takes all calls away, for the time being.
    pub(super) fn take_calls(&mut self) -> Calls {
        std::mem::take(&mut self.calls)
    }

    /// Puts them back in place of others.
    pub(super) fn put_calls(&mut self, calls: Calls) {
        self.calls = calls;
    }

    /// A call is not followed, since the one at this depth is under way already.
    pub(super) fn cut_short(&mut self, depth: usize) {
        self.depends_on = self.depends_on.min(depth);
    }
}

impl Interpreter<'_> {
    /// What a call came to when it was run before, or what it takes to remember it. `outer` is what
    /// its looks began after.
    pub(super) fn recall(
        &mut self,
        function: &Function,
        (outer, at_once): (Outer, usize),
        arguments: &Arguments,
        named: &[(Symbol, Value)],
    ) -> Recalled {
        let is_doubtful = self.may > 0;
        let mut hasher = FxHasher::default();
        (function.file, function.head, is_doubtful, at_once).hash(&mut hasher);
        hash_each(function.bound_to.iter(), &mut hasher);
        hash_each(arguments.iter().flatten(), &mut hasher);
        hash_each(named.iter().map(|(_, value)| value), &mut hasher);
        let hash = hasher.finish();
        let known = self.recall.calls.by_hash.get(&hash).and_then(|calls| {
            calls.iter().find(|it| {
                it.file == function.file
                    && it.head == function.head
                    && it.module == function.module
                    && it.within.is_none_or(|it| it == self.under_way())
                    && it.classes == self.recall.classes
                    && it.given.is_doubtful == is_doubtful
                    && it.given.at_once == at_once
                    && it.given.is(function, arguments, named)
                    && self.is_as_it_was(&it.looks)
            })
        });
        if let Some(known) = known {
            let (result, depends) = (known.result.clone(), known.within.is_some());
            let looks = Rc::clone(&known.looks);
            self.recall.looks.end(outer);
            if self.is_noted() {
                self.recall.looks.add(&looks);
            }
            if depends {
                self.recall.cut_short(0);
            }
            return Recalled::Result(result);
        }
        let around = function.around.as_ref();
        let given = Given {
            around: around.map(|around| (Rc::clone(around), around.state())),
            is_doubtful,
            at_once,
            bound_to: function.bound_to.clone(),
            arguments: arguments.clone(),
            named: named.into(),
            defaults: function.defaults.clone().into(),
        };
        let pending = Pending {
            hash,
            given,
            effects: self.recall.effects,
            outer,
            depends_on: std::mem::replace(&mut self.recall.depends_on, usize::MAX),
        };
        Recalled::Nothing(pending)
    }

    /// Remembers what a call came to, if it did nothing but compute. It was run as deep as so many
    /// calls.
    pub(super) fn remember(
        &mut self,
        function: &Function,
        pending: Pending,
        depth: usize,
        result: Option<&Value>,
    ) {
        let Pending { hash, given, effects, outer, depends_on } = pending;
        let recall = &self.recall;
        let is_own = recall.depends_on >= depth;
        let within = (!is_own).then(|| self.under_way());
        let recall = &mut self.recall;
        recall.depends_on = recall.depends_on.min(depends_on);
        let Some(result) = result.filter(|it| effects == recall.effects && is_plain(it)) else {
            recall.looks.end(outer);
            return;
        };
        let looks = recall.looks.inner(&outer);
        recall.looks.end(outer);
        recall.looks.add(&looks);
        let looks = looks.into();
        let (file, head, module) = (function.file, function.head, function.module);
        let (classes, result) = (recall.classes, result.clone());
        recall.calls.count += 1;
        if recall.calls.count > MOST_KEPT {
            recall.forget();
        }
        let calls = recall.calls.by_hash.entry(hash).or_default();
        if calls.len() == MOST_OF_ONE {
            calls.remove(0);
        }
        calls.push(Remembered { file, head, module, given, within, looks, classes, result });
    }

    /// The calls that are under way, as a number.
    fn under_way(&self) -> u64 {
        let mut hasher = FxHasher::default();
        self.running.iter().for_each(|it| (it.file, it.head).hash(&mut hasher));
        hasher.finish()
    }
}

impl Given {
    fn is(&self, function: &Function, arguments: &Arguments, named: &[(Symbol, Value)]) -> bool {
        let is_same_named = |(one, other): (&(Symbol, Value), &(Symbol, Value))| {
            one.0 == other.0 && is_same(&one.1, &other.1, DEEPEST)
        };
        let is_same_default = |(one, other): (&(u32, Value), &(u32, Value))| {
            one.0 == other.0 && is_same(&one.1, &other.1, DEEPEST)
        };
        let are_same_arguments = match (&self.arguments, arguments) {
            (Some(one), Some(other)) => are_same(one, other, DEEPEST),
            (None, None) => true,
            _ => false,
        };
        let is_same_around = match (&self.around, &function.around) {
            (Some((one, state)), Some(other)) => Rc::ptr_eq(one, other) && *state == other.state(),
            (None, None) => true,
            _ => false,
        };
        is_same_around
            && are_same_arguments
            && are_same(self.bound_to.as_slice(), function.bound_to.as_slice(), DEEPEST)
            && self.named.len() == named.len()
            && self.named.iter().zip(named).all(is_same_named)
            && self.defaults.len() == function.defaults.len()
            && self.defaults.iter().zip(&function.defaults).all(is_same_default)
    }
}

/// Whether a value can be given to others: it has no names of its own that may change.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Lazy(_) => false,
        Value::Sequence(items) => items.len() <= MOST_COMPARED && items.iter().all(is_plain),
        Value::Dictionary(items) => items.is_empty(),
        _ => true,
    }
}

fn hash_each<'v>(values: impl Iterator<Item = &'v Value>, hasher: &mut FxHasher) {
    for value in values {
        std::mem::discriminant(value).hash(hasher);
        match value {
            Value::Boolean(it) | Value::Some(it) => it.hash(hasher),
            Value::Integer(it) => it.hash(hasher),
            Value::String(it) | Value::Builtin(it) => it.hash(hasher),
            Value::Module(it) => it.hash(hasher),
            Value::Class(it) | Value::Instance(it) => Rc::as_ptr(it).hash(hasher),
            Value::Function(it) => (it.file, it.head).hash(hasher),
            Value::Sequence(items) => items.len().hash(hasher),
            Value::Dictionary(items) => items.len().hash(hasher),
            Value::Unknown | Value::None | Value::Opaque(_) | Value::Known(_) | Value::Lazy(_) => {}
        }
    }
}

fn are_same(one: &[Value], other: &[Value], depth: usize) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other, depth))
}

/// Whether two values are the same in all that can be asked of them.
fn is_same(one: &Value, other: &Value, depth: usize) -> bool {
    match (one, other) {
        (Value::Builtin(one), Value::Builtin(other)) => one == other,
        (Value::Module(one), Value::Module(other)) => one == other,
        (Value::Known(one), Value::Known(other)) => one == other,
        (Value::Class(one), Value::Class(other))
        | (Value::Instance(one), Value::Instance(other)) => Rc::ptr_eq(one, other),
        (Value::Function(one), Value::Function(other)) => {
            Rc::ptr_eq(one, other) || depth > 0 && is_same_function(one, other, depth - 1)
        }
        (Value::Sequence(one), Value::Sequence(other)) => {
            Rc::ptr_eq(one, other)
                || depth > 0 && one.len() <= MOST_COMPARED && are_same(one, other, depth - 1)
        }
        (Value::Dictionary(one), Value::Dictionary(other)) => {
            Rc::ptr_eq(one, other) || one.is_empty() && other.is_empty()
        }
        _ => one.is_plainly(other),
    }
}

fn is_same_around(one: Option<&Rc<Locals>>, other: Option<&Rc<Locals>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Rc::ptr_eq(one, other),
        (None, None) => true,
        _ => false,
    }
}

fn is_same_function(one: &Function, other: &Function, depth: usize) -> bool {
    (one.file, one.head, one.module) == (other.file, other.head, other.module)
        && is_same_around(one.around.as_ref(), other.around.as_ref())
        && (one.kind, one.is_uncertain) == (other.kind, other.is_uncertain)
        && are_same(one.bound_to.as_slice(), other.bound_to.as_slice(), depth)
        && one.defaults.len() == other.defaults.len()
        && one
            .defaults
            .iter()
            .zip(&other.defaults)
            .all(|(one, other)| one.0 == other.0 && is_same(&one.1, &other.1, depth))
}
