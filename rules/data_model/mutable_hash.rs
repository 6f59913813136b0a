use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, Stmt, StmtClassDef, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};

use super::special::Method;
use super::state::{State, Use};
use crate::diagnostic::{Diagnostic, Severity};
use crate::project::ClassId;
use crate::rule::{Class, Context, Fixable, On, Rule, Suspected};
use crate::rules::classes::containers::{self, change};
use crate::rules::classes::methods::{is_last, methods, on_self, this};
use crate::syntax::string_text;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "mutable-hash",
    formerly: &[],
    severity: Severity::Info,
    default: true,
    fixable: Fixable::Never,
    since: "0.1.0",
    page: include_str!("mutable_hash.md"),
    options: &[],
    on: &[On::Special(check_function), On::StmtClassDef(check_class), On::Suspicion(confirm)],
};

const HELP: &str = "a set or dictionary keeps an object where its hash was when it came in: when the hash changes, the object is still there and not found any more";

/// Methods that have an object to themselves, before others get it or when they are done with it:
/// those that read an empty object from somewhere, too.
#[rustfmt::skip]
const ALONE: &[&str] = &[
    "__attrs_post_init__", "__copy__", "__deepcopy__", "__del__", "__exit__", "__init__",
    "__new__", "__post_init__", "__reduce__", "__reduce_ex__", "__setstate__", "close", "decode",
    "deserialize", "load", "parse", "read", "unpack",
];

/// Parts of names by which classes say that their objects are changed up to some moment only.
const FREEZING: &[&str] = &["freez", "frozen", "immutab", "readonly", "read_only"];

fn check_function<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    if function.name.as_str() != "__hash__" {
        return;
    }
    let Some(hash) = Method::of(function, cx) else { return };
    let Some(hashed) = State::of(&hash, cx) else { return };
    let mut parts = Vec::new();
    for used in hashed.first_uses() {
        let name = used.name();
        if hashed.stores(name) || is_cache(name) {
            continue;
        }
        let at = used.attribute.range;
        let held = containers::held(name, hash.class, cx);
        if let Some(held) = held
            && hashed.uses_of(name).any(|it| is_hashed_itself(it, cx))
        {
            let message = format!(
                "`__hash__` hashes `{name}`, which is a {}: each call raises `TypeError`",
                held.said()
            );
            cx.report(at, message)
                .severity(Severity::Error)
                .help("what can be changed has no hash: hash `tuple(…)` or `frozenset(…)` of it, or leave it out");
            return;
        }
        parts.push(Part { name, at, is_container: held.is_some() });
    }
    check_changes(&parts, hash.class, cx);
}

/// An attribute that a hash is made of.
struct Part<'a> {
    name: &'a str,
    at: TextRange,
    /// Whether it holds a container, which can be changed in place.
    is_container: bool,
}

/// A dataclass that is asked for a hash over fields which can change.
fn check_class<'a>(class: &'a StmtClassDef, cx: &mut Context<'a>) {
    if class.decorator_list.is_empty() || cx.is_stub || cx.module.is_test() {
        return;
    }
    let Some((_, made)) = cx.dataclass(class) else { return };
    if made.unsafe_hash != Some(true) || made.frozen != Some(false) {
        return;
    }
    let mut parts = Vec::new();
    for field in class.body.iter().filter_map(Stmt::as_ann_assign_stmt) {
        let Some(name) = field.target.as_name_expr() else { continue };
        if !is_hashed_field(&field.annotation, field.value.as_deref(), cx) {
            continue;
        }
        let said = name.id.as_str();
        if let Some(what) = unhashable(&field.annotation, cx) {
            let message = format!(
                "the hash is made of all fields, and `{said}` is {what}: each call of it raises `TypeError`"
            );
            cx.report(name, message)
                .severity(Severity::Error)
                .help("take a tuple or a frozenset, or leave the field out: `field(hash=False)`");
            return;
        }
        parts.push(Part { name: said, at: name.range, is_container: false });
    }
    check_changes(&parts, class, cx);
}

/// Whether the hash that is written into a dataclass uses a field.
fn is_hashed_field(annotation: &Expr, value: Option<&Expr>, cx: &Context<'_>) -> bool {
    let is_special =
        ["ClassVar", "InitVar", "KW_ONLY"].iter().any(|it| cx.slice(annotation).contains(it));
    let is_left_out = value.and_then(Expr::as_call_expr).is_some_and(|call| {
        ["hash", "compare", "eq"].iter().any(|it| call.arguments.find_keyword(it).is_some())
    });
    !is_special && !is_left_out
}

/// What an annotation says, in words, if that has no hash.
fn unhashable<'a>(annotation: &'a Expr, cx: &Context<'a>) -> Option<&'static str> {
    let plain = match annotation {
        Expr::Subscript(it) => &*it.value,
        plain => plain,
    };
    match cx.qualified(plain)?.parts() {
        ["builtins", "list"] | ["typing", "List"] => Some("a list"),
        ["builtins", "dict"] | ["typing", "Dict"] => Some("a dictionary"),
        ["builtins", "set"] | ["typing", "Set"] => Some("a set"),
        _ => None,
    }
}

/// Reports that what is hashed is changed, or suspects that a class below does so.
fn check_changes<'a>(parts: &[Part<'a>], class: &'a StmtClassDef, cx: &mut Context<'a>) {
    let Some(part) = parts.first().filter(|_| !is_frozen_later(class, cx)) else { return };
    let mut changes = parts.iter().filter_map(|it| Some((it, changed(it, class, cx)?)));
    let Some((first, (method, range))) = changes.next() else {
        let names: Vec<&str> = parts.iter().map(|it| it.name).collect();
        let (about, at) = (names.join("."), part.at);
        cx.suspect_about(class, about, at, message(part.name, "a class below")).help(HELP);
        return;
    };
    let others: Vec<_> = changes.map(|(it, (_, range))| (it.name, range)).collect();
    let finding = cx.report(first.at, message(first.name, &format!("`{method}`")));
    finding.label(range, "changed here").help(HELP);
    for (name, range) in others {
        finding.label(range, format!("and `{name}` here"));
    }
}

fn message(name: &str, who: &str) -> String {
    format!("the hash is made of `{name}`, which {who} changes: an object is lost in sets then")
}

/// The first method that changes an attribute after the object was made, and where.
fn changed<'a>(
    part: &Part<'a>,
    class: &'a StmtClassDef,
    cx: &Context<'a>,
) -> Option<(&'a str, TextRange)> {
    let Part { name, is_container, .. } = *part;
    methods(class).find_map(|method| {
        let own = method.name.as_str();
        if ALONE.contains(&own) || is_only_called_at_first(own, class, cx) {
            return None;
        }
        // A setter that nothing calls its own stands in the place of the one it was made of.
        let is_kept = is_last(method, class, cx) || !method.decorator_list.is_empty();
        let this = this(method).filter(|_| is_kept)?;
        let is_it = |it: &&ExprAttribute| it.attr.as_str() == name && !it.ctx.is_load();
        let assigned =
            on_self(method, cx).filter(is_it).find(|it| !is_kept_for_later(it, method, cx));
        let in_place = || {
            let changes = cx.descendants(method).iter().filter_map(|node| change(*node, this));
            changes.filter(|it| it.0 == name && is_container).map(|it| it.1).next()
        };
        let range = assigned.map(|it| it.range).or_else(in_place)?;
        Some((own, range))
    })
}

/// Whether a method helps to make the object: those that make it call it, and no other.
fn is_only_called_at_first<'a>(name: &str, class: &'a StmtClassDef, cx: &Context<'a>) -> bool {
    let calls = |method: &'a StmtFunctionDef| {
        on_self(method, cx).any(|it| it.attr.as_str() == name && it.ctx.is_load())
    };
    let mut callers = methods(class).filter(|it| calls(it)).peekable();
    name.starts_with('_')
        && callers.peek().is_some()
        && callers.all(|it| ALONE.contains(&it.name.as_str()))
}

/// Whether an attribute is set where it was asked for before: what is computed is kept, and always
/// the same.
fn is_kept_for_later<'a>(
    written: &'a ExprAttribute,
    method: &'a StmtFunctionDef,
    cx: &Context<'a>,
) -> bool {
    let name = written.attr.as_str();
    let asks = |test: &'a Expr| {
        let inner = cx.descendants(test).iter().copied();
        std::iter::once(test.into()).chain(inner).any(|node: AnyNodeRef<'a>| match node {
            AnyNodeRef::ExprAttribute(it) => it.attr.as_str() == name,
            AnyNodeRef::ExprStringLiteral(it) => string_text(&it.value) == name,
            _ => false,
        })
    };
    let is_inside = |node: &AnyNodeRef<'a>| method.range.contains_range(node.range());
    cx.ancestors(written).take_while(is_inside).any(|node| match node {
        AnyNodeRef::StmtIf(it) => asks(&it.test),
        AnyNodeRef::StmtTry(_) | AnyNodeRef::ExceptHandlerExceptHandler(_) => true,
        _ => false,
    })
}

/// Whether an attribute keeps a hash, or what it is made of.
fn is_cache(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("hash") || name.contains("cache")
}

/// Whether a class refuses changes at some time, or says that it does.
fn is_frozen_later<'a>(class: &'a StmtClassDef, cx: &Context<'a>) -> bool {
    let is_freezing = |name: &str| {
        let name = name.to_ascii_lowercase();
        FREEZING.iter().any(|it| name.contains(it))
    };
    !cx.members(class, "__setattr__").is_empty()
        || methods(class).any(|it| is_freezing(&it.name))
        || cx.descendants(class).iter().any(|node| match node {
            AnyNodeRef::ExprAttribute(it) => is_freezing(&it.attr),
            _ => false,
        })
}

/// Whether an attribute is what is hashed, or a part of the tuple that is.
fn is_hashed_itself<'a>(used: &Use<'a>, cx: &Context<'a>) -> bool {
    let holder = match cx.parent(used.attribute) {
        AnyNodeRef::ExprTuple(tuple) => cx.parent(tuple),
        holder => holder,
    };
    matches!(holder, AnyNodeRef::ExprCall(call)
        if cx.is(&call.func, "builtins.hash"))
}

/// Whether a class below that is hashed the same way sets one of the attributes later.
fn confirm(suspected: Suspected<'_>, diagnostic: &mut Diagnostic) -> bool {
    let Some(class) = suspected.class() else { return false };
    let Some(names) = suspected.suspicion.about.as_deref() else { return false };
    let project = suspected.project;
    let changes = |id: ClassId| {
        let below = Class::new(project, id);
        let file = project.file(below.file);
        let is_its_own = ["__hash__", "__eq__"].iter().any(|it| project.member(id, it).is_some());
        if is_its_own || file.module().is_test() {
            return None;
        }
        let attributes = file.attributes().of(project.index_of(id)).iter();
        let later = attributes.filter(|it| it.is_set_later()).map(|it| file.text(it.name));
        names.split('.').find(|name| later.clone().any(|it| it == *name)).map(|it| (below, it))
    };
    let Some((below, name)) = project.descendants(class.id).into_iter().find_map(changes) else {
        return false;
    };
    diagnostic.message = message(name, "a class below");
    let said = format!("a method of `{}` sets `{name}`", below.name());
    match below.file == class.file {
        true => diagnostic.label(below.facts.range(), said),
        false => diagnostic.label_in(project.file(below.file).path(), below.facts.range(), said),
    };
    true
}
