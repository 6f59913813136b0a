mod instead;

use std::fmt::Write as _;

use ruff_python_ast::{AnyNodeRef, ModModule, PythonVersion, StmtFunctionDef};

use super::guards::{Missing, is_so, reach};
use super::uses::{How, Use, Wanted, uses};
use crate::diagnostic::Severity;
use crate::rule::{Context, Fixable, On, Rule, Target};
use crate::semantic::pythons::Pythons;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "removed-stdlib-api",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("removed_stdlib_api.md"),
    options: &[],
    on: &[On::ModModule(check), On::Decorated(check_property), On::Suspicion(is_so)],
};

/// The newest Python that the table knows all removals of.
const NEWEST: PythonVersion = PythonVersion::PY314;

fn check<'a>(_: &'a ModModule, cx: &mut Context<'a>) {
    let Some(target) = cx.target() else { return };
    // A census asks `version-gated-api` for both, which takes one search.
    if cx.is_stub || cx.is_census() {
        return;
    }
    let highest = target.highest.filter(|it| *it <= NEWEST).unwrap_or(NEWEST);
    let wanted = Wanted { added_after: None, removed_by: Some(highest), builtins: &[] };
    for used in uses(cx, wanted) {
        check_use(&used, target, highest, cx);
    }
}

/// Looks at a use of something that was removed.
pub(super) fn check_use<'a>(
    used: &Use<'a>,
    target: Target,
    highest: PythonVersion,
    cx: &mut Context<'a>,
) {
    let Some(end) = used.row.removed else { return };
    // `setuptools` brings `distutils` with it, and is written for it.
    let has_distutils = || {
        cx.imports_top(|top| top == "setuptools") || cx.module.as_str().starts_with("setuptools.")
    };
    if used.name.starts_with("distutils") && has_distutils() {
        return;
    }
    let there = Pythons::below(end);
    let missing = Missing {
        errors: used.how.errors(),
        attribute: (used.how != How::Keyword).then(|| used.name.last()),
        there,
        is_gone: true,
    };
    let reached = reach(cx, used.node, missing).of(used.name);
    let what = used.what();
    cx.need(|| reached.need(used.range, what.clone(), there));
    let after = PythonVersion { minor: highest.minor + 1, ..highest };
    let declared = Pythons::from(target.lowest).and(Pythons::below(after));
    let reached = reached.and(declared.without(there));
    if cx.is_census() || reached.any().is_empty() {
        return;
    }
    let error = used.how.error();
    let mut message = format!("{what} was removed in Python {end}: it raises `{error}` there");
    if let Some(since) = used.row.deprecated.filter(|since| *since < end) {
        let _ = write!(message, ", after it was deprecated in {since}");
    }
    let (help, fix) = instead::of(used, target.lowest, cx);
    cx.report_on(reached.premise(), used.range, message).help(help).fix(fix);
}

/// `@classmethod` around `@property`: until 3.12, classes had such properties (3.9, bpo-19072).
fn check_property<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    let [outer, inner] = &function.decorator_list[..] else { return };
    let end = PythonVersion::PY313;
    let Some(target) =
        cx.target().filter(|it| !cx.is_stub && it.highest.is_none_or(|it| it >= end))
    else {
        return;
    };
    let Some(class) = cx.class_of(function) else { return };
    if !cx.is(&outer.expression, "builtins.classmethod")
        || !cx.is(&inner.expression, "builtins.property")
    {
        return;
    }
    let node = AnyNodeRef::StmtFunctionDef(function);
    let there = Pythons::from(PythonVersion::PY39).and(Pythons::below(end));
    let missing = Missing { errors: &[], attribute: None, there, is_gone: true };
    let reached = reach(cx, node, missing);
    cx.need(|| reached.need(inner.range, "`@classmethod` around `@property`", there));
    let reached = reached.and(Pythons::from(target.lowest.max(end)));
    if reached.any().is_empty() {
        return;
    }
    let message = format!(
        "`@classmethod` around `@property` was given up in Python {end}: `{}.{}` is a bound method \
         there",
        class.name, function.name
    );
    cx.report_on(reached.premise(), inner, message).help(
        "put the property into a metaclass, or write a descriptor whose `__get__` asks the class",
    );
}
