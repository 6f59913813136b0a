use ruff_python_ast::{AnyNodeRef, Expr, StmtClassDef, StmtFunctionDef};
use ruff_text_size::{Ranged, TextSize};

use super::hierarchy::is_any_below;
use super::methods::{methods, symbol_of};
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::{MemberFacts, MemberKind, TargetKind};
use crate::fix::Fix;
use crate::project::{ClassId, ClassRef, Item};
use crate::rule::{Class, Context, Fixable, On, Rule, Suspected};
use crate::syntax::string_text;

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "abstractmethod-without-abc",
    formerly: &[],
    severity: Severity::Warning,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("abstractmethod_without_abc.md"),
    options: &[],
    on: &[On::StmtClassDef(check), On::Suspicion(confirm)],
};

/// Who reads the mark of abstract methods may have a use of its own for it.
const MARKS: &[&str] = &["__abstractmethods__", "__isabstractmethod__"];

fn check<'a>(class: &'a StmtClassDef, cx: &mut Context<'a>) {
    let may_import =
        cx.semantic.name("abstractmethod").is_some() || cx.semantic.name("abc").is_some();
    if !may_import || cx.is_stub || is_made_by_abc_meta(class, cx) {
        return;
    }
    let is_abstract = |it: &&'a StmtFunctionDef| {
        it.decorator_list.iter().any(|it| cx.is(&it.expression, "abc.abstractmethod"))
    };
    let marked: Vec<&StmtFunctionDef> = methods(class).filter(is_abstract).collect();
    let [first, ..] = marked[..] else { return };
    let reads_mark = |it: &AnyNodeRef<'_>| match it {
        AnyNodeRef::ExprAttribute(it) => MARKS.contains(&it.attr.as_str()),
        AnyNodeRef::ExprStringLiteral(it) => MARKS.contains(&string_text(&it.value)),
        _ => false,
    };
    if cx.tree.nodes().iter().any(reads_mark) {
        return;
    }
    let name = class.name.as_str();
    let what = match marked.len() {
        1 => format!("`{}`", first.name),
        more => format!("`{}` and {} more", first.name, more - 1),
    };
    let fix = with_base(class, cx);
    cx.suspect(class, &class.name, format!("`@abstractmethod` has no effect at run time in `{name}`: its metaclass is not `ABCMeta`"))
        .help(format!("the decorator only leaves a mark, which `ABCMeta` reads when a class is made: without it `{name}()` succeeds, and so do subclasses that lack {what}"))
        .label(&first.name, "nobody sees that this is abstract")
        .fix(fix);
}

/// Whether the class statement itself names a metaclass or one of the usual bases that bring one.
fn is_made_by_abc_meta<'a>(class: &'a StmtClassDef, cx: &Context<'a>) -> bool {
    class.arguments.as_deref().is_some_and(|it| {
        it.find_keyword("metaclass").is_some_and(|it| !cx.is(&it.value, "builtins.type"))
            || it.args.iter().any(|it| cx.is_any(it, &["abc.ABC", "typing.Protocol"]))
    })
}

/// `ABC` among the bases, after those that are there. `None` where the file makes an instance, which
/// would be refused then.
fn with_base<'a>(class: &'a StmtClassDef, cx: &Context<'a>) -> Option<Fix> {
    let own = symbol_of(class, cx)?;
    let is_made = cx.semantic.references(own).any(|read| {
        matches!(cx.tree.node(cx.tree.parent(read.node)), AnyNodeRef::ExprCall(call)
            if cx.id(&*call.func) == read.node)
    });
    if is_made {
        return None;
    }
    let imported = cx.import("abc", "ABC", class)?;
    let text = &imported.text;
    let fix = Fix::unsafe_(format!("Add the base `{text}`"));
    let fix = match class.arguments.as_deref() {
        None => {
            let end = class.type_params.as_deref().map_or(class.name.end(), Ranged::end);
            fix.insert(end, format!("({text})"))
        }
        Some(arguments) => match (arguments.args.last(), arguments.keywords.first()) {
            (Some(Expr::Starred(_)), _) => return None,
            (Some(last), _) => fix.insert(last.end(), format!(", {text}")),
            (None, Some(first)) => fix.insert(first.start(), format!("{text}, ")),
            (None, None) => fix.insert(arguments.start() + TextSize::new(1), text.clone()),
        },
    };
    Some(fix.merge(imported.edit))
}

/// Whether all classes above are known, and none is made by another metaclass than `type`.
fn confirm(suspected: Suspected<'_>, diagnostic: &mut Diagnostic) -> bool {
    let Some(class) = suspected.class() else { return false };
    let (project, Some(ancestors)) = (suspected.project, class.ancestors()) else { return false };
    let is_made_by_type = |entry: &ClassRef| match entry {
        ClassRef::Project(id) => {
            let (file, facts) = project.class(*id);
            facts.metaclass().is_none_or(|it| is_type(project.resolve(file, it)))
                && project.is_plainly_made(*id)
                // It may look for what is missing itself.
                && project.member(*id, "__init_subclass__").is_none()
                && project.member(*id, "__new__").is_none()
        }
        ClassRef::Std(it) => it.is_made_by_type(),
    };
    let own = ClassRef::Project(class.id);
    if !std::iter::once(&own).chain(ancestors).all(is_made_by_type) {
        return false;
    }
    if is_needed_as_it_is(class) {
        diagnostic.fix = None;
    }
    true
}

fn is_type(item: Item) -> bool {
    matches!(item, Item::Std(it) if it.name() == "builtins.type")
}

/// Whether some class could not be made, or has instances that could not, if the marks were read.
fn is_needed_as_it_is(class: Class<'_>) -> bool {
    let project = class.project;
    let is_marked = |it: &&MemberFacts| {
        let MemberKind::Function(index) = it.kind() else { return false };
        let decorators = project.decorators_of(project.function_of(class.file, index));
        decorators.iter().any(|it| match it.kind() {
            TargetKind::Absolute(name) => {
                project.file(class.file).is_dotted(name, "abc.abstractmethod")
            }
            _ => false,
        })
    };
    let own = Some(ClassRef::Project(class.id));
    let lacks = |below: ClassId| {
        class.members().iter().filter(is_marked).any(|it| {
            let found = project.lookup(below, class.text(it.name)).flatten();
            found.map(|(class, _)| class) == own
        })
    };
    project.made_in_loops_of(class.id).next().is_some()
        || is_any_below(class, |below| {
            project.class(below).1.metaclass().is_some()
                || project.subclasses(below).is_empty() && lacks(below)
        })
}
