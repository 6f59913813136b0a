//! What does without a new part of the standard library.

use ruff_python_ast::PythonVersion;

use super::super::uses::{How, Use};

/// What to write instead, or how to keep it from old Pythons.
pub(super) fn help(used: &Use<'_>, since: PythonVersion) -> String {
    let name = used.name.to_string();
    let name = name.strip_prefix("builtins.").unwrap_or(&name);
    let key = match used.parameter {
        Some(parameter) => format!("{name}({parameter})"),
        None => name.to_owned(),
    };
    if let Ok(at) = INSTEAD.binary_search_by_key(&key.as_str(), |(name, _)| name) {
        return INSTEAD[at].1.to_owned();
    }
    let is_in = |module: &str| used.name.starts_with(module);
    if let Some((_, package)) = BACKPORTS.iter().find(|(module, _)| is_in(module)) {
        return format!("the package `{package}` has it for older Pythons");
    }
    if is_in("typing") && used.how != How::Keyword {
        return "the package `typing_extensions` has it for older Pythons".to_owned();
    }
    if is_in("unittest") {
        return format!("skip the test where `sys.version_info < {}`", tuple(since));
    }
    let else_what = match used.how {
        How::Keyword => "and leave the argument out otherwise",
        _ => "and do it another way otherwise",
    };
    format!("use it only where `sys.version_info >= {}`, {else_what}", tuple(since))
}

fn tuple(version: PythonVersion) -> String {
    format!("({}, {})", version.major, version.minor)
}

/// Packages that have a module for older Pythons.
pub(super) const BACKPORTS: &[(&str, &str)] = &[
    ("annotationlib", "typing_extensions"),
    ("compression.zstd", "backports.zstd"),
    ("contextvars", "contextvars"),
    ("dataclasses", "dataclasses"),
    ("graphlib", "graphlib-backport"),
    ("importlib.metadata", "importlib_metadata"),
    ("importlib.resources", "importlib_resources"),
    ("tomllib", "tomli"),
    ("unittest.mock", "mock"),
    ("zoneinfo", "backports.zoneinfo"),
];

/// What is said of single names, sorted.
const INSTEAD: &[(&str, &str)] = &[
    ("BaseExceptionGroup", "the package `exceptiongroup` has it for older Pythons"),
    ("EncodingWarning", "name it only where `sys.version_info >= (3, 10)`"),
    ("ExceptionGroup", "the package `exceptiongroup` has it for older Pythons"),
    ("aiter", "call `iterable.__aiter__()`"),
    ("anext", "await `iterator.__anext__()`"),
    ("asyncio.Runner", "make a loop with `asyncio.new_event_loop()` and close it afterwards"),
    ("asyncio.TaskGroup", "the package `taskgroup` has it for older Pythons; so does `anyio`"),
    ("asyncio.timeout", "write `asyncio.wait_for()`; the package `async-timeout` has it too"),
    ("asyncio.to_thread", "write `loop.run_in_executor(None, …)`"),
    ("bytes.removeprefix", "test with `startswith()`, and slice"),
    ("bytes.removesuffix", "test with `endswith()`, and slice"),
    ("contextlib.aclosing", "write it as an `@asynccontextmanager` of three lines"),
    ("contextlib.chdir", "write it as a `@contextmanager` around `os.chdir()`"),
    ("contextlib.nullcontext", "an `ExitStack()` that nothing is pushed on does nothing, too"),
    ("dataclasses.KW_ONLY", "give the fields defaults, or write `__init__`"),
    ("dataclasses.dataclass(kw_only)", "give the fields defaults, or write `__init__`"),
    (
        "dataclasses.dataclass(slots)",
        "write `__slots__` in the class, where no field has a default",
    ),
    ("datetime.UTC", "it is another name of `datetime.timezone.utc`"),
    ("enum.StrEnum", "inherit from `str` and `Enum`, and define `__str__`"),
    ("functools.cache", "it is `lru_cache(maxsize=None)`"),
    ("functools.cached_property", "write `@property` over a method that is cached"),
    ("int.bit_count", "count in `bin(number)`"),
    ("itertools.batched", "slice an iterator with `itertools.islice()` until it is empty"),
    ("itertools.pairwise", "zip the iterable with itself, one step on: `itertools.tee()`"),
    ("math.dist", "sum the squares of the differences, and take the root"),
    ("math.lcm", "divide the product by `math.gcd()`"),
    ("math.prod", "reduce with `operator.mul`"),
    ("pathlib.Path.is_relative_to", "call `relative_to()`, and catch `ValueError`"),
    ("pathlib.Path.walk", "write `os.walk()`"),
    ("pathlib.PurePath.is_relative_to", "call `relative_to()`, and catch `ValueError`"),
    ("str.removeprefix", "test with `startswith()`, and slice"),
    ("str.removesuffix", "test with `endswith()`, and slice"),
    ("zip(strict)", "compare the lengths before"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted() {
        assert!(INSTEAD.is_sorted_by_key(|(name, _)| name));
    }
}
