//! Expressions: reads, and the few places where an expression binds.

use ruff_python_ast::{
    self as ast, AnyNodeRef, Comprehension, Expr, ExprContext, InterpolatedStringElement,
    InterpolatedStringElements, Parameters,
};
use ruff_text_size::Ranged as _;

use super::super::Stars;
use super::super::binding::BindingKind;
use super::super::scope::{Occurs, Reading, ScopeId, ScopeKind};
use super::super::sites::{CallSite, CalleeShape, OwnRead, OwnWrite};
use super::quoted::{is_literal, is_named};
use super::{Builder, Method, NodeId, Owner};

impl<'a> Builder<'a> {
    pub(super) fn expressions(&mut self, expressions: impl IntoIterator<Item = &'a Expr>) {
        for expression in expressions {
            self.expression(expression);
        }
    }

    pub(super) fn expression(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) => {
                let id = self.leaf(AnyNodeRef::ExprName(name), name);
                match name.ctx {
                    ExprContext::Load => self.read(name.id.as_str(), name.range.start(), id),
                    // A target is walked by `target`; what is left is broken syntax.
                    ExprContext::Store => {
                        self.bind(name.id.as_str(), name.range, BindingKind::Unpacking, id);
                    }
                    ExprContext::Del => {
                        self.bind(name.id.as_str(), name.range, BindingKind::Deletion, id);
                    }
                    ExprContext::Invalid => {}
                }
            }
            Expr::Attribute(it) => self.attribute(it),
            Expr::Call(it) => self.call(it),
            Expr::StringLiteral(it) => {
                let id = self.leaf(AnyNodeRef::ExprStringLiteral(it), it);
                if self.strings_are_types {
                    self.quote(it, id);
                }
            }
            Expr::NumberLiteral(it) => {
                self.leaf(AnyNodeRef::ExprNumberLiteral(it), it);
            }
            Expr::BooleanLiteral(it) => {
                self.leaf(AnyNodeRef::ExprBooleanLiteral(it), it);
            }
            Expr::NoneLiteral(it) => {
                self.leaf(AnyNodeRef::ExprNoneLiteral(it), it);
            }
            Expr::BytesLiteral(it) => {
                self.leaf(AnyNodeRef::ExprBytesLiteral(it), it);
            }
            Expr::EllipsisLiteral(it) => {
                self.leaf(AnyNodeRef::ExprEllipsisLiteral(it), it);
            }
            Expr::Tuple(it) => {
                self.node(AnyNodeRef::ExprTuple(it), it, |b, _| b.expressions(&it.elts));
            }
            Expr::List(it) => {
                self.node(AnyNodeRef::ExprList(it), it, |b, _| b.expressions(&it.elts));
            }
            Expr::Set(it) => {
                self.node(AnyNodeRef::ExprSet(it), it, |b, _| b.expressions(&it.elts));
            }
            Expr::Dict(it) => {
                self.node(AnyNodeRef::ExprDict(it), it, |b, _| {
                    for item in &it.items {
                        b.expressions(&item.key);
                        b.expression(&item.value);
                    }
                });
            }
            Expr::Subscript(it) => self.subscript(it),
            Expr::BinOp(it) => {
                self.node(AnyNodeRef::ExprBinOp(it), it, |b, _| {
                    b.expression(&it.left);
                    b.expression(&it.right);
                });
            }
            Expr::BoolOp(it) => {
                self.node(AnyNodeRef::ExprBoolOp(it), it, |b, _| b.expressions(&it.values));
            }
            Expr::Compare(it) => {
                self.node(AnyNodeRef::ExprCompare(it), it, |b, _| {
                    b.expression(&it.left);
                    b.expressions(&it.comparators);
                });
            }
            Expr::UnaryOp(it) => {
                self.node(AnyNodeRef::ExprUnaryOp(it), it, |b, _| b.expression(&it.operand));
            }
            Expr::FString(it) => {
                self.node(AnyNodeRef::ExprFString(it), it, |b, _| {
                    b.with_plain_strings(|b| {
                        for part in it.value.f_strings() {
                            b.interpolations(&part.elements);
                        }
                    });
                });
            }
            Expr::TString(it) => {
                self.node(AnyNodeRef::ExprTString(it), it, |b, _| {
                    b.with_plain_strings(|b| {
                        for part in &it.value {
                            b.interpolations(&part.elements);
                        }
                    });
                });
            }
            Expr::Lambda(it) => {
                self.node(AnyNodeRef::ExprLambda(it), it, |b, id| {
                    let scope = b.open_scope(ScopeKind::Lambda, id);
                    if let Some(parameters) = &it.parameters {
                        b.parameters(parameters, scope, b.scope, Reading::Runtime);
                    }
                    b.within_body(scope, Owner::Nobody, |b| b.expression(&it.body));
                });
            }
            Expr::If(it) => {
                self.node(AnyNodeRef::ExprIf(it), it, |b, _| {
                    b.expression(&it.body);
                    b.expression(&it.test);
                    b.expression(&it.orelse);
                });
            }
            Expr::ListComp(it) => {
                self.comprehension(
                    AnyNodeRef::ExprListComp(it),
                    it,
                    &it.generators,
                    [Some(&*it.elt), None],
                );
            }
            Expr::SetComp(it) => {
                self.comprehension(
                    AnyNodeRef::ExprSetComp(it),
                    it,
                    &it.generators,
                    [Some(&*it.elt), None],
                );
            }
            Expr::Generator(it) => {
                self.comprehension(
                    AnyNodeRef::ExprGenerator(it),
                    it,
                    &it.generators,
                    [Some(&*it.elt), None],
                );
            }
            Expr::DictComp(it) => {
                self.comprehension(
                    AnyNodeRef::ExprDictComp(it),
                    it,
                    &it.generators,
                    [it.key.as_deref(), Some(&*it.value)],
                );
            }
            Expr::Named(it) => {
                self.node(AnyNodeRef::ExprNamed(it), it, |b, id| b.named(it, id));
            }
            Expr::Starred(it) => {
                self.node(AnyNodeRef::ExprStarred(it), it, |b, _| b.expression(&it.value));
            }
            Expr::Slice(it) => {
                self.node(AnyNodeRef::ExprSlice(it), it, |b, _| {
                    for part in [&it.lower, &it.upper, &it.step].into_iter().flatten() {
                        b.expression(part);
                    }
                });
            }
            Expr::Await(it) => {
                self.node(AnyNodeRef::ExprAwait(it), it, |b, _| b.expression(&it.value));
            }
            Expr::Yield(it) => {
                self.yields();
                self.node(AnyNodeRef::ExprYield(it), it, |b, _| {
                    b.expressions(it.value.as_deref());
                });
            }
            Expr::YieldFrom(it) => {
                self.yields();
                self.node(AnyNodeRef::ExprYieldFrom(it), it, |b, _| b.expression(&it.value));
            }
            Expr::IpyEscapeCommand(it) => {
                self.leaf(AnyNodeRef::ExprIpyEscapeCommand(it), it);
            }
        }
    }

    fn call(&mut self, call: &'a ast::ExprCall) {
        if let Expr::Name(name) = &*call.func {
            // Names may come and go behind the compiler's back.
            match name.id.as_str() {
                "exec" | "eval" | "locals" | "vars" => {
                    self.semantic.scopes[self.scope.index()].opaque = true;
                    self.semantic.stars = Stars::Anywhere;
                }
                "globals" => {
                    self.semantic.scopes[ScopeId::MODULE.index()].opaque = true;
                    if !self.leaves_globals() {
                        self.semantic.stars = Stars::Anywhere;
                    }
                }
                _ => {}
            }
        }
        self.node(AnyNodeRef::ExprCall(call), call, |b, id| {
            b.callee(call, id);
            let mut arguments = &call.arguments.args[..];
            if let [first @ Expr::StringLiteral(_), rest @ ..] = arguments
                && is_named(&call.func, "cast")
            {
                b.annotation(first, Reading::Quoted);
                arguments = rest;
            }
            b.with_plain_strings(|b| {
                b.expressions(arguments);
                b.keywords(&call.arguments.keywords);
            });
        });
    }

    /// Whether a call of `globals()` at this place gives no name another value: it is only asked
    /// for names, or they are taken away; or it stands in the `__getattr__` of the module, which
    /// nobody asks for names that are there (PEP 562).
    fn leaves_globals(&self) -> bool {
        if let AnyNodeRef::ExprAttribute(it) = self.tree.node(self.parent)
            && matches!(it.attr.as_str(), "pop" | "get" | "keys" | "items" | "values" | "copy")
        {
            return true;
        }
        let scope = &self.semantic.scopes[self.scope.index()];
        scope.parent == Some(ScopeId::MODULE)
            && self
                .tree
                .node(scope.node)
                .as_stmt_function_def()
                .is_some_and(|it| it.name.as_str() == "__getattr__")
    }

    /// Walks what is called, and remembers the call.
    fn callee(&mut self, call: &'a ast::ExprCall, node: NodeId) {
        let function = self.owner.function();
        let is_repeated = self.loops > 0;
        if function.is_none() && !is_repeated && !may_be_class(&call.func) {
            self.expression(&call.func);
            return;
        }
        let first_read = self.semantic.references.len() as u32;
        let site = self.semantic.sites.calls.len();
        let callee = CalleeShape::Other;
        let calls = &mut self.semantic.sites.calls;
        calls.push(CallSite { node, function, head: None, callee, is_repeated });
        let reads = self.semantic.sites.own_reads.len();
        self.expression(&call.func);
        // The name that a callee begins with is the first that it reads.
        let mut head = &*call.func;
        while let Expr::Attribute(attribute) = head {
            head = &attribute.value;
        }
        let site = &mut self.semantic.sites.calls[site];
        site.head = head.is_name_expr().then_some(first_read);
        site.callee = match &*call.func {
            Expr::Name(_) => CalleeShape::Name,
            Expr::Attribute(attribute) => {
                let name = attribute.attr.as_str();
                match &*attribute.value {
                    Expr::Name(_) if self.semantic.sites.own_reads.len() > reads => {
                        self.semantic.sites.own_reads.truncate(reads);
                        CalleeShape::Method(name)
                    }
                    Expr::Call(inner) if is_named(&inner.func, "super") => CalleeShape::Super(name),
                    _ => CalleeShape::Attribute(name),
                }
            }
            _ => CalleeShape::Other,
        };
    }

    fn attribute(&mut self, attribute: &'a ast::ExprAttribute) {
        let id = self.node(AnyNodeRef::ExprAttribute(attribute), attribute, |b, id| {
            b.semantic.sites.attributes.push(id);
            b.expression(&attribute.value);
        });
        let holder = match (&*attribute.value, self.semantic.references.last()) {
            (Expr::Name(_), Some(read)) => Some(self.semantic.symbols[read.symbol.index()].name),
            _ => None,
        };
        let name = attribute.attr.as_str();
        if attribute.ctx == ExprContext::Load {
            if let Owner::Function(function, Some(this)) = self.owner
                && holder == Some(this)
            {
                let read = OwnRead { node: id, function, attribute: name };
                self.semantic.sites.own_reads.push(read);
            }
            return;
        }
        self.stores();
        let method = self.methods.iter().rev().find(|method| holder == Some(method.this));
        match method {
            Some(Method { class, function, .. }) => {
                let (class, method) = (*class, *function);
                let write = OwnWrite { class, attribute: name, method };
                self.semantic.sites.own_writes.push(write);
            }
            None => self.semantic.sites.foreign_writes.push(name),
        }
    }

    fn yields(&mut self) {
        if let Some(function) = self.own_function() {
            function.is_generator = true;
        }
    }

    pub(super) fn keywords(&mut self, keywords: &'a [ast::Keyword]) {
        for keyword in keywords {
            self.node(AnyNodeRef::Keyword(keyword), keyword, |b, _| b.expression(&keyword.value));
        }
    }

    fn subscript(&mut self, subscript: &'a ast::ExprSubscript) {
        if !subscript.ctx.is_load() {
            self.stores();
        }
        self.node(AnyNodeRef::ExprSubscript(subscript), subscript, |b, _| {
            b.expression(&subscript.value);
            match &*subscript.slice {
                slice if !b.strings_are_types => b.expression(slice),
                slice if is_literal(&subscript.value) => {
                    b.with_plain_strings(|b| b.expression(slice));
                }
                // The first argument of `Annotated` is a type, the others are values.
                Expr::Tuple(tuple) if is_named(&subscript.value, "Annotated") => {
                    b.node(AnyNodeRef::ExprTuple(tuple), tuple, |b, _| {
                        b.expressions(tuple.elts.first());
                        b.with_plain_strings(|b| b.expressions(tuple.elts.iter().skip(1)));
                    });
                }
                slice => b.expression(slice),
            }
        });
    }

    fn interpolations(&mut self, elements: &'a InterpolatedStringElements) {
        for element in elements {
            let InterpolatedStringElement::Interpolation(it) = element else { continue };
            self.expression(&it.expression);
            if let Some(format) = &it.format_spec {
                self.interpolations(&format.elements);
            }
        }
    }

    /// A comprehension: its first iterable belongs to the scope around it, all else to its own.
    fn comprehension(
        &mut self,
        node: AnyNodeRef<'a>,
        index: &impl ast::HasNodeIndex,
        generators: &'a [Comprehension],
        elements: [Option<&'a Expr>; 2],
    ) {
        self.node(node, index, |b, id| {
            let outer = b.scope;
            let scope = b.open_scope(ScopeKind::Comprehension, id);
            b.within(scope, |b| {
                b.repeated(|b| b.expressions(elements.into_iter().flatten()));
                for (position, it) in generators.iter().enumerate() {
                    b.node(AnyNodeRef::Comprehension(it), it, |b, id| {
                        b.target(&it.target, BindingKind::Comprehension, id);
                        match position {
                            0 => b.within(outer, |b| b.expression(&it.iter)),
                            _ => b.repeated(|b| b.expression(&it.iter)),
                        }
                        b.repeated(|b| b.expressions(&it.ifs));
                    });
                }
            });
        });
    }

    /// `(name := value)`: inside comprehensions it binds in the scope around them (PEP 572).
    fn named(&mut self, named: &'a ast::ExprNamed, id: NodeId) {
        let Expr::Name(target) = &*named.target else {
            self.expression(&named.target);
            self.expression(&named.value);
            return;
        };
        let text = target.id.as_str();
        self.leaf(AnyNodeRef::ExprName(target), target);
        let holder = self.holder_of_named();
        let kind = BindingKind::Assignment(&named.value);
        if holder == self.scope {
            self.bind(text, target.range, kind, id);
        } else {
            let holder_kind = self.semantic.scopes[holder.index()].kind;
            let name = self.name(text);
            let there = self.symbol(holder, name);
            let is_global = holder_kind == ScopeKind::Module
                || self.semantic.symbols[there.index()].occurs.any(Occurs::GLOBAL);
            let how = if is_global { Occurs::GLOBAL } else { Occurs::NONLOCAL };
            self.semantic.has_nonlocal = true;
            self.occurs(self.scope, text, how.with(Occurs::BOUND));
            if holder_kind == ScopeKind::Module {
                self.semantic.symbols[there.index()].occurs.add(Occurs::GLOBAL);
            }
            self.bind_in(holder, text, target.range, kind, id);
        }
        self.expression(&named.value);
    }

    /// The innermost scope around that is not a comprehension.
    fn holder_of_named(&self) -> ScopeId {
        let mut scope = self.scope;
        while let Some(around) = self.semantic.scopes[scope.index()].parent {
            if self.semantic.scopes[scope.index()].kind != ScopeKind::Comprehension {
                break;
            }
            scope = around;
        }
        scope
    }

    /// Parameters: names in the function's scope, defaults in the scope around it, annotations in
    /// `annotated` (the type parameters' scope, if there is one).
    pub(super) fn parameters(
        &mut self,
        parameters: &'a Parameters,
        function: ScopeId,
        annotated: ScopeId,
        reading: Reading,
    ) {
        for parameter in parameters.iter_source_order() {
            let it = parameter.as_parameter();
            self.node(AnyNodeRef::Parameter(it), it, |b, id| {
                let kind = BindingKind::Parameter(it);
                b.bind_in(function, it.name.as_str(), it.name.range(), kind, id);
                if let Some(annotation) = it.annotation() {
                    b.within(annotated, |b| b.annotation(annotation, reading));
                }
            });
            self.expressions(parameter.default());
        }
    }

    /// The target of an assignment, loop or `with`.
    pub(super) fn target(&mut self, target: &'a Expr, kind: BindingKind<'a>, node: NodeId) {
        let part = match kind {
            BindingKind::Assignment(_) => BindingKind::Unpacking,
            kind => kind,
        };
        match target {
            Expr::Name(name) => {
                self.leaf(AnyNodeRef::ExprName(name), name);
                self.bind(name.id.as_str(), name.range, kind, node);
            }
            Expr::Tuple(it) => {
                self.node(AnyNodeRef::ExprTuple(it), it, |b, _| {
                    it.elts.iter().for_each(|element| b.target(element, part, node));
                });
            }
            Expr::List(it) => {
                self.node(AnyNodeRef::ExprList(it), it, |b, _| {
                    it.elts.iter().for_each(|element| b.target(element, part, node));
                });
            }
            Expr::Starred(it) => {
                self.node(AnyNodeRef::ExprStarred(it), it, |b, _| {
                    b.target(&it.value, part, node);
                });
            }
            _ => self.expression(target),
        }
    }
}

/// Whether what is called is named as classes are.
fn may_be_class(callee: &Expr) -> bool {
    let name = match callee {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return false,
    };
    name.trim_start_matches('_').starts_with(char::is_uppercase)
}
