//! From paths to the files below them, with what governs each.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashSet;

use super::Failure;
use super::arguments::Global;
use crate::config::{ConfigError, Overrides, Resolver, Settings};
use crate::engine::walk::{Walk, Walked, walk};
use crate::engine::{FileToCheck, Libraries, is_of_project, site_packages};
use crate::output::Format;
use crate::rule::Chapter;

/// What was found under some paths.
pub(super) struct Found {
    /// Python files, sorted.
    pub(super) files: Vec<FileToCheck>,
    /// What tells of projects: `pyproject.toml` and `setup.cfg`, sorted.
    pub(super) projects: Vec<FileToCheck>,
    /// Paths that cannot be looked at, and why.
    pub(super) problems: Vec<(PathBuf, String)>,
}

/// Finds the files under paths, of which relative ones count from `folder`. `settings` are those of
/// the run as a whole.
///
/// # Errors
/// When the settings of a folder cannot be used.
pub(super) fn find(
    paths: &[PathBuf],
    folder: &Path,
    resolver: &Resolver,
    settings: &Settings,
    threads: Option<usize>,
) -> Result<Found, Failure> {
    let paths: Vec<PathBuf> = paths.iter().map(|path| absolute(path, folder)).collect();
    let named: FxHashSet<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let wrong: Mutex<Option<ConfigError>> = Mutex::new(None);
    let is_excluded = |path: &Path, is_folder: bool| {
        match resolver.settings_for(path.parent().unwrap_or(folder)) {
            Ok(settings) => {
                let is_included = is_folder || named.contains(path) || is_of_project(path);
                settings.is_excluded(path, is_folder) || !is_included && !settings.is_included(path)
            }
            Err(error) => {
                let mut wrong = wrong.lock().unwrap_or_else(PoisonError::into_inner);
                wrong.get_or_insert(error);
                true // the run ends before it matters
            }
        }
    };
    let processors = || std::thread::available_parallelism().map_or(1, usize::from);
    let how = Walk {
        respect_gitignore: settings.respect_gitignore(),
        force_exclude: settings.force_exclude(),
        is_excluded: &is_excluded,
        threads: threads.unwrap_or_else(processors),
    };
    let Walked { files, problems } = walk(&paths, &how);
    if let Some(error) = wrong.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error.into());
    }
    let files = files.into_iter().map(|disk| {
        let settings = resolver.settings_for(disk.parent().unwrap_or(folder))?;
        Ok(FileToCheck { path: shown(&disk, folder), disk, settings })
    });
    let files = files.collect::<Result<Vec<_>, ConfigError>>()?;
    let (projects, files) = files.into_iter().partition(|file| is_of_project(&file.disk));
    Ok(Found { files, projects, problems })
}

/// Where the libraries of the project are looked for: in the environment that the command line or
/// `VIRTUAL_ENV` names, else beside the project.
///
/// # Errors
/// When `--python` names no environment.
pub(super) fn libraries(global: &Global, folder: &Path) -> Result<Libraries, Failure> {
    if let Some(python) = &global.python {
        return site_packages(&absolute(python, folder)).map(Libraries::In).ok_or_else(|| {
            let message = "has no packages: name the folder of an environment or its interpreter";
            Failure::Usage(format!("`--python {}` {message}", python.display()))
        });
    }
    #[allow(clippy::disallowed_methods, reason = "shells tell so which environment is active")]
    let active = std::env::var_os("VIRTUAL_ENV").filter(|it| !it.is_empty());
    let active = active.and_then(|it| site_packages(&absolute(Path::new(&it), folder)));
    Ok(active.map_or(Libraries::Beside, Libraries::In))
}

/// What the command line says in place of settings files, where a command asks for no more.
pub(super) fn overrides(global: &Global) -> Overrides {
    Overrides {
        formats: &Format::NAMES,
        isolated: global.isolated,
        config: global.config.clone(),
        ..Overrides::default()
    }
}

/// What a command looks at that asks for a whole project: the folder it was called in, the files, and
/// the libraries beside them.
///
/// # Errors
/// When the arguments or the settings cannot be used.
pub(super) fn whole(
    chapters: &'static [Chapter],
    global: &Global,
    paths: &[PathBuf],
    threads: Option<usize>,
) -> Result<(PathBuf, Found, Libraries), Failure> {
    let folder = working_folder()?;
    let resolver = Resolver::new(chapters, overrides(global), folder.clone())?;
    let settings = resolver.run_settings()?;
    let libraries = libraries(global, &folder)?;
    let found = find(paths, &folder, &resolver, &settings, threads)?;
    Ok((folder, found, libraries))
}

/// The folder that the paths of the command line are relative to.
///
/// # Errors
/// When there is none.
pub(super) fn working_folder() -> Result<PathBuf, Failure> {
    #[allow(clippy::disallowed_methods, reason = "the command line is relative to it")]
    let folder = std::env::current_dir();
    folder.map_err(|error| Failure::Usage(format!("there is no working directory: {error}")))
}

/// A path as it is shown and as facts carry it.
pub(super) fn shown(path: &Path, folder: &Path) -> String {
    let path = path.strip_prefix(folder).unwrap_or(path).to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { path.into_owned() } else { path.replace('\\', "/") }
}

/// A path as it is on disk, without `.` between its parts.
pub(super) fn absolute(path: &Path, folder: &Path) -> PathBuf {
    folder.join(path).components().collect()
}
