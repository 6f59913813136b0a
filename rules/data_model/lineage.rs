//! The classes above a class, as far as the project shows them, and the classes of other libraries
//! that they come from.

use crate::facts::TargetKind;
use crate::project::{ClassId, ClassRef, Project, StdClass};

/// `torch.nn.Module` and what is made of it outside of most projects.
pub(super) const MODULES: &[&str] = &[
    "lightning.LightningModule",
    "lightning.pytorch.LightningModule",
    "lightning.pytorch.core.module.LightningModule",
    "pytorch_lightning.LightningModule",
    "torch.nn.Module",
    "torch.nn.modules.Module",
    "torch.nn.modules.module.Module",
];

/// What is above a class.
#[derive(Default)]
pub(super) struct Lineage {
    /// Classes of the project, the class itself first.
    pub(super) classes: Vec<ClassId>,
    /// Absolute names of classes that the project does not show.
    pub(super) foreign: Vec<String>,
    pub(super) std: Vec<StdClass>,
    /// Whether some base may be anything.
    pub(super) is_unknown: bool,
    /// Absolute names of the classes of the project.
    names: Vec<String>,
}

impl Lineage {
    pub(super) fn of(class: ClassId, project: &Project) -> Lineage {
        let mut lineage = Lineage { classes: vec![class], ..Lineage::default() };
        let mut next = 0;
        while let Some(class) = lineage.classes.get(next).copied() {
            next += 1;
            let (file, facts) = project.class(class);
            let file = project.file(file);
            lineage.names.push(format!("{}.{}", file.module().as_str(), file.text(facts.name)));
            lineage.is_unknown |= facts.has_hidden_bases();
            for (base, resolved) in project.bases(class) {
                match (resolved, base.target.kind()) {
                    (Some(ClassRef::Project(id)), _) => {
                        if !lineage.classes.contains(&id) {
                            lineage.classes.push(id);
                        }
                    }
                    (Some(ClassRef::Std(it)), _) => lineage.std.push(it),
                    (None, TargetKind::Absolute(name)) => {
                        lineage.foreign.push(file.dotted_text(name))
                    }
                    (None, _) => lineage.is_unknown = true,
                }
            }
        }
        lineage
    }

    /// Whether one of the classes above has one of these absolute names, in the project or outside.
    pub(super) fn comes_from(&self, names: &[&str]) -> bool {
        self.foreign.iter().any(|it| names.contains(&it.as_str()))
            || self.names.iter().skip(1).any(|it| names.contains(&it.as_str()))
    }

    /// Whether all classes outside of the project are among these.
    pub(super) fn is_known(&self, names: &[&str]) -> bool {
        !self.is_unknown && self.foreign.iter().all(|it| names.contains(&it.as_str()))
    }

    /// Like [`Lineage::defines`], but for the classes of these names themselves, where the project is
    /// the library.
    pub(super) fn defines_below(&self, names: &[&str], member: &str, project: &Project) -> bool {
        let is_root = |at: usize| names.contains(&self.names[at].as_str());
        self.classes
            .iter()
            .enumerate()
            .any(|(at, class)| !is_root(at) && project.member(*class, member).is_some())
            || self.std.iter().any(|it| !it.is_object() && it.defines(member))
    }

    /// Whether a class that can be seen defines a member.
    pub(super) fn defines(&self, name: &str, project: &Project) -> bool {
        self.classes.iter().any(|it| project.member(*it, name).is_some())
            || self.std.iter().any(|it| !it.is_object() && it.defines(name))
    }
}
