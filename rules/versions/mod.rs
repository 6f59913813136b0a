//! Versions of Python.

mod future;
mod guards;
mod version_gated_syntax;

use crate::rule::Chapter;

/// Versions of Python.
pub const CHAPTER: Chapter =
    Chapter { name: "versions", title: "Versions of Python", rules: &[version_gated_syntax::RULE] };
