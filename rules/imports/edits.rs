//! How import statements are moved, and annotations put into quotes.

use ruff_python_ast::{self as ast, Expr, PythonVersion, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::places::{Around, Place};
use super::readers::may_defer_all;
use super::uses::{ImportStatement, ImportedName, Use, When};
use crate::fix::{Edit, Fix};
use crate::rule::Context;
use crate::semantic::{Test, read_test};
use crate::text::after_newline;

/// Puts annotations that are evaluated into quotes, each once.
pub(super) fn quotes<'u, 'a: 'u>(
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

/// How annotations are kept from being evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deferral {
    /// Each by itself.
    Quotes,
    /// All of the file: `from __future__ import annotations`.
    Future,
}

/// Keeps annotations from being evaluated. Where they do not fit into quotes, all of the file are, if
/// nobody reads any of them.
pub(super) fn deferred<'u, 'a: 'u>(
    cx: &Context<'a>,
    uses: impl Iterator<Item = &'u Use<'a>>,
) -> Option<(Vec<Edit>, Deferral)> {
    if let Some(edits) = quotes(cx, uses) {
        return Some((edits, Deferral::Quotes));
    }
    if cx.target().is_some_and(|it| it.lowest < PythonVersion::PY37) || !may_defer_all(cx) {
        return None;
    }
    Some((vec![future_import(cx)?], Deferral::Future))
}

/// Adds `from __future__ import annotations`: after the docstring, and those that are there.
fn future_import(cx: &Context<'_>) -> Option<Edit> {
    let body = &cx.root().body;
    let is_head = |it: &&Stmt| match it {
        Stmt::Expr(it) => it.value.is_string_literal_expr(),
        Stmt::ImportFrom(it) => it.module.as_deref() == Some("__future__"),
        _ => false,
    };
    let head = body.iter().take_while(is_head).last();
    let line = "from __future__ import annotations";
    match head {
        Some(last) => {
            let blank = if last.is_import_from_stmt() { "" } else { "\n" };
            Some(Edit::insert(cx.line_end_after(last)?, format!("\n{blank}{line}")))
        }
        None => {
            let first = body.first().filter(|it| cx.begins_line(it.start()))?;
            Some(Edit::insert(first.start(), format!("{line}\n")))
        }
    }
}

/// Takes what is to be cut out of a statement; the statement goes where nothing is left of it. `None`
/// where comments would go along.
pub(super) fn taken_out(cx: &Context<'_>, import: &ImportStatement<'_>) -> Option<Vec<Edit>> {
    let statement = import.statement();
    if import.rest.is_empty() {
        return Some(vec![match import.place.is_alone() {
            true => Edit::replace(statement.range(), "pass"),
            false => Edit::replace(whole_lines(cx, statement), ""),
        }]);
    }
    let is_kept = |it: &&ast::Alias| import.rest.iter().any(|rest| rest.range == it.range);
    let aliases = match statement {
        Stmt::Import(it) => &it.names,
        Stmt::ImportFrom(it) => &it.names,
        _ => return None,
    };
    let mut edits: Vec<Edit> = Vec::new();
    for (at, alias) in aliases.iter().enumerate().filter(|(_, alias)| !is_kept(alias)) {
        // Up to the next one; at the end, what separates it from the last that is kept.
        let range = match aliases[at..].iter().find(is_kept) {
            Some(_) => TextRange::new(alias.start(), aliases[at + 1].start()),
            None => TextRange::new(aliases[at - 1].end(), alias.end()),
        };
        if cx.has_comment(range) {
            return None;
        }
        match edits.last_mut() {
            Some(before) if before.range.end() >= range.start() => {
                before.range = before.range.cover(range);
            }
            _ => edits.push(Edit::replace(range, "")),
        }
    }
    Some(edits)
}

/// Moves names of an import under `if TYPE_CHECKING:`: into the block that is there, or a new one
/// where the statement stands. What else is to be cut goes.
pub(super) fn under_type_checking(
    cx: &Context<'_>,
    import: &ImportStatement<'_>,
    names: &[&ImportedName<'_>],
    fix: Fix,
) -> Option<Fix> {
    let statement = import.statement();
    let is_whole = import.rest.is_empty();
    let text = match names.len() == import.names.len() && is_whole {
        true => cx.slice(statement).to_owned(),
        false => written(statement, names),
    };
    // What is said of the statement goes along.
    let comment = if is_whole { comment_after(cx, statement) } else { "" };
    let with_comment = format!("{text}{comment}");
    let is_nested = import.place.around != Around::Module;
    let block = cx.root().body.iter().filter_map(Stmt::as_if_stmt).find(|it| {
        matches!(&*it.test, Expr::Name(_) | Expr::Attribute(_))
            && read_test(&it.test) == Test::TypeChecking(true)
    });
    if let Some(block) = block.filter(|_| !is_nested) {
        let (first, last) = (block.body.first()?, block.body.last()?);
        let end = cx.line_end_after(last).filter(|_| cx.begins_line(first.start()))?;
        let indent = cx.indent_at(first.start());
        let fix = fix.merge(taken_out(cx, import)?);
        return Some(fix.insert(end, format!("\n{indent}{}", indented(&with_comment, indent))));
    }
    let flag = cx.import("typing", "TYPE_CHECKING", statement)?;
    let comes_later = flag.edit.as_ref().is_some_and(|it| it.range.start() > statement.start());
    if is_nested {
        let statement_end = cx.line_end_after(statement).filter(|_| !comes_later)?;
        // Where it stands, since what is around it holds for type checkers, too.
        let indent = cx.indent_at(statement.start());
        let block = format!("if {}:\n{indent}    {}", flag.text, indented(&text, "    "));
        let fix = match is_whole {
            true => fix.replace(statement.range(), block),
            false => {
                let fix = fix.merge(taken_out(cx, import)?);
                fix.insert(statement_end, format!("\n{indent}{block}"))
            }
        };
        return Some(fix.merge(flag.edit));
    }
    let block = format!("if {}:\n    {}", flag.text, indented(&text, "    "));
    let (before, after) = neighbours(&import.place);
    let is_import =
        |it: Option<&Stmt>| it.is_some_and(|it| it.is_import_stmt() || it.is_import_from_stmt());
    if is_whole && !is_import(after) && !comes_later {
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
    let removal = match is_whole {
        true => {
            let end = next_line(cx, statement.end());
            vec![Edit::replace(TextRange::new(cx.line_start(statement.start()), end), "")]
        }
        false => taken_out(cx, import)?,
    };
    let added = flag.edit.as_ref().filter(|it| it.range.start() > end);
    let (place, text) = match added {
        Some(edit) if edit.text.ends_with('\n') => (edit.range.start(), format!("\n{block}\n")),
        Some(edit) => (edit.range.start(), format!("\n\n{block}")),
        None => (end, format!("\n\n{block}")),
    };
    Some(fix.merge(removal).merge(flag.edit).insert(place, text))
}

/// The comment at the end of a statement's last line, with the space before it.
pub(super) fn comment_after<'a>(cx: &Context<'a>, statement: &Stmt) -> &'a str {
    cx.line_end_after(statement)
        .map(|end| &cx.text[TextRange::new(statement.end(), end)])
        .filter(|it| it.trim_start().starts_with('#'))
        .map_or("", str::trim_end)
}

/// What stands before and after a statement in its block.
fn neighbours<'a>(place: &Place<'a>) -> (Option<&'a Stmt>, Option<&'a Stmt>) {
    let is_it = |it: &Stmt| it.range() == place.statement.range();
    let at = place.block.iter().position(is_it).unwrap_or_default();
    (at.checked_sub(1).and_then(|it| place.block.get(it)), place.block.get(at + 1))
}

fn has_blank_line(cx: &Context<'_>, before: &Stmt, after: &Stmt) -> bool {
    let between = &cx.text[TextRange::new(before.end(), after.start())];
    between.lines().skip(1).any(|line| line.trim().is_empty() && !line.contains(['#']))
        && between.matches('\n').count() > 1
}

/// The lines of a statement, with the blank ones that would be left at the top of the file or
/// double those above.
pub(super) fn whole_lines(cx: &Context<'_>, statement: &Stmt) -> TextRange {
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
pub(super) fn written(statement: &Stmt, names: &[&ImportedName<'_>]) -> String {
    let name = |it: &&ImportedName<'_>| match &it.alias.asname {
        Some(local) => format!("{} as {local}", it.alias.name),
        None => it.alias.name.to_string(),
    };
    let names: Vec<String> = names.iter().map(name).collect();
    let names = names.join(", ");
    match statement {
        Stmt::ImportFrom(it) => {
            let dots = ".".repeat(it.level as usize);
            format!("from {dots}{} import {names}", it.module.as_deref().unwrap_or_default())
        }
        _ => format!("import {names}"),
    }
}

/// Import statements that take names from where they are defined, instead of from a package that passes
/// them on: `passed_on` tells module and name. The others are left. `None` where nothing is passed on.
pub(super) fn from_definers(
    cx: &Context<'_>,
    statement: &ast::StmtImportFrom,
    passed_on: &dyn Fn(&str) -> Option<(String, String)>,
) -> Option<String> {
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    let dots = ".".repeat(statement.level as usize);
    let whole = format!("{dots}{}", statement.module.as_deref().unwrap_or_default());
    let mut is_any = false;
    for alias in &statement.names {
        let local = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
        let (module, name) = match passed_on(alias.name.as_str()) {
            Some((module, name)) => {
                is_any = true;
                (said_here(cx, &module, statement.level > 0), name)
            }
            None => (whole.clone(), alias.name.to_string()),
        };
        let text = match name == local && alias.asname.is_none() {
            true => name,
            false => format!("{name} as {local}"),
        };
        match lines.iter_mut().find(|(it, _)| *it == module) {
            Some((_, names)) => names.push(text),
            None => lines.push((module, vec![text])),
        }
    }
    let line = |(module, names): &(String, Vec<String>)| {
        format!("from {module} import {}", names.join(", "))
    };
    let indent = cx.indent_at(statement.start());
    let separator = format!("\n{indent}");
    is_any.then(|| lines.iter().map(line).collect::<Vec<_>>().join(&separator))
}

/// A module by its full name, or by dots where it lies beside or below the file.
fn said_here(cx: &Context<'_>, module: &str, is_relative: bool) -> String {
    let below = module.strip_prefix(cx.module.package()).and_then(|it| it.strip_prefix('.'));
    match below {
        Some(below) if is_relative => format!(".{below}"),
        _ => module.to_owned(),
    }
}

/// Puts a statement before the first of a function that is no docstring.
pub(super) fn at_the_top(
    cx: &Context<'_>,
    function: &ast::StmtFunctionDef,
    text: &str,
) -> Option<Edit> {
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
