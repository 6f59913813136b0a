//! Classes: bases, slots, members and attributes.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::Ranged as _;

use super::extract::{Extractor, last_part};
use super::{
    AttributeFacts, BaseFacts, ClassFacts, Dataclass, MemberFacts, MemberKind, Place, Slots,
    Target, flags,
};
use crate::semantic::{BindingKind, OwnWrite, ScopeId, ScopeKind};
use crate::syntax::{NodeId, string_text};

impl<'a> Extractor<'a, '_> {
    pub(super) fn classes(&mut self) {
        for (index, class) in self.semantic.sites().classes.iter().enumerate() {
            self.class(index as u32, *class);
        }
    }

    fn class(&mut self, index: u32, node: NodeId) {
        let (tree, semantic) = (self.tree, self.semantic);
        let AnyNodeRef::StmtClassDef(class) = tree.node(node) else { return };
        let arguments = class.arguments.as_deref();
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
            let target = match written {
                Expr::Call(call) => self.made_by(call),
                written => match self.target(written) {
                    target if target.is_unknown() => self.class_before(node, written),
                    target => target,
                },
            };
            self.lists.bases.push(index, BaseFacts::new(target, base.range(), is_subscripted));
        }
        let mut metaclass = None;
        for keyword in arguments.iter().flat_map(|it| &it.keywords) {
            match keyword.arg.as_ref().map(|it| it.as_str()) {
                Some("metaclass") => metaclass = Some(self.target(&keyword.value)),
                Some(name) => {
                    let name = self.interner.text(name);
                    self.lists.class_keywords.push(index, name);
                }
                None => has_hidden_bases = true,
            }
        }
        for decorator in &class.decorator_list {
            // The standard library's own: the class is made anew, below what is given.
            if let Expr::Call(call) = &decorator.expression
                && last_part(&call.func) == "_simple_enum"
                && let Some(base) = call.arguments.args.first()
            {
                let target = self.target(base);
                self.lists.bases.push(index, BaseFacts::new(target, base.range(), false));
            }
            let target = self.decorator(decorator);
            self.lists.class_decorators.push(index, target);
        }
        let dataclass = Dataclass::of(class, |it| semantic.qualified(tree, &self.info.module, it));
        let scope = semantic.scope_of(node);
        if let Some(scope) = scope {
            self.members(index, scope);
        }
        self.attributes(index);
        let flags = flags([
            (self.is_certain_class(class, node), ClassFacts::IS_CERTAIN),
            (has_hidden_bases, ClassFacts::HAS_HIDDEN_BASES),
            (class.type_params.is_some(), ClassFacts::IS_GENERIC),
            (metaclass.is_some(), ClassFacts::HAS_METACLASS),
            (self.awaits_error(node), ClassFacts::AWAITS_ERROR),
        ]);
        let facts = ClassFacts {
            name: self.interner.text(class.name.as_str()),
            place: Place::new(class.name.range(), flags),
            holder: self.holder(node),
            metaclass: metaclass.unwrap_or(Target::UNKNOWN),
            dataclass: dataclass.map_or(0, |(_, it)| it.packed()),
            slots: self.slots(index, class) as u16,
        };
        self.lists.classes.push(facts);
    }

    /// The class statement of a module that a base further down means, where the name was imported
    /// before.
    fn class_before(&self, class: NodeId, base: &Expr) -> Target {
        let (semantic, tree) = (self.semantic, self.tree);
        let before = || {
            let Expr::Name(name) = base else { return None };
            let is_of_module = tree.parent(class) == NodeId::ROOT;
            let symbol = semantic.symbol_in(ScopeId::MODULE, semantic.name(name.id.as_str())?)?;
            let (mut last, mut are_imported) = (None, true);
            for binding in semantic.bindings(symbol) {
                if let Some(before) = last.replace(binding) {
                    are_imported &= matches!(before.kind, BindingKind::FromImport(..));
                }
            }
            let last = last?;
            let BindingKind::Class(it) = last.kind else { return None };
            let is_it = is_of_module
                && are_imported
                && it.end() < base.start()
                && semantic.is_unconditional(last.condition);
            is_it.then(|| self.class_index(tree.id(it)))?
        };
        before().map_or(Target::UNKNOWN, Target::class)
    }

    /// Whether a class is defined whenever its scope runs, and only once.
    fn is_certain_class(&self, class: &ast::StmtClassDef, node: NodeId) -> bool {
        let semantic = self.semantic;
        let only = || {
            let mut around = semantic.scope(semantic.scope_of(node)?).parent?;
            while self.scope_kind(around) == ScopeKind::TypeParameters {
                around = semantic.scope(around).parent?;
            }
            let symbol = semantic.symbol_in(around, semantic.name(class.name.as_str())?)?;
            semantic.only_binding(symbol)
        };
        only().is_some_and(|binding| {
            binding.node == node && semantic.is_unconditional(binding.condition)
        })
    }

    /// What the body binds, each name once.
    fn members(&mut self, class: u32, scope: ScopeId) {
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
                BindingKind::Assignment(value)
                    if is_container(value) && !is_for_class(self.tree.node(last.node)) =>
                {
                    Some(MemberKind::Container)
                }
                BindingKind::Deletion => None,
                _ => Some(MemberKind::Value),
            };
            let is_certain = semantic.is_unconditional(last.condition);
            let kind = kind.filter(|_| is_certain).unwrap_or(MemberKind::Ambiguous);
            let name = self.interner.name(semantic.name_of(symbol), semantic.text(symbol));
            self.lists.members.push(class, MemberFacts::new(name, last.range, kind));
        }
        let (interner, members) = (&self.interner, self.lists.members.since(start));
        members.sort_unstable_by(|a, b| interner.order(a.name, b.name));
    }

    /// The attributes that the methods assign on their first parameter.
    fn attributes(&mut self, class: u32) {
        let sites = self.semantic.sites();
        let writes = &self.own_writes;
        let first = writes.partition_point(|it| it.class < class);
        let own = writes[first..].iter().zip(&self.readers[first..]);
        let mut last: Option<(&str, AttributeFacts)> = None;
        for (OwnWrite { attribute, method, .. }, reader) in own.take_while(|it| it.0.class == class)
        {
            let is_first = self.makes_instance(sites.functions[*method as usize].node);
            let flag = match is_first {
                true => AttributeFacts::IS_SET_AT_FIRST,
                false => AttributeFacts::IS_SET_LATER,
            };
            match &mut last {
                Some((name, facts)) if name == attribute => facts.flags |= flag,
                _ => {
                    if let Some((_, facts)) = last.take() {
                        self.lists.attributes.push(class, facts);
                    }
                    let name = self.interner.text(attribute);
                    last = Some((attribute, AttributeFacts { name, reader: *reader, flags: flag }));
                }
            }
        }
        if let Some((_, facts)) = last {
            self.lists.attributes.push(class, facts);
        }
    }

    /// Whether a method takes part in making an instance, so that nobody has it yet.
    pub(super) fn makes_instance(&self, method: NodeId) -> bool {
        let name = self.tree.node(method).as_stmt_function_def().map(|it| it.name.as_str());
        matches!(name, Some("__init__" | "__new__" | "__post_init__"))
    }

    fn slots(&mut self, index: u32, class: &'a ast::StmtClassDef) -> Slots {
        let is_bound = || {
            let scope = self.semantic.scope_of(self.tree.id(class))?;
            let symbol = self.semantic.symbol_in(scope, self.semantic.name("__slots__")?)?;
            self.semantic.bindings(symbol).next()
        };
        if is_bound().is_none() {
            return Slots::Absent;
        }
        let mut values = class.body.iter().filter_map(|statement| match statement {
            Stmt::Assign(it) if it.targets.iter().any(is_slots) => Some(Some(&*it.value)),
            Stmt::AnnAssign(it) if is_slots(&it.target) => it.value.as_deref().map(Some),
            Stmt::AugAssign(it) if is_slots(&it.target) => Some(None),
            _ => None,
        });
        let (Some(Some(value)), None) = (values.next(), values.next()) else {
            return Slots::Dynamic;
        };
        let Some(names) = slot_names(value) else { return Slots::Dynamic };
        for name in names {
            let name = self.interner.text(name);
            self.lists.slots.push(index, name);
        }
        Slots::Names
    }
}

/// Whether a value is a list, dictionary or set that is made where it stands. What the names stand
/// for is not asked: nobody calls something else so in a class body.
fn is_container(value: &Expr) -> bool {
    match value {
        Expr::List(_)
        | Expr::ListComp(_)
        | Expr::Dict(_)
        | Expr::DictComp(_)
        | Expr::Set(_)
        | Expr::SetComp(_) => true,
        Expr::Call(call) => {
            let name = match &*call.func {
                Expr::Name(name) => name.id.as_str(),
                Expr::Attribute(it) => it.attr.as_str(),
                _ => return false,
            };
            matches!(name, "list" | "dict" | "set" | "deque" | "defaultdict" | "OrderedDict")
        }
        _ => false,
    }
}

/// Whether an annotation says that a name is the class's, and not its instances'.
fn is_for_class(statement: AnyNodeRef<'_>) -> bool {
    let AnyNodeRef::StmtAnnAssign(it) = statement else { return false };
    let form = match &*it.annotation {
        Expr::Subscript(it) => &*it.value,
        form => form,
    };
    let name = match form {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(it) => it.attr.as_str(),
        Expr::StringLiteral(it) => string_text(&it.value),
        _ => return false,
    };
    name.contains("ClassVar") || name.contains("Final")
}

fn is_slots(target: &Expr) -> bool {
    target.as_name_expr().is_some_and(|name| name.id.as_str() == "__slots__")
}

/// The names that a literal `__slots__` gives.
fn slot_names(value: &Expr) -> Option<Vec<&str>> {
    fn plain(expression: &Expr) -> Option<&str> {
        Some(string_text(&expression.as_string_literal_expr()?.value))
    }
    match value {
        Expr::StringLiteral(it) => Some(vec![string_text(&it.value)]),
        Expr::Tuple(it) => it.elts.iter().map(plain).collect(),
        Expr::List(it) => it.elts.iter().map(plain).collect(),
        Expr::Set(it) => it.elts.iter().map(plain).collect(),
        Expr::Dict(it) => it.items.iter().map(|item| plain(item.key.as_ref()?)).collect(),
        _ => None,
    }
}
