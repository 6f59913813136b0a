//! Versions of Python.

mod bad_version_check;
mod broken_import_fallback;
mod calls;
mod future;
mod future_annotations_required;
mod gate;
mod guards;
mod imports;
mod inconsistent_python_version;
mod lexicographic_version_compare;
mod outdated_compat_code;
mod removed_stdlib_api;
mod stdlib;
mod types;
mod uses;
mod values;
mod version_gated_api;
mod version_gated_syntax;

use crate::rule::Chapter;

/// Versions of Python.
pub const CHAPTER: Chapter = Chapter {
    name: "versions",
    title: "Versions of Python",
    rules: &[
        version_gated_syntax::RULE,
        version_gated_api::RULE,
        future_annotations_required::RULE,
        outdated_compat_code::RULE,
        removed_stdlib_api::RULE,
        bad_version_check::RULE,
        lexicographic_version_compare::RULE,
        broken_import_fallback::RULE,
        inconsistent_python_version::RULE,
    ],
};
