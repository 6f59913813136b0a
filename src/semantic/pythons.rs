//! On which Pythons a test holds: `sys.version_info >= (3, 9)` in all its spellings.

use std::cmp::Ordering;

use ruff_python_ast::{self as ast, BoolOp, CmpOp, Expr, PythonVersion, UnaryOp};
use ruff_text_size::{Ranged, TextRange};
use serde::{Deserialize, Serialize};

/// A set of Pythons: Python 2 as one, and the minor versions of Python 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pythons(u64);

/// How many minor versions of Python 3 there may be.
const MINORS: u8 = 40;

impl Pythons {
    /// None at all.
    pub const NONE: Pythons = Pythons(0);
    /// All there are and will be.
    pub const ALL: Pythons = Pythons((1 << (MINORS + 1)) - 1);
    /// Python 2.
    pub const TWO: Pythons = Pythons(1);

    /// A minor version.
    pub fn only(version: PythonVersion) -> Pythons {
        match version.major {
            3 if version.minor < MINORS => Pythons(1 << (version.minor + 1)),
            _ => Pythons::NONE,
        }
    }

    /// A version of Python 3 and all after it.
    pub fn from(version: PythonVersion) -> Pythons {
        match (version.major, version.minor.min(MINORS)) {
            (0..3, _) => Pythons::ALL,
            (3, minor) => Pythons::ALL.without(Pythons((1 << (minor + 1)) - 1)),
            _ => Pythons::NONE,
        }
    }

    /// All before a version of Python 3.
    pub fn below(version: PythonVersion) -> Pythons {
        Pythons::ALL.without(Pythons::from(version))
    }

    /// What is in both.
    #[must_use]
    pub fn and(self, other: Pythons) -> Pythons {
        Pythons(self.0 & other.0)
    }

    /// What is in either.
    #[must_use]
    pub fn or(self, other: Pythons) -> Pythons {
        Pythons(self.0 | other.0)
    }

    /// What is not in the other.
    #[must_use]
    pub fn without(self, other: Pythons) -> Pythons {
        Pythons(self.0 & !other.0)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The oldest Python 3.
    pub fn lowest(self) -> Option<PythonVersion> {
        let threes = self.without(Pythons::TWO);
        let minor = threes.0.trailing_zeros().checked_sub(1)?;
        (!threes.is_empty())
            .then(|| PythonVersion { major: 3, minor: u8::try_from(minor).unwrap_or(MINORS) })
    }

    /// The first after which there is none: `None` where there is no end.
    pub fn end(self) -> Option<PythonVersion> {
        let end = (u64::BITS - self.0.leading_zeros()).saturating_sub(1);
        let minor = u8::try_from(end).unwrap_or(MINORS);
        (minor < MINORS).then_some(PythonVersion { major: 3, minor })
    }

    /// As two words, for facts.
    pub(crate) fn to_words(self) -> [u32; 2] {
        [self.0 as u32, (self.0 >> 32) as u32]
    }

    pub(crate) fn of_words([low, high]: [u32; 2]) -> Pythons {
        Pythons(u64::from(high) << 32 | u64::from(low))
    }

    /// Whether all between the oldest and the newest are in it.
    pub fn is_range(self) -> bool {
        let shifted = self.0 >> self.0.trailing_zeros().min(63);
        shifted & (shifted + 1) == 0
    }
}

/// On which Pythons a test may hold, and on which it may fail. Both where that cannot be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Where it may hold.
    pub holds: Pythons,
    /// Where it may fail.
    pub fails: Pythons,
}

impl Answer {
    /// Anything is possible anywhere.
    pub const UNKNOWN: Answer = Answer { holds: Pythons::ALL, fails: Pythons::ALL };
    /// It never holds.
    pub const NEVER: Answer = Answer { holds: Pythons::NONE, fails: Pythons::ALL };

    /// Nothing is said of either side, since it is about versions and cannot be read.
    pub const SILENT: Answer = Answer { holds: Pythons::NONE, fails: Pythons::NONE };

    /// What is known of a name that stands for a test, by the name alone.
    pub fn of_name(name: &str) -> Answer {
        let two = Answer::on(Pythons::TWO);
        match name {
            "PY2" => two,
            "PY3" => two.negated(),
            _ if is_flag(name) => Answer::SILENT,
            _ => Answer::UNKNOWN,
        }
    }

    /// It holds on some Pythons and fails on the others.
    pub fn on(pythons: Pythons) -> Answer {
        Answer { holds: pythons, fails: Pythons::ALL.without(pythons) }
    }

    /// Of a test that holds where this one fails.
    #[must_use]
    pub fn negated(self) -> Answer {
        Answer { holds: self.fails, fails: self.holds }
    }

    #[must_use]
    fn and(self, other: Answer) -> Answer {
        Answer { holds: self.holds.and(other.holds), fails: self.fails.or(other.fails) }
    }

    #[must_use]
    fn or(self, other: Answer) -> Answer {
        self.negated().and(other.negated()).negated()
    }
}

/// Whether a name sounds like a test of the version: `PY39`, `IS_PY310_PLUS`, `compat.PY_39`.
pub fn is_flag(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["py3", "py_3", "python3", "python_3"].iter().any(|word| {
        name.match_indices(word).any(|(at, _)| {
            let rest = name[at + word.len()..].trim_start_matches('_');
            rest.starts_with(|it: char| it.is_ascii_digit())
        })
    })
}

/// What names mean in a test. By itself it only knows what can be known from how they are spelled.
pub trait Meaning<'a> {
    /// Whether an expression is `sys.version_info`.
    fn is_version_info(&self, expression: &'a Expr) -> bool {
        match expression {
            Expr::Attribute(it) => {
                it.attr.as_str() == "version_info"
                    && it.value.as_name_expr().is_some_and(|name| name.id.as_str() == "sys")
            }
            Expr::Name(name) => name.id.as_str() == "version_info",
            _ => false,
        }
    }

    /// What a name is bound to, if that is written down: the expression itself otherwise.
    fn value(&self, expression: &'a Expr) -> &'a Expr {
        expression
    }

    /// What is known of a test that is no comparison with the version.
    fn leaf(&self, _: &'a Expr) -> Answer {
        Answer::UNKNOWN
    }
}

/// Knows names by their spelling.
pub struct Spelling;

impl Meaning<'_> for Spelling {}

/// On which Pythons a test holds.
pub fn read<'a>(test: &'a Expr, meaning: &impl Meaning<'a>) -> Answer {
    match test {
        Expr::UnaryOp(ast::ExprUnaryOp { op: UnaryOp::Not, operand, .. }) => {
            read(operand, meaning).negated()
        }
        Expr::BoolOp(it) => {
            let answers = it.values.iter().map(|value| read(value, meaning));
            let all = match it.op {
                BoolOp::And => answers.reduce(Answer::and),
                BoolOp::Or => answers.reduce(Answer::or),
            };
            all.unwrap_or(Answer::UNKNOWN)
        }
        Expr::Named(it) => read(&it.value, meaning),
        Expr::BooleanLiteral(it) => Answer::on(if it.value { Pythons::ALL } else { Pythons::NONE }),
        Expr::Compare(it) => read_comparison(it, meaning).unwrap_or_else(|| meaning.leaf(test)),
        Expr::Name(name) if name.id.as_str() == "TYPE_CHECKING" => Answer::NEVER,
        Expr::Attribute(it) if it.attr.as_str() == "TYPE_CHECKING" => Answer::NEVER,
        _ => meaning.leaf(test),
    }
}

/// On which Pythons a place in an `if` statement is reached, as far as its tests tell.
pub fn reached<'a>(
    statement: &'a ast::StmtIf,
    at: TextRange,
    meaning: &impl Meaning<'a>,
) -> Pythons {
    if statement.test.range().contains_range(at) {
        return Pythons::ALL;
    }
    let contains = |body: &[ast::Stmt]| match (body.first(), body.last()) {
        (Some(first), Some(last)) => first.start() <= at.start() && at.end() <= last.end(),
        _ => false,
    };
    let answer = read(&statement.test, meaning);
    if contains(&statement.body) {
        return answer.holds;
    }
    let mut reach = answer.fails;
    for clause in &statement.elif_else_clauses {
        let answer = clause.test.as_ref().map(|test| read(test, meaning));
        if clause.range.contains_range(at) {
            let holds = answer.filter(|_| contains(&clause.body)).map(|it| it.holds);
            return holds.map_or(reach, |holds| reach.and(holds));
        }
        reach = reach.and(answer.map_or(Pythons::ALL, |answer| answer.fails));
    }
    reach
}

/// `None` where no part of it asks for the version.
fn read_comparison<'a>(it: &'a ast::ExprCompare, meaning: &impl Meaning<'a>) -> Option<Answer> {
    let mut left = &*it.left;
    let mut all: Option<Answer> = None;
    for (op, right) in it.ops.iter().zip(&*it.comparators) {
        let one = pair(left, *op, right, meaning);
        all = match (all, one) {
            (Some(all), one) => Some(all.and(one.unwrap_or(Answer::UNKNOWN))),
            (None, Some(one)) if std::ptr::eq(left, &raw const *it.left) => Some(one),
            // What stands before it says nothing, and may fail.
            (None, one) => one.map(|one| one.and(Answer::UNKNOWN)),
        };
        left = right;
    }
    all
}

fn pair<'a>(
    left: &'a Expr,
    op: CmpOp,
    right: &'a Expr,
    meaning: &impl Meaning<'a>,
) -> Option<Answer> {
    if let Some(part) = Part::of(left, meaning) {
        return part.compared(op, meaning.value(right));
    }
    let part = Part::of(right, meaning)?;
    let turned = match op {
        CmpOp::Lt => CmpOp::Gt,
        CmpOp::LtE => CmpOp::GtE,
        CmpOp::Gt => CmpOp::Lt,
        CmpOp::GtE => CmpOp::LtE,
        CmpOp::Eq | CmpOp::NotEq => op,
        _ => return None,
    };
    part.compared(turned, meaning.value(left))
}

/// What is compared.
#[derive(Clone, Copy)]
enum Part {
    /// `sys.version_info`, or with a number so many of its parts (`[:2]`).
    Tuple(Option<u8>),
    /// `sys.version_info[0]`, `sys.version_info.major`.
    Major,
    /// `sys.version_info[1]`, `sys.version_info.minor`.
    Minor,
    /// `sys.hexversion`.
    Hex,
}

impl Part {
    fn of<'a>(expression: &'a Expr, meaning: &impl Meaning<'a>) -> Option<Part> {
        match expression {
            it if meaning.is_version_info(it) => Some(Part::Tuple(None)),
            Expr::Subscript(it) if meaning.is_version_info(&it.value) => match &*it.slice {
                Expr::Slice(slice) if slice.lower.is_none() && slice.step.is_none() => {
                    Some(Part::Tuple(Some(number(slice.upper.as_deref()?)?)))
                }
                index => match number(index)? {
                    0 => Some(Part::Major),
                    1 => Some(Part::Minor),
                    _ => None,
                },
            },
            Expr::Attribute(it) if meaning.is_version_info(&it.value) => match it.attr.as_str() {
                "major" => Some(Part::Major),
                "minor" => Some(Part::Minor),
                _ => None,
            },
            Expr::Attribute(it) if it.attr.as_str() == "hexversion" => {
                let is_sys = it.value.as_name_expr().is_some_and(|it| it.id.as_str() == "sys");
                is_sys.then_some(Part::Hex)
            }
            Expr::Name(it) if it.id.as_str() == "hexversion" => Some(Part::Hex),
            _ => None,
        }
    }

    fn compared(self, op: CmpOp, right: &Expr) -> Option<Answer> {
        if matches!(op, CmpOp::In | CmpOp::NotIn) {
            let several = match right {
                Expr::Tuple(it) => &it.elts,
                Expr::List(it) => &it.elts,
                Expr::Set(it) => &it.elts,
                _ => return None,
            };
            let each = several.iter().map(|one| self.compared(CmpOp::Eq, one));
            let any = each.reduce(|all, one| Some(all?.or(one?)))??;
            return Some(if op == CmpOp::In { any } else { any.negated() });
        }
        let holds: fn(Ordering) -> bool = match op {
            CmpOp::Eq => Ordering::is_eq,
            CmpOp::NotEq => Ordering::is_ne,
            CmpOp::Lt => Ordering::is_lt,
            CmpOp::LtE => Ordering::is_le,
            CmpOp::Gt => Ordering::is_gt,
            CmpOp::GtE => Ordering::is_ge,
            _ => return None,
        };
        let literal = Literal::of(right)?;
        let mut answer = Answer { holds: Pythons::NONE, fails: Pythons::NONE };
        let two = std::iter::once((Pythons::TWO, PythonVersion { major: 2, minor: 0 }));
        let threes = (0..MINORS).map(|minor| PythonVersion { major: 3, minor });
        for (python, version) in two.chain(threes.map(|it| (Pythons::only(it), it))) {
            for ordering in self.orderings(version, literal)? {
                match holds(*ordering) {
                    true => answer.holds = answer.holds.or(python),
                    false => answer.fails = answer.fails.or(python),
                }
            }
        }
        Some(answer)
    }

    /// How what the releases of a version have may compare with a literal.
    fn orderings(self, version: PythonVersion, literal: Literal) -> Option<&'static [Ordering]> {
        const ANY: &[Ordering] = &[Ordering::Less, Ordering::Equal, Ordering::Greater];
        let exactly = |ordering: Ordering| match ordering {
            Ordering::Less => &ANY[..1],
            Ordering::Equal => &ANY[1..2],
            Ordering::Greater => &ANY[2..],
        };
        let is_two = version.major == 2;
        match (self, literal) {
            (Part::Major, Literal::Number(number)) => {
                Some(exactly(u64::from(version.major).cmp(&number)))
            }
            (Part::Minor, Literal::Number(_)) if is_two => Some(ANY),
            (Part::Minor, Literal::Number(number)) => {
                Some(exactly(u64::from(version.minor).cmp(&number)))
            }
            (Part::Hex, Literal::Number(number)) => {
                let parts = [number >> 24, number >> 16 & 0xff];
                let own = [u64::from(version.major), u64::from(version.minor)];
                let ordering = if is_two { own[0].cmp(&parts[0]) } else { own.cmp(&parts) };
                let rest = number & 0xffff;
                Some(match ordering {
                    Ordering::Equal if is_two => ANY,
                    Ordering::Equal if rest == 0 => &ANY[2..],
                    Ordering::Equal => ANY,
                    other => exactly(other),
                })
            }
            (Part::Tuple(kept), Literal::Tuple { major, minor, micro }) => {
                let kept = kept.unwrap_or(5);
                let first = version.major.cmp(&major);
                if first.is_ne() || kept == 0 {
                    return Some(if kept == 0 { &ANY[..1] } else { exactly(first) });
                }
                let Some(minor) = minor else {
                    // `(3, 8, …)` is greater than `(3,)`.
                    return Some(if kept == 1 { &ANY[1..2] } else { &ANY[2..] });
                };
                if kept == 1 {
                    return Some(&ANY[..1]);
                }
                if is_two {
                    return Some(ANY);
                }
                let second = version.minor.cmp(&minor);
                Some(match (second, micro) {
                    (Ordering::Equal, None) if kept == 2 => &ANY[1..2],
                    (Ordering::Equal, None) => &ANY[2..],
                    (Ordering::Equal, Some(_)) if kept == 2 => &ANY[..1],
                    (Ordering::Equal, Some(0)) if kept == 3 => &ANY[1..],
                    (Ordering::Equal, Some(0)) => &ANY[2..],
                    (Ordering::Equal, Some(_)) => ANY,
                    (other, _) => exactly(other),
                })
            }
            _ => None,
        }
    }
}

/// What a version is compared with.
#[derive(Clone, Copy)]
enum Literal {
    Number(u64),
    Tuple {
        major: u8,
        minor: Option<u8>,
        /// The third part; 255 for more than three, or one that is no number.
        micro: Option<u8>,
    },
}

impl Literal {
    fn of(expression: &Expr) -> Option<Literal> {
        let Expr::Tuple(tuple) = expression else {
            let Expr::NumberLiteral(literal) = expression else { return None };
            let ast::Number::Int(number) = &literal.value else { return None };
            return number.as_u64().map(Literal::Number);
        };
        let major = number(tuple.elts.first()?)?;
        let minor = tuple.elts.get(1).map(number);
        let micro = match &tuple.elts[..] {
            [_, _, micro] => Some(number(micro).unwrap_or(u8::MAX)),
            [_, _, _, ..] => Some(u8::MAX),
            _ => None,
        };
        match minor {
            Some(None) => None,
            minor => Some(Literal::Tuple { major, minor: minor.flatten(), micro }),
        }
    }
}

fn number(expression: &Expr) -> Option<u8> {
    let Expr::NumberLiteral(literal) = expression else { return None };
    match &literal.value {
        ast::Number::Int(value) => value.as_u8(),
        _ => None,
    }
}
