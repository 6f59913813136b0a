//! Configuration files: which there are, and what they say.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::declared::lookup;
use super::error::{ConfigError, Problem};
use super::keys::Layer;
use super::kinds::Reader;
use super::place::{Medium, Place, Placed, Written, absolute, shown};
use super::scalars::Text;
use super::select::Book;
use super::sources;

/// The files that may configure a folder, strongest first.
pub(super) const NAMES: [&str; 3] = [".dunderlint.toml", "dunderlint.toml", "pyproject.toml"];

/// Reads configuration files.
pub(super) struct Loader {
    pub(super) book: Book,
    pub(super) working_directory: PathBuf,
}

impl Loader {
    /// The text of a file, whose globs are relative to its own folder; `None` if there is no such
    /// file.
    pub(super) fn read(&self, path: &Path) -> Result<Option<Arc<Written>>, Problem> {
        self.read_for(path, path.parent().unwrap_or(path))
    }

    /// [`Loader::read`] of a file whose globs are relative to `folder`.
    pub(super) fn read_for(
        &self,
        path: &Path,
        folder: &Path,
    ) -> Result<Option<Arc<Written>>, Problem> {
        let name = shown(path, &self.working_directory);
        let Some(text) = sources::read(path, &name)? else { return Ok(None) };
        let folder = folder.to_owned();
        Ok(Some(Arc::new(Written { medium: Medium::File, name, folder, text })))
    }

    /// What a file says, over what it extends; `None` for a `pyproject.toml` without
    /// `[tool.dunderlint]`. `path` is the file's own; its globs are relative to its
    /// [`Written::folder`].
    pub(super) fn layer(
        &self,
        path: &Path,
        written: &Arc<Written>,
    ) -> Result<Option<Layer>, ConfigError> {
        self.layer_of_chain(&[path.to_owned()], written)
    }

    /// [`Loader::layer`] of the last file of `chain`, each of which extends the next.
    fn layer_of_chain(
        &self,
        chain: &[PathBuf],
        written: &Arc<Written>,
    ) -> Result<Option<Layer>, ConfigError> {
        let Some(layer) = self.layer_alone(written)? else { return Ok(None) };
        let Some(extend) = &layer.extend.0 else { return Ok(Some(layer)) };
        let mut below = self.extended(extend, chain)?;
        below.cover(layer);
        Ok(Some(below))
    }

    /// What the file says by itself.
    fn layer_alone(&self, written: &Arc<Written>) -> Result<Option<Layer>, ConfigError> {
        // A `pyproject.toml` that does not speak of us need not even be TOML.
        let is_pyproject = written.is_pyproject();
        if is_pyproject && memchr::memmem::find(written.text.as_bytes(), b"dunderlint").is_none() {
            return Ok(None);
        }
        let document = parse(written)?;
        let mut reader = Reader::new(self.book, Arc::clone(written));
        let layer = if is_pyproject {
            match lookup(&document, &["tool", "dunderlint"]) {
                None => return Ok(None),
                Some(value) => match value.get_ref() {
                    DeValue::Table(table) => reader.layer(table),
                    _ => {
                        reader.wrong_kind("tool.dunderlint", value, "a table");
                        Layer::default()
                    }
                },
            }
        } else {
            reader.layer(&document)
        };
        if reader.problems.is_empty() {
            Ok(Some(layer))
        } else {
            Err(ConfigError::new(reader.problems))
        }
    }

    /// What the file says that the last file of `chain` extends.
    fn extended(&self, extend: &Placed<Text>, chain: &[PathBuf]) -> Result<Layer, ConfigError> {
        let problem =
            |message: String, label: &str| Problem::at(extend.place.clone(), message, label);
        let folder = chain.last().and_then(|path| path.parent()).unwrap_or(Path::new(""));
        let path = absolute(folder, Path::new(&extend.value.0));
        let candidates = if sources::is_folder(&path) {
            NAMES.map(|name| path.join(name)).to_vec()
        } else {
            vec![path]
        };
        let show = |path: &Path| shown(path, &self.working_directory);
        let mut found = None;
        for candidate in candidates {
            let Some(written) = self.read(&candidate)? else { continue };
            if let Some(start) = chain.iter().position(|other| *other == candidate) {
                let circle: Vec<String> =
                    chain[start..].iter().chain([&candidate]).map(|it| show(it)).collect();
                let message = format!("`extend` goes in a circle: {}", circle.join(" extends "));
                return Err(problem(message, "one of them must not extend the next").into());
            }
            let chain = [chain, std::slice::from_ref(&candidate)].concat();
            if let Some(layer) = self.layer_of_chain(&chain, &written)? {
                return Ok(layer);
            }
            found = Some(candidate);
        }
        Err(match found {
            Some(path) => {
                let message = format!("`{}` has no `[tool.dunderlint]` to extend", show(&path));
                problem(message, "name a file that has settings").into()
            }
            None => {
                let message = format!("there is no `{}` to extend", extend.value.0);
                problem(message, "name a configuration file or a folder that holds one").into()
            }
        })
    }

    /// What the `--config "key = value"` texts say, the later over the earlier.
    pub(super) fn inline(&self, texts: &[String]) -> Result<Layer, ConfigError> {
        let mut all = Layer::default();
        for text in texts {
            let directory = &self.working_directory;
            let written =
                Written::command_line(Medium::Inline, "--config", text.clone(), directory);
            if let Some(layer) = self.layer_alone(&written)? {
                all.cover(layer);
            }
        }
        Ok(all)
    }

    /// What holds where nothing is set, for a configuration in the folder `root`.
    pub(super) fn defaults(&self, root: &Path) -> Result<Layer, ConfigError> {
        let written = Arc::new(Written {
            medium: Medium::Defaults,
            name: "defaults.toml".to_owned(),
            folder: root.to_owned(),
            text: include_str!("defaults.toml").to_owned(),
        });
        Ok(self.layer_alone(&written)?.unwrap_or_default())
    }
}

/// The document that a text is.
fn parse(written: &Arc<Written>) -> Result<DeTable<'_>, ConfigError> {
    DeTable::parse(&written.text).map(toml::Spanned::into_inner).map_err(|error| {
        let range = error.span().unwrap_or(0..0);
        let place = Place { written: Arc::clone(written), range };
        Problem::at(place, format!("`{}` is not valid TOML", written.name), error.message()).into()
    })
}
