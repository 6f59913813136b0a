use ruff_python_ast::{Expr, Stmt, StmtClassDef};
use ruff_text_size::{Ranged, TextRange};

use super::bases::class_of;
use super::slots::Declared;
use crate::diagnostic::Severity;
use crate::facts::Slots;
use crate::fix::Fix;
use crate::project::{ClassRef, CreationError, SlotsError};
use crate::rule::{Class, Context, Fixable, Mending, On, ProjectReport, Rule};
use crate::syntax::string_text;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "malformed-slots",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("malformed_slots.md"),
    options: &[],
    on: &[On::StmtClassDef(check), On::Class(check_linked), On::Mend(mend)],
};

/// What the statement says, by itself.
fn check<'a>(class: &'a StmtClassDef, cx: &mut Context<'a>) {
    if cx.is_stub || cx.semantic.name("__slots__").is_none() {
        return;
    }
    let Some(declared) = Declared::of(class) else { return };
    match declared.value {
        Expr::StringLiteral(it) if is_identifier(string_text(&it.value)) => {
            one_string(&declared, cx)
        }
        Expr::StringLiteral(it) => no_identifier(it, string_text(&it.value), cx),
        _ => {
            let Some(items) = declared.items() else { return };
            for (at, item) in items.iter().enumerate() {
                match item {
                    Expr::StringLiteral(it) if !is_identifier(string_text(&it.value)) => {
                        no_identifier(item, string_text(&it.value), cx);
                    }
                    Expr::StringLiteral(it) => {
                        let name = string_text(&it.value);
                        let is_it = |other: &&Expr| {
                            other
                                .as_string_literal_expr()
                                .is_some_and(|it| string_text(&it.value) == name)
                        };
                        if let Some(first) = items[..at].iter().copied().find(is_it) {
                            twice(&declared, at, first, name, cx);
                        }
                    }
                    Expr::NumberLiteral(_) | Expr::NoneLiteral(_) | Expr::BytesLiteral(_) => {
                        cx.report(item, format!("`{}` is no name of a slot", cx.slice(item)))
                            .help("the class statement raises `TypeError`: `__slots__` items must be strings");
                    }
                    _ => {}
                }
            }
        }
    }
}

fn one_string<'a>(declared: &Declared<'a>, cx: &mut Context<'a>) {
    let said = cx.slice(declared.value);
    let is_wrapped = cx.text[..declared.value.start().to_usize()].trim_end().ends_with('(');
    let text = if is_wrapped { format!("{said},") } else { format!("({said},)") };
    let fix = Fix::safe("Make it a tuple").replace(declared.value.range(), text);
    cx.report(declared.value, format!("`__slots__` is the one string {said}, not a tuple of names"))
        .severity(Severity::Info)
        .help("Python takes it for one slot, but whoever goes over `__slots__` gets its letters, and a second name added behind a comma changes what it is: write a tuple")
        .fix(fix);
}

fn no_identifier<'a>(at: impl Ranged, name: &str, cx: &mut Context<'a>) {
    cx.report(at, format!("the slot `{name}` is no identifier"))
        .help("the class statement raises `TypeError: __slots__ must be identifiers`: each name is a string of its own");
}

fn twice<'a>(declared: &Declared<'a>, at: usize, first: &Expr, name: &str, cx: &mut Context<'a>) {
    let fix = declared.without(at, cx).map(|edit| Fix::safe(format!("Remove `{name}`")).edit(edit));
    let Some(item) = declared.items().and_then(|items| items.get(at).copied()) else { return };
    cx.report(item, format!("the slot `{name}` is declared twice"))
        .severity(Severity::Warning)
        .label(first, "first here")
        .help("instances get room for both, and only one of them can be reached")
        .fix(fix);
}

/// As `str.isidentifier` has it; keywords count as such there, too.
fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    let is_first = |it: char| it == '_' || it.is_alphabetic();
    letters.next().is_some_and(is_first) && letters.all(|it| is_first(it) || it.is_alphanumeric())
}

/// What it comes to together with the rest of the body and the bases.
fn check_linked<'a>(class: Class<'a>, report: &mut ProjectReport<'a>) {
    let project = class.project;
    let file = project.file(class.file);
    if class.facts.slots() != Slots::Names
        || !class.facts.is_certain()
        || class.facts.awaits_error()
        || file.is_stub()
    {
        return;
    }
    let Some(declared) = project.member(class.id, "__slots__").map(|it| it.range()) else { return };
    match project.creation_error(class.id) {
        Some(CreationError::Slots(error)) => match error {
            SlotsError::Variable(above) => variable(class, declared, above, report),
            SlotsError::Dict => there_already(class, declared, "__dict__", report),
            SlotsError::Weakref => there_already(class, declared, "__weakref__", report),
            SlotsError::Taken(name) => taken(class, declared, class.text(name), report),
        },
        Some(_) => {}
        None => again(class, declared, report),
    }
}

fn variable<'a>(
    class: Class<'a>,
    declared: TextRange,
    above: ClassRef,
    report: &mut ProjectReport<'a>,
) {
    let above = class.project.class_name(above);
    let message = format!("`{}` cannot have slots: it derives from `{above}`", class.name());
    report.at(class.file, declared, message).help(format!(
        "the class statement raises `TypeError: nonempty __slots__ not supported for subtype of '{above}'`, since instances of `{above}` are of different sizes: only `__slots__ = ()` works there"
    ));
}

fn there_already<'a>(
    class: Class<'a>,
    declared: TextRange,
    name: &str,
    report: &mut ProjectReport<'a>,
) {
    let message = format!("the slot `{name}` of `{}` is there already", class.name());
    report.at(class.file, declared, message).help(format!(
        "the class statement raises `TypeError: {name} slot disallowed`: instances have it from a base"
    ));
    report.to_mend_class(class, vec!["remove".to_owned(), name.to_owned()]);
}

fn taken<'a>(class: Class<'a>, declared: TextRange, name: &str, report: &mut ProjectReport<'a>) {
    let Some(member) = class.project.member(class.id, name) else { return };
    let message =
        format!("`{name}` is a slot of `{}` and a name of its body at once", class.name());
    report
        .at(class.file, member.range(), message)
        .label(declared, "declared here")
        .help(format!("the class statement raises `ValueError: '{name}' in __slots__ conflicts with class variable`: a slot is an attribute of the class, too, and both cannot be; a default belongs into `__init__`"));
    report.to_mend_class(class, vec!["taken".to_owned(), name.to_owned()]);
}

/// A slot that a base has already.
fn again<'a>(class: Class<'a>, declared: TextRange, report: &mut ProjectReport<'a>) {
    let Some(ancestors) = class.ancestors() else { return };
    let project = class.project;
    let names = class.slots().filter(|it| !is_private(it) && !is_special(it));
    for name in names {
        let declares = |entry: &&ClassRef| match entry {
            ClassRef::Project(id) => {
                let above = Class::new(project, *id);
                above.facts.slots() == Slots::Names
                    && above.slots().any(|it| it == name)
                    && !project.is_protocol(*id)
                    && project.is_made(*id)
            }
            ClassRef::Std(_) => false,
        };
        let Some(ClassRef::Project(above)) = ancestors.iter().find(declares) else { continue };
        let above = Class::new(project, *above);
        let (own, other) = (class.name(), class.name_of(ClassRef::Project(above.id)));
        let message = format!("`{own}` declares the slot `{name}` of `{other}` again");
        let finding = report.at(class.file, declared, message).severity(Severity::Warning).help(
            format!("instances have room for it twice, and only that of `{}` can be reached by its name", class.name()),
        );
        if let Some(place) = project.member(above.id, "__slots__") {
            class.point(finding, (above.file, place.range()), "declared here first");
        }
        report.to_mend_class(class, vec!["again".to_owned(), name.to_owned()]);
    }
}

/// Whether a name is kept apart by the class it is in.
fn is_private(name: &str) -> bool {
    name.starts_with("__") && !name.ends_with("__")
}

fn is_special(name: &str) -> bool {
    matches!(name, "__dict__" | "__weakref__")
}

fn mend<'a>(mending: Mending<'a>, cx: &Context<'a>) -> Option<Fix> {
    let class = class_of(mending.subject)?;
    let [kind, name] = mending.notes else { return None };
    let declared = Declared::of(class)?;
    let slot = || {
        let at = declared.names()?.iter().position(|it| it == name)?;
        let edit = declared.without(at, cx)?;
        Some(Fix::safe(format!("Remove the slot `{name}`")).edit(edit))
    };
    if kind != "taken" {
        return slot();
    }
    match bound_by(class, name)? {
        // It is said to be the class's.
        (_, Some(annotation)) if cx.slice(annotation).contains("ClassVar") => slot(),
        (statement, _) => {
            let whole = whole_lines(statement, class, cx)?;
            Some(Fix::unsafe_(format!("Remove the class variable `{name}`")).delete(whole))
        }
    }
}

/// The assignment of a class body that binds a name, and its annotation.
fn bound_by<'a>(class: &'a StmtClassDef, name: &str) -> Option<(&'a Stmt, Option<&'a Expr>)> {
    let is_it = |target: &Expr| target.as_name_expr().is_some_and(|it| it.id == name);
    class.body.iter().find_map(|statement| match statement {
        Stmt::Assign(it) if it.targets.len() == 1 && is_it(&it.targets[0]) => {
            Some((statement, None))
        }
        Stmt::AnnAssign(it) if it.value.is_some() && is_it(&it.target) => {
            Some((statement, Some(&*it.annotation)))
        }
        _ => None,
    })
}

/// The lines of a statement, with the line end. `None` where others stand there, too, or it is all
/// that the body has.
fn whole_lines(statement: &Stmt, class: &StmtClassDef, cx: &Context<'_>) -> Option<TextRange> {
    let end = cx.line_end_after(statement).filter(|end| *end == statement.end())?;
    if !cx.begins_line(statement.start()) || class.body.len() < 2 {
        return None;
    }
    let start = cx.line_start(statement.start());
    let rest = &cx.text[end.to_usize()..];
    let line_end = if rest.starts_with("\r\n") { 2 } else { u32::from(!rest.is_empty()) };
    Some(TextRange::new(start, end + ruff_text_size::TextSize::new(line_end)))
}
