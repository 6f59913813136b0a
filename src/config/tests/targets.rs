//! The Pythons that files are for.

use super::*;

#[test]
fn targets() {
    let folder = folder(&[
        ("pyproject.toml", "[project]\nrequires-python = '>=3.8,<3.13'"),
        (
            "set/dunderlint.toml",
            "target-version = 'py311'\nper-file-target-version = { 'old_*' = '3.7' }",
        ),
        ("poetry/pyproject.toml", "[tool.poetry.dependencies]\npython = '^3.10'"),
        ("cfg/setup.cfg", "[options]\npython_requires = >=3.6\n"),
        ("tool/pyproject.toml", "[tool.other]"),
        ("odd/pyproject.toml", "[project]\nrequires-python = 'new'"),
    ]);
    let all = resolver(&folder, overrides());
    for (path, expected) in [
        ("", "3.8..3.12"),
        ("tool/deep", "3.8..3.12"),
        ("set", "3.11.."),
        ("poetry/deep", "3.10.."),
        ("cfg", "3.6.."),
        ("odd", "none"),
    ] {
        let settings = all.settings_for(Path::new(path)).expect("good settings");
        assert_eq!(target(&settings), expected, "{path}");
    }
    let set = all.settings_for(Path::new("set")).expect("good settings");
    let lowest = |settings: &Settings, file: &str, text: &str| {
        let values = settings.values_for_text(&folder.path().join(file), text).into_owned();
        values.target.map(|target| target.lowest.to_string())
    };
    let script = "# /// script\n# requires-python = '>=3.12'\n# ///\n";
    assert_eq!(lowest(&set, "set/old_x.py", script).as_deref(), Some("3.7"));
    assert_eq!(lowest(&set, "set/x.py", script).as_deref(), Some("3.12"));
    assert_eq!(lowest(&set, "set/x.py", "").as_deref(), Some("3.11"));

    let told = Overrides { target_version: Some("3.14".to_owned()), ..overrides() };
    let told = resolver(&folder, told).settings_for(Path::new("set")).expect("good settings");
    assert_eq!(lowest(&told, "set/x.py", script).as_deref(), Some("3.14"));
    assert_eq!(lowest(&told, "set/old_x.py", "").as_deref(), Some("3.7"));

    let isolated = resolver(&folder, Overrides { isolated: true, ..overrides() });
    assert_eq!(target(&isolated.run_settings().expect("no settings")), "none");
}
