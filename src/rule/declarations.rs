//! What the files beside a project's metadata say of the Pythons it is for.

use ruff_text_size::TextRange;

use super::{Pythons, Rule};
use crate::diagnostic::Diagnostic;

/// All that the files of one folder say: those of a `pyproject.toml` or `setup.cfg`, and of the
/// tools that are set up beside it.
#[derive(Clone, Copy)]
pub struct Declarations<'a> {
    /// What is said; what installers go by comes first, the strongest before the others.
    pub said: &'a [Declaration],
    /// The files that say it, as they are shown.
    pub paths: &'a [String],
}

/// Something that a file says of Pythons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// The file: its index among [`Declarations::paths`].
    pub file: usize,
    /// Where it says so.
    pub range: TextRange,
    /// To whom.
    pub saying: Saying,
    /// The Pythons that it names; `None` if it is not understood, or names none.
    pub pythons: Option<Pythons>,
}

/// What kind of thing is said of Pythons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saying {
    /// What installers go by, under this key.
    Required(&'static str),
    /// The name of a project that tells installers nothing.
    NothingRequired,
    /// A classifier of the package index.
    Classifier,
    /// The version that a tool is to write or check code for: the tool.
    Target(&'static str),
    /// A version that tests are run on: by what.
    Tested(&'static str),
    /// The image of a `Dockerfile`.
    Image,
    /// `.python-version`.
    Pin,
    /// A version without quotes, where `3.10` is the number 3.1.
    Number,
}

/// Where findings about declarations gather. Knows which rule is speaking.
pub struct DeclarationReport {
    pub(crate) rule: &'static Rule,
    pub(crate) found: Vec<(usize, Diagnostic)>,
}

impl DeclarationReport {
    /// Reports a declaration.
    pub fn at(&mut self, declaration: &Declaration, message: impl Into<String>) -> &mut Diagnostic {
        let Rule { name, severity, .. } = *self.rule;
        let diagnostic = Diagnostic::new(name, severity, declaration.range, message);
        self.found.push((declaration.file, diagnostic));
        &mut self.found.last_mut().expect("one was just pushed").1
    }
}
