//! Fixes are data: edits of one file, and how far to trust them.

mod apply;

use ruff_text_size::{TextRange, TextSize};
use serde::{Deserialize, Serialize};

pub use apply::{Applied, apply};

/// How far a fix can be trusted. The words are ruff's, since users know them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// Shown, never applied by the tool.
    Display,
    /// May change behaviour: applied with `--fix --unsafe-fixes`.
    Unsafe,
    /// Keeps behaviour, comments and formatting: applied with `--fix` and on save.
    Safe,
}

impl Applicability {
    /// The word used in output and in settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Applicability::Display => "display",
            Applicability::Unsafe => "unsafe",
            Applicability::Safe => "safe",
        }
    }
}

/// The longest line that formatters leave alone by default, in characters: what a fix writes keeps
/// within it where that is easy.
pub const LONGEST_LINE: usize = 88;

/// Replaces a range of the decoded text (byte offsets) by other text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Edit {
    /// What goes; empty for an insertion.
    pub range: TextRange,
    /// What comes; empty for a deletion. Its line ends are `\n`: [`apply`] turns them into the
    /// file's own.
    pub text: String,
}

impl Edit {
    /// Puts `text` at `at`.
    pub fn insert(at: TextSize, text: impl Into<String>) -> Edit {
        Edit { range: TextRange::empty(at), text: text.into() }
    }

    /// Puts `text` in the place of `range`.
    pub fn replace(range: TextRange, text: impl Into<String>) -> Edit {
        Edit { range, text: text.into() }
    }

    fn place(&self) -> (TextSize, TextSize) {
        (self.range.start(), self.range.end())
    }
}

/// Edits that belong together: they land all or not at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// An imperative with a capital: "Add `@wraps(func)`".
    pub title: String,
    /// How far to trust it.
    pub applicability: Applicability,
    /// Sorted by place; no two overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that keeps behaviour. Edits are added to it.
    pub fn safe(title: impl Into<String>) -> Fix {
        Fix { title: title.into(), applicability: Applicability::Safe, edits: Vec::new() }
    }

    /// A fix that may change behaviour. Edits are added to it.
    pub fn unsafe_(title: impl Into<String>) -> Fix {
        Fix { applicability: Applicability::Unsafe, ..Fix::safe(title) }
    }

    /// A fix that is only shown. Edits are added to it.
    pub fn display(title: impl Into<String>) -> Fix {
        Fix { applicability: Applicability::Display, ..Fix::safe(title) }
    }

    /// Adds an edit, keeping them sorted.
    pub fn edit(mut self, edit: Edit) -> Fix {
        let at = self.edits.partition_point(|other| other.place() <= edit.place());
        self.edits.insert(at, edit);
        self
    }

    /// Puts `text` in the place of `range`.
    pub fn replace(self, range: TextRange, text: impl Into<String>) -> Fix {
        self.edit(Edit::replace(range, text))
    }

    /// Puts `text` at `at`.
    pub fn insert(self, at: TextSize, text: impl Into<String>) -> Fix {
        self.edit(Edit::insert(at, text))
    }

    /// Takes `range` away.
    pub fn delete(self, range: TextRange) -> Fix {
        self.edit(Edit::replace(range, ""))
    }

    /// Adds the edits of an import, if it needs any.
    pub fn merge(self, edits: impl IntoIterator<Item = Edit>) -> Fix {
        edits.into_iter().fold(self, Fix::edit)
    }
}
