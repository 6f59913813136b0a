//! What functions, handlers and statements say of the Pythons they are for, by how they are written.

use ruff_python_ast::{self as ast, AnyNodeRef, ExceptHandler, Expr};
use ruff_text_size::{Ranged, TextRange};

use crate::semantic::passing::contains;
use crate::semantic::pythons::is_flag;

/// Whether a function is called like something for one Python: `get_source_311`, `run_py39`,
/// `load_py2`.
pub(super) fn is_for_one(name: &str) -> bool {
    let is_for_two = ["py2", "python2"].iter().any(|two| name.ends_with(two));
    let digits = name.trim_end_matches(|it: char| it.is_ascii_digit()).len();
    let number = &name[digits..];
    name[..digits].ends_with('_') && number.starts_with('3') && matches!(number.len(), 2 | 3)
        || is_for_two
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
pub(super) fn is_for_missing(expression: &Expr) -> bool {
    const ERRORS: &[&str] = &["ImportError", "ModuleNotFoundError", "AttributeError", "NameError"];
    match expression {
        Expr::Tuple(several) => several.elts.iter().any(is_for_missing),
        one => is_one_of(one, ERRORS),
    }
}

/// Whether a `with` item waits for one of some errors: `pytest.raises(TypeError)`.
pub(super) fn expects(item: &Expr, errors: &[&str]) -> bool {
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
pub(super) fn catches(statement: &ast::StmtTry, errors: &[&str]) -> bool {
    let is_one = |expression: &Expr| is_one_of(expression, errors);
    statement.handlers.iter().any(|ExceptHandler::ExceptHandler(handler)| {
        match handler.type_.as_deref() {
            None => true,
            Some(Expr::Tuple(several)) => several.elts.iter().any(is_one),
            Some(one) => is_one(one),
        }
    })
}

/// Whether it is not sure that what a node holds at some place runs whenever the node does, whatever
/// a test says: functions, loops, handlers.
pub(super) fn may_pass_over(outer: AnyNodeRef<'_>, at: TextRange) -> bool {
    match outer {
        AnyNodeRef::StmtFunctionDef(it) => contains(&it.body, at),
        AnyNodeRef::ExprLambda(it) => it.body.range().contains_range(at),
        AnyNodeRef::StmtFor(it) => contains(&it.body, at) || contains(&it.orelse, at),
        AnyNodeRef::StmtWhile(it) => contains(&it.body, at) || contains(&it.orelse, at),
        AnyNodeRef::StmtTry(it) => contains(&it.orelse, at),
        AnyNodeRef::ExceptHandlerExceptHandler(_)
        | AnyNodeRef::MatchCase(_)
        | AnyNodeRef::ExprListComp(_)
        | AnyNodeRef::ExprSetComp(_)
        | AnyNodeRef::ExprDictComp(_)
        | AnyNodeRef::ExprGenerator(_) => true,
        _ => false,
    }
}

/// Whether an expression has the names of something: `vars(ast)`, `dir(ast)`, `ast.__dict__`.
pub(super) fn lists_names(expression: &Expr) -> bool {
    match expression {
        Expr::Call(call) => matches!(&*call.func, Expr::Name(name)
            if matches!(name.id.as_str(), "vars" | "dir") && call.arguments.len() == 1),
        Expr::Attribute(it) => it.attr.as_str() == "__dict__",
        _ => false,
    }
}
