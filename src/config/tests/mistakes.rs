//! What is said of settings that are wrong.

use super::*;

#[test]
fn an_error_points_at_its_place() {
    let text = "[project]\nname = 'x'\n\n[tool.dunderlint]\nselct = [\"classes\"]\n";
    let expected = "\
error: unknown key `selct` in `[tool.dunderlint]`
 --> pyproject.toml:5:1
  |
5 | selct = [\"classes\"]
  | ^^^^^ did you mean `select`?";
    assert_eq!(error("pyproject.toml", text), expected);
}

#[test]
fn every_mistake_is_explained() {
    for (text, message, place, label) in [
        ("fix = 1", "`fix` takes `true` or `false`", "1:7", "this is an integer"),
        (
            "select = 'all'",
            "`select` takes a list of rules and chapters",
            "1:10",
            "this is a string",
        ),
        (
            "ignore = ['clases']",
            "unknown rule or chapter `clases` in `ignore`",
            "1:11",
            "did you mean `classes`?",
        ),
        (
            "select = ['slots']",
            "unknown rule or chapter `slots` in `select`",
            "1:11",
            "did you mean `missing-slots`?",
        ),
        (
            "target-version = 3.10",
            "`target-version` takes a Python version as a string",
            "1:18",
            "write it in quotes: `\"3.10\"`",
        ),
        (
            "target-version = '2.7'",
            "unknown Python version `2.7` in `target-version`",
            "1:18",
            "write it as `3.10`, `py310` or `>=3.9,<3.14`",
        ),
        (
            "fail-on = 'warn'",
            "unknown severity `warn` in `fail-on`",
            "1:11",
            "did you mean `warning`?",
        ),
        (
            "output-format = 'jsn'",
            "unknown format `jsn` in `output-format`",
            "1:17",
            "did you mean `json`?",
        ),
        ("exclude = ['a[']", "bad glob `a[` in `exclude`", "1:12", "unclosed character class"),
        (
            "[per-file-ignores]\n'a[' = []",
            "bad glob `a[` in `per-file-ignores`",
            "2:1",
            "unclosed character class",
        ),
        (
            "[rules.missing-slot]",
            "unknown rule `missing-slot` in `rules`",
            "1:8",
            "did you mean `missing-slots`?",
        ),
        (
            "[rules.missing-slots]\nmin-field = 3",
            "unknown option `min-field` of `missing-slots`",
            "2:1",
            "did you mean `min-fields`?",
        ),
        (
            "rules.missing-slots.min-fields = 'x'",
            "`min-fields` takes an integer",
            "1:34",
            "this is a string",
        ),
        (
            "severity.typing = 'eror'",
            "unknown severity `eror` in `severity`",
            "1:19",
            "did you mean `error`?",
        ),
        (
            "required-version = '>=99'",
            "this is dunderlint 0.1.0, but `>=99` is required",
            "1:20",
            "install a version that meets this",
        ),
        ("extend-ignore = []", "unknown key `extend-ignore` in", "1:1", "write it in `ignore`"),
        ("per_file_ignores = {}", "unknown key", "1:1", "did you mean `per-file-ignores`?"),
        ("\u{feff}fix = 1", "`fix` takes `true` or `false`", "1:7", "this is an integer"),
        ("fix = ", "`dunderlint.toml` is not valid TOML", "1:7", "string values must be quoted"),
    ] {
        let rendered = error("dunderlint.toml", text);
        assert!(rendered.contains(&format!("error: {message}")), "{rendered}");
        assert!(rendered.contains(&format!(" --> dunderlint.toml:{place}\n")), "{rendered}");
        assert!(rendered.contains(label), "{rendered}");
    }
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once() {
    let folder = folder(&[("dunderlint.toml", "fix = 1\nselect = ['x', 'all', 'y']\nz = 0")]);
    let error = resolver(&folder, overrides()).run_settings().expect_err("four mistakes");
    let messages: Vec<&str> = error.messages().collect();
    assert_eq!(
        messages,
        [
            "`fix` takes `true` or `false`",
            "unknown rule or chapter `x` in `select`",
            "unknown rule or chapter `y` in `select`",
            "unknown key `z` in `dunderlint.toml`",
        ]
    );
}

#[test]
fn mistakes_on_the_command_line() {
    let folder = folder(&[("empty/pyproject.toml", "[project]\nname = 'x'")]);
    for (overrides, expected) in [
        (
            Overrides { select: vec!["classes,typin".to_owned()], ..overrides() },
            "error: unknown rule or chapter `typin` in `select`\n --> --select:1:9\n",
        ),
        (
            Overrides { config: vec!["fixx = true".to_owned()], ..overrides() },
            "error: unknown key `fixx` in `--config`\n --> --config:1:1\n",
        ),
        (
            Overrides { config: vec!["none.toml".to_owned()], ..overrides() },
            "error: `--config none.toml` is neither a file nor a setting such as",
        ),
        (
            Overrides {
                isolated: true,
                config: vec!["empty/pyproject.toml".to_owned()],
                ..overrides()
            },
            "error: `--isolated` asks no file, but `--config` names one: leave out either",
        ),
        (
            Overrides { config: vec!["empty/pyproject.toml".to_owned()], ..overrides() },
            "error: `empty/pyproject.toml` has no `[tool.dunderlint]`",
        ),
        (
            Overrides { per_file_ignores: vec!["a.py".to_owned()], ..overrides() },
            "error: `--per-file-ignores` takes a glob and a rule\n",
        ),
    ] {
        let error = Resolver::new(CHAPTERS, overrides, folder.path().to_owned());
        let rendered = error.err().expect("a mistake").render(false);
        assert!(rendered.starts_with(expected), "{rendered}");
    }
}
