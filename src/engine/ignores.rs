//! `--add-ignore` on disk: comments for the findings that a run left in a file.

use std::fmt;
use std::path::Path;

use super::disk::{self, ReadError, WriteError};
use crate::diagnostic::{Diagnostic, builtin};
use crate::fix;
use crate::suppression;
use crate::syntax;

/// What no comment can suppress.
const NOT_OF_A_RULE: [&str; 5] = [
    builtin::SYNTAX_ERROR,
    builtin::UNREADABLE_FILE,
    builtin::INTERNAL_ERROR,
    builtin::UNUSED_SUPPRESSION,
    builtin::FIX_FAILED,
];

/// Why a file did not get its comments. Its message is for users and does not name the file.
#[derive(Debug)]
pub enum IgnoreError {
    /// It could not be read again.
    Read(ReadError),
    /// It could not be written.
    Write(WriteError),
}

impl fmt::Display for IgnoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IgnoreError::Read(error) => error.fmt(f),
            IgnoreError::Write(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for IgnoreError {}

/// Adds the comments that suppress these findings of a file, whose offsets must be into its text
/// as it is on disk. Returns how many comments were added or got more names.
///
/// What does not come from a rule (syntax errors, suppressions themselves) cannot be suppressed
/// and is passed over; a file that is not Python gets no comments.
///
/// # Errors
/// When the file cannot be read or replaced. It is then as it was.
pub fn add_ignores(
    path: &Path,
    findings: &[Diagnostic],
    reason: Option<&str>,
) -> Result<usize, IgnoreError> {
    let is_of_a_rule = |it: &&Diagnostic| !NOT_OF_A_RULE.contains(&it.rule.as_ref());
    let findings: Vec<_> = findings
        .iter()
        .filter(is_of_a_rule)
        .map(|it| (it.range.start(), it.rule.as_ref()))
        .collect();
    if findings.is_empty() {
        return Ok(0);
    }
    let before = disk::read(path).map_err(IgnoreError::Read)?;
    let kind = syntax::source_type(&path.to_string_lossy());
    let parsed = syntax::parse(before.text(), kind, None);
    if !parsed.errors().is_empty() {
        return Ok(0);
    }
    let edits = suppression::add_ignores(before.text(), parsed.tokens(), &findings, reason);
    let count = edits.len();
    let comments = edits.into_iter().fold(fix::Fix::safe("Add comments"), fix::Fix::edit);
    let text = fix::apply(before.text(), before.newline(), [&comments]).text;
    disk::replace(path, &before, &before.with_text(text)).map_err(IgnoreError::Write)?;
    Ok(count)
}
