use ruff_python_ast::{AnyNodeRef, Decorator, Expr, ExprAttribute, ExprCall, ExprName, ModModule};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::hierarchy::is_any_below;
use super::reach::is_reached;
use super::supers::{Place, is_for_python_2, makes_class_anew};
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::Maker;
use crate::fix::Fix;
use crate::project::{ClassRef, Item, Mro};
use crate::rule::{Context, Fixable, On, Opt, Rule, Suspected, is_special};
use crate::semantic::Reading;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "wrong-super-argument",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("wrong_super_argument.md"),
    options: &[&JUMPS],
    on: &[On::ModModule(check), On::Suspicion(confirm)],
};

const JUMPS: Opt<bool> = Opt {
    name: "jumps",
    default: false,
    help: "Whether `super(Base, self)` with a class above is reported, which passes over `Base`.",
};

/// What `super` defines itself: without an object of its own it raises.
const OWN: &[&str] = &["__get__", "__getattribute__", "__init__", "__new__", "__repr__"];

/// What `super` has of `object`, and gives out without asking a class of the object.
#[rustfmt::skip]
const OF_OBJECT: &[&str] = &[
    "__delattr__", "__dir__", "__eq__", "__format__", "__ge__", "__gt__", "__hash__", "__le__",
    "__lt__", "__ne__", "__reduce__", "__reduce_ex__", "__setattr__", "__sizeof__", "__str__",
];

/// What neither `super` nor `type` nor `object` has in any Python.
#[rustfmt::skip]
const ABSENT: &[&str] = &[
    "__aenter__", "__aexit__", "__aiter__", "__anext__", "__bool__", "__bytes__", "__contains__",
    "__copy__", "__deepcopy__", "__del__", "__delete__", "__delitem__", "__enter__", "__exit__",
    "__getattr__", "__getitem__", "__iter__", "__len__", "__missing__", "__next__",
    "__post_init__", "__set__", "__setitem__",
];

/// Decorators that give back the class that they are given.
const KEEPING: &[&str] = &[
    "enum.unique",
    "functools.total_ordering",
    "typing.final",
    "typing.runtime_checkable",
    "typing_extensions.final",
    "typing_extensions.runtime_checkable",
];

fn check<'a>(_: &'a ModModule, cx: &mut Context<'a>) {
    let semantic = cx.semantic;
    let Some(id) = semantic.name("super").filter(|_| !cx.is_stub) else { return };
    for read in semantic.all_references() {
        if semantic.name_id_read(read) == id
            && read.reading == Reading::Runtime
            && let AnyNodeRef::ExprName(name) = cx.tree.node(read.node)
            && cx.symbol(name).is_none()
        {
            check_super(name, cx);
        }
    }
}

fn check_super<'a>(name: &'a ExprName, cx: &mut Context<'a>) {
    match cx.parent(name) {
        AnyNodeRef::ExprCall(call) if call.func.range() == name.range => {
            let ([first, second], []) = (&*call.arguments.args, &*call.arguments.keywords) else {
                return;
            };
            let Some(place) = Place::of(cx.id(name), cx) else { return };
            if place.is_static(cx) || !place.is_this(second, cx) {
                return;
            }
            match first {
                _ if is_type_of_this(first, &place, cx) => check_type(call, first, &place, cx),
                Expr::Name(it) if place.is_class(it, cx) => check_own(call, &place, cx),
                Expr::Name(_) | Expr::Attribute(_) => check_other(call, first, &place, cx),
                _ => {}
            }
        }
        AnyNodeRef::ExprAttribute(attribute) => {
            let AnyNodeRef::ExprCall(call) = cx.parent(attribute) else { return };
            if call.func.range() == attribute.range
                && let Some(place) = Place::of(cx.id(name), cx)
            {
                check_bare(call, attribute, &place, cx);
            }
        }
        _ => {}
    }
}

/// Whether an expression is the class of the object, whatever that is when the method runs.
fn is_type_of_this<'a>(first: &'a Expr, place: &Place<'a>, cx: &Context<'a>) -> bool {
    match first {
        Expr::Attribute(it) => &it.attr == "__class__" && place.is_this(&it.value, cx),
        Expr::Call(call) => {
            let [only] = &*call.arguments.args else { return false };
            call.arguments.keywords.is_empty()
                && place.is_this(only, cx)
                && cx.is(&call.func, "builtins.type")
        }
        Expr::Name(_) => place.is_of_class(cx) && place.is_this(first, cx),
        _ => false,
    }
}

/// `super(type(self), self).method()` in `method`. In another method it may be meant: what the class
/// of the object inherits.
fn check_type<'a>(call: &'a ExprCall, first: &'a Expr, place: &Place<'a>, cx: &mut Context<'a>) {
    let own = place.method.name.as_str();
    match cx.parent(call) {
        AnyNodeRef::ExprAttribute(it) if it.attr.as_str() == own => {}
        _ => return,
    }
    let (class, said) = (place.class.name.as_str(), cx.slice(first));
    let fix = place.saying_super(cx).filter(|_| !cx.has_comment(call.range())).map(|text| {
        let title = format!("Write `{text}`");
        // What always came back to itself never came to an end in a subclass.
        match is_reached(cx.id(call), place.method, cx) {
            true => Fix::safe(title),
            false => Fix::unsafe_(title),
        }
        .replace(call.range(), text)
    });
    cx.report(first, format!("in a subclass of `{class}`, `super({said}, …)` finds `{own}` again"))
        .help("the class of the object is not the class that the method is in: a subclass comes here, asks for what follows itself, and comes here again until Python raises `RecursionError`")
        .fix(fix);
}

/// `super(C, self)` in `C`.
fn check_own<'a>(call: &'a ExprCall, place: &Place<'a>, cx: &mut Context<'a>) {
    let binds_class = cx.semantic.name("__class__").is_some_and(|id| {
        let scope = cx.semantic.scope_of(cx.id(place.method));
        scope
            .and_then(|it| cx.semantic.symbol_in(it, id))
            .is_some_and(|it| cx.semantic.bindings(it).next().is_some())
    });
    let is_kept = place.class.decorator_list.iter().all(|it| keeps_class(it, place, cx));
    if !place.is_direct || binds_class || !is_kept || is_for_python_2(cx) {
        return;
    }
    let class = place.class.name.as_str();
    let arguments = call.arguments.range;
    let fix = (!cx.has_comment(arguments))
        .then(|| Fix::safe("Leave the arguments out").replace(arguments, "()"));
    cx.report(call, format!("`super()` knows by itself that it is in `{class}`"))
        .severity(Severity::Info)
        .help("in a method, Python hands `super()` the class that the method is written in and the first argument; a name in their place can be forgotten when the class is renamed or the method moved")
        .fix(fix);
}

/// Whether a decorator of the class gives back the same class.
fn keeps_class<'a>(decorator: &'a Decorator, place: &Place<'a>, cx: &Context<'a>) -> bool {
    if let Some((of_family, made)) = cx.dataclass(place.class)
        && std::ptr::eq(of_family, decorator)
    {
        return made.maker == Maker::Dataclasses && !makes_class_anew(place.class, cx);
    }
    cx.is_any(&decorator.expression, KEEPING)
}

/// `super(Other, self)`: whether `Other` is a class above is for the project to say.
fn check_other<'a>(call: &'a ExprCall, first: &'a Expr, place: &Place<'a>, cx: &mut Context<'a>) {
    let Some(other) = cx.qualified(first) else { return };
    let (class, said) = (place.class.name.as_str(), cx.slice(first));
    let fix = place
        .saying_super(cx)
        .map(|text| Fix::unsafe_(format!("Write `{text}`")).replace(call.range(), text));
    cx.suspect_about(
        place.class,
        other.to_string(),
        first,
        format!("`super({said}, …)` raises `TypeError`: `{class}` is not a subclass of `{said}`"),
    )
    .help("`super()` begins behind the class that it is given, so that class must be the one that the method is in, or one above it")
    .fix(fix.clone());
    if cx.get(&JUMPS) && !is_explained(call.range(), cx) {
        cx.suspect_about(
            place.class,
            other.to_string(),
            first,
            format!("`super({said}, …)` in `{class}` passes over what `{said}` defines"),
        )
        .severity(Severity::Info)
        .help("a class that is put in between later is passed over as well; a comment on the line says that it is meant")
        .fix(fix);
    }
}

/// Whether a comment stands on a line of an expression, or on the one above it.
fn is_explained(range: TextRange, cx: &Context<'_>) -> bool {
    let start = cx.line_start(range.start());
    let above = match start.to_usize() {
        0 => start,
        _ => cx.line_start(start - TextSize::new(1)),
    };
    let rest = &cx.text[range.end().to_usize()..];
    let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
    let end = range.end().to_usize() + length;
    let end = TextSize::try_from(end).unwrap_or(range.end());
    cx.has_comment(TextRange::new(above, end))
}

/// `super.method(…)`.
fn check_bare<'a>(
    call: &'a ExprCall,
    attribute: &'a ExprAttribute,
    place: &Place<'a>,
    cx: &mut Context<'a>,
) {
    let method = attribute.attr.as_str();
    let bases = place.class.arguments.iter().flat_map(|it| &it.args);
    if bases.into_iter().any(|it| cx.is(it, "builtins.super")) {
        return;
    }
    let arguments = &call.arguments;
    let gives_this = arguments.args.first().is_some_and(|it| place.is_this(it, cx));
    let is_known = arguments.is_empty() || gives_this;
    let raises = match method {
        "mro" => return,
        _ if !is_special(method) || ABSENT.contains(&method) => Some("AttributeError"),
        _ if OWN.contains(&method) && is_known => Some("TypeError"),
        _ if OF_OBJECT.contains(&method) && gives_this => None,
        _ => return,
    };
    let (message, help) = match raises {
        Some(error) => (
            format!("`super.{method}` is of the class `super` itself: the call raises `{error}`"),
            "it is `super()` that finds what the next class defines: without the parentheses nothing is said of the object or of its class",
        ),
        None => (
            format!(
                "`super.{method}` is the one of `object`: no class above `{}` is asked",
                place.class.name
            ),
            "it is `super()` that finds what the next class defines: without the parentheses `super` is a class like others, which has this method of `object`",
        ),
    };
    let fix = place.saying_super(cx).map(|text| {
        let title = format!("Write `{text}`");
        let fix = if raises.is_some() { Fix::safe(title) } else { Fix::unsafe_(title) };
        let fix = fix.replace(attribute.value.range(), text);
        // `__new__` takes the class however it is found.
        match gives_this && method != "__new__" {
            true => fix.delete(first_argument(call)),
            false => fix,
        }
    });
    let fix = fix.filter(|_| !cx.has_comment(arguments.range));
    let severity = if raises.is_some() { Severity::Error } else { Severity::Warning };
    cx.report(&*call.func, message).severity(severity).help(help).fix(fix);
}

/// The first argument of a call, up to the next, or with all there is in the parentheses.
fn first_argument(call: &ExprCall) -> TextRange {
    let mut arguments = call.arguments.iter_source_order().map(|it| it.start());
    let parenthesis = TextSize::new(1);
    match (arguments.next(), arguments.next()) {
        (Some(first), Some(second)) => TextRange::new(first, second),
        _ => call.arguments.range.add_start(parenthesis).sub_end(parenthesis),
    }
}

/// Whether the class that `super` is given is what it must not be: one that is not above, or, for
/// the mild finding, one that is.
fn confirm(suspected: Suspected<'_>, diagnostic: &mut Diagnostic) -> bool {
    let Some(class) = suspected.class() else { return false };
    let (project, Some(ancestors)) = (suspected.project, class.ancestors()) else { return false };
    let other = match suspected.about() {
        Item::Class(id) => ClassRef::Project(id),
        Item::Std(it) => ClassRef::Std(it),
        _ => return false,
    };
    if diagnostic.severity == Severity::Info {
        return ancestors.contains(&other);
    }
    let may_be = |mro: &Mro| match mro {
        Mro::Known(mro) => mro.contains(&other),
        _ => true,
    };
    other != ClassRef::Project(class.id)
        && !may_be(class.mro())
        // An instance of a class below may be one of both.
        && !is_any_below(class, |below| may_be(project.mro(below)))
}
