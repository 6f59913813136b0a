mod comprehensions;
mod dicts;
mod early;
mod parsed;
mod statements;
mod strings;

use ruff_python_ast::{ExprBinOp, ExprSubscript};

use super::guards::is_so;
use super::types;
use crate::diagnostic::Severity;
use crate::rule::{Context, Fixable, On, Rule};
use crate::semantic::Reading;

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
        On::ExprSubscript(statements::check_named_index),
        On::ExprSubscript(check_subscript),
        On::ExprBinOp(check_union),
        On::ExprBinOp(dicts::check_union),
        On::StmtAugAssign(dicts::check_update),
        On::Suspicion(is_so),
    ],
};

// In annotations, `future-annotations-required` looks at these.

fn check_subscript<'a>(subscript: &'a ExprSubscript, cx: &mut Context<'a>) {
    types::check_subscript(subscript, Reading::Runtime, cx);
}

fn check_union<'a>(operation: &'a ExprBinOp, cx: &mut Context<'a>) {
    types::check_union(operation, Reading::Runtime, cx);
}
