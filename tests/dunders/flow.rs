//! Ways through a method: whether one of them comes to the end without a value.

use crate::Case;
use crate::random::Random;

/// How deep blocks stand in one another.
const DEPTH: usize = 3;

pub(crate) fn case(random: &mut Random, version: (u8, u8)) -> Case {
    let mut body = String::new();
    let result = *random.of(&["str", "in place", "new"]);
    let (signature, value, probe, other) = match result {
        "str" => ("__str__(self)", "''", "str(x)", "''"),
        "in place" => ("__iadd__(self, other)", "self", "added(x)", "NotImplemented"),
        _ => ("__new__(cls)", "object.__new__(cls)", "made()", "object.__new__(cls)"),
    };
    let mut writer = Writer { random, version, values: [value, other], in_loop: false };
    writer.block(&mut body, 2, DEPTH);
    let text = format!(
        "\
import random

# What is answered, in this order; then by chance, or, in the search, no further.
ANSWERS = []
ASKED = 0
SEARCHES = True

class Stop(Exception): pass

def ask():
    global ASKED
    ASKED += 1
    if ASKED > (14 if SEARCHES else 40):
        raise Enough
    if not SEARCHES:
        return random.random() < 0.5
    if ASKED > len(ANSWERS):
        ANSWERS.append(False)
    return ANSWERS[ASKED - 1]

def work():
    if ask():
        raise ValueError
    return 1

def refuse():
    raise Stop

class Held:
    def __enter__(self): return self
    def __exit__(self, *raised): return False

class C:
    def __add__(self, other): return self
    def refuse(self):
        raise Stop
    def {signature}:
{body}

x = object.__new__(C)

def added(x):
    x += 1
    if x is None:
        raise TypeError

def made():
    if C() is None:
        raise TypeError

def falls_off():
    global ASKED
    ASKED = 0
    try:
        {probe}
    except TypeError:
        return True
    except (Stop, ValueError, AssertionError, Enough):
        pass
    return False

def probe():
    global SEARCHES
    # Each way with few answers, one after the other.
    for _ in range(20000):
        if falls_off():
            return 'falls off'
        del ANSWERS[ASKED:]
        while ANSWERS and ANSWERS[-1]:
            ANSWERS.pop()
        if not ANSWERS:
            break
        ANSWERS[-1] = True
    SEARCHES = False
    random.seed(1)
    return 'falls off' if any(falls_off() for _ in range(4000)) else 'fine'
"
    );
    Case {
        text,
        rule: "dunder-contract",
        fine: |answer| answer == "fine",
        fits: |answer, message| answer == "falls off" && message.contains("nothing"),
        is_mended: result == "in place",
    }
}

struct Writer<'r> {
    random: &'r mut Random,
    version: (u8, u8),
    values: [&'static str; 2],
    in_loop: bool,
}

impl Writer<'_> {
    fn line(text: &mut String, depth: usize, line: &str) {
        text.push_str(&"    ".repeat(depth));
        text.push_str(line);
        text.push('\n');
    }

    fn block(&mut self, text: &mut String, depth: usize, left: usize) {
        // Longer programs have ways that chance would not find.
        for _ in 0..=usize::from(self.random.once_in(3)) {
            self.statement(text, depth, left);
        }
    }

    fn simple(&mut self, text: &mut String, depth: usize) {
        let value = *self.random.of(&self.values);
        let line = match self.random.below(9) {
            0..4 => format!("return {value}"),
            4 => "work()".to_owned(),
            5 => "raise Stop".to_owned(),
            6 if self.in_loop => (*self.random.of(&["break", "continue"])).to_owned(),
            7 => (*self.random.of(&["refuse()", "assert False", "raise ValueError"])).to_owned(),
            _ => "done = work()".to_owned(),
        };
        Writer::line(text, depth, &line);
    }

    fn statement(&mut self, text: &mut String, depth: usize, left: usize) {
        if left == 0 {
            return self.simple(text, depth);
        }
        match self.random.below(10) {
            0..3 => {
                Writer::line(text, depth, "if ask():");
                self.block(text, depth + 1, left - 1);
                if self.random.once_in(3) {
                    Writer::line(text, depth, "elif ask():");
                    self.block(text, depth + 1, left - 1);
                }
                if self.random.once_in(2) {
                    Writer::line(text, depth, "else:");
                    self.block(text, depth + 1, left - 1);
                }
            }
            3 => {
                let head = *self.random.of(&["while ask():", "while True:"]);
                self.looped(text, depth, left, head);
            }
            4 => self.looped(text, depth, left, "for it in ([1] if ask() else []):"),
            5 => {
                Writer::line(text, depth, "with Held():");
                self.block(text, depth + 1, left - 1);
            }
            6 => {
                Writer::line(text, depth, "try:");
                Writer::line(text, depth + 1, "work()");
                self.block(text, depth + 1, left - 1);
                Writer::line(text, depth, "except ValueError:");
                self.block(text, depth + 1, left - 1);
                if self.random.once_in(3) {
                    Writer::line(text, depth, "else:");
                    self.block(text, depth + 1, left - 1);
                }
                if self.random.once_in(4) {
                    Writer::line(text, depth, "finally:");
                    Writer::line(text, depth + 1, "done = 1");
                }
            }
            7 if self.version >= (3, 10) => {
                Writer::line(text, depth, "match ask():");
                Writer::line(text, depth + 1, "case True:");
                self.block(text, depth + 2, left - 1);
                if self.random.once_in(2) {
                    Writer::line(text, depth + 1, "case _:");
                    self.block(text, depth + 2, left - 1);
                }
            }
            _ => self.simple(text, depth),
        }
    }

    fn looped(&mut self, text: &mut String, depth: usize, left: usize, head: &str) {
        Writer::line(text, depth, head);
        // A loop that is never left asks, so that it is ended from outside.
        Writer::line(text, depth + 1, "ask()");
        let outer = std::mem::replace(&mut self.in_loop, true);
        self.block(text, depth + 1, left - 1);
        self.in_loop = outer;
    }
}
