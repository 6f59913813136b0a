//! Globs of files and folders, as users of ruff know them.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde_json::json;
use toml::Spanned;
use toml::de::DeValue;

use super::error::Problem;
use super::kinds::{Reader, Scalar};
use super::place::absolute;
use super::scalars::string;
use super::select::Book;
use super::sources::folders_in;

/// A glob, resolved against the folder of the file that wrote it.
///
/// One without `/` is matched against the name of a file or folder at any depth. One with `/` is
/// matched against the path from that folder; its `*` also matches `/`. A `/` at its end is for
/// folders only. A leading `!` turns it round.
#[derive(Clone, Debug)]
pub(super) struct Glob {
    /// As it was written.
    text: String,
    /// Matched against absolute paths.
    pattern: String,
    /// Whether `pattern` is for a name only, so that `*` must not match `/`.
    is_name: bool,
    folders_only: bool,
    negated: bool,
}

impl Glob {
    fn new(text: &str, folder: &Path) -> Glob {
        let (negated, rest) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        let (folders_only, rest) =
            rest.strip_suffix('/').map_or((false, rest), |rest| (true, rest));
        let is_name = !rest.contains('/') && !matches!(rest, "." | "..");
        let pattern = if is_name { format!("**/{rest}") } else { anchored(rest, folder) };
        Glob { text: text.to_owned(), pattern, is_name, folders_only, negated }
    }

    /// Whether it names one file or folder, without wildcards.
    fn is_plain(&self) -> bool {
        !self.text.contains(['*', '?', '[', '{'])
    }

    fn compiled(&self, suffix: &str) -> Result<globset::Glob, globset::Error> {
        GlobBuilder::new(&format!("{}{suffix}", self.pattern))
            .literal_separator(self.is_name)
            .build()
    }
}

impl PartialEq for Glob {
    fn eq(&self, other: &Glob) -> bool {
        self.pattern == other.pattern
            && self.folders_only == other.folders_only
            && self.negated == other.negated
    }
}

/// The glob from the root of the file system: the folder's own letters are no wildcards, and
/// leading `.` and `..` are resolved.
fn anchored(glob: &str, folder: &Path) -> String {
    let wild = |part: &&str| part.contains(['*', '?', '[', '{']);
    let parts: Vec<&str> = glob.split('/').collect();
    let plain = parts.iter().position(wild).unwrap_or(parts.len());
    let start = if glob.starts_with('/') { "/".to_owned() } else { String::new() };
    let folder = absolute(folder, Path::new(&(start + &parts[..plain].join("/"))));
    let folder = globset::escape(&folder.to_string_lossy().replace('\\', "/"));
    let folder = folder.trim_end_matches('/');
    parts[plain..].iter().fold(folder.to_owned(), |path, part| format!("{path}/{part}"))
}

impl Scalar for Glob {
    const KIND: &'static str = "a glob";
    const KINDS: &'static str = "globs";

    fn parse(name: &str, value: &Spanned<DeValue<'_>>, reader: &mut Reader) -> Option<Self> {
        let word = string::<Self>(name, value, reader)?;
        let glob = Glob::new(word, &reader.written.folder);
        let wrong = match glob.compiled("") {
            Ok(_) if word.is_empty() => "it is empty".to_owned(),
            Ok(_) => return Some(glob),
            Err(error) => error.kind().to_string(),
        };
        reader.problem(value, format!("bad glob `{word}` in `{name}`"), wrong);
        None
    }

    fn schema(_: Book) -> serde_json::Value {
        json!({ "type": "string" })
    }

    fn toml(&self) -> toml::Value {
        self.text.as_str().into()
    }
}

/// A list of globs of which the last that matches decides: `!` takes back what an earlier one
/// matched.
#[derive(Clone, Debug)]
pub(super) struct Globs {
    set: GlobSet,
    /// For each glob of the set, whether it is for folders only, and whether it is turned round.
    flags: Vec<(bool, bool)>,
}

impl Globs {
    pub(super) fn new<'a>(globs: impl IntoIterator<Item = &'a Glob>) -> Result<Globs, Problem> {
        let mut set = GlobSetBuilder::new();
        let mut flags = Vec::new();
        for glob in globs {
            set.add(glob.compiled("").map_err(too_large)?);
            flags.push((glob.folders_only, glob.negated));
        }
        Ok(Globs { set: set.build().map_err(too_large)?, flags })
    }

    /// Whether they match an absolute path, which is of a folder or of a file.
    pub(super) fn matches(&self, path: &Path, is_folder: bool) -> bool {
        let last = self.set.matches(path).into_iter().rfind(|at| is_folder || !self.flags[*at].0);
        last.is_some_and(|at| !self.flags[at].1)
    }
}

/// Values for the files that match globs.
#[derive(Clone, Debug)]
pub(super) struct ByGlob<T> {
    set: GlobSet,
    /// Each value; whether its glob is turned round; and how many globs of the set are its.
    entries: Vec<(T, bool, usize)>,
}

impl<T> ByGlob<T> {
    /// Here a glob that ends with `/`, or has no wildcards, is also for all files below the folder
    /// that it names.
    pub(super) fn new<'a>(
        entries: impl IntoIterator<Item = (&'a Glob, T)>,
    ) -> Result<ByGlob<T>, Problem> {
        let mut set = GlobSetBuilder::new();
        let mut list = Vec::new();
        for (glob, value) in entries {
            let mut count = 0;
            if !glob.folders_only {
                set.add(glob.compiled("").map_err(too_large)?);
                count += 1;
            }
            if glob.folders_only || glob.is_plain() {
                set.add(glob.compiled("/**").map_err(too_large)?);
                count += 1;
            }
            list.push((value, glob.negated, count));
        }
        Ok(ByGlob { set: set.build().map_err(too_large)?, entries: list })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The values for the file with this absolute path, in their order.
    pub(super) fn of(&self, file: &Path) -> impl Iterator<Item = &T> {
        let matched = if self.is_empty() { Vec::new() } else { self.set.matches(file) };
        let mut first = 0;
        self.entries.iter().filter_map(move |(value, negated, count)| {
            let own = first..first + count;
            first = own.end;
            let is_match = matched.iter().any(|at| own.contains(at));
            (is_match != *negated).then_some(value)
        })
    }
}

fn too_large(error: globset::Error) -> Problem {
    Problem::without_place(format!("the globs are too large: {error}"))
}

/// The folders that a path with or without wildcards means, seen from `folder`. One without is
/// taken as it is, whether or not it exists.
pub(super) fn expand(text: &str, folder: &Path) -> Vec<PathBuf> {
    let start = if text.starts_with('/') { Path::new("/") } else { folder };
    let mut folders = vec![start.to_owned()];
    for part in text.split('/') {
        let matcher = part
            .contains(['*', '?', '[', '{'])
            .then(|| GlobBuilder::new(part).literal_separator(true).build().ok())
            .flatten()
            .map(|glob| glob.compile_matcher());
        folders = match matcher {
            None => folders.iter().map(|folder| absolute(folder, Path::new(part))).collect(),
            Some(_) if part == "**" => folders.iter().flat_map(|it| all_below(it)).collect(),
            Some(matcher) => folders
                .iter()
                .flat_map(|folder| folders_in(folder))
                .filter(|path| path.file_name().is_some_and(|name| matcher.is_match(name)))
                .collect(),
        };
    }
    if text.contains(['*', '?', '[', '{']) {
        folders.retain(|folder| super::sources::is_folder(folder));
    }
    folders
}

/// The folder and all folders below it.
fn all_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    let mut at = 0;
    while at < found.len() {
        let inner = folders_in(&found[at]);
        found.extend(inner);
        at += 1;
    }
    found
}
