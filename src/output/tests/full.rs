//! The form for people.

use super::*;

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
