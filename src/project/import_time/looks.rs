//! What code has looked at in the modules around it. As long as all of that is the same, the code
//! comes to the same.

use std::rc::Rc;

use super::interpreter::Interpreter;
use super::recall::Stamp;
use super::values::{ModuleId, Symbol, Value};

/// So many items of a sequence are compared one by one.
const MOST_COMPARED: usize = 6;

/// So many looks of one piece of code are kept as they come; of more, each is kept once.
const MANY: usize = 256;

/// One look at a module.
#[derive(Clone, Debug)]
pub(super) struct Look {
    module: ModuleId,
    /// At which name; [`EVERYTHING`] for all of the module.
    name: Symbol,
    seen: Seen,
}

/// What was seen.
#[derive(Clone, Debug)]
enum Seen {
    Value(Value),
    /// It has no such name, and none is asked of its `__getattr__`.
    Nothing,
    /// The module as a whole.
    State(Stamp),
    /// What the code itself has bound: no look from outside.
    Own,
}

/// Stands for all names of a module, and whatever else there is of it.
const EVERYTHING: Symbol = Symbol(u32::MAX);

/// The looks of all code that is under way, those of inner code last.
#[derive(Default)]
pub(super) struct Looks(Vec<Look>);

impl Looks {
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Forgets all but the first.
    pub(super) fn keep(&mut self, count: usize) {
        self.0.truncate(count);
    }

    /// A name of a module was looked up.
    pub(super) fn at_name(&mut self, module: ModuleId, name: Symbol, value: Option<&Value>) {
        let seen = value.map_or(Seen::Nothing, |value| Seen::Value(value.clone()));
        self.0.push(Look { module, name, seen });
    }

    /// Something else was asked of a module.
    pub(super) fn at_module(&mut self, module: ModuleId, state: Stamp) {
        self.0.push(Look { module, name: EVERYTHING, seen: Seen::State(state) });
    }

    /// A name of a module was bound by the code that looks.
    pub(super) fn at_own(&mut self, module: ModuleId, name: Symbol) {
        self.0.push(Look { module, name, seen: Seen::Own });
    }

    /// Takes the looks behind the first few, each once, as it was at first.
    pub(super) fn take(&mut self, first: usize) -> Vec<Look> {
        let mut own = self.0.split_off(first.min(self.0.len()));
        own.sort_by_key(|look| (look.module, look.name));
        own.dedup_by_key(|look| (look.module, look.name));
        own
    }

    /// Notes looks of before once more.
    pub(super) fn add(&mut self, looks: &[Look]) {
        self.0.extend_from_slice(looks);
    }

    /// Keeps each look behind the first few once, if there are many.
    pub(super) fn tidy(&mut self, first: usize) {
        if self.0.len() > first + MANY {
            let own = self.take(first);
            self.0.extend(own);
        }
    }
}

/// Drops what code has seen of its own work.
pub(super) fn from_outside(mut looks: Vec<Look>) -> Box<[Look]> {
    looks.retain(|look| !matches!(look.seen, Seen::Own));
    looks.into()
}

impl Interpreter<'_> {
    /// A name of a module, as it is bound there; that it was looked up is noted.
    pub(super) fn look_up(&mut self, module: ModuleId, name: Symbol) -> Option<Value> {
        let value = self.world.modules[&module].namespace.get(name);
        self.recall.looks.at_name(module, name, value);
        value.cloned()
    }

    /// Notes that what is to come depends on all there is of a module.
    pub(super) fn look_at(&mut self, module: ModuleId) {
        let state = self.module(module).stamp;
        self.recall.looks.at_module(module, state);
    }

    /// Whether some code would see what it saw before.
    pub(super) fn is_as_it_was(&self, looks: &[Look]) -> bool {
        let mut last = None;
        looks.iter().all(|look| {
            let module = match last {
                Some((id, module)) if id == look.module => module,
                _ => match self.world.modules.get(&look.module) {
                    Some(module) => module,
                    None => return false,
                },
            };
            last = Some((look.module, module));
            match (&look.seen, module.namespace.get(look.name)) {
                (Seen::State(state), _) => module.stamp == *state,
                (Seen::Value(value), Some(now)) => is_the_same(value, now),
                (Seen::Nothing, None) => true,
                _ => false,
            }
        })
    }
}

/// Whether two values are one: nothing can tell them apart, today or later.
pub(super) fn is_the_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Builtin(one), Value::Builtin(other)) => one == other,
        (Value::Module(one), Value::Module(other)) => one == other,
        (Value::Known(one), Value::Known(other)) => one == other,
        (Value::Class(one), Value::Class(other))
        | (Value::Instance(one), Value::Instance(other)) => Rc::ptr_eq(one, other),
        (Value::Function(one), Value::Function(other)) => Rc::ptr_eq(one, other),
        (Value::Lazy(one), Value::Lazy(other)) => Rc::ptr_eq(one, other),
        (Value::Sequence(one), Value::Sequence(other)) => {
            Rc::ptr_eq(one, other)
                || one.len() == other.len()
                    && one.len() <= MOST_COMPARED
                    && one.iter().zip(other.iter()).all(|(one, other)| is_the_same(one, other))
        }
        (Value::Dictionary(one), Value::Dictionary(other)) => {
            Rc::ptr_eq(one, other) || one.is_empty() && other.is_empty()
        }
        _ => one.is_plainly(other),
    }
}
