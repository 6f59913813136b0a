use super::bases::class_of;
use super::slots::insert_first;
use crate::diagnostic::Severity;
use crate::facts::Slots;
use crate::fix::Fix;
use crate::project::{ClassRef, StdClass};
use crate::rule::{Class, Context, Fixable, Mending, On, ProjectReport, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "inconsistent-slots-hierarchy",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("inconsistent_slots_hierarchy.md"),
    options: &[],
    on: &[On::Class(check), On::Mend(mend)],
};

/// Values of which there are many, so that the `__dict__` of a class below them is worth saving.
const VALUES: &[&str] = &["builtins.str", "builtins.int", "builtins.tuple", "builtins.float"];

fn check<'a>(class: Class<'a>, report: &mut ProjectReport<'a>) {
    let file = class.project.file(class.file);
    if file.is_stub() || !class.facts.is_certain() {
        return;
    }
    match class.facts.slots() {
        Slots::Names => slots_in_vain(class, report),
        Slots::Absent if !file.module().is_test() => slots_undone(class, report),
        _ => {}
    }
}

/// A class with slots whose instances get a `__dict__` from a base all the same.
fn slots_in_vain<'a>(class: Class<'a>, report: &mut ProjectReport<'a>) {
    let project = class.project;
    let is_meant = class.slots().any(|it| it == "__dict__");
    if is_meant || class.slots().next().is_none() || !project.is_made(class.id) {
        return;
    }
    let Some(ancestors) = class.ancestors() else { return };
    if project.has_dict(ClassRef::Project(class.id)) != Some(true) {
        return;
    }
    let gives_dict = |entry: &&ClassRef| match entry {
        ClassRef::Std(it) => it.has_dict() != Some(false),
        ClassRef::Project(id) => project.own_layout(*id).dict != Some(false),
    };
    let mut givers = ancestors.iter().filter(gives_dict);
    let (Some(ClassRef::Project(base)), all) = (givers.next(), givers) else { return };
    // The base of another library cannot be changed, and one that asks for a `__dict__` means it.
    let is_own = |entry: &ClassRef| match entry {
        ClassRef::Std(_) => false,
        ClassRef::Project(id) => {
            let above = Class::new(project, *id);
            above.facts.slots() == Slots::Absent
                && project.own_layout(*id).dict == Some(true)
                && !project.is_protocol(*id)
        }
    };
    if !is_own(&ClassRef::Project(*base)) || !all.into_iter().all(is_own) {
        return;
    }
    let above = Class::new(project, *base);
    let Some(declared) = project.member(class.id, "__slots__") else { return };
    let message = format!(
        "the slots of `{}` save nothing: its base `{}` has none",
        class.name(),
        above.name()
    );
    let finding = report.at(class.file, declared.range(), message);
    class.point(finding, (above.file, above.facts.range()), "instances get a `__dict__` here");
    finding.help(format!("instances still have a `__dict__`, and take any attribute: `{}` needs `__slots__`, too, be it `()`", above.name()));
    if above.file == class.file && has_no_attributes(above) {
        report.to_mend_class(above, Vec::new());
    }
}

/// A class without slots below classes that have them, or below a value.
fn slots_undone<'a>(class: Class<'a>, report: &mut ProjectReport<'a>) {
    let project = class.project;
    // Most classes have a base with a `__dict__`: seen before anything else is asked.
    let Some(ancestors @ [first, ..]) = class.ancestors() else { return };
    let (slotted, said) = match first {
        ClassRef::Std(it) if it.is_object() => return,
        ClassRef::Std(it) if is_value(*it) => (*first, None),
        ClassRef::Std(_) => return,
        ClassRef::Project(id) => {
            let above = Class::new(project, *id);
            // Empty slots add nothing, so that a class below may go either way.
            let has_slots = |entry: &ClassRef| match entry {
                ClassRef::Std(_) => false,
                ClassRef::Project(id) => Class::new(project, *id).slots().next().is_some(),
            };
            if above.facts.slots() != Slots::Names || !ancestors.iter().any(has_slots) {
                return;
            }
            (*first, project.member(*id, "__slots__").map(|it| (above.file, it.range())))
        }
    };
    let is_closed = ancestors.iter().all(|it| match it {
        ClassRef::Std(it) => it.has_dict() == Some(false),
        ClassRef::Project(id) => project.own_layout(*id).dict == Some(false),
    });
    if !is_closed
        || project.own_layout(class.id).dict != Some(true)
        || !project.is_plainly_made(class.id)
        || project.is_protocol(class.id)
        || class.facts.dataclass().is_some()
        || !has_no_attributes(class)
        || !project.is_made(class.id)
    {
        return;
    }
    let name = project.class_name(slotted);
    let message = match said {
        Some(_) => format!("`{}` undoes the slots of `{name}`: it declares none", class.name()),
        None => format!(
            "instances of `{}` have a `__dict__` that those of `{name}` do not",
            class.name()
        ),
    };
    let finding = report.at(class.file, class.facts.range(), message).severity(Severity::Info);
    if let Some((file, range)) = said {
        class.point(finding, (file, range), "declared here");
    }
    finding.help("a class without `__slots__` gives its instances a `__dict__` and room for weak references; with `__slots__ = ()` they stay as small as those of the base");
    report.to_mend_class(class, Vec::new());
}

fn is_value(class: StdClass) -> bool {
    VALUES.contains(&class.name())
}

/// Whether nothing is ever set on instances, as far as the class and those below it show.
fn has_no_attributes(class: Class<'_>) -> bool {
    let project = class.project;
    let sets_nothing = |it: Class<'_>| {
        it.attributes().next().is_none()
            && it.members().iter().all(|member| match member.kind() {
                crate::facts::MemberKind::Function(index) => {
                    let function = &project.file(it.file).functions()[index as usize];
                    !function.sets_dynamically()
                }
                _ => true,
            })
            && ["__setattr__", "__getattr__", "__dict__", "__new__", "__init_subclass__"]
                .iter()
                .all(|name| project.member(it.id, name).is_none())
    };
    sets_nothing(class)
}

/// `__slots__ = ()` in a class without attributes.
fn mend<'a>(mending: Mending<'a>, cx: &Context<'a>) -> Option<Fix> {
    let class = class_of(mending.subject)?;
    let name = class.name.as_str();
    let fix = Fix::unsafe_(format!("Give `{name}` empty slots"));
    insert_first(class, "__slots__ = ()", cx).map(|edit| fix.edit(edit))
}
