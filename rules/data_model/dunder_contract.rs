mod arity;
mod results;

use ruff_python_ast::{AnyNodeRef, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::protocols::{Breach, Protocol, Wants, protocol};
use super::special::Method;
use crate::diagnostic::Severity;
use crate::fix::Fix;
use crate::rule::{Context, Fixable, On, Rule};
use crate::rules::libraries::AWAITING;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "dunder-contract",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("dunder_contract.md"),
    options: &[],
    on: &[On::Special(check)],
};

fn check<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    let Some(protocol) = protocol(&function.name) else { return };
    let Some(method) = Method::of(function, cx) else { return };
    if method.is_interface() {
        return;
    }
    arity::check(&method, protocol, cx);
    match Nature::of(&method, cx) {
        Nature { is_async: false, yielded: None } => results::check(&method, protocol, cx),
        Nature { is_async: true, yielded: None } if is_awaited(&method, cx) => {}
        nature => check_nature(&method, protocol, &nature, cx),
    }
}

/// What a call of a method gives, whatever its `return` says.
struct Nature<'a> {
    is_async: bool,
    /// Its first `yield`.
    yielded: Option<AnyNodeRef<'a>>,
}

impl<'a> Nature<'a> {
    fn of(method: &Method<'a>, cx: &Context<'a>) -> Nature<'a> {
        let is_yield = |node: &AnyNodeRef<'a>| {
            matches!(node, AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_))
        };
        Nature { is_async: method.function.is_async, yielded: method.own(cx).find(is_yield) }
    }

    /// What a call of it gives.
    fn result(&self) -> &'static str {
        match (self.is_async, self.yielded) {
            (true, Some(_)) => "an asynchronous generator",
            (true, None) => "a coroutine",
            (false, _) => "a generator",
        }
    }
}

/// Whether somebody else may make and unmake the instances, and await what that gives: a decorator
/// of the class, or a library that does so.
fn is_awaited(method: &Method<'_>, cx: &Context<'_>) -> bool {
    matches!(method.name, "__init__" | "__del__")
        && (!method.class.decorator_list.is_empty()
            || cx.imports_top(|top| AWAITING.contains(&top)))
}

/// Reports a coroutine or generator function where the protocol wants something else.
fn check_nature<'a>(
    method: &Method<'a>,
    protocol: &Protocol,
    nature: &Nature<'a>,
    cx: &mut Context<'a>,
) {
    let breach = match (nature.is_async, nature.yielded) {
        (true, Some(_)) => protocol.wants.of_async_generator(),
        (true, None) => protocol.wants.of_coroutine(),
        (false, _) => protocol.wants.of_generator(),
    };
    let Some(breach) = breach else { return };
    let (result, caller, name) = (nature.result(), protocol.caller, method.name);
    let happens = match (breach, protocol.wants) {
        (Breach::Raises, _) => format!("{caller} raises `TypeError`"),
        (Breach::AlwaysTrue, _) if name == "__exit__" => {
            "its body never runs, and no exception leaves the `with` statement".to_owned()
        }
        (Breach::AlwaysTrue, _) => format!("{caller} is always true"),
        (Breach::NeverRuns, _) => "its body never runs".to_owned(),
        (Breach::Misleads, Wants::Item) => "`for` never ends".to_owned(),
        (Breach::Misleads, Wants::Entered) => "`with … as x` binds that".to_owned(),
        (Breach::Misleads, _) => format!("after {caller} that is what `x` stands for"),
    };
    let fix = match nature {
        Nature { is_async: true, yielded: None } => without_async(method, breach, cx),
        _ => None,
    };
    let wanted = protocol.wants.said();
    let help = match (breach, nature.is_async) {
        (Breach::NeverRuns, true) => {
            "nobody awaits the coroutine, so nothing of the body runs: make it a plain method, and call what is asynchronous elsewhere".to_owned()
        }
        (Breach::NeverRuns, false) => {
            "nobody asks the generator for its items, so nothing of the body runs: return instead of yielding".to_owned()
        }
        (_, true) => format!("the interpreter does not await: the method itself must return {wanted}, or carry another name"),
        (_, false) => format!("a `yield` anywhere makes each call return a generator, and the method must return {wanted}"),
    };
    let message = format!("`{name}` gives {result}: {happens}");
    let severity = if breach == Breach::Raises { Severity::Error } else { Severity::Warning };
    let report = cx.report(&method.function.name, message);
    report.severity(severity).help(help).fix(fix);
    if let Some(yielded) = nature.yielded {
        report.label(yielded, "makes it a generator function");
    }
}

/// Takes `async` away where nothing in the method needs it. Safe where no call can have worked.
fn without_async<'a>(method: &Method<'a>, breach: Breach, cx: &Context<'a>) -> Option<Fix> {
    let needs_async = |node: AnyNodeRef<'_>| match node {
        AnyNodeRef::ExprAwait(_) => true,
        AnyNodeRef::StmtFor(it) => it.is_async,
        AnyNodeRef::StmtWith(it) => it.is_async,
        AnyNodeRef::Comprehension(it) => it.is_async,
        _ => false,
    };
    if method.own(cx).any(needs_async) {
        return None;
    }
    let function = method.function;
    let before = TextRange::new(function.start(), function.name.start());
    let start = before.start() + TextSize::try_from(cx.slice(before).rfind("async")?).ok()?;
    let end = before.start() + TextSize::try_from(cx.slice(before).rfind("def")?).ok()?;
    let title = "Make it a plain method";
    let fix = match breach {
        Breach::Raises => Fix::safe(title),
        _ => Fix::unsafe_(title),
    };
    let keyword = TextRange::new(start, end);
    (cx.slice(keyword).trim_end() == "async").then(|| fix.delete(keyword))
}
