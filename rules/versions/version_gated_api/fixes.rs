//! What can be written instead without another design.

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprCall, StmtImportFrom};
use ruff_text_size::{Ranged, TextRange};

use super::super::calls::without_keyword;
use super::super::imports::{listed_range, new_line};
use super::super::uses::{How, Use};
use crate::fix::Fix;
use crate::rule::Context;
use crate::semantic::ScopeId;

pub(super) fn fix<'a>(used: &Use<'a>, cx: &Context<'a>) -> Option<Fix> {
    match (used.how, used.node) {
        (How::Module, AnyNodeRef::StmtImport(it)) => {
            import_backport(used, cx, it.range, it.names.len())
        }
        (How::Module, AnyNodeRef::StmtImportFrom(it)) => import_backport(used, cx, it.range, 1),
        (How::Import, AnyNodeRef::StmtImportFrom(it)) if used.name.starts_with("typing") => {
            import_from_extensions(used, it, cx)
        }
        (How::Import, AnyNodeRef::StmtImportFrom(it)) => rename_import(used, it, cx),
        (How::Attribute, AnyNodeRef::ExprAttribute(it)) => rename_attribute(used, it, cx),
        (How::Method, AnyNodeRef::ExprAttribute(it)) => slice_affix(used, it, cx),
        (How::Keyword, AnyNodeRef::ExprCall(it)) if used.name.is("builtins.zip") => {
            drop_strict(it, cx)
        }
        _ => None,
    }
}

/// A newer name for what an older module has already.
struct Renamed {
    name: &'static str,
    /// What to import from the same module.
    import: &'static str,
    /// The same value, said with that.
    value: &'static str,
}

const RENAMED: &[Renamed] = &[
    Renamed { name: "functools.cache", import: "lru_cache", value: "lru_cache(maxsize=None)" },
    Renamed { name: "datetime.UTC", import: "timezone", value: "timezone.utc" },
];

/// `functools.cache` is `functools.lru_cache(maxsize=None)`.
fn rename_attribute(used: &Use<'_>, attribute: &ExprAttribute, cx: &Context<'_>) -> Option<Fix> {
    let renamed = RENAMED.iter().find(|it| used.name.is(it.name))?;
    let name = attribute.attr.range();
    let is_plain = !cx.has_comment(attribute.range);
    is_plain.then(|| Fix::safe(format!("Write `{}`", renamed.value)).replace(name, renamed.value))
}

/// `from functools import cache`, with all that is said of `cache`.
fn rename_import<'a>(
    used: &Use<'a>,
    statement: &'a StmtImportFrom,
    cx: &Context<'a>,
) -> Option<Fix> {
    let renamed = RENAMED.iter().find(|it| used.name.is(it.name))?;
    let alias = statement.names.iter().find(|alias| alias.name.range() == used.range)?;
    if alias.asname.is_some() || cx.module.is_package() {
        return None;
    }
    let symbol = cx.semantic.symbol_in(ScopeId::MODULE, cx.semantic.name(alias.name.as_str())?)?;
    let binding = cx.semantic.only_binding(symbol)?;
    if binding.range != alias.name.range() {
        return None;
    }
    let is_imported = statement
        .names
        .iter()
        .any(|other| other.name.as_str() == renamed.import && other.asname.is_none());
    let is_known = cx.semantic.name(renamed.import).is_some();
    if is_known && !is_imported {
        return None;
    }
    let mut fix = Fix::safe(format!("Write `{}`", renamed.value));
    fix = match is_imported {
        false => fix.replace(alias.range, renamed.import),
        true => fix.delete(listed_range(statement, alias.range, cx)?),
    };
    for reference in cx.semantic.references(symbol) {
        let AnyNodeRef::ExprName(name) = cx.tree.node(reference.node) else { return None };
        fix = fix.replace(name.range, renamed.value);
    }
    Some(fix)
}

/// `from typing_extensions import Self`.
fn import_from_extensions(
    used: &Use<'_>,
    statement: &StmtImportFrom,
    cx: &Context<'_>,
) -> Option<Fix> {
    let alias = statement.names.iter().find(|alias| alias.name.range() == used.range)?;
    let fix = Fix::unsafe_("Import it from `typing_extensions`");
    if let [_] = &statement.names[..] {
        return Some(fix.replace(statement.module.as_ref()?.range(), "typing_extensions"));
    }
    let (end, indent) = new_line(statement, cx)?;
    let line = format!("\n{indent}from typing_extensions import {}", cx.slice(alias));
    Some(fix.delete(listed_range(statement, alias.range, cx)?).insert(end, line))
}

/// Modules that a package has under another name, all of whose names are the same.
const OTHER_MODULES: &[(&str, &str)] = &[
    ("importlib.metadata", "importlib_metadata"),
    ("importlib.resources", "importlib_resources"),
    ("tomllib", "tomli"),
    ("zoneinfo", "backports.zoneinfo"),
];

/// Puts an import into a `try` statement whose handler imports the backport.
fn import_backport(
    used: &Use<'_>,
    cx: &Context<'_>,
    statement: TextRange,
    names: usize,
) -> Option<Fix> {
    let (module, package) = OTHER_MODULES.iter().find(|(module, _)| used.name.is(module))?;
    let text = cx.slice(statement);
    let is_line = cx.begins_line(statement.start())
        && cx.line_end_after(statement).is_some()
        && names == 1
        && !text.contains(['\n', '\r']);
    let instead = match text.strip_prefix("import ") {
        Some(rest) => {
            let rest = rest.trim();
            let name = rest.strip_prefix(module)?.trim();
            match name.strip_prefix("as ") {
                Some(name) => format!("import {package} as {}", name.trim()),
                // `import importlib.metadata` binds `importlib`.
                None if module.contains('.') => return None,
                None => format!("import {package} as {module}"),
            }
        }
        None => {
            let rest = text.strip_prefix("from ")?.trim_start().strip_prefix(module)?;
            format!("from {package}{rest}")
        }
    };
    let indent = cx.indent_at(statement.start());
    let lines = format!(
        "try:\n{indent}    {text}\n{indent}except ModuleNotFoundError:\n{indent}    {instead}"
    );
    is_line
        .then(|| Fix::unsafe_(format!("Import `{package}` where it is not there")))
        .map(|fix| fix.replace(statement, lines))
}

/// `(name[len(prefix):] if name.startswith(prefix) else name)`.
fn slice_affix<'a>(used: &Use<'a>, method: &'a ExprAttribute, cx: &Context<'a>) -> Option<Fix> {
    let is_prefix = match used.name.last() {
        "removeprefix" => true,
        "removesuffix" => false,
        _ => return None,
    };
    let AnyNodeRef::ExprCall(call) = cx.parent(method) else { return None };
    let Expr::Name(value) = &*method.value else { return None };
    let [affix @ (Expr::Name(_) | Expr::StringLiteral(_))] = &*call.arguments.args else {
        return None;
    };
    let (value, affix) = (value.id.as_str(), cx.slice(affix));
    if !call.arguments.keywords.is_empty() || affix.contains(['\n', '\r']) {
        return None;
    }
    let text = match is_prefix {
        true => format!("({value}[len({affix}):] if {value}.startswith({affix}) else {value})"),
        // An empty suffix would slice everything away.
        false => format!(
            "({value}[: len({value}) - len({affix})] if {value}.endswith({affix}) else {value})"
        ),
    };
    Some(Fix::unsafe_("Test, and slice").replace(call.range(), text))
}

/// `zip(a, b)`: what `strict=False` means, and what `strict=True` means as long as it is right.
fn drop_strict(call: &ExprCall, cx: &Context<'_>) -> Option<Fix> {
    let keyword = call.arguments.find_keyword("strict")?;
    let title = "Leave `strict` out";
    let fix = match &keyword.value {
        Expr::BooleanLiteral(it) if !it.value => Fix::safe(title),
        Expr::BooleanLiteral(_) => Fix::unsafe_(title),
        _ => return None,
    };
    Some(fix.delete(without_keyword(call, keyword, cx)?))
}
