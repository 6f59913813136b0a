//! The import system.

mod circular_import;
mod cutting;
mod edits;
mod harmless_import_cycle;
mod places;
mod readers;
mod reexport_cycle;
mod typing_import_at_runtime;
mod uses;

use crate::rule::Chapter;

/// The import system.
pub const CHAPTER: Chapter = Chapter {
    name: "imports",
    title: "The import system",
    rules: &[
        circular_import::RULE,
        harmless_import_cycle::RULE,
        reexport_cycle::RULE,
        typing_import_at_runtime::RULE,
    ],
};
