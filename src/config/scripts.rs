//! The scripts and plugins of a project: what its installation imports first.

use toml::de::{DeTable, DeValue};

use super::declared::lookup;
use super::ini::entries;

/// A script or plugin of a project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Script {
    /// The dotted name of the module that it begins with.
    pub module: String,
    /// What is typed to run it; a plugin is run by others.
    pub command: Option<String>,
}

/// The entry points that a `pyproject.toml` declares: `scripts`, `gui-scripts` and
/// `entry-points` of the core metadata, and Poetry's. Sorted.
pub(super) fn in_pyproject(root: &DeTable<'_>) -> Vec<Script> {
    const TABLES: [&[&str]; 4] = [
        &["project", "scripts"],
        &["project", "gui-scripts"],
        &["project", "entry-points"],
        &["tool", "poetry", "scripts"],
    ];
    let mut found = Vec::new();
    for path in TABLES {
        let Some(value) = lookup(root, path) else { continue };
        let Some(table) = value.get_ref().as_table() else { continue };
        let are_commands = path.last().is_some_and(|it| it.ends_with("scripts"));
        for (key, value) in table {
            let command = are_commands.then(|| key.get_ref().to_string());
            add(value.get_ref(), command.as_deref(), &mut found);
        }
    }
    sorted(found)
}

/// The entry points that a `setup.cfg` declares in `[options.entry_points]`. Sorted.
pub(super) fn in_setup_cfg(text: &str) -> Vec<Script> {
    let groups = entries(text).into_iter().filter(|it| it.section == "options.entry_points");
    let scripts = groups.flat_map(|group| {
        let are_commands = matches!(group.key, "console_scripts" | "gui_scripts");
        text[group.value].lines().filter_map(move |line| {
            let (name, reference) = line.split_once('=')?;
            let command = are_commands.then(|| name.trim().to_owned());
            Some(Script { module: module(reference)?, command })
        })
    });
    sorted(scripts.collect())
}

/// Adds an entry point, or what stands in a table of them. Poetry also has a table for a single one.
fn add(value: &DeValue<'_>, command: Option<&str>, found: &mut Vec<Script>) {
    match value {
        DeValue::String(reference) => found.extend(module(reference).map(|module| {
            let command = command.map(str::to_owned);
            Script { module, command }
        })),
        DeValue::Table(table) => {
            for (key, value) in table {
                let is_word = key.get_ref() == "type" || key.get_ref() == "extras";
                if !is_word {
                    add(value.get_ref(), command, found);
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

fn sorted(mut scripts: Vec<Script>) -> Vec<Script> {
    scripts.sort_unstable();
    scripts.dedup();
    scripts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(module: &str, command: Option<&str>) -> Script {
        Script { module: module.to_owned(), command: command.map(str::to_owned) }
    }

    #[test]
    fn entry_points_begin_with_modules() {
        let text = "[project.scripts]\nshop = 'shop.cli:main'\nadmin='shop.admin : run [all]'\n\
                    [project.gui-scripts]\nwindow = 'shop.window:main'\n\
                    [project.entry-points.pytest11]\nshop = 'shop.testing'\n\
                    [project.entry-points.'shop.plugins']\nmail = 'shop.cli'\n\
                    [tool.poetry.scripts]\nold = 'shop.old:main'\n\
                    file = { reference = 'shop.file', type = 'file' }\n\
                    more = { callable = 'shop.more:main', extras = ['x'] }\n";
        let scripts = [
            script("shop.admin", Some("admin")),
            script("shop.cli", None),
            script("shop.cli", Some("shop")),
            script("shop.file", Some("file")),
            script("shop.more", Some("more")),
            script("shop.old", Some("old")),
            script("shop.testing", None),
            script("shop.window", Some("window")),
        ];
        let found = |text| in_pyproject(DeTable::parse(text).expect("it is TOML").get_ref());
        assert_eq!(found(text), scripts);
        assert!(found("[project]\nname = 'scripts'\n").is_empty());
    }

    #[test]
    fn setup_cfg_has_them_in_lines() {
        let text = "[options]\ninstall_requires =\n    a == 1\n[options.entry_points]\n\
                    console_scripts =\n    shop = shop.cli:main\n    admin = shop.admin:run [all]\n\
                    shop.plugins = mail = shop.mail\n";
        let scripts = [
            script("shop.admin", Some("admin")),
            script("shop.cli", Some("shop")),
            script("shop.mail", None),
        ];
        assert_eq!(in_setup_cfg(text), scripts);
    }
}
