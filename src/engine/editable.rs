//! Projects that are installed to be worked on, by a finder of their own: setuptools writes
//! `__editable___NAME_VERSION_finder.py`, which says in `MAPPING` where each package lies.

use std::path::{Path, PathBuf};

use ruff_python_ast::{Expr, PySourceType, Stmt};

use super::disk;
use crate::syntax::{parse, string_text};

/// The packages and modules that the finders in a folder know, each with its folder, or with the
/// path of its file without the suffix.
pub(super) fn mapped(site: &Path, names: &[String]) -> Vec<(String, PathBuf)> {
    let is_finder = |it: &&String| it.starts_with("__editable___") && it.ends_with("_finder.py");
    let mut all = Vec::new();
    for name in names.iter().filter(is_finder) {
        let Ok(source) = disk::read(&site.join(name)) else { continue };
        all.extend(mapping(source.text()).unwrap_or_default());
    }
    all
}

/// What a finder maps; `None` where that is not written down.
fn mapping(text: &str) -> Option<Vec<(String, PathBuf)>> {
    let parsed = parse(text, PySourceType::Python, None);
    let value = parsed.syntax().body.iter().find_map(|statement| match statement {
        Stmt::Assign(it) => it.targets.iter().any(is_mapping).then_some(&*it.value),
        Stmt::AnnAssign(it) => it.value.as_deref().filter(|_| is_mapping(&it.target)),
        _ => None,
    })?;
    let plain = |it: &Expr| Some(string_text(&it.as_string_literal_expr()?.value).to_owned());
    let items = value.as_dict_expr()?.items.iter();
    items.map(|it| Some((plain(it.key.as_ref()?)?, plain(&it.value)?.into()))).collect()
}

fn is_mapping(target: &Expr) -> bool {
    target.as_name_expr().is_some_and(|it| it.id.as_str() == "MAPPING")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_finder_maps_is_read() {
        let text = "MAPPING: dict[str, str] = {'shop': '/srv/src/shop', 'a.b': '/srv/b'}\n";
        let found = mapping(text).unwrap();
        assert_eq!(found[0], ("shop".to_owned(), "/srv/src/shop".into()));
        assert_eq!(found[1], ("a.b".to_owned(), "/srv/b".into()));
        assert_eq!(mapping("MAPPING = {}\n").unwrap(), []);
        assert_eq!(mapping("MAPPING = {'shop': make()}\n"), None);
        assert_eq!(mapping("NAMESPACES = {}\n"), None);
    }
}
