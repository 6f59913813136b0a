//! What the files of a project say of the Pythons it is for: to installers, tools and test runs.

mod lines;
mod tables;

use std::ops::Range;

use ruff_text_size::{TextRange, TextSize};

use super::ini::entries;
use super::target::{target_of, target_of_specifier, version_of};
use crate::rule::{Declaration, Pythons, Saying, Target};

/// The files that make a folder that of a project.
pub const PROJECT_FILES: [&str; 2] = ["pyproject.toml", "setup.cfg"];

/// The files beside them that may speak of Pythons, apart from [`WORKFLOWS`].
pub const BESIDE: [&str; 14] = [
    ".dunderlint.toml",
    "dunderlint.toml",
    "ruff.toml",
    ".ruff.toml",
    "ty.toml",
    "pyrefly.toml",
    "mypy.ini",
    ".mypy.ini",
    "pyrightconfig.json",
    ".pre-commit-config.yaml",
    "tox.ini",
    ".python-version",
    "Dockerfile",
    "setup.py",
];

/// The folder of workflows that GitHub runs, each a `.yml` or `.yaml`.
pub const WORKFLOWS: &str = ".github/workflows";

/// What files say, each by its path from the project's folder and with its text.
pub fn declarations(files: &[(String, String)]) -> Vec<Declaration> {
    let mut said = Said { file: 0, all: Vec::new() };
    for (file, (name, text)) in files.iter().enumerate() {
        said.file = file;
        match name.as_str() {
            "pyproject.toml" => tables::in_pyproject(text, &mut said),
            ".dunderlint.toml" | "dunderlint.toml" => tables::in_own(text, "dunderlint", &mut said),
            "ruff.toml" | ".ruff.toml" => tables::in_own(text, "ruff", &mut said),
            "ty.toml" => tables::in_own(text, "ty", &mut said),
            "pyrefly.toml" => tables::in_own(text, "pyrefly", &mut said),
            "setup.cfg" | "mypy.ini" | ".mypy.ini" | "tox.ini" => in_ini(name, text, &mut said),
            "pyrightconfig.json" => lines::in_pyright(text, &mut said),
            ".pre-commit-config.yaml" => lines::in_hooks(text, &mut said),
            ".python-version" => lines::in_pin(text, &mut said),
            "Dockerfile" => lines::in_dockerfile(text, &mut said),
            _ if name.starts_with(WORKFLOWS) => lines::in_workflow(text, &mut said),
            _ => {}
        }
    }
    // A script may tell installers what no file of settings does.
    if files.iter().any(|(name, _)| name == "setup.py") {
        let is_setup = |it: &Declaration| files[it.file].0 == "setup.cfg";
        said.all.retain(|it| it.saying != Saying::NothingRequired || !is_setup(it));
    }
    // Sorting is stable: `pyproject.toml` is read first, and heard before `setup.cfg`.
    said.all.sort_by_key(|it| !matches!(it.saying, Saying::Required(_)));
    said.all
}

/// What is said, while a file is read.
struct Said {
    file: usize,
    all: Vec<Declaration>,
}

impl Said {
    fn push(&mut self, saying: Saying, at: Range<usize>, pythons: Option<Pythons>) {
        let offset = |at: usize| TextSize::try_from(at).unwrap_or_default();
        let range = TextRange::new(offset(at.start), offset(at.end));
        self.all.push(Declaration { file: self.file, range, saying, pythons });
    }

    /// The version that a tool is told.
    fn target(&mut self, tool: &'static str, at: Range<usize>, word: &str) {
        if let Some(target) = target_of(&minor_of(word)) {
            self.push(Saying::Target(tool), at, Some(pythons(target)));
        }
    }

    /// A version on which tests are run.
    fn tested(&mut self, by: &'static str, at: Range<usize>, word: &str) {
        if let Some(version) = version_of(&minor_of(word)) {
            self.push(Saying::Tested(by), at, Some(Pythons::only(version)));
        }
    }

    /// What a classifier says of a minor version.
    fn classifier(&mut self, at: Range<usize>, classifier: &str) {
        let number = classifier.strip_prefix("Programming Language :: Python :: ");
        if let Some(version) = number.and_then(version_of) {
            self.push(Saying::Classifier, at, Some(Pythons::only(version)));
        }
    }
}

/// `3.9` of `3.9.1`, `3.9-dev`, `3.14t`, `py3.9`; other words as they are.
fn minor_of(word: &str) -> String {
    let word = word.strip_prefix("py").filter(|rest| rest.starts_with("3.")).unwrap_or(word);
    let Some(rest) = word.strip_prefix("3.") else { return word.to_owned() };
    let digits = rest.len() - rest.trim_start_matches(|it: char| it.is_ascii_digit()).len();
    let (minor, rest) = rest.split_at(digits);
    let is_version = rest.is_empty() || rest.starts_with(['.', '-', 't']);
    if is_version { format!("3.{minor}") } else { word.to_owned() }
}

/// The Pythons of a target.
fn pythons(Target { lowest, highest }: Target) -> Pythons {
    let after = highest.map(|it| ruff_python_ast::PythonVersion { minor: it.minor + 1, ..it });
    let newer = after.map_or(Pythons::NONE, Pythons::from);
    Pythons::from(lowest).without(newer)
}

/// What `setup.cfg`, `tox.ini` and `mypy.ini` say.
fn in_ini(name: &str, text: &str, said: &mut Said) {
    let (mut is_required, mut project) = (false, None);
    for entry in entries(text) {
        let value = &text[entry.value.clone()];
        match (entry.section, entry.key) {
            ("options", "python_requires" | "python-requires") if name == "setup.cfg" => {
                let words: Vec<&str> = value.split_whitespace().collect();
                let pythons = target_of_specifier(&words.join(" ")).map(pythons);
                said.push(Saying::Required("python_requires"), entry.value, pythons);
                is_required = true;
            }
            ("metadata", "name") if name == "setup.cfg" => project = Some(entry.value),
            ("metadata", "classifiers" | "classifier") if name == "setup.cfg" => {
                for (at, line) in lines::of(value) {
                    let start = entry.value.start + at;
                    said.classifier(start..start + line.len(), line);
                }
            }
            ("mypy", "python_version") => said.target("mypy", entry.value, value),
            ("tox" | "tox:tox", "envlist" | "env_list") => {
                lines::in_environments(value, entry.value.start, said);
            }
            _ => {}
        }
    }
    if let Some(at) = project.filter(|_| !is_required) {
        said.push(Saying::NothingRequired, at, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a file says: the texts, and the words for them.
    fn said(name: &str, text: &str) -> Vec<String> {
        let all = declarations(&[(name.to_owned(), text.to_owned())]);
        let word = |it: Declaration| {
            let lowest = it.pythons.and_then(Pythons::lowest);
            let lowest = lowest.map_or("-".to_owned(), |it| it.to_string());
            format!("{:?} {lowest}: {}", it.saying, &text[it.range])
        };
        all.into_iter().map(word).collect()
    }

    #[test]
    fn pyproject() {
        let text = "[project]\nname = 'x'\nrequires-python = '>=3.8'\nclassifiers = [\n \
                    'Programming Language :: Python :: 3',\n \
                    'Programming Language :: Python :: 3.9',\n]\n\
                    [tool.black]\ntarget-version = ['py310', 'py39']\n\
                    [tool.mypy]\npython_version = 3.10\n\
                    [tool.tox]\nenv_list = ['3.9', 'py38']\n";
        assert_eq!(
            said("pyproject.toml", text),
            [
                "Required(\"requires-python\") 3.8: '>=3.8'",
                "Classifier 3.9: 'Programming Language :: Python :: 3.9'",
                "Target(\"black\") 3.9: ['py310', 'py39']",
                "Number -: 3.10",
                "Tested(\"tox\") 3.9: '3.9'",
                "Tested(\"tox\") 3.8: 'py38'",
            ]
        );
        assert_eq!(said("pyproject.toml", "[project]\nname = 'x'"), ["NothingRequired -: 'x'"]);
        let dynamic = "[project]\nname = 'x'\ndynamic = ['requires-python']";
        assert_eq!(said("pyproject.toml", dynamic), [""; 0]);
        assert_eq!(said("pyproject.toml", "{{ template }}"), [""; 0]);
    }

    #[test]
    fn setup_cfg() {
        let text = "[metadata]\nname = x\nclassifiers =\n    Private\n    \
                    Programming Language :: Python :: 3.7\n[options]\npython_requires = >=3.8\n";
        assert_eq!(
            said("setup.cfg", text),
            [
                "Required(\"python_requires\") 3.8: >=3.8",
                "Classifier 3.7: Programming Language :: Python :: 3.7",
            ]
        );
    }

    #[test]
    fn environments() {
        let text = "[tox]\nenvlist =\n    py{37,38,py3}-django{32,42}  # py35\n    pypy36, lint\n    \
                    3.9-x\n    {py310,py311}-y\n    py3.12, pypy3.11\n";
        let versions =
            ["3.7: 37", "3.8: 38", "3.9: 3.9", "3.10: py310", "3.11: py311", "3.12: py3.12"];
        assert_eq!(said("tox.ini", text), versions.map(|it| format!("Tested(\"tox\") {it}")));
    }

    #[test]
    fn workflows() {
        let text = "on: push\njobs:\n  a:\n    strategy:\n      matrix:\n        \
                    python-version: [\"3.8\", 3.9, 3.10, pypy3.9]\n        os: [x]\n  b:\n    \
                    strategy:\n      matrix:\n        python-version:\n          - '3.11'\n          \
                    - \"3.14t\"\n    steps:\n      - uses: setup\n        with:\n          \
                    python-version: ${{ matrix.python-version }}\n      - with:\n          \
                    python-version: 3.7  # no list\n";
        assert_eq!(
            said(".github/workflows/ci.yml", text),
            [
                "Tested(\"a workflow\") 3.8: \"3.8\"",
                "Tested(\"a workflow\") 3.9: 3.9",
                "Number -: 3.10",
                "Tested(\"a workflow\") 3.11: '3.11'",
                "Tested(\"a workflow\") 3.14: \"3.14t\"",
            ]
        );
    }

    #[test]
    fn others() {
        assert_eq!(said(".python-version", "# x\n3.9.1\n3.8\n"), ["Pin 3.9: 3.9.1"]);
        assert_eq!(said(".python-version", "pypy3.9\n"), [""; 0]);
        let image = "FROM --platform=linux/amd64 python:3.9-slim AS base\nFROM base\n";
        assert_eq!(said("Dockerfile", image), ["Image 3.9: python:3.9-slim"]);
        let hooks = "      - id: pyupgrade\n        args: [--py39-plus]  # --py36-plus\n";
        let target = ["Target(\"pyupgrade\") 3.9: --py39-plus"];
        assert_eq!(said(".pre-commit-config.yaml", hooks), target);
        let pyright = "{\n  // \"pythonVersion\": \"3.7\"\n  \"pythonVersion\": \"3.8\"\n}\n";
        assert_eq!(said("pyrightconfig.json", pyright), ["Target(\"pyright\") 3.8: \"3.8\""]);
        assert_eq!(
            said("mypy.ini", "[mypy]\npython_version = 3.10\n"),
            ["Target(\"mypy\") 3.10: 3.10"]
        );
        assert_eq!(said("ruff.toml", "target-version = 'py39'"), ["Target(\"ruff\") 3.9: 'py39'"]);
    }
}
