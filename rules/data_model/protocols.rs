//! What the interpreter, or the standard library, asks of special methods: how many arguments it
//! passes and what it makes of the result.

use super::values::Kind;

/// What a special method owes to whoever calls it.
pub(super) struct Protocol {
    pub(super) name: &'static str,
    /// Who calls it, in the words of a message.
    pub(super) caller: &'static str,
    /// How many arguments are passed after the object itself, the fewest and the most; `None` where
    /// whoever calls passes what the method takes.
    pub(super) passes: Option<(usize, usize)>,
    /// What parameters for them are called.
    pub(super) parameters: &'static [&'static str],
    pub(super) wants: Wants,
}

/// What a result must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wants {
    /// Whatever it likes.
    Anything,
    /// Something to be awaited.
    Awaitable,
    AsyncIterator,
    Bool,
    Bytes,
    Complex,
    /// Its result is not looked at.
    Discarded,
    /// What a `with` statement binds: no coroutine.
    Entered,
    Float,
    Int,
    /// What `for` gets: no coroutine, and not a generator each time.
    Item,
    Iterable,
    Iterator,
    /// What a name that `+=` stands on gets.
    Itself,
    /// An integer that is not negative.
    Length,
    /// The same, or `NotImplemented`.
    LengthHint,
    /// The object that was made.
    NewObject,
    /// `None`.
    Nothing,
    Path,
    Str,
    StrOrTuple,
    /// It is asked whether it is true.
    Truth,
    Tuple,
}

/// What happens where a result is not what it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breach {
    /// `TypeError`, or `ValueError` for a number that is negative.
    Raises,
    /// A coroutine or generator is true, whatever it would say.
    AlwaysTrue,
    /// The body does not run.
    NeverRuns,
    /// What comes out is not what it seems to be.
    Misleads,
}

impl Wants {
    /// What the help says that it must be.
    pub(super) fn said(self) -> &'static str {
        match self {
            Wants::Anything | Wants::Discarded => "a value",
            Wants::Awaitable => "something to await",
            Wants::AsyncIterator => "an object with `__anext__`",
            Wants::Bool => "`True` or `False`",
            Wants::Bytes => "`bytes`",
            Wants::Complex => "a `complex`",
            Wants::Entered => "what the `with` statement is to bind",
            Wants::Float => "a `float`",
            Wants::Int => "an `int`",
            Wants::Item => "the next item",
            Wants::Iterable => "an iterable",
            Wants::Iterator => "an iterator, an object with `__next__`",
            Wants::Itself => "the object that the name is to stand for, mostly `self`",
            Wants::Length | Wants::LengthHint => "an `int` that is not negative",
            Wants::NewObject => "the new object",
            Wants::Nothing => "`None`",
            Wants::Path => "a `str` or `bytes`",
            Wants::Str => "a `str`",
            Wants::StrOrTuple => "a `str` or a `tuple`",
            Wants::Truth => "what can be asked whether it is true",
            Wants::Tuple => "a `tuple`",
        }
    }

    /// Whether a value of a builtin type is refused by whoever called.
    pub(super) fn refuses(self, kind: Kind) -> bool {
        let is_int = matches!(kind, Kind::Int | Kind::Bool);
        match self {
            Wants::Anything | Wants::Discarded | Wants::Entered | Wants::Item => false,
            Wants::Truth | Wants::Itself | Wants::NewObject => false,
            Wants::Awaitable | Wants::AsyncIterator => true,
            Wants::Bool => kind != Kind::Bool,
            Wants::Bytes => kind != Kind::Bytes,
            Wants::Complex => kind != Kind::Complex,
            Wants::Float => kind != Kind::Float,
            Wants::Int | Wants::Length => !is_int,
            Wants::LengthHint => !is_int && kind != Kind::NotImplemented,
            Wants::Iterable => {
                is_int
                    || matches!(kind, Kind::Complex | Kind::Ellipsis | Kind::Float | Kind::Function)
                    || matches!(kind, Kind::None | Kind::NotImplemented)
            }
            Wants::Iterator => kind != Kind::Iterator,
            Wants::Nothing => kind != Kind::None,
            Wants::Path => !matches!(kind, Kind::Str | Kind::Bytes),
            Wants::Str => kind != Kind::Str,
            Wants::StrOrTuple => !matches!(kind, Kind::Str | Kind::Tuple),
            Wants::Tuple => kind != Kind::Tuple,
        }
    }

    /// What happens if the method is a coroutine function; `None` where it may be one.
    pub(super) fn of_coroutine(self) -> Option<Breach> {
        match self {
            Wants::Anything | Wants::Awaitable | Wants::NewObject => None,
            Wants::Truth => Some(Breach::AlwaysTrue),
            Wants::Discarded => Some(Breach::NeverRuns),
            Wants::Entered | Wants::Item | Wants::Itself => Some(Breach::Misleads),
            _ => Some(Breach::Raises),
        }
    }

    /// What happens if the method is a generator function; `None` where it may be one.
    pub(super) fn of_generator(self) -> Option<Breach> {
        match self {
            Wants::Anything | Wants::Iterable | Wants::Iterator | Wants::NewObject => None,
            Wants::Truth => Some(Breach::AlwaysTrue),
            Wants::Discarded => Some(Breach::NeverRuns),
            Wants::Entered | Wants::Item | Wants::Itself => Some(Breach::Misleads),
            _ => Some(Breach::Raises),
        }
    }

    /// What happens if the method is an asynchronous generator function.
    pub(super) fn of_async_generator(self) -> Option<Breach> {
        match self {
            Wants::AsyncIterator => None,
            Wants::Awaitable => Some(Breach::Raises),
            _ => self.of_coroutine(),
        }
    }
}

/// What is asked of a special method; `None` for those that nobody calls in a fixed way.
pub(super) fn protocol(name: &str) -> Option<&'static Protocol> {
    let at = PROTOCOLS.binary_search_by(|it| it.name.cmp(name)).ok()?;
    Some(&PROTOCOLS[at])
}

/// Whether a method implements `x += y` or one of its sisters.
pub(super) fn is_in_place(name: &str) -> bool {
    protocol(name).is_some_and(|it| it.wants == Wants::Itself)
}

const fn method(
    name: &'static str,
    caller: &'static str,
    parameters: &'static [&'static str],
    wants: Wants,
) -> Protocol {
    let passes = Some((parameters.len(), parameters.len()));
    Protocol { name, caller, passes, parameters, wants }
}

/// One that may be called without its last argument.
const fn flexible(
    name: &'static str,
    caller: &'static str,
    parameters: &'static [&'static str],
    wants: Wants,
) -> Protocol {
    let passes = Some((parameters.len() - 1, parameters.len()));
    Protocol { name, caller, passes, parameters, wants }
}

/// One that may be called with anything.
const fn open(name: &'static str, caller: &'static str, wants: Wants) -> Protocol {
    Protocol { name, caller, passes: None, parameters: &[], wants }
}

const OTHER: &[&str] = &["other"];
const RAISED: &[&str] = &["exc_type", "exc_value", "traceback"];

/// Sorted by name.
#[rustfmt::skip]
const PROTOCOLS: &[Protocol] = &[
    method("__abs__", "`abs()`", &[], Wants::Anything),
    method("__add__", "`x + y`", OTHER, Wants::Anything),
    method("__aenter__", "`async with`", &[], Wants::Awaitable),
    method("__aexit__", "`async with`", RAISED, Wants::Awaitable),
    method("__aiter__", "`async for`", &[], Wants::AsyncIterator),
    method("__and__", "`x & y`", OTHER, Wants::Anything),
    method("__anext__", "`async for`", &[], Wants::Awaitable),
    method("__await__", "`await`", &[], Wants::Iterator),
    method("__bool__", "`bool()`", &[], Wants::Bool),
    method("__bytes__", "`bytes()`", &[], Wants::Bytes),
    open("__call__", "`x()`", Wants::Anything),
    method("__ceil__", "`math.ceil()`", &[], Wants::Anything),
    method("__class_getitem__", "`C[x]`", &["item"], Wants::Anything),
    method("__complex__", "`complex()`", &[], Wants::Complex),
    method("__contains__", "`x in y`", &["item"], Wants::Truth),
    method("__copy__", "`copy.copy()`", &[], Wants::Anything),
    method("__deepcopy__", "`copy.deepcopy()`", &["memo"], Wants::Anything),
    method("__del__", "the end of the object", &[], Wants::Discarded),
    method("__delattr__", "`del x.name`", &["name"], Wants::Discarded),
    method("__delete__", "`del x.name`", &["instance"], Wants::Discarded),
    method("__delitem__", "`del x[key]`", &["key"], Wants::Discarded),
    method("__dir__", "`dir()`", &[], Wants::Iterable),
    method("__divmod__", "`divmod()`", OTHER, Wants::Anything),
    method("__enter__", "`with`", &[], Wants::Entered),
    method("__eq__", "`x == y`", OTHER, Wants::Truth),
    method("__exit__", "`with`", RAISED, Wants::Truth),
    method("__float__", "`float()`", &[], Wants::Float),
    method("__floor__", "`math.floor()`", &[], Wants::Anything),
    method("__floordiv__", "`x // y`", OTHER, Wants::Anything),
    method("__format__", "`format()`", &["format_spec"], Wants::Str),
    method("__fspath__", "`os.fspath()`", &[], Wants::Path),
    method("__ge__", "`x >= y`", OTHER, Wants::Truth),
    method("__get__", "reading the attribute", &["instance", "owner"], Wants::Anything),
    method("__getattr__", "`x.name`", &["name"], Wants::Anything),
    method("__getattribute__", "`x.name`", &["name"], Wants::Anything),
    method("__getitem__", "`x[key]`", &["key"], Wants::Anything),
    method("__getnewargs__", "`copy.copy()`", &[], Wants::Tuple),
    method("__getnewargs_ex__", "`copy.copy()`", &[], Wants::Tuple),
    method("__gt__", "`x > y`", OTHER, Wants::Truth),
    method("__hash__", "`hash()`", &[], Wants::Int),
    method("__iadd__", "`x += y`", OTHER, Wants::Itself),
    method("__iand__", "`x &= y`", OTHER, Wants::Itself),
    method("__ifloordiv__", "`x //= y`", OTHER, Wants::Itself),
    method("__ilshift__", "`x <<= y`", OTHER, Wants::Itself),
    method("__imatmul__", "`x @= y`", OTHER, Wants::Itself),
    method("__imod__", "`x %= y`", OTHER, Wants::Itself),
    method("__imul__", "`x *= y`", OTHER, Wants::Itself),
    method("__index__", "`operator.index()`", &[], Wants::Int),
    open("__init__", "making an instance", Wants::Nothing),
    open("__init_subclass__", "the statement of a subclass", Wants::Discarded),
    method("__instancecheck__", "`isinstance()`", &["instance"], Wants::Truth),
    method("__int__", "`int()`", &[], Wants::Int),
    method("__invert__", "`~x`", &[], Wants::Anything),
    method("__ior__", "`x |= y`", OTHER, Wants::Itself),
    method("__ipow__", "`x **= y`", OTHER, Wants::Itself),
    method("__irshift__", "`x >>= y`", OTHER, Wants::Itself),
    method("__isub__", "`x -= y`", OTHER, Wants::Itself),
    method("__iter__", "`iter()`", &[], Wants::Iterator),
    method("__itruediv__", "`x /= y`", OTHER, Wants::Itself),
    method("__ixor__", "`x ^= y`", OTHER, Wants::Itself),
    method("__le__", "`x <= y`", OTHER, Wants::Truth),
    method("__len__", "`len()`", &[], Wants::Length),
    method("__length_hint__", "`operator.length_hint()`", &[], Wants::LengthHint),
    method("__lshift__", "`x << y`", OTHER, Wants::Anything),
    method("__lt__", "`x < y`", OTHER, Wants::Truth),
    method("__matmul__", "`x @ y`", OTHER, Wants::Anything),
    method("__missing__", "`x[key]`", &["key"], Wants::Anything),
    method("__mod__", "`x % y`", OTHER, Wants::Anything),
    method("__mro_entries__", "a class statement", &["bases"], Wants::Tuple),
    method("__mul__", "`x * y`", OTHER, Wants::Anything),
    method("__ne__", "`x != y`", OTHER, Wants::Truth),
    method("__neg__", "`-x`", &[], Wants::Anything),
    open("__new__", "making an instance", Wants::NewObject),
    method("__next__", "`next()`", &[], Wants::Item),
    method("__or__", "`x | y`", OTHER, Wants::Anything),
    method("__pos__", "`+x`", &[], Wants::Anything),
    flexible("__pow__", "`x ** y`", &["other", "modulo"], Wants::Anything),
    method("__radd__", "`x + y`", OTHER, Wants::Anything),
    method("__rand__", "`x & y`", OTHER, Wants::Anything),
    method("__rdivmod__", "`divmod()`", OTHER, Wants::Anything),
    method("__reduce__", "`copy.copy()`", &[], Wants::StrOrTuple),
    method("__reduce_ex__", "`copy.copy()`", &["protocol"], Wants::StrOrTuple),
    method("__repr__", "`repr()`", &[], Wants::Str),
    method("__reversed__", "`reversed()`", &[], Wants::Anything),
    method("__rfloordiv__", "`x // y`", OTHER, Wants::Anything),
    method("__rlshift__", "`x << y`", OTHER, Wants::Anything),
    method("__rmatmul__", "`x @ y`", OTHER, Wants::Anything),
    method("__rmod__", "`x % y`", OTHER, Wants::Anything),
    method("__rmul__", "`x * y`", OTHER, Wants::Anything),
    method("__ror__", "`x | y`", OTHER, Wants::Anything),
    flexible("__round__", "`round()`", &["ndigits"], Wants::Anything),
    method("__rpow__", "`x ** y`", OTHER, Wants::Anything),
    method("__rrshift__", "`x >> y`", OTHER, Wants::Anything),
    method("__rshift__", "`x >> y`", OTHER, Wants::Anything),
    method("__rsub__", "`x - y`", OTHER, Wants::Anything),
    method("__rtruediv__", "`x / y`", OTHER, Wants::Anything),
    method("__rxor__", "`x ^ y`", OTHER, Wants::Anything),
    method("__set__", "`x.name = value`", &["instance", "value"], Wants::Discarded),
    method("__set_name__", "the class statement", &["owner", "name"], Wants::Discarded),
    method("__setattr__", "`x.name = value`", &["name", "value"], Wants::Discarded),
    method("__setitem__", "`x[key] = value`", &["key", "value"], Wants::Discarded),
    method("__setstate__", "`copy.copy()`", &["state"], Wants::Discarded),
    method("__sizeof__", "`sys.getsizeof()`", &[], Wants::Length),
    method("__str__", "`str()`", &[], Wants::Str),
    method("__sub__", "`x - y`", OTHER, Wants::Anything),
    method("__subclasscheck__", "`issubclass()`", &["subclass"], Wants::Truth),
    method("__truediv__", "`x / y`", OTHER, Wants::Anything),
    method("__trunc__", "`math.trunc()`", &[], Wants::Anything),
    method("__xor__", "`x ^ y`", OTHER, Wants::Anything),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(PROTOCOLS.is_sorted_by_key(|it| it.name));
    }
}
