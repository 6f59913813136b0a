mod branches;
mod imports;
mod layout;

use ruff_python_ast::{AnyNodeRef, PythonVersion, StmtImportFrom};
use ruff_text_size::Ranged;

use super::imports::listed_range;
use crate::diagnostic::Severity;
use crate::fix::Fix;
use crate::rule::{Context, Fixable, On, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "outdated-compat-code",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("outdated_compat_code.md"),
    options: &[],
    on: &[
        On::StmtIf(branches::check_statement),
        On::ExprIf(branches::check_expression),
        On::StmtTry(imports::check),
        On::StmtImportFrom(check_future),
    ],
};

/// The oldest Python that is declared, for code that is run.
fn lowest(cx: &Context<'_>) -> Option<PythonVersion> {
    cx.target().filter(|_| !cx.is_stub).map(|it| it.lowest)
}

/// Whether a file can speak of the version of Python at all, in `sys` or in `six`: few do.
fn speaks_of_versions(cx: &Context<'_>) -> bool {
    struct Speaks(bool);
    let is_it = |name: &str| matches!(name.split('.').next(), Some("six" | "sys"));
    let speaks = |cx: &Context<'_>| {
        let mut imports = cx.semantic.sites().imports.iter().map(|id| cx.tree.node(*id));
        let speaks = cx.semantic.name("sys").is_some()
            || imports.any(|it| match it {
                AnyNodeRef::StmtImport(it) => it.names.iter().any(|alias| is_it(&alias.name)),
                AnyNodeRef::StmtImportFrom(it) => match &it.module {
                    Some(module) => is_it(module),
                    None => it.names.iter().any(|alias| is_it(&alias.name)),
                },
                _ => false,
            });
        Speaks(speaks)
    };
    cx.once(speaks).0
}

/// Whether a file is not the project's own, but kept as its authors wrote it. To be asked last: it
/// reads the whole name of the module.
fn is_foreign(cx: &Context<'_>) -> bool {
    const FOREIGN: &[&str] =
        &["_vendor", "_vendored", "extern", "third_party", "vendor", "vendored"];
    cx.module.as_str().split('.').any(|part| FOREIGN.contains(&part))
}

/// Features that are on in every Python of a minor version of 3.
const FUTURES: &[(&str, u8)] = &[
    ("absolute_import", 0),
    ("division", 0),
    ("generator_stop", 7),
    ("generators", 0),
    ("nested_scopes", 0),
    ("print_function", 0),
    ("unicode_literals", 0),
    ("with_statement", 0),
];

/// `from __future__ import division`
fn check_future<'a>(statement: &'a StmtImportFrom, cx: &mut Context<'a>) {
    if statement.level > 0 || statement.module.as_deref() != Some("__future__") {
        return;
    }
    let Some(lowest) = lowest(cx) else { return };
    let is_old = |name: &str| {
        FUTURES.iter().any(|(feature, since)| *feature == name && *since <= lowest.minor)
    };
    let old = statement.names.iter().filter(|alias| is_old(alias.name.as_str()));
    let old: Vec<_> = old.filter(|alias| alias.asname.is_none()).collect();
    let Some(first) = old.first().filter(|_| !is_foreign(cx)) else { return };
    let names: Vec<String> = old.iter().map(|alias| format!("`{}`", alias.name)).collect();
    let names = names.join(", ");
    let verb = if old.len() == 1 { "is" } else { "are" };
    let message = format!("{names} of `__future__` {verb} on in every Python from {lowest} on");
    let fix = if old.len() == statement.names.len() {
        layout::whole_lines(statement.range, cx)
            .map(|lines| Fix::safe("Take the import away").delete(lines))
    } else {
        // The others stay: one at a time, since commas are shared.
        listed_range(statement, first.range, cx)
            .map(|range| Fix::safe(format!("Take `{}` away", first.name)).delete(range))
    };
    let at = if old.len() == 1 { first.range() } else { statement.range };
    cx.report(at, message).help("take it away").fix(fix);
}
