//! What an expression gives, where its text alone tells.

use ruff_python_ast::{self as ast, CmpOp, Expr, Number, Operator, UnaryOp};

use crate::rule::Context;
use crate::semantic::BindingKind;

/// How many names are followed.
const MOST_NAMES: usize = 2;

/// The builtin type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Bool,
    ByteArray,
    Bytes,
    Complex,
    Dict,
    Ellipsis,
    Float,
    FrozenSet,
    Function,
    Int,
    /// `iter()`, `map()`, a generator expression, …
    Iterator,
    List,
    None,
    NotImplemented,
    Range,
    Set,
    Str,
    Tuple,
}

impl Kind {
    /// What a message calls it.
    pub(super) fn said(self) -> &'static str {
        match self {
            Kind::Bool => "a `bool`",
            Kind::ByteArray => "a `bytearray`",
            Kind::Bytes => "`bytes`",
            Kind::Complex => "a `complex`",
            Kind::Dict => "a `dict`",
            Kind::Ellipsis => "`...`",
            Kind::Float => "a `float`",
            Kind::FrozenSet => "a `frozenset`",
            Kind::Function => "a function",
            Kind::Int => "an `int`",
            Kind::Iterator => "an iterator",
            Kind::List => "a `list`",
            Kind::None => "`None`",
            Kind::NotImplemented => "`NotImplemented`",
            Kind::Range => "a `range`",
            Kind::Set => "a `set`",
            Kind::Str => "a `str`",
            Kind::Tuple => "a `tuple`",
        }
    }
}

/// The type of what an expression gives: `None` where the text does not tell.
pub(super) fn kind<'a>(expression: &'a Expr, cx: &Context<'a>) -> Option<Kind> {
    kind_of(expression, cx, MOST_NAMES)
}

fn kind_of<'a>(expression: &'a Expr, cx: &Context<'a>, names: usize) -> Option<Kind> {
    Some(match expression {
        Expr::BooleanLiteral(_) => Kind::Bool,
        Expr::BytesLiteral(_) => Kind::Bytes,
        Expr::Dict(_) | Expr::DictComp(_) => Kind::Dict,
        Expr::EllipsisLiteral(_) => Kind::Ellipsis,
        Expr::FString(_) | Expr::StringLiteral(_) => Kind::Str,
        Expr::Generator(_) => Kind::Iterator,
        Expr::Lambda(_) => Kind::Function,
        Expr::List(_) | Expr::ListComp(_) => Kind::List,
        Expr::NoneLiteral(_) => Kind::None,
        Expr::Set(_) | Expr::SetComp(_) => Kind::Set,
        Expr::Tuple(_) => Kind::Tuple,
        Expr::NumberLiteral(it) => match it.value {
            Number::Int(_) => Kind::Int,
            Number::Float(_) => Kind::Float,
            Number::Complex { .. } => Kind::Complex,
        },
        Expr::UnaryOp(it) => match (it.op, kind_of(&it.operand, cx, names)) {
            (UnaryOp::Not, _) => Kind::Bool,
            (UnaryOp::USub | UnaryOp::UAdd, Some(Kind::Int | Kind::Bool)) => Kind::Int,
            (UnaryOp::USub | UnaryOp::UAdd, Some(Kind::Float)) => Kind::Float,
            _ => return None,
        },
        Expr::Compare(it) => {
            // Other comparisons give what `__eq__` and its sisters like.
            let is_bool =
                |op: &CmpOp| matches!(op, CmpOp::Is | CmpOp::IsNot | CmpOp::In | CmpOp::NotIn);
            it.ops.iter().all(is_bool).then_some(Kind::Bool)?
        }
        Expr::BoolOp(it) => all_the_same(it.values.iter(), cx, names)?,
        Expr::If(it) => all_the_same([&*it.body, &*it.orelse].into_iter(), cx, names)?,
        Expr::Named(it) => kind_of(&it.value, cx, names)?,
        Expr::BinOp(it) => sum(it, cx, names)?,
        Expr::Call(it) => called(it, cx, names)?,
        Expr::Name(name) => return named(name, expression, cx, names),
        _ => return None,
    })
}

fn all_the_same<'a>(
    mut parts: impl Iterator<Item = &'a Expr>,
    cx: &Context<'a>,
    names: usize,
) -> Option<Kind> {
    let first = kind_of(parts.next()?, cx, names)?;
    parts.all(|it| kind_of(it, cx, names) == Some(first)).then_some(first)
}

/// What an operator makes of builtin values.
fn sum<'a>(it: &'a ast::ExprBinOp, cx: &Context<'a>, names: usize) -> Option<Kind> {
    let left = kind_of(&it.left, cx, names)?;
    if matches!((it.op, left), (Operator::Mod, Kind::Str | Kind::Bytes)) {
        return Some(left);
    }
    match (it.op, left, kind_of(&it.right, cx, names)?) {
        (Operator::Add, Kind::Str | Kind::Bytes | Kind::List | Kind::Tuple, right) => {
            (left == right).then_some(left)
        }
        (Operator::Mult, Kind::Str | Kind::List | Kind::Tuple, Kind::Int) => Some(left),
        (Operator::Add | Operator::Sub | Operator::Mult, Kind::Int, Kind::Int) => Some(Kind::Int),
        (Operator::Div, Kind::Int, Kind::Int) => Some(Kind::Float),
        (Operator::FloorDiv | Operator::Mod, Kind::Int, Kind::Int) => Some(Kind::Int),
        _ => None,
    }
}

/// What a builtin function, or a method of a builtin value, returns.
fn called<'a>(call: &'a ast::ExprCall, cx: &Context<'a>, names: usize) -> Option<Kind> {
    if let Some(name) = cx.qualified(&call.func) {
        let ["builtins", name] = name.parts() else { return None };
        return Some(match *name {
            "ascii" | "bin" | "chr" | "format" | "hex" | "input" | "oct" | "repr" | "str" => {
                Kind::Str
            }
            "hash" | "id" | "int" | "len" | "ord" => Kind::Int,
            "all" | "any" | "bool" | "callable" | "hasattr" | "isinstance" | "issubclass" => {
                Kind::Bool
            }
            "enumerate" | "filter" | "iter" | "map" | "zip" => Kind::Iterator,
            "dir" | "list" | "sorted" => Kind::List,
            "bytearray" => Kind::ByteArray,
            "bytes" => Kind::Bytes,
            "complex" => Kind::Complex,
            "dict" => Kind::Dict,
            "float" => Kind::Float,
            "frozenset" => Kind::FrozenSet,
            "range" => Kind::Range,
            "set" => Kind::Set,
            "tuple" => Kind::Tuple,
            _ => return None,
        });
    }
    let Expr::Attribute(method) = &*call.func else { return None };
    let on = kind_of(&method.value, cx, names)?;
    Some(match (on, method.attr.as_str()) {
        (Kind::Str, "encode") => Kind::Bytes,
        (Kind::Str, "split" | "rsplit" | "splitlines") => Kind::List,
        (Kind::Str, "count" | "find" | "index" | "rfind" | "rindex") => Kind::Int,
        (
            Kind::Str,
            "capitalize" | "casefold" | "center" | "expandtabs" | "format" | "format_map" | "join"
            | "ljust" | "lower" | "lstrip" | "removeprefix" | "removesuffix" | "replace" | "rjust"
            | "rstrip" | "strip" | "swapcase" | "title" | "translate" | "upper" | "zfill",
        ) => Kind::Str,
        (Kind::Bytes, "decode" | "hex") => Kind::Str,
        (Kind::Bytes, "join" | "replace" | "strip") => Kind::Bytes,
        _ => return None,
    })
}

/// What a name stands for that has one value only.
fn named<'a>(
    name: &'a ast::ExprName,
    expression: &'a Expr,
    cx: &Context<'a>,
    names: usize,
) -> Option<Kind> {
    if name.id == "NotImplemented" {
        return cx.is(expression, "builtins.NotImplemented").then_some(Kind::NotImplemented);
    }
    kind_of(only_value(name, cx)?, cx, names.checked_sub(1)?)
}

/// The one value that a name has whenever it is read, where it is written out.
pub(super) fn only_value<'a>(name: &ast::ExprName, cx: &Context<'a>) -> Option<&'a Expr> {
    let binding = cx.binding(name)?;
    match binding.kind {
        BindingKind::Assignment(value)
            if binding.range.start() < name.range.start()
                && cx.semantic.is_unconditional(binding.condition) =>
        {
            Some(value)
        }
        _ => None,
    }
}
