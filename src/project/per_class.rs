//! What was found out about each class.

use std::sync::OnceLock;

use super::{ClassId, Project};

/// What was found out about each class of a project, once somebody asked for it.
pub(super) struct PerClass<T>(OnceLock<Vec<OnceLock<T>>>);

impl<T> Default for PerClass<T> {
    fn default() -> PerClass<T> {
        PerClass(OnceLock::new())
    }
}

impl<T> PerClass<T> {
    /// What there is about a class of the project; `find` finds it out, and does not ask for that of
    /// the same class.
    pub(super) fn get(&self, project: &Project, class: ClassId, find: impl FnOnce() -> T) -> &T {
        self.cell(project, class).get_or_init(find)
    }

    /// The same, where finding it out may ask for that of the same class: it is then found out again.
    pub(super) fn get_in_circles(
        &self,
        project: &Project,
        class: ClassId,
        find: impl FnOnce() -> T,
    ) -> &T {
        let cell = self.cell(project, class);
        match cell.get() {
            Some(known) => known,
            None => {
                let found = find();
                cell.get_or_init(|| found)
            }
        }
    }

    fn cell(&self, project: &Project, class: ClassId) -> &OnceLock<T> {
        let make = || (0..project.class_places.file.len()).map(|_| OnceLock::new()).collect();
        &self.0.get_or_init(make)[class.0 as usize]
    }
}
