use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::Severity;
use crate::project::{ClassRef, Mro, MroError};
use crate::rule::{Class, Fixable, On, ProjectReport, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "inconsistent-mro",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Never,
    since: "0.1.0",
    page: include_str!("inconsistent_mro.md"),
    options: &[],
    on: &[On::Class(check)],
};

fn check<'a>(class: Class<'a>, report: &mut ProjectReport<'a>) {
    let Mro::Error(error) = class.mro() else { return };
    // Which class statement runs is known only for one that always does.
    if !class.facts.is_certain() || class.project.file(class.file).is_stub() {
        return;
    }
    match error {
        MroError::Duplicate(first, second) => duplicate(class, *first, *second, report),
        MroError::Inconsistent(blocked) => inconsistent(class, blocked, report),
    }
}

fn duplicate<'a>(class: Class<'a>, first: usize, second: usize, report: &mut ProjectReport<'a>) {
    let bases: Vec<_> = class.project.bases(class.id).collect();
    let (Some((before, _)), Some((again, base))) = (bases.get(first), bases.get(second)) else {
        return;
    };
    let name = base.map_or("a base", |base| class.project.class_name(base));
    let message = format!("`{}` names its base `{name}` twice", class.name());
    report
        .at(class.file, again.range(), message)
        .label(before.range(), "first here")
        .help("the class statement raises `TypeError: duplicate base class`: a class stands once among the bases");
}

fn inconsistent<'a>(class: Class<'a>, blocked: &[ClassRef], report: &mut ProjectReport<'a>) {
    let project = class.project;
    let bases: Vec<(TextRange, ClassRef)> =
        project.bases(class.id).filter_map(|(base, class)| Some((base.range(), class?))).collect();
    let message = format!("`{}` has no method resolution order", class.name());
    let names: Vec<String> =
        blocked.iter().map(|it| format!("`{}`", project.class_name(*it))).collect();
    let finding = report.at(class.file, class.facts.range(), message);
    let pair = bases.iter().enumerate().find_map(|(at, (range, first))| {
        let (_, heir) =
            bases[at + 1..].iter().find(|(_, later)| derives_from(project, *later, *first))?;
        Some((*range, *first, *heir))
    });
    match pair {
        Some((range, first, heir)) => {
            let (first, heir) = (project.class_name(first), project.class_name(heir));
            finding.label(range.range(), format!("`{first}` stands before its own subclass `{heir}`")).help(format!(
                "the class statement raises `TypeError: Cannot create a consistent method resolution order`: a class always comes before its parents, so put `{heir}` before `{first}`, or leave `{first}` out: `{heir}` brings it"
            ));
        }
        None => {
            let help = format!(
                "the class statement raises `TypeError: Cannot create a consistent method resolution order`: the bases put {} in different orders; `dunderlint` found none that keeps each of them before its parents",
                names.join(" and ")
            );
            finding.help(help);
        }
    }
}

fn derives_from(project: &crate::project::Project, class: ClassRef, base: ClassRef) -> bool {
    match class {
        ClassRef::Project(id) => project.is_subclass(id, base) == Some(true),
        ClassRef::Std(class) => match base {
            ClassRef::Std(base) => class.mro().is_some_and(|mro| mro.contains(&base)),
            ClassRef::Project(_) => false,
        },
    }
}
