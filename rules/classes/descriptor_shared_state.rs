use ruff_python_ast::{AnyNodeRef, Expr, StmtAssign, StmtFunctionDef};
use ruff_text_size::Ranged;

use super::descriptors::{Method, kept_name};
use super::methods::{attribute_of, is_name, methods, on_self, this, uses};
use crate::diagnostic::Severity;
use crate::fix::Fix;
use crate::rule::{Context, Fixable, On, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "descriptor-shared-state",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("descriptor_shared_state.md"),
    options: &[],
    on: &[On::Special(check)],
};

fn check<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    if function.name.as_str() != "__set__" || cx.is_stub || cx.module.is_test() {
        return;
    }
    let Some(set) = Method::of(function, cx) else { return };
    // What is kept for each thread is shared on purpose.
    if set.class.bases().iter().any(|it| cx.is(it, "threading.local")) {
        return;
    }
    let (Some(get), Some(value)) = (set.other("__get__", cx), set.third) else { return };
    let stores = set.own(cx).filter_map(|it| it.as_stmt_assign().copied());
    let stores: Vec<_> = stores.filter(|it| uses(&it.value, value, cx)).collect();
    for store in stores {
        let [target] = &store.targets[..] else { continue };
        if let Some(attribute) = attribute_of(target, set.this) {
            return check_single(store, attribute, &set, &get, cx);
        }
        if let Expr::Subscript(it) = target
            && let Some(attribute) = attribute_of(&it.value, set.this)
            && let Some(key) = key(&it.slice, set.object, cx)
        {
            return check_table(store, attribute, key, &set, cx);
        }
    }
}

/// `self.value = value`: reported where `__get__` gives that to whoever asks.
fn check_single<'a>(
    store: &'a StmtAssign,
    attribute: &'a str,
    set: &Method<'a>,
    get: &Method<'a>,
    cx: &mut Context<'a>,
) {
    let gives = |it: AnyNodeRef<'a>| {
        it.as_stmt_return()
            .and_then(|it| it.value.as_deref())
            .is_some_and(|it| attribute_of(it, get.this) == Some(attribute))
    };
    // Who looks at the object tells one from another in a way of its own.
    let looks = |method: &Method<'a>| {
        method
            .own(cx)
            .filter_map(|it| it.as_expr_name().copied())
            .any(|it| it.id == method.object && it.ctx.is_load() && !is_asked_for_none(it, cx))
    };
    if !get.own(cx).any(gives) || looks(set) || looks(get) {
        return;
    }
    let class = set.class.name.as_str();
    let fix = per_object(store, attribute, set, get, cx);
    cx.report(store, format!("`{class}` keeps one value for all objects: `{}.{attribute}` is of the descriptor", set.this))
        .help("a descriptor is made once, with the class that it stands in, and every instance of that class shares it: what belongs to one object must be kept in that object, as in `obj.__dict__`")
        .fix(fix);
}

/// Whether a name is only compared with `None`.
fn is_asked_for_none<'a>(name: &'a ruff_python_ast::ExprName, cx: &Context<'a>) -> bool {
    matches!(cx.parent(name), AnyNodeRef::ExprCompare(it)
        if it.comparators.iter().all(Expr::is_none_literal_expr))
}

/// The value into the object's own `__dict__`, under the name that the descriptor is bound to.
fn per_object<'a>(
    store: &'a StmtAssign,
    attribute: &str,
    set: &Method<'a>,
    get: &Method<'a>,
    cx: &Context<'a>,
) -> Option<Fix> {
    let name = kept_name(set.class, cx)?;
    if cx.semantic.name("__slots__").is_some() {
        return None;
    }
    let target = format!("{}.__dict__[{}.{name}]", set.object, set.this);
    let mut fix =
        Fix::unsafe_("Keep the value in the object").replace(store.targets[0].range(), target);
    let reads = on_self(get.function, cx).filter(|it| it.attr == *attribute);
    let is_initial = methods(set.class).any(|method| {
        method.name.as_str() == "__init__"
            && on_self(method, cx).any(|it| it.attr == *attribute && it.ctx.is_store())
    });
    for read in reads {
        // What `__init__` put there is what objects begin with.
        let value = match is_initial {
            true => format!("{}.__dict__.get({}.{name}, {})", get.object, get.this, cx.slice(read)),
            false => format!("{}.__dict__[{}.{name}]", get.object, get.this),
        };
        fix = fix.replace(read.range, value);
    }
    let tests_none = get
        .own(cx)
        .filter_map(|it| it.as_expr_compare().copied())
        .any(|it| is_name(&it.left, get.object));
    tests_none.then_some(fix)
}

/// How a table is asked for an object.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    /// By itself.
    Object,
    /// By its `id()`.
    Id,
}

fn key(slice: &Expr, object: &str, cx: &Context<'_>) -> Option<Key> {
    match slice {
        Expr::Call(call) => {
            let [only] = &*call.arguments.args else { return None };
            let is_id = is_name(&call.func, "id") && is_name(only, object);
            (is_id && cx.semantic.global("id").is_none()).then_some(Key::Id)
        }
        other => is_name(other, object).then_some(Key::Object),
    }
}

/// `self.values[obj] = value`: reported where the table is a plain dictionary that nothing is ever
/// taken from.
fn check_table<'a>(
    store: &'a StmtAssign,
    attribute: &'a str,
    key: Key,
    set: &Method<'a>,
    cx: &mut Context<'a>,
) {
    let class = set.class;
    let speaks_of_weakref = cx.descendants(class).iter().any(|it| match it {
        AnyNodeRef::ExprName(it) => it.id.to_ascii_lowercase().contains("weak"),
        AnyNodeRef::ExprAttribute(it) => it.attr.to_ascii_lowercase().contains("weak"),
        _ => false,
    });
    let Some(made) = plain_dictionary(attribute, set, cx) else { return };
    if speaks_of_weakref || takes_away(attribute, set, cx) {
        return;
    }
    let name = class.name.as_str();
    let table = format!("{}.{attribute}", set.this);
    let (message, help) = match key {
        Key::Object => (
            format!("`{table}` keeps every object alive that was ever given a value by `{name}`"),
            "the descriptor lives as long as its class, and so does what the dictionary holds, keys included; they must be hashable, too: a `WeakKeyDictionary` lets go of them, `obj.__dict__` goes with the object",
        ),
        Key::Id => (
            format!(
                "`{table}` keeps the values of objects that are gone, and gives them to new ones with the same `id()`"
            ),
            "an `id()` is given out again when its object is gone: a `WeakKeyDictionary` with the object for a key forgets it, `obj.__dict__` goes with the object",
        ),
    };
    let fix = match key {
        Key::Object => weak(made, set, cx),
        Key::Id => None,
    };
    cx.report(&store.targets[0], message).help(help).fix(fix);
}

/// The empty dictionary that `__init__` makes of an attribute, if it is all that it is ever set to.
fn plain_dictionary<'a>(attribute: &str, set: &Method<'a>, cx: &Context<'a>) -> Option<&'a Expr> {
    let mut found = None;
    for method in methods(set.class) {
        let own = this(method)?;
        for assign in cx.own(method).filter_map(|it| it.as_stmt_assign().copied()) {
            let [target] = &assign.targets[..] else { continue };
            if attribute_of(target, own) != Some(attribute) {
                continue;
            }
            let is_empty = match &*assign.value {
                Expr::Dict(it) => it.items.is_empty(),
                Expr::Call(it) => it.arguments.is_empty() && cx.is(&it.func, "builtins.dict"),
                _ => false,
            };
            if !is_empty || found.replace(&*assign.value).is_some() {
                return None;
            }
        }
    }
    found
}

/// Whether a method takes something out of a table.
fn takes_away<'a>(attribute: &str, set: &Method<'a>, cx: &Context<'a>) -> bool {
    methods(set.class).any(|method| {
        let Some(own) = this(method) else { return false };
        cx.own(method).any(|node| match node {
            AnyNodeRef::ExprSubscript(it) => {
                it.ctx.is_del() && attribute_of(&it.value, own) == Some(attribute)
            }
            AnyNodeRef::ExprAttribute(it) => {
                matches!(it.attr.as_str(), "pop" | "popitem" | "clear")
                    && attribute_of(&it.value, own) == Some(attribute)
            }
            _ => false,
        })
    })
}

/// `{}` → `WeakKeyDictionary()`.
fn weak<'a>(made: &'a Expr, set: &Method<'a>, cx: &Context<'a>) -> Option<Fix> {
    let imported = cx.import("weakref", "WeakKeyDictionary", set.function)?;
    let fix = Fix::unsafe_("Use a `WeakKeyDictionary`");
    Some(fix.replace(made.range(), format!("{}()", imported.text)).merge(imported.edit))
}
