//! From what the rules found to what is said: suppressions, per-file ignores, severities.

use std::path::Path;

use rustc_hash::FxHashMap;

use crate::config::Settings;
use crate::diagnostic::{Diagnostic, builtin};
use crate::fix::Applicability;
use crate::rule::{Chapter, Rule};
use crate::suppression::{Suppressions, UsedSuppressions};

/// The rules by name, and by the names they had.
pub(super) struct RuleNames {
    by_name: FxHashMap<&'static str, &'static Rule>,
    chapters: &'static [Chapter],
}

impl RuleNames {
    pub(super) fn new(chapters: &'static [Chapter]) -> RuleNames {
        let rules = chapters.iter().flat_map(|chapter| chapter.rules);
        let by_name = rules
            .flat_map(|rule| {
                rule.formerly.iter().chain([&rule.name]).map(move |name| (*name, rule))
            })
            .collect();
        RuleNames { by_name, chapters }
    }

    fn find(&self, name: &str) -> Option<&'static Rule> {
        self.by_name.get(name).copied()
    }

    /// Whether a name in a suppression speaks of a rule: its name, an old name, its chapter.
    fn names(&self, written: &str, rule: &str) -> bool {
        written == rule
            || self.find(written).is_some_and(|it| it.name == rule)
            || self
                .chapters
                .iter()
                .any(|it| it.name == written && it.rules.iter().any(|it| it.name == rule))
    }

    fn is_known(&self, written: &str) -> bool {
        self.by_name.contains_key(written)
            || written == builtin::UNUSED_SUPPRESSION
            || self.chapters.iter().any(|it| it.name == written)
    }

    fn is_enabled(&self, written: &str, settings: &Settings) -> bool {
        match self.find(written) {
            Some(rule) => settings.is_enabled(rule),
            None => self
                .chapters
                .iter()
                .filter(|it| it.name == written)
                .flat_map(|it| it.rules)
                .all(|rule| settings.is_enabled(rule)),
        }
    }

    /// All names that a suppression may use.
    pub(super) fn all(&self) -> Vec<&'static str> {
        let rules = self.chapters.iter().flat_map(|it| it.rules).map(|it| it.name);
        rules.chain(self.chapters.iter().map(|it| it.name)).collect()
    }
}

/// What governs the findings of one file.
pub(super) struct Judge<'a> {
    pub(super) names: &'a RuleNames,
    pub(super) settings: &'a Settings,
    pub(super) disk: &'a Path,
    pub(super) ignore_suppressions: bool,
    pub(super) ignore_per_file_ignores: bool,
}

impl Judge<'_> {
    /// Drops what is ignored or suppressed, and gives the rest the severity and trust that the
    /// settings say. `used` gathers which suppressions did something.
    pub(super) fn settle(
        &self,
        found: impl IntoIterator<Item = Diagnostic>,
        suppressions: &Suppressions,
        used: &mut UsedSuppressions,
    ) -> Vec<Diagnostic> {
        let mut kept = Vec::new();
        for mut diagnostic in found {
            let rule = self.names.find(&diagnostic.rule);
            if rule.is_some() {
                if !self.ignore_per_file_ignores
                    && self.settings.ignores(self.disk, &diagnostic.rule)
                {
                    continue;
                }
                let names = |written: &str| self.names.names(written, &diagnostic.rule);
                let at = diagnostic.range.start();
                if !self.ignore_suppressions && suppressions.suppresses(at, &names, used) {
                    continue;
                }
            }
            if let Some(rule) = rule {
                let set = self.settings.severity(rule);
                if set != rule.severity {
                    diagnostic.severity = set;
                }
            }
            if let Some(fix) = &mut diagnostic.fix {
                fix.applicability =
                    self.settings.applicability(&diagnostic.rule, fix.applicability);
            }
            kept.push(diagnostic);
        }
        kept
    }

    /// Suppressions that suppressed nothing, and comments that look like suppressions and are not.
    pub(super) fn unused(
        &self,
        suppressions: &Suppressions,
        used: &UsedSuppressions,
    ) -> Vec<Diagnostic> {
        if self.ignore_suppressions || self.settings.ignores(self.disk, builtin::UNUSED_SUPPRESSION)
        {
            return Vec::new();
        }
        suppressions.unused(
            used,
            &|written| self.names.is_known(written),
            &|written| self.names.is_enabled(written, self.settings),
            &self.names.all(),
        )
    }
}

/// Whether a finding's fix may be applied.
pub(super) fn is_fixable(diagnostic: &Diagnostic, mode: super::FixMode) -> bool {
    diagnostic.fix.as_ref().is_some_and(|fix| match fix.applicability {
        Applicability::Safe => true,
        Applicability::Unsafe => mode.unsafe_fixes,
        Applicability::Display => false,
    })
}
