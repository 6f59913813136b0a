//! The files that `dunderlint check --isolated` looks at, for the programs beside this file.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dunderlint::config::{ConfigError, Overrides, Resolver, Settings};
use dunderlint::engine::walk::{Walk, walk};
use dunderlint::rules::CHAPTERS;

/// The files below some paths, sorted, and the settings that hold for all of them.
#[allow(clippy::disallowed_methods, reason = "settings are relative to the working directory")]
pub(crate) fn walked(
    paths: Vec<PathBuf>,
    threads: usize,
) -> io::Result<(Vec<PathBuf>, Arc<Settings>)> {
    let folder = std::env::current_dir()?;
    let paths: Vec<PathBuf> = paths.into_iter().map(|path| folder.join(path)).collect();
    let overrides = Overrides { isolated: true, ..Overrides::default() };
    let wrong = |error: ConfigError| io::Error::other(error.render(false));
    let resolver = Resolver::new(CHAPTERS, overrides, folder).map_err(wrong)?;
    let settings = resolver.run_settings().map_err(wrong)?;
    let is_excluded = |path: &Path, is_folder| settings.is_excluded(path, is_folder);
    let how = Walk {
        respect_gitignore: settings.respect_gitignore(),
        force_exclude: settings.force_exclude(),
        is_excluded: &is_excluded,
        threads,
    };
    Ok((walk(&paths, &how).files, settings))
}
