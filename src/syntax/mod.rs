//! Text to tree. The only caller of the parser.

pub mod arena;
pub mod nesting;
pub mod tree;

use ruff_python_ast::{ModModule, PySourceType, PythonVersion, StringLiteralValue};
use ruff_python_parser::{Mode, ParseOptions, Parsed};

pub use arena::Held;
pub use tree::{NodeId, Tree};

/// What kind of Python a file holds, by its name: `.pyi` is a stub, everything else a module.
pub fn source_type(path: &str) -> PySourceType {
    if path.ends_with(".pyi") { PySourceType::Stub } else { PySourceType::Python }
}

/// Parses a module. Never fails: a broken file gives a tree of what could be understood, and the
/// errors. `target` is the oldest Python that must accept the text; without one the parser
/// accepts all that it knows.
pub fn parse(
    text: &str,
    kind: PySourceType,
    target: Option<PythonVersion>,
) -> Held<Parsed<ModModule>> {
    let version = target.unwrap_or_else(PythonVersion::latest_preview);
    let options = ParseOptions::from(kind).with_target_version(version);
    debug_assert!(matches!(kind, PySourceType::Python | PySourceType::Stub));
    let parse = || {
        ruff_python_parser::parse_unchecked(text, options)
            .try_into_module()
            .unwrap_or_else(|| unreachable!("{:?} parses to a module", Mode::Module))
    };
    // SAFETY: the parser keeps nothing but what it returns.
    #[allow(unsafe_code, reason = "what the arena asks for is shown here")]
    unsafe {
        arena::hold(parse)
    }
}

/// The text of a string literal. That of a concatenated one is joined when it is first asked for
/// and kept in the tree, with whose memory it goes.
#[allow(clippy::disallowed_methods, reason = "the one place that knows where the text is kept")]
pub fn string_text(value: &StringLiteralValue) -> &str {
    if !value.is_implicit_concatenated() {
        return value.to_str();
    }
    // SAFETY: the joined text is kept nowhere but in `value`.
    #[allow(unsafe_code, reason = "what the arena asks for is shown here")]
    unsafe {
        arena::add(value, || value.to_str())
    }
}
