//! What is done to instances from outside of their classes: made in loops, written to.

use super::{ClassId, FileId, Item, Project};
use crate::facts::Text;

/// Gathered from all files when it is first asked for.
pub(super) struct Instances {
    /// Classes that are called in a loop, each with the files that do so; sorted.
    made: Vec<(ClassId, FileId)>,
    /// Attribute names that are assigned on something else than `self`, sorted by their text.
    written: Vec<(FileId, Text)>,
}

impl Instances {
    fn gather(project: &Project) -> Instances {
        let (mut made, mut written) = (Vec::new(), Vec::new());
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
        made.sort_unstable();
        written.sort_by(|a, b| text(project, *a).cmp(text(project, *b)));
        written.dedup_by(|a, b| text(project, *a) == text(project, *b));
        Instances { made, written }
    }
}

fn text(project: &Project, (file, name): (FileId, Text)) -> &str {
    project.file(file).text(name)
}

impl Project {
    fn instances(&self) -> &Instances {
        self.instances.get_or_init(|| Instances::gather(self))
    }

    /// The files, other than tests, in which a class is called in a loop, a comprehension or a
    /// generator expression.
    pub fn made_in_loops_of(&self, class: ClassId) -> impl Iterator<Item = FileId> + '_ {
        let made = &self.instances().made;
        let first = made.partition_point(|(it, _)| *it < class);
        made[first..].iter().take_while(move |(it, _)| *it == class).map(|(_, file)| *file)
    }

    /// Whether some file assigns an attribute of this name on something else than `self`.
    pub fn is_written_from_outside(&self, name: &str) -> bool {
        self.instances().written.binary_search_by(|it| text(self, *it).cmp(name)).is_ok()
    }
}
