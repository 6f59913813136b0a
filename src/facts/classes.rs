//! Classes: bases, slots, members and attributes.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::Ranged as _;

use super::extract::Extractor;
use super::{BaseFacts, ClassFacts, Dataclass, MemberFacts, MemberKind, Part, Slots};
use crate::semantic::{BindingKind, ScopeKind};
use crate::syntax::NodeId;

impl<'a> Extractor<'a, '_> {
    pub(super) fn classes(&mut self) -> Vec<ClassFacts> {
        (0..self.scan.classes.len()).filter_map(|at| self.class(self.scan.classes[at])).collect()
    }

    fn class(&mut self, node: NodeId) -> Option<ClassFacts> {
        let (tree, semantic) = (self.tree, self.semantic);
        let AnyNodeRef::StmtClassDef(class) = tree.node(node) else { return None };
        let scope = semantic.scope_of(node)?;
        let around = semantic.scope(scope).parent?;
        let mut holder = around;
        while self.scope_kind(holder) == ScopeKind::TypeParameters {
            holder = semantic.scope(holder).parent?;
        }
        let symbol =
            semantic.name(class.name.as_str()).and_then(|it| semantic.symbol_in(holder, it));
        let only = symbol.and_then(|symbol| semantic.only_binding(symbol));
        let is_certain = only.is_some_and(|binding| {
            binding.node == node && semantic.is_unconditional(binding.condition)
        });
        let arguments = class.arguments.as_deref();
        let first_base = self.lists.bases.len();
        let mut has_hidden_bases = false;
        for base in arguments.iter().flat_map(|it| &it.args) {
            let (written, is_subscripted) = match base {
                Expr::Subscript(subscript) => (&*subscript.value, true),
                Expr::Starred(_) => {
                    has_hidden_bases = true;
                    continue;
                }
                base => (base, false),
            };
            let target = self.target(written, around);
            self.lists.bases.push(BaseFacts { target, is_subscripted, range: base.range() });
        }
        let mut metaclass = None;
        let mut keywords = Vec::new();
        for keyword in arguments.iter().flat_map(|it| &it.keywords) {
            match keyword.arg.as_ref().map(|it| it.as_str()) {
                Some("metaclass") => metaclass = Some(self.target(&keyword.value, around)),
                Some(name) => keywords.push(self.text(name)),
                None => has_hidden_bases = true,
            }
        }
        let bases = Part::since(first_base, &self.lists.bases);
        let decorators = self.decorated(&class.decorator_list, node);
        let dataclass =
            Dataclass::of(class, |it| semantic.qualified_from(around, &self.info.module, it));
        let members = self.members(scope);
        let attributes = self.attributes(node);
        Some(ClassFacts {
            name: self.text(class.name.as_str()),
            range: class.name.range(),
            holder: self.holder(node),
            is_certain,
            bases,
            has_hidden_bases,
            is_generic: class.type_params.is_some(),
            metaclass,
            keywords,
            decorators,
            dataclass: dataclass.map(|(_, it)| it),
            slots: self.slots(class),
            members,
            attributes,
        })
    }

    /// What the body binds, each name once.
    fn members(&mut self, scope: crate::semantic::ScopeId) -> Part {
        let semantic = self.semantic;
        let start = self.lists.members.len();
        for symbol in semantic.symbols(scope) {
            let mut bindings = semantic.bindings(symbol);
            let Some(first) = bindings.next() else { continue };
            let last = bindings.last().unwrap_or(first);
            let kind = match last.kind {
                // Property setters and overloads bind a name again; the last one counts.
                BindingKind::Function(function) => {
                    self.function_index(self.tree.id(function)).map(MemberKind::Function)
                }
                _ if !std::ptr::eq(first, last) => None,
                BindingKind::Class(class) => {
                    self.class_index(self.tree.id(class)).map(MemberKind::Class)
                }
                BindingKind::Declaration => Some(MemberKind::Annotation),
                BindingKind::Assignment(Expr::NoneLiteral(_)) => Some(MemberKind::None),
                BindingKind::Deletion => None,
                _ => Some(MemberKind::Value),
            };
            let is_certain = semantic.is_unconditional(last.condition);
            let kind = kind.filter(|_| is_certain).unwrap_or(MemberKind::Ambiguous);
            let name = self.text(semantic.text(symbol));
            self.lists.members.push(MemberFacts { name, range: last.range, kind });
        }
        let strings = self.interner.strings();
        let members = &mut self.lists.members;
        members[start..].sort_by(|a, b| strings.get(a.name).cmp(strings.get(b.name)));
        Part::since(start, members)
    }

    /// The attributes that the methods assign on their first parameter.
    fn attributes(&mut self, class: NodeId) -> Part {
        let start = self.lists.attributes.len();
        if let Some(index) = self.class_index(class) {
            let writes = &self.scan.own_writes;
            let first = writes.partition_point(|(other, _)| *other < index);
            let own = writes[first..].iter().take_while(|it| it.0 == index);
            self.lists.attributes.extend(own.map(|(_, name)| self.interner.intern(name)));
        }
        self.lists.attributes[start..].sort_unstable();
        Part::since(start, &self.lists.attributes)
    }

    fn slots(&mut self, class: &'a ast::StmtClassDef) -> Slots {
        let mut found = Slots::Absent;
        for statement in &class.body {
            let value = match statement {
                Stmt::Assign(it) if it.targets.iter().any(is_slots) => Some(&*it.value),
                Stmt::AnnAssign(it) if is_slots(&it.target) => it.value.as_deref(),
                Stmt::AugAssign(it) if is_slots(&it.target) => return Slots::Dynamic,
                _ => None,
            };
            let Some(value) = value else { continue };
            if found != Slots::Absent {
                return Slots::Dynamic;
            }
            found = match slot_names(value) {
                Some(names) => Slots::Names(names.into_iter().map(|it| self.text(it)).collect()),
                None => Slots::Dynamic,
            };
        }
        let is_bound_elsewhere = || {
            let node = self.tree.id(class);
            let scope = self.semantic.scope_of(node)?;
            self.semantic.symbol_in(scope, self.semantic.name("__slots__")?)
        };
        if found == Slots::Absent
            && is_bound_elsewhere().is_some_and(|it| self.semantic.bindings(it).next().is_some())
        {
            return Slots::Dynamic;
        }
        found
    }
}

/// The name of a function's first positional parameter.
pub(super) fn first_parameter(function: &ast::StmtFunctionDef) -> Option<&str> {
    let parameters = &function.parameters;
    let first = parameters.posonlyargs.first().or(parameters.args.first())?;
    Some(first.parameter.name.as_str())
}

fn is_slots(target: &Expr) -> bool {
    target.as_name_expr().is_some_and(|name| name.id.as_str() == "__slots__")
}

/// The names that a literal `__slots__` gives.
fn slot_names(value: &Expr) -> Option<Vec<&str>> {
    fn plain(expression: &Expr) -> Option<&str> {
        Some(expression.as_string_literal_expr()?.value.to_str())
    }
    match value {
        Expr::StringLiteral(it) => Some(vec![it.value.to_str()]),
        Expr::Tuple(it) => it.elts.iter().map(plain).collect(),
        Expr::List(it) => it.elts.iter().map(plain).collect(),
        Expr::Set(it) => it.elts.iter().map(plain).collect(),
        Expr::Dict(it) => it.items.iter().map(|item| plain(item.key.as_ref()?)).collect(),
        _ => None,
    }
}
