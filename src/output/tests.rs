use std::collections::HashMap;
use std::path::Path;

use ruff_text_size::{TextRange, TextSize};

use super::*;
use crate::diagnostic::{Severity, builtin};
use crate::fix::Fix;

/// Texts and rules from memory.
#[derive(Default)]
struct Memory(HashMap<String, Rc<Text>>);

impl Memory {
    fn new(texts: &[(&str, &str)]) -> Memory {
        let entry = |(path, text): &(&str, &str)| ((*path).to_owned(), Rc::new(Text::new(*text)));
        Memory(texts.iter().map(entry).collect())
    }
}

impl Texts for Memory {
    fn text(&mut self, path: &str) -> Option<Rc<Text>> {
        self.0.get(path).cloned()
    }
}

/// Everything is a project rule with a page.
struct Known;

impl Rules for Known {
    fn about(&self, rule: &str) -> About {
        let url = Some(format!("https://example.org/{rule}"));
        About { summary: format!("What `{rule}` says,\nat length."), url, project: true }
    }
}

/// The range of the first occurrence.
fn find(text: &str, needle: &str) -> TextRange {
    let start = text.find(needle).expect("it is there");
    TextRange::at(TextSize::new(start as u32), TextSize::of(needle))
}

fn render_as(format: Format, look: &Look, text: &str, diagnostics: &[Diagnostic]) -> String {
    let mut texts = Memory::new(&[("src/a.py", text), ("src/b.py", "import a\n\nfoo = a.bar\n")]);
    let disk = Path::new("/project/src/a.py");
    let files = [FileFindings { path: "src/a.py", disk, diagnostics }];
    let mut out = Vec::new();
    write(format, &files, look, &mut texts, &Known, &mut out).expect("memory takes all");
    String::from_utf8(out).expect("reports are UTF-8")
}

fn render(format: Format, text: &str, diagnostics: &[Diagnostic]) -> String {
    render_as(format, &Look::default(), text, diagnostics)
}

const SOURCE: &str = "\
import os

def log_calls(func):
    def wrapper(*args):
        return func(*args)
    return wrapper
";

/// A finding with everything.
fn rich() -> Diagnostic {
    let at = find(SOURCE, "wrapper");
    let mut finding = Diagnostic::new(
        "missing-functools-wraps",
        Severity::Warning,
        at,
        "`wrapper` hides the identity of `func`",
    );
    finding
        .label(at, "this is what callers see")
        .label(find(SOURCE, "return wrapper"), "returned here")
        .label_in("src/b.py", find("import a\n\nfoo = a.bar\n", "foo"), "used, here")
        .help("`functools.wraps` copies name, docstring and signature")
        .fix(
            Fix::safe("Add `@wraps(func)`")
                .insert(find(SOURCE, "import os").start(), "from functools import wraps\n")
                .insert(find(SOURCE, "def wrapper").start(), "@wraps(func)\n    "),
        );
    finding
}

#[test]
fn full_shows_source_labels_other_files_help_and_the_fix() {
    let expected = "\
warning[missing-functools-wraps]: `wrapper` hides the identity of `func`
 --> src/a.py:4:9
  |
4 |     def wrapper(*args):
  |         ^^^^^^^ this is what callers see
5 |         return func(*args)
6 |     return wrapper
  |     -------------- returned here
  |
 ::: src/b.py:3:1
  |
3 | foo = a.bar
  | --- used, here
  |
  = help: `functools.wraps` copies name, docstring and signature
fix: Add `@wraps(func)`
  |
1 + from functools import wraps
2 | import os
...
4 | def log_calls(func):
5 +     @wraps(func)
6 |     def wrapper(*args):
  |

";
    assert_eq!(render(Format::Full, SOURCE, &[rich()]), expected);
}

#[test]
fn full_survives_every_kind_of_text() {
    let texts = [
        "",
        "\n",
        "x",
        "x\r\ny\r\n",
        "x\ry\r\rz",
        "\tif x:\n\t\tpass # \u{4f60}\u{597d} caf\u{e9}\n",
        "a\0b\u{1b}[31mred\u{7}\u{202e}\u{200d}\n\n\n",
        "\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467} = 1",
    ];
    for text in texts {
        for start in 0..=text.len() as u32 + 2 {
            for end in start..=text.len() as u32 + 3 {
                let range = TextRange::new(start.into(), end.into());
                let mut finding = Diagnostic::new("r", Severity::Error, range, "m\u{1b}\nn");
                finding.label(range, "l\u{1b}[1m").label(TextRange::empty(start.into()), "k\nk");
                finding.help("h\u{1b}").fix(Fix::unsafe_("f\u{1b}").replace(range, "new\nlines\n"));
                for format in Format::ALL {
                    let output = render(format, text, std::slice::from_ref(&finding));
                    assert!(!output.contains('\u{1b}'), "{format:?} {text:?} {range:?}");
                    assert!(output.contains("src/a.py"));
                }
            }
        }
    }
}

#[test]
fn an_empty_range_points_somewhere() {
    let at_end = Diagnostic::new(
        builtin::SYNTAX_ERROR,
        Severity::Error,
        TextRange::empty(7.into()),
        "unexpected end of file",
    );
    let expected = "\
error[syntax-error]: unexpected end of file
 --> src/a.py:2:1
  |
2 |
  | ^

";
    assert_eq!(render(Format::Full, "def f(\n", &[at_end]), expected);
}

#[test]
fn lone_carriage_returns_end_lines() {
    let text = "a = 1\rb = 2\rc = 3\r";
    let mut finding = Diagnostic::new("r", Severity::Info, find(text, "b"), "m");
    finding.fix(Fix::unsafe_("Rename").replace(find(text, "b"), "bb"));
    let expected = "\
info[r]: m
 --> src/a.py:2:1
  |
2 | b = 2
  | ^
  |
fix (unsafe): Rename
  |
1 | a = 1
2 - b = 2
2 + bb = 2
3 | c = 3
  |

";
    assert_eq!(render(Format::Full, text, &[finding]), expected);
}

#[test]
fn labels_far_away_are_parts_of_their_own() {
    let mut text = "start = 1\n".to_owned();
    text.push_str(&"filler = 0\n".repeat(500));
    text.push_str("end = 2\n");
    let mut finding = Diagnostic::new("r", Severity::Error, find(&text, "end"), "m");
    finding.label(find(&text, "start"), "since here");
    let output = render(Format::Full, &text, &[finding]);
    let expected = "\
error[r]: m
   --> src/a.py:502:1
    |
502 | end = 2
    | ^^^
    |
   ::: src/a.py:1:1
    |
  1 | start = 1
    | ----- since here

";
    assert_eq!(output, expected);
}

#[test]
fn lines_longer_than_any_screen_are_not_drawn() {
    let text = format!("x = [{}]\n", "1, ".repeat(100_000));
    let last = TextRange::at(TextSize::of(&*text) - TextSize::new(5), 1.into());
    let near = Diagnostic::new("r", Severity::Error, find(&text, "x"), "m");
    let far = Diagnostic::new("r", Severity::Error, last, "m");
    let output = render(Format::Full, &text, &[near, far]);
    assert!(output.len() < 1_000, "{output}");
    assert!(output.contains("src/a.py:1:300003"), "{output}");
}

#[test]
fn a_tall_range_is_shown_by_its_first_line() {
    let text = format!("class A:\n{}", "    x = 1\n".repeat(200));
    let whole = TextRange::up_to(TextSize::of(&*text));
    let finding = Diagnostic::new("r", Severity::Error, whole, "m");
    let expected = "error[r]: m\n --> src/a.py:1:1\n  |\n1 | class A:\n  | ^^^^^^^^\n\n";
    assert_eq!(render(Format::Full, &text, &[finding]), expected);
}

#[test]
fn colours_and_links_only_where_wanted() {
    let plain = render(Format::Full, SOURCE, &[rich()]);
    let look = Look { colour: true, links: true, ..Look::default() };
    let styled = render_as(Format::Full, &look, SOURCE, &[rich()]);
    assert!(!plain.contains('\u{1b}'));
    assert!(styled.contains("\u{1b}]8;;https://example.org/missing-functools-wraps"));
    assert_eq!(plain, anstream::adapter::strip_str(&styled).to_string());
}

#[test]
fn concise_is_one_line_that_editors_and_grep_find() {
    let mut risky = Diagnostic::new("r", Severity::Info, find(SOURCE, "os"), "two\nlines");
    risky.fix(Fix::unsafe_("Change").delete(find(SOURCE, "os")));
    let findings = [risky, rich()];
    assert_eq!(
        render(Format::Concise, SOURCE, &findings),
        "src/a.py:1:8: info[r] two lines\n\
         src/a.py:4:9: warning[missing-functools-wraps] [*] \
         `wrapper` hides the identity of `func`\n"
    );
    let look = Look { unsafe_fixes: true, ..Look::default() };
    let output = render_as(Format::Concise, &look, SOURCE, &findings);
    assert!(output.starts_with("src/a.py:1:8: info[r] [*] two lines\n"));
}

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
        serde_json::from_str(include_str!("../../schemas/findings.schema.json")).expect("JSON");
    let findings: serde_json::Value =
        serde_json::from_str(&render(Format::Json, SOURCE, &[rich()])).expect("JSON");
    agrees(&findings, &schema, &schema);
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
        _ => assert!(schema["type"].to_string().contains("integer"), "{schema}"),
    }
}

#[test]
fn a_file_that_cannot_be_read_is_still_named() {
    let at = TextRange::empty(0.into());
    let finding = Diagnostic::new(builtin::UNREADABLE_FILE, Severity::Error, at, "no such file");
    let disk = Path::new("/project/gone.py");
    let files =
        [FileFindings { path: "gone.py", disk, diagnostics: std::slice::from_ref(&finding) }];
    let mut shown = HashMap::new();
    for format in Format::ALL {
        let mut out = Vec::new();
        let look = Look::default();
        write(format, &files, &look, &mut Memory::default(), &Known, &mut out).expect("memory");
        shown.insert(format, String::from_utf8(out).expect("UTF-8"));
    }
    assert_eq!(shown[&Format::Full], "error[unreadable-file]: no such file\n--> gone.py\n\n");
    assert_eq!(shown[&Format::Concise], "gone.py:1:1: error[unreadable-file] no such file\n");
    assert!(shown[&Format::JsonLines].contains("\"noqa_row\":null"));
}

#[test]
fn formats_have_names_and_misspelt_ones_a_suggestion() {
    for format in Format::ALL {
        assert_eq!(Format::parse(format.as_str()), Ok(format));
    }
    let near = "unknown output format `githup`; did you mean `github`?";
    assert_eq!(Format::parse("githup"), Err(near.to_owned()));
    assert!(Format::parse("zzz").is_err_and(|message| message.ends_with("`json-lines`, `github`")));
}

#[test]
fn statistics_count_by_rule() {
    let plain = Diagnostic::new("b-rule", Severity::Error, find(SOURCE, "os"), "m");
    let mut other = Diagnostic::new("a-rule", Severity::Error, find(SOURCE, "os"), "m");
    other.fix(Fix::safe("F").delete(find(SOURCE, "os")));
    let mut unfixable = rich();
    unfixable.fix(None);
    let diagnostics = [plain, other, rich(), unfixable];
    let disk = Path::new("/a.py");
    let files = [FileFindings { path: "a.py", disk, diagnostics: &diagnostics }];
    let statistics = Statistics::new(&files, &Look::default(), &Known);
    let mut out = Vec::new();
    statistics.write(&Look::default(), &mut out).expect("memory");
    assert_eq!(
        String::from_utf8(out).expect("UTF-8"),
        "2  [-]  missing-functools-wraps  What `missing-functools-wraps` says, at length.\n\
         1  [*]  a-rule                   What `a-rule` says, at length.\n\
         1  [ ]  b-rule                   What `b-rule` says, at length.\n"
    );
    let mut out = Vec::new();
    statistics.write_json_lines(&mut out).expect("memory");
    let first = String::from_utf8(out).expect("UTF-8");
    assert!(first.starts_with(
        "{\"code\":\"missing-functools-wraps\",\"name\":\"missing-functools-wraps\",\
         \"count\":2,\"fixable\":true,\"fixable_count\":1,"
    ));
}

#[test]
fn the_summary_counts_by_severity_and_fix() {
    let summary =
        |findings, safe, risky| Summary { findings, safe, risky, files: 412, ..Summary::default() };
    let shown = |it: Summary| it.to_string();
    assert_eq!(
        shown(summary([0, 2, 3], 1, 1)),
        "Found 3 errors, 2 warnings in 412 files \
         (1 fixable with --fix, 1 more with --unsafe-fixes)"
    );
    assert_eq!(
        shown(summary([1, 0, 0], 0, 1)),
        "Found 1 info in 412 files (1 fixable with --fix --unsafe-fixes)"
    );
    assert_eq!(shown(summary([0; 3], 0, 0)), "All clear: nothing found in 412 files");
    let allowed = Summary { unsafe_fixes: true, ..summary([0, 0, 3], 1, 1) };
    assert_eq!(shown(allowed), "Found 3 errors in 412 files (2 fixable with --fix)");
}

#[test]
fn applied_fixes_are_listed_by_file_and_rule() {
    let fixed = [("a-rule".to_owned(), "Do it".to_owned(), 2)];
    let mut out = Vec::new();
    let files = [("a.py", &fixed[..]), ("b.py", &[])];
    show_fixes(files, &Look::default(), &mut out).expect("memory");
    assert_eq!(String::from_utf8(out).expect("UTF-8"), "a.py:\n  2 × a-rule: Do it\n");
}

fn unified(before: &str, after: &str) -> String {
    let mut out = Vec::new();
    diff("a.py", before, after, false, &mut out).expect("memory");
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn diffs_can_be_applied() {
    assert_eq!(unified("a\n", "a\n"), "");
    assert_eq!(unified("a\nb\n", "a\nc\n"), "--- a.py\n+++ a.py\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n");
    assert_eq!(
        unified("a\r\nb", "a\r\nb\r\n"),
        "--- a.py\n+++ a.py\n@@ -1,2 +1,2 @@\n a\r\n-b\n\\ No newline at end of file\n+b\r\n"
    );
    assert_eq!(unified("", "a\n"), "--- a.py\n+++ a.py\n@@ -0,0 +1 @@\n+a\n");
}
