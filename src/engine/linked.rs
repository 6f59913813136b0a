//! Files as a linked project, for questions about it: no rule is run.

use std::sync::Arc;

use rayon::prelude::*;

use super::environment::Libraries;
use super::file::{Input, check_source, unreadable};
use super::others::{Extent, Others};
use super::roots::Roots;
use super::run::on_deep_stack;
use super::table::Table;
use super::{FileToCheck, disk};
use crate::config::{self, Settings};
use crate::facts::{FileFacts, FileInfo};
use crate::project::{Draft, Project, Releases, Script};

/// Links the facts of files, and of what they import of others, as far as an extent goes. The files
/// are numbered in the order of their paths.
pub fn linked(
    mut files: Vec<FileToCheck>,
    libraries: &Libraries,
    threads: Option<usize>,
    extent: Extent,
) -> (Project, Vec<FileToCheck>) {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    let mut roots = Roots::default();
    let infos: Vec<Arc<FileInfo>> = files.iter().map(|file| Arc::new(roots.info(file))).collect();
    let table = Table::new(&[], |_| true);
    let is_one = files.len() == 1;
    let facts = |(file, info): (&FileToCheck, &Arc<FileInfo>)| facts(file, info, &table);
    let project = on_deep_stack(is_one, threads, || {
        let facts = match is_one {
            true => files.iter().zip(&infos).map(facts).collect(),
            false => files.par_iter().zip(&infos).map(facts).collect(),
        };
        let mut draft = Draft::new(facts).on(releases(&files)).with_scripts(scripts(&files));
        Others::new(&files, libraries, !is_one, extent).read(&mut draft);
        draft.link()
    });
    (project, files)
}

/// The Pythons that files are for, taken together.
pub(super) fn releases(files: &[FileToCheck]) -> Releases {
    let own = |settings: &Settings| {
        settings.values().target.map_or_else(Releases::default, |target| {
            Releases::new(target.lowest.minor, target.highest.map(|it| it.minor))
        })
    };
    settings_of(files).map(own).reduce(Releases::or).unwrap_or_default()
}

/// The scripts and plugins of the projects which files belong to.
pub(super) fn scripts(files: &[FileToCheck]) -> Vec<Script> {
    let scripts = settings_of(files).flat_map(Settings::scripts);
    let script =
        |it: &config::Script| Script { module: it.module.clone(), command: it.command.clone() };
    let mut all: Vec<Script> = scripts.map(script).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// What governs files: the same once for all that follow one another.
fn settings_of(files: &[FileToCheck]) -> impl Iterator<Item = &Settings> {
    let runs = files.chunk_by(|a, b| Arc::ptr_eq(&a.settings, &b.settings));
    runs.map(|run| &*run[0].settings)
}

fn facts(file: &FileToCheck, info: &Arc<FileInfo>, table: &Table) -> FileFacts {
    match disk::read(&file.disk) {
        Ok(source) => {
            let values = file.settings.values_for_text(&file.disk, source.text());
            let input = Input { info, text: source.text(), table, values: &values };
            check_source(&input).facts
        }
        Err(error) => unreadable(info, error.to_string()).facts,
    }
}
