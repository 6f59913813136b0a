use ruff_python_ast::{AnyNodeRef, StmtClassDef, StmtFunctionDef};
use ruff_text_size::Ranged;

use crate::diagnostic::{Diagnostic, Severity};
use crate::fix::Fix;
use crate::project::{ClassRef, Step};
use crate::rule::{Context, Fixable, On, Opt, Rule, Suspected};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "expensive-property",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("expensive_property.md"),
    options: &[&IGNORED_NAMES],
    on: &[On::StmtFunctionDef(check), On::Suspicion(confirm)],
};

const IGNORED_NAMES: Opt<&'static [&'static str]> =
    Opt { name: "ignore-names", default: &[], help: "Names of properties that may be expensive." };

fn check<'a>(getter: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    let [decorator] = &getter.decorator_list[..] else { return };
    if !cx.is(&decorator.expression, "builtins.property") || getter.is_async || cx.is_stub {
        return;
    }
    let Some(class) = cx.class_of(getter) else { return };
    let calls = |node: AnyNodeRef<'_>| matches!(node, AnyNodeRef::ExprCall(_));
    let reads = |node: AnyNodeRef<'_>| matches!(node, AnyNodeRef::ExprAttribute(_));
    if !cx.own(getter).any(|node| calls(node) || reads(node)) {
        return;
    }
    let name = getter.name.as_str();
    if cx.get(&IGNORED_NAMES).iter().any(|it| it == name) {
        return;
    }
    let fix = caching_fix(getter, class, cx);
    cx.suspect(getter, &getter.name, format!("reading the property `{name}` is expensive"))
        .fix(fix);
}

/// `@property` → `@cached_property`, where nothing but the first read would change: the class has a
/// plain `__dict__`, the property no setter, and what it reads of `self` is only set in `__init__`.
fn caching_fix<'a>(
    getter: &'a StmtFunctionDef,
    class: &'a StmtClassDef,
    cx: &Context<'a>,
) -> Option<Fix> {
    let same_name = |statement: &ruff_python_ast::Stmt| {
        statement.as_function_def_stmt().is_some_and(|it| it.name.id == getter.name.id)
    };
    let is_slotted = class.body.iter().any(|statement| {
        statement.as_assign_stmt().is_some_and(|it| {
            it.targets.iter().any(|it| it.as_name_expr().is_some_and(|it| it.id == "__slots__"))
        })
    });
    let has_keywords = class.arguments.as_ref().is_some_and(|it| !it.keywords.is_empty());
    let is_old = cx.target().is_some_and(|it| it.lowest.minor < 8 && it.lowest.major == 3);
    if class.body.iter().filter(|it| same_name(it)).count() > 1
        || is_slotted
        || has_keywords
        || is_old
        || reads_what_changes(getter, class, cx)
    {
        return None;
    }
    let decorator = &getter.decorator_list[0].expression;
    let imported = cx.import("functools", "cached_property", getter)?;
    Some(
        Fix::unsafe_("Replace `@property` by `@cached_property`")
            .replace(decorator.range(), imported.text)
            .merge(imported.edit),
    )
}

/// Whether the getter reads an attribute that a method other than `__init__` assigns.
fn reads_what_changes(getter: &StmtFunctionDef, class: &StmtClassDef, cx: &Context<'_>) -> bool {
    let read: Vec<&str> = cx
        .own(getter)
        .filter_map(|node| match node {
            AnyNodeRef::ExprAttribute(it) if it.ctx.is_load() => Some(it.attr.as_str()),
            _ => None,
        })
        .collect();
    class.body.iter().filter_map(|it| it.as_function_def_stmt()).any(|method| {
        !matches!(method.name.as_str(), "__init__" | "__new__" | "__post_init__")
            && cx.descendants(method).iter().any(|node| {
                matches!(node, AnyNodeRef::ExprAttribute(it)
                    if !it.ctx.is_load() && read.contains(&it.attr.as_str()))
            })
    })
}

fn confirm(suspected: Suspected<'_>, diagnostic: &mut Diagnostic) -> bool {
    let Some(function) = suspected.function() else { return false };
    let (project, facts) = (suspected.project, function.facts);
    if facts.is_generator() || facts.is_stub() || facts.is_memo() {
        return false;
    }
    let Some(cost) = project.cost(function.id) else { return false };
    let what = cost.what.trim_start_matches("builtins.");
    let how = if cost.is_certain { "each read" } else { "a read can" };
    let (call, says) = (format!("`{what}()`"), cost.level.says());
    let help = match cost.is_certain {
        true => format!("{how} calls {call}, which {says}"),
        false => format!("{how} call {call}, which {says}"),
    };
    for (at, Step { file, range, callee }) in cost.path.iter().enumerate() {
        let text = match callee {
            Some(callee) => format!("calls `{}`", project.qualified_name(*callee)),
            None if at == 0 => format!("calls {call}"),
            None => format!("and there {call} is called"),
        };
        match *file == suspected.file {
            true => diagnostic.label(*range, text),
            false => diagnostic.label_in(project.file(*file).path(), *range, text),
        };
    }
    diagnostic.help(format!(
        "{help}; who reads an attribute expects it to be cheap: make it a method, or keep the result"
    ));
    if !may_cache(suspected) {
        diagnostic.fix = None;
    }
    true
}

/// Whether instances have a `__dict__` for `cached_property` to write to, and no class above gives
/// the property another meaning.
fn may_cache(suspected: Suspected<'_>) -> bool {
    let Some(function) = suspected.function() else { return false };
    let Some(index) = function.facts.holder().class() else { return false };
    let (project, file) = (suspected.project, suspected.file);
    let class = project.class_of(file, index);
    let name = function.text(function.facts.name);
    let crate::project::Mro::Known(mro) = project.mro(class) else { return false };
    let overrides = mro[1..].iter().any(|entry| match entry {
        ClassRef::Project(id) => project.member(*id, name).is_some(),
        // A metaclass, an enumeration or a tuple has rules of its own.
        ClassRef::Std(it) => !it.is_object() && !matches!(it.name(), "abc.ABC" | "typing.Generic"),
    });
    let is_overridden =
        project.subclasses(class).iter().any(|it| project.member(*it, name).is_some());
    !overrides && !is_overridden
}
