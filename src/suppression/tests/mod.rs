//! What is silenced, what is called unused, and what `--add-ignore` writes.

mod insert;
mod unused;

use ruff_python_ast::PySourceType;
use ruff_python_ast::token::Token;
use ruff_text_size::TextSize;

use super::{Suppressions, UsedSuppressions, parse};
use crate::syntax;

fn tokens(text: &str) -> Vec<Token> {
    syntax::parse(text, PySourceType::Python, None).tokens().to_vec()
}

fn read(text: &str) -> Suppressions {
    parse(text, &tokens(text))
}

fn size(bytes: usize) -> TextSize {
    TextSize::try_from(bytes).unwrap()
}

/// In the text each `hit` must be silenced for the rule `r`, and each `miss` must be heard.
#[track_caller]
fn check(text: &str) {
    for newline in ["\n", "\r\n", "\r"] {
        let text = text.replace('\n', newline);
        let suppressions = read(&text);
        assert_eq!(suppressions.mistakes, []);
        for (word, expected) in [("hit", true), ("miss", false)] {
            for (at, _) in text.match_indices(word) {
                let covered = suppressions.covers(size(at), &|name| name == "r").is_some();
                assert_eq!(covered, expected, "{:?}", &text[at..]);
            }
        }
    }
}

#[test]
fn behind_code_its_line_is_covered() {
    check("hit = 1  # dunderlint: ignore[r]\nmiss = 1\n");
    check("miss = 1\nhit = 1 # dunderlint: ignore[s, r] because\n");
    check("hit = 1; hit = 2  #dunderlint:ignore [ r ]\n");
    check("hit = 1  # dunderlint: ignore\n");
    check("hit = 1  # dunderlint: ignore - all of them\n");
    check("miss = 1  # dunderlint: ignore[s]\n");
    check("if a:\n    hit  # dunderlint: ignore[r]\n    miss\nmiss\n");
    check("hit  # dunderlint: ignore[r]");
    check("if hit: hit  # dunderlint: ignore[r]\nelse: miss\n");
}

#[test]
fn on_the_first_or_last_line_of_a_statement_all_of_it_is_covered() {
    check("from hit import (  # dunderlint: ignore[r]\n    hit,\n    hit,\n)\nmiss\n");
    check("miss\nfrom hit import (\n    hit,\n)  # dunderlint: ignore[r]\nmiss\n");
    check("from miss import (\n    hit,  # dunderlint: ignore[r]\n    miss,\n)\n");
    check("hit = \\\n    hit + \\\n    hit  # dunderlint: ignore[r]\nmiss\n");
    check("def f(  # dunderlint: ignore[r]\n    hit,\n):\n    miss\n");
    check("def hit(\n    hit,\n):  # dunderlint: ignore[r]\n    miss\n");
    check("def miss(\n    hit,  # dunderlint: ignore[r]\n    miss,\n):\n    miss\n");
    check("miss\n@hit  # dunderlint: ignore[r]\ndef miss(): pass\n");
    check("@miss\ndef hit(): hit  # dunderlint: ignore[r]\n");
}

#[test]
fn behind_closing_quotes_the_string_is_covered() {
    check("hit = '''\nhit\n'''  # dunderlint: ignore[r]\nmiss\n");
    check("f(miss,\n  hit, '''\nhit\n''', hit,  # dunderlint: ignore[r]\n  miss)\n");
    check("f(miss,\n  hit, f'''\n{hit}\nhit\n''', hit,  # dunderlint: ignore[r]\n  miss)\n");
    check("f(miss,\n  hit, '''\n''' '''\n''', hit,  # dunderlint: ignore[r]\n  miss)\n");
    check("f(miss, '''\n# dunderlint: ignore[r]\nmiss\n''')\n");
    check("miss = '  # dunderlint: ignore[r]'\n");
}

#[test]
fn on_its_own_line_what_comes_next_is_covered() {
    check("miss\n# dunderlint: ignore[r]\nhit(\n  hit,\n)\nmiss\n");
    check("# dunderlint: ignore[r]\n\n# hit\nhit\nmiss\n");
    check("# dunderlint: ignore[r]\n@hit\n@hit(\n  hit)\n# hit\nclass hit(\n  hit\n):\n  miss\n");
    check("@miss\n# dunderlint: ignore[r]\n@hit\ndef hit(): hit\nmiss\n");
    check("if miss:\n    miss\n    # dunderlint: ignore[r]\nelif hit:\n    miss\n");
    check("if a:\n    # dunderlint: ignore[r]\n    hit\n    miss\n");
    check("if a:\n    miss\n    # dunderlint: ignore[r]\nhit\nmiss\n");
    check("x = [\n    miss,\n    # dunderlint: ignore[r]\n    hit, hit,\n    miss,\n]\n");
    check("x = [\n    miss,\n    # dunderlint: ignore[r]\n]\nmiss\n");
    check("# dunderlint: ignore[r]\n# dunderlint: ignore[s]\nhit\n");
    check("miss\n# dunderlint: ignore[r]\n# hit\n");
    check("\u{c}# dunderlint: ignore[r]\n\thit\n");
}

#[test]
fn blocks_and_files_are_covered() {
    check("miss\n# dunderlint: disable[r]\nhit\n# dunderlint: enable[r]\nmiss\n");
    check("miss\n# dunderlint: disable[r]\nhit\n# dunderlint: enable[s]\nhit\n");
    check("# dunderlint: disable\nhit\n# dunderlint: enable[r]\nmiss\n");
    check("# dunderlint: disable[r, s]\nhit\n# dunderlint: enable\nmiss\n");
    check(
        "# dunderlint: disable[r]\n# dunderlint: enable[r]\nmiss\n# dunderlint: disable[r]\nhit\n",
    );
    check("hit\ndef f():\n    # dunderlint: file-ignore[r] generated\n    hit\n");
    check("miss\n# dunderlint: file-ignore[s]\n");
}

#[test]
fn only_a_bare_noqa_is_ours() {
    check("hit  # noqa\nmiss\n");
    check("hit  # NoQA because\n");
    check("hit = '''\n'''  #NOQA\n");
    check("hit  # type: ignore # noqa\n");
    check("miss  # noqa: F401\nmiss  # noqa:F401\nmiss  # noqa : F401\n");
    check("miss  # noqable\nmiss  # flake8: noqa\nmiss  # ruff: noqa\n# noqa\nmiss\n");
    check("miss  # see `# noqa`\nmiss  # about noqa\n");
}

#[test]
fn other_comments_may_stand_on_the_same_line() {
    check("hit  # type: ignore  # dunderlint: ignore[r]\n");
    check("hit  # why not # dunderlint: ignore[r] see #12 # type: ignore\n");
    check("hit  # dunderlint: ignore[s]  # dunderlint: ignore[r]\n");
    check("hit  # noqa: F401 # dunderlint: ignore[r]\n");
    check("miss  # say `# dunderlint: ignore[r]`\n");
}

#[test]
fn reasons_are_kept() {
    let reasons = |text| -> Vec<_> {
        read(text).pragmas.into_iter().map(|it| it.reason.unwrap_or_default()).collect()
    };
    assert_eq!(reasons("x  # dunderlint: ignore[r] - see #12  # type: ignore\n"), ["see #12"]);
    assert_eq!(reasons("x  # dunderlint: ignore[r]\n"), [""]);
    assert_eq!(reasons("x  # noqa: E1\nx  # noqa wrong\n"), ["wrong"]);
}

#[test]
fn the_nearest_suppression_is_the_used_one() {
    let text =
        "# dunderlint: file-ignore[r]\n# dunderlint: disable[r]\nx  # dunderlint: ignore[r]\n";
    let suppressions = read(text);
    let mut used = UsedSuppressions::default();
    let at = size(text.find("\nx").unwrap() + 1);
    assert!(suppressions.suppresses(at, &|name| name == "r", &mut used));
    assert_eq!(used.0.into_iter().collect::<Vec<_>>(), [2]);
}

#[test]
fn they_travel() {
    let suppressions = read("x  # dunderlint: ignore[r] why\n# dunderlint: ignroe\n");
    let bytes = postcard::to_stdvec(&suppressions).unwrap();
    assert_eq!(postcard::from_bytes::<Suppressions>(&bytes).unwrap(), suppressions);
    assert!(read("x  # noqa: E1 'dunderlint:'\n").is_empty());
}
