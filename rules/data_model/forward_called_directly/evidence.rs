//! What tells that something is a module of `torch.nn`.

use ruff_python_ast::{AnyNodeRef, Expr, StmtClassDef};

use super::super::lineage::MODULES;
use crate::rule::Context;
use crate::semantic::{BindingKind, QualifiedName};

/// How many names are followed.
const MOST_STEPS: usize = 4;

/// What something is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Evidence {
    /// A module.
    Module,
    /// A list or sequence of modules, itself one.
    Modules,
    /// An instance of the class with this absolute name.
    Class(String),
}

/// What an expression gives: made by a constructor, annotated, or taken out of a list of modules.
pub(super) fn evidence<'a>(
    expression: &'a Expr,
    class: Option<&'a StmtClassDef>,
    cx: &Context<'a>,
) -> Option<Evidence> {
    let found = Search { class, cx }.of(expression, MOST_STEPS)?;
    Some(if found == Evidence::Modules { Evidence::Module } else { found })
}

struct Search<'c, 'a> {
    class: Option<&'a StmtClassDef>,
    cx: &'c Context<'a>,
}

impl<'a> Search<'_, 'a> {
    fn of(&self, expression: &'a Expr, steps: usize) -> Option<Evidence> {
        let steps = steps.checked_sub(1)?;
        let cx = self.cx;
        match expression {
            Expr::Call(call) => made_by(cx.qualified(&call.func)?),
            Expr::Name(name) => match cx.binding(name)?.kind {
                BindingKind::Assignment(value) => self.of(value, steps),
                BindingKind::Parameter(it) => annotated(it.annotation()?, cx),
                BindingKind::Loop => {
                    let holder = cx.binding(name)?.node;
                    let AnyNodeRef::StmtFor(it) = cx.tree.node(holder) else { return None };
                    it.target.is_name_expr().then_some(())?;
                    self.item_of(&it.iter, steps)
                }
                _ => None,
            },
            Expr::Attribute(it) => {
                let this = it.value.as_name_expr().filter(|it| it.id == "self")?;
                (this.id == "self").then_some(())?;
                self.attribute(it.attr.as_str(), steps)
            }
            Expr::Subscript(it) if !it.slice.is_slice_expr() => self.item_of(&it.value, steps),
            _ => None,
        }
    }

    /// What an item of a list or sequence of modules is.
    fn item_of(&self, expression: &'a Expr, steps: usize) -> Option<Evidence> {
        match self.of(expression, steps)? {
            Evidence::Modules => Some(Evidence::Module),
            _ => None,
        }
    }

    /// What an attribute of the object is: the same wherever the class sets it.
    fn attribute(&self, name: &str, steps: usize) -> Option<Evidence> {
        let (class, cx) = (self.class?, self.cx);
        let mut found: Option<Evidence> = None;
        for node in cx.descendants(class) {
            let AnyNodeRef::ExprAttribute(it) = node else { continue };
            let is_it = it.attr.as_str() == name
                && !it.ctx.is_load()
                && it.value.as_name_expr().is_some_and(|it| it.id == "self");
            if !is_it {
                continue;
            }
            let set = match cx.parent(*it) {
                AnyNodeRef::StmtAssign(it) if it.targets.len() == 1 => self.of(&it.value, steps),
                AnyNodeRef::StmtAnnAssign(it) => match it.value.as_deref() {
                    Some(value) => self.of(value, steps),
                    None => annotated(&it.annotation, cx),
                },
                _ => None,
            }?;
            match &found {
                Some(before) if *before != set => found = Some(common(before, &set)?),
                _ => found = Some(set),
            }
        }
        found
    }
}

/// What two values both are.
fn common(one: &Evidence, other: &Evidence) -> Option<Evidence> {
    match (one, other) {
        (Evidence::Class(_), _) | (_, Evidence::Class(_)) => None,
        _ => Some(Evidence::Module),
    }
}

fn made_by(callee: QualifiedName<'_>) -> Option<Evidence> {
    match callee.parts() {
        ["torch", "nn", "ModuleDict" | "ModuleList" | "Sequential"] => Some(Evidence::Modules),
        ["torch", "nn", "Buffer" | "Parameter" | "UninitializedParameter" | "ParameterList"] => {
            None
        }
        ["torch", "nn", name] => name.starts_with(char::is_uppercase).then_some(Evidence::Module),
        ["torch", ..] | ["builtins", ..] => None,
        [.., last] => {
            let is_class = last.trim_start_matches('_').starts_with(char::is_uppercase);
            is_class.then(|| Evidence::Class(callee.to_string()))
        }
        [] => None,
    }
}

fn annotated<'a>(annotation: &'a Expr, cx: &Context<'a>) -> Option<Evidence> {
    let name = cx.qualified(annotation)?;
    if name.is_any(MODULES) {
        return Some(Evidence::Module);
    }
    made_by(name)
}
