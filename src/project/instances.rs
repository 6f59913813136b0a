//! What is done to instances from outside of their classes: made in loops, written to.

use ruff_text_size::TextRange;
use rustc_hash::FxHashSet;

use super::{ClassId, FileId, Item, Project};
use crate::text::TextKey;

/// Where instances are made; gathered from all files when it is first asked for.
pub(super) struct Instances {
    /// Classes that are called in a loop, each with the files that do so; sorted.
    made: Vec<(ClassId, FileId)>,
    /// Where classes are called, sorted by class and place.
    called: Vec<(ClassId, FileId, u32)>,
}

/// The hashes of the attribute names that are assigned on something else than `self`. Of two names
/// with one hash, both count as assigned, and nothing is said.
pub(super) struct Written(FxHashSet<u64>);

impl Written {
    fn gather(project: &Project) -> Written {
        let names = project.files().flat_map(|(_, file)| {
            file.foreign_attribute_writes().iter().map(|name| file.text(*name))
        });
        Written(names.map(|name| TextKey::of(name).hash()).collect())
    }
}

impl Instances {
    fn gather(project: &Project) -> Instances {
        let (mut made, mut called) = (Vec::new(), Vec::new());
        for (id, file) in project.files() {
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
        Instances { made, called }
    }
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
        let written = self.written.get_or_init(|| Written::gather(self));
        written.0.contains(&TextKey::of(name).hash())
    }
}
