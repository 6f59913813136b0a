//! Every fenced block of every rule's page, run: the page is the test. `BLESS=1` rewrites markers
//! and `fixed` blocks to what is found.

#![allow(clippy::disallowed_methods, reason = "tests read and write files of their own")]

mod page;

use std::fs;
use std::path::Path;

use dunderlint::config::{Overrides, Resolver};
use dunderlint::diagnostic::Diagnostic;
use dunderlint::engine::{
    FileToCheck, FixMode, RunOptions, check_declarations, is_of_project, run,
};
use dunderlint::rule::{Chapter, Fixable, Rule};
use dunderlint::rules::CHAPTERS;
use dunderlint::text::{LineIndex, Position};
use libtest_mimic::{Arguments, Failed, Trial};

use page::{Block, Example, Mark, examples, mark, unmark};

fn main() {
    let arguments = Arguments::from_args();
    let is_blessing = std::env::var_os("BLESS").is_some();
    let mut trials = Vec::new();
    for chapter in CHAPTERS {
        for rule in chapter.rules {
            let name = format!("{}::{}", chapter.name, rule.name);
            if is_blessing {
                trials.push(Trial::test(format!("{name}::bless"), move || bless(chapter, rule)));
                continue;
            }
            trials.push(Trial::test(format!("{name}::page"), move || well_made(rule)));
            for (n, example) in examples(rule.page).into_iter().enumerate() {
                let name = format!("{name}::example_{}", n + 1);
                trials.push(Trial::test(name, move || check(rule, &example)));
            }
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// What every page has.
fn well_made(rule: &Rule) -> Result<(), Failed> {
    let examples = examples(rule.page);
    let has = |kind: &str| examples.iter().any(|it| it.files.iter().any(|it| it.kind == kind));
    if !has("bad") || !has("good") {
        return Err("a page shows `bad` and `good` code".into());
    }
    if rule.summary().is_empty() || rule.summary().starts_with('#') {
        return Err("a page begins with a paragraph that sums the rule up".into());
    }
    let options = rule.options.iter().all(|it| rule.page.contains(&format!("`{}`", it.name())));
    if !options {
        return Err("a page names each option of its rule".into());
    }
    let unfixed = examples.iter().any(|it| it.is_bad() && it.fixed.is_empty());
    if rule.fixable == Fixable::Always && unfixed {
        return Err("the page of an always fixable rule shows the fixed code".into());
    }
    Ok(())
}

/// What is found in a file of an example, and what fixes make of it.
struct Found {
    path: String,
    code: String,
    marks: Vec<Mark>,
    fixed: String,
}

fn check(rule: &'static Rule, example: &Example) -> Result<(), Failed> {
    let found = look(rule, example)?;
    let mut wrong = String::new();
    for (file, found) in example.files.iter().zip(&found) {
        let (_, wanted) = unmark(&file.text);
        let agree = wanted.len() == found.marks.len()
            && wanted.iter().zip(&found.marks).all(|(wanted, got)| {
                wanted.line == got.line
                    && wanted.columns.is_none_or(|it| Some(it) == got.columns)
                    && got.message.starts_with(&wanted.message)
            });
        if file.kind == "bad" && found.marks.is_empty() {
            wrong.push_str(&format!("{}: `bad` code has findings\n", file.path));
        }
        if !agree {
            let (wanted, got) = (&file.text, mark(&found.code, &found.marks));
            wrong.push_str(&format!("{}: expected\n{wanted}\nfound\n{got}\n", file.path));
        }
    }
    if example.is_bad() != found.iter().any(|it| !it.marks.is_empty()) {
        wrong.push_str("`bad` code has findings, `good` code has none\n");
    }
    for block in &example.fixed {
        let got = found.iter().find(|it| it.path == block.path).map(|it| it.fixed.as_str());
        if got != Some(&block.text) {
            let got = got.unwrap_or("nothing");
            wrong.push_str(&format!(
                "{}: fixed should be\n{}\nand is\n{got}\n",
                block.path, block.text
            ));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

/// Runs the rule on the files of an example, in a folder of their own.
fn look(rule: &'static Rule, example: &Example) -> Result<Vec<Found>, Failed> {
    let folder = tempfile::tempdir()?;
    for file in &example.files {
        let disk = folder.path().join(&file.path);
        fs::create_dir_all(disk.parent().unwrap_or(folder.path()))?;
        fs::write(&disk, unmark(&file.text).0)?;
    }
    let looked = pass(rule, example, folder.path(), None)?;
    let mut found: Vec<Found> = Vec::new();
    for file in &example.files {
        let (code, _) = unmark(&file.text);
        let own = looked.iter().filter(|(path, _)| *path == file.path);
        let mut marks: Vec<Mark> = own.map(|(_, it)| marked(&code, it)).collect();
        marks.sort();
        found.push(Found { path: file.path.clone(), code, marks, fixed: String::new() });
    }
    let everything = Some(FixMode { unsafe_fixes: true });
    pass(rule, example, folder.path(), everything)?;
    for found in &mut found {
        found.fixed = fs::read_to_string(folder.path().join(&found.path))?;
    }
    // Fixing again changes nothing.
    pass(rule, example, folder.path(), everything)?;
    for found in &found {
        let again = fs::read_to_string(folder.path().join(&found.path))?;
        if again != found.fixed {
            return Err(format!("fixing twice differs:\n{}\n{again}", found.fixed).into());
        }
    }
    Ok(found)
}

fn pass(
    rule: &'static Rule,
    example: &Example,
    folder: &Path,
    fix: Option<FixMode>,
) -> Result<Vec<(String, Diagnostic)>, Failed> {
    let config = match example.settings.is_empty() {
        true => Vec::new(),
        false => vec![example.settings.clone()],
    };
    let overrides = Overrides {
        isolated: true,
        select: vec![rule.name.to_owned()],
        config,
        ..Overrides::default()
    };
    let resolver = Resolver::new(CHAPTERS, overrides, folder.to_owned())
        .map_err(|error| error.render(false))?;
    let mut files = Vec::new();
    for file in &example.files {
        let disk = folder.join(&file.path);
        let settings = resolver
            .settings_for(disk.parent().unwrap_or(folder))
            .map_err(|error| error.render(false))?;
        files.push(FileToCheck { path: file.path.clone(), disk, settings });
    }
    // What tells of the project is looked at once, in the folder that all files lie in.
    let (projects, files) = files.into_iter().partition(|it: &FileToCheck| is_of_project(&it.disk));
    let projects: Vec<FileToCheck> = projects;
    let files: Vec<FileToCheck> = files.into_iter().filter(|it| is_python(&it.disk)).collect();
    let options =
        RunOptions { fix, write: fix.is_some(), threads: Some(1), ..RunOptions::default() };
    let outcome = run(CHAPTERS, files, &options, &|_| ());
    let mut found = Vec::new();
    let declared = check_declarations(CHAPTERS, &projects);
    for file in outcome.files.into_iter().chain(declared) {
        let path = file.path;
        found.extend(file.diagnostics.into_iter().map(|it| (path.clone(), it)));
    }
    match found.iter().find(|(_, it)| it.rule != rule.name) {
        Some((path, it)) => Err(format!("{path}: {}: {}", it.rule, it.message).into()),
        None => Ok(found),
    }
}

fn is_python(path: &Path) -> bool {
    path.extension().is_some_and(|suffix| suffix == "py" || suffix == "pyi")
}

fn marked(code: &str, diagnostic: &Diagnostic) -> Mark {
    let lines = LineIndex::new(code);
    let Position { line, column } = lines.position(diagnostic.range.start(), code);
    let line_end = lines.range(line as usize - 1, code).end();
    let end = lines.position(diagnostic.range.end().min(line_end), code);
    let width = (end.column.saturating_sub(column) as usize).max(1);
    Mark {
        line: line as usize - 1,
        columns: Some((column as usize - 1, width)),
        message: diagnostic.message.clone(),
    }
}

/// Rewrites the markers and `fixed` blocks of a page to what is found.
fn bless(chapter: &Chapter, rule: &'static Rule) -> Result<(), Failed> {
    let folder = chapter.name.replace('-', "_");
    let path = format!("rules/{folder}/{}.md", rule.name.replace('-', "_"));
    let page = fs::read_to_string(&path)?;
    let mut replaced: Vec<((usize, usize), String)> = Vec::new();
    for example in examples(&page) {
        let found = look(rule, &example)?;
        for (file, found) in example.files.iter().zip(&found) {
            replaced.push((file.lines, mark(&found.code, &found.marks)));
        }
        for Block { path, lines, .. } in &example.fixed {
            let fixed = found.iter().find(|it| it.path == *path).map(|it| it.fixed.clone());
            replaced.push((*lines, fixed.unwrap_or_default()));
        }
    }
    replaced.sort();
    let lines: Vec<&str> = page.lines().collect();
    let (mut blessed, mut at) = (String::new(), 0);
    for ((start, end), text) in replaced {
        for line in &lines[at..start] {
            blessed.push_str(line);
            blessed.push('\n');
        }
        blessed.push_str(&text);
        at = end;
    }
    for line in &lines[at..] {
        blessed.push_str(line);
        blessed.push('\n');
    }
    Ok(fs::write(path, blessed)?)
}
