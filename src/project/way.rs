//! The way from a dotted name to what it stands for: how far it may go, and what is missing on it.

use super::{FileId, stdlib};
use crate::facts::Dotted;

/// No way through re-exports in earnest has more steps.
const MOST_STEPS: usize = 100;

/// Where names are looked up.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight<'p> {
    /// In the project, from below a root.
    Project(&'p str),
    /// Among what is installed.
    Installed,
}

/// A module that nobody has read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Miss {
    /// Who asked for it.
    pub(super) from: FileId,
    /// Whether it was looked for among what is installed.
    pub(super) is_installed: bool,
    /// Its dotted name.
    pub(super) module: String,
}

/// The way that a resolution has come.
pub(super) struct Way {
    /// How many steps it may still take.
    left: usize,
    /// What was looked for behind the star imports of which modules: they may go in circles.
    pub(super) starred: Vec<(FileId, String)>,
    /// The modules that were not there, if somebody wants to know.
    missed: Option<Vec<Miss>>,
    /// The names whose first part was not there; whether among what is installed.
    beyond: Vec<(FileId, Dotted, bool)>,
}

impl Way {
    pub(super) fn new() -> Way {
        Way { left: MOST_STEPS, starred: Vec::new(), missed: None, beyond: Vec::new() }
    }

    /// A way that takes notes of what is missing.
    pub(super) fn noting() -> Way {
        Way { missed: Some(Vec::new()), ..Way::new() }
    }

    /// What was missing.
    pub(super) fn missed(&mut self) -> Vec<Miss> {
        self.missed.take().unwrap_or_default()
    }

    /// The names whose first part was missing; whether among what is installed.
    pub(super) fn beyond(&self) -> &[(FileId, Dotted, bool)] {
        &self.beyond
    }

    /// How many notes were taken.
    pub(super) fn note_count(&self) -> usize {
        self.missed.as_ref().map_or(0, Vec::len) + self.beyond.len()
    }

    /// One step further, if it may.
    pub(super) fn step(&mut self) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        Some(())
    }

    /// Whether it takes notes of what is missing.
    pub(super) fn takes_notes(&self) -> bool {
        self.missed.is_some()
    }

    /// Whether nothing was missing.
    pub(super) fn has_all(&self) -> bool {
        self.missed.as_ref().is_none_or(Vec::is_empty)
    }

    /// Notes that a module is missing. The standard library never is.
    pub(super) fn note(
        &mut self,
        sight: Sight<'_>,
        asker: FileId,
        module: impl FnOnce() -> String,
    ) {
        let Some(missed) = &mut self.missed else { return };
        let module = module();
        let top = module.split('.').next().unwrap_or_default();
        if !stdlib::is_module(top) {
            let is_installed = sight == Sight::Installed;
            missed.push(Miss { from: asker, is_installed, module });
        }
    }

    /// Notes that the first part of a name is missing.
    pub(super) fn note_beyond(&mut self, sight: Sight<'_>, file: FileId, name: Dotted) {
        if self.takes_notes() {
            self.beyond.push((file, name, sight == Sight::Installed));
        }
    }
}
