//! Unused suppressions, mistaken ones, and their fixes.

use super::{Suppressions, read, size};
use crate::fix::{self, Applicability};
use crate::suppression::UsedSuppressions;

fn used(suppressions: &Suppressions, text: &str) -> UsedSuppressions {
    let mut used = UsedSuppressions::default();
    for (at, _) in text.match_indices("hit") {
        suppressions.suppresses(size(at), &|name| name == "r", &mut used);
    }
    used
}

/// The messages about a text in which `r` reports each `hit`, and the text after all safe fixes.
/// The rule `off` is known and not enabled.
fn judged(text: &str) -> (Vec<String>, String) {
    let mut now = text.to_owned();
    let mut first: Option<Vec<String>> = None;
    loop {
        let suppressions = read(&now);
        let found = suppressions.unused(
            &used(&suppressions, &now),
            &|name| ["r", "s", "t", "off", "unused-suppression"].contains(&name),
            &|name| name != "off",
            &["missing-slots", "classes"],
        );
        let messages = || found.iter().map(|it| it.message.clone()).collect();
        first.get_or_insert_with(messages);
        let fixes = found.iter().filter_map(|it| it.fix.as_ref());
        let fixes = fixes.filter(|it| it.applicability == Applicability::Safe);
        let applied = fix::apply(&now, "\n", fixes);
        if applied.fixes.is_empty() {
            return (first.unwrap_or_default(), now);
        }
        now = applied.text;
    }
}

#[track_caller]
fn check(text: &str, messages: &[&str], fixed: &str) {
    let (said, after) = judged(text);
    assert_eq!(said, messages);
    assert_eq!(after, fixed);
}

#[test]
fn what_is_used_is_not_spoken_of() {
    for text in [
        "hit  # dunderlint: ignore[r]\n",
        "hit  # dunderlint: ignore\n",
        "x  # noqa\n",
        "x  # dunderlint: ignore[off]\n",
        "# dunderlint: disable[r]\nhit\n# dunderlint: enable[r]\n",
        "x  # dunderlint: ignore[s, unused-suppression]\n",
        "# dunderlint: file-ignore[unused-suppression]\nx  # dunderlint: ignore[s]\n",
    ] {
        check(text, &[], text);
    }
}

#[test]
fn what_is_unused_is_removed_and_nothing_else() {
    let r = &["this `ignore` of `r` suppresses nothing"];
    check("x  # dunderlint: ignore[r]\ny\n", r, "x\ny\n");
    check("x # dunderlint: ignore[r] why  \ny\n", r, "x\ny\n");
    check("x\n    # dunderlint: ignore[r]\ny\n", r, "x\ny\n");
    check("x\r\n# dunderlint: ignore[r]\r\ny\r\n", r, "x\r\ny\r\n");
    check("x\n# dunderlint: ignore[r]", r, "x\n");
    check("x  # type: ignore  # dunderlint: ignore[r]\n", r, "x  # type: ignore\n");
    check("x  # dunderlint: ignore[r]  # noqa: E1\n", r, "x  # noqa: E1\n");
    check("x  # a  # dunderlint: ignore[r] b  # c\n", r, "x  # a  # c\n");
    check("# a # dunderlint: ignore[r]\ny\n", r, "# a\ny\n");
    check("x  # dunderlint: ignore\n", &["this `ignore` suppresses nothing"], "x\n");
    check("# dunderlint: disable\nx\n", &["this `disable` suppresses nothing"], "x\n");
    let twice = &["this `ignore` of `s` suppresses nothing", "this `ignore` suppresses nothing"];
    check("x  # dunderlint: ignore[s]  # dunderlint: ignore\n", twice, "x\n");
}

#[test]
fn names_are_removed_one_by_one() {
    let text = "hit  # dunderlint: ignore[s, r,t] why\n";
    let message = "this `ignore` of `s` and `t` suppresses nothing";
    check(text, &[message], "hit  # dunderlint: ignore[r] why\n");
    let text = "hit  # dunderlint: ignore[r, r, off]\n";
    check(
        text,
        &["this `ignore` of `r` suppresses nothing"],
        "hit  # dunderlint: ignore[r, off]\n",
    );
    let text = "x  # dunderlint: ignore[s, off]\n";
    check(text, &["this `ignore` of `s` suppresses nothing"], "x  # dunderlint: ignore[off]\n");
}

#[test]
fn unknown_names_are_spoken_of() {
    let text = "hit  # dunderlint: ignore[mising_slots]\n";
    check(text, &["unknown rule `mising_slots`; did you mean `missing-slots`?"], text);
    let text = "hit  # dunderlint: ignore[r, X123]\n";
    check(text, &["unknown rule `X123`"], "hit  # dunderlint: ignore[r]\n");
}

#[test]
fn mistakes_are_spoken_of() {
    for (comment, message) in [
        ("ignroe[r]", "unknown directive `ignroe`; did you mean `ignore`?"),
        ("file_ignore[r]", "unknown directive `file_ignore`; did you mean `file-ignore`?"),
        (
            "shut-up[r]",
            "unknown directive `shut-up`; there are `ignore`, `file-ignore`, `disable` and `enable`",
        ),
        ("ignore[r", "the bracket behind `ignore` is not closed"),
        ("ignore[ ]", "`ignore[]` names no rule; without brackets it means all rules"),
        ("ignore: r", "rule names belong in brackets: `ignore[name]`"),
        ("ignore(r)", "rule names belong in brackets: `ignore[name]`"),
        ("enable[r]", "`enable` must stand on a line of its own; for one line write `ignore`"),
        (
            "file-ignore",
            "`file-ignore` must stand on a line of its own; for one line write `ignore`",
        ),
    ] {
        let text = format!("x  # dunderlint: {comment}\n");
        check(&text, &[message], &text);
    }
    let text = "# dunderlint: enable[r]\n";
    check(text, &["`enable` without a `disable` before it"], text);
}
