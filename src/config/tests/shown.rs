//! `--show-settings` and the schema.

use super::*;

#[test]
fn settings_are_shown_with_their_origins() {
    let folder = folder(&[
        ("base.toml", "extend-select = ['classes']\nseverity = { typing = 'info' }"),
        (
            "pyproject.toml",
            "[project]\nrequires-python = '>=3.9,<3.13'\n\n[tool.dunderlint]\n\
             extend = 'base.toml'\n\
             extend-select = ['typing']\n\n[tool.dunderlint.rules.missing-slots]\nmin-fields = 3\n",
        ),
    ]);
    let overrides = Overrides {
        config: vec!["fix = true".to_owned()],
        ignore: vec!["old-union".to_owned()],
        ..overrides()
    };
    let settings = resolver(&folder, overrides).run_settings().expect("good settings");
    let shown = shown(&settings);
    for line in [
        "# governed by pyproject.toml\n",
        "\n# select is not set\n",
        "\nignore = [\"old-union\"]    # command line\n",
        "\nextend-select = [\n    \"classes\",    # base.toml:1\n    \
         \"typing\",    # pyproject.toml:6\n]\n",
        "\nseverity.typing = \"info\"    # base.toml:2\n",
        "\nfix = true    # --config\n",
        "\nunsafe-fixes = false    # default\n",
        "\nper-file-ignores = {}    # default\n",
        "\nexclude = [    # default\n    \".bzr\",\n",
        "\ntarget-version = \">=3.9,<3.13\"    # pyproject.toml:2 (requires-python)\n",
        "\nrules.missing-slots.min-fields = 3    # pyproject.toml:9\n",
        "\nrules.missing-slots.bases = [\"Enum\"]    # default\n",
        "\n# 2 of 3 rules are on:\n#   mro-conflict (warning)\n#   missing-slots (warning)\n",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
    let as_toml: toml::Table = toml::from_str(&shown).expect("TOML");
    assert_eq!(as_toml["fix"], toml::Value::from(true));
}

#[test]
fn the_schema_tells_what_the_reader_takes() {
    let settings = of("");
    assert_eq!(settings.fail_on(), Severity::Warning);
    assert!(settings.respect_gitignore() && !settings.force_exclude() && !settings.show_fixes());
    let schema = schema(CHAPTERS, &["full", "json"]);
    assert_eq!(schema["properties"]["fail-on"]["default"], "warning");
    assert_eq!(schema["properties"]["output-format"]["enum"][1], "json");
    let slots = &schema["properties"]["rules"]["properties"]["missing-slots"];
    assert_eq!(slots["properties"]["min-fields"]["default"], 2);
    assert_eq!(slots["properties"]["bases"]["items"]["type"], "string");
    assert_eq!(slots["additionalProperties"], false);
    assert_eq!(schema["definitions"]["selector"]["anyOf"][0]["enum"][1], "classes");
    assert_eq!(schema["definitions"]["selector"]["anyOf"][1]["enum"][0], "no-slots");
    let help = &schema["properties"]["fail-on"]["description"];
    assert_eq!(help, "The mildest severity that makes the run fail.");
}
