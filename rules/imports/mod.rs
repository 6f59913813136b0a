//! The import system.

mod circular_import;
mod harmless_import_cycle;

use crate::rule::Chapter;

/// The import system.
pub const CHAPTER: Chapter = Chapter {
    name: "imports",
    title: "The import system",
    rules: &[circular_import::RULE, harmless_import_cycle::RULE],
};
