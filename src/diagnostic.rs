//! What a rule says about a place in a file. Data only: no colours, no columns, no disk.

use std::borrow::Cow;
use std::fmt;

use ruff_text_size::{Ranged, TextRange, TextSize};
use serde::{Deserialize, Serialize};

use crate::fix::Fix;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A candidate for a better form. Never affects the exit status.
    Info,
    /// A practice worth changing.
    Warning,
    /// It will raise, or it is wrong.
    Error,
}

impl Severity {
    /// All of them, mildest first.
    pub const ALL: [Severity; 3] = [Severity::Info, Severity::Warning, Severity::Error];

    /// The word used in settings and output: `info`, `warning`, `error`.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// The severity that [`Severity::as_str`] spells so.
    pub fn parse(word: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|severity| severity.as_str() == word)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The names of findings that come from the machine and not from a rule. They cannot be ignored
/// by selection, only mended.
pub mod builtin {
    /// The parser could not make sense of the text.
    pub const SYNTAX_ERROR: &str = "syntax-error";
    /// The file could not be read or decoded.
    pub const UNREADABLE_FILE: &str = "unreadable-file";
    /// A rule panicked: a bug of ours.
    pub const INTERNAL_ERROR: &str = "internal-error";
    /// A suppression comment that suppresses nothing.
    pub const UNUSED_SUPPRESSION: &str = "unused-suppression";
    /// Fixes of this file did not come to an end, or broke it, and were undone.
    pub const FIX_FAILED: &str = "fix-failed";
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The rule's name, or one of [`builtin`].
    pub rule: Cow<'static, str>,
    /// How bad it is, after settings.
    pub severity: Severity,
    /// Byte offsets into the decoded text of the file it is about.
    pub range: TextRange,
    /// What is wrong, with which name: lower case, no full stop.
    pub message: String,
    /// Other places that explain it, and words for the place itself. In the order to be read.
    pub labels: Vec<Label>,
    /// Why it matters, or what to write instead.
    pub help: Option<String>,
    /// How to mend it.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A finding with nothing but its message.
    pub fn new(
        rule: impl Into<Cow<'static, str>>,
        severity: Severity,
        at: impl Ranged,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            rule: rule.into(),
            severity,
            range: at.range(),
            message: message.into(),
            labels: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// What findings of one file are sorted by: place, then name.
    pub fn order(&self) -> (TextSize, TextSize, &str) {
        (self.range.start(), self.range.end(), &self.rule)
    }

    /// Points at a place in the same file.
    pub fn label(&mut self, at: impl Ranged, text: impl Into<String>) -> &mut Diagnostic {
        self.labels.push(Label { file: None, range: at.range(), text: text.into() });
        self
    }

    /// Points at a place in another file, named by the path that its facts carry.
    pub fn label_in(
        &mut self,
        file: impl Into<String>,
        at: impl Ranged,
        text: impl Into<String>,
    ) -> &mut Diagnostic {
        self.labels.push(Label { file: Some(file.into()), range: at.range(), text: text.into() });
        self
    }

    /// Says why it matters, or what to write instead.
    pub fn help(&mut self, text: impl Into<String>) -> &mut Diagnostic {
        self.help = Some(text.into());
        self
    }

    /// Offers a way to mend it.
    pub fn fix(&mut self, fix: impl Into<Option<Fix>>) -> &mut Diagnostic {
        self.fix = fix.into();
        self
    }

    /// Says it more mildly or more strongly than the rule does by default.
    pub fn severity(&mut self, severity: Severity) -> &mut Diagnostic {
        self.severity = severity;
        self
    }
}

/// A place that explains a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// The other file's path as its facts carry it; `None` for the finding's own file.
    pub file: Option<String>,
    /// Byte offsets into that file's decoded text.
    pub range: TextRange,
    /// What is to be seen there.
    pub text: String,
}
