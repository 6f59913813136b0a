//! Where `super()` stands, and how else it could be said there.

use ruff_python_ast::{AnyNodeRef, Expr, ExprName, PythonVersion, StmtClassDef, StmtFunctionDef};

use super::methods::{keeps, local, this};
use crate::facts::Maker;
use crate::rule::Context;
use crate::semantic::BindingKind;
use crate::syntax::NodeId;

/// The method that something stands in.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) class: &'a StmtClassDef,
    pub(super) method: &'a StmtFunctionDef,
    /// Whether no other function, lambda or comprehension is in between.
    pub(super) is_direct: bool,
}

impl<'a> Place<'a> {
    /// The innermost method around a node.
    pub(super) fn of(node: NodeId, cx: &Context<'a>) -> Option<Place<'a>> {
        let mut is_direct = true;
        let mut inner = node;
        for (id, ancestor) in cx.tree.ancestors(node) {
            match ancestor {
                AnyNodeRef::StmtFunctionDef(method) => {
                    let is_in_body = method.body.first().is_some_and(|it| cx.tree.id(it) <= inner);
                    match cx.class_of(method) {
                        Some(class) if is_in_body => {
                            return Some(Place { class, method, is_direct });
                        }
                        _ => is_direct = false,
                    }
                }
                AnyNodeRef::ExprLambda(_)
                | AnyNodeRef::ExprGenerator(_)
                | AnyNodeRef::ExprListComp(_)
                | AnyNodeRef::ExprSetComp(_)
                | AnyNodeRef::ExprDictComp(_) => is_direct = false,
                AnyNodeRef::StmtClassDef(_) => return None,
                _ => {}
            }
            inner = id;
        }
        None
    }

    /// The parameter that `super()` would take the object from.
    pub(super) fn this(&self) -> Option<&'a str> {
        this(self.method)
    }

    /// Whether an expression is what the method's first parameter was given.
    pub(super) fn is_this(&self, expression: &'a Expr, cx: &Context<'a>) -> bool {
        let (Expr::Name(name), Some(this)) = (expression, self.this()) else { return false };
        name.id == this
            && keeps(this, self.method, cx)
            && cx.symbol(name) == local(this, self.method, cx)
    }

    /// Whether a decorator makes the method static.
    pub(super) fn is_static<'c>(&self, cx: &'c Context<'a>) -> bool {
        self.method.decorator_list.iter().any(|it| cx.is(&it.expression, "builtins.staticmethod"))
    }

    /// Whether the object that the method is given is a class by what the language says.
    pub(super) fn is_of_class(&self, cx: &Context<'a>) -> bool {
        matches!(self.method.name.as_str(), "__new__" | "__init_subclass__" | "__class_getitem__")
            || self
                .method
                .decorator_list
                .iter()
                .any(|it| cx.is(&it.expression, "builtins.classmethod"))
    }

    /// `super()`, or `super(C, self)` where the short form does not work. `None` where neither can
    /// be said.
    pub(super) fn saying_super(&self, cx: &Context<'a>) -> Option<String> {
        match self.is_direct && !makes_class_anew(self.class, cx) && !is_for_python_2(cx) {
            true => self.this().map(|_| "super()".to_owned()),
            false => self.saying_named(cx),
        }
    }

    /// `super(C, self)`, where both names are what they should be.
    pub(super) fn saying_named(&self, cx: &Context<'a>) -> Option<String> {
        let (class, this) = (self.class_name(cx)?, self.this()?);
        keeps(this, self.method, cx).then(|| format!("super({class}, {this})"))
    }

    /// The name of the class, if it stands for the class inside of the method.
    pub(super) fn class_name(&self, cx: &Context<'a>) -> Option<&'a str> {
        let name = self.class.name.as_str();
        let scope = cx.semantic.scope_of(cx.id(self.method))?;
        let symbol = cx.semantic.resolve(scope, cx.semantic.name(name)?)?;
        let only = cx.semantic.only_binding(symbol)?;
        (only.node == cx.id(self.class)).then_some(name)
    }

    /// Whether a name stands for the class itself.
    pub(super) fn is_class(&self, name: &'a ExprName, cx: &Context<'a>) -> bool {
        cx.binding(name).is_some_and(|it| match it.kind {
            BindingKind::Class(class) => std::ptr::eq(class, self.class),
            _ => false,
        })
    }
}

/// Whether a decorator makes the class again, with slots, so that `super()` is left with the first
/// one: `@dataclass(slots=True)` before Python 3.14.
pub(super) fn makes_class_anew<'a>(class: &'a StmtClassDef, cx: &Context<'a>) -> bool {
    let is_new = cx.target().is_some_and(|it| it.lowest >= PythonVersion::PY314);
    !is_new
        && cx
            .dataclass(class)
            .is_some_and(|(_, it)| it.maker == Maker::Dataclasses && it.slots != Some(false))
}

/// Whether a file is declared to run on Python 2, or looks like it where nothing is declared.
pub(super) fn is_for_python_2(cx: &Context<'_>) -> bool {
    match cx.target() {
        Some(target) => target.lowest.major < 3,
        None => cx.root().body.iter().any(|statement| match statement {
            ruff_python_ast::Stmt::ImportFrom(it) => match it.module.as_deref() {
                Some("__future__") => it
                    .names
                    .iter()
                    .any(|alias| !matches!(alias.name.as_str(), "annotations" | "generator_stop")),
                Some(module) => module.split('.').any(|part| part == "six"),
                None => false,
            },
            ruff_python_ast::Stmt::Import(it) => it.names.iter().any(|it| &it.name == "six"),
            _ => false,
        }),
    }
}
