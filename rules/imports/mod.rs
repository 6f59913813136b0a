//! The import system.

mod circular_import;
mod cutting;
mod harmless_import_cycle;
mod readers;
mod uses;

use crate::rule::Chapter;

/// The import system.
pub const CHAPTER: Chapter = Chapter {
    name: "imports",
    title: "The import system",
    rules: &[circular_import::RULE, harmless_import_cycle::RULE],
};
