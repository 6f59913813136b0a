//! Names and what they stand for: of modules, classes, and of functions that run.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use super::values::{Symbol, Value};

/// The names of a function, lambda or comprehension that runs.
#[derive(Debug)]
pub(super) struct Locals {
    names: RefCell<Namespace>,
    pub(super) around: Option<Rc<Locals>>,
    pub(super) is_comprehension: bool,
    /// How often one of the names got another value.
    changes: Cell<u64>,
}

impl Locals {
    pub(super) fn new(
        names: Namespace,
        around: Option<Rc<Locals>>,
        is_comprehension: bool,
    ) -> Locals {
        Locals { names: names.into(), around, is_comprehension, changes: Cell::default() }
    }

    /// A name of it or of what is around.
    pub(super) fn find(&self, name: Symbol) -> Option<Value> {
        let mut at = self;
        loop {
            if let Some(value) = at.names.borrow().get(name) {
                return Some(value.clone());
            }
            at = at.around.as_deref()?;
        }
    }

    pub(super) fn set(&self, name: Symbol, value: Value) {
        let mut names = self.names.borrow_mut();
        if !names.get(name).is_some_and(|old| old.is_plainly(&value)) {
            self.changes.set(self.changes.get() + 1);
        }
        names.set(name, value);
    }

    pub(super) fn remove(&self, name: Symbol) {
        self.changes.set(self.changes.get() + 1);
        self.names.borrow_mut().remove(name);
    }

    /// Lets go of the names of a call that is over, if only functions know them that only the names
    /// know.
    pub(super) fn release(self: &Rc<Locals>) {
        let is_own = |value: &Value| match value {
            Value::Function(function) => {
                let around = function.around.as_ref();
                Rc::strong_count(function) == 1 && around.is_some_and(|it| Rc::ptr_eq(it, self))
            }
            _ => false,
        };
        let own = self.names.borrow().iter().filter(|(_, value)| is_own(value)).count();
        if Rc::strong_count(self) == own + 1 {
            self.forget();
        }
    }

    fn forget(&self) {
        let names = std::mem::take(&mut *self.names.borrow_mut());
        drop(names);
    }

    /// A number that is another one when a name of it or of what is around got another value.
    pub(super) fn state(&self) -> u64 {
        self.changes.get() + self.around.as_deref().map_or(0, Locals::state)
    }
}

/// The names of functions that inner functions know, and which in turn may know these: nobody else
/// would let go of them.
#[derive(Default)]
pub(super) struct Captured {
    all: Vec<Weak<Locals>>,
    /// How many there were when those that are gone were left out.
    before: usize,
}

impl Captured {
    pub(super) fn add(&mut self, locals: &Rc<Locals>) {
        if self.all.len() > 2 * self.before + 64 {
            self.all.retain(|it| it.strong_count() > 0);
            self.before = self.all.len();
        }
        let is_last = self.all.last().is_some_and(|it| it.as_ptr() == Rc::as_ptr(locals));
        if !is_last {
            self.all.push(Rc::downgrade(locals));
        }
    }
}

impl Drop for Captured {
    fn drop(&mut self) {
        self.all.iter().filter_map(Weak::upgrade).for_each(|locals| locals.forget());
    }
}

/// Names and their values, in the order in which they were bound.
#[derive(Clone, Debug, Default)]
pub(super) struct Namespace {
    items: Vec<(Symbol, Option<Value>)>,
    /// Once there are more than a few: a table, at most half full, of one more than the places of
    /// the names. Each is where its number says, or behind that.
    places: Vec<u32>,
}

/// So many names are looked through faster than they are hashed.
const FEW: usize = 8;

impl Namespace {
    /// Names that are bound, each once.
    pub(super) fn of(names: Vec<(Symbol, Value)>) -> Namespace {
        let items = names.into_iter().map(|(name, value)| (name, Some(value))).collect();
        let mut namespace = Namespace { items, places: Vec::new() };
        if namespace.items.len() > FEW {
            namespace.make_places();
        }
        namespace
    }

    /// Empty, with room for so many names.
    pub(super) fn with_room(count: usize) -> Namespace {
        let places = match count > FEW {
            true => vec![0; count.next_power_of_two() * 2],
            false => Vec::new(),
        };
        Namespace { items: Vec::with_capacity(count), places }
    }

    pub(super) fn get(&self, name: Symbol) -> Option<&Value> {
        self.items[self.place(name)?].1.as_ref()
    }

    pub(super) fn set(&mut self, name: Symbol, value: Value) {
        if let Some(place) = self.place(name) {
            self.items[place].1 = Some(value);
            return;
        }
        self.items.push((name, Some(value)));
        if self.items.len() * 2 > self.places.len() && self.items.len() > FEW {
            self.make_places();
        } else if !self.places.is_empty() {
            self.enter(self.items.len() - 1);
        }
    }

    fn make_places(&mut self) {
        self.places = vec![0; self.items.len().next_power_of_two() * 4];
        (0..self.items.len()).for_each(|place| self.enter(place));
    }

    pub(super) fn remove(&mut self, name: Symbol) {
        if let Some(place) = self.place(name) {
            self.items[place].1 = None;
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Symbol, &Value)> {
        self.items.iter().filter_map(|(name, value)| Some((*name, value.as_ref()?)))
    }

    fn place(&self, name: Symbol) -> Option<usize> {
        if self.places.is_empty() {
            return self.items.iter().position(|(other, _)| *other == name);
        }
        let mut at = self.slot(name);
        loop {
            let place = self.places[at].checked_sub(1)? as usize;
            if self.items[place].0 == name {
                return Some(place);
            }
            at = (at + 1) & (self.places.len() - 1);
        }
    }

    /// Enters the name at a place into the table.
    fn enter(&mut self, place: usize) {
        let mut at = self.slot(self.items[place].0);
        while self.places[at] != 0 {
            at = (at + 1) & (self.places.len() - 1);
        }
        self.places[at] = place as u32 + 1;
    }

    /// Where a name is in the table, if no other is there.
    fn slot(&self, name: Symbol) -> usize {
        // Names that belong together have numbers near one another.
        name.0.wrapping_mul(0x9e37_79b1) as usize >> 7 & (self.places.len() - 1)
    }
}
