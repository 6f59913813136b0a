//! The environment of a project: where its libraries are installed. It is read, never run.

use std::path::{Path, PathBuf};

use super::finder::SearchPath;
use super::{disk, editable};

/// Where the libraries of a project are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Libraries {
    /// Nowhere: what is not of the project is unknown.
    #[default]
    Nowhere,
    /// In the virtual environment that lies in the folder of the project.
    Beside,
    /// Here: see [`site_packages`].
    In(SearchPath),
}

/// The names that virtual environments have in the folders of their projects.
const USUAL_NAMES: &[&str] = &[".venv", "venv"];

/// What the folder of a project has in it.
const MARKS: &[&str] = &["pyproject.toml", "setup.py", "setup.cfg", ".git", ".hg"];

/// What packages are imported from in an environment: `python` is its folder, its
/// interpreter, or such a folder itself. `None` where there is none.
pub fn site_packages(python: &Path) -> Option<SearchPath> {
    let names = disk::names(python);
    let is_environment = |folder: &Path| disk::is_file(&folder.join("pyvenv.cfg"));
    let sites = if names.is_none() {
        // An interpreter: in a virtual environment it is a link to the one that made it.
        let own = python.parent()?.parent()?;
        match is_environment(own) {
            true => sites_below(own),
            false => sites_below(disk::canonical(python)?.parent()?.parent()?),
        }
    } else if python.file_name().is_some_and(|it| it == "site-packages" || it == "dist-packages") {
        vec![python.to_owned()]
    } else {
        sites_below(python)
    };
    (!sites.is_empty()).then(|| with_path_files(sites))
}

/// The virtual environment in the folder of the project that a folder belongs to; `root` is that
/// folder where nothing marks one.
pub(super) fn beside(folder: &Path, root: &Path) -> Option<PathBuf> {
    let mut outermost = None;
    for above in folder.ancestors() {
        let Some(names) = disk::names(above) else { continue };
        let has = |name: &&str| names.binary_search_by(|it| it.as_str().cmp(*name)).is_ok();
        if MARKS.iter().any(has) || above == root {
            outermost = Some(above);
        }
        if has(&".git") || has(&".hg") {
            break;
        }
    }
    let outermost = outermost?;
    folder.ancestors().take_while(|above| above.starts_with(outermost)).find_map(|above| {
        USUAL_NAMES
            .iter()
            .map(|name| above.join(name))
            .find(|it| disk::is_file(&it.join("pyvenv.cfg")))
    })
}

/// The folders that an environment itself imports from, and those of the one it was made from, if
/// it says so.
fn sites_below(environment: &Path) -> Vec<PathBuf> {
    let mut sites = own_sites(environment);
    let settings = disk::read(&environment.join("pyvenv.cfg")).ok();
    let settings = settings.as_ref().map_or("", |it| it.text());
    let value = |key: &str| {
        settings.lines().find_map(|line| {
            let (name, value) = line.split_once('=')?;
            (name.trim() == key).then(|| value.trim())
        })
    };
    if value("include-system-site-packages").is_some_and(|it| it.eq_ignore_ascii_case("true"))
        && let Some(home) = value("home").and_then(|it| Path::new(it).parent())
    {
        sites.extend(own_sites(home));
    }
    sites
}

fn own_sites(environment: &Path) -> Vec<PathBuf> {
    let mut sites = Vec::new();
    for library in ["lib", "lib64"].map(|name| environment.join(name)) {
        let names = disk::names(&library).unwrap_or_default();
        let mut versions: Vec<&str> =
            names.iter().map(String::as_str).filter(|it| version(it).is_some()).collect();
        // Of several Pythons, the newest.
        versions.sort_by_key(|it| std::cmp::Reverse(version(it)));
        let folders = versions.first().map(|it| library.join(it));
        let places = ["site-packages", "dist-packages"];
        sites.extend(folders.iter().flat_map(|it| places.map(|name| it.join(name))));
        if versions.is_empty() {
            continue;
        }
        sites.push(library.join("python3").join("dist-packages"));
    }
    sites.push(environment.join("Lib").join("site-packages"));
    sites.retain(|it| disk::names(it).is_some());
    distinct(sites)
}

/// The version in the name of a folder: `python3.12`.
fn version(name: &str) -> Option<u32> {
    name.strip_prefix("python3.")?.trim_end_matches('t').parse().ok()
}

/// The folders, each followed by those that its `.pth` files name, and what its finders map: so
/// projects are installed that are worked on.
fn with_path_files(sites: Vec<PathBuf>) -> SearchPath {
    let mut path = SearchPath::default();
    for site in sites {
        let names = disk::names(&site).unwrap_or_default();
        path.folders.push(site.clone());
        for name in names.iter().filter(|it| it.ends_with(".pth")) {
            let Ok(source) = disk::read(&site.join(name)) else { continue };
            let lines = source.text().lines().map(str::trim);
            // Lines that begin with `import` would be run.
            let paths = lines
                .filter(|it| !it.is_empty() && !it.starts_with('#') && !it.starts_with("import "));
            path.folders
                .extend(paths.map(|it| site.join(it)).filter(|it| disk::names(it).is_some()));
        }
        path.mapped.extend(editable::mapped(&site, &names));
    }
    path.folders = distinct(path.folders);
    path
}

/// Each folder once, under the first of its names.
fn distinct(folders: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut seen = Vec::new();
    folders
        .into_iter()
        .filter(|folder| {
            let same = disk::canonical(folder).unwrap_or_else(|| folder.clone());
            let is_new = !seen.contains(&same);
            seen.push(same);
            is_new
        })
        .collect()
}
