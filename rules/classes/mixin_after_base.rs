use ruff_text_size::{Ranged, TextRange};

use super::bases::class_of;
use crate::diagnostic::Severity;
use crate::facts::MemberKind;
use crate::fix::Fix;
use crate::project::{ClassId, ClassRef};
use crate::rule::{Class, Context, Fixable, Mending, On, ProjectReport, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "mixin-after-base",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("mixin_after_base.md"),
    options: &[],
    on: &[On::Class(check), On::Mend(mend)],
};

/// What rules about constructors judge.
const CONSTRUCTORS: &[&str] = &["__init__", "__new__", "__init_subclass__", "__post_init__"];

/// A method of a mixin that an earlier base takes the place of.
struct Shadowed<'a> {
    name: &'a str,
    by: ClassRef,
}

fn check<'a>(class: Class<'a>, report: &mut ProjectReport<'a>) {
    let project = class.project;
    if class.bases().len() < 2 || !class.facts.is_certain() || project.file(class.file).is_stub() {
        return;
    }
    let Some(mro) = project.known_mro(class.id) else { return };
    let bases: Vec<_> = project.bases(class.id).collect();
    for (at, (base, found)) in bases.iter().enumerate().skip(1) {
        let Some(ClassRef::Project(mixin)) = *found else { continue };
        let mixin = Class::new(project, mixin);
        if !is_mixin(project.class_name(ClassRef::Project(mixin.id))) {
            continue;
        }
        let shadowed = shadowed(class, mixin, mro);
        let Some(first) = shadowed.first() else { continue };
        let place = bases[..at].iter().position(|(_, other)| {
            other.is_some_and(|it| project.derives(it, first.by) == Some(true))
        });
        let Some(place) = place else { continue };
        report_shadowed(class, mixin, base.range(), &shadowed, report);
        let mut order: Vec<usize> = (0..bases.len()).filter(|it| *it != at).collect();
        order.insert(place, at);
        if project.could_have(class.id, &order) {
            let notes = vec![at.to_string(), place.to_string()];
            report.to_mend_class(class, notes);
        }
    }
}

fn report_shadowed<'a>(
    class: Class<'a>,
    mixin: Class<'a>,
    place: TextRange,
    shadowed: &[Shadowed<'_>],
    report: &mut ProjectReport<'a>,
) {
    let project = class.project;
    let [first, rest @ ..] = shadowed else { return };
    let by = project.class_name(first.by);
    let what = match rest {
        [] => format!("`{}`", first.name),
        [other] => format!("`{}` and `{}`", first.name, other.name),
        _ => format!("`{}` and {} more", first.name, rest.len()),
    };
    let verb = if rest.is_empty() { "is" } else { "are" };
    let message =
        format!("{what} of `{}` {verb} never reached: `{by}` stands before it", mixin.name());
    let finding = report.at(class.file, place, message);
    if let Some(member) = project.member(mixin.id, first.name) {
        class.point(finding, (mixin.file, member.range()), "this one is shadowed");
    }
    if let ClassRef::Project(id) = first.by
        && let Some(member) = project.member(id, first.name)
    {
        let (file, _) = project.class(id);
        class.point(finding, (file, member.range()), "by this one, which does not go on");
    }
    finding.help("attributes are looked up in the order of the bases, so a mixin that is to change a method stands before the class that has it");
}

/// The methods of a mixin in the place of which an earlier base's run.
fn shadowed<'a>(class: Class<'a>, mixin: Class<'a>, mro: &[ClassRef]) -> Vec<Shadowed<'a>> {
    let project = class.project;
    let own = ClassRef::Project(mixin.id);
    let shadow = |name: &'a str| {
        let winner = mro.iter().copied().find(|entry| defines(class, *entry, name))?;
        let is_earlier = winner != own
            && winner != ClassRef::Project(class.id)
            && project.derives(winner, own) == Some(false)
            // What comes from above the mixin is what it overrides: it would be found after it.
            && project.derives(own, winner) == Some(false)
            && !is_mixin(project.class_name(winner));
        let ends = match winner {
            ClassRef::Std(it) => it.surely_defines(name),
            ClassRef::Project(id) => ends_chain(class, id, name),
        };
        (is_earlier && ends).then_some(Shadowed { name, by: winner })
    };
    let is_method = |name: &str, kind| match kind {
        MemberKind::Function(index) => {
            let facts = &project.file(mixin.file).functions()[index as usize];
            !facts.is_stub() && !CONSTRUCTORS.contains(&name)
        }
        _ => false,
    };
    let members = mixin.members().iter().map(|it| (mixin.text(it.name), it.kind()));
    members.filter(|(name, kind)| is_method(name, *kind)).filter_map(|it| shadow(it.0)).collect()
}

fn defines(class: Class<'_>, entry: ClassRef, name: &str) -> bool {
    match entry {
        ClassRef::Std(it) => !it.is_object() && it.defines(name),
        ClassRef::Project(id) => class
            .project
            .member(id, name)
            .is_some_and(|it| !matches!(it.kind(), MemberKind::Annotation)),
    }
}

/// Whether a class has a method that does not go on to the next one, and that does something.
fn ends_chain(class: Class<'_>, id: ClassId, name: &str) -> bool {
    let project = class.project;
    let Some(facts) = project.own_function(id, name) else { return false };
    !facts.calls_namesake() && !facts.uses_super() && !facts.is_stub()
}

fn is_mixin(name: &str) -> bool {
    name.ends_with("Mixin") || name.ends_with("MixIn") || name.ends_with("Mixins")
}

/// Moves the mixin in front of the base.
fn mend<'a>(mending: Mending<'a>, cx: &Context<'a>) -> Option<Fix> {
    let class = class_of(mending.subject)?;
    let [from, to] = mending.notes else { return None };
    let (from, to): (usize, usize) = (from.parse().ok()?, to.parse().ok()?);
    let bases = &class.arguments.as_deref()?.args;
    let (first, last) = (bases.get(to)?, bases.get(from)?);
    let range = TextRange::new(first.start(), last.end());
    // Comments and parentheses stay with what they were written at.
    let text = cx.slice(range);
    let said: Vec<&str> = bases[to..=from].iter().map(|it| cx.slice(it)).collect();
    if cx.has_comment(range) || text.contains('\n') || said.join(", ") != text {
        return None;
    }
    let (moved, others) = said.split_last()?;
    let text = format!("{moved}, {}", others.join(", "));
    Some(Fix::unsafe_(format!("Put `{moved}` before `{}`", others[0])).replace(range, text))
}
