//! Statements: what they bind, and under which conditions their bodies run.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Pattern, Stmt, TypeParam};
use ruff_text_size::Ranged as _;

use super::super::Stars;
use super::super::binding::BindingKind;
use super::super::condition::{Test, read_else, read_test};
use super::super::scope::{Occurs, Reading, ScopeId, ScopeKind};
use super::super::sites::{FunctionSite, SiteIndex};
use super::{Builder, Method, NodeId, Owner};

impl<'a> Builder<'a> {
    pub(super) fn body(&mut self, body: &'a [Stmt]) {
        for statement in body {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Expr(it) => {
                self.node(AnyNodeRef::StmtExpr(it), it, |b, _| b.expression(&it.value));
            }
            Stmt::Assign(it) => {
                self.node(AnyNodeRef::StmtAssign(it), it, |b, id| {
                    for target in &it.targets {
                        b.target(target, BindingKind::Assignment(&it.value), id);
                    }
                    b.expression(&it.value);
                });
            }
            Stmt::AugAssign(it) => {
                self.node(AnyNodeRef::StmtAugAssign(it), it, |b, id| {
                    b.target(&it.target, BindingKind::AugmentedAssignment, id);
                    b.expression(&it.value);
                });
            }
            Stmt::AnnAssign(it) => {
                self.node(AnyNodeRef::StmtAnnAssign(it), it, |b, id| b.annotated(it, id));
            }
            Stmt::Return(it) => {
                self.node(AnyNodeRef::StmtReturn(it), it, |b, id| {
                    b.ends(id);
                    b.expressions(it.value.as_deref());
                });
            }
            Stmt::If(it) => {
                self.node(AnyNodeRef::StmtIf(it), it, |b, id| b.if_statement(it, id));
            }
            Stmt::FunctionDef(it) => {
                self.node(AnyNodeRef::StmtFunctionDef(it), it, |b, id| b.function(it, id));
            }
            Stmt::ClassDef(it) => {
                self.node(AnyNodeRef::StmtClassDef(it), it, |b, id| b.class(it, id));
            }
            Stmt::Import(it) => {
                let id = self.leaf(AnyNodeRef::StmtImport(it), it);
                self.semantic.sites.imports.push(id);
                for alias in &it.names {
                    let (name, range) = bound_by(alias);
                    self.bind(name, range, BindingKind::Import(it, alias), id);
                }
            }
            Stmt::ImportFrom(it) => {
                let id = self.leaf(AnyNodeRef::StmtImportFrom(it), it);
                self.semantic.sites.imports.push(id);
                for alias in &it.names {
                    if alias.name.as_str() == "*" {
                        self.semantic.scopes[self.scope.index()].opaque = true;
                        self.semantic.stars = match self.semantic.stars {
                            Stars::Nowhere => Stars::Only(it),
                            Stars::Only(_) | Stars::Anywhere => Stars::Anywhere,
                        };
                        continue;
                    }
                    let name = alias.asname.as_ref().unwrap_or(&alias.name);
                    let kind = BindingKind::FromImport(it, alias);
                    self.bind(name.as_str(), name.range(), kind, id);
                }
            }
            Stmt::For(it) => {
                self.node(AnyNodeRef::StmtFor(it), it, |b, id| {
                    b.target(&it.target, BindingKind::Loop, id);
                    b.expression(&it.iter);
                    b.repeated(|b| b.arm(Test::Loop, id, 0, &it.body));
                    b.arm(Test::Unknown, id, 1, &it.orelse);
                });
            }
            Stmt::While(it) => {
                self.node(AnyNodeRef::StmtWhile(it), it, |b, id| {
                    b.repeated(|b| {
                        b.expression(&it.test);
                        b.arm(Test::Loop, id, 0, &it.body);
                    });
                    b.arm(Test::Unknown, id, 1, &it.orelse);
                });
            }
            Stmt::With(it) => {
                self.node(AnyNodeRef::StmtWith(it), it, |b, id| {
                    for item in &it.items {
                        b.expression(&item.context_expr);
                        if let Some(target) = &item.optional_vars {
                            b.target(target, BindingKind::With(&item.context_expr), id);
                        }
                    }
                    b.arm(Test::With, id, 0, &it.body);
                });
            }
            Stmt::Try(it) => {
                self.node(AnyNodeRef::StmtTry(it), it, |b, id| b.try_statement(it, id));
            }
            Stmt::Match(it) => {
                self.node(AnyNodeRef::StmtMatch(it), it, |b, id| {
                    b.expression(&it.subject);
                    for (position, case) in it.cases.iter().enumerate() {
                        let condition =
                            b.condition(b.condition, Test::Unknown, id, arm_number(position));
                        b.node(AnyNodeRef::MatchCase(case), case, |b, id| {
                            b.under(condition, |b| {
                                b.pattern(&case.pattern, id);
                                b.expressions(case.guard.as_deref());
                                b.body(&case.body);
                            });
                        });
                    }
                });
            }
            Stmt::Raise(it) => {
                self.node(AnyNodeRef::StmtRaise(it), it, |b, id| {
                    b.ends(id);
                    b.expressions(it.exc.as_deref());
                    b.expressions(it.cause.as_deref());
                });
            }
            Stmt::Assert(it) => {
                self.node(AnyNodeRef::StmtAssert(it), it, |b, _| {
                    b.expression(&it.test);
                    b.expressions(it.msg.as_deref());
                });
            }
            Stmt::Delete(it) => {
                self.node(AnyNodeRef::StmtDelete(it), it, |b, _| b.expressions(&it.targets));
            }
            Stmt::TypeAlias(it) => {
                self.node(AnyNodeRef::StmtTypeAlias(it), it, |b, id| b.type_alias(it, id));
            }
            Stmt::Global(it) => {
                self.leaf(AnyNodeRef::StmtGlobal(it), it);
                self.stores();
                for name in &it.names {
                    self.occurs(self.scope, name.as_str(), Occurs::GLOBAL);
                    self.occurs(ScopeId::MODULE, name.as_str(), Occurs::GLOBAL);
                }
            }
            Stmt::Nonlocal(it) => {
                self.leaf(AnyNodeRef::StmtNonlocal(it), it);
                self.semantic.has_nonlocal = true;
                for name in &it.names {
                    self.occurs(self.scope, name.as_str(), Occurs::NONLOCAL);
                }
            }
            Stmt::Pass(it) => {
                self.leaf(AnyNodeRef::StmtPass(it), it);
            }
            Stmt::Break(it) => {
                self.leaf(AnyNodeRef::StmtBreak(it), it);
            }
            Stmt::Continue(it) => {
                self.leaf(AnyNodeRef::StmtContinue(it), it);
            }
            Stmt::IpyEscapeCommand(it) => {
                self.leaf(AnyNodeRef::StmtIpyEscapeCommand(it), it);
            }
        }
    }

    /// A body that runs under a condition of the statement.
    fn arm(&mut self, test: Test, statement: NodeId, arm: u16, body: &'a [Stmt]) {
        if !body.is_empty() {
            let condition = self.condition(self.condition, test, statement, arm);
            self.under(condition, |b| b.body(body));
        }
    }

    fn annotated(&mut self, it: &'a ast::StmtAnnAssign, id: NodeId) {
        let is_local = self.is_function_like();
        match (&*it.target, &it.value) {
            (Expr::Name(name), value) => {
                self.leaf(AnyNodeRef::ExprName(name), name);
                let kind = match value {
                    Some(value) => BindingKind::Assignment(value),
                    None => BindingKind::Declaration,
                };
                // `(x): T` without a value declares nothing.
                if it.simple || value.is_some() {
                    self.bind(name.id.as_str(), name.range, kind, id);
                }
                if it.simple {
                    self.occurs(self.scope, name.id.as_str(), Occurs::ANNOTATED);
                }
            }
            (target, _) => self.expression(target),
        }
        // Annotations of local variables are never evaluated (PEP 526).
        let reading = if is_local { Reading::DeferredAnnotation } else { self.annotations };
        self.annotation(&it.annotation, reading);
        self.expressions(it.value.as_deref());
    }

    fn if_statement(&mut self, it: &'a ast::StmtIf, id: NodeId) {
        self.expression(&it.test);
        self.arm(read_test(&it.test), id, 0, &it.body);
        // Each further clause stands under the failure of those before it.
        let mut otherwise = self.condition(self.condition, read_else(&it.test), id, 1);
        for clause in &it.elif_else_clauses {
            self.node(AnyNodeRef::ElifElseClause(clause), clause, |b, clause_id| {
                let around = std::mem::replace(&mut b.condition, otherwise);
                match &clause.test {
                    Some(test) => {
                        b.expression(test);
                        b.arm(read_test(test), clause_id, 0, &clause.body);
                        otherwise = b.condition(otherwise, read_else(test), clause_id, 1);
                    }
                    None => b.body(&clause.body),
                }
                b.condition = around;
            });
        }
    }

    fn try_statement(&mut self, it: &'a ast::StmtTry, id: NodeId) {
        self.arm(Test::Try, id, 0, &it.body);
        for (position, handler) in it.handlers.iter().enumerate() {
            let ast::ExceptHandler::ExceptHandler(handler) = handler;
            let node = AnyNodeRef::ExceptHandlerExceptHandler(handler);
            let condition =
                self.condition(self.condition, Test::Handler, id, arm_number(position) + 1);
            self.node(node, handler, |b, handler_id| {
                b.expressions(handler.type_.as_deref());
                b.under(condition, |b| {
                    if let Some(name) = &handler.name {
                        let kind = BindingKind::Exception;
                        b.bind(name.as_str(), name.range(), kind, handler_id);
                    }
                    b.body(&handler.body);
                });
            });
        }
        self.arm(Test::Try, id, 0, &it.orelse);
        self.arm(Test::Finally, id, u16::MAX, &it.finalbody);
    }

    fn function(&mut self, it: &'a ast::StmtFunctionDef, id: NodeId) {
        let class = match self.owner {
            Owner::Class(class) => Some(class),
            _ => None,
        };
        let index = self.semantic.sites.functions.len() as SiteIndex;
        let site =
            FunctionSite { node: id, class, first_end: None, is_generator: false, stores: false };
        self.semantic.sites.functions.push(site);
        self.expressions(it.decorator_list.iter().map(|decorator| &decorator.expression));
        self.bind(it.name.as_str(), it.name.range(), BindingKind::Function(it), id);
        let annotated = self.type_parameters(it.type_params.as_deref(), id);
        let mut scope = annotated;
        self.within(annotated, |b| scope = b.open_scope(ScopeKind::Function, id));
        self.parameters(&it.parameters, scope, annotated, self.annotations);
        if let Some(returns) = &it.returns {
            self.within(annotated, |b| b.annotation(returns, b.annotations));
        }
        let this = first_parameter(it).map(|name| self.name(name));
        let method = class.zip(this).map(|(class, this)| Method { class, function: index, this });
        self.methods.extend(method);
        let owner = Owner::Function(index, method.map(|it| it.this));
        self.within_body(scope, owner, |b| b.body(&it.body));
        if method.is_some() {
            self.methods.pop();
        }
    }

    fn class(&mut self, it: &'a ast::StmtClassDef, id: NodeId) {
        let index = self.semantic.sites.classes.len() as SiteIndex;
        self.semantic.sites.classes.push(id);
        self.expressions(it.decorator_list.iter().map(|decorator| &decorator.expression));
        self.bind(it.name.as_str(), it.name.range(), BindingKind::Class(it), id);
        let outer_class = self.class;
        if it.type_params.is_some() {
            self.class = Some(it.name.as_str());
        }
        let generic = self.type_parameters(it.type_params.as_deref(), id);
        self.within(generic, |b| {
            if let Some(arguments) = &it.arguments {
                b.expressions(&arguments.args);
                b.keywords(&arguments.keywords);
            }
            let scope = b.open_scope(ScopeKind::Class, id);
            b.class = Some(it.name.as_str());
            b.within_body(scope, Owner::Class(index), |b| b.body(&it.body));
        });
        self.class = outer_class;
    }

    fn type_alias(&mut self, it: &'a ast::StmtTypeAlias, id: NodeId) {
        self.target(&it.name, BindingKind::TypeAlias(it), id);
        let generic = self.type_parameters(it.type_params.as_deref(), id);
        self.within(generic, |b| {
            let scope = b.open_scope(ScopeKind::LazyExpression, id);
            b.within(scope, |b| b.annotation(&it.value, Reading::Runtime));
        });
    }

    /// The scope of type parameters, with the parameters in it; the current scope if there are
    /// none. Bounds and defaults are evaluated when asked for, each in a scope of its own.
    fn type_parameters(&mut self, parameters: Option<&'a ast::TypeParams>, id: NodeId) -> ScopeId {
        let Some(parameters) = parameters else { return self.scope };
        let scope = self.open_scope(ScopeKind::TypeParameters, id);
        self.within(scope, |b| {
            for parameter in &parameters.type_params {
                let (name, bound, default) = match parameter {
                    TypeParam::TypeVar(it) => {
                        (&it.name, it.bound.as_deref(), it.default.as_deref())
                    }
                    TypeParam::TypeVarTuple(it) => (&it.name, None, it.default.as_deref()),
                    TypeParam::ParamSpec(it) => (&it.name, None, it.default.as_deref()),
                };
                b.bind(name.as_str(), name.range(), BindingKind::TypeParameter, id);
                for lazy in [bound, default].into_iter().flatten() {
                    let scope = b.open_scope(ScopeKind::LazyExpression, id);
                    b.within(scope, |b| b.annotation(lazy, Reading::Runtime));
                }
            }
        });
        scope
    }

    fn pattern(&mut self, pattern: &'a Pattern, case: NodeId) {
        let capture = |b: &mut Self, name: &'a Option<ast::Identifier>| {
            if let Some(name) = name {
                b.bind(name.as_str(), name.range(), BindingKind::Match, case);
            }
        };
        match pattern {
            Pattern::MatchValue(it) => self.expression(&it.value),
            Pattern::MatchSingleton(_) => {}
            Pattern::MatchSequence(it) => self.patterns(&it.patterns, case),
            Pattern::MatchOr(it) => self.patterns(&it.patterns, case),
            Pattern::MatchMapping(it) => {
                self.expressions(&it.keys);
                self.patterns(&it.patterns, case);
                capture(self, &it.rest);
            }
            Pattern::MatchClass(it) => {
                self.expression(&it.cls);
                self.patterns(&it.arguments.patterns, case);
                for keyword in &it.arguments.keywords {
                    self.pattern(&keyword.pattern, case);
                }
            }
            Pattern::MatchStar(it) => capture(self, &it.name),
            Pattern::MatchAs(it) => {
                if let Some(inner) = &it.pattern {
                    self.pattern(inner, case);
                }
                capture(self, &it.name);
            }
        }
    }

    fn patterns(&mut self, patterns: &'a [Pattern], case: NodeId) {
        for pattern in patterns {
            self.pattern(pattern, case);
        }
    }
}

/// The name that `import a.b` or `import a.b as c` binds, and where it is written.
fn bound_by(alias: &ast::Alias) -> (&str, ruff_text_size::TextRange) {
    match &alias.asname {
        Some(name) => (name.as_str(), name.range()),
        None => {
            let name = alias.name.as_str();
            let head = name.split('.').next().unwrap_or(name);
            let start = alias.name.start();
            let length = ruff_text_size::TextSize::try_from(head.len()).unwrap_or_default();
            (head, ruff_text_size::TextRange::at(start, length))
        }
    }
}

/// The name of a function's first positional parameter.
fn first_parameter(function: &ast::StmtFunctionDef) -> Option<&str> {
    let parameters = &function.parameters;
    let first = parameters.posonlyargs.first().or(parameters.args.first())?;
    Some(first.parameter.name.as_str())
}

/// Arms are told apart up to a number that no one writes by hand.
fn arm_number(position: usize) -> u16 {
    u16::try_from(position).unwrap_or(u16::MAX - 2)
}
