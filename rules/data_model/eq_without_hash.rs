pub(super) mod compared;

use ruff_python_ast::{self as ast, Expr, Stmt, StmtClassDef, StmtFunctionDef};
use ruff_text_size::Ranged;

use super::special::Method;
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::Hashing;
use crate::fix::Fix;
use crate::project::{ClassRef, Mro};
use crate::rule::{Class, Context, Fixable, On, Opt, Rule, Suspected};
use crate::semantic::{Binding, BindingKind};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "eq-without-hash",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("eq_without_hash.md"),
    options: &[&WRITE_HASH],
    on: &[On::StmtClassDef(check), On::Suspicion(confirm)],
};

const WRITE_HASH: Opt<bool> = Opt {
    name: "write-hash",
    default: false,
    help: "Whether the fix writes a hash over what `__eq__` compares, where that never changes: unsafe.",
};

fn check<'a>(class: &'a StmtClassDef, cx: &mut Context<'a>) {
    let mentions = |name| cx.semantic.name(name).is_some();
    if cx.is_stub || cx.module.is_test() || !(mentions("__eq__") || mentions("__hash__")) {
        return;
    }
    match (&cx.members(class, "__eq__")[..], &cx.members(class, "__hash__")[..]) {
        (&[&eq], []) => check_eq(class, eq, cx),
        ([], &[&hash]) => check_hash(class, hash, cx),
        _ => {}
    }
}

fn check_eq<'a>(class: &'a StmtClassDef, eq: Binding<'a>, cx: &mut Context<'a>) {
    let removes = match cx.dataclass(class) {
        Some((_, dataclass)) => dataclass.hashing(true) == Hashing::Removed,
        None => true,
    };
    if !removes || !cx.semantic.is_unconditional(eq.condition) || sets_hash_from_outside(cx) {
        return;
    }
    let Some(statement) = class.body.iter().find(|it| it.range().contains_range(eq.range)) else {
        return;
    };
    let name = class.name.as_str();
    let hash = match statement {
        Stmt::FunctionDef(it) => hash_over_compared(it, cx),
        _ => None,
    };
    let fix = match &hash {
        Some(hash) if cx.get(&WRITE_HASH) => {
            let fix = Fix::unsafe_("Write a `__hash__` over what `__eq__` compares");
            let step = step(statement, cx);
            added(fix, statement, &format!("def __hash__(self):\n{step}{hash}"), cx)
        }
        _ => added(Fix::safe("Say `__hash__ = None`"), statement, "__hash__ = None", cx),
    };
    let what = match hash {
        Some(hash) => format!("define a `__hash__` that does `{hash}`"),
        None => "define `__hash__` over what `__eq__` compares".to_owned(),
    };
    cx.suspect(class, eq.range, format!("`{name}` defines `__eq__` and no `__hash__`: instances cannot be hashed"))
        .help(format!("Python sets `__hash__` to `None` in such a class, so sets and dictionaries refuse its instances: {what}, or say `__hash__ = None` to show that it is meant"))
        .fix(fix);
}

/// Whether the file assigns `__hash__` to something from outside: `C.__hash__ = …`.
fn sets_hash_from_outside(cx: &Context<'_>) -> bool {
    cx.tree.nodes().iter().any(|node| {
        node.as_expr_attribute().is_some_and(|it| &it.attr == "__hash__" && it.ctx.is_store())
    })
}

/// What a `__hash__` returns that agrees with an `__eq__`, as a statement.
fn hash_over_compared<'a>(eq: &'a StmtFunctionDef, cx: &Context<'a>) -> Option<String> {
    let names = compared::hashable(&Method::of(eq, cx)?, cx)?;
    let parts: Vec<String> = names.iter().map(|name| format!("self.{name}")).collect();
    Some(match &parts[..] {
        [only] => format!("return hash({only})"),
        parts => format!("return hash(({}))", parts.join(", ")),
    })
}

/// How far the body of a method is indented behind its `def`.
fn step<'a>(method: &Stmt, cx: &Context<'a>) -> &'a str {
    let body = method.as_function_def_stmt().and_then(|it| it.body.first());
    let body = body.filter(|it| cx.begins_line(it.start())).map(|it| cx.indent_at(it.start()));
    let step = body.and_then(|it| it.strip_prefix(cx.indent_at(method.start())));
    step.filter(|it| !it.is_empty()).unwrap_or("    ")
}

/// Lines of the class body after the statement that defines `__eq__`.
fn added(fix: Fix, statement: &Stmt, lines: &str, cx: &Context<'_>) -> Option<Fix> {
    let is_function = statement.is_function_def_stmt();
    let end = match cx.line_end_after(statement) {
        Some(end) if cx.begins_line(statement.start()) => end,
        _ if is_function => return None,
        // One of several on a line.
        _ => return Some(fix.insert(statement.end(), format!("; {lines}"))),
    };
    let indent = cx.indent_at(statement.start());
    let blank = if is_function { "\n" } else { "" };
    let text: String = lines.lines().map(|line| format!("\n{indent}{line}")).collect();
    Some(fix.insert(end, format!("{blank}{text}")))
}

fn check_hash<'a>(class: &'a StmtClassDef, hash: Binding<'a>, cx: &mut Context<'a>) {
    let BindingKind::Function(function) = hash.kind else { return };
    let writes_eq = cx.dataclass(class).is_some_and(|(_, it)| it.eq != Some(false));
    if writes_eq || !cx.semantic.is_unconditional(hash.condition) || keeps_identity(function) {
        return;
    }
    let name = class.name.as_str();
    cx.suspect(class, hash.range, format!("`{name}` defines `__hash__` and no `__eq__`: equal hashes, but no two instances are equal"))
        .severity(Severity::Info)
        .help("a set or a dictionary asks `__eq__` when hashes agree, and the inherited one only knows identity: define `__eq__` over what is hashed, or drop `__hash__`");
}

/// Whether a `__hash__` only says what `object.__hash__` says, or refuses.
fn keeps_identity(hash: &StmtFunctionDef) -> bool {
    let is_identity = |expression: &Expr| match expression {
        Expr::Call(ast::ExprCall { func, .. }) => match &**func {
            Expr::Name(name) => name.id == "id",
            Expr::Attribute(attribute) => &attribute.attr == "__hash__",
            _ => false,
        },
        _ => false,
    };
    match hash.body.last() {
        Some(Stmt::Return(it)) => it.value.as_deref().is_none_or(is_identity),
        Some(Stmt::Raise(_)) => true,
        _ => false,
    }
}

fn confirm(suspected: Suspected<'_>, _: &mut Diagnostic) -> bool {
    let Some(class) = suspected.class() else { return false };
    let (project, Some(ancestors)) = (suspected.project, class.ancestors()) else { return false };
    if project.is_protocol(class.id) || !project.is_plainly_made(class.id) {
        return false;
    }
    if project.own_function(class.id, "__eq__").is_some_and(|it| it.is_stub()) {
        return false;
    }
    match project.member(class.id, "__eq__") {
        None => !may_have_eq(class, ancestors),
        // A hash of a base is lost: that is another rule's. A base without one has no more to lose.
        Some(_) => {
            matches!(project.hashing(ancestors), Some((ClassRef::Std(it), _)) if it.is_object())
        }
    }
}

/// Whether a class that defines no `__eq__` itself may get one: from a base, or beside it in a
/// class below.
fn may_have_eq(class: Class<'_>, ancestors: &[ClassRef]) -> bool {
    let project = class.project;
    let defines = |entry: &ClassRef| match entry {
        ClassRef::Project(id) => {
            project.member(*id, "__eq__").is_some()
                || project.class(*id).1.dataclass().is_some()
                || !project.is_plainly_made(*id)
        }
        ClassRef::Std(it) => !it.is_object() && it.defines("__eq__"),
    };
    ancestors.iter().any(defines)
        || project.subclasses(class.id).iter().any(|below| match project.mro(*below) {
            Mro::Known(mro) => mro.iter().any(defines),
            _ => true,
        })
}
