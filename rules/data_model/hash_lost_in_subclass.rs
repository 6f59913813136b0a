use ruff_python_ast::{AnyNodeRef, Expr, Stmt, StmtClassDef};
use ruff_text_size::{Ranged, TextRange};

use crate::diagnostic::Severity;
use crate::facts::{Hashing, MemberKind};
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
    report.to_mend_class(class, notes(class, base));
}

/// Whether a hash only refuses, or says what `object` does: then there is nothing to lose.
fn is_only_said(project: &Project, base: ClassRef) -> bool {
    let ClassRef::Project(id) = base else { return false };
    project.own_function(id, "__hash__").is_some_and(|it| it.is_stub() || it.always_raises())
}

/// Where the comparison goes on to that of the base: the place of the base through which the hash
/// comes, else nothing.
fn notes(class: Class<'_>, lost: ClassRef) -> Vec<String> {
    let project = class.project;
    let goes_on = match project.member(class.id, "__eq__").map(|it| it.kind()) {
        Some(MemberKind::Function(index)) => {
            project.file(class.file).functions()[index as usize].calls_namesake()
        }
        _ => false,
    };
    let comes_through = |base: Option<ClassRef>| {
        let linear = base.and_then(|it| project.linear(it));
        linear.is_some_and(|it| project.hashing(&it) == Some((lost, true)))
    };
    let place = project.bases(class.id).position(|(_, base)| comes_through(base));
    place.filter(|_| goes_on).map(|at| at.to_string()).into_iter().collect()
}

/// `__hash__ = Base.__hash__` where the comparison is that of the base and more; else
/// `__hash__ = None`, which is what Python does anyway.
fn mend<'a>(mending: Mending<'a>, cx: &Context<'a>) -> Option<Fix> {
    let AnyNodeRef::StmtClassDef(class) = mending.subject else { return None };
    let place: Option<usize> = mending.notes.first().and_then(|it| it.parse().ok());
    let base = place.and_then(|at| plain_base(class, at, cx));
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
