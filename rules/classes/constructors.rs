//! What rules about `__init__` and its kin share: what to pass on, and where to write it.

use ruff_python_ast::{AnyNodeRef, PythonVersion, StmtFunctionDef};
use ruff_text_size::{Ranged, TextSize};

use crate::facts::{ParameterFacts, ParameterKind};
use crate::project::{FunctionId, Project};
use crate::rule::Context;

/// What to pass to another initialiser: its parameters by the names that this one has, too. `None`
/// where one that it needs has no namesake.
pub(super) fn arguments(project: &Project, from: FunctionId, to: FunctionId) -> Option<String> {
    let has = |name: &str, kind: Option<ParameterKind>| {
        parameters(project, from)
            .any(|(it, facts)| it == name && kind.is_none_or(|kind| facts.kind() == kind))
    };
    let mut passed: Vec<String> = Vec::new();
    let mut by_place = true;
    for (name, parameter) in parameters(project, to).skip(1) {
        match parameter.kind() {
            ParameterKind::Rest if has(name, Some(ParameterKind::Rest)) && by_place => {
                passed.push(format!("*{name}"));
            }
            ParameterKind::Keywords if has(name, Some(ParameterKind::Keywords)) => {
                passed.push(format!("**{name}"));
            }
            ParameterKind::Rest | ParameterKind::Keywords => {}
            kind if has(name, None) && !is_many(project, from, name) => {
                let is_named = kind == ParameterKind::KeywordOnly || !by_place;
                if is_named && kind == ParameterKind::PositionalOnly {
                    return None;
                }
                passed.push(if is_named { format!("{name}={name}") } else { name.to_owned() });
            }
            _ if parameter.is_required() => return None,
            // What is left to its default ends what can be passed by place.
            _ => by_place = false,
        }
    }
    Some(passed.join(", "))
}

/// Whether a name is `*name` or `**name` in a function.
fn is_many(project: &Project, function: FunctionId, name: &str) -> bool {
    parameters(project, function).any(|(it, facts)| {
        it == name && matches!(facts.kind(), ParameterKind::Rest | ParameterKind::Keywords)
    })
}

fn parameters(
    project: &Project,
    function: FunctionId,
) -> impl Iterator<Item = (&str, &ParameterFacts)> {
    let (file, _) = project.function(function);
    let file = project.file(file);
    let parameters = file.parameters().of(project.index_of_function(function));
    parameters.iter().map(|it| (file.text(it.name), it))
}

/// How to say `super().name` in a method: with arguments where the class is made again by its
/// decorator, so that the class that the method remembers is not the one that its object has.
pub(super) fn call_of_super(
    method: &StmtFunctionDef,
    name: &str,
    cx: &Context<'_>,
) -> Option<String> {
    let class = cx.class_of(method)?;
    let is_new = cx.target().is_some_and(|it| it.lowest >= PythonVersion::PY314);
    let is_made_again = cx.dataclass(class).is_some_and(|(_, it)| it.slots != Some(false));
    if !is_made_again || is_new {
        return Some(format!("super().{name}"));
    }
    let this = method.parameters.args.first().or(method.parameters.posonlyargs.first())?;
    Some(format!("super({}, {}).{name}", class.name.as_str(), this.name().as_str()))
}

/// Where and how to write a statement as the first of a body, behind the docstring.
pub(super) fn insert_first(
    method: &StmtFunctionDef,
    statement: &str,
    cx: &Context<'_>,
) -> Option<(TextSize, String)> {
    let first = method.body.first()?;
    if !cx.begins_line(first.start()) {
        return None;
    }
    let indent = cx.indent_at(first.start());
    let is_docstring = first.as_expr_stmt().is_some_and(|it| it.value.is_string_literal_expr());
    if is_docstring {
        let end = cx.line_end_after(first)?;
        return Some((end, format!("\n{indent}{statement}")));
    }
    Some((first.start(), format!("{statement}\n{indent}")))
}

/// Where and how to write a statement as the last of a body: not behind one that leaves it.
pub(super) fn insert_last(
    method: &StmtFunctionDef,
    statement: &str,
    cx: &Context<'_>,
) -> Option<(TextSize, String)> {
    let leaves = cx
        .own(method)
        .any(|node| matches!(node, AnyNodeRef::StmtReturn(_) | AnyNodeRef::StmtRaise(_)));
    let last = method.body.last()?;
    if leaves || !cx.begins_line(method.body.first()?.start()) {
        return None;
    }
    let indent = cx.indent_at(method.body.first()?.start());
    Some((cx.line_end_after(last)?, format!("\n{indent}{statement}")))
}

/// The call below a statement whose callee stands at a place.
pub(super) fn call_at<'a>(
    callee: impl Ranged,
    within: AnyNodeRef<'a>,
    cx: &Context<'a>,
) -> Option<&'a ruff_python_ast::ExprCall> {
    let function = within.as_stmt_function_def()?;
    cx.descendants(function).iter().find_map(|node| match node {
        AnyNodeRef::ExprCall(call) if call.func.range() == callee.range() => Some(*call),
        _ => None,
    })
}
