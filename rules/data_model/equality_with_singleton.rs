use ruff_python_ast::{AnyNodeRef, CmpOp, Expr, ExprCall, ExprCompare, ExprName};
use ruff_text_size::{Ranged, TextRange};

use super::comparison::{Pair, pairs};
use crate::diagnostic::Severity;
use crate::fix::{Applicability, Fix};
use crate::rule::{Context, Fixable, On, Rule};
use crate::semantic::{BindingKind, ScopeId};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "equality-with-singleton",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("equality_with_singleton.md"),
    options: &[],
    on: &[On::ExprCompare(check)],
};

/// What there is only one of.
#[derive(Clone, Copy)]
enum Singleton<'a> {
    /// `None`, `...`, `NotImplemented`.
    Builtin(&'static str),
    /// A name for an object that is nothing but itself.
    Sentinel(&'a str),
    /// The type of an object.
    Type,
    /// The address of an object.
    Address,
}

fn check<'a>(compare: &'a ExprCompare, cx: &mut Context<'a>) {
    if !compare.ops.iter().any(|it| matches!(it, CmpOp::Eq | CmpOp::NotEq))
        || cx.is_stub
        || cx.module.is_test()
    {
        return;
    }
    for pair in pairs(compare).filter(|it| matches!(it.operator, CmpOp::Eq | CmpOp::NotEq)) {
        let found = pair
            .sides()
            .into_iter()
            .find_map(|(side, other)| Some((singleton(side, other, cx)?, other)));
        if let Some((singleton, other)) = found {
            report(compare, &pair, singleton, other, cx);
        }
    }
}

/// What an operand is, if there is only one of it.
fn singleton<'a>(side: &'a Expr, other: &'a Expr, cx: &Context<'a>) -> Option<Singleton<'a>> {
    match side {
        Expr::NoneLiteral(_) => Some(Singleton::Builtin("None")),
        Expr::EllipsisLiteral(_) => Some(Singleton::Builtin("...")),
        Expr::Name(name) => match name.id.as_str() {
            "NotImplemented" if cx.is(side, "builtins.NotImplemented") => {
                Some(Singleton::Builtin("NotImplemented"))
            }
            "Ellipsis" if cx.is(side, "builtins.Ellipsis") => Some(Singleton::Builtin("Ellipsis")),
            _ => is_sentinel(name, cx).then_some(Singleton::Sentinel(name.id.as_str())),
        },
        Expr::Call(call) => {
            only_argument(call)?;
            let callee = call.func.as_name_expr()?;
            match callee.id.as_str() {
                "type" if is_class(other, cx) && cx.is(&call.func, "builtins.type") => {
                    Some(Singleton::Type)
                }
                "id" if is_address(other, cx) && cx.is(&call.func, "builtins.id") => {
                    Some(Singleton::Address)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn only_argument(call: &ExprCall) -> Option<&Expr> {
    match (&*call.arguments.args, &*call.arguments.keywords) {
        ([only], []) if !only.is_starred_expr() => Some(only),
        _ => None,
    }
}

fn is_address<'a>(expression: &'a Expr, cx: &Context<'a>) -> bool {
    let call = expression.as_call_expr().filter(|it| only_argument(it).is_some());
    call.is_some_and(|it| cx.is(&it.func, "builtins.id"))
}

/// Whether an expression can only be a class: the name of one, or the type of something.
fn is_class<'a>(expression: &'a Expr, cx: &Context<'a>) -> bool {
    match expression {
        Expr::Name(_) | Expr::Attribute(_) => true,
        Expr::Call(it) => only_argument(it).is_some() && cx.is(&it.func, "builtins.type"),
        _ => false,
    }
}

/// Whether a name of the module stands for an `object()`, which is equal to nothing but itself.
fn is_sentinel<'a>(name: &'a ExprName, cx: &Context<'a>) -> bool {
    let only = || {
        let symbol = cx.symbol(name)?;
        let is_module_level = cx.semantic.scope_of_symbol(symbol) == ScopeId::MODULE;
        cx.semantic.only_binding(symbol).filter(|_| is_module_level)
    };
    let Some(binding) = only() else { return false };
    let BindingKind::Assignment(Expr::Call(call)) = binding.kind else { return false };
    if !call.arguments.is_empty() {
        return false;
    }
    if cx.is(&call.func, "builtins.object") {
        return true;
    }
    let class = call.func.as_name_expr().and_then(|it| cx.binding(it));
    class.is_some_and(|it| match it.kind {
        BindingKind::Class(class) => {
            let name = class.name.to_ascii_lowercase();
            let says_so = ["missing", "sentinel", "undefined", "unset", "notset", "marker"];
            class.arguments.is_none()
                && class.decorator_list.is_empty()
                && says_so.iter().any(|it| name.contains(it))
                && cx.members(class, "__eq__").is_empty()
        }
        _ => false,
    })
}

fn report<'a>(
    compare: &'a ExprCompare,
    pair: &Pair<'a>,
    singleton: Singleton<'a>,
    other: &'a Expr,
    cx: &mut Context<'a>,
) {
    let (word, identity) = match pair.operator {
        CmpOp::NotEq => ("!=", "is not"),
        _ => ("==", "is"),
    };
    let is_answer = || {
        let holder = cx.parent(compare);
        matches!(holder, AnyNodeRef::StmtReturn(_) | AnyNodeRef::StmtAssign(_))
            && has_this_default(other, pair, cx)
    };
    if matches!(singleton, Singleton::Builtin(_)) && !is_tested(compare, cx) && !is_answer() {
        return;
    }
    if is_own_comparison(compare, other, cx) || is_explained(pair, cx) {
        return;
    }
    let (message, help) = match singleton {
        Singleton::Builtin(name) => (
            format!("`{word} {name}` asks the other operand's `__eq__`"),
            "there is one such object only, and `__eq__` may answer what it likes: `is` cannot be overridden",
        ),
        Singleton::Sentinel(name) => (
            format!("`{word} {name}` asks the other operand's `__eq__`"),
            "a sentinel is there to be told from every other value: `is` cannot be overridden",
        ),
        Singleton::Type => (
            format!("types are compared with `{word}`"),
            "classes are single objects: `is` compares exactly, and `isinstance()` accepts subclasses",
        ),
        Singleton::Address => (
            format!("`id()` of two objects is compared with `{word}`"),
            "that is what `is` does, without making numbers, and without comparing with an object that is gone",
        ),
    };
    let title = format!("Compare with `{identity}`");
    let is_safe = match singleton {
        Singleton::Builtin(_) => is_tested(compare, cx) && has_this_default(other, pair, cx),
        Singleton::Address => [pair.left, pair.right]
            .iter()
            .all(|it| it.as_call_expr().and_then(only_argument).is_some_and(Expr::is_name_expr)),
        _ => false,
    };
    let fix = match singleton {
        Singleton::Address => addressed(compare, pair, identity, &title, cx),
        _ => pair
            .operator_range(cx)
            .map(|at| Fix::unsafe_(title).replace(at, spaced(at, identity, cx))),
    };
    let fix = fix.map(|it| if is_safe { safe(it) } else { it });
    cx.report(TextRange::new(pair.left.start(), pair.right.end()), message).help(help).fix(fix);
}

/// Whether a comment on the line, or on the one above it, speaks of the comparison:
/// `# must be "== None"`, `# noqa: E711`.
fn is_explained(pair: &Pair<'_>, cx: &Context<'_>) -> bool {
    let rest = &cx.text[pair.right.end().to_usize()..];
    let line = rest.split(['\n', '\r']).next().unwrap_or_default();
    let above =
        cx.text[..cx.line_start(pair.left.start()).to_usize()].trim_end_matches(['\n', '\r']);
    let above = above.rsplit(['\n', '\r']).next().unwrap_or_default().trim_start();
    let comments = [line.split_once('#'), above.split_once('#').filter(|it| it.0.is_empty())];
    comments.into_iter().flatten().any(|(_, comment)| {
        ["==", "!=", "is None", "E711", "E721"].iter().any(|it| comment.contains(it))
    })
}

fn safe(fix: Fix) -> Fix {
    Fix { applicability: Applicability::Safe, ..fix }
}

/// A word in the place of a sign, with blanks where it would touch others: `x==None`.
fn spaced(at: TextRange, word: &str, cx: &Context<'_>) -> String {
    let touches = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '_');
    let before = cx.text[..at.start().to_usize()].chars().next_back();
    let after = cx.text[at.end().to_usize()..].chars().next();
    let blank = |touches: bool| if touches { " " } else { "" };
    format!("{}{word}{}", blank(touches(before)), blank(touches(after) || after == Some('.')))
}

/// `a is b` in the place of `id(a) == id(b)`.
fn addressed<'a>(
    compare: &'a ExprCompare,
    pair: &Pair<'a>,
    identity: &str,
    title: &str,
    cx: &Context<'a>,
) -> Option<Fix> {
    let asked = |it: &'a Expr| it.as_call_expr().and_then(only_argument);
    let (left, right) = (asked(pair.left)?, asked(pair.right)?);
    let is_simple = |it: &Expr| {
        matches!(it, Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_) | Expr::Call(_))
    };
    let range = TextRange::new(pair.left.start(), pair.right.end());
    if compare.ops.len() != 1 || !is_simple(left) || !is_simple(right) || cx.has_comment(range) {
        return None;
    }
    let text = format!("{} {identity} {}", cx.slice(left), cx.slice(right));
    Some(Fix::unsafe_(title).replace(range, text))
}

/// Whether the comparison is asked whether it is true where it stands: what makes a new array or a
/// piece of a query of it would not be.
fn is_tested(compare: &ExprCompare, cx: &Context<'_>) -> bool {
    let mut inner = cx.id(compare);
    for (id, node) in cx.tree.ancestors(inner) {
        let holds = |it: &Expr| cx.tree.contains(cx.id(it), inner);
        match node {
            AnyNodeRef::StmtIf(it) => return holds(&it.test),
            AnyNodeRef::ElifElseClause(it) => return it.test.as_ref().is_some_and(holds),
            AnyNodeRef::StmtWhile(it) => return holds(&it.test),
            AnyNodeRef::StmtAssert(it) => return holds(&it.test),
            AnyNodeRef::ExprIf(it) if holds(&it.test) => return true,
            AnyNodeRef::ExprUnaryOp(it) => return it.op == ruff_python_ast::UnaryOp::Not,
            // Each but the last is asked; the last is what comes out.
            AnyNodeRef::ExprBoolOp(it) => {
                if !it.values.last().is_some_and(holds) {
                    return true;
                }
            }
            AnyNodeRef::Comprehension(it) => return it.ifs.iter().any(holds),
            AnyNodeRef::ExprIf(_) => {}
            _ => return false,
        }
        inner = id;
    }
    false
}

/// Whether an operand is a parameter whose default is what it is compared with.
fn has_this_default<'a>(operand: &'a Expr, pair: &Pair<'a>, cx: &Context<'a>) -> bool {
    let Expr::Name(name) = operand else { return false };
    let singleton = if std::ptr::eq(operand, pair.left) { pair.right } else { pair.left };
    let only = cx.symbol(name).and_then(|it| cx.semantic.only_binding(it));
    let Some(BindingKind::Parameter(parameter)) = only.map(|it| it.kind) else { return false };
    let function = cx.ancestors(name).find_map(|node| match node {
        AnyNodeRef::StmtFunctionDef(it) => Some(it),
        _ => None,
    });
    function.is_some_and(|it| {
        it.parameters.iter_non_variadic_params().any(|it| {
            it.parameter.range == parameter.range
                && it.default.as_deref().is_some_and(|it| cx.slice(it) == cx.slice(singleton))
        })
    })
}

/// Whether an object of a class with its own `__eq__` compares itself.
fn is_own_comparison<'a>(compare: &'a ExprCompare, operand: &'a Expr, cx: &Context<'a>) -> bool {
    let is_self = operand.as_name_expr().is_some_and(|it| matches!(it.id.as_str(), "self" | "cls"));
    is_self
        && cx.ancestors(compare).any(|node| match node {
            AnyNodeRef::StmtClassDef(class) => {
                class.arguments.is_some() || !cx.members(class, "__eq__").is_empty()
            }
            _ => false,
        })
}
