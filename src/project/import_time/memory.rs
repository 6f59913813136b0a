//! What a simulation leaves to the next one, in which some files may be written differently.

use rustc_hash::FxHashMap;

use super::After;
use super::failure::Stop;
use super::interpreter::{Bound, Interpreter, Settled, World};
use super::names::Captured;
use super::recall::{Calls, Recall};
use super::replay::{Replay, Statements};
use super::symbols::{OfFile, Texts};
use crate::project::FileId;
use crate::project::modules::Package;

/// What a simulation has found out.
#[derive(Default)]
pub(crate) struct Memory {
    pub(super) texts: Texts,
    recall: Recall,
    replay: Replay,
    captured: Captured,
    bound: FxHashMap<FileId, Bound>,
    settled: FxHashMap<Package, Settled>,
    pub(super) after: After,
    has_late_methods: bool,
}

/// What was found out while some files were as they are on disk.
pub(crate) struct Shelved {
    files: Vec<(FileId, OfFile, Statements, Bound)>,
    calls: Calls,
    settled: FxHashMap<Package, Settled>,
    after: After,
}

impl Memory {
    /// What an interpreter has found out, with the worlds after packages were imported.
    pub(super) fn of(interpreter: Interpreter<'_>, after: After) -> Memory {
        let Interpreter { symbols, recall, replay, captured, bound, settled, .. } = interpreter;
        let has_late_methods = interpreter.has_late_methods;
        let (texts, bound) = (symbols.texts, bound.into_inner());
        Memory { texts, recall, replay, captured, bound, settled, after, has_late_methods }
    }

    /// Gives an interpreter what is known.
    pub(super) fn give(self, interpreter: &mut Interpreter<'_>) {
        let Memory { recall, replay, captured, bound, settled, has_late_methods, .. } = self;
        interpreter.has_late_methods = has_late_methods;
        (interpreter.recall, interpreter.replay) = (recall, replay);
        interpreter.captured = captured;
        (interpreter.bound, interpreter.settled) = (bound.into(), settled);
    }

    /// Puts aside what does not hold while some files are written differently.
    pub(crate) fn shelve(&mut self, files: &[FileId]) -> Shelved {
        let mut shelved = Vec::with_capacity(files.len());
        for file in files {
            let texts = std::mem::take(self.texts.of_file_mut(*file));
            let statements = self.replay.take_file(*file);
            let bound = self.bound.remove(file).unwrap_or_default();
            shelved.push((*file, texts, statements, bound));
        }
        // What reaches no cycle does not import them.
        let settled = self.settled.clone();
        let after = self.after.extract_if(|_, done| !is_without(done, files)).collect();
        Shelved { files: shelved, calls: self.recall.take_calls(), settled, after }
    }

    /// Takes it back when they are as before.
    pub(crate) fn unshelve(&mut self, shelved: Shelved) {
        let Shelved { files, calls, settled, after } = shelved;
        let own: Vec<FileId> = files.iter().map(|(file, ..)| *file).collect();
        self.after.retain(|_, done| is_without(done, &own));
        self.after.extend(after);
        for (file, texts, statements, bound) in files {
            *self.texts.of_file_mut(file) = texts;
            self.replay.put_file(file, statements);
            self.bound.insert(file, bound);
        }
        self.recall.put_calls(calls);
        self.settled = settled;
    }
}

/// Whether a package was imported, and none of these files executed for it.
fn is_without(done: &Result<World, Stop>, files: &[FileId]) -> bool {
    let executed = done.as_ref().ok().map(|world| &world.executed);
    executed.is_some_and(|it| !files.iter().any(|file| it.contains(*file)))
}
