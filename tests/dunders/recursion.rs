//! Special methods that come to themselves again.

use crate::Case;
use crate::random::Random;

/// A special method, an expression or statement that may come to it again, what it returns
/// otherwise, and what calls it.
#[rustfmt::skip]
const METHODS: &[(&str, &[&str], &str, &str)] = &[
    ("__abs__(self)", &["abs(self)", "abs(self.v)", "self.__abs__()"], "1", "abs(x)"),
    ("__add__(self, other)", &["self + other", "other + 1", "self + 1", "1 + other"], "1", "x + 1"),
    ("__bool__(self)", &["bool(self)", "not self", "bool(self.v)", "not self.v"], "True", "bool(x)"),
    ("__bytes__(self)", &["bytes(self)", "bytes(self.v)"], "b''", "bytes(x)"),
    ("__call__(self, a=1)", &["self(a)", "self()", "self.f()", "type(self)"], "1", "x()"),
    ("__complex__(self)", &["complex(self)", "complex(self.v)"], "1j", "complex(x)"),
    ("__contains__(self, item)", &["item in self", "1 not in self", "item in [1]"], "True", "1 in x"),
    ("__copy__(self)", &["copy.copy(self)", "copy.copy(self.v)"], "1", "copy.copy(x)"),
    ("__deepcopy__(self, memo)", &["copy.deepcopy(self, memo)", "copy.deepcopy(self.v, memo)"], "1", "copy.deepcopy(x)"),
    ("__dir__(self)", &["dir(self)", "dir(self.v)"], "[]", "dir(x)"),
    ("__eq__(self, other)", &["self == other", "other == 1", "self.v == other", "self != other"], "True", "x == 1"),
    ("__float__(self)", &["float(self)", "float(self.v)"], "1.0", "float(x)"),
    ("__format__(self, spec)", &["format(self, spec)", "f'{self}'", "'{}'.format(self)", "format(self.v)", "f'{self!s}'"], "''", "format(x)"),
    ("__getattr__(self, name)", &["getattr(self, name)", "getattr(self, name, 1)", "getattr(self.v, name, 1)", "self.v"], "1", "x.missing"),
    ("__getattribute__(self, name)", &["self.v", "self.__dict__", "getattr(self, name)", "object.__getattribute__(self, name)", "type(self)"], "1", "x.v"),
    ("__getitem__(self, key)", &["self[key]", "self[0]", "self.v[key]", "self.__getitem__(key)"], "1", "x[0]"),
    ("__hash__(self)", &["hash(self)", "hash((self, 1))", "hash((self.v, 1))", "hash(self.v)"], "1", "hash(x)"),
    ("__index__(self)", &["operator.index(self)", "operator.index(1)"], "1", "operator.index(x)"),
    ("__int__(self)", &["int(self)", "int(self.v)"], "1", "int(x)"),
    ("__invert__(self)", &["~self", "~1"], "1", "~x"),
    ("__iter__(self)", &["iter(self)", "list(self)", "[it for it in self]", "sorted(self)", "iter(self.v)"], "iter([])", "iter(x)"),
    ("__len__(self)", &["len(self)", "bool(self)", "not self", "len(self.v)", "self.__len__()"], "1", "len(x)"),
    ("__lt__(self, other)", &["self < other", "self < 1", "self.v < [1]", "self.__lt__(other)"], "True", "x < 1"),
    ("__mul__(self, other)", &["self * other", "other * 2", "self * 2"], "1", "x * 2"),
    ("__ne__(self, other)", &["self != other", "not self == other", "other != 1"], "True", "x != 1"),
    ("__neg__(self)", &["-self", "-1", "+self"], "1", "-x"),
    ("__next__(self)", &["next(self)", "next(iter([1]))"], "1", "next(x)"),
    ("__radd__(self, other)", &["other + self", "other + 1", "1 + other"], "1", "1 + x"),
    ("__repr__(self)", &["repr(self)", "f'{self!r}'", "f'{self}'", "str(self)", "'%r' % (self,)", "'%s' % (self,)", "'{}'.format(self)", "'{!r}'.format(self)", "f'{self.v}'", "f'{self=}'", "type(self)", "print(self, file=None) if 0 else 1"], "''", "repr(x)"),
    ("__reversed__(self)", &["reversed(self)", "reversed(self.v)"], "1", "reversed(x)"),
    ("__round__(self, n=1)", &["round(self)", "round(self, n)", "round(1.5)"], "1", "round(x)"),
    ("__setitem__(self, key, value)", &["operator.setitem(self.v, 0, value)", "self.v"], "None", "exec('x[0] = 1', {'x': x})"),
    ("__sizeof__(self)", &["sys.getsizeof(self)", "sys.getsizeof(self.v)"], "1", "sys.getsizeof(x)"),
    ("__str__(self)", &["str(self)", "f'{self}'", "f'{self!s}'", "'%s' % (self,)", "'{}'.format(self)", "f'{self!r}'", "repr(self)"], "''", "str(x)"),
    ("__trunc__(self)", &["math.trunc(self)", "math.trunc(1.5)"], "1", "math.trunc(x)"),
];

pub(crate) fn case(random: &mut Random, _: (u8, u8)) -> Case {
    let (signature, expressions, result, probe) = *random.of(METHODS);
    let asked = *random.of(expressions);
    // `self.v` is what `__getattribute__` itself is asked for.
    let flag = if signature.starts_with("__getattr") { "FLAG" } else { "self.flag" };
    let body: Vec<String> = match random.below(14) {
        0..4 => vec![format!("found = {asked}"), format!("return {result}")],
        4 => vec![
            format!("if {flag}:"),
            "    pass".into(),
            format!("found = [{asked}]"),
            format!("return {result}"),
        ],
        5 => {
            vec![format!("if {flag}:"), format!("    found = {asked}"), format!("return {result}")]
        }
        6 => vec![
            format!("if {flag}:"),
            format!("    return {result}"),
            format!("found = {asked}"),
            format!("return {result}"),
        ],
        7 => vec![
            "try:".into(),
            format!("    found = {asked}"),
            "except ValueError:".into(),
            "    pass".into(),
            format!("return {result}"),
        ],
        8 => vec![
            "try:".into(),
            format!("    found = {asked}"),
            "except Exception:".into(),
            "    pass".into(),
            format!("return {result}"),
        ],
        9 => vec![format!("found = {flag} and ({asked})"), format!("return {result}")],
        10 => vec![format!("found = ({asked}) if {flag} else 1"), format!("return {result}")],
        11 => vec![format!("found = lambda: {asked}"), format!("return {result}")],
        12 => vec![format!("found = [{asked} for it in []]"), format!("return {result}")],
        _ => vec![format!("found = str(({asked}) is None)"), format!("return {result}")],
    };
    let body = body.join("\n        ");
    let text = format!(
        "\
import copy, math, operator, sys

FLAG = False

class C:
    v = [1]
    flag = False
    def f(self): return 1
    def {signature}:
        {body}

x = C()

def probe():
    global FLAG
    outcomes = set()
    for FLAG in (False, True):
        C.flag = FLAG
        try:
            {probe}
            outcomes.add('fine')
        except RecursionError:
            outcomes.add('RecursionError')
        except (TypeError, AttributeError):
            outcomes.add('other')
    return ' '.join(sorted(outcomes))
"
    );
    Case {
        text,
        rule: "self-recursive-dunder",
        fine: |answer| answer != "RecursionError",
        fits: |answer, _| answer == "RecursionError",
        is_mended: false,
    }
}
