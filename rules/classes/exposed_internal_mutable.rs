use ruff_python_ast::{Expr, Stmt, StmtFunctionDef};
use ruff_text_size::Ranged;

use super::containers::{Container, held, is_changed};
use super::fields::mentions;
use super::methods::{attribute_of, keeps, positional, this, without_docstring};
use super::properties::{Role, accessor, property};
use crate::diagnostic::Severity;
use crate::fix::Fix;
use crate::rule::{Context, Fixable, On, Opt, Rule};
use crate::syntax::string_text;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "exposed-internal-mutable",
    formerly: &[],
    severity: Severity::Info,
    default: false,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("exposed_internal_mutable.md"),
    options: &[&ARGUMENTS],
    on: &[On::StmtFunctionDef(check)],
};

const ARGUMENTS: Opt<bool> = Opt {
    name: "arguments",
    default: false,
    help: "Whether `__init__` may not keep a list, dictionary or set that it is given and that the class changes.",
};

/// Annotations that promise no change.
#[rustfmt::skip]
const READ_ONLY: &[&str] = &[
    "Collection", "Container", "FrozenSet", "ItemsView", "Iterable", "Iterator", "KeysView",
    "Mapping", "MappingProxyType", "Sequence", "ValuesView", "AbstractSet", "frozenset", "tuple",
    "Tuple",
];

/// Annotations of containers that can be changed and copied.
#[rustfmt::skip]
const MUTABLE: &[(&str, Container)] = &[
    ("Counter", Container::Dict), ("DefaultDict", Container::Dict), ("Deque", Container::Deque),
    ("Dict", Container::Dict), ("List", Container::List), ("OrderedDict", Container::Dict),
    ("Set", Container::Set), ("defaultdict", Container::Dict), ("deque", Container::Deque),
    ("dict", Container::Dict), ("list", Container::List), ("set", Container::Set),
];

fn check<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    let name = function.name.as_str();
    if cx.is_stub || cx.module.is_test() {
        return;
    }
    if name == "__init__" {
        check_arguments(function, cx);
    } else if !name.starts_with('_') {
        check_getter(function, cx);
    }
}

/// Reports a property or method that gives out what the class itself changes.
fn check_getter<'a>(getter: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    let Some((value, attribute)) = given_out(getter) else { return };
    let Some(class) = cx.class_of(getter) else { return };
    let name = getter.name.as_str();
    let is_property = match &getter.decorator_list[..] {
        // What a builder has built is there to be taken.
        [] if !name.starts_with("get") => return,
        [] => false,
        _ => match (accessor(getter, cx), property(name, class, cx)) {
            // Who can be assigned is meant to be a handle.
            (Some(it), Some(whole)) => match (it.role, whole.setter) {
                (Role::Getter, None) => true,
                _ => return,
            },
            _ => return,
        },
    };
    let promises = READ_ONLY.iter().any(|it| mentions(getter.returns.as_deref(), it, cx));
    if promises || class.name.starts_with('_') || says_it_is_live(getter) {
        return;
    }
    let Some(container) = held(attribute, class, cx) else { return };
    if cx.dataclass(class).is_some() || !is_changed(attribute, class, cx) {
        return;
    }
    let (said, how) = (container.said(), if is_property { "the property" } else { "the method" });
    let fix = Fix::unsafe_("Give out a copy").insert(value.end(), ".copy()");
    cx.report(value, format!("{how} `{name}` gives out the {said} that the class changes itself"))
        .help("who gets it can change it past the class, and sees it change while looking at it: a copy, a tuple or a `MappingProxyType` keeps the two apart")
        .fix(fix);
}

/// The private attribute that a method of no further parameters returns and does nothing else.
fn given_out(getter: &StmtFunctionDef) -> Option<(&Expr, &str)> {
    let [Stmt::Return(only)] = without_docstring(&getter.body) else { return None };
    let value = only.value.as_deref()?;
    let mut parameters = positional(getter);
    let attribute = attribute_of(value, parameters.next()?)?;
    (attribute.starts_with('_') && parameters.next().is_none()).then_some((value, attribute))
}

/// Whether the documentation of a getter speaks of what it gives out as alive.
fn says_it_is_live(getter: &StmtFunctionDef) -> bool {
    const WORDS: &[&str] =
        &["live", "mutable", "view", "modify", "reference", "not a copy", "in place"];
    let docstring = getter.body.first().and_then(|it| it.as_expr_stmt());
    let text = docstring.and_then(|it| it.value.as_string_literal_expr());
    text.is_some_and(|it| {
        let text = string_text(&it.value).to_lowercase();
        WORDS.iter().any(|word| text.contains(word))
    })
}

/// Reports what `__init__` keeps of its arguments and the class then changes.
fn check_arguments<'a>(init: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    if !cx.get(&ARGUMENTS) {
        return;
    }
    let (Some(class), Some(this)) = (cx.class_of(init), this(init)) else { return };
    for statement in cx.own(init).filter_map(|it| it.as_stmt_assign().copied()) {
        let ([target], Expr::Name(value)) = (&statement.targets[..], &*statement.value) else {
            continue;
        };
        let Some(attribute) = attribute_of(target, this) else { continue };
        let parameter = value.id.as_str();
        let Some(kind) = annotated(parameter, init, cx) else { continue };
        if !keeps(parameter, init, cx)
            || !attribute.starts_with('_')
            || !is_changed(attribute, class, cx)
        {
            continue;
        }
        let fix = Fix::unsafe_("Keep a copy").insert(value.end(), ".copy()");
        cx.report(
            value,
            format!(
                "`__init__` keeps the {kind} that it is given, and `{}` changes it",
                class.name
            ),
        )
        .help("the caller still has it and does not expect it to change: keep a copy")
        .fix(fix);
    }
}

/// The container that a parameter is annotated to be.
fn annotated<'a>(
    parameter: &str,
    init: &'a StmtFunctionDef,
    cx: &Context<'a>,
) -> Option<&'static str> {
    let annotation = init.parameters.find(parameter)?.parameter.annotation()?;
    let class = match annotation {
        Expr::Subscript(it) => &*it.value,
        it => it,
    };
    let name = cx.slice(class).rsplit('.').next().unwrap_or_default();
    let (_, container) = MUTABLE.iter().find(|(it, _)| *it == name)?;
    Some(container.said())
}
