use ruff_python_ast::{AnyNodeRef, CmpOp, Expr, StmtClassDef, StmtFunctionDef, StmtIf};
use ruff_text_size::{Ranged, TextRange};

use super::containers::{change, held};
use super::methods::{attribute_of, is_name, keeps, local, this};
use super::properties::{Role, accessor};
use super::reach::is_reached;
use crate::diagnostic::Severity;
use crate::rule::{Context, Fixable, On, Opt, Rule};
use crate::semantic::BindingKind;
use crate::syntax::{NodeId, string_text};

/// See its page.
pub(super) const RULE: Rule = Rule {
    name: "property-side-effect",
    formerly: &[],
    severity: Severity::Info,
    default: true,
    fixable: Fixable::Never,
    since: "0.1.0",
    page: include_str!("property_side_effect.md"),
    options: &[&COUNTERS],
    on: &[On::Decorated(check)],
};

const COUNTERS: Opt<&'static [&'static str]> = Opt {
    name: "counters",
    default: &["accesses", "calls", "count", "counter", "hits", "misses", "reads", "uses"],
    help: "Last words of the names of attributes that may count reads.",
};

/// What a getter does to its object.
struct Effect<'a> {
    /// The attribute; for a global variable its name.
    name: &'a str,
    at: TextRange,
    node: NodeId,
    how: How<'a>,
}

#[derive(Clone, Copy)]
enum How<'a> {
    /// Assigns it; with the value, where there is one.
    Sets(Option<&'a Expr>),
    Deletes,
    /// Changes the container that it holds.
    Changes,
    /// Takes the next item from the iterator that it holds.
    Advances,
    /// Assigns a global variable.
    SetsGlobal,
}

fn check<'a>(getter: &'a StmtFunctionDef, cx: &mut Context<'a>) {
    if cx.is_stub || cx.module.is_test() {
        return;
    }
    let Some(class) = cx.class_of(getter) else { return };
    let Some(this) = this(getter) else { return };
    if accessor(getter, cx).is_none_or(|it| it.role != Role::Getter) || !keeps(this, getter, cx) {
        return;
    }
    let Some(effect) = first_effect(getter, class, this, cx) else { return };
    let (property, name) = (getter.name.as_str(), effect.name);
    let what = match effect.how {
        How::Sets(_) => format!("sets `{this}.{name}`"),
        How::Deletes => format!("deletes `{this}.{name}`"),
        How::Changes => format!("changes `{this}.{name}`"),
        How::Advances => format!("takes the next item of `{this}.{name}`"),
        How::SetsGlobal => format!("sets the global variable `{name}`"),
    };
    cx.report(effect.at, format!("reading the property `{property}` {what}"))
        .help("who reads an attribute expects nothing to happen, and a debugger, `hasattr()` or a log line may read it at any time: what changes something is a method");
}

/// The first thing that each read does, or that a read does when it finds a certain state.
fn first_effect<'a>(
    getter: &'a StmtFunctionDef,
    class: &'a StmtClassDef,
    this: &'a str,
    cx: &Context<'a>,
) -> Option<Effect<'a>> {
    let globals: Vec<&str> = cx
        .own(getter)
        .filter_map(|it| it.as_stmt_global().copied())
        .flat_map(|it| it.names.iter().map(|name| name.as_str()))
        .collect();
    let mut asked: Option<Asked<'a>> = None;
    let counters = cx.get(&COUNTERS);
    for id in cx.tree.own_ids(cx.id(getter)) {
        let Some(effect) = effect(id, this, &globals, cx) else { continue };
        let asked = asked.get_or_insert_with(|| Asked::by(getter, this, cx));
        if asked.speaks_of_attributes_by_name || counts(effect.name, &counters) {
            return None;
        }
        let is_container =
            !matches!(effect.how, How::Changes) || held(effect.name, class, cx).is_some();
        let is_sure = is_reached(effect.node, getter, cx) && !asked.names.contains(&effect.name);
        if is_container
            && !is_restored(effect.name, this, getter, cx)
            && (is_sure || is_change_of_state(&effect, getter, this, cx))
        {
            return Some(effect);
        }
    }
    None
}

/// What a node of a getter does, if it is one of the ways to change something.
fn effect<'a>(node: NodeId, this: &str, globals: &[&str], cx: &Context<'a>) -> Option<Effect<'a>> {
    let it = cx.tree.node(node);
    if let AnyNodeRef::ExprName(it) = it
        && it.ctx.is_store()
        && globals.contains(&it.id.as_str())
    {
        return Some(Effect { name: it.id.as_str(), at: it.range, node, how: How::SetsGlobal });
    }
    if let AnyNodeRef::ExprAttribute(it) = it
        && !it.ctx.is_load()
        && is_name(&it.value, this)
    {
        let how = match (it.ctx.is_del(), cx.parent(it)) {
            (true, _) => How::Deletes,
            (_, AnyNodeRef::StmtAssign(assign)) => How::Sets(Some(&assign.value)),
            _ => How::Sets(None),
        };
        return Some(Effect { name: it.attr.as_str(), at: it.range, node, how });
    }
    if let AnyNodeRef::ExprCall(call) = it
        && is_name(&call.func, "next")
        && let [only] = &*call.arguments.args
        && let Some(name) = attribute_of(only, this)
        && cx.is(&call.func, "builtins.next")
    {
        return Some(Effect { name, at: call.range(), node, how: How::Advances });
    }
    if it.is_stmt_aug_assign() {
        return None; // its target is told by itself
    }
    let (name, at) = change(it, this)?;
    Some(Effect { name, at, node, how: How::Changes })
}

/// What the tests of a getter ask about: what is stored there may be kept for the next time.
struct Asked<'a> {
    names: Vec<&'a str>,
    /// Whether it uses `__dict__`, `setattr` or their like.
    speaks_of_attributes_by_name: bool,
}

impl<'a> Asked<'a> {
    fn by(getter: &'a StmtFunctionDef, this: &str, cx: &Context<'a>) -> Asked<'a> {
        let mut asked = Asked { names: Vec::new(), speaks_of_attributes_by_name: false };
        for node in cx.own(getter) {
            match node {
                AnyNodeRef::StmtIf(it) => asked.add(&it.test, cx),
                AnyNodeRef::StmtWhile(it) => asked.add(&it.test, cx),
                AnyNodeRef::ElifElseClause(it) => it.test.iter().for_each(|it| asked.add(it, cx)),
                AnyNodeRef::ExprIf(it) => asked.add(&it.test, cx),
                AnyNodeRef::ExprBoolOp(it) => it.values.iter().for_each(|it| asked.add(it, cx)),
                AnyNodeRef::ExprCompare(it) => {
                    asked.add(&it.left, cx);
                    it.comparators.iter().for_each(|it| asked.add(it, cx));
                }
                AnyNodeRef::StmtMatch(it) => asked.add(&it.subject, cx),
                AnyNodeRef::StmtTry(it) => {
                    for statement in &it.body {
                        asked.add_names(cx.id(statement), cx);
                    }
                }
                AnyNodeRef::ExprStringLiteral(it) => asked.names.push(string_text(&it.value)),
                AnyNodeRef::ExprAttribute(it)
                    if &it.attr == "__dict__" && is_name(&it.value, this) =>
                {
                    asked.speaks_of_attributes_by_name = true;
                }
                AnyNodeRef::ExprName(it) => {
                    asked.speaks_of_attributes_by_name |=
                        matches!(it.id.as_str(), "setattr" | "delattr" | "vars" | "locals");
                }
                _ => {}
            }
        }
        asked
    }

    fn add(&mut self, expression: &'a Expr, cx: &Context<'a>) {
        self.add_names(cx.id(expression), cx);
    }

    fn add_names(&mut self, id: NodeId, cx: &Context<'a>) {
        let below = cx.tree.descendants(id).iter().copied();
        self.names.extend(std::iter::once(cx.tree.node(id)).chain(below).filter_map(|node| {
            match node {
                AnyNodeRef::ExprAttribute(it) if it.ctx.is_load() => Some(it.attr.as_str()),
                AnyNodeRef::ExprName(it) if it.ctx.is_load() => Some(it.id.as_str()),
                _ => None,
            }
        }));
    }
}

/// Whether a name says that it counts.
fn counts(name: &str, counters: &[String]) -> bool {
    let last = name.rsplit('_').next().unwrap_or(name);
    counters.iter().any(|it| it == last)
}

/// Whether an attribute is set again when the getter is left, whatever happens.
fn is_restored<'a>(name: &str, this: &str, getter: &'a StmtFunctionDef, cx: &Context<'a>) -> bool {
    let sets = |it: &AnyNodeRef<'_>| match it {
        AnyNodeRef::ExprAttribute(it) => {
            !it.ctx.is_load() && it.attr == *name && is_name(&it.value, this)
        }
        AnyNodeRef::ExprName(it) => it.ctx.is_store() && it.id == *name,
        _ => false,
    };
    cx.own(getter)
        .filter_map(|it| it.as_stmt_try().copied())
        .any(|it| it.finalbody.iter().any(|it| cx.descendants(it).iter().any(sets)))
}

/// Whether a read that finds an attribute in a certain state puts it into another, and shows it:
/// `if self._state == "new": self._state = "old"`. What is found to be missing is a cache.
fn is_change_of_state<'a>(
    effect: &Effect<'a>,
    getter: &'a StmtFunctionDef,
    this: &str,
    cx: &Context<'a>,
) -> bool {
    let How::Sets(Some(value)) = effect.how else { return false };
    if !is_constant(value) || value.is_none_literal_expr() {
        return false;
    }
    let holds = |it: &'a Expr| is_state(it, effect.name, this, getter, cx);
    let around = cx.tree.ancestors(effect.node).find_map(|(_, it)| it.as_stmt_if().copied());
    let returns_it = || {
        cx.own(getter)
            .filter_map(|it| it.as_stmt_return().copied())
            .any(|it| it.value.as_deref().is_some_and(holds))
    };
    around.is_some_and(|it| is_asked_for(it, holds)) && returns_it()
}

/// Whether a test compares a state with constants, and its body is what follows.
fn is_asked_for<'a>(it: &'a StmtIf, holds: impl Fn(&'a Expr) -> bool) -> bool {
    let Expr::Compare(test) = &*it.test else { return false };
    let ([op], [other]) = (&*test.ops, &*test.comparators) else { return false };
    let are_constants = match other {
        Expr::Tuple(it) => it.elts.iter().all(is_constant),
        Expr::List(it) => it.elts.iter().all(is_constant),
        Expr::Set(it) => it.elts.iter().all(is_constant),
        other => is_constant(other),
    };
    matches!(op, CmpOp::Eq | CmpOp::In | CmpOp::Is)
        && it.elif_else_clauses.is_empty()
        && are_constants
        && !other.is_none_literal_expr()
        && holds(&test.left)
}

fn is_constant(it: &Expr) -> bool {
    it.is_literal_expr() && !it.is_ellipsis_literal_expr()
}

/// Whether an expression is an attribute, or a local name that holds it.
fn is_state<'a>(
    expression: &'a Expr,
    attribute: &str,
    this: &str,
    getter: &'a StmtFunctionDef,
    cx: &Context<'a>,
) -> bool {
    let is_it = |it: &Expr| attribute_of(it, this) == Some(attribute);
    match expression {
        Expr::Name(name) => {
            let only =
                local(name.id.as_str(), getter, cx).and_then(|it| cx.semantic.only_binding(it));
            only.is_some_and(|it| matches!(it.kind, BindingKind::Assignment(value) if is_it(value)))
        }
        other => is_it(other),
    }
}
