//! Ways to keep an import statement from running while its file is imported, or from asking for
//! what is not there yet. What each does to the project is tried by the machine.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::readers::{has_readers, is_read_at_run_time, is_spoken_of};
use super::uses::{ImportStatement, ImportedName, Use, When, is_free_in};
use crate::fix::{Edit, Fix};
use crate::project::Elsewhere;
use crate::rule::{Context, Cut, Cuts, Cutting};
use crate::semantic::{Test, read_test};
use crate::text::after_newline;

/// How a cut is weighed against others.
const WITHOUT: u32 = 1;
const FOR_TYPE_CHECKERS: u32 = 1;
const AS_MODULE: u32 = 2;
const IN_FUNCTIONS: u32 = 3;

/// The ways to cut a statement.
pub(super) fn cut<'a>(cutting: Cutting<'a>, cx: &Context<'a>) -> Cuts {
    let Some(import) = ImportStatement::at(cx, cutting.edge.range()) else {
        return Cuts::default();
    };
    let mut needed: Vec<String> = Vec::new();
    for name in import.names.iter().flat_map(|it| needed_at_once(cutting, cx, &import, it)) {
        if !needed.contains(&name) {
            needed.push(name);
        }
    }
    if !needed.is_empty() {
        return Cuts { ways: Vec::new(), needed };
    }
    if import.names.iter().any(|it| is_for_others(cutting, cx, it)) {
        return Cuts::default();
    }
    let ways = [
        without(cx, &import).map(|fix| (WITHOUT, fix)),
        for_type_checkers(cutting, cx, &import).map(|fix| (FOR_TYPE_CHECKERS, fix)),
        as_module(cutting, cx, &import).map(|fix| (AS_MODULE, fix)),
        in_functions(cx, &import).map(|fix| (IN_FUNCTIONS, fix)),
    ];
    let names: Vec<String> = import.names.iter().map(|it| it.local.to_owned()).collect();
    let cut = |(cost, fix)| Cut { cost, fix, names: names.clone() };
    Cuts { ways: ways.into_iter().flatten().map(cut).collect(), needed }
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
    let is_module = match import.statement {
        Stmt::ImportFrom(it) => cx
            .module
            .absolute(it.level, it.module.as_deref())
            .is_some_and(|it| cutting.project.is_module_of(cutting.edge.from, &it, imported)),
        _ => true,
    };
    let at_once = name.uses.iter().filter(|it| matches!(it.when, When::Imported));
    let taken = at_once.map(|used| {
        // `import a.b` is used as `a.b.name`.
        let attributes = cx.tree.ancestors(used.node).map_while(|(_, node)| match node {
            AnyNodeRef::ExprAttribute(it) => Some(it),
            _ => None,
        });
        let attributes = attributes.map(|it| it.attr.as_str());
        let steps = match name.alias.asname {
            None if is_module && !import.statement.is_import_from_stmt() => {
                imported.matches('.').count()
            }
            _ => 0,
        };
        let attribute = attributes.skip(steps).find(|_| is_module);
        attribute.unwrap_or(imported).to_owned()
    });
    taken.collect()
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
    let text = |it: &'a Expr| it.as_string_literal_expr().map(|it| it.value.to_str());
    elements.iter().map(text).collect()
}

/// The import is left out: nobody uses it, and no comment says why it is there.
fn without(cx: &Context<'_>, import: &ImportStatement<'_>) -> Option<Fix> {
    let is_unused = import.names.iter().all(|it| it.uses.is_empty());
    let lines = whole_lines(cx, import.statement);
    if !is_unused || cx.has_comment(lines) {
        return None;
    }
    Some(
        Fix::unsafe_(format!("Leave out {}, which nothing uses", listed(&import.names)))
            .delete(lines),
    )
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
    let quotes = quotes(cx, uses())?;
    let is_safe = quotes.is_empty()
        && is_unnoticed(cutting, cx, names)
        && !cutting.project.files().any(|(_, facts)| facts.has_text("get_type_hints"));
    let title = format!("Import {} for type checkers alone", listed(names));
    let fix = if is_safe { Fix::safe(title) } else { Fix::unsafe_(title) };
    let all: Vec<&ImportedName<'_>> = names.iter().collect();
    Some(under_type_checking(cx, import, &all, fix)?.merge(quotes))
}

/// A: the module is imported, and its names are taken from it where they are used.
fn as_module(cutting: Cutting<'_>, cx: &Context<'_>, import: &ImportStatement<'_>) -> Option<Fix> {
    let Stmt::ImportFrom(statement) = import.statement else { return None };
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
    let mut edits = vec![Edit::replace(import.statement.range(), text)];
    // A comment among the names would be lost.
    if cx.has_comment(import.statement.range()) || names.iter().all(|it| it.uses.is_empty()) {
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
    if functions.is_empty() || cx.has_comment(import.statement.range()) {
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
        true => fix.delete(whole_lines(cx, import.statement)),
        false => under_type_checking(cx, import, &annotated, fix)?.merge(quotes(cx, uses())?),
    };
    // What is said of the statement goes along.
    let comment = if annotated.is_empty() { comment_after(cx, import.statement) } else { "" };
    for (function, names) in &functions {
        let text = format!("{}{comment}", written(import, names));
        fix = fix.edit(at_the_top(cx, function, &text)?);
    }
    Some(fix)
}

/// Puts annotations that are evaluated into quotes, each once.
fn quotes<'u, 'a: 'u>(
    cx: &Context<'a>,
    uses: impl Iterator<Item = &'u Use<'a>>,
) -> Option<Vec<Edit>> {
    let mut edits: Vec<Edit> = Vec::new();
    for used in uses {
        let When::Annotation(annotation) = used.when else { continue };
        let text = cx.slice(annotation);
        if text.contains(['"', '\'', '\\', '\n', '\r']) {
            return None;
        }
        let edit = Edit::replace(annotation.range(), format!("\"{text}\""));
        if !edits.contains(&edit) {
            edits.push(edit);
        }
    }
    Some(edits)
}

/// Moves names of an import under `if TYPE_CHECKING:`: into the block that is there, or a new one
/// where the statement stands.
fn under_type_checking(
    cx: &Context<'_>,
    import: &ImportStatement<'_>,
    names: &[&ImportedName<'_>],
    fix: Fix,
) -> Option<Fix> {
    let statement = import.statement;
    let text = match names.len() == import.names.len() {
        true => cx.slice(statement).to_owned(),
        false => written(import, names),
    };
    // What is said of the statement goes along.
    let comment = comment_after(cx, statement);
    let with_comment = format!("{text}{comment}");
    let block = cx.root().body.iter().filter_map(Stmt::as_if_stmt).find(|it| {
        matches!(&*it.test, Expr::Name(_) | Expr::Attribute(_))
            && read_test(&it.test) == Test::TypeChecking(true)
    });
    if let Some(block) = block {
        let (first, last) = (block.body.first()?, block.body.last()?);
        let end = cx.line_end_after(last).filter(|_| cx.begins_line(first.start()))?;
        let indent = cx.indent_at(first.start());
        let fix = fix.delete(whole_lines(cx, statement));
        return Some(fix.insert(end, format!("\n{indent}{}", indented(&with_comment, indent))));
    }
    let flag = cx.import("typing", "TYPE_CHECKING", statement)?;
    let block = format!("if {}:\n    {}", flag.text, indented(&text, "    "));
    let (before, after) = neighbours(cx, statement);
    let is_import =
        |it: Option<&Stmt>| it.is_some_and(|it| it.is_import_stmt() || it.is_import_from_stmt());
    let comes_later = flag.edit.as_ref().is_some_and(|it| it.range.start() > statement.start());
    if !is_import(after) && !comes_later {
        let blank = match before {
            Some(it) if is_import(Some(it)) && !has_blank_line(cx, it, statement) => "\n",
            None if flag.edit.is_some() => "\n",
            _ => "",
        };
        return Some(fix.replace(statement.range(), format!("{blank}{block}")).merge(flag.edit));
    }
    // Behind the block of imports, and behind the one that is added to it.
    let block = format!("if {}:\n    {}", flag.text, indented(&with_comment, "    "));
    let body = &cx.root().body;
    let at = body.iter().position(|it| it.range() == statement.range())?;
    let last = body[at..].iter().take_while(|it| is_import(Some(it))).last()?;
    let end = cx.line_end_after(last)?;
    let lines = TextRange::new(cx.line_start(statement.start()), next_line(cx, statement.end()));
    let added = flag.edit.as_ref().filter(|it| it.range.start() > end);
    let (place, text) = match added {
        Some(edit) if edit.text.ends_with('\n') => (edit.range.start(), format!("\n{block}\n")),
        Some(edit) => (edit.range.start(), format!("\n\n{block}")),
        None => (end, format!("\n\n{block}")),
    };
    Some(fix.delete(lines).merge(flag.edit).insert(place, text))
}

/// The comment at the end of a statement's last line, with the space before it.
fn comment_after<'a>(cx: &Context<'a>, statement: &Stmt) -> &'a str {
    cx.line_end_after(statement)
        .map(|end| &cx.text[TextRange::new(statement.end(), end)])
        .filter(|it| it.trim_start().starts_with('#'))
        .map_or("", str::trim_end)
}

/// What stands before and after a statement of the module.
fn neighbours<'a>(cx: &Context<'a>, statement: &Stmt) -> (Option<&'a Stmt>, Option<&'a Stmt>) {
    let body = &cx.root().body;
    let at = body.iter().position(|it| it.range() == statement.range()).unwrap_or_default();
    (at.checked_sub(1).and_then(|it| body.get(it)), body.get(at + 1))
}

fn has_blank_line(cx: &Context<'_>, before: &Stmt, after: &Stmt) -> bool {
    let between = &cx.text[TextRange::new(before.end(), after.start())];
    between.lines().skip(1).any(|line| line.trim().is_empty() && !line.contains(['#']))
        && between.matches('\n').count() > 1
}

/// The lines of a statement, with the blank ones that would be left at the top of the file or
/// double those above.
fn whole_lines(cx: &Context<'_>, statement: &Stmt) -> TextRange {
    let start = cx.line_start(statement.start());
    let mut end = next_line(cx, statement.end());
    let before = cx.text[..start.to_usize()].trim_end_matches([' ', '\t']);
    let is_blank_above =
        before.is_empty() || before.ends_with("\n\n") || before.ends_with("\n\r\n");
    while is_blank_above && end < TextSize::of(cx.text) {
        let after = next_line(cx, end);
        if !cx.text[TextRange::new(end, after)].trim().is_empty() {
            break;
        }
        // Two lines stand before a class or function.
        if !before.is_empty() {
            let rest = &cx.text[after.to_usize()..];
            if !rest.starts_with(['\n', '\r']) {
                break;
            }
        }
        end = after;
    }
    TextRange::new(start, end)
}

/// Where the next line begins.
fn next_line(cx: &Context<'_>, at: TextSize) -> TextSize {
    let end = cx.text[at.to_usize()..].find(['\n', '\r']);
    match end.and_then(|it| TextSize::try_from(it).ok()) {
        Some(length) => after_newline(cx.text, at + length),
        None => TextSize::of(cx.text),
    }
}

/// An import statement of some of the names.
fn written(import: &ImportStatement<'_>, names: &[&ImportedName<'_>]) -> String {
    let name = |it: &&ImportedName<'_>| match &it.alias.asname {
        Some(local) => format!("{} as {local}", it.alias.name),
        None => it.alias.name.to_string(),
    };
    let names: Vec<String> = names.iter().map(name).collect();
    let names = names.join(", ");
    match import.statement {
        Stmt::ImportFrom(it) => {
            let dots = ".".repeat(it.level as usize);
            format!("from {dots}{} import {names}", it.module.as_deref().unwrap_or_default())
        }
        _ => format!("import {names}"),
    }
}

/// Puts a statement before the first of a function that is no docstring.
fn at_the_top(cx: &Context<'_>, function: &ast::StmtFunctionDef, text: &str) -> Option<Edit> {
    let is_docstring = |it: &Stmt| match it {
        Stmt::Expr(it) => it.value.is_string_literal_expr(),
        _ => false,
    };
    let mut body = function.body.iter();
    let first = body.next()?;
    let next = if is_docstring(first) { body.next() } else { Some(first) };
    if !cx.begins_line(first.start()) {
        return None;
    }
    let indent = cx.indent_at(first.start());
    let Some(next) = next else {
        return Some(Edit::insert(cx.line_end_after(first)?, format!("\n{indent}{text}")));
    };
    if !cx.begins_line(next.start()) {
        return None;
    }
    let blank = if next.is_import_stmt() || next.is_import_from_stmt() { "" } else { "\n" };
    Some(Edit::insert(cx.line_start(next.start()), format!("{indent}{text}\n{blank}")))
}

/// The lines after the first, one step further in.
fn indented(text: &str, indent: &str) -> String {
    text.lines().collect::<Vec<_>>().join(&format!("\n{indent}"))
}

fn is_in_f_string(cx: &Context<'_>, used: &Use<'_>) -> bool {
    let mut around = cx.tree.ancestors(used.node);
    around.any(|(_, node)| matches!(node, AnyNodeRef::ExprFString(_) | AnyNodeRef::ExprTString(_)))
}

fn listed(names: &[ImportedName<'_>]) -> String {
    let names: Vec<String> = names.iter().map(|it| format!("`{}`", it.local)).collect();
    match names.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}
