//! What the article teaches, in words of our own: its warnings are found, and its good examples
//! are left alone. All rules run, without settings, as on a file that stands alone.

#![allow(clippy::disallowed_methods, reason = "tests write files of their own")]

use std::fs;

use dunderlint::config::{Overrides, Resolver};
use dunderlint::engine::{FileToCheck, RunOptions, run};
use dunderlint::rules::CHAPTERS;

/// The rules that speak about some files, in the order of the files.
fn spoken(files: &[(&str, &str)]) -> Vec<String> {
    spoken_for(None, files)
}

/// The rules that speak about files that are for Pythons from a version on, if one is given.
fn spoken_for(target: Option<&str>, files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder for the files");
    let overrides = Overrides {
        isolated: true,
        select: vec!["all".to_owned()],
        target_version: target.map(str::to_owned),
        ..Overrides::default()
    };
    let resolver = Resolver::new(CHAPTERS, overrides, folder.path().to_owned())
        .expect("there are no settings to be wrong");
    let settings = resolver.settings_for(folder.path()).expect("there are no settings");
    let listed = files.iter().map(|(path, text)| {
        let disk = folder.path().join(path);
        fs::write(&disk, text).expect("the folder can be written to");
        FileToCheck { path: (*path).to_owned(), disk, settings: settings.clone() }
    });
    let outcome = run(CHAPTERS, listed.collect(), &RunOptions::default(), &|_| ());
    let found = outcome.files.into_iter().flat_map(|file| file.diagnostics);
    found.map(|it| it.rule.into_owned()).collect()
}

fn alone(text: &str) -> Vec<String> {
    spoken(&[("snippet.py", text)])
}

#[test]
fn a_decorator_without_wraps_is_found() {
    let text = "
def announce(function):
    def inner(*args, **kwargs):
        print('calling', function.__name__)
        return function(*args, **kwargs)
    return inner

@announce
def train(epochs):
    return epochs * 2
";
    assert_eq!(alone(text), ["missing-functools-wraps"]);
}

#[test]
fn modules_that_import_each_other_are_found_once() {
    let orders = "from people import Person\n\nclass Order:\n    def owner(self):\n        return Person()\n";
    let people =
        "from orders import Order\n\nclass Person:\n    def last(self):\n        return Order()\n";
    let lazy = "class Person:\n    def last(self):\n        from orders import Order\n        return Order()\n";
    assert_eq!(spoken(&[("orders.py", orders), ("people.py", people)]), ["circular-import"]);
    assert!(spoken(&[("orders.py", orders), ("people.py", lazy)]).is_empty());
}

#[test]
fn compatibility_code_is_outdated_when_its_pythons_are_gone() {
    let said = |target| spoken_for(Some(target), &[("snippet.py", COMPATIBLE)]);
    // `division` is on in every Python 3.
    assert_eq!(said("3.8"), ["outdated-compat-code"]);
    assert_eq!(said("3.9"), ["outdated-compat-code"; 3]);
    assert!(alone(COMPATIBLE).is_empty());
}

#[test]
fn good_examples_are_left_alone() {
    for (what, text) in GOOD {
        assert_eq!(alone(text), Vec::<String>::new(), "{what}");
    }
}

/// What a naive linter would complain about, and should not.
const GOOD: &[(&str, &str)] = &[
    (
        "`wraps` that the snippet does not import",
        "
def repeat(times):
    def decorate(function):
        @wraps(function)
        def inner(*args, **kwargs):
            for _ in range(times):
                result = function(*args, **kwargs)
            return result
        return inner
    return decorate

@repeat(3)
def greet(name):
    print(name)
",
    ),
    (
        "a class decorator that keeps one instance",
        "
def only_one(cls):
    made = {}
    @wraps(cls)
    def get(*args, **kwargs):
        if cls not in made:
            made[cls] = cls(*args, **kwargs)
        return made[cls]
    return get

@only_one
class Connection:
    def __init__(self):
        self.is_open = True
",
    ),
    (
        "a class with `__repr__`, `__eq__` and `__hash__`",
        "
class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __repr__(self):
        return f'Point({self.x!r}, {self.y!r})'

    def __eq__(self, other):
        if not isinstance(other, Point):
            return NotImplemented
        return (self.x, self.y) == (other.x, other.y)

    def __hash__(self):
        return hash((self.x, self.y))
",
    ),
    (
        "the diamond",
        "
class Base:
    def hello(self):
        return 'base'

class Left(Base): ...
class Right(Base): ...
class Both(Left, Right): ...

print(Both.__mro__)
",
    ),
    (
        "an iterator that a loop goes over",
        "
class Down:
    def __init__(self, start):
        self.start = start

    def __iter__(self):
        return self

    def __next__(self):
        if self.start <= 0:
            raise StopIteration
        self.start -= 1
        return self.start + 1

for number in Down(5):
    print(number)
",
    ),
    (
        "a context manager with `finally`",
        "
from contextlib import contextmanager
import time

@contextmanager
def timed(label):
    start = time.time()
    try:
        yield
    finally:
        print(label, time.time() - start)
",
    ),
    (
        "a property that checks what it is given",
        "
class Run:
    @property
    def rate(self):
        return self._rate

    @rate.setter
    def rate(self, value):
        if value <= 0:
            raise ValueError('a rate is positive')
        self._rate = value
",
    ),
    (
        "a dataclass with a factory",
        "
from dataclasses import dataclass, field

@dataclass
class Config:
    name: str
    layers: list[int] = field(default_factory=list)
",
    ),
    ("compatibility with old Pythons, and no word on which", COMPATIBLE),
];

/// What old Pythons are told apart for: by version, and by what is missing.
const COMPATIBLE: &str = "
from __future__ import division
import sys

if sys.version_info >= (3, 9):
    def merge(a, b):
        return a | b
else:
    def merge(a, b):
        return {**a, **b}

try:
    from functools import cache
except ImportError:
    from functools import lru_cache
    cache = lru_cache(maxsize=None)
";
