//! What is too new for the oldest Python that is declared, or gone from a newer one.

use std::borrow::Cow;

use ruff_python_ast::{AnyNodeRef, PythonVersion};
use ruff_text_size::Ranged;

use super::guards::{Missing, Reach, reach};
use crate::diagnostic::Diagnostic;
use crate::rule::Context;
use crate::semantic::pythons::Pythons;

/// What an old Python does with what is too new for it.
#[derive(Clone, Copy)]
#[allow(clippy::large_enum_variant, reason = "made for findings alone")]
pub(super) enum Outcome<'a> {
    /// The file cannot be compiled.
    SyntaxError,
    /// It compiles, and raises when it gets there, on these Pythons if they are old.
    Raises(&'static str, Reach<'a>),
}

impl<'a> Outcome<'a> {
    fn reach(self) -> Reach<'a> {
        match self {
            Outcome::SyntaxError => Reach::ALL,
            Outcome::Raises(_, reach) => reach,
        }
    }
}

/// The oldest Python that is declared, if it is older than `since`. No Python runs a stub, and a
/// module that carries a newer version in its name (`_compat_py312`) is not meant for old ones.
pub(super) fn older(cx: &Context<'_>, since: PythonVersion) -> Option<PythonVersion> {
    let lowest = cx.target()?.lowest;
    (lowest < since && !cx.is_stub && !is_named_for(cx.module.as_str(), since)).then_some(lowest)
}

/// What a node comes to on Pythons from `lowest` to before `since`; `None` where it does not run on
/// them, or a handler of one of `errors` catches what it raises: `error`.
pub(super) fn raises<'a>(
    cx: &Context<'a>,
    node: AnyNodeRef<'a>,
    since: PythonVersion,
    lowest: PythonVersion,
    error: &'static str,
    errors: &[&str],
) -> Option<Outcome<'a>> {
    let there = Pythons::from(since);
    let reached = reach(cx, node, Missing { errors, attribute: None, there, is_gone: false });
    let asked = Pythons::from(lowest).without(there);
    let is_reached = cx.is_census() || !reached.any().and(asked).is_empty();
    is_reached.then_some(Outcome::Raises(error, reached))
}

/// Notes what the code needs, where that is all that is asked for.
pub(super) fn note(
    cx: &mut Context<'_>,
    at: &impl Ranged,
    what: impl Into<Cow<'static, str>>,
    since: PythonVersion,
    outcome: Outcome<'_>,
) {
    let there = Pythons::from(since);
    cx.need(|| outcome.reach().need(at.range(), what, there));
}

/// Says that something is too new for the oldest Python that is declared.
pub(super) fn report<'c>(
    cx: &'c mut Context<'_>,
    at: impl Ranged,
    what: impl Into<Cow<'static, str>>,
    since: PythonVersion,
    lowest: PythonVersion,
    outcome: Outcome<'_>,
) -> &'c mut Diagnostic {
    if cx.is_census() {
        note(cx, &at, what, since, outcome);
        return cx.unsaid();
    }
    let what = what.into();
    let fate: Cow<'_, str> = match outcome {
        Outcome::SyntaxError => "is a syntax error".into(),
        Outcome::Raises(error, _) => format!("raises `{error}`").into(),
    };
    let reach = outcome.reach().and(Pythons::from(lowest).without(Pythons::from(since)));
    let oldest = reach.any().lowest().unwrap_or(lowest);
    let message = format!("{what} is new in Python {since}: on {oldest} it {fate}");
    cx.report_on(reach.premise(), at, message)
}

/// Whether a dotted name has a part that says `py312` or `python3_12`, for a version from `since`.
pub(super) fn is_named_for(module: &str, since: PythonVersion) -> bool {
    // Most names have no digits.
    module.bytes().any(|it| it.is_ascii_digit()) && says_version(module, since)
}

fn says_version(module: &str, since: PythonVersion) -> bool {
    ["py3", "python3"].iter().any(|word| {
        module.match_indices(word).any(|(at, _)| {
            let rest = module[at + word.len()..].trim_start_matches('_');
            let digits = rest.len() - rest.trim_start_matches(|it: char| it.is_ascii_digit()).len();
            rest[..digits].parse().is_ok_and(|minor| (3, minor) >= (since.major, since.minor))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_may_be_named_for_a_version() {
        assert!(is_named_for("tests.py312.test_generics", PythonVersion::PY312));
        assert!(is_named_for("pkg._compat_py310", PythonVersion::PY39));
        assert!(is_named_for("pkg.python3_12", PythonVersion::PY312));
        assert!(!is_named_for("pkg._compat_py310", PythonVersion::PY312));
        assert!(!is_named_for("pkg.happy", PythonVersion::PY38));
        assert!(!is_named_for("numpy3.core", PythonVersion::PY38));
    }
}
