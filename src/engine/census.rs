//! What the code of each file needs of a Python, whatever the project declares.

use std::sync::Arc;

use rayon::prelude::*;
use ruff_python_ast::PythonVersion;

use super::file::{Input, check_source};
use super::roots::Roots;
use super::run::on_deep_stack;
use super::{FileToCheck, Table, disk};
use crate::facts::FileInfo;
use crate::rule::{Chapter, Need, Target, Values};
use crate::text::LineIndex;

/// A need, and the line it is in.
#[derive(Clone, Debug)]
pub struct NeedAt {
    /// 1-based.
    pub line: u32,
    /// What it is.
    pub need: Need,
}

/// What a file needs.
#[derive(Clone, Debug)]
pub struct FileNeeds {
    /// The file.
    pub file: FileToCheck,
    /// The Pythons that it is declared to run on.
    pub declared: Option<Target>,
    /// What it needs, in the order of its lines.
    pub needs: Vec<NeedAt>,
    /// Why nothing can be said of it: it cannot be read, or is not Python 3.
    pub problem: Option<String>,
}

/// Asks some rules, by their names, what each file needs. In the order of the paths.
pub fn census(
    chapters: &'static [Chapter],
    rules: &[&str],
    mut files: Vec<FileToCheck>,
    threads: Option<usize>,
) -> Vec<FileNeeds> {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    let mut roots = Roots::default();
    let infos: Vec<Arc<FileInfo>> = files.iter().map(|file| Arc::new(roots.info(file))).collect();
    let table = Table::new(chapters, |rule| rules.contains(&rule.name));
    let is_one = files.len() == 1;
    let look = |(file, info): (FileToCheck, Arc<FileInfo>)| look(file, &info, &table);
    on_deep_stack(is_one, threads, || match is_one {
        true => files.into_iter().zip(infos).map(look).collect(),
        false => files.into_par_iter().zip(infos).map(look).collect(),
    })
}

fn look(file: FileToCheck, info: &Arc<FileInfo>, table: &Table) -> FileNeeds {
    let source = match disk::read(&file.disk) {
        Ok(source) => source,
        Err(error) => {
            let problem = Some(error.to_string());
            return FileNeeds { declared: None, needs: Vec::new(), problem, file };
        }
    };
    let text = source.text();
    let declared = file.settings.values_for_text(&file.disk, text).target;
    let target = Target { lowest: PythonVersion { major: 3, minor: 0 }, highest: None };
    let values = Values { target: Some(target), is_census: true, ..Values::default() };
    let report = check_source(&Input { info, text, table, values: &values });
    let mut problem = None;
    if report.is_broken {
        let first = report.diagnostics.first();
        problem = first.map(|it| {
            let line = LineIndex::new(text).position(it.range.start(), text).line;
            format!("line {line}: {}", it.message)
        });
    }
    let mut needs: Vec<NeedAt> = Vec::new();
    if !report.needs.is_empty() {
        let lines = LineIndex::new(text);
        let line = |need: &Need| lines.line(need.range.start()) as u32 + 1;
        needs.extend(report.needs.into_iter().map(|need| NeedAt { line: line(&need), need }));
        needs.sort_by(|a, b| {
            let key = |it: &NeedAt| (it.need.range.start(), it.need.range.end());
            key(a).cmp(&key(b)).then_with(|| a.need.what.cmp(&b.need.what))
        });
    }
    FileNeeds { file, declared, needs, problem }
}
