//! Phase 3: the project as a whole. Opens no file.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::file::nobody;
use super::table::Table;
use crate::diagnostic::{Diagnostic, Severity, builtin};
use crate::project::{Cycle, FileId, Project};
use crate::rule::{Class, Function, ImportCycle, On, ProjectReport, Rule, Suspected};

/// A finding of a project rule, and the file it is about.
pub type ProjectFinding = (FileId, Diagnostic);

/// Runs the project rules and confirms suspicions. `table_of` tells the rules of a file: a finding
/// counts if its rule is on for the file it is reported in. The findings are sorted by file and
/// place.
pub fn check_project<'t>(
    project: &Project,
    tables: &[&'t Table],
    table_of: impl Fn(FileId) -> &'t Table,
) -> Vec<ProjectFinding> {
    let mut handlers: Vec<(&'static Rule, On)> = Vec::new();
    for (rule, on) in tables.iter().flat_map(|table| table.linked()) {
        let is_new = !handlers.iter().any(|(other, it)| {
            other.name == rule.name && std::mem::discriminant(it) == std::mem::discriminant(on)
        });
        if is_new {
            handlers.push((rule, *on));
        }
    }
    let asks_for_cycles = handlers.iter().any(|(_, on)| matches!(on, On::ImportCycle(_)));
    let cycles = if asks_for_cycles { project.import_cycles() } else { Vec::new() };
    let mut found = Vec::new();
    for (rule, on) in handlers {
        let attempt = AssertUnwindSafe(|| run(rule, on, project, &cycles, &table_of));
        match catch_unwind(attempt) {
            Ok(findings) => found.extend(findings),
            Err(_) => found.extend(internal_error(rule, project)),
        }
    }
    found.retain(|(file, it)| {
        it.rule == builtin::INTERNAL_ERROR || table_of(*file).has_linked(&it.rule)
    });
    found.sort_by(|(file, a), (other, b)| (file, a.order()).cmp(&(other, b.order())));
    found
}

fn run<'t>(
    rule: &'static Rule,
    on: On,
    project: &Project,
    cycles: &[Cycle],
    table_of: &impl Fn(FileId) -> &'t Table,
) -> Vec<ProjectFinding> {
    let mut report = ProjectReport { rule: nobody(), project, found: Vec::new() };
    report.rule = rule;
    match on {
        On::Class(check) => {
            for class in project.classes() {
                check(Class::new(project, class), &mut report);
            }
        }
        On::Function(check) => {
            for function in project.functions() {
                check(Function::new(project, function), &mut report);
            }
        }
        On::ImportCycle(check) => {
            for cycle in cycles {
                check(ImportCycle { cycle, project }, &mut report);
            }
        }
        On::Suspicion(confirm) => {
            for (file, facts) in project.files() {
                if facts.suspicions.is_empty() || !table_of(file).has_linked(rule.name) {
                    continue;
                }
                for suspicion in
                    facts.suspicions.iter().filter(|it| it.diagnostic.rule == rule.name)
                {
                    let mut diagnostic = suspicion.diagnostic.clone();
                    if confirm(Suspected { suspicion, file, project }, &mut diagnostic) {
                        report.found.push((file, diagnostic));
                    }
                }
            }
        }
        _ => {}
    }
    report.found
}

fn internal_error(rule: &Rule, project: &Project) -> Option<ProjectFinding> {
    let (file, _) = project.files().next()?;
    let message = format!("`{}` panicked: a bug in dunderlint, please report it", rule.name);
    let at = ruff_text_size::TextRange::default();
    Some((file, Diagnostic::new(builtin::INTERNAL_ERROR, Severity::Error, at, message)))
}
