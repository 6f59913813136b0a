//! Where a report goes.

use std::fs::Permissions;
use std::io::{self, Write};
use std::path::Path;

use super::terminal::{self, Stream};

/// Where the report itself goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Outlet<'a> {
    /// Standard output.
    Stdout(Stream),
    /// Standard error, where standard output carries the fixed source.
    Stderr(Stream),
    /// `--output-file`.
    File(&'a Path),
}

impl Outlet<'_> {
    /// How to print there.
    pub(super) fn stream(self) -> Stream {
        match self {
            Outlet::Stdout(stream) | Outlet::Stderr(stream) => stream,
            Outlet::File(_) => Stream::file(),
        }
    }

    /// Writes what `body` writes. A file is written whole or not at all.
    pub(super) fn write(
        self,
        body: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut out = match self {
            Outlet::Stdout(stream) => terminal::stdout(stream),
            Outlet::Stderr(stream) => terminal::stderr(stream),
            Outlet::File(path) => {
                return write_file(path, body).map_err(|error| {
                    // Not in the words of the error: they are about a file beside this one.
                    let why = match error.kind() {
                        io::ErrorKind::NotFound => "there is no such folder".to_owned(),
                        kind => kind.to_string(),
                    };
                    io::Error::new(error.kind(), format!("`{}`: {why}", path.display()))
                });
            }
        };
        body(&mut out)?;
        out.flush()
    }
}

#[allow(clippy::disallowed_methods, reason = "a report is no source: it has no one to be kept for")]
fn write_file(path: &Path, body: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // A rename would replace what is no file: `/dev/stdout`, a pipe.
    if std::fs::metadata(path).is_ok_and(|it| !it.is_file()) {
        let mut out = io::BufWriter::new(std::fs::File::options().write(true).open(path)?);
        body(&mut out)?;
        return out.flush();
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".dunderlint-");
    if let Some(permissions) = permissions() {
        builder.permissions(permissions);
    }
    let mut file = io::BufWriter::new(builder.tempfile_in(folder.unwrap_or(Path::new(".")))?);
    body(&mut file)?;
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Those of any new file; temporary files are private otherwise.
#[cfg(unix)]
fn permissions() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666)) // less what the umask takes away
}

/// Those of any new file.
#[cfg(not(unix))]
fn permissions() -> Option<Permissions> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_file_is_whole_or_as_before() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("report.json");
        let outlet = Outlet::File(&path);
        outlet.write(|out| out.write_all(b"first")).expect("written");
        let failing = outlet.write(|out| {
            out.write_all(b"second")?;
            Err(io::Error::other("no"))
        });
        assert!(failing.is_err());
        #[allow(clippy::disallowed_methods, reason = "a test looks at what is there")]
        let content = std::fs::read(&path).expect("there");
        assert_eq!(content, b"first");
        #[allow(clippy::disallowed_methods, reason = "a test looks at what is there")]
        let left = std::fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(left, 1);
    }
}
