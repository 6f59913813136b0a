//! Parameters: what the interpreter passes to a special method, and what it takes.

use crate::Case;
use crate::random::Random;

/// A special method, what else its class needs, what it must return, and what calls it. `x` and `y`
/// are instances.
#[rustfmt::skip]
const METHODS: &[(&str, &str, &str, &str)] = &[
    ("__abs__", "", "1", "abs(x)"),
    ("__add__", "", "1", "x + y"),
    ("__bool__", "", "True", "bool(x)"),
    ("__bytes__", "", "b''", "bytes(x)"),
    ("__ceil__", "", "1", "__import__('math').ceil(x)"),
    ("__class_getitem__", "", "1", "C[0]"),
    ("__complex__", "", "1j", "complex(x)"),
    ("__contains__", "", "True", "1 in x"),
    ("__copy__", "", "1", "__import__('copy').copy(x)"),
    ("__deepcopy__", "", "1", "__import__('copy').deepcopy(x)"),
    ("__delattr__", "", "None", "delattr(x, 'a')"),
    ("__delitem__", "", "None", "x.__class__.__dict__ and exec('del x[0]', {'x': x})"),
    ("__dir__", "", "[]", "dir(x)"),
    ("__divmod__", "", "1", "divmod(x, y)"),
    ("__enter__", "def __exit__(self, *a): pass", "1", "exec('with x: pass', {'x': x})"),
    ("__eq__", "", "True", "x == 1"),
    ("__exit__", "def __enter__(self): pass", "None", "exec('with x: pass', {'x': x})"),
    ("__float__", "", "1.0", "float(x)"),
    ("__floordiv__", "", "1", "x // y"),
    ("__format__", "", "''", "format(x)"),
    ("__fspath__", "", "''", "__import__('os').fspath(x)"),
    ("__ge__", "", "True", "x >= 1"),
    ("__getattr__", "", "1", "x.a"),
    ("__getattribute__", "", "1", "x.a"),
    ("__getitem__", "", "1", "x[0]"),
    ("__hash__", "", "1", "hash(x)"),
    ("__iadd__", "", "1", "exec('x += 1', {'x': x})"),
    ("__index__", "", "1", "__import__('operator').index(x)"),
    ("__init__", "", "None", "either(*[lambda n=n, k=k: C(*range(n), **k) for n in range(6) for k in ({}, {'k': 1})])"),
    ("__int__", "", "1", "int(x)"),
    ("__invert__", "", "1", "~x"),
    ("__ipow__", "", "1", "exec('x **= 1', {'x': x})"),
    ("__iter__", "", "iter([])", "iter(x)"),
    ("__len__", "", "1", "len(x)"),
    ("__lt__", "", "True", "x < 1"),
    ("__missing__", "", "1", "D()[0]"),
    ("__mod__", "", "1", "x % y"),
    ("__neg__", "", "1", "-x"),
    ("__next__", "", "1", "next(x)"),
    ("__pow__", "", "1", "either(lambda: x ** y, lambda: pow(x, y, y))"),
    ("__radd__", "", "1", "1 + x"),
    ("__repr__", "", "''", "repr(x)"),
    ("__reversed__", "", "1", "reversed(x)"),
    ("__round__", "", "1", "either(lambda: round(x), lambda: round(x, 1))"),
    ("__rpow__", "", "1", "1 ** x"),
    ("__setattr__", "", "None", "exec('x.a = 1', {'x': x})"),
    ("__setitem__", "", "None", "exec('x[0] = 1', {'x': x})"),
    ("__sizeof__", "", "1", "__import__('sys').getsizeof(x)"),
    ("__str__", "", "''", "str(x)"),
    ("__trunc__", "", "1", "__import__('math').trunc(x)"),
    ("__get__", "", "1", "O().d"),
    ("__set__", "", "None", "exec('o.d = 1', {'o': O()})"),
    ("__delete__", "", "None", "exec('del o.d', {'o': O()})"),
    ("__set_name__", "", "None", "exec('class E: d = x', {'x': x})"),
];

pub(crate) fn case(random: &mut Random, version: (u8, u8)) -> Case {
    let (name, rest, result, probe) = *random.of(METHODS);
    let parameters = parameters(random, version);
    let base = if name == "__missing__" { "dict" } else { "object" };
    // `D` is a dictionary for `__missing__`; the descriptor of `O` is made without `__set_name__`.
    let text = format!(
        "\
class C({base}):
    {rest}
    def {name}({parameters}):
        return {result}

D = C
x = object.__new__(C) if {is_plain} else C()
y = object.__new__(C) if {is_plain} else C()
class O: pass
if {name:?} != '__set_name__': O.d = x

def either(*ways):
    for way in ways:
        try:
            return way()
        except TypeError as error:
            last = error
    raise last

def probe():
    {probe}
    return 'fine'
",
        is_plain = if base == "object" { "True" } else { "False" },
    );
    Case {
        text,
        rule: "dunder-contract",
        fine: |answer| answer == "fine",
        fits: raises,
        is_mended: true,
    }
}

/// Whether the interpreter raises what is said. Before 3.12 what `__set_name__` raises was wrapped.
pub(crate) fn raises(answer: &str, message: &str) -> bool {
    match answer {
        "TypeError" => message.ends_with("raises `TypeError`"),
        "ValueError" => message.ends_with("raises `ValueError`"),
        "RuntimeError" => message.contains("__set_name__"),
        _ => false,
    }
}

fn parameters(random: &mut Random, _version: (u8, u8)) -> String {
    let count = random.below(6);
    let mut parts: Vec<String> = Vec::new();
    let mut has_default = false;
    let slash = if random.once_in(4) { 1 + random.below(3) } else { usize::MAX };
    for (at, name) in ["self", "a", "b", "c", "d"].iter().take(count).enumerate() {
        has_default |= at > 0 && random.once_in(4);
        parts.push(if has_default { format!("{name}=None") } else { (*name).to_owned() });
        if at + 1 == slash {
            parts.push("/".to_owned());
        }
    }
    let has_rest = random.once_in(6);
    if has_rest {
        parts.push("*rest".to_owned());
    }
    if random.once_in(6) {
        if !has_rest {
            parts.push("*".to_owned());
        }
        parts.push((*random.of(&["k", "k=1"])).to_owned());
    }
    if random.once_in(8) {
        parts.push("**more".to_owned());
    }
    parts.join(", ")
}
