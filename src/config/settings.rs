//! The settings that govern a file, ready to be asked.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::declared::{Declared, target_of_script};
use super::place::Placed;
use super::rules::RuleOption;
use super::scripts::Script;
use super::select::Selector;
use super::shared::{Effect, Shared};
use crate::diagnostic::Severity;
use crate::fix::Applicability;
use crate::rule::{Rule, Values};

/// The settings that govern a file: those of its configuration, under what the command line says.
///
/// Paths are absolute throughout. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Settings {
    pub(super) shared: Arc<Shared>,
    /// The project's own declaration, where it counts: no `target-version` is set.
    pub(super) declared: Option<Declared>,
    scripts: Arc<[Script]>,
    values: Values,
}

impl Settings {
    /// The settings of a configuration for a project that declares `declared`, which only counts
    /// if no `target-version` is set, and has these modules for its entry points.
    pub(super) fn new(
        shared: Arc<Shared>,
        declared: Option<Declared>,
        scripts: Arc<[Script]>,
    ) -> Settings {
        let declared = declared.filter(|_| shared.target().is_none());
        let own = declared.as_ref().and_then(|declared| declared.target);
        let option =
            |it: &RuleOption| ((it.rule.to_owned(), it.name.to_owned()), it.set.value.clone());
        let values = Values {
            target: shared.target().or(own),
            is_census: false,
            options: shared.layer.rules.options().map(option).collect(),
        };
        Settings { shared, declared, scripts, values }
    }

    /// The project's scripts and plugins, sorted.
    pub fn scripts(&self) -> &[Script] {
        &self.scripts
    }

    /// Whether a rule is on. One that is in no chapter is, if it is so by default.
    pub fn is_enabled(&self, rule: &Rule) -> bool {
        self.shared.effects.get(rule.name).map_or(rule.default, |effect| effect.is_enabled)
    }

    /// What puts a rule on or off, in words: the setting and where it is written, or the default.
    pub fn decided_by(&self, rule: &Rule) -> String {
        let layer = &self.shared.layer;
        let chapter = self.shared.book.rules().find(|(_, it)| it.name == rule.name);
        let chapter = chapter.map_or("", |(chapter, _)| chapter);
        let said = |key: &str, selectors: &[Placed<Selector>]| {
            let named = selectors
                .iter()
                .filter_map(|it| Some((it.value.names(chapter, rule.name)?, it.place.origin())));
            let (_, origin) = named.max_by_key(|(specificity, _)| *specificity)?;
            Some(format!("`{key}` ({origin})"))
        };
        let select = layer.select.0.as_ref();
        let is_enabled = self.is_enabled(rule);
        let words = match is_enabled {
            true => said("select", layer.select.items())
                .or_else(|| said("extend-select", &layer.extend_select.0)),
            false => said("ignore", layer.ignore.items()).or_else(|| {
                let origin = select?.place.origin();
                Some(format!("`select` ({origin}), which does not name it"))
            }),
        };
        words.unwrap_or_else(|| "default".to_owned())
    }

    /// How bad a rule's findings are.
    pub fn severity(&self, rule: &Rule) -> Severity {
        self.shared.effects.get(rule.name).map_or(rule.severity, |effect| effect.severity)
    }

    /// Whether a rule is off for a file: `per-file-ignores` and `extend-per-file-ignores`. What
    /// does not come from a rule is never ignored.
    pub fn ignores(&self, file: &Path, rule: &str) -> bool {
        !self.shared.ignores.is_empty()
            && self.shared.ignores.of(file).any(|rules| rules.contains(rule))
    }

    /// How far a rule's fix is to be trusted, where the rule itself says `given`. What the rule
    /// only shows stays so.
    pub fn applicability(&self, rule: &str, given: Applicability) -> Applicability {
        match self.shared.effects.get(rule) {
            Some(effect) if !effect.is_fixable => Applicability::Display,
            Some(Effect { trust: Some(trust), .. }) if given != Applicability::Display => *trust,
            _ => given,
        }
    }

    /// What rules may read: the governing target and the options.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// [`Settings::values`] for a file, with the target that `per-file-target-version` has for it.
    pub fn values_for(&self, file: &Path) -> Cow<'_, Values> {
        match self.shared.targets.of(file).next() {
            Some(target) => Cow::Owned(Values { target: Some(*target), ..self.values.clone() }),
            None => Cow::Borrowed(&self.values),
        }
    }

    /// [`Settings::values_for`] a file whose text is known, so that the header of a script
    /// (PEP 723) is heard: it counts more than what the configuration or the project says, less
    /// than `per-file-target-version` and the command line.
    pub fn values_for_text(&self, file: &Path, text: &str) -> Cow<'_, Values> {
        let values = self.values_for(file);
        if matches!(values, Cow::Owned(_)) || self.is_target_on_command_line() {
            return values;
        }
        match target_of_script(text) {
            Some(target) => Cow::Owned(Values { target: Some(target), ..self.values.clone() }),
            None => values,
        }
    }

    fn is_target_on_command_line(&self) -> bool {
        let target = &self.shared.layer.target_version.0;
        target.as_ref().is_some_and(|version| version.place.is_on_command_line())
    }

    /// Whether a path itself is excluded by `exclude` or `extend-exclude`: what lies in an excluded
    /// folder is not asked for, since the walk does not enter it.
    pub fn is_excluded(&self, path: &Path, is_dir: bool) -> bool {
        self.shared.exclude.matches(path, is_dir)
    }

    /// [`Settings::is_excluded`] for a file that was named outright and no walk has come to: it,
    /// or a folder that it lies in, at or below [`Settings::root`].
    pub fn is_excluded_with_parents(&self, file: &Path) -> bool {
        let root = self.root();
        self.is_excluded(file, false)
            || file
                .ancestors()
                .skip(1)
                .take_while(|folder| folder.starts_with(root) && *folder != root)
                .any(|folder| self.is_excluded(folder, true))
    }

    /// Whether a file in a folder is to be checked by its name: `include` and `extend-include`.
    pub fn is_included(&self, file: &Path) -> bool {
        self.shared.include.matches(file, false)
    }

    /// The folder of the configuration file; the working directory if there is none, or it was
    /// named by `--config`.
    pub fn root(&self) -> &Path {
        &self.shared.root
    }

    /// The source roots, globs expanded. They need not exist.
    pub fn src(&self) -> &[PathBuf] {
        &self.shared.src
    }

    /// The mildest severity that makes the run fail.
    pub fn fail_on(&self) -> Severity {
        self.shared.layer.fail_on.get().copied().unwrap_or(Severity::Warning)
    }

    /// Whether to apply fixes.
    pub fn fix(&self) -> bool {
        self.shared.layer.fix.is_on()
    }

    /// Whether to apply fixes and say nothing of what is left.
    pub fn fix_only(&self) -> bool {
        self.shared.layer.fix_only.is_on()
    }

    /// Whether to apply unsafe fixes too.
    pub fn unsafe_fixes(&self) -> bool {
        self.shared.layer.unsafe_fixes.is_on()
    }

    /// Whether to list the fixes that were applied.
    pub fn show_fixes(&self) -> bool {
        self.shared.layer.show_fixes.is_on()
    }

    /// The form of the output, if it is set.
    pub fn output_format(&self) -> Option<&str> {
        self.shared.layer.output_format.get().map(|format| format.0.as_str())
    }

    /// Whether to leave alone what git ignores.
    pub fn respect_gitignore(&self) -> bool {
        self.shared.layer.respect_gitignore.is_on()
    }

    /// Whether excludes also hold for files that are named on the command line.
    pub fn force_exclude(&self) -> bool {
        self.shared.layer.force_exclude.is_on()
    }
}
