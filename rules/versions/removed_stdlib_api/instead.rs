//! What to write in the place of what was removed.

use ruff_python_ast::{AnyNodeRef, ExprAttribute, PythonVersion, StmtImportFrom};
use ruff_text_size::Ranged;

use super::super::calls::without_keyword;
use super::super::imports::{listed_range, new_line};
use super::super::uses::{How, Use};
use crate::fix::{Applicability, Fix};
use crate::rule::Context;

/// Words of advice and, where a name only has to be written otherwise, the fix.
pub(super) fn of<'a>(
    used: &Use<'a>,
    lowest: PythonVersion,
    cx: &Context<'a>,
) -> (String, Option<Fix>) {
    let name = used.name.to_string();
    if let Some(other) = renamed(used, &name, lowest) {
        let fix = match (used.how, used.node) {
            (How::Import, AnyNodeRef::StmtImportFrom(it)) => import_other(used, it, &other, cx),
            (How::Attribute | How::Method, AnyNodeRef::ExprAttribute(it)) => {
                say_other(used, it, &other, cx)
            }
            _ => None,
        };
        let help = match &other.module {
            Some(module) => format!("write `{module}.{}`", other.name),
            None => format!("write `{}`", other.name),
        };
        return (help, fix);
    }
    let fix = match used.node {
        AnyNodeRef::ExprCall(call) if used.parameter == Some("loop") => {
            call.arguments.find_keyword("loop").and_then(|keyword| {
                let range = without_keyword(call, keyword, cx)?;
                Some(Fix::unsafe_("Leave `loop` out").delete(range))
            })
        }
        _ => None,
    };
    (words(used, &name), fix)
}

fn words(used: &Use<'_>, name: &str) -> String {
    if let Ok(at) = WORDS.binary_search_by_key(&name, |(name, _)| name) {
        return WORDS[at].1.to_owned();
    }
    match used.how {
        How::Module => format!(
            "import it in a `try` statement that catches `{}`, or keep newer Pythons out with an \
             upper bound of `requires-python`",
            used.how.error()
        ),
        How::Keyword if used.parameter == Some("loop") => {
            "leave it out: the running loop is taken".to_owned()
        }
        How::Keyword => {
            "leave it out, or pass it by its place where that is still allowed".to_owned()
        }
        _ => "keep it from newer Pythons with a test of `sys.version_info`".to_owned(),
    }
}

/// Another name for the same, or nearly.
struct Other {
    /// Where it is, if not in the same module or class.
    module: Option<&'static str>,
    name: String,
    trust: Applicability,
}

fn renamed(used: &Use<'_>, name: &str, lowest: PythonVersion) -> Option<Other> {
    let safe = Applicability::Safe;
    if used.parameter.is_some() {
        return None;
    }
    if let ["collections", class] = used.name.parts() {
        return Some(Other {
            module: Some("collections.abc"),
            name: (*class).to_owned(),
            trust: safe,
        });
    }
    if used.name.starts_with("unittest") {
        let (_, new) = UNITTEST.iter().find(|(old, _)| *old == used.name.last())?;
        return Some(Other { module: None, name: (*new).to_owned(), trust: safe });
    }
    let at = RENAMED.binary_search_by_key(&name, |(old, ..)| old).ok()?;
    let (_, module, new, trust, since) = RENAMED[at];
    let is_there = since.is_none_or(|since| lowest.minor >= since);
    is_there.then(|| Other { module, name: new.to_owned(), trust })
}

/// `from collections.abc import Mapping`.
fn import_other(
    used: &Use<'_>,
    statement: &StmtImportFrom,
    other: &Other,
    cx: &Context<'_>,
) -> Option<Fix> {
    let alias = statement.names.iter().find(|alias| alias.name.range() == used.range)?;
    let said = match &alias.asname {
        Some(local) if local.as_str() == other.name => other.name.clone(),
        Some(local) => format!("{} as {local}", other.name),
        None if alias.name.as_str() == other.name => other.name.clone(),
        None => format!("{} as {}", other.name, alias.name),
    };
    let module = other.module.unwrap_or(statement.module.as_ref()?.as_str());
    let fix = Fix {
        applicability: other.trust,
        ..Fix::safe(format!("Import `{}` from `{module}`", other.name))
    };
    match &statement.names[..] {
        _ if other.module.is_none() => Some(fix.replace(alias.range, said)),
        [_] => {
            Some(fix.replace(statement.module.as_ref()?.range(), module).replace(alias.range, said))
        }
        _ => {
            let (end, indent) = new_line(statement, cx)?;
            let line = format!("\n{indent}from {module} import {said}");
            Some(fix.delete(listed_range(statement, alias.range, cx)?).insert(end, line))
        }
    }
}

/// `thread.is_alive`, `collections.abc.Mapping`.
fn say_other<'a>(
    used: &Use<'a>,
    attribute: &'a ExprAttribute,
    other: &Other,
    cx: &Context<'a>,
) -> Option<Fix> {
    let fix = Fix { applicability: other.trust, ..Fix::safe(format!("Write `{}`", other.name)) };
    let Some(module) = other.module else {
        return Some(fix.replace(attribute.attr.range, &*other.name));
    };
    if used.how != How::Attribute || cx.has_comment(attribute.range) {
        return None;
    }
    // `import collections.abc` may be missing; `collections.abc` alone does not import it.
    let imported = cx.import(module, known(&other.name)?, attribute)?;
    Some(fix.replace(attribute.range, imported.text).merge(imported.edit))
}

/// A name of the tables, which live as long as the program.
fn known(name: &str) -> Option<&'static str> {
    RENAMED
        .iter()
        .map(|(_, _, new, ..)| *new)
        .chain(ABSTRACT.iter().copied())
        .find(|it| *it == name)
}

const ABSTRACT: &[&str] = &[
    "AsyncGenerator",
    "AsyncIterable",
    "AsyncIterator",
    "Awaitable",
    "ByteString",
    "Callable",
    "Collection",
    "Container",
    "Coroutine",
    "Generator",
    "Hashable",
    "ItemsView",
    "Iterable",
    "Iterator",
    "KeysView",
    "Mapping",
    "MappingView",
    "MutableMapping",
    "MutableSequence",
    "MutableSet",
    "Reversible",
    "Sequence",
    "Set",
    "Sized",
    "ValuesView",
];

/// Old and new names of methods of `TestCase`.
const UNITTEST: &[(&str, &str)] = &[
    ("assertAlmostEquals", "assertAlmostEqual"),
    ("assertEquals", "assertEqual"),
    ("assertNotAlmostEquals", "assertNotAlmostEqual"),
    ("assertNotEquals", "assertNotEqual"),
    ("assertNotRegexpMatches", "assertNotRegex"),
    ("assertRaisesRegexp", "assertRaisesRegex"),
    ("assertRegexpMatches", "assertRegex"),
    ("assert_", "assertTrue"),
    ("failIf", "assertFalse"),
    ("failIfEqual", "assertNotEqual"),
    ("failUnless", "assertTrue"),
    ("failUnlessEqual", "assertEqual"),
    ("failUnlessRaises", "assertRaises"),
];

type Renaming = (&'static str, Option<&'static str>, &'static str, Applicability, Option<u8>);

/// Sorted: what was removed; the module that has the other name, if it is another; the other name;
/// whether it is the same; the minor version that has it.
const RENAMED: &[Renaming] = {
    use Applicability::{Safe, Unsafe};
    &[
        ("array.array.fromstring", None, "frombytes", Safe, None),
        ("array.array.tostring", None, "tobytes", Safe, None),
        ("ast.Bytes", None, "Constant", Unsafe, Some(8)),
        ("ast.Ellipsis", None, "Constant", Unsafe, Some(8)),
        ("ast.NameConstant", None, "Constant", Unsafe, Some(8)),
        ("ast.Num", None, "Constant", Unsafe, Some(8)),
        ("ast.Str", None, "Constant", Unsafe, Some(8)),
        ("base64.decodestring", None, "decodebytes", Safe, None),
        ("base64.encodestring", None, "encodebytes", Safe, None),
        ("cgi.escape", Some("html"), "escape", Unsafe, None),
        ("configparser.SafeConfigParser", None, "ConfigParser", Safe, None),
        ("fractions.gcd", Some("math"), "gcd", Safe, None),
        ("inspect.getargspec", None, "getfullargspec", Unsafe, None),
        ("locale.format", None, "format_string", Safe, None),
        ("threading.Thread.isAlive", None, "is_alive", Safe, None),
        ("threading.Timer.isAlive", None, "is_alive", Safe, None),
        ("time.clock", None, "perf_counter", Unsafe, None),
        ("xml.etree.ElementTree.Element.getiterator", None, "iter", Unsafe, None),
        ("xml.etree.ElementTree.ElementTree.getiterator", None, "iter", Unsafe, None),
    ]
};

/// Sorted: what is said of single names.
const WORDS: &[(&str, &str)] = &[
    ("asynchat", "write it with `asyncio`; the package `pyasynchat` has the module"),
    ("asyncio.coroutine", "write `async def`, and `await` in place of `yield from`"),
    ("asyncore", "write it with `asyncio`; the package `pyasyncore` has the module"),
    ("audioop", "the package `audioop-lts` has the module"),
    (
        "cgi",
        "the package `legacy-cgi` has the module; `urllib.parse` and `email.message` its parts",
    ),
    ("cgitb", "the package `legacy-cgi` has the module"),
    ("crypt", "`hashlib.scrypt()` hashes passwords; the package `crypt-r` has the module"),
    (
        "distutils",
        "the package `setuptools` has the module; or use `packaging`, `shutil`, `sysconfig`",
    ),
    ("distutils.util", "the package `setuptools` has the module"),
    ("imghdr", "the packages `filetype` and `puremagic` know more kinds of files"),
    ("imp", "write it with `importlib`"),
    ("nntplib", "the package `standard-nntplib` has the module"),
    ("pipes", "`shlex.quote` is `pipes.quote`; `subprocess` does the rest"),
    ("pkgutil.find_loader", "write `importlib.util.find_spec()`"),
    ("pkgutil.get_loader", "write `importlib.util.find_spec()`"),
    ("plistlib.readPlist", "write `plistlib.load()` with an open file"),
    ("plistlib.writePlist", "write `plistlib.dump()` with an open file"),
    ("smtpd", "the package `aiosmtpd` has a server"),
    ("ssl.match_hostname", "the handshake checks the name if the context has `check_hostname`"),
    ("ssl.wrap_socket", "make an `ssl.SSLContext`, and call its `wrap_socket()`"),
    ("telnetlib", "the package `telnetlib3` has more; `standard-telnetlib` has the module"),
    ("typing.io", "import from `typing` itself"),
    ("typing.re", "import from `typing` itself"),
    ("unittest.findTestCases", "write `unittest.defaultTestLoader.loadTestsFromModule()`"),
    ("unittest.makeSuite", "write `unittest.defaultTestLoader.loadTestsFromTestCase()`"),
    ("uu", "`binascii.a2b_uu()` and `b2a_uu()` are still there"),
    ("xml.etree.ElementTree.Element.getchildren", "write `list(element)`"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted() {
        assert!(RENAMED.is_sorted_by_key(|(name, ..)| name));
        assert!(WORDS.is_sorted_by_key(|(name, _)| name));
    }

    #[test]
    fn what_is_spoken_of_was_removed() {
        use super::super::super::stdlib;
        for name in RENAMED.iter().map(|it| it.0).chain(WORDS.iter().map(|it| it.0)) {
            let row = stdlib::find(name.split('.'), None);
            let holder = stdlib::find(name.split('.').take(1), None);
            let is_removed = |row: Option<stdlib::Row>| row.is_some_and(|it| it.removed.is_some());
            assert!(is_removed(row) || is_removed(holder), "{name}");
        }
    }
}
