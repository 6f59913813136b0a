//! The modules that scripts and plugins of a project begin with: what its installation imports.

use toml::de::{DeTable, DeValue};

use super::declared::lookup;
use super::ini::entries;

/// The modules of the entry points that a `pyproject.toml` declares: `scripts`, `gui-scripts` and
/// `entry-points` of the core metadata, and Poetry's. Sorted.
pub(super) fn in_pyproject(root: &DeTable<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let project = ["scripts", "gui-scripts", "entry-points"].map(|key| ["project", key]);
    let tables = project.iter().map(<[&str; 2]>::as_slice);
    for path in tables.chain([["tool", "poetry", "scripts"].as_slice()]) {
        if let Some(value) = lookup(root, path) {
            add(value.get_ref(), &mut found);
        }
    }
    sorted(found)
}

/// The modules of the entry points that a `setup.cfg` declares in `[options.entry_points]`. Sorted.
pub(super) fn in_setup_cfg(text: &str) -> Vec<String> {
    let groups = entries(text).into_iter().filter(|it| it.section == "options.entry_points");
    let lines = groups.flat_map(|group| text[group.value].lines());
    sorted(lines.filter_map(|line| module(line.split_once('=')?.1)).collect())
}

/// Adds what stands in a table of entry points, or in a table of such tables. Poetry also has a
/// table for a single one.
fn add(value: &DeValue<'_>, found: &mut Vec<String>) {
    match value {
        DeValue::String(reference) => found.extend(module(reference)),
        DeValue::Table(table) => {
            for (key, value) in table {
                let is_word = key.get_ref() == "type" || key.get_ref() == "extras";
                if !is_word {
                    add(value.get_ref(), found);
                }
            }
        }
        _ => {}
    }
}

/// The module of an object reference: `package.module:object [extra]`.
fn module(reference: &str) -> Option<String> {
    let module = reference.split([':', '[']).next()?.trim();
    let is_name = |part: &str| part.chars().all(|it| it.is_alphanumeric() || it == '_');
    (!module.is_empty() && module.split('.').all(is_name)).then(|| module.to_owned())
}

fn sorted(mut modules: Vec<String>) -> Vec<String> {
    modules.sort_unstable();
    modules.dedup();
    modules
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entry_points_begin_with_modules() {
        let text = "[project.scripts]\nshop = 'shop.cli:main'\nadmin='shop.admin : run [all]'\n\
                    [project.gui-scripts]\nwindow = 'shop.window:main'\n\
                    [project.entry-points.pytest11]\nshop = 'shop.testing'\n\
                    [project.entry-points.'shop.plugins']\nmail = 'shop.cli'\n\
                    [tool.poetry.scripts]\nold = 'shop.old:main'\n\
                    file = { reference = 'shop.file', type = 'file' }\n\
                    more = { callable = 'shop.more:main', extras = ['x'] }\n";
        let modules = ["shop.admin", "shop.cli", "shop.file", "shop.more", "shop.old"];
        let others = ["shop.testing", "shop.window"];
        let found = |text| in_pyproject(DeTable::parse(text).expect("it is TOML").get_ref());
        assert_eq!(found(text), [&modules[..], &others].concat());
        assert!(found("[project]\nname = 'scripts'\n").is_empty());
    }

    #[test]
    fn setup_cfg_has_them_in_lines() {
        let text = "[options]\ninstall_requires =\n    a == 1\n[options.entry_points]\n\
                    console_scripts =\n    shop = shop.cli:main\n    admin = shop.admin:run [all]\n\
                    shop.plugins = mail = shop.mail\n";
        assert_eq!(in_setup_cfg(text), ["shop.admin", "shop.cli", "shop.mail"]);
    }
}
