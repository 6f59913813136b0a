//! Where a special method, whatever its arguments, comes to itself again.

use ruff_python_ast::{
    AnyNodeRef, CmpOp, Expr, ExprCall, ExprCompare, InterpolatedElement, Operator, Stmt, UnaryOp,
};
use ruff_text_size::{Ranged, TextRange};

use super::super::protocols::{is_in_place, protocol};
use super::super::special::{Method, has_bases};
use super::super::templates::{Shown, Template};
use super::certain;
use crate::rule::Context;

/// What comes to the method again.
pub(super) struct Again<'a> {
    /// The expression, or the statement.
    pub(super) node: AnyNodeRef<'a>,
    /// The field, where the expression is an f-string.
    pub(super) field: Option<&'a InterpolatedElement>,
    pub(super) range: TextRange,
    pub(super) way: Way,
}

/// How it comes there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The interpreter looks for this very method.
    Direct,
    /// The interpreter looks for another special method first, of which `object` has one that comes
    /// here.
    Through(&'static str),
}

/// Functions that call a special method of what they are given.
const CALLERS: &[(&str, &[&str])] = &[
    ("__abs__", &["builtins.abs"]),
    ("__bool__", &["builtins.bool"]),
    ("__bytes__", &["builtins.bytes"]),
    ("__ceil__", &["math.ceil"]),
    ("__complex__", &["builtins.complex"]),
    ("__copy__", &["copy.copy"]),
    ("__deepcopy__", &["copy.deepcopy"]),
    ("__delattr__", &["builtins.delattr"]),
    ("__dir__", &["builtins.dir"]),
    ("__float__", &["builtins.float"]),
    ("__floor__", &["math.floor"]),
    ("__format__", &["builtins.format"]),
    ("__fspath__", &["os.fspath"]),
    ("__getattribute__", &["builtins.getattr", "builtins.hasattr"]),
    ("__hash__", &["builtins.hash"]),
    ("__index__", &["operator.index"]),
    ("__int__", &["builtins.int"]),
    (
        "__iter__",
        &[
            "builtins.iter",
            "builtins.list",
            "builtins.tuple",
            "builtins.sorted",
            "builtins.enumerate",
        ],
    ),
    ("__len__", &["builtins.len"]),
    ("__next__", &["builtins.next"]),
    ("__repr__", &["builtins.repr", "builtins.ascii"]),
    ("__reversed__", &["builtins.reversed"]),
    ("__round__", &["builtins.round"]),
    ("__setattr__", &["builtins.setattr"]),
    ("__sizeof__", &["sys.getsizeof"]),
    ("__str__", &["builtins.str", "builtins.print"]),
    ("__trunc__", &["math.trunc"]),
];

/// Binary operators, by the names of their methods without `__`, `__r` and `__i`.
const OPERATORS: &[(&str, Operator)] = &[
    ("add", Operator::Add),
    ("and", Operator::BitAnd),
    ("floordiv", Operator::FloorDiv),
    ("lshift", Operator::LShift),
    ("matmul", Operator::MatMult),
    ("mod", Operator::Mod),
    ("mul", Operator::Mult),
    ("or", Operator::BitOr),
    ("pow", Operator::Pow),
    ("rshift", Operator::RShift),
    ("sub", Operator::Sub),
    ("truediv", Operator::Div),
    ("xor", Operator::BitXor),
];

const COMPARISONS: &[(&str, CmpOp)] = &[
    ("__eq__", CmpOp::Eq),
    ("__ge__", CmpOp::GtE),
    ("__gt__", CmpOp::Gt),
    ("__le__", CmpOp::LtE),
    ("__lt__", CmpOp::Lt),
    ("__ne__", CmpOp::NotEq),
];

/// Whether a method of this name can come to itself again.
pub(super) fn is_watched(name: &str) -> bool {
    protocol(name).is_some()
}

/// The first place that each call of the method reaches and that calls it again.
pub(super) fn find<'a>(method: &Method<'a>, cx: &Context<'a>) -> Option<Again<'a>> {
    let search = Search { method, cx };
    certain::find(&method.function.body, |node| search.asks(node), cx)
}

/// The binary operator that a method of this name implements, and whether it does so for the right
/// operand.
fn operator(name: &str) -> Option<(Operator, bool)> {
    let name = name.strip_prefix("__")?.strip_suffix("__")?;
    let find = |name: &str| OPERATORS.iter().find(|(it, _)| *it == name).map(|it| it.1);
    let reflected = || Some((find(name.strip_prefix('r')?)?, true));
    find(name).map(|it| (it, false)).or_else(reflected)
}

/// `self += other` as the first statement of `__iadd__`, and its sisters.
pub(super) fn find_in_place<'a>(method: &Method<'a>, cx: &Context<'a>) -> Option<Again<'a>> {
    let name = method.name.strip_prefix("__i").filter(|_| is_in_place(method.name))?;
    let Stmt::AugAssign(first) = method.body().first()? else { return None };
    let (own, _) = operator(&format!("__{name}"))?;
    let is_this = first.target.as_name_expr().is_some_and(|it| it.id == method.this());
    let is_plain = first.value.is_name_expr() || first.value.is_literal_expr();
    let node = cx.tree.node(cx.id(first));
    (is_this && is_plain && first.op == own).then_some(Again {
        node,
        field: None,
        range: first.range,
        way: Way::Direct,
    })
}

struct Search<'m, 'c, 'a> {
    method: &'m Method<'a>,
    cx: &'c Context<'a>,
}

impl<'a> Search<'_, '_, 'a> {
    fn is_this(&self, expression: &Expr) -> bool {
        expression.as_name_expr().is_some_and(|it| it.id == self.method.this())
    }

    /// Whether a node calls the method again.
    fn asks(&self, node: AnyNodeRef<'a>) -> Option<Again<'a>> {
        if let Some(found) = self.asks_for_text(node) {
            return Some(found);
        }
        let other = || match self.method.name {
            "__bool__" if self.tests(node) => Some(Way::Direct),
            "__len__" if self.tests(node) => Some(Way::Through("__bool__")),
            // `object.__ne__` turns the answer of `__eq__` round.
            "__eq__" if self.compares(node, CmpOp::NotEq) => Some(Way::Through("__ne__")),
            _ => None,
        };
        let direct = || self.operates(node).then_some(Way::Direct);
        let way = self.calls(node).or_else(other).or_else(direct)?;
        Some(Again { node, field: None, range: node.range(), way })
    }

    /// Calls: of the method by its name, of a function that calls it, of the object itself.
    fn calls(&self, node: AnyNodeRef<'a>) -> Option<Way> {
        let AnyNodeRef::ExprCall(call) = node else { return None };
        let name = self.method.name;
        if let Expr::Attribute(it) = &*call.func
            && it.attr.as_str() == name
            && self.is_this(&it.value)
        {
            return self.is_plainly_given(call).then_some(Way::Direct);
        }
        if name == "__call__" {
            return (self.is_this(&call.func) && self.is_plainly_given(call))
                .then_some(Way::Direct);
        }
        let first = call.arguments.args.first()?;
        let is_hashed_in_tuple = || {
            let tuple = first.as_tuple_expr().filter(|_| name == "__hash__");
            tuple.is_some_and(|it| it.elts.iter().any(|it| self.is_this(it)))
        };
        if !self.is_this(first) && !is_hashed_in_tuple() {
            return None;
        }
        let callee = self.cx.qualified(&call.func)?;
        let (_, callers) = CALLERS.iter().find(|(it, _)| *it == name).unwrap_or(&("", &[]));
        let has_bases = has_bases(self.method.class);
        // `str` and `int` are what is asked for already, and so are classes below them.
        if has_bases && matches!(name, "__fspath__" | "__index__") {
            return None;
        }
        if callee.is_any(callers) {
            return self.means_the_same(call).then_some(Way::Direct);
        }
        let is_plain = call.arguments.len() == 1;
        match (name, callee.parts()) {
            ("__repr__", ["builtins", "str" | "print" | "format"]) if is_plain => {
                Some(Way::Through("__str__"))
            }
            ("__str__", ["builtins", "format"]) if is_plain => Some(Way::Through("__format__")),
            ("__len__", ["builtins", "bool"]) => Some(Way::Through("__bool__")),
            ("__getattr__", ["builtins", "getattr" | "hasattr"]) => {
                let asked = call.arguments.args.get(1)?;
                let parameter = self.method.parameter(0)?;
                self.method.is_value_of(parameter, asked, self.cx).then_some(Way::Direct)
            }
            _ => None,
        }
    }

    /// Whether the other arguments leave a function that calls the method to do so.
    fn means_the_same(&self, call: &'a ExprCall) -> bool {
        match self.method.name {
            "__iter__" | "__dir__" | "__hash__" | "__int__" | "__bytes__" | "__str__" => {
                call.arguments.len() == 1
            }
            // The copies that are made already are in the memo: there it may be noted.
            "__deepcopy__" => {
                let memo = self.method.parameter(0).unwrap_or_default();
                !self.method.own(self.cx).any(|node| match node {
                    AnyNodeRef::ExprSubscript(it) => {
                        it.ctx.is_store() && it.value.as_name_expr().is_some_and(|it| it.id == memo)
                    }
                    _ => false,
                })
            }
            _ => true,
        }
    }

    /// Whether the arguments are only names and constants: what is computed may raise, or come to
    /// something that is answered at once.
    fn is_plainly_given(&self, call: &'a ExprCall) -> bool {
        let keywords = call.arguments.keywords.iter().map(|it| &it.value);
        call.arguments.args.iter().chain(keywords).all(|it| self.is_plain(it))
    }

    fn is_plain(&self, expression: &'a Expr) -> bool {
        let is_parameter = |it: &Expr| {
            it.as_name_expr().is_some_and(|it| self.method.keeps(it.id.as_str(), self.cx))
        };
        match expression {
            Expr::Starred(it) => is_parameter(&it.value),
            it => it.is_literal_expr() || is_parameter(it),
        }
    }

    /// Operators, subscripts, loops and attributes.
    fn operates(&self, node: AnyNodeRef<'a>) -> bool {
        let name = self.method.name;
        match node {
            AnyNodeRef::ExprAttribute(it) => {
                self.is_this(&it.value)
                    && match name {
                        "__setattr__" => it.ctx.is_store(),
                        "__delattr__" => it.ctx.is_del(),
                        "__getattribute__" => it.ctx.is_load(),
                        _ => false,
                    }
            }
            AnyNodeRef::ExprSubscript(it) => {
                self.is_this(&it.value)
                    && self.is_plain(&it.slice)
                    && match name {
                        "__getitem__" => it.ctx.is_load(),
                        "__setitem__" => it.ctx.is_store(),
                        "__delitem__" => it.ctx.is_del(),
                        _ => false,
                    }
            }
            AnyNodeRef::ExprCompare(it) if name == "__contains__" => self.contains(it),
            AnyNodeRef::ExprCompare(_) => {
                let own = COMPARISONS.iter().find(|(it, _)| *it == name);
                own.is_some_and(|(_, own)| self.compares(node, *own))
            }
            AnyNodeRef::ExprUnaryOp(it) => {
                let operator = match name {
                    "__invert__" => UnaryOp::Invert,
                    "__neg__" => UnaryOp::USub,
                    "__pos__" => UnaryOp::UAdd,
                    _ => return false,
                };
                it.op == operator && self.is_this(&it.operand)
            }
            AnyNodeRef::ExprBinOp(it) => {
                let Some((own, is_reflected)) = operator(name) else { return false };
                let is_other = |it: &Expr| {
                    let other = self.method.parameter(0);
                    other.is_some_and(|other| self.method.is_value_of(other, it, self.cx))
                };
                it.op == own
                    && match is_reflected {
                        true => is_other(&it.left) && self.is_this(&it.right),
                        false => self.is_this(&it.left) && self.is_plain(&it.right),
                    }
            }
            AnyNodeRef::StmtFor(it) => name == "__iter__" && !it.is_async && self.is_this(&it.iter),
            AnyNodeRef::Comprehension(it) => {
                name == "__iter__" && !it.is_async && self.is_this(&it.iter)
            }
            AnyNodeRef::ExprYieldFrom(it) => name == "__iter__" && self.is_this(&it.value),
            _ => false,
        }
    }

    /// Whether a node asks whether something is in the object.
    fn contains(&self, it: &'a ExprCompare) -> bool {
        matches!(it.ops.first(), Some(CmpOp::In | CmpOp::NotIn))
            && it.comparators.first().is_some_and(|it| self.is_this(it))
            && self.is_plain(&it.left)
    }

    /// Whether a node compares the object with something.
    fn compares(&self, node: AnyNodeRef<'a>, operator: CmpOp) -> bool {
        let AnyNodeRef::ExprCompare(it) = node else { return false };
        it.ops.first() == Some(&operator)
            && self.is_this(&it.left)
            && it.comparators.first().is_some_and(|it| self.is_plain(it))
    }

    /// Whether a node asks whether the object is true.
    fn tests(&self, node: AnyNodeRef<'a>) -> bool {
        match node {
            AnyNodeRef::StmtIf(it) => self.is_this(&it.test),
            AnyNodeRef::StmtWhile(it) => self.is_this(&it.test),
            AnyNodeRef::ExprIf(it) => self.is_this(&it.test),
            AnyNodeRef::ExprBoolOp(it) => it.values.first().is_some_and(|it| self.is_this(it)),
            AnyNodeRef::ExprUnaryOp(it) => it.op == UnaryOp::Not && self.is_this(&it.operand),
            _ => false,
        }
    }

    /// Text with the object in it.
    fn asks_for_text(&self, node: AnyNodeRef<'a>) -> Option<Again<'a>> {
        if !matches!(self.method.name, "__repr__" | "__str__" | "__format__") {
            return None;
        }
        let template = Template::of(node, self.cx)?;
        // `"%s" % self` takes apart what is a tuple.
        let is_whole = |value: &Expr| match node {
            AnyNodeRef::ExprBinOp(it) => std::ptr::eq(&*it.right, value),
            _ => false,
        };
        let has_bases = has_bases(self.method.class);
        template.slots.iter().find_map(|slot| {
            if !self.is_this(slot.value) || is_whole(slot.value) && has_bases {
                return None;
            }
            let way = match (self.method.name, slot.shown) {
                ("__repr__", Shown::Repr) | ("__str__", Shown::Str) => Way::Direct,
                ("__repr__", Shown::Str | Shown::Format) => Way::Through("__str__"),
                ("__str__", Shown::Format) => Way::Through("__format__"),
                ("__format__", Shown::Format) => Way::Direct,
                _ => return None,
            };
            Some(Again { node, field: slot.field, range: slot.range, way })
        })
    }
}
