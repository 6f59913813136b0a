//! The phases in order, in parallel: files in, findings and fixed files out.
//!
//! The rule book (the chapters) is passed in, so that a test can run one rule and another binary
//! could bring its own.

mod census;
mod converge;
mod cuts;
mod declarations;
pub mod disk;
mod editable;
mod environment;
mod excerpt;
mod file;
mod finder;
mod ignores;
pub mod interrupt;
mod linked;
mod others;
mod project;
mod roots;
mod run;
mod settle;
mod table;
pub mod walk;
mod witness;

use std::path::PathBuf;
use std::sync::Arc;

use crate::config::Settings;
use crate::diagnostic::Diagnostic;
use crate::text::Source;

pub use census::{FileNeeds, NeedAt, census};
pub use converge::FixMode;
pub use declarations::{check_declarations, is_of_project};
pub use environment::{Libraries, site_packages};
pub use file::{FileReport, Input, check_source};
pub use finder::SearchPath;
pub use ignores::{IgnoreError, add_ignores};
pub use linked::linked;
pub use others::Extent;
pub use project::check_project;
pub(crate) use project::is_ignored;
pub use run::{run, run_source, stack_size};
pub use table::Table;
pub use witness::{Witness, witness};

/// A file that is to be checked.
#[derive(Clone, Debug)]
pub struct FileToCheck {
    /// As it is shown and as facts carry it: relative to the working directory where it lies
    /// below it, else absolute; `/` between its parts. Unique within a run.
    pub path: String,
    /// Where it is on disk.
    pub disk: PathBuf,
    /// What governs it: the nearest configuration file's settings.
    pub settings: Arc<Settings>,
}

/// What a run is asked to do beyond looking.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RunOptions {
    /// `None`: only look.
    pub fix: Option<FixMode>,
    /// Fixed files are written; otherwise their new text is only returned (`--diff`).
    pub write: bool,
    /// Findings are reported even where a comment suppresses them.
    pub ignore_suppressions: bool,
    /// Findings are reported even where `per-file-ignores` names them.
    pub ignore_per_file_ignores: bool,
    /// How many threads to use; `None` for one per processor.
    pub threads: Option<usize>,
    /// Where the libraries of the project are looked for.
    pub libraries: Libraries,
}

/// What a run found, file by file in the order of their paths.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Files with something to say: findings left, or fixes applied. Sorted by path.
    pub files: Vec<FileOutcome>,
    /// How many files were looked at.
    pub checked: usize,
    /// Whether Ctrl-C ended the run before its end.
    pub interrupted: bool,
}

/// What is to be said of one file.
#[derive(Debug)]
pub struct FileOutcome {
    /// As in [`FileToCheck::path`].
    pub path: String,
    /// Where it is on disk.
    pub disk: PathBuf,
    /// What governs it.
    pub settings: Arc<Settings>,
    /// What is left after fixing, sorted by place and name; offsets are into the text after
    /// fixing. Severities are as the settings have them.
    pub diagnostics: Vec<Diagnostic>,
    /// Fixes that were applied: (rule name, fix title, how often), sorted by rule name.
    pub fixed: Vec<(String, String, usize)>,
    /// Before and after, where fixes changed the text and it was not written (`--diff`, stdin).
    pub change: Option<(Source, Source)>,
}
