use ruff_python_ast::{
    AnyNodeRef, Expr, ExprCall, ExprName, Keyword, Number, Stmt, StmtAnnAssign, StmtClassDef,
};
use ruff_text_size::Ranged;

use super::fields::mentions;
use super::methods::symbol_of;
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::Maker;
use crate::fix::Fix;
use crate::project::ClassRef;
use crate::rule::{Context, Fixable, On, Opt, Rule, Suspected};
use crate::semantic::BindingKind;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "misplaced-dataclass-field",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("misplaced_dataclass_field.md"),
    options: &[&UNANNOTATED],
    on: &[On::StmtClassDef(check), On::Suspicion(confirm)],
};

const UNANNOTATED: Opt<bool> = Opt {
    name: "unannotated",
    default: false,
    help: "Whether each `x = 5` in a dataclass is reported, and not only what is used as a field.",
};

fn check<'a>(class: &'a StmtClassDef, cx: &mut Context<'a>) {
    // Both need the module.
    if cx.is_stub || !mentions_dataclasses(cx) {
        return;
    }
    let maker = cx.dataclass(class).map(|(_, made)| made.maker);
    match maker {
        None => check_plain(class, cx),
        Some(Maker::Dataclasses) => check_dataclass(class, cx),
        Some(_) => {}
    }
}

/// Whether the file imports something of `dataclasses`: both names are seldom used for others.
fn mentions_dataclasses(cx: &Context<'_>) -> bool {
    ["field", "dataclass", "dataclasses", "dc"].iter().any(|it| cx.semantic.name(it).is_some())
}

/// A statement of a class body that assigns one name.
struct Assigned<'a> {
    name: &'a ExprName,
    value: &'a Expr,
    annotation: Option<&'a Expr>,
}

fn assigned(statement: &Stmt) -> Option<Assigned<'_>> {
    let (target, value, annotation) = match statement {
        Stmt::Assign(it) => match &it.targets[..] {
            [target] => (target, &*it.value, None),
            _ => return None,
        },
        Stmt::AnnAssign(it) => (&*it.target, it.value.as_deref()?, Some(&*it.annotation)),
        _ => return None,
    };
    Some(Assigned { name: target.as_name_expr()?, value, annotation })
}

/// The call of `dataclasses.field` that a value is.
fn field_call<'a>(value: &'a Expr, cx: &Context<'a>) -> Option<&'a ExprCall> {
    let call = value.as_call_expr()?;
    cx.is(&call.func, "dataclasses.field").then_some(call)
}

/// Reports `field(…)` in a class that is no dataclass, as far as its own decorators go.
fn check_plain<'a>(class: &'a StmtClassDef, cx: &mut Context<'a>) {
    let fields: Vec<Assigned<'a>> = class
        .body
        .iter()
        .filter_map(assigned)
        .filter(|it| field_call(it.value, cx).is_some())
        .collect();
    if fields.is_empty() || !class.decorator_list.is_empty() || is_handed_on(class, cx) {
        return;
    }
    let fix = decorated(class, cx);
    for (at, Assigned { name, value, .. }) in fields.iter().enumerate() {
        let (class_name, name) = (class.name.as_str(), name.id.as_str());
        let fix = fix.clone().filter(|_| at == 0);
        cx.suspect(class, *value, format!("`{class_name}.{name}` is a `Field` object: `{class_name}` is not a dataclass"))
            .help("`field()` only describes a field to `@dataclass`, which puts the default in its place; without the decorator the description itself is the attribute")
            .fix(fix);
    }
}

/// Whether a class is given to a call, which may make a dataclass of it later: `dataclass(C)`.
fn is_handed_on<'a>(class: &'a StmtClassDef, cx: &Context<'a>) -> bool {
    symbol_of(class, cx).is_none_or(|symbol| {
        cx.semantic.references(symbol).any(|read| match cx.tree.node(cx.tree.parent(read.node)) {
            AnyNodeRef::ExprCall(call) => cx.id(&*call.func) != read.node,
            AnyNodeRef::Keyword(_) => true,
            _ => false,
        })
    })
}

/// `@dataclass` above a class without bases, if its fields come in an order that it accepts and
/// nothing of what it writes is there.
fn decorated<'a>(class: &'a StmtClassDef, cx: &Context<'a>) -> Option<Fix> {
    let has_bases = class.arguments.as_deref().is_some_and(|it| !it.is_empty());
    let is_written =
        ["__init__", "__eq__", "__slots__"].iter().any(|it| !cx.members(class, it).is_empty());
    if has_bases || is_written || !cx.begins_line(class.start()) {
        return None;
    }
    let mut has_default = false;
    for statement in &class.body {
        match statement {
            Stmt::AnnAssign(it) if !mentions(Some(&it.annotation), "ClassVar", cx) => {
                match gives_default(it.value.as_deref(), cx)? {
                    true => has_default = true,
                    false if has_default => return None,
                    false => {}
                }
            }
            Stmt::Assign(it) if field_call(&it.value, cx).is_some() => return None,
            _ => {}
        }
    }
    let imported = cx.import("dataclasses", "dataclass", class)?;
    let indent = cx.indent_at(class.start());
    let fix = Fix::unsafe_("Decorate the class with `@dataclass`");
    Some(fix.insert(class.start(), format!("@{}\n{indent}", imported.text)).merge(imported.edit))
}

/// Whether what is assigned to a field makes it one that need not be given; `None` for what must be
/// given by its name, or a default that `@dataclass` refuses.
fn gives_default<'a>(value: Option<&'a Expr>, cx: &Context<'a>) -> Option<bool> {
    let Some(value) = value else { return Some(false) };
    match field_call(value, cx) {
        Some(call) => {
            let has = |name| call.arguments.find_keyword(name).is_some();
            let is_plain = !has("kw_only") && !has("init");
            is_plain.then(|| has("default") || has("default_factory"))
        }
        None => (value.is_literal_expr() || value.is_name_expr() || value.is_tuple_expr())
            .then_some(true),
    }
}

/// Reports what has no annotation in a dataclass, and was meant to be a field.
fn check_dataclass<'a>(class: &'a StmtClassDef, cx: &mut Context<'a>) {
    for statement in &class.body {
        let Some(assigned) = assigned(statement) else { continue };
        if assigned.annotation.is_some() || annotation(assigned.name.id.as_str(), class).is_some() {
            continue;
        }
        match field_call(assigned.value, cx) {
            Some(call) => check_bare_field(&assigned, call, cx),
            None => check_bare_value(&assigned, class, cx),
        }
    }
}

/// The statement of a class body that annotates a name.
fn annotation<'a>(name: &str, class: &'a StmtClassDef) -> Option<&'a StmtAnnAssign> {
    let annotates = |it: &&StmtAnnAssign| it.target.as_name_expr().is_some_and(|it| it.id == name);
    class.body.iter().filter_map(Stmt::as_ann_assign_stmt).find(annotates)
}

/// `x = field(…)`.
fn check_bare_field<'a>(assigned: &Assigned<'a>, call: &'a ExprCall, cx: &mut Context<'a>) {
    let name = assigned.name.id.as_str();
    let default = call.arguments.find_keyword("default").map(|it| &it.value);
    let factory = call.arguments.find_keyword("default_factory").map(|it| &it.value);
    let annotation = match (default, factory) {
        (Some(default), _) => type_of(default),
        (None, Some(factory)) => cx.qualified(factory).and_then(|it| match it.parts() {
            ["builtins", name @ ("list" | "dict" | "set" | "str" | "int" | "float")] => Some(*name),
            _ => None,
        }),
        (None, None) => None,
    };
    let fix = annotated(assigned.name, annotation);
    cx.report(
        assigned.value,
        format!("`{name}` has a `field()` and no annotation: `@dataclass` raises `TypeError`"),
    )
    .help("it is the annotation that makes a field")
    .fix(fix);
}

/// `x: int = …`
fn annotated(name: &ExprName, annotation: Option<&str>) -> Option<Fix> {
    let annotation = annotation?;
    let fix = Fix::unsafe_(format!("Annotate it with `{annotation}`"));
    Some(fix.insert(name.end(), format!(": {annotation}")))
}

/// The type of a literal.
fn type_of(value: &Expr) -> Option<&'static str> {
    Some(match value {
        Expr::BooleanLiteral(_) => "bool",
        Expr::BytesLiteral(_) => "bytes",
        Expr::StringLiteral(_) | Expr::FString(_) => "str",
        Expr::NumberLiteral(it) => match it.value {
            Number::Int(_) => "int",
            Number::Float(_) => "float",
            Number::Complex { .. } => "complex",
        },
        Expr::UnaryOp(it) if !it.op.is_not() => type_of(&it.operand)?,
        _ => return None,
    })
}

/// `x = 5`: reported where it is given to the constructor, or where a field of a base is meant.
fn check_bare_value<'a>(assigned: &Assigned<'a>, class: &'a StmtClassDef, cx: &mut Context<'a>) {
    let (name, class_name) = (assigned.name.id.as_str(), class.name.as_str());
    let Some(annotation) = type_of(assigned.value) else { return };
    let fix = annotated(assigned.name, Some(annotation));
    if let Some(call) = call_with(name, class, cx) {
        cx.report(assigned.name, format!("`{name}` is no field of `{class_name}`: it has no annotation"))
            .help("only what is annotated is a field; the rest are class variables, and `__init__` does not know them")
            .label(call, "this raises `TypeError`")
            .fix(fix);
    } else if let Some(base) = base_with(name, class, cx) {
        cx.report(assigned.name, format!("`{name}` is still a field of `{}`, with the default that it has there", base.name))
            .severity(Severity::Warning)
            .help("without an annotation this is a class variable: `__init__` assigns the field's old default over it, for each instance")
            .fix(fix);
    } else if cx.get(&UNANNOTATED) && name.chars().any(char::is_lowercase) && !name.starts_with('_')
    {
        cx.report(
            assigned.name,
            format!("`{name}` is no field of `{class_name}`: it has no annotation"),
        )
        .severity(Severity::Info)
        .help(
            "only what is annotated is a field; a class variable can be annotated with `ClassVar`",
        )
        .fix(fix);
    }
}

/// Where a call in the file gives a name to the constructor that `@dataclass` writes.
fn call_with<'a>(name: &str, class: &'a StmtClassDef, cx: &Context<'a>) -> Option<&'a Keyword> {
    let has_bases = class.arguments.as_deref().is_some_and(|it| !it.is_empty());
    if has_bases || class.decorator_list.len() > 1 || !cx.members(class, "__init__").is_empty() {
        return None;
    }
    cx.semantic.references(symbol_of(class, cx)?).find_map(|read| {
        match cx.tree.node(cx.tree.parent(read.node)) {
            AnyNodeRef::ExprCall(call) if cx.id(&*call.func) == read.node => {
                call.arguments.find_keyword(name)
            }
            _ => None,
        }
    })
}

/// The base in the same file that is a dataclass with a field of this name, which its `__init__`
/// assigns.
fn base_with<'a>(
    name: &str,
    class: &'a StmtClassDef,
    cx: &Context<'a>,
) -> Option<&'a StmtClassDef> {
    if !cx.members(class, "__init__").is_empty() {
        return None;
    }
    class.arguments.as_deref()?.args.iter().find_map(|base| {
        let BindingKind::Class(base) = cx.binding(base.as_name_expr()?)?.kind else { return None };
        let (_, made) = cx.dataclass(base)?;
        let field = annotation(name, base)?;
        let is_class_variable = mentions(Some(&field.annotation), "ClassVar", cx);
        let has_no_say = field
            .value
            .as_deref()
            .and_then(|it| field_call(it, cx))
            .is_some_and(|call| call.arguments.find_keyword("init").is_some());
        (made.maker == Maker::Dataclasses && !is_class_variable && !has_no_say).then_some(base)
    })
}

/// Whether nothing above makes a dataclass of the class: all classes are known, and none has a
/// metaclass or an `__init_subclass__` of the project.
fn confirm(suspected: Suspected<'_>, _: &mut Diagnostic) -> bool {
    let Some(class) = suspected.class() else { return false };
    let (project, Some(ancestors)) = (suspected.project, class.ancestors()) else { return false };
    let own = ClassRef::Project(class.id);
    std::iter::once(&own).chain(ancestors).all(|entry| match entry {
        ClassRef::Project(id) => {
            project.is_plainly_made(*id) && project.member(*id, "__init_subclass__").is_none()
        }
        ClassRef::Std(_) => true,
    })
}
