mod again;
mod certain;

use ruff_python_ast::{AnyNodeRef, ExprAttribute, StmtAssign, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};

use self::again::{Again, Way};
use super::special::Method;
use crate::diagnostic::{Diagnostic, Severity};
use crate::fix::Fix;
use crate::project::{ClassId, ClassRef};
use crate::rule::{Context, Fixable, On, Rule, Suspected};
use crate::semantic::{CallSite, CalleeShape};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "self-recursive-dunder",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("self_recursive_dunder.md"),
    options: &[],
    on: &[On::Special(check), On::Suspicion(confirm)],
};

fn check<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    if !again::is_watched(&function.name) || function.is_async {
        return;
    }
    // There are many of these, which come to themselves again by their name alone.
    if function.name.as_str() == "__init__" && !calls_initializer(cx) {
        return;
    }
    let Some(method) = Method::of(function, cx) else { return };
    if !method.is_of_instance() {
        return;
    }
    let again = match method.keeps(method.this(), cx) {
        true => again::find(&method, cx),
        false => again::find_in_place(&method, cx),
    };
    let Some(again) = again.filter(|_| !changes_class(&method, cx)) else { return };
    let (name, said, range) = (method.name, said(again.range, cx), again.range);
    let message = format!("{said} calls `{name}` again: `RecursionError`");
    let help = match name {
        "__setattr__" => {
            "every assignment to an attribute of the object comes here: `super().__setattr__()` does what happens without this method"
        }
        "__getattribute__" => {
            "every look at an attribute of the object comes here, `self.__dict__` too: `super().__getattribute__()` does what happens without this method"
        }
        "__delattr__" => {
            "every deletion of an attribute of the object comes here: `super().__delattr__()` does what happens without this method"
        }
        "__repr__" => "show the parts of the object, and `type(self).__name__` for what it is",
        _ => {
            "the method answers the question by asking it again: ask a part of the object, or `super()`"
        }
    };
    let fix = mended(&method, &again, cx);
    match again.way {
        Way::Direct => cx.report(range, message),
        // Only where nothing in the linearization stands between.
        Way::Through(other) => cx.suspect_about(method.class, other, range, message),
    }
    .help(help)
    .fix(fix);
}

/// Whether the file calls an `__init__` by its name, but for that of `super()`.
fn calls_initializer(cx: &Context<'_>) -> bool {
    struct Calls(bool);
    let is_it = |it: &CallSite<'_>| {
        matches!(it.callee, CalleeShape::Method("__init__") | CalleeShape::Attribute("__init__"))
    };
    cx.once(|cx| Calls(cx.semantic.sites().calls.iter().any(is_it))).0
}

/// Whether a method of the class gives the object another class: it is asked then.
fn changes_class<'a>(method: &Method<'a>, cx: &Context<'a>) -> bool {
    cx.descendants(method.class).iter().any(|node| match node {
        AnyNodeRef::ExprAttribute(it) => it.ctx.is_store() && it.attr.as_str() == "__class__",
        _ => false,
    })
}

/// What asks again, as a message calls it.
fn said(range: TextRange, cx: &Context<'_>) -> String {
    let text = cx.slice(range);
    let is_short = text.len() <= 40 && !text.contains('\n');
    if is_short { format!("`{text}`") } else { "this".to_owned() }
}

fn mended<'a>(method: &Method<'a>, again: &Again<'a>, cx: &Context<'a>) -> Option<Fix> {
    match (method.name, again.node) {
        ("__setattr__", AnyNodeRef::ExprAttribute(target)) => stored_above(method, target, cx),
        ("__getattribute__", AnyNodeRef::ExprAttribute(read)) if read.ctx.is_load() => {
            let name = attribute_name(method, read, cx);
            let text = format!("super().__getattribute__({name})");
            let fix = Fix::unsafe_("Ask `super().__getattribute__()`");
            is_super_free(cx).then(|| fix.replace(read.range(), text))
        }
        ("__repr__", AnyNodeRef::ExprFString(_)) => {
            let field = again.field?;
            let is_bare = field.format_spec.is_none() && field.debug_text.is_none();
            let this = method.this();
            let name = format!("{{type({this}).__name__}}");
            let fix = Fix::unsafe_("Show the name of the class");
            is_bare.then(|| fix.replace(field.range, name))
        }
        _ => None,
    }
}

/// `super().__setattr__(name, value)` in the place of `self.name = value`.
fn stored_above<'a>(
    method: &Method<'a>,
    target: &'a ExprAttribute,
    cx: &Context<'a>,
) -> Option<Fix> {
    let AnyNodeRef::StmtAssign(StmtAssign { targets, value, range, .. }) = cx.parent(target) else {
        return None;
    };
    let is_plain = targets.len() == 1 && !value.is_yield_expr() && !value.is_tuple_expr();
    let name = attribute_name(method, target, cx);
    let text = format!("super().__setattr__({name}, {})", cx.slice(&**value));
    let fix = Fix::unsafe_("Hand it to `super().__setattr__()`");
    let keeps_comments = !cx.has_comment(*range);
    (is_plain && keeps_comments && is_super_free(cx)).then(|| fix.replace(*range, text))
}

/// The name of an attribute as an argument: the parameter, where the attribute is called as it is
/// called (`self.name = value` in `__setattr__(self, name, value)`).
fn attribute_name(method: &Method<'_>, attribute: &ExprAttribute, cx: &Context<'_>) -> String {
    let name = attribute.attr.as_str();
    let is_parameter = method.parameter(0) == Some(name) && method.keeps(name, cx);
    if is_parameter { name.to_owned() } else { format!("\"{name}\"") }
}

fn is_super_free(cx: &Context<'_>) -> bool {
    cx.semantic.global("super").is_none()
}

/// Whether the special method that the way leads through is `object`'s, which comes back.
fn confirm(suspected: Suspected<'_>, _: &mut Diagnostic) -> bool {
    let Some(class) = suspected.class() else { return false };
    let Some(name) = suspected.suspicion.about.as_deref() else { return false };
    let leads_back = |name: &str| match class.project.lookup(class.id, name) {
        Some(Some((ClassRef::Std(it), _))) => it.is_object(),
        Some(None) => true,
        _ => false,
    };
    // Who is below may bring what is missing here.
    let is_below = |it: &ClassId| class.project.member(*it, name).is_some();
    class.project.is_plainly_made(class.id)
        && !class.project.subclasses(class.id).iter().any(is_below)
        && leads_back(name)
        && (name != "__str__" || leads_back("__format__"))
}
