//! stub
use serde::{Deserialize, Serialize};
/// s
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Suppressions;
/// s
#[derive(Default)]
pub struct UsedSuppressions;
impl Suppressions {
    /// s
    pub fn suppresses(
        &self,
        _: ruff_text_size::TextSize,
        _: &dyn Fn(&str) -> bool,
        _: &mut UsedSuppressions,
    ) -> bool {
        false
    }
    /// s
    pub fn unused(
        &self,
        _: &UsedSuppressions,
        _: &dyn Fn(&str) -> bool,
        _: &dyn Fn(&str) -> bool,
        _: &[&str],
    ) -> Vec<crate::diagnostic::Diagnostic> {
        vec![]
    }
}
/// s
pub fn parse(_t: &str, _k: &ruff_python_ast::token::Tokens) -> Suppressions {
    Suppressions
}
/// s
pub fn add_ignores(
    _: &std::path::Path,
    _: &[crate::diagnostic::Diagnostic],
    _: Option<&str>,
) -> Result<usize, std::io::Error> {
    Ok(0)
}
