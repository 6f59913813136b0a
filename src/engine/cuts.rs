//! How an import cycle can be cut: the ways that its rule proposes are tried, each by looking at the
//! files as they would be and simulating their imports once more. What is offered has been proven so.

use std::borrow::Cow;

use super::file::{self, Input, check_source};
use super::project::cycle_finding;
use crate::facts::FileFacts;
use crate::fix::{self, Applicability, Fix};
use crate::project::{Consequences, Cycle, Edge, FileId, Needed, Project, Verdict};
use crate::rule::{Cut, Cuts, On, ProjectFinding, Rule};
use crate::text::Source;

/// So many changes are simulated for a cycle.
const MOST_TRIALS: usize = 24;

/// Opens a file with a text.
type Open<'s> = dyn Fn(FileId, &Source, &mut dyn FnMut(&Input<'_>)) + 's;

/// Cuts cycles.
pub(super) struct Cutter<'s> {
    pub(super) project: &'s mut Project,
    /// The text of a file.
    pub(super) source: &'s dyn Fn(FileId) -> Option<Cow<'s, Source>>,
    pub(super) open: &'s Open<'s>,
}

/// A cut of one statement.
struct Candidate {
    edge: Edge,
    cut: Cut,
}

/// What is done to a cycle.
struct Chosen {
    edge: Edge,
    fix: Fix,
    needs_more: bool,
}

impl Cutter<'_> {
    /// Gives the findings that ask for it a fix, or says why there is none.
    pub(super) fn cut(&mut self, findings: &mut [ProjectFinding]) {
        for finding in findings.iter_mut() {
            let Some(cycle) = finding.to_cut.take() else { continue };
            let Some((rule, on_cycle, on_cut)) = self.handlers(finding) else { continue };
            let mut cycle = *cycle;
            let (candidates, needed) = self.candidates(&cycle, on_cut);
            let is_stuck = cycle.cut.is_none_or(|cut| needed.iter().any(|it| it.edge == cut));
            let chosen = self.choose(&cycle, candidates);
            if let Some(chosen) = &chosen {
                (cycle.cut, cycle.needs_more_cuts) = (Some(chosen.edge), chosen.needs_more);
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
        findings.sort_by(|a, b| (a.file, a.diagnostic.order()).cmp(&(b.file, b.diagnostic.order())));
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

    /// The ways to cut a cycle, the cheapest first, and what cannot be cut.
    fn candidates(&self, cycle: &Cycle, on: On) -> (Vec<Candidate>, Vec<Needed>) {
        let On::Cut(look) = on else { return (Vec::new(), Vec::new()) };
        let (mut candidates, mut needed) = (Vec::new(), Vec::new());
        for edge in self.project.places_to_cut(cycle) {
            let Some(source) = (self.source)(edge.from) else { continue };
            let mut cuts = Cuts::default();
            (self.open)(edge.from, &source, &mut |input| {
                cuts = file::cuts(input, look, edge, self.project);
            });
            candidates.extend(cuts.ways.into_iter().map(|cut| Candidate { edge, cut }));
            if !cuts.needed.is_empty() {
                needed.push(Needed { edge, names: cuts.needed });
            }
        }
        candidates.sort_by_key(|it| it.cut.cost);
        (candidates, needed)
    }

    /// The smallest set of cuts after which everything loads; else one that helps.
    fn choose(&mut self, cycle: &Cycle, candidates: Vec<Candidate>) -> Option<Chosen> {
        if candidates.is_empty() {
            return None;
        }
        let before = self.project.consequences(cycle, &[]);
        let mut trials = 0;
        let mut helping = None;
        let mut harmless = Vec::new();
        for (index, candidate) in candidates.iter().enumerate().take(MOST_TRIALS) {
            trials += 1;
            match self.verdict(cycle, &before, &[candidate]) {
                Verdict::Repairs { loads_the_same } => {
                    return Some(self.chosen(candidate, loads_the_same, false));
                }
                Verdict::Helps => {
                    helping.get_or_insert(index);
                    harmless.push(index);
                }
                Verdict::Changes => harmless.push(index),
                Verdict::No => {}
            }
        }
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for (at, first) in harmless.iter().enumerate() {
            let others = harmless[at + 1..].iter();
            let others = others.filter(|it| candidates[**it].edge != candidates[*first].edge);
            pairs.extend(others.map(|second| (*first, *second)));
        }
        pairs.sort_by_key(|(a, b)| candidates[*a].cut.cost + candidates[*b].cut.cost);
        for (first, second) in pairs {
            if trials >= 2 * MOST_TRIALS {
                break;
            }
            trials += 1;
            let (first, second) = (&candidates[first], &candidates[second]);
            if matches!(self.verdict(cycle, &before, &[first, second]), Verdict::Repairs { .. }) {
                return Some(self.chosen(first, false, true));
            }
        }
        helping.map(|index| self.chosen(&candidates[index], false, true))
    }

    fn chosen(&self, candidate: &Candidate, loads_the_same: bool, needs_more: bool) -> Chosen {
        let mut fix = candidate.cut.fix.clone();
        if !loads_the_same {
            fix.applicability = fix.applicability.min(Applicability::Unsafe);
        }
        Chosen { edge: candidate.edge, fix, needs_more }
    }

    /// What some cuts together would do.
    fn verdict(
        &mut self,
        cycle: &Cycle,
        before: &Consequences,
        cuts: &[&Candidate],
    ) -> Verdict {
        let mut changed: Vec<(FileId, FileFacts)> = Vec::new();
        for candidate in cuts {
            let file = candidate.edge.from;
            if changed.iter().any(|(other, _)| *other == file) {
                continue;
            }
            let fixes = cuts.iter().filter(|it| it.edge.from == file).map(|it| &it.cut.fix);
            match self.facts_with(file, &fixes.collect::<Vec<_>>()) {
                Some(facts) => changed.push((file, facts)),
                None => return Verdict::No,
            }
        }
        before.after(&self.project.consequences_with(cycle, changed))
    }

    /// The facts of a file with fixes applied, if they can be.
    fn facts_with(&self, file: FileId, fixes: &[&Fix]) -> Option<FileFacts> {
        let source = (self.source)(file)?;
        let applied = fix::apply(source.text(), source.newline(), fixes.iter().copied());
        if applied.fixes.len() < fixes.len() {
            return None;
        }
        let source = source.with_text(applied.text);
        let mut facts = None;
        (self.open)(file, &source, &mut |input| {
            let report = check_source(input);
            facts = (!report.is_broken).then_some(report.facts);
        });
        facts
    }
}
