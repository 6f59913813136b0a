//! A guard before the parser: text that nests so deeply that walking its tree would overflow the
//! stack, which no program survives.
//!
//! The parser grows its stack as it needs, but dropping a tree and walking over it recurse once
//! per level. What is refused here is far beyond what Python itself takes: CPython gives up at 200
//! brackets, 100 indents and (3.9 to 3.13, measured) 2,862 to 9,467 links of one expression.

mod scan;

use memchr::memmem;
use ruff_text_size::TextSize;

/// The most levels that an expression may have: brackets, calls, attributes and operators that
/// hang on one another. Texts that are too short to have many more are not looked at: see
/// [`LINKS_MATTER`] and [`KEYWORDS_MATTER`].
const MOST_LEVELS: u32 = 10_000;
/// The most default values of lambdas in one another: here the parser itself recurses.
const MOST_LAMBDAS: u32 = 1_000;
/// The most blocks in one another.
const MOST_BLOCKS: usize = 1_000;
/// How many times as many levels the stack bears: a program that is not optimised needs about
/// four times as much of it for each.
const SPARE: usize = if cfg!(debug_assertions) { 4 } else { 16 };
/// A text with no more bytes that can hang a level on an expression needs no exact count.
const LINKS_MATTER: usize = SPARE * MOST_LEVELS as usize;
/// A text shorter than this has no room for more levels of `not ` than that.
const KEYWORDS_MATTER: usize = 4 * LINKS_MATTER;
/// A text shorter than this has no room for more lambdas in one another than the stack bears.
const LAMBDAS_MATTER: usize = b"lambda x=".len() * SPARE / 4 * MOST_LAMBDAS as usize;

/// Where a text is too deep, and how to say so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TooDeep {
    /// The byte offset of the first token that is a level too much.
    pub offset: TextSize,
    /// For users.
    pub message: String,
}

/// Looks whether a text is too deep to be parsed: `None` for each that CPython compiles.
///
/// All but very large or very odd texts are let through after counting bytes, several per clock
/// tick; only the rest are scanned token by token.
pub fn too_deep(text: &str) -> Option<TooDeep> {
    let bytes = text.as_bytes();
    if may_be_too_deep(bytes) { scan::scan(bytes) } else { None }
}

/// An upper bound: `false` only if the text has not the bytes to be too deep.
fn may_be_too_deep(bytes: &[u8]) -> bool {
    if bytes.len() <= MOST_LAMBDAS as usize {
        return false;
    }
    let mut levels = 0;
    if bytes.len() > LINKS_MATTER {
        levels += count(bytes, |byte, _| is_link(byte));
    }
    if bytes.len() > KEYWORDS_MATTER {
        levels += count(bytes, begins_keyword);
    }
    let lambdas = || memmem::find_iter(bytes, b"lambda").take(MOST_LAMBDAS as usize + 1).count();
    // What the stack bears need not be counted exactly.
    levels > LINKS_MATTER
        || bytes.len() > LAMBDAS_MATTER && lambdas() > MOST_LAMBDAS as usize
        || has_wide_indent(bytes)
}

/// How many bytes, looked at with the one behind them, are counted. Written for the compiler to
/// look at sixteen at a time: no branch, and sums that fit a byte.
fn count(bytes: &[u8], counted: impl Fn(u8, u8) -> bool) -> usize {
    let next = bytes.get(1..).unwrap_or_default();
    let chunks = bytes.chunks(128).zip(next.chunks(128));
    let sum = |(chunk, next): (&[u8], &[u8])| {
        let ones = chunk.iter().zip(next).map(|(byte, next)| u8::from(counted(*byte, *next)));
        usize::from(ones.sum::<u8>())
    };
    // The last byte has none behind it.
    1 + chunks.map(sum).sum::<usize>()
}

/// Whether a byte can hang one more level on an expression: `( [ { . + - * / % @ & | ^ ~ < >`.
fn is_link(byte: u8) -> bool {
    let is_within = |first: u8, last: u8| byte.wrapping_sub(first) <= last - first;
    (byte == b'(')
        | is_within(b'*', b'+')
        | is_within(b'-', b'/')
        | is_within(b'%', b'&')
        | is_within(b'{', b'|')
        | (byte & !2 == b'<')
        | (byte == b'[')
        | (byte == b'~')
        | (byte == b'^')
        | (byte == b'@')
}

/// Whether two bytes can be from the keywords that hang a level on an expression: `not`, `await`,
/// `yield`, `else`, `if`, `lambda`.
fn begins_keyword(byte: u8, next: u8) -> bool {
    [*b"ot", *b"aw", *b"yi", *b"ls", *b"if", *b"mb"]
        .into_iter()
        .fold(false, |any, [first, second]| any | ((byte == first) & (next == second)))
}

/// Whether some line is indented enough for too many blocks. Looks at few bytes: an indent that
/// wide cannot be missed.
fn has_wide_indent(bytes: &[u8]) -> bool {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    (0..bytes.len()).step_by(MOST_BLOCKS / 2).any(|at| {
        let before = bytes[..at].iter().rev().take_while(|byte| is_blank(byte)).count();
        let after = bytes[at..].iter().take_while(|byte| is_blank(byte)).count();
        before + after >= MOST_BLOCKS
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts that nest once per repetition.
    fn deep(times: usize) -> Vec<String> {
        let chain = |first: &str, link: &str| format!("x = {first}{}\n", link.repeat(times));
        let prefix = |link: &str| format!("x = {}1\n", link.repeat(times));
        let around = |open: &str, close: &str| {
            format!("x = {}1{}\n", open.repeat(times), close.repeat(times))
        };
        vec![
            around("(", ")"),
            around("[", "]"),
            around("{1: ", "}"),
            around("f(", ")"),
            around("f'{", "}'"),
            around("lambda a=", ": 1"),
            chain("f", "()"),
            chain("f", "[0]"),
            chain("f", ".a"),
            chain("f", "\\\n.a"),
            format!("x = (f{})", "\n  .a # ,\n".repeat(times)),
            chain("1", " + 1"),
            chain("1", " ** 1.0"),
            chain("1", " << 1"),
            chain("1", " @ '+,'"),
            prefix("not "),
            prefix("-"),
            prefix("await "),
            prefix("lambda: "),
            prefix("1 if 1 else "),
            prefix("1 if 1 and 1 else "),
        ]
    }

    #[test]
    fn what_is_too_deep_is_refused() {
        for text in deep(LINKS_MATTER + 20_001) {
            let start = &text[..20];
            let problem = too_deep(&text).expect(start);
            assert!(problem.message.starts_with("nested too deeply to be parsed: more than "));
            assert!(problem.offset.to_usize() < text.len(), "{start}");
        }
        let text: String = (0..1_100).map(|depth| " ".repeat(depth) + "if x:\n").collect();
        let problem = too_deep(&text).map(|it| it.message).unwrap_or_default();
        assert_eq!(problem, "nested too deeply to be parsed: more than 1,000 blocks are open");
    }

    #[test]
    fn what_python_compiles_is_let_through() {
        for text in deep(900) {
            assert_eq!(too_deep(&text), None);
            assert_eq!(scan::scan(text.as_bytes()), None);
        }
        let sum = format!("x = 1{}", " + 1".repeat(9_467));
        assert_eq!(too_deep(&sum), None);
    }

    #[test]
    fn what_is_long_but_flat_is_let_through() {
        let many = |item: &str| item.repeat(30_000);
        for text in [
            format!("x = [{}]", many("-1, ")),
            format!("x = [\n{}]", many("f(a.b)[0],\n")),
            format!("x = ({})", many("a.b == 1 and not c.d or ")),
            format!("x = {{{}}}", many("'a': lambda: b.c if d.e else -1,")),
            format!("x = ({})", many("'+ ( [ {'\n")),
            format!("x = f'{}'", many("{a.b + 1:>{c}} {{ ")),
            format!("'''\n{}'''", many("((((")),
            format!("x = '{}'", many("\\'(")),
            many("# ((((\n"),
            many("x = a.b(c) + 1\n"),
            many("x = a.b(c); "),
            many("if a.b: c.d\n"),
            format!("if a: pass\n{}", many("elif a.b: c(d)\n")),
            many("x = 1.5 - .5\n"),
            many("f(*a, **b)\n"),
        ] {
            assert_eq!(too_deep(&text), None, "{}", &text[..30]);
        }
    }

    #[test]
    fn the_scan_survives_what_is_not_python() {
        let pieces = ["f'{", "'''", "\\", "}", ")", "lambda ", ":", "\n", "f'{a:{", "é", "'", "{{"];
        for first in pieces {
            for second in pieces {
                for third in pieces {
                    let text = [first, second, third].concat().repeat(7);
                    assert_eq!(scan::scan(text.as_bytes()), None);
                    assert_eq!(scan::scan(&text.as_bytes()[1..]), None);
                }
            }
        }
    }
}
