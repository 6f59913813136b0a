//! From comments to suppressions.

use memchr::{memchr2_iter, memmem};
use ruff_python_ast::token::{Token, TokenKind};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::lines::{Lines, is_code};
use super::{Kind, Mistake, Name, Pragma, Suppressions};

/// What our own comments begin with, behind the `#`.
const MARK: &str = "dunderlint:";

const DIRECTIVES: [(&str, Kind); 4] = [
    ("ignore", Kind::Ignore),
    ("file-ignore", Kind::FileIgnore),
    ("disable", Kind::Disable),
    ("enable", Kind::Enable),
];

/// Reads the suppressions of a text from its comments. A text that never says `dunderlint:` or
/// `noqa` costs two searches for rare bytes and not a look at its tokens.
pub fn parse(text: &str, tokens: &[Token]) -> Suppressions {
    let mut found = Suppressions::default();
    let mut places: Vec<usize> = memmem::find_iter(text.as_bytes(), MARK).collect();
    places.extend(noqas(text.as_bytes()));
    if places.is_empty() {
        return found;
    }
    places.sort_unstable();
    let mut lines = Lines::new(text, tokens);
    let mut last = None;
    for place in places {
        let token = lines.token_at(size(place));
        let is_comment = tokens.get(token).is_some_and(|it| it.kind() == TokenKind::Comment);
        if is_comment && last != Some(token) {
            comment(&mut lines, token, &mut found);
            last = Some(token);
        }
    }
    found
}

/// Where a text says `noqa`, in any case: at its `q`, the rarest of these letters.
fn noqas(bytes: &[u8]) -> impl Iterator<Item = usize> {
    memchr2_iter(b'q', b'Q', bytes).filter(|at| {
        at.checked_sub(2)
            .and_then(|start| bytes.get(start..at + 2))
            .is_some_and(|word| word.eq_ignore_ascii_case(b"noqa"))
    })
}

/// Reads one comment. It may say several things, each behind its own `#`.
fn comment(lines: &mut Lines<'_>, token: usize, found: &mut Suppressions) {
    let comment = lines.tokens[token].range();
    let parts = parts(&lines.text[comment]);
    for (index, part) in parts.iter().enumerate() {
        let range = part + comment.start();
        let said = match read(&lines.text[range], range.start()) {
            None => continue,
            Some(Ok(said)) => said,
            Some(Err(mistake)) => {
                found.mistakes.push(mistake);
                continue;
            }
        };
        let is_own_line = lines.is_first(comment.start());
        if let Some(message) = misplaced(said.kind, is_own_line, found) {
            found.mistakes.push(Mistake { range, message, correction: None });
            continue;
        }
        let covers = match said.kind {
            Kind::FileIgnore => TextRange::up_to(lines.text.text_len()),
            Kind::Disable | Kind::Enable => TextRange::new(range.start(), lines.text.text_len()),
            Kind::Noqa if is_own_line => continue,
            Kind::Ignore if is_own_line => covers_below(lines, token),
            Kind::Ignore | Kind::Noqa => covers_beside(lines, token),
        };
        let removal = match (index, parts.get(index + 1)) {
            (0, None) if is_own_line => {
                TextRange::new(lines.start(range.start()), lines.next(range.end()))
            }
            (0, None) => {
                let line = TextRange::new(lines.start(range.start()), range.start());
                let code = lines.text[line].trim_end().text_len();
                TextRange::new(line.start() + code, comment.end())
            }
            (0, Some(next)) => TextRange::new(range.start(), next.start() + comment.start()),
            _ => TextRange::new(parts[index - 1].end() + comment.start(), range.end()),
        };
        found.push(Pragma { range, covers, removal, ..said });
    }
}

/// Why a directive cannot stand where it stands.
fn misplaced(kind: Kind, is_own_line: bool, found: &Suppressions) -> Option<String> {
    match kind {
        Kind::Disable | Kind::Enable | Kind::FileIgnore if !is_own_line => {
            let word = DIRECTIVES.iter().find(|it| it.1 == kind).map_or("", |it| it.0);
            Some(format!("`{word}` must stand on a line of its own; for one line write `ignore`"))
        }
        Kind::Enable if !found.pragmas.iter().any(|it| it.kind == Kind::Disable) => {
            Some("`enable` without a `disable` before it".to_owned())
        }
        _ => None,
    }
}

/// What an `ignore` on a line of its own covers: that line and the next statement or header with
/// its decorators; within brackets the next line that has code.
fn covers_below(lines: &mut Lines<'_>, token: usize) -> TextRange {
    let comment = lines.tokens[token].range();
    let start = lines.start(comment.start());
    let logical = lines.logical(token);
    let is_within = lines.first_code(&logical).is_some_and(|it| it.start() < comment.start());
    let end = if is_within {
        let next = lines.tokens[token..logical.end].iter().find(|it| is_code(it));
        lines.end(next.map_or(comment.end(), |it| it.start()))
    } else {
        lines.statement(logical).map_or(lines.text.text_len(), |statement| statement.end())
    };
    TextRange::new(start, end)
}

/// What an `ignore` behind code covers: its line, with the strings that reach into it; on the
/// first or last line of a statement or header all of it.
fn covers_beside(lines: &mut Lines<'_>, token: usize) -> TextRange {
    let comment = lines.tokens[token].range();
    let line = lines.with_strings(comment.start());
    let logical = lines.logical(token);
    match lines.extent(&logical) {
        Some(all) if all.start() >= line.start() || all.end() <= line.end() => all.cover(line),
        _ => line,
    }
}

/// The parts of a comment that begin with `#` and could be said to a tool, without the blanks
/// behind them: `# type: ignore  # noqa` has two, `# see #12` has one.
fn parts(comment: &str) -> Vec<TextRange> {
    let begins = |at: usize| {
        let rest = &comment[at + 1..];
        let word = rest.trim_start_matches([' ', '\t']);
        let letters = word.bytes().take_while(u8::is_ascii_alphabetic).count();
        comment[..at].ends_with([' ', '\t'])
            && (word.len() < rest.len()
                || word[letters..].starts_with(':')
                || word[..letters].eq_ignore_ascii_case("noqa"))
    };
    let mut starts = vec![0];
    starts.extend(memchr::memchr_iter(b'#', comment.as_bytes()).skip(1).filter(|at| begins(*at)));
    let ends = starts.iter().skip(1).copied().chain([comment.len()]);
    let part = |(start, end): (&usize, usize)| {
        let length = comment[*start..end].trim_end().len();
        TextRange::at(size(*start), size(length))
    };
    starts.iter().zip(ends).map(part).collect()
}

/// Understands one part of a comment; `None` if it is not said to us. Where it stands is filled in
/// later.
fn read(part: &str, start: TextSize) -> Option<Result<Pragma, Mistake>> {
    let said = part.trim_start_matches('#').trim_start();
    let pragma = |kind, names, list, reason: &str| Pragma {
        kind,
        range: TextRange::at(start, part.text_len()),
        covers: TextRange::default(),
        names,
        list,
        reason: Some(reason.trim_start_matches([' ', '\t', '-', ':']).to_owned())
            .filter(|reason| !reason.is_empty()),
        removal: TextRange::default(),
        first_index: 0,
    };
    let Some(said) = said.strip_prefix(MARK) else {
        let rest = said.get(4..).filter(|_| said[..4].eq_ignore_ascii_case("noqa"))?;
        let is_bare = !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_')
            && !rest.trim_start().starts_with(':');
        return is_bare.then(|| Ok(pragma(Kind::Noqa, Vec::new(), TextRange::default(), rest)));
    };
    let said = said.trim_start();
    let offset = |rest: &str| start + size(part.len() - rest.len());
    let mistake = |at: TextRange, message: String, correction: Option<&str>| {
        let correction = correction.map(|it| (at, it.to_owned()));
        Some(Err(Mistake { range: at, message, correction }))
    };
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let (word, rest) = said.split_at(said.bytes().take_while(|byte| is_word(*byte)).count());
    let at = TextRange::at(offset(said), word.text_len());
    let Some((_, kind)) = DIRECTIVES.into_iter().find(|it| it.0 == word) else {
        let known = DIRECTIVES.map(|it| it.0);
        return match nearest(word, &known) {
            Some(known) => {
                let message = format!("unknown directive `{word}`; did you mean `{known}`?");
                mistake(at, message, Some(known))
            }
            None => {
                let all = "`ignore`, `file-ignore`, `disable` and `enable`";
                let message = format!("unknown directive `{word}`; there are {all}");
                mistake(TextRange::at(start, part.text_len()), message, None)
            }
        };
    };
    let Some(list) = rest.trim_start_matches([' ', '\t']).strip_prefix('[') else {
        if rest.starts_with([':', '=', '(']) {
            let message = format!("rule names belong in brackets: `{word}[name]`");
            return mistake(at, message, None);
        }
        return Some(Ok(pragma(kind, Vec::new(), TextRange::default(), rest)));
    };
    let Some((list, reason)) = list.split_once(']') else {
        return mistake(at, format!("the bracket behind `{word}` is not closed"), None);
    };
    let list_start = offset(reason) - size(1) - list.text_len();
    let names: Vec<Name> = names(list, list_start).collect();
    if names.is_empty() {
        let message = format!("`{word}[]` names no rule; without brackets it means all rules");
        return mistake(TextRange::new(at.start(), offset(reason)), message, Some(word));
    }
    Some(Ok(pragma(kind, names, TextRange::at(list_start, list.text_len()), reason)))
}

/// The names in a list, between commas or blanks.
fn names(list: &str, start: TextSize) -> impl Iterator<Item = Name> {
    let words = list.split([',', ' ', '\t']).scan(0, |at, word| {
        let from = *at;
        *at += word.len() + 1;
        Some((from, word))
    });
    words.filter(|(_, word)| !word.is_empty()).map(move |(from, word)| Name {
        text: word.to_owned(),
        range: TextRange::at(start + size(from), word.text_len()),
    })
}

/// The word that somebody probably meant.
pub(super) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word = word.to_ascii_lowercase().replace('_', "-");
    known
        .iter()
        .map(|it| (strsim::osa_distance(&word, it), *it))
        .filter(|(distance, it)| *distance <= 1 + it.len() / 6)
        .min()
        .map(|(_, it)| it)
}

/// The length of a text as offsets count.
trait TextLength {
    fn text_len(&self) -> TextSize;
}

impl TextLength for str {
    fn text_len(&self) -> TextSize {
        size(self.len())
    }
}

fn size(bytes: usize) -> TextSize {
    TextSize::try_from(bytes).unwrap_or_default()
}
