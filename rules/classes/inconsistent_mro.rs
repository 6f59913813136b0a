use ruff_text_size::{Ranged, TextRange};

use super::bases::{class_of, without_base};
use crate::diagnostic::Severity;
use crate::fix::Fix;
use crate::project::{Clash, ClassRef, CreationError, MroError, Project, Wanted};
use crate::rule::{Class, Context, Fixable, Mending, On, ProjectReport, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "inconsistent-mro",
    formerly: &[],
    severity: Severity::Error,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("inconsistent_mro.md"),
    options: &[],
    on: &[On::Class(check), On::Mend(mend)],
};

fn check<'a>(class: Class<'a>, report: &mut ProjectReport<'a>) {
    // Which class statement runs is known only for one that always does.
    let file = class.project.file(class.file);
    if !class.facts.is_certain() || class.facts.awaits_error() || file.is_stub() {
        return;
    }
    match class.project.creation_error(class.id) {
        Some(CreationError::Mro(MroError::Duplicate(first, second))) => {
            duplicate(class, first, second, report);
        }
        Some(CreationError::Mro(MroError::Inconsistent(blocked))) => {
            inconsistent(class, &blocked, report);
        }
        Some(CreationError::Metaclass(clash)) => metaclasses(class, clash, report),
        Some(CreationError::Layout { bases, solid }) => layouts(class, bases, solid, report),
        Some(CreationError::FinalBase(at)) => final_base(class, at, report),
        Some(CreationError::Slots(_)) | None => {}
    }
}

fn duplicate<'a>(class: Class<'a>, first: usize, second: usize, report: &mut ProjectReport<'a>) {
    let bases: Vec<_> = class.project.bases(class.id).collect();
    let (Some((before, _)), Some((again, base))) = (bases.get(first), bases.get(second)) else {
        return;
    };
    let name = base.map_or("a base", |base| class.project.class_name(base));
    let message = format!("`{}` names its base `{name}` twice", class.name());
    report
        .at(class.file, again.range(), message)
        .label(before.range(), "first here")
        .help("the class statement raises `TypeError: duplicate base class`: a class stands once among the bases");
    if !before.is_subscripted() && !again.is_subscripted() {
        ask_for_removal(class, &[second], "safe", report);
    }
}

fn inconsistent<'a>(class: Class<'a>, blocked: &[ClassRef], report: &mut ProjectReport<'a>) {
    let project = class.project;
    let bases: Vec<(TextRange, ClassRef)> =
        project.bases(class.id).filter_map(|(base, class)| Some((base.range(), class?))).collect();
    let message = format!("`{}` has no method resolution order", class.name());
    let names: Vec<String> =
        blocked.iter().map(|it| format!("`{}`", project.class_name(*it))).collect();
    let finding = report.at(class.file, class.facts.range(), message);
    let pair = bases.iter().enumerate().find_map(|(at, (range, first))| {
        let (_, heir) =
            bases[at + 1..].iter().find(|(_, later)| is_below(project, *later, *first))?;
        Some((*range, *first, *heir))
    });
    match pair {
        Some((range, first, heir)) => {
            let (first, heir) = (project.class_name(first), project.class_name(heir));
            finding.label(range.range(), format!("`{first}` stands before its own subclass `{heir}`")).help(format!(
                "the class statement raises `TypeError: Cannot create a consistent method resolution order`: a class always comes before its parents, so put `{heir}` before `{first}`, or leave `{first}` out: `{heir}` brings it"
            ));
        }
        None => {
            let help = format!(
                "the class statement raises `TypeError: Cannot create a consistent method resolution order`: the bases put {} in different orders; `dunderlint` found none that keeps each of them before its parents",
                names.join(" and ")
            );
            finding.help(help);
        }
    }
    let needless = needless_bases(class);
    let kept: Vec<usize> = (0..bases.len()).filter(|at| !needless.contains(at)).collect();
    if !needless.is_empty() && project.could_have(class.id, &kept) {
        ask_for_removal(class, &needless, "unsafe", report);
    }
}

/// The places of the bases that stand before a class below them, which brings them.
fn needless_bases(class: Class<'_>) -> Vec<usize> {
    let project = class.project;
    let bases: Vec<_> = project.bases(class.id).collect();
    let is_needless = |at: &usize| {
        let (base, this) = bases[*at];
        let is_brought = |later: &(_, Option<ClassRef>)| match (this, later.1) {
            (Some(this), Some(later)) => is_below(project, later, this),
            _ => false,
        };
        !base.is_subscripted() && bases[at + 1..].iter().any(is_brought)
    };
    (0..bases.len()).filter(is_needless).collect()
}

fn is_below(project: &Project, class: ClassRef, base: ClassRef) -> bool {
    class != base && project.derives(class, base) == Some(true)
}

fn metaclasses<'a>(class: Class<'a>, clash: Clash, report: &mut ProjectReport<'a>) {
    let project = class.project;
    let bases = class.bases();
    let said = |(wanted, metaclass): (Wanted, ClassRef)| {
        let metaclass = project.class_name(metaclass);
        match wanted {
            Wanted::Keyword => format!("`metaclass={metaclass}`"),
            Wanted::Base(at) => {
                let base = project.bases(class.id).nth(at).and_then(|(_, base)| base);
                let base = base.map_or("a base", |base| project.class_name(base));
                format!("`{metaclass}` of `{base}`")
            }
        }
    };
    let (first, second) = (said(clash.first), said(clash.second));
    let message = format!("`{}` has no metaclass: {first} and {second} clash", class.name());
    let finding = report.at(class.file, class.facts.range(), message);
    for (wanted, metaclass) in [clash.first, clash.second] {
        if let Wanted::Base(at) = wanted
            && let Some(base) = bases.get(at)
        {
            let metaclass = project.class_name(metaclass);
            finding.label(base.range(), format!("made by `{metaclass}`"));
        }
    }
    finding.help("the class statement raises `TypeError: metaclass conflict`: the metaclass of a class must derive from those of all its bases, so make one that derives from both, or leave one of the bases out");
}

fn layouts<'a>(
    class: Class<'a>,
    (first, second): (usize, usize),
    solid: (ClassRef, ClassRef),
    report: &mut ProjectReport<'a>,
) {
    let project = class.project;
    let (one, other) = (project.class_name(solid.0), project.class_name(solid.1));
    let message = format!(
        "instances of `{}` cannot be laid out: as `{one}` and as `{other}` at once",
        class.name()
    );
    let bases = class.bases();
    let finding = report.at(class.file, class.facts.range(), message);
    for (at, solid) in [(first, one), (second, other)] {
        if let Some(base) = bases.get(at) {
            finding.label(base.range(), format!("laid out by `{solid}`"));
        }
    }
    finding.help("the class statement raises `TypeError: multiple bases have instance lay-out conflict`: of several bases with slots, or that are written in C, one must derive from all others; hold one of them as an attribute, or give it `__slots__ = ()`");
}

fn final_base<'a>(class: Class<'a>, at: usize, report: &mut ProjectReport<'a>) {
    let bases: Vec<_> = class.project.bases(class.id).collect();
    let Some((base, Some(found))) = bases.get(at) else { return };
    let name = class.project.class_name(*found);
    let message = format!("`{}` cannot derive from `{name}`", class.name());
    report.at(class.file, base.range(), message).help(format!(
        "the class statement raises `TypeError: type '{name}' is not an acceptable base type`: hold an instance as an attribute"
    ));
}

fn ask_for_removal<'a>(
    class: Class<'a>,
    bases: &[usize],
    applicability: &str,
    report: &mut ProjectReport<'a>,
) {
    let places = bases.iter().map(usize::to_string);
    let notes = std::iter::once(applicability.to_owned()).chain(places).collect();
    report.to_mend_class(class, notes);
}

/// Leaves bases out that are there twice, or are brought by another one.
fn mend<'a>(mending: Mending<'a>, cx: &Context<'a>) -> Option<Fix> {
    let class = class_of(mending.subject)?;
    let (applicability, places) = mending.notes.split_first()?;
    let places: Vec<usize> = places.iter().filter_map(|it| it.parse().ok()).collect();
    let names: Vec<String> = places
        .iter()
        .filter_map(|at| Some(format!("`{}`", cx.slice(super::bases::base(class, *at)?))))
        .collect();
    let title = format!("Leave out {}", names.join(" and "));
    let fix = if applicability == "safe" { Fix::safe(title) } else { Fix::unsafe_(title) };
    let mut end = class.name.range.start();
    places.iter().try_fold(fix, |fix, at| {
        let range = without_base(class, *at, cx).filter(|it| it.start() >= end)?;
        end = range.end();
        Some(fix.delete(range))
    })
}
