//! Statements to words.

use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::TextSize;

use super::expressions::is_all;
use super::write::{ImportSite, Writer};
use super::{IS_LAZY, IS_RELATIVE, Instruction, NOTHING};
use crate::semantic::{Test, read_test};
use crate::syntax::NodeId;

/// Methods that run when a class is made, or an instance, or when either is called.
const CALLED_BY_PYTHON: &[&str] = &[
    "__call__",
    "__class_getitem__",
    "__init__",
    "__init_subclass__",
    "__new__",
    "__post_init__",
    "__prepare__",
    "__set_name__",
];

impl<'a> Writer<'a, '_> {
    pub(super) fn statements(&mut self, body: &'a [Stmt]) {
        body.iter().for_each(|statement| self.statement(statement));
    }

    pub(super) fn block(&mut self, body: &'a [Stmt]) {
        self.measured(|writer| writer.statements(body));
    }

    fn statement(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Expr(it) => {
                self.put(Instruction::Expression, 0);
                if self.effect(&it.value) == 0 {
                    self.words.pop();
                }
            }
            Stmt::Import(it) => self.import(it),
            Stmt::ImportFrom(it) => self.import_from(it),
            Stmt::FunctionDef(it) => self.function(it),
            Stmt::ClassDef(it) => self.class(it),
            Stmt::Assign(it) => {
                let is_all = it.targets.iter().any(is_all);
                let start = self.words.len();
                self.put(Instruction::Assign, it.targets.len() as u32);
                self.with_strings(is_all, |writer| writer.expression(&it.value));
                let value = start + 1;
                let is_inert = self.is_inert_since(value);
                let targets = self.words.len();
                it.targets.iter().for_each(|target| self.target(target));
                let is_dropped = |word: &u32| *word == Instruction::ToUnknown.with(0);
                if is_inert && self.words[targets..].iter().all(is_dropped) {
                    self.words.truncate(start);
                }
            }
            Stmt::AnnAssign(it) => self.annotated(it),
            Stmt::AugAssign(it) => self.augmented(it),
            Stmt::If(it) => self.branches(Some(&it.test), &it.body, &it.elif_else_clauses),
            Stmt::For(it) => {
                let start = self.words.len();
                self.put(Instruction::For, 0);
                self.expression(&it.iter);
                let is_inert = self.is_inert_since(start + 1);
                self.target(&it.target);
                let blocks = self.words.len();
                self.block(&it.body);
                self.block(&it.orelse);
                // What a loop leaves in local names is of no interest.
                if is_inert && self.depth > 0 && self.words.len() == blocks + 2 {
                    self.words.truncate(start);
                }
            }
            Stmt::While(it) => {
                self.put(Instruction::While, 0);
                self.expression(&it.test);
                self.block(&it.body);
                self.block(&it.orelse);
            }
            Stmt::With(it) => self.with(it),
            Stmt::Try(it) => self.tried(it),
            Stmt::Return(it) => {
                self.put(Instruction::Return, 0);
                match &it.value {
                    Some(value) => self.expression(value),
                    None => self.put(Instruction::None, 0),
                }
            }
            Stmt::Break(_) | Stmt::Continue(_) => self.put(Instruction::Jump, 0),
            Stmt::Raise(it) => self.raise(it),
            Stmt::Delete(it) => {
                for target in &it.targets {
                    if let Expr::Name(name) = target {
                        let text = self.text(name.id.as_str());
                        self.put(Instruction::Delete, text);
                        self.put_place(name.range.start());
                    }
                }
            }
            Stmt::Assert(it) => {
                self.put(Instruction::Expression, 0);
                if self.effect(&it.test) == 0 {
                    self.words.pop();
                }
            }
            Stmt::Match(it) => {
                self.put(Instruction::Match, it.cases.len() as u32);
                self.expression(&it.subject);
                for case in &it.cases {
                    self.measured(|writer| {
                        writer.captures(&case.pattern);
                        writer.statements(&case.body);
                    });
                }
            }
            Stmt::TypeAlias(it) => {
                self.put(Instruction::Assign, 1);
                self.put(Instruction::Unknown, 0);
                self.target(&it.name);
            }
            Stmt::Global(it) => {
                self.global_names.extend(it.names.iter().map(|name| name.as_str()));
            }
            Stmt::Nonlocal(_) | Stmt::Pass(_) | Stmt::IpyEscapeCommand(_) => {}
        }
    }

    fn import(&mut self, statement: &'a ast::StmtImport) {
        let at = statement.range.start();
        let Some(ImportSite { mut import, .. }) = self.import_site(self.tree.id(statement)) else {
            return;
        };
        for alias in &statement.names {
            // What the parser has made up is no import.
            if alias.name.as_str().split('.').all(str::is_empty) {
                continue;
            }
            self.put(Instruction::Import, if statement.is_lazy { IS_LAZY } else { 0 });
            self.words.push(import);
            import += 1;
            let name = alias.asname.as_ref().map(|it| it.as_str());
            let text = name.map(|name| self.text(name));
            self.words.push(text.unwrap_or(NOTHING));
            let top = || alias.name.as_str().split('.').next().unwrap_or_default();
            self.bound_by_import(name.unwrap_or_else(top), text, at);
        }
    }

    /// Where the imports of a statement are among those of the file.
    fn import_site(&mut self, node: NodeId) -> Option<ImportSite> {
        let is_it = self.next_import_from(node) == Some(node);
        is_it.then(|| self.imports.sites[self.next_import])
    }

    /// The first import statement that does not stand before a node. Nodes are asked about in their
    /// order.
    fn next_import_from(&mut self, node: NodeId) -> Option<NodeId> {
        let imports = &self.semantic.sites().imports;
        while imports.get(self.next_import).is_some_and(|import| *import < node) {
            self.next_import += 1;
        }
        imports.get(self.next_import).copied()
    }

    fn import_from(&mut self, statement: &'a ast::StmtImportFrom) {
        let module = statement.module.as_ref().map_or("", |it| it.as_str());
        if module == "__future__" && statement.level == 0 {
            return;
        }
        let at = statement.range.start();
        let lazy = if statement.is_lazy { IS_LAZY } else { 0 };
        let relative = if statement.level > 0 { IS_RELATIVE } else { 0 };
        let count = statement.names.len() as u32;
        let operand = count << 2 | lazy | relative;
        let site = self.import_site(self.tree.id(statement)).filter(|it| it.import != NOTHING);
        match site {
            Some(site) => {
                self.put(Instruction::From, operand);
                self.words.push(site.import);
            }
            None => {
                self.put(Instruction::FromBeyond, operand);
                self.put_place(at);
            }
        }
        for (index, alias) in statement.names.iter().enumerate() {
            let text = match site {
                Some(site) => self.imports.names[site.name as usize + index].0,
                None => self.text(alias.name.as_str()),
            };
            let (name, bound) = match &alias.asname {
                Some(name) => (name.as_str(), self.text(name.as_str())),
                None => (alias.name.as_str(), text),
            };
            self.words.extend([text, bound]);
            if name != "*" {
                self.bound_by_import(name, Some(bound), alias.range.start());
            }
        }
    }

    fn bound_by_import(&mut self, name: &str, text: Option<u32>, at: TextSize) {
        if self.is_module_level() || self.is_global(name) {
            let text = text.unwrap_or_else(|| self.text(name));
            self.remember_bound(text, at);
        }
    }

    fn function(&mut self, function: &'a ast::StmtFunctionDef) {
        let sites = &self.semantic.sites().functions;
        let node = self.tree.id(function);
        while sites.get(self.next_function).is_some_and(|site| site.node < node) {
            self.next_function += 1;
        }
        let site = sites.get(self.next_function).filter(|site| site.node == node);
        let is_opaque = function.is_async
            || self.options.without_functions
            || site.is_none_or(|site| site.is_generator)
            || self.is_in_class && !self.is_followed(function, node);
        let text = self.text(function.name.as_str());
        let parameters = &function.parameters;
        let begin = self.mark();
        self.put(Instruction::Function, text);
        self.put_place(function.name.range.start());
        self.parameters(Some(parameters), is_opaque);
        self.words.push(function.decorator_list.len() as u32);
        function.decorator_list.iter().for_each(|it| self.expression(&it.expression));
        self.defaults(Some(parameters), is_opaque);
        self.annotations(function);
        // No decorators, defaults and annotations.
        let does_nothing = self.words[begin.words + 4..] == [0, 0, 0];
        if is_opaque {
            // What Python calls itself it finds by its name.
            if does_nothing && !function.name.as_str().starts_with("__") {
                self.take_back(begin);
                self.put(Instruction::Opaque, text);
            } else {
                self.words.push(0);
            }
        } else {
            self.in_function(|writer| writer.block(&function.body));
        }
        if self.is_module_level() || self.is_global(function.name.as_str()) {
            self.remember_bound(text, function.name.range.start());
        }
    }

    /// Whether it may matter what a method does: many are called while a module is imported because
    /// Python calls them, or without an instance; of the others, those that import.
    fn is_followed(&mut self, function: &ast::StmtFunctionDef, node: NodeId) -> bool {
        let name = function.name.as_str();
        let import = self.next_import_from(node);
        CALLED_BY_PYTHON.contains(&name)
            || import.is_some_and(|import| self.tree.contains(node, import))
            || function.decorator_list.iter().any(|decorator| {
                let name = last_part(&decorator.expression);
                matches!(name, Some("classmethod" | "staticmethod"))
            })
    }

    fn annotations(&mut self, function: &'a ast::StmtFunctionDef) {
        let at = self.words.len();
        self.words.push(0);
        if self.options.annotations_are_deferred {
            return;
        }
        let mut count = 0;
        for parameter in &*function.parameters {
            let annotation = parameter.as_parameter().annotation.as_deref();
            count += annotation.map_or(0, |it| self.effect(it));
        }
        count += function.returns.as_deref().map_or(0, |it| self.effect(it));
        self.words[at] = count;
    }

    fn class(&mut self, class: &'a ast::StmtClassDef) {
        let text = self.text(class.name.as_str());
        let (bases, keywords) = (class.bases(), class.keywords());
        self.put(Instruction::Class, text);
        self.put_place(class.name.range.start());
        let counts = [class.decorator_list.len(), bases.len(), keywords.len()];
        self.words.extend(counts.map(|count| count as u32));
        class.decorator_list.iter().for_each(|it| self.expression(&it.expression));
        bases.iter().for_each(|base| self.expression(base));
        for keyword in keywords {
            self.put_text(keyword.arg.as_ref().map(|it| it.as_str()));
            self.expression(&keyword.value);
        }
        let around = std::mem::replace(&mut self.is_in_class, true);
        let globals = std::mem::take(&mut self.global_names);
        self.block(&class.body);
        self.is_in_class = around;
        self.global_names = globals;
        if self.is_module_level() || self.is_global(class.name.as_str()) {
            self.remember_bound(text, class.name.range.start());
        }
    }

    fn annotated(&mut self, statement: &'a ast::StmtAnnAssign) {
        let is_all = is_all(&statement.target);
        if let Some(value) = &statement.value {
            self.put(Instruction::Assign, 1);
            self.with_strings(is_all, |writer| writer.expression(value));
            self.target(&statement.target);
        }
        // Annotations of local variables are never evaluated.
        let is_local = self.depth > 0 && !self.is_in_class;
        if is_local || self.options.annotations_are_deferred {
            return;
        }
        let begin = self.words.len();
        self.put(Instruction::Annotation, 0);
        let mut count = 0;
        self.measured(|writer| count = writer.effect(&statement.annotation));
        if count == 0 {
            self.words.truncate(begin);
        }
    }

    fn augmented(&mut self, statement: &'a ast::StmtAugAssign) {
        match &*statement.target {
            Expr::Name(name) if self.depth == 0 || self.is_global(name.id.as_str()) => {
                let text = self.text(name.id.as_str());
                self.put(Instruction::Append, text);
                self.put_place(name.range.start());
                let is_all = is_all(&statement.target);
                self.with_strings(is_all, |writer| writer.expression(&statement.value));
            }
            _ => {
                self.put(Instruction::Expression, 0);
                if self.effect(&statement.value) == 0 {
                    self.words.pop();
                }
            }
        }
    }

    /// An `if`, or what follows it behind `elif` and `else`.
    fn branches(
        &mut self,
        test: Option<&'a Expr>,
        body: &'a [Stmt],
        rest: &'a [ast::ElifElseClause],
    ) {
        let Some(test) = test else { return self.statements(body) };
        match read_test(test) {
            // Only type checkers see it.
            Test::TypeChecking(true) => return self.other_branches(rest),
            Test::TypeChecking(false) => return self.statements(body),
            _ => {}
        }
        let begin = self.words.len();
        self.put(Instruction::If, 0);
        let test_start = self.words.len();
        self.expression(test);
        let is_inert = self.is_inert_since(test_start);
        let blocks = self.words.len();
        self.block(body);
        self.measured(|writer| writer.other_branches(rest));
        if is_inert && self.words.len() == blocks + 2 {
            self.words.truncate(begin);
        }
    }

    fn other_branches(&mut self, rest: &'a [ast::ElifElseClause]) {
        if let [next, rest @ ..] = rest {
            self.branches(next.test.as_ref(), &next.body, rest);
        }
    }

    fn with(&mut self, statement: &'a ast::StmtWith) {
        if let [item] = &statement.items[..]
            && let Expr::Call(call) = &item.context_expr
            && last_part(&call.func) == Some("suppress")
        {
            self.put(Instruction::Suppress, call.arguments.args.len() as u32);
            call.arguments.args.iter().for_each(|it| self.put_text(last_part(it)));
            return self.block(&statement.body);
        }
        self.put(Instruction::With, statement.items.len() as u32);
        for item in &statement.items {
            self.expression(&item.context_expr);
            match &item.optional_vars {
                Some(target) => self.target(target),
                None => self.put(Instruction::ToUnknown, 0),
            }
        }
        self.block(&statement.body);
    }

    fn tried(&mut self, statement: &'a ast::StmtTry) {
        self.put(Instruction::Try, statement.handlers.len() as u32);
        self.block(&statement.body);
        for handler in &statement.handlers {
            let ast::ExceptHandler::ExceptHandler(handler) = handler;
            match handler.type_.as_deref() {
                None => self.put_text(None),
                Some(Expr::Tuple(tuple)) => {
                    self.words.push(tuple.elts.len() as u32);
                    tuple.elts.iter().for_each(|it| self.put_text(last_part(it)));
                }
                Some(exception) => {
                    self.words.push(1);
                    self.put_text(last_part(exception));
                }
            }
            self.put_text(handler.name.as_ref().map(|it| it.as_str()));
            self.block(&handler.body);
        }
        self.block(&statement.orelse);
        self.block(&statement.finalbody);
    }

    fn raise(&mut self, statement: &'a ast::StmtRaise) {
        let exception = statement.exc.as_deref();
        let class = exception.map(|it| match it {
            Expr::Call(call) => &*call.func,
            other => other,
        });
        let operand = match class {
            None => 0,
            Some(class) => {
                let name = last_part(class).unwrap_or("Exception");
                self.text(name) + 1
            }
        };
        self.put(Instruction::Raise, operand);
        self.put_place(statement.range.start());
        match exception {
            // What it is called with may fail before it is raised.
            Some(Expr::Call(call)) => {
                self.effects(call.arguments.args.iter().filter(|it| !it.is_string_literal_expr()));
            }
            _ => self.put(Instruction::Unknown, 0),
        }
    }

    /// The names that a pattern binds.
    fn captures(&mut self, pattern: &'a ast::Pattern) {
        use ast::Pattern;
        let mut bind = |name: &Option<ast::Identifier>| {
            if let Some(name) = name {
                self.put(Instruction::Assign, 1);
                self.put(Instruction::Unknown, 0);
                self.bind(name.as_str(), name.range);
            }
        };
        match pattern {
            Pattern::MatchAs(it) => {
                bind(&it.name);
                it.pattern.iter().for_each(|inner| self.captures(inner));
            }
            Pattern::MatchStar(it) => bind(&it.name),
            Pattern::MatchMapping(it) => {
                bind(&it.rest);
                it.patterns.iter().for_each(|inner| self.captures(inner));
            }
            Pattern::MatchSequence(it) => it.patterns.iter().for_each(|inner| self.captures(inner)),
            Pattern::MatchOr(it) => it.patterns.iter().for_each(|inner| self.captures(inner)),
            Pattern::MatchClass(it) => {
                let named = it.arguments.keywords.iter().map(|keyword| &keyword.pattern);
                it.arguments.patterns.iter().chain(named).for_each(|inner| self.captures(inner));
            }
            Pattern::MatchValue(_) | Pattern::MatchSingleton(_) => {}
        }
    }

    fn target(&mut self, target: &'a Expr) {
        match target {
            Expr::Name(name) => self.bind(name.id.as_str(), name.range),
            Expr::Attribute(it) => {
                let begin = self.words.len();
                self.put(Instruction::ToAttribute, 0);
                self.expression(&it.value);
                if self.is_inert_since(begin + 1) {
                    self.words.truncate(begin);
                    return self.put(Instruction::ToUnknown, 0);
                }
                let text = self.text(it.attr.as_str());
                self.words[begin] = Instruction::ToAttribute.with(text);
            }
            Expr::Subscript(it) => {
                let begin = self.words.len();
                self.put(Instruction::ToSubscript, 0);
                self.expression(&it.value);
                self.with_strings(true, |writer| writer.expression(&it.slice));
                if self.words.len() == begin + 3 {
                    self.words.truncate(begin);
                    self.put(Instruction::ToUnknown, 0);
                }
            }
            Expr::Tuple(it) => self.targets(&it.elts),
            Expr::List(it) => self.targets(&it.elts),
            Expr::Starred(it) => {
                if let Expr::Name(name) = &*it.value {
                    self.bind(name.id.as_str(), name.range);
                } else {
                    self.put(Instruction::ToUnknown, 0);
                }
            }
            _ => self.put(Instruction::ToUnknown, 0),
        }
    }

    fn targets(&mut self, targets: &'a [Expr]) {
        self.put(Instruction::ToSequence, targets.len() as u32);
        targets.iter().for_each(|target| self.target(target));
    }
}

/// The last part of a dotted name.
fn last_part(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(it) => Some(it.attr.as_str()),
        _ => None,
    }
}
