//! What code has looked at in the modules around it. As long as all of that is the same, the code
//! comes to the same.

use std::rc::Rc;

use super::interpreter::{Interpreter, Loaded};
use super::recall::Stamp;
use super::values::{ModuleId, Symbol, Value};
use crate::project::modules::Package;

/// So many items of a sequence are compared one by one.
const MOST_COMPARED: usize = 6;

/// So many looks of one piece of code may be there more than once.
const MANY: usize = 1024;

/// So many looks can be told to be known at once.
const FRESH: usize = 64;

/// One look at a module.
#[derive(Clone, Debug)]
pub(super) struct Look {
    module: ModuleId,
    /// At which name; [`EVERYTHING`] for all of the module.
    name: Symbol,
    seen: Seen,
}

impl Look {
    /// Whether it is a look at a module.
    pub(super) fn is_at(&self, module: ModuleId) -> bool {
        self.module == module
    }

    /// At which name.
    pub(super) fn name(&self) -> Symbol {
        self.name
    }
}

/// What was seen.
#[derive(Clone, Debug)]
enum Seen {
    Value(Value),
    /// It has no such name, and none is asked of its `__getattr__`.
    Nothing,
    /// The module as a whole.
    State(Stamp),
    /// What stands in `sys.modules`.
    Loaded(Loaded),
    /// What the code itself has bound: no look from outside.
    Own,
}

/// Stands for all names of a module, and whatever else there is of it.
const EVERYTHING: Symbol = Symbol(u32::MAX);

/// Stands for the place of a module in `sys.modules`.
const PLACE: Symbol = Symbol(u32::MAX - 1);

/// The looks of all code that is under way, those of inner code last.
pub(super) struct Looks {
    all: Vec<Look>,
    /// Where those of the innermost code begin.
    begin: usize,
    /// Where some of them are that were there not long ago.
    fresh: [usize; FRESH],
}

impl Default for Looks {
    fn default() -> Looks {
        Looks { all: Vec::new(), begin: 0, fresh: [0; FRESH] }
    }
}

impl Looks {
    /// Begins with inner code: tells where the looks of outer code end, and where they begin.
    pub(super) fn begin(&mut self) -> Outer {
        let outer = Outer { end: self.all.len(), begin: self.begin };
        self.begin = outer.end;
        outer
    }

    /// Ends with inner code, whose looks are forgotten.
    pub(super) fn drop_inner(&mut self, outer: Outer) {
        self.all.truncate(outer.end);
        self.begin = outer.begin;
    }

    /// Ends with inner code, whose looks are those of the outer code, too.
    pub(super) fn end(&mut self, outer: Outer) {
        self.begin = outer.begin;
    }

    /// A name of a module was looked up.
    pub(super) fn at_name(&mut self, module: ModuleId, name: Symbol, value: Option<&Value>) {
        if !self.is_known(module, name) {
            let seen = value.map_or(Seen::Nothing, |value| Seen::Value(value.clone()));
            self.push(Look { module, name, seen });
        }
    }

    /// Something else was asked of a module.
    pub(super) fn at_module(&mut self, module: ModuleId, state: Stamp) {
        if !self.is_known(module, EVERYTHING) {
            self.push(Look { module, name: EVERYTHING, seen: Seen::State(state) });
        }
    }

    /// A module was looked up in `sys.modules`.
    pub(super) fn at_place(&mut self, package: Package, loaded: Loaded) {
        // The first module object of a package has its number.
        let module = ModuleId(package.index() as u32);
        if !self.is_known(module, PLACE) {
            self.push(Look { module, name: PLACE, seen: Seen::Loaded(loaded) });
        }
    }

    /// A name of a module was bound by the code that looks.
    pub(super) fn at_own(&mut self, module: ModuleId, name: Symbol) {
        if !self.is_known(module, name) {
            self.push(Look { module, name, seen: Seen::Own });
        }
    }

    /// Whether the innermost code is known to have looked there; if not, it is about to.
    fn is_known(&mut self, module: ModuleId, name: Symbol) -> bool {
        let slot = (name.0 ^ module.0 << 3) as usize % FRESH;
        let at = self.fresh[slot];
        let is_it = |look: &Look| (look.module, look.name) == (module, name);
        if at >= self.begin && self.all.get(at).is_some_and(is_it) {
            return true;
        }
        self.fresh[slot] = self.all.len();
        false
    }

    fn push(&mut self, look: Look) {
        let is_full = self.all.len() == self.all.capacity();
        if is_full && self.all.len() - self.begin > MANY {
            let own = self.behind(self.begin);
            self.all.extend(own);
        }
        self.all.push(look);
    }

    /// The looks of inner code, each once, as it was at first.
    pub(super) fn inner(&mut self, outer: &Outer) -> Vec<Look> {
        self.behind(outer.end)
    }

    fn behind(&mut self, first: usize) -> Vec<Look> {
        each_once(self.all.split_off(first))
    }

    /// Notes looks of before once more.
    pub(super) fn add(&mut self, looks: &[Look]) {
        for look in looks {
            if !self.is_known(look.module, look.name) {
                self.push(look.clone());
            }
        }
    }
}

/// Looks, each once, as it was at first.
pub(super) fn each_once(mut looks: Vec<Look>) -> Vec<Look> {
    looks.sort_by_key(|look| (look.module, look.name));
    looks.dedup_by_key(|look| (look.module, look.name));
    looks
}

/// Code during which inner code runs, and its looks.
pub(super) struct Outer {
    end: usize,
    begin: usize,
}

/// Whether an import statement was run.
pub(super) fn has_imports(looks: &[Look]) -> bool {
    looks.iter().any(|look| look.name == PLACE)
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
        if self.is_noted() {
            self.recall.looks.at_name(module, name, value);
        }
        value.cloned()
    }

    /// Notes that what is to come depends on all there is of a module.
    pub(super) fn look_at(&mut self, module: ModuleId) {
        if self.is_noted() {
            let state = self.module(module).stamp;
            self.recall.looks.at_module(module, state);
        }
    }

    /// Notes where an import statement has found a module that was there.
    pub(super) fn look_at_place(&mut self, package: Package) {
        if self.is_noted()
            && let Some(loaded) = self.world.by_package.get(&package)
        {
            self.recall.looks.at_place(package, *loaded);
        }
    }

    /// Whether anybody wants to know what the code that runs looks at.
    pub(super) fn is_noted(&self) -> bool {
        self.replay.is_noting() || !self.running.is_empty()
    }

    /// Whether some code would see what it saw before.
    pub(super) fn is_as_it_was(&self, looks: &[Look]) -> bool {
        let mut last = None;
        looks.iter().all(|look| {
            if let Seen::Loaded(loaded) = look.seen {
                let package = self.project.modules.numbered(look.module.0 as usize);
                return self.world.by_package.get(&package) == Some(&loaded);
            }
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
