//! What files say that are read line by line: only as much of each format as the versions in it.

use std::ops::Range;

use super::{Said, minor_of};
use crate::config::target::version_of;
use crate::rule::{Pythons, Saying};

/// The lines of a text with their offsets, without the white space around them.
pub(super) fn of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let at = start + line.len() - line.trim_start().len();
        start += line.len();
        (at, line.trim())
    })
}

/// A line without the comment at its end.
fn said_in(line: &str) -> &str {
    match line.find('#') {
        Some(at) if at == 0 || line[..at].ends_with([' ', '\t']) => &line[..at],
        _ => line,
    }
}

/// The first version of `.python-version`: the others are only to be at hand.
pub(super) fn in_pin(text: &str, said: &mut Said) {
    let first = of(text).find(|(_, line)| !said_in(line).trim().is_empty());
    let Some((at, line)) = first else { return };
    let word = said_in(line).trim();
    if let Some(version) = version_of(&minor_of(word)) {
        said.push(Saying::Pin, at..at + word.len(), Some(Pythons::only(version)));
    }
}

/// `FROM python:3.9-slim`
pub(super) fn in_dockerfile(text: &str, said: &mut Said) {
    for (at, line) in of(text) {
        let mut words = line.split_whitespace();
        if !words.next().is_some_and(|word| word.eq_ignore_ascii_case("from")) {
            continue;
        }
        let Some(image) = words.find(|word| !word.starts_with("--")) else { continue };
        let Some(tag) = image.strip_prefix("python:") else { continue };
        if let (Some(version), Some(offset)) = (version_of(&minor_of(tag)), line.find(image)) {
            let start = at + offset;
            let range = start..start + image.len();
            said.push(Saying::Image, range, Some(Pythons::only(version)));
        }
    }
}

/// `--py39-plus`
pub(super) fn in_hooks(text: &str, said: &mut Said) {
    for (at, line) in of(text) {
        for (found, _) in said_in(line).match_indices("--py3") {
            let word: &str = line[found..]
                .split(|it: char| it != '-' && !it.is_alphanumeric())
                .next()
                .unwrap_or("");
            if let Some(version) = word.strip_prefix("--").and_then(|it| it.strip_suffix("-plus")) {
                let start = at + found;
                said.target("pyupgrade", start..start + word.len(), version);
            }
        }
    }
}

/// `"pythonVersion": "3.9"`
pub(super) fn in_pyright(text: &str, said: &mut Said) {
    for (at, line) in of(text) {
        let Some(rest) = line.strip_prefix("\"pythonVersion\"") else { continue };
        let value = rest.trim_start_matches([' ', ':']);
        let start = at + line.len() - value.len();
        let value = value.trim_end_matches([',', ' ']);
        said.target("pyright", start..start + value.len(), value.trim_matches('"'));
    }
}

/// The lists of versions in a workflow: what is no list may be the Python of a tool.
pub(super) fn in_workflow(text: &str, said: &mut Said) {
    let mut lines = of(text).peekable();
    while let Some((at, line)) = lines.next() {
        let Some((key, value)) = line.split_once(':') else { continue };
        if !matches!(key.trim_start_matches("- "), "python-version" | "python_version" | "python") {
            continue;
        }
        let value = said_in(value);
        let start = at + key.len() + 1;
        if let Some(list) = value.trim_start().strip_prefix('[') {
            let start = start + value.len() - list.len();
            let end = text[start..].find(']').map_or(text.len(), |it| start + it);
            for (at, line) in of(&text[start..end]) {
                let parts = said_in(line).split(',');
                parts.fold(start + at, |at, part| {
                    in_item(part, at, said);
                    at + part.len() + 1
                });
            }
        } else if value.trim().is_empty() {
            while let Some((at, line)) =
                lines.next_if(|(_, line)| line.is_empty() || line.starts_with(['-', '#']))
            {
                if let Some(item) = said_in(line).strip_prefix('-') {
                    in_item(item, at + 1, said);
                }
            }
        }
    }
}

/// A version in a list of YAML, with white space around it.
fn in_item(item: &str, at: usize, said: &mut Said) {
    let word = item.trim();
    let start = at + item.len() - item.trim_start().len();
    let range = start..start + word.len();
    let bare = word.trim_matches(['"', '\'']);
    let is_number =
        bare == word && bare.strip_prefix("3.").is_some_and(|minor| minor.ends_with('0'));
    if is_number && version_of(bare).is_some_and(|it| it.minor > 0) {
        said.push(Saying::Number, range, None);
    } else {
        said.tested("a workflow", range, bare);
    }
}

/// The environments of tox: `py{37,38}-django, 3.9, lint`.
pub(super) fn in_environments(list: &str, start: usize, said: &mut Said) {
    for (at, line) in of(list) {
        let line = said_in(line);
        let mut word_start = 0;
        let mut depth = 0usize;
        for (end, character) in line.char_indices().chain([(line.len(), ',')]) {
            match character {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                ',' | ' ' | '\t' if depth == 0 => {
                    let at = start + at + word_start;
                    in_factors(&line[word_start..end], at, said);
                    word_start = end + 1;
                }
                _ => {}
            }
        }
    }
}

/// The versions that one entry of tox's list names: `py38-x`, `3.8-x`, `py{38,39}-x`,
/// `{py38,py39}-x`.
fn in_factors(entry: &str, start: usize, said: &mut Said) {
    let groups = [("py{", "py"), ("{", "")];
    let group = groups.iter().find_map(|(open, before)| {
        let rest = entry.strip_prefix(open)?;
        Some((open.len(), *before, &rest[..rest.find('}')?]))
    });
    let Some((open, before, list)) = group else {
        let word = entry.split('-').next().unwrap_or(entry);
        in_environment(word, start..start + word.len(), said);
        return;
    };
    list.split(',').fold(start + open, |at, part| {
        let word = part.trim();
        let from = at + part.len() - part.trim_start().len();
        in_environment(&format!("{before}{word}"), from..from + word.len(), said);
        at + part.len() + 1
    });
}

/// The version that the first factor of an environment names.
pub(super) fn in_environment(word: &str, at: Range<usize>, said: &mut Said) {
    let first = word.split('-').next().unwrap_or(word);
    said.tested("tox", at, first);
}
