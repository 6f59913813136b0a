use ruff_python_ast::{
    AnyNodeRef, Expr, ExprBinOp, ExprSubscript, ModModule, Operator, PythonVersion,
};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::future::import_annotations;
use super::gate::older;
use super::guards::{Missing, is_so, reach};
use super::types;
use crate::diagnostic::Severity;
use crate::facts::Premise;
use crate::fix::Fix;
use crate::rule::{Context, Fixable, On, Rule};
use crate::semantic::builtins::is_builtin;
use crate::semantic::pythons::Pythons;
use crate::semantic::{Binding, BindingKind, Reading, Reference, ScopeId, ScopeKind};
use crate::syntax::NodeId;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "future-annotations-required",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("future_annotations_required.md"),
    options: &[],
    on: &[
        On::ModModule(check_names),
        On::ExprSubscript(check_subscript),
        On::ExprBinOp(check_union),
        On::ExprBinOp(check_text),
        On::Suspicion(is_so),
    ],
};

/// Annotations are evaluated when they are asked for (PEP 649).
const LAZY: PythonVersion = PythonVersion::PY314;

fn check_subscript<'a>(subscript: &'a ExprSubscript, cx: &mut Context<'a>) {
    types::check_subscript(subscript, Reading::Annotation, cx);
}

fn check_union<'a>(operation: &'a ExprBinOp, cx: &mut Context<'a>) {
    types::check_union(operation, Reading::Annotation, cx);
}

/// `"Node" | None`: text has no `|`.
fn check_text<'a>(operation: &'a ExprBinOp, cx: &mut Context<'a>) {
    if operation.op != Operator::BitOr || older(cx, LAZY).is_none() {
        return;
    }
    let sides = [&*operation.left, &*operation.right];
    let Some(at) = sides.iter().position(|it| it.is_string_literal_expr()) else { return };
    let other = sides[1 - at];
    // Only `None` and the builtins have no `|` for text: what else stands there may be a `TypeVar`.
    let is_plain = other.is_none_literal_expr()
        || matches!(other, Expr::Name(name) if cx.symbol(name).is_none() && is_builtin(&name.id));
    if !is_plain || cx.semantic.has_future_annotations() {
        return;
    }
    let Some(annotation) = annotation_around(cx.id(operation), cx) else { return };
    let what = "text with `|` in an annotation";
    let message = format!("{what} is evaluated: before Python {LAZY} it raises `TypeError`");
    let node = AnyNodeRef::ExprBinOp(operation);
    let Some(premise) = premise(node, operation.range, what, "TypeError", cx) else { return };
    let fix = quoted(annotation, cx);
    cx.report_on(premise, operation, message).help("put the whole annotation into quotes").fix(fix);
}

/// Names that are bound further down.
fn check_names<'a>(_: &'a ModModule, cx: &mut Context<'a>) {
    if older(cx, LAZY).is_none() || cx.semantic.has_future_annotations() {
        return;
    }
    if cx.semantic.scope(ScopeId::MODULE).opaque {
        return;
    }
    let mut last = TextRange::default();
    for reference in cx.semantic.all_references() {
        if reference.reading != Reading::Annotation || !is_too_early(reference, cx) {
            continue;
        }
        let node = cx.tree.node(reference.node);
        let name = cx.semantic.name_read(reference);
        let Some(annotation) = annotation_around(reference.node, cx) else { continue };
        // One finding for an annotation.
        if annotation == last {
            continue;
        }
        let what = format!("`{name}` in an annotation before it is bound");
        let Some(premise) = premise(node, node.range(), &what, "NameError", cx) else { continue };
        last = annotation;
        let message = format!(
            "`{name}` is not bound yet when this annotation is evaluated: before Python {LAZY} it \
             raises `NameError`"
        );
        let fix = quoted(annotation, cx);
        let future = import_annotations(cx).is_some();
        let help = match future {
            true => {
                "put the annotation into quotes, or begin the file with `from __future__ import annotations`"
            }
            false => "put the annotation into quotes",
        };
        cx.report_on(premise, node.range(), message).help(help).fix(fix);
    }
}

/// On which of the Pythons that are declared a place is reached and fails, if there is any; notes
/// what it needs.
fn premise<'a>(
    node: AnyNodeRef<'a>,
    range: TextRange,
    what: &str,
    error: &str,
    cx: &mut Context<'a>,
) -> Option<Premise> {
    let there = Pythons::from(LAZY);
    let missing = Missing { errors: &[error], attribute: None, there, is_gone: false };
    let reached = reach(cx, node, missing);
    cx.need(|| reached.need(range, what.to_owned(), there));
    let reached = reached.and(Pythons::from(cx.target()?.lowest).without(there));
    (!reached.any().is_empty()).then(|| reached.premise())
}

/// Whether a name that is read when the module runs is bound only later.
fn is_too_early(reference: &Reference, cx: &Context<'_>) -> bool {
    let semantic = cx.semantic;
    let mut scope = Some(reference.scope);
    while let Some(id) = scope {
        let it = semantic.scope(id);
        if !matches!(it.kind, ScopeKind::Module | ScopeKind::Class) {
            return false;
        }
        scope = it.parent;
    }
    let Some(symbol) = semantic.symbol_read(reference) else { return false };
    if semantic.scope_of_symbol(symbol) != ScopeId::MODULE || is_builtin(semantic.text(symbol)) {
        return false;
    }
    let mut bindings = semantic.bindings(symbol).filter(|it| it.kind.gives_value()).peekable();
    bindings.peek().is_some()
        && bindings.all(|binding| bound_from(binding, cx).is_some_and(|it| it > reference.start))
}

/// From where on a binding of the module holds; `None` where that is not known.
fn bound_from(binding: &Binding<'_>, cx: &Context<'_>) -> Option<TextSize> {
    let node = cx.tree.node(binding.node);
    let is_in_function = cx.tree.ancestors(binding.node).any(|(_, it)| {
        matches!(
            it,
            AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_)
        )
    });
    let is_known = matches!(
        binding.kind,
        BindingKind::Class(_)
            | BindingKind::Function(_)
            | BindingKind::Assignment(_)
            | BindingKind::Import(..)
            | BindingKind::FromImport(..)
    );
    (is_known && !is_in_function).then(|| node.end())
}

/// The whole annotation that an expression is in, if it is evaluated where it stands.
fn annotation_around(part: NodeId, cx: &Context<'_>) -> Option<TextRange> {
    let mut outermost = cx.tree.node(part).range();
    let mut around = cx.tree.ancestors(part);
    let (id, holder) = around.find(|(_, it)| {
        let is_part = it.is_expression();
        if is_part {
            outermost = it.range();
        }
        !is_part
    })?;
    let is_annotation = match holder {
        // Annotations of local variables are never evaluated.
        AnyNodeRef::StmtAnnAssign(it) => {
            let scope = cx.semantic.scope(cx.semantic.scope_at(cx.tree, id)).kind;
            it.annotation.range() == outermost
                && matches!(scope, ScopeKind::Module | ScopeKind::Class)
        }
        AnyNodeRef::Parameter(it) => {
            it.annotation.as_ref().is_some_and(|it| it.range() == outermost)
        }
        AnyNodeRef::StmtFunctionDef(it) => {
            it.returns.as_ref().is_some_and(|it| it.range() == outermost)
        }
        _ => false,
    };
    is_annotation.then_some(outermost)
}

/// Puts an annotation into quotes, without those in it.
fn quoted(annotation: TextRange, cx: &Context<'_>) -> Option<Fix> {
    let text = cx.slice(annotation);
    let has_other_text = ["Literal", "Annotated", "\n", "\\"].iter().any(|it| text.contains(it));
    (!has_other_text).then(|| {
        let plain = text.replace(['"', '\''], "");
        Fix::safe("Put the annotation into quotes").replace(annotation, format!("\"{plain}\""))
    })
}
