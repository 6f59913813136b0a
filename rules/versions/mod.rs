//! Versions of Python.

mod calls;
mod future;
mod gate;
mod guards;
mod imports;
mod removed_stdlib_api;
mod stdlib;
mod uses;
mod values;
mod version_gated_api;
mod version_gated_syntax;

use crate::rule::Chapter;

/// Versions of Python.
pub const CHAPTER: Chapter = Chapter {
    name: "versions",
    title: "Versions of Python",
    rules: &[version_gated_syntax::RULE, version_gated_api::RULE, removed_stdlib_api::RULE],
};
