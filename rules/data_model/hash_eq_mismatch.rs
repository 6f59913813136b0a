mod origin;

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprTuple, Stmt, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};

use super::special::{Method, leaves_class_alone};
use super::state::{self, State, Use};
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::{Hashing, Maker};
use crate::fix::Fix;
use crate::project::ClassRef;
use crate::rule::{Context, Fixable, On, Rule, Suspected};
use crate::semantic::BindingKind;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "hash-eq-mismatch",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("hash_eq_mismatch.md"),
    options: &[],
    on: &[On::Special(check), On::Suspicion(confirm)],
};

const HELP: &str = "a set or dictionary looks at hashes first: of two equal objects with different hashes it keeps both, and does not find one by the other";

fn check<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    if function.name.as_str() != "__eq__" || function.is_async {
        return;
    }
    let Some(eq) = Method::of(function, cx) else { return };
    match &cx.members(eq.class, "__hash__")[..] {
        [] => check_written(&eq, cx),
        [only] => match only.kind {
            BindingKind::Function(hash) => {
                if let Some(hash) = Method::of(hash, cx)
                    && !is_rewritten(&eq, cx)
                {
                    check_pair(&eq, &hash, cx);
                }
            }
            BindingKind::Assignment(value) => check_assigned(&eq, value, cx),
            _ => {}
        },
        _ => {}
    }
}

/// Whether a decorator writes methods over those of the class, or may.
fn is_rewritten<'a>(eq: &Method<'a>, cx: &Context<'a>) -> bool {
    let decorators = &eq.class.decorator_list;
    match cx.dataclass(eq.class) {
        // `dataclasses` keeps what is there.
        Some((_, it)) => it.maker != Maker::Dataclasses || decorators.len() > 1,
        None => !leaves_class_alone(eq.class),
    }
}

fn check_pair<'a>(eq: &Method<'a>, hash: &Method<'a>, cx: &mut Context<'a>) {
    let Some(compared) = State::of(eq, cx) else { return };
    let Some(hashed) = State::of(hash, cx) else { return };
    if !compared.compares() {
        return;
    }
    if hashed.uses.is_empty() {
        if let Some(identity) = hashed.identity {
            report_identity(eq, identity, &compared, cx);
        } else if let Some(inherited) = hashed.inherited {
            let message = identity_message(&compared);
            cx.suspect(eq.class, inherited, message)
                .severity(Severity::Warning)
                .label(&eq.function.name, "equality goes by value")
                .help(HELP);
        }
        return;
    }
    if hashed.inherited.is_some() || compared.inherited.is_some() {
        return;
    }
    let is_too_much = |used: &Use<'a>, cx: &Context<'a>| {
        let name = used.name();
        !compared.has(name)
            && !hashed.stores(name)
            && origin::is_independent(name, &compared, eq.class, cx)
    };
    // What is left must be a hash of something.
    let keeps_some = hashed.uses.iter().any(|it| !is_too_much(it, cx));
    for used in hashed.first_uses() {
        let name = used.name();
        if compared.has(name) {
            check_transformed(eq, hash, used, &compared, &hashed, cx);
        } else if is_too_much(used, cx) {
            let fix = if keeps_some { without(used.attribute, hash, cx) } else { None };
            cx.report(used.attribute, format!("`__hash__` uses `{name}`, which `__eq__` does not compare: equal objects can have different hashes"))
                .label(&eq.function.name, "equality does not depend on it")
                .help(HELP)
                .fix(fix);
        }
    }
}

fn identity_message(compared: &State<'_>) -> String {
    let name = compared.uses.first().map_or("", |it| it.name());
    format!(
        "`__hash__` goes by identity and `__eq__` compares `{name}`: equal objects can have different hashes"
    )
}

fn report_identity<'a>(eq: &Method<'a>, at: TextRange, compared: &State<'a>, cx: &mut Context<'a>) {
    cx.report(at, identity_message(compared))
        .severity(Severity::Warning)
        .label(&eq.function.name, "equality goes by value")
        .help(HELP);
}

/// Reports a hash of the value as it is, where equality asks for less.
fn check_transformed<'a>(
    eq: &Method<'a>,
    hash: &Method<'a>,
    used: &Use<'a>,
    compared: &State<'a>,
    hashed: &State<'a>,
    cx: &mut Context<'a>,
) {
    let name = used.name();
    let Some(first) = compared.uses_of(name).next() else { return };
    let Some(through) = first.through else { return };
    let is_always = compared.uses_of(name).all(|it| it.through == Some(through));
    let is_approximate = state::is_approximate(through);
    let is_raw = hashed.uses_of(name).all(|it| is_hashed_as_it_is(it, cx));
    if !is_always || !is_raw {
        return;
    }
    let message = match is_approximate {
        true => format!(
            "`__eq__` compares `{name}` by about, and `__hash__` uses it exactly: equal objects can have different hashes"
        ),
        false => format!(
            "`__eq__` compares `{name}` through `{through}()`, and `__hash__` uses it as it is: equal objects can have different hashes"
        ),
    };
    let fix = match is_approximate {
        true => without(used.attribute, hash, cx),
        false => first.is_method.then(|| {
            let title = format!("Hash what `{through}()` gives");
            Fix::unsafe_(title).insert(used.attribute.end(), format!(".{through}()"))
        }),
    };
    cx.report(used.attribute, message)
        .label(&eq.function.name, "equality asks for less")
        .help(HELP)
        .fix(fix);
}

/// Whether an attribute goes into the hash unchanged: in the tuple that is hashed, or by itself.
fn is_hashed_as_it_is<'a>(used: &Use<'a>, cx: &Context<'a>) -> bool {
    match cx.parent(used.attribute) {
        AnyNodeRef::ExprTuple(_) | AnyNodeRef::StmtReturn(_) | AnyNodeRef::ExprBinOp(_) => true,
        AnyNodeRef::ExprCall(call) => cx.is(&call.func, "builtins.hash"),
        _ => false,
    }
}

/// Takes an attribute out of the tuple that is hashed.
fn without<'a>(attribute: &'a ExprAttribute, hash: &Method<'a>, cx: &Context<'a>) -> Option<Fix> {
    let AnyNodeRef::ExprTuple(tuple) = cx.parent(attribute) else { return None };
    let is_only_use = cx
        .descendants(hash.function)
        .iter()
        .filter(|node| {
            node.as_expr_attribute().is_some_and(|it| it.attr.as_str() == attribute.attr.as_str())
        })
        .count()
        == 1;
    let ExprTuple { elts, parenthesized, range, .. } = tuple;
    let at = elts.iter().position(|it| it.range() == attribute.range)?;
    if !parenthesized || !is_only_use || elts.len() < 2 || cx.has_comment(*range) {
        return None;
    }
    let name = attribute.attr.as_str();
    let fix = Fix::unsafe_(format!("Leave `{name}` out of the hash"));
    let kept: Vec<&Expr> =
        elts.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, it)| it).collect();
    if let [only] = kept[..] {
        return Some(fix.replace(*range, format!("({},)", cx.slice(only))));
    }
    let range = match elts.get(at + 1) {
        Some(next) => TextRange::new(elts[at].start(), next.start()),
        None => TextRange::new(elts[at - 1].end(), elts[at].end()),
    };
    Some(fix.delete(range))
}

/// `__hash__ = object.__hash__` beside an `__eq__` that compares values.
fn check_assigned<'a>(eq: &Method<'a>, value: &'a Expr, cx: &mut Context<'a>) {
    let Expr::Attribute(it) = value else { return };
    if it.attr.as_str() != "__hash__"
        || !cx.is(&it.value, "builtins.object")
        || is_rewritten(eq, cx)
    {
        return;
    }
    let Some(compared) = State::of(eq, cx) else { return };
    if compared.compares() && compared.inherited.is_none() {
        report_identity(eq, value.range(), &compared, cx);
    }
}

/// Reports the hash that a frozen dataclass is given, where the class's own `__eq__` compares fewer
/// fields.
fn check_written<'a>(eq: &Method<'a>, cx: &mut Context<'a>) {
    let Some((decorator, dataclass)) = cx.dataclass(eq.class) else { return };
    if dataclass.maker != Maker::Dataclasses || dataclass.hashing(true) != Hashing::Own {
        return;
    }
    let Some(compared) = State::of(eq, cx) else { return };
    if !compared.compares() || compared.inherited.is_some() {
        return;
    }
    let fields = eq.class.body.iter().filter_map(Stmt::as_ann_assign_stmt);
    let hashed: Vec<&str> = fields
        .filter(|it| origin::is_hashed_field(it, cx))
        .filter_map(|it| Some(it.target.as_name_expr()?.id.as_str()))
        .collect();
    let is_field = |name: &&str| hashed.contains(name);
    // What is compared besides fields may be made of them.
    if !compared.uses.iter().all(|it| is_field(&it.name())) {
        return;
    }
    let Some(name) = hashed.iter().find(|name| !compared.has(name)) else { return };
    let name = (*name).to_owned();
    cx.report(&eq.function.name, format!("`@dataclass` hashes `{name}`, which this `__eq__` does not compare: equal objects can have different hashes"))
        .label(&decorator.expression, "writes a `__hash__` over all fields that compare")
        .help("`field(compare=False)` leaves a field out of both the written `__eq__` and the written `__hash__`");
}

/// Whether the hash that is inherited is `object`'s.
fn confirm(suspected: Suspected<'_>, _: &mut Diagnostic) -> bool {
    let Some(class) = suspected.class() else { return false };
    let Some(ancestors) = class.ancestors() else { return false };
    let inherited = class.project.hashing(ancestors);
    matches!(inherited, Some((ClassRef::Std(it), _)) if it.is_object())
}
