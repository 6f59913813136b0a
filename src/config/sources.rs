//! The room for the disk: all that is read for the sake of settings is read here.
#![allow(clippy::disallowed_methods, reason = "settings are files")]

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::error::Problem;

/// The text of a file, without a byte order mark; `None` if there is no such file.
///
/// # Errors
/// When it is there and cannot be read, or is not UTF-8. `name` is how it is called in the
/// message.
pub(super) fn read(path: &Path, name: &str) -> Result<Option<String>, Problem> {
    match fs::read(path) {
        Ok(bytes) => match str::from_utf8(&bytes) {
            Ok(text) => Ok(Some(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned())),
            Err(_) => {
                let message = format!("cannot read `{name}`: it is not UTF-8");
                Err(Problem::without_place(message))
            }
        },
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory => Ok(None),
            _ => Err(Problem::without_place(format!("cannot read `{name}`: {error}"))),
        },
    }
}

/// Whether there is such a folder.
pub(super) fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// Whether there is such a file.
pub(super) fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// The folders in a folder, sorted, without hidden ones and links; none if it cannot be read.
pub(super) fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."))
        .map(|entry| entry.path())
        .collect();
    folders.sort();
    folders
}
