//! Generators and iterators.

mod yield_in_for_loop;

use crate::rule::Chapter;

/// Generators and iterators.
pub const CHAPTER: Chapter = Chapter {
    name: "generators",
    title: "Generators and iterators",
    rules: &[yield_in_for_loop::RULE],
};
