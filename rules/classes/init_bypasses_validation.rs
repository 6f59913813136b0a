use ruff_python_ast::{AnyNodeRef, Expr, Stmt, StmtAssign, StmtClassDef, StmtFunctionDef};
use ruff_text_size::{Ranged, TextSize};

use super::hierarchy::is_any_below;
use super::methods::{attribute_of, is_name, keeps, local, methods, positional, this, uses};
use super::properties::{Role, accessor, property};
use crate::diagnostic::{Diagnostic, Severity};
use crate::fix::Fix;
use crate::rule::{Context, Fixable, On, Rule, Suspected};
use crate::semantic::BindingKind;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "init-bypasses-validation",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("init_bypasses_validation.md"),
    options: &[],
    on: &[On::Decorated(check), On::Suspicion(confirm)],
};

/// Parts of the names of methods that look at what was stored.
const CHECKING: &[&str] = &["check", "ensure", "valid", "verify"];

/// A setter that refuses some values and keeps the others.
struct Setter<'a> {
    property: &'a str,
    /// The attribute that keeps the value.
    backing: &'a str,
    function: &'a StmtFunctionDef,
    /// Whether it only looks at the value and stores it.
    is_simple: bool,
}

fn check<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    if cx.is_stub || cx.module.is_test() {
        return;
    }
    let Some(class) = cx.class_of(function) else { return };
    let Some(setter) = validating(function, class, cx) else { return };
    for constructor in methods(class) {
        let Some(object) = object_made(constructor, cx) else { continue };
        let Some((store, given)) = raw_store(constructor, object, &setter, cx) else { continue };
        if is_checked_later(constructor, object, class, &setter, cx) {
            continue;
        }
        let Setter { property, backing, is_simple, .. } = setter;
        let target = &store.targets[0];
        let fix = is_simple.then(|| {
            let attribute = target.range().add_start(TextSize::of(object));
            Fix::unsafe_(format!("Assign `{property}`")).replace(attribute, format!(".{property}"))
        });
        let method = constructor.name.as_str();
        cx.suspect(class, target, format!("`{method}` puts `{given}` into `{backing}` past the checks of the setter of `{property}`"))
            .help(format!("what the setter refuses gets in here; `{object}.{property} = {given}` calls the setter"))
            .label(&setter.function.name, "what is assigned later is checked here")
            .fix(fix);
    }
}

/// A setter whose refusal depends on the value that it is given.
fn validating<'a>(
    function: &'a StmtFunctionDef,
    class: &'a StmtClassDef,
    cx: &Context<'a>,
) -> Option<Setter<'a>> {
    let accessor = accessor(function, cx)?;
    let name = function.name.as_str();
    if accessor.role != Role::Setter || accessor.property != name {
        return None;
    }
    let mut parameters = positional(function);
    let (this, value) = (parameters.next()?, parameters.next()?);
    // One that always raises refuses to be called, not a value.
    if function.body.iter().any(Stmt::is_raise_stmt) {
        return None;
    }
    if !cx.own(function).any(|node| refuses(node, value, cx)) {
        return None;
    }
    let mut stores =
        cx.own(function).filter_map(|it| it.as_stmt_assign().copied()).filter_map(|it| {
            let [target] = &it.targets[..] else { return None };
            let backing = attribute_of(target, this)?;
            is_name(&it.value, value).then_some(backing)
        });
    let (backing, other) = (stores.next()?, stores.next());
    property(name, class, cx).filter(|_| other.is_none() && backing != name)?;
    let is_simple = cx.own(function).all(|node| match node {
        AnyNodeRef::ExprAttribute(it) => !is_name(&it.value, this) || it.ctx.is_store(),
        _ => true,
    });
    Some(Setter { property: name, backing, function, is_simple })
}

/// Whether a statement refuses some values.
fn refuses<'a>(node: AnyNodeRef<'a>, value: &str, cx: &Context<'a>) -> bool {
    let asks = |test: &Expr| uses(test, value, cx);
    let raises = |body: &[Stmt]| body.iter().any(Stmt::is_raise_stmt);
    match node {
        AnyNodeRef::StmtAssert(it) => asks(&it.test),
        AnyNodeRef::StmtIf(it) => {
            asks(&it.test)
                && (raises(&it.body) || it.elif_else_clauses.iter().any(|it| raises(&it.body)))
        }
        _ => false,
    }
}

/// The name by which a constructor knows the object that it makes: the first parameter of
/// `__init__`, or what a class method made with `__new__`.
fn object_made<'a>(function: &'a StmtFunctionDef, cx: &Context<'a>) -> Option<&'a str> {
    if function.name.as_str() == "__init__" {
        return this(function).filter(|it| keeps(it, function, cx));
    }
    let [decorator] = &function.decorator_list[..] else { return None };
    if !cx.is(&decorator.expression, "builtins.classmethod") {
        return None;
    }
    let made = cx.own(function).filter_map(|it| it.as_stmt_assign().copied()).find(|it| {
        let call = it.value.as_call_expr().and_then(|it| it.func.as_attribute_expr());
        call.is_some_and(|it| &it.attr == "__new__")
    })?;
    let name = made.targets.first()?.as_name_expr()?.id.as_str();
    keeps(name, function, cx).then_some(name)
}

/// Where a constructor stores a parameter as it came, and does nothing else with it.
fn raw_store<'a>(
    constructor: &'a StmtFunctionDef,
    object: &str,
    setter: &Setter<'a>,
    cx: &Context<'a>,
) -> Option<(&'a StmtAssign, &'a str)> {
    let is_backing = |it: &&StmtAssign| match &it.targets[..] {
        [target] => attribute_of(target, object) == Some(setter.backing),
        _ => false,
    };
    let mut stores =
        cx.own(constructor).filter_map(|it| it.as_stmt_assign().copied()).filter(is_backing);
    let (store, other) = (stores.next()?, stores.next());
    let given = store.value.as_name_expr()?.id.as_str();
    let symbol = local(given, constructor, cx)?;
    let only = cx.semantic.only_binding(symbol)?;
    let is_parameter = matches!(only.kind, BindingKind::Parameter(_)) && given != object;
    let is_only_stored = || {
        cx.semantic.references(symbol).all(|read| match cx.tree.node(cx.tree.parent(read.node)) {
            AnyNodeRef::StmtAssign(it) => cx.id(&*it.value) == read.node,
            _ => false,
        })
    };
    (other.is_none() && is_parameter && is_only_stored()).then_some((store, given))
}

/// Whether a constructor also sets the property, or calls what looks at the value that was stored.
fn is_checked_later<'a>(
    constructor: &'a StmtFunctionDef,
    object: &str,
    class: &'a StmtClassDef,
    setter: &Setter<'a>,
    cx: &Context<'a>,
) -> bool {
    let looks = |method: &str| match cx.members(class, method).last().map(|it| it.kind) {
        Some(BindingKind::Function(it)) => {
            cx.own(it).any(|it| it.is_stmt_raise() || it.is_stmt_assert())
        }
        _ => CHECKING.iter().any(|part| method.contains(part)),
    };
    cx.own(constructor).any(|node| match node {
        AnyNodeRef::ExprAttribute(it) => {
            is_name(&it.value, object) && (it.attr == *setter.property || looks(&it.attr))
        }
        _ => false,
    })
}

/// Confirms each; but where a class below has a property of its own, its setter would be called.
fn confirm(suspected: Suspected<'_>, diagnostic: &mut Diagnostic) -> bool {
    let Some(class) = suspected.class() else { return false };
    let setter = diagnostic.labels.first().and_then(|it| suspected.function_at(it.range));
    let Some(setter) = setter else { return false };
    let property = setter.text(setter.facts.name);
    if is_any_below(class, |below| suspected.project.member(below, property).is_some()) {
        diagnostic.fix = None;
    }
    true
}
