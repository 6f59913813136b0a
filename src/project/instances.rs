//! What is done to instances from outside of their classes: made in loops, written to.

use ruff_text_size::TextRange;

use super::{ClassId, FileId, Item, Project};
use crate::facts::Text;

/// Gathered from all files when it is first asked for.
pub(super) struct Instances {
    /// Classes that are called in a loop, each with the files that do so; sorted.
    made: Vec<(ClassId, FileId)>,
    /// Where classes are called, sorted by class and place.
    called: Vec<(ClassId, FileId, u32)>,
    /// Attribute names that are assigned on something else than `self`, sorted by their text.
    written: Vec<(FileId, Text)>,
}

impl Instances {
    fn gather(project: &Project) -> Instances {
        let (mut made, mut called, mut written) = (Vec::new(), Vec::new(), Vec::new());
        for (id, file) in project.files() {
            written.extend(file.foreign_attribute_writes().iter().map(|name| (id, *name)));
            // Tests make a few of everything.
            if file.module().is_test() {
                continue;
            }
            for callee in file.loop_calls() {
                if let Item::Class(class) = project.resolve(id, *callee) {
                    made.push((class, id));
                }
            }
        }
        for (id, file) in project.files() {
            for (at, construction) in file.constructions().iter().enumerate() {
                if let Item::Class(class) = project.resolve(id, construction.target) {
                    called.push((class, id, at as u32));
                }
            }
        }
        made.sort_unstable();
        called.sort_unstable();
        written.sort_by(|a, b| text(project, *a).cmp(text(project, *b)));
        written.dedup_by(|a, b| text(project, *a) == text(project, *b));
        Instances { made, called, written }
    }
}

fn text(project: &Project, (file, name): (FileId, Text)) -> &str {
    project.file(file).text(name)
}

impl Project {
    fn instances(&self) -> &Instances {
        self.instances.get_or_init(|| Instances::gather(self))
    }

    /// The files, other than tests, in which a class is called in a loop, a comprehension, a
    /// generator expression or by `map`.
    pub fn made_in_loops_of(&self, class: ClassId) -> impl Iterator<Item = FileId> + '_ {
        let made = &self.instances().made;
        let first = made.partition_point(|(it, _)| *it < class);
        made[first..].iter().take_while(move |(it, _)| *it == class).map(|(_, file)| *file)
    }

    /// Where a class is called, outside of tests and not where an error is awaited: the file, and the
    /// place of the callee.
    pub fn constructions_of(
        &self,
        class: ClassId,
    ) -> impl Iterator<Item = (FileId, TextRange)> + '_ {
        let called = &self.instances().called;
        let first = called.partition_point(|(it, ..)| *it < class);
        let own = called[first..].iter().take_while(move |(it, ..)| *it == class);
        own.map(|(_, file, at)| (*file, self.file(*file).constructions()[*at as usize].range()))
    }

    /// Whether some file assigns an attribute of this name on something else than `self`.
    pub fn is_written_from_outside(&self, name: &str) -> bool {
        self.instances().written.binary_search_by(|it| text(self, *it).cmp(name)).is_ok()
    }
}
