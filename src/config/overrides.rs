//! What the command line says of the settings.

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::error::{ConfigError, Problem};
use super::keys::Layer;
use super::kinds::Reader;
use super::place::{Medium, Place, Written};
use super::select::Book;

/// What the command line says of the settings, in its own words: they are checked by
/// [`Resolver::new`](super::Resolver::new). Whatever is empty or `None` was not given.
///
/// Each field but the first three stands for the option and the key of its name. Rules and
/// chapters may also be given as one word with commas.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The names of output formats, for the check of `output-format`; empty to let any pass.
    pub formats: &'static [&'static str],
    /// `--isolated`: no file is asked, neither for settings nor for `requires-python`.
    pub isolated: bool,
    /// Each `--config`: a file that configures everything, or settings as TOML (`fix = true`).
    /// What is a file on disk is taken for the file, else what has a `=` for settings.
    pub config: Vec<String>,

    /// Rules and chapters, in the place of the configuration's `select` and `extend-select`.
    pub select: Vec<String>,
    /// Rules and chapters.
    pub extend_select: Vec<String>,
    /// Rules and chapters, in addition to the configuration's `ignore`.
    pub ignore: Vec<String>,
    /// Rules and chapters, in the place of the configuration's `fixable` and `extend-fixable`.
    pub fixable: Vec<String>,
    /// Rules and chapters.
    pub extend_fixable: Vec<String>,
    /// Rules and chapters, in addition to the configuration's `unfixable`.
    pub unfixable: Vec<String>,
    /// `GLOB:RULE`.
    pub per_file_ignores: Vec<String>,
    /// `GLOB:RULE`.
    pub extend_per_file_ignores: Vec<String>,
    /// Globs.
    pub exclude: Vec<String>,
    /// Globs.
    pub extend_exclude: Vec<String>,
    /// Folders or globs of folders.
    pub src: Vec<String>,
    /// As in `target-version`.
    pub target_version: Option<String>,
    /// `error`, `warning` or `info`.
    pub fail_on: Option<String>,
    /// One of [`Overrides::formats`].
    pub output_format: Option<String>,
    /// `--fix`, `--no-fix`.
    pub fix: Option<bool>,
    /// `--fix-only`, `--no-fix-only`.
    pub fix_only: Option<bool>,
    /// `--unsafe-fixes`, `--no-unsafe-fixes`.
    pub unsafe_fixes: Option<bool>,
    /// `--show-fixes`, `--no-show-fixes`.
    pub show_fixes: Option<bool>,
    /// `--respect-gitignore`, `--no-respect-gitignore`.
    pub respect_gitignore: Option<bool>,
    /// `--force-exclude`, `--no-force-exclude`.
    pub force_exclude: Option<bool>,
}

impl Overrides {
    /// All of it but `--config`, checked. Globs and paths are relative to `working_directory`.
    pub(super) fn layer(&self, book: Book, working_directory: &Path) -> Result<Layer, ConfigError> {
        let mut said = Said { book, working_directory, layer: Layer::default(), problems: vec![] };
        said.words("select", &self.select);
        said.words("extend-select", &self.extend_select);
        said.words("ignore", &self.ignore);
        said.words("fixable", &self.fixable);
        said.words("extend-fixable", &self.extend_fixable);
        said.words("unfixable", &self.unfixable);
        said.pairs("per-file-ignores", &self.per_file_ignores);
        said.pairs("extend-per-file-ignores", &self.extend_per_file_ignores);
        said.list("exclude", &self.exclude);
        said.list("extend-exclude", &self.extend_exclude);
        said.list("src", &self.src);
        said.word("target-version", self.target_version.as_deref());
        said.word("fail-on", self.fail_on.as_deref());
        said.word("output-format", self.output_format.as_deref());
        said.switch("fix", self.fix);
        said.switch("fix-only", self.fix_only);
        said.switch("unsafe-fixes", self.unsafe_fixes);
        said.switch("show-fixes", self.show_fixes);
        said.switch("respect-gitignore", self.respect_gitignore);
        said.switch("force-exclude", self.force_exclude);
        if said.problems.is_empty() { Ok(said.layer) } else { Err(ConfigError::new(said.problems)) }
    }
}

/// Turns options into the values that a file would have for them, so that one reader checks both.
struct Said<'a> {
    book: Book,
    working_directory: &'a Path,
    layer: Layer,
    problems: Vec<Problem>,
}

impl Said<'_> {
    /// Rules and chapters: words with commas between them.
    fn words(&mut self, key: &str, words: &[String]) {
        let words: Vec<String> = words
            .iter()
            .flat_map(|word| word.split(','))
            .map(|word| word.trim().to_owned())
            .filter(|word| !word.is_empty())
            .collect();
        self.list(key, &words);
    }

    fn list(&mut self, key: &str, words: &[String]) {
        if words.is_empty() {
            return;
        }
        let mut items = DeArray::new();
        let mut start = 0;
        for word in words {
            items.push(text(word, start..start + word.len()));
            start += word.len() + 1;
        }
        self.read(key, words.join(","), DeValue::Array(items));
    }

    fn word(&mut self, key: &str, word: Option<&str>) {
        if let Some(word) = word {
            self.read(key, word.to_owned(), DeValue::String(word.into()));
        }
    }

    fn switch(&mut self, key: &str, on: Option<bool>) {
        if let Some(on) = on {
            self.read(key, on.to_string(), DeValue::Boolean(on));
        }
    }

    /// `GLOB:RULE`, one each; those of the same glob become one list.
    fn pairs(&mut self, key: &str, pairs: &[String]) {
        if pairs.is_empty() {
            return;
        }
        let written = self.written(key, pairs.join("\n"));
        let mut table: Vec<(Spanned<Cow<'_, str>>, DeArray<'_>)> = Vec::new();
        let mut start = 0;
        for pair in pairs {
            let end = start + pair.len();
            match pair.rsplit_once(':') {
                Some((glob, rule)) => {
                    let rule = text(rule, start + glob.len() + 1..end);
                    match table.iter_mut().find(|(other, _)| other.get_ref() == glob) {
                        Some((_, rules)) => rules.push(rule),
                        None => {
                            let mut rules = DeArray::new();
                            rules.push(rule);
                            let glob = Spanned::new(start..start + glob.len(), glob.into());
                            table.push((glob, rules));
                        }
                    }
                }
                None => {
                    let place = Place { written: written.clone(), range: start..end };
                    let message = format!("`--{key}` takes a glob and a rule");
                    self.problems.push(Problem::at(place, message, "write it as `GLOB:RULE`"));
                }
            }
            start = end + 1;
        }
        let entries = table.into_iter().map(|(glob, rules)| {
            let whole = glob.span().start..rules.last().map_or(0, |rule| rule.span().end);
            (glob, Spanned::new(whole, DeValue::Array(rules)))
        });
        let table: DeTable<'_> = entries.collect();
        self.read(key, written.text.clone(), DeValue::Table(table));
    }

    fn read(&mut self, key: &str, text: String, value: DeValue<'_>) {
        let whole = 0..text.len();
        let mut reader = Reader::new(self.book, self.written(key, text));
        let is_key = self.layer.read(key, &Spanned::new(whole, value), &mut reader);
        debug_assert!(is_key, "`{key}` is in the table of keys");
        self.problems.append(&mut reader.problems);
    }

    fn written(&self, key: &str, text: String) -> std::sync::Arc<Written> {
        Written::command_line(Medium::Flag, &format!("--{key}"), text, self.working_directory)
    }
}

fn text(word: &str, range: Range<usize>) -> Spanned<DeValue<'_>> {
    Spanned::new(range, DeValue::String(word.into()))
}
