//! Under which conditions a statement is reached.

use ruff_python_ast::{self as ast, CmpOp, Expr, PythonVersion, UnaryOp};

use super::pythons::{self, Pythons, Spelling};
use crate::syntax::{NodeId, string_text};

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
    /// The bounds of a set: `None` for all Pythons, and for what is no single range.
    fn of(pythons: Pythons) -> Option<Versions> {
        if pythons == Pythons::ALL || pythons.is_empty() || !pythons.is_range() {
            return None;
        }
        let reaches_back = !pythons.and(Pythons::TWO).is_empty();
        let from = if reaches_back { None } else { pythons.lowest() };
        Some(Versions { from, below: pythons.end() })
    }
}

/// Reads the test of an `if`: what holds in its body.
pub fn read_test(test: &Expr) -> Test {
    read_side(test, true)
}

/// What holds in the branches after one whose test this was.
pub fn read_else(test: &Expr) -> Test {
    read_side(test, false)
}

/// What is known where a test holds, or where it does not.
fn read_side(test: &Expr, holds: bool) -> Test {
    match test {
        Expr::Name(name) if name.id.as_str() == "TYPE_CHECKING" => Test::TypeChecking(holds),
        Expr::Attribute(attribute) if attribute.attr.as_str() == "TYPE_CHECKING" => {
            Test::TypeChecking(holds)
        }
        Expr::UnaryOp(ast::ExprUnaryOp { op: UnaryOp::Not, operand, .. }) => {
            read_side(operand, !holds)
        }
        // Where `a and b` holds, or `a or b` does not, something is known of each.
        Expr::BoolOp(it) if (it.op == ast::BoolOp::And) == holds => it
            .values
            .iter()
            .map(|value| read_side(value, holds))
            .find(|test| matches!(test, Test::TypeChecking(true) | Test::Version(_)))
            .unwrap_or(Test::Unknown),
        Expr::Compare(compare) if is_script(compare) => {
            if holds {
                Test::Main
            } else {
                Test::Unknown
            }
        }
        Expr::Compare(_) => {
            let answer = pythons::read(test, &Spelling);
            let side = if holds { answer.holds } else { answer.fails };
            Versions::of(side).map_or(Test::Unknown, Test::Version)
        }
        _ => Test::Unknown,
    }
}

/// `__name__ == "__main__"`
fn is_script(compare: &ast::ExprCompare) -> bool {
    let ([CmpOp::Eq], [Expr::StringLiteral(text)]) = (&*compare.ops, &*compare.comparators) else {
        return false;
    };
    matches!(&*compare.left, Expr::Name(name) if name.id.as_str() == "__name__")
        && string_text(&text.value) == "__main__"
}
