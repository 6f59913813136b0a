use ruff_python_ast::PythonVersion;

use crate::diagnostic::Severity;
use crate::rule::{
    Declaration, DeclarationReport, Declarations, Fixable, On, Pythons, Rule, Saying,
};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "inconsistent-python-version",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Never,
    since: "0.1.0",
    page: include_str!("inconsistent_python_version.md"),
    options: &[],
    on: &[On::Declarations(check)],
};

/// Tools that write code: told too new a version, they write what old Pythons cannot run.
const WRITERS: [&str; 4] = ["dunderlint", "ruff", "black", "pyupgrade"];

/// The oldest Python that tools can be told, as their newest releases have it: for an older one
/// nothing better than this can be said to them.
const OLDEST: [(&str, PythonVersion); 3] =
    [("ruff", PythonVersion::PY37), ("mypy", PythonVersion::PY310), ("ty", PythonVersion::PY37)];

fn check(all: Declarations<'_>, report: &mut DeclarationReport) {
    let mut required = all.said.iter().filter(|it| matches!(it.saying, Saying::Required(_)));
    numbers(all, report);
    let Some(first) = required.next() else {
        nothing_required(all, report);
        return;
    };
    let (Saying::Required(key), Some(pythons)) = (first.saying, first.pythons) else { return };
    let asked = Asked { all, first, key, pythons };
    for other in required {
        asked.required(other, report);
    }
    for declaration in all.said {
        match declaration.saying {
            Saying::Target(tool) => asked.target(tool, declaration, report),
            saying if !asked.has(declaration) => asked.outside(saying, declaration, report),
            _ => {}
        }
    }
    asked.classifiers(report);
}

/// What installers go by.
struct Asked<'a> {
    all: Declarations<'a>,
    first: &'a Declaration,
    key: &'static str,
    pythons: Pythons,
}

impl Asked<'_> {
    /// Whether all that a declaration names is asked for, if it names any.
    fn has(&self, declaration: &Declaration) -> bool {
        declaration.pythons.is_none_or(|it| it.without(self.pythons).is_empty())
    }

    /// `` `requires-python` asks for 3.9 and newer ``
    fn words(&self) -> String {
        format!("`{}` asks for {}", self.key, words(self.pythons))
    }

    /// What a finding that contradicts it points at.
    fn point(&self, diagnostic: &mut crate::diagnostic::Diagnostic, declaration: &Declaration) {
        match declaration.file == self.first.file {
            true => diagnostic.label(self.first.range, "what installers go by"),
            false => {
                let path = self.all.paths[self.first.file].as_str();
                diagnostic.label_in(path, self.first.range, "what installers go by")
            }
        };
    }

    /// A second file, or a second key, that speaks to installers.
    fn required(&self, other: &Declaration, report: &mut DeclarationReport) {
        let (Saying::Required(key), Some(pythons)) = (other.saying, other.pythons) else { return };
        // Poetry locks for a part of what the project is for, if it is told to.
        let is_part = key.starts_with("tool.poetry") && self.has(other);
        if pythons == self.pythons || is_part {
            return;
        }
        let said = format!("`{key}` asks for {}, but {}", words(pythons), self.words());
        let diagnostic = report.at(other, said);
        diagnostic.help("only one of them is heard: say it once");
        self.point(diagnostic, other);
    }

    /// A version that a tool is told.
    fn target(&self, tool: &str, declaration: &Declaration, report: &mut DeclarationReport) {
        let lowest = self.pythons.lowest();
        let told = declaration.pythons.and_then(Pythons::lowest);
        let (Some(lowest), Some(told)) = (lowest, told) else { return };
        let oldest = OLDEST.iter().find(|(name, _)| *name == tool).map(|(_, oldest)| *oldest);
        if told == lowest || told > lowest && oldest.is_some_and(|oldest| told <= oldest) {
            return;
        }
        let said = format!("{tool} is told Python {told}, but {}", self.words());
        let help = match (told > lowest, WRITERS.contains(&tool)) {
            (true, true) => format!("it may write what {lowest} cannot run"),
            (true, false) => format!("it does not see what fails on {lowest}"),
            (false, _) => format!("say {lowest} there, or leave it out"),
        };
        let diagnostic = report.at(declaration, said);
        diagnostic.help(help);
        self.point(diagnostic, declaration);
    }

    /// A version on which the project cannot be installed.
    fn outside(&self, saying: Saying, declaration: &Declaration, report: &mut DeclarationReport) {
        let Some(version) = declaration.pythons.and_then(Pythons::lowest) else { return };
        let what = match saying {
            Saying::Classifier => format!("this classifier names Python {version}"),
            Saying::Tested(by) => format!("{by} tests on Python {version}"),
            Saying::Image => format!("this image has Python {version}"),
            Saying::Pin => format!("Python {version} is pinned"),
            _ => return,
        };
        let diagnostic = report.at(declaration, format!("{what}, but {}", self.words()));
        diagnostic.help(format!("installers refuse the project on {version}"));
        self.point(diagnostic, declaration);
    }

    /// The oldest version that is asked for, if classifiers name newer ones only.
    fn classifiers(&self, report: &mut DeclarationReport) {
        let named = self.all.said.iter().filter(|it| it.saying == Saying::Classifier);
        let oldest = named.filter_map(|it| Some((it.pythons?.lowest()?, it))).min_by_key(|it| it.0);
        let (Some((oldest, classifier)), Some(lowest)) = (oldest, self.pythons.lowest()) else {
            return;
        };
        if oldest <= lowest {
            return;
        }
        let said =
            format!("`{}` lets Python {lowest} in, but classifiers begin with {oldest}", self.key);
        let diagnostic = report.at(self.first, said);
        diagnostic.help(format!("name {lowest} among the classifiers, or ask for {oldest}"));
        match classifier.file == self.first.file {
            true => diagnostic.label(classifier.range, "the oldest classifier"),
            false => {
                let path = self.all.paths[classifier.file].as_str();
                diagnostic.label_in(path, classifier.range, "the oldest classifier")
            }
        };
    }
}

/// `3.10` that is read as 3.1.
fn numbers(all: Declarations<'_>, report: &mut DeclarationReport) {
    for number in all.said.iter().filter(|it| it.saying == Saying::Number) {
        let said = "a version without quotes is a number: its last zero is lost";
        report.at(number, said).help("put it in quotes");
    }
}

/// Folders of projects that nobody publishes: they are installed by tests, or show how something is
/// used.
const NOT_PUBLISHED: &[&str] =
    &["doc", "docs", "example", "examples", "fixtures", "test", "testdata", "testing", "tests"];

/// A project that is packaged and asks for no Python.
fn nothing_required(all: Declarations<'_>, report: &mut DeclarationReport) {
    let Some(name) = all.said.iter().find(|it| it.saying == Saying::NothingRequired) else {
        return;
    };
    let path = &all.paths[name.file];
    if path.split('/').any(|it| NOT_PUBLISHED.contains(&it)) {
        return;
    }
    let is_setup = path.ends_with("setup.cfg");
    let key = if is_setup { "python_requires" } else { "requires-python" };
    let said = format!("this project does not say which Pythons it is for: there is no `{key}`");
    report
        .at(name, said)
        .help("without it installers offer each release to every Python, however old");
}

/// `3.9 and newer`, `3.9 to 3.12`, `3.9`
fn words(pythons: Pythons) -> String {
    let lowest = pythons.lowest().map_or(String::new(), |it| it.to_string());
    match pythons.end().map(|end| PythonVersion { minor: end.minor.saturating_sub(1), ..end }) {
        None => format!("{lowest} and newer"),
        Some(highest) if Some(highest) == pythons.lowest() => lowest,
        Some(highest) => format!("{lowest} to {highest}"),
    }
}
