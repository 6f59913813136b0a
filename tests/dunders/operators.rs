//! Operators with operands of foreign types, and comparisons by identity.

use crate::Case;
use crate::random::Random;

/// What may stand before an `__eq__` reads the other operand.
#[rustfmt::skip]
const GUARDS: &[&str] = &[
    "pass", "pass", "'''Equality.'''", "if self is other:\n            return True",
    "if not isinstance(other, C):\n            return NotImplemented",
    "if type(other) is not C:\n            return NotImplemented",
    "if not hasattr(other, 'v'):\n            return False",
    "if other.__class__ is not C:\n            return NotImplemented",
];

/// Operators for which a foreign operand is refused.
#[rustfmt::skip]
const REFUSALS: &[&str] = &[
    "return NotImplemented", "raise NotImplemented", "return NotImplementedError",
    "raise NotImplementedError", "raise NotImplementedError('unknown')",
];

pub(crate) fn case(random: &mut Random, _: (u8, u8)) -> Case {
    if random.once_in(2) { reads(random) } else { refuses(random) }
}

fn reads(random: &mut Random) -> Case {
    let guard = *random.of(GUARDS);
    let result = *random.of(&[
        "self.v == other.v",
        "other.v == self.v and other.w == 1",
        "(self.v, 1) == (other.v, other.w)",
        "self.v.__eq__(other.v)",
        "self is other or self.v == other.v",
    ]);
    let text = format!(
        "\
class C:
    v = w = 1
    def __eq__(self, other):
        {guard}
        return {result}

def probe():
    C() == None
    C() == 'text'
    return 'fine'
"
    );
    Case {
        text,
        rule: "operator-foreign-type",
        fine: |answer| answer == "fine",
        // That `False` is said for what is foreign is a remark, and nothing is raised.
        fits: |answer, message| match answer {
            "AttributeError" => message.ends_with("raises `AttributeError`"),
            _ => message.contains(" says `"),
        },
        is_mended: true,
    }
}

fn refuses(random: &mut Random) -> Case {
    let refusal = *random.of(REFUSALS);
    let body = match random.below(4) {
        0 => format!("if not isinstance(other, C):\n            {refusal}\n        return self"),
        1 => format!("if isinstance(other, C):\n            return self\n        {refusal}"),
        2 => format!(
            "if isinstance(other, C):\n            return self\n        else:\n            {refusal}"
        ),
        _ => format!(
            "try:\n            return other.v\n        except AttributeError:\n            {refusal}"
        ),
    };
    // The right operand knows how to add.
    let text = format!(
        "\
class C:
    v = 1
    def __add__(self, other):
        {body}

class D:
    def __radd__(self, other):
        return 'asked'

def probe():
    C() + C()
    return C() + D()
"
    );
    Case {
        text,
        rule: "operator-foreign-type",
        fine: |answer| answer == "asked",
        fits: |answer, message| match answer {
            "TypeError" => message.ends_with("raises `TypeError`"),
            "NotImplementedError" => message.ends_with("never asked"),
            "<class 'NotImplementedError'>" => message.contains("returns an exception"),
            _ => false,
        },
        is_mended: true,
    }
}

/// Operands that the compiler may know.
#[rustfmt::skip]
const OPERANDS: &[&str] = &[
    "x", "x", "y", "x.z", "f()", "None", "True", "...", "1", "'a'", "b'a'", "1.5", "2j", "len(y)", "f'{x}'",
    "[]", "{}", "1 + x", "(x)", "[1][0]",
];

/// The compiler warns of `is` with a literal.
pub(crate) fn identity(random: &mut Random, _: (u8, u8)) -> Case {
    let operator = *random.of(&["is", "is not", "is  not", "==", "<"]);
    let (one, other) = (*random.of(OPERANDS), *random.of(OPERANDS));
    let more = *random.of(&["", "", " is z", " == 3", " and y is None"]);
    let comparison = format!("{one} {operator} {other}{more}");
    let text = format!(
        "\
import warnings

TEXT = {comparison:?}

def unused(x, y, z, f):
    return {comparison}

def probe():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        compile(TEXT, 'text', 'eval')
    return any('with' in str(it.message) and 'is' in str(it.message) for it in caught)
"
    );
    Case {
        text,
        rule: "identity-comparison-with-value",
        fine: |answer| answer == "False",
        // More is known to be a value than the compiler warns of.
        fits: |answer, message| {
            let is_literal = message.contains("compares with the identity of");
            (answer == "True") == is_literal || answer == "True"
        },
        is_mended: false,
    }
}
