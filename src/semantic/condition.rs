//! Under which conditions a statement is reached.

use ruff_python_ast::{self as ast, CmpOp, Expr, PythonVersion, UnaryOp};

use crate::syntax::NodeId;

/// A condition of one file; they form a tree from the unconditional root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConditionId(pub(super) u32);

impl ConditionId {
    /// Always.
    pub const ALWAYS: ConditionId = ConditionId(0);
}

/// A branch that a statement stands in.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The conditions around it.
    pub parent: ConditionId,
    /// What must hold.
    pub test: Test,
    /// The statement that branches.
    pub statement: NodeId,
    /// Which of its branches: two that differ exclude each other (but for `try`).
    pub arm: u16,
}

/// What a branch asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// Nothing: the root.
    Always,
    /// `typing.TYPE_CHECKING` (true), or its `else` (false).
    TypeChecking(bool),
    /// A Python within bounds.
    Version(Versions),
    /// `__name__ == "__main__"`.
    Main,
    /// The body of a `try`, or the `else` after it.
    Try,
    /// A handler of a `try`.
    Handler,
    /// A `finally` block: always reached.
    Finally,
    /// The body of a loop: any number of times.
    Loop,
    /// The body of a `with`: reached, but what it raises may be swallowed.
    With,
    /// Something that cannot be decided.
    Unknown,
}

/// Pythons from `from` (inclusive) to `below` (exclusive); open where `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Versions {
    /// The oldest.
    pub from: Option<PythonVersion>,
    /// The first that is too new.
    pub below: Option<PythonVersion>,
}

impl Versions {
    fn from(version: PythonVersion) -> Versions {
        Versions { from: Some(version), below: None }
    }

    fn below(version: PythonVersion) -> Versions {
        Versions { from: None, below: Some(version) }
    }

    /// All others, where they are one range.
    fn negated(self) -> Option<Versions> {
        match self {
            Versions { from: Some(version), below: None } => Some(Versions::below(version)),
            Versions { from: None, below: Some(version) } => Some(Versions::from(version)),
            _ => None,
        }
    }
}

/// Reads the test of an `if`: what holds in its body.
pub fn read_test(test: &Expr) -> Test {
    match test {
        Expr::Name(name) if name.id.as_str() == "TYPE_CHECKING" => Test::TypeChecking(true),
        Expr::Attribute(attribute) if attribute.attr.as_str() == "TYPE_CHECKING" => {
            Test::TypeChecking(true)
        }
        Expr::UnaryOp(ast::ExprUnaryOp { op: UnaryOp::Not, operand, .. }) => {
            negate(read_test(operand))
        }
        Expr::BoolOp(ast::ExprBoolOp { op: ast::BoolOp::And, values, .. }) => values
            .iter()
            .map(read_test)
            .find(|test| matches!(test, Test::TypeChecking(true) | Test::Version(_)))
            .unwrap_or(Test::Unknown),
        Expr::Compare(compare) => read_comparison(compare),
        _ => Test::Unknown,
    }
}

/// What holds where the test does not.
pub(super) fn negate(test: Test) -> Test {
    match test {
        Test::TypeChecking(is) => Test::TypeChecking(!is),
        Test::Version(versions) => versions.negated().map_or(Test::Unknown, Test::Version),
        _ => Test::Unknown,
    }
}

/// What holds in the branches after one whose test this was: a conjunction's failure says nothing.
pub fn read_else(test: &Expr) -> Test {
    match test {
        Expr::BoolOp(_) => Test::Unknown,
        _ => negate(read_test(test)),
    }
}

fn read_comparison(compare: &ast::ExprCompare) -> Test {
    let ([op], [right]) = (&*compare.ops, &*compare.comparators) else { return Test::Unknown };
    match &*compare.left {
        Expr::Name(name) if name.id.as_str() == "__name__" => match (op, right) {
            (CmpOp::Eq, Expr::StringLiteral(text)) if text.value.to_str() == "__main__" => {
                Test::Main
            }
            _ => Test::Unknown,
        },
        left => {
            let Some((exact, version)) = version_operand(left, right) else { return Test::Unknown };
            let next = PythonVersion { minor: version.minor + 1, ..version };
            let versions = match op {
                CmpOp::GtE => Versions::from(version),
                CmpOp::Lt => Versions::below(version),
                // `sys.version_info > (3, 8)` holds on 3.8.0 too: the tuple is shorter.
                CmpOp::Gt if exact => Versions::from(next),
                CmpOp::Gt => Versions::from(version),
                CmpOp::LtE if exact => Versions::below(next),
                CmpOp::LtE => Versions::below(version),
                CmpOp::Eq if exact => Versions { from: Some(version), below: Some(next) },
                _ => return Test::Unknown,
            };
            Test::Version(versions)
        }
    }
}

/// The version that an operand of `sys.version_info` is compared with, and whether the comparison
/// is with exactly that many parts (`[:2]`, `[0]`, `.major`).
fn version_operand(left: &Expr, right: &Expr) -> Option<(bool, PythonVersion)> {
    let is_info = |expr: &Expr| match expr {
        Expr::Attribute(attribute) => {
            attribute.attr.as_str() == "version_info"
                && attribute.value.as_name_expr().is_some_and(|name| name.id.as_str() == "sys")
        }
        Expr::Name(name) => name.id.as_str() == "version_info",
        _ => false,
    };
    let number = |expr: &Expr| match expr {
        Expr::NumberLiteral(literal) => match &literal.value {
            ast::Number::Int(value) => value.as_u8(),
            _ => None,
        },
        _ => None,
    };
    let major_only = |expr: &Expr| {
        // `sys.version_info[0] >= 3` bounds by the major version alone.
        number(expr).map(|major| (false, PythonVersion { major, minor: 0 }))
    };
    match left {
        left if is_info(left) => {
            let Expr::Tuple(tuple) = right else { return None };
            let major = number(tuple.elts.first()?)?;
            let minor = tuple.elts.get(1).map_or(Some(0), number)?;
            Some((false, PythonVersion { major, minor }))
        }
        Expr::Subscript(subscript) if is_info(&subscript.value) => match &*subscript.slice {
            Expr::Slice(slice) if slice.lower.is_none() && slice.step.is_none() => {
                let Expr::Tuple(tuple) = right else { return None };
                let parts = number(slice.upper.as_deref()?)?;
                let major = number(tuple.elts.first()?)?;
                let minor = tuple.elts.get(1).map_or(Some(0), number)?;
                Some((parts == 2, PythonVersion { major, minor }))
            }
            index if number(index) == Some(0) => major_only(right),
            _ => None,
        },
        Expr::Attribute(attribute)
            if attribute.attr.as_str() == "major" && is_info(&attribute.value) =>
        {
            major_only(right)
        }
        _ => None,
    }
}
