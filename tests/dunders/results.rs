//! Results: what a special method returns, and what the interpreter refuses.

use crate::Case;
use crate::arity::raises;
use crate::random::Random;

/// Special methods whose results the interpreter looks at, and what calls them.
#[rustfmt::skip]
const METHODS: &[(&str, &str)] = &[
    ("__bool__(self)", "bool(x)"),
    ("__bytes__(self)", "bytes(x)"),
    ("__complex__(self)", "complex(x)"),
    ("__dir__(self)", "dir(x)"),
    ("__float__(self)", "float(x)"),
    ("__format__(self, spec)", "format(x)"),
    ("__fspath__(self)", "__import__('os').fspath(x)"),
    ("__hash__(self)", "hash(x)"),
    ("__index__(self)", "__import__('operator').index(x)"),
    ("__init__(self)", "C()"),
    ("__int__(self)", "int(x)"),
    ("__iter__(self)", "iter(x)"),
    ("__len__(self)", "len(x)"),
    ("__length_hint__(self)", "__import__('operator').length_hint(x)"),
    ("__repr__(self)", "repr(x)"),
    ("__sizeof__(self)", "__import__('sys').getsizeof(x)"),
    ("__str__(self)", "str(x)"),
    ("__reduce__(self)", "reduced(x)"),
    ("__getnewargs__(self)", "object.__reduce_ex__(x, 2)"),
];

/// Expressions whose types their text tells.
#[rustfmt::skip]
const VALUES: &[&str] = &[
    "True", "not []", "1 in [1]", "1 is None", "isinstance(1, int)", "all([])",
    "0", "1", "7 - 2", "len('ab')", "hash(1)", "int('3')", "ord('a')", "3 * 2", "9 // 2", "-1", "-2.5",
    "1.5", "1 / 2", "float('1')", "2j", "complex(1)",
    "''", "'a'", "f'{1}'", "'%s' % 1", "'a' + 'b'", "'a' * 2", "str(1)", "repr(1)", "hex(3)",
    "','.join(['a'])", "'A'.lower()", "'{}'.format(1)", "b'a'.decode()", "format(1)",
    "b''", "b'a'", "'a'.encode()", "bytes(2)", "bytearray(b'a')",
    "()", "(1, 2)", "tuple([1])", "[]", "[1]", "[it for it in 'ab']", "sorted('ba')", "'a b'.split()",
    "{}", "{1: 2}", "dict(a=1)", "{1}", "set()", "frozenset()", "range(3)",
    "iter([])", "map(str, [])", "zip([])", "(it for it in [])", "enumerate([])", "filter(None, [])",
    "lambda: 1", "None", "NotImplemented", "...",
];

pub(crate) fn case(random: &mut Random, _: (u8, u8)) -> Case {
    let (signature, probe) = *random.of(METHODS);
    let (one, other) = (value(random), value(random));
    let body = match random.below(6) {
        0 => format!("return {one}"),
        1 => format!("result = {one}\n        return result"),
        2 => format!("if FLAG:\n            return {one}\n        return {other}"),
        3 => format!("return {one} if FLAG else {other}"),
        4 => format!("return ({one})"),
        _ => format!("try:\n            return {one}\n        finally:\n            pass"),
    };
    let text = format!(
        "\
FLAG = True

class C:
    def {signature}:
        {body}

x = object.__new__(C)

def reduced(x):
    # `copy` takes a name for the object itself, wherever that is not looked up.
    return __import__('copy').copy(x) if not isinstance(x.__reduce__(), tuple) else None

def probe():
    global FLAG
    found = set()
    for FLAG in (True, False):
        try:
            {probe}
        except (TypeError, ValueError) as error:
            found.add(type(error).__name__)
    return ' '.join(sorted(found)) or 'fine'
"
    );
    Case {
        text,
        rule: "dunder-contract",
        fine: |answer| answer == "fine",
        fits: |answer, message| answer.split(' ').any(|it| raises(it, message)),
        is_mended: false,
    }
}

fn value(random: &mut Random) -> String {
    (*random.of(VALUES)).to_owned()
}
