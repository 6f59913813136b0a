//! Comments that silence findings: `# dunderlint: ignore[name]` and its kin, and a bare `# noqa`.
//!
//! | comment | covers |
//! |---|---|
//! | `ignore[a, b] why` behind code | findings that start on its line; on the first or last line of a statement or header, all of it |
//! | the same on a line of its own | the next statement or header, with the decorators above it |
//! | `disable[a]` … `enable[a]` | what lies between them, or all that follows |
//! | `file-ignore[a]` | the file |
//! | `# noqa` | as `ignore` behind code, for all rules |
//!
//! Without brackets all rules are meant; the name of a chapter means its rules. `# noqa: X123`
//! speaks to other tools and is left alone.

mod insert;
mod lines;
mod parse;
#[cfg(test)]
mod tests;
mod unused;

use ruff_text_size::{TextRange, TextSize};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

pub use insert::add_ignores;
pub use parse::parse;

/// The comments of a file that silence findings, and those that try to and cannot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppressions {
    /// In the order of the text.
    pragmas: Vec<Pragma>,
    /// In the order of the text.
    mistakes: Vec<Mistake>,
}

/// One comment that silences findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Pragma {
    kind: Kind,
    /// From its `#` to its end.
    range: TextRange,
    /// Where findings must start to be silenced, both ends included; of an `enable`, where they
    /// are heard again.
    covers: TextRange,
    /// The rules that it names, in its order; none for all.
    names: Vec<Name>,
    /// Between its brackets; empty without any.
    list: TextRange,
    /// Why, in the words behind the bracket.
    reason: Option<String>,
    /// What goes with it if it goes: its line, or the blanks before it.
    removal: TextRange,
    /// How many names stand in the pragmas before it, one for each that names none.
    first_index: usize,
}

/// The name of a rule or of a chapter, as somebody wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Name {
    text: String,
    range: TextRange,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Kind {
    /// The nearest is asked first: what is silenced twice leaves the farther one unused.
    Ignore,
    Disable,
    FileIgnore,
    /// Never unused: it may be meant for another tool.
    Noqa,
    Enable,
}

/// A comment that begins as one of ours and cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Mistake {
    range: TextRange,
    message: String,
    /// What to write there instead.
    correction: Option<(TextRange, String)>,
}

/// Which suppressions silenced something, in any phase.
#[derive(Clone, Debug, Default)]
pub struct UsedSuppressions(FxHashSet<usize>);

impl Suppressions {
    /// Whether there is none, and nothing that tries to be one.
    pub fn is_empty(&self) -> bool {
        self.pragmas.is_empty() && self.mistakes.is_empty()
    }

    /// The suppression that silences a finding which starts at a byte offset, if one does.
    /// `names_rule` says whether a name as written in a comment stands for the finding's rule: its
    /// name, a former one, or its chapter. The answer tells suppressions of this file apart.
    pub fn covers(&self, at: TextSize, names_rule: &dyn Fn(&str) -> bool) -> Option<usize> {
        let mut nearest: Option<(Kind, usize)> = None;
        for (place, pragma) in self.pragmas.iter().enumerate() {
            if pragma.kind == Kind::Enable || !pragma.covers.contains_inclusive(at) {
                continue;
            }
            let Some(index) = pragma.index_of(names_rule) else { continue };
            let is_enabled_again = |enable: &Pragma| {
                enable.kind == Kind::Enable
                    && enable.range.start() <= at
                    && enable.index_of(names_rule).is_some()
            };
            if pragma.kind == Kind::Disable && self.pragmas[place..].iter().any(is_enabled_again) {
                continue;
            }
            if nearest.is_none_or(|(kind, _)| pragma.kind < kind) {
                nearest = Some((pragma.kind, index));
            }
        }
        nearest.map(|(_, index)| index)
    }

    /// Whether a finding is silenced; if so, by what is remembered in `used`. Arguments as for
    /// [`Suppressions::covers`].
    pub fn suppresses(
        &self,
        at: TextSize,
        names_rule: &dyn Fn(&str) -> bool,
        used: &mut UsedSuppressions,
    ) -> bool {
        let index = self.covers(at, names_rule);
        used.0.extend(index);
        index.is_some()
    }

    /// Adds a pragma behind the others.
    fn push(&mut self, pragma: Pragma) {
        let first_index =
            self.pragmas.last().map_or(0, |it| it.first_index + it.names.len().max(1));
        self.pragmas.push(Pragma { first_index, ..pragma });
    }
}

impl Pragma {
    /// The index of the name that stands for a rule, or of the pragma if it stands for all.
    fn index_of(&self, names_rule: &dyn Fn(&str) -> bool) -> Option<usize> {
        if self.names.is_empty() {
            return Some(self.first_index);
        }
        let name = self.names.iter().position(|name| names_rule(&name.text))?;
        Some(self.first_index + name)
    }

    /// Its directive, as it is written.
    fn word(&self) -> &'static str {
        match self.kind {
            Kind::Ignore => "ignore",
            Kind::Disable => "disable",
            Kind::FileIgnore => "file-ignore",
            Kind::Noqa => "noqa",
            Kind::Enable => "enable",
        }
    }
}
