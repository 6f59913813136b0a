//! The writer of programs: what it remembers, and how names become words.

use ruff_python_ast::{ExprName, ModModule};
use ruff_text_size::{TextRange, TextSize};

use super::super::strings::{Interner, Text};
use super::{BoundFacts, Instruction, NOTHING, ProgramPlace};
use crate::semantic::{Occurs, Reference, ScopeId, ScopeKind, Semantic, SymbolId};
use crate::syntax::{NodeId, Tree};

/// What decides how much of a module is written.
#[derive(Clone, Copy)]
pub(in crate::facts) struct Options {
    /// Annotations are not evaluated on any Python that the module is meant for.
    pub(in crate::facts) annotations_are_deferred: bool,
    /// The bodies of functions are left out.
    pub(in crate::facts) without_functions: bool,
}

/// The imports of the file, as its facts have them.
#[derive(Clone, Copy)]
pub(in crate::facts) struct Imports<'i> {
    /// Beside the import statements that the semantic model knows.
    pub(in crate::facts) sites: &'i [ImportSite],
    /// The names that are imported from modules.
    pub(in crate::facts) names: &'i [Text],
}

/// Where an import statement stands among the imports of the file.
#[derive(Clone, Copy)]
pub(in crate::facts) struct ImportSite {
    /// The number of its first import; [`NOTHING`] if there is none.
    pub(in crate::facts) import: u32,
    /// The number of the first name that it imports from a module.
    pub(in crate::facts) name: u32,
}

/// Memory that is used again for one file after another.
#[derive(Default)]
pub(in crate::facts) struct Scratch {
    reads: Vec<u32>,
}

/// Writes the program of a module behind `words`.
pub(in crate::facts) fn write<'a>(
    root: &'a ModModule,
    (tree, semantic): (&Tree<'a>, &Semantic<'a>),
    imports: Imports<'_>,
    interner: &mut Interner,
    (words, places, bound): (&mut Vec<u32>, &mut Vec<ProgramPlace>, &mut Vec<BoundFacts>),
    options: Options,
    scratch: &mut Scratch,
) {
    let mut reads = std::mem::take(&mut scratch.reads);
    reads.clear();
    reads.resize(semantic.symbol_count(), 0);
    let mut writer = Writer {
        tree,
        semantic,
        imports,
        interner,
        words,
        places,
        bound,
        options,
        reads,
        last_read: None,
        next_read: 0,
        next_function: 0,
        next_import: 0,
        depth: 0,
        is_in_class: false,
        global_names: Vec::new(),
        keeps_strings: semantic.global("__getattr__").is_some(),
        is_open: semantic.scope(ScopeId::MODULE).opaque,
    };
    writer.statements(&root.body);
    scratch.reads = writer.reads;
}

/// Builtins that the interpreter knows; what others do is of no interest.
const KNOWN_BUILTINS: &[&str] = &[
    "ImportError",
    "__import__",
    "callable",
    "classmethod",
    "delattr",
    "eval",
    "exec",
    "getattr",
    "globals",
    "hasattr",
    "isinstance",
    "list",
    "locals",
    "property",
    "range",
    "set",
    "setattr",
    "sorted",
    "staticmethod",
    "super",
    "tuple",
    "vars",
    // What every module has.
    "__name__",
    "__package__",
    "__path__",
];

pub(super) struct Writer<'a, 'w> {
    pub(super) tree: &'w Tree<'a>,
    pub(super) semantic: &'w Semantic<'a>,
    pub(super) imports: Imports<'w>,
    pub(super) interner: &'w mut Interner,
    pub(super) words: &'w mut Vec<u32>,
    places: &'w mut Vec<ProgramPlace>,
    pub(super) bound: &'w mut Vec<BoundFacts>,
    pub(super) options: Options,
    /// By symbol, the word that reading it is, and one more; 0 where nobody asked.
    reads: Vec<u32>,
    /// What was read last.
    last_read: Option<SymbolId>,
    /// Where the next read is expected among the reads of the file.
    next_read: usize,
    /// Where the next function is expected among those of the file.
    pub(super) next_function: usize,
    /// Where the next import statement is expected among those of the file.
    pub(super) next_import: usize,
    /// How many functions, lambdas and comprehensions are around.
    pub(super) depth: u32,
    /// Whether the innermost scope is a class.
    pub(super) is_in_class: bool,
    /// What the function around declares `global`.
    pub(super) global_names: Vec<&'a str>,
    /// Whether strings are written with their text.
    pub(super) keeps_strings: bool,
    /// Whether the module may have names that it does not bind visibly.
    is_open: bool,
}

/// Somewhere in a program.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    pub(super) words: usize,
    places: usize,
}

impl<'a, 'w> Writer<'a, 'w> {
    pub(super) fn put(&mut self, instruction: Instruction, operand: u32) {
        self.words.push(instruction.with(operand));
    }

    pub(super) fn put_place(&mut self, at: TextSize) {
        self.words.push(self.places.len() as u32);
        self.places.push(ProgramPlace(at.to_u32()));
    }

    pub(super) fn put_text(&mut self, text: Option<&str>) {
        let word = text.map_or(NOTHING, |text| self.text(text));
        self.words.push(word);
    }

    /// How far the program has come.
    pub(super) fn mark(&self) -> Mark {
        Mark { words: self.words.len(), places: self.places.len() }
    }

    /// Takes back what was written since.
    pub(super) fn take_back(&mut self, mark: Mark) {
        self.words.truncate(mark.words);
        self.places.truncate(mark.places);
    }

    /// The number of a text.
    pub(super) fn text(&mut self, text: &str) -> u32 {
        self.interner.text(text).0
    }

    /// Writes something behind its length in words.
    pub(super) fn measured(&mut self, write: impl FnOnce(&mut Self)) {
        let at = self.words.len();
        self.words.push(0);
        write(self);
        self.words[at] = (self.words.len() - at - 1) as u32;
    }

    /// Whether what was written since `start` is a single value that has no effect.
    pub(super) fn is_inert_since(&self, start: usize) -> bool {
        use Instruction::{Boolean, Integer, Local, None, SomeString, String, Unknown};
        let [word] = self.words[start..] else { return false };
        matches!(
            Instruction::of(word).0,
            Unknown | None | Boolean | Integer | String | SomeString | Local
        )
    }

    /// Whether what was written since `start` is [`Instruction::Unknown`].
    pub(super) fn is_unknown_since(&self, start: usize) -> bool {
        self.words[start..] == [Instruction::Unknown.with(0)]
    }

    /// Remembers that the module binds a name here.
    pub(super) fn remember_bound(&mut self, text: u32, at: TextSize) {
        self.bound.push(BoundFacts::new(Text(text), at));
    }

    /// A name that is read.
    pub(super) fn name(&mut self, name: &ExprName) {
        let Some(read) = self.read(self.tree.id(name)) else {
            self.last_read = None;
            let text = self.text(name.id.as_str());
            self.put(Instruction::Name, text);
            return self.put_place(name.range.start());
        };
        let symbol = read.symbol();
        self.last_read = Some(symbol);
        let word = match self.reads[symbol.index()] {
            0 => {
                let word = self.word_of(read, name.id.as_str());
                self.reads[symbol.index()] = word + 1;
                word
            }
            known => known - 1,
        };
        self.words.push(word);
        if Instruction::Name.is(word) {
            self.put_place(name.range.start());
        }
    }

    /// The word that reading a name is, which is the same wherever its scope reads it.
    fn word_of(&mut self, read: &Reference, name: &str) -> u32 {
        let kind = self.semantic.scope(read.scope).kind;
        let occurs = self.semantic.occurs(read.symbol());
        let is_own = occurs.is_bound() && !occurs.any(Occurs::GLOBAL);
        let is_function_like =
            matches!(kind, ScopeKind::Function | ScopeKind::Lambda | ScopeKind::Comprehension);
        match kind {
            ScopeKind::TypeParameters | ScopeKind::LazyExpression if is_own => {
                return Instruction::Unknown.with(0);
            }
            _ if is_own && is_function_like => {
                return Instruction::Local.with(self.text_read(read, name));
            }
            _ => {}
        }
        // Only the module can bind it.
        let is_global = !is_own && self.depth == u32::from(is_function_like);
        if is_global && !self.is_kept(read, name) {
            return Instruction::Unknown.with(0);
        }
        Instruction::Name.with(self.text_read(read, name))
    }

    /// The text of a name that is read.
    fn text_read(&mut self, read: &Reference, name: &str) -> u32 {
        // A private one may be written in two ways.
        match name.starts_with("__") {
            true => self.text(name),
            false => self.interner.name(self.semantic.name_id_read(read), name).0,
        }
    }

    /// Whether the module binds a name, or it means something without that.
    fn is_kept(&self, read: &Reference, name: &str) -> bool {
        let in_module = self.semantic.symbol_in(ScopeId::MODULE, self.semantic.name_id_read(read));
        self.is_open
            || in_module.is_some_and(|it| self.semantic.occurs(it).is_bound())
            || KNOWN_BUILTINS.contains(&name)
            // `global` in a function binds it too.
            || in_module.is_some_and(|it| self.semantic.bindings(it).next().is_some())
    }

    /// The read that a name is. Names are asked for nearly in the order in which they were read.
    fn read(&mut self, node: NodeId) -> Option<&'w Reference> {
        let reads = self.semantic.walked_references();
        let from = self.next_read.min(reads.len());
        let near = reads[from..].iter().take(8).position(|read| read.node >= node);
        let at = match near {
            Some(0) if reads[from].node == node => from,
            Some(0) if from > 0 && reads[from - 1].node >= node => {
                reads.partition_point(|read| read.node < node)
            }
            Some(steps) => from + steps,
            None => reads.partition_point(|read| read.node < node),
        };
        self.next_read = at + 1;
        reads.get(at).filter(|read| read.node == node)
    }

    /// Whether the name that was read last is bound by an import in the function around it.
    pub(super) fn is_imported_locally(&self) -> bool {
        self.last_read.is_some_and(|it| self.semantic.occurs(it).any(Occurs::IMPORT))
    }

    /// The target that a name is in the scope around it.
    pub(super) fn bind(&mut self, name: &str, range: TextRange) {
        let text = self.text(name);
        self.bind_text(text, name, range.start());
    }

    pub(super) fn bind_text(&mut self, text: u32, name: &str, at: TextSize) {
        let is_global = self.is_global(name);
        self.put(if is_global { Instruction::ToGlobal } else { Instruction::ToName }, text);
        if is_global || self.is_module_level() {
            self.remember_bound(text, at);
        }
    }

    /// Whether the scope around has declared a name `global`.
    pub(super) fn is_global(&self, name: &str) -> bool {
        self.global_names.contains(&name)
    }

    pub(super) fn is_module_level(&self) -> bool {
        self.depth == 0 && !self.is_in_class
    }
}
