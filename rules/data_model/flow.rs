//! Whether the end of a method can be reached, so that it returns `None`.

use ruff_python_ast::{AnyNodeRef, ExceptHandler, Expr, ExprCall, Stmt, StmtFunctionDef};

use super::special::Method;
use crate::rule::Context;
use crate::semantic::BindingKind;

/// How far calls of calls are followed to see whether they return.
const MOST_CALLS: usize = 2;

/// Functions that do not return.
const ENDLESS: &[&str] = &[
    "builtins.exit",
    "builtins.quit",
    "os._exit",
    "os.abort",
    "os.execl",
    "os.execv",
    "os.execve",
    "os.execvp",
    "pytest.fail",
    "pytest.skip",
    "sys.exit",
    "typing.assert_never",
    "typing_extensions.assert_never",
];

/// Words in the name of a function that is there to raise.
const REFUSING: &[&str] = &[
    "abort",
    "assert",
    "bail",
    "cannot",
    "complain",
    "deny",
    "die",
    "disallow",
    "error",
    "exception",
    "exit",
    "fail",
    "fatal",
    "forbid",
    "frozen",
    "illegal",
    "immutable",
    "invalid",
    "never",
    "no",
    "not",
    "panic",
    "prevent",
    "prohibit",
    "raise",
    "readonly",
    "refuse",
    "reject",
    "throw",
    "unavailable",
    "unimplemented",
    "unreachable",
    "unsupported",
];

/// Whether the end of some statements is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    /// Each way through them returns, raises or goes on for ever.
    Never,
    /// It depends on whether an unknown function returns.
    Unknown,
    /// Some way through them comes to the end.
    Reached,
}

/// Whether the end of a method's body is reached.
pub(super) fn end<'a>(method: &Method<'a>, cx: &Context<'a>) -> End {
    Flow { cx, class_method: Some(*method), calls: MOST_CALLS }.block(&method.function.body)
}

struct Flow<'c, 'a> {
    cx: &'c Context<'a>,
    /// The method that `self.name()` is called in.
    class_method: Option<Method<'a>>,
    /// How many more calls may be followed.
    calls: usize,
}

impl<'a> Flow<'_, 'a> {
    fn block(&self, body: &'a [Stmt]) -> End {
        // Nothing follows a statement that does not come to its end; an unknown call that something
        // follows does return.
        let Some((last, before)) = body.split_last() else { return End::Reached };
        match before.iter().any(|it| self.statement(it) == End::Never) {
            true => End::Never,
            false => self.statement(last),
        }
    }

    fn statement(&self, statement: &'a Stmt) -> End {
        match statement {
            Stmt::Return(_) | Stmt::Raise(_) | Stmt::Break(_) | Stmt::Continue(_) => End::Never,
            Stmt::Assert(it) if is_false(&it.test) => End::Never,
            Stmt::Expr(it) => match &*it.value {
                Expr::Call(call) => self.call(call),
                _ => End::Reached,
            },
            Stmt::If(it) => {
                let has_else = it.elif_else_clauses.last().is_some_and(|it| it.test.is_none());
                let rest = it.elif_else_clauses.iter().map(|it| self.block(&it.body));
                let without = (!has_else).then_some(End::Reached);
                rest.chain(without).fold(self.block(&it.body), End::max)
            }
            Stmt::While(it) if is_true(&it.test) && !self.breaks(&it.body) => End::Never,
            Stmt::While(_) | Stmt::For(_) => End::Reached,
            Stmt::With(it) => self.block(&it.body),
            Stmt::Match(it) => {
                let is_complete = it
                    .cases
                    .last()
                    .is_some_and(|it| it.guard.is_none() && it.pattern.is_irrefutable());
                let without = (!is_complete).then_some(End::Reached);
                it.cases
                    .iter()
                    .map(|it| self.block(&it.body))
                    .chain(without)
                    .fold(End::Never, End::max)
            }
            Stmt::Try(it) => {
                let handlers =
                    it.handlers.iter().map(|ExceptHandler::ExceptHandler(it)| &it.body[..]);
                let body = match self.block(&it.body) {
                    End::Never => End::Never,
                    _ if !it.orelse.is_empty() => self.block(&it.orelse),
                    end => end,
                };
                let end = handlers.map(|it| self.block(it)).fold(body, End::max);
                match it.finalbody.is_empty() {
                    true => end,
                    false => end.min(self.block(&it.finalbody)),
                }
            }
            _ => End::Reached,
        }
    }

    /// Whether a loop's own `break` is come to in its body.
    fn breaks(&self, body: &'a [Stmt]) -> bool {
        for statement in body {
            let breaks = match statement {
                Stmt::Break(_) => true,
                Stmt::If(it) => {
                    let rest = &it.elif_else_clauses;
                    self.breaks(&it.body) || rest.iter().any(|it| self.breaks(&it.body))
                }
                // A loop inside has its own, but for what stands in its `else`.
                Stmt::While(it) => self.breaks(&it.orelse),
                Stmt::For(it) => self.breaks(&it.orelse),
                Stmt::With(it) => self.breaks(&it.body),
                Stmt::Match(it) => it.cases.iter().any(|it| self.breaks(&it.body)),
                Stmt::Try(it) => {
                    let mut handlers = it.handlers.iter();
                    self.breaks(&it.body)
                        || handlers.any(|ExceptHandler::ExceptHandler(it)| self.breaks(&it.body))
                        || self.block(&it.body) != End::Never && self.breaks(&it.orelse)
                        || self.breaks(&it.finalbody)
                }
                _ => false,
            };
            if breaks {
                return true;
            }
            // What stands behind is never come to.
            if self.statement(statement) == End::Never {
                return false;
            }
        }
        false
    }

    /// Whether a call that is a statement of its own returns.
    fn call(&self, call: &'a ExprCall) -> End {
        let cx = self.cx;
        let name = match &*call.func {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(it) => it.attr.as_str(),
            _ => return End::Unknown,
        };
        if let Some(function) = self.function(&call.func) {
            return self.function_end(function);
        }
        let is_refusal = name.split('_').any(|word| {
            REFUSING.contains(&word.trim_end_matches('s').to_ascii_lowercase().as_str())
        });
        if is_refusal {
            return End::Unknown;
        }
        match (cx.qualified(&call.func), &*call.func) {
            (Some(name), _) if name.is_any(ENDLESS) => End::Never,
            (Some(name), _) if name.starts_with("builtins") => End::Reached,
            (Some(_), _) => End::Unknown,
            // What is done to a part of the object, or to another one, is done to come back.
            (None, Expr::Attribute(it)) if !self.is_class_or_self(&it.value) => End::Reached,
            _ => End::Unknown,
        }
    }

    fn is_class_or_self(&self, receiver: &Expr) -> bool {
        match receiver {
            Expr::Name(name) => {
                matches!(name.id.as_str(), "cls" | "self")
                    || self.class_method.is_some_and(|it| it.this() == name.id.as_str())
            }
            Expr::Call(_) => true,
            _ => false,
        }
    }

    /// The function of the same file that a call calls: by its name, or a method of the same class.
    fn function(&self, callee: &'a Expr) -> Option<&'a StmtFunctionDef> {
        let cx = self.cx;
        match callee {
            Expr::Name(name) => match cx.binding(name)?.kind {
                BindingKind::Function(function) => Some(function),
                _ => None,
            },
            Expr::Attribute(it) => {
                let method = self.class_method.filter(|method| method.is_this(&it.value, cx))?;
                match cx.members(method.class, &it.attr).last()?.kind {
                    BindingKind::Function(function) => Some(function),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn function_end(&self, function: &'a StmtFunctionDef) -> End {
        let is_plain = function.decorator_list.is_empty() && !function.is_async;
        let returns = |it: &AnyNodeRef<'_>| {
            matches!(
                it,
                AnyNodeRef::StmtReturn(_) | AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_)
            )
        };
        let Some(calls) = self.calls.checked_sub(1) else { return End::Unknown };
        if !is_plain {
            return End::Unknown;
        }
        if self.cx.own(function).any(|it| returns(&it)) {
            return End::Reached;
        }
        let is_method = self.cx.class_of(function).is_some();
        let class_method = self.class_method.filter(|_| is_method);
        Flow { cx: self.cx, class_method, calls }.block(&function.body)
    }
}

fn is_true(test: &Expr) -> bool {
    match test {
        Expr::BooleanLiteral(it) => it.value,
        Expr::NumberLiteral(it) => {
            matches!(&it.value, ruff_python_ast::Number::Int(it) if it.as_u8() == Some(1))
        }
        _ => false,
    }
}

fn is_false(test: &Expr) -> bool {
    match test {
        Expr::BooleanLiteral(it) => !it.value,
        Expr::NumberLiteral(it) => {
            matches!(&it.value, ruff_python_ast::Number::Int(it) if it.as_u8() == Some(0))
        }
        _ => false,
    }
}
