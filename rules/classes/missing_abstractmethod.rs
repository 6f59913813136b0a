use ruff_python_ast::StmtFunctionDef;
use ruff_text_size::{Ranged, TextSize};

use super::bases::class_of;
use super::hierarchy::{is_any_below, overrides, plain_stubs};
use super::methods::methods;
use crate::diagnostic::Severity;
use crate::facts::{FunctionFacts, MemberFacts, MemberKind};
use crate::fix::{Edit, Fix};
use crate::project::{ClassId, ClassRef, Item};
use crate::rule::{Class, Context, Fixable, Mending, On, ProjectReport, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "missing-abstractmethod",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("missing_abstractmethod.md"),
    options: &[],
    on: &[On::Class(check), On::Mend(mend)],
};

/// Fewer subclasses are no evidence that all must override a method.
const FEWEST_SUBCLASSES: usize = 2;

fn check<'a>(class: Class<'a>, report: &mut ProjectReport<'a>) {
    let project = class.project;
    let file = project.file(class.file);
    if file.is_stub() || file.module().is_test() || !is_declared_abstract(class) {
        return;
    }
    let forgotten: Vec<_> = forgotten(class).unwrap_or_default();
    for (name, function) in &forgotten {
        let message = format!(
            "`{name}` is empty in the abstract class `{}`, and {} override it",
            class.name(),
            all_of(project.subclasses(class.id).len())
        );
        report.at(class.file, function.range(), message).help(
            "a subclass that forgets it does nothing instead of refusing to be instantiated: mark it with `@abstractmethod`",
        );
        let notes = vec![(*name).to_owned()];
        report.to_mend_class_importing(class, &["abc", "abstractmethod"], notes);
    }
    if forgotten.is_empty() && is_abstract_in_name_only(class) {
        let message = format!(
            "`{}` is declared abstract and has no abstract member: it can be instantiated",
            class.name()
        );
        report.at(class.file, class.facts.range(), message).help(
            "mark what its subclasses must have with `@abstractmethod`; if that is nothing, it needs no `ABC`",
        );
    }
}

/// The methods of an abstract class that are empty, and that all of its subclasses override.
fn forgotten(class: Class<'_>) -> Option<Vec<(&str, &FunctionFacts)>> {
    let project = class.project;
    let below = project.subclasses(class.id);
    // Who makes instances needs what is empty as it is.
    let is_evident = below.len() >= FEWEST_SUBCLASSES
        && project.constructions_of(class.id).next().is_none()
        && project.abstracts(class.id).is_complete
        && below.iter().all(|it| project.known_mro(*it).is_some());
    let is_forgotten = |(name, facts): &(&str, &FunctionFacts)| {
        !facts.always_raises()
            && !name.starts_with('_')
            && below.iter().all(|it| overrides(class, *it, name))
    };
    is_evident.then(|| plain_stubs(class).filter(is_forgotten).collect())
}

/// Names by which a class without abstract members has its own say in who is an instance.
const OWN_SAY: &[&str] = &["__new__", "__subclasshook__", "__init_subclass__"];

/// Whether a class has methods of its own, but nothing abstract: neither it nor what is above it or
/// below.
fn is_abstract_in_name_only(class: Class<'_>) -> bool {
    let project = class.project;
    let members = class.members();
    // What has no methods only marks its subclasses. A name that is only annotated is for them to
    // give.
    let is_method = |it: &MemberFacts| matches!(it.kind(), MemberKind::Function(_));
    if !members.iter().any(is_method)
        || members.iter().any(|it| it.kind() == MemberKind::Annotation)
        || members.iter().any(|it| OWN_SAY.contains(&class.text(it.name)))
        || !class.facts.is_certain()
        // Who makes instances knows that it is whole.
        || project.constructions_of(class.id).next().is_some()
    {
        return false;
    }
    let has_none = |id: ClassId| {
        let abstracts = project.abstracts(id);
        abstracts.is_complete && abstracts.left.is_empty()
    };
    let is_concrete = |entry: &ClassRef| match entry {
        ClassRef::Project(id) => has_none(*id),
        ClassRef::Std(it) => it.abstract_members().is_some_and(|mut it| it.next().is_none()),
    };
    project.known_mro(class.id).is_some_and(|mro| mro.iter().all(is_concrete))
        && !is_any_below(class, |id| !has_none(id))
}

/// That many subclasses, in words.
pub(super) fn all_of(count: usize) -> String {
    match count {
        2 => "both subclasses".to_owned(),
        _ => format!("all {count} subclasses"),
    }
}

/// Whether the class statement itself says `ABC` or `metaclass=ABCMeta`.
fn is_declared_abstract(class: Class<'_>) -> bool {
    let project = class.project;
    let is_named = |class: Option<ClassRef>, name: &str| matches!(class, Some(ClassRef::Std(it)) if it.name() == name);
    let by_keyword = class.facts.metaclass().is_some_and(
        |it| matches!(project.resolve(class.file, it), Item::Std(it) if it.name() == "abc.ABCMeta"),
    );
    by_keyword || project.bases(class.id).any(|(_, base)| is_named(base, "abc.ABC"))
}

/// `@abstractmethod` above the function, below its other decorators.
fn mend<'a>(mending: Mending<'a>, cx: &Context<'a>) -> Option<Fix> {
    let class = class_of(mending.subject)?;
    let [name] = mending.notes else { return None };
    let mut of_name = methods(class).filter(|it| it.name.as_str() == name);
    let (method, None) = (of_name.next()?, of_name.next()) else { return None };
    let imported = cx.import("abc", "abstractmethod", method)?;
    let fix = Fix::unsafe_("Mark it with `@abstractmethod`");
    Some(fix.edit(decorated(method, &imported.text, cx)?).merge(imported.edit))
}

/// The edit that adds a decorator to a function, below those that it has.
pub(super) fn decorated(
    method: &StmtFunctionDef,
    decorator: &str,
    cx: &Context<'_>,
) -> Option<Edit> {
    let keyword = match method.decorator_list.last() {
        None => method.start(),
        Some(last) => {
            let between = &cx.text[last.end().to_usize()..method.name.start().to_usize()];
            let at = between.find("async def").or_else(|| between.find("def"))?;
            last.end() + TextSize::try_from(at).ok()?
        }
    };
    let indent = cx.indent_at(keyword);
    cx.begins_line(keyword).then(|| Edit::insert(keyword, format!("@{decorator}\n{indent}")))
}
