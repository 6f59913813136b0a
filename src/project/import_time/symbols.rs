//! The texts of the interpreter, and which of them files speak of.

use std::cell::Cell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::interpreter::Frame;
use super::values::{Symbol, WELL_KNOWN};
use crate::facts::program::NOTHING;
use crate::project::modules::Package;
use crate::project::{FileId, Project};
use crate::text::DistinctTexts;

/// The texts of the interpreter, and which of them those of the files are.
#[derive(Default)]
pub(super) struct Texts {
    texts: DistinctTexts,
    /// By the index of the file.
    of_files: Vec<Option<Box<OfFile>>>,
    of_packages: FxHashMap<Package, Symbol>,
}

impl Texts {
    /// Those of a file, as far as anybody asked.
    pub(super) fn of_file(&self, file: FileId) -> Option<&OfFile> {
        self.of_files.get(file.index())?.as_deref()
    }

    pub(super) fn of_file_mut(&mut self, file: FileId) -> &mut OfFile {
        if self.of_files.len() <= file.index() {
            self.of_files.resize_with(file.index() + 1, || None);
        }
        self.of_files[file.index()].get_or_insert_default()
    }
}

/// By the number of a file's text: one more than its symbol, or 0 where nobody asked.
pub(super) type FileSymbols = Rc<[Cell<u32>]>;

/// What a file speaks of, as far as anybody asked.
#[derive(Default)]
pub(super) struct OfFile {
    symbols: Option<FileSymbols>,
    /// By dotted name.
    pub(super) dotted: FxHashMap<u32, Rc<Path>>,
}

/// A dotted name that is imported.
pub(super) struct Path {
    pub(super) parts: Box<[Symbol]>,
    /// The packages of the project that it names, as many as there are; `None` if it does not begin
    /// in the project.
    pub(super) packages: Option<Box<[Package]>>,
}

/// The texts of the interpreter, and those of the files among them.
pub(super) struct Symbols<'p> {
    pub(super) texts: Texts,
    project: &'p Project,
}

impl<'p> Symbols<'p> {
    pub(super) fn new(project: &'p Project, texts: Texts) -> Symbols<'p> {
        let mut symbols = Symbols { texts, project };
        for (number, text) in WELL_KNOWN.iter().enumerate() {
            let symbol = symbols.intern(text);
            debug_assert_eq!(symbol, Symbol(number as u32), "their order is that of the constants");
        }
        symbols
    }

    pub(super) fn text(&self, symbol: Symbol) -> &str {
        self.texts.texts.get(symbol.0)
    }

    pub(super) fn intern(&mut self, text: &str) -> Symbol {
        Symbol(self.texts.texts.number(text))
    }

    /// The symbols of a file's texts.
    pub(super) fn of_all(&mut self, file: FileId) -> FileSymbols {
        let count = || self.project.file(file).text_count();
        let known = &mut self.texts.of_file_mut(file).symbols;
        Rc::clone(known.get_or_insert_with(|| vec![Cell::new(0); count()].into()))
    }

    /// The symbol of a text of the file whose code runs, by the text's number.
    pub(super) fn of(&mut self, frame: &Frame<'_>, number: u32) -> Symbol {
        self.of_known(&frame.symbols, frame.file, number)
    }

    /// The symbol of the full name of a package.
    pub(super) fn of_package(&mut self, package: Package) -> Symbol {
        if let Some(known) = self.texts.of_packages.get(&package) {
            return *known;
        }
        let symbol = self.intern(&self.project.modules.dotted(package));
        self.texts.of_packages.insert(package, symbol);
        symbol
    }

    /// The symbol of a text of a file, by the text's number.
    pub(super) fn of_file(&mut self, file: FileId, number: u32) -> Symbol {
        let symbols = self.of_all(file);
        self.of_known(&symbols, file, number)
    }

    fn of_known(&mut self, symbols: &FileSymbols, file: FileId, number: u32) -> Symbol {
        let known = &symbols[number as usize];
        if let Some(symbol) = known.get().checked_sub(1) {
            return Symbol(symbol);
        }
        let symbol = self.intern(self.project.file(file).text_of(number));
        known.set(symbol.0 + 1);
        symbol
    }

    /// The same, of a word that may stand for nothing.
    pub(super) fn optional(&mut self, frame: &Frame<'_>, word: u32) -> Option<Symbol> {
        (word != NOTHING).then(|| self.of(frame, word))
    }
}
