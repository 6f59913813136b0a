mod moving;

use ruff_python_ast::{AnyNodeRef, ModModule, Stmt, StmtClassDef};
use ruff_text_size::{Ranged, TextRange};

use self::moving::to_init;
use super::containers::{self, change};
use super::fields::mentions;
use super::methods::this;
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::MemberKind;
use crate::project::{ClassId, ClassRef, Item, Project};
use crate::rule::{Class, Context, Fixable, On, Rule, Suspected, is_special};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "shared-mutable-class-attribute",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("shared_mutable_class_attribute.md"),
    options: &[],
    on: &[On::ModModule(check), On::Suspicion(confirm)],
};

const HELP: &str = "the class body runs once, so there is one object for all instances: what one of them puts in, all have; make it in `__init__`, or say `ClassVar` if that is meant";

/// Parts of the names of what is shared on purpose.
#[rustfmt::skip]
const SHARED: &[&str] = &[
    "all_", "cache", "global", "instances", "known", "lock", "memo", "plugins", "pool", "registered",
    "registry", "shared", "singleton", "subclasses",
];

/// The first change of what an attribute holds, in a method of a class.
struct Change<'a> {
    class: &'a StmtClassDef,
    attribute: &'a str,
    range: TextRange,
}

fn check<'a>(_: &'a ModModule, cx: &mut Context<'a>) {
    if cx.is_stub || cx.module.is_test() {
        return;
    }
    for change in changes(cx) {
        let Change { class, attribute, range } = change;
        match attribute_of(class, attribute, cx) {
            Some(statement) => check_own(class, statement, &change, cx),
            // A class above may have it.
            None if has_bases(class) && cx.members(class, attribute).is_empty() => {
                let message = format!("`{attribute}` is shared by all instances, and changed here");
                let severity = severity_of(attribute);
                cx.suspect_about(class, attribute, range, message).severity(severity).help(HELP);
            }
            None => {}
        }
    }
}

/// What methods change in place of their own object: the first change of each attribute that the
/// class's methods never assign.
fn changes<'a>(cx: &Context<'a>) -> Vec<Change<'a>> {
    let sites = cx.semantic.sites();
    let mut found: Vec<Change<'a>> = Vec::new();
    for read in &sites.own_reads {
        let site = sites.functions[read.function as usize];
        let Some(class_index) = site.class else { continue };
        // The call, subscript or assignment that the attribute is the beginning of.
        let around = match cx.tree.node(cx.tree.parent(read.node)) {
            AnyNodeRef::ExprAttribute(method) => cx.parent(method),
            around => around,
        };
        if !matches!(around, AnyNodeRef::ExprCall(_) | AnyNodeRef::ExprSubscript(_)) {
            continue;
        }
        let AnyNodeRef::StmtFunctionDef(method) = cx.tree.node(site.node) else { continue };
        let Some(this) = this(method).filter(|_| gets_instance(method, cx)) else { continue };
        let Some((attribute, range)) = change(around, this) else { continue };
        let class = cx.tree.node(sites.classes[class_index as usize]);
        let AnyNodeRef::StmtClassDef(class) = class else { continue };
        let is_assigned =
            sites.own_writes.iter().any(|it| it.class == class_index && it.attribute == attribute);
        let is_known =
            found.iter().any(|it| it.attribute == attribute && it.class.range == class.range);
        if !is_assigned && !is_known && attribute == read.attribute && !is_special(attribute) {
            found.push(Change { class, attribute, range });
        }
    }
    found
}

/// Whether the first parameter of a method is an instance.
fn gets_instance<'a>(method: &'a ruff_python_ast::StmtFunctionDef, cx: &Context<'a>) -> bool {
    let is_of_class = matches!(
        method.name.as_str(),
        "__new__" | "__init_subclass__" | "__class_getitem__" | "_generate_next_value_"
    );
    !is_of_class
        && method.decorator_list.iter().all(|it| {
            !cx.is_any(&it.expression, &["builtins.classmethod", "builtins.staticmethod"])
        })
}

fn has_bases(class: &StmtClassDef) -> bool {
    class.arguments.as_ref().is_some_and(|it| !it.args.is_empty())
}

/// The statement of the class body that makes a container and gives it a name, if nothing else
/// does.
fn attribute_of<'a>(class: &'a StmtClassDef, name: &str, cx: &Context<'a>) -> Option<&'a Stmt> {
    let members = cx.members(class, name);
    let [_] = &members[..] else { return None };
    class.body.iter().find(|statement| {
        let (target, value) = match statement {
            Stmt::Assign(it) => match &it.targets[..] {
                [target] => (target, Some(&*it.value)),
                _ => return false,
            },
            Stmt::AnnAssign(it) => (&*it.target, it.value.as_deref()),
            _ => return false,
        };
        target.as_name_expr().is_some_and(|it| it.id == name)
            && value.is_some_and(|it| containers::made(it, cx).is_some())
    })
}

fn check_own<'a>(
    class: &'a StmtClassDef,
    statement: &'a Stmt,
    change: &Change<'a>,
    cx: &mut Context<'a>,
) {
    let (target, annotation, value) = match statement {
        Stmt::Assign(it) => (&it.targets[0], None, &*it.value),
        Stmt::AnnAssign(it) => match it.value.as_deref() {
            Some(value) => (&*it.target, Some(&*it.annotation), value),
            None => return,
        },
        _ => return,
    };
    let is_meant = ["ClassVar", "Final"].iter().any(|it| mentions(annotation, it, cx));
    let Some(container) = containers::made(value, cx).filter(|_| !is_meant) else { return };
    // A decorator may make something else of the class's attributes.
    if !class.decorator_list.is_empty() {
        return;
    }
    let (name, what) = (change.attribute, container.said());
    let message = format!("all instances of `{}` share the {what} `{name}`", class.name);
    let severity = match is_said_to_be_shared(statement, cx) {
        true => Severity::Info,
        false => severity_of(name),
    };
    // A registry of its own for each instance would be none.
    let fix = match severity {
        Severity::Info => None,
        _ => to_init(class, statement, name, cx),
    };
    cx.suspect_about(class, name, target, message)
        .severity(severity)
        .label(change.range, "an instance changes it for all of them")
        .help(HELP)
        .fix(fix);
}

/// What is written in capitals, or called a registry or cache, is likely meant to be shared.
fn severity_of(name: &str) -> Severity {
    let lower = name.to_lowercase();
    let is_meant =
        !name.chars().any(char::is_lowercase) || SHARED.iter().any(|it| lower.contains(it));
    if is_meant { Severity::Info } else { Severity::Warning }
}

/// Whether a comment above the statement, or behind it, speaks of sharing.
fn is_said_to_be_shared(statement: &Stmt, cx: &Context<'_>) -> bool {
    let line = cx.line_start(statement.start()).to_usize();
    let above = cx.text[..line].lines().rev().map(str::trim).take_while(|it| it.starts_with('#'));
    let behind = cx.text[statement.end().to_usize()..].lines().next();
    above.chain(behind.filter(|it| it.contains('#'))).any(|comment| {
        let comment = comment.to_lowercase();
        SHARED.iter().any(|it| comment.contains(it))
    })
}

fn confirm(suspected: Suspected<'_>, diagnostic: &mut Diagnostic) -> bool {
    let Some(class) = suspected.class() else { return false };
    let Some(name) = suspected.suspicion.about.as_deref() else { return false };
    let (project, Some(ancestors)) = (suspected.project, class.ancestors()) else { return false };
    // Instances of a metaclass are classes.
    if ancestors.iter().any(|it| project.is_named(*it, "builtins.type")) {
        return false;
    }
    let below = project.descendants(class.id);
    let above = ancestors.iter().filter_map(|it| match it {
        ClassRef::Project(id) => Some(*id),
        ClassRef::Std(_) => None,
    });
    let mut all = std::iter::once(class.id).chain(above).chain(below.iter().copied());
    if all.any(|it| may_assign(project, it, name)) {
        return false;
    }
    if project.member(class.id, name).is_some() {
        if diagnostic.fix.is_some() && !moving::is_possible(project, class, &below, name) {
            diagnostic.fix = None;
        }
        return true;
    }
    let Some(Some((ClassRef::Project(definer), Some(member)))) = project.lookup(class.id, name)
    else {
        return false;
    };
    let definer = Class::new(project, definer);
    if member.kind() != MemberKind::Container
        || definer.facts.dataclass().is_some()
        || is_said_there(project, definer, name)
    {
        return false;
    }
    let said = format!("made once, with the class `{}`", definer.name());
    match definer.file == class.file {
        true => diagnostic.label(member.range(), said),
        false => diagnostic.label_in(project.file(definer.file).path(), member.range(), said),
    };
    true
}

/// Whether an instance may get an attribute of its own in a class's methods, or a decorator or
/// metaclass may see to it.
fn may_assign(project: &Project, class: ClassId, name: &str) -> bool {
    let it = Class::new(project, class);
    let file = project.file(it.file);
    sets_dynamically(it)
        || !is_made_openly(it)
        || it.attributes().any(|it| it == name)
        || file.foreign_attribute_writes().iter().any(|it| file.text(*it) == name)
}

/// Whether some method of a class's own body sets attributes that are not named.
fn sets_dynamically(class: Class<'_>) -> bool {
    let functions = class.project.file(class.file).functions();
    class.members().iter().any(|it| match it.kind() {
        MemberKind::Function(index) => functions[index as usize].sets_dynamically(),
        _ => false,
    })
}

/// Whether what makes a class can be seen. A metaclass of the project is, and makes classes: it
/// rarely cares for the attributes of their instances.
fn is_made_openly(class: Class<'_>) -> bool {
    let (project, file) = (class.project, class.project.file(class.file));
    let Some(metaclass) = class.facts.metaclass() else {
        return project.is_plainly_made(class.id);
    };
    let is_decorated = !file.class_decorators().of(project.index_of(class.id)).is_empty();
    let is_seen = match project.resolve(class.file, metaclass) {
        Item::Std(it) => matches!(it.name(), "abc.ABCMeta" | "builtins.type"),
        Item::Class(id) => project.known_mro(id).is_some(),
        _ => false,
    };
    is_seen && !is_decorated
}

/// Whether a class's own methods change the attribute: then it is said there.
fn is_said_there(project: &Project, class: Class<'_>, name: &str) -> bool {
    let suspicions = project.file(class.file).suspicions();
    suspicions.iter().any(|it| {
        it.diagnostic.rule == RULE.name
            && it.about.as_deref() == Some(name)
            && it.subject == crate::facts::Subject::Class(project.index_of(class.id))
    })
}
