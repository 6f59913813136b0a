use ruff_python_ast::{AnyNodeRef, Expr, Stmt, StmtAnnAssign, StmtClassDef};
use ruff_text_size::Ranged;

use super::containers;
use super::fields::mentions;
use super::methods::symbol_of;
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::{Dataclass, Maker, MemberKind};
use crate::fix::Fix;
use crate::project::{ClassId, ClassRef, Project};
use crate::rule::{Class, Context, Fixable, On, Rule, Suspected, is_special};
use crate::semantic::OwnWrite;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "undecorated-dataclass-subclass",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("undecorated_dataclass_subclass.md"),
    options: &[],
    on: &[On::StmtClassDef(check), On::Suspicion(confirm)],
};

const DECORATOR: &str = "@dataclass";

fn check<'a>(class: &'a StmtClassDef, cx: &mut Context<'a>) {
    let has_bases = class.arguments.as_ref().is_some_and(|it| !it.args.is_empty());
    if !has_bases || !class.decorator_list.is_empty() || cx.is_stub || cx.module.is_test() {
        return;
    }
    let fields: Vec<(&str, &StmtAnnAssign)> = fields(class, cx).collect();
    if fields.is_empty()
        || !cx.members(class, "__init__").is_empty()
        || is_decorated_later(class, cx)
    {
        return;
    }
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let fix = decorated(class, &fields, cx);
    // What it derives from is said when that is known.
    let message = format!("`{}`", class.name);
    cx.suspect_about(class, names.join("."), &class.name, message)
        .help("`@dataclass` makes fields of what the class that it decorates annotates, and of nothing in the classes below: there an annotation is no parameter, and a value a class variable")
        .fix(fix);
}

/// What the body annotates as fields are, but for what a method sets.
fn fields<'a>(
    class: &'a StmtClassDef,
    cx: &Context<'a>,
) -> impl Iterator<Item = (&'a str, &'a StmtAnnAssign)> {
    let sites = cx.semantic.sites();
    let index = sites.classes.binary_search(&cx.id(class)).ok();
    let is_set = move |name: &str| {
        let order = |it: &OwnWrite<'_>| (Some(it.class as usize), it.attribute).cmp(&(index, name));
        sites.own_writes.binary_search_by(order).is_ok()
    };
    class.body.iter().filter_map(Stmt::as_ann_assign_stmt).filter_map(move |it| {
        let name = it.target.as_name_expr()?.id.as_str();
        let is_other = ["ClassVar", "Final", "KW_ONLY"]
            .iter()
            .any(|form| mentions(Some(&it.annotation), form, cx));
        (!is_other && !is_special(name) && !is_set(name)).then_some((name, it))
    })
}

/// Whether the class is handed to something that may decorate it: `C = dataclass(C)`.
fn is_decorated_later<'a>(class: &'a StmtClassDef, cx: &Context<'a>) -> bool {
    let Some(symbol) = symbol_of(class, cx) else { return true };
    cx.semantic.references(symbol).any(|read| match cx.tree.node(cx.tree.parent(read.node)) {
        AnyNodeRef::ExprCall(call) => {
            let callee = cx.slice(&*call.func);
            callee.contains("dataclass") || callee.contains("attr")
        }
        _ => false,
    })
}

/// The decorator above the class, where the fields are in order.
fn decorated<'a>(
    class: &'a StmtClassDef,
    fields: &[(&str, &'a StmtAnnAssign)],
    cx: &Context<'a>,
) -> Option<Fix> {
    let is_refused = |value: &'a Expr| containers::made(value, cx).is_some();
    let has_default = |it: &(&str, &StmtAnnAssign)| it.1.value.is_some();
    let in_order = fields.is_sorted_by_key(has_default);
    let mut values = class.body.iter().filter_map(|it| match it {
        Stmt::AnnAssign(it) => it.value.as_deref(),
        _ => None,
    });
    if !in_order || values.any(is_refused) || !cx.begins_line(class.start()) {
        return None;
    }
    let imported = cx.import("dataclasses", "dataclass", class)?;
    let indent = cx.indent_at(class.start());
    let text = format!("@{}\n{indent}", imported.text);
    Some(
        Fix::unsafe_(format!("Add `{DECORATOR}`")).merge(imported.edit).insert(class.start(), text),
    )
}

fn confirm(suspected: Suspected<'_>, diagnostic: &mut Diagnostic) -> bool {
    let Some(class) = suspected.class() else { return false };
    let (project, Some(ancestors)) = (suspected.project, class.ancestors()) else { return false };
    let names = suspected.suspicion.about.as_deref().unwrap_or_default();
    let Some((base, made)) = dataclass_above(project, ancestors) else { return false };
    if project.is_protocol(class.id) || may_be_decorated(class, ancestors) {
        return false;
    }
    // What a class above names may be its own class variable.
    let is_new = |name: &&str| ancestors.iter().all(|it| !binds(project, it, name));
    let new: Vec<&str> = names.split('.').filter(is_new).collect();
    if new.is_empty() {
        return false;
    }
    let has_default = |name: &&str| {
        project.member(class.id, name).is_some_and(|it| it.kind() != MemberKind::Annotation)
    };
    let is_in_order = new.iter().all(has_default) || !any_default(project, ancestors);
    let settings = settings(made).filter(|_| is_in_order);
    diagnostic.fix = diagnostic.fix.take().zip(settings).map(|(fix, it)| with(fix, &it));
    let what = match &new[..] {
        [only] => format!("`{only}` is no field"),
        all => format!("`{}` are no fields", all.join("`, `")),
    };
    let decorated = project.class_name(ClassRef::Project(base));
    diagnostic.message = format!(
        "`{}` derives from the dataclass `{decorated}` and is not decorated: {what}",
        class.name()
    );
    let (file, facts) = project.class(base);
    let said = "this class alone is decorated";
    match file == class.file {
        true => diagnostic.label(facts.range(), said),
        false => diagnostic.label_in(project.file(file).path(), facts.range(), said),
    };
    true
}

/// The first class above that is decorated, if its `__init__` is the one that the decorator wrote.
fn dataclass_above(project: &Project, ancestors: &[ClassRef]) -> Option<(ClassId, Dataclass)> {
    for entry in ancestors {
        let ClassRef::Project(id) = entry else { return None };
        if project.member(*id, "__init__").is_some() || project.member(*id, "__new__").is_some() {
            return None;
        }
        if let Some(made) = project.class(*id).1.dataclass() {
            return (made.maker != Maker::AttrClassic).then_some((*id, made));
        }
    }
    None
}

/// Whether a class above may decorate those below it.
fn may_be_decorated(class: Class<'_>, ancestors: &[ClassRef]) -> bool {
    let project = class.project;
    !project.is_plainly_made(class.id)
        || ancestors.iter().any(|entry| match entry {
            ClassRef::Project(id) => {
                !project.is_plainly_made(*id) || project.member(*id, "__init_subclass__").is_some()
            }
            ClassRef::Std(it) => {
                let is_plain = it
                    .metaclass()
                    .is_some_and(|it| matches!(it.name(), "abc.ABCMeta" | "builtins.type"));
                let is_known = it.is_object() || it.name().starts_with("typing.");
                !is_plain || !is_known && it.defines("__init_subclass__")
            }
        })
}

fn binds(project: &Project, entry: &ClassRef, name: &str) -> bool {
    match entry {
        ClassRef::Project(id) => {
            let it = Class::new(project, *id);
            project.member(*id, name).is_some() || it.attributes().any(|it| it == name)
        }
        ClassRef::Std(_) => false,
    }
}

/// Whether a field of a class above may have a default, after which fields need one.
fn any_default(project: &Project, ancestors: &[ClassRef]) -> bool {
    ancestors.iter().any(|entry| match entry {
        ClassRef::Project(id) => {
            let it = Class::new(project, *id);
            it.members().iter().any(|it| {
                let kind = it.kind();
                !matches!(
                    kind,
                    MemberKind::Annotation | MemberKind::Function(_) | MemberKind::Class(_)
                )
            })
        }
        ClassRef::Std(_) => false,
    })
}

/// What the class above is asked for and the class below must be, too.
fn settings(made: Dataclass) -> Option<String> {
    if made.maker != Maker::Dataclasses {
        return None;
    }
    let Dataclass { repr, eq, unsafe_hash, frozen, slots, .. } = made;
    let (repr, eq, unsafe_hash, frozen, slots) = (repr?, eq?, unsafe_hash?, frozen?, slots?);
    let wanted = [
        (!repr, "repr=False"),
        (!eq, "eq=False"),
        (unsafe_hash, "unsafe_hash=True"),
        (frozen, "frozen=True"),
        (slots, "slots=True"),
    ];
    let wanted: Vec<&str> = wanted.iter().filter(|it| it.0).map(|it| it.1).collect();
    Some(if wanted.is_empty() { String::new() } else { format!("({})", wanted.join(", ")) })
}

/// The fix with what the decorator is asked for.
fn with(mut fix: Fix, settings: &str) -> Fix {
    for edit in &mut fix.edits {
        if let Some((decorator, rest)) = edit.text.split_once('\n')
            && decorator.starts_with('@')
        {
            edit.text = format!("{decorator}{settings}\n{rest}");
        }
    }
    fix
}
