//! The state of an object that `__eq__` or `__hash__` depends on.

use ruff_python_ast::{AnyNodeRef, CmpOp, Expr, ExprAttribute, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use super::special::Method;
use crate::rule::Context;
use crate::semantic::BindingKind;

/// Methods of a value that give the same for several values.
#[rustfmt::skip]
const LOSSY: &[&str] = &[
    "capitalize", "casefold", "lower", "lstrip", "rstrip", "strip", "swapcase", "title", "upper",
];

/// Functions that give the same for several values.
const LOSSY_FUNCTIONS: &[&str] = &["int", "len", "round", "set", "sorted"];

/// Functions that say whether two numbers are about the same.
const APPROXIMATE: &[&str] = &["abs", "allclose", "approx", "isclose"];

/// Whether a function compares by about.
pub(super) fn is_approximate(function: &str) -> bool {
    APPROXIMATE.contains(&function)
}

/// A read of an attribute of the object.
pub(super) struct Use<'a> {
    pub(super) attribute: &'a ExprAttribute,
    /// The function that only gives a part of it on, or compares it by about.
    pub(super) through: Option<&'a str>,
    /// Whether that is a method of the value.
    pub(super) is_method: bool,
}

impl<'a> Use<'a> {
    pub(super) fn name(&self) -> &'a str {
        self.attribute.attr.as_str()
    }
}

/// What a method reads of its object.
pub(super) struct State<'a> {
    pub(super) uses: Vec<Use<'a>>,
    /// The attributes that it reads of the other operand.
    of_other: Vec<&'a str>,
    stored: Vec<&'a str>,
    /// Where it asks for the identity of the object.
    pub(super) identity: Option<TextRange>,
    /// Where it asks the class above.
    pub(super) inherited: Option<TextRange>,
}

impl<'a> State<'a> {
    /// `None` where the object, or a method of it, is handed on: nobody knows what is read there.
    pub(super) fn of(method: &Method<'a>, cx: &Context<'a>) -> Option<State<'a>> {
        let mut state = State {
            uses: Vec::new(),
            of_other: Vec::new(),
            stored: Vec::new(),
            identity: None,
            inherited: None,
        };
        let (this, other) = (method.this(), method.parameter(0));
        if !method.keeps(this, cx) {
            return None;
        }
        let nodes = cx.descendants(method.function);
        let body = method.function.body.first()?.start();
        for node in nodes.iter().filter(|it| it.start() >= body) {
            match node {
                AnyNodeRef::ExprName(name) if name.id == "super" => {
                    state.add_super(cx.parent(*name), method, cx)?;
                }
                AnyNodeRef::ExprName(name) if Some(name.id.as_str()) == other => {
                    if let AnyNodeRef::ExprAttribute(it) = cx.parent(*name) {
                        state.of_other.push(it.attr.as_str());
                    }
                }
                AnyNodeRef::ExprName(name) if name.id == this => {
                    state.add(cx.parent(*name), method, cx)?;
                }
                _ => {}
            }
        }
        Some(state)
    }

    /// `super().__hash__()`, and nothing else of `super()`.
    fn add_super(
        &mut self,
        call: AnyNodeRef<'a>,
        method: &Method<'a>,
        cx: &Context<'a>,
    ) -> Option<()> {
        let AnyNodeRef::ExprCall(call) = call else { return None };
        let AnyNodeRef::ExprAttribute(asked) = cx.parent(call) else { return None };
        if asked.attr.as_str() != method.name || method.name != "__hash__" {
            return None;
        }
        self.inherited = Some(asked.range);
        Some(())
    }

    fn add(&mut self, holder: AnyNodeRef<'a>, method: &Method<'a>, cx: &Context<'a>) -> Option<()> {
        match holder {
            AnyNodeRef::ExprAttribute(attribute) => self.add_attribute(attribute, method, cx),
            // `self is other`.
            AnyNodeRef::ExprCompare(it) => {
                it.ops.iter().all(|it| matches!(it, CmpOp::Is | CmpOp::IsNot)).then_some(())
            }
            AnyNodeRef::ExprCall(call) => match cx.qualified(&call.func) {
                Some(it) if it.is("builtins.type") => Some(()),
                Some(it) if it.is("builtins.id") && method.name == "__hash__" => {
                    self.identity = Some(call.range());
                    Some(())
                }
                Some(it) if it.is("builtins.object.__hash__") => {
                    self.identity = Some(call.range());
                    Some(())
                }
                Some(it) if it.is("builtins.isinstance") => {
                    let first = call.arguments.args.first();
                    first
                        .is_some_and(|it| it.as_name_expr().is_none_or(|it| it.id != method.this()))
                        .then_some(())
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn add_attribute(
        &mut self,
        attribute: &'a ExprAttribute,
        method: &Method<'a>,
        cx: &Context<'a>,
    ) -> Option<()> {
        let name = attribute.attr.as_str();
        if name == "__class__" {
            return Some(());
        }
        if !attribute.ctx.is_load() {
            self.stored.push(name);
            return Some(());
        }
        // A method or property may read whatever it likes; so may what a base brings.
        let is_value = cx
            .members(method.class, name)
            .iter()
            .all(|it| matches!(it.kind, BindingKind::Declaration | BindingKind::Assignment(_)));
        let is_called = matches!(
            cx.parent(attribute),
            AnyNodeRef::ExprCall(call) if call.func.range() == attribute.range
        );
        if !is_value || is_called || name.starts_with("__") && name.ends_with("__") {
            return None;
        }
        let (through, is_method) = match through(attribute, cx) {
            Some((name, is_method)) => (Some(name), is_method),
            None => (None, false),
        };
        self.uses.push(Use { attribute, through, is_method });
        Some(())
    }

    /// Whether two objects of the class are compared by what they hold.
    pub(super) fn compares(&self) -> bool {
        self.uses.iter().any(|it| self.of_other.contains(&it.name()))
    }

    /// Whether an attribute is read.
    pub(super) fn has(&self, name: &str) -> bool {
        self.uses_of(name).next().is_some()
    }

    /// Where an attribute is read.
    pub(super) fn uses_of<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Use<'a>> {
        self.uses.iter().filter(move |it| it.name() == name)
    }

    /// Whether an attribute is set: a hash is kept there.
    pub(super) fn stores(&self, name: &str) -> bool {
        self.stored.contains(&name)
    }

    /// The first read of each attribute.
    pub(super) fn first_uses(&self) -> impl Iterator<Item = &Use<'a>> {
        self.uses
            .iter()
            .enumerate()
            .filter(|(at, it)| !self.uses[..*at].iter().any(|other| other.name() == it.name()))
            .map(|(_, it)| it)
    }
}

/// The function that an attribute goes through: `self.name.lower()`, `round(self.x)`,
/// `abs(self.x - other.x) < 0.1`.
fn through<'a>(attribute: &'a ExprAttribute, cx: &Context<'a>) -> Option<(&'a str, bool)> {
    let function = |call: &'a ExprCall| match &*call.func {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(it) => Some(it.attr.as_str()),
        _ => None,
    };
    match cx.parent(attribute) {
        AnyNodeRef::ExprAttribute(method) if LOSSY.contains(&method.attr.as_str()) => {
            let AnyNodeRef::ExprCall(call) = cx.parent(method) else { return None };
            let is_plain = call.func.range() == method.range && call.arguments.is_empty();
            is_plain.then_some((method.attr.as_str(), true))
        }
        AnyNodeRef::ExprCall(call) => {
            let name = function(call)?;
            (LOSSY_FUNCTIONS.contains(&name) && call.func.is_name_expr()
                || is_approximate(name) && name != "abs")
                .then_some((name, false))
        }
        // `abs(self.x - other.x) < 0.1`
        AnyNodeRef::ExprBinOp(difference) => {
            let AnyNodeRef::ExprCall(call) = cx.parent(difference) else { return None };
            let AnyNodeRef::ExprCompare(compare) = cx.parent(call) else { return None };
            let is_bound = compare
                .ops
                .iter()
                .any(|it| matches!(it, CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE));
            let name = function(call)?;
            (name == "abs" && is_bound).then_some((name, false))
        }
        _ => None,
    }
}
