use ruff_python_ast::{ExprCall, Stmt, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::constructors::{arguments, call_of_super, insert_first};
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::{Dataclass, FunctionFacts, Maker, MemberKind, Subject};
use crate::fix::Fix;
use crate::project::{ClassId, ClassRef, Definer, FunctionId, Lineage, Project};
use crate::rule::{Class, Context, Fixable, Mending, On, ProjectReport, Rule, Suspected};
use crate::rules::libraries::TORCH_MODULES;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "super-init-not-called",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("super_init_not_called.md"),
    options: &[],
    on: &[On::Class(check), On::Mend(mend), On::Special(check_order), On::Suspicion(confirm_order)],
};

/// Classes of the standard library that are of no use without their `__init__`.
const NEEDED: &[(&str, &str)] = &[
    ("threading.Thread", "`start()` raises `RuntimeError`"),
    ("multiprocessing.process.BaseProcess", "`start()` raises `AttributeError`"),
];

/// An attribute that is missing.
struct Missing<'a> {
    name: &'a str,
    /// A method that reads it.
    reader: FunctionId,
}

fn check(class: Class<'_>, report: &mut ProjectReport<'_>) {
    let project = class.project;
    let file = project.file(class.file);
    // What tests do is not kept, and what nobody can make needs nothing.
    if !class.facts.is_certain() || file.is_stub() || file.module().is_test() {
        return;
    }
    let Some(mro) = project.known_mro(class.id) else {
        return module_of_torch(class, report);
    };
    if mro.len() <= 2 {
        return; // itself and `object`
    }
    let own = project.member(class.id, "__init__").map(|it| it.kind());
    match (own, class.facts.dataclass()) {
        (Some(MemberKind::Function(index)), _) => {
            let init = project.function_of(class.file, index);
            if goes_on(project.function_facts(init)) || !project.decorators_of(init).is_empty() {
                return;
            }
            written_by_hand(class, init, mro, report);
        }
        (None, Some(dataclass)) => generated(class, dataclass, mro, report),
        _ => {}
    }
}

/// A class below `torch.nn.Module`, which the project need not have: without its `__init__` no
/// submodule can be assigned, and no call goes through.
fn module_of_torch(class: Class<'_>, report: &mut ProjectReport<'_>) {
    let project = class.project;
    let Some(MemberKind::Function(index)) =
        project.member(class.id, "__init__").map(|it| it.kind())
    else {
        return;
    };
    let init = project.function_of(class.file, index);
    let facts = project.function_facts(init);
    let is_fine = goes_on(facts) || facts.is_stub() || helps_itself(class);
    let sets_something = class.attributes().next().is_some();
    if !is_fine && sets_something && Lineage::of(class.id, project).comes_from(TORCH_MODULES) {
        let name = class.name();
        let message = format!("`{name}.__init__` never calls `Module.__init__`");
        report.at(class.file, facts.range(), message).help(
            "it makes the tables of parameters, submodules and hooks: without them neither assigning a submodule nor calling the module works",
        );
        report.to_mend(subject(project, init), vec![String::new()]);
    }
}

/// Submodules that are assigned before `super().__init__()`.
fn check_order<'a>(init: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    if init.name.as_str() != "__init__" || cx.semantic.name("super").is_none() {
        return;
    }
    let Some(class) = cx.class_of(init).filter(|it| it.arguments.is_some()) else { return };
    let calls = init.body.iter().map(call_of_next);
    let Some((at, call)) = calls.enumerate().find_map(|(at, call)| Some((at, call?))) else {
        return;
    };
    let is_submodule = |statement: &'a Stmt| {
        let assigned = statement.as_assign_stmt()?;
        let target = assigned.targets.first()?.as_attribute_expr()?;
        target.value.as_name_expr()?;
        let made = assigned.value.as_call_expr()?;
        let name = cx.qualified(&made.func)?;
        let is_class = name.last().starts_with(|first: char| first.is_ascii_uppercase());
        (name.starts_with("torch.nn") && is_class).then_some((statement, target))
    };
    let Some((early, target)) = init.body[..at].iter().find_map(is_submodule) else { return };
    let (attribute, statement) = (target.attr.as_str(), &init.body[at]);
    let fix = moved_up(statement, early, cx).filter(|_| call.arguments.is_empty());
    let message = format!("`{attribute}` is assigned before `super().__init__()`");
    cx.suspect(class, target, message)
        .severity(Severity::Error)
        .label(statement, "the tables that submodules are kept in are made here")
        .help("`torch.nn.Module` raises `AttributeError: cannot assign module before Module.__init__() call`")
        .fix(fix);
}

/// The call that a statement `super().__init__(…)` is.
fn call_of_next(statement: &Stmt) -> Option<&ExprCall> {
    let call = statement.as_expr_stmt()?.value.as_call_expr()?;
    let method = call.func.as_attribute_expr().filter(|it| it.attr.as_str() == "__init__")?;
    let receiver = method.value.as_call_expr()?.func.as_name_expr()?;
    (receiver.id.as_str() == "super").then_some(call)
}

/// Moves a statement on a line of its own in front of another.
fn moved_up(call: &Stmt, early: &Stmt, cx: &Context<'_>) -> Option<Fix> {
    if !cx.begins_line(call.start()) || !cx.begins_line(early.start()) {
        return None;
    }
    let end = cx.line_end_after(call).filter(|end| *end == call.end())?;
    let line = TextRange::new(cx.line_start(call.start()), end);
    // With the line end before it, since one stands behind it that is needed.
    let before = &cx.text[..line.start().to_usize()];
    let kept = before.strip_suffix('\n').map_or(before, |it| it.strip_suffix('\r').unwrap_or(it));
    let start = TextSize::try_from(kept.len()).ok()?;
    let indent = cx.indent_at(early.start());
    let fix = Fix::unsafe_("Call `super().__init__()` first")
        .insert(early.start(), format!("{}\n{indent}", cx.slice(call)))
        .delete(TextRange::new(start, end));
    Some(fix)
}

fn confirm_order(suspected: Suspected<'_>, _: &mut Diagnostic) -> bool {
    let class = suspected.class();
    class.is_some_and(|it| Lineage::of(it.id, it.project).comes_from(TORCH_MODULES))
}

/// Whether an `__init__` or `__post_init__` may initialise what others left, or makes no instance.
fn goes_on(facts: &FunctionFacts) -> bool {
    facts.calls_namesake()
        || facts.uses_super()
        || facts.sets_dynamically()
        || facts.always_raises()
}

/// Whether another method of the class calls an `__init__`, perhaps for this one.
fn helps_itself(class: Class<'_>) -> bool {
    let project = class.project;
    class.members().iter().any(|member| {
        let MemberKind::Function(index) = member.kind() else { return false };
        let function = project.function_of(class.file, index);
        project.super_call(function, "__init__").is_some() || calls_initializer(project, function)
    })
}

/// A class with an `__init__` of its own that never reaches the next one.
fn written_by_hand(
    class: Class<'_>,
    init: FunctionId,
    mro: &[ClassRef],
    report: &mut ProjectReport<'_>,
) {
    let project = class.project;
    let Some(next) = project.definers(&mro[1..], "__init__").next() else { return };
    let (name, base) = (class.name(), class.name_of(next.class));
    let range = project.function_facts(init).range();
    let says = format!("`{name}.__init__` never calls `{base}.__init__`");
    match (next.class, next.function) {
        (ClassRef::Std(it), _) => {
            let Some((_, fate)) = NEEDED.iter().find(|(name, _)| *name == it.name()) else {
                return;
            };
            if helps_itself(class) {
                return;
            }
            report.at(class.file, range, format!("{says}: {fate}")).help(format!(
                "what `{base}` needs is set in its `__init__`: call `super().__init__()` first"
            ));
            report.to_mend(subject(project, init), vec![String::new()]);
        }
        (ClassRef::Project(above), Some(skipped)) => {
            if is_harmless(project, above, skipped) || helps_itself(class) {
                return;
            }
            let Some(missing) = missing(class, mro, above, skipped) else { return };
            tell(class, init, &says, skipped, &missing, report);
            if let Some(arguments) = arguments(project, init, skipped) {
                report.to_mend(subject(project, init), vec![arguments]);
            }
        }
        _ => {}
    }
}

/// A dataclass whose generated `__init__` never reaches one that was written above it.
fn generated(
    class: Class<'_>,
    dataclass: Dataclass,
    mro: &[ClassRef],
    report: &mut ProjectReport<'_>,
) {
    let project = class.project;
    if !matches!(dataclass.maker, Maker::Dataclasses | Maker::AttrAnnotated | Maker::Attrs) {
        return;
    }
    // Another class of the family above generates its own, which takes the place of what is there.
    let next = mro[1..].iter().find_map(|entry| {
        let ClassRef::Project(id) = entry else { return None };
        let is_generated = project.class(*id).1.dataclass().is_some();
        let own = project.definers(std::slice::from_ref(entry), "__init__").next();
        (is_generated || own.is_some()).then_some((*id, own))
    });
    let Some((above, Some(Definer { function: Some(skipped), .. }))) = next else { return };
    let goes_on_later = ["__post_init__", "__attrs_post_init__", "__attrs_pre_init__"];
    let calls_it = goes_on_later.iter().any(|name| {
        project.definers(mro, name).any(|it| {
            it.function.is_none_or(|it| {
                let facts = project.function_facts(it);
                facts.uses_super() || facts.sets_dynamically() || calls_initializer(project, it)
            })
        })
    });
    if calls_it || is_harmless(project, above, skipped) {
        return;
    }
    let Some(missing) = missing(class, mro, above, skipped) else { return };
    let (name, base) = (class.name(), class.name_of(ClassRef::Project(above)));
    let says = format!("`{name}` is given an `__init__` that never calls `{base}.__init__`");
    let range = class.facts.range();
    let attribute = missing.name;
    let finding = report.at(class.file, range, format!("{says}: `{attribute}` is not set"));
    explain(project, class, skipped, &missing, finding);
    finding.help(
        "a dataclass initialises its fields and nothing else: call `super().__init__(…)` in `__post_init__`, or make the base a dataclass too",
    );
}

fn calls_initializer(project: &Project, function: FunctionId) -> bool {
    project.explicit_calls(function).any(|(callee, _)| {
        let (file, facts) = project.function(callee);
        project.file(file).text(facts.name) == "__init__"
    })
}

/// Whether skipping an `__init__` is nothing: it does nothing itself, or its class has other ways.
fn is_harmless(project: &Project, class: ClassId, init: FunctionId) -> bool {
    let facts = project.function_facts(init);
    facts.is_stub()
        || facts.always_raises()
        || !project.is_plainly_made(class)
        || ["__new__", "__getattr__", "__getattribute__", "__post_init__", "__setstate__"]
            .iter()
            .any(|name| project.member(class, name).is_some())
}

/// An attribute that only the skipped `__init__` sets, and that a method of the class reads.
fn missing<'a>(
    class: Class<'a>,
    mro: &[ClassRef],
    above: ClassId,
    skipped: FunctionId,
) -> Option<Missing<'a>> {
    let project = class.project;
    let (file, _) = project.function(skipped);
    let file = project.file(file);
    let is_answered = ["__getattr__", "__getattribute__"]
        .iter()
        .any(|name| project.definers(mro, name).any(|it| !is_object(it.class)));
    if is_answered || class.attributes().any(|it| it == "__class__" || it == "__dict__") {
        return None;
    }
    let below = project.descendants(class.id);
    file.attributes().of(project.index_of(above)).iter().find_map(|attribute| {
        if !attribute.is_set_at_first() || attribute.is_set_later() {
            return None;
        }
        let name = file.text(attribute.name);
        let is_set_elsewhere = mro.iter().any(|entry| {
            *entry != ClassRef::Project(above) && sets(project, *entry, name)
                || project.definers(std::slice::from_ref(entry), name).next().is_some()
        });
        if is_set_elsewhere
            || project.is_written_from_outside(name)
            || below.iter().any(|it| sets(project, ClassRef::Project(*it), name))
        {
            return None;
        }
        let reader = reader_above(project, class, above, attribute.reader())
            .or_else(|| reader_along(project, class, mro, above, name))?;
        Some(Missing { name, reader })
    })
}

fn is_object(class: ClassRef) -> bool {
    matches!(class, ClassRef::Std(it) if it.is_object())
}

/// Whether methods of a class assign an attribute.
fn sets(project: &Project, class: ClassRef, name: &str) -> bool {
    let ClassRef::Project(id) = class else { return false };
    Class::new(project, id).attributes().any(|it| it == name)
}

/// The method of the class above that reads an attribute, if the class has it.
fn reader_above(
    project: &Project,
    class: Class<'_>,
    above: ClassId,
    reader: Option<u32>,
) -> Option<FunctionId> {
    let (file, _) = project.class(above);
    let reader = project.function_of(file, reader?);
    is_reached(project, class, above, reader).then_some(reader)
}

/// A method of a class between, or of the class itself, that reads an attribute.
fn reader_along(
    project: &Project,
    class: Class<'_>,
    mro: &[ClassRef],
    above: ClassId,
    name: &str,
) -> Option<FunctionId> {
    let along = mro.iter().filter_map(|entry| match entry {
        ClassRef::Project(id) if *id != above => Some(*id),
        _ => None,
    });
    along.into_iter().find_map(|id| {
        project.reader_of(id, name).filter(|reader| is_reached(project, class, id, *reader))
    })
}

/// Whether a method of a class above is the one that the class has.
fn is_reached(project: &Project, class: Class<'_>, above: ClassId, method: FunctionId) -> bool {
    let (file, facts) = project.function(method);
    let name = project.file(file).text(facts.name);
    // Who calls a private method is not known, and perhaps the class was made not to.
    if name.starts_with('_') && !name.ends_with("__") {
        return false;
    }
    match project.lookup(class.id, name) {
        Some(Some((ClassRef::Project(owner), Some(_)))) => owner == above,
        _ => false,
    }
}

fn tell(
    class: Class<'_>,
    init: FunctionId,
    says: &str,
    skipped: FunctionId,
    missing: &Missing<'_>,
    report: &mut ProjectReport<'_>,
) {
    let project = class.project;
    let range = project.function_facts(init).range();
    let attribute = missing.name;
    let finding = report.at(class.file, range, format!("{says}: `{attribute}` is not set"));
    explain(project, class, skipped, missing, finding);
    finding.help("call `super().__init__(…)` first, with what it needs");
}

/// Points at what is skipped, and at who will miss it.
fn explain(
    project: &Project,
    class: Class<'_>,
    skipped: FunctionId,
    missing: &Missing<'_>,
    finding: &mut Diagnostic,
) {
    let attribute = missing.name;
    let reader = project.qualified_name(missing.reader);
    let labels = [
        (skipped, format!("sets `{attribute}`")),
        (missing.reader, format!("`{reader}` reads it: `AttributeError`")),
    ];
    for (function, text) in labels {
        let (file, facts) = project.function(function);
        match file == class.file {
            true => finding.label(facts.range(), text),
            false => finding.label_in(project.file(file).path(), facts.range(), text),
        };
    }
}

fn subject(project: &Project, function: FunctionId) -> Subject {
    Subject::Function(project.index_of_function(function))
}

fn mend(mending: Mending<'_>, cx: &Context<'_>) -> Option<Fix> {
    let init: &StmtFunctionDef = mending.subject.as_stmt_function_def()?;
    let call = format!("{}({})", call_of_super(init, "__init__", cx)?, mending.notes.first()?);
    insert_first(init, &call, cx)
        .map(|(at, text)| Fix::unsafe_(format!("Call `{call}`")).insert(at, text))
}
