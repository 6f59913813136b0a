use ruff_text_size::Ranged;

use super::abstract_class_instantiated::listed;
use super::bases::class_of;
use super::slots::is_empty;
use crate::diagnostic::Severity;
use crate::facts::{ParameterKind, TargetKind};
use crate::fix::Fix;
use crate::project::{AbstractMember, ClassRef, FunctionId, Project};
use crate::rule::{Class, Context, Fixable, Mending, On, ProjectReport, Rule};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "unimplemented-abstract-method",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("unimplemented_abstract_method.md"),
    options: &[],
    on: &[On::Class(check), On::Mend(mend)],
};

/// Beginnings and ends of names that say that a class is not to be instantiated.
const ABSTRACT_NAMES: &[&str] = &["Base", "Abstract", "Mixin", "Interface", "ABC", "Protocol"];

fn check<'a>(class: Class<'a>, report: &mut ProjectReport<'a>) {
    let project = class.project;
    let file = project.file(class.file);
    // Nothing is left abstract below `object` alone.
    if class.bases().is_empty()
        || class.facts.metaclass().is_some()
        || !class.facts.is_certain()
        || file.is_stub()
        || file.module().is_test()
    {
        return;
    }
    let left = &project.abstracts(class.id).left;
    if left.is_empty() || is_meant_abstract(class, left) || !project.refuses_instances(class.id) {
        return;
    }
    let is_called = project.constructions_of(class.id).next().is_some();
    let is_leaf = project.subclasses(class.id).is_empty() && implements_some(class);
    if !is_called && !is_leaf {
        return;
    }
    let name = class.name();
    let message = format!("`{name}` does not implement {}", listed(left));
    let finding = report.at(class.file, class.facts.range(), message).help(format!(
        "`{name}()` raises `TypeError`, since these are abstract in its bases: implement them, or derive from `ABC` as well to show that `{name}` is abstract, too"
    ));
    for member in left.iter().take(3) {
        if let Some(function) = member.function {
            let (declared_in, facts) = project.function(function);
            class.point(
                finding,
                (declared_in, facts.range()),
                format!("`{}` is abstract here", member.name),
            );
        }
    }
    let notes = left.iter().map(|it| stub(it, project)).collect();
    report.to_mend_class(class, notes);
}

/// Whether the class says that it is abstract itself: by a base, by members of its own, by its name.
fn is_meant_abstract(class: Class<'_>, left: &[AbstractMember]) -> bool {
    let project = class.project;
    let says_so = |base: Option<ClassRef>| matches!(base, Some(ClassRef::Std(it)) if matches!(it.name(), "abc.ABC" | "typing.Protocol"));
    let name = class.name().trim_start_matches('_');
    let is_own = |it: &AbstractMember| it.class == ClassRef::Project(class.id);
    project.bases(class.id).any(|(_, base)| says_so(base))
        || left.iter().any(is_own)
        || ABSTRACT_NAMES.iter().any(|it| name.starts_with(it) || name.ends_with(it))
}

/// Whether the class implements something that is abstract above it: so it is meant to be whole.
fn implements_some(class: Class<'_>) -> bool {
    let project = class.project;
    project.bases(class.id).any(|(_, base)| match base {
        Some(ClassRef::Project(id)) => {
            let left = &project.abstracts(id).left;
            left.iter().any(|it| project.member(class.id, &it.name).is_some())
        }
        Some(ClassRef::Std(it)) => it
            .abstract_members()
            .is_some_and(|mut left| left.any(|name| project.member(class.id, name).is_some())),
        None => false,
    })
}

/// What to write for a member: decorators and the first line of the function, parted by line ends.
fn stub(member: &AbstractMember, project: &Project) -> String {
    let name = &member.name;
    match member.function {
        None => format!("def {name}({}):", standard_parameters(name)),
        Some(function) => {
            let (file, facts) = project.function(function);
            let file = project.file(file);
            let decorators = project.decorators_of(function);
            let is_any = |builtin: &str, dotted: &str| {
                decorators.iter().any(|it| match it.kind() {
                    TargetKind::Builtin(name) => file.text(name) == builtin,
                    TargetKind::Absolute(name) => file.is_dotted(name, dotted),
                    _ => false,
                })
            };
            let decorator = if is_any("property", "abc.abstractproperty") {
                "@property\n"
            } else if is_any("classmethod", "abc.abstractclassmethod") {
                "@classmethod\n"
            } else if is_any("staticmethod", "abc.abstractstaticmethod") {
                "@staticmethod\n"
            } else {
                ""
            };
            let is_async = if facts.is_async() { "async " } else { "" };
            format!("{decorator}{is_async}def {name}({}):", parameters(function, project))
        }
    }
}

/// The parameters of an abstract function. What their defaults are only its own file knows.
fn parameters(function: FunctionId, project: &Project) -> String {
    let (file, _) = project.function(function);
    let file = project.file(file);
    let parameters = file.parameters().of(project.index_of_function(function));
    let mut said: Vec<String> = Vec::new();
    let mut has_star = false;
    for (at, it) in parameters.iter().enumerate() {
        let name = file.text(it.name);
        let default = if it.has_default() { "=None" } else { "" };
        match it.kind() {
            ParameterKind::KeywordOnly if !has_star => {
                has_star = true;
                said.extend(["*".to_owned(), format!("{name}{default}")]);
            }
            ParameterKind::Rest => {
                has_star = true;
                said.push(format!("*{name}"));
            }
            ParameterKind::Keywords => said.push(format!("**{name}")),
            _ => said.push(format!("{name}{default}")),
        }
        let is_last_by_place = it.kind() == ParameterKind::PositionalOnly
            && parameters.get(at + 1).is_none_or(|it| it.kind() != ParameterKind::PositionalOnly);
        if is_last_by_place {
            said.push("/".to_owned());
        }
    }
    said.join(", ")
}

/// The parameters of what is abstract in the standard library.
fn standard_parameters(name: &str) -> &'static str {
    match name {
        "__len__" | "__iter__" | "__next__" | "__hash__" | "__aiter__" | "__anext__"
        | "__await__" | "__int__" | "__float__" | "__complex__" | "__index__" | "__bytes__"
        | "__fspath__" => "self",
        "__getitem__" | "__delitem__" => "self, key",
        "__setitem__" => "self, key, value",
        "__contains__" => "self, item",
        "insert" => "self, index, value",
        "add" | "discard" => "self, value",
        "send" => "self, value",
        _ => "self, *args, **kwargs",
    }
}

/// The stubs behind the last statement of the body.
fn mend<'a>(mending: Mending<'a>, cx: &Context<'a>) -> Option<Fix> {
    let class = class_of(mending.subject)?;
    let last = class.body.last()?;
    if !cx.begins_line(class.body.first()?.start()) {
        return None;
    }
    let indent = cx.indent_at(last.start());
    let step = if indent.contains('\t') { "\t" } else { "    " };
    let stubs: Vec<String> = mending
        .notes
        .iter()
        .map(|stub| {
            let lines = stub.replace('\n', &format!("\n{indent}"));
            format!("{lines}\n{indent}{step}raise NotImplementedError")
        })
        .collect();
    let title = match stubs.len() {
        1 => "Add a stub of the missing member".to_owned(),
        count => format!("Add stubs of the {count} missing members"),
    };
    let fix = Fix::unsafe_(title);
    let text = stubs.join(&format!("\n\n{indent}"));
    if class.body.len() == 1 && is_empty(last) {
        return Some(fix.replace(last.range(), text));
    }
    let end = cx.line_end_after(last)?;
    Some(fix.insert(end, format!("\n\n{indent}{text}")))
}
