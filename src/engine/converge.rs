//! Fix, look again, until nothing is left to fix. Whatever does not end well is undone.

use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use rustc_hash::{FxBuildHasher, FxHashSet};

use super::file::FileReport;
use crate::diagnostic::{Diagnostic, Severity, builtin};
use crate::fix::{self, Fix};
use crate::text::Source;

/// Which fixes are applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixMode {
    /// Those that may change behaviour, too.
    pub unsafe_fixes: bool,
}

/// Rounds without fewer findings than ever before: fixes that feed on their own output.
const MOST_ROUNDS_WITHOUT_PROGRESS: usize = 8;

/// A file that is being fixed.
pub(super) struct Fixing {
    pub(super) source: Source,
    pub(super) report: FileReport,
    /// Rule and title of each fix that was applied, in the order of applying.
    pub(super) applied: Vec<(String, String)>,
    /// Why a fix was undone, if one was.
    pub(super) failure: Option<Diagnostic>,
    seen: FxHashSet<u64>,
    /// Rules whose fixes broke the file.
    banned: Vec<String>,
}

impl Fixing {
    pub(super) fn new(source: Source, report: FileReport) -> Fixing {
        let seen = FxHashSet::from_iter([fingerprint(source.text())]);
        Fixing { source, report, applied: Vec::new(), failure: None, seen, banned: Vec::new() }
    }

    /// Applies fixes and looks again until `choose` finds nothing to fix in the report.
    pub(super) fn converge(
        &mut self,
        check: &dyn Fn(&Source) -> FileReport,
        choose: &dyn Fn(&FileReport) -> Vec<Diagnostic>,
    ) {
        let (mut fewest, mut idle) = (usize::MAX, 0);
        loop {
            let chosen = choose(&self.report);
            if chosen.is_empty() || self.failure.is_some() {
                return;
            }
            idle = if chosen.len() < fewest { 0 } else { idle + 1 };
            fewest = fewest.min(chosen.len());
            if idle > MOST_ROUNDS_WITHOUT_PROGRESS {
                self.fail(&chosen, "do not come to an end");
                return;
            }
            if !self.round(&chosen, check) {
                return;
            }
        }
    }

    /// Applies fixes once and looks again. Whether anything was changed.
    pub(super) fn round(
        &mut self,
        chosen: &[Diagnostic],
        check: &dyn Fn(&Source) -> FileReport,
    ) -> bool {
        let allowed: Vec<&Diagnostic> = chosen
            .iter()
            .filter(|it| !self.banned.iter().any(|rule| *rule == it.rule) && it.fix.is_some())
            .collect();
        if allowed.is_empty() || self.report.is_broken {
            return false;
        }
        let (next, applied) = self.apply(&allowed);
        if applied.is_empty() {
            return false;
        }
        let report = check(&next);
        if report.is_broken {
            // Undone; each fix is tried by itself to find the one to blame.
            return self.one_by_one(&allowed, check);
        }
        if !self.seen.insert(fingerprint(next.text())) {
            let fixes: Vec<Diagnostic> = applied.into_iter().cloned().collect();
            self.fail(&fixes, "undo one another");
            return false;
        }
        self.accept(next, report, &applied);
        true
    }

    fn one_by_one(
        &mut self,
        chosen: &[&Diagnostic],
        check: &dyn Fn(&Source) -> FileReport,
    ) -> bool {
        for diagnostic in chosen {
            let (next, applied) = self.apply(&[diagnostic]);
            let report = check(&next);
            if report.is_broken {
                self.banned.push(diagnostic.rule.to_string());
                let message = format!(
                    "the fix of `{}` would break this file and was not applied: a bug in dunderlint, please report it",
                    diagnostic.rule
                );
                let rule = builtin::FIX_FAILED;
                self.failure =
                    Some(Diagnostic::new(rule, Severity::Warning, diagnostic.range, message));
            } else if self.seen.insert(fingerprint(next.text())) {
                self.accept(next, report, &applied);
                return true; // the places of the others have moved: they are chosen anew
            }
        }
        false
    }

    fn apply<'d>(&self, chosen: &[&'d Diagnostic]) -> (Source, Vec<&'d Diagnostic>) {
        let fixes: Vec<&Fix> = chosen.iter().filter_map(|it| it.fix.as_ref()).collect();
        let applied = fix::apply(self.source.text(), self.source.newline(), fixes);
        let which = applied.fixes.iter().map(|index| chosen[*index]).collect();
        (self.source.with_text(applied.text), which)
    }

    fn accept(&mut self, source: Source, report: FileReport, applied: &[&Diagnostic]) {
        (self.source, self.report) = (source, report);
        self.applied.extend(applied.iter().map(|it| {
            let title = it.fix.as_ref().map(|fix| fix.title.clone()).unwrap_or_default();
            (it.rule.to_string(), title)
        }));
    }

    fn fail(&mut self, fixes: &[Diagnostic], how: &str) {
        let mut rules: Vec<String> = fixes.iter().map(|it| format!("`{}`", it.rule)).collect();
        rules.sort_unstable();
        rules.dedup();
        let message = format!(
            "the fixes of {} {how} on this file, which was left as it was: a bug in dunderlint, please report it",
            rules.join(" and ")
        );
        let at = fixes.first().map(|it| it.range).unwrap_or_default();
        self.failure = Some(Diagnostic::new(builtin::FIX_FAILED, Severity::Warning, at, message));
    }
}

/// A number that tells texts apart.
fn fingerprint(text: &str) -> u64 {
    let mut hasher = FxBuildHasher.build_hasher();
    text.hash(&mut hasher);
    text.len().hash(&mut hasher);
    hasher.finish()
}
