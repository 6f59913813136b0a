//! Exceptions that say that there is nothing, and those that do not.

use crate::Case;
use crate::random::Random;

/// What `__getattr__` does, with an attribute `values` of the class.
#[rustfmt::skip]
const ATTRIBUTES: &[&str] = &[
    "return self.values[name]",
    "found = self.values[name]\n        return found",
    "raise KeyError(name)",
    "raise LookupError('no ' + name)",
    "raise AttributeError(name)",
    "return self.values.get(name)",
    "try:\n            return self.values[name]\n        except KeyError:\n            raise AttributeError(name)",
    "if name in self.values:\n            return self.values[name]\n        raise AttributeError(name)",
    "if name not in self.values:\n            raise KeyError(name)\n        return self.values[name]",
    "if name.startswith('_'):\n            raise AttributeError(name)\n        raise KeyError(name)",
];

pub(crate) fn attributes(random: &mut Random, _: (u8, u8)) -> Case {
    let body = *random.of(ATTRIBUTES);
    let text = format!(
        "\
class C:
    values = {{'a': 1}}
    def __getattr__(self, name):
        {body}

def probe():
    C().a if 'raise KeyError(name)' not in {body:?} else None
    hasattr(C(), 'missing')
    return 'fine'
"
    );
    Case {
        text,
        rule: "wrong-exception-in-dunder",
        fine: |answer| matches!(answer, "fine" | "AttributeError"),
        fits: |answer, message| match answer {
            "KeyError" | "LookupError" => message.contains(answer),
            _ => false,
        },
        is_mended: true,
    }
}

/// Loops by index.
pub(crate) fn items(random: &mut Random, _: (u8, u8)) -> Case {
    let error = *random.of(&[
        "IndexError",
        "ValueError",
        "KeyError",
        "RuntimeError",
        "LookupError",
        "StopIteration",
    ]);
    let test = *random.of(&["index >= 3", "index > 2", "not 0 <= index < 3", "3 <= index"]);
    let body = match random.below(4) {
        0 => "return [1, 2, 3][index % 3]".to_owned(),
        1 => "return (1, 2, 3)[index]".to_owned(),
        _ => format!("if {test}:\n            raise {error}('too large')\n        return index"),
    };
    let iter = match random.below(3) {
        0 => "def __iter__(self): return iter([1])",
        _ => "",
    };
    let text = format!(
        "\
class C:
    {iter}
    def __len__(self): return 3
    def __getitem__(self, index):
        {body}

def probe():
    for count, _ in enumerate(C()):
        if count > 50:
            return 'endless'
    return 'fine'
"
    );
    // What never ends is another rule's.
    let rule = match body.contains('%') {
        true => "incomplete-dataset-protocol",
        false => "wrong-exception-in-dunder",
    };
    Case {
        text,
        rule,
        fine: |answer| answer == "fine",
        fits: |answer, message| match answer {
            "endless" => message.ends_with("never ends"),
            error => message.contains(&format!("`{error}`")),
        },
        is_mended: true,
    }
}

/// What may keep a proxy from asking itself while it is copied.
#[rustfmt::skip]
const KEEPERS: &[&str] = &[
    "", "", "inner = None", "def __setstate__(self, state): self.__dict__.update(state)",
    "def __reduce__(self): return (C, (1,))", "def __copy__(self): return C(self.inner)",
    "inner: int", "__slots__ = ('inner', '__dict__')",
];

pub(crate) fn copies(random: &mut Random, _: (u8, u8)) -> Case {
    let keeper = *random.of(KEEPERS);
    let body = *random.of(&[
        "return getattr(self.inner, name)",
        "found = getattr(self.inner, name)\n        return found",
        "if name.startswith('__'):\n            raise AttributeError(name)\n        return getattr(self.inner, name)",
        "if name == 'inner':\n            raise AttributeError(name)\n        return getattr(self.inner, name)",
    ]);
    let text = format!(
        "\
import copy

class C:
    {keeper}
    def __init__(self, inner):
        self.inner = inner
    def __getattr__(self, name):
        {body}

def probe():
    copy.copy(C(1))
    return 'fine'
"
    );
    Case {
        text,
        rule: "wrong-exception-in-dunder",
        fine: |answer| answer == "fine",
        fits: |answer, message| answer == "RecursionError" && message.ends_with("`RecursionError`"),
        is_mended: true,
    }
}
