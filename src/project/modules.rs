//! Which file is which module.

use rustc_hash::FxHashMap;

use super::FileId;
use crate::facts::FileFacts;

/// The modules of a project by dotted name. A name can stand for several files: the roots of a
/// monorepo, a stub beside its module.
#[derive(Default)]
pub(super) struct Modules {
    by_name: FxHashMap<Box<str>, Vec<FileId>>,
}

impl Modules {
    pub(super) fn new(files: &[FileFacts]) -> Modules {
        let mut by_name: FxHashMap<Box<str>, Vec<FileId>> = FxHashMap::default();
        by_name.reserve(files.len());
        for (index, file) in files.iter().enumerate() {
            by_name.entry(file.module.as_str().into()).or_default().push(FileId(index as u32));
        }
        Modules { by_name }
    }

    /// The file that `name` is imported from by a file below `root`: the one of the same root,
    /// else the only one there is. A module goes before its stub, which never runs, and a package
    /// before a module of its name, as in `importlib`.
    pub(super) fn find(&self, files: &[FileFacts], root: &str, name: &str) -> Option<FileId> {
        // `typing` does things to bases that its source does not show: it is known by itself.
        if name == "typing" {
            return None;
        }
        let candidates = self.by_name.get(name)?;
        let best = |candidates: &mut dyn Iterator<Item = FileId>| {
            let rank = |id: &FileId| {
                let file = &files[id.0 as usize];
                (file.is_stub, !file.module.is_package())
            };
            candidates.min_by_key(rank)
        };
        let mut own = candidates.iter().copied().filter(|id| files[id.0 as usize].root == root);
        if let Some(found) = best(&mut own) {
            return Some(found);
        }
        // A name of the standard library means the standard library, unless this root has it.
        let top = name.split('.').next().unwrap_or(name);
        if super::stdlib::is_module(top) {
            return None;
        }
        let first = files[candidates.first()?.0 as usize].root.as_str();
        let is_one_root = candidates.iter().all(|id| files[id.0 as usize].root == first);
        is_one_root.then(|| best(&mut candidates.iter().copied())).flatten()
    }
}
