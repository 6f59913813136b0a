//! What keeps code from running on some Pythons: tests of `sys.version_info`, of `TYPE_CHECKING`
//! and of `hasattr` around or before it, and handlers of the error that it would raise.

use std::borrow::Cow;
use std::cell::Cell;

use ruff_python_ast::{self as ast, AnyNodeRef, BoolOp, CmpOp, ExceptHandler, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::stdlib;
use crate::diagnostic::Diagnostic;
use crate::facts::Premise;
use crate::rule::{Context, Need, Suspected};
use crate::semantic::pythons::{Answer, Meaning, Pythons, is_flag, reached, read};
use crate::semantic::{BindingKind, QualifiedName};
use crate::syntax::string_text;

/// A name for a name for a test of the version is no longer followed.
const MOST_NAMES: usize = 4;

/// What a use of something raises where that is missing, and what it is.
#[derive(Clone, Copy)]
pub(super) struct Missing<'e> {
    /// The names of the errors, and of their ancestors but for those of all.
    pub(super) errors: &'e [&'e str],
    /// The attribute whose presence `hasattr` may ask for.
    pub(super) attribute: Option<&'e str>,
    /// Where it is there.
    pub(super) there: Pythons,
    /// It was removed: what runs where something newer is missing is meant for old Pythons.
    pub(super) is_gone: bool,
}

/// The Pythons on which a place is reached, and what it raises is not caught.
#[derive(Clone, Copy)]
pub(super) struct Reach<'a> {
    /// Where, if what is asked for in another file holds there.
    holds: Pythons,
    /// Where, if it does not.
    fails: Pythons,
    /// What a test around the place asks for, if that may stand for a test in another file.
    flag: Option<QualifiedName<'a>>,
    /// The module of the standard library that is used there.
    module: Option<&'a str>,
}

impl<'a> Reach<'a> {
    /// Everywhere.
    pub(super) const ALL: Self =
        Reach { holds: Pythons::ALL, fails: Pythons::ALL, flag: None, module: None };

    /// Of a place where something of the standard library is used.
    pub(super) fn of(self, name: QualifiedName<'a>) -> Self {
        Reach { module: name.parts().first().copied(), ..self }
    }

    /// Where it may be reached, whatever other files say.
    pub(super) fn any(self) -> Pythons {
        self.holds.or(self.fails)
    }

    /// Where it is reached as far as this file tells by itself.
    pub(super) fn alone(self) -> Pythons {
        let answer = self.flag.map_or(Answer::UNKNOWN, |flag| Answer::of_name(flag.last()));
        self.holds.and(answer.holds).or(self.fails.and(answer.fails))
    }

    /// What is left of it on some Pythons.
    pub(super) fn and(self, pythons: Pythons) -> Self {
        Reach { holds: self.holds.and(pythons), fails: self.fails.and(pythons), ..self }
    }

    /// What code at a place like that needs, where that is all that is asked for.
    pub(super) fn need(
        self,
        range: TextRange,
        what: impl Into<Cow<'static, str>>,
        there: Pythons,
    ) -> Need {
        let (reached, premise) = (self.alone(), self.premise());
        Need { range, what: what.into(), there, reached, premise }
    }

    /// What the project is to be asked.
    pub(super) fn premise(self) -> Premise {
        let Reach { holds, fails, flag, module } = self;
        let flag = flag.map(|it| it.to_string());
        Premise { flag, module: module.map(str::to_owned), holds, fails }
    }
}

/// Whether what was reported is so on a Python that the project runs the file on.
pub(super) fn is_so(suspected: Suspected<'_>, _: &mut Diagnostic) -> bool {
    !suspected.pythons().is_empty()
}

/// The Pythons on which a node runs, and what it raises is not caught.
pub(super) fn reach<'a>(cx: &Context<'a>, node: AnyNodeRef<'a>, missing: Missing<'_>) -> Reach<'a> {
    let flag = Cell::new(None);
    let reach = |assumed| {
        let flag = &flag;
        Guard { cx, missing, depth: MOST_NAMES, flag, assumed }.reach(node)
    };
    let holds = reach(Answer::on(Pythons::ALL));
    // Each Python is looked at by itself: where the flag holds, it is as if it always held.
    let fails = match flag.get() {
        Some(_) => reach(Answer::on(Pythons::NONE)),
        None => holds,
    };
    Reach { holds, fails, flag: flag.get(), module: None }
}

struct Guard<'c, 'a, 'e> {
    cx: &'c Context<'a>,
    missing: Missing<'e>,
    depth: usize,
    /// The first name of another file that a test asks for.
    flag: &'c Cell<Option<QualifiedName<'a>>>,
    /// What is taken to hold of it.
    assumed: Answer,
}

impl<'a> Guard<'_, 'a, '_> {
    fn reach(&self, node: AnyNodeRef<'a>) -> Pythons {
        let missing = self.missing;
        let at = node.range();
        let mut reach = Pythons::ALL;
        // What is defined in a `try` statement may run after it.
        let mut runs_at_once = true;
        for outer in std::iter::once(node).chain(self.cx.ancestors(node)) {
            let errors_pass = match outer {
                AnyNodeRef::StmtTry(it) => !(contains(&it.body, at) && catches(it, missing.errors)),
                AnyNodeRef::StmtWith(it) => {
                    !it.items.iter().any(|item| expects(&item.context_expr, missing.errors))
                }
                _ => true,
            };
            if runs_at_once && !errors_pass {
                return Pythons::NONE;
            }
            reach = reach.and(self.around(outer, at));
            if reach.is_empty() {
                return reach;
            }
            runs_at_once &= match outer {
                AnyNodeRef::StmtFunctionDef(it) => !contains(&it.body, at),
                AnyNodeRef::ExprLambda(it) => !it.body.range().contains_range(at),
                _ => true,
            };
        }
        reach
    }

    /// On which Pythons something is reached that stands around the place.
    fn around(&self, outer: AnyNodeRef<'a>, at: TextRange) -> Pythons {
        match outer {
            AnyNodeRef::StmtIf(it) => self.in_if(it, at),
            AnyNodeRef::ExprIf(it) if it.body.range().contains_range(at) => {
                self.answer(&it.test).holds
            }
            AnyNodeRef::ExprIf(it) if it.orelse.range().contains_range(at) => {
                self.answer(&it.test).fails
            }
            AnyNodeRef::ExprBoolOp(it) => {
                let before = it.values.iter().take_while(|value| value.end() <= at.start());
                let reached = |value| match it.op {
                    BoolOp::And => self.answer(value).holds,
                    BoolOp::Or => self.answer(value).fails,
                };
                before.map(reached).fold(Pythons::ALL, Pythons::and)
            }
            AnyNodeRef::StmtWhile(it) => match contains(&it.body, at) {
                true => self.answer(&it.test).holds.and(self.before(&it.body, at)),
                false => self.before(&it.orelse, at),
            },
            AnyNodeRef::StmtFor(it) => self.before(&it.body, at).and(self.before(&it.orelse, at)),
            AnyNodeRef::StmtWith(it) => self.before(&it.body, at),
            AnyNodeRef::StmtTry(it) => [&it.body, &it.orelse, &it.finalbody]
                .into_iter()
                .fold(Pythons::ALL, |all, body| all.and(self.before(body, at))),
            AnyNodeRef::ExceptHandlerExceptHandler(it) => {
                let is_fallback = self.missing.is_gone
                    && contains(&it.body, at)
                    && it.type_.as_deref().is_none_or(is_for_missing);
                if is_fallback { Pythons::NONE } else { self.before(&it.body, at) }
            }
            AnyNodeRef::MatchCase(it) => self.before(&it.body, at),
            AnyNodeRef::StmtFunctionDef(it) if is_for_one(it.name.as_str()) => Pythons::NONE,
            AnyNodeRef::StmtFunctionDef(it) => match self.is_skipped(&it.decorator_list) {
                true => Pythons::NONE,
                false => self.before(&it.body, at),
            },
            AnyNodeRef::StmtClassDef(it) => match self.is_skipped(&it.decorator_list) {
                true => Pythons::NONE,
                false => self.before(&it.body, at),
            },
            AnyNodeRef::ModModule(it) => match self.is_skipped_as_a_whole() {
                true => Pythons::NONE,
                false => self.before(&it.body, at),
            },
            _ => Pythons::ALL,
        }
    }

    fn in_if(&self, statement: &'a ast::StmtIf, at: TextRange) -> Pythons {
        let clauses = statement.elif_else_clauses.iter().map(|it| &it.body);
        let bodies = std::iter::once(&statement.body).chain(clauses);
        let reached = reached(statement, at, self);
        bodies.fold(reached, |reach, body| reach.and(self.before(body, at)))
    }

    /// On which Pythons a place in a body is reached past the statements before it: `if
    /// sys.version_info < (3, 9): raise …`, `assert sys.version_info >= (3, 9)`.
    fn before(&self, body: &'a [Stmt], at: TextRange) -> Pythons {
        if !contains(body, at) {
            return Pythons::ALL;
        }
        let before = body.iter().take_while(|statement| statement.end() <= at.start());
        before.fold(Pythons::ALL, |reach, statement| reach.and(self.past(statement)))
    }

    /// On which Pythons what comes after a statement is reached.
    fn past(&self, statement: &'a Stmt) -> Pythons {
        match statement {
            Stmt::If(it) => {
                let mut reach = Pythons::NONE;
                let mut left = Pythons::ALL;
                let first = (Some(&*it.test), &it.body);
                let rest = it.elif_else_clauses.iter().map(|it| (it.test.as_ref(), &it.body));
                for (test, body) in std::iter::once(first).chain(rest) {
                    let answer = test.map_or(Answer::on(Pythons::ALL), |test| self.answer(test));
                    if !body.last().is_some_and(leaves) {
                        reach = reach.or(left.and(answer.holds));
                    }
                    left = left.and(answer.fails);
                }
                reach.or(left)
            }
            Stmt::Assert(it) => self.answer(&it.test).holds,
            _ => Pythons::ALL,
        }
    }

    /// Whether a decorator asks for the version, as `pytest.mark.skipif` does.
    fn is_skipped(&self, decorators: &'a [ast::Decorator]) -> bool {
        decorators.iter().any(|it| {
            let is_flag = |node: &AnyNodeRef<'a>| match node {
                // `@skipIf(not HAS_IT, …)`
                AnyNodeRef::ExprName(name) => {
                    self.assigned(name).is_some_and(|value| self.asks(value))
                }
                _ => false,
            };
            self.asks(&it.expression) || self.cx.descendants(&it.expression).iter().any(is_flag)
        })
    }

    /// Whether `pytestmark` skips all tests of the module.
    fn is_skipped_as_a_whole(&self) -> bool {
        self.cx.semantic.global("pytestmark").is_some_and(|symbol| {
            self.cx
                .semantic
                .bindings(symbol)
                .any(|it| matches!(it.kind, BindingKind::Assignment(value) if self.asks(value)))
        })
    }

    fn asks(&self, expression: &Expr) -> bool {
        let text = self.cx.slice(expression);
        let asks_for_attribute = self.missing.attribute.is_some() && text.contains("hasattr");
        text.contains("version_info")
            || text.contains("hexversion")
            || is_flag(text)
            || asks_for_attribute
    }

    fn answer(&self, test: &'a Expr) -> Answer {
        read(test, self)
    }

    /// What a name has been bound to, once and for all.
    fn assigned(&self, name: &ast::ExprName) -> Option<&'a Expr> {
        match self.cx.binding(name)?.kind {
            BindingKind::Assignment(value) => Some(value),
            _ => None,
        }
    }

    fn deeper(&self) -> Option<Self> {
        Some(Guard { depth: self.depth.checked_sub(1)?, ..*self })
    }
}

impl<'a> Meaning<'a> for Guard<'_, 'a, '_> {
    fn is_version_info(&self, expression: &'a Expr) -> bool {
        match expression {
            Expr::Attribute(it) => {
                it.attr.as_str() == "version_info"
                    && it.value.as_name_expr().is_some_and(|name| {
                        name.id.as_str() == "sys" || self.cx.is(&it.value, "sys")
                    })
            }
            Expr::Name(name) if name.id.as_str() == "version_info" => true,
            Expr::Name(_) => self.cx.is(expression, "sys.version_info"),
            _ => false,
        }
    }

    fn value(&self, expression: &'a Expr) -> &'a Expr {
        match expression {
            Expr::Name(name) => {
                self.assigned(name).filter(|it| it.is_tuple_expr()).unwrap_or(expression)
            }
            _ => expression,
        }
    }

    fn leaf(&self, test: &'a Expr) -> Answer {
        match test {
            Expr::Name(name) => {
                let Some(symbol) = self.cx.symbol(name) else { return Answer::UNKNOWN };
                match self.assigned(name) {
                    Some(value) => self.deeper().map_or(Answer::UNKNOWN, |it| it.answer(value)),
                    None => {
                        let known = Answer::of_name(name.id.as_str());
                        let own =
                            if known == Answer::UNKNOWN { self.flag_of_try(symbol) } else { known };
                        self.elsewhere(test).unwrap_or(own)
                    }
                }
            }
            Expr::Attribute(it) => {
                self.elsewhere(test).unwrap_or_else(|| Answer::of_name(it.attr.as_str()))
            }
            Expr::Call(it) => match &*it.func {
                Expr::Name(name) if matches!(name.id.as_str(), "hasattr" | "getattr") => {
                    self.has_attribute(it)
                }
                Expr::Name(name) if is_flag(name.id.as_str()) => Answer::SILENT,
                Expr::Attribute(name) if is_flag(name.attr.as_str()) => Answer::SILENT,
                Expr::Name(name) if name.id.as_str() == "bool" => match &*it.arguments.args {
                    [one] => self.answer(one),
                    _ => Answer::UNKNOWN,
                },
                _ => Answer::UNKNOWN,
            },
            // `getattr(math, "lcm", None) is not None`
            Expr::Compare(it) => match (&*it.ops, &*it.comparators) {
                ([CmpOp::IsNot | CmpOp::NotEq], [other]) if other.is_none_literal_expr() => {
                    self.leaf(&it.left)
                }
                ([CmpOp::Is | CmpOp::Eq], [other]) if other.is_none_literal_expr() => {
                    self.leaf(&it.left).negated()
                }
                _ => Answer::UNKNOWN,
            },
            _ => Answer::UNKNOWN,
        }
    }
}

impl<'a> Guard<'_, 'a, '_> {
    /// What is taken to hold of something in another file, which the project may have.
    fn elsewhere(&self, test: &'a Expr) -> Option<Answer> {
        let mut head = test;
        while let Expr::Attribute(attribute) = head {
            head = &attribute.value;
        }
        let Expr::Name(name) = head else { return None };
        let binding = self.cx.binding(name)?;
        if !matches!(binding.kind, BindingKind::Import(..) | BindingKind::FromImport(..)) {
            return None;
        }
        let name = self.cx.qualified(test)?;
        // What `six` says is known.
        let is_known = matches!(name.last(), "PY2" | "PY3");
        if is_known || name.parts().len() < 2 || stdlib::has_module(name.parts()[0]) {
            return None;
        }
        let first = self.flag.get().unwrap_or(name);
        self.flag.set(Some(first));
        (first == name).then_some(self.assumed)
    }

    /// `hasattr(math, "lcm")`, `getattr(math, "lcm", None)`: where it holds, the attribute is there.
    fn has_attribute(&self, call: &ast::ExprCall) -> Answer {
        let [_, Expr::StringLiteral(name), ..] = &*call.arguments.args else {
            return Answer::UNKNOWN;
        };
        match self.missing.attribute == Some(string_text(&name.value)) {
            true => Answer { holds: self.missing.there, fails: Pythons::ALL },
            false if self.missing.is_gone => Answer::SILENT,
            false => Answer::UNKNOWN,
        }
    }

    /// A name that is bound to `True` in a `try` statement and to `False` in its handler, or to
    /// one of them before it: whatever it stands for, both values are of use.
    fn flag_of_try(&self, symbol: crate::semantic::SymbolId) -> Answer {
        use crate::semantic::Test;
        let is_flag = self.cx.semantic.bindings(symbol).any(|binding| {
            let mut around = self.cx.semantic.conditions(binding.condition);
            around.any(|it| match it.test {
                Test::Version(_) => true,
                Test::Handler => matches!(self.cx.tree.node(it.statement), AnyNodeRef::StmtTry(it)
                    if catches(it, self.missing.errors)),
                _ => false,
            })
        });
        if is_flag { Answer::SILENT } else { Answer::UNKNOWN }
    }
}

/// Whether a function is called like something for one Python: `get_source_311`, `run_py39`.
fn is_for_one(name: &str) -> bool {
    let digits = name.trim_end_matches(|it: char| it.is_ascii_digit()).len();
    let number = &name[digits..];
    name[..digits].ends_with('_') && number.starts_with('3') && matches!(number.len(), 2 | 3)
        || is_flag(name)
}

/// Whether an expression names one of some errors, or what they all are.
fn is_one_of(expression: &Expr, errors: &[&str]) -> bool {
    let name = match expression {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(it) if it.value.is_name_expr() => it.attr.as_str(),
        _ => return false,
    };
    errors.contains(&name) || matches!(name, "Exception" | "BaseException")
}

/// Whether a handler is for what is missing in some Python.
fn is_for_missing(expression: &Expr) -> bool {
    const ERRORS: &[&str] = &["ImportError", "ModuleNotFoundError", "AttributeError", "NameError"];
    match expression {
        Expr::Tuple(several) => several.elts.iter().any(is_for_missing),
        one => is_one_of(one, ERRORS),
    }
}

/// Whether a `with` item waits for one of some errors: `pytest.raises(TypeError)`.
fn expects(item: &Expr, errors: &[&str]) -> bool {
    let Expr::Call(call) = item else { return false };
    let name = match &*call.func {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return false,
    };
    matches!(name, "raises" | "assertRaises" | "assertRaisesRegex" | "suppress")
        && call.arguments.args.iter().any(|argument| match argument {
            Expr::Tuple(several) => several.elts.iter().any(|one| is_one_of(one, errors)),
            one => is_one_of(one, errors),
        })
}

/// Whether a `try` statement has a handler for one of some errors.
fn catches(statement: &ast::StmtTry, errors: &[&str]) -> bool {
    let is_one = |expression: &Expr| is_one_of(expression, errors);
    statement.handlers.iter().any(|ExceptHandler::ExceptHandler(handler)| {
        match handler.type_.as_deref() {
            None => true,
            Some(Expr::Tuple(several)) => several.elts.iter().any(is_one),
            Some(one) => is_one(one),
        }
    })
}

/// Whether a statement leaves what it stands in: it raises, returns, or ends or skips the run.
fn leaves(statement: &Stmt) -> bool {
    match statement {
        Stmt::Raise(_) | Stmt::Return(_) | Stmt::Continue(_) | Stmt::Break(_) => true,
        Stmt::Assert(it) => matches!(&*it.test, Expr::BooleanLiteral(test) if !test.value),
        Stmt::Expr(it) => match &*it.value {
            Expr::Call(call) => match &*call.func {
                Expr::Name(name) => matches!(name.id.as_str(), "exit" | "quit"),
                Expr::Attribute(it) => matches!(it.attr.as_str(), "exit" | "skip" | "skipTest"),
                _ => false,
            },
            _ => false,
        },
        _ => false,
    }
}

fn contains(body: &[Stmt], at: TextRange) -> bool {
    match (body.first(), body.last()) {
        (Some(first), Some(last)) => first.start() <= at.start() && at.end() <= last.end(),
        _ => false,
    }
}
