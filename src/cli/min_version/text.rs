//! For people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ruff_python_ast::PythonVersion;

use super::{File, NEWEST, NeedAt, Project, Span};
use crate::output::counted;
use crate::rule::Target;

/// How many places are listed where not all are asked for.
const FEW: usize = 5;

pub(super) fn report(project: &Project, explain: bool) -> String {
    let mut out = String::new();
    if project.files.is_empty() {
        return out;
    }
    let _ = writeln!(out, "{}", words(project.span));
    declaration(project, &mut out);
    if explain {
        for file in &project.files {
            explained(file, &mut out);
        }
    } else {
        table(project, &mut out);
    }
    problems(project, &mut out);
    one_less(project, explain, &mut out);
    out
}

/// `Python 3.8 and newer, up to 3.11`
fn words(span: Span) -> String {
    match span {
        Span { lowest: None, .. } => "No Python can run all of it".to_owned(),
        Span { lowest: Some(lowest), highest: None } => format!("Python {lowest} and newer"),
        Span { lowest: Some(lowest), highest: Some(highest) } => {
            format!("Python {lowest} to {highest}")
        }
    }
}

fn declared(target: Target) -> String {
    words(Span { lowest: Some(target.lowest), highest: target.highest })
}

/// What is declared, and whether it is so.
fn declaration(project: &Project, out: &mut String) {
    let broken: Vec<&File> = project
        .files
        .iter()
        .filter(|file| file.needs.problem.is_none() && !file.keeps_its_word())
        .collect();
    let Some(target) = project.declared else {
        let is_silent = project.files.iter().all(|file| file.needs.declared.is_none());
        let said = if is_silent { "nothing" } else { "not the same for all files" };
        let _ = writeln!(out, "declared: {said}");
        list_broken(&broken, out);
        return;
    };
    let _ = write!(out, "declared: {}", declared(target));
    if !broken.is_empty() {
        let does = if broken.len() == 1 { "does" } else { "do" };
        let _ = writeln!(out, ": {} {does} not run on all of them", counted(broken.len(), "file"));
        list_broken(&broken, out);
    } else if project.span.lowest.is_some_and(|it| it < target.lowest) {
        let _ = writeln!(out, ": the code itself runs on older ones");
    } else {
        out.push('\n');
    }
}

fn list_broken(broken: &[&File], out: &mut String) {
    for file in broken.iter().take(FEW) {
        let _ = writeln!(out, "  {}: {}", file.needs.file.path, words(file.span));
    }
    rest(broken.len(), "file", out);
}

fn rest(count: usize, thing: &str, out: &mut String) {
    if let Some(more) = count.checked_sub(FEW).filter(|more| *more > 0) {
        let _ = writeln!(out, "  and {more} more {thing}{}", if more == 1 { "" } else { "s" });
    }
}

/// How many files need which Python, and what forces most of them.
fn table(project: &Project, out: &mut String) {
    let mut by_version: BTreeMap<(u8, u8), Vec<&File>> = BTreeMap::new();
    for file in project.files.iter().filter(|file| file.needs.problem.is_none()) {
        let Some(lowest) = file.span.lowest else { continue };
        by_version.entry((lowest.major, lowest.minor)).or_default().push(file);
    }
    out.push('\n');
    for ((major, minor), files) in by_version.iter().rev() {
        let version = PythonVersion { major: *major, minor: *minor };
        let _ = write!(out, "{:5} {}", version.to_string(), counted(files.len(), "file"));
        if let Some(below) = files[0].span.fails_below() {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for place in files.iter().flat_map(|file| file.against(below)) {
                *counts.entry(&place.need.what).or_default() += 1;
            }
            let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
            counts.sort_by_key(|(what, count)| (std::cmp::Reverse(*count), *what));
            let first: Vec<String> =
                counts.iter().take(3).map(|(what, count)| format!("{what} ({count})")).collect();
            let more = if counts.len() > 3 { ", …" } else { "" };
            let _ = write!(out, ": {}{more}", first.join(", "));
        }
        out.push('\n');
    }
    let is_bounded = |file: &&File| file.span.highest.is_some() && !file.needs.is_optional;
    let bounded: Vec<&File> = project.files.iter().filter(is_bounded).collect();
    if !bounded.is_empty() {
        out.push('\n');
    }
    for file in bounded.iter().take(FEW) {
        removals(file, out);
    }
    rest(bounded.len(), "file", out);
    perhaps(project, out);
    for file in project.files.iter().filter(|it| it.span.lowest.is_none()) {
        let _ = writeln!(out, "{}: no Python can run it", file.needs.file.path);
    }
}

/// What a file needs that newer Pythons have no longer.
fn removals(file: &File, out: &mut String) {
    let Some(highest) = file.span.highest else { return };
    let gone = super::after(highest);
    for NeedAt { line, need } in file.gone() {
        let path = &file.needs.file.path;
        let _ =
            writeln!(out, "up to {highest}: {path}:{line}: {} was removed in {gone}", need.what);
    }
}

/// What newer Pythons have no longer, where that may not matter: nothing tells whether the function
/// is called, or what the test says.
fn perhaps(project: &Project, out: &mut String) {
    let places: Vec<(&File, &NeedAt)> = project
        .files
        .iter()
        .flat_map(|file| {
            let of_the_file = file.gone().filter(|_| file.needs.is_optional);
            of_the_file.chain(file.perhaps_gone()).map(move |place| (file, place))
        })
        .collect();
    if places.is_empty() {
        return;
    }
    out.push_str("\nonly if a function is called, or a test lets it:\n");
    for (file, NeedAt { line, need }) in places.iter().take(FEW) {
        let Some(end) = need.there.end() else { continue };
        let path = &file.needs.file.path;
        let _ = writeln!(out, "  {path}:{line}: {} was removed in {end}", need.what);
    }
    rest(places.len(), "place", out);
}

/// All that is to be said of a file.
fn explained(file: &File, out: &mut String) {
    if file.needs.needs.is_empty() || file.needs.problem.is_some() {
        return;
    }
    let is_bounded = file.span.highest.is_some();
    let when = if is_bounded && file.needs.is_optional { ", if it is imported" } else { "" };
    let _ = writeln!(out, "\n{}: {}{when}", file.needs.file.path, words(file.span));
    let guarded: Vec<&NeedAt> = file.guarded().collect();
    for place in &file.needs.needs {
        if !guarded.iter().any(|it| std::ptr::eq(*it, place)) {
            let when = if super::is_perhaps_gone(place) { ", if it is come to" } else { "" };
            explained_place(place, when, out);
        }
    }
    for place in guarded {
        explained_place(place, ", where it is there", out);
    }
}

fn explained_place(NeedAt { line, need }: &NeedAt, when: &str, out: &mut String) {
    let added = need.there.lowest().filter(|version| version.minor > 0);
    let removed = need.there.end().filter(|version| *version <= NEWEST);
    let since = match (added, removed) {
        (Some(added), None) => format!("since {added}"),
        (None, Some(removed)) => format!("until {}", super::before(removed)),
        (Some(added), Some(removed)) => format!("{added} to {}", super::before(removed)),
        (None, None) => String::new(),
    };
    let _ = writeln!(out, "  {line:5}  {} ({since}{when})", need.what);
}

fn problems(project: &Project, out: &mut String) {
    let broken: Vec<(&File, &String)> = project
        .files
        .iter()
        .filter_map(|file| Some((file, file.needs.problem.as_ref()?)))
        .collect();
    if broken.is_empty() {
        return;
    }
    let verb = if broken.len() == 1 { "is" } else { "are" };
    let _ = writeln!(out, "\n{} {verb} not Python 3:", counted(broken.len(), "file"));
    for (file, problem) in broken.iter().take(FEW) {
        let _ = writeln!(out, "  {}: {problem}", file.needs.file.path);
    }
    rest(broken.len(), "file", out);
}

/// What would have to change for one version less.
fn one_less(project: &Project, explain: bool, out: &mut String) {
    let Some((version, places)) = project.one_less() else { return };
    let mut files: Vec<&str> =
        places.iter().map(|(file, _)| file.needs.file.path.as_str()).collect();
    files.dedup();
    let (verb, count) = (if places.len() == 1 { "has" } else { "have" }, places.len());
    let _ = writeln!(
        out,
        "\nFor {version}, {} in {} {verb} to change:",
        counted(count, "place"),
        counted(files.len(), "file")
    );
    let most = if explain { count } else { FEW };
    for (file, NeedAt { line, need }) in places.iter().take(most) {
        let _ = writeln!(out, "  {}:{line}: {}", file.needs.file.path, need.what);
    }
    if !explain {
        rest(count, "place", out);
    }
}
