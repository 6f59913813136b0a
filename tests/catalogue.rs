//! `rules/README.md`, the catalogue, and `CHANGELOG.md` agree with the rules. `BLESS=1 cargo test`
//! rewrites the catalogue.
#![allow(clippy::disallowed_methods, reason = "tests use the disk and the environment")]

use std::fmt::Write;
use std::fs;

use dunderlint::rule::{Fixable, Rule};
use dunderlint::rules::CHAPTERS;

const CATALOGUE: &str = "rules/README.md";

#[test]
fn the_catalogue_lists_every_rule() {
    let expected = catalogue();
    if std::env::var_os("BLESS").is_some() {
        fs::write(CATALOGUE, &expected).expect("the catalogue can be written");
    }
    let found = fs::read_to_string(CATALOGUE).unwrap_or_default().replace("\r\n", "\n");
    assert!(found == expected, "{CATALOGUE} is not up to date: `BLESS=1 cargo test` rewrites it");
}

#[test]
fn the_changelog_names_every_new_rule() {
    let changelog = fs::read_to_string("CHANGELOG.md").expect("the change log can be read");
    let newest = changelog.split("\n## ").nth(1).expect("it has a release, or `[Unreleased]`");
    let version = env!("CARGO_PKG_VERSION");
    let is_missing = |rule: &&Rule| rule.since == version && !newest.contains(&mention(rule));
    let missing: Vec<&str> = rules().filter(is_missing).map(|rule| rule.name).collect();
    assert!(missing.is_empty(), "new in {version}, but not in CHANGELOG.md: {missing:?}");
}

#[test]
fn no_rule_is_newer_than_the_package() {
    let parts = |version: &str| version.split('.').map(str::parse).collect::<Result<Vec<u32>, _>>();
    let package = parts(env!("CARGO_PKG_VERSION")).expect("the package has a version");
    for rule in rules() {
        let since = parts(rule.since).unwrap_or_else(|_| panic!("`{}`: no version", rule.name));
        assert!(since <= package, "`{}` is newer than the package", rule.name);
    }
}

fn rules() -> impl Iterator<Item = &'static Rule> {
    CHAPTERS.iter().flat_map(|chapter| chapter.rules)
}

/// How the change log speaks of a rule.
fn mention(rule: &Rule) -> String {
    format!("`{}`", rule.name)
}

/// The text of the catalogue.
fn catalogue() -> String {
    let mut text = String::from(INTRODUCTION);
    for chapter in CHAPTERS {
        let _ = write!(text, "\n## {}\n\nChapter `{}`.\n\n{HEAD}", chapter.title, chapter.name);
        let folder = chapter.name.replace('-', "_");
        for rule in chapter.rules {
            let Rule { name, severity, since, .. } = rule;
            let page = format!("{folder}/{}.md", name.replace('-', "_"));
            assert!(fs::exists(format!("rules/{page}")).is_ok_and(|it| it), "no rules/{page}");
            let summary = rule.summary().replace('\n', " ").replace('|', "\\|");
            let fix = match rule.fixable {
                Fixable::Always => "always",
                Fixable::Sometimes => "sometimes",
                Fixable::Never => "–",
            };
            let default = if rule.default { "on" } else { "off" };
            let _ = writeln!(
                text,
                "| [`{name}`]({page}) | {summary} | {severity} | {fix} | {default} | {since} |"
            );
        }
    }
    text
}

const INTRODUCTION: &str = "\
# The rules

Each rule has a page beside its code: what it finds, why that matters, examples (all of them are
run as tests), what its fix changes, and its options. `dunderlint rule NAME` prints it.

*Severity*: an `error` raises or is wrong, a `warning` is a practice to change, an `info` is a
candidate that never affects the exit status. *Fix*: whether findings carry one. *Default*: whether
the rule is on without being selected. *Since*: the release that brought it.

This page is written by `BLESS=1 cargo test`.
";

const HEAD: &str = "\
| rule | what it finds | severity | fix | default | since |
|---|---|---|---|---|---|
";
