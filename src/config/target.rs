//! The Pythons that code must run on: `"3.10"`, `"py310"`, a PEP 440 specifier, Poetry's carets.

use std::collections::BTreeSet;
use std::str::FromStr;

use pep440_rs::{Version as Release, VersionSpecifiers};
use ruff_python_ast::PythonVersion;
use serde_json::json;
use toml::Spanned;
use toml::de::DeValue;

use super::kinds::{Reader, Scalar};
use super::scalars::string;
use super::select::Book;
use crate::rule::Target;

/// The newest minor version of Python 3 that specifiers are tried with.
const NEWEST_MINOR: u8 = PythonVersion::PY315.minor;

/// A minor version that stands for all that are still to come.
const FAR_MINOR: u8 = 99;

/// The value of `target-version`.
#[derive(Clone, Debug)]
pub(super) struct Version {
    pub(super) target: Target,
    /// As it was written.
    text: String,
}

impl Scalar for Version {
    const KIND: &'static str = "a Python version as a string";
    const KINDS: &'static str = "Python versions";

    fn parse(name: &str, value: &Spanned<DeValue<'_>>, reader: &mut Reader) -> Option<Self> {
        // `3.10` without quotes is the number 3.1.
        if let DeValue::Float(number) = value.get_ref() {
            let label = format!("write it in quotes: `\"{}\"`", number.as_str());
            reader.problem(value, format!("`{name}` takes {}", Self::KIND), label);
            return None;
        }
        let word = string::<Self>(name, value, reader)?;
        let Some(target) = target_of(word) else {
            let message = format!("unknown Python version `{word}` in `{name}`");
            let label = "write it as `3.10`, `py310` or `>=3.9,<3.14`".to_owned();
            reader.problem(value, message, label);
            return None;
        };
        Some(Version { target, text: word.to_owned() })
    }

    fn schema(_: Book) -> serde_json::Value {
        json!({ "$ref": "#/definitions/version" })
    }

    fn toml(&self) -> toml::Value {
        self.text.as_str().into()
    }
}

/// What `3.10`, `py310` or a PEP 440 specifier means. A single version is the lowest.
pub(super) fn target_of(word: &str) -> Option<Target> {
    match version_of(word) {
        Some(lowest) => Some(Target { lowest, highest: None }),
        None => target_of_specifier(word),
    }
}

/// `3.10` or `py310`, of Python 3.
pub(super) fn version_of(word: &str) -> Option<PythonVersion> {
    let minor = word.strip_prefix("py3").or_else(|| word.strip_prefix("3."))?;
    let is_number = minor.bytes().all(|byte| byte.is_ascii_digit());
    let minor = minor.parse().ok().filter(|minor| is_number && *minor < FAR_MINOR)?;
    Some(PythonVersion { major: 3, minor })
}

/// What a PEP 440 version specifier means, such as that of `requires-python`; `None` if it is none,
/// or no known Python 3 meets it.
pub(super) fn target_of_specifier(specifier: &str) -> Option<Target> {
    let specifiers = VersionSpecifiers::from_str(specifier).ok()?;
    if specifiers.is_empty() { None } else { target_of_any(&[specifiers]) }
}

/// What a version constraint of Poetry means: PEP 440 with `^3.9`, `~3.9`, `3.9.*`, `*` and `||`
/// besides.
pub(super) fn target_of_poetry(constraint: &str) -> Option<Target> {
    let alternatives: Option<Vec<VersionSpecifiers>> = constraint
        .split("||")
        .map(|all| {
            let clauses: Option<Vec<String>> = all.split(',').map(clause_of_poetry).collect();
            VersionSpecifiers::from_str(&clauses?.join(",")).ok()
        })
        .collect();
    target_of_any(&alternatives?)
}

/// One clause of Poetry's as PEP 440 has it.
fn clause_of_poetry(clause: &str) -> Option<String> {
    let clause = clause.trim();
    if clause == "*" {
        return Some(">=3.0".to_owned());
    }
    if let Some(version) = clause.strip_prefix('^') {
        let major = *Release::from_str(version.trim()).ok()?.release().first()?;
        return Some(format!(">={version},<{}", major + 1));
    }
    if let Some(version) = clause.strip_prefix('~').filter(|rest| !rest.starts_with('=')) {
        let next = match *Release::from_str(version.trim()).ok()?.release() {
            [major] => format!("{}", major + 1),
            [major, minor, ..] => format!("{major}.{}", minor + 1),
            [] => return None,
        };
        return Some(format!(">={version},<{next}"));
    }
    let is_bare = clause.starts_with(|first: char| first.is_ascii_digit());
    Some(if is_bare { format!("=={clause}") } else { clause.to_owned() })
}

/// The lowest minor version of which some release meets one of the specifiers, and the highest if
/// they set a bound.
fn target_of_any(alternatives: &[VersionSpecifiers]) -> Option<Target> {
    // Only where a specifier names a release of a minor version does it matter which one is tried.
    let mut patches = BTreeSet::from([0, u64::from(FAR_MINOR)]);
    for specifier in alternatives.iter().flat_map(|all| all.iter()) {
        let patch = specifier.version().release().get(2).copied().unwrap_or(0);
        patches.extend([patch.saturating_sub(1), patch, patch.saturating_add(1)]);
    }
    let is_met = |minor: &u8| {
        patches.iter().any(|patch| {
            let release = Release::new([3, u64::from(*minor), *patch]);
            alternatives.iter().any(|all| all.contains(&release))
        })
    };
    let mut met = (0..=NEWEST_MINOR).filter(is_met);
    let lowest = met.next()?;
    let highest = if is_met(&FAR_MINOR) { None } else { Some(met.next_back().unwrap_or(lowest)) };
    let version = |minor| PythonVersion { major: 3, minor };
    Some(Target { lowest: version(lowest), highest: highest.map(version) })
}

/// A target as `target-version` would set it: `3.9`, or `>=3.9,<3.13` if it has a bound.
pub(super) fn as_setting(target: Target) -> String {
    match target.highest {
        None => target.lowest.to_string(),
        Some(highest) => {
            format!(">={},<{}.{}", target.lowest, highest.major, u16::from(highest.minor) + 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(target: Option<Target>) -> String {
        target.map_or("none".to_owned(), |target| {
            let highest = target.highest.map_or(String::new(), |it| it.to_string());
            format!("{}..{highest}", target.lowest)
        })
    }

    #[test]
    fn single_versions() {
        for (word, meaning) in [
            ("3.10", "3.10.."),
            ("py310", "3.10.."),
            ("py39", "3.9.."),
            ("3.9.1", "none"),
            ("2.7", "none"),
            ("py27", "none"),
            ("py3", "none"),
            ("3.x", "none"),
            ("3.+9", "none"),
            ("", "none"),
        ] {
            assert_eq!(words(target_of(word)), meaning, "{word}");
        }
    }

    #[test]
    fn specifiers() {
        for (specifier, meaning) in [
            (">=3.8", "3.8.."),
            (">=3.8,<3.13", "3.8..3.12"),
            (">=3.8, <4", "3.8.."),
            (">=3.8,<=3.12", "3.8..3.12"),
            ("~=3.9", "3.9.."),
            ("~=3.9.2", "3.9..3.9"),
            ("==3.11.*", "3.11..3.11"),
            ("==3.11.4", "3.11..3.11"),
            ("!=3.9.*", "3.0.."),
            (">=3.8,!=3.8.*,!=3.9.0", "3.9.."),
            (">3.8", "3.8.."),
            (">=3.7.2", "3.7.."),
            (">=2.7,!=3.0.*,!=3.1.*,!=3.2.*", "3.3.."),
            (">=3.10,<=3.15", "3.10..3.15"),
            (">=4", "none"),
            ("python", "none"),
        ] {
            assert_eq!(words(target_of_specifier(specifier)), meaning, "{specifier}");
        }
    }

    #[test]
    fn poetry() {
        for (constraint, meaning) in [
            ("^3.9", "3.9.."),
            ("^3.8.1", "3.8.."),
            ("~3.9", "3.9..3.9"),
            ("~3", "3.0.."),
            ("3.9.*", "3.9..3.9"),
            (">=3.8,<3.12", "3.8..3.11"),
            ("^3.8,<3.12", "3.8..3.11"),
            ("~3.8 || ^3.10", "3.8.."),
            ("~3.8 || ~3.10", "3.8..3.10"),
            ("*", "3.0.."),
            ("^", "none"),
        ] {
            assert_eq!(words(target_of_poetry(constraint)), meaning, "{constraint}");
        }
    }

    #[test]
    fn a_target_is_written_as_it_is_read() {
        for word in ["3.9", ">=3.9,<3.13"] {
            assert_eq!(target_of(word).map(as_setting).as_deref(), Some(word));
        }
    }
}
