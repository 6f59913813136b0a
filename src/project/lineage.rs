//! The classes above a class, as far as the project shows them, and the classes of other libraries
//! that they come from.

use super::{ClassId, Item, Project, StdClass};

/// What is above a class.
#[derive(Default)]
pub struct Lineage {
    /// Classes of the project, the class itself first.
    pub classes: Vec<ClassId>,
    /// Absolute names of classes that the project does not show.
    pub foreign: Vec<String>,
    /// Classes of the standard library.
    pub std: Vec<StdClass>,
    /// Whether some base may be anything.
    pub is_unknown: bool,
    /// Absolute names of the classes of the project.
    names: Vec<String>,
}

impl Lineage {
    /// What is above a class of the project.
    pub fn of(class: ClassId, project: &Project) -> Lineage {
        let mut lineage = Lineage { classes: vec![class], ..Lineage::default() };
        let mut next = 0;
        while let Some(class) = lineage.classes.get(next).copied() {
            next += 1;
            let (file_id, facts) = project.class(class);
            let file = project.file(file_id);
            lineage.names.push(format!("{}.{}", file.module().as_str(), file.text(facts.name)));
            lineage.is_unknown |= facts.has_hidden_bases();
            let bases: Vec<_> = project.bases(class).map(|(base, _)| base.target).collect();
            for base in bases {
                match project.resolve(file_id, base) {
                    Item::Class(id) => {
                        if !lineage.classes.contains(&id) {
                            lineage.classes.push(id);
                        }
                    }
                    Item::Std(it) => lineage.std.push(it),
                    Item::Outside(it) => lineage.foreign.push(project.outside_name(it)),
                    _ => lineage.is_unknown = true,
                }
            }
        }
        lineage
    }

    /// Whether one of the classes above has one of these absolute names, in the project or outside.
    pub fn comes_from(&self, names: &[&str]) -> bool {
        self.foreign.iter().any(|it| names.contains(&it.as_str()))
            || self.names.iter().skip(1).any(|it| names.contains(&it.as_str()))
    }

    /// Whether all classes outside of the project are among these.
    pub fn is_known(&self, names: &[&str]) -> bool {
        !self.is_unknown && self.foreign.iter().all(|it| names.contains(&it.as_str()))
    }

    /// Like [`Lineage::defines`], but for the classes of these names themselves, where the project is
    /// the library.
    pub fn defines_below(&self, names: &[&str], member: &str, project: &Project) -> bool {
        let is_root = |at: usize| names.contains(&self.names[at].as_str());
        self.classes
            .iter()
            .enumerate()
            .any(|(at, class)| !is_root(at) && project.member(*class, member).is_some())
            || self.std.iter().any(|it| !it.is_object() && it.defines(member))
    }

    /// Whether a class that can be seen defines a member.
    pub fn defines(&self, name: &str, project: &Project) -> bool {
        self.classes.iter().any(|it| project.member(*it, name).is_some())
            || self.std.iter().any(|it| !it.is_object() && it.defines(name))
    }
}
