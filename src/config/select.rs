//! Which rules are meant by `select`, `ignore` and the like.

use serde_json::json;
use toml::Spanned;
use toml::de::DeValue;

use super::error::did_you_mean;
use super::kinds::{Reader, Scalar};
use super::place::Placed;
use crate::rule::{Chapter, Rule};

/// The names that may stand in settings.
#[derive(Clone, Copy)]
pub(super) struct Book {
    /// The rules, by chapter.
    pub(super) chapters: &'static [Chapter],
    /// The names of output formats; empty if any name will do.
    pub(super) formats: &'static [&'static str],
}

impl Book {
    /// Each rule with the name of its chapter, in the order of the catalogue.
    pub(super) fn rules(self) -> impl Iterator<Item = (&'static str, &'static Rule)> + Clone {
        self.chapters
            .iter()
            .flat_map(|chapter| chapter.rules.iter().map(|rule| (chapter.name, rule)))
    }

    /// The rule of this name, or that was formerly called so.
    pub(super) fn rule(self, word: &str) -> Option<&'static Rule> {
        let mut rules = self.rules().map(|(_, rule)| rule);
        rules
            .clone()
            .find(|rule| rule.name == word)
            .or_else(|| rules.find(|rule| rule.formerly.contains(&word)))
    }

    /// What a word in `select` means.
    pub(super) fn selector(self, word: &str) -> Option<Selector> {
        if word == "all" {
            return Some(Selector::All);
        }
        if let Some(rule) = self.rule(word) {
            return Some(Selector::Rule(rule.name));
        }
        let chapter = self.chapters.iter().find(|chapter| chapter.name == word)?;
        Some(Selector::Chapter(chapter.name))
    }

    /// Every word that may stand in `select`, old names left out.
    pub(super) fn words(self) -> impl Iterator<Item = &'static str> {
        let chapters = self.chapters.iter().map(|chapter| chapter.name);
        std::iter::once("all").chain(chapters).chain(self.rules().map(|(_, rule)| rule.name))
    }
}

/// A word of `select`, `ignore` and the like, by its present name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Selector {
    All,
    Chapter(&'static str),
    Rule(&'static str),
}

/// How narrowly a selector names a rule; broadest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Specificity {
    All,
    Chapter,
    Rule,
}

impl Selector {
    /// How narrowly it names the rule of that name in that chapter; `None` if it does not.
    pub(super) fn names(self, chapter: &str, rule: &str) -> Option<Specificity> {
        match self {
            Selector::All => Some(Specificity::All),
            Selector::Chapter(name) => (name == chapter).then_some(Specificity::Chapter),
            Selector::Rule(name) => (name == rule).then_some(Specificity::Rule),
        }
    }
}

impl Scalar for Selector {
    const KIND: &'static str = "a rule or chapter";
    const KINDS: &'static str = "rules and chapters";

    fn parse(name: &str, value: &Spanned<DeValue<'_>>, reader: &mut Reader) -> Option<Self> {
        let Some(word) = value.get_ref().as_str() else {
            reader.wrong_kind(name, value, &format!("a list of {}", Self::KINDS));
            return None;
        };
        let selector = reader.book.selector(word);
        if selector.is_none() {
            let message = format!("unknown rule or chapter `{word}` in `{name}`");
            let label = did_you_mean(word, reader.book.words(), "there is no such rule or chapter");
            reader.problem(value, message, label);
        }
        selector
    }

    fn schema(_: Book) -> serde_json::Value {
        json!({ "$ref": "#/definitions/selector" })
    }

    fn toml(&self) -> toml::Value {
        match self {
            Selector::All => "all".into(),
            Selector::Chapter(name) | Selector::Rule(name) => (*name).into(),
        }
    }
}

/// How narrowly the narrowest of `selectors` names a rule; `None` if none does.
pub(super) fn strongest<'a>(
    selectors: impl IntoIterator<Item = &'a Placed<Selector>>,
    chapter: &str,
    rule: &str,
) -> Option<Specificity> {
    selectors.into_iter().filter_map(|selector| selector.value.names(chapter, rule)).max()
}

/// What the configuration, or the command line, says about which rules are on (or fixable).
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice<'a> {
    /// `select`; `None` if it is unset.
    pub(super) select: Option<&'a [Placed<Selector>]>,
    /// `extend-select`.
    pub(super) extend: &'a [Placed<Selector>],
    /// `ignore`.
    pub(super) ignore: &'a [Placed<Selector>],
}

/// Whether a rule is on.
///
/// The command line has the first word. Its `--ignore` puts a rule off unless its own `--select` or
/// `--extend-select` names the rule more narrowly. Otherwise these put it on, unless the
/// configuration's `ignore` names it more narrowly: `--select classes` leaves a rule of that
/// chapter off that is ignored by name, and `--select NAME` turns it on.
///
/// Where the command line says nothing of the rule, it is off if there is a `--select`, which
/// replaces the configuration's `select` and `extend-select`. Else the configuration decides: the
/// rule is on if `select` or `extend-select` names it more narrowly than `ignore` does, where the
/// default, in the place of a missing `select`, counts as if it were named by `all`.
///
/// What becomes of `mro-conflict`, a rule of `classes`:
///
/// | configuration                              | command line              | is  |
/// |--------------------------------------------|---------------------------|-----|
/// | `select = ["classes"]`                     |                           | on  |
/// | `select = ["all"]`, `ignore = ["classes"]` |                           | off |
/// | `select` and `ignore` both name `classes`  |                           | off |
/// | `select = ["mro-conflict"]`                | `--ignore classes`        | off |
/// | `ignore = ["mro-conflict"]`                | `--select classes`        | off |
/// | `ignore = ["mro-conflict"]`                | `--select mro-conflict`   | on  |
/// | `ignore = ["classes"]`                     | `--extend-select classes` | on  |
/// | `select = ["classes"]`                     | `--select typing`         | off |
pub(super) fn is_chosen(
    configuration: Choice<'_>,
    command_line: Choice<'_>,
    (chapter, rule): (&str, &str),
    by_default: bool,
) -> bool {
    let selected = |choice: Choice<'_>| {
        let select = choice.select.unwrap_or_default();
        strongest(select.iter().chain(choice.extend), chapter, rule)
    };
    let ignored = |choice: Choice<'_>| strongest(choice.ignore, chapter, rule);

    let (on, off) = (selected(command_line), ignored(command_line));
    if off.is_some() && off >= on {
        return false;
    }
    let off = ignored(configuration);
    if on.is_some() && on >= off {
        return true;
    }
    let default = (configuration.select.is_none() && by_default).then_some(Specificity::All);
    command_line.select.is_none() && selected(configuration).max(default) > off
}
