use ruff_text_size::{Ranged, TextSize};

use super::bases::class_of;
use super::hierarchy::{overrides, plain_stubs};
use super::methods::methods;
use super::missing_abstractmethod::{all_of, decorated};
use crate::diagnostic::Severity;
use crate::fix::{Edit, Fix};
use crate::project::{ClassId, ClassRef, Mro};
use crate::rule::{Class, Context, Fixable, Mending, On, ProjectReport, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "notimplementederror-interface",
    formerly: &[],
    severity: Severity::Info,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("notimplementederror_interface.md"),
    options: &[],
    on: &[On::Class(check), On::Mend(mend)],
};

/// Fewer subclasses make no interface.
const FEWEST_SUBCLASSES: usize = 2;

fn check<'a>(class: Class<'a>, report: &mut ProjectReport<'a>) {
    let project = class.project;
    let file = project.file(class.file);
    let below = project.subclasses(class.id);
    if below.len() < FEWEST_SUBCLASSES
        || class.facts.metaclass().is_some()
        || class.facts.dataclass().is_some()
        || !class.facts.is_certain()
        || file.is_stub()
        || file.module().is_test()
        // It goes beside bases of any metaclass.
        || class.name().contains("Mixin")
    {
        return;
    }
    // Of a base with plans of its own nothing is asked.
    let is_plain = |entry: &ClassRef| matches!(entry, ClassRef::Std(it) if it.is_object());
    if !class.ancestors().is_some_and(|it| it.iter().all(is_plain))
        || !project.is_plainly_made(class.id)
        || project.member(class.id, "__init_subclass__").is_some()
    {
        return;
    }
    let refusing: Vec<&str> = plain_stubs(class)
        .filter(|(_, facts)| facts.always_raises())
        .map(|(name, _)| name)
        .collect();
    let is_interface = !refusing.is_empty()
        && refusing.iter().all(|name| !name.starts_with('_'))
        && project.constructions_of(class.id).next().is_none()
        && below.iter().all(|it| fulfils(class, *it, &refusing));
    if !is_interface {
        return;
    }
    let name = class.name();
    let what = match refusing[..] {
        [one] => format!("`{one}`"),
        [one, other] => format!("`{one}` and `{other}`"),
        [one, ..] => format!("`{one}` and {} more", refusing.len() - 1),
        [] => return,
    };
    let (verb, them) = if refusing.len() == 1 { ("raises", "it") } else { ("raise", "them") };
    let message = format!(
        "`{name}` is an interface: {what} only {verb} `NotImplementedError`, and {} override {them}",
        all_of(below.len())
    );
    report.at(class.file, class.facts.range(), message).help(format!(
        "as an `ABC` with `@abstractmethod`, a subclass that forgets one is refused when it is instantiated, and not when {what} is called some day"
    ));
    let notes = refusing.into_iter().map(str::to_owned).collect();
    report.to_mend_class_importing(class, &["abc", "ABC", "abstractmethod"], notes);
}

/// Whether a class below overrides all of some methods, and could be made by `ABCMeta`.
fn fulfils(class: Class<'_>, below: ClassId, names: &[&str]) -> bool {
    let project = class.project;
    let Mro::Known(mro) = project.mro(below) else { return false };
    let by_type = mro.iter().all(|entry| match entry {
        ClassRef::Std(it) => it.is_made_by_type(),
        ClassRef::Project(id) => project.class(*id).1.metaclass().is_none(),
    });
    by_type && names.iter().all(|name| overrides(class, below, name))
}

/// `ABC` as the base, and `@abstractmethod` above each of the methods.
fn mend<'a>(mending: Mending<'a>, cx: &Context<'a>) -> Option<Fix> {
    let class = class_of(mending.subject)?;
    let base = cx.import("abc", "ABC", class)?;
    let fix = Fix::unsafe_("Make it an `ABC` with abstract methods");
    let fix = match class.arguments.as_deref() {
        None => {
            let end = class.type_params.as_deref().map_or(class.name.end(), Ranged::end);
            fix.insert(end, format!("({})", base.text))
        }
        Some(arguments) if arguments.is_empty() => {
            fix.insert(arguments.start() + TextSize::new(1), base.text.as_str())
        }
        // `object`: it goes behind.
        Some(arguments) => match &arguments.args[..] {
            [only] if arguments.keywords.is_empty() => {
                fix.replace(only.range(), base.text.as_str())
            }
            _ => return None,
        },
    };
    let refusing = methods(class).filter(|it| mending.notes.iter().any(|name| *it.name == **name));
    let mark = cx.import("abc", "abstractmethod", class)?;
    let fix = refusing
        .map(|method| decorated(method, &mark.text, cx))
        .try_fold(fix, |fix, edit| Some(fix.edit(edit?)))?;
    Some(fix.merge(joined(base.edit, mark.edit)))
}

/// The edits that import `ABC` and `abstractmethod`: one line where both are new.
fn joined(base: Option<Edit>, mark: Option<Edit>) -> Vec<Edit> {
    const BASE: &str = "from abc import ABC";
    match (base, mark) {
        (Some(base), Some(mark)) if base.range == mark.range && base.text.contains(BASE) => {
            let text = base.text.replace(BASE, "from abc import ABC, abstractmethod");
            vec![Edit { text, ..base }]
        }
        (base, mark) => base.into_iter().chain(mark).collect(),
    }
}
