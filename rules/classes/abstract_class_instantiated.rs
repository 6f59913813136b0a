use crate::diagnostic::Severity;
use crate::project::AbstractMember;
use crate::rule::{Class, Fixable, On, ProjectReport, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "abstract-class-instantiated",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Never,
    since: "0.1.0",
    page: include_str!("abstract_class_instantiated.md"),
    options: &[],
    on: &[On::Class(check)],
};

fn check<'a>(class: Class<'a>, report: &mut ProjectReport<'a>) {
    let project = class.project;
    let calls: Vec<_> = project.constructions_of(class.id).collect();
    if calls.is_empty() || !class.facts.is_certain() || project.file(class.file).is_stub() {
        return;
    }
    if !project.refuses_instances(class.id)
        || !project.is_made(class.id)
        || project.is_written_from_outside("__abstractmethods__")
    {
        return;
    }
    let left = &project.abstracts(class.id).left;
    let name = class.name();
    for (file, place) in calls {
        let message =
            format!("`{name}` is abstract and cannot be instantiated: it lacks {}", listed(left));
        let finding = report.at(file, place, message).help(format!(
            "the call raises `TypeError: Can't instantiate abstract class {name}`: instantiate a subclass that implements what is abstract"
        ));
        if let Some(function) = left.first().and_then(|it| it.function) {
            let (declared_in, facts) = project.function(function);
            match declared_in == file {
                true => finding.label(facts.range(), "abstract"),
                false => {
                    finding.label_in(project.file(declared_in).path(), facts.range(), "abstract")
                }
            };
        }
    }
}

/// The names of abstract members, the first three of them.
pub(super) fn listed(members: &[AbstractMember]) -> String {
    let names: Vec<String> = members.iter().take(3).map(|it| format!("`{}`", it.name)).collect();
    match (&names[..], members.len()) {
        ([one], _) => one.clone(),
        ([first @ .., last], count) if count <= 3 => format!("{} and {last}", first.join(", ")),
        (all, count) => format!("{} and {} more", all.join(", "), count - all.len()),
    }
}
