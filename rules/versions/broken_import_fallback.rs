use ruff_python_ast::{AnyNodeRef, ExceptHandler, ExceptHandlerExceptHandler, Expr, Stmt, StmtTry};
use ruff_text_size::Ranged;

use crate::diagnostic::Severity;
use crate::fix::Fix;
use crate::rule::{Context, Fixable, On, Rule};
use crate::semantic::{Binding, BindingKind, Reference, ScopeId, SymbolId};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "broken-import-fallback",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("broken_import_fallback.md"),
    options: &[],
    on: &[On::StmtTry(check)],
};

fn check<'a>(statement: &'a StmtTry, cx: &mut Context<'a>) {
    // Only imports, and a flag that says they went well.
    let is_import = |it: &Stmt| it.is_import_stmt() || it.is_import_from_stmt();
    let is_flag = |it: &Stmt| matches!(it, Stmt::Assign(it) if it.value.is_boolean_literal_expr());
    if !statement.body.first().is_some_and(is_import)
        || !statement.body.iter().all(|it| is_import(it) || is_flag(it))
        || cx.is_stub
    {
        return;
    }
    for ExceptHandler::ExceptHandler(handler) in &statement.handlers {
        if catches_too_much(statement, handler, cx) {
            report_breadth(handler, cx);
        }
    }
    if let [ExceptHandler::ExceptHandler(handler)] = &statement.handlers[..]
        && statement.orelse.is_empty()
        && statement.finalbody.is_empty()
    {
        if handler.body.iter().all(|it| it.is_pass_stmt()) {
            check_unbound(statement, handler, cx);
        } else {
            check_kind(statement, handler, cx);
        }
    }
}

/// Whether a handler takes any error for a missing module, without a word.
fn catches_too_much<'a>(
    statement: &'a StmtTry,
    handler: &'a ExceptHandlerExceptHandler,
    cx: &Context<'a>,
) -> bool {
    let is_broad = match handler.type_.as_deref() {
        None => true,
        Some(class) => cx.is_any(class, &["builtins.Exception", "builtins.BaseException"]),
    };
    // Another handler for what is missing: this one is for what is broken.
    let is_only = statement.handlers.len() == 1;
    let quiet = |it: &Stmt| match it {
        Stmt::Pass(_) | Stmt::Import(_) | Stmt::ImportFrom(_) => true,
        Stmt::Assign(it) => it.value.is_literal_expr() || it.value.is_name_expr(),
        _ => false,
    };
    is_broad
        && is_only
        && handler.name.is_none()
        && handler.body.iter().all(quiet)
        && !imports_what_needs_a_system(statement)
        && !is_explained(statement, handler, cx)
}

/// Whether a comment at the handler says that more than an `ImportError` is meant.
fn is_explained(
    statement: &StmtTry,
    handler: &ExceptHandlerExceptHandler,
    cx: &Context<'_>,
) -> bool {
    let (Some(before), Some(after)) = (statement.body.last(), handler.body.first()) else {
        return false;
    };
    let between = cx.slice(ruff_text_size::TextRange::new(before.end(), after.start()));
    between.split_once('#').is_some_and(|(_, comments)| {
        let comments = comments.to_ascii_lowercase();
        comments.contains("importerror") || comments.contains("import error")
    })
}

/// Modules whose import raises other errors where the system, or what it has installed, lacks
/// something: that is caught on purpose.
const NEEDS_A_SYSTEM: &[&str] = &[
    "ctypes",
    "cudf",
    "cupy",
    "curses",
    "gi",
    "jax",
    "libtorch",
    "llvmlite",
    "matplotlib",
    "numba",
    "pycuda",
    "readline",
    "rmm",
    "tensorflow",
    "tkinter",
    "torch",
    "win32api",
    "win32com",
    "wx",
];

fn imports_what_needs_a_system(statement: &StmtTry) -> bool {
    let needs = |name: &str| NEEDS_A_SYSTEM.contains(&name.split('.').next().unwrap_or_default());
    statement.body.iter().any(|it| match it {
        Stmt::Import(it) => it.names.iter().any(|alias| needs(alias.name.as_str())),
        Stmt::ImportFrom(it) => it.module.as_deref().is_some_and(needs),
        _ => false,
    })
}

fn report_breadth<'a>(handler: &'a ExceptHandlerExceptHandler, cx: &mut Context<'a>) {
    let message = "any error while the module is imported is taken for its absence";
    let fix = Fix::unsafe_("Catch `ImportError`");
    let fix = match handler.type_.as_deref() {
        Some(class) => fix.replace(class.range(), "ImportError"),
        None => {
            let keyword = ruff_text_size::TextSize::from("except".len() as u32);
            fix.insert(handler.start() + keyword, " ImportError")
        }
    };
    let at = match handler.type_.as_deref() {
        Some(class) => class.range(),
        None => ruff_text_size::TextRange::at(handler.start(), 6.into()),
    };
    cx.report(at, message)
        .help("catch `ImportError`, so that a fault in the module itself is seen")
        .fix(Some(fix));
}

/// `except ImportError: pass`, and then the name is used as if it were there.
fn check_unbound<'a>(
    statement: &'a StmtTry,
    handler: &'a ExceptHandlerExceptHandler,
    cx: &mut Context<'a>,
) {
    if cx.semantic.scope(ScopeId::MODULE).opaque {
        return;
    }
    let id = cx.id(statement);
    let imported: Vec<&Binding<'a>> = cx
        .semantic
        .all_bindings()
        .iter()
        .filter(|it| cx.tree.contains(id, it.node) && is_import_binding(it))
        .collect();
    for binding in imported {
        let symbol = cx.semantic.symbol_of(binding);
        let is_module_level = cx.semantic.scope_of_symbol(symbol) == ScopeId::MODULE;
        let is_alone = cx.semantic.bindings(symbol).count() == 1;
        if !is_module_level || !is_alone {
            continue;
        }
        let Some(used) = unguarded_use(statement, symbol, cx) else { continue };
        let name = cx.semantic.text(symbol);
        let node = cx.tree.node(used.node).range();
        let message =
            format!("`{name}` stays unbound where its import fails, and is used all the same");
        let body = handler.body.first().map(Ranged::range);
        let fix = body.map(|body| {
            Fix::unsafe_(format!("Bind `{name}` to `None`")).replace(body, format!("{name} = None"))
        });
        let only_one = statement.body.len() == 1 && handler.body.len() == 1;
        cx.report(binding.range, message)
            .label(node, "`NameError` here")
            .help(format!("bind `{name}` in the handler, and test it before it is used; or do without the `try`"))
            .fix(fix.filter(|_| only_one));
        return;
    }
}

fn is_import_binding(binding: &Binding<'_>) -> bool {
    matches!(binding.kind, BindingKind::Import(..) | BindingKind::FromImport(..))
}

/// A read of a name that runs whenever the module does, and that nothing guards.
fn unguarded_use<'c, 'a>(
    statement: &'a StmtTry,
    symbol: SymbolId,
    cx: &'c Context<'a>,
) -> Option<&'c Reference> {
    let mut references: Vec<&Reference> = cx.semantic.references(symbol).collect();
    references.sort_by_key(|it| it.start);
    references.into_iter().find(|reference| {
        let runs_with_module = reference.scope == ScopeId::MODULE
            && reference.reading.is_evaluated()
            && reference.start > statement.end();
        runs_with_module
            && cx.tree.ancestors(reference.node).all(|(_, it)| {
                !matches!(
                    it,
                    AnyNodeRef::StmtIf(_)
                        | AnyNodeRef::StmtTry(_)
                        | AnyNodeRef::StmtWith(_)
                        | AnyNodeRef::StmtWhile(_)
                        | AnyNodeRef::ExprIf(_)
                        | AnyNodeRef::ExprBoolOp(_)
                        | AnyNodeRef::ExprLambda(_)
                        | AnyNodeRef::StmtDelete(_)
                        | AnyNodeRef::StmtFor(_)
                )
            })
            && !leaves_before(statement, reference, cx)
    })
}

/// Whether the module may have been left between the import and a use.
fn leaves_before<'a>(statement: &'a StmtTry, reference: &Reference, cx: &Context<'a>) -> bool {
    let between = |it: &&Stmt| it.start() > statement.end() && it.end() < reference.start;
    cx.root().body.iter().filter(between).any(|it| match it {
        Stmt::If(_) | Stmt::Raise(_) | Stmt::Try(_) => true,
        Stmt::Expr(it) => matches!(&*it.value, Expr::Call(call)
            if cx.slice(&*call.func).ends_with("importorskip")),
        Stmt::Assign(it) => cx.slice(&*it.value).contains("importorskip"),
        _ => false,
    })
}

/// A module on one way, a function on the other: `json.dumps` is there on one of them only.
fn check_kind<'a>(
    statement: &'a StmtTry,
    handler: &'a ExceptHandlerExceptHandler,
    cx: &mut Context<'a>,
) {
    let modules = statement.body.iter().filter_map(Stmt::as_import_stmt).flat_map(|it| &it.names);
    for alias in modules {
        let bound = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
        let bound = bound.split('.').next().unwrap_or(bound);
        let function = handler.body.iter().find_map(|it| match it {
            Stmt::FunctionDef(function) if function.name.as_str() == bound => Some(function),
            _ => None,
        });
        let Some(function) = function else { continue };
        let Some(id) = cx.semantic.global(bound) else { continue };
        let is_used_as_module = cx.semantic.references(id).any(|reference| {
            matches!(cx.tree.node(cx.tree.parent(reference.node)), AnyNodeRef::ExprAttribute(_))
        });
        if !is_used_as_module {
            continue;
        }
        let message =
            format!("`{bound}` is a module where the import works, and a function where it fails");
        cx.report(&function.name, message)
            .label(alias, "the module")
            .help(format!("what is asked of `{bound}` must be there on both ways"));
        return;
    }
}
