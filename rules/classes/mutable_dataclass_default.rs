use ruff_python_ast::{Expr, PythonVersion, StmtClassDef};
use ruff_text_size::Ranged;

use super::factories::factory;
use super::fields::{Field, field, mentions};
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::Maker;
use crate::project::{Item, Mro};
use crate::rule::{Context, Fixable, On, Rule, Suspected};
use crate::rules::failures::is_expected;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "mutable-dataclass-default",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("mutable_dataclass_default.md"),
    options: &[],
    on: &[On::StmtClassDef(check), On::Suspicion(confirm)],
};

/// What other libraries give out that can be changed and has no hash.
const UNHASHABLE: &[&str] = &[
    "numpy.arange",
    "numpy.array",
    "numpy.asarray",
    "numpy.empty",
    "numpy.eye",
    "numpy.full",
    "numpy.identity",
    "numpy.linspace",
    "numpy.ones",
    "numpy.zeros",
    "pandas.DataFrame",
    "pandas.Series",
];

/// What other libraries give out that can be changed, and is hashed by identity.
const SHARED: &[&str] = &[
    "torch.arange",
    "torch.empty",
    "torch.eye",
    "torch.full",
    "torch.linspace",
    "torch.ones",
    "torch.rand",
    "torch.randn",
    "torch.tensor",
    "torch.zeros",
];

/// What a default is.
enum Kind {
    /// A list, dictionary or set, or of a class below: `dataclasses` always refused these.
    Refused,
    /// It has no hash: refused by Python 3.11 and newer.
    Unhashable,
    /// It is hashed by identity: never refused.
    Hashable,
    /// What is made by calling something that must be looked up: unhashable if it is reported.
    Called(String),
}

fn check<'a>(class: &'a StmtClassDef, cx: &mut Context<'a>) {
    if class.decorator_list.is_empty() || cx.is_stub {
        return;
    }
    let Some((_, dataclass)) = cx.dataclass(class) else { return };
    if dataclass.maker == Maker::Pydantic || is_expected(class, cx) {
        return; // pydantic copies what it can
    }
    for statement in &class.body {
        if let Some(field) = field(statement, class, dataclass.maker, cx)
            && let Some(kind) = kind(field.default, cx)
        {
            check_field(class, &field, kind, dataclass.maker, cx);
        }
    }
}

fn check_field<'a>(
    class: &'a StmtClassDef,
    field: &Field<'a>,
    kind: Kind,
    maker: Maker,
    cx: &mut Context<'a>,
) {
    let is_init_var = mentions(field.annotation, "InitVar", cx);
    let is_refused = maker == Maker::Dataclasses
        && !is_init_var
        && match kind {
            Kind::Refused => true,
            Kind::Unhashable | Kind::Called(_) => refuses_what_has_no_hash(cx),
            Kind::Hashable => false,
        };
    if !is_refused && mentions(field.annotation, "Final", cx) {
        return;
    }
    let (name, what) = (field.name.id.as_str(), what(field.default, &kind, cx));
    let message = match is_refused {
        true => {
            let since = if is_new_refusal(&kind, cx) { " since Python 3.11" } else { "" };
            format!("the default of `{name}` is {what}: `@dataclass` raises `ValueError`{since}")
        }
        false => format!("all instances share the default of `{name}`, {what}"),
    };
    let severity = if is_refused { Severity::Error } else { Severity::Warning };
    let help = match (is_refused, is_init_var) {
        (_, true) => {
            "an `InitVar` can have no factory: take `None` and make the value in `__post_init__`"
        }
        (true, _) => {
            "one object would be shared by all instances, so `dataclasses` refuses what has no hash; `default_factory` makes a new one for each"
        }
        (false, _) => {
            "the default is made once, with the class, and a change through one instance shows in all; a factory makes a new one for each"
        }
    };
    let is_exact = is_refused && matches!(kind, Kind::Refused);
    let fix = if is_init_var { None } else { factory(field, class, maker, is_exact, cx) };
    let at = field.default.range();
    match kind {
        Kind::Called(callee) => cx.suspect_about(class, callee, at, message),
        _ => cx.report(at, message),
    }
    .severity(severity)
    .help(help)
    .fix(fix);
}

/// Whether a Python that the file runs on refuses each default without a hash: 3.11 began to; the
/// ones before only knew lists, dictionaries and sets.
fn refuses_what_has_no_hash(cx: &Context<'_>) -> bool {
    let newest = cx.target().and_then(|it| it.highest);
    newest.is_none_or(|newest| newest >= PythonVersion::PY311)
}

/// Whether some Python that the file may run on does not refuse a default that others refuse.
fn is_new_refusal(kind: &Kind, cx: &Context<'_>) -> bool {
    let is_new = cx.target().is_some_and(|it| it.lowest >= PythonVersion::PY311);
    !matches!(kind, Kind::Refused) && !is_new
}

/// A default in words.
fn what<'a>(default: &'a Expr, kind: &Kind, cx: &Context<'a>) -> String {
    match (default, kind) {
        (Expr::List(_) | Expr::ListComp(_), _) => "a list".to_owned(),
        (Expr::Dict(_) | Expr::DictComp(_), _) => "a dictionary".to_owned(),
        (Expr::Call(call), Kind::Unhashable | Kind::Hashable) => {
            format!("what `{}()` gives", cx.slice(&*call.func))
        }
        (Expr::Call(call), _) => {
            let callee = cx.slice(&*call.func);
            format!("a `{}`", callee.rsplit('.').next().unwrap_or(callee).trim())
        }
        _ => "a set".to_owned(),
    }
}

/// What a default is, where it may be changed.
fn kind<'a>(default: &'a Expr, cx: &Context<'a>) -> Option<Kind> {
    match default {
        Expr::List(_) | Expr::ListComp(_) => Some(Kind::Refused),
        Expr::Dict(_) | Expr::DictComp(_) => Some(Kind::Refused),
        Expr::Set(_) | Expr::SetComp(_) => Some(Kind::Refused),
        Expr::Call(call) => {
            let name = cx.qualified(&call.func)?;
            Some(match name.parts() {
                ["builtins", "list" | "dict" | "set"] => Kind::Refused,
                ["collections", "Counter" | "OrderedDict" | "defaultdict"] => Kind::Refused,
                ["attr" | "attrs", ..] => return None,
                _ if name.is_any(UNHASHABLE) => Kind::Unhashable,
                _ if name.is_any(SHARED) => Kind::Hashable,
                _ => Kind::Called(name.to_string()),
            })
        }
        _ => None,
    }
}

/// Whether what is called is a class whose instances have no hash.
fn confirm(suspected: Suspected<'_>, _: &mut Diagnostic) -> bool {
    let project = suspected.project;
    match suspected.about() {
        Item::Std(class) => class.is_hashable() == Some(false),
        Item::Class(class) => match project.mro(class) {
            Mro::Known(mro) => {
                project.hashing(mro).is_some_and(|(_, is_hashable)| !is_hashable)
                    // A descriptor gives the default when the class is asked for it.
                    && project.lookup(class, "__get__") == Some(None)
            }
            _ => false,
        },
        _ => false,
    }
}
