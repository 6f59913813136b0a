//! What statements of modules did: one that does nothing but bind names of its module is not run
//! again for the next entry, as long as it would see the same.
//!
//! Modules are imported anew for each entry, and most of what they do is the same each time: they
//! make the same classes and functions of the same bases and decorators. What is run
//! while a topmost package is imported is only noted if that comes again: all entries in the package
//! begin with the same world.

use rustc_hash::FxHashMap;

use super::failure::Stop;
use super::interpreter::{Files, Flow, Frame, Interpreter, World};
use super::looks::{Look, from_outside, has_imports};
use super::recall::Stamp;
use super::stretches::{Growing, Stretch};
use super::values::{ModuleId, Symbol, Value};
use crate::facts::program::Instruction;
use crate::project::FileId;

/// So many ways of one statement are kept.
pub(super) const MOST_OF_ONE: usize = 4;

/// The statements that are remembered, and the one that runs.
#[derive(Default)]
pub(super) struct Replay {
    statements: FxHashMap<FileId, Statements>,
    /// The files that have been run.
    run: Files,
    /// The module whose statement is being noted.
    noting: Option<Noting>,
    /// The statements that were done again just now.
    pub(super) growing: Option<Growing>,
}

/// What statements of a file did, by where they begin.
#[derive(Default)]
pub(super) struct Statements {
    pub(super) done: FxHashMap<u32, Vec<Done>>,
    pub(super) stretches: FxHashMap<u32, Vec<Stretch>>,
}

/// A statement that was run.
pub(super) struct Done {
    /// Where it is not certain that it happens, exceptions are taken otherwise.
    is_doubtful: bool,
    /// Where the next one begins.
    pub(super) end: usize,
    pub(super) looks: Box<[Look]>,
    /// Whether import statements were run, be it in functions.
    has_imports: bool,
    pub(super) bound: Box<[(Symbol, Value)]>,
}

/// A statement that is run.
struct Noting {
    module: ModuleId,
    /// How much had happened in the world before.
    since: u64,
    bound: Vec<(Symbol, Value)>,
    /// Whether others could see what it did, or it saw of them what may change.
    is_spoiled: bool,
}

impl Replay {
    /// Whether a statement is run to be remembered.
    pub(super) fn is_noting(&self) -> bool {
        self.noting.is_some()
    }

    /// A file is about to be run: whether it has been before.
    pub(super) fn is_run_again(&mut self, file: FileId) -> bool {
        let is_again = self.run.contains(file);
        self.run.insert(file);
        is_again
    }

    /// Something happens beyond the bindings of the module.
    pub(super) fn spoil(&mut self) {
        if let Some(noting) = &mut self.noting {
            noting.is_spoiled = true;
        }
    }

    /// Whether what was made when so much had happened was made by the statement that runs.
    pub(super) fn is_new(&self, made: u64) -> bool {
        self.noting.as_ref().is_some_and(|it| made > it.since)
    }

    /// A name is bound. Whether that is in the module whose statement is run.
    pub(super) fn binds(&mut self, module: ModuleId, name: Symbol, value: &Value) -> bool {
        match &mut self.noting {
            Some(noting) if noting.module == module => {
                noting.bound.push((name, value.clone()));
                true
            }
            _ => false,
        }
    }

    /// What is known of the statements of a file.
    pub(super) fn of_file(&self, file: FileId) -> Option<&Statements> {
        self.statements.get(&file)
    }

    pub(super) fn of_file_mut(&mut self, file: FileId) -> &mut Statements {
        self.statements.entry(file).or_default()
    }

    /// Takes the statements of a file away, for the time being.
    pub(super) fn take_file(&mut self, file: FileId) -> Statements {
        self.statements.remove(&file).unwrap_or_default()
    }

    /// Puts them back in place of others.
    pub(super) fn put_file(&mut self, file: FileId, statements: Statements) {
        self.statements.insert(file, statements);
    }
}

impl Interpreter<'_> {
    /// Begins with the body of another module; what is given back belongs to
    /// [`Self::end_inner`].
    pub(super) fn begin_inner(&mut self) -> Interrupted {
        Interrupted(self.replay.noting.take())
    }

    pub(super) fn end_inner(&mut self, outer: Interrupted) {
        self.replay.noting = outer.0;
    }

    /// Runs a statement of a module that is not in a function or class, or does what it did before,
    /// and what those behind it did, up to the end of their block.
    pub(super) fn module_statement(
        &mut self,
        frame: &mut Frame<'_>,
        at: &mut usize,
        block_end: usize,
    ) -> Result<Flow, Stop> {
        if !frame.may_run_again || self.replay.noting.is_some() {
            return self.statement(frame, at);
        }
        let (start, outer) = (*at, self.recall.looks.begin());
        if !self.is_worth_noting(frame, start) {
            self.end_stretch();
            let done = self.statement(frame, at);
            self.recall.looks.drop_inner(outer);
            return done;
        }
        if let Some(end) = self.do_stretch_again(frame, start, block_end) {
            self.end_stretch();
            *at = end;
            self.recall.looks.drop_inner(outer);
            return Ok(Flow::Normal);
        }
        if let Some((end, index)) = self.do_again(frame, start) {
            *at = end;
            self.recall.looks.drop_inner(outer);
            self.grow_stretch(frame, start, block_end, index);
            return Ok(Flow::Normal);
        }
        self.end_stretch();
        let (module, since) = (frame.module, self.recall.effects());
        self.replay.noting = Some(Noting { module, since, bound: Vec::new(), is_spoiled: false });
        let is_doubtful = self.may > 0;
        let done = self.statement(frame, at);
        let noting = self.replay.noting.take();
        if let Some(noting) = noting
            && matches!(done, Ok(Flow::Normal))
            && !noting.is_spoiled
        {
            let looks = from_outside(self.recall.looks.inner(&outer));
            let has_imports = has_imports(&looks);
            let bound = noting.bound.into();
            let done = Done { is_doubtful, end: *at, looks, has_imports, bound };
            let statements = self.replay.of_file_mut(frame.file);
            let known = statements.done.entry(start as u32).or_default();
            if known.len() == MOST_OF_ONE {
                known.pop();
            }
            known.push(done);
        }
        self.recall.looks.drop_inner(outer);
        done
    }

    /// Whether a statement may be run again in another world, and does not only import.
    fn is_worth_noting(&self, frame: &Frame<'_>, at: usize) -> bool {
        let (instruction, _) = Instruction::of(frame.program.word(at));
        let is_plain = !matches!(
            instruction,
            Instruction::If
                | Instruction::Try
                | Instruction::With
                | Instruction::Suppress
                | Instruction::Jump
                | Instruction::Raise
                | Instruction::Delete
        );
        // A module object beyond the first has functions of its own.
        let is_first = |package: usize| frame.module == ModuleId(package as u32);
        is_plain
            && self.graph.reaches_cycle(frame.file)
            && is_first(self.module(frame.module).package.index())
    }

    /// Does what a statement did before, if it would see the same: tells where the next one begins,
    /// and which of its ways it went.
    fn do_again(&mut self, frame: &Frame<'_>, at: usize) -> Option<(usize, usize)> {
        let is_doubtful = self.may > 0;
        let known = self.replay.of_file(frame.file)?.done.get(&(at as u32))?;
        let (instruction, _) = Instruction::of(frame.program.word(at));
        let is_import = matches!(instruction, Instruction::Import | Instruction::From);
        if is_import && self.is_taken_out(frame.import(&mut (at + 1)).1) {
            return None;
        }
        // Which statements they are is not known.
        let is_wary = !is_import && !self.without.is_empty();
        let index = known.iter().rposition(|done| {
            done.is_doubtful == is_doubtful
                && !(is_wary && done.has_imports)
                && self.is_as_it_was(&done.looks)
                && done.bound.iter().all(|(_, value)| is_unchanged(value))
        })?;
        let known = &known[index];
        let end = known.end;
        if !known.bound.is_empty() {
            bind_again(&mut self.world, frame.module, self.recall.effect(), &known.bound);
        }
        Some((end, index))
    }
}

/// Gives a module the names that statements of it bound before.
pub(super) fn bind_again(
    world: &mut World,
    module: ModuleId,
    stamp: Stamp,
    bound: &[(Symbol, Value)],
) {
    let module = world.modules.get_mut(&module).expect("modules that run are there");
    let module = std::rc::Rc::make_mut(module);
    module.stamp = stamp;
    for (name, value) in bound {
        module.namespace.set(*name, value.clone());
    }
}

/// Whether a value is as it was when its statement was over.
pub(super) fn is_unchanged(value: &Value) -> bool {
    match value {
        Value::Class(class) => !class.is_changed.get(),
        _ => true,
    }
}

/// The statement of a module during which another module is imported.
pub(super) struct Interrupted(Option<Noting>);
