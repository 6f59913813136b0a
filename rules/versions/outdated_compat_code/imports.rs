//! Imports that never fail, in `try` statements that wait for it.

use ruff_python_ast::{ExceptHandler, Expr, PythonVersion, Stmt, StmtTry};
use ruff_text_size::Ranged;

use super::super::stdlib::{self, Kind};
use super::layout::dedented;
use super::{is_foreign, lowest};
use crate::fix::Fix;
use crate::rule::Context;

pub(super) fn check<'a>(statement: &'a StmtTry, cx: &mut Context<'a>) {
    let is_import = |it: &Stmt| it.is_import_stmt() || it.is_import_from_stmt();
    if !statement.body.iter().all(is_import) || statement.handlers.is_empty() {
        return;
    }
    let Some(lowest) = lowest(cx) else { return };
    let waits = |ExceptHandler::ExceptHandler(handler): &ExceptHandler| {
        let names = |it: &Expr| {
            matches!(it, Expr::Name(name)
                if matches!(name.id.as_str(), "ImportError" | "ModuleNotFoundError"))
        };
        match handler.type_.as_deref() {
            Some(Expr::Tuple(several)) => several.elts.iter().all(names),
            Some(one) => names(one),
            None => false,
        }
    };
    if !statement.handlers.iter().all(waits) {
        return;
    }
    // At least one name must be known to have come: otherwise the handler is for something else.
    let mut newest: Option<(String, PythonVersion)> = None;
    for import in &statement.body {
        let Some((name, since)) = always_there(import, lowest) else { return };
        if newest.as_ref().is_none_or(|(_, other)| *other < since) {
            newest = Some((name, since));
        }
    }
    let Some((name, since)) = newest else { return };
    if since == ALWAYS || is_foreign(cx) {
        return;
    }
    let message = format!(
        "this import never fails on Python {lowest} and newer: `{name}` is there since {since}"
    );
    let is_plain = statement.orelse.is_empty() && statement.finalbody.is_empty();
    let text = dedented(&statement.body, statement.end(), cx.indent_at(statement.start()), cx);
    let fix = text
        .filter(|_| is_plain && cx.begins_line(statement.start()))
        .map(|text| Fix::unsafe_("Keep the import that is taken").replace(statement.range, text));
    let at = statement.body.first().map_or(statement.range, Ranged::range);
    cx.report(at, message).help("keep the import, without the `try` statement").fix(fix);
}

const ALWAYS: PythonVersion = PythonVersion { major: 3, minor: 0 };

/// The newest name that a statement imports, and when it came, if all of them are there in each
/// Python from `lowest` on.
fn always_there(import: &Stmt, lowest: PythonVersion) -> Option<(String, PythonVersion)> {
    let mut newest = (String::new(), ALWAYS);
    let mut note = |name: String, since: PythonVersion| {
        if since >= newest.1 {
            newest = (name, since);
        }
    };
    match import {
        Stmt::Import(it) => {
            for alias in &it.names {
                let since = module_since(alias.name.as_str(), lowest)?;
                note(alias.name.to_string(), since);
            }
        }
        Stmt::ImportFrom(it) if it.level == 0 => {
            let module = it.module.as_ref()?.as_str();
            let since = module_since(module, lowest)?;
            for alias in &it.names {
                let own = name_since(module, alias.name.as_str(), lowest, since)?;
                note(format!("{module}.{}", alias.name), own.max(since));
            }
        }
        _ => return None,
    }
    Some(newest)
}

/// Modules that an interpreter may be built without, or that other systems do not have.
const OPTIONAL: &[&str] = &[
    "bz2",
    "crypt",
    "ctypes",
    "curses",
    "dbm",
    "ensurepip",
    "fcntl",
    "grp",
    "lzma",
    "mmap",
    "msvcrt",
    "multiprocessing",
    "nis",
    "os",
    "ossaudiodev",
    "posix",
    "pwd",
    "readline",
    "resource",
    "select",
    "signal",
    "socket",
    "spwd",
    "sqlite3",
    "ssl",
    "syslog",
    "termios",
    "threading",
    "time",
    "tkinter",
    "tracemalloc",
    "tty",
    "turtle",
    "uuid",
    "venv",
    "winreg",
    "winsound",
    "zlib",
];

/// When a module came, if it is in each Python from `lowest` on.
fn module_since(module: &str, lowest: PythonVersion) -> Option<PythonVersion> {
    let top = module.split('.').next()?;
    if OPTIONAL.contains(&top) || !stdlib::has_module(top) {
        return None;
    }
    let mut since = ALWAYS;
    let ends = module.match_indices('.').map(|(at, _)| at).chain([module.len()]);
    for end in ends {
        if let Some(row) = stdlib::find(module[..end].split('.'), None) {
            let added = row.added.unwrap_or(ALWAYS);
            if row.removed.is_some() || added > lowest {
                return None;
            }
            since = since.max(added);
        } else if end == module.len() && end > top.len() {
            // A submodule without a row may not be there at all.
            return (since > ALWAYS).then_some(since);
        }
    }
    Some(since)
}

/// When a name came into its module, likewise.
fn name_since(
    module: &str,
    name: &str,
    lowest: PythonVersion,
    module_since: PythonVersion,
) -> Option<PythonVersion> {
    match stdlib::find(module.split('.').chain([name]), None) {
        // Where processes cannot share a semaphore, this is not there.
        _ if name == "ProcessPoolExecutor" => None,
        Some(row) => {
            let added = row.added.unwrap_or(ALWAYS);
            let is_everywhere = !matches!(row.kind, Kind::Constant | Kind::Attribute);
            (row.removed.is_none() && added <= lowest && is_everywhere).then_some(added)
        }
        // Without a row, it is as old as its module; if that is old, there may be no such name. Of
        // `typing` much is imported that never was there for long.
        None if module == "typing" || name.starts_with('_') => None,
        None => (module_since > ALWAYS).then_some(module_since),
    }
}
