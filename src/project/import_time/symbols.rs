//! The texts of the interpreter, and which of them files speak of.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::values::{Symbol, WELL_KNOWN};
use crate::facts::program::NOTHING;
use crate::project::modules::Package;
use crate::project::{FileId, Project};

/// The texts of the interpreter, and which of them those of the files are.
#[derive(Default)]
pub(super) struct Texts {
    texts: Vec<Rc<str>>,
    numbers: FxHashMap<Rc<str>, Symbol>,
    /// By the index of the file.
    of_files: Vec<Option<Box<OfFile>>>,
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

/// What a file speaks of, as far as anybody asked.
#[derive(Default)]
pub(super) struct OfFile {
    /// By text: one more than the symbol, or 0.
    symbols: Vec<u32>,
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
        &self.texts.texts[symbol.0 as usize]
    }

    pub(super) fn intern(&mut self, text: &str) -> Symbol {
        let Texts { texts, numbers, .. } = &mut self.texts;
        if let Some(known) = numbers.get(text) {
            return *known;
        }
        let symbol = Symbol(texts.len() as u32);
        let text: Rc<str> = text.into();
        texts.push(Rc::clone(&text));
        numbers.insert(text, symbol);
        symbol
    }

    /// The symbol of a text of a file, by the text's number.
    pub(super) fn of_file(&mut self, file: FileId, number: u32) -> Symbol {
        let known =
            self.texts.of_file(file).and_then(|it| it.symbols.get(number as usize)).copied();
        if let Some(symbol) = known.unwrap_or_default().checked_sub(1) {
            return Symbol(symbol);
        }
        let facts = self.project.file(file);
        let symbol = self.intern(facts.text_of(number));
        let known = &mut self.texts.of_file_mut(file).symbols;
        if known.is_empty() {
            known.resize(facts.text_count(), 0);
        }
        known[number as usize] = symbol.0 + 1;
        symbol
    }

    /// The same, of a word that may stand for nothing.
    pub(super) fn optional(&mut self, file: FileId, word: u32) -> Option<Symbol> {
        (word != NOTHING).then(|| self.of_file(file, word))
    }
}
