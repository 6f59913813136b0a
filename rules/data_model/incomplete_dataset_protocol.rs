use ruff_python_ast::{AnyNodeRef, Expr, Operator, StmtClassDef, StmtFunctionDef};
use ruff_text_size::Ranged;

use super::lineage::Lineage;
use super::special::{Method, has_bases};
use crate::diagnostic::{Diagnostic, Severity};
use crate::fix::Fix;
use crate::rule::{Class, Context, Fixable, On, Rule, Suspected};
use crate::semantic::BindingKind;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "incomplete-dataset-protocol",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("incomplete_dataset_protocol.md"),
    options: &[],
    on: &[On::StmtClassDef(check), On::Suspicion(confirm)],
};

/// Data sets that are asked for items by their numbers.
const MAPS: &[&str] = &["torch.utils.data.Dataset", "torch.utils.data.dataset.Dataset"];

/// Data sets that are gone through.
const ITERABLES: &[&str] =
    &["torch.utils.data.IterableDataset", "torch.utils.data.dataset.IterableDataset"];

/// Data sets of Keras, asked for batches by their numbers.
const BATCHES: &[&str] = &[
    "keras.utils.PyDataset",
    "keras.utils.Sequence",
    "tensorflow.keras.utils.PyDataset",
    "tensorflow.keras.utils.Sequence",
];

/// What a suspicion asks of the project, in the place of a name.
const NO_LENGTH: &str = "__len__";
const NO_ITERATOR: &str = "__iter__";
const ENDLESS: &str = "__getitem__";

fn check<'a>(class: &'a StmtClassDef, cx: &mut Context<'a>) {
    let mentions = |name: &str| cx.semantic.name(name).is_some();
    if cx.is_stub || cx.module.is_test() {
        return;
    }
    if mentions("__getitem__")
        && let [only] = cx.members(class, "__getitem__")[..]
        && let BindingKind::Function(function) = only.kind
    {
        check_items(class, function, cx);
    } else if is_below_iterable(class) && cx.members(class, "__iter__").is_empty() {
        let name = class.name.as_str();
        let message = format!(
            "`{name}` is an `IterableDataset` without `__iter__`: going through it raises `NotImplementedError`"
        );
        cx.suspect_about(class, NO_ITERATOR, &class.name, message)
            .help("a `DataLoader` calls `iter()` on an `IterableDataset`, and nothing else");
    }
}

/// Whether a class names an `IterableDataset` as a base.
fn is_below_iterable(class: &StmtClassDef) -> bool {
    let mut bases = class.arguments.iter().flat_map(|it| &it.args);
    bases.any(|base| {
        let base = match base {
            Expr::Subscript(it) => &*it.value,
            base => base,
        };
        match base {
            Expr::Name(it) => it.id == "IterableDataset",
            Expr::Attribute(it) => it.attr.as_str() == "IterableDataset",
            _ => false,
        }
    })
}

fn check_items<'a>(class: &'a StmtClassDef, function: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    let Some(method) = Method::of(function, cx) else { return };
    if method.is_interface() || function.is_async {
        return;
    }
    let name = class.name.as_str();
    if wraps_around(&method, cx) && cx.members(class, "__iter__").is_empty() {
        let has_length = !cx.members(class, "__len__").is_empty();
        let severity = if has_length { Severity::Warning } else { Severity::Info };
        let message = format!(
            "`{name}` has no `__iter__`, and its `__getitem__` never raises `IndexError`: a `for` loop over it never ends"
        );
        cx.suspect_about(class, ENDLESS, &function.name, message)
            .severity(severity)
            .help("without `__iter__` a loop asks for the items 0, 1, 2, … until `IndexError` comes, whatever `__len__` says; an index that wraps around never gets there");
    }
    let is_mixin = name.to_ascii_lowercase().ends_with("mixin");
    if has_bases(class) && !is_mixin && cx.members(class, "__len__").is_empty() {
        let message = format!(
            "`{name}` has `__getitem__` and no `__len__`: the samplers of a `DataLoader` cannot tell how many items there are"
        );
        let fix = length(&method, cx);
        cx.suspect_about(class, NO_LENGTH, &class.name, message)
            .help("a data set that is asked by index needs `__len__`, or `len()`, shuffling and the default sampler raise `TypeError`")
            .fix(fix);
    }
}

/// Whether the index is only used with `%`: then no index is too large.
fn wraps_around<'a>(method: &Method<'a>, cx: &Context<'a>) -> bool {
    let Some(index) = method.parameter(0) else { return false };
    let raises = method.own(cx).any(|node| matches!(node, AnyNodeRef::StmtRaise(_)));
    if raises || !method.keeps(index, cx) {
        return false;
    }
    let mut is_used = false;
    for node in cx.descendants(method.function) {
        let AnyNodeRef::ExprName(name) = node else { continue };
        if name.id != index {
            continue;
        }
        match cx.parent(*name) {
            AnyNodeRef::ExprBinOp(it)
                if it.op == Operator::Mod && it.left.range() == name.range =>
            {
                is_used = true;
            }
            _ => return false,
        }
    }
    is_used
}

/// `__len__` of the one attribute that `__getitem__` takes its items from.
fn length<'a>(method: &Method<'a>, cx: &Context<'a>) -> Option<Fix> {
    let index = method.parameter(0)?;
    let mut indexed: Option<&str> = None;
    for node in method.own(cx) {
        let AnyNodeRef::ExprSubscript(it) = node else { continue };
        let Expr::Attribute(attribute) = &*it.value else { continue };
        if !method.is_this(&attribute.value, cx) || !method.is_value_of(index, &it.slice, cx) {
            continue;
        }
        match indexed {
            Some(before) if before != attribute.attr.as_str() => return None,
            _ => indexed = Some(attribute.attr.as_str()),
        }
    }
    let (attribute, function) = (indexed?, method.function);
    let first = function.body.first()?;
    if !cx.begins_line(first.start()) || !cx.begins_line(function.start()) {
        return None;
    }
    let (indent, inner) = (cx.indent_at(function.start()), cx.indent_at(first.start()));
    let this = method.this();
    let returns = if function.returns.is_some() { " -> int" } else { "" };
    let text =
        format!("\n\n{indent}def __len__({this}){returns}:\n{inner}return len({this}.{attribute})");
    Some(Fix::unsafe_("Add `__len__`").insert(cx.line_end_after(function)?, text))
}

fn confirm(suspected: Suspected<'_>, diagnostic: &mut Diagnostic) -> bool {
    let Some(class) = suspected.class() else { return false };
    let lineage = Lineage::of(class.id, class.project);
    match suspected.suspicion.about.as_deref() {
        Some(NO_LENGTH) => lacks_length(class, &lineage, diagnostic),
        Some(NO_ITERATOR) => {
            lineage.comes_from(ITERABLES)
                && is_complete(class, &lineage, "__iter__")
                && !lineage.defines_below(ITERABLES, "__iter__", class.project)
        }
        _ => {
            lineage.is_known(MAPS)
                && !lineage.comes_from(ITERABLES)
                && !lineage.defines("__iter__", class.project)
                && !is_below_defining(class, "__iter__")
        }
    }
}

fn lacks_length(class: Class<'_>, lineage: &Lineage, diagnostic: &mut Diagnostic) -> bool {
    let name = class.name();
    if lineage.comes_from(ITERABLES) {
        diagnostic.fix = None;
        diagnostic.severity = Severity::Info;
        diagnostic.message = format!(
            "`{name}` is an `IterableDataset` with `__getitem__`: a `DataLoader` never asks it"
        );
        diagnostic.help = Some("an `IterableDataset` is gone through with `iter()`; for access by index derive from `Dataset`, which needs `__len__` as well".to_owned());
        return is_complete(class, lineage, "__getitem__");
    }
    let is_keras = lineage.comes_from(BATCHES);
    if is_keras {
        diagnostic.message = format!(
            "`{name}` has `__getitem__` and no `__len__`: Keras cannot tell how many batches there are"
        );
        diagnostic.help =
            Some("`fit()` asks `len()` for the number of batches of an epoch".to_owned());
        diagnostic.fix = None;
    }
    (is_keras || lineage.comes_from(MAPS))
        && !lineage.defines("num_batches", class.project)
        && !lineage.defines_below(MAPS, "__len__", class.project)
        && is_complete(class, lineage, "__len__")
}

/// Whether a class is as it will be used: all above it can be seen, nothing is left to others, and
/// nothing hands on what it lacks.
fn is_complete(class: Class<'_>, lineage: &Lineage, name: &str) -> bool {
    let project = class.project;
    let known: Vec<&str> = [MAPS, ITERABLES, BATCHES].concat();
    let is_abstract =
        lineage.std.iter().any(|it| matches!(it.name(), "abc.ABC" | "typing.Protocol"))
            || class.facts.metaclass().is_some();
    let hands_on =
        lineage.defines("__getattr__", project) || lineage.defines("__getattribute__", project);
    let assigns = class.attributes().any(|it| it == name);
    lineage.is_known(&known)
        && project.is_plainly_made(class.id)
        && !is_abstract
        && !hands_on
        && !assigns
        && !is_below_defining(class, name)
}

/// Whether a class below defines the method: then this one is a base.
fn is_below_defining(class: Class<'_>, name: &str) -> bool {
    let below = class.project.subclasses(class.id);
    below.iter().any(|it| class.project.member(*it, name).is_some())
}
