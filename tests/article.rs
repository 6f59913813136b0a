//! What the article teaches, in words of our own: its warnings are found, and its good examples
//! are left alone. All rules run, without settings, as on a file that stands alone.

#![allow(clippy::disallowed_methods, reason = "tests write files of their own")]

use std::fs;

use dunderlint::config::{Overrides, Resolver};
use dunderlint::diagnostic::Diagnostic;
use dunderlint::engine::{FileToCheck, RunOptions, run};
use dunderlint::rules::CHAPTERS;

/// The rules that speak about some files, in the order of the files.
fn spoken(files: &[(&str, &str)]) -> Vec<String> {
    spoken_for(None, files)
}

/// The rules that speak about files that are for Pythons from a version on, if one is given.
fn spoken_for(target: Option<&str>, files: &[(&str, &str)]) -> Vec<String> {
    found_for(target, files).into_iter().map(|it| it.rule.into_owned()).collect()
}

fn found_for(target: Option<&str>, files: &[(&str, &str)]) -> Vec<Diagnostic> {
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
    outcome.files.into_iter().flat_map(|file| file.diagnostics).collect()
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

/// The two modules of the article that import each other.
const CIRCLE: [(&str, &str); 2] = [
    ("a.py", "from b import B\n\nclass A:\n    def method(self):\n        return B()\n"),
    ("b.py", "from a import A\n\nclass B:\n    def method(self):\n        return A()\n"),
];

#[test]
fn the_circle_fails_with_the_words_of_python() {
    let words = "cannot import name 'A' from partially initialized module 'a' (most likely due to a circular import) (a.py)";
    let message = format!("importing `a` first fails: `ImportError: {words}`");
    let found = found_for(None, &CIRCLE);
    let [finding] = &found[..] else { panic!("one finding is expected: {found:?}") };
    assert_eq!(finding.message, message);
}

#[test]
fn each_way_out_of_the_circle_is_one() {
    let [a, b] = CIRCLE;
    let common = ("common.py", "class A: ...\n\nclass B: ...\n");
    let a_of_common = ("a.py", "from common import A, B\n");
    let b_of_common = ("b.py", "from common import A, B\n");
    assert!(spoken(&[a_of_common, b_of_common, common]).is_empty(), "common code moves");
    let when_called =
        "class B:\n    def method(self):\n        from a import A\n        return A()\n";
    assert!(spoken(&[a, ("b.py", when_called)]).is_empty(), "imported when it is called");
    let for_type_checkers = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from a import A\n\nclass B:\n    def method(self) -> \"A\":\n        from a import A\n        return A()\n";
    assert!(spoken(&[a, ("b.py", for_type_checkers)]).is_empty(), "imported for type checkers");
    assert_eq!(spoken(&[a, b]), ["circular-import"]);
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
