use ruff_python_ast::StmtFunctionDef;

use super::constructors::{arguments, call_of_super, insert_first};
use crate::diagnostic::Severity;
use crate::facts::{Dataclass, Maker, MemberKind, Subject};
use crate::fix::Fix;
use crate::project::ClassRef;
use crate::rule::{Class, Context, Fixable, Mending, On, ProjectReport, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "post-init-super-not-called",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("post_init_super_not_called.md"),
    options: &[],
    on: &[On::Class(check), On::Mend(mend)],
};

fn check(class: Class<'_>, report: &mut ProjectReport<'_>) {
    let project = class.project;
    let file = project.file(class.file);
    // What tests call is not kept.
    if file.is_stub() || file.module().is_test() {
        return;
    }
    let Some(hook) = class.facts.dataclass().map(hook_of) else { return };
    let Some(MemberKind::Function(index)) = project.member(class.id, hook).map(|it| it.kind())
    else {
        return;
    };
    let own = project.function_of(class.file, index);
    let facts = project.function_facts(own);
    if facts.calls_namesake() || facts.uses_super() || facts.always_raises() {
        return;
    }
    let Some(mro) = project.known_mro(class.id) else { return };
    let Some(next) = project.definers(&mro[1..], hook).next() else { return };
    let (ClassRef::Project(above), Some(skipped)) = (next.class, next.function) else { return };
    let is_dataclass = project.class(above).1.dataclass().is_some_and(|it| hook_of(it) == hook);
    if !is_dataclass || project.function_facts(skipped).is_stub() {
        return;
    }
    let (name, base) = (class.name(), class.name_of(next.class));
    let (file, skipped_facts) = project.function(skipped);
    let message = format!("`{name}.{hook}` never calls `{base}.{hook}`");
    let finding = report.at(class.file, facts.range(), message).help(format!(
        "`{hook}` is a method as any other: this one takes the place of the inherited one, and what that one checks or sets is skipped"
    ));
    let text = "never runs for this class";
    match file == class.file {
        true => finding.label(skipped_facts.range(), text),
        false => finding.label_in(project.file(file).path(), skipped_facts.range(), text),
    };
    if let Some(arguments) = arguments(project, own, skipped) {
        report.to_mend(Subject::Function(index), vec![hook.to_owned(), arguments]);
    }
}

/// What runs behind the generated `__init__`.
fn hook_of(dataclass: Dataclass) -> &'static str {
    match dataclass.maker {
        Maker::Dataclasses | Maker::Pydantic => "__post_init__",
        Maker::AttrClassic | Maker::AttrAnnotated | Maker::Attrs => "__attrs_post_init__",
    }
}

fn mend(mending: Mending<'_>, cx: &Context<'_>) -> Option<Fix> {
    let [hook, arguments] = mending.notes else { return None };
    let function: &StmtFunctionDef = mending.subject.as_stmt_function_def()?;
    let call = format!("{}({arguments})", call_of_super(function, hook, cx)?);
    let (at, text) = insert_first(function, &call, cx)?;
    Some(Fix::unsafe_(format!("Call `{call}`")).insert(at, text))
}
