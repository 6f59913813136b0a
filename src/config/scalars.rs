//! The kinds of single values that need no file of their own.

use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};
use serde_json::json;
use toml::Spanned;
use toml::de::DeValue;

use super::error::did_you_mean;
use super::kinds::{Reader, Scalar};
use super::select::Book;
use crate::diagnostic::Severity;

impl Scalar for bool {
    const KIND: &'static str = "`true` or `false`";
    const KINDS: &'static str = "`true` and `false`";

    fn parse(name: &str, value: &Spanned<DeValue<'_>>, reader: &mut Reader) -> Option<Self> {
        let truth = value.get_ref().as_bool();
        if truth.is_none() {
            reader.wrong_kind(name, value, Self::KIND);
        }
        truth
    }

    fn schema(_: Book) -> serde_json::Value {
        json!({ "type": "boolean" })
    }

    fn toml(&self) -> toml::Value {
        (*self).into()
    }
}

impl Scalar for Severity {
    const KIND: &'static str = "`error`, `warning` or `info`";
    const KINDS: &'static str = "severities";

    fn parse(name: &str, value: &Spanned<DeValue<'_>>, reader: &mut Reader) -> Option<Self> {
        let word = string::<Self>(name, value, reader)?;
        let severity = Severity::parse(word);
        if severity.is_none() {
            let names = Severity::ALL.map(Severity::as_str);
            let label = did_you_mean(word, names, "write `error`, `warning` or `info`");
            reader.problem(value, format!("unknown severity `{word}` in `{name}`"), label);
        }
        severity
    }

    fn schema(_: Book) -> serde_json::Value {
        json!({ "$ref": "#/definitions/severity" })
    }

    fn toml(&self) -> toml::Value {
        self.as_str().into()
    }
}

/// Any string: a path or a glob that is looked at later.
#[derive(Clone, Debug)]
pub(super) struct Text(pub(super) String);

impl Scalar for Text {
    const KIND: &'static str = "a string";
    const KINDS: &'static str = "strings";

    fn parse(name: &str, value: &Spanned<DeValue<'_>>, reader: &mut Reader) -> Option<Self> {
        string::<Self>(name, value, reader).map(|word| Text(word.to_owned()))
    }

    fn schema(_: Book) -> serde_json::Value {
        json!({ "type": "string" })
    }

    fn toml(&self) -> toml::Value {
        self.0.as_str().into()
    }
}

/// The name of an output format.
#[derive(Clone, Debug)]
pub(super) struct Format(pub(super) String);

impl Scalar for Format {
    const KIND: &'static str = "the name of a format";
    const KINDS: &'static str = "names of formats";

    fn parse(name: &str, value: &Spanned<DeValue<'_>>, reader: &mut Reader) -> Option<Self> {
        let word = string::<Self>(name, value, reader)?;
        let formats = reader.book.formats;
        if !formats.is_empty() && !formats.contains(&word) {
            let list = format!("write one of {}", formats.join(", "));
            let label = did_you_mean(word, formats.iter().copied(), &list);
            reader.problem(value, format!("unknown format `{word}` in `{name}`"), label);
            return None;
        }
        Some(Format(word.to_owned()))
    }

    fn schema(book: Book) -> serde_json::Value {
        match book.formats {
            [] => json!({ "type": "string" }),
            formats => json!({ "enum": formats }),
        }
    }

    fn toml(&self) -> toml::Value {
        self.0.as_str().into()
    }
}

/// A PEP 440 specifier that this release of the tool meets.
#[derive(Clone, Debug)]
pub(super) struct Requirement(String);

impl Scalar for Requirement {
    const KIND: &'static str = "a version specifier such as `\">=0.1\"`";
    const KINDS: &'static str = "version specifiers";

    fn parse(name: &str, value: &Spanned<DeValue<'_>>, reader: &mut Reader) -> Option<Self> {
        let word = string::<Self>(name, value, reader)?;
        // A bare version means exactly that one.
        let exactly = || VersionSpecifiers::from_str(&format!("=={word}"));
        let Ok(wanted) = VersionSpecifiers::from_str(word).or_else(|_| exactly()) else {
            let message = format!("`{word}` in `{name}` is no version specifier");
            reader.problem(value, message, "write it as `>=0.1`".to_owned());
            return None;
        };
        let ours = env!("CARGO_PKG_VERSION");
        if !Version::from_str(ours).is_ok_and(|ours| wanted.contains(&ours)) {
            let message = format!("this is dunderlint {ours}, but `{word}` is required");
            reader.problem(value, message, "install a version that meets this".to_owned());
        }
        Some(Requirement(word.to_owned()))
    }

    fn schema(_: Book) -> serde_json::Value {
        json!({ "type": "string" })
    }

    fn toml(&self) -> toml::Value {
        self.0.as_str().into()
    }
}

/// The string that a value is; a value of another kind is a problem.
pub(super) fn string<'v, T: Scalar>(
    name: &str,
    value: &'v Spanned<DeValue<'_>>,
    reader: &mut Reader,
) -> Option<&'v str> {
    let word = value.get_ref().as_str();
    if word.is_none() {
        reader.wrong_kind(name, value, T::KIND);
    }
    word
}
