//! Stories of the command line. A folder of `tests/cli` is one: `story.md` tells it with the
//! commands and what they print, `in/` are the files at its beginning, `after/` those that are new or
//! other at its end. `BLESS=1 cargo test --test cli` writes down what happens.
//!
//! In a `console` block, `$` is followed by a command and what it prints on standard output, then
//! `[stderr]` and what it prints there; `? 1` says how it ended, if not with 0. `<` and `>` mean
//! what they do in a shell, and variables may be set before the command. The folder of the story is
//! shown as `[ROOT]`, carriage returns as `␍`, escapes as `␛`, byte order marks as `[BOM]`.
#![allow(clippy::disallowed_methods, reason = "tests use the disk and the environment")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output, Stdio};

use libtest_mimic::{Arguments, Failed, Trial};
use snapbox::IntoData;

/// What the shell of whoever runs the tests may say, and must not.
const VARIABLES: [&str; 9] = [
    "CI",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "FORCE_COLOR",
    "GITHUB_ACTIONS",
    "NO_COLOR",
    "RUST_BACKTRACE",
    "TERM",
    "VIRTUAL_ENV",
];

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Each test is a process of its own, and each process has many threads.
    arguments.test_threads = arguments.test_threads.or(Some(4));
    let stories = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let trials = folders(&stories).into_iter().map(|folder| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Trial::test(name, move || check(&folder))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// Tells a story again and compares.
fn check(folder: &Path) -> Result<(), Failed> {
    let bless = std::env::var_os("BLESS").is_some();
    let path = folder.join("story.md");
    let told = fs::read_to_string(&path)?.replace("\r\n", "\n");
    let before = tree(&folder.join("in"))?;
    let stage = tempfile::tempdir()?;
    let root = fs::canonicalize(stage.path())?;
    lay_out(&before, &root)?;
    let retold = retell(&told, &root)?;
    let mut changed = tree(&root)?;
    for content in changed.values_mut() {
        *content = portable(content, &root);
    }
    changed.retain(|name, content| before.get(name) != Some(content));
    let kept = folder.join("after");
    if bless {
        fs::write(&path, &retold)?;
        if kept.exists() {
            fs::remove_dir_all(&kept)?;
        }
        lay_out(&changed, &kept)?;
        return Ok(());
    }
    // Raw: in a story, `...` is no placeholder.
    snapbox::Assert::new().try_eq(None, retold.into_data().raw(), told.into_data().raw())?;
    let expected = tree(&kept)?;
    for (name, content) in &expected {
        let found = changed.get(name).ok_or_else(|| format!("`{name}` is as it was"))?;
        if found != content {
            let found = String::from_utf8_lossy(found);
            return Err(format!("`{name}` is now:\n{}", visible(&found, &root)).into());
        }
    }
    match changed.keys().find(|name| !expected.contains_key(*name)) {
        Some(name) => Err(format!("`{name}` has changed").into()),
        None => Ok(()),
    }
}

/// The story with what commands print now.
fn retell(told: &str, root: &Path) -> Result<String, Failed> {
    let mut retold = String::new();
    let mut fence = None; // what ends the block of commands we are in
    for line in told.lines() {
        match fence {
            None => {
                fence = line.strip_suffix("console").filter(|start| start.starts_with("```"));
            }
            Some(end) if line == end => fence = None,
            Some(_) => {
                if let Some(command) = line.strip_prefix("$ ") {
                    retold += &format!("{line}\n{}", perform(command, root)?);
                }
                continue;
            }
        }
        retold += line;
        retold += "\n";
    }
    Ok(retold)
}

/// Runs a command and describes how it went.
fn perform(line: &str, root: &Path) -> Result<String, Failed> {
    let mut words = words(line).into_iter();
    let mut command = Command::new(env!("CARGO_BIN_EXE_dunderlint"));
    command.current_dir(root).stdin(Stdio::null());
    for name in VARIABLES {
        command.env_remove(name);
    }
    let mut target = None;
    for word in words.by_ref() {
        match word.split_once('=') {
            Some((name, value)) => command.env(name, value),
            None if word == "dunderlint" => break,
            None => return Err(format!("`{word}` is not dunderlint").into()),
        };
    }
    while let Some(word) = words.next() {
        match word.as_str() {
            "<" => {
                let name = words.next().ok_or("`<` what?")?;
                command.stdin(fs::File::open(root.join(name))?);
            }
            ">" => target = Some(words.next().ok_or("`>` where?")?),
            word => {
                command.arg(word);
            }
        }
    }
    let Output { status, mut stdout, stderr } = command.output()?;
    if let Some(target) = target {
        fs::write(root.join(target), std::mem::take(&mut stdout))?;
    }
    let mut report = visible(&String::from_utf8_lossy(&stdout), root);
    if !stderr.is_empty() {
        report += &format!("[stderr]\n{}", visible(&String::from_utf8_lossy(&stderr), root));
    }
    match status.code() {
        Some(0) => {}
        Some(code) => report += &format!("? {code}\n"),
        None => report += "? killed\n",
    }
    Ok(report)
}

/// Words as a shell parts them, with `'` to keep them together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for character in line.chars() {
        match character {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            other => words.last_mut().expect("there is always one").push(other),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What is in a file, wherever the story is played.
fn portable(content: &[u8], root: &Path) -> Vec<u8> {
    match std::str::from_utf8(content) {
        Ok(text) => text.replace(&*root.to_string_lossy(), "[ROOT]").into_bytes(),
        Err(_) => content.to_vec(),
    }
}

/// Output as it can stand in a story: each line ends.
fn visible(output: &str, root: &Path) -> String {
    let mut shown = output
        .replace(&*root.to_string_lossy(), "[ROOT]")
        .replace('\u{feff}', "[BOM]")
        .replace('\r', "␍")
        .replace('\u{1b}', "␛");
    if !shown.is_empty() && !shown.ends_with('\n') {
        shown += "[no newline]\n";
    }
    shown
}

/// The folders in a folder, sorted.
fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// All files in a folder and below, by their paths with `/`.
fn tree(root: &Path) -> std::io::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(name) = path.strip_prefix(root) {
                let name = name.to_string_lossy().replace('\\', "/");
                files.insert(name, fs::read(&path)?);
            }
        }
    }
    Ok(files)
}

/// Writes files below a folder.
fn lay_out(files: &BTreeMap<String, Vec<u8>>, root: &Path) -> std::io::Result<()> {
    for (name, content) in files {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap_or(root))?;
        fs::write(path, content)?;
    }
    Ok(())
}
