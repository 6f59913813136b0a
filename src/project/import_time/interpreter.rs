//! The interpreter: modules, and what is under way.

use std::cell::RefCell;
use std::rc::Rc;

use ruff_text_size::TextSize;
use rustc_hash::FxHashMap;

use super::failure::{Hop, ImportFailure, Missing, Stop};
use super::graph::Graph;
use super::looks::is_the_same;
use super::recall::{Recall, Stamp};
use super::replay::Replay;
use super::values::{Class, Locals, ModuleId, Namespace, Symbol, Value, WELL_KNOWN};
use crate::facts::program::NOTHING;
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

impl Loaded {
    pub(super) fn module(self) -> Option<ModuleId> {
        match self {
            Loaded::Module(id) => Some(id),
            Loaded::Foreign => None,
        }
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
    /// A module of the project was imported where it was not certain: the order of what follows is
    /// not, either.
    pub(super) is_tainted: bool,
}

/// A module that cannot reach a cycle, as it is once it is imported: with all that it imports.
pub(super) struct Settled {
    pub(super) modules: Vec<(Package, ModuleId, Rc<Module>)>,
}

/// A function that runs.
pub(super) struct Running {
    pub(super) file: FileId,
    pub(super) head: usize,
}

/// Where code runs.
pub(super) struct Frame {
    pub(super) file: FileId,
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
    pub(super) most_steps: u64,
    pub(super) trail: Vec<Hop>,
    pub(super) running: Vec<Running>,
    pub(super) settled: FxHashMap<Package, Option<Rc<Settled>>>,
    pub(super) recall: Recall,
    pub(super) replay: Replay,
    /// Where files bind names for the first time, as far as it was asked for.
    bound: RefCell<FxHashMap<(FileId, Symbol), Option<TextSize>>>,
    /// Statements that are not run: imports that are taken out.
    pub(super) without: Vec<(FileId, TextSize)>,
}

impl<'p> Interpreter<'p> {
    pub(super) fn new(project: &'p Project, graph: &'p Graph, mode: Mode) -> Interpreter<'p> {
        Interpreter {
            project,
            graph,
            mode,
            symbols: Symbols::new(project),
            world: World::default(),
            may: 0,
            steps: 0,
            most_steps: 0,
            trail: Vec::new(),
            running: Vec::new(),
            settled: FxHashMap::default(),
            recall: Recall::default(),
            replay: Replay::default(),
            bound: RefCell::default(),
            without: Vec::new(),
        }
    }

    pub(super) fn program(&self, file: FileId) -> &'p [u32] {
        self.project.file(file).program()
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
        self.recall.class_changed();
        if !self.replay.is_new(class.made.0) {
            class.is_changed.set(true);
            self.replay.spoil();
        }
    }

    /// Something happens that others can see, or something is seen that others may change.
    pub(super) fn effect(&mut self) -> Stamp {
        self.replay.spoil();
        self.recall.effect()
    }

    /// One step more.
    pub(super) fn step(&mut self) -> Result<(), Stop> {
        self.steps += 1;
        if self.steps > self.most_steps { Err(Stop::Exhausted) } else { Ok(()) }
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

    /// Where a module binds a name for the first time, if it does so visibly at all.
    pub(super) fn bound_at(&self, file: FileId, name: Symbol) -> Option<TextSize> {
        let known = self.bound.borrow().get(&(file, name)).copied();
        known.unwrap_or_else(|| {
            let facts = self.project.file(file);
            let text = self.symbols.text(name);
            let bound = facts.bound().iter().find(|it| facts.text(it.name) == text);
            let found = bound.map(|it| it.start());
            self.bound.borrow_mut().insert((file, name), found);
            found
        })
    }
}

/// The texts of the interpreter, and those of the files among them.
pub(super) struct Symbols<'p> {
    texts: Vec<Rc<str>>,
    numbers: FxHashMap<Rc<str>, Symbol>,
    /// By file and text of it: one more than the symbol, 0 where nobody asked.
    of_files: Vec<Vec<u32>>,
    project: &'p Project,
}

impl<'p> Symbols<'p> {
    fn new(project: &'p Project) -> Symbols<'p> {
        let of_files = vec![Vec::new(); project.files.len()];
        let (texts, numbers) = (Vec::new(), FxHashMap::default());
        let mut symbols = Symbols { texts, numbers, of_files, project };
        for (number, text) in WELL_KNOWN.iter().enumerate() {
            let symbol = symbols.intern(text);
            debug_assert_eq!(symbol, Symbol(number as u32), "their order is that of the constants");
        }
        symbols
    }

    pub(super) fn text(&self, symbol: Symbol) -> &str {
        &self.texts[symbol.0 as usize]
    }

    pub(super) fn intern(&mut self, text: &str) -> Symbol {
        if let Some(known) = self.numbers.get(text) {
            return *known;
        }
        let symbol = Symbol(self.texts.len() as u32);
        let text: Rc<str> = text.into();
        self.texts.push(Rc::clone(&text));
        self.numbers.insert(text, symbol);
        symbol
    }

    /// The symbol of a text of a file, by the text's number.
    pub(super) fn of_file(&mut self, file: FileId, number: u32) -> Symbol {
        let facts = self.project.file(file);
        let known = &mut self.of_files[file.index()];
        if known.is_empty() {
            known.resize(facts.text_count(), 0);
        }
        match known[number as usize] {
            0 => {
                let symbol = self.intern(facts.text_of(number));
                self.of_files[file.index()][number as usize] = symbol.0 + 1;
                symbol
            }
            symbol => Symbol(symbol - 1),
        }
    }

    /// The same, of a word that may stand for nothing.
    pub(super) fn optional(&mut self, file: FileId, word: u32) -> Option<Symbol> {
        (word != NOTHING).then(|| self.of_file(file, word))
    }
}
