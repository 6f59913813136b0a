//! What is wrong with the settings, and the place to mend it.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};

use super::place::Place;

/// Why the settings cannot be used: one problem or several of the same file.
#[derive(Clone, Debug)]
pub struct ConfigError {
    problems: Arc<[Problem]>,
}

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    /// What is wrong: lower case, no full stop.
    pub(super) message: String,
    /// Where; `None` if no text can be shown.
    pub(super) place: Option<Place>,
    /// What to write instead, said under the place.
    pub(super) label: String,
}

impl Problem {
    /// A problem of which no text can be shown: a file that cannot be read.
    pub(super) fn without_place(message: impl Into<String>) -> Problem {
        Problem { message: message.into(), place: None, label: String::new() }
    }

    /// A problem at `place`; `label` says what to write instead, or is empty.
    pub(super) fn at(
        place: Place,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Problem {
        Problem { message: message.into(), place: Some(place), label: label.into() }
    }

    fn group(&self) -> Group<'_> {
        let title = Level::ERROR.primary_title(normalize_untrusted_str(&self.message));
        let Some(place) = &self.place else { return Group::with_title(title) };
        let text = place.written.text.as_str();
        let mark = AnnotationKind::Primary.span(on_one_line(text, &place.range));
        let mark = if self.label.is_empty() { mark } else { mark.label(self.label.as_str()) };
        title.element(Snippet::source(text).path(place.written.name.as_str()).annotation(mark))
    }
}

impl ConfigError {
    /// An error of all these problems, which must not be none.
    pub(super) fn new(problems: Vec<Problem>) -> ConfigError {
        ConfigError { problems: problems.into() }
    }

    /// The error for people: for each problem its message, `file:line:column` (1-based) and the
    /// line with a caret under the key or value. `styled` adds ANSI colours. No line end at its
    /// end.
    pub fn render(&self, styled: bool) -> String {
        let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.decor_style(DecorStyle::Ascii);
        let rendered: Vec<String> =
            self.problems.iter().map(|problem| renderer.render(&[problem.group()])).collect();
        rendered.join("\n\n")
    }

    /// The messages alone, in the order of the file.
    pub fn messages(&self) -> impl Iterator<Item = &str> {
        self.problems.iter().map(|problem| problem.message.as_str())
    }
}

impl From<Problem> for ConfigError {
    fn from(problem: Problem) -> ConfigError {
        ConfigError::new(vec![problem])
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for ConfigError {}

/// The part of the range on its first line: a caret under a whole table explains nothing. At most
/// up to the end of the text, and on character boundaries.
fn on_one_line(text: &str, range: &Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(range.start);
    let end = text.ceil_char_boundary(range.end).max(start);
    let line = text[start..end].lines().next().unwrap_or("");
    start..start + line.len()
}

/// The name that was probably meant: the nearest by typing errors, or one of which `word` is a
/// part.
pub(super) fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase().replace('_', "-");
    let allowed = word.chars().count().div_ceil(3);
    names
        .into_iter()
        .filter_map(|name| match strsim::damerau_levenshtein(&word, name) {
            distance if distance <= allowed => Some((distance, name)),
            _ if word.len() >= 4 && name.contains(&word) => Some((allowed + 1, name)),
            _ => None,
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// [`nearest`] as a label: "did you mean `select`?", or `otherwise`.
pub(super) fn did_you_mean<'a>(
    word: &str,
    names: impl IntoIterator<Item = &'a str>,
    otherwise: &str,
) -> String {
    match nearest(word, names) {
        Some(name) => format!("did you mean `{name}`?"),
        None => otherwise.to_owned(),
    }
}
