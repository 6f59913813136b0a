//! Future statements: what fixes of this chapter add.

use ruff_python_ast::Stmt;
use ruff_text_size::{Ranged, TextSize};

use crate::fix::Edit;
use crate::rule::Context;

/// Adds `from __future__ import annotations`: before other future statements, else after the
/// docstring, else before the first statement. `None` where no line can be put there.
pub(super) fn import_annotations(cx: &Context<'_>) -> Option<Edit> {
    const LINE: &str = "from __future__ import annotations\n";
    let body = &cx.root().body;
    let first = body.first()?;
    let Stmt::Expr(docstring) = first else { return before(cx, first, LINE) };
    if !docstring.value.is_string_literal_expr() {
        return before(cx, first, LINE);
    }
    match body.get(1)? {
        next @ Stmt::ImportFrom(it) if it.module.as_deref() == Some("__future__") => {
            before(cx, next, LINE)
        }
        _ => {
            let rest = &cx.text[docstring.end().to_usize()..];
            let line = rest.split_inclusive('\n').next()?;
            let is_alone = line.trim().is_empty() || line.trim_start().starts_with('#');
            let at = docstring.end() + TextSize::try_from(line.len()).ok()?;
            is_alone.then(|| Edit::insert(at, format!("\n{LINE}")))
        }
    }
}

/// Puts a future statement before a statement, apart from what is none.
fn before(cx: &Context<'_>, statement: &Stmt, line: &str) -> Option<Edit> {
    let is_future =
        matches!(statement, Stmt::ImportFrom(it) if it.module.as_deref() == Some("__future__"));
    let between = if is_future { "" } else { "\n" };
    cx.begins_line(statement.start())
        .then(|| Edit::insert(statement.start(), format!("{line}{between}")))
}
