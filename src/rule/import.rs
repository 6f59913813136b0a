//! Making a name of another module sayable: one helper for all fixes.

use ruff_python_ast::{self as ast, Stmt};
use ruff_text_size::{Ranged, TextSize};

use super::Context;
use crate::fix::Edit;
use crate::semantic::{BindingKind, ScopeId};
use crate::syntax::NodeId;
use crate::text::after_newline;

/// How to say an imported name, and what must be added for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The expression: `wraps`, `functools.wraps` or `ft.wraps`.
    pub text: String,
    /// The import to add, if there is none yet.
    pub edit: Option<Edit>,
}

/// See [`Context::import`].
pub(super) fn import(
    cx: &Context<'_>,
    module: &'static str,
    name: &'static str,
    near: NodeId,
) -> Option<Imported> {
    let scope = cx.semantic.scope_at(cx.tree, near);
    if let Some(text) = existing(cx, module, name, near, scope) {
        return Some(Imported { text, edit: None });
    }
    // The plain name, if nothing in the file uses it for something else.
    let is_free = cx.semantic.name(name).is_none();
    if is_free && !crate::semantic::builtins::is_builtin(name) {
        if let Some(edit) = extension(cx, module, name, near) {
            return Some(Imported { text: name.to_owned(), edit: Some(edit) });
        }
        let text = format!("from {module} import {name}\n");
        return Some(Imported { text: name.to_owned(), edit: Some(insertion(cx, &text)?) });
    }
    let top = module.split('.').next().unwrap_or(module);
    cx.semantic.name(top).is_none().then_some(())?;
    let edit = insertion(cx, &format!("import {module}\n"))?;
    Some(Imported { text: format!("{module}.{name}"), edit: Some(edit) })
}

/// How the name can be said already: a module-level import that each run makes, before `near` if
/// `near` runs with the module, and that no inner scope hides.
fn existing(
    cx: &Context<'_>,
    module: &str,
    name: &str,
    near: NodeId,
    scope: ScopeId,
) -> Option<String> {
    let at = cx.tree.node(near).start();
    let visible = |local: &str| {
        let id = cx.semantic.name(local)?;
        let symbol = cx.semantic.resolve(scope, id)?;
        let binding = cx.semantic.only_binding(symbol)?;
        let is_module_level = cx.semantic.scope_of_symbol(symbol) == ScopeId::MODULE;
        (is_module_level
            && binding.range.start() < at
            && cx.semantic.is_unconditional(binding.condition))
        .then_some(binding)
    };
    for statement in &cx.root.body {
        match statement {
            Stmt::ImportFrom(it) if it.level == 0 && it.module.as_deref() == Some(module) => {
                for alias in it.names.iter().filter(|alias| alias.name.as_str() == name) {
                    let local = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    let is_this = |kind| matches!(kind, BindingKind::FromImport(_, other) if std::ptr::eq(other, alias));
                    if visible(local).is_some_and(|binding| is_this(binding.kind)) {
                        return Some(local.to_owned());
                    }
                }
            }
            Stmt::Import(it) => {
                for alias in it.names.iter().filter(|alias| alias.name.as_str() == module) {
                    let (local, said) = match &alias.asname {
                        Some(local) => (local.as_str(), local.as_str()),
                        None => (module.split('.').next().unwrap_or(module), module),
                    };
                    if visible(local).is_some_and(|it| matches!(it.kind, BindingKind::Import(..))) {
                        return Some(format!("{said}.{name}"));
                    }
                }
            }
            _ => {}
        }
    }
    None
}

/// Adds a name to a statement that imports others from its module already, in alphabetical order.
fn extension(cx: &Context<'_>, module: &str, name: &str, near: NodeId) -> Option<Edit> {
    let at = cx.tree.node(near).start();
    let statement = cx.root.body.iter().filter_map(Stmt::as_import_from_stmt).find(|it| {
        it.level == 0
            && it.module.as_deref() == Some(module)
            && it.end() <= at
            && it.names.iter().all(|alias| alias.name.as_str() != "*")
    })?;
    let sorted = |alias: &&ast::Alias| alias.name.as_str() < name;
    match statement.names.iter().take_while(sorted).last() {
        Some(before) if cx.begins_line(before.start()) => {
            let indent = cx.indent_at(before.start());
            Some(Edit::insert(before.end(), format!(",\n{indent}{name}")))
        }
        Some(before) => Some(Edit::insert(before.end(), format!(", {name}"))),
        None => {
            let first = statement.names.first()?;
            let between = match cx.begins_line(first.start()) {
                true => format!("\n{}", cx.indent_at(first.start())),
                false => " ".to_owned(),
            };
            Some(Edit::insert(first.start(), format!("{name},{between}")))
        }
    }
}

/// Where a new import goes: into the first block of imports, in the order that isort keeps; else
/// after the docstring and the future statements. `None` where a line cannot be put there.
fn insertion(cx: &Context<'_>, text: &str) -> Option<Edit> {
    let body = &cx.root.body;
    let is_head = |statement: &Stmt| match statement {
        Stmt::Expr(it) => it.value.is_string_literal_expr(),
        Stmt::ImportFrom(it) => it.module.as_deref() == Some("__future__"),
        _ => false,
    };
    let head = body.iter().take_while(|statement| is_head(statement)).count();
    let rest = &body[head..];
    // Only if nothing but quiet statements stand before the imports: not after code that may need
    // the name.
    let quiet = rest.iter().take_while(|it| !is_import(it) && is_quiet(it)).count();
    let block = &rest[quiet..];
    if block.first().is_some_and(is_import) {
        let is_next = |pair: &[Stmt]| {
            is_import(&pair[1])
                && !cx.text[pair[0].end().to_usize()..pair[1].start().to_usize()].contains("\n\n")
        };
        let length = 1 + block.windows(2).take_while(|pair| is_next(pair)).count();
        let block = &block[..length];
        let key = sort_key_of_text(text);
        return match block.iter().find(|it| sort_key(it) > key) {
            Some(next) => cx.begins_line(next.start()).then(|| Edit::insert(next.start(), text)),
            None => after(cx, block.last()?, text, ""),
        };
    }
    match body[..head].last() {
        Some(last) => after(cx, last, text, if last.is_import_from_stmt() { "" } else { "\n" }),
        None => {
            // A statement's range begins with its decorators.
            let start = rest.first()?.start();
            cx.begins_line(start).then(|| Edit::insert(start, format!("{text}\n")))
        }
    }
}

/// Puts lines after a statement, with something between.
fn after(cx: &Context<'_>, statement: &Stmt, text: &str, between: &str) -> Option<Edit> {
    let end = line_end(cx.text, statement.end());
    let tail = cx.text[statement.end().to_usize()..end].trim_start();
    // `import a; x = 1`: what follows on the line belongs to it.
    if !(tail.is_empty() || tail.starts_with('#')) {
        return None;
    }
    let at = TextSize::try_from(end).ok()?;
    match cx.text[end..].is_empty() {
        true => Some(Edit::insert(at, format!("\n{between}{}", text.trim_end()))),
        false => Some(Edit::insert(after_newline(cx.text, at), format!("{between}{text}"))),
    }
}

fn is_import(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Import(_) | Stmt::ImportFrom(_))
}

/// Plain imports first, then by module: the order of isort's defaults.
fn sort_key(statement: &Stmt) -> (bool, String) {
    match statement {
        Stmt::Import(it) => {
            (false, it.names.first().map(|it| it.name.to_string()).unwrap_or_default())
        }
        Stmt::ImportFrom(it) => {
            let dots = ".".repeat(it.level as usize);
            (true, format!("{dots}{}", it.module.as_deref().unwrap_or_default()))
        }
        _ => (true, String::new()),
    }
}

fn sort_key_of_text(text: &str) -> (bool, String) {
    let module = text.split_whitespace().nth(1).unwrap_or_default();
    (text.starts_with("from"), module.to_owned())
}

/// Whether a statement before the first import needs nothing that an import gives.
fn is_quiet(statement: &Stmt) -> bool {
    match statement {
        Stmt::Assign(it) => !ast::helpers::any_over_expr(&it.value, |it| it.is_call_expr()),
        Stmt::Expr(it) => it.value.is_literal_expr(),
        _ => false,
    }
}

fn line_end(text: &str, from: TextSize) -> usize {
    let from = from.to_usize();
    text[from..].find(['\n', '\r']).map_or(text.len(), |at| from + at)
}
