mod advice;
mod fixes;

use ruff_python_ast::{ModModule, PythonVersion};

use super::gate::{Outcome, note, older, report};
use super::guards::{Missing, is_so, reach};
use super::removed_stdlib_api;
use super::stdlib;
use super::uses::{How, Use, Wanted, uses};
use crate::diagnostic::Severity;
use crate::rule::{Context, Fixable, On, Rule};
use crate::semantic::pythons::Pythons;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "version-gated-api",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("version_gated_api.md"),
    options: &[],
    on: &[On::ModModule(check), On::Suspicion(is_so)],
};

/// The table knows of nothing newer.
const NEWEST: PythonVersion = PythonVersion::PY314;

/// What is asked on platforms alone that no older Python runs on (PEP 730, PEP 738).
const OF_NEW_PLATFORMS: &[&str] = &["platform.android_ver", "platform.ios_ver"];

fn check<'a>(_: &'a ModModule, cx: &mut Context<'a>) {
    let Some(lowest) = older(cx, NEWEST) else { return };
    let builtins: Vec<&str> = stdlib::new_builtins(lowest).collect();
    let is_census = cx.is_census();
    let removed_by = cx.is_census().then_some(NEWEST);
    let wanted = Wanted { added_after: Some(lowest), removed_by, builtins: &builtins };
    for used in uses(cx, wanted) {
        check_use(&used, cx);
        if let Some(target) = cx.target().filter(|_| is_census) {
            removed_stdlib_api::check_use(&used, target, NEWEST, cx);
        }
    }
}

fn check_use<'a>(used: &Use<'a>, cx: &mut Context<'a>) {
    let Some(since) = used.row.added else { return };
    let Some(lowest) = older(cx, since) else { return };
    let there = Pythons::from(since);
    let missing = Missing {
        errors: used.how.errors(),
        attribute: (used.how != How::Keyword).then(|| used.name.last()),
        there,
        is_gone: false,
    };
    let reached = reach(cx, used.node, missing).of(used.name);
    // What runs only where it is missing was written by somebody who knows better than the annotation
    // of the value.
    let is_mistaken = used.how == How::Method && reached.any().and(there).is_empty();
    if is_mistaken || used.name.is_any(OF_NEW_PLATFORMS) {
        return;
    }
    let asked = Pythons::from(lowest).without(there);
    if reached.any().and(asked).is_empty() && !cx.is_census() {
        return;
    }
    let what = used.what();
    let outcome = Outcome::Raises(used.how.error(), reached);
    if cx.is_census() {
        note(cx, &used.range, what, since, outcome);
        return;
    }
    let help = advice::help(used, since);
    let fix = fixes::fix(used, cx);
    report(cx, used.range, what, since, lowest, outcome).help(help).fix(fix);
}
