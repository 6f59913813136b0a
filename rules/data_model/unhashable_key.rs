mod caches;
mod evidence;
mod freezing;

use ruff_python_ast::{
    AnyNodeRef, CmpOp, Expr, ExprCall, ExprCompare, ExprDict, ExprDictComp, ExprSet, ExprSetComp,
    ExprSubscript, StmtClassDef,
};
use ruff_text_size::{Ranged, TextRange};

use self::evidence::{Evidence, Key};
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::Maker;
use crate::project::{ClassId, ClassRef, Item, Project};
use crate::rule::{Context, Fixable, On, Rule, Suspected};
use crate::rules::classes::containers::{self, Container};
use crate::rules::failures::is_expected;
use crate::semantic::BindingKind;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "unhashable-key",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("unhashable_key.md"),
    options: &[],
    on: &[
        On::ExprSet(check_set),
        On::ExprDict(check_dict),
        On::ExprSetComp(check_set_comprehension),
        On::ExprDictComp(check_dict_comprehension),
        On::ExprCompare(check_membership),
        On::ExprSubscript(check_subscript),
        On::ExprCall(check_call),
        On::Decorated(caches::check),
        On::Suspicion(confirm),
    ],
};

const HELP: &str = "sets, dictionaries and caches find what they hold by its hash";

fn check_set<'a>(set: &'a ExprSet, cx: &mut Context<'a>) {
    for element in &set.elts {
        check_key(element, Use::Element, cx);
    }
}

fn check_dict<'a>(dict: &'a ExprDict, cx: &mut Context<'a>) {
    for key in dict.items.iter().filter_map(|it| it.key.as_ref()) {
        check_key(key, Use::Key, cx);
    }
}

fn check_set_comprehension<'a>(it: &'a ExprSetComp, cx: &mut Context<'a>) {
    check_key(&it.elt, Use::Element, cx);
}

fn check_dict_comprehension<'a>(it: &'a ExprDictComp, cx: &mut Context<'a>) {
    if let Some(key) = it.key.as_deref() {
        check_key(key, Use::Key, cx);
    }
}

/// `K() in {…}`.
fn check_membership<'a>(compare: &'a ExprCompare, cx: &mut Context<'a>) {
    if let ([CmpOp::In | CmpOp::NotIn], [holder]) = (&compare.ops[..], &compare.comparators[..]) {
        let wanted = |container| match container {
            Container::Dict => Some(Use::Key),
            Container::Set => Some(Use::Sought),
            Container::List | Container::Deque => None,
        };
        check_key_of(holder, &compare.left, wanted, cx);
    }
}

/// `d[K()]`, and `set[K]` of a type.
fn check_subscript<'a>(subscript: &'a ExprSubscript, cx: &mut Context<'a>) {
    let key = match &*subscript.slice {
        Expr::Tuple(tuple) if !tuple.parenthesized => match tuple.elts.first() {
            Some(first) => first,
            None => return,
        },
        slice => slice,
    };
    match key {
        Expr::Name(_) | Expr::Attribute(_) => {
            if let Some(of) = evidence::hashing_type(&subscript.value, cx)
                && let Some(name) = evidence::class_name(key, cx)
            {
                let said = cx.slice(key);
                let message = format!("a `{of}` cannot hold a `{said}`: it has no hash");
                suspect(key, Key { name, is_made: false }, message, None, cx);
            } else {
                check_key_of(&subscript.value, key, of_dict, cx);
            }
        }
        _ => check_key_of(&subscript.value, &subscript.slice, of_dict, cx),
    }
}

/// `s.add(K())`, `d.setdefault(K(), …)`, `hash(K())`, `set([K()])`.
fn check_call<'a>(call: &'a ExprCall, cx: &mut Context<'a>) {
    let Some(first) = call.arguments.args.first() else { return };
    match &*call.func {
        Expr::Attribute(method) => {
            let name = method.attr.as_str();
            if !matches!(name, "add" | "discard" | "get" | "setdefault") {
                return;
            }
            let wanted = |container| match (container, name) {
                (Container::Set, "add") => Some(Use::Element),
                (Container::Set, "discard") => Some(Use::Sought),
                (Container::Dict, "get" | "setdefault") => Some(Use::Key),
                _ => None,
            };
            check_key_of(&method.value, first, wanted, cx);
        }
        Expr::Name(name) => match name.id.as_str() {
            "hash" if cx.is(&call.func, "builtins.hash") => check_key(first, Use::Hash, cx),
            "set" | "frozenset"
                if cx.is_any(&call.func, &["builtins.set", "builtins.frozenset"]) =>
            {
                for element in elements(first) {
                    check_key(element, Use::Element, cx);
                }
            }
            _ => caches::check_call(call, cx),
        },
        _ => {}
    }
}

/// What a display holds.
fn elements(display: &Expr) -> &[Expr] {
    match display {
        Expr::List(it) => &it.elts,
        Expr::Tuple(it) => &it.elts,
        _ => &[],
    }
}

/// The container that an expression makes, or is a name or an own attribute of.
fn container<'a>(expression: &'a Expr, cx: &Context<'a>) -> Option<Container> {
    match expression {
        Expr::Name(name) => match cx.binding(name)?.kind {
            BindingKind::Assignment(value) => containers::made(value, cx),
            _ => None,
        },
        Expr::Attribute(attribute) => {
            let owner = attribute.value.as_name_expr()?;
            let (this, class) = method_around(attribute, cx)?;
            (owner.id == this).then(|| containers::held(attribute.attr.as_str(), class, cx))?
        }
        display => containers::made(display, cx),
    }
}

/// The method that something stands in: the name of the object itself, and its class.
fn method_around<'a>(
    attribute: &'a ruff_python_ast::ExprAttribute,
    cx: &Context<'a>,
) -> Option<(&'a str, &'a StmtClassDef)> {
    let function = cx.ancestors(attribute).find_map(|it| match it {
        AnyNodeRef::StmtFunctionDef(it) => Some(it),
        _ => None,
    })?;
    Some((crate::rules::classes::methods::this(function)?, cx.class_of(function)?))
}

/// What something with a hash is wanted for.
#[derive(Clone, Copy)]
enum Use {
    Element,
    Key,
    Sought,
    Hash,
}

impl Use {
    fn said(self) -> &'static str {
        match self {
            Use::Element => "cannot be an element of a set",
            Use::Key => "cannot be a key of a dictionary",
            Use::Sought => "cannot be looked up in a set",
            Use::Hash => "cannot be given to `hash()`",
        }
    }
}

/// The key of a dictionary.
fn of_dict(container: Container) -> Option<Use> {
    (container == Container::Dict).then_some(Use::Key)
}

/// Looks at what is a key of something, if that is a container that `wanted` knows a use for.
fn check_key_of<'a>(
    holder: &'a Expr,
    key: &'a Expr,
    wanted: impl Fn(Container) -> Option<Use>,
    cx: &mut Context<'a>,
) {
    // Most names stand for something else, in annotations above all. Of other holders, few keys show
    // that they have no hash, and what shows is nearer than what made the holder.
    let of_name = holder.is_name_expr().then(|| container(holder, cx).and_then(&wanted));
    if of_name.is_some_and(|it| it.is_none()) {
        return;
    }
    let Some(evidence) = evidence::of(key, cx) else { return };
    if let Some(wanted) = of_name.unwrap_or_else(|| container(holder, cx).and_then(&wanted)) {
        say(key, evidence, wanted, cx);
    }
}

fn check_key<'a>(key: &'a Expr, wanted: Use, cx: &mut Context<'a>) {
    if let Some(evidence) = evidence::of(key, cx) {
        say(key, evidence, wanted, cx);
    }
}

fn say<'a>(key: &'a Expr, evidence: Evidence, wanted: Use, cx: &mut Context<'a>) {
    if cx.module.is_test() || is_expected(key, cx) {
        return;
    }
    let wanted = wanted.said();
    match evidence {
        Evidence::Builtin(what) => {
            cx.report(key, format!("{what} has no hash and {wanted}")).help(HELP);
        }
        Evidence::Class(key_class) => {
            let said = key_class.name.rsplit('.').next().unwrap_or_default();
            let message = format!("a `{said}` has no hash and {wanted}");
            let fix = freezing::fix(key, cx);
            suspect(key, key_class, message, fix, cx);
        }
    }
}

/// Suspects that a class has no hash, and that this is where one is wanted.
fn suspect<'a>(
    at: &'a Expr,
    key: Key,
    message: String,
    fix: Option<crate::fix::Fix>,
    cx: &mut Context<'a>,
) {
    let how = if key.is_made { MADE } else { DECLARED };
    let range: TextRange = at.range();
    cx.suspect_about(cx.root(), format!("{how}{}", key.name), range, message).help(HELP).fix(fix);
}

/// What stands before the name of a class in a suspicion: whether an instance is seen being made, or
/// something is only declared to be one, and may be of a class below.
const MADE: &str = "=";
const DECLARED: &str = ":";

fn confirm(suspected: Suspected<'_>, diagnostic: &mut Diagnostic) -> bool {
    let project = suspected.project;
    let about = suspected.suspicion.about.as_deref().unwrap_or_default();
    let (is_made, class) = match (about.strip_prefix(MADE), about.strip_prefix(DECLARED)) {
        (Some(name), _) => (true, project.resolve_absolute(suspected.file, name)),
        (_, Some(name)) => (false, project.resolve_absolute(suspected.file, name)),
        // A method that is cached: its object is a key.
        _ => match suspected.class() {
            Some(class) => (false, Item::Class(class.id)),
            None => return false,
        },
    };
    let class = match class {
        Item::Class(class) => class,
        Item::Std(class) => return class.is_hashable() == Some(false),
        _ => return false,
    };
    let Some(definer) = unhashable(project, class) else { return false };
    let is_below = |it: ClassId| unhashable(project, it).is_some();
    if !is_made && !project.descendants(class).into_iter().all(is_below)
        || project.is_written_from_outside("__hash__")
    {
        return false;
    }
    if diagnostic.fix.is_some() && !freezing::is_possible(project, class) {
        diagnostic.fix = None;
    }
    label(project, definer, suspected, diagnostic);
    true
}

/// The class that takes the hash from the instances of a class.
fn unhashable(project: &Project, class: ClassId) -> Option<ClassRef> {
    let mro = project.known_mro(class)?;
    let (definer, is_hashable) = project.hashing(mro)?;
    // What is made by calling the class may be something else.
    let is_made_otherwise = mro.iter().any(|it| match it {
        ClassRef::Project(id) => project.member(*id, "__new__").is_some(),
        ClassRef::Std(_) => false,
    });
    (!is_hashable && !is_made_otherwise && !project.is_protocol(class)).then_some(definer)
}

/// Shows what takes the hash away.
fn label(
    project: &Project,
    definer: ClassRef,
    suspected: Suspected<'_>,
    diagnostic: &mut Diagnostic,
) {
    let ClassRef::Project(id) = definer else { return };
    let (file, facts) = project.class(id);
    let name = project.class_name(definer);
    let is_written = |it: Maker| matches!(it, Maker::Dataclasses | Maker::Pydantic);
    let why = match (project.member(id, "__hash__"), facts.dataclass()) {
        (Some(_), _) => format!("`{name}` says `__hash__ = None`"),
        (None, Some(it)) if project.member(id, "__eq__").is_none() => {
            let decorator = if is_written(it.maker) { "@dataclass" } else { "attrs" };
            format!("`{decorator}` writes an `__eq__` for `{name}`, which takes the hash away")
        }
        _ => format!("`{name}` defines `__eq__` and no `__hash__`"),
    };
    match file == suspected.file {
        true => diagnostic.label(facts.range(), why),
        false => diagnostic.label_in(project.file(file).path(), facts.range(), why),
    };
}
