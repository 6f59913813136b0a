//! Methods that say what those of a dataclass say.

use ruff_python_ast::{
    CmpOp, ConversionFlag, Expr, ExprFString, InterpolatedStringElement, Stmt, StmtFunctionDef,
};

use super::Candidate;
use crate::rules::classes::methods::{attribute_of, is_name, positional, without_docstring};

/// Whether a `__repr__` is `return f"C(a={self.a!r}, b={self.b!r})"`, with the name of the class or
/// what stands for it.
pub(super) fn is_written_repr(method: &StmtFunctionDef, candidate: &Candidate<'_>) -> bool {
    let [Stmt::Return(it)] = without_docstring(&method.body) else { return false };
    let Some(Expr::FString(text)) = it.value.as_deref() else { return false };
    let Some(this) = positional(method).next() else { return false };
    said(text, this, candidate.class.name.as_str()).is_some_and(|said| {
        let fields: Vec<String> =
            candidate.fields.iter().map(|it| format!("{0}=\0{0}", it.name())).collect();
        said == format!("\0({})", fields.join(", "))
    })
}

/// What an f-string says, with `\0` for the name of the class and before each attribute shown by
/// `!r`.
fn said(text: &ExprFString, this: &str, class: &str) -> Option<String> {
    let mut said = String::new();
    for element in text.value.elements() {
        match element {
            InterpolatedStringElement::Literal(it) => said.push_str(&it.value),
            InterpolatedStringElement::Interpolation(it) => {
                if it.debug_text.is_some() || it.format_spec.is_some() {
                    return None;
                }
                if let Some(attribute) = attribute_of(&it.expression, this)
                    && it.conversion == ConversionFlag::Repr
                {
                    said.push('\0');
                    said.push_str(attribute);
                } else if is_class_name(&it.expression, this) {
                    said.push('\0');
                } else {
                    return None;
                }
            }
        }
    }
    Some(match said.strip_prefix(class) {
        Some(rest) => format!("\0{rest}"),
        None => said,
    })
}

/// `type(self).__name__`, `self.__class__.__qualname__` and their like.
fn is_class_name(expression: &Expr, this: &str) -> bool {
    let Expr::Attribute(name) = expression else { return false };
    let is_class = match &*name.value {
        Expr::Call(call) => {
            is_name(&call.func, "type")
                && matches!(&call.arguments.args[..], [only] if is_name(only, this))
        }
        class => attribute_of(class, this) == Some("__class__"),
    };
    is_class && matches!(name.attr.as_str(), "__name__" | "__qualname__")
}

/// Whether an `__eq__` compares all fields in their order, as tuples, after it has asked for the
/// class.
pub(super) fn is_written_eq(method: &StmtFunctionDef, candidate: &Candidate<'_>) -> bool {
    let mut names = positional(method);
    let (Some(this), Some(other)) = (names.next(), names.next()) else { return false };
    let [Stmt::If(guard), Stmt::Return(it)] = without_docstring(&method.body) else {
        return false;
    };
    let is_refusal = matches!(&guard.body[..], [Stmt::Return(it)]
        if it.value.as_deref().is_some_and(|it| is_name(it, "NotImplemented")));
    if !is_refusal
        || !guard.elif_else_clauses.is_empty()
        || !asks_for_class(&guard.test, other, candidate)
    {
        return false;
    }
    let Some(Expr::Compare(compare)) = it.value.as_deref() else { return false };
    let ([CmpOp::Eq], [right]) = (&compare.ops[..], &compare.comparators[..]) else {
        return false;
    };
    let is_all = |tuple: &Expr, owner: &str| {
        let Expr::Tuple(tuple) = tuple else { return false };
        let names = tuple.elts.iter().map(|it| attribute_of(it, owner));
        names.eq(candidate.fields.iter().map(|it| Some(it.name())))
    };
    is_all(&compare.left, this) && is_all(right, other)
}

/// `not isinstance(other, C)`.
fn asks_for_class(test: &Expr, other: &str, candidate: &Candidate<'_>) -> bool {
    let Expr::UnaryOp(it) = test else { return false };
    let Expr::Call(call) = &*it.operand else { return false };
    it.op == ruff_python_ast::UnaryOp::Not
        && is_name(&call.func, "isinstance")
        && matches!(&call.arguments.args[..], [what, class]
            if is_name(what, other) && is_name(class, candidate.class.name.as_str()))
}
