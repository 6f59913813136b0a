//! Where a value was written: for error messages and for `--show-settings`.

use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// What kind of text settings were written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Medium {
    /// The tool's own defaults.
    Defaults,
    /// A file on disk.
    File,
    /// `--config "key = value"`.
    Inline,
    /// Another option of the command line.
    Flag,
}

/// A text in which settings are written.
#[derive(Debug)]
pub(super) struct Written {
    /// What kind of text it is.
    pub(super) medium: Medium,
    /// As it is shown: the path from the working directory, or the command-line option.
    pub(super) name: String,
    /// What its globs and paths are relative to.
    pub(super) folder: PathBuf,
    /// All of it.
    pub(super) text: String,
}

impl Written {
    /// What the command line says with the option `name`.
    pub(super) fn command_line(
        medium: Medium,
        name: &str,
        text: String,
        working_directory: &Path,
    ) -> Arc<Written> {
        Arc::new(Written {
            medium,
            name: name.to_owned(),
            folder: working_directory.to_owned(),
            text,
        })
    }

    /// Where its keys stand, for "unknown key … in": the table of a `pyproject.toml`, else its
    /// name.
    pub(super) fn table(&self) -> &str {
        if self.is_pyproject() { "[tool.dunderlint]" } else { &self.name }
    }

    /// Whether settings are a table of it and not the whole.
    pub(super) fn is_pyproject(&self) -> bool {
        self.medium == Medium::File && Path::new(&self.name).ends_with("pyproject.toml")
    }
}

/// A byte range of a [`Written`].
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) written: Arc<Written>,
    pub(super) range: Range<usize>,
}

impl Place {
    /// Whether the command line said it, be it with `--config`.
    pub(super) fn is_on_command_line(&self) -> bool {
        matches!(self.written.medium, Medium::Inline | Medium::Flag)
    }

    /// The words of `--show-settings`: `default`, `pyproject.toml:12` (1-based line), `--config`,
    /// `command line`.
    pub(super) fn origin(&self) -> String {
        match self.written.medium {
            Medium::Defaults => "default".to_owned(),
            Medium::File => {
                let before = &self.written.text.as_bytes()[..self.range.start];
                let line = memchr::memchr_iter(b'\n', before).count() + 1;
                format!("{}:{line}", self.written.name)
            }
            Medium::Inline => self.written.name.clone(),
            Medium::Flag => "command line".to_owned(),
        }
    }
}

/// A value and where it was written.
#[derive(Clone, Debug)]
pub(super) struct Placed<T> {
    pub(super) value: T,
    pub(super) place: Place,
}

/// The path from the working directory for what lies below it, else the path itself; `/` between
/// its parts.
pub(super) fn shown(path: &Path, working_directory: &Path) -> String {
    let path = path.strip_prefix(working_directory).unwrap_or(path);
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

/// `path` seen from `folder`, without `.` and `..`. Symbolic links are not followed.
pub(super) fn absolute(folder: &Path, path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in folder.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    clean
}
