//! Text to tree. The only caller of the parser.

pub mod nesting;
pub mod tree;

use ruff_python_ast::{ModModule, PySourceType, PythonVersion};
use ruff_python_parser::{Mode, ParseOptions, Parsed};

pub use tree::{NodeId, Tree};

/// What kind of Python a file holds, by its name: `.pyi` is a stub, everything else a module.
pub fn source_type(path: &str) -> PySourceType {
    if path.ends_with(".pyi") { PySourceType::Stub } else { PySourceType::Python }
}

/// Parses a module. Never fails: a broken file gives a tree of what could be understood, and the
/// errors. `target` is the oldest Python that must accept the text; without one the parser
/// accepts all that it knows.
pub fn parse(text: &str, kind: PySourceType, target: Option<PythonVersion>) -> Parsed<ModModule> {
    let version = target.unwrap_or_else(PythonVersion::latest_preview);
    let options = ParseOptions::from(kind).with_target_version(version);
    debug_assert!(matches!(kind, PySourceType::Python | PySourceType::Stub));
    ruff_python_parser::parse_unchecked(text, options)
        .try_into_module()
        .unwrap_or_else(|| unreachable!("{:?} parses to a module", Mode::Module))
}
