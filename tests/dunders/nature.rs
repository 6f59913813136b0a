//! Coroutines and generators in the place of plain methods.

use crate::Case;
use crate::random::Random;

/// A special method, what it returns, and what is done with it. The body sets `RAN`.
#[rustfmt::skip]
const METHODS: &[(&str, &str, &str)] = &[
    ("__bool__(self)", "False", "bool(x)"),
    ("__bytes__(self)", "b''", "bytes(x)"),
    ("__complex__(self)", "1j", "complex(x)"),
    ("__contains__(self, item)", "False", "1 in x"),
    ("__delattr__(self, name)", "None", "delattr(x, 'a')"),
    ("__delitem__(self, key)", "None", "exec('del x[0]', {'x': x})"),
    ("__dir__(self)", "[]", "dir(x)"),
    ("__enter__(self)", "1", "entered(x)"),
    ("__eq__(self, other)", "False", "bool(x == 1)"),
    ("__float__(self)", "1.0", "float(x)"),
    ("__format__(self, spec)", "''", "format(x)"),
    ("__fspath__(self)", "''", "__import__('os').fspath(x)"),
    ("__ge__(self, other)", "False", "bool(x >= 1)"),
    ("__getitem__(self, key)", "1", "x[0]"),
    ("__getattr__(self, name)", "1", "x.a"),
    ("__hash__(self)", "1", "hash(x)"),
    ("__iadd__(self, other)", "self", "added(x)"),
    ("__index__(self)", "1", "__import__('operator').index(x)"),
    ("__init__(self)", "None", "C()"),
    ("__instancecheck__(self, instance)", "False", "isinstance(1, x)"),
    ("__int__(self)", "1", "int(x)"),
    ("__iter__(self)", "iter([])", "iter(x)"),
    ("__len__(self)", "1", "len(x)"),
    ("__lt__(self, other)", "False", "bool(x < 1)"),
    ("__ne__(self, other)", "False", "bool(x != 1)"),
    ("__next__(self)", "1", "next(x)"),
    ("__repr__(self)", "''", "repr(x)"),
    ("__set__(self, instance, value)", "None", "exec('o.d = 1', {'o': O()})"),
    ("__setattr__(self, name, value)", "None", "exec('x.a = 1', {'x': x})"),
    ("__setitem__(self, key, value)", "None", "exec('x[0] = 1', {'x': x})"),
    ("__str__(self)", "''", "str(x)"),
    ("__sizeof__(self)", "1", "__import__('sys').getsizeof(x)"),
    ("__aenter__(self)", "1", "awaited(x.__aenter__())"),
    ("__anext__(self)", "1", "awaited(x.__anext__())"),
    ("__aiter__(self)", "self", "looped(x)"),
    ("__await__(self)", "iter([])", "awaited(x)"),
];

pub(crate) fn case(random: &mut Random, _: (u8, u8)) -> Case {
    let (signature, result, probe) = *random.of(METHODS);
    let (keyword, body) = match random.below(4) {
        0 => ("def", format!("return {result}")),
        1 => ("def", format!("yield {result}")),
        2 => ("async def", format!("return {result}")),
        _ => ("async def", format!("yield {result}")),
    };
    // What is awaited runs until it waits itself.
    let text = format!(
        "\
RAN = False

class C:
    def __exit__(self, *raised): pass
    async def __aexit__(self, *raised): pass
    {keyword} {signature}:
        global RAN
        RAN = True
        {body}

x = object.__new__(C)
class O:
    d = x

def entered(x):
    with x as bound:
        return bound

def added(x):
    x += 1
    return x

def awaited(what):
    async def main():
        return await what
    try:
        main().send(None)
    except StopIteration:
        pass

def looped(x):
    async def main():
        async for it in x:
            return it
    try:
        main().send(None)
    except StopIteration:
        pass
    except TypeError as error:
        # The object itself may lack `__anext__`: then the loop is not to blame on `__aiter__`.
        if ': C' not in str(error):
            raise

def probe():
    result = {probe}
    kind = type(result).__name__
    if kind in ('coroutine', 'generator', 'async_generator'):
        return kind
    return 'ran' if RAN else 'not run, and ' + str(result)
"
    );
    Case { text, rule: "dunder-contract", fine, fits, is_mended: false }
}

/// Generators run when they are asked for an item, and for some methods that is how it should be.
fn fine(answer: &str) -> bool {
    matches!(answer, "ran" | "coroutine" | "generator" | "async_generator" | "not run, and None")
}

fn fits(answer: &str, message: &str) -> bool {
    match answer {
        "TypeError" => message.ends_with("raises `TypeError`"),
        "not run, and True" => message.ends_with("is always true"),
        "not run, and None" => message.ends_with("its body never runs"),
        "coroutine" | "generator" | "async_generator" => {
            message.contains("binds that")
                || message.ends_with("never ends")
                || message.ends_with("stands for")
        }
        _ => false,
    }
}
