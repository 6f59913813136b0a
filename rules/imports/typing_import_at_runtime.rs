use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::edits::{at_the_top, quotes, written};
use super::uses::{ImportedName, Use, When, is_free_in};
use crate::diagnostic::{Diagnostic, Severity};
use crate::fix::Fix;
use crate::rule::{Context, Fixable, On, Rule, Suspected};
use crate::semantic::{ScopeId, Test, read_test};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "typing-import-at-runtime",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("typing_import_at_runtime.md"),
    options: &[],
    on: &[On::StmtIf(check), On::Suspicion(is_so)],
};

fn check<'a>(block: &'a ast::StmtIf, cx: &mut Context<'a>) {
    if cx.is_stub
        || !matches!(cx.parent(block), AnyNodeRef::ModModule(_))
        || read_test(&block.test) != Test::TypeChecking(true)
        || cx.semantic.scope(ScopeId::MODULE).opaque
    {
        return;
    }
    for statement in &block.body {
        let aliases = match statement {
            Stmt::Import(it) => &it.names,
            Stmt::ImportFrom(it) => &it.names,
            _ => continue,
        };
        for alias in aliases {
            if is_ever_evaluated(alias, cx)
                && let Some(name) = ImportedName::new(cx, alias, ScopeId::MODULE)
            {
                check_name(statement, &name, cx);
            }
        }
    }
}

/// Whether any use of an imported name may be evaluated: a cheap test, since most are in annotations
/// that are not.
fn is_ever_evaluated(alias: &ast::Alias, cx: &Context<'_>) -> bool {
    let local = alias.asname.as_ref().unwrap_or(&alias.name);
    let local = local.split('.').next().unwrap_or_default();
    let Some(symbol) = cx.semantic.global(local) else { return false };
    cx.semantic.references(symbol).any(|it| it.reading.is_evaluated())
}

fn check_name<'a>(statement: &'a Stmt, name: &ImportedName<'a>, cx: &mut Context<'a>) {
    let is_needed = |it: &&Use<'a>| it.is_evaluated() && !is_guarded(cx, it);
    let needed: Vec<Use<'a>> = name.uses.iter().filter(is_needed).copied().collect();
    let Some(first) = needed.first() else { return };
    let (local, used) = (name.local, first.range);
    let when = match first.when {
        When::Called(function) => format!("when `{}` is called", function.name),
        When::Lambda => "when this lambda is called".to_owned(),
        When::Annotation(_) => {
            "in an annotation, which Pythons before 3.14 evaluate at once".to_owned()
        }
        _ => "while the module is imported".to_owned(),
    };
    let message = format!("`{local}` is imported for type checkers alone, but needed {when}");
    let fix = fix(statement, name, &needed, cx);
    let help = match first.when {
        When::Annotation(_) => "in quotes, it is for type checkers alone",
        When::Called(_) => "import it in the function: all modules are there when it is called",
        _ => "import it outside of `if TYPE_CHECKING:` too, or do not use it here",
    };
    let imported = statement.range();
    // Another module may put it there.
    let finding = cx.suspect_about(cx.root(), local, used, message);
    finding.label(imported, "never runs: `TYPE_CHECKING` is false");
    finding.help(format!("it raises `NameError`; {help}")).fix(fix);
}

fn is_so(suspected: Suspected<'_>, _: &mut Diagnostic) -> bool {
    let name = suspected.suspicion.about.as_deref().unwrap_or_default();
    !suspected
        .project
        .files()
        .any(|(_, facts)| facts.foreign_attribute_writes().iter().any(|it| facts.text(*it) == name))
}

impl Use<'_> {
    /// Whether it needs the name to be there at run time.
    fn is_evaluated(&self) -> bool {
        !matches!(self.when, When::Quoted | When::DeferredAnnotation)
    }
}

/// Whether a use does not run, or what it raises is awaited: under `if TYPE_CHECKING:`, or in a `try`
/// whose handler takes a `NameError`.
fn is_guarded<'a>(cx: &Context<'a>, used: &Use<'a>) -> bool {
    let at = cx.tree.node(used.node).range();
    let is_in = |body: &[Stmt]| body.iter().any(|it| it.range().contains_range(at));
    cx.tree.ancestors(used.node).any(|(_, node)| match node {
        AnyNodeRef::StmtIf(it) => {
            read_test(&it.test) == Test::TypeChecking(true) && is_in(&it.body)
                || is_other_side(it, at)
        }
        AnyNodeRef::ExprIf(it) => {
            is_flag(&it.test) || matches!(read_test(&it.test), Test::TypeChecking(_))
        }
        AnyNodeRef::ExprBoolOp(it) => it.values.iter().any(is_flag),
        AnyNodeRef::StmtTry(it) => is_in(&it.body) && it.handlers.iter().any(takes_name_errors),
        _ => false,
    })
}

/// Whether something stands in the `else` of `if not TYPE_CHECKING:`.
fn is_other_side(statement: &ast::StmtIf, at: TextRange) -> bool {
    let clauses = &statement.elif_else_clauses;
    read_test(&statement.test) == Test::TypeChecking(false)
        && clauses.iter().any(|it| it.test.is_none() && it.range.contains_range(at))
}

fn is_flag(expression: &Expr) -> bool {
    matches!(read_test(expression), Test::TypeChecking(_))
}

fn takes_name_errors(handler: &ast::ExceptHandler) -> bool {
    let ast::ExceptHandler::ExceptHandler(handler) = handler;
    let takes = |expression: &Expr| match expression {
        Expr::Name(name) => {
            matches!(name.id.as_str(), "NameError" | "Exception" | "BaseException")
        }
        _ => false,
    };
    match handler.type_.as_deref() {
        None => true,
        Some(Expr::Tuple(tuple)) => tuple.elts.iter().any(takes),
        Some(expression) => takes(expression),
    }
}

/// Annotations go into quotes; functions import what they use.
fn fix<'a>(
    statement: &'a Stmt,
    name: &ImportedName<'a>,
    needed: &[Use<'a>],
    cx: &Context<'a>,
) -> Option<Fix> {
    let mut functions: Vec<&ast::StmtFunctionDef> = Vec::new();
    for used in needed {
        match used.when {
            When::Called(function) => {
                if !is_free_in(cx, function, name.local) {
                    return None;
                }
                if !functions.iter().any(|it| it.range == function.range) {
                    functions.push(function);
                }
            }
            When::Annotation(_) => {}
            _ => return None,
        }
    }
    let quotes = quotes(cx, needed.iter())?;
    let local = name.local;
    let fix = match &functions[..] {
        [] => Fix::safe(format!("Put the annotation of `{local}` into quotes")),
        [function] => Fix::unsafe_(format!("Import `{local}` in `{}`", function.name)),
        _ => Fix::unsafe_(format!("Import `{local}` in the functions that need it")),
    };
    let fix = fix.merge(quotes);
    functions.iter().try_fold(fix, |fix, function| {
        Some(fix.edit(at_the_top(cx, function, &written(statement, &[name]))?))
    })
}
