//! Phase 3: the project as a whole. Opens no file.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;
use ruff_text_size::TextSize;

use super::table::Table;
use crate::diagnostic::{Diagnostic, Severity, builtin};
use crate::project::import_time::Memory;
use crate::project::{Cycle, FileId, Project};
use crate::rule::{
    Class, Function, ImportCycle, On, ProjectFinding, ProjectReport, Rule, Suspected, Values,
};

/// Runs the project rules and confirms suspicions. `table_of` tells the rules of a file: a finding
/// counts if its rule is on for the file it is reported in. The findings are sorted by file and
/// place.
pub fn check_project<'t>(
    project: &Project,
    tables: &[&'t Table],
    table_of: impl Fn(FileId) -> &'t Table + Sync,
) -> Vec<ProjectFinding> {
    check_with_memory(project, tables, table_of, &mut Memory::default())
}

/// The same. What was found out about import cycles on the way is left in the memory.
pub(super) fn check_with_memory<'t>(
    project: &Project,
    tables: &[&'t Table],
    table_of: impl Fn(FileId) -> &'t Table + Sync,
    memory: &mut Memory,
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
    let cycles = cycles(project, &handlers, memory);
    let values_of = |file: FileId| table_of(file).values();
    let mut found = Vec::new();
    for (rule, on) in &handlers {
        let attempt = AssertUnwindSafe(|| run(rule, *on, project, &cycles, &values_of));
        found.extend(attempted(rule, project, catch_unwind(attempt)));
    }
    found.extend(confirmed(project, &handlers, &table_of));
    found.retain(|ProjectFinding { file, diagnostic, to_cut, .. }| {
        // How a cycle is cut may move what is said of it to another file.
        let may_move = to_cut.is_some();
        may_move
            || project.is_checked(*file)
                && (diagnostic.rule == builtin::INTERNAL_ERROR
                    || table_of(*file).has_linked(&diagnostic.rule))
    });
    found.sort_by(|a, b| (a.file, a.diagnostic.order()).cmp(&(b.file, b.diagnostic.order())));
    // A rule that panics on many suspicions is one bug.
    found.dedup_by(|a, b| a.diagnostic.rule == builtin::INTERNAL_ERROR && a == b);
    found
}

/// The import cycles, if a rule asks for them. An import that the rules ignore takes no part.
fn cycles(project: &Project, handlers: &[(&'static Rule, On)], memory: &mut Memory) -> Vec<Cycle> {
    let asking: Vec<&Rule> = handlers
        .iter()
        .filter(|(_, on)| matches!(on, On::ImportCycle(_)))
        .map(|(rule, _)| *rule)
        .collect();
    if asking.is_empty() {
        return Vec::new();
    }
    // Only asked of the statements of cycles that fail.
    let (cycles, known) =
        project.simulate_cycles(&|file, at| is_ignored(project, &asking, file, at));
    *memory = known;
    cycles
}

/// Whether an import statement takes no part in cycles: a comment silences what some rules would say of
/// it.
pub(crate) fn is_ignored(project: &Project, rules: &[&Rule], file: FileId, at: TextSize) -> bool {
    let names_rule =
        |name: &str| rules.iter().any(|rule| rule.name == name || rule.formerly.contains(&name));
    project.file(file).suppressions.get().covers(at, &names_rule).is_some()
}

/// What a rule finds among linked items.
fn run<'a>(
    rule: &'static Rule,
    on: On,
    project: &'a Project,
    cycles: &'a [Cycle],
    values_of: &'a dyn Fn(FileId) -> &'a Values,
) -> Vec<ProjectFinding> {
    let mut report = ProjectReport { rule, project, values_of, found: Vec::new() };
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
        _ => {}
    }
    report.found
}

/// What a rule says of a cycle once more is known of it.
pub(super) fn cycle_finding(
    rule: &'static Rule,
    on: On,
    project: &Project,
    cycle: &Cycle,
) -> Option<ProjectFinding> {
    let values = Values::default(); // no rule of cycles has options
    let values_of = |_: FileId| &values;
    let cycles = std::slice::from_ref(cycle);
    let attempt = AssertUnwindSafe(|| run(rule, on, project, cycles, &values_of));
    catch_unwind(attempt).ok()?.pop()
}

/// The suspicions that are so, each decoded once.
fn confirmed<'t>(
    project: &Project,
    handlers: &[(&'static Rule, On)],
    table_of: &(impl Fn(FileId) -> &'t Table + Sync),
) -> Vec<ProjectFinding> {
    let confirm = |file: FileId| -> Vec<ProjectFinding> {
        let mut found = Vec::new();
        let table = table_of(file);
        for suspicion in project.file(file).suspicions().iter() {
            let handler = handlers.iter().find_map(|(rule, on)| match on {
                On::Suspicion(confirm) if rule.name == suspicion.diagnostic.rule => {
                    Some((*rule, confirm))
                }
                _ => None,
            });
            let Some((rule, confirm)) = handler.filter(|(rule, _)| table.has_linked(rule.name))
            else {
                continue;
            };
            let attempt = AssertUnwindSafe(|| {
                let mut diagnostic = suspicion.diagnostic.clone();
                let suspected = Suspected { suspicion: &suspicion, file, project };
                match confirm(suspected, &mut diagnostic) {
                    true => vec![ProjectFinding { file, diagnostic, to_mend: None, to_cut: None }],
                    false => Vec::new(),
                }
            });
            found.extend(attempted(rule, project, catch_unwind(attempt)));
        }
        found
    };
    let suspects: Vec<FileId> =
        project.files().filter(|(_, it)| !it.suspicions().is_empty()).map(|(id, _)| id).collect();
    match suspects.len() {
        0 | 1 => suspects.into_iter().flat_map(confirm).collect(),
        _ => suspects.into_par_iter().flat_map_iter(confirm).collect(),
    }
}

/// What came of an attempt; a panic is a bug to be reported, at the first file.
fn attempted(
    rule: &Rule,
    project: &Project,
    attempt: std::thread::Result<Vec<ProjectFinding>>,
) -> Vec<ProjectFinding> {
    attempt.unwrap_or_else(|_| {
        let message = format!("`{}` panicked: a bug in dunderlint, please report it", rule.name);
        let at = ruff_text_size::TextRange::default();
        let first = project.files().next().map(|(id, _)| id);
        let bug = |file| {
            let rule = builtin::INTERNAL_ERROR;
            let diagnostic = Diagnostic::new(rule, Severity::Error, at, message.clone());
            ProjectFinding { file, diagnostic, to_mend: None, to_cut: None }
        };
        first.into_iter().map(bug).collect()
    })
}
