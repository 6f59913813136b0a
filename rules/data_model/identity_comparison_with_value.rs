use ruff_python_ast::{AnyNodeRef, CmpOp, Expr, ExprCompare, ExprName, Operator};
use ruff_text_size::{Ranged, TextRange};

use super::comparison::{Pair, pairs};
use super::values::{Kind, kind};
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::MemberKind;
use crate::fix::Fix;
use crate::project::{ClassRef, Item, Mro};
use crate::rule::{Context, Fixable, On, Rule, Suspected};
use crate::semantic::{BindingKind, ScopeId};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "identity-comparison-with-value",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("identity_comparison_with_value.md"),
    options: &[],
    on: &[On::ExprCompare(check), On::Suspicion(confirm)],
};

/// Builtins whose result is an object of its own, or might be.
#[rustfmt::skip]
const MAKERS: &[&str] = &[
    "ascii", "bin", "bytearray", "bytes", "chr", "complex", "dict", "float", "format", "frozenset",
    "hash", "hex", "id", "int", "len", "list", "oct", "ord", "range", "repr", "set", "sorted",
    "str", "tuple",
];

/// Words in the name of a constant that stands for the absence of a value: the very object is
/// meant.
#[rustfmt::skip]
const SENTINELS: &[&str] = &[
    "absent", "default", "empty", "marker", "missing", "no", "none", "not", "nothing", "null",
    "omit", "omitted", "sentinel", "unchanged", "undefined", "undef", "unknown", "unset",
    "unspecified", "unused",
];

/// What a value is that identity says little about.
enum Value<'a> {
    /// A constant in the text, of which the interpreter may make one object or several.
    Literal(&'static str),
    /// Something that is made when it is come to.
    New(&'static str),
    /// A name for a constant.
    Constant(&'a str, &'static str),
    /// The value of a member of an enumeration, whose class has this absolute name.
    OfMember(String),
}

fn check<'a>(compare: &'a ExprCompare, cx: &mut Context<'a>) {
    if !compare.ops.iter().any(|it| matches!(it, CmpOp::Is | CmpOp::IsNot)) || cx.is_stub {
        return;
    }
    for pair in pairs(compare).filter(|it| matches!(it.operator, CmpOp::Is | CmpOp::IsNot)) {
        if let Some((side, value)) = value_of(&pair, cx) {
            report(compare, &pair, side, value, cx);
        }
    }
}

/// The operand that is a value, and what it is.
fn value_of<'a>(pair: &Pair<'a>, cx: &Context<'a>) -> Option<(&'a Expr, Value<'a>)> {
    let sides = pair.sides();
    // `[] is not []` shows that they are two.
    if sides.iter().all(|(side, _)| matches!(literal(side), Some(Value::New(_)))) {
        return None;
    }
    let literal = sides.iter().find_map(|(side, _)| Some((*side, literal(side)?)));
    if literal.is_some() {
        return literal;
    }
    // `str(x) is None` has another mistake, and tests ask what is one object on purpose.
    let is_singleton = |it: &Expr| {
        it.is_none_literal_expr() || it.is_boolean_literal_expr() || it.is_ellipsis_literal_expr()
    };
    if sides.iter().any(|(side, _)| is_singleton(side)) || cx.module.is_test() {
        return None;
    }
    sides.iter().find_map(|(side, other)| Some((*side, computed(side, other, cx)?)))
}

fn literal(expression: &Expr) -> Option<Value<'_>> {
    Some(match expression {
        Expr::StringLiteral(_) => Value::Literal("a string"),
        Expr::BytesLiteral(_) => Value::Literal("bytes"),
        Expr::NumberLiteral(_) => Value::Literal("a number"),
        Expr::UnaryOp(it) if it.operand.is_number_literal_expr() => Value::New("a number"),
        Expr::FString(_) => Value::New("a string"),
        Expr::Tuple(_) => Value::New("a tuple"),
        Expr::List(_) | Expr::ListComp(_) => Value::New("a list"),
        Expr::Dict(_) | Expr::DictComp(_) => Value::New("a dictionary"),
        Expr::Set(_) | Expr::SetComp(_) => Value::New("a set"),
        _ => return None,
    })
}

fn computed<'a>(expression: &'a Expr, other: &'a Expr, cx: &Context<'a>) -> Option<Value<'a>> {
    match expression {
        Expr::Call(call) => {
            let name = cx.qualified(&call.func)?;
            let ["builtins", name] = name.parts() else { return None };
            // `x is str(x)` asks whether it is one already.
            let is_asked = call.arguments.args.iter().any(|it| cx.slice(it) == cx.slice(other));
            (MAKERS.contains(name) && !is_asked)
                .then_some(Value::New("what a call of a builtin gives"))
        }
        Expr::BinOp(it) if is_arithmetic(it.op) => {
            kind(expression, cx).is_some().then_some(Value::New("what is computed here"))
        }
        Expr::Name(name) => constant(name, cx),
        Expr::Attribute(it) if it.attr.as_str() == "value" => {
            let member = it.value.as_attribute_expr()?;
            let class = cx.qualified(&member.value)?;
            Some(Value::OfMember(format!("{class}.{}", member.attr)))
        }
        _ => None,
    }
}

fn is_arithmetic(operator: Operator) -> bool {
    matches!(
        operator,
        Operator::Add
            | Operator::Sub
            | Operator::Mult
            | Operator::Div
            | Operator::FloorDiv
            | Operator::Mod
            | Operator::Pow
    )
}

/// A name that the module binds once, to text, a number or a tuple.
fn constant<'a>(name: &'a ExprName, cx: &Context<'a>) -> Option<Value<'a>> {
    let symbol = cx.symbol(name)?;
    if cx.semantic.scope_of_symbol(symbol) != ScopeId::MODULE {
        return None;
    }
    let binding = cx.semantic.only_binding(symbol)?;
    let BindingKind::Assignment(value) = binding.kind else { return None };
    if !cx.semantic.is_unconditional(binding.condition) || stands_for_nothing(name, cx) {
        return None;
    }
    let is_written = value.is_literal_expr() || value.is_tuple_expr() || value.is_unary_op_expr();
    let what = match kind(value, cx).filter(|_| is_written)? {
        Kind::Str => "a string",
        Kind::Bytes => "bytes",
        Kind::Int | Kind::Float | Kind::Complex => "a number",
        Kind::Tuple => "a tuple",
        _ => return None,
    };
    Some(Value::Constant(name.id.as_str(), what))
}

/// Whether a constant is there to be told from all other values: by its name, or because it is the
/// default of a parameter.
fn stands_for_nothing(name: &ExprName, cx: &Context<'_>) -> bool {
    // A private name goes from hand to hand inside the module.
    let says_so = name.id.starts_with('_')
        || name.id.split('_').any(|word| SENTINELS.contains(&word.to_ascii_lowercase().as_str()));
    let is_default = || {
        cx.tree.nodes().iter().any(|node| match node {
            AnyNodeRef::StmtFunctionDef(it) => it.parameters.iter_non_variadic_params().any(|it| {
                let default = it.default.as_deref().and_then(Expr::as_name_expr);
                default.is_some_and(|it| it.id == name.id)
            }),
            _ => false,
        })
    };
    says_so || is_default()
}

fn report<'a>(
    compare: &'a ExprCompare,
    pair: &Pair<'a>,
    side: &'a Expr,
    value: Value<'a>,
    cx: &mut Context<'a>,
) {
    let (word, other) = match pair.operator {
        CmpOp::IsNot => ("is not", "!="),
        _ => ("is", "=="),
    };
    let title = format!("Compare with `{other}`");
    let fix = match value {
        Value::Literal(_) => Fix::safe(title),
        _ => Fix::unsafe_(title),
    };
    let fix = pair.operator_range(cx).map(|at| fix.replace(at, other));
    let range = TextRange::new(pair.left.start(), pair.right.end());
    let (message, help) = match &value {
        Value::Literal(what) => (
            format!("`{word}` compares with the identity of {what}"),
            "whether equal values are one object is up to the interpreter and changes between versions: it warns itself since Python 3.8",
        ),
        Value::New(what) => (
            format!("`{word}` with {what} asks for the same object, not for the same value"),
            "another object with an equal value is another object: compare values by value",
        ),
        Value::Constant(name, what) => (
            format!("`{word} {name}` compares with the identity of {what}"),
            "a value that was read, computed or unpickled is another object, be it equal: compare values by value",
        ),
        Value::OfMember(_) => (
            format!("`{word} {}` compares with the identity of a plain value", cx.slice(side)),
            "the members of an enumeration are single objects, their values are not: compare the members by identity, or the values by value",
        ),
    };
    match value {
        Value::OfMember(member) => {
            let Some(subject) = holder(compare, cx) else { return };
            match subject {
                AnyNodeRef::StmtClassDef(it) => cx.suspect_about(it, member, range, message),
                AnyNodeRef::StmtFunctionDef(it) => cx.suspect_about(it, member, range, message),
                _ => return,
            }
        }
        _ => cx.report(range, message),
    }
    .help(help)
    .fix(fix);
}

/// The innermost function or class around a comparison.
fn holder<'a>(compare: &'a ExprCompare, cx: &Context<'a>) -> Option<AnyNodeRef<'a>> {
    cx.ancestors(compare)
        .find(|node| matches!(node, AnyNodeRef::StmtClassDef(_) | AnyNodeRef::StmtFunctionDef(_)))
}

/// Whether what is named is the value of a member of an enumeration.
fn confirm(suspected: Suspected<'_>, _: &mut Diagnostic) -> bool {
    let project = suspected.project;
    let Some((class, member)) =
        suspected.suspicion.about.as_deref().and_then(|it| it.rsplit_once('.'))
    else {
        return false;
    };
    let Item::Class(class) = project.resolve_absolute(suspected.file, class) else { return false };
    let is_enum = match project.mro(class) {
        Mro::Known(mro) => {
            mro.iter().any(|it| matches!(it, ClassRef::Std(it) if it.name() == "enum.Enum"))
        }
        _ => false,
    };
    let is_value = |it: &crate::facts::MemberFacts| {
        matches!(it.kind(), MemberKind::Value | MemberKind::Container)
    };
    is_enum && project.member(class, member).is_some_and(is_value)
}
