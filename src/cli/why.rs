//! `dunderlint why`: which rules look at a line, what each found, and what silences it.
//! `schemas/why.schema.json` describes the form for programs.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};

use super::arguments::{Global, Plain, Why};
use super::exit::Exit;
use super::files::{absolute, find, libraries, overrides, shown, working_folder};
use super::terminal::Stream;
use super::{Failure, mro, print};
use crate::config::{Overrides, Resolver, Settings};
use crate::diagnostic::Diagnostic;
use crate::engine::{self, Extent, FileToCheck, RunOptions, linked, witness};
use crate::project::ClassRef;
use crate::rule::{Chapter, Rule};

/// What became of a rule at the line.
struct Verdict {
    rule: &'static str,
    /// What it found, if it did.
    messages: Vec<String>,
    /// Why that is not reported, or why the rule does not look: empty where neither is so.
    silenced: String,
    /// Whether the rule is on, and what puts it so.
    is_enabled: bool,
    decided_by: String,
}

/// Runs the command.
///
/// # Errors
/// When the arguments or the settings cannot be used, or the output cannot be written.
pub(super) fn run(
    chapters: &'static [Chapter],
    global: &Global,
    asked: &Why,
    stream: Stream,
) -> Result<Exit, Failure> {
    let (path, line) = place(&asked.place)?;
    let folder = working_folder()?;
    let libraries = libraries(global, &folder)?;
    let threads = asked.threads.map(usize::from);
    let path = absolute(&path, &folder);
    let mut paths = asked.paths.clone();
    paths.push(path.clone());
    let selecting = |select: Vec<String>| Overrides { select, ..overrides(global) };
    let files = |select: Vec<String>| -> Result<Vec<FileToCheck>, Failure> {
        let resolver = Resolver::new(chapters, selecting(select), folder.clone())?;
        let settings = resolver.run_settings()?;
        Ok(find(&paths, &folder, &resolver, &settings, threads)?.files)
    };
    let own = files(Vec::new())?;
    let settings = own.iter().find(|it| it.disk == path).map(|it| Arc::clone(&it.settings));
    let Some(settings) = settings else {
        return Err(Failure::Usage(format!("`{}` cannot be looked at", path.display())));
    };
    let options = RunOptions { threads, libraries: libraries.clone(), ..RunOptions::default() };
    let everything =
        RunOptions { ignore_suppressions: true, ignore_per_file_ignores: true, ..options.clone() };
    let name = shown(&path, &folder);
    let reported = findings(chapters, own.clone(), &options, &name);
    let rules = chapters.iter().flat_map(|chapter| chapter.rules);
    let all = files(rules.map(|rule| rule.name.to_owned()).collect())?;
    let found = findings(chapters, all, &everything, &name);
    let (project, _) = linked(own, &libraries, threads, Extent::Imported);
    let file = project.file_at(&name);
    let seen = match file {
        Some(file) => witness(chapters, &project, file, &path, line)
            .map_err(|error| Failure::Usage(format!("`{name}`: {error}")))?,
        None => engine::Witness::default(),
    };
    let Some(range) = seen.range else {
        return Err(Failure::Usage(format!("`{name}` has no line {line}")));
    };
    let at_line = |it: &&Diagnostic| range.contains(it.range.start());
    let found: Vec<&Diagnostic> = found.iter().filter(at_line).collect();
    let mut verdicts = Vec::new();
    for rule in chapters.iter().flat_map(|chapter| chapter.rules) {
        let own = found.iter().filter(|it| it.rule == rule.name);
        let messages: Vec<String> = own.map(|it| it.message.clone()).collect();
        if messages.is_empty() && !seen.rules.iter().any(|it| it.name == rule.name) {
            continue;
        }
        let is_reported =
            reported.iter().any(|it| it.rule == rule.name && range.contains(it.range.start()));
        verdicts.push(verdict(rule, messages, is_reported, &settings, &path));
    }
    let mut unknown = Vec::new();
    for class in &seen.classes {
        for doubt in project.doubts(*class) {
            let (place, _) = project.class(doubt.class);
            let name = project.full_name(ClassRef::Project(doubt.class));
            let reason = mro::in_words(&doubt.reason);
            let base = doubt.base.map_or(String::new(), |at| format!(", base {}", at + 1));
            let path = project.file(place).path();
            unknown.push(format!("{name}{base} ({path}): {reason}"));
        }
    }
    if !global.silent {
        let report = match asked.output_format {
            Plain::Text => text(&name, line, &verdicts, &unknown),
            Plain::Json => json(&name, line, &verdicts, &unknown)?,
        };
        print(stream, &report)?;
    }
    Ok(Exit::Clean)
}

/// The file and the line.
fn place(written: &str) -> Result<(PathBuf, usize), Failure> {
    let parts = written.rsplit_once(':').and_then(|(path, line)| Some((path, line.parse().ok()?)));
    match parts {
        Some((path, line)) => Ok((PathBuf::from(path), line)),
        None => Err(Failure::Usage(format!("`{written}` is not `FILE:LINE`"))),
    }
}

/// What a run finds in one of its files.
fn findings(
    chapters: &'static [Chapter],
    files: Vec<FileToCheck>,
    options: &RunOptions,
    path: &str,
) -> Vec<Diagnostic> {
    let outcome = engine::run(chapters, files, options, &|_| ());
    outcome.files.into_iter().find(|it| it.path == path).map_or(Vec::new(), |it| it.diagnostics)
}

fn verdict(
    rule: &'static Rule,
    messages: Vec<String>,
    is_reported: bool,
    settings: &Settings,
    path: &Path,
) -> Verdict {
    let is_enabled = settings.is_enabled(rule);
    let decided_by = settings.decided_by(rule);
    let silenced = match (is_enabled, settings.ignores(path, rule.name)) {
        (false, _) => format!("the rule is off: {decided_by}"),
        (true, true) => "`per-file-ignores` names it for this file".to_owned(),
        (true, false) if !messages.is_empty() && !is_reported => {
            "a comment suppresses it".to_owned()
        }
        (true, false) => String::new(),
    };
    Verdict { rule: rule.name, messages, silenced, is_enabled, decided_by }
}

fn text(name: &str, line: usize, verdicts: &[Verdict], unknown: &[String]) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{name}:{line}");
    let part = |found: bool, silent: bool| {
        verdicts
            .iter()
            .filter(move |it| it.messages.is_empty() != found && it.silenced.is_empty() != silent)
    };
    if part(true, false).next().is_some() {
        let _ = writeln!(out, "\nReported");
        for it in part(true, false) {
            for message in &it.messages {
                let _ = writeln!(out, "  {}: {message} (on: {})", it.rule, it.decided_by);
            }
        }
    }
    if part(true, true).next().is_some() {
        let _ = writeln!(out, "\nFound, but not reported");
        for it in part(true, true) {
            for message in &it.messages {
                let _ = writeln!(out, "  {}: {message}\n    {}", it.rule, it.silenced);
            }
        }
    }
    if part(false, false).next().is_some() {
        let _ = writeln!(out, "\nLooked, and found nothing");
        for it in part(false, false) {
            let _ = writeln!(out, "  {} (on: {})", it.rule, it.decided_by);
        }
    }
    if part(false, true).next().is_some() {
        let _ = writeln!(out, "\nWould look, and find nothing");
        for it in part(false, true) {
            let _ = writeln!(out, "  {}: {}", it.rule, it.silenced);
        }
    }
    if verdicts.is_empty() {
        let _ = writeln!(out, "\nNo rule looks at anything that begins here");
    }
    if !unknown.is_empty() {
        let _ = writeln!(out, "\nUnknown, which keeps rules about the project silent");
        for it in unknown {
            let _ = writeln!(out, "  {it}");
        }
    }
    out
}

fn json(
    name: &str,
    line: usize,
    verdicts: &[Verdict],
    unknown: &[String],
) -> Result<String, serde_json::Error> {
    let rules: Vec<Value> = verdicts
        .iter()
        .map(|it| {
            json!({
                "name": it.rule,
                "enabled": it.is_enabled,
                "decided_by": it.decided_by,
                "findings": it.messages,
                "silenced_by": (!it.silenced.is_empty()).then_some(&it.silenced),
            })
        })
        .collect();
    let value = json!({ "filename": name, "row": line, "rules": rules, "unknown": unknown });
    Ok(format!("{}\n", serde_json::to_string_pretty(&value)?))
}
