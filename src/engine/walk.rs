//! From the paths of a command line to the Python files they stand for.

#![allow(clippy::disallowed_methods, reason = "this module is the room for the walk of the disk")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkBuilder, WalkState};
use rustc_hash::{FxHashMap, FxHashSet};

use super::declarations::is_of_project;
use super::disk::plain;

/// How to look for files.
pub struct Walk<'a> {
    /// Leave out what `.gitignore`, `.ignore`, `.git/info/exclude` and git's global excludes name.
    pub respect_gitignore: bool,
    /// Apply `is_excluded` to paths that were given by name, and to the folders on their way, too.
    pub force_exclude: bool,
    /// Whether a path is left out; the flag says that it is a directory, which is then left out
    /// with all that is in it. Must say no to folders above those that it speaks for.
    pub is_excluded: &'a (dyn Fn(&Path, bool) -> bool + Sync),
    /// How many threads look into folders; 0 leaves the choice to the machine.
    pub threads: usize,
}

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Walked {
    /// Each file once, spelled from the path that was given, in the order of their bytes.
    pub files: Vec<PathBuf>,
    /// Paths that could not be looked at, and why. In the same order.
    pub problems: Vec<(PathBuf, String)>,
}

/// A file, before it is known whether it is another spelling of one that was found already.
struct Found {
    path: PathBuf,
    /// How many names follow the path that was given: 0 for a file given by name.
    depth: usize,
    /// Whether it is a symbolic link that was met on the way.
    link: bool,
}

/// What a walk brings home, or one of its threads.
#[derive(Default)]
struct Brought {
    found: Vec<Found>,
    problems: Vec<(PathBuf, String)>,
}

/// The files that the paths stand for: a file stands for itself, whatever it is called; a folder
/// for the `.py`, `.pyi` and `.pyw` files in it that are neither hidden nor ignored nor excluded, and
/// for what tells of a project: `pyproject.toml` and `setup.cfg`.
///
/// Links to folders are not followed, so nothing loops. A link to a file is taken unless that
/// file is found anyway.
pub fn walk(paths: &[PathBuf], options: &Walk<'_>) -> Walked {
    let mut folders: Vec<&Path> = Vec::new();
    let mut brought = Brought::default();
    for path in paths {
        let is_folder = match fs::metadata(path) {
            Ok(metadata) => metadata.is_dir(),
            Err(error) => {
                brought.problems.push((path.clone(), plain(&error)));
                continue;
            }
        };
        if options.force_exclude && is_excluded(path, is_folder, options) {
            continue;
        }
        if is_folder {
            folders.push(path);
        } else {
            brought.found.push(Found { path: path.clone(), depth: 0, link: false });
        }
    }
    if !folders.is_empty() {
        let crowd = Crowd { options, home: Mutex::new(brought) };
        look_into(&folders, options, &crowd);
        brought = crowd.home.into_inner().unwrap_or_else(PoisonError::into_inner);
    }
    let Brought { mut found, mut problems } = brought;
    found.sort_unstable_by(|one, other| bytes(&one.path).cmp(bytes(&other.path)));
    if paths.len() > 1 || found.iter().any(|file| file.link) {
        once_each(paths, &mut found);
    }
    problems.sort_unstable_by(|one, other| bytes(&one.0).cmp(bytes(&other.0)));
    problems.dedup();
    Walked { files: found.into_iter().map(|file| shortened(file.path)).collect(), problems }
}

/// Whether a path that was given by name, or a folder that it names on its way, is excluded.
fn is_excluded(path: &Path, is_folder: bool, options: &Walk<'_>) -> bool {
    let folders = path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
    (options.is_excluded)(path, is_folder)
        || folders.into_iter().any(|folder| (options.is_excluded)(folder, true))
}

fn look_into(folders: &[&Path], options: &Walk<'_>, crowd: &Crowd<'_>) {
    let Some((first, others)) = folders.split_first() else { return };
    let mut builder = WalkBuilder::new(first);
    for other in others {
        builder.add(other);
    }
    let respect = options.respect_gitignore;
    builder
        .threads(options.threads)
        .ignore(respect)
        .git_ignore(respect)
        .git_exclude(respect)
        .git_global(respect)
        .parents(respect)
        .require_git(false);
    let mut crowd = crowd;
    builder.build_parallel().visit(&mut crowd);
}

/// The threads that look into folders, and what they bring home.
struct Crowd<'a> {
    options: &'a Walk<'a>,
    home: Mutex<Brought>,
}

impl<'s> ParallelVisitorBuilder<'s> for &'s Crowd<'_> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 's> {
        Box::new(Visitor { crowd: self, brought: Brought::default() })
    }
}

/// One of them. It gathers by itself and hands over once, at its end.
struct Visitor<'a> {
    crowd: &'a Crowd<'a>,
    brought: Brought,
}

impl ParallelVisitor for Visitor<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                self.brought.problems.push(explained(&error));
                return WalkState::Continue;
            }
        };
        // The path itself was judged before.
        if entry.depth() == 0 {
            return WalkState::Continue;
        }
        let Some(file_type) = entry.file_type() else { return WalkState::Continue };
        let options = self.crowd.options;
        if file_type.is_dir() {
            let excluded = (options.is_excluded)(entry.path(), true);
            return if excluded { WalkState::Skip } else { WalkState::Continue };
        }
        let link = file_type.is_symlink();
        if (is_python(entry.path()) || is_of_project(entry.path()))
            && !(options.is_excluded)(entry.path(), false)
            && (file_type.is_file()
                || link && fs::metadata(entry.path()).is_ok_and(|it| it.is_file()))
        {
            let depth = entry.depth();
            self.brought.found.push(Found { path: entry.into_path(), depth, link });
        }
        WalkState::Continue
    }
}

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        let mut home = self.crowd.home.lock().unwrap_or_else(PoisonError::into_inner);
        home.found.append(&mut self.brought.found);
        home.problems.append(&mut self.brought.problems);
    }
}

/// Whether a file in a folder is looked at: `.py`, stubs, and scripts without a console.
fn is_python(path: &Path) -> bool {
    let is_suffix = |suffix: &[u8]| ["py", "pyi", "pyw"].iter().any(|it| it.as_bytes() == suffix);
    path.extension().is_some_and(|suffix| is_suffix(suffix.as_encoded_bytes()))
}

/// Drops files that are found under several names, keeping the first; the name of a file itself
/// goes before the name of a link to it.
fn once_each(paths: &[PathBuf], found: &mut Vec<Found>) {
    let roots: FxHashMap<&Path, PathBuf> = paths
        .iter()
        .filter_map(|path| Some((path.as_path(), fs::canonicalize(path).ok()?)))
        .collect();
    // No link was followed below a root, so the rest of the path is canonical as it is.
    let canonical = |file: &Found| -> Option<PathBuf> {
        if file.link {
            return fs::canonicalize(&file.path).ok();
        }
        let root = file.path.ancestors().nth(file.depth)?;
        let canonical = roots.get(root)?;
        let rest = file.path.strip_prefix(root).ok()?;
        Some(if rest.as_os_str().is_empty() { canonical.clone() } else { canonical.join(rest) })
    };
    let mut seen = FxHashSet::default();
    for links in [false, true] {
        found.retain(|file| {
            file.link != links || canonical(file).is_none_or(|path| seen.insert(path))
        });
    }
}

/// A path without the `./` that a walk of `.` puts before it.
fn shortened(path: PathBuf) -> PathBuf {
    match path.strip_prefix(".") {
        Ok(rest) if !rest.as_os_str().is_empty() => rest.to_owned(),
        _ => path,
    }
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// The path that a walk stumbled over, and why.
fn explained(error: &ignore::Error) -> (PathBuf, String) {
    match error {
        ignore::Error::WithPath { path, err } => (path.clone(), explained(err).1),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            explained(err)
        }
        ignore::Error::Io(error) => (PathBuf::new(), plain(error)),
        other => (PathBuf::new(), other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with these files, each empty unless something stands behind a `:`.
    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let (name, text) = file.split_once(':').unwrap_or((file, ""));
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn options() -> Walk<'static> {
        Walk {
            respect_gitignore: true,
            force_exclude: false,
            is_excluded: &|path, _| path.ends_with("excluded") || path.ends_with("excluded.py"),
            threads: 2,
        }
    }

    /// What is found from these paths in a folder, relative to it.
    fn found(folder: &tempfile::TempDir, paths: &[&str], options: &Walk<'_>) -> Vec<String> {
        let paths: Vec<_> = paths.iter().map(|path| folder.path().join(path)).collect();
        let walked = walk(&paths, options);
        assert_eq!(walked.problems, []);
        let relative = |path: &PathBuf| path.strip_prefix(folder.path()).unwrap().to_owned();
        walked.files.iter().map(|path| relative(path).display().to_string()).collect()
    }

    #[test]
    fn python_files_in_folders_are_found_in_order() {
        let folder =
            folder(&["b/c.pyi", "b/a.py", "a.pyw", "README.md", "b-1.py", "py", "d.py/e.py"]);
        let expected = ["a.pyw", "b-1.py", "b/a.py", "b/c.pyi", "d.py/e.py"];
        for threads in [0, 1, 2, 8] {
            assert_eq!(found(&folder, &[""], &Walk { threads, ..options() }), expected);
        }
    }

    #[test]
    fn hidden_ignored_and_excluded_files_are_left_out() {
        let folder = folder(&[
            ".gitignore:build/\n*_pb2.py\n",
            ".hidden/a.py",
            ".a.py",
            "build/a.py",
            "a_pb2.py",
            "excluded/a.py",
            "b/excluded.py",
            "b/.ignore:c.py",
            "b/c.py",
            "b/d.py",
        ]);
        assert_eq!(found(&folder, &[""], &options()), ["b/d.py"]);
        let all = Walk { respect_gitignore: false, ..options() };
        assert_eq!(found(&folder, &[""], &all), ["a_pb2.py", "b/c.py", "b/d.py", "build/a.py"]);
    }

    #[test]
    fn what_is_given_by_name_is_taken() {
        let folder = folder(&["script", "excluded/a.py", ".gitignore:*", ".hidden/b.py", "c.txt"]);
        let given = ["script", "excluded/a.py", "c.txt"];
        assert_eq!(found(&folder, &given, &options()), ["c.txt", "excluded/a.py", "script"]);
        let force = Walk { force_exclude: true, ..options() };
        assert_eq!(found(&folder, &given, &force), ["c.txt", "script"]);
        assert_eq!(found(&folder, &["excluded"], &force), [""; 0]);
        let hidden = Walk { respect_gitignore: false, ..options() };
        assert_eq!(
            found(&folder, &[".hidden", "excluded"], &hidden),
            [".hidden/b.py", "excluded/a.py"]
        );
    }

    #[test]
    fn each_file_is_found_once() {
        let folder = folder(&["a/b/c.py", "a/d.py"]);
        let given = ["a/b", "a", "a/b/c.py", "a/../a/d.py", "a/d.py", "a"];
        assert_eq!(found(&folder, &given, &options()).len(), 2);
    }

    #[test]
    fn what_is_not_there_is_a_problem() {
        let folder = folder(&["a.py"]);
        let missing = folder.path().join("missing.py");
        let walked = walk(&[missing.clone(), folder.path().join("a.py")], &options());
        assert_eq!(walked.files.len(), 1);
        assert_eq!(walked.problems, [(missing, "no such file or directory".to_owned())]);
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_loop_and_bring_no_file_twice() {
        use std::os::unix::fs::symlink;
        let outside = folder(&["o.py"]);
        let folder = folder(&["a/b.py"]);
        let link = |target: &Path, name: &str| symlink(target, folder.path().join(name)).unwrap();
        link(Path::new(".."), "a/loop");
        link(Path::new("b.py"), "a/aa_same.py");
        link(Path::new("nowhere.py"), "a/dangling.py");
        link(&outside.path().join("o.py"), "a/outside.py");
        link(Path::new("a"), "linked");
        assert_eq!(found(&folder, &[""], &options()), ["a/b.py", "a/outside.py"]);
        assert_eq!(found(&folder, &["linked"], &options()), ["linked/b.py", "linked/outside.py"]);
        let dangling = folder.path().join("a/dangling.py");
        assert_eq!(walk(&[dangling], &options()).problems.len(), 1);
    }
}
