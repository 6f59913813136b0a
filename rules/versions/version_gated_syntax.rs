mod comprehensions;
mod dicts;
mod parsed;
mod statements;
mod strings;
mod types;

use ruff_python_ast::PythonVersion;
use ruff_text_size::Ranged;

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::{Context, Fixable, On, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "version-gated-syntax",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("version_gated_syntax.md"),
    options: &[],
    on: &[
        On::ModModule(parsed::check),
        On::ExprFString(strings::check),
        On::StmtFunctionDef(statements::check_function),
        On::StmtClassDef(statements::check_class),
        On::StmtMatch(statements::check_match),
        On::StmtWith(statements::check_with),
        On::StmtAnnAssign(statements::check_annotated),
        On::StmtTry(statements::check_finally),
        On::StmtImportFrom(statements::check_future),
        On::ExprListComp(comprehensions::check_list),
        On::ExprSetComp(comprehensions::check_set),
        On::ExprDictComp(comprehensions::check_dict),
        On::ExprSubscript(types::check_subscript),
        On::ExprBinOp(types::check_union),
        On::ExprBinOp(dicts::check_union),
        On::StmtAugAssign(dicts::check_update),
    ],
};

/// What an old Python does with what is too new for it.
#[derive(Clone, Copy)]
enum Outcome {
    /// The file cannot be compiled.
    SyntaxError,
    /// It compiles, and raises when it gets there.
    Raises(&'static str),
}

/// The oldest Python that is declared, if it is older than `since`. No Python runs a stub, and a
/// module that carries a newer version in its name (`_compat_py312`) is not meant for old ones.
fn older(cx: &Context<'_>, since: PythonVersion) -> Option<PythonVersion> {
    let lowest = cx.target()?.lowest;
    (lowest < since && !cx.is_stub && !is_named_for(cx.module.as_str(), since)).then_some(lowest)
}

/// Says that something is too new for the oldest Python that is declared.
fn report<'c>(
    cx: &'c mut Context<'_>,
    at: impl Ranged,
    what: &str,
    since: PythonVersion,
    lowest: PythonVersion,
    outcome: Outcome,
) -> &'c mut Diagnostic {
    let fate = match outcome {
        Outcome::SyntaxError => "is a syntax error".to_owned(),
        Outcome::Raises(error) => format!("raises `{error}`"),
    };
    cx.report(at, format!("{what} is new in Python {since}: on {lowest} it {fate}"))
}

/// Whether a dotted name has a part that says `py312` or `python3_12`, for a version from `since`.
fn is_named_for(module: &str, since: PythonVersion) -> bool {
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
