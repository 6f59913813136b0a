//! What a rule is, what it listens to, and what it may see.

mod context;
mod declarations;
mod import;
mod linked;
mod need;
mod on;
mod option;

pub(crate) use context::Suspect;
pub use context::{Context, Imported};
pub use declarations::{Declaration, DeclarationReport, Declarations, Saying};
pub(crate) use linked::ToOpen;
pub use linked::{
    Class, Cut, Cuts, Cutting, Function, ImportCycle, Mending, ProjectFinding, ProjectReport,
    Suspected, ToMend,
};
pub use need::{Need, Pythons};
pub(crate) use on::FunctionTraits;
pub use on::{On, is_special};
pub use option::{Described, Opt, Target, Value, Values};

use crate::diagnostic::Severity;

/// A rule is a value. Everything the tool knows of it is in these fields and its page.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Kebab-case: what is wrong, read after "allow".
    pub name: &'static str,
    /// Names it had in earlier releases: still understood in settings and comments.
    pub formerly: &'static [&'static str],
    /// How bad a finding is unless settings say otherwise.
    pub severity: Severity,
    /// Whether it is on without being selected.
    pub default: bool,
    /// Whether its findings carry fixes.
    pub fixable: Fixable,
    /// The release that brought it.
    pub since: &'static str,
    /// The text of its page: documentation and test in one.
    pub page: &'static str,
    /// What can be set.
    pub options: &'static [&'static dyn Described],
    /// What it listens to.
    pub on: &'static [On],
}

/// Whether a rule's findings carry fixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixable {
    /// None does.
    Never,
    /// Some do.
    Sometimes,
    /// Each does.
    Always,
}

impl Rule {
    /// The first paragraph of the page: one sentence or two.
    pub fn summary(&self) -> &'static str {
        let body = self.page.split_once('\n').map_or("", |(_title, body)| body).trim_start();
        body.split("\n\n").next().unwrap_or("").trim()
    }

    /// Whether it needs more than one file to be sure.
    pub fn needs_project(&self) -> bool {
        self.on.iter().any(|on| on.kind().is_none())
    }
}

/// One section of the article, one folder of `rules/`.
#[derive(Clone, Copy)]
pub struct Chapter {
    /// Kebab-case; selects all its rules.
    pub name: &'static str,
    /// As a heading.
    pub title: &'static str,
    /// In the order of the catalogue.
    pub rules: &'static [Rule],
}
