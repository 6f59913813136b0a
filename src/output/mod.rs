//! Findings as text, for people and for machines.
//!
//! Pure functions of data to a writer: this module knows colours and columns, but not the disk, the
//! environment or the terminal. Texts of files come through [`Texts`], what is known of rules
//! through [`Rules`].

mod concise;
mod diff;
mod full;
mod github;
mod json;
mod palette;
mod patch;
mod slice;
mod statistics;
mod summary;
mod text;

use std::io::{self, Write};
use std::path::Path;
use std::rc::Rc;

use crate::diagnostic::Diagnostic;
use crate::fix::Applicability;

pub use diff::diff;
pub use statistics::Statistics;
pub use summary::{Summary, counted, show_fixes};
pub use text::Text;

/// The form of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// Each finding with its source, its labels and its fix as a patch.
    #[default]
    Full,
    /// One line for each finding.
    Concise,
    /// One JSON array of findings.
    Json,
    /// One JSON object a line for each finding.
    JsonLines,
    /// Workflow commands that GitHub shows beside the changed lines.
    Github,
}

impl Format {
    /// All of them, in the order of the documentation.
    pub const ALL: [Format; 5] =
        [Format::Full, Format::Concise, Format::Json, Format::JsonLines, Format::Github];

    /// [`Format::as_str`] of [`Format::ALL`].
    pub const NAMES: [&'static str; Format::ALL.len()] = {
        let mut names = [""; Format::ALL.len()];
        let mut at = 0;
        while at < names.len() {
            names[at] = Format::ALL[at].as_str();
            at += 1;
        }
        names
    };

    /// The word used in settings and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Format::Full => "full",
            Format::Concise => "concise",
            Format::Json => "json",
            Format::JsonLines => "json-lines",
            Format::Github => "github",
        }
    }

    /// The format that [`Format::as_str`] spells so.
    ///
    /// # Errors
    /// The message for the user when there is no such format: it names the nearest one.
    pub fn parse(word: &str) -> Result<Format, String> {
        if let Some(format) = Format::ALL.into_iter().find(|format| format.as_str() == word) {
            return Ok(format);
        }
        let nearest = Format::ALL
            .into_iter()
            .map(|format| (strsim::jaro_winkler(word, format.as_str()), format))
            .filter(|(likeness, _)| *likeness >= 0.75)
            .max_by(|(one, _), (other, _)| one.total_cmp(other));
        Err(match nearest {
            Some((_, format)) => {
                format!("unknown output format `{word}`; did you mean `{}`?", format.as_str())
            }
            None => {
                let known = Format::NAMES.map(|name| format!("`{name}`"));
                format!("unknown output format `{word}`; there are {}", known.join(", "))
            }
        })
    }

    /// Whether people read it: a summary may follow it on the same stream.
    pub fn is_prose(self) -> bool {
        matches!(self, Format::Full | Format::Concise)
    }
}

/// Where a report gets the texts that findings point into.
pub trait Texts {
    /// The decoded text of a file, named as findings and labels name it; `None` if it cannot be
    /// had (any more): the finding is then shown without its source.
    fn text(&mut self, path: &str) -> Option<Rc<Text>>;
}

/// What a report says of a rule beyond its findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The first paragraph of its page; empty for the findings of the machine itself.
    pub summary: String,
    /// Where its page can be read.
    pub url: Option<String>,
    /// Whether it looks at more than one file.
    pub project: bool,
}

/// Where a report gets what is known of a rule: by its name, or one of
/// [`builtin`](crate::diagnostic::builtin).
pub trait Rules {
    /// What is known of the rule of this name.
    fn about(&self, rule: &str) -> About;
}

/// The findings of one file.
#[derive(Clone, Copy, Debug)]
pub struct FileFindings<'a> {
    /// As it is shown to people.
    pub path: &'a str,
    /// Where it is on disk, absolute: what machines are told.
    pub disk: &'a Path,
    /// In the order to be shown.
    pub diagnostics: &'a [Diagnostic],
}

/// How a report is to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// With ANSI colours.
    pub colour: bool,
    /// With OSC 8 links from rule names to their pages.
    pub links: bool,
    /// The width of the terminal in columns.
    pub width: usize,
    /// Whether fixes that may change behaviour count as fixable.
    pub unsafe_fixes: bool,
}

impl Default for Look {
    fn default() -> Look {
        Look { colour: false, links: false, width: 100, unsafe_fixes: false }
    }
}

impl Look {
    /// Whether `--fix`, with the settings at hand, would apply the fix of a finding.
    fn fixable(&self, diagnostic: &Diagnostic) -> bool {
        let least = if self.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
        diagnostic.fix.as_ref().is_some_and(|fix| fix.applicability >= least)
    }
}

/// Writes findings in a format. Each kind of report is one function of the same data.
///
/// # Errors
/// Those of the writer.
pub fn write(
    format: Format,
    files: &[FileFindings<'_>],
    look: &Look,
    texts: &mut dyn Texts,
    rules: &dyn Rules,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Full => full::write(files, look, texts, rules, out),
        Format::Concise => concise::write(files, look, texts, out),
        Format::Json => json::write(files, texts, rules, out),
        Format::JsonLines => json::write_lines(files, texts, rules, out),
        Format::Github => github::write(files, texts, out),
    }
}

#[cfg(test)]
mod tests;
