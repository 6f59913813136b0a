//! How many arguments a special method takes, and how many it is given.

use ruff_python_ast::{AnyNodeRef, ParameterWithDefault};
use ruff_text_size::{Ranged, TextRange};

use super::super::protocols::Protocol;
use super::super::special::Method;
use crate::fix::Fix;
use crate::rule::Context;

/// Reports a method that refuses the arguments that it is given.
pub(super) fn check<'a>(method: &Method<'a>, protocol: &Protocol, cx: &mut Context<'a>) {
    let taken = Taken::of(method);
    let this = match method.is_of_instance() {
        true => "the instance",
        false => "the class",
    };
    if taken.most == Some(0) {
        let message = format!(
            "`{}` takes no positional argument, and is given {this}: {} raises `TypeError`",
            method.name, protocol.caller
        );
        let first = if method.is_of_instance() { "self" } else { "cls" };
        let help = format!("the first parameter is what the method is called on: write `{first}`");
        cx.report(&method.function.name, message).help(help);
        return;
    }
    let Some((fewest, most)) = protocol.passes else { return };
    if (fewest..=most).any(|passed| taken.accepts(1 + passed)) {
        return;
    }
    let (name, caller, this) = (method.name, protocol.caller, method.this());
    let passed: Vec<String> = protocol.parameters.iter().map(|it| format!("`{it}`")).collect();
    let is_short = taken.most.is_some_and(|it| it <= fewest);
    let message = match (is_short, &passed[..]) {
        (true, [only]) => {
            format!("`{name}` does not take {only}, which it is given: {caller} raises `TypeError`")
        }
        (true, all) => format!(
            "`{name}` does not take the {} arguments that it is given: {caller} raises `TypeError`",
            all.len()
        ),
        (false, _) => {
            format!("`{name}` asks for more than it is given: {caller} raises `TypeError`")
        }
    };
    let given = match &passed[..] {
        [] => "nothing else".to_owned(),
        all => all.join(", "),
    };
    let help = match this {
        "" => format!(
            "the interpreter calls special methods itself, this one with the instance and {given}"
        ),
        this => format!(
            "the interpreter calls special methods itself, this one with `{this}` and {given}"
        ),
    };
    let fix = taken.fix(method, protocol, cx);
    cx.report(&method.function.name, message).help(help).fix(fix);
}

/// What positional arguments a function takes.
struct Taken<'a> {
    positional: Vec<&'a ParameterWithDefault>,
    fewest: usize,
    /// `None` for any number.
    most: Option<usize>,
    /// Whether it also needs an argument by keyword.
    needs_keyword: bool,
}

impl<'a> Taken<'a> {
    fn of(method: &Method<'a>) -> Taken<'a> {
        let parameters = &method.function.parameters;
        let positional: Vec<_> = parameters.posonlyargs.iter().chain(&parameters.args).collect();
        Taken {
            fewest: positional.iter().filter(|it| it.default.is_none()).count(),
            most: parameters.vararg.is_none().then_some(positional.len()),
            needs_keyword: parameters.kwonlyargs.iter().any(|it| it.default.is_none()),
            positional,
        }
    }

    fn accepts(&self, passed: usize) -> bool {
        !self.needs_keyword && self.fewest <= passed && self.most.is_none_or(|most| passed <= most)
    }

    /// Adds the parameters that are missing, or takes away those that are too many and not used.
    fn fix(&self, method: &Method<'a>, protocol: &Protocol, cx: &Context<'a>) -> Option<Fix> {
        if self.needs_keyword {
            return None;
        }
        let (_, most) = protocol.passes?;
        let rest = &self.positional[1..];
        if rest.len() < most {
            self.added(method, protocol, cx)
        } else {
            self.removed(method, most, cx)
        }
    }

    /// The missing parameters, before or after those that are there already.
    fn added(&self, method: &Method<'a>, protocol: &Protocol, cx: &Context<'a>) -> Option<Fix> {
        let rest = &self.positional[1..];
        let is_named = |it: &&ParameterWithDefault, name: &str| it.parameter.name.as_str() == name;
        // `__set_name__(self, name)` misses the first of two.
        let (before, after) = match rest {
            [only] if protocol.parameters.len() == 2 && is_named(only, protocol.parameters[1]) => {
                (&protocol.parameters[..1], &protocol.parameters[2..])
            }
            _ => (&protocol.parameters[..0], &protocol.parameters[rest.len()..]),
        };
        let is_free = |name: &&'static str| {
            cx.descendants(method.function).iter().all(|node| match node {
                AnyNodeRef::ExprName(it) => it.id.as_str() != *name,
                AnyNodeRef::Parameter(it) => it.name.as_str() != *name,
                _ => true,
            })
        };
        let has_defaults = self.positional.iter().any(|it| it.default.is_some());
        if !before.iter().chain(after).all(is_free) || has_defaults {
            return None;
        }
        let (this, last) = (self.positional.first()?, self.positional.last()?);
        let mut fix = Fix::unsafe_(match before.len() + after.len() {
            1 => "Add the missing parameter",
            _ => "Add the missing parameters",
        });
        for name in before {
            fix = fix.insert(this.end(), format!(", {name}"));
        }
        if !after.is_empty() {
            fix = fix.insert(last.end(), format!(", {}", after.join(", ")));
        }
        Some(fix)
    }

    /// Takes parameters away that are too many, if nothing uses them.
    fn removed(&self, method: &Method<'a>, most: usize, cx: &Context<'a>) -> Option<Fix> {
        let kept = self.positional.get(most)?;
        let extra = self.positional.get(most + 1..).filter(|it| !it.is_empty())?;
        let is_used = |it: &&ParameterWithDefault| {
            let name = it.parameter.name.as_str();
            cx.descendants(method.function)
                .iter()
                .any(|node| node.as_expr_name().is_some_and(|it| it.id == name))
        };
        let range = TextRange::new(kept.end(), extra.last()?.end());
        // A `/` or a comment among them stays where it is: nobody knows what it belongs to.
        let is_plain = !cx.slice(range).contains(['/', '#']);
        let calls_itself = cx
            .descendants(method.class)
            .iter()
            .any(|node| node.as_expr_attribute().is_some_and(|it| it.attr.as_str() == method.name));
        if extra.iter().any(is_used) || !is_plain || calls_itself {
            return None;
        }
        let title = match extra.len() {
            1 => "Remove the parameter",
            _ => "Remove the parameters",
        };
        Some(Fix::unsafe_(title).delete(range))
    }
}
