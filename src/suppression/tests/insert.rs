//! `--add-ignore`: what is written, and that it is heard.

use ruff_python_ast::PySourceType;
use ruff_python_ast::comparable::ComparableStmt;
use ruff_text_size::{Ranged, TextSize};

use super::{read, size, tokens};
use crate::fix::{self, Edit, Fix};
use crate::suppression::add_ignores;
use crate::{syntax, text};

fn applied(text: &str, edits: Vec<Edit>) -> String {
    let fix = edits.into_iter().fold(Fix::safe("Add"), Fix::edit);
    fix::apply(text, text::newline_of(text), [&fix]).text
}

/// Adds comments for findings of `b` and `a` at each `hit`.
#[track_caller]
fn check(before: &str, after: &str) {
    let findings: Vec<_> = before
        .match_indices("hit")
        .flat_map(|(at, _)| [(size(at), "b"), (size(at), "a")])
        .collect();
    let edits = add_ignores(before, &tokens(before), &findings, Some("later"));
    assert_eq!(applied(before, edits), after);
}

#[test]
fn comments_stand_above_statements() {
    check("x\nhit = hit\n", "x\n# dunderlint: ignore[a, b] later\nhit = hit\n");
    check(
        "if x:\n\tf(\n\t\thit)\nelif hit:\n\tx",
        "if x:\n\t# dunderlint: ignore[a, b] later\n\tf(\n\t\thit)\n\
         # dunderlint: ignore[a, b] later\nelif hit:\n\tx",
    );
    check(
        "@a\n@hit\n# why\ndef hit():\r\n    x\r\n",
        "# dunderlint: ignore[a, b] later\n@a\n@hit\n# why\ndef hit():\r\n    x\r\n",
    );
    check("x\r\nhit\r\n", "x\r\n# dunderlint: ignore[a, b] later\r\nhit\r\n");
    check("x = '''\n''', hit", "# dunderlint: ignore[a, b] later\nx = '''\n''', hit");
    check("if x:\n  \\\n  hit\n", "if x:\n  # dunderlint: ignore[a, b] later\n  \\\n  hit\n");
    check("\u{c}hit\n", "# dunderlint: ignore[a, b] later\n\u{c}hit\n");
}

#[test]
fn comments_that_are_there_get_the_names() {
    check("hit  # dunderlint: ignore[c] why\n", "hit  # dunderlint: ignore[a, b, c] why\n");
    check(
        "# dunderlint: ignore[c,b]\n@hit\nclass hit: x\n",
        "# dunderlint: ignore[a, b, c]\n@hit\nclass hit: x\n",
    );
    check(
        "f(\n  x,  # dunderlint: ignore[c]\n  hit)\n",
        "# dunderlint: ignore[a, b] later\nf(\n  x,  # dunderlint: ignore[c]\n  hit)\n",
    );
    check(
        "# dunderlint: file-ignore[c]\nhit\n",
        "# dunderlint: file-ignore[c]\n# dunderlint: ignore[a, b] later\nhit\n",
    );
}

#[test]
fn the_first_lines_stay_first() {
    check(
        "#!/bin/hit\n# coding: latin-1\nhit\n",
        "#!/bin/hit\n# coding: latin-1\n# dunderlint: file-ignore[a, b] later\n\
         # dunderlint: ignore[a, b] later\nhit\n",
    );
    check("# hit\nx\n", "# dunderlint: ignore[a, b] later\n# hit\nx\n");
}

/// Sources that are hard to comment.
const TRICKY: &[&str] = &[
    "@a\n@b(\n    c,\n)\n# d\ndef e(\n    f: int = 1,  # g\n) -> int:  # h\n    return (  # i\n        1\n    )\n",
    "class A(\n    B,\n):\n    '''Doc.\n\n    # dunderlint: ignore[x]\n    '''\n\n    a = 1; b = 2\n\n    @c\n    async def d(self): return 1\n",
    "from a import (\n    b,\n    # c\n    d,  # e\n)\nimport f, g\n",
    "a = 1 + \\\n    2 + \\\n    3\nif a and \\\n        b:\n    pass\n",
    "a = '''\n# b\n''' '''\n''' + f'''{a\n}\n{b!r:>{c}}''' + \"d\"\nf('''\n''')  # g\n",
    "if a:\n    b\nelif (\n    c\n):\n    d\nelse:\n    e\ntry:\n    f\nexcept (A,\n        B) as g:\n    h\nelse:\n    i\nfinally:\n    j\n",
    "for a in b:\n\tc\nelse:\n\td\nwhile e:\n\tf\n\n\t# g\nwith h as i, \\\n\t\tj as k:\n\tl",
    "match a:\n    case [b,\n          c]:\n        d\n    # e\n    case _:\n        f\n",
    "def a(): b; c\nclass A: d = 1\nif e: f\nelse: g\nx = [lambda h: i,\n     # j\n     k]",
    "#!/usr/bin/env python\n# coding: utf-8\n'''Doc.'''\nfrom __future__ import annotations\n",
    "\n\n# a\n\u{c}\ndef b():\n\n    # c\n\n    return d\n\n# e",
    "if a:\n    if b:\n        c\n    # d\n  # e\n# f\ng\n",
    "a = 1  # type: ignore  # dunderlint: ignore[c] why\n# dunderlint: ignore[a, d]\nb = (\n    2)\n",
    "\\\na = 1\nif b:\n  \\\n  c\n",
    "# a",
    "",
    "a\u{c}\n  \n\t\n",
    "π = 'é'; ü = {\n  'ß': π}\n",
];

#[test]
fn what_is_written_is_heard() {
    for source in TRICKY {
        for newline in ["\n", "\r\n"] {
            let source = source.replace('\n', newline);
            let mut places: Vec<TextSize> = tokens(&source).iter().map(Ranged::start).collect();
            places.push(size(source.len()));
            for place in &places {
                heard(&source, &[*place]);
            }
            heard(&source, &places);
        }
    }
}

/// After adding comments for findings at these places, each is silenced and the code is the same.
fn heard(source: &str, places: &[TextSize]) {
    let findings: Vec<_> = places.iter().map(|at| (*at, "b")).collect();
    let edits = add_ignores(source, &tokens(source), &findings, None);
    let after = applied(source, edits.clone());
    let before_tree = syntax::parse(source, PySourceType::Python, None);
    let after_tree = syntax::parse(&after, PySourceType::Python, None);
    assert_eq!(before_tree.errors(), [], "{source}");
    assert_eq!(after_tree.errors(), [], "{after}");
    let same = before_tree.suite().iter().map(ComparableStmt::from);
    assert!(same.eq(after_tree.suite().iter().map(ComparableStmt::from)), "{after}");
    let suppressions = read(&after);
    assert_eq!(suppressions.mistakes, []);
    let growth = |edit: &Edit| {
        let newline = if source.contains("\r\n") { "\r\n" } else { "\n" };
        edit.text.replace('\n', newline).len() - edit.range.len().to_usize()
    };
    for at in places {
        let before = edits.iter().filter(|edit| edit.range.end() <= *at);
        let now = *at + size(before.map(growth).sum());
        let covered = suppressions.covers(now, &|name| name == "b");
        assert!(covered.is_some(), "{at:?} in {source:?}, now {now:?} in {after:?}");
    }
}
