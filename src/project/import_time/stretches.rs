//! Statements that were done again one after the other: the next time they are done at once.

use rustc_hash::FxHashSet;

use super::interpreter::{Frame, Interpreter};
use super::looks::{Look, each_once};
use super::replay::{Done, MOST_OF_ONE, bind_again, is_unchanged};
use super::values::{ModuleId, Symbol, Value};
use crate::project::FileId;

/// Statements of a module that follow one another, and what they bind.
pub(super) struct Stretch {
    /// Where it is not certain that it happens, exceptions are taken otherwise.
    is_doubtful: bool,
    /// Where the next statement begins.
    end: usize,
    /// What they look at, as it is before the first of them.
    looks: Box<[Look]>,
    bound: Box<[(Symbol, Value)]>,
}

/// A stretch that grows.
pub(super) struct Growing {
    file: FileId,
    module: ModuleId,
    /// Where the block ends that they stand in.
    block_end: usize,
    is_doubtful: bool,
    start: usize,
    end: usize,
    count: usize,
    looks: Vec<Look>,
    bound: Vec<(Symbol, Value)>,
    names: FxHashSet<Symbol>,
}

impl Growing {
    /// Whether a statement follows.
    fn is_before(&self, at: usize, module: ModuleId, block_end: usize, is_doubtful: bool) -> bool {
        (self.end, self.module, self.block_end, self.is_doubtful)
            == (at, module, block_end, is_doubtful)
    }

    /// Adds what a statement did once more.
    fn add(&mut self, done: &Done) {
        let (module, names) = (self.module, &self.names);
        // What statements before it have bound is what it sees.
        let is_own = |look: &&Look| look.is_at(module) && names.contains(&look.name());
        self.looks.extend(done.looks.iter().filter(|look| !is_own(look)).cloned());
        self.bound.extend_from_slice(&done.bound);
        self.names.extend(done.bound.iter().map(|(name, _)| *name));
        self.end = done.end;
        self.count += 1;
    }
}

impl Interpreter<'_> {
    /// Does what a stretch of statements did before, if they would see the same: tells where the
    /// next one begins.
    pub(super) fn do_stretch_again(
        &mut self,
        frame: &Frame<'_>,
        at: usize,
        block_end: usize,
    ) -> Option<usize> {
        // What is taken out is asked of each statement.
        if !self.without.is_empty() {
            return None;
        }
        let is_doubtful = self.may > 0;
        let known = self.replay.of_file(frame.file)?.stretches.get(&(at as u32))?;
        let known = known.iter().rev().find(|it| {
            it.is_doubtful == is_doubtful
                && it.end <= block_end
                && self.is_as_it_was(&it.looks)
                && it.bound.iter().all(|(_, value)| is_unchanged(value))
        })?;
        let end = known.end;
        if !known.bound.is_empty() {
            bind_again(&mut self.world, frame.module, self.recall.effect(), &known.bound);
        }
        Some(end)
    }

    /// A statement was done again.
    pub(super) fn grow_stretch(
        &mut self,
        frame: &Frame<'_>,
        at: usize,
        block_end: usize,
        index: usize,
    ) {
        if !self.without.is_empty() {
            return;
        }
        let (module, is_doubtful) = (frame.module, self.may > 0);
        let is_next = |it: &Growing| it.is_before(at, module, block_end, is_doubtful);
        let growing = self.replay.growing.take();
        let mut growing = match growing {
            Some(growing) if is_next(&growing) => growing,
            other => {
                self.replay.growing = other;
                self.end_stretch();
                Growing {
                    file: frame.file,
                    module,
                    block_end,
                    is_doubtful,
                    start: at,
                    end: at,
                    count: 0,
                    looks: Vec::new(),
                    bound: Vec::new(),
                    names: FxHashSet::default(),
                }
            }
        };
        let done = self.replay.of_file(frame.file).and_then(|it| it.done.get(&(at as u32)));
        if let Some(done) = done.and_then(|it| it.get(index)) {
            growing.add(done);
            self.replay.growing = Some(growing);
        }
    }

    /// No other statement follows the stretch that grows.
    pub(super) fn end_stretch(&mut self) {
        let Some(growing) = self.replay.growing.take().filter(|it| it.count > 1) else { return };
        let Growing { file, is_doubtful, start, end, looks, bound, .. } = growing;
        let known = self.replay.of_file_mut(file).stretches.entry(start as u32).or_default();
        if known.len() < MOST_OF_ONE {
            let (looks, bound) = (each_once(looks).into(), bound.into());
            known.push(Stretch { is_doubtful, end, looks, bound });
        }
    }
}
