//! Where attributes of an object come from: one that is made of what is compared is compared, too.

use ruff_python_ast::{
    AnyNodeRef, Expr, ExprAttribute, Stmt, StmtAnnAssign, StmtClassDef, StmtFunctionDef,
};

use super::super::state::State;
use crate::rule::Context;

/// Whether two equal objects may differ in an attribute: it is given to the constructor, and what
/// it is made of goes into nothing that is compared.
pub(super) fn is_independent<'a>(
    name: &str,
    compared: &State<'a>,
    class: &'a StmtClassDef,
    cx: &Context<'a>,
) -> bool {
    let lower = name.to_ascii_lowercase();
    if lower.contains("hash") || lower.contains("cache") {
        return false;
    }
    if is_field(name, class, cx) {
        return compared.uses.iter().all(|it| is_field(it.name(), class, cx));
    }
    let Some(constructor) = constructor(class) else { return false };
    let stores = |name: &str| stores(name, constructor, class, cx);
    let given = |values: &[&'a Expr]| -> Vec<&'a str> {
        values.iter().flat_map(|it| parameters_in(it, constructor, cx)).collect()
    };
    let values = stores(name);
    // Set elsewhere, or never: it may be anything.
    if values.is_empty() || !is_only_set_in(name, constructor, class, cx) {
        return false;
    }
    let sources = given(&values);
    let mut covered: Vec<&str> = Vec::new();
    for used in &compared.uses {
        let values = stores(used.name());
        if values.is_empty() {
            return false;
        }
        covered.extend(given(&values));
    }
    sources.iter().any(|it| !covered.contains(it))
        // Each value depends on what is given: no constant, no counter.
        && values.iter().all(|it| !parameters_in(it, constructor, cx).is_empty())
}

/// Whether a name is a field of a dataclass that is given to the constructor.
fn is_field<'a>(name: &str, class: &'a StmtClassDef, cx: &Context<'a>) -> bool {
    cx.dataclass(class).is_some()
        && class.body.iter().filter_map(Stmt::as_ann_assign_stmt).any(|it| {
            it.target.as_name_expr().is_some_and(|it| it.id == name) && is_hashed_field(it, cx)
        })
}

/// Whether an annotated name of a dataclass is a field that is given to the constructor, compared
/// and hashed.
pub(super) fn is_hashed_field(statement: &StmtAnnAssign, cx: &Context<'_>) -> bool {
    let annotation = cx.slice(&*statement.annotation);
    if annotation.contains("ClassVar")
        || annotation.contains("InitVar")
        || annotation.contains("KW_ONLY")
    {
        return false;
    }
    match statement.value.as_deref() {
        Some(Expr::Call(call)) => {
            ["compare", "hash", "init"].iter().all(|it| call.arguments.find_keyword(it).is_none())
        }
        _ => true,
    }
}

/// `__init__`, or `__new__` where there is no other.
fn constructor(class: &StmtClassDef) -> Option<&StmtFunctionDef> {
    let find = |name: &str| {
        let mut methods = class.body.iter().filter_map(Stmt::as_function_def_stmt);
        methods.find(|it| it.name.as_str() == name)
    };
    find("__init__").or_else(|| find("__new__"))
}

/// The values that the constructor gives an attribute of the object.
fn stores<'a>(
    name: &str,
    constructor: &'a StmtFunctionDef,
    class: &'a StmtClassDef,
    cx: &Context<'a>,
) -> Vec<&'a Expr> {
    let _ = class;
    let mut values = Vec::new();
    for node in cx.own(constructor) {
        match node {
            AnyNodeRef::StmtAssign(it) if it.targets.iter().any(|it| is_of(it, name)) => {
                values.push(&*it.value);
            }
            AnyNodeRef::StmtAnnAssign(it) if is_of(&it.target, name) => {
                values.extend(it.value.as_deref());
            }
            _ => {}
        }
    }
    values
}

/// Whether an expression is an attribute of this name, of whatever name the object has.
fn is_of(target: &Expr, name: &str) -> bool {
    target.as_attribute_expr().is_some_and(|it| is_attribute(it, name))
}

fn is_attribute(it: &ExprAttribute, name: &str) -> bool {
    it.attr.as_str() == name && it.value.is_name_expr()
}

/// Whether no other method sets the attribute.
fn is_only_set_in<'a>(
    name: &str,
    constructor: &'a StmtFunctionDef,
    class: &'a StmtClassDef,
    cx: &Context<'a>,
) -> bool {
    cx.descendants(class).iter().all(|node| match node {
        AnyNodeRef::ExprAttribute(it) => {
            it.ctx.is_load()
                || !is_attribute(it, name)
                || cx.tree.contains(cx.id(constructor), cx.id(*it))
        }
        _ => true,
    })
}

/// The parameters that an expression is made of, but for the object itself.
fn parameters_in<'a>(
    value: &'a Expr,
    constructor: &'a StmtFunctionDef,
    cx: &Context<'a>,
) -> Vec<&'a str> {
    let is_parameter =
        |name: &str| constructor.parameters.iter().skip(1).any(|it| it.name() == name);
    let inner = cx.descendants(value).iter().filter_map(|node| node.as_expr_name().copied());
    let whole = value.as_name_expr();
    whole.into_iter().chain(inner).map(|it| it.id.as_str()).filter(|it| is_parameter(it)).collect()
}
