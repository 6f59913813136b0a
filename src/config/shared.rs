//! What is the same for all files below one configuration, whichever Python they target: the
//! sources of settings weighed against each other, and their globs compiled.

use std::fmt;
use std::path::PathBuf;

use rustc_hash::{FxHashMap, FxHashSet};

use super::error::{ConfigError, Problem};
use super::glob::{ByGlob, Glob, Globs, expand};
use super::keys::Layer;
use super::kinds::{List, More};
use super::place::Placed;
use super::select::{Book, Choice, Selector, is_chosen, strongest};
use crate::diagnostic::Severity;
use crate::fix::Applicability;
use crate::rule::{Rule, Target};

/// A configuration under what the command line says.
pub(super) struct Shared {
    pub(super) book: Book,
    /// The configuration file as it is shown; `None` if there is none.
    pub(super) file: Option<String>,
    /// All sources, the stronger over the weaker.
    pub(super) layer: Layer,
    pub(super) root: PathBuf,
    pub(super) src: Vec<PathBuf>,
    pub(super) effects: FxHashMap<&'static str, Effect>,
    pub(super) ignores: ByGlob<FxHashSet<&'static str>>,
    pub(super) targets: ByGlob<Target>,
    pub(super) include: Globs,
    pub(super) exclude: Globs,
}

/// What the settings make of a rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effect {
    pub(super) is_enabled: bool,
    pub(super) severity: Severity,
    pub(super) is_fixable: bool,
    /// How far its fixes are to be trusted in spite of what it says itself.
    pub(super) trust: Option<Applicability>,
}

impl Shared {
    /// Weighs the sources: `configuration` is what the files and `--config` say over the defaults,
    /// `command_line` the rest. `root` is the folder of the configuration.
    pub(super) fn new(
        book: Book,
        file: Option<String>,
        root: PathBuf,
        configuration: Layer,
        command_line: Layer,
    ) -> Result<Shared, ConfigError> {
        let layer = covered(&configuration, &command_line);
        let both = (&configuration, &command_line);
        let effects = book.rules().map(|(chapter, rule)| {
            let name = (chapter, rule.name);
            let effect = Effect {
                is_enabled: is_chosen(enabled(both.0), enabled(both.1), name, rule.default),
                severity: severity(&layer, chapter, rule),
                is_fixable: is_chosen(fixable(both.0), fixable(both.1), name, true),
                trust: trust(&layer, chapter, rule.name),
            };
            (rule.name, effect)
        });
        let rules_of = |selectors: &[Placed<Selector>]| -> FxHashSet<&'static str> {
            let named = book.rules().filter(|(chapter, rule)| {
                selectors.iter().any(|it| it.value.names(chapter, rule.name).is_some())
            });
            named.map(|(_, rule)| rule.name).collect()
        };
        let ignores = layer.per_file_ignores.0.iter().map(|(glob, it)| (glob, it.items()));
        let more = layer.extend_per_file_ignores.0.iter().map(|(glob, it)| (glob, &it.0[..]));
        let ignores = ignores.chain(more).map(|(glob, it)| (&glob.value, rules_of(it)));
        let targets = layer
            .per_file_target_version
            .0
            .iter()
            .filter_map(|(glob, version)| Some((&glob.value, version.get()?.target)));
        Ok(Shared {
            book,
            file,
            src: layer
                .src
                .items()
                .iter()
                .flat_map(|it| expand(&it.value.0, &it.place.written.folder))
                .collect(),
            effects: effects.collect(),
            ignores: ByGlob::new(ignores)?,
            targets: ByGlob::new(targets)?,
            include: globs(&layer.include, &layer.extend_include)?,
            exclude: globs(&layer.exclude, &layer.extend_exclude)?,
            root,
            layer,
        })
    }

    /// The Pythons that the configuration or the command line sets.
    pub(super) fn target(&self) -> Option<Target> {
        self.layer.target_version.get().map(|version| version.target)
    }
}

fn globs(list: &List<Glob>, more: &More<Glob>) -> Result<Globs, Problem> {
    Globs::new(list.items().iter().chain(&more.0).map(|glob| &glob.value))
}

/// The command line over the configuration. Where both have a say in which rules are on
/// ([`is_chosen`]), their lists are joined, so that `--show-settings` has both.
fn covered(configuration: &Layer, command_line: &Layer) -> Layer {
    let mut layer = configuration.clone();
    layer.cover(command_line.clone());
    join(&mut layer.ignore, &configuration.ignore, &command_line.ignore);
    join(&mut layer.unfixable, &configuration.unfixable, &command_line.unfixable);
    if command_line.select.0.is_some() {
        layer.extend_select = command_line.extend_select.clone();
    }
    if command_line.fixable.0.is_some() {
        layer.extend_fixable = command_line.extend_fixable.clone();
    }
    layer
}

fn join(list: &mut List<Selector>, below: &List<Selector>, above: &List<Selector>) {
    if let (Some(list), Some(_)) = (&mut list.0, &above.0) {
        list.value = below.items().iter().chain(above.items()).cloned().collect();
    }
}

/// What a source says about which rules are on.
fn enabled(layer: &Layer) -> Choice<'_> {
    Choice {
        select: layer.select.0.as_ref().map(|list| &list.value[..]),
        extend: &layer.extend_select.0,
        ignore: layer.ignore.items(),
    }
}

/// What a source says about which rules' fixes may be applied.
fn fixable(layer: &Layer) -> Choice<'_> {
    Choice {
        select: layer.fixable.0.as_ref().map(|list| &list.value[..]),
        extend: &layer.extend_fixable.0,
        ignore: layer.unfixable.items(),
    }
}

/// `rules.NAME.severity`, else what `severity` says of the rule, its chapter or all, else its own.
fn severity(layer: &Layer, chapter: &str, rule: &Rule) -> Severity {
    let table = layer.severity.0.iter().filter_map(|(selector, severity)| {
        Some((selector.value.names(chapter, rule.name)?, *severity.get()?))
    });
    let strongest = table.max_by_key(|(specificity, _)| *specificity);
    let own = layer.rules.severity(rule.name);
    own.or(strongest.map(|(_, severity)| severity)).unwrap_or(rule.severity)
}

/// The more specific of `extend-safe-fixes` and `extend-unsafe-fixes`, and the latter if they are
/// equally so.
fn trust(layer: &Layer, chapter: &str, rule: &str) -> Option<Applicability> {
    let safe = strongest(&layer.extend_safe_fixes.0, chapter, rule);
    let unsafe_ = strongest(&layer.extend_unsafe_fixes.0, chapter, rule);
    match safe.max(unsafe_) {
        None => None,
        Some(_) if safe > unsafe_ => Some(Applicability::Safe),
        Some(_) => Some(Applicability::Unsafe),
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("file", &self.file).field("layer", &self.layer).finish()
    }
}
