//! What the code of each file needs of a Python, whatever the project declares.

use std::sync::Arc;

use rayon::prelude::*;
use ruff_python_ast::PythonVersion;
use rustc_hash::FxHashSet;

use super::file::{Input, check_source};
use super::roots::Roots;
use super::run::on_deep_stack;
use super::{FileToCheck, Table, disk};
use crate::facts::{FileFacts, FileInfo, Premise};
use crate::project::{FileId, Project};
use crate::rule::{Chapter, Need, Pythons, Target, Values};
use crate::text::{LineIndex, Lines};

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
    /// Whether other files import it, but only in functions, or behind tests that are not decided.
    pub is_optional: bool,
    /// Why nothing can be said of it: it cannot be read, or is not Python 3.
    pub problem: Option<String>,
}

/// Asks some rules, by their names, what each file needs. In the order of the paths.
///
/// What a file needs on Pythons that nobody imports it on does not count, nor what a test that is
/// written in another file keeps from them.
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
    let (mut all, facts): (Vec<FileNeeds>, Vec<FileFacts>) =
        on_deep_stack(is_one, threads, || match is_one {
            true => files.into_iter().zip(infos).map(look).unzip(),
            false => files.into_par_iter().zip(infos).map(look).unzip(),
        });
    let project = with_flags(facts, &all);
    for (needs, is_optional) in all.iter_mut().zip(project.optional_files()) {
        needs.is_optional = is_optional;
    }
    let last_parts: FxHashSet<&str> =
        project.files().map(|(_, facts)| facts.module().as_str()).map(last_part).collect();
    for ((file, _), needs) in project.files().zip(&mut all) {
        let runs_everywhere = project.runs_on(file) == Pythons::ALL;
        // Where no Python is left, a module of the project has the name: it is not what is meant.
        needs.needs.retain_mut(|NeedAt { need, .. }| {
            let Premise { flag, module, .. } = &need.premise;
            let is_named = module.as_ref().is_some_and(|it| last_parts.contains(&**it));
            if flag.is_none() && !is_named && runs_everywhere {
                return true;
            }
            let before = std::mem::replace(&mut need.reached, Pythons::NONE);
            need.reached = project.comes_to(file, &need.premise);
            before.is_empty() || !need.reached.is_empty()
        });
    }
    all
}

fn last_part(module: &str) -> &str {
    module.rsplit('.').next().unwrap_or(module)
}

/// Links what files import, and whatever the modules bind that needs ask for a test of the version.
fn with_flags(mut facts: Vec<FileFacts>, all: &[FileNeeds]) -> Project {
    let table = Table::new(&[], |_| true);
    let mut is_read = vec![false; facts.len()];
    loop {
        let project = Project::link(facts);
        let mut asked: Vec<FileId> = Vec::new();
        for ((file, _), needs) in project.files().zip(all) {
            for NeedAt { need, .. } in &needs.needs {
                if let Some(flag) = &need.premise.flag {
                    project.flag_by_way_of(file, flag, |it| asked.push(it));
                }
            }
        }
        asked.retain(|file| !std::mem::replace(&mut is_read[file.index()], true));
        if asked.is_empty() {
            return project;
        }
        facts = project.into_files();
        for file in asked {
            let known = &mut facts[file.index()];
            let Ok(source) = disk::read(&all[file.index()].file.disk) else { continue };
            let info = Arc::clone(&known.info);
            let (text, values) = (source.text(), &Values::default());
            *known = check_source(&Input { info: &info, text, table: &table, values }).facts;
        }
    }
}

/// What a file needs by itself, and what it imports.
fn look(file: FileToCheck, info: &Arc<FileInfo>, table: &Table) -> (FileNeeds, FileFacts) {
    let source = match disk::read(&file.disk) {
        Ok(source) => source,
        Err(error) => {
            let problem = Some(error.to_string());
            let mut facts = FileFacts::default();
            facts.info = Arc::clone(info);
            let needs = Vec::new();
            return (FileNeeds { declared: None, needs, is_optional: false, problem, file }, facts);
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
    let needs = in_order(report.needs, text);
    (FileNeeds { file, declared, needs, is_optional: false, problem }, report.facts)
}

/// Needs in the order of their places, each with its line.
fn in_order(mut needs: Vec<Need>, text: &str) -> Vec<NeedAt> {
    needs.sort_by(|a, b| {
        let key = |it: &Need| (it.range.start(), it.range.end());
        key(a).cmp(&key(b)).then_with(|| a.what.cmp(&b.what))
    });
    let mut lines = Lines::of(text);
    needs.into_iter().map(|need| NeedAt { line: lines.line(need.range.start()), need }).collect()
}
