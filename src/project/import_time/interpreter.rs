//! The interpreter: modules, and what is under way.

use std::cell::RefCell;
use std::rc::Rc;

use ruff_text_size::TextSize;
use rustc_hash::FxHashMap;

use super::MOST_STEPS;
use super::failure::{Hop, ImportFailure, Missing, Stop};
use super::graph::Graph;
use super::looks::is_the_same;
use super::names::{Captured, Locals, Namespace};
use super::recall::{Recall, Stamp};
use super::replay::Replay;
use super::symbols::{FileSymbols, Symbols, Texts};
use super::values::{Class, ModuleId, Symbol, Value};
use crate::facts::ImportFacts;
use crate::facts::program::{Program, ProgramPlace};
use crate::project::modules::Package;
use crate::project::{FileId, Project};

/// How things are to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    /// The minor versions of Python 3 that may run the code: the oldest, and the newest.
    pub versions: (u8, u8),
    /// Whether the files are all there is. If not, a name that a module never binds visibly and a
    /// module that is not there may come from elsewhere, and only what is not there *yet* fails.
    pub is_closed: bool,
}

/// A place in the text of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Site {
    pub(super) file: FileId,
    pub(super) at: TextSize,
}

/// A module object.
#[derive(Clone, Debug)]
pub(super) struct Module {
    /// Its `__name__`.
    pub(super) name: Symbol,
    /// The state it is in.
    pub(super) stamp: Stamp,
    pub(super) package: Package,
    pub(super) file: Option<FileId>,
    pub(super) namespace: Namespace,
    pub(super) is_executing: bool,
    /// Whether it is run as a script.
    pub(super) is_script: bool,
    /// Whether it can be asked for submodules.
    pub(super) is_package: bool,
    /// Names may have come that nobody saw.
    pub(super) is_opaque: bool,
    /// Whether it stands for one whose names are not to be known: see
    /// [`settle`](Interpreter::settle).
    pub(super) is_stand_in: bool,
    /// The modules of which it imported all names while they were still executing.
    pub(super) partial_stars: Vec<FileId>,
}

/// What stands in `sys.modules`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loaded {
    Module(ModuleId),
    /// Something of which nothing is known.
    Foreign,
}

/// A set of files.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Files(Vec<u64>);

impl Files {
    pub(super) fn insert(&mut self, file: FileId) {
        let at = file.index() / 64;
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        self.0[at] |= 1 << (file.index() % 64);
    }

    pub(crate) fn contains(&self, file: FileId) -> bool {
        self.0.get(file.index() / 64).is_some_and(|it| it & 1 << (file.index() % 64) != 0)
    }
}

/// The modules that have been imported. Cheap to copy.
#[derive(Clone, Default)]
pub(super) struct World {
    pub(super) modules: FxHashMap<ModuleId, Rc<Module>>,
    /// `sys.modules`.
    pub(super) by_package: FxHashMap<Package, Loaded>,
    /// How many module objects there are beyond the first of each package.
    pub(super) extra: u32,
    /// In the order in which they were there.
    pub(super) order: Vec<Package>,
    /// The files that were executed, be it in vain.
    pub(super) executed: Files,
    /// A module of the project was imported where it was not certain: the order of what follows is
    /// not, either.
    pub(super) is_tainted: bool,
}

/// A module that cannot reach a cycle, as it is once it is imported: with all that it imports.
/// `None` for one that fails, or that is being looked at.
pub(super) type Settled = Option<Rc<[(Package, ModuleId, Rc<Module>)]>>;

/// A function that runs.
pub(super) struct Running {
    pub(super) file: FileId,
    pub(super) head: usize,
}

/// Where code runs.
pub(super) struct Frame<'p> {
    pub(super) file: FileId,
    /// The program of the file.
    pub(super) program: Program<'p>,
    places: &'p [ProgramPlace],
    imports: &'p [ImportFacts],
    pub(super) symbols: FileSymbols,
    /// Whether it is the body of a module that may well be run once more.
    pub(super) may_run_again: bool,
    pub(super) module: ModuleId,
    pub(super) locals: Option<Rc<Locals>>,
    /// The names of the class whose body runs.
    pub(super) class: Option<Namespace>,
    pub(super) result: Value,
}

/// How a block ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Normal,
    Return,
    Jump,
    /// It may have returned.
    MayReturn,
    /// It may have left the loop.
    MayJump,
    /// It raises; assumed not to happen where it is not certain.
    Dead,
}

/// Interprets what modules do while they are imported.
pub(super) struct Interpreter<'p> {
    pub(super) project: &'p Project,
    pub(super) graph: &'p Graph,
    pub(super) mode: Mode,
    pub(super) symbols: Symbols<'p>,
    pub(super) world: World,
    /// Above 0: in a part of which it is not certain that it runs.
    pub(super) may: u32,
    pub(super) steps: u64,
    pub(super) trail: Vec<Hop>,
    pub(super) running: Vec<Running>,
    pub(super) settled: FxHashMap<Package, Settled>,
    pub(super) recall: Recall,
    pub(super) replay: Replay,
    pub(super) captured: Captured,
    /// Whether a topmost package is imported: what is run then is there for all entries in it.
    pub(super) is_topmost: bool,
    /// Whether a name of a module was wanted that only stands in for one.
    pub(super) has_missed: bool,
    /// Whether some class got a special method after it was made.
    pub(super) has_late_methods: bool,
    /// Where each file binds names for the first time, as far as it was asked for.
    pub(super) bound: RefCell<FxHashMap<FileId, Bound>>,
    /// Statements that are not run: imports that are taken out.
    pub(super) without: Vec<(FileId, TextSize)>,
}

impl<'p> Frame<'p> {
    /// Where code inside runs.
    pub(super) fn inner(&self, locals: Option<Rc<Locals>>) -> Frame<'p> {
        let Frame { file, program, places, imports, module, may_run_again, .. } = *self;
        let (symbols, class, result) = (Rc::clone(&self.symbols), None, Value::None);
        Frame {
            file,
            program,
            places,
            imports,
            symbols,
            may_run_again,
            module,
            locals,
            class,
            result,
        }
    }

    /// The word that stands here; goes behind it.
    pub(super) fn word(&self, at: &mut usize) -> u32 {
        let word = self.program.word(*at);
        *at += 1;
        word
    }

    /// The place whose number stands here; goes behind it.
    pub(super) fn site(&self, at: &mut usize) -> Site {
        let place = self.word(at) as usize;
        Site { file: self.file, at: self.places[place].start() }
    }

    /// The import whose number stands here: the number of its dotted name, and where it is; goes
    /// behind it.
    pub(super) fn import(&self, at: &mut usize) -> (u32, Site) {
        let import = &self.imports[self.word(at) as usize];
        let site = Site { file: self.file, at: import.range().start() };
        (import.module.index() as u32, site)
    }

    /// The block that begins here with its length; goes behind it.
    pub(super) fn span(&self, at: &mut usize) -> (usize, usize) {
        let start = *at + 1;
        let end = start + self.program.word(*at) as usize;
        *at = end;
        (start, end)
    }
}

impl<'p> Interpreter<'p> {
    pub(super) fn new(
        project: &'p Project,
        graph: &'p Graph,
        mode: Mode,
        texts: Texts,
    ) -> Interpreter<'p> {
        Interpreter {
            project,
            graph,
            mode,
            symbols: Symbols::new(project, texts),
            world: World::default(),
            may: 0,
            steps: 0,
            trail: Vec::new(),
            running: Vec::new(),
            settled: FxHashMap::default(),
            recall: Recall::default(),
            replay: Replay::default(),
            captured: Captured::default(),
            is_topmost: false,
            has_missed: false,
            has_late_methods: false,
            bound: RefCell::default(),
            without: Vec::new(),
        }
    }

    /// Where the body of a module runs.
    pub(super) fn frame(&mut self, file: FileId, module: ModuleId) -> Frame<'p> {
        let facts = self.project.file(file);
        Frame {
            file,
            program: facts.program(),
            places: facts.program_places(),
            imports: facts.imports(),
            symbols: self.symbols.of_all(file),
            may_run_again: false,
            module,
            locals: None,
            class: None,
            result: Value::None,
        }
    }

    pub(super) fn module(&self, id: ModuleId) -> &Module {
        &self.world.modules[&id]
    }

    pub(super) fn module_mut(&mut self, id: ModuleId) -> &mut Module {
        let module = self.world.modules.get_mut(&id).expect("modules that are named are there");
        let module = Rc::make_mut(module);
        self.replay.spoil();
        module.stamp = self.recall.effect();
        module
    }

    pub(super) fn set_attribute(&mut self, id: ModuleId, name: Symbol, value: Value) {
        if !self.replay.binds(id, name, &value) {
            return self.module_mut(id).namespace.set(name, value);
        }
        self.recall.looks.at_own(id, name);
        let module = self.world.modules.get_mut(&id).expect("modules that run are there");
        let module = Rc::make_mut(module);
        module.stamp = self.recall.effect();
        module.namespace.set(name, value);
    }

    /// Sets an attribute of a class that has been made.
    pub(super) fn set_class_attribute(&mut self, class: &Class, name: Symbol, value: Value) {
        if class.namespace.borrow().get(name).is_some_and(|old| is_the_same(old, &value)) {
            return;
        }
        class.namespace.borrow_mut().set(name, value);
        self.has_late_methods |= name.is_well_known();
        self.recall.class_changed();
        if !self.replay.is_new(class.made().0) {
            class.is_changed.set(true);
            self.replay.spoil();
        }
    }

    /// The method of a special name that a class or one of its bases has: see [`Class::find`].
    pub(super) fn special(&self, class: &Class, name: Symbol) -> Option<(Value, bool)> {
        let may_have = self.has_late_methods || class.may_have(name);
        may_have.then(|| class.find(name)).flatten()
    }

    /// Something happens that others can see, or something is seen that others may change.
    pub(super) fn effect(&mut self) -> Stamp {
        self.replay.spoil();
        self.recall.effect()
    }

    /// One step more.
    pub(super) fn step(&mut self) -> Result<(), Stop> {
        self.steps += 1;
        if self.steps > MOST_STEPS { Err(Stop::Exhausted) } else { Ok(()) }
    }

    /// Raises an exception.
    pub(super) fn fail<T>(
        &mut self,
        exception: &str,
        message: String,
        site: Site,
        missing: Option<Missing>,
    ) -> Result<T, Stop> {
        Err(Stop::Failure(Box::new(ImportFailure {
            exception: exception.to_owned(),
            message,
            file: site.file,
            at: site.at,
            trail: self.trail.clone(),
            missing,
            not_found: None,
        })))
    }

    /// Does something of which it is not certain that it happens; exceptions are forgotten. `None`
    /// if there was one.
    pub(super) fn perhaps<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Stop>,
    ) -> Result<Option<T>, Stop> {
        self.may += 1;
        let done = work(self);
        self.may -= 1;
        match done {
            Ok(value) => Ok(Some(value)),
            Err(Stop::Failure(_)) => Ok(None),
            Err(stop) => Err(stop),
        }
    }

    /// Where a module binds a name for the first time, if it does so visibly at all. A package that
    /// asks itself for a name asks for a submodule: one that nobody can see may well be there, such
    /// as an extension module that is not built yet.
    pub(super) fn bound_at(&self, file: FileId, name: Symbol) -> Option<TextSize> {
        let mut known = self.bound.borrow_mut();
        *known.entry(file).or_default().entry(name).or_insert_with(|| {
            let facts = self.project.file(file);
            let text = self.symbols.text(name);
            let mut bound = facts.bound().iter().filter(|it| facts.text(it.name) == text);
            bound.find(|it| !self.asks_itself(file, it.start())).map(|it| it.start())
        })
    }

    /// Whether what a package does here is `from . import …`.
    fn asks_itself(&self, file: FileId, at: TextSize) -> bool {
        let (facts, own) = (self.project.file(file), self.project.packages[file.index()]);
        let asks = |import: &ImportFacts| {
            import.is_from()
                && import.range().contains(at)
                && self.project.dotted_package(file, import.module) == Some(own)
        };
        facts.module().is_package() && facts.imports().iter().any(asks)
    }
}

/// Names, and where a file binds them for the first time.
pub(super) type Bound = FxHashMap<Symbol, Option<TextSize>>;
