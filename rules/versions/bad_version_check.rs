use ruff_python_ast::{
    AnyNodeRef, BoolOp, CmpOp, Expr, ExprCompare, ExprSubscript, ExprTuple, Number,
};
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::Severity;
use crate::fix::Fix;
use crate::rule::{Context, Fixable, On, Opt, Rule};
use crate::syntax::string_text;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "bad-version-check",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("bad_version_check.md"),
    options: &[&FUTURE],
    on: &[On::ExprCompare(check_comparison), On::ExprSubscript(check_text)],
};

const FUTURE: Opt<bool> = Opt {
    name: "python-4",
    default: false,
    help: "Report tests that a Python 4 would answer wrongly, too: `sys.version_info[0] == 3`.",
};

/// `sys.version[:3]` is `3.1` on Python 3.10.
fn check_text<'a>(subscript: &'a ExprSubscript, cx: &mut Context<'a>) {
    if !is_named(&subscript.value, "version") || !cx.is(&subscript.value, "sys.version") {
        return;
    }
    let is_short = match &*subscript.slice {
        Expr::Slice(it) => {
            it.lower.is_none()
                && it.step.is_none()
                && it.upper.as_deref().is_some_and(|it| is(it, 3))
        }
        index => is(index, 2),
    };
    if !is_short || is_shown(subscript, cx) {
        return;
    }
    let text = cx.slice(subscript);
    let (digits, wrong) = if text.ends_with(":3]") { ("three", "`3.1`") } else { ("one", "`1`") };
    let message = format!("`{text}` is {wrong} on Python 3.10: the minor version has two digits");
    let help = match digits {
        "three" => "compare `sys.version_info[:2]` with a tuple, or format its parts",
        _ => "take `sys.version_info[1]`, which is a number",
    };
    cx.report(subscript, message).help(help);
}

/// Whether a text is only printed or logged.
fn is_shown<'a>(subscript: &'a ExprSubscript, cx: &Context<'a>) -> bool {
    const SPEAK: &[&str] =
        &["print", "debug", "info", "warning", "error", "critical", "log", "write"];
    cx.ancestors(subscript).take_while(|it| !it.is_statement()).any(|it| match it {
        AnyNodeRef::ExprCall(call) => match &*call.func {
            Expr::Name(name) => SPEAK.contains(&name.id.as_str()),
            Expr::Attribute(it) => SPEAK.contains(&it.attr.as_str()),
            _ => false,
        },
        _ => false,
    })
}

fn check_comparison<'a>(comparison: &'a ExprCompare, cx: &mut Context<'a>) {
    let ([op], [right]) = (&*comparison.ops, &*comparison.comparators) else { return };
    let Some(part) = Part::of(&comparison.left, cx) else { return };
    match part {
        Part::Text => check_text_comparison(comparison, *op, right, cx),
        Part::Tuple(kept) => check_tuple(comparison, *op, right, kept, cx),
        Part::Major | Part::Minor => check_number(comparison, *op, right, part, cx),
    }
}

/// What of the version is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// `sys.version`.
    Text,
    /// `sys.version_info`, or so many of its parts.
    Tuple(Option<u64>),
    Major,
    Minor,
}

impl Part {
    fn of<'a>(left: &'a Expr, cx: &Context<'a>) -> Option<Part> {
        let is_info = |it: &'a Expr| is_named(it, "version_info") && cx.is(it, "sys.version_info");
        match left {
            Expr::Subscript(it) if is_info(&it.value) => match &*it.slice {
                Expr::Slice(slice) if slice.lower.is_none() && slice.step.is_none() => {
                    Some(Part::Tuple(Some(number(slice.upper.as_deref()?)?)))
                }
                index if is(index, 0) => Some(Part::Major),
                index if is(index, 1) => Some(Part::Minor),
                _ => None,
            },
            it if is_info(it) => Some(Part::Tuple(None)),
            it if is_named(it, "version") && cx.is(it, "sys.version") => Some(Part::Text),
            Expr::Attribute(it) if is_info(&it.value) => match it.attr.as_str() {
                "major" => Some(Part::Major),
                "minor" => Some(Part::Minor),
                _ => None,
            },
            _ => None,
        }
    }
}

/// `sys.version >= "3.8"`
fn check_text_comparison<'a>(
    comparison: &'a ExprCompare,
    op: CmpOp,
    right: &'a Expr,
    cx: &mut Context<'a>,
) {
    let Expr::StringLiteral(literal) = right else { return };
    if !is_ordering(op) {
        return;
    }
    let fix = version_tuple(string_text(&literal.value))
        .map(|tuple| replace_both(comparison, right, "sys.version_info", &tuple, cx));
    cx.report(comparison, "`sys.version` is compared as text, where `3.10` comes before `3.9`")
        .help("compare `sys.version_info` with a tuple")
        .fix(fix.flatten());
}

fn check_tuple<'a>(
    comparison: &'a ExprCompare,
    op: CmpOp,
    right: &'a Expr,
    kept: Option<u64>,
    cx: &mut Context<'a>,
) {
    let tuple = match right {
        Expr::Tuple(tuple) if tuple.elts.iter().all(Expr::is_number_literal_expr) => tuple,
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) => {
            return check_other_type(comparison, op, right, cx);
        }
        _ => return,
    };
    let length = tuple.elts.len() as u64;
    let is_whole = kept.is_none();
    match op {
        CmpOp::Eq | CmpOp::NotEq if length != kept.unwrap_or(5) => {
            let always = if op == CmpOp::Eq { "never" } else { "always" };
            let parts = kept.unwrap_or(5);
            let message =
                format!("this {always} holds: a tuple of {parts} is compared with one of {length}");
            let range = comparison.left.range();
            let fix = sliced(&comparison.left, length, cx)
                .map(|text| Fix::unsafe_(format!("Compare {length} parts")).replace(range, text));
            cx.report(comparison, message)
                .help(format!("compare `sys.version_info[:{length}]`"))
                .fix(fix);
        }
        CmpOp::Gt | CmpOp::LtE if is_whole && names_minor(tuple) => {
            let version = text_of(tuple);
            let (says, other) = match op {
                CmpOp::Gt => ("holds on every release of", ">="),
                _ => ("holds on no release of", "<"),
            };
            let message =
                format!("this {says} {version}: `sys.version_info` has more parts, and is greater");
            let operator = TextRange::new(comparison.left.end(), right.start());
            let spaced = format!(" {other} ");
            let fix = (!cx.has_comment(operator) && !cx.slice(operator).contains(['(', ')', '\n']))
                .then(|| Fix::unsafe_(format!("Write `{other}`")).replace(operator, spaced));
            let instead = if op == CmpOp::Gt { ">" } else { "<=" };
            cx.report(comparison, message)
                .help(format!(
                    "write `{other}`, which means the same; or `sys.version_info[:2] {instead} …`"
                ))
                .fix(fix);
        }
        _ if is_ordering(op) && kept.is_some_and(|kept| kept < length) => {
            let kept = kept.unwrap_or_default();
            let message = format!("{kept} parts are compared with {length}: equal ones are less");
            let range = comparison.left.range();
            let fix = sliced(&comparison.left, length, cx)
                .map(|text| Fix::unsafe_(format!("Compare {length} parts")).replace(range, text));
            cx.report(comparison, message)
                .help(format!("compare `sys.version_info[:{length}]`, or all of it"))
                .fix(fix);
        }
        _ => {}
    }
}

/// `sys.version_info >= 3.10`
fn check_other_type<'a>(
    comparison: &'a ExprCompare,
    op: CmpOp,
    right: &'a Expr,
    cx: &mut Context<'a>,
) {
    let kind = match right {
        Expr::StringLiteral(_) => "text",
        _ => "a number",
    };
    let message = match op {
        CmpOp::Eq => format!("this never holds: a tuple is compared with {kind}"),
        CmpOp::NotEq => format!("this always holds: a tuple is compared with {kind}"),
        op if is_ordering(op) => {
            format!("this raises `TypeError`: a tuple is compared with {kind}")
        }
        _ => return,
    };
    let tuple = match right {
        Expr::StringLiteral(it) => version_tuple(string_text(&it.value)),
        _ => version_tuple(cx.slice(right)),
    };
    let fix = tuple.map(|tuple| {
        let is_equality = matches!(op, CmpOp::Eq | CmpOp::NotEq);
        let parts = tuple.matches(',').count() + usize::from(!tuple.ends_with(",)"));
        let left = sliced(&comparison.left, parts as u64, cx).filter(|_| is_equality);
        let fix = Fix::unsafe_(format!("Compare with `{tuple}`")).replace(right.range(), tuple);
        match left {
            Some(left) => fix.replace(comparison.left.range(), left),
            None => fix,
        }
    });
    cx.report(comparison, message).help("compare with a tuple: `(3, 10)`").fix(fix);
}

/// `sys.version_info[0] >= "3"`, `sys.version_info[1] >= 8`
fn check_number<'a>(
    comparison: &'a ExprCompare,
    op: CmpOp,
    right: &'a Expr,
    part: Part,
    cx: &mut Context<'a>,
) {
    if let Expr::StringLiteral(_) = right {
        let fate = match op {
            CmpOp::Eq => "never holds",
            CmpOp::NotEq => "always holds",
            op if is_ordering(op) => "raises `TypeError`",
            _ => return,
        };
        cx.report(comparison, format!("this {fate}: a number is compared with text"))
            .help("write the number without quotes");
        return;
    }
    let Some(value) = number(right).filter(|_| cx.get(&FUTURE)) else { return };
    match (part, op) {
        (Part::Major, CmpOp::Eq) if value == 3 => {
            cx.report(comparison, "this does not hold on a Python 4")
                .help("write `sys.version_info >= (3,)`");
        }
        (Part::Minor, _) if is_ordering(op) && !is_with_major(comparison, cx) => {
            cx.report(comparison, "the minor version is compared, whatever the major version is")
                .help(format!("write `sys.version_info >= (3, {value})` or the like"));
        }
        _ => {}
    }
}

/// Whether the major version is tested beside or around a test of the minor one.
fn is_with_major<'a>(comparison: &'a ExprCompare, cx: &Context<'a>) -> bool {
    let tests = |text: &str| {
        ["version_info[0]", ".major", "version_info[:", "PY3", "PY2"]
            .iter()
            .any(|word| text.contains(word))
    };
    cx.ancestors(comparison).any(|it| match it {
        AnyNodeRef::ExprBoolOp(it) => it.op == BoolOp::And && tests(cx.slice(it)),
        AnyNodeRef::StmtIf(it) => tests(cx.slice(&*it.test)),
        _ => false,
    })
}

fn is_named(expression: &Expr, name: &str) -> bool {
    match expression {
        Expr::Attribute(it) => it.attr.as_str() == name,
        Expr::Name(it) => it.id.as_str() == name,
        _ => false,
    }
}

fn is_ordering(op: CmpOp) -> bool {
    matches!(op, CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE)
}

fn number(expression: &Expr) -> Option<u64> {
    let Expr::NumberLiteral(literal) = expression else { return None };
    let Number::Int(number) = &literal.value else { return None };
    number.as_u64()
}

fn is(expression: &Expr, value: u64) -> bool {
    number(expression) == Some(value)
}

/// Whether a tuple is of a major and a minor version other than 0: `> (3, 0)` is how Python 3 was
/// asked for.
fn names_minor(tuple: &ExprTuple) -> bool {
    matches!(&tuple.elts[..], [major, minor] if number(major).is_some() && !is(minor, 0))
}

fn text_of(tuple: &ExprTuple) -> String {
    let parts: Vec<String> =
        tuple.elts.iter().filter_map(number).map(|it| it.to_string()).collect();
    parts.join(".")
}

/// `(3, 10)` for `3.10`.
fn version_tuple(text: &str) -> Option<String> {
    let parts: Option<Vec<u8>> = text.split('.').map(|part| part.parse().ok()).collect();
    match &parts?[..] {
        [major] => Some(format!("({major},)")),
        parts @ [_, ..] => {
            let parts: Vec<String> = parts.iter().map(u8::to_string).collect();
            Some(format!("({})", parts.join(", ")))
        }
        [] => None,
    }
}

/// `sys.version_info[:2]`, of whatever stands for `sys.version_info`.
fn sliced(left: &Expr, length: u64, cx: &Context<'_>) -> Option<String> {
    let info = match left {
        Expr::Subscript(it) => &it.value,
        other => other,
    };
    let text = cx.slice(info);
    (!text.contains('\n')).then(|| format!("{text}[:{length}]"))
}

/// Puts other operands into the places of both.
fn replace_both(
    comparison: &ExprCompare,
    right: &Expr,
    info: &str,
    tuple: &str,
    cx: &Context<'_>,
) -> Option<Fix> {
    // `version` that was imported from `sys` does not bring `version_info` with it.
    let Expr::Attribute(left) = &*comparison.left else { return None };
    let module = cx.slice(&*left.value);
    let info = info.strip_prefix("sys.")?;
    Some(
        Fix::unsafe_("Compare `sys.version_info` with a tuple")
            .replace(left.range, format!("{module}.{info}"))
            .replace(right.range(), tuple),
    )
}
