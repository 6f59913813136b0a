//! Which settings govern a folder. Each folder is looked at once.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::declared::{Declared, in_pyproject, in_setup_cfg};
use super::error::{ConfigError, Problem};
use super::file::{Loader, NAMES};
use super::keys::Layer;
use super::overrides::Overrides;
use super::place::absolute;
use super::scripts::{self, Script};
use super::select::Book;
use super::settings::Settings;
use super::shared::Shared;
use super::sources;
use crate::rule::{Chapter, Target};

/// Finds the settings that govern a folder, and remembers them. To be shared between threads.
pub struct Resolver {
    loader: Loader,
    inline: Layer,
    command_line: Layer,
    /// `--isolated`: no file is asked.
    is_isolated: bool,
    /// What governs where no folder upward holds a configuration; everything, with `--isolated` or
    /// a file named by `--config`.
    fallback: Arc<Shared>,
    is_fallback_all: bool,
    /// By the bytes of their paths: comparing paths part by part takes ten times as long, and a
    /// folder is asked about for each of its files.
    folders: RwLock<FxHashMap<OsString, Arc<OnceLock<Arc<Folder>>>>>,
    /// The settings that were handed out.
    known: Mutex<FxHashMap<Key, Arc<Settings>>>,
}

/// What tells settings apart: the address of what they share, their target, and the project's
/// entry points.
type Key = (usize, Option<Target>, Arc<[Script]>);

/// What is known of a folder.
struct Folder {
    /// The nearest configuration, at or above it.
    shared: Result<Arc<Shared>, ConfigError>,
    /// The nearest declaration of the project, at or above it.
    declared: Option<Declared>,
    /// The entry points that the nearest file declares which declares any.
    scripts: Arc<[Script]>,
    settings: Result<Arc<Settings>, ConfigError>,
}

/// What a folder itself holds.
struct Own {
    shared: Result<Option<Arc<Shared>>, ConfigError>,
    declared: Option<Declared>,
    scripts: Vec<Script>,
}

impl Resolver {
    /// Takes the rules there are, what the command line says, and the absolute folder that it says
    /// it in.
    ///
    /// # Errors
    /// When the command line, or a file that it names, has settings that cannot be used.
    pub fn new(
        chapters: &'static [Chapter],
        overrides: Overrides,
        working_directory: PathBuf,
    ) -> Result<Resolver, ConfigError> {
        let book = Book { chapters, formats: overrides.formats };
        let command_line = overrides.layer(book, &working_directory)?;
        let loader = Loader { book, working_directory };
        let (file, texts) = split(&overrides.config, &loader.working_directory)?;
        let inline = loader.inline(&texts)?;

        if overrides.isolated && file.is_some() {
            let message = "`--isolated` asks no file, but `--config` names one: leave out either";
            return Err(Problem::without_place(message).into());
        }

        let root = loader.working_directory.clone();
        let is_fallback_all = overrides.isolated || file.is_some();
        let configuration = match file {
            None => (None, Layer::default()),
            Some(path) => named(&loader, &path)?,
        };
        let fallback = share(&loader, configuration, root, &inline, &command_line)?;
        Ok(Resolver {
            loader,
            inline,
            command_line,
            is_isolated: overrides.isolated,
            fallback,
            is_fallback_all,
            folders: RwLock::default(),
            known: Mutex::default(),
        })
    }

    /// The settings that govern the files of a folder (not of the folders below it, which may hold
    /// a configuration of their own). A relative path is taken from the working directory. Equal
    /// configuration and target give the same `Arc`.
    ///
    /// # Errors
    /// When the governing file, or one that it extends, cannot be read or is wrong.
    pub fn settings_for(&self, folder: &Path) -> Result<Arc<Settings>, ConfigError> {
        if folder.is_absolute()
            && let Some(known) = self.known_folder(folder)
            && let Some(known) = known.get()
        {
            return known.settings.clone();
        }
        self.folder(&absolute(&self.loader.working_directory, folder)).settings.clone()
    }

    /// The settings that govern the working directory: what concerns the whole run is read from
    /// here.
    ///
    /// # Errors
    /// As [`Resolver::settings_for`].
    pub fn run_settings(&self) -> Result<Arc<Settings>, ConfigError> {
        self.settings_for(&self.loader.working_directory)
    }

    /// What is known of an absolute folder, after looking if it is new. Other threads that ask for
    /// it wait; looking only ever waits for folders further up.
    fn folder(&self, path: &Path) -> Arc<Folder> {
        let cell = self.known_folder(path).unwrap_or_else(|| {
            let mut folders = self.folders.write().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(folders.entry(path.as_os_str().to_owned()).or_default())
        });
        Arc::clone(cell.get_or_init(|| Arc::new(self.look(path))))
    }

    fn known_folder(&self, path: &Path) -> Option<Arc<OnceLock<Arc<Folder>>>> {
        let folders = self.folders.read().unwrap_or_else(PoisonError::into_inner);
        folders.get(path.as_os_str()).cloned()
    }

    fn look(&self, path: &Path) -> Folder {
        let own = self.look_here(path);
        let needs_parent = own.declared.is_none() || matches!(own.shared, Ok(None));
        let parent = path.parent().filter(|_| needs_parent).map(|parent| self.folder(parent));
        let shared = match (own.shared, &parent) {
            (Ok(Some(shared)), _) => Ok(shared),
            (Err(error), _) => Err(error),
            (Ok(None), Some(parent)) => parent.shared.clone(),
            (Ok(None), None) => Ok(Arc::clone(&self.fallback)),
        };
        let scripts = match &parent {
            Some(parent) if own.scripts.is_empty() => Arc::clone(&parent.scripts),
            _ => own.scripts.into(),
        };
        let declared = own.declared.or_else(|| parent.and_then(|it| it.declared.clone()));
        let settings =
            shared.clone().map(|shared| self.settings(shared, declared.clone(), &scripts));
        Folder { shared, declared, scripts, settings }
    }

    /// The configuration and the declarations that a folder itself holds. No file is asked for
    /// twice.
    fn look_here(&self, folder: &Path) -> Own {
        if self.is_isolated {
            return Own { shared: Ok(None), declared: None, scripts: Vec::new() };
        }
        let mut found = Ok(None);
        let (mut declared, mut scripts) = (None, Vec::new());
        for name in NAMES {
            let is_pyproject = name == "pyproject.toml";
            let is_wanted = matches!(found, Ok(None)) && !self.is_fallback_all;
            if !is_wanted && !is_pyproject {
                continue;
            }
            let path = folder.join(name);
            match self.loader.read(&path) {
                Ok(None) => {}
                Ok(Some(written)) => {
                    if is_pyproject {
                        (declared, scripts) = in_pyproject(&written);
                    }
                    if is_wanted {
                        found = self.loader.layer(&path, &written).and_then(|layer| {
                            let Some(layer) = layer else { return Ok(None) };
                            let configuration = (Some(written.name.clone()), layer);
                            self.share(configuration, folder).map(Some)
                        });
                    }
                }
                Err(problem) if is_wanted => found = Err(problem.into()),
                Err(_) => {}
            }
        }
        if (declared.is_none() || scripts.is_empty())
            && let Ok(Some(written)) = self.loader.read(&folder.join("setup.cfg"))
        {
            declared = declared.or_else(|| in_setup_cfg(&written));
            if scripts.is_empty() {
                scripts = scripts::in_setup_cfg(&written.text);
            }
        }
        Own { shared: found, declared, scripts }
    }

    fn share(
        &self,
        configuration: (Option<String>, Layer),
        root: &Path,
    ) -> Result<Arc<Shared>, ConfigError> {
        let root = root.to_owned();
        share(&self.loader, configuration, root, &self.inline, &self.command_line)
    }

    /// The settings of a configuration for a project, made once for all that it tells apart.
    fn settings(
        &self,
        shared: Arc<Shared>,
        declared: Option<Declared>,
        scripts: &Arc<[Script]>,
    ) -> Arc<Settings> {
        let own = declared.as_ref().and_then(|declared| declared.target);
        let key = (Arc::as_ptr(&shared).addr(), shared.target().or(own), Arc::clone(scripts));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || Arc::new(Settings::new(shared, declared, Arc::clone(scripts)));
        Arc::clone(known.entry(key).or_insert_with(make))
    }
}

/// The file that `--config` names, if it does, and the settings that it gives.
fn split(
    arguments: &[String],
    working_directory: &Path,
) -> Result<(Option<PathBuf>, Vec<String>), ConfigError> {
    let mut file = None;
    let mut texts = Vec::new();
    for argument in arguments {
        let path = absolute(working_directory, Path::new(argument));
        if !sources::is_file(&path) && argument.contains('=') {
            texts.push(argument.clone());
        } else if file.replace(path).is_some() {
            let message = "`--config` names more than one file: let one `extend` the other";
            return Err(Problem::without_place(message).into());
        }
    }
    Ok((file, texts))
}

/// What the file says that `--config` names. Its globs are relative to the working directory.
fn named(loader: &Loader, path: &Path) -> Result<(Option<String>, Layer), ConfigError> {
    let Some(written) = loader.read_for(path, &loader.working_directory)? else {
        let name = super::place::shown(path, &loader.working_directory);
        let message = format!(
            "`--config {name}` is neither a file nor a setting such as `select = [\"all\"]`"
        );
        return Err(Problem::without_place(message).into());
    };
    let Some(layer) = loader.layer(path, &written)? else {
        let message = format!("`{}` has no `[tool.dunderlint]`", written.name);
        return Err(Problem::without_place(message).into());
    };
    Ok((Some(written.name.clone()), layer))
}

/// A configuration over the defaults and under the command line.
fn share(
    loader: &Loader,
    (file, layer): (Option<String>, Layer),
    root: PathBuf,
    inline: &Layer,
    command_line: &Layer,
) -> Result<Arc<Shared>, ConfigError> {
    let mut configuration = loader.defaults(&root)?;
    configuration.cover(layer);
    configuration.cover(inline.clone());
    Shared::new(loader.book, file, root, configuration, command_line.clone()).map(Arc::new)
}
