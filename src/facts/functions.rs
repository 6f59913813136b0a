//! Functions: how they are made and whether they keep what they compute.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::Ranged as _;

use super::extract::Extractor;
use super::{FunctionFacts, ParameterFacts, ParameterKind, Place, Target, flags};
use crate::semantic::{CallSite, CalleeShape, FunctionSite, NameId};
use crate::syntax::tree::recycle;
use crate::syntax::{NodeId, string_text};

impl<'a> Extractor<'a, '_> {
    pub(super) fn functions(&mut self) {
        let sites = self.semantic.sites();
        let mut calls = std::mem::take(&mut self.calls);
        let mut reads = std::mem::take(&mut self.reads);
        // By function; within one, the order of the source.
        calls.extend(sites.calls.iter().filter(|it| it.function.is_some()).copied());
        calls.sort_by_key(|call| call.function);
        reads.extend(&sites.own_reads);
        reads.sort_by_key(|read| read.function);
        let (mut rest_of_calls, mut rest_of_reads) = (&calls[..], &reads[..]);
        // What tests cost is nobody's business but theirs, and there are many of them.
        let is_test = self.info.module.is_test();
        let sets_by_name = self.semantic.name("setattr").is_some();
        let super_name = self.semantic.name("super");
        for (index, site) in sites.functions.iter().enumerate() {
            let index = index as u32;
            let own_calls = take_of(&mut rest_of_calls, index, |call| call.function);
            let own_reads = take_of(&mut rest_of_reads, index, |read| Some(read.function));
            let Some(mut facts) = self.function(index, site, super_name) else { continue };
            let name = self.interner.strings().get(facts.name);
            facts.place.flags |= flags([
                (own_calls.iter().any(|it| is_namesake(it, name)), FunctionFacts::CALLS_NAMESAKE),
                (
                    own_reads.iter().any(|it| it.attribute == "__dict__")
                        || own_calls.iter().any(|it| self.may_set_attributes(it)),
                    FunctionFacts::SETS_DYNAMICALLY,
                ),
            ]);
            if !is_test {
                let does_something = self.function_calls(index, site, own_calls, own_reads);
                if does_something
                    && may_keep(site, own_calls, sets_by_name)
                    && self.is_memo(site.node)
                {
                    facts.place.flags |= FunctionFacts::IS_MEMO;
                }
            }
            self.lists.functions.push(facts);
        }
        for write in &self.own_writes {
            if let Some(method) = self.lists.functions.get_mut(write.method as usize) {
                method.place.flags |= FunctionFacts::STORES_OWN;
            }
        }
        (self.calls, self.reads) = (recycle(calls), recycle(reads));
    }

    fn function(
        &mut self,
        index: u32,
        site: &FunctionSite,
        super_name: Option<NameId>,
    ) -> Option<FunctionFacts> {
        let node = site.node;
        let AnyNodeRef::StmtFunctionDef(function) = self.tree.node(node) else { return None };
        for decorator in &function.decorator_list {
            let target = self.decorator(decorator);
            self.lists.function_decorators.push(index, target);
        }
        let raises = function.body.iter().any(Stmt::is_raise_stmt);
        let flags = flags([
            (raises, FunctionFacts::ALWAYS_RAISES),
            (self.uses_super(node, super_name), FunctionFacts::USES_SUPER),
            (function.is_async, FunctionFacts::IS_ASYNC),
            (site.is_generator, FunctionFacts::IS_GENERATOR),
            (is_stub(&function.body), FunctionFacts::IS_STUB),
            (
                function.parameters.len() > usize::from(site.class.is_some()),
                FunctionFacts::TAKES_ARGUMENTS,
            ),
        ]);
        if matches!(
            function.name.as_str(),
            "__init__" | "__new__" | "__post_init__" | "__attrs_post_init__" | "__init_subclass__"
        ) || is_abstract(function)
        {
            self.parameters(index, &function.parameters);
        }
        Some(FunctionFacts {
            name: self.interner.text(function.name.as_str()),
            place: Place::new(function.name.range(), flags),
            holder: self.holder(node),
        })
    }

    fn uses_super(&self, function: NodeId, super_name: Option<NameId>) -> bool {
        let read = || {
            let name = super_name?;
            self.semantic.symbol_in(self.semantic.scope_of(function)?, name)
        };
        read().is_some()
    }

    /// Whether a call is one of those that set attributes by name.
    fn may_set_attributes(&self, call: &CallSite<'a>) -> bool {
        match call.callee {
            CalleeShape::Name => call.head.is_some_and(|head| {
                let read = &self.semantic.walked_references()[head as usize];
                matches!(self.semantic.name_read(read), "setattr" | "vars" | "locals")
            }),
            CalleeShape::Method(name) | CalleeShape::Super(name) | CalleeShape::Attribute(name) => {
                name == "__setattr__"
            }
            CalleeShape::Other => false,
        }
    }

    fn parameters(&mut self, function: u32, parameters: &'a ast::Parameters) {
        let ast::Parameters { posonlyargs, args, vararg, kwonlyargs, kwarg, .. } = parameters;
        let mut add = |name: &ast::Identifier, kind, has_default| {
            let name = self.interner.text(name.as_str());
            self.lists.parameters.push(function, ParameterFacts::new(name, kind, has_default));
        };
        let named = [
            (posonlyargs, ParameterKind::PositionalOnly),
            (args, ParameterKind::Positional),
            (kwonlyargs, ParameterKind::KeywordOnly),
        ];
        for (parameters, kind) in named {
            for it in parameters {
                add(&it.parameter.name, kind, it.default.is_some());
            }
            if kind == ParameterKind::Positional {
                vararg.iter().for_each(|it| add(&it.name, ParameterKind::Rest, false));
            }
        }
        kwarg.iter().for_each(|it| add(&it.name, ParameterKind::Keywords, false));
    }

    /// The innermost class or function that a class or function stands in; unknown for none.
    pub(super) fn holder(&self, node: NodeId) -> Target {
        let around = self.tree.ancestors(node).find_map(|(id, ancestor)| match ancestor {
            AnyNodeRef::StmtClassDef(_) => self.class_index(id).map(Target::class),
            AnyNodeRef::StmtFunctionDef(_) => self.function_index(id).map(Target::function),
            _ => None,
        });
        around.unwrap_or(Target::UNKNOWN)
    }

    /// Whether the function keeps what it computes: it stores what a test or `try` of its own
    /// reads.
    fn is_memo(&self, node: NodeId) -> bool {
        let tree = self.tree;
        let mut stored: Vec<&str> = Vec::new();
        let mut tested: Vec<&str> = Vec::new();
        for (id, inner) in own_below(tree, node) {
            match inner {
                AnyNodeRef::ExprAttribute(it) if it.ctx.is_store() => stored.push(&it.attr),
                AnyNodeRef::ExprSubscript(it) if it.ctx.is_store() => {
                    stored.extend(last_name(&it.value));
                }
                AnyNodeRef::StmtGlobal(it) => stored.extend(it.names.iter().map(|name| &**name)),
                AnyNodeRef::ExprCall(call) => {
                    let name = last_name(&call.func);
                    // `cache.get(key)` tests what `cache[key] = …` stores.
                    if let (Some("get"), Expr::Attribute(it)) = (name, &*call.func) {
                        tested.extend(last_name(&it.value));
                    }
                    if matches!(name, Some("setattr" | "setdefault")) {
                        return true;
                    }
                    if matches!(name, Some("hasattr" | "getattr"))
                        && let Some(Expr::StringLiteral(it)) = call.arguments.args.get(1)
                    {
                        tested.push(string_text(&it.value));
                    }
                }
                AnyNodeRef::StmtIf(it) => tested.extend(names_read(tree, tree.id(&*it.test))),
                AnyNodeRef::StmtWhile(it) => tested.extend(names_read(tree, tree.id(&*it.test))),
                AnyNodeRef::ElifElseClause(it) => {
                    if let Some(test) = &it.test {
                        tested.extend(names_read(tree, tree.id(test)));
                    }
                }
                AnyNodeRef::ExprIf(it) => tested.extend(names_read(tree, tree.id(&*it.test))),
                AnyNodeRef::ExprBoolOp(_) => tested.extend(names_read(tree, id)),
                AnyNodeRef::StmtTry(it) => {
                    for statement in &it.body {
                        tested.extend(names_read(tree, tree.id(statement)));
                    }
                }
                _ => {}
            }
        }
        stored.iter().any(|name| tested.contains(name))
    }
}

/// Takes what belongs to a function from the beginning of a list in order of functions; those of
/// functions before it are gone already.
fn take_of<'l, T>(
    list: &mut &'l [T],
    function: u32,
    function_of: impl Fn(&T) -> Option<u32>,
) -> &'l [T] {
    let count = list.iter().take_while(|it| function_of(it) == Some(function)).count();
    let (own, rest) = list.split_at(count);
    *list = rest;
    own
}

/// Whether a call calls an attribute of a name.
fn is_namesake(call: &CallSite<'_>, name: &str) -> bool {
    match call.callee {
        CalleeShape::Method(it) | CalleeShape::Super(it) | CalleeShape::Attribute(it) => it == name,
        CalleeShape::Name | CalleeShape::Other => false,
    }
}

/// Whether a function may keep what it computes: a cheap test before [`Extractor::is_memo`].
/// `sets_by_name` tells whether the file speaks of `setattr` at all.
fn may_keep(site: &FunctionSite, calls: &[CallSite<'_>], sets_by_name: bool) -> bool {
    site.stores
        || calls.iter().any(|call| match call.callee {
            CalleeShape::Name => sets_by_name,
            CalleeShape::Attribute(name) | CalleeShape::Method(name) => name == "setdefault",
            CalleeShape::Super(_) | CalleeShape::Other => false,
        })
}

/// What stands below a function and belongs to it: not into nested functions, lambdas, classes.
fn own_below<'a, 't>(
    tree: &'t crate::syntax::Tree<'a>,
    node: NodeId,
) -> impl Iterator<Item = (NodeId, AnyNodeRef<'a>)> + use<'a, 't> {
    tree.own_ids(node).map(move |id| (id, tree.node(id)))
}

/// Whether a decorator seems to mark a function abstract.
fn is_abstract(function: &ast::StmtFunctionDef) -> bool {
    function
        .decorator_list
        .iter()
        .any(|it| last_name(&it.expression).is_some_and(|name| name.starts_with("abstract")))
}

/// The last part of a dotted name.
fn last_name(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}

/// The names and attributes below a node, itself included, that are read.
fn names_read<'a, 't>(
    tree: &'t crate::syntax::Tree<'a>,
    node: NodeId,
) -> impl Iterator<Item = &'a str> + use<'a, 't> {
    std::iter::once(tree.node(node)).chain(tree.descendants(node).iter().copied()).filter_map(
        |node| match node {
            AnyNodeRef::ExprName(name) if name.ctx.is_load() => Some(name.id.as_str()),
            AnyNodeRef::ExprAttribute(it) if it.ctx.is_load() => Some(it.attr.as_str()),
            _ => None,
        },
    )
}

/// Whether a body does nothing by itself: a docstring, `...`, `pass`, `raise NotImplementedError`.
fn is_stub(body: &[Stmt]) -> bool {
    body.iter().all(|statement| match statement {
        Stmt::Pass(_) => true,
        Stmt::Expr(it) => it.value.is_string_literal_expr() || it.value.is_ellipsis_literal_expr(),
        Stmt::Raise(it) => it.exc.as_deref().is_some_and(|raised| {
            let class = match raised {
                Expr::Call(call) => &*call.func,
                class => class,
            };
            last_name(class) == Some("NotImplementedError")
        }),
        _ => false,
    })
}
