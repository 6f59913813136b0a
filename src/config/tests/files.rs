//! Which files are read, and what covers what.

use super::*;

#[test]
fn the_nearest_configuration_governs() {
    let folder = folder(&[
        ("pyproject.toml", "[tool.dunderlint]\nselect = ['classes']"),
        ("one/pyproject.toml", "[tool.other]\nx = 1"),
        ("one/deep/file.py", ""),
        ("two/dunderlint.toml", "select = ['typing']"),
        ("two/.dunderlint.toml", "select = ['missing-slots']"),
        ("three/pyproject.toml", "[tool.dunderlint]\nselect = ['mro-conflict']"),
        ("three/dunderlint.toml", "select = ['typing']"),
        ("four/pyproject.toml", "this is {{ a template }}"),
    ]);
    let resolver = resolver(&folder, overrides());
    for (path, rules) in [
        ("", &["mro-conflict", "missing-slots"][..]),
        ("one/deep", &["mro-conflict", "missing-slots"]),
        ("two", &["missing-slots"]),
        ("three", &["old-union"]),
        ("four", &["mro-conflict", "missing-slots"]),
    ] {
        let settings = resolver.settings_for(Path::new(path)).expect("good settings");
        assert_eq!(enabled(&settings), rules, "{path}");
    }
    let two = resolver.settings_for(&folder.path().join("two/../two/.")).expect("good settings");
    assert_eq!(two.root(), folder.path().join("two"));
}

#[test]
fn settings_are_shared() {
    let folder = folder(&[
        ("dunderlint.toml", "fix = true"),
        ("a/pyproject.toml", "[project]\nrequires-python = '>=3.9'"),
        ("b/setup.cfg", "[options]\npython_requires = >=3.9\n"),
        ("c/pyproject.toml", "[tool.poetry.dependencies]\npython = '^3.10'"),
        ("c/deep/x.py", ""),
    ]);
    let resolver = resolver(&folder, overrides());
    let settings = |path: &str| resolver.settings_for(Path::new(path)).expect("good settings");
    assert!(Arc::ptr_eq(&settings("a"), &settings("b")));
    assert!(Arc::ptr_eq(&settings("c"), &settings("c/deep")));
    assert!(!Arc::ptr_eq(&settings("a"), &settings("c")));
    assert!(Arc::ptr_eq(&settings("x/y"), &settings("")));
    assert!(settings("c").fix());
}

#[test]
fn a_configuration_extends_another() {
    let folder = folder(&[
        (
            "base/dunderlint.toml",
            "select = ['classes']\nextend-select = ['old-union']\nignore = ['missing-slots']\n\
             extend-exclude = ['gen']\nfix = true\n\
             [per-file-ignores]\n'a.py' = ['all']\n'b.py' = ['all']\n\
             [rules.missing-slots]\nmin-fields = 5\nbases = []\n",
        ),
        (
            "dunderlint.toml",
            "extend = 'base'\nextend-exclude = ['out']\nselect = ['all']\n\
             [per-file-ignores]\n'b.py' = ['old-union']\n\
             [rules.missing-slots]\nmin-fields = 7\n",
        ),
    ]);
    let settings = settings(&folder, "");
    assert_eq!(enabled(&settings), ["mro-conflict", "old-union"]);
    assert!(settings.fix());
    assert!(settings.is_excluded(&folder.path().join("gen"), true));
    assert!(settings.is_excluded(&folder.path().join("out"), true));
    assert!(settings.ignores(&folder.path().join("x/a.py"), "mro-conflict"));
    assert!(settings.ignores(&folder.path().join("x/b.py"), "old-union"));
    assert!(!settings.ignores(&folder.path().join("x/b.py"), "mro-conflict"));
    assert_eq!(settings.values().get("missing-slots", &MIN_FIELDS), 7);
    assert_eq!(settings.values().get("missing-slots", &BASES), Vec::<String>::new());
}

#[test]
fn extending_goes_wrong() {
    let folder = folder(&[
        ("a/dunderlint.toml", "extend = '../b/dunderlint.toml'"),
        ("b/dunderlint.toml", "fix = true\nextend = '../a'"),
        ("c/dunderlint.toml", "extend = 'none.toml'"),
        ("d/dunderlint.toml", "extend = '../e/pyproject.toml'"),
        ("e/pyproject.toml", "[project]\nname = 'e'"),
    ]);
    let resolver = resolver(&folder, overrides());
    for (path, message) in [
        (
            "a",
            "error: `extend` goes in a circle: a/dunderlint.toml extends b/dunderlint.toml extends \
             a/dunderlint.toml\n --> b/dunderlint.toml:2:10\n",
        ),
        ("c", "error: there is no `none.toml` to extend\n --> c/dunderlint.toml:1:10\n"),
        ("d", "error: `e/pyproject.toml` has no `[tool.dunderlint]` to extend\n"),
    ] {
        let error = resolver.settings_for(Path::new(path)).expect_err("a circle or a gap");
        assert!(error.render(false).starts_with(message), "{error}");
    }
}

#[test]
fn the_command_line_covers_files() {
    let folder = folder(&[
        ("dunderlint.toml", "fix = true\noutput-format = 'json'\nselect = ['typing']"),
        ("other/shared.toml", "select = ['classes']\n[per-file-ignores]\n'tests/*' = ['all']"),
    ]);
    let config = |texts: &[&str]| {
        let config = texts.iter().map(|text| (*text).to_owned()).collect();
        resolver(&folder, Overrides { config, ..overrides() })
            .run_settings()
            .expect("good settings")
    };
    let inline = config(&[
        "fix = false",
        "rules.missing-slots.min-fields = 9",
        "extend-select=['mro-conflict']",
    ]);
    assert!(!inline.fix());
    assert_eq!(inline.output_format(), Some("json"));
    assert_eq!(inline.values().get("missing-slots", &MIN_FIELDS), 9);
    assert_eq!(enabled(&inline), ["mro-conflict", "old-union"]);

    let named = config(&["other/shared.toml", "fix-only = true"]);
    assert_eq!(named.output_format(), None);
    assert!(named.fix_only());
    assert_eq!(named.root(), folder.path());
    assert!(named.ignores(&folder.path().join("tests/a.py"), "mro-conflict"));

    let flags = Overrides {
        fix: Some(false),
        output_format: Some("full".to_owned()),
        per_file_ignores: vec!["a.py:typing".to_owned(), "a.py:mro-conflict".to_owned()],
        exclude: vec!["x".to_owned()],
        ..overrides()
    };
    let flags = resolver(&folder, flags).run_settings().expect("good settings");
    assert!(!flags.fix());
    assert_eq!(flags.output_format(), Some("full"));
    assert!(flags.ignores(&folder.path().join("a.py"), "old-union"));
    assert!(flags.ignores(&folder.path().join("a.py"), "mro-conflict"));
    assert!(flags.is_excluded(&folder.path().join("x"), true));
    assert!(!flags.is_excluded(&folder.path().join(".venv"), true));

    let isolated = resolver(&folder, Overrides { isolated: true, ..overrides() });
    assert!(!isolated.run_settings().expect("no settings").fix());
}
