//! How often each rule spoke.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::concise::one_line;
use super::palette::Palette;
use super::{FileFindings, Look, Rules};

/// How often each rule spoke: the most frequent first, then by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statistics {
    rows: Vec<Row>,
}

/// The keys are ruff's; `summary` is ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Row {
    code: String,
    name: String,
    count: usize,
    fixable: bool,
    fixable_count: usize,
    summary: String,
}

impl Statistics {
    /// Counts findings.
    pub fn new(files: &[FileFindings<'_>], look: &Look, rules: &dyn Rules) -> Statistics {
        let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for diagnostic in files.iter().flat_map(|file| file.diagnostics) {
            let (count, fixable) = counts.entry(&diagnostic.rule).or_default();
            *count += 1;
            *fixable += usize::from(look.fixable(diagnostic));
        }
        let row = |(rule, (count, fixable_count)): (&str, (usize, usize))| Row {
            code: rule.to_owned(),
            name: rule.to_owned(),
            count,
            fixable: fixable_count > 0,
            fixable_count,
            summary: one_line(&rules.about(rule).summary),
        };
        let mut rows: Vec<Row> = counts.into_iter().map(row).collect();
        rows.sort_by_key(|row| Reverse(row.count)); // stable: names stay in order
        Statistics { rows }
    }

    /// Writes a table: count, `[*]` where all findings of a rule can be fixed (`[-]` for some),
    /// name, summary.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(&self, look: &Look, out: &mut dyn Write) -> io::Result<()> {
        let palette = Palette::new(look.colour);
        let digits = self.rows.iter().map(|row| row.count.to_string().len()).max().unwrap_or(0);
        let letters = self.rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
        for row in &self.rows {
            let mark = match row.fixable_count {
                0 => "[ ]",
                some if some < row.count => "[-]",
                _ => "[*]",
            };
            let (bold, help) = (palette.bold(), palette.help());
            write!(out, "{bold}{:>digits$}{bold:#}  {help}{mark}{help:#}  ", row.count)?;
            writeln!(out, "{}", format!("{:letters$}  {}", row.name, row.summary).trim_end())?;
        }
        Ok(())
    }

    /// Writes one JSON array.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &self.rows)?;
        writeln!(out)
    }

    /// Writes one JSON object a line.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_json_lines(&self, out: &mut dyn Write) -> io::Result<()> {
        for row in &self.rows {
            serde_json::to_writer(&mut *out, row)?;
            writeln!(out)?;
        }
        Ok(())
    }
}
