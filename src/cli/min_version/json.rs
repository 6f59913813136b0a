//! For programs: `schemas/min-version.schema.json` describes it.

use ruff_python_ast::PythonVersion;
use serde_json::{Value, json};

use super::{File, NeedAt, Project};
use crate::rule::{Pythons, Target};

pub(super) fn report(project: &Project) -> Result<String, serde_json::Error> {
    let one_less = project.one_less().map(|(version, places)| {
        let places: Vec<Value> = places
            .into_iter()
            .map(|(file, place)| {
                json!({
                    "filename": file.needs.file.disk,
                    "row": place.line,
                    "feature": plain(&place.need.what),
                })
            })
            .collect();
        json!({ "version": version.to_string(), "places": places })
    });
    let value = json!({
        "minimum": text(project.span.lowest),
        "maximum": text(project.span.highest),
        "declared": declared(project.declared),
        "files": project.files.iter().map(file).collect::<Vec<_>>(),
        "one_less": one_less,
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&value)?))
}

fn file(file: &File) -> Value {
    json!({
        "filename": file.needs.file.disk,
        "minimum": text(file.span.lowest),
        "maximum": text(file.span.highest),
        "declared": declared(file.needs.declared),
        "optional": file.needs.is_optional,
        "problem": file.needs.problem,
        "features": file.needs.needs.iter().map(|place| feature(place, file)).collect::<Vec<_>>(),
    })
}

fn feature(place: &NeedAt, file: &File) -> Value {
    let there = place.need.there;
    let added = there.lowest().filter(|version| version.minor > 0);
    json!({
        "row": place.line,
        "feature": plain(&place.need.what),
        "added": text(added),
        "removed": text(there.end()),
        "certain": !super::is_perhaps_gone(place),
        "guarded": file.guarded().any(|it| std::ptr::eq(it, place)),
        "reached": versions(place.need.reached),
    })
}

/// Without the marks of code, which programs do not need.
fn plain(what: &str) -> String {
    what.replace('`', "")
}

fn text(version: Option<PythonVersion>) -> Option<String> {
    version.map(|version| version.to_string())
}

fn declared(target: Option<Target>) -> Value {
    target.map_or(
        Value::Null,
        |target| json!({ "minimum": target.lowest.to_string(), "maximum": text(target.highest) }),
    )
}

/// The first and the last of some Pythons: both `null` where there is no bound.
fn versions(pythons: Pythons) -> Value {
    let pythons = pythons.without(Pythons::TWO);
    match pythons.is_empty() {
        true => Value::Null,
        false => {
            let first = pythons.lowest().filter(|version| version.minor > 0);
            let last = pythons.end().map(super::before);
            json!({ "minimum": text(first), "maximum": text(last) })
        }
    }
}
