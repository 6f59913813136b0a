//! Names that a package only passes on.

use super::{FileId, Project};
use crate::facts::TargetKind;

/// Where a name comes from that a package passes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOn {
    /// The file that the package takes it from in the end.
    pub file: FileId,
    /// Its dotted name.
    pub module: String,
    /// What it is called there.
    pub name: String,
}

/// Nobody passes a name on more often.
const MOST_STEPS: usize = 5;

impl Project {
    /// Where a package takes a name from, if all that it does is to pass it on from a module below it.
    pub fn passed_on(&self, package: FileId, name: &str) -> Option<PassedOn> {
        let own = self.file(package).module();
        let inside = format!("{}.", own.as_str());
        if !own.is_package() {
            return None;
        }
        let (mut at, mut name, mut found) = (package, name.to_owned(), None);
        for _ in 0..MOST_STEPS {
            let Some((file, module, taken)) = self.taken_from(at, &name) else { break };
            if !module.starts_with(&inside) || file == package {
                break;
            }
            (at, name) = (file, taken.clone());
            found = Some(PassedOn { file, module, name: taken });
        }
        // It must be bound there for good.
        found.filter(|it| self.file(it.file).binding(&it.name).is_some())
    }

    /// The module that a file imports a name from, and what it is called there.
    fn taken_from(&self, file: FileId, name: &str) -> Option<(FileId, String, String)> {
        let facts = self.file(file);
        // Something may bind it anew, or stand in for the whole module.
        if facts.is_opaque || facts.has_getattr {
            return None;
        }
        let TargetKind::Absolute(target) = facts.binding(name)?.target.kind() else { return None };
        let parts = facts.parts(target);
        let module = parts.before()?;
        let package = self.dotted_package(file, module)?;
        let from = self.module_file(file, package)?;
        let is_followed = self.is_followed(from) && !self.file(from).is_stub();
        is_followed.then(|| (from, facts.dotted_text(module), facts.text(parts.last).to_owned()))
    }
}
