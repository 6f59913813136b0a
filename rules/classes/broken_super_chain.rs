use ruff_python_ast::{AnyNodeRef, Parameter, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::constructors::{call_of_super, insert_last};
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::{CallFacts, MemberKind, ParameterKind, Subject};
use crate::fix::Fix;
use crate::project::{ClassId, ClassRef, Definer, FileId, FunctionId, Project};
use crate::rule::{Class, Context, Fixable, Mending, On, ProjectReport, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "broken-super-chain",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("broken_super_chain.md"),
    options: &[],
    on: &[On::Class(check), On::Mend(mend)],
};

/// Methods that every class of a linearization is to have its turn in.
const COOPERATIVE: &[&str] = &["__init__", "__init_subclass__", "setUp", "tearDown"];

/// How a class ends the chain.
#[derive(Clone, Copy, PartialEq)]
enum Break {
    /// It does not call `super()` at all.
    Stops,
    /// It takes `**kwargs` and keeps them.
    KeepsKeywords,
}

fn check(class: Class<'_>, report: &mut ProjectReport<'_>) {
    let project = class.project;
    let file = project.file(class.file);
    // Where no class is below, none can be left out: so it is with most.
    if project.subclasses(class.id).is_empty() || file.is_stub() || file.module().is_test() {
        return;
    }
    for name in COOPERATIVE {
        let Some(MemberKind::Function(index)) = project.member(class.id, name).map(|it| it.kind())
        else {
            continue;
        };
        let method = project.function_of(class.file, index);
        let Some(broken) = broken(project, method, name) else { continue };
        let Some((heir, next)) = heir(class, name, broken) else { continue };
        tell(class, method, name, broken, (heir, next), report);
        let fix = match broken {
            Break::Stops => "stops",
            Break::KeepsKeywords => "keeps",
        };
        report.to_mend(Subject::Function(index), vec![(*name).to_owned(), fix.to_owned()]);
    }
}

/// How a method ends the chain, if it does.
fn broken(project: &Project, method: FunctionId, name: &str) -> Option<Break> {
    let facts = project.function_facts(method);
    if facts.is_stub() || facts.always_raises() {
        return None;
    }
    let (file, _) = project.function(method);
    let file = project.file(file);
    let parameters = file.parameters().of(project.index_of_function(method));
    match project.super_call(method, name) {
        None if facts.calls_namesake() || facts.uses_super() || facts.sets_dynamically() => None,
        None => Some(Break::Stops),
        Some(call) => {
            let keeps = parameters.iter().any(|it| {
                let name = file.text(it.name);
                let is_for_show =
                    name.starts_with('_') || name.contains("ignore") || name.contains("unused");
                it.kind() == ParameterKind::Keywords && !is_for_show
            });
            let passes = call.passes_keywords() || call.passes_rest();
            (keeps && !passes && call.is_certain()).then_some(Break::KeepsKeywords)
        }
    }
}

/// A class below in whose linearization another class comes next that has the method and is no
/// ancestor of this one: so it is left out. With that class's method.
fn heir(class: Class<'_>, name: &str, broken: Break) -> Option<(ClassId, Definer)> {
    let project = class.project;
    let own = project.known_mro(class.id)?;
    project.descendants(class.id).into_iter().find_map(|below| {
        let mro = project.known_mro(below)?;
        let at = mro.iter().position(|it| *it == ClassRef::Project(class.id))?;
        // With a single base everywhere, no other class comes between.
        if mro[at + 1..] == own[1..] {
            return None;
        }
        let next = project.definers(&mro[at + 1..], name).find(|it| !is_trivial(project, it))?;
        let Definer { class: ClassRef::Project(_), function: Some(left_out) } = next else {
            return None;
        };
        let wants = || match broken {
            Break::Stops => !is_replaced(project, mro, next.class),
            Break::KeepsKeywords => takes_more(project, left_out),
        };
        // Tests put together what is not made for it.
        let is_test = || project.file(project.class(below).0).module().is_test();
        let is_left_out = !own.contains(&next.class)
            && is_reached(project, mro, at, name)
            && wants()
            && !is_test()
            && !is_called_by_name(project, mro, left_out, name);
        is_left_out.then_some((below, next))
    })
}

/// Whether all attributes that a class sets at first are there without it, and so left to others on
/// purpose.
fn is_replaced(project: &Project, mro: &[ClassRef], left_out: ClassRef) -> bool {
    let classes = |it: &ClassRef| match it {
        ClassRef::Project(id) => Some(*id),
        ClassRef::Std(_) => None,
    };
    let set_at_first = |id: ClassId| {
        let file = project.file(project.class(id).0);
        let all = file.attributes().of(project.index_of(id)).iter();
        all.filter(|it| it.is_set_at_first()).map(|it| file.text(it.name))
    };
    let ClassRef::Project(id) = left_out else { return false };
    let mut needed = set_at_first(id).peekable();
    let is_there = |name: &str| {
        let before = mro.iter().take_while(|it| **it != left_out).filter_map(classes);
        let is_member =
            |it| project.member(it, name).is_some_and(|it| it.kind() != MemberKind::Annotation);
        before.clone().any(|it| set_at_first(it).any(|it| it == name))
            || mro.iter().filter_map(classes).any(is_member)
    };
    needed.peek().is_some() && needed.all(is_there)
}

/// Whether a definer does nothing that could be missed.
fn is_trivial(project: &Project, definer: &Definer) -> bool {
    definer.function.is_some_and(|it| project.function_facts(it).is_stub())
}

/// Whether the classes before a place in a linearization all go on, so that the chain comes there.
fn is_reached(project: &Project, mro: &[ClassRef], at: usize, name: &str) -> bool {
    project.definers(&mro[..at], name).all(|it| {
        it.function
            .is_some_and(|it| project.super_call(it, name).is_some_and(CallFacts::is_certain))
    })
}

/// Whether a class of a linearization calls a method by the name of its class.
fn is_called_by_name(project: &Project, mro: &[ClassRef], method: FunctionId, name: &str) -> bool {
    project.definers(mro, name).any(|it| match (it.class, it.function) {
        (_, Some(function)) => project.explicit_calls(function).any(|(callee, _)| callee == method),
        (ClassRef::Project(_), None) => true, // it cannot be known
        (ClassRef::Std(_), None) => false,
    })
}

/// Whether a method has parameters besides the object, so that keywords can be for it.
fn takes_more(project: &Project, method: FunctionId) -> bool {
    let (file, _) = project.function(method);
    let parameters = project.file(file).parameters().of(project.index_of_function(method));
    parameters
        .iter()
        .skip(1)
        .any(|it| !matches!(it.kind(), ParameterKind::Rest | ParameterKind::PositionalOnly))
}

fn tell(
    class: Class<'_>,
    method: FunctionId,
    name: &str,
    broken: Break,
    (heir, next): (ClassId, Definer),
    report: &mut ProjectReport<'_>,
) {
    let project = class.project;
    let (own, other) = (class.name(), project.class_name(next.class));
    let heir_name = project.class_name(ClassRef::Project(heir));
    let (message, fate, help) = match broken {
        Break::Stops => (
            format!(
                "`{own}.{name}` ends the chain: in `{heir_name}` it leaves out `{other}.{name}`"
            ),
            "never runs",
            format!(
                "in a class with several bases `super()` leads from each to the next: `{own}` has to call `super().{name}(…)`, although it has no base of its own that needs it"
            ),
        ),
        Break::KeepsKeywords => (
            format!(
                "`{own}.{name}` keeps its `**` arguments: in `{heir_name}` they are for `{other}.{name}`"
            ),
            "is called without them",
            format!(
                "what is not for `{own}` is for a class behind it: pass it on, `super().{name}(**…)`"
            ),
        ),
    };
    let range = project.function_facts(method).range();
    let finding = report.at(class.file, range, message).help(help);
    let (file, facts) = project.class(heir);
    let text = format!("`{other}` comes behind `{own}` here");
    point(project, class, file, facts.range(), text, finding);
    if let Some(function) = next.function {
        let (file, facts) = project.function(function);
        point(project, class, file, facts.range(), fate.to_owned(), finding);
    }
}

fn point(
    project: &Project,
    class: Class<'_>,
    file: FileId,
    at: TextRange,
    text: String,
    finding: &mut Diagnostic,
) {
    match file == class.file {
        true => finding.label(at, text),
        false => finding.label_in(project.file(file).path(), at, text),
    };
}

fn mend(mending: Mending<'_>, cx: &Context<'_>) -> Option<Fix> {
    let method = mending.subject.as_stmt_function_def()?;
    let [name, how] = mending.notes else { return None };
    let call = call_of_super(method, name, cx)?;
    match how.as_str() {
        "stops" => call_next(method, name, &call, cx),
        _ => pass_keywords(method, name, cx),
    }
}

/// Appends `super().name(**kwargs)`, with the parameter for it.
fn call_next(method: &StmtFunctionDef, name: &str, call: &str, cx: &Context<'_>) -> Option<Fix> {
    let takes_keywords = matches!(name, "__init__" | "__init_subclass__");
    let keywords = method.parameters.kwarg.as_deref().map(|it: &Parameter| it.name.as_str());
    let passed = match (takes_keywords, keywords) {
        (false, _) => String::new(),
        (true, keywords) => format!("**{}", keywords.unwrap_or("kwargs")),
    };
    let said = format!("{call}({passed})");
    let (at, text) = insert_last(method, &said, cx)?;
    let fix = Fix::unsafe_(format!("Call `{said}`")).insert(at, text);
    if !takes_keywords || keywords.is_some() {
        return Some(fix);
    }
    // Another name for it would have to be found, and a comment may stand behind the last one.
    if method.parameters.iter().any(|it| it.name().as_str() == "kwargs") {
        return None;
    }
    let last = method.parameters.iter().map(|it| it.end()).max()?;
    let rest = &cx.text[TextRange::new(last, method.parameters.end())];
    let is_plain = matches!(rest, "" | ")");
    is_plain.then(|| fix.insert(last, ", **kwargs"))
}

/// Adds `**kwargs` to the call that is there.
fn pass_keywords(method: &StmtFunctionDef, name: &str, cx: &Context<'_>) -> Option<Fix> {
    let keywords = method.parameters.kwarg.as_deref()?.name.as_str();
    let call = cx.own(method).find_map(|node| match node {
        AnyNodeRef::ExprCall(call) => {
            let is_it = call.func.as_attribute_expr().is_some_and(|it| {
                let inner = it.value.as_call_expr().and_then(|it| it.func.as_name_expr());
                it.attr.as_str() == name && inner.is_some_and(|it| it.id.as_str() == "super")
            });
            is_it.then_some(call)
        }
        _ => None,
    })?;
    let fix = Fix::unsafe_(format!("Pass `**{keywords}` on"));
    let last = call.arguments.iter_source_order().map(|it| it.end()).max();
    Some(match last {
        Some(last) => fix.insert(last, format!(", **{keywords}")),
        None => fix.insert(call.arguments.end() - TextSize::new(1), format!("**{keywords}")),
    })
}
