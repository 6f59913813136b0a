//! Functions whose results are kept: their arguments are the keys.

use ruff_python_ast::{Expr, ExprCall, StmtFunctionDef};
use ruff_text_size::Ranged as _;

use super::evidence::{self, Evidence, Key};
use super::{HELP, suspect};
use crate::diagnostic::Severity;
use crate::rule::Context;
use crate::rules::failures::is_expected;
use crate::semantic::BindingKind;

const CACHES: &[&str] = &["functools.cache", "functools.lru_cache"];

/// Types without a hash, as parameters are annotated, in words.
const BUILTINS: &[(&str, &str)] = &[
    ("builtins.bytearray", "a `bytearray`"),
    ("builtins.dict", "a dictionary"),
    ("builtins.list", "a list"),
    ("builtins.set", "a set"),
    ("numpy.ndarray", "an array"),
    ("pandas.DataFrame", "a `DataFrame`"),
    ("pandas.Series", "a `Series`"),
    ("typing.Dict", "a dictionary"),
    ("typing.List", "a list"),
    ("typing.Set", "a set"),
];

pub(super) fn check<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    if !is_cached(function, cx) || cx.is_stub || cx.module.is_test() {
        return;
    }
    let name = function.name.as_str();
    check_self(function, cx);
    for parameter in function.parameters.iter_non_variadic_params() {
        let Some(annotation) = parameter.annotation() else { continue };
        let plain = match annotation {
            Expr::Subscript(it) => &*it.value,
            plain => plain,
        };
        let said = parameter.name().as_str();
        if let Some(what) = unhashable(plain, cx) {
            cx.report(annotation, format!("the results of `{name}` are kept by its arguments, and `{said}` is said to be {what}, which has no hash"))
                .severity(Severity::Warning)
                .help("a call with one raises `TypeError`: take a tuple or a frozenset, which have a hash and cannot change, or say so if that is what comes");
        } else if cx.is(plain, "torch.Tensor") {
            cx.report(annotation, format!("the results of `{name}` are kept by its arguments, and `{said}` is a tensor, which is never found again"))
                .severity(Severity::Warning)
                .help("a tensor is hashed by its identity: an equal one does not hit the cache, and the cache keeps each alive with its memory");
        } else if let Some(class) = evidence::class_name(annotation, cx) {
            let message = format!(
                "the results of `{name}` are kept by its arguments, and `{said}` has no hash"
            );
            suspect(annotation, Key { name: class, is_made: false }, message, None, cx);
        }
    }
}

/// The object itself is a key, too.
fn check_self<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    let Some(class) = cx.class_of(function) else { return };
    let is_of_instance = function
        .decorator_list
        .iter()
        .all(|it| !cx.is_any(&it.expression, &["builtins.classmethod", "builtins.staticmethod"]));
    let Some(this) = function.parameters.iter_non_variadic_params().next() else { return };
    if !is_of_instance {
        return;
    }
    let (name, class_name) = (function.name.as_str(), class.name.as_str());
    let message = format!(
        "the results of `{name}` are kept by its object, too, and a `{class_name}` has no hash"
    );
    cx.suspect(class, this.parameter.name.range(), message)
        .help("each call raises `TypeError`: keep the result in the object, as `functools.cached_property` does");
}

fn unhashable<'a>(annotation: &'a Expr, cx: &Context<'a>) -> Option<&'static str> {
    let name = cx.qualified(annotation)?;
    BUILTINS.iter().find(|(it, _)| name.is(it)).map(|(_, what)| *what)
}

/// Whether `functools.cache` or `functools.lru_cache` is what calls of a function reach first.
fn is_cached<'a>(function: &'a StmtFunctionDef, cx: &Context<'a>) -> bool {
    function.decorator_list.iter().any(|decorator| {
        let callee = match &decorator.expression {
            Expr::Call(call) => &*call.func,
            callee => callee,
        };
        cx.is_any(callee, CACHES)
    })
}

/// A call of a cached function of this file with what has no hash.
pub(super) fn check_call<'a>(call: &'a ExprCall, cx: &mut Context<'a>) {
    // Most files keep nothing.
    if cx.semantic.name("lru_cache").is_none() && cx.semantic.name("cache").is_none() {
        return;
    }
    let Some(name) = call.func.as_name_expr() else { return };
    let function = match cx.binding(name).map(|it| it.kind) {
        Some(BindingKind::Function(function)) if is_cached(function, cx) => function,
        _ => return,
    };
    // Another decorator may make something else of its arguments.
    if function.decorator_list.len() != 1 || cx.module.is_test() || is_expected(call, cx) {
        return;
    }
    let keywords = call.arguments.keywords.iter().map(|it| &it.value);
    for argument in call.arguments.args.iter().chain(keywords) {
        if !evidence::may_be_key(argument) {
            continue;
        }
        let name = function.name.as_str();
        match evidence::of(argument, cx) {
            Some(Evidence::Builtin(what)) => {
                let message = format!(
                    "{what} has no hash, and the results of `{name}` are kept by its arguments"
                );
                cx.report(argument, message).help(HELP);
            }
            Some(Evidence::Class(key)) => {
                let said = key.name.rsplit('.').next().unwrap_or_default();
                let message = format!(
                    "a `{said}` has no hash, and the results of `{name}` are kept by its arguments"
                );
                suspect(argument, key, message, super::freezing::fix(argument, cx), cx);
            }
            None => {}
        }
    }
}
