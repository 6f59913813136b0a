//! How an import cycle can be cut: the ways that its rule proposes are tried, each by looking at the
//! files as they would be and simulating their imports once more. What is offered has been proven so.

use std::borrow::Cow;
use std::rc::Rc;

use super::file::{self, Input, check_source};
use super::project::cycle_finding;
use crate::facts::FileFacts;
use crate::fix::{self, Applicability, Fix};
use crate::project::import_time::Memory;
use crate::project::{Concern, Consequences, Cycle, Edge, FileId, Needed, Project, Verdict};
use crate::rule::{Cut, Cuts, On, ProjectFinding, Rule};
use crate::text::{Source, places_of};

/// So many changes are simulated for a cycle.
const MOST_TRIALS: usize = 40;

/// No more cuts than this are tried together.
const MOST_CUTS: usize = 3;

/// Opens a file with a text.
type Open<'s> = dyn Fn(FileId, &Source, &mut dyn FnMut(&Input<'_>)) + 's;

/// Cuts cycles.
pub(super) struct Cutter<'s> {
    project: &'s mut Project,
    /// The text of a file.
    source: &'s dyn Fn(FileId) -> Option<Cow<'s, Source>>,
    open: &'s Open<'s>,
    /// What was found out about the project as it is.
    memory: Memory,
    /// How import statements of the cycle can be cut, as the files are.
    cuts: Vec<(Edge, Cuts)>,
}

/// A project with some cuts.
struct State {
    /// The files that are changed.
    changed: Vec<(FileId, Source, FileFacts)>,
    /// The first of the cuts.
    first: Option<(Edge, Cut)>,
    cuts: usize,
    cost: u32,
    /// What it does to the project as it is.
    verdict: Verdict,
    places: Vec<Edge>,
    /// See [`Consequences::asking`].
    asking: Vec<Edge>,
    /// See [`Consequences::hides_failures`].
    hides_failures: bool,
}

/// A further cut.
struct Step {
    from: Rc<State>,
    edge: Edge,
    cut: Cut,
    /// That of all cuts until then.
    cost: u32,
}

/// What is done to a cycle.
struct Chosen {
    edge: Edge,
    fix: Fix,
    needs_more: bool,
}

impl<'s> Cutter<'s> {
    pub(super) fn new(
        project: &'s mut Project,
        memory: Memory,
        source: &'s dyn Fn(FileId) -> Option<Cow<'s, Source>>,
        open: &'s Open<'s>,
    ) -> Cutter<'s> {
        Cutter { project, source, open, memory, cuts: Vec::new() }
    }

    /// Gives the findings that ask for it a fix, or says why there is none.
    pub(super) fn cut(&mut self, findings: &mut [ProjectFinding]) {
        for finding in findings.iter_mut() {
            let Some(cycle) = finding.to_cut.take() else { continue };
            let Some((rule, on_cycle, on_cut)) = self.handlers(finding) else { continue };
            let mut cycle = *cycle;
            let mut needed = Vec::new();
            let chosen = self.choose(&cycle, on_cut, &mut needed);
            let is_stuck = cycle.cut.is_none_or(|cut| needed.iter().any(|it| it.edge == cut));
            if let Some(chosen) = &chosen {
                (cycle.cut, cycle.has_fix) = (Some(chosen.edge), true);
                cycle.needs_more_cuts = chosen.needs_more;
            } else if is_stuck {
                cycle.needed = needed;
            }
            let Some(mut again) = cycle_finding(rule, on_cycle, self.project, &cycle) else {
                continue;
            };
            again.to_cut = None;
            again.diagnostic.fix = chosen.map(|it| it.fix);
            *finding = again;
        }
        findings
            .sort_by(|a, b| (a.file, a.diagnostic.order()).cmp(&(b.file, b.diagnostic.order())));
    }

    /// The rule of a finding, and what it listens to.
    fn handlers(&self, finding: &ProjectFinding) -> Option<(&'static Rule, On, On)> {
        let source = (self.source)(finding.file)?;
        let mut found = None;
        (self.open)(finding.file, &source, &mut |input| {
            let own = input.table.linked().iter();
            let own = own.filter(|(rule, _)| rule.name == finding.diagnostic.rule);
            let (mut cycle, mut cut) = (None, None);
            for (rule, on) in own {
                match on {
                    On::ImportCycle(_) => cycle = Some((*rule, *on)),
                    On::Cut(_) => cut = Some(*on),
                    _ => {}
                }
            }
            found = cycle.zip(cut).map(|((rule, cycle), cut)| (rule, cycle, cut));
        });
        found
    }

    /// The cheapest cuts after which everything loads: the first of them. Else one that helps. What
    /// cannot be cut, since it is needed at once, is noted.
    fn choose(&mut self, cycle: &Cycle, on: On, needed: &mut Vec<Needed>) -> Option<Chosen> {
        self.cuts.clear();
        let graph = self.project.import_graph();
        let concern = Concern { graph: &graph, cycle };
        let before = self.project.consequences(cycle);
        let none = State {
            changed: Vec::new(),
            first: None,
            cuts: 0,
            cost: 0,
            verdict: Verdict::Changes,
            places: before.places.clone(),
            asking: before.asking.clone(),
            hides_failures: false,
        };
        let mut steps = self.steps(&Rc::new(none), on, needed);
        let mut helping = None;
        for _ in 0..MOST_TRIALS {
            let cheapest = steps.iter().map(|it| it.cost).min();
            let Some(at) = steps.iter().position(|it| Some(it.cost) == cheapest) else { break };
            let step = steps.remove(at);
            let Some(state) = self.state_after(step, concern, &before) else {
                continue;
            };
            if let Verdict::Repairs { loads_the_same } = state.verdict {
                if !self.is_harmless(&state, concern, &before) {
                    continue;
                }
                match self.chosen(&state, loads_the_same, state.cuts > 1) {
                    Some(chosen) => return Some(chosen),
                    None => continue,
                }
            }
            let is_help = state.verdict == Verdict::Helps && !state.hides_failures;
            if is_help && state.cuts == 1 && helping.is_none() {
                helping = self.chosen(&state, false, true);
            }
            if state.cuts < MOST_CUTS {
                steps.extend(self.steps(&Rc::new(state), on, needed));
            }
        }
        helping
    }

    /// The first cut on the way to a state, unless somebody would miss what it takes away.
    fn chosen(&self, state: &State, loads_the_same: bool, needs_more: bool) -> Option<Chosen> {
        let (edge, Cut { mut fix, names, is_of_class, .. }) = state.first.clone()?;
        let is_missed = match is_of_class {
            true => self.is_taken_from_object(&names),
            false => self.is_named_in_strings(edge.from, &names),
        };
        if is_missed {
            return None;
        }
        if !loads_the_same {
            fix.applicability = fix.applicability.min(Applicability::Unsafe);
        }
        Some(Chosen { edge, fix, needs_more })
    }

    /// The ways to go on from a state, the nearest place first.
    fn steps(&mut self, state: &Rc<State>, on: On, needed: &mut Vec<Needed>) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for edge in &state.places {
            let Some(cuts) = self.cuts_at(*edge, state, on) else { continue };
            for cut in cuts.ways {
                let is_useless = cut.still_imports && !state.asking.contains(edge);
                let is_same = |it: &Step| it.edge.from == edge.from && it.cut.fix == cut.fix;
                if !is_useless && !steps.iter().any(is_same) {
                    let cost = state.cost + cut.cost;
                    steps.push(Step { from: Rc::clone(state), edge: *edge, cut, cost });
                }
            }
            if state.cuts == 0 && !cuts.needed.is_empty() {
                needed.push(Needed { edge: *edge, names: cuts.needed });
            }
        }
        steps
    }

    /// The ways to cut an import statement, as it stands in a state.
    fn cuts_at(&mut self, edge: Edge, state: &State, on: On) -> Option<Cuts> {
        let On::Cut(look) = on else { return None };
        let is_changed = state.changed.iter().any(|(file, ..)| *file == edge.from);
        let known = self.cuts.iter().find(|(known, _)| *known == edge && !is_changed);
        if let Some((_, cuts)) = known {
            return Some(cuts.clone());
        }
        let source = self.source_in(state, edge.from)?;
        let mut cuts = Cuts::default();
        (self.open)(edge.from, &source, &mut |input| {
            cuts = file::cuts(input, look, edge, self.project);
        });
        if !is_changed {
            self.cuts.push((edge, cuts.clone()));
        }
        Some(cuts)
    }

    /// What comes of a further cut, if it breaks nothing.
    fn state_after(
        &mut self,
        Step { from, edge, cut, cost }: Step,
        concern: Concern<'_>,
        before: &Consequences,
    ) -> Option<State> {
        let source = self.source_in(&from, edge.from)?;
        let (file, source, facts) = self.changed(edge.from, &source, &cut.fix)?;
        let mut changed = from.changed.clone();
        changed.retain(|(other, ..)| *other != file);
        changed.push((file, source, facts));
        // Most of what is tried does not help, which is seen at what fails.
        let after = self.consequences(concern, before, true, &changed);
        let verdict = if after.has_success() { before.after(&after) } else { Verdict::Changes };
        (verdict != Verdict::No).then(|| State {
            changed,
            first: from.first.clone().or(Some((edge, cut))),
            cuts: from.cuts + 1,
            cost,
            verdict,
            places: after.places,
            asking: after.asking,
            hides_failures: after.hides_failures,
        })
    }

    fn consequences(
        &mut self,
        concern: Concern<'_>,
        before: &Consequences,
        is_try: bool,
        changed: &[(FileId, Source, FileFacts)],
    ) -> Consequences {
        let facts = changed.iter().map(|(file, _, facts)| (*file, facts.clone()));
        let facts: Vec<(FileId, FileFacts)> = facts.collect();
        self.project.consequences_with(concern, &mut self.memory, (before, is_try), facts)
    }

    /// Whether the first cut on the way to a state breaks nothing by itself, and the others follow.
    fn is_harmless(&mut self, state: &State, concern: Concern<'_>, before: &Consequences) -> bool {
        let Some((edge, cut)) = &state.first else { return false };
        if state.cuts == 1 {
            return true;
        }
        let Some(source) = (self.source)(edge.from).map(Cow::into_owned) else { return false };
        let Some(changed) = self.changed(edge.from, &source, &cut.fix) else { return false };
        let after = self.consequences(concern, before, false, &[changed]);
        !after.hides_failures && before.after(&after) != Verdict::No
    }

    /// A file with a fix applied, if it can be.
    fn changed(
        &self,
        file: FileId,
        source: &Source,
        fix: &Fix,
    ) -> Option<(FileId, Source, FileFacts)> {
        let applied = fix::apply(source.text(), source.newline(), [fix]);
        let source = source.with_text(applied.text);
        let mut facts = None;
        (self.open)(file, &source, &mut |input| {
            let report = check_source(input);
            facts = (!report.is_broken).then_some(report.facts);
        });
        Some((file, source, facts?))
    }

    /// The text of a file in a state.
    fn source_in<'a>(&'a self, state: &'a State, file: FileId) -> Option<Cow<'a, Source>> {
        match state.changed.iter().find(|(it, ..)| *it == file) {
            Some((_, source, _)) => Some(Cow::Borrowed(source)),
            None => (self.source)(file),
        }
    }

    /// Whether somebody takes one of these names from an object, which may be of any class.
    fn is_taken_from_object(&self, names: &[String]) -> bool {
        let files = self.project.files().filter(|(_, facts)| !facts.is_stub());
        files.into_iter().any(|(file, _)| {
            let source = (self.source)(file);
            source.is_none_or(|it| names.iter().any(|name| is_attribute(it.text(), name)))
        })
    }

    /// Whether a test replaces one of these names of a module by its full name, as in
    /// `mock.patch("module.name")`.
    fn is_named_in_strings(&self, module: FileId, names: &[String]) -> bool {
        let dotted = self.project.file(module).module().as_str();
        let names: Vec<String> = names.iter().map(|name| format!("{dotted}.{name}")).collect();
        let tests = self.project.files().filter(|(_, facts)| is_test(facts.path()));
        tests.into_iter().any(|(file, _)| {
            let source = (self.source)(file);
            source.is_some_and(|it| names.iter().any(|name| is_quoted(it.text(), name)))
        })
    }
}

/// Whether an expression takes a name from an object, or names it in a string.
fn is_attribute(text: &str, name: &str) -> bool {
    places_of(text, name).any(|at| text[..at].trim_end().ends_with(['.', '"', '\'']))
}

fn is_test(path: &str) -> bool {
    path.contains("test") || path.contains("mock")
}

/// Whether a string begins with a name.
fn is_quoted(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| text[..at].ends_with(['"', '\'']))
}
