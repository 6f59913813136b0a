//! Unified diffs, as `patch` and `git apply` read them.

use std::io::{self, Write};

use similar::TextDiff;

use super::palette::Palette;

/// How many unchanged lines surround a change.
const CONTEXT: usize = 3;

/// Writes what changed in a file, as `--- path`, `+++ path` and hunks; nothing if nothing did.
///
/// Lines end at `\n` alone, as for `patch`: a `\r` before it is part of the line and comes through
/// as it is.
///
/// # Errors
/// Those of the writer.
pub fn diff(
    path: &str,
    before: &str,
    after: &str,
    colour: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let palette = Palette::new(colour);
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let diff = TextDiff::configure().newline_terminated(true).diff_slices(&old, &new);
    let hunks = diff.unified_diff().context_radius(CONTEXT).to_string();
    if hunks.is_empty() {
        return Ok(());
    }
    let bold = palette.bold();
    writeln!(out, "{bold}--- {path}{bold:#}\n{bold}+++ {path}{bold:#}")?;
    for line in hunks.split_inclusive('\n') {
        let style = match line.as_bytes().first() {
            Some(b'+') => palette.added(),
            Some(b'-') => palette.removed(),
            Some(b'@') => palette.place(),
            _ => anstyle::Style::new(),
        };
        let content = line.trim_end_matches(['\r', '\n']);
        write!(out, "{style}{content}{style:#}{}", &line[content.len()..])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unified(before: &str, after: &str) -> String {
        let mut out = Vec::new();
        diff("a.py", before, after, false, &mut out).expect("memory");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn diffs_can_be_applied() {
        assert_eq!(unified("a\n", "a\n"), "");
        assert_eq!(
            unified("a\nb\n", "a\nc\n"),
            "--- a.py\n+++ a.py\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"
        );
        assert_eq!(
            unified("a\r\nb", "a\r\nb\r\n"),
            "--- a.py\n+++ a.py\n@@ -1,2 +1,2 @@\n a\r\n-b\n\\ No newline at end of file\n+b\r\n"
        );
        assert_eq!(unified("", "a\n"), "--- a.py\n+++ a.py\n@@ -0,0 +1 @@\n+a\n");
    }
}
