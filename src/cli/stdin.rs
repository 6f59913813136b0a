//! `dunderlint check -`: editors format on save through it, so what standard output carries is a
//! contract (ruff's, as measured):
//!
//! * without fixing: findings;
//! * with `--fix` or `--fix-only`: the fixed source, always, byte for byte, also if nothing was
//!   fixed or the file is excluded or cannot be parsed or decoded. Findings go to standard error;
//! * with `--diff`: the changes.
//!
//! Nothing is ever written to disk.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::Failure;
use super::check::{Session, unreadable};
use super::exit::Exit;
use super::outlet::Outlet;
use super::report::{Mode, STDIN};
use super::texts::{Disk, Given};
use crate::engine::{self, FileToCheck, Outcome, RunOptions};
use crate::output::Text;
use crate::text::Source;

/// Checks what comes on standard input.
///
/// # Errors
/// When it cannot be read, the settings cannot be used or the output cannot be written.
pub(super) fn run(session: &Session<'_>) -> Result<Exit, Failure> {
    if session.check.fixing.add_ignore.is_some() {
        let message = "`--add-ignore` changes files; it does not go with `-`";
        return Err(Failure::Usage(message.to_owned()));
    }
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::Usage(format!("cannot read standard input: {error}")))?;
    let options = RunOptions { write: false, ..session.options() };
    // With `--diff`, changes are what standard output is for.
    let fixes = options.fix.is_some() && session.mode() != Mode::Diff;

    let (file, excluded) = file(session)?;
    let (outcome, text) = if excluded {
        (Outcome::default(), None)
    } else {
        check(session, file.clone(), bytes.clone(), &options)
    };
    if fixes {
        let mut out = io::stdout().lock();
        out.write_all(&fixed(&outcome, bytes))?;
        out.flush()?;
    }
    let mut report = session.report(match session.outlet() {
        Outlet::Stdout(_) if fixes => Outlet::Stderr(session.stderr),
        outlet => outlet,
    });
    report.stdout = report.stdout.filter(|_| !fixes);
    let others = Disk::new(session.folder.clone());
    report.print(&outcome, &mut Given { path: file.path, text, others })?;
    Ok(session.exit(&outcome))
}

/// The file that standard input stands for, and whether it is to be left alone.
fn file(session: &Session<'_>) -> Result<(FileToCheck, bool), Failure> {
    let name = session.check.files.stdin_filename.as_deref();
    let disk = session.absolute(name.unwrap_or(Path::new(STDIN)));
    let path = name.map_or_else(|| STDIN.to_owned(), |_| session.shown(&disk));
    let folder = disk.parent().map_or_else(|| session.folder.clone(), PathBuf::from);
    let settings = session.resolver.settings_for(&folder)?;
    let forced = name.is_some() && session.settings.force_exclude();
    let excluded = forced && settings.is_excluded_with_parents(&disk);
    Ok((FileToCheck { path, disk, settings }, excluded))
}

/// What is found, and the text that findings point into: after fixing, where that is reported.
fn check(
    session: &Session<'_>,
    file: FileToCheck,
    bytes: Vec<u8>,
    options: &RunOptions,
) -> (Outcome, Option<Rc<Text>>) {
    let source = match Source::decode(bytes) {
        Ok(source) => source,
        Err(error) => {
            let settings = Arc::clone(&file.settings);
            let finding = unreadable(file.path, file.disk, settings, error.to_string());
            return (Outcome { files: vec![finding], checked: 1, interrupted: false }, None);
        }
    };
    let outcome = engine::run_source(session.chapters, file, source.clone(), options);
    let after = outcome.files.first().and_then(|file| file.change.as_ref());
    let text = after.map_or(source.text(), |(_, after)| after.text());
    let text = Rc::new(Text::new(text));
    (outcome, Some(text))
}

/// The bytes of the fixed source; the bytes that came if there is none.
fn fixed(outcome: &Outcome, bytes: Vec<u8>) -> Vec<u8> {
    let change = outcome.files.first().and_then(|file| file.change.as_ref());
    change.and_then(|(_, after)| after.encode().ok()).unwrap_or(bytes)
}
