use ruff_python_ast::{Expr, StmtClassDef};
use ruff_text_size::{Ranged, TextSize};

use super::shape::Shape;
use crate::diagnostic::{Diagnostic, Severity};
use crate::facts::Slots;
use crate::fix::{Fix, LONGEST_LINE};
use crate::project::{ClassId, ClassRef, FileId};
use crate::rule::{Class, Context, Fixable, On, Rule, Suspected};
use crate::rules::dataclasses::asking;
use crate::semantic::{Binding, BindingKind};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "missing-slots-candidate",
    formerly: &[],
    severity: Severity::Info,
    default: true,
    fixable: Fixable::Sometimes,
    since: "0.1.0",
    page: include_str!("missing_slots_candidate.md"),
    options: &[],
    on: &[On::StmtClassDef(check), On::Suspicion(confirm)],
};

fn check<'a>(class: &'a StmtClassDef, cx: &mut Context<'a>) {
    let arguments = class.arguments.as_deref();
    if cx.is_stub
        || cx.module.is_test()
        || class.decorator_list.len() > 1
        || arguments.is_some_and(|it| it.args.len() > 1 || !it.keywords.is_empty())
        // Slots leave no room for weak references.
        || cx.semantic.name("weakref").is_some()
    {
        return;
    }
    let mut bases = arguments.iter().flat_map(|it| &it.args);
    if !bases.all(|base| may_be_slotted(base, cx))
        || cx.ancestors(class).any(|it| it.is_stmt_function_def())
    {
        return;
    }
    let Some(shape) = Shape::of(class, cx) else { return };
    let (how, fix) = match shape.dataclass {
        Some(decorator) => {
            let fix = Fix::unsafe_("Add `slots=True`");
            ("`slots=True`", asking(decorator, "slots=True", fix, cx))
        }
        None => ("`__slots__`", declaring_slots(class, &shape.attributes, cx)),
    };
    let (name, saved) = (class.name.as_str(), saved_bytes(shape.attributes.len()));
    let message =
        format!("`{name}` is made in a loop: {how} saves about {saved} bytes an instance");
    cx.suspect(class, &class.name, message)
        .help("with slots the attributes stand in the instance itself and not in a table beside it; no others can be added then, and no weak references made")
        .fix(fix);
}

/// Whether a base can leave instances without a `__dict__`: seen before the class is looked
/// through, since most classes have a base that cannot.
fn may_be_slotted<'a>(base: &'a Expr, cx: &Context<'a>) -> bool {
    let base = match base {
        Expr::Subscript(subscript) => &*subscript.value,
        base => base,
    };
    if let Some(Binding { kind: BindingKind::Class(class), .. }) =
        base.as_name_expr().and_then(|name| cx.binding(name))
    {
        return !class.decorator_list.is_empty() || !cx.members(class, "__slots__").is_empty();
    }
    // A class of another distribution is not known to have slots.
    let own = cx.module.as_str().split('.').next();
    cx.qualified(base).is_some_and(|name| match name.parts() {
        ["builtins", "object"] | ["typing" | "collections" | "abc", ..] => true,
        parts => parts.first().copied() == own,
    })
}

/// How many bytes an instance with so many attributes needs more than one with slots: what
/// CPython 3.11 allocates on a 64-bit machine, measured with `tracemalloc` for 1 to 40 attributes
/// that `__init__` sets. (`sys.getsizeof` says more: to ask for `__dict__` makes one that was not
/// there.)
///
/// Besides the values, which are needed either way, 3.11 keeps two pointers to them, one for weak
/// references, a spare value, and a list of their order of a byte each. From 30 attributes on it
/// makes a whole dictionary.
fn saved_bytes(attributes: usize) -> usize {
    match attributes {
        0..30 => 32 + (attributes + 3).next_multiple_of(8),
        _ => 1608 - 8 * attributes.min(85),
    }
}

/// `__slots__ = (…)` after the docstring or first in the body.
fn declaring_slots(class: &StmtClassDef, names: &[&str], cx: &Context<'_>) -> Option<Fix> {
    let first = class.body.first()?;
    if !cx.begins_line(first.start()) {
        return None;
    }
    let indent = cx.indent_at(first.start());
    let fix = Fix::unsafe_("Declare `__slots__`");
    let said = tuple(names, indent);
    let is_blank_at = |at: TextSize| {
        let line = cx.text[at.to_usize()..].lines().next().unwrap_or_default();
        line.trim().is_empty()
    };
    let is_docstring = first.as_expr_stmt().is_some_and(|it| it.value.is_string_literal_expr());
    if is_docstring {
        let end = cx.line_end_after(first)?;
        let next = cx.text[end.to_usize()..]
            .find('\n')
            .map_or(cx.text.len(), |it| end.to_usize() + it + 1);
        let blank = if is_blank_at(TextSize::try_from(next).ok()?) { "" } else { "\n" };
        return Some(fix.insert(end, format!("\n\n{indent}{said}{blank}")));
    }
    // Comments above the first statement stay with it.
    let mut start = cx.line_start(first.start());
    while let Some(above) = start.checked_sub(TextSize::new(1)).map(|it| cx.line_start(it)) {
        let line = cx.text[above.to_usize()..start.to_usize()].trim();
        if above <= class.name.start() || !(line.is_empty() || line.starts_with('#')) {
            break;
        }
        start = above;
    }
    let blank = if is_blank_at(start) { "" } else { "\n" };
    Some(fix.insert(start, format!("{indent}{said}\n{blank}")))
}

/// The statement, broken into lines where it is long.
fn tuple(names: &[&str], indent: &str) -> String {
    let said = match names {
        [only] => format!("__slots__ = (\"{only}\",)"),
        names => format!("__slots__ = (\"{}\")", names.join("\", \"")),
    };
    if indent.chars().count() + said.chars().count() <= LONGEST_LINE {
        return said;
    }
    let step = if indent.contains('\t') { "\t" } else { "    " };
    let lines: String = names.iter().map(|it| format!("{indent}{step}\"{it}\",\n")).collect();
    format!("__slots__ = (\n{lines}{indent})")
}

fn confirm(suspected: Suspected<'_>, diagnostic: &mut Diagnostic) -> bool {
    let Some(class) = suspected.class() else { return false };
    let (project, Some(ancestors)) = (suspected.project, class.ancestors()) else { return false };
    let makers: Vec<FileId> = project.made_in_loops_of(class.id).collect();
    let is_candidate = !makers.is_empty()
        && project.is_plainly_made(class.id)
        && !project.is_protocol(class.id)
        && ancestors.iter().all(|entry| is_slotted(class, entry))
        && is_written_as_told(class, &makers)
        && are_alike(class, class.id);
    if is_candidate && !makers.contains(&class.file) {
        let path = project.file(makers[0]).path();
        diagnostic.label(class.facts.range(), format!("made in a loop of `{path}`"));
    }
    is_candidate
}

/// Whether a class above leaves its instances without a `__dict__`.
fn is_slotted(class: Class<'_>, entry: &ClassRef) -> bool {
    match entry {
        ClassRef::Std(it) => {
            // Numbers, strings and tuples cannot have slots below them.
            let name = it.name();
            let is_abstract = name.starts_with("collections.abc.") || name == "abc.ABC";
            it.is_object()
                || name == "typing.Generic"
                || is_abstract && it.has_dict() == Some(false)
        }
        ClassRef::Project(id) => {
            let above = Class::new(class.project, *id);
            let is_slotted = match above.facts.slots() {
                Slots::Names => !above.slots().any(|it| it == "__dict__"),
                _ => above.facts.dataclass().is_some_and(|it| it.slots == Some(true)),
            };
            is_slotted && class.project.is_plainly_made(*id)
        }
    }
}

/// Whether nobody seems to give instances an attribute of another name: no file that makes them
/// writes one that the class does not have, and no file at all writes to one of its members.
fn is_written_as_told(class: Class<'_>, makers: &[FileId]) -> bool {
    let project = class.project;
    let has = |name: &str| {
        let is_attribute = class.attributes().any(|it| it == name);
        is_attribute || project.member(class.id, name).is_some()
    };
    let files = makers.iter().copied().chain([class.file]).map(|it| project.file(it));
    let is_member = |name: &str| {
        !name.starts_with("__")
            && project.own_function(class.id, name).is_some()
            && project.is_written_from_outside(name)
    };
    let members = class.members().iter().map(|it| class.text(it.name));
    let mut written =
        files.flat_map(|file| file.foreign_attribute_writes().iter().map(|it| file.text(*it)));
    written.all(has) && !members.into_iter().any(is_member)
}

/// Whether the classes below have the same attributes and no other bases: else instances get a
/// `__dict__` all the same, or the bases' slots clash.
fn are_alike(class: Class<'_>, id: ClassId) -> bool {
    let project = class.project;
    project.subclasses(id).iter().all(|below| {
        let it = Class::new(project, *below);
        let is_known = |name: &str| class.attributes().any(|it| it == name);
        it.bases().len() == 1
            && it.facts.dataclass().is_none()
            && it.attributes().all(is_known)
            && are_alike(class, *below)
    })
}

#[cfg(test)]
mod tests {
    use super::saved_bytes;

    #[test]
    fn the_estimate_is_what_was_measured() {
        let measured =
            [(1, 40), (5, 40), (6, 48), (13, 48), (16, 56), (24, 64), (30, 1368), (40, 1288)];
        for (attributes, bytes) in measured {
            assert_eq!(saved_bytes(attributes), bytes, "{attributes} attributes");
        }
    }
}
