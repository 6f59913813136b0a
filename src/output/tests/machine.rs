//! The forms for programs.

use super::*;

#[test]
fn github_escapes_and_leaves_columns_out_where_it_must() {
    let lines = find(SOURCE, "def wrapper(*args):\n        return func(*args)");
    let tall = Diagnostic::new("r", Severity::Error, lines, "50 %\r\nof it: a, b");
    let info = Diagnostic::new("i", Severity::Info, find(SOURCE, "os"), "m");
    assert_eq!(
        render(Format::Github, SOURCE, &[info, rich(), tall]),
        "::notice title=dunderlint (i),file=/project/src/a.py,line=1,col=8,endLine=1,endColumn=10\
         ::src/a.py:1:8: i m\n\
         ::warning title=dunderlint (missing-functools-wraps),file=/project/src/a.py,\
         line=4,col=9,endLine=4,endColumn=16\
         ::src/a.py:4:9: missing-functools-wraps `wrapper` hides the identity of `func`\
         %0A  src/a.py:4:9: this is what callers see%0A  src/a.py:6:5: returned here\
         %0A  src/b.py:3:1: used, here\
         %0A  help: `functools.wraps` copies name, docstring and signature\
         %0A  fix: Add `@wraps(func)`\n\
         ::error title=dunderlint (r),file=/project/src/a.py,line=4,endLine=5\
         ::src/a.py:4:5: r 50 %25%0D%0Aof it: a, b\n"
    );
}

#[test]
fn json_has_ruffs_keys_and_more() {
    let output = render(Format::Json, SOURCE, &[rich()]);
    let value: serde_json::Value = serde_json::from_str(&output).expect("JSON");
    let expected = serde_json::json!([{
        "cell": null,
        "code": "missing-functools-wraps",
        "end_location": { "column": 16, "row": 4 },
        "filename": "/project/src/a.py",
        "fix": {
            "applicability": "safe",
            "edits": [
                {
                    "content": "from functools import wraps\n",
                    "end_location": { "column": 1, "row": 1 },
                    "location": { "column": 1, "row": 1 },
                },
                {
                    "content": "@wraps(func)\n    ",
                    "end_location": { "column": 5, "row": 4 },
                    "location": { "column": 5, "row": 4 },
                },
            ],
            "message": "Add `@wraps(func)`",
        },
        "help": "`functools.wraps` copies name, docstring and signature",
        "location": { "column": 9, "row": 4 },
        "message": "`wrapper` hides the identity of `func`",
        "name": "missing-functools-wraps",
        "noqa_row": 4,
        "related": [
            {
                "end_location": { "column": 16, "row": 4 },
                "location": { "column": 9, "row": 4 },
                "message": "this is what callers see",
                "path": "src/a.py",
            },
            {
                "end_location": { "column": 19, "row": 6 },
                "location": { "column": 5, "row": 6 },
                "message": "returned here",
                "path": "src/a.py",
            },
            {
                "end_location": { "column": 4, "row": 3 },
                "location": { "column": 1, "row": 3 },
                "message": "used, here",
                "path": "src/b.py",
            },
        ],
        "scope": "project",
        "severity": "warning",
        "url": "https://example.org/missing-functools-wraps",
    }]);
    assert_eq!(value, expected);
}

#[test]
fn nothing_found_is_an_empty_array_and_no_line() {
    assert_eq!(render(Format::Json, "", &[]), "[]\n");
    assert_eq!(render(Format::JsonLines, "", &[]), "");
}

#[test]
fn json_lines_has_one_object_a_line_with_the_same_keys() {
    let lines = render(Format::JsonLines, SOURCE, &[rich(), rich()]);
    let array: Vec<serde_json::Value> =
        serde_json::from_str(&render(Format::Json, SOURCE, &[rich(), rich()])).expect("JSON");
    let parsed: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(parsed, array);
}

#[test]
fn the_schema_names_every_key() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../../schemas/findings.schema.json")).expect("JSON");
    let findings: serde_json::Value =
        serde_json::from_str(&render(Format::Json, SOURCE, &[rich()])).expect("JSON");
    agrees(&findings, &schema, &schema);
}

#[test]
fn the_schemas_of_other_commands_name_every_key() {
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
    let pairs = [
        (
            include_str!("../../../schemas/min-version.schema.json"),
            include_str!("../../../tests/cli/min-version/story.md"),
        ),
        (
            include_str!("../../../schemas/graph.schema.json"),
            include_str!("../../../tests/cli/graph/story.md"),
        ),
        (
            include_str!("../../../schemas/mro.schema.json"),
            include_str!("../../../tests/cli/mro/story.md"),
        ),
        (
            include_str!("../../../schemas/why.schema.json"),
            include_str!("../../../tests/cli/why/story.md"),
        ),
    ];
    for (schema, story) in pairs {
        let (schema, story) = (read(schema), story.replace("\r\n", "\n"));
        let start = story.find("\n{\n").expect("the story has JSON");
        let end = story.find("\n}\n").expect("it ends");
        agrees(&read(&story[start..end + 2]), &schema, &schema);
    }
}

/// The part of JSON Schema that ours uses: types, required and closed objects, items, references.
fn agrees(value: &serde_json::Value, schema: &serde_json::Value, root: &serde_json::Value) {
    if let Some(target) = schema["$ref"].as_str() {
        let target = root.pointer(target.trim_start_matches('#')).expect("a definition");
        return agrees(value, target, root);
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let null = choices.iter().any(|choice| choice["type"] == "null");
        if value.is_null() && null {
            return;
        }
        let other = choices.iter().find(|choice| choice["type"] != "null").expect("a choice");
        return agrees(value, other, root);
    }
    match value {
        serde_json::Value::Object(object) => {
            let properties = schema["properties"].as_object().expect("properties");
            assert_eq!(schema["additionalProperties"], false);
            let required = schema["required"].as_array().expect("required keys");
            let keys: Vec<&String> = object.keys().collect();
            assert_eq!(keys, properties.keys().collect::<Vec<_>>());
            assert_eq!(keys.len(), required.len());
            for (key, value) in object {
                agrees(value, &properties[key], root);
            }
        }
        serde_json::Value::Array(items) => {
            assert_eq!(schema["type"], "array");
            items.iter().for_each(|item| agrees(item, &schema["items"], root));
        }
        serde_json::Value::String(text) => match schema["enum"].as_array() {
            Some(words) => assert!(words.iter().any(|word| word == text), "{text} is no choice"),
            None => assert!(schema["type"].to_string().contains("string"), "{schema}"),
        },
        serde_json::Value::Null => assert!(schema["type"].to_string().contains("null")),
        serde_json::Value::Bool(_) => assert!(schema["type"].to_string().contains("boolean")),
        serde_json::Value::Number(_) => {
            assert!(schema["type"].to_string().contains("integer"), "{schema}");
        }
    }
}
