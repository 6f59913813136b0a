//! What gives a name its value, and when.

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::TextRange;

use crate::syntax::NodeId;

use super::condition::ConditionId;
use super::index::Index;
use super::scope::SymbolId;

/// A binding of a name in a scope of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BindingId(pub(super) Index);

/// One of the places where a name gets a value.
#[derive(Clone, Copy, Debug)]
pub struct Binding<'a> {
    /// What kind of place.
    pub kind: BindingKind<'a>,
    /// The name itself in the text.
    pub range: TextRange,
    /// The statement, handler, comprehension or parameter that binds.
    pub node: NodeId,
    /// Under which conditions it is reached.
    pub condition: ConditionId,
    pub(super) symbol: SymbolId,
    pub(super) next: Option<BindingId>,
}

/// What kind of place binds a name.
#[derive(Clone, Copy, Debug)]
pub enum BindingKind<'a> {
    /// `import a.b` (binds `a`) or `import a.b as c` (binds `c` to `a.b`).
    Import(&'a ast::StmtImport, &'a ast::Alias),
    /// `from a import b [as c]`.
    FromImport(&'a ast::StmtImportFrom, &'a ast::Alias),
    /// `class C`.
    Class(&'a ast::StmtClassDef),
    /// `def f`.
    Function(&'a ast::StmtFunctionDef),
    /// A parameter of a function or lambda.
    Parameter(&'a ast::Parameter),
    /// `x = value`, `x: T = value` or `(x := value)`: the whole value, not a part of it.
    Assignment(&'a Expr),
    /// A part of an unpacked value.
    Unpacking,
    /// `x: T` without a value: declares, binds nothing.
    Declaration,
    /// `x += value`.
    AugmentedAssignment,
    /// A `for` loop's target.
    Loop,
    /// A comprehension's target.
    Comprehension,
    /// `with … as x`.
    With(&'a Expr),
    /// `except E as x`: unbound again at the handler's end.
    Exception,
    /// A capture of a `match` pattern.
    Match,
    /// A type parameter (PEP 695).
    TypeParameter,
    /// `type X = …` (PEP 695).
    TypeAlias(&'a ast::StmtTypeAlias),
    /// `del x`: the name has no value after it.
    Deletion,
}

impl BindingKind<'_> {
    /// Whether it gives the name a value (a deletion and a bare annotation do not).
    pub fn gives_value(self) -> bool {
        !matches!(self, BindingKind::Declaration | BindingKind::Deletion)
    }
}
