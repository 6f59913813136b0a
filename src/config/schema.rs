//! The settings as JSON Schema, for editors that complete and check them.

use serde_json::{Value, json};

use super::keys::Layer;
use super::select::Book;
use crate::diagnostic::Severity;
use crate::rule::Chapter;

/// The JSON Schema (draft 7) of `dunderlint.toml` and of `[tool.dunderlint]`: each key, each rule
/// and each option with its meaning, type and default. `formats` are the names of output formats;
/// if there are none, any string is one.
pub fn schema(chapters: &'static [Chapter], formats: &'static [&'static str]) -> Value {
    let book = Book { chapters, formats };
    let mut properties = Layer::properties(book);
    let defaults: toml::Table = toml::from_str(include_str!("defaults.toml")).unwrap_or_default();
    for (key, value) in defaults {
        if let Some(property) = properties.get_mut(&key) {
            property["default"] = json!(value);
        }
    }
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "https://json.schemastore.org/dunderlint.json",
        "title": "dunderlint",
        "description": "Settings of dunderlint, a linter for the language behind Python.",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "definitions": {
            "selector": selector(book),
            "severity": {
                "description": "`error`: it will raise, or it is wrong. `warning`: a practice \
                                worth changing. `info`: a candidate for a better form.",
                "enum": Severity::ALL.map(Severity::as_str),
            },
            "version": {
                "description": "A version of Python, or a range of them.",
                "type": "string",
                "examples": ["3.10", "py310", ">=3.9,<3.14"],
            },
        },
    })
}

/// What may stand in `select`. Old names are understood but not offered: editors complete from the
/// first list.
fn selector(book: Book) -> Value {
    let former: Vec<&str> =
        book.rules().flat_map(|(_, rule)| rule.formerly.iter().copied()).collect();
    let mut choices = vec![json!({ "enum": book.words().collect::<Vec<_>>() })];
    if !former.is_empty() {
        choices.push(json!({ "enum": former, "description": "The former name of a rule." }));
    }
    json!({ "description": "A rule, a chapter, or `all`.", "anyOf": choices })
}

/// A schema with a description. In draft 7 nothing may stand beside a `$ref`.
pub(super) fn described(schema: Value, help: &str) -> Value {
    let mut schema =
        if schema.get("$ref").is_some() { json!({ "allOf": [schema] }) } else { schema };
    schema["description"] = help.into();
    schema
}
