//! What files in TOML say.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::declared::lookup;
use super::super::target::{target_of, target_of_poetry, target_of_specifier};
use super::{Said, lines, minor_of, pythons};
use crate::rule::Saying;

/// The tools that `pyproject.toml` tells a version, and where.
const TARGETS: [(&str, &[&str]); 12] = [
    ("dunderlint", &["dunderlint", "target-version"]),
    ("ruff", &["ruff", "target-version"]),
    ("black", &["black", "target-version"]),
    ("mypy", &["mypy", "python_version"]),
    ("pyright", &["pyright", "pythonVersion"]),
    ("basedpyright", &["basedpyright", "pythonVersion"]),
    ("ty", &["ty", "environment", "python-version"]),
    ("pyrefly", &["pyrefly", "python-version"]),
    ("pylint", &["pylint", "main", "py-version"]),
    ("pylint", &["pylint", "MAIN", "py-version"]),
    ("pylint", &["pylint", "master", "py-version"]),
    ("pylint", &["pylint", "MASTER", "py-version"]),
];

/// What a `pyproject.toml` says. A file that is not TOML says nothing: it may be a template.
pub(super) fn in_pyproject(text: &str, said: &mut Said) {
    let Ok(document) = DeTable::parse(text) else { return };
    let root = document.get_ref();
    if let Some(value) = lookup(root, &["project", "requires-python"]) {
        let target = value.get_ref().as_str().and_then(target_of_specifier);
        said.push(Saying::Required("requires-python"), value.span(), target.map(pythons));
    } else if let Some(name) = lookup(root, &["project", "name"])
        && lookup(root, &["tool", "poetry", "dependencies", "python"]).is_none()
        && !is_dynamic(root)
    {
        said.push(Saying::NothingRequired, name.span(), None);
    }
    if let Some(value) = lookup(root, &["tool", "poetry", "dependencies", "python"]) {
        let target = value.get_ref().as_str().and_then(target_of_poetry);
        let key = "tool.poetry.dependencies.python";
        said.push(Saying::Required(key), value.span(), target.map(pythons));
    }
    for keys in [["project", "classifiers"], ["tool", "poetry"]] {
        let found = lookup(root, &keys).and_then(|it| match it.get_ref() {
            DeValue::Table(poetry) => poetry.get("classifiers"),
            _ => Some(it),
        });
        for value in found.into_iter().flat_map(items) {
            if let Some(classifier) = value.get_ref().as_str() {
                said.classifier(value.span(), classifier);
            }
        }
    }
    for (tool, keys) in TARGETS {
        let value = lookup(root, &["tool"]).and_then(|it| lookup(it.get_ref().as_table()?, keys));
        value.into_iter().for_each(|value| target(tool, value, said));
    }
    for value in lookup(root, &["tool", "tox", "env_list"]).into_iter().flat_map(items) {
        if let Some(word) = value.get_ref().as_str() {
            lines::in_environment(word, value.span(), said);
        }
    }
}

/// What a tool's own file says to it.
pub(super) fn in_own(text: &str, tool: &'static str, said: &mut Said) {
    let Ok(document) = DeTable::parse(text) else { return };
    let keys: &[&str] = match tool {
        "ty" => &["environment", "python-version"],
        "pyrefly" => &["python-version"],
        _ => &["target-version"],
    };
    if let Some(value) = lookup(document.get_ref(), keys) {
        target(tool, value, said);
    }
}

/// Whether a backend fills in what installers go by.
fn is_dynamic(root: &DeTable<'_>) -> bool {
    let dynamic = lookup(root, &["project", "dynamic"]);
    dynamic.into_iter().flat_map(items).any(|it| it.get_ref().as_str() == Some("requires-python"))
}

/// A version, or several of which the oldest counts.
fn target(tool: &'static str, value: &Spanned<DeValue<'_>>, said: &mut Said) {
    match value.get_ref() {
        DeValue::String(word) => said.target(tool, value.span(), word),
        DeValue::Float(number) if number.as_str().ends_with('0') => {
            said.push(Saying::Number, value.span(), None);
        }
        DeValue::Float(number) => said.target(tool, value.span(), number.as_str()),
        DeValue::Array(_) => {
            let words = items(value).filter_map(|it| it.get_ref().as_str());
            let lowest = words.filter_map(|it| target_of(&minor_of(it))).min_by_key(|it| it.lowest);
            if let Some(lowest) = lowest {
                said.push(Saying::Target(tool), value.span(), Some(pythons(lowest)));
            }
        }
        _ => {}
    }
}

fn items<'v, 'i>(
    value: &'v Spanned<DeValue<'i>>,
) -> impl Iterator<Item = &'v Spanned<DeValue<'i>>> {
    value.get_ref().as_array().into_iter().flat_map(|it| it.iter())
}
