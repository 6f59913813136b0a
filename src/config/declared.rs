//! What a project or a script itself declares of the Pythons it runs on.

use std::ops::Range;
use std::sync::Arc;

use memchr::memmem;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ini::entries;
use super::place::{Place, Written};
use super::scripts::{self, Script};
use super::target::{target_of_poetry, target_of_specifier};
use crate::rule::Target;

/// A declaration that was found.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    /// What it says; `None` if it is not understood, which is the packager's to complain of.
    pub(super) target: Option<Target>,
    /// Where it says so.
    pub(super) place: Place,
    /// Under which key.
    pub(super) key: &'static str,
}

/// What a `pyproject.toml` declares: `requires-python` of the core metadata, else Poetry's `python`
/// dependency; and its entry points. A file that is not TOML declares nothing: it may be a template.
pub(super) fn in_pyproject(written: &Arc<Written>) -> (Option<Declared>, Vec<Script>) {
    let text = written.text.as_bytes();
    // Most of what is spared here are parses of files that only configure tools.
    let words: [&[u8]; 4] = [b"requires-python", b"poetry", b"scripts", b"entry-points"];
    if words.iter().all(|word| memmem::find(text, word).is_none()) {
        return (None, Vec::new());
    }
    let Ok(document) = DeTable::parse(&written.text) else { return (None, Vec::new()) };
    let root = document.get_ref();
    (target_in(root, written), scripts::in_pyproject(root))
}

fn target_in(root: &DeTable<'_>, written: &Arc<Written>) -> Option<Declared> {
    let at =
        |value: &Spanned<DeValue<'_>>| Place { written: Arc::clone(written), range: value.span() };
    if let Some(value) = lookup(root, &["project", "requires-python"]) {
        let target = value.get_ref().as_str().and_then(target_of_specifier);
        return Some(Declared { target, place: at(value), key: "requires-python" });
    }
    let value = lookup(root, &["tool", "poetry", "dependencies", "python"])?;
    let target = value.get_ref().as_str().and_then(target_of_poetry);
    Some(Declared { target, place: at(value), key: "tool.poetry.dependencies.python" })
}

/// What a `setup.cfg` declares: `python_requires` in `[options]`.
pub(super) fn in_setup_cfg(written: &Arc<Written>) -> Option<Declared> {
    let range = python_requires(&written.text)?;
    let words: Vec<&str> = written.text[range.clone()].split_whitespace().collect();
    let target = target_of_specifier(&words.join(" "));
    let place = Place { written: Arc::clone(written), range };
    Some(Declared { target, place, key: "python_requires" })
}

/// Where the value of `python_requires` stands, with the lines that continue it.
fn python_requires(text: &str) -> Option<Range<usize>> {
    let is_key = |key: &str| matches!(key, "python_requires" | "python-requires");
    let mut found = entries(text).into_iter();
    let entry = found.find(|it| it.section == "options" && is_key(it.key))?;
    (!entry.value.is_empty()).then_some(entry.value)
}

/// What a script declares in its header (PEP 723): `requires-python` in the block of comments
/// between `# /// script` and `# ///`. `text` is the whole file; `None` if there is no such block
/// or it does not say.
pub fn target_of_script(text: &str) -> Option<Target> {
    let start = memmem::find(text.as_bytes(), b"# /// script")?;
    let is_at_line_start = start == 0 || text.as_bytes()[start - 1] == b'\n';
    let (first, rest) = text[start..].split_once('\n')?;
    if !is_at_line_start || first.trim_end() != "# /// script" {
        return None;
    }
    let lines: Vec<&str> = rest
        .lines()
        .take_while(|line| *line == "#" || line.starts_with("# "))
        .map(|line| line.get(2..).unwrap_or(""))
        .collect();
    let end = lines.iter().rposition(|line| line.trim_end() == "///")?;
    let header = lines[..end].join("\n");
    let document = DeTable::parse(&header).ok()?;
    target_of_specifier(document.get_ref().get("requires-python")?.get_ref().as_str()?)
}

/// The value at the end of a path of keys.
pub(super) fn lookup<'t, 'i>(
    root: &'t DeTable<'i>,
    keys: &[&str],
) -> Option<&'t Spanned<DeValue<'i>>> {
    let (first, rest) = keys.split_first()?;
    rest.iter().try_fold(root.get(*first)?, |value, key| value.get_ref().as_table()?.get(*key))
}

#[cfg(test)]
mod tests {
    use super::super::place::Medium;
    use super::*;

    #[test]
    fn a_template_declares_nothing() {
        let text = "[project]\nrequires-python = '>=3.9'\nscripts = {{ a template }}\n".to_owned();
        let (medium, name, folder) = (Medium::File, "pyproject.toml".to_owned(), "/".into());
        let written = Arc::new(Written { medium, name, folder, text });
        let (declared, modules) = in_pyproject(&written);
        assert!(declared.is_none() && modules.is_empty());
    }

    #[test]
    fn setup_cfg() {
        for (text, value) in [
            ("[options]\npython_requires = >=3.8\n", Some(">=3.8")),
            ("[options]\npython_requires=\n    >=3.8,\n    <4\nx = 1\n", Some(">=3.8,\n    <4")),
            ("[metadata]\npython_requires = >=3.8\n", None),
            ("[options]\r\npython_requires: >=3.8\r\n[x]\r\n", Some(">=3.8")),
            ("[options]\npython_requires =\n[x]\n    y", None),
        ] {
            assert_eq!(python_requires(text).map(|range| &text[range]), value, "{text}");
        }
    }

    #[test]
    fn script() {
        let header = "#!/usr/bin/env python3\n# /// script\n# requires-python = \">=3.11\"\n\
                      # dependencies = [\n#   \"x\",\n# ]\n#\n# ///\nprint()\n";
        let lowest = |text: &str| target_of_script(text).map(|target| target.lowest.to_string());
        assert_eq!(lowest(header).as_deref(), Some("3.11"));
        assert_eq!(lowest(&header.replace("# ///\n", "")), None);
        assert_eq!(lowest(&header.replace("# /// script", "x = '# /// script'")), None);
        assert_eq!(lowest(&header.replace("requires-python", "python")), None);
        assert_eq!(lowest("print()\n"), None);
    }
}
