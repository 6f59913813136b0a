use ruff_python_ast::{Expr, ExprCall, StmtClassDef};

use super::containers::change;
use super::factories::factory;
use super::fields::{Field, field, mentions};
use super::methods::{methods, on_self, this};
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::Maker;
use crate::project::{ClassId, ClassRef, Item, Mro, Project};
use crate::rule::{Context, Fixable, On, Opt, Rule, Suspected};
use crate::semantic::BindingKind;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "dataclass-call-default",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("dataclass_call_default.md"),
    options: &[&CALLS],
    on: &[On::StmtClassDef(check), On::Suspicion(confirm)],
};

const CALLS: Opt<&'static [&'static str]> = Opt {
    name: "calls",
    default: &[],
    help: "Further functions, by their dotted names, that are called for another value each time.",
};

/// Functions that are called for another value each time.
#[rustfmt::skip]
const CHANGING: &[&str] = &[
    "builtins.id",
    "builtins.next",
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "django.utils.timezone.localdate",
    "django.utils.timezone.localtime",
    "django.utils.timezone.now",
    "os.getpid",
    "os.urandom",
    "tempfile.mkdtemp",
    "tempfile.mkstemp",
    "tempfile.mktemp",
    "threading.get_ident",
    "threading.get_native_id",
    "time.asctime",
    "time.ctime",
    "time.gmtime",
    "time.localtime",
    "time.monotonic",
    "time.monotonic_ns",
    "time.perf_counter",
    "time.perf_counter_ns",
    "time.process_time",
    "time.process_time_ns",
    "time.strftime",
    "time.time",
    "time.time_ns",
    "uuid.uuid1",
    "uuid.uuid4",
    "uuid.uuid6",
    "uuid.uuid7",
];

/// Modules whose functions are called for another value each time.
const CHANGING_MODULES: &[&str] = &["random", "secrets"];

fn check<'a>(class: &'a StmtClassDef, cx: &mut Context<'a>) {
    if class.decorator_list.is_empty() || cx.is_stub {
        return;
    }
    let Some((_, dataclass)) = cx.dataclass(class) else { return };
    for statement in &class.body {
        if let Some(field) = field(statement, class, dataclass.maker, cx) {
            check_field(class, &field, dataclass.maker, cx);
        }
    }
}

fn check_field<'a>(class: &'a StmtClassDef, field: &Field<'a>, maker: Maker, cx: &mut Context<'a>) {
    let name = field.name.id.as_str();
    let is_init_var = mentions(field.annotation, "InitVar", cx);
    if let Some(call) = changing_call(field.default, cx) {
        let callee = cx.slice(&*call.func);
        let fix = if is_init_var { None } else { factory(field, class, maker, false, cx) };
        cx.report(field.default, format!("the default of `{name}` is the same for all: `{callee}()` is called once"))
            .help("a default is evaluated when the class statement runs, that is when the module is imported; a factory is called for each instance")
            .fix(fix);
        return;
    }
    let Expr::Call(call) = field.default else { return };
    if maker == Maker::Pydantic {
        return; // pydantic copies what it can
    }
    let Some(about) = cx.qualified(&call.func) else { return };
    let changed = match class_called(call, cx) {
        Some(made) => match changed_attribute(made, cx) {
            Some(changed) => Some(changed),
            None => return,
        },
        // What is in other files of the project, the project must tell.
        None if about.parts().first() == cx.module.as_str().split('.').next().as_ref() => None,
        None => return,
    };
    let fix = if is_init_var { None } else { factory(field, class, maker, false, cx) };
    let callee = about.last();
    let message = format!("all instances share the default of `{name}`, one `{callee}`");
    let finding = cx.suspect_about(class, about.to_string(), field.default, message).fix(fix);
    if let Some(changed) = changed {
        finding.help(help(callee, changed));
    }
}

fn help(class: &str, changed: &str) -> String {
    format!(
        "the default is made once, with the class, and methods of `{class}` change its `{changed}`, which then shows in all instances; a factory makes a new one for each"
    )
}

/// The call in a default that gives another value each time it is made, if it is made when the
/// default is.
fn changing_call<'a>(default: &'a Expr, cx: &Context<'a>) -> Option<&'a ExprCall> {
    if default.is_literal_expr() || default.is_name_expr() || default.is_lambda_expr() {
        return None;
    }
    let further = cx.get(&CALLS);
    let is_changing = |call: &&'a ExprCall| {
        cx.qualified(&call.func).is_some_and(|name| {
            name.is_any(CHANGING)
                || match name.parts() {
                    [module, function] => {
                        CHANGING_MODULES.contains(module)
                            && function.starts_with(|it: char| it.is_ascii_lowercase())
                            && !matches!(*function, "compare_digest" | "seed" | "getstate")
                    }
                    ["numpy", "random", function] => {
                        function.starts_with(|it: char| it.is_ascii_lowercase())
                            && !matches!(*function, "default_rng" | "get_state" | "seed")
                    }
                    _ => false,
                }
                || !further.is_empty() && further.contains(&name.to_string())
        })
    };
    let own = default.as_call_expr().into_iter();
    own.chain(cx.own(default).filter_map(|it| it.as_expr_call().copied())).find(is_changing)
}

/// The class of the same file that a call makes an instance of.
fn class_called<'a>(call: &'a ExprCall, cx: &Context<'a>) -> Option<&'a StmtClassDef> {
    match cx.binding(call.func.as_name_expr()?)?.kind {
        BindingKind::Class(class) => Some(class),
        _ => None,
    }
}

/// Methods that make an object what it is at first.
const MAKING: &[&str] = &["__init__", "__new__", "__post_init__", "__set_name__", "__setstate__"];

/// An attribute that a method of a class changes after the object is made.
fn changed_attribute<'a>(class: &'a StmtClassDef, cx: &Context<'a>) -> Option<&'a str> {
    let later = methods(class)
        .filter(|it| !MAKING.contains(&it.name.as_str()) && it.decorator_list.is_empty());
    later.into_iter().find_map(|method| {
        let this = this(method)?;
        let stored = on_self(method, cx).filter(|it| it.ctx.is_store());
        let changed = cx.descendants(method).iter().filter_map(|it| change(*it, this));
        let mut names = stored.map(|it| it.attr.as_str()).chain(changed.map(|(name, _)| name));
        names.find(|it| !is_cache(it))
    })
}

/// Whether an attribute only remembers what was computed.
fn is_cache(name: &str) -> bool {
    name.contains("cache")
}

/// Whether the class that is called has no hand in what becomes of its instances as defaults: it is
/// no descriptor, and `dataclasses` does not refuse it, which is another rule's. One of another file
/// must have a method that changes them.
fn confirm(suspected: Suspected<'_>, diagnostic: &mut Diagnostic) -> bool {
    let (project, Item::Class(id)) = (suspected.project, suspected.about()) else { return false };
    let Mro::Known(mro) = project.mro(id) else { return false };
    let has_none = |name: &&str| project.lookup(id, name) == Some(None);
    let is_shared = project.hashing(mro).is_some_and(|(_, is_hashable)| is_hashable)
        && project.is_plainly_made(id)
        && ["__get__", "__deepcopy__", "__copy__"].iter().all(has_none);
    if is_shared && diagnostic.help.is_none() {
        let Some(changed) = attribute_set_later(project, id) else { return false };
        diagnostic.help(help(project.class_name(ClassRef::Project(id)), changed));
    }
    is_shared
}

/// An attribute that a method of a class assigns after the object is made.
fn attribute_set_later(project: &Project, id: ClassId) -> Option<&str> {
    let file = project.file(project.class(id).0);
    let later = file.attributes().of(project.index_of(id)).iter().filter(|it| it.is_set_later());
    later.map(|it| file.text(it.name)).find(|it| !is_cache(it))
}
