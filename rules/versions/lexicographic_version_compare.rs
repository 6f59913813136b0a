use ruff_python_ast::{CmpOp, Expr, ExprCompare};
use ruff_text_size::Ranged;

use crate::diagnostic::Severity;
use crate::fix::Fix;
use crate::rule::{Context, Fixable, On, Rule};
use crate::semantic::BindingKind;
use crate::syntax::string_text;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "lexicographic-version-compare",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("lexicographic_version_compare.md"),
    options: &[],
    on: &[On::ExprCompare(check)],
};

fn check<'a>(comparison: &'a ExprCompare, cx: &mut Context<'a>) {
    let ([op], [right]) = (&*comparison.ops, &*comparison.comparators) else { return };
    if !matches!(op, CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE) {
        return;
    }
    let left = &*comparison.left;
    let (version, literal) = match (left, right) {
        (version, Expr::StringLiteral(literal)) | (Expr::StringLiteral(literal), version) => {
            (version, literal)
        }
        _ => return,
    };
    let text = string_text(&literal.value);
    if !is_version(text) || !is_version_text(version, cx) {
        return;
    }
    let said = cx.slice(version);
    let said = if said.contains('\n') { "the version" } else { &format!("`{said}`") };
    let message = format!("{said} is compared with `\"{text}\"` as text, {}", example(text));
    let fix = fix(comparison, right, cx);
    cx.report(comparison, message)
        .help("compare `packaging.version.Version` objects, or tuples of numbers")
        .fix(fix);
}

/// Whether a text is a version of at least two numbers, and no date.
fn is_version(text: &str) -> bool {
    let mut parts = text.split('.');
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    let first = parts.next().unwrap_or_default();
    let second = parts.next().unwrap_or_default();
    // `2024.01` sorts as text does, as long as its parts are of one length.
    is_number(first)
        && first.len() < 4
        && second.starts_with(|it: char| it.is_ascii_digit())
        && text.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'+' | b'-'))
}

/// A version that is greater as a version and less as text, or the other way round.
fn example(text: &str) -> String {
    let second = text.split('.').nth(1).unwrap_or_default();
    let (major, _) = text.split_once('.').unwrap_or((text, ""));
    match second.parse::<u32>() {
        Ok(number) if number >= 10 => format!("where `{major}.9` is greater"),
        Ok(number) if number > 0 => format!("where `{major}.10` is less"),
        _ => match major.parse::<u32>() {
            Ok(number) if number >= 10 => "where `9.0` is greater".to_owned(),
            Ok(0 | 1) | Err(_) => format!("where `{major}.0` is less than `{major}.0.dev1`"),
            Ok(_) => "where `10.0` is less".to_owned(),
        },
    }
}

/// Functions that give a version as text.
const FUNCTIONS: &[&str] = &[
    "importlib.metadata.version",
    "importlib_metadata.version",
    "platform.mac_ver",
    "platform.python_version",
    "platform.release",
];

/// Whether an expression is a version as text: what else could be compared with a literal of text.
fn is_version_text<'a>(expression: &'a Expr, cx: &Context<'a>) -> bool {
    match expression {
        Expr::Attribute(it) => match it.attr.as_str() {
            "__version__" => true,
            "version" | "VERSION" => is_distribution(&it.value, cx),
            _ => false,
        },
        Expr::Name(name) => {
            let text = name.id.as_str();
            let is_named_so = text == "__version__"
                || text.eq_ignore_ascii_case("version")
                || text.to_ascii_lowercase().ends_with("_version");
            is_named_so
                && match cx.binding(name).map(|it| it.kind) {
                    Some(BindingKind::Assignment(value)) => match value {
                        Expr::Attribute(_) | Expr::Call(_) => is_version_text(value, cx),
                        Expr::StringLiteral(_) => true,
                        _ => false,
                    },
                    Some(BindingKind::FromImport(..)) => text == "__version__",
                    _ => false,
                }
        }
        Expr::Call(call) => cx.is_any(&call.func, FUNCTIONS),
        _ => false,
    }
}

/// Whether something is a distribution, as `importlib.metadata` and `pkg_resources` have them.
fn is_distribution<'a>(expression: &'a Expr, cx: &Context<'a>) -> bool {
    const MAKERS: &[&str] = &[
        "importlib.metadata.distribution",
        "importlib_metadata.distribution",
        "pkg_resources.get_distribution",
        "pkg_resources.require",
    ];
    match expression {
        Expr::Call(call) => cx.is_any(&call.func, MAKERS),
        _ => false,
    }
}

/// Compares `Version` objects, where the file has that class already.
fn fix<'a>(comparison: &'a ExprCompare, right: &'a Expr, cx: &Context<'a>) -> Option<Fix> {
    let imported = cx.import("packaging.version", "Version", comparison)?;
    if imported.edit.is_some() {
        // Whether `packaging` is there at run time cannot be known.
        return None;
    }
    let class = imported.text;
    let wrap =
        |fix: Fix, at: &Expr| fix.insert(at.start(), format!("{class}(")).insert(at.end(), ")");
    Some(wrap(wrap(Fix::unsafe_("Compare versions"), &comparison.left), right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_have_two_numbers() {
        for text in ["1.10", "2.0.1", "0.9b2", "1.13.0+cu117", "3.10.0rc1"] {
            assert!(is_version(text), "{text}");
        }
        for text in ["", "1", "v1.0", "2024.01.30", "a.b", "1.", "1.x", "1.0 beta", "10:30"] {
            assert!(!is_version(text), "{text}");
        }
    }

    #[test]
    fn examples_fit_the_version() {
        assert_eq!(example("1.10"), "where `1.9` is greater");
        assert_eq!(example("1.9.2"), "where `1.10` is less");
        assert_eq!(example("2.0"), "where `10.0` is less");
        assert_eq!(example("12.0"), "where `9.0` is greater");
    }
}
