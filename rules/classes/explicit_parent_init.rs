use ruff_text_size::{Ranged, TextRange, TextSize};

use super::constructors::{call_at, call_of_super};
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::{CallFacts, MemberKind, ParameterFacts, ParameterKind, Subject};
use crate::fix::Fix;
use crate::project::{ClassId, ClassRef, Definer, FunctionId, Project};
use crate::rule::{Class, Context, Fixable, Mending, On, ProjectReport, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "explicit-parent-init",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("explicit_parent_init.md"),
    options: &[],
    on: &[On::Class(check), On::Mend(mend)],
};

/// `Parent.method(self, …)` in the method of the same name.
struct Explicit<'a> {
    call: &'a CallFacts,
    callee: FunctionId,
    parent: ClassId,
}

fn check(class: Class<'_>, report: &mut ProjectReport<'_>) {
    let project = class.project;
    let file = project.file(class.file);
    if file.is_stub() || file.module().is_test() {
        return;
    }
    for member in class.members() {
        let MemberKind::Function(index) = member.kind() else { continue };
        let method = project.function_of(class.file, index);
        if !project.function_facts(method).calls_namesake() {
            continue;
        }
        let name = class.text(member.name);
        let explicit = explicit(project, method, name);
        match &explicit[..] {
            [] => {}
            [only] => skips(class, index, name, only, report),
            calls => doubles(class, name, calls, report),
        }
    }
}

/// The explicit calls of the same method of other classes.
fn explicit<'a>(project: &'a Project, method: FunctionId, name: &str) -> Vec<Explicit<'a>> {
    let calls = project.explicit_calls(method);
    let named = calls.filter(|(callee, _)| {
        let (file, facts) = project.function(*callee);
        project.file(file).text(facts.name) == name
    });
    named
        .filter_map(|(callee, call)| {
            Some(Explicit { call, callee, parent: project.class_of_method(callee)? })
        })
        .collect()
}

/// A parent called by its name is fine as long as it is the next one. In a class below that has
/// another base, it is not.
fn skips(
    class: Class<'_>,
    index: u32,
    name: &str,
    explicit: &Explicit<'_>,
    report: &mut ProjectReport<'_>,
) {
    let project = class.project;
    let Some(mro) = project.known_mro(class.id) else { return };
    // Who jumps over the next one has a reason.
    let next = |mro: &[ClassRef]| project.definers(mro, name).next();
    let is_next = next(&mro[1..]).map(|it| it.class) == Some(ClassRef::Project(explicit.parent));
    if !is_next || !explicit.call.is_certain() {
        return;
    }
    let skipped = project.descendants(class.id).into_iter().find_map(|below| {
        let mro = project.known_mro(below)?;
        let at = mro.iter().position(|it| *it == ClassRef::Project(class.id))?;
        let next = next(&mro[at + 1..])?;
        let Definer { class: ClassRef::Project(sibling), function: Some(function) } = next else {
            return None;
        };
        let is_called = sibling == explicit.parent
            || project.function_facts(function).is_stub()
            || is_called_elsewhere(project, below, function, name);
        // What takes other arguments is passed over on purpose.
        let is_meant = !takes_alike(project, explicit.callee, function);
        (!is_called && !is_meant && is_reached(project, mro, at, name))
            .then_some((below, sibling, function))
    });
    let Some((below, sibling, function)) = skipped else { return };
    let parent = project.class_name(ClassRef::Project(explicit.parent));
    let sibling = project.class_name(ClassRef::Project(sibling));
    let heir = project.class_name(ClassRef::Project(below));
    let message = format!("`{parent}.{name}(…)` skips `{sibling}.{name}` in `{heir}`");
    let finding = report.at(class.file, explicit.call.range(), message).help(format!(
        "`super()` calls the next class of the object's own linearization, which in `{heir}` is `{sibling}` and not `{parent}`"
    ));
    let (file, facts) = project.class(below);
    point(
        project,
        class,
        file,
        facts.range(),
        format!("`{sibling}` comes before `{parent}` here"),
        finding,
    );
    let (file, facts) = project.function(function);
    point(project, class, file, facts.range(), "never runs".to_owned(), finding);
    let is_first = class.bases().first().is_some_and(|base| {
        project.resolve(class.file, base.target) == crate::project::Item::Class(explicit.parent)
    });
    if is_first && all_go_on(project, class, explicit.parent, name) {
        report.to_mend(Subject::Function(index), vec![name.to_owned()]);
    }
}

/// Whether the class below, or one on its way, calls the method by the name of its class.
fn is_called_elsewhere(project: &Project, below: ClassId, method: FunctionId, name: &str) -> bool {
    let Some(mro) = project.known_mro(below) else { return true };
    project.definers(mro, name).any(|it| match (it.class, it.function) {
        (_, Some(function)) => {
            explicit(project, function, name).iter().any(|it| it.callee == method)
        }
        (ClassRef::Project(_), None) => true, // it cannot be known
        (ClassRef::Std(_), None) => false,
    })
}

/// Whether the classes before a place in a linearization lead on to the one there.
fn is_reached(project: &Project, mro: &[ClassRef], at: usize, name: &str) -> bool {
    let ClassRef::Project(class) = mro[at] else { return false };
    project.definers(&mro[..at], name).all(|it| {
        it.function.is_some_and(|function| {
            let by_super = project.super_call(function, name).is_some_and(CallFacts::is_certain);
            let mut by_name = explicit(project, function, name).into_iter();
            by_super || by_name.any(|it| it.parent == class && it.call.is_certain())
        })
    })
}

/// Whether a method can be called as another one is, as far as their parameters are kept.
fn takes_alike(project: &Project, method: FunctionId, other: FunctionId) -> bool {
    let parameters = |function: FunctionId| {
        let (file, _) = project.function(function);
        let facts = project.file(file);
        let all = facts.parameters().of(project.index_of_function(function)).iter().skip(1);
        all.map(move |it| (facts.text(it.name), it))
    };
    let is_variadic =
        |it: &ParameterFacts| matches!(it.kind(), ParameterKind::Rest | ParameterKind::Keywords);
    let takes = |function: FunctionId, name: &str| {
        parameters(function).any(|(it, facts)| it == name || is_variadic(facts))
    };
    parameters(method).all(|(name, it)| is_variadic(it) || takes(other, name))
        && parameters(other).all(|(name, it)| !it.is_required() || takes(method, name))
}

/// Whether nothing is lost by `super()`: the other bases do not have the method, or go on.
fn all_go_on(project: &Project, class: Class<'_>, parent: ClassId, name: &str) -> bool {
    let goes_on = |definer: Definer| match (definer.class, definer.function) {
        (ClassRef::Std(it), _) => it.is_object(),
        (_, Some(function)) => project.super_call(function, name).is_some(),
        _ => false,
    };
    class.bases().len() == 1
        || project.known_mro(class.id).is_some_and(|mro| {
            let others = project.definers(&mro[1..], name);
            others.filter(|it| it.class != ClassRef::Project(parent)).all(goes_on)
        })
}

/// Two parents called by their names, the first of which goes on to the second by itself.
fn doubles(class: Class<'_>, name: &str, calls: &[Explicit<'_>], report: &mut ProjectReport<'_>) {
    let project = class.project;
    let Some(mro) = project.known_mro(class.id) else { return };
    let place = |it: &Explicit<'_>| mro.iter().position(|at| *at == ClassRef::Project(it.parent));
    for second in calls {
        let Some(at) = place(second) else { continue };
        let first = calls.iter().find(|first| {
            let Some(before) = place(first).filter(|before| *before < at) else { return false };
            let goes_on = project.super_call(first.callee, name).is_some_and(CallFacts::is_certain);
            let next = project.definers(&mro[before + 1..], name).next();
            goes_on && next.map(|it| it.class) == Some(ClassRef::Project(second.parent))
        });
        let Some(first) = first else { continue };
        let [first_name, second_name] =
            [first, second].map(|it| project.class_name(ClassRef::Project(it.parent)));
        let message = format!("`{second_name}.{name}` runs twice");
        let finding = report.at(class.file, second.call.range(), message);
        finding
            .label(first.call.range(), format!("goes on to `{second_name}.{name}` by `super()`"))
            .help(format!(
                "`super()` in `{first_name}` means the next class of this object's linearization, not a base of `{first_name}`: one `super().{name}(…)` here calls both, once each"
            ));
        let (file, facts) = project.function(first.callee);
        let text = format!("calls `super().{name}`");
        point(project, class, file, facts.range(), text, finding);
    }
}

fn point(
    project: &Project,
    class: Class<'_>,
    file: crate::project::FileId,
    at: TextRange,
    text: String,
    finding: &mut Diagnostic,
) {
    match file == class.file {
        true => finding.label(at, text),
        false => finding.label_in(project.file(file).path(), at, text),
    };
}

/// `Parent.method(self, a)` → `super().method(a)`.
fn mend(mending: Mending<'_>, cx: &Context<'_>) -> Option<Fix> {
    let method = mending.subject.as_stmt_function_def()?;
    let call = call_at(mending.diagnostic.range, mending.subject, cx)?;
    let said = call_of_super(method, mending.notes.first()?, cx)?;
    let first = call.arguments.args.first()?;
    let next = call.arguments.iter_source_order().nth(1).map(|it| it.start());
    let end = next.unwrap_or(call.arguments.end() - TextSize::new(1));
    let fix = Fix::unsafe_(format!("Call `{said}(…)`"));
    Some(fix.replace(call.func.range(), said).delete(TextRange::new(first.start(), end)))
}
