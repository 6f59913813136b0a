use ruff_python_ast::{AnyNodeRef, BoolOp, Expr, Stmt, StmtClassDef, UnaryOp};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::eq_without_hash::compared::compared;
use super::special::Method;
use super::state::State;

use crate::diagnostic::Severity;
use crate::facts::{Hashing, Subject};
use crate::fix::Fix;
use crate::project::{ClassRef, Project};
use crate::rule::{Class, Context, Fixable, Mending, On, ProjectReport, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "hash-lost-in-subclass",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("hash_lost_in_subclass.md"),
    options: &[],
    on: &[On::Class(check), On::Mend(mend)],
};

fn check<'a>(class: Class<'a>, report: &mut ProjectReport<'a>) {
    let project = class.project;
    let file = project.file(class.file);
    let eq = project.member(class.id, "__eq__");
    if eq.is_none() && class.facts.dataclass().is_none()
        || !class.facts.is_certain()
        || file.is_stub()
        || file.module().is_test()
        || project.member(class.id, "__hash__").is_some()
        || project.is_protocol(class.id)
    {
        return;
    }
    // `C.__hash__ = …` behind the class.
    let is_written = file.foreign_attribute_writes().iter().any(|it| file.text(*it) == "__hash__");
    if is_written || project.own_hashing(class.id) != Hashing::Removed {
        return;
    }
    let Some(ancestors) = class.ancestors() else { return };
    let Some((base, true)) = project.hashing(ancestors) else { return };
    if matches!(base, ClassRef::Std(it) if it.is_object()) || is_only_said(project, base) {
        return;
    }
    let (name, above) = (class.name(), project.class_name(base));
    let (place, why) = match eq {
        Some(eq) => (eq.range(), "defines `__eq__`"),
        None => (class.facts.range(), "is made by `@dataclass`, which writes `__eq__`"),
    };
    let message =
        format!("`{name}` {why} and so loses the hash of `{above}`: instances cannot be hashed");
    let finding = report.at(class.file, place, message).help(format!(
        "Python sets `__hash__` to `None` in a class with an `__eq__` of its own: `hash({above}(…))` works, and `hash({name}(…))` raises `TypeError`; say which hash is meant"
    ));
    if let ClassRef::Project(id) = base
        && let Some(hash) = project.member(id, "__hash__")
    {
        let (file, _) = project.class(id);
        class.point(finding, (file, hash.range()), "this one is lost");
    }
    let Some(place) = place_of(class, base) else {
        return report.to_mend_class(class, Vec::new());
    };
    match narrowed(class, base) {
        Narrowed::IfItGoesOn => report.to_mend_class(class, vec![place]),
        Narrowed::IfItCompares(hash) => {
            let subject = Subject::Class(project.index_of(class.id));
            report.to_mend(subject, vec![place, hash.to_u32().to_string()]);
        }
        Narrowed::No => report.to_mend_class(class, Vec::new()),
    }
}

/// Whether a hash only refuses, or says what `object` does: then there is nothing to lose.
fn is_only_said(project: &Project, base: ClassRef) -> bool {
    let ClassRef::Project(id) = base else { return false };
    project.own_function(id, "__hash__").is_some_and(|it| it.is_stub() || it.always_raises())
}

/// Whether what the class says is equal has equal hashes of its base.
enum Narrowed {
    /// If its comparison, which goes on to that of the base, says no where that does.
    IfItGoesOn,
    /// If it compares all that the `__hash__` at this place of the file hashes.
    IfItCompares(TextSize),
    No,
}

fn narrowed(class: Class<'_>, lost: ClassRef) -> Narrowed {
    let project = class.project;
    let Some(eq) = project.own_function(class.id, "__eq__") else { return Narrowed::No };
    if eq.calls_namesake() {
        return Narrowed::IfItGoesOn;
    }
    let ClassRef::Project(base) = lost else { return Narrowed::No };
    match project.own_function(base, "__hash__") {
        Some(hash) if project.class(base).0 == class.file => {
            Narrowed::IfItCompares(hash.range().start())
        }
        _ => Narrowed::No,
    }
}

/// The place of the base through which the hash comes.
fn place_of(class: Class<'_>, lost: ClassRef) -> Option<String> {
    let project = class.project;
    let comes_through = |base: Option<ClassRef>| {
        let linear = base.and_then(|it| project.linear(it));
        linear.is_some_and(|it| project.hashing(&it) == Some((lost, true)))
    };
    let place = project.bases(class.id).position(|(_, base)| comes_through(base));
    place.map(|at| at.to_string())
}

/// `__hash__ = Base.__hash__` where the comparison is that of the base and more, or compares all that
/// is hashed; else `__hash__ = None`, which is what Python does anyway.
fn mend<'a>(mending: Mending<'a>, cx: &Context<'a>) -> Option<Fix> {
    let AnyNodeRef::StmtClassDef(class) = mending.subject else { return None };
    let place: Option<usize> = mending.notes.first().and_then(|it| it.parse().ok());
    let eq = class.body.iter().filter_map(Stmt::as_function_def_stmt);
    let eq = eq.filter(|it| it.name.as_str() == "__eq__").last();
    let eq = eq.and_then(|it| Method::of(it, cx));
    let fits = eq.is_some_and(|eq| match mending.notes.get(1) {
        Some(at) => compares_what_is_hashed(&eq, at, cx),
        None => says_no_where_the_base_does(&eq),
    });
    let base = place.filter(|_| fits).and_then(|at| plain_base(class, at, cx));
    let (fix, line) = match base {
        Some(base) => {
            let line = format!("__hash__ = {base}.__hash__");
            (Fix::unsafe_(format!("Say `{line}`")), line)
        }
        None => (Fix::safe("Say `__hash__ = None`"), "__hash__ = None".to_owned()),
    };
    let eq = class.body.iter().find(|it| binds_eq(it));
    let after = eq.or(class.body.last())?;
    let end = cx.line_end_after(after).filter(|_| cx.begins_line(after.start()))?;
    let indent = cx.indent_at(after.start());
    let blank = if after.is_function_def_stmt() { "\n" } else { "" };
    Some(fix.insert(end, format!("{blank}\n{indent}{line}")))
}

/// Whether objects that an `__eq__` finds equal are so for that of the base, too, as far as its
/// statements tell: `return super().__eq__(other) and …`, or `if not super().__eq__(other): return
/// False` before all else.
fn says_no_where_the_base_does(eq: &Method<'_>) -> bool {
    let Some(other) = eq.parameter(0) else { return false };
    for statement in &eq.function.body {
        match statement {
            Stmt::Expr(it) if it.value.is_string_literal_expr() => {}
            Stmt::If(it) if it.elif_else_clauses.is_empty() && it.body.iter().all(says_no) => {
                let asked = it.test.as_unary_op_expr().filter(|it| it.op == UnaryOp::Not);
                if asked.is_some_and(|it| asks_base(&it.operand, other)) {
                    return true;
                }
            }
            Stmt::Return(it) => {
                return it.value.as_deref().is_some_and(|value| match value {
                    Expr::BoolOp(it) => {
                        it.op == BoolOp::And && it.values.iter().any(|it| asks_base(it, other))
                    }
                    value => asks_base(value, other),
                });
            }
            _ => return false,
        }
    }
    false
}

/// `return False`, `return NotImplemented`
fn says_no(statement: &Stmt) -> bool {
    match statement.as_return_stmt().and_then(|it| it.value.as_deref()) {
        Some(Expr::BooleanLiteral(it)) => !it.value,
        Some(Expr::Name(it)) => it.id == "NotImplemented",
        _ => false,
    }
}

/// `super().__eq__(other)`, `Base.__eq__(self, other)`
fn asks_base(test: &Expr, other: &str) -> bool {
    let Expr::Call(call) = test else { return false };
    let last = call.arguments.args.last().and_then(Expr::as_name_expr);
    call.func.as_attribute_expr().is_some_and(|it| &it.attr == "__eq__")
        && last.is_some_and(|it| it.id == other)
}

/// Whether an `__eq__` compares all attributes that the `__hash__` at a place of the file hashes, and
/// that hashes nothing else.
fn compares_what_is_hashed<'a>(eq: &Method<'a>, at: &str, cx: &Context<'a>) -> bool {
    let mut functions = cx.tree.nodes().iter().filter_map(|it| it.as_stmt_function_def());
    let at = at.parse().map(TextSize::new);
    let hash = functions.find(|it| at == Ok(it.name.start()));
    let Some(hash) = hash.and_then(|it| Method::of(it, cx)) else { return false };
    let (Some(hashed), Some(compared)) = (State::of(&hash, cx), compared(eq)) else {
        return false;
    };
    // Equal objects may be of several classes.
    let text = cx.slice(hash.function);
    let asks_class = ["__class__", "type("].iter().any(|it| text.contains(it));
    !asks_class
        && hashed.identity.is_none()
        && hashed.inherited.is_none()
        && hashed.first_uses().all(|it| compared.contains(&it.name()))
        && hashed.first_uses().next().is_some()
}

fn binds_eq(statement: &Stmt) -> bool {
    match statement {
        Stmt::FunctionDef(it) => it.name.as_str() == "__eq__",
        Stmt::Assign(it) => {
            it.targets.iter().any(|it| it.as_name_expr().is_some_and(|name| name.id == "__eq__"))
        }
        _ => false,
    }
}

/// A base that is a dotted name.
fn plain_base<'a>(class: &'a StmtClassDef, at: usize, cx: &Context<'a>) -> Option<&'a str> {
    let base = class.arguments.as_deref()?.args.get(at)?;
    let base = match base {
        Expr::Subscript(subscript) => &*subscript.value,
        base => base,
    };
    let range: TextRange = base.range();
    matches!(base, Expr::Name(_) | Expr::Attribute(_)).then(|| cx.slice(range))
}
