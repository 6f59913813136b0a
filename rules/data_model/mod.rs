//! The data model.

mod eq_without_hash;

use crate::rule::Chapter;

/// The data model.
pub const CHAPTER: Chapter =
    Chapter { name: "data-model", title: "The data model", rules: &[eq_without_hash::RULE] };
