//! Decorators.

mod missing_functools_wraps;
mod wrappers;

use crate::rule::Chapter;

/// Decorators.
pub const CHAPTER: Chapter =
    Chapter { name: "decorators", title: "Decorators", rules: &[missing_functools_wraps::RULE] };
