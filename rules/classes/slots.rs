//! `__slots__` as class bodies write it.

use ruff_python_ast::{Expr, ExprStringLiteral, Stmt, StmtClassDef};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::fix::Edit;
use crate::rule::Context;
use crate::syntax::string_text;

/// The statement that says `__slots__` in a class body, if there is only one.
pub(super) struct Declared<'a> {
    /// The statement.
    pub(super) statement: &'a Stmt,
    /// What it says.
    pub(super) value: &'a Expr,
}

impl<'a> Declared<'a> {
    /// What a class body says.
    pub(super) fn of(class: &'a StmtClassDef) -> Option<Declared<'a>> {
        let mut found = class.body.iter().filter_map(|statement| {
            let (target, value) = match statement {
                Stmt::Assign(it) => (it.targets.first()?, &*it.value),
                Stmt::AnnAssign(it) => (&*it.target, it.value.as_deref()?),
                _ => return None,
            };
            let is_slots = target.as_name_expr().is_some_and(|it| it.id == "__slots__");
            is_slots.then_some(Declared { statement, value })
        });
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// The items of a literal list, tuple or set, or the keys of a dictionary. `None` for anything
    /// else.
    pub(super) fn items(&self) -> Option<Vec<&'a Expr>> {
        match self.value {
            Expr::Tuple(it) => Some(it.elts.iter().collect()),
            Expr::List(it) => Some(it.elts.iter().collect()),
            Expr::Set(it) => Some(it.elts.iter().collect()),
            Expr::Dict(it) => it.items.iter().map(|it| it.key.as_ref()).collect(),
            _ => None,
        }
    }

    /// The names, where all of them are plain strings.
    pub(super) fn names(&self) -> Option<Vec<&'a str>> {
        if let Some(one) = self.value.as_string_literal_expr() {
            return Some(vec![string_text(&one.value)]);
        }
        self.items()?
            .into_iter()
            .map(|it| Some(string_text(&it.as_string_literal_expr()?.value)))
            .collect()
    }

    /// The edit that takes an item away, with a comma. `None` where a comment would go with it.
    pub(super) fn without(&self, item: usize, cx: &Context<'_>) -> Option<Edit> {
        let items = self.items()?;
        if self.value.is_dict_expr() {
            return None;
        }
        let own = items.get(item)?.range();
        let range = match (item.checked_sub(1), items.get(item + 1)) {
            (_, Some(next)) => TextRange::new(own.start(), next.start()),
            (Some(before), None) => TextRange::new(items[before].end(), own.end()),
            // An empty tuple needs its parentheses.
            (None, None) => return Some(Edit::replace(self.value.range(), "()")),
        };
        // One of two: the comma makes the tuple.
        let is_last_of_two = self.value.is_tuple_expr() && items.len() == 2;
        let has_comma = cx.slice(self.value).trim_end_matches(')').trim_end().ends_with(',');
        if cx.has_comment(range) {
            return None;
        }
        match is_last_of_two && !has_comma {
            true => {
                let kept = cx.slice(items[1 - item]);
                let is_bare = !cx.slice(self.value).starts_with('(');
                let text = if is_bare { format!("{kept},") } else { format!("({kept},)") };
                (!cx.has_comment(self.value.range()))
                    .then(|| Edit::replace(self.value.range(), text))
            }
            false => Some(Edit::replace(range, "")),
        }
    }

    /// The edit that adds a name behind the others, written as they are.
    pub(super) fn with(&self, name: &str, cx: &Context<'_>) -> Option<Edit> {
        if let Some(one) = self.value.as_string_literal_expr() {
            let text = format!("({}, {})", cx.slice(one), quoted(name, one, cx));
            return Some(Edit::replace(one.range(), text));
        }
        let items = self.items()?;
        let Some(last) = items.last() else {
            let is_tuple = self.value.is_tuple_expr() && cx.slice(self.value) == "()";
            return is_tuple.then(|| Edit::replace(self.value.range(), format!("(\"{name}\",)")));
        };
        let text = quoted(name, last.as_string_literal_expr()?, cx);
        if self.value.is_dict_expr() {
            return None;
        }
        let insertion = match cx.begins_line(last.start()) {
            true => format!(",\n{}{text}", cx.indent_at(last.start())),
            false => format!(", {text}"),
        };
        Some(Edit::insert(last.end(), insertion))
    }
}

/// A name in the quotes of another one.
fn quoted(name: &str, like: &ExprStringLiteral, cx: &Context<'_>) -> String {
    let quote = if cx.slice(like).starts_with('\'') { '\'' } else { '"' };
    format!("{quote}{name}{quote}")
}

/// Where and how to write a statement as the first of a class body, behind its docstring.
pub(super) fn insert_first(
    class: &StmtClassDef,
    statement: &str,
    cx: &Context<'_>,
) -> Option<Edit> {
    let first = class.body.first()?;
    if !cx.begins_line(first.start()) {
        // `class C: ...`
        let only = class.body.len() == 1 && is_empty(first);
        return only.then(|| Edit::replace(first.range(), statement));
    }
    let indent = cx.indent_at(first.start());
    if class.body.len() == 1 && is_empty(first) {
        return Some(Edit::replace(first.range(), statement));
    }
    let is_docstring = first.as_expr_stmt().is_some_and(|it| it.value.is_string_literal_expr());
    if is_docstring {
        let end = cx.line_end_after(first)?;
        return Some(Edit::insert(end, format!("\n\n{indent}{statement}")));
    }
    let start: TextSize = cx.line_start(first.start());
    Some(Edit::insert(start, format!("{indent}{statement}\n\n")))
}

/// Whether a statement only fills a body: `pass`, `...`.
pub(super) fn is_empty(statement: &Stmt) -> bool {
    match statement {
        Stmt::Pass(_) => true,
        Stmt::Expr(it) => it.value.is_ellipsis_literal_expr(),
        _ => false,
    }
}
