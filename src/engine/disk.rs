//! Reading files, and replacing them whole or not at all.

#![allow(clippy::disallowed_methods, reason = "this module is the room for the disk")]

use std::fmt;
use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::interrupt;
use crate::text::{DecodeError, Source};

/// Why a file could not be read. Its message is for users and does not name the file.
#[derive(Debug)]
pub enum ReadError {
    /// The operating system refused.
    Io(io::Error),
    /// It is no file with a content: a directory, a pipe, a device, a socket.
    NotAFile(&'static str),
    /// Its bytes are not text.
    Decode(DecodeError),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Io(error) => f.write_str(&plain(error)),
            ReadError::NotAFile(what) => write!(f, "is {what}, not a file"),
            ReadError::Decode(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ReadError {}

/// Why a file was not replaced. Its message is for users and does not name the file.
#[derive(Debug)]
pub enum WriteError {
    /// The operating system refused; the file is as it was.
    Io {
        /// What was being done: "cannot …".
        doing: &'static str,
        /// What it said.
        error: io::Error,
    },
    /// Nobody may write it, or not this user.
    ReadOnly,
    /// Somebody else wrote it since it was read.
    Changed,
    /// Some of its bytes are not those that its text is written with in its encoding.
    NotReversible(&'static str),
    /// Its new text cannot be written in its encoding.
    Encode(DecodeError),
    /// It has other hard links, was being written in place, and that stopped midway.
    Torn {
        /// What the operating system said.
        error: io::Error,
        /// Where the whole new text is.
        rescued: PathBuf,
    },
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::Io { doing, error } => write!(f, "cannot {doing}: {}", plain(error)),
            WriteError::ReadOnly => f.write_str("cannot write it: it is read-only"),
            WriteError::Changed => f.write_str("changed on disk since it was read"),
            WriteError::NotReversible(encoding) => {
                write!(
                    f,
                    "not written: some of its bytes are not proper {encoding}; save it as UTF-8"
                )
            }
            WriteError::Encode(error) => write!(f, "not written: {error}"),
            WriteError::Torn { error, rescued } => write!(
                f,
                "written only in part: {}; its whole new text is in `{}`",
                plain(error),
                rescued.display()
            ),
        }
    }
}

impl std::error::Error for WriteError {}

/// Reads and decodes a file. Symbolic links are followed; what could block or never end (pipes,
/// devices) is refused unopened.
///
/// # Errors
/// When there is no such file, it cannot be read, or its bytes are not text.
pub fn read(path: &Path) -> Result<Source, ReadError> {
    let metadata = fs::metadata(path).map_err(ReadError::Io)?;
    if !metadata.is_file() {
        return Err(ReadError::NotAFile(kind_of(metadata.file_type())));
    }
    let bytes = bytes_of(path, &metadata).map_err(ReadError::Io)?;
    Source::decode(bytes).map_err(ReadError::Decode)
}

/// Whether a path is a file, following links.
pub(super) fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// The names of the files in a folder, sorted; none if it cannot be read.
pub(super) fn files_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter(|it| it.path().is_file());
    let mut names: Vec<String> = files.filter_map(|it| it.file_name().into_string().ok()).collect();
    names.sort_unstable();
    names
}

/// The names in a folder, sorted: `None` where it cannot be read. Those that are not Unicode are no
/// modules.
pub(super) fn names(folder: &Path) -> Option<Vec<String>> {
    let entries = fs::read_dir(folder).ok()?;
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort_unstable();
    Some(names)
}

/// A path without links and `..`.
pub(super) fn canonical(path: &Path) -> Option<PathBuf> {
    fs::canonicalize(path).ok()
}

/// Puts `after` in the place of `before`, whole or not at all.
///
/// The new text is written beside the file and renamed over it, so that a reader sees either
/// version whole, and a crash or Ctrl-C leaves one of them. A symbolic link stays one: what it
/// points to is replaced. Permissions stay. A file with other hard links or another owner would
/// lose these by a rename: it is written in place, with the new text safe beside it until done.
///
/// # Errors
/// When the file is read-only, is not `before` any more, or cannot be written. It is then as it
/// was, except after [`WriteError::Torn`].
pub fn replace(path: &Path, before: &Source, after: &Source) -> Result<(), WriteError> {
    let bytes = after.encode().map_err(WriteError::Encode)?;
    let _no_exit = interrupt::hold();
    let target = fs::canonicalize(path).map_err(doing("find it"))?;
    let metadata = fs::metadata(&target).map_err(doing("read it"))?;
    // A rename asks nothing of the file that it replaces, so ask whether it could be written.
    let writable = OpenOptions::new().write(true).open(&target);
    match &writable {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            return Err(WriteError::ReadOnly);
        }
        _ if metadata.permissions().readonly() => return Err(WriteError::ReadOnly),
        _ => {}
    }
    let mut in_place = writable.map_err(doing("write it"))?;
    let beside = write_beside(&target, &metadata, &bytes).map_err(doing("write beside it"))?;
    // As late as can be: writing beside it took a while.
    let present = bytes_of(&target, &metadata).map_err(doing("read it"))?;
    check_unchanged(&present, before)?;
    if rename_keeps_identity(&metadata, beside.as_file()) {
        drop(in_place); // Windows renames over no open file.
        beside.persist(&target).map_err(|failure| failure.error).map_err(doing("replace it"))?;
        return Ok(());
    }
    let Err(error) = overwrite(&mut in_place, &bytes) else { return Ok(()) };
    if overwrite(&mut in_place, &present).is_ok() {
        return Err(WriteError::Io { doing: "write it", error });
    }
    match beside.keep() {
        Ok((_, rescued)) => Err(WriteError::Torn { error, rescued }),
        Err(_) => Err(WriteError::Io { doing: "write it", error }),
    }
}

/// A new file in the same folder with these bytes and permissions, safe on disk.
fn write_beside(target: &Path, metadata: &Metadata, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut beside =
        tempfile::Builder::new().prefix(".dunderlint-").suffix(".tmp").tempfile_in(folder)?;
    beside.write_all(bytes)?;
    beside.as_file().set_permissions(metadata.permissions())?;
    beside.as_file().sync_all()?;
    Ok(beside)
}

/// Whether the file still holds what was read, and writing it back would give these bytes.
fn check_unchanged(present: &[u8], before: &Source) -> Result<(), WriteError> {
    if before.encode().is_ok_and(|bytes| bytes == present) {
        return Ok(());
    }
    match Source::decode(present.to_vec()) {
        Ok(now) if now.text() == before.text() && now.encoding() == before.encoding() => {
            Err(WriteError::NotReversible(before.encoding().charset.name()))
        }
        _ => Err(WriteError::Changed),
    }
}

/// Whether the file would be the same to others after a rename over it: no other hard link to
/// part from, no other owner or group to lose.
#[cfg(unix)]
fn rename_keeps_identity(metadata: &Metadata, beside: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same = |new: Metadata| (new.uid(), new.gid()) == (metadata.uid(), metadata.gid());
    metadata.nlink() == 1 && beside.metadata().is_ok_and(same)
}

/// Elsewhere neither can be asked for.
#[cfg(not(unix))]
fn rename_keeps_identity(_metadata: &Metadata, _beside: &File) -> bool {
    true
}

/// Writes over what the file holds.
fn overwrite(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    file.rewind()?;
    file.write_all(bytes)?;
    file.set_len(bytes.len() as u64)?;
    file.sync_all()
}

/// All bytes of a file. Its size is known already, which saves asking again for each file.
fn bytes_of(path: &Path, metadata: &Metadata) -> io::Result<Vec<u8>> {
    // One more than the size, so that the read that finds the end needs no more room.
    let size = usize::try_from(metadata.len()).unwrap_or_default().saturating_add(1);
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(size)?;
    File::open(path)?.take(u64::MAX).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What it is instead of a file.
fn kind_of(file_type: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if file_type.is_fifo() {
            return "a named pipe";
        }
        if file_type.is_socket() {
            return "a socket";
        }
    }
    if file_type.is_dir() { "a directory" } else { "a device" }
}

/// What the operating system says, without its number.
pub(super) fn plain(error: &io::Error) -> String {
    let text = match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut characters = text.chars();
    let first = characters.next().map(|it| it.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}

/// What was being done when the operating system refused.
fn doing(doing: &'static str) -> impl Fn(io::Error) -> WriteError {
    move |error| WriteError::Io { doing, error }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with `a.py` that holds `x\n`, and what a reader has of it.
    fn folder() -> (tempfile::TempDir, PathBuf, Source) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.py");
        fs::write(&path, "x\n").unwrap();
        let source = read(&path).unwrap();
        (folder, path, source)
    }

    fn names_in(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let (folder, path, before) = folder();
        replace(&path, &before, &before.with_text("y = 1\n".to_owned())).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "y = 1\n");
        assert_eq!(names_in(folder.path()), ["a.py"]);
    }

    #[test]
    fn bytes_outside_the_change_stay() {
        let (_folder, path, _) = folder();
        fs::write(&path, b"\xef\xbb\xbfx = '\xc3\xa9'\r\n\x0cy\n").unwrap();
        let before = read(&path).unwrap();
        let text = before.text().replace('y', "z");
        replace(&path, &before, &before.with_text(text)).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"\xef\xbb\xbfx = '\xc3\xa9'\r\n\x0cz\n");
    }

    #[test]
    fn a_file_that_changed_is_left_alone() {
        let (folder, path, before) = folder();
        fs::write(&path, "saved by an editor\n").unwrap();
        let error = replace(&path, &before, &before.with_text("y\n".to_owned())).unwrap_err();
        assert_eq!(error.to_string(), "changed on disk since it was read");
        assert_eq!(fs::read_to_string(&path).unwrap(), "saved by an editor\n");
        assert_eq!(names_in(folder.path()), ["a.py"]);
    }

    #[test]
    fn a_text_that_the_encoding_lacks_is_not_written() {
        let (folder, path, _) = folder();
        fs::write(&path, b"# coding: latin-1\n'\xe9'\n").unwrap();
        let before = read(&path).unwrap();
        let after = before.with_text(before.text().replace('é', "€"));
        let error = replace(&path, &before, &after).unwrap_err();
        assert_eq!(error.to_string(), "not written: `€` on line 2 cannot be written in ISO-8859-1");
        assert_eq!(names_in(folder.path()), ["a.py"]);
    }

    #[test]
    fn bytes_that_have_no_way_back_are_not_touched() {
        let (_folder, path, _) = folder();
        // Shift_JIS has two codes for `∪`; the way back leads to one of them.
        fs::write(&path, b"# coding: cp932\n'\x87\x9b'\n").unwrap();
        let before = read(&path).unwrap();
        let error = replace(&path, &before, &before.with_text("x".to_owned())).unwrap_err();
        assert!(matches!(error, WriteError::NotReversible("Shift_JIS")), "{error}");
    }

    #[test]
    fn what_is_no_file_is_refused() {
        let (folder, path, _) = folder();
        let message = |path: &Path| read(path).unwrap_err().to_string();
        assert_eq!(message(folder.path()), "is a directory, not a file");
        assert_eq!(message(&folder.path().join("b.py")), "no such file or directory");
        fs::write(&path, b"\xff").unwrap();
        assert!(message(&path).starts_with("not valid UTF-8"));
    }

    #[cfg(unix)]
    mod unix {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

        use super::*;

        #[test]
        fn permissions_stay() {
            let (_folder, path, before) = folder();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
            replace(&path, &before, &before.with_text("y\n".to_owned())).unwrap();
            assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o640);
        }

        #[test]
        fn a_read_only_file_is_left_alone() {
            let (folder, path, before) = folder();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
            let error = replace(&path, &before, &before.with_text("y\n".to_owned())).unwrap_err();
            assert_eq!(error.to_string(), "cannot write it: it is read-only");
            assert_eq!(fs::read_to_string(&path).unwrap(), "x\n");
            assert_eq!(names_in(folder.path()), ["a.py"]);
        }

        #[test]
        fn a_symbolic_link_stays_one() {
            let (folder, path, before) = folder();
            let link = folder.path().join("link.py");
            symlink("a.py", &link).unwrap();
            replace(&link, &before, &before.with_text("y\n".to_owned())).unwrap();
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            assert_eq!(fs::read_to_string(&path).unwrap(), "y\n");
        }

        #[test]
        fn hard_links_stay_together() {
            let (folder, path, before) = folder();
            let other = folder.path().join("b.py");
            fs::hard_link(&path, &other).unwrap();
            replace(&path, &before, &before.with_text("much longer\n".to_owned())).unwrap();
            assert_eq!(fs::read_to_string(&other).unwrap(), "much longer\n");
            let before = read(&path).unwrap();
            replace(&path, &before, &before.with_text("z\n".to_owned())).unwrap();
            assert_eq!(fs::read_to_string(&other).unwrap(), "z\n");
            assert_eq!(names_in(folder.path()), ["a.py", "b.py"]);
        }

        #[test]
        fn a_pipe_does_not_hang() {
            let (folder, _, _) = folder();
            let pipe = folder.path().join("pipe.py");
            let made = std::process::Command::new("mkfifo").arg(&pipe).status();
            if made.is_ok_and(|status| status.success()) {
                assert_eq!(read(&pipe).unwrap_err().to_string(), "is a named pipe, not a file");
            }
            let device = read(Path::new("/dev/null")).unwrap_err();
            assert_eq!(device.to_string(), "is a device, not a file");
        }
    }
}
