//! Rules: which are on, how bad they are, how far their fixes are trusted.

use super::*;

#[test]
fn selection() {
    type Words = &'static [&'static str];
    let owned = |words: Words| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let table: &[(&str, Words, Words, Words, Words)] = &[
        ("", &[], &[], &[], &["mro-conflict", "old-union"]),
        ("select = ['classes']", &[], &[], &[], &["mro-conflict", "missing-slots"]),
        ("select = ['no-slots']", &[], &[], &[], &["missing-slots"]),
        ("select = []", &[], &[], &[], &[]),
        ("select = ['all']\nignore = ['classes']", &[], &[], &[], &["old-union"]),
        ("ignore = ['all']", &[], &[], &[], &[]),
        ("select = ['classes']\nignore = ['classes']", &[], &[], &[], &[]),
        ("ignore = ['classes']\nselect = ['missing-slots']", &[], &[], &[], &["missing-slots"]),
        (
            "extend-select = ['missing-slots']",
            &[],
            &[],
            &[],
            &["mro-conflict", "missing-slots", "old-union"],
        ),
        (
            "select = ['typing']\nextend-select = ['missing-slots']",
            &["mro-conflict"],
            &[],
            &[],
            &["mro-conflict"],
        ),
        ("select = ['mro-conflict']", &[], &[], &["classes"], &[]),
        ("ignore = ['mro-conflict']", &["classes"], &[], &[], &["missing-slots"]),
        ("ignore = ['mro-conflict']", &["mro-conflict"], &[], &[], &["mro-conflict"]),
        ("ignore = ['all']", &["all"], &[], &["typing"], &["mro-conflict", "missing-slots"]),
        (
            "ignore = ['classes']",
            &[],
            &["classes"],
            &[],
            &["mro-conflict", "missing-slots", "old-union"],
        ),
        (
            "select = ['mro-conflict']\nignore = ['classes']",
            &[],
            &["all"],
            &[],
            &["mro-conflict", "old-union"],
        ),
        ("", &["classes,typing"], &[], &["mro-conflict"], &["missing-slots", "old-union"]),
    ];
    for (text, select, extend_select, ignore, expected) in table {
        let folder = folder(&[("dunderlint.toml", text)]);
        let overrides = Overrides {
            select: owned(select),
            extend_select: owned(extend_select),
            ignore: owned(ignore),
            ..overrides()
        };
        let settings = resolver(&folder, overrides).run_settings().expect("good settings");
        assert_eq!(enabled(&settings), *expected, "{text} {select:?} {extend_select:?} {ignore:?}");
    }
}

#[test]
fn severities() {
    let settings = of("severity = { all = 'info', classes = 'error', mro-conflict = 'warning' }\n\
                       [rules.missing-slots]\nseverity = 'info'");
    assert_eq!(settings.severity(the("mro-conflict")), Severity::Warning);
    assert_eq!(settings.severity(the("missing-slots")), Severity::Info);
    assert_eq!(settings.severity(the("old-union")), Severity::Info);
    assert_eq!(of("severity.classes = 'error'").severity(the("missing-slots")), Severity::Error);
    assert_eq!(of("").severity(the("old-union")), Severity::Warning);
    assert_eq!(of("fail-on = 'error'").fail_on(), Severity::Error);
}

#[test]
fn fixes() {
    use Applicability::{Display, Safe, Unsafe};
    let settings = of("unfixable = ['typing']\nextend-safe-fixes = ['classes']\n\
                       extend-unsafe-fixes = ['mro-conflict']");
    assert_eq!(settings.applicability("old-union", Safe), Display);
    assert_eq!(settings.applicability("missing-slots", Unsafe), Safe);
    assert_eq!(settings.applicability("missing-slots", Display), Display);
    assert_eq!(settings.applicability("mro-conflict", Safe), Unsafe);
    let settings = of("fixable = ['typing']\nextend-fixable = ['missing-slots']");
    assert_eq!(settings.applicability("old-union", Unsafe), Unsafe);
    assert_eq!(settings.applicability("missing-slots", Safe), Safe);
    assert_eq!(settings.applicability("mro-conflict", Safe), Display);
}
