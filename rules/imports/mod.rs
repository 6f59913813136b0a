//! The import system.

mod circular_import;

use crate::rule::Chapter;

/// The import system.
pub const CHAPTER: Chapter =
    Chapter { name: "imports", title: "The import system", rules: &[circular_import::RULE] };
