//! The data model.

mod eq_without_hash;
mod str_without_repr;

use crate::rule::Chapter;

/// The data model.
pub const CHAPTER: Chapter = Chapter {
    name: "data-model",
    title: "The data model",
    rules: &[str_without_repr::RULE, eq_without_hash::RULE],
};
