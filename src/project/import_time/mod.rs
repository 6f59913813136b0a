//! What happens while modules are imported: which entry fails, where, and with which words.
//!
//! An *entry* is what a fresh Python imports first: a module, or a file that is run as a script.
//! The programs of the modules ([`crate::facts::program`]) are interpreted in the order in which
//! CPython would run them. What cannot be decided runs in *may* mode: what fails there is
//! forgotten, what is bound there counts as bound. So an exception is certain, and silence is not.

mod attributes;
mod calls;
mod definitions;
mod expressions;
mod failure;
mod graph;
mod import_statements;
mod imports;
mod interpreter;
mod looks;
mod memory;
mod names;
mod recall;
mod replay;
mod settled;
mod statements;
mod stretches;
mod symbols;
mod targets;
mod values;

use ruff_text_size::TextSize;
use rustc_hash::FxHashMap;

use super::modules::Package;
use super::{FileId, Project};
use failure::Stop;
use interpreter::{Interpreter, Loaded, Site, World};
use values::ModuleId;

pub use failure::{Hop, ImportFailure, Missing};
pub(crate) use graph::{Graph, targets};
pub(crate) use interpreter::Files;
pub use interpreter::Mode;
pub(crate) use memory::Memory;

/// How many steps of one entry are enough: more than any module in earnest takes.
const MOST_STEPS: u64 = 500_000;

/// What a fresh Python imports first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entry {
    /// `import module`.
    Module(FileId),
    /// `python file.py`: the module is `__main__`, and may be imported once more by its name. A
    /// `__main__.py` of a package is run by `python -m package`, which imports the package first.
    Script(FileId),
}

impl Entry {
    /// The file that is imported or run.
    pub fn file(self) -> FileId {
        match self {
            Entry::Module(file) | Entry::Script(file) => file,
        }
    }
}

/// What comes of an entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Nothing is known to fail.
    Fine,
    /// An exception leaves it.
    Fails(ImportFailure),
    /// It took too many steps.
    Unknown,
}

/// Simulates entries of a project, one after the other.
pub struct Simulation<'p> {
    interpreter: Interpreter<'p>,
    /// What there is once a package was imported in a fresh Python.
    after: After,
}

/// What there is once a package was imported in a fresh Python, or how it fails.
type After = FxHashMap<Package, Result<World, Stop>>;

impl<'p> Simulation<'p> {
    pub(crate) fn new(project: &'p Project, graph: &'p Graph, mode: Mode) -> Simulation<'p> {
        Simulation::after(project, graph, mode, Memory::default())
    }

    /// A simulation after another.
    pub(crate) fn after(
        project: &'p Project,
        graph: &'p Graph,
        mode: Mode,
        mut memory: Memory,
    ) -> Simulation<'p> {
        let texts = std::mem::take(&mut memory.texts);
        let mut interpreter = Interpreter::new(project, graph, mode, texts);
        let after = std::mem::take(&mut memory.after);
        memory.give(&mut interpreter);
        Simulation { interpreter, after }
    }

    /// What the next simulation need not find out again.
    pub(crate) fn into_memory(mut self) -> Memory {
        self.set_without(&[]);
        Memory::of(self.interpreter, self.after)
    }

    /// Leaves out some import statements from now on; what they bind is unknown.
    pub(crate) fn set_without(&mut self, statements: &[(FileId, TextSize)]) {
        if self.interpreter.without == statements {
            return;
        }
        let before = std::mem::replace(&mut self.interpreter.without, statements.to_vec());
        let comes_by = |world: &World| {
            before.iter().chain(statements).any(|(file, _)| world.executed.contains(*file))
        };
        self.after.retain(|_, done| done.as_ref().is_ok_and(|world| !comes_by(world)));
        self.interpreter.recall.forget_imports();
    }

    /// Simulates an entry.
    pub fn run(&mut self, entry: Entry) -> Outcome {
        match entry {
            Entry::Module(file) => {
                let package = self.interpreter.project.packages[file.index()];
                let done = self.world_after(package, file);
                self.judge(done)
            }
            Entry::Script(file) => self.run_script(file),
        }
    }

    /// Leaves what there is after a package was imported in a fresh Python.
    fn world_after(&mut self, package: Package, file: FileId) -> Result<(), Stop> {
        if let Some(known) = self.after.get(&package) {
            let world = known.clone()?;
            self.interpreter.world = world;
            return Ok(());
        }
        let project = self.interpreter.project;
        match project.modules.around(package) {
            Some(around) => self.world_after(around, file)?,
            None => self.start(),
        }
        self.interpreter.steps = 0;
        let is_new = !self.interpreter.world.by_package.contains_key(&package);
        let done = if is_new {
            let name = project.modules.dotted(package);
            let site = Site { file, at: TextSize::new(0) };
            self.interpreter.is_topmost = project.modules.around(package).is_none();
            let done = self.interpreter.import_text(&name, site);
            self.finished(done.map(drop))
        } else {
            Ok(())
        };
        // Only packages are asked for again.
        if project.file(file).module().is_package() || !is_own(project, package, file) {
            let world = done.clone().map(|()| self.interpreter.world.clone());
            self.after.insert(package, world);
        }
        done
    }

    fn start(&mut self) {
        self.interpreter.world = World::default();
        self.interpreter.may = 0;
    }

    /// Leaves nothing under way.
    fn finished(&mut self, done: Result<(), Stop>) -> Result<(), Stop> {
        self.interpreter.trail.clear();
        self.interpreter.running.clear();
        done
    }

    fn run_script(&mut self, file: FileId) -> Outcome {
        let interpreter = &mut self.interpreter;
        let project = interpreter.project;
        let package = project.packages[file.index()];
        match project.modules.around(package).filter(|_| project.package_run_by(file).is_some()) {
            // What fails then is not tried once: Python asks for the package again.
            Some(around) if self.world_after(around, file).is_err() => return Outcome::Unknown,
            Some(_) => {}
            None => self.start(),
        }
        let interpreter = &mut self.interpreter;
        (interpreter.steps, interpreter.is_topmost) = (0, false);
        let main = interpreter.symbols.intern("__main__");
        let id = interpreter.add_module(package, Some(file), main);
        // The number of the first module object is left to the second copy.
        let script = ModuleId(u32::MAX);
        let module = interpreter.world.modules.remove(&id).expect("it was just added");
        interpreter.world.modules.insert(script, module);
        let module = interpreter.module_mut(script);
        (module.is_script, module.is_package) = (true, false);
        interpreter.world.executed.insert(file);
        interpreter.trail.push(Hop { file, at: TextSize::new(0), to: file });
        let done = interpreter.execute(script, file).map(drop);
        let done = self.finished(done);
        self.judge(done)
    }

    /// What comes of an entry; not every exception is to be believed.
    fn judge(&self, done: Result<(), Stop>) -> Outcome {
        let failure = match done {
            Ok(()) => return Outcome::Fine,
            Err(Stop::Failure(failure)) => *failure,
            Err(Stop::Exhausted) => return Outcome::Unknown,
        };
        let is_certain = failure.missing.is_some() && !self.interpreter.world.is_tainted;
        match self.interpreter.mode.is_closed || is_certain {
            true => Outcome::Fails(failure),
            false => Outcome::Unknown,
        }
    }

    /// The files that the entry simulated last has executed, if it loads: of all others it does not
    /// matter what is in them.
    pub(crate) fn executed(&self) -> &Files {
        &self.interpreter.world.executed
    }

    /// The modules that were imported by the entry simulated last, in their order.
    pub fn loaded(&self) -> Vec<FileId> {
        let world = &self.interpreter.world;
        let file = |package: &Package| match world.by_package.get(package) {
            Some(Loaded::Module(id)) => world.modules[id].file,
            _ => None,
        };
        world.order.iter().filter_map(file).collect()
    }
}

impl Project {
    /// Simulates what happens when one of the project's modules is the first to be imported.
    pub fn import_time(&self, mode: Mode, entries: &[Entry]) -> Vec<Outcome> {
        let graph = Graph::new(self);
        let mut simulation = Simulation::new(self, &graph, mode);
        entries.iter().map(|entry| simulation.run(*entry)).collect()
    }
}

/// Whether a package is what a file is imported as, and not around it.
fn is_own(project: &Project, package: Package, file: FileId) -> bool {
    project.packages[file.index()] == package
}
