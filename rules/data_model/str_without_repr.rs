use ruff_python_ast::{AnyNodeRef, Expr, Parameters, Stmt, StmtClassDef, StmtFunctionDef};
use ruff_text_size::Ranged;

use crate::diagnostic::{Diagnostic, Severity};
use crate::fix::{Fix, LONGEST_LINE};
use crate::project::{ClassId, ClassRef, Mro};
use crate::rule::{Class, Context, Fixable, On, Rule, Suspected};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "str-without-repr",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("str_without_repr.md"),
    options: &[],
    on: &[On::Special(check), On::Suspicion(confirm)],
};

fn check<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    if function.name.as_str() != "__str__" || cx.is_stub || cx.module.is_test() {
        return;
    }
    let Some(class) = cx.class_of(function) else { return };
    // What a mixin is mixed into has the say.
    if class.name.to_ascii_lowercase().ends_with("mixin") {
        return;
    }
    let is_last = cx.members(class, "__str__").last().is_some_and(|it| it.node == cx.id(function));
    if !is_last || !cx.members(class, "__repr__").is_empty() || sets_repr_from_outside(cx) {
        return;
    }
    let name = class.name.as_str();
    let fix = showing_parameters(function, class, cx).or_else(|| renamed(function, class, cx));
    cx.suspect(class, &function.name, format!("`{name}` defines `__str__` and no `__repr__`"))
        .help("the interactive prompt, the debugger, containers and logs show `repr()`, which falls back to `<module.Class object at 0x…>`; `str()` falls back to `__repr__` and not the other way round, so `__repr__` is the one to have")
        .fix(fix);
}

/// Whether the file assigns `__repr__` to something from outside: `C.__repr__ = …`.
fn sets_repr_from_outside(cx: &Context<'_>) -> bool {
    let sites = cx.semantic.sites();
    let is_written = sites.foreign_writes.contains(&"__repr__")
        || sites.own_writes.iter().any(|it| it.attribute == "__repr__");
    is_written
        && cx.tree.nodes().iter().any(|node| {
            node.as_expr_attribute().is_some_and(|it| &it.attr == "__repr__" && it.ctx.is_store())
        })
}

/// A `__repr__` after `__str__` that shows what `__init__` was given, as a call.
fn showing_parameters(
    function: &StmtFunctionDef,
    class: &StmtClassDef,
    cx: &Context<'_>,
) -> Option<Fix> {
    let start = function.body.first()?.start();
    if !cx.begins_line(start) || !cx.begins_line(function.start()) {
        return None;
    }
    let mut inits = class.body.iter().filter_map(Stmt::as_function_def_stmt);
    let init = inits.find(|it| it.name.as_str() == "__init__")?;
    let shown = shown(init);
    if shown.is_empty() {
        return None;
    }
    let (indent, inner) = (cx.indent_at(function.start()), cx.indent_at(start));
    let returns = if function.returns.is_some() { " -> str" } else { "" };
    let body = said_as_call(&shown, inner, inner.strip_prefix(indent)?);
    let text = format!("\n\n{indent}def __repr__(self){returns}:\n{inner}{body}");
    Some(Fix::unsafe_("Add `__repr__`").insert(cx.line_end_after(function)?, text))
}

/// `__str__` under the name of `__repr__`, where `str()` finds it, too. Not one that asks for either
/// of them: it would come to itself. Nor where the class asks for it by its name.
fn renamed<'a>(
    function: &'a StmtFunctionDef,
    class: &'a StmtClassDef,
    cx: &Context<'a>,
) -> Option<Fix> {
    let scope = cx.semantic.scope_of(cx.id(class))?;
    let own = cx.semantic.symbol_in(scope, cx.semantic.name("__str__")?)?;
    if cx.semantic.references(own).next().is_some() {
        return None;
    }
    let this = function.parameters.iter().next()?.name().as_str();
    let body = function.body.first()?.start();
    let may_ask = |node: &AnyNodeRef<'a>| match node {
        AnyNodeRef::ExprName(name) if name.id == this => {
            !matches!(cx.parent(*name), AnyNodeRef::ExprAttribute(_))
        }
        AnyNodeRef::ExprName(name) => matches!(name.id.as_str(), "super" | "repr" | "str"),
        AnyNodeRef::ExprAttribute(it) => matches!(it.attr.as_str(), "__repr__" | "__str__"),
        _ => false,
    };
    let is_alone = function.decorator_list.is_empty()
        && !cx.descendants(function).iter().filter(|it| it.start() >= body).any(may_ask);
    let fix = Fix::unsafe_("Call it `__repr__`, which `str()` finds, too");
    is_alone.then(|| fix.replace(function.name.range, "__repr__"))
}

/// The parameters of `__init__` that are kept as they come, each with its attribute: all but those
/// that may hold a secret, or refer back.
fn shown(init: &StmtFunctionDef) -> Vec<(&str, &str)> {
    let Parameters { posonlyargs, args, kwonlyargs, .. } = &*init.parameters;
    let mut parameters = posonlyargs.iter().chain(args).chain(kwonlyargs).map(|it| it.name());
    let Some(this) = parameters.next() else { return Vec::new() };
    parameters
        .map(|name| name.as_str())
        .filter(|name| !is_secret(name) && !refers_back(name))
        .filter_map(|name| Some((name, kept_as(name, this.as_str(), init)?)))
        .collect()
}

/// The attribute that keeps a parameter unchanged, if it is called as the parameter is and always
/// assigned, and only once.
fn kept_as<'a>(parameter: &str, this: &str, init: &'a StmtFunctionDef) -> Option<&'a str> {
    let attribute = |target: &'a Expr| {
        let attribute = target.as_attribute_expr()?;
        let is_this = attribute.value.as_name_expr().is_some_and(|it| it.id == this);
        let name = attribute.attr.as_str();
        (is_this && name.trim_matches('_') == parameter.trim_matches('_')).then_some(name)
    };
    let mut kept = None;
    for statement in &init.body {
        let (target, value) = match statement {
            Stmt::Assign(it) => match &it.targets[..] {
                [target] => (target, Some(&*it.value)),
                _ => continue,
            },
            Stmt::AnnAssign(it) => (&*it.target, it.value.as_deref()),
            Stmt::AugAssign(it) => (&*it.target, None),
            _ => continue,
        };
        let is_parameter = |value: &Expr| value.as_name_expr().is_some_and(|it| it.id == parameter);
        if let Some(name) = attribute(target) {
            match kept {
                None if value.is_some_and(is_parameter) => kept = Some(name),
                _ => return None,
            }
        }
    }
    kept
}

/// Whether a name is one of those that secrets go by.
fn is_secret(name: &str) -> bool {
    const SECRETS: &[&str] =
        &["auth", "credential", "passphrase", "passwd", "password", "secret", "token"];
    let name = name.to_ascii_lowercase();
    name.ends_with("_key") || name.split('_').any(|it| SECRETS.contains(&it.trim_end_matches('s')))
}

/// Whether a name is one of those by which the parts of a tree or chain know one another: to show
/// them all may never end.
fn refers_back(name: &str) -> bool {
    const RELATIVES: &[&str] = &[
        "child", "children", "next", "node", "owner", "parent", "parents", "peer", "prev",
        "previous", "root", "siblings",
    ];
    name.split('_').any(|part| RELATIVES.contains(&part))
}

/// `return f"{type(self).__name__}(a={self.a!r})"`, broken into lines where it is long.
fn said_as_call(shown: &[(&str, &str)], indent: &str, step: &str) -> String {
    let parts: Vec<String> =
        shown.iter().map(|(name, attribute)| format!("{name}={{self.{attribute}!r}}")).collect();
    let line = format!("return f\"{{type(self).__name__}}({})\"", parts.join(", "));
    if indent.chars().count() + line.chars().count() <= LONGEST_LINE {
        return line;
    }
    let mut text = format!("return (\n{indent}{step}f\"{{type(self).__name__}}(\"\n");
    let last = parts.len() - 1;
    for (at, part) in parts.iter().enumerate() {
        let end = if at == last { ")" } else { ", " };
        text.push_str(&format!("{indent}{step}f\"{part}{end}\"\n"));
    }
    text + indent + ")"
}

fn confirm(suspected: Suspected<'_>, diagnostic: &mut Diagnostic) -> bool {
    let Some(class) = suspected.class() else { return false };
    let (project, Some(ancestors)) = (suspected.project, class.ancestors()) else { return false };
    let is_stub = project.own_function(class.id, "__str__").is_none_or(|it| it.is_stub());
    // `str()` of a class below would show its `__repr__` instead.
    let shows_itself = |id: ClassId| project.member(id, "__repr__").is_some();
    if project.descendants(class.id).into_iter().any(shows_itself) {
        diagnostic.fix.take_if(|fix| fix.edits.iter().all(|it| it.text == "__repr__"));
    }
    !is_stub
        && !project.is_protocol(class.id)
        && !writes_repr(class)
        && !ancestors.iter().any(|entry| has_repr(class, entry) || has_str(class, entry))
        && !is_always_beside_repr(class)
}

/// Whether a decorator or metaclass writes a `__repr__` into a class, or may.
fn writes_repr(class: Class<'_>) -> bool {
    !class.project.is_plainly_made(class.id)
        || class.facts.dataclass().is_some_and(|it| it.repr != Some(false))
}

/// Whether a class of a linearization brings a `__repr__`, or may.
fn has_repr(class: Class<'_>, entry: &ClassRef) -> bool {
    match entry {
        ClassRef::Project(id) => {
            class.project.member(*id, "__repr__").is_some()
                || writes_repr(Class::new(class.project, *id))
        }
        ClassRef::Std(it) => !it.is_object() && it.defines("__repr__"),
    }
}

/// Whether a class of the project brings the `__str__` already: then it is told.
fn has_str(class: Class<'_>, entry: &ClassRef) -> bool {
    match entry {
        ClassRef::Project(id) => {
            class.project.own_function(*id, "__str__").is_some_and(|it| !it.is_stub())
        }
        ClassRef::Std(_) => false,
    }
}

/// Whether a class is only there to be mixed into others, all of which have a `__repr__`.
fn is_always_beside_repr(class: Class<'_>) -> bool {
    let below = class.project.subclasses(class.id);
    !below.is_empty()
        && below.iter().all(|below| match class.project.mro(*below) {
            Mro::Known(mro) => mro.iter().any(|entry| has_repr(class, entry)),
            _ => true,
        })
}
