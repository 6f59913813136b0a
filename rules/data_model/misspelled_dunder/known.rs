//! Special names: those that the interpreter looks for, those that others have, and what is close
//! to them.

/// Words that are shorter have too many neighbours.
const SHORTEST_SLIP: usize = 4;

/// What only Python 2 called, and what takes its place.
pub(super) struct Dead {
    pub(super) now: Option<&'static str>,
    pub(super) help: &'static str,
}

/// Whether a name is one that only Python 2 called.
pub(super) fn dead(name: &str) -> Option<Dead> {
    let (now, help) = match name {
        "__nonzero__" => (
            "__bool__",
            "`bool()` and `if` ask `__bool__`, and then `__len__`; without either, each object is true",
        ),
        "__unicode__" => ("__str__", "`str()` asks `__str__`, which returns text in Python 3"),
        "__div__" => ("__truediv__", "`/` asks `__truediv__`, and `//` asks `__floordiv__`"),
        "__rdiv__" => (
            "__rtruediv__",
            "`/` asks `__rtruediv__` of the right operand, and `//` asks `__rfloordiv__`",
        ),
        "__idiv__" => ("__itruediv__", "`/=` asks `__itruediv__`, and `//=` asks `__ifloordiv__`"),
        "__cmp__" | "__rcmp__" => {
            return Some(Dead {
                now: None,
                help: "comparisons ask `__eq__`, `__lt__` and their sisters; `functools.total_ordering` makes the others of two",
            });
        }
        "__getslice__" | "__setslice__" | "__delslice__" => {
            return Some(Dead {
                now: None,
                help: "slices come to `__getitem__`, `__setitem__` and `__delitem__` as a `slice` object",
            });
        }
        "__coerce__" => {
            return Some(Dead {
                now: None,
                help: "operators ask `__add__` and its sisters with the operand as it is",
            });
        }
        "__hex__" | "__oct__" => {
            return Some(Dead {
                now: None,
                help: "`hex()` and `oct()` ask `__index__` for an integer",
            });
        }
        "__long__" => {
            return Some(Dead {
                now: None,
                help: "`int()` asks `__int__`, and there is no other integer type",
            });
        }
        _ => return None,
    };
    Some(Dead { now: Some(now), help })
}

/// A special name that a method's name is close to.
pub(super) struct Meant {
    pub(super) name: &'static str,
    /// Whether there is no other that is as close.
    pub(super) is_only: bool,
}

/// The special name that a method's name is close to, without being one that anybody knows.
pub(super) fn meant(name: &str) -> Option<Meant> {
    let core = name.trim_matches('_');
    let front = name.len() - name.trim_start_matches('_').len();
    let back = name.len() - name.trim_end_matches('_').len();
    if core.len() < 2 || front + back < 3 {
        return None;
    }
    let only = |name: &'static str| Meant { name, is_only: true };
    // `_missing_` is `enum`'s way, `__private` the compiler's.
    if (front, back) != (2, 2) {
        let is_close = front > 0 && back > 0;
        let mut special = SPECIAL.iter().filter(|_| is_close);
        return special.find(|it| it.trim_matches('_') == core).map(|it| only(it));
    }
    if SPECIAL.binary_search(&name).is_ok() {
        return None;
    }
    if let Some((_, meant)) = MISTAKEN.iter().find(|(it, _)| *it == core) {
        return Some(only(meant));
    }
    if OTHERS.contains(&core) || LIBRARIES.iter().any(|it| core.starts_with(it)) {
        return None;
    }
    if let Some(meant) = SPECIAL.iter().find(|it| letters(it).eq(letters(core))) {
        return Some(only(meant));
    }
    if is_made_of_special(core) {
        return None;
    }
    let special = SPECIAL.iter().map(|it| (it.trim_matches('_'), *it));
    let mut close = special.chain(MISTAKEN.iter().copied()).filter(|(it, _)| is_slip(core, it));
    let (_, name) = close.next()?;
    Some(Meant { name, is_only: close.all(|(_, it)| it == name) })
}

/// Whether a word is another with one letter too many, too few or wrong, or two in each other's
/// place.
fn is_slip(word: &str, meant: &str) -> bool {
    // One slip is not at both ends.
    let is_one_end = word.as_bytes().first() == meant.as_bytes().first()
        || word.as_bytes().last() == meant.as_bytes().last();
    word.len().min(meant.len()) >= SHORTEST_SLIP
        && word.len().abs_diff(meant.len()) <= 1
        && is_one_end
        && strsim::osa_distance(word, meant) == 1
}

/// Whether a word is made of a special one on purpose: with a letter before or after it, as `acall`
/// and `getitems`, or with a number.
fn is_made_of_special(word: &str) -> bool {
    let first_and_last = |it: &str| (it.chars().next(), it.chars().next_back());
    word.contains(|it: char| it.is_ascii_digit())
        || SPECIAL.iter().map(|it| it.trim_matches('_')).any(|it| {
            let (first, last) = first_and_last(it);
            let (word_first, word_last) = first_and_last(word);
            // The first or last letter twice is a slip: `enterr`.
            word.len() == it.len() + 1
                && (word.starts_with(it) && word_last != last
                    || word.ends_with(it) && word_first != first)
        })
}

/// A name by its letters alone.
fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|it| *it != '_').map(|it| it.to_ascii_lowercase())
}

/// Names by which special methods go in other languages, or in the head.
const MISTAKEN: &[(&str, &str)] = &[
    ("equal", "__eq__"),
    ("equals", "__eq__"),
    ("eql", "__eq__"),
    ("gte", "__ge__"),
    ("hashcode", "__hash__"),
    ("iterator", "__iter__"),
    ("length", "__len__"),
    ("lte", "__le__"),
    ("neq", "__ne__"),
    ("string", "__str__"),
    ("toString", "__str__"),
    ("tostring", "__str__"),
];

/// Methods that the interpreter or the standard library looks for. Sorted.
#[rustfmt::skip]
const SPECIAL: &[&str] = &[
    "__abs__", "__add__", "__aenter__", "__aexit__", "__aiter__", "__and__", "__anext__",
    "__await__", "__bool__", "__buffer__", "__bytes__", "__call__", "__ceil__",
    "__class_getitem__", "__complex__", "__contains__", "__copy__", "__deepcopy__", "__del__",
    "__delattr__", "__delete__", "__delitem__", "__dir__", "__divmod__", "__enter__", "__eq__",
    "__exit__", "__float__", "__floor__", "__floordiv__", "__format__", "__fspath__", "__ge__",
    "__get__", "__getattr__", "__getattribute__", "__getitem__", "__getnewargs__",
    "__getnewargs_ex__", "__getstate__", "__gt__", "__hash__", "__iadd__", "__iand__",
    "__ifloordiv__", "__ilshift__", "__imatmul__", "__imod__", "__imul__", "__index__",
    "__init__", "__init_subclass__", "__instancecheck__", "__int__", "__invert__", "__ior__",
    "__ipow__", "__irshift__", "__isub__", "__iter__", "__itruediv__", "__ixor__", "__le__",
    "__len__", "__length_hint__", "__lshift__", "__lt__", "__matmul__", "__missing__", "__mod__",
    "__mro_entries__", "__mul__", "__ne__", "__neg__", "__new__", "__next__", "__or__", "__pos__",
    "__post_init__", "__pow__", "__prepare__", "__radd__", "__rand__", "__rdivmod__",
    "__reduce__", "__reduce_ex__", "__release_buffer__", "__replace__", "__repr__",
    "__reversed__", "__rfloordiv__", "__rlshift__", "__rmatmul__", "__rmod__", "__rmul__",
    "__ror__", "__round__", "__rpow__", "__rrshift__", "__rshift__", "__rsub__", "__rtruediv__",
    "__rxor__", "__set__", "__set_name__", "__setattr__", "__setitem__", "__setstate__",
    "__sizeof__", "__str__", "__sub__", "__subclasscheck__", "__subclasshook__", "__truediv__",
    "__trunc__", "__xor__",
];

/// Attributes of the language, and methods that libraries look for, that are close to a special
/// method.
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    "adapt", "all", "annotate", "annotations", "args", "author", "base", "bases", "build", "cached",
    "call_impl", "cause", "class", "clear", "clone", "closure", "code", "conform", "concat",
    "context", "date", "debug", "default", "defaults", "deletes", "dict", "doc", "emit", "entries",
    "evaluate", "exec", "file", "finalize", "flags", "fields", "func", "fget", "fset", "fdel",
    "getinitargs", "getformat", "globals", "html", "import", "imports", "inner", "instance", "items",
    "json", "key", "keys", "kwdefaults", "lazy", "list", "loader", "main", "members", "meta",
    "metadata", "missing_ok", "module", "mro", "name", "names", "nested", "next_in_mro", "node",
    "notes", "objclass", "options", "origin", "package", "parameters", "path", "paths", "pretty",
    "prepared", "post", "qualname", "query", "release", "reload", "repl", "resolve", "reverse",
    "rich", "root", "self", "set_format", "setformat", "signature", "site", "slots", "source",
    "spec", "state", "subclasses", "suppress_context", "table", "text", "text_signature", "traceback",
    "type", "types", "tree", "unwrap", "value", "values", "version", "weakref", "wrap", "wrapped",
    "wraps", "write", "xml",
];

/// What libraries begin names with that they look for.
#[rustfmt::skip]
const LIBRARIES: &[&str] = &[
    "arrow_", "array", "attrs_", "cuda_", "dlpack", "get_pydantic", "get_validators", "jax_",
    "modify_schema", "numpy_", "pandas_", "pydantic_", "repr_", "rich_", "sa_", "sklearn_",
    "tf_", "torch_", "typing_",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(SPECIAL.is_sorted());
    }

    #[test]
    fn what_is_known_is_meant_as_it_is() {
        for name in SPECIAL {
            assert!(meant(name).is_none() && dead(name).is_none(), "{name}");
        }
        for name in OTHERS {
            assert!(meant(&format!("__{name}__")).is_none(), "{name}");
        }
    }
}
