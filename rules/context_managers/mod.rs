//! Context managers.

mod clean_up;
mod contextmanager_without_finally;

use crate::rule::Chapter;

/// Context managers.
pub const CHAPTER: Chapter = Chapter {
    name: "context-managers",
    title: "Context managers",
    rules: &[contextmanager_without_finally::RULE],
};
