use ruff_python_ast::{Decorator, Expr, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::diagnostic::Severity;
use crate::fix::Fix;
use crate::rule::{Context, Fixable, On, Rule};
use crate::semantic::BindingKind;
use crate::text::after_newline;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "abstract-decorator-order",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("abstract_decorator_order.md"),
    options: &[],
    on: &[On::Decorated(check)],
};

/// What a decorator is, as far as its place in the stack goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Abstract,
    /// `property`, one of its accessors, or `classmethod`: not callable, and its mark is read-only.
    Descriptor,
    /// Like the others, but callable since Python 3.10.
    StaticMethod,
    /// Neither passes a mark on nor refuses one.
    CachedProperty,
    /// `functools.lru_cache` or `functools.cache`: wants a callable when the class is made.
    Cache,
    /// `contextlib.contextmanager` or its sister: wants a callable when it is called.
    Manager,
    /// `abc.abstractproperty` and its sisters: the builtin that takes its place.
    Deprecated(&'static str),
}

fn check<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    let decorators = &function.decorator_list[..];
    if cx.is_stub {
        return;
    }
    // From the inside out, and one at a time: the next one may depend on what the fix leaves.
    let mut inner = None;
    for (index, decorator) in decorators.iter().enumerate().rev() {
        let outer = kind(decorator, function, cx);
        let is_found = match (outer, inner) {
            (Some(Kind::Deprecated(builtin)), _) => {
                check_deprecated(function, index, builtin, cx);
                true
            }
            (Some(outer), Some(inner)) => check_pair(function, index, (outer, inner), cx),
            _ => false,
        };
        if is_found {
            return;
        }
        inner = outer;
    }
}

/// What the names of the decorators that matter end with.
#[rustfmt::skip]
const OF_INTEREST: &[&str] = &[
    "abstractclassmethod", "abstractmethod", "abstractproperty", "abstractstaticmethod",
    "asynccontextmanager", "cache", "cached_property", "classmethod", "contextmanager", "lru_cache",
    "property", "staticmethod",
];

/// What a decorator is; `None` for what is unknown or may stand anywhere.
fn kind<'a>(
    decorator: &'a Decorator,
    function: &'a StmtFunctionDef,
    cx: &Context<'a>,
) -> Option<Kind> {
    let expression = match &decorator.expression {
        Expr::Call(call) => &*call.func,
        other => other,
    };
    let is_called = decorator.expression.is_call_expr();
    let Some(name) = cx.qualified_if(expression, |last| OF_INTEREST.contains(&last)) else {
        let is_accessor = is_accessor(expression, function, cx)
            && !(is_called && cx.qualified(expression).is_some());
        return is_accessor.then_some(Kind::Descriptor);
    };
    match name.parts() {
        ["functools", "lru_cache" | "cache"] => Some(Kind::Cache),
        _ if is_called => None,
        ["abc", "abstractmethod"] => Some(Kind::Abstract),
        ["abc", "abstractproperty"] => Some(Kind::Deprecated("property")),
        ["abc", "abstractclassmethod"] => Some(Kind::Deprecated("classmethod")),
        ["abc", "abstractstaticmethod"] => Some(Kind::Deprecated("staticmethod")),
        ["builtins", "property" | "classmethod"] => Some(Kind::Descriptor),
        ["builtins", "staticmethod"] => Some(Kind::StaticMethod),
        ["functools", "cached_property"] => Some(Kind::CachedProperty),
        ["contextlib", "contextmanager" | "asynccontextmanager"] => Some(Kind::Manager),
        _ => is_accessor(expression, function, cx).then_some(Kind::Descriptor),
    }
}

/// Whether a decorator is `name.setter` or alike of a builtin property of the same class.
fn is_accessor<'a>(expression: &'a Expr, function: &'a StmtFunctionDef, cx: &Context<'a>) -> bool {
    let Expr::Attribute(attribute) = expression else { return false };
    let Expr::Name(owner) = &*attribute.value else { return false };
    if !matches!(attribute.attr.as_str(), "setter" | "getter" | "deleter") {
        return false;
    }
    let Some(class) = cx.class_of(function) else { return false };
    let members = cx.members(class, owner.id.as_str());
    let first = members.iter().find(|it| it.kind.gives_value());
    let Some(BindingKind::Function(getter)) = first.map(|it| it.kind) else { return false };
    getter.decorator_list.iter().any(|it| cx.is(&it.expression, "builtins.property"))
}

/// Reports a decorator that does not go over the one below it.
fn check_pair<'a>(
    function: &'a StmtFunctionDef,
    index: usize,
    kinds: (Kind, Kind),
    cx: &mut Context<'a>,
) -> bool {
    let decorators = &function.decorator_list[index..];
    let [outer, inner, ..] = decorators else { return false };
    let (over, under) = (said(outer, cx), said(inner, cx));
    let (severity, happens, help) = match kinds {
        (Kind::Abstract, Kind::Descriptor | Kind::StaticMethod) => (
            Severity::Error,
            format!("`{over}` over `{under}` raises `AttributeError` when the class is made"),
            "`abstractmethod` writes a mark into what it is given, and this one cannot be written to; written innermost it marks the function, and what is over it passes the mark on",
        ),
        (Kind::CachedProperty, Kind::Abstract) => (
            Severity::Warning,
            format!("`{over}` over `{under}` loses the mark: `{}` is not abstract", function.name),
            "unlike `property`, `cached_property` does not pass on that its function is abstract, so that subclasses without it can be instantiated; here `@abstractmethod` goes outermost",
        ),
        (Kind::Cache, Kind::Descriptor | Kind::CachedProperty) => (
            Severity::Error,
            format!("`{over}` over `{under}` raises `TypeError` when the class is made"),
            "a cache wraps something callable, which a descriptor is not; written below, it wraps the function",
        ),
        (Kind::Manager, Kind::Descriptor | Kind::CachedProperty) => (
            Severity::Warning,
            format!("`{over}` over `{under}`: each call raises `TypeError`"),
            "the manager calls what it wraps, and a descriptor is not callable; written below, it wraps the function",
        ),
        (Kind::Cache | Kind::Manager, Kind::StaticMethod) => (
            Severity::Warning,
            format!("`{over}` over `{under}` undoes it: calls on an instance pass the instance"),
            "what comes out is a plain function again (before Python 3.10 it raised `TypeError`); written below, it wraps the function, and the method stays static",
        ),
        _ => return false,
    };
    let depth = match kinds.0 {
        Kind::CachedProperty => 1,
        // Over several descriptors it would raise at the next one.
        _ => decorators[1..]
            .iter()
            .take_while(|it| {
                matches!(kind(it, function, cx), Some(Kind::Descriptor | Kind::StaticMethod))
            })
            .count(),
    };
    let title = match decorators.get(depth) {
        Some(last) => format!("Move `{over}` below `{}`", said(last, cx)),
        None => String::new(),
    };
    // Safe only where nothing can have worked before.
    let fix = match kinds {
        (Kind::Abstract, _) | (Kind::Cache, Kind::Descriptor) => Fix::safe(title),
        _ => Fix::unsafe_(title),
    };
    let fix = moved(decorators, depth, fix, cx);
    cx.report(outer, happens).severity(severity).help(help).fix(fix);
    true
}

/// A decorator as a message calls it: without its arguments.
fn said(decorator: &Decorator, cx: &Context<'_>) -> String {
    let expression = match &decorator.expression {
        Expr::Call(call) => &*call.func,
        other => other,
    };
    format!("@{}", cx.slice(expression))
}

/// Moves the first decorator under those that follow, `depth` of them, with the comment on its
/// line. `None` where something stands between the lines: nobody knows what it belongs to.
fn moved(decorators: &[Decorator], depth: usize, fix: Fix, cx: &Context<'_>) -> Option<Fix> {
    let (first, last) = (decorators.first()?, decorators.get(depth)?);
    if depth == 0 || !decorators.iter().take(depth + 1).all(|it| cx.begins_line(it.start())) {
        return None;
    }
    let are_together = decorators[..=depth].windows(2).all(|pair| {
        line_end(pair[0].end(), cx)
            .is_some_and(|end| after_newline(cx.text, end) == cx.line_start(pair[1].start()))
    });
    let (first_end, last_end) = (line_end(first.end(), cx)?, line_end(last.end(), cx)?);
    let line = cx.slice(TextRange::new(cx.line_start(first.start()), first_end));
    let removed =
        TextRange::new(cx.line_start(first.start()), cx.line_start(decorators[1].start()));
    are_together.then(|| fix.delete(removed).insert(last_end, format!("\n{line}")))
}

/// Where the line ends on which a decorator does, if only a comment follows it.
fn line_end(from: TextSize, cx: &Context<'_>) -> Option<TextSize> {
    let rest = &cx.text[from.to_usize()..];
    let tail = &rest[..rest.find(['\n', '\r'])?];
    let is_plain = tail.trim().is_empty() || tail.trim_start().starts_with('#');
    is_plain.then(|| from + TextSize::of(tail))
}

/// Reports `@abstractproperty` and its sisters.
fn check_deprecated<'a>(
    function: &'a StmtFunctionDef,
    index: usize,
    builtin: &'static str,
    cx: &mut Context<'a>,
) {
    let decorator = &function.decorator_list[index];
    let fix = replacement(function, index, builtin, cx);
    cx.report(decorator, format!("`{}` is deprecated since Python 3.3", said(decorator, cx)))
        .severity(Severity::Warning)
        .help(format!(
            "`@{builtin}` passes on that its function is abstract: write `@abstractmethod` below it"
        ))
        .fix(fix);
}

/// The builtin decorator, and `@abstractmethod` below it.
fn replacement<'a>(
    function: &'a StmtFunctionDef,
    index: usize,
    builtin: &'static str,
    cx: &Context<'a>,
) -> Option<Fix> {
    let decorators = &function.decorator_list[..];
    let decorator = &decorators[index];
    let is_abstract = |it: &Decorator| cx.is(&it.expression, "abc.abstractmethod");
    let id = cx.semantic.name(builtin);
    let scope = cx.scope(&decorator.expression);
    let is_shadowed =
        id.is_some_and(|id| cx.semantic.resolve_at(scope, id, decorator.start()).is_some());
    if is_shadowed || decorators[..index].iter().any(is_abstract) {
        return None;
    }
    let is_plain = |it: &Decorator| {
        is_abstract(it) || matches!(kind(it, function, cx), Some(Kind::Cache | Kind::Manager))
    };
    let title = format!("Write `@{builtin}` over `@abstractmethod`");
    let fix = match decorators[index + 1..].iter().all(is_plain) {
        true => Fix::safe(title),
        // What an unknown decorator gives may refuse the mark.
        false => Fix::unsafe_(title),
    };
    let fix = fix.replace(decorator.expression.range(), builtin);
    if decorators[index + 1..].iter().any(is_abstract) {
        return Some(fix);
    }
    if let Some(next) = decorators.get(index + 1)
        && matches!(kind(next, function, cx), Some(Kind::Descriptor | Kind::StaticMethod))
    {
        return None;
    }
    let (mark, import) = match &decorator.expression {
        Expr::Attribute(it) => (format!("{}.abstractmethod", cx.slice(&*it.value)), None),
        _ => {
            let imported = cx.import("abc", "abstractmethod", &decorator.expression)?;
            (imported.text, imported.edit)
        }
    };
    let indent = cx.indent_at(decorator.start());
    let end = line_end(decorator.end(), cx)?;
    Some(fix.insert(end, format!("\n{indent}@{mark}")).merge(import))
}
