use ruff_python_ast::{AnyNodeRef, Stmt, StmtFunctionDef};

use super::methods::{attribute_of, is_last, is_name, positional, without_docstring};
use crate::diagnostic::{Diagnostic, Severity};
use crate::project::ClassRef;
use crate::rule::{Context, Fixable, On, Opt, Rule, Suspected};
use crate::semantic::BindingKind;
use crate::syntax::string_text;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "getter-setter-methods",
    formerly: &[],
    severity: Severity::Info,
    default: false,
    fixable: Fixable::Never,
    since: "0.1.0",
    page: include_str!("getter_setter_methods.md"),
    options: &[&IGNORED_NAMES],
    on: &[On::StmtFunctionDef(check), On::Suspicion(confirm)],
};

const IGNORED_NAMES: Opt<&'static [&'static str]> = Opt {
    name: "ignore-names",
    default: &["get_params", "get_absolute_url", "get_queryset"],
    help: "Names of getters that a framework asks for.",
};

fn check<'a>(getter: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    let Some((name, set_name)) = pair_of(getter.name.as_str()) else { return };
    if cx.is_stub || cx.module.is_test() {
        return;
    }
    let Some(class) = cx.class_of(getter) else { return };
    let Some(attribute) = attribute_returned(getter) else { return };
    if !is_same(attribute, name) {
        return;
    }
    let members = cx.members(class, &set_name);
    let Some(BindingKind::Function(setter)) = members.last().map(|it| it.kind) else { return };
    let is_pair = attribute_set(setter) == Some(attribute) && is_last(getter, class, cx);
    if !is_pair
        || cx.get(&IGNORED_NAMES).iter().any(|it| *it == getter.name.as_str())
        || !cx.members(class, name).is_empty()
        || is_handed_on(&getter.name, cx)
        || is_handed_on(&set_name, cx)
    {
        return;
    }
    let (get, class_name) = (getter.name.as_str(), class.name.as_str());
    let is_public = attribute == name;
    let instead = match is_public {
        true => format!("`{name}` is an attribute already: who uses it can read and assign it"),
        false => format!(
            "an attribute `{name}` does the same, and can become a property with checks of its own without a change for those who use it"
        ),
    };
    cx.suspect(
        class,
        &getter.name,
        format!("`{get}` and `{set_name}` of `{class_name}` only hand `{attribute}` through"),
    )
    .help(instead)
    .label(&setter.name, "and back");
}

/// For `get_x` or `getX`, what it gets and how its counterpart would be called.
fn pair_of(getter: &str) -> Option<(&str, String)> {
    let rest = getter.strip_prefix("get")?;
    let (name, set) = match rest.strip_prefix('_') {
        Some(name) => (name, format!("set_{name}")),
        None if rest.starts_with(|it: char| it.is_ascii_uppercase()) => {
            (rest, format!("set{rest}"))
        }
        None => return None,
    };
    (!name.is_empty()).then_some((name, set))
}

/// Whether an attribute is what a method is named after: `_full_name` for `get_full_name` and
/// `getFullName`.
fn is_same(attribute: &str, name: &str) -> bool {
    let letters = |text: &str| text.replace('_', "").to_ascii_lowercase();
    letters(attribute) == letters(name)
}

/// The attribute that a method returns and does nothing else.
fn attribute_returned(getter: &StmtFunctionDef) -> Option<&str> {
    let mut parameters = positional(getter);
    let (this, None) = (parameters.next()?, parameters.next()) else { return None };
    let [Stmt::Return(only)] = body_of_plain(getter)? else { return None };
    attribute_of(only.value.as_deref()?, this)
}

/// The attribute that a method sets to what it is given and does nothing else.
fn attribute_set(setter: &StmtFunctionDef) -> Option<&str> {
    let mut parameters = positional(setter);
    let (this, value, None) = (parameters.next()?, parameters.next()?, parameters.next()) else {
        return None;
    };
    let [Stmt::Assign(only)] = body_of_plain(setter)? else { return None };
    let [target] = &only.targets[..] else { return None };
    is_name(&only.value, value).then(|| attribute_of(target, this))?
}

/// The body of a method that is neither decorated nor a coroutine and takes its parameters by place.
fn body_of_plain(method: &StmtFunctionDef) -> Option<&[Stmt]> {
    let parameters = &method.parameters;
    let is_plain = method.decorator_list.is_empty()
        && !method.is_async
        && parameters.vararg.is_none()
        && parameters.kwarg.is_none()
        && parameters.kwonlyargs.is_empty();
    is_plain.then(|| without_docstring(&method.body))
}

/// Whether a method is used other than by a call: handed on as a callback, or called by its name.
fn is_handed_on(name: &str, cx: &Context<'_>) -> bool {
    cx.tree.nodes().iter().any(|node| match node {
        AnyNodeRef::ExprAttribute(it) if it.attr == *name => match cx.parent(*it) {
            AnyNodeRef::ExprCall(call) => cx.id(&*call.func) != cx.id(*it),
            _ => true,
        },
        AnyNodeRef::ExprStringLiteral(it) => string_text(&it.value) == name,
        _ => false,
    })
}

/// Whether the two methods are nobody else's: no other class has one of them, and all classes above
/// are known.
fn confirm(suspected: Suspected<'_>, diagnostic: &mut Diagnostic) -> bool {
    let Some(class) = suspected.class() else { return false };
    let (project, Some(ancestors)) = (suspected.project, class.ancestors()) else { return false };
    let is_harmless = |entry: &ClassRef| match entry {
        ClassRef::Project(_) => true,
        ClassRef::Std(it) => it.is_object() || matches!(it.name(), "abc.ABC" | "typing.Generic"),
    };
    if !ancestors.iter().all(is_harmless) || project.is_protocol(class.id) {
        return false;
    }
    let places = diagnostic.labels.iter().map(|it| it.range).chain([diagnostic.range]);
    let methods = places.filter_map(|it| suspected.function_at(it));
    let mut names = methods.map(|it| it.text(it.facts.name));
    // What several classes have is agreed on between them and those who call it.
    names.all(|name| project.classes_with(name).all(|it| it == class.id))
}
