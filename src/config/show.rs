//! `--show-settings`: every key, its value, and where it comes from.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::kinds::Scalar;
use super::place::Placed;
use super::settings::Settings;
use super::target::as_setting;

/// Lists that would be longer than this are written one item a line.
const WIDTH: usize = 80;

/// One line of what is shown: valid TOML, and a comment.
#[derive(Debug)]
pub(super) struct Line {
    text: String,
    /// Empty for none.
    origin: String,
}

impl Line {
    /// `key = value    # origin`.
    pub(super) fn new(key: &str, value: &str, origin: String) -> Line {
        Line { text: format!("{key} = {value}"), origin }
    }

    /// A key without value.
    pub(super) fn unset(key: &str) -> Line {
        Line { text: format!("# {key} is not set"), origin: String::new() }
    }

    /// A list; with an origin for each item if they differ. `origin` is that of an empty one.
    pub(super) fn list<T: Scalar>(
        key: &str,
        items: &[Placed<T>],
        origin: String,
        lines: &mut Vec<Line>,
    ) {
        let values: Vec<String> = items.iter().map(|it| it.value.toml().to_string()).collect();
        let origins: Vec<String> = items.iter().map(|it| it.place.origin()).collect();
        let one = origins.first().unwrap_or(&origin);
        let is_one = origins.iter().all(|origin| origin == one);
        let text = format!("{key} = [{}]", values.join(", "));
        if is_one && text.len() <= WIDTH {
            lines.push(Line { text, origin: one.clone() });
            return;
        }
        let head = if is_one { one.clone() } else { String::new() };
        lines.push(Line { text: format!("{key} = ["), origin: head });
        for (value, origin) in values.iter().zip(origins) {
            let origin = if is_one { String::new() } else { origin };
            lines.push(Line { text: format!("    {value},"), origin });
        }
        lines.push(Line { text: "]".to_owned(), origin: String::new() });
    }
}

/// A string as a key of TOML: quoted where it must be.
pub(super) fn key(value: &toml::Value) -> String {
    let is_bare = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    match value.as_str() {
        Some(word) if is_bare(word) => word.to_owned(),
        _ => value.to_string(),
    }
}

impl Settings {
    /// Writes every key, its value and where it comes from, as a `dunderlint.toml` with comments:
    /// `select = ["classes"]    # pyproject.toml:12`. Lines are 1-based.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn show(&self, out: &mut impl Write) -> io::Result<()> {
        match &self.shared.file {
            Some(file) => writeln!(out, "# governed by {file}")?,
            None => writeln!(out, "# governed by no configuration file")?,
        }
        writeln!(out, "# folder: {}\n", self.root().display())?;
        let mut lines = self.shared.layer.lines();
        self.declared_target(&mut lines);
        self.default_options(&mut lines);
        for Line { text, origin } in lines {
            if origin.is_empty() {
                writeln!(out, "{text}")?;
            } else {
                writeln!(out, "{text}    # {origin}")?;
            }
        }
        write!(out, "\n{}", self.enabled_rules())
    }

    /// Puts what the project declares in the place of a missing `target-version`.
    fn declared_target(&self, lines: &mut [Line]) {
        let Some(declared) = &self.declared else { return };
        let origin = format!("{} ({})", declared.place.origin(), declared.key);
        let unset = Line::unset("target-version").text;
        if let Some(line) = lines.iter_mut().find(|line| line.text == unset) {
            *line = match declared.target {
                Some(target) => {
                    let value = toml::Value::from(as_setting(target)).to_string();
                    Line::new("target-version", &value, origin)
                }
                None => Line { text: format!("{unset}: a declaration is not understood"), origin },
            };
        }
    }

    /// The options of rules that nothing sets.
    fn default_options(&self, lines: &mut Vec<Line>) {
        for (_, rule) in self.shared.book.rules() {
            for option in rule.options {
                let (rule, name) = (rule.name, option.name());
                if !self.shared.layer.rules.options().any(|it| it.rule == rule && it.name == name) {
                    let key = format!("rules.{rule}.{name}");
                    let value = option.default().to_string();
                    lines.push(Line::new(&key, &value, "default".to_owned()));
                }
            }
        }
    }

    /// The rules that are on, with their severities, as comments.
    fn enabled_rules(&self) -> String {
        let rules: Vec<_> = self.shared.book.rules().map(|(_, rule)| rule).collect();
        let on: Vec<_> = rules.iter().filter(|rule| self.is_enabled(rule)).collect();
        let mut text = format!("# {} of {} rules are on:\n", on.len(), rules.len());
        for rule in on {
            let _ = writeln!(text, "#   {} ({})", rule.name, self.severity(rule));
        }
        text
    }
}
