//! What keeps code from running on some Pythons: tests of `sys.version_info`, of `TYPE_CHECKING`
//! and of `hasattr` around or before it, and handlers of the error that it would raise.

mod spelling;

use std::borrow::Cow;
use std::cell::Cell;

use ruff_python_ast::{self as ast, AnyNodeRef, BoolOp, CmpOp, Expr};
use ruff_text_size::{Ranged, TextRange};

use self::spelling::{catches, expects, is_for_missing, is_for_one, lists_names, may_pass_over};
use super::stdlib;
use crate::diagnostic::Diagnostic;
use crate::facts::Premise;
use crate::rule::{Context, Need, Suspected};
use crate::semantic::passing::{before, contains};
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
    /// Where whoever imports the file comes to it for sure; only a census asks.
    surely: Pythons,
}

impl<'a> Reach<'a> {
    /// Everywhere.
    pub(super) const ALL: Self = Reach {
        holds: Pythons::ALL,
        fails: Pythons::ALL,
        flag: None,
        module: None,
        surely: Pythons::ALL,
    };

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
        let (reached, surely, premise) = (self.alone(), self.surely, self.premise());
        Need { range, what: what.into(), there, reached, surely, premise }
    }

    /// What the project is to be asked.
    pub(super) fn premise(self) -> Premise {
        let Reach { holds, fails, flag, module, .. } = self;
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
    let reach = |assumed, for_sure| {
        let flag = &flag;
        Guard { cx, missing, depth: MOST_NAMES, flag, assumed, for_sure }.reach(node)
    };
    let holds = reach(Answer::on(Pythons::ALL), false);
    // Each Python is looked at by itself: where the flag holds, it is as if it always held.
    let fails = match flag.get() {
        Some(_) => reach(Answer::on(Pythons::NONE), false),
        None => holds,
    };
    let surely = match cx.is_census() {
        true => reach(Answer::SILENT, true),
        false => Pythons::NONE,
    };
    Reach { holds, fails, flag: flag.get(), module: None, surely }
}

struct Guard<'c, 'a, 'e> {
    cx: &'c Context<'a>,
    missing: Missing<'e>,
    depth: usize,
    /// The first name of another file that a test asks for.
    flag: &'c Cell<Option<QualifiedName<'a>>>,
    /// What is taken to hold of it.
    assumed: Answer,
    /// A place counts as reached where it is so for sure: of a test that is not known, neither side
    /// is taken.
    for_sure: bool,
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
            if runs_at_once && !errors_pass || self.for_sure && may_pass_over(outer, at) {
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
                true => self.answer(&it.test).holds.and(before(&it.body, at, self)),
                false => before(&it.orelse, at, self),
            },
            AnyNodeRef::StmtFor(it) => before(&it.body, at, self).and(before(&it.orelse, at, self)),
            AnyNodeRef::StmtWith(it) => before(&it.body, at, self),
            AnyNodeRef::StmtTry(it) => {
                let bodies = [&it.body, &it.orelse, &it.finalbody].into_iter();
                let past = bodies.fold(Pythons::ALL, |all, body| all.and(before(body, at, self)));
                match contains(&it.orelse, at) && self.is_tried(it) {
                    true => past.and(self.missing.there),
                    false => past,
                }
            }
            AnyNodeRef::ExceptHandlerExceptHandler(it) => {
                let is_fallback = self.missing.is_gone
                    && contains(&it.body, at)
                    && it.type_.as_deref().is_none_or(is_for_missing);
                if is_fallback { Pythons::NONE } else { before(&it.body, at, self) }
            }
            AnyNodeRef::MatchCase(it) => before(&it.body, at, self),
            AnyNodeRef::StmtFunctionDef(it) if is_for_one(it.name.as_str()) => Pythons::NONE,
            AnyNodeRef::StmtFunctionDef(it) => match self.is_skipped(&it.decorator_list) {
                true => Pythons::NONE,
                false => before(&it.body, at, self),
            },
            AnyNodeRef::StmtClassDef(it) => match self.is_skipped(&it.decorator_list) {
                true => Pythons::NONE,
                false => before(&it.body, at, self),
            },
            AnyNodeRef::ModModule(it) => match self.is_skipped_as_a_whole() {
                true => Pythons::NONE,
                false => before(&it.body, at, self),
            },
            _ => Pythons::ALL,
        }
    }

    /// Whether a `try` statement comes to its end where the attribute is there:
    /// `try: datetime.UTC`, `except AttributeError: …`.
    fn is_tried(&self, statement: &'a ast::StmtTry) -> bool {
        let (Some(attribute), [first, .., last] | [first @ last]) =
            (self.missing.attribute, &*statement.body)
        else {
            return false;
        };
        let tried = self.cx.slice(TextRange::new(first.start(), last.end()));
        catches(statement, self.missing.errors)
            && tried.split(|it: char| !it.is_alphanumeric() && it != '_').any(|it| it == attribute)
    }

    fn in_if(&self, statement: &'a ast::StmtIf, at: TextRange) -> Pythons {
        let clauses = statement.elif_else_clauses.iter().map(|it| &it.body);
        let bodies = std::iter::once(&statement.body).chain(clauses);
        let reached = reached(statement, at, self);
        bodies.fold(reached, |reach, body| reach.and(before(body, at, self)))
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
        match self.known(test) {
            Answer::UNKNOWN if self.for_sure => Answer::SILENT,
            answer => answer,
        }
    }
}

impl<'a> Guard<'_, 'a, '_> {
    /// What is known of a test that does not compare the version.
    fn known(&self, test: &'a Expr) -> Answer {
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
                ([CmpOp::In], [names]) if lists_names(names) => self.has_named(&it.left),
                ([CmpOp::NotIn], [names]) if lists_names(names) => {
                    self.has_named(&it.left).negated()
                }
                _ => Answer::UNKNOWN,
            },
            _ => Answer::UNKNOWN,
        }
    }

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

    /// `hasattr(math, "lcm")`, `getattr(math, "lcm", None)`: where it holds, the attribute is there,
    /// and what came with it.
    fn has_attribute(&self, call: &'a ast::ExprCall) -> Answer {
        let [of, name, ..] = &*call.arguments.args else { return Answer::UNKNOWN };
        match self.has_named(name) {
            Answer::UNKNOWN => self.came_with(of, name).unwrap_or(Answer::UNKNOWN),
            known => known,
        }
    }

    /// What holds where a module or class of the standard library has an attribute, by the version
    /// that added that.
    fn came_with(&self, of: &'a Expr, name: &'a Expr) -> Option<Answer> {
        let Expr::StringLiteral(name) = name else { return None };
        let (of, name) = (self.cx.qualified(of)?, string_text(&name.value));
        let added = stdlib::find(of.parts().iter().copied().chain([name]), None)?.added?;
        Some(Answer { holds: Pythons::from(added), fails: Pythons::ALL })
    }

    /// What holds where something has an attribute of this name.
    fn has_named(&self, name: &Expr) -> Answer {
        let Expr::StringLiteral(name) = name else { return Answer::UNKNOWN };
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
