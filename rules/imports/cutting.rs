//! Ways to keep an import statement from running while its file is imported, or from asking for
//! what is not there yet. What each does to the project is tried by the machine.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::Ranged;

use super::edits::{
    Deferral, at_the_top, comment_after, deferred, from_definers, taken_out, under_type_checking,
    whole_lines, written,
};
use super::places::Around;
use super::readers::{has_readers, is_read_at_run_time, is_spoken_of};
use super::uses::{ImportStatement, ImportedName, Use, When, is_free_in};
use crate::fix::{Edit, Fix};
use crate::project::Elsewhere;
use crate::rule::{Context, Cut, Cuts, Cutting};
use crate::syntax::string_text;

/// How a cut is weighed against others.
const FROM_DEFINER: u32 = 1;
const ANNOTATIONS_LATER: u32 = 1;
const WITHOUT: u32 = 1;
const FOR_TYPE_CHECKERS: u32 = 1;
const AS_MODULE: u32 = 2;
const IN_FUNCTIONS: u32 = 3;

/// The ways to cut a statement.
pub(super) fn cut<'a>(cutting: Cutting<'a>, cx: &Context<'a>) -> Cuts {
    let Some(import) = ImportStatement::at(cx, cutting.edge.range()) else {
        return Cuts::default();
    };
    let import = concerned(cutting, cx, import);
    let mut needed: Vec<String> = Vec::new();
    for name in import.names.iter().flat_map(|it| needed_at_once(cutting, cx, &import, it)) {
        if !needed.contains(&name) {
            needed.push(name);
        }
    }
    let stays = annotations_later(cutting, cx, &import);
    let stays: Vec<Cut> =
        from_where_it_is_defined(cutting, cx, &import).into_iter().chain(stays).collect();
    let is_of_class = import.place.around == Around::Class;
    // What has to be there stays.
    let import = import
        .only(|it| !it.is_needed_at_once() && (is_of_class || !is_for_others(cutting, cx, it)));
    if import.names.is_empty() {
        return Cuts { ways: stays, needed };
    }
    let is_kept = import.rest.iter().any(|it| is_concerned(cutting, cx, import.statement(), it));
    let ways = [
        without(cx, &import).map(|fix| (WITHOUT, fix, is_kept)),
        for_type_checkers(cutting, cx, &import).map(|fix| (FOR_TYPE_CHECKERS, fix, is_kept)),
        as_module(cutting, cx, &import).map(|fix| (AS_MODULE, fix, true)),
        in_functions(cx, &import).map(|fix| (IN_FUNCTIONS, fix, is_kept)),
    ];
    let names: Vec<String> = import.names.iter().map(|it| it.local.to_owned()).collect();
    let cut = |(cost, fix, still_imports)| {
        let names = names.clone();
        Cut { cost, fix, names, is_of_class, still_imports }
    };
    let ways = ways.into_iter().flatten().map(cut);
    Cuts { ways: stays.into_iter().chain(ways).collect(), needed }
}

/// The statement, with the names to be cut that have to do with a module; all, where it is not seen which
/// those are.
fn concerned<'a>(
    cutting: Cutting<'a>,
    cx: &Context<'a>,
    import: ImportStatement<'a>,
) -> ImportStatement<'a> {
    let statement = import.statement();
    let is_one = |it: &ImportedName<'_>| is_concerned(cutting, cx, statement, it.alias);
    match import.names.iter().any(is_one) {
        true => import.only(is_one),
        false => import,
    }
}

/// Whether a statement imports a module for the sake of a name.
fn is_concerned(
    cutting: Cutting<'_>,
    cx: &Context<'_>,
    statement: &Stmt,
    alias: &ast::Alias,
) -> bool {
    let module = cutting.project.file(cutting.edge.to).module().as_str();
    // Who imports a module imports the packages around it first.
    let is_by_way_of = |name: &str| {
        let inner = name.strip_prefix(module);
        inner.is_some_and(|it| it.is_empty() || it.starts_with('.'))
    };
    let name = alias.name.as_str();
    match statement {
        Stmt::ImportFrom(it) => {
            let from = cx.module.absolute(it.level, it.module.as_deref());
            from.is_none_or(|it| is_by_way_of(&it) || is_by_way_of(&format!("{it}.{name}")))
        }
        _ => is_by_way_of(name),
    }
}

/// What is needed of an imported name while the module is imported: it, or what is taken from it if it
/// is a module.
fn needed_at_once(
    cutting: Cutting<'_>,
    cx: &Context<'_>,
    import: &ImportStatement<'_>,
    name: &ImportedName<'_>,
) -> Vec<String> {
    let imported = name.alias.name.as_str();
    let is_module = gives_module(cutting, cx, import, name);
    let at_once = name.uses.iter().filter(|it| matches!(it.when, When::Imported));
    let taken = at_once.map(|used| {
        // `import a.b` is used as `a.b.name`.
        let attributes = cx.tree.ancestors(used.node).map_while(|(_, node)| match node {
            AnyNodeRef::ExprAttribute(it) => Some(it),
            _ => None,
        });
        let attributes = attributes.map(|it| it.attr.as_str());
        let steps = match name.alias.asname {
            None if is_module && !import.statement().is_import_from_stmt() => {
                imported.matches('.').count()
            }
            _ => 0,
        };
        let attribute = attributes.skip(steps).find(|_| is_module);
        attribute.unwrap_or(imported).to_owned()
    });
    taken.collect()
}

/// Whether a name is a module's.
fn gives_module(
    cutting: Cutting<'_>,
    cx: &Context<'_>,
    import: &ImportStatement<'_>,
    name: &ImportedName<'_>,
) -> bool {
    let Stmt::ImportFrom(it) = import.statement() else { return true };
    let package = cx.module.absolute(it.level, it.module.as_deref());
    let name = name.alias.name.as_str();
    package.is_some_and(|it| cutting.project.is_module_of(cutting.edge.from, &it, name))
}

/// Whether somebody else may take a name from this module.
fn is_for_others(cutting: Cutting<'_>, cx: &Context<'_>, name: &ImportedName<'_>) -> bool {
    let exported = exported(cx);
    let is_exported = match &exported {
        Some(names) => names.contains(&name.local),
        // What a package imports it usually offers.
        None => cx.module.is_package() && !name.local.starts_with('_'),
    };
    is_exported
        || cx.semantic.global("__all__").is_some() && exported.is_none()
        || elsewhere(cutting, name) == Elsewhere::Somewhere
}

fn elsewhere(cutting: Cutting<'_>, name: &ImportedName<'_>) -> Elsewhere {
    cutting.project.used_elsewhere(cutting.edge.from, name.local)
}

/// Whether nobody can tell the difference, as far as names go.
fn is_unnoticed(cutting: Cutting<'_>, cx: &Context<'_>, names: &[ImportedName<'_>]) -> bool {
    names
        .iter()
        .all(|name| !is_spoken_of(cx, name.local) && elsewhere(cutting, name) == Elsewhere::Nowhere)
}

/// The names in `__all__`, if it is a single list of strings.
fn exported<'a>(cx: &Context<'a>) -> Option<Vec<&'a str>> {
    let symbol = cx.semantic.global("__all__")?;
    let binding = cx.semantic.only_binding(symbol)?;
    let crate::semantic::BindingKind::Assignment(value) = binding.kind else { return None };
    let elements = match value {
        Expr::List(it) => &it.elts,
        Expr::Tuple(it) => &it.elts,
        _ => return None,
    };
    let text = |it: &'a Expr| it.as_string_literal_expr().map(|it| string_text(&it.value));
    elements.iter().map(text).collect()
}

/// What the package passes on is imported from the module that defines it.
fn from_where_it_is_defined(
    cutting: Cutting<'_>,
    cx: &Context<'_>,
    import: &ImportStatement<'_>,
) -> Option<Cut> {
    let Stmt::ImportFrom(statement) = import.statement() else { return None };
    let project = cutting.project;
    let absolute = cx.module.absolute(statement.level, statement.module.as_deref())?;
    let package = project.module(cutting.edge.from, &absolute)?;
    let passed_on = |name: &str| {
        let found = project.passed_on(package, name).filter(|it| it.file != cutting.edge.from)?;
        Some((found.module, found.name))
    };
    let text = from_definers(cx, statement, &passed_on)?;
    if cx.has_comment(statement.range) {
        return None;
    }
    let title = format!("Import {} from where it is defined", listed(&import.names));
    let fix = Fix::unsafe_(title).replace(statement.range, text);
    let names = Vec::new();
    Some(Cut { cost: FROM_DEFINER, fix, names, is_of_class: false, still_imports: false })
}

/// The import stays, but annotations no longer ask the module for names while it is not ready.
fn annotations_later(
    cutting: Cutting<'_>,
    cx: &Context<'_>,
    import: &ImportStatement<'_>,
) -> Option<Cut> {
    let names = import.names.iter().filter(|it| gives_module(cutting, cx, import, it));
    let names: Vec<&ImportedName<'_>> = names.collect();
    let uses = || names.iter().flat_map(|it| &it.uses).filter(|it| it.is_annotation());
    if has_readers(cx) || uses().any(|it| is_read_at_run_time(cx, it)) {
        return None;
    }
    let (edits, how) = deferred(cx, uses())?;
    let listed = listed(names);
    let title = match how {
        Deferral::Quotes => format!("Put the annotations with {listed} into quotes"),
        Deferral::Future => {
            "Evaluate no annotation, with `from __future__ import annotations`".to_owned()
        }
    };
    let fix = Fix::unsafe_(title).merge(edits);
    let names = Vec::new();
    (!fix.edits.is_empty()).then_some(Cut {
        cost: ANNOTATIONS_LATER,
        fix,
        names,
        is_of_class: false,
        still_imports: true,
    })
}

/// The import is left out: nobody uses it, and no comment says why it is there.
fn without(cx: &Context<'_>, import: &ImportStatement<'_>) -> Option<Fix> {
    let is_unused = import.names.iter().all(|it| it.uses.is_empty());
    let lines = whole_lines(cx, import.statement());
    let is_spoken_of = import.names.iter().any(|it| is_spoken_of(cx, it.local));
    if !is_unused || is_spoken_of || cx.has_comment(lines) {
        return None;
    }
    let title = format!("Leave out {}, which nothing uses", listed(&import.names));
    Some(Fix::unsafe_(title).merge(taken_out(cx, import)?))
}

/// T: under `if TYPE_CHECKING:`. Annotations that would be evaluated are put into quotes.
fn for_type_checkers(
    cutting: Cutting<'_>,
    cx: &Context<'_>,
    import: &ImportStatement<'_>,
) -> Option<Fix> {
    let names = &import.names;
    let is_used = names.iter().any(|it| !it.uses.is_empty());
    if !is_used || !names.iter().all(ImportedName::is_for_annotations) || has_readers(cx) {
        return None;
    }
    let uses = || names.iter().flat_map(|it| &it.uses);
    if uses().any(|it| is_read_at_run_time(cx, it)) {
        return None;
    }
    let (edits, _) = deferred(cx, uses())?;
    let is_safe = edits.is_empty()
        && is_unnoticed(cutting, cx, names)
        && !cutting.project.files().any(|(_, facts)| facts.has_text("get_type_hints"));
    let title = format!("Import {} for type checkers alone", listed(names));
    let fix = if is_safe { Fix::safe(title) } else { Fix::unsafe_(title) };
    let all: Vec<&ImportedName<'_>> = names.iter().collect();
    under_type_checking(cx, import, &all, fix.merge(edits))
}

/// A: the module is imported, and its names are taken from it where they are used.
fn as_module(cutting: Cutting<'_>, cx: &Context<'_>, import: &ImportStatement<'_>) -> Option<Fix> {
    let Stmt::ImportFrom(statement) = import.statement() else { return None };
    if cx.module.is_package() {
        return None;
    }
    let dotted = statement.module.as_deref()?;
    let absolute = cx.module.absolute(statement.level, Some(dotted))?;
    let is_module =
        |package: &str, name: &str| cutting.project.is_module_of(cutting.edge.from, package, name);
    let (before, module) = dotted.rsplit_once('.').unwrap_or(("", dotted));
    let (text, around) = match (statement.level, before) {
        (0, "") => (format!("import {module}"), ""),
        (level, before) => {
            let dots = ".".repeat(level as usize);
            (format!("from {dots}{before} import {module}"), absolute.rsplit_once('.')?.0)
        }
    };
    let names = &import.names;
    let is_taken = cx.semantic.name(module).is_some();
    if is_taken
        || !around.is_empty() && !is_module(around, module)
        || names.iter().any(|it| is_module(&absolute, it.alias.name.as_str()))
    {
        return None;
    }
    let mut edits = match import.rest.is_empty() {
        true => vec![Edit::replace(statement.range, text)],
        false => {
            let mut edits = taken_out(cx, import)?;
            let indent = cx.indent_at(statement.start());
            edits.push(Edit::insert(statement.start(), format!("{text}\n{indent}")));
            edits
        }
    };
    // A comment among the names would be lost.
    if cx.has_comment(import.statement().range()) || names.iter().all(|it| it.uses.is_empty()) {
        return None;
    }
    for name in names {
        for used in &name.uses {
            let is_late =
                matches!(used.when, When::Called(_) | When::Lambda | When::DeferredAnnotation);
            if !is_late || is_in_f_string(cx, used) {
                return None;
            }
            edits.push(Edit::replace(used.range, format!("{module}.{}", name.alias.name)));
        }
    }
    let title = format!("Import the module `{module}`, and take {} from it later", listed(names));
    let is_safe = is_unnoticed(cutting, cx, names);
    let fix = if is_safe { Fix::safe(title) } else { Fix::unsafe_(title) };
    Some(fix.merge(edits))
}

/// F: into the functions that use it; what annotations need, under `if TYPE_CHECKING:`.
fn in_functions(cx: &Context<'_>, import: &ImportStatement<'_>) -> Option<Fix> {
    if !matches!(import.place.around, Around::Module | Around::Always) {
        return None;
    }
    let mut functions: Vec<(&ast::StmtFunctionDef, Vec<&ImportedName<'_>>)> = Vec::new();
    let mut annotated: Vec<&ImportedName<'_>> = Vec::new();
    for name in &import.names {
        for used in &name.uses {
            match used.when {
                When::Called(function) => {
                    if !is_free_in(cx, function, name.local) {
                        return None;
                    }
                    match functions.iter_mut().find(|(it, _)| it.range == function.range) {
                        Some((_, names)) if names.iter().any(|it| it.local == name.local) => {}
                        Some((_, names)) => names.push(name),
                        None => functions.push((function, vec![name])),
                    }
                }
                _ if used.is_annotation() => {
                    if !annotated.iter().any(|it| it.local == name.local) {
                        annotated.push(name);
                    }
                }
                _ => return None,
            }
        }
    }
    // A comment among the names would be lost.
    if functions.is_empty() || cx.has_comment(import.statement().range()) {
        return None;
    }
    let uses = || annotated.iter().flat_map(|it| &it.uses).filter(|it| it.is_annotation());
    if !annotated.is_empty() && (has_readers(cx) || uses().any(|it| is_read_at_run_time(cx, it))) {
        return None;
    }
    let title = match &functions[..] {
        [(function, _)] => format!("Import {} in `{}`", listed(&import.names), function.name),
        _ => format!("Import {} in the functions that need it", listed(&import.names)),
    };
    let mut fix = Fix::unsafe_(title);
    fix = match annotated.is_empty() {
        true => fix.merge(taken_out(cx, import)?),
        false => {
            let (edits, _) = deferred(cx, uses())?;
            under_type_checking(cx, import, &annotated, fix.merge(edits))?
        }
    };
    // What is said of the statement goes along.
    let comment = match annotated.is_empty() && import.rest.is_empty() {
        true => comment_after(cx, import.statement()),
        false => "",
    };
    for (function, names) in &functions {
        let text = format!("{}{comment}", written(import.statement(), names));
        fix = fix.edit(at_the_top(cx, function, &text)?);
    }
    Some(fix)
}

fn is_in_f_string(cx: &Context<'_>, used: &Use<'_>) -> bool {
    let mut around = cx.tree.ancestors(used.node);
    around.any(|(_, node)| matches!(node, AnyNodeRef::ExprFString(_) | AnyNodeRef::ExprTString(_)))
}

fn listed<'n, 'a: 'n>(names: impl IntoIterator<Item = &'n ImportedName<'a>>) -> String {
    let names: Vec<String> = names.into_iter().map(|it| format!("`{}`", it.local)).collect();
    match names.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}
