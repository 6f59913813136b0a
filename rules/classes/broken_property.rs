use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, Stmt, StmtClassDef, StmtFunctionDef};
use ruff_text_size::Ranged;

use super::methods::{attribute_of, is_last, is_name, is_stub, keeps, methods, on_self, this};
use super::properties::{Accessor, Role, accessor, is_abstract, property};
use super::reach::is_reached;
use crate::diagnostic::{Diagnostic, Severity};
use crate::fix::Fix;
use crate::rule::{Context, Fixable, On, Rule, Suspected};
use crate::semantic::BindingKind;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "broken-property",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("broken_property.md"),
    options: &[],
    on: &[On::Decorated(check), On::Suspicion(confirm)],
};

fn check<'a>(function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    if cx.is_stub {
        return;
    }
    let Some(class) = cx.class_of(function) else { return };
    let Some(accessor) = accessor(function, cx) else { return };
    if accessor.role != Role::Getter && accessor.property != function.name.as_str() {
        check_name(function, class, &accessor, cx);
    } else if property(accessor.property, class, cx).is_some()
        && !has_wrong_arity(function, &accessor, cx)
    {
        check_recursion(function, class, &accessor, cx);
        if accessor.role == Role::Getter {
            check_result(function, cx);
        }
    }
}

/// Reports an accessor that cannot be called as properties call it.
fn has_wrong_arity<'a>(
    function: &'a StmtFunctionDef,
    accessor: &Accessor<'a>,
    cx: &mut Context<'a>,
) -> bool {
    let (given, how, what) = match accessor.role {
        Role::Getter => (1, "reading", "a getter is called with the object alone"),
        Role::Setter => (2, "setting", "a setter is called with the object and the value"),
        Role::Deleter => (1, "deleting", "a deleter is called with the object alone"),
    };
    let parameters = &function.parameters;
    let all = parameters.posonlyargs.iter().chain(&parameters.args);
    let required = all.clone().filter(|it| it.default.is_none()).count();
    let most = if parameters.vararg.is_some() { usize::MAX } else { all.count() };
    let keyword = parameters.kwonlyargs.iter().find(|it| it.default.is_none());
    let name = accessor.property;
    if required <= given && given <= most && keyword.is_none() {
        return false;
    }
    cx.report(&function.name, format!("{how} `{name}` raises `TypeError`: {what}"))
        .help("there is no place to write further arguments where an attribute is used: what needs some is a method");
    true
}

/// Reports a property that is what its own function reads, sets or deletes.
fn check_recursion<'a>(
    function: &'a StmtFunctionDef,
    class: &'a StmtClassDef,
    accessor: &Accessor<'a>,
    cx: &mut Context<'a>,
) {
    let Some(this) = this(function) else { return };
    let (name, role) = (accessor.property, accessor.role);
    let is_own = |it: &ExprAttribute| {
        let is_same_way = match role {
            Role::Getter => it.ctx.is_load(),
            Role::Setter => it.ctx.is_store(),
            Role::Deleter => it.ctx.is_del(),
        };
        is_same_way && it.attr == *name && is_name(&it.value, this)
    };
    let mut attributes = cx.own(function).filter_map(|it| it.as_expr_attribute().copied());
    // What is deleted before is not there any more the second time.
    let Some(own) = attributes.find(|it| is_own(it) || it.ctx.is_del()).filter(|it| is_own(it))
    else {
        return;
    };
    let (hook, how) = match role {
        Role::Getter => ("__getattribute__", "reads"),
        Role::Setter => ("__setattr__", "sets"),
        Role::Deleter => ("__delattr__", "deletes"),
    };
    if !is_reached(cx.id(own), function, cx)
        || !keeps(this, function, cx)
        // A class may take attributes into its own hands.
        || !cx.members(class, hook).is_empty()
    {
        return;
    }
    let fix = backed(own, class, name, cx);
    cx.report(own, format!("the property `{name}` {how} itself: `RecursionError`"))
        .help("inside of the class, too, the name is the property's: the value must be kept under another one")
        .fix(fix);
}

/// `self.x` → `self._x`, where a method of the class assigns that.
fn backed<'a>(
    own: &'a ExprAttribute,
    class: &'a StmtClassDef,
    name: &str,
    cx: &Context<'a>,
) -> Option<Fix> {
    let backing = format!("_{name}");
    let is_assigned = |method: &'a StmtFunctionDef| {
        on_self(method, cx).any(|it| it.ctx.is_store() && it.attr == *backing)
    };
    if !methods(class).any(is_assigned) || !cx.members(class, &backing).is_empty() {
        return None;
    }
    Some(Fix::unsafe_(format!("Use `{backing}`")).replace(own.attr.range, backing))
}

/// Reports a getter that returns nothing.
fn check_result<'a>(getter: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    let says_none = getter.returns.as_deref().is_some_and(|it| match it {
        Expr::NoneLiteral(_) => true,
        Expr::Name(it) => matches!(it.id.as_str(), "Never" | "NoReturn"),
        Expr::Attribute(it) => matches!(it.attr.as_str(), "Never" | "NoReturn"),
        _ => false,
    });
    let gives =
        |it: AnyNodeRef<'_>| it.is_stmt_return() || it.is_expr_yield() || it.is_expr_yield_from();
    if cx.module.is_test()
        || says_none
        || is_stub(getter)
        || is_abstract(getter, cx)
        || cx.own(getter).any(gives)
    {
        return;
    }
    if !comes_to_its_end(&getter.body, getter, cx) {
        return;
    }
    let name = getter.name.as_str();
    let fix = match getter.body.last() {
        Some(Stmt::Expr(last)) if !last.value.is_string_literal_expr() => {
            Some(Fix::unsafe_("Return the value").insert(last.start(), "return "))
        }
        _ => None,
    };
    cx.report(&getter.name, format!("the property `{name}` has no `return`: it is always `None`"))
        .severity(Severity::Warning)
        .help("who reads an attribute wants its value; what is done for its effect is a method")
        .fix(fix);
}

/// Whether some way through statements without `return` comes to their end. An unknown function may
/// be one that never returns.
fn comes_to_its_end<'a>(body: &'a [Stmt], getter: &'a StmtFunctionDef, cx: &Context<'a>) -> bool {
    match body.last() {
        None => true,
        Some(Stmt::Expr(it)) => match &*it.value {
            Expr::Call(call) => gives_a_value(&call.func, getter, cx),
            value => !value.is_ellipsis_literal_expr(),
        },
        Some(Stmt::If(it)) => {
            let clauses = &it.elif_else_clauses;
            let has_else = clauses.last().is_some_and(|it| it.test.is_none());
            !has_else
                || comes_to_its_end(&it.body, getter, cx)
                || clauses.iter().any(|it| comes_to_its_end(&it.body, getter, cx))
        }
        Some(Stmt::With(it)) => comes_to_its_end(&it.body, getter, cx),
        Some(
            Stmt::Assign(_)
            | Stmt::AnnAssign(_)
            | Stmt::AugAssign(_)
            | Stmt::Delete(_)
            | Stmt::For(_),
        ) => true,
        _ => false,
    }
}

/// Whether what is called is a method of the same class that returns something.
fn gives_a_value<'a>(callee: &'a Expr, getter: &'a StmtFunctionDef, cx: &Context<'a>) -> bool {
    let (Some(this), Some(class)) = (this(getter), cx.class_of(getter)) else { return false };
    let Some(name) = attribute_of(callee, this) else { return false };
    let members = cx.members(class, name);
    let [only] = &members[..] else { return false };
    let BindingKind::Function(method) = only.kind else { return false };
    method.decorator_list.is_empty()
        && cx.own(method).any(|it| it.as_stmt_return().is_some_and(|it| it.value.is_some()))
}

/// Reports `@x.setter` above a function of another name: nobody has assigned that other name, as
/// far as the file shows.
fn check_name<'a>(
    function: &'a StmtFunctionDef,
    class: &'a StmtClassDef,
    accessor: &Accessor<'a>,
    cx: &mut Context<'a>,
) {
    let (name, wanted) = (function.name.as_str(), accessor.property);
    let Some(property) = property(wanted, class, cx) else { return };
    let (has_it, kind, how) = match accessor.role {
        Role::Setter => (property.setter.is_some(), "setter", "setting"),
        _ => (property.deleter.is_some(), "deleter", "deleting"),
    };
    // The other name may be a second property on purpose, or be bound to the first one later.
    let is_used = cx.tree.nodes().iter().any(|node| match node {
        AnyNodeRef::ExprAttribute(it) => it.attr == *name,
        AnyNodeRef::ExprName(it) => it.id == *name,
        _ => false,
    });
    if has_it || is_used || is_pair(wanted, name) || !is_last(function, class, cx) {
        return;
    }
    let is_free = cx.members(class, name).len() == 1;
    let fix = is_free
        .then(|| Fix::unsafe_(format!("Call it `{wanted}`")).replace(function.name.range, wanted));
    cx.suspect(class, &function.name, format!("{how} `{wanted}` raises `AttributeError`: its {kind} is called `{name}`"))
        .help(format!("`@{wanted}.{kind}` gives a new property, which is bound to the name of the function below it: `{wanted}` stays as it was"))
        .fix(fix);
}

/// Whether two names say that one is for reading and the other for assigning: `get_x` and `set_x`.
fn is_pair(getter: &str, setter: &str) -> bool {
    let name = getter.trim_start_matches('_').strip_prefix("get");
    name.is_some() && name == setter.trim_start_matches('_').strip_prefix("set")
}

/// Whether nobody assigns the other name from outside.
fn confirm(suspected: Suspected<'_>, diagnostic: &mut Diagnostic) -> bool {
    suspected
        .function_at(diagnostic.range)
        .is_some_and(|it| !suspected.project.is_written_from_outside(it.text(it.facts.name)))
}
