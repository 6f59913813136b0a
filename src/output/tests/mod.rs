mod full;
mod machine;

use std::collections::HashMap;
use std::path::Path;

use ruff_text_size::{TextRange, TextSize};

use super::*;
use crate::diagnostic::{Severity, builtin};
use crate::fix::Fix;

/// Texts and rules from memory.
#[derive(Default)]
struct Memory(HashMap<String, Rc<Text>>);

impl Memory {
    fn new(texts: &[(&str, &str)]) -> Memory {
        let entry = |(path, text): &(&str, &str)| ((*path).to_owned(), Rc::new(Text::new(*text)));
        Memory(texts.iter().map(entry).collect())
    }
}

impl Texts for Memory {
    fn text(&mut self, path: &str) -> Option<Rc<Text>> {
        self.0.get(path).cloned()
    }
}

/// Everything is a project rule with a page.
struct Known;

impl Rules for Known {
    fn about(&self, rule: &str) -> About {
        let url = Some(format!("https://example.org/{rule}"));
        About { summary: format!("What `{rule}` says,\nat length."), url, project: true }
    }
}

/// The range of the first occurrence.
fn find(text: &str, needle: &str) -> TextRange {
    let start = text.find(needle).expect("it is there");
    TextRange::at(TextSize::new(start as u32), TextSize::of(needle))
}

fn render_as(format: Format, look: &Look, text: &str, diagnostics: &[Diagnostic]) -> String {
    let mut texts = Memory::new(&[("src/a.py", text), ("src/b.py", "import a\n\nfoo = a.bar\n")]);
    let disk = Path::new("/project/src/a.py");
    let files = [FileFindings { path: "src/a.py", disk, diagnostics }];
    let mut out = Vec::new();
    write(format, &files, look, &mut texts, &Known, &mut out).expect("memory takes all");
    String::from_utf8(out).expect("reports are UTF-8")
}

fn render(format: Format, text: &str, diagnostics: &[Diagnostic]) -> String {
    render_as(format, &Look::default(), text, diagnostics)
}

const SOURCE: &str = "\
import os

def log_calls(func):
    def wrapper(*args):
        return func(*args)
    return wrapper
";

/// A finding with everything.
fn rich() -> Diagnostic {
    let at = find(SOURCE, "wrapper");
    let mut finding = Diagnostic::new(
        "missing-functools-wraps",
        Severity::Warning,
        at,
        "`wrapper` hides the identity of `func`",
    );
    finding
        .label(at, "this is what callers see")
        .label(find(SOURCE, "return wrapper"), "returned here")
        .label_in("src/b.py", find("import a\n\nfoo = a.bar\n", "foo"), "used, here")
        .help("`functools.wraps` copies name, docstring and signature")
        .fix(
            Fix::safe("Add `@wraps(func)`")
                .insert(find(SOURCE, "import os").start(), "from functools import wraps\n")
                .insert(find(SOURCE, "def wrapper").start(), "@wraps(func)\n    "),
        );
    finding
}

#[test]
fn concise_is_one_line_that_editors_and_grep_find() {
    let mut risky = Diagnostic::new("r", Severity::Info, find(SOURCE, "os"), "two\nlines");
    risky.fix(Fix::unsafe_("Change").delete(find(SOURCE, "os")));
    let findings = [risky, rich()];
    assert_eq!(
        render(Format::Concise, SOURCE, &findings),
        "src/a.py:1:8: info[r] two lines\n\
         src/a.py:4:9: warning[missing-functools-wraps] [*] \
         `wrapper` hides the identity of `func`\n"
    );
    let look = Look { unsafe_fixes: true, ..Look::default() };
    let output = render_as(Format::Concise, &look, SOURCE, &findings);
    assert!(output.starts_with("src/a.py:1:8: info[r] [*] two lines\n"));
}

#[test]
fn a_file_that_cannot_be_read_is_still_named() {
    let at = TextRange::empty(0.into());
    let finding = Diagnostic::new(builtin::UNREADABLE_FILE, Severity::Error, at, "no such file");
    let disk = Path::new("/project/gone.py");
    let files =
        [FileFindings { path: "gone.py", disk, diagnostics: std::slice::from_ref(&finding) }];
    let mut shown = HashMap::new();
    for format in Format::ALL {
        let mut out = Vec::new();
        let look = Look::default();
        write(format, &files, &look, &mut Memory::default(), &Known, &mut out).expect("memory");
        shown.insert(format, String::from_utf8(out).expect("UTF-8"));
    }
    assert_eq!(shown[&Format::Full], "error[unreadable-file]: no such file\n--> gone.py\n\n");
    assert_eq!(shown[&Format::Concise], "gone.py:1:1: error[unreadable-file] no such file\n");
    assert!(shown[&Format::JsonLines].contains("\"noqa_row\":null"));
}

#[test]
fn formats_have_names_and_misspelt_ones_a_suggestion() {
    for format in Format::ALL {
        assert_eq!(Format::parse(format.as_str()), Ok(format));
    }
    let near = "unknown output format `githup`; did you mean `github`?";
    assert_eq!(Format::parse("githup"), Err(near.to_owned()));
    assert!(Format::parse("zzz").is_err_and(|message| message.ends_with("`json-lines`, `github`")));
}

#[test]
fn statistics_count_by_rule() {
    let plain = Diagnostic::new("b-rule", Severity::Error, find(SOURCE, "os"), "m");
    let mut other = Diagnostic::new("a-rule", Severity::Error, find(SOURCE, "os"), "m");
    other.fix(Fix::safe("F").delete(find(SOURCE, "os")));
    let mut unfixable = rich();
    unfixable.fix(None);
    let diagnostics = [plain, other, rich(), unfixable];
    let disk = Path::new("/a.py");
    let files = [FileFindings { path: "a.py", disk, diagnostics: &diagnostics }];
    let statistics = Statistics::new(&files, &Look::default(), &Known);
    let mut out = Vec::new();
    statistics.write(&Look::default(), &mut out).expect("memory");
    assert_eq!(
        String::from_utf8(out).expect("UTF-8"),
        "2  [-]  missing-functools-wraps  What `missing-functools-wraps` says, at length.\n\
         1  [*]  a-rule                   What `a-rule` says, at length.\n\
         1  [ ]  b-rule                   What `b-rule` says, at length.\n"
    );
    let mut out = Vec::new();
    statistics.write_json_lines(&mut out).expect("memory");
    let first = String::from_utf8(out).expect("UTF-8");
    assert!(first.starts_with(
        "{\"code\":\"missing-functools-wraps\",\"name\":\"missing-functools-wraps\",\
         \"count\":2,\"fixable\":true,\"fixable_count\":1,"
    ));
}
