//! The rules by name.

use crate::output::{About, Rules};
use crate::rule::{Chapter, Rule};

/// The chapters that the binary was built with.
#[derive(Clone, Copy)]
pub(super) struct Catalogue(pub(super) &'static [Chapter]);

impl Catalogue {
    /// Each rule with its chapter, in the order of the catalogue.
    pub(super) fn all(self) -> impl Iterator<Item = (&'static Chapter, &'static Rule)> {
        self.0.iter().flat_map(|chapter| chapter.rules.iter().map(move |rule| (chapter, rule)))
    }

    /// The rule of this name, or that once had it.
    pub(super) fn find(self, name: &str) -> Option<(&'static Chapter, &'static Rule)> {
        let current = self.all().find(|(_, rule)| rule.name == name);
        current.or_else(|| self.all().find(|(_, rule)| rule.formerly.contains(&name)))
    }

    /// Up to three names like this one, the likest first.
    pub(super) fn nearest(self, name: &str) -> Vec<&'static str> {
        let name = name.to_lowercase().replace('_', "-");
        let likeness = |rule: &'static Rule| match rule.name.contains(&name) {
            true => 1.0,
            false => strsim::jaro_winkler(&name, rule.name),
        };
        let mut near: Vec<(f64, &str)> = self
            .all()
            .map(|(_, rule)| (likeness(rule), rule.name))
            .filter(|(likeness, _)| *likeness >= 0.8)
            .collect();
        near.sort_by(|one, other| other.0.total_cmp(&one.0));
        near.into_iter().take(3).map(|(_, name)| name).collect()
    }
}

impl Rules for Catalogue {
    fn about(&self, rule: &str) -> About {
        let Some((chapter, rule)) = self.find(rule) else { return About::default() };
        About {
            summary: rule.summary().to_owned(),
            url: url(chapter, rule),
            project: rule.needs_project(),
        }
    }
}

/// Where the page of a rule can be read: in the repository, as of this version.
pub(super) fn url(chapter: &Chapter, rule: &Rule) -> Option<String> {
    let repository = env!("CARGO_PKG_REPOSITORY");
    if repository.is_empty() {
        return None;
    }
    let version = env!("CARGO_PKG_VERSION");
    let page = format!("{}/{}.md", chapter.name, rule.name).replace('-', "_");
    Some(format!("{repository}/blob/v{version}/rules/{page}"))
}
