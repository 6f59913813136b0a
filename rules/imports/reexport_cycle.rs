use ruff_python_ast::AnyNodeRef;

use super::edits::from_definers;
use crate::diagnostic::Severity;
use crate::facts::{ImportFacts, ImportKind};
use crate::fix::Fix;
use crate::project::{FileId, PassedOn, Project};
use crate::rule::{Context, Fixable, ImportCycle, Mending, On, ProjectReport, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "reexport-cycle",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("reexport_cycle.md"),
    options: &[],
    on: &[On::ImportCycle(check), On::Mend(mend)],
};

fn check<'a>(found: ImportCycle<'a>, report: &mut ProjectReport<'a>) {
    let ImportCycle { cycle, project } = found;
    // What fails is said by `circular-import`.
    if !cycle.failures.is_empty() {
        return;
    }
    for member in &cycle.members {
        let facts = project.file(*member);
        for (at, import) in facts.imports().iter().enumerate() {
            let Some(package) = own_package(project, *member, import) else { continue };
            if !cycle.members.contains(&package) {
                continue;
            }
            let names = facts.imported().of(at as u32).iter().map(|it| facts.text(*it));
            let passed: Vec<(&str, PassedOn)> = names
                .filter_map(|name| Some((name, project.passed_on(package, name)?)))
                .filter(|(_, it)| it.file != *member)
                .collect();
            if !passed.is_empty() {
                report_import(project, (*member, import), package, &passed, report);
            }
        }
    }
}

/// The package that an import statement asks for names, if it is around the importing module.
fn own_package(project: &Project, member: FileId, import: &ImportFacts) -> Option<FileId> {
    if !import.is_from() || import.kind() != ImportKind::Eager || import.is_guarded() {
        return None;
    }
    let package = project.imported_module(member, import)?;
    let around = project.file(package).module();
    let inside = project.file(member).module().as_str().strip_prefix(around.as_str())?;
    (around.is_package() && inside.starts_with('.')).then_some(package)
}

fn report_import<'a>(
    project: &'a Project,
    (member, import): (FileId, &ImportFacts),
    package: FileId,
    passed: &[(&str, PassedOn)],
    report: &mut ProjectReport<'a>,
) {
    let module = |file: FileId| project.file(file).module().as_str();
    let (own, around) = (module(member), module(package));
    let (name, from) = &passed[0];
    let more = match passed.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message =
        format!("`{own}` asks its own package for `{name}`{more}, which `{}` defines", from.module);
    let mut imports = project.file(package).imports().iter();
    let first = imports.find(|it| project.imported_module(package, it) == Some(from.file));
    let label = first.map(|it| {
        let text = format!("`{around}` has it from here on");
        (report.path(package).to_owned(), it.range(), text)
    });
    let finding = report.at(member, import.range(), message);
    if let Some((path, range, text)) = label {
        finding.label_in(path, range, text);
    }
    finding.help(format!(
        "`{around}` imports `{own}` while it is executed itself: the name is there only as long as it is imported before; take it from where it is defined"
    ));
    let notes = passed.iter().map(|(name, it)| format!("{name} {} {}", it.module, it.name));
    report.to_mend_statement(notes.collect());
}

/// Each name is imported from where it is defined.
fn mend<'a>(mending: Mending<'a>, cx: &Context<'a>) -> Option<Fix> {
    let AnyNodeRef::StmtImportFrom(statement) = mending.subject else { return None };
    let range = statement.range;
    let passed = |name: &str| {
        let note = mending.notes.iter().find(|it| it.split(' ').next() == Some(name))?;
        let mut words = note.split(' ').skip(1);
        Some((words.next()?.to_owned(), words.next()?.to_owned()))
    };
    if cx.has_comment(range) || !cx.begins_line(range.start()) {
        return None;
    }
    let text = from_definers(cx, statement, &passed)?;
    Some(Fix::unsafe_("Import it from where it is defined").replace(range, text))
}
