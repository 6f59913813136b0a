//! Uses of the standard library that its table has a row for: imports first, then what is said of
//! the names they bind, builtins, and methods of values whose class is written down.

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprCall, PythonVersion};
use ruff_text_size::{Ranged, TextRange};

use super::stdlib::{self, Row, Span};
use super::values::{class_of, is_defined_in_file};
use crate::rule::Context;
use crate::semantic::{Binding, BindingKind, QualifiedName, Reading, Reference, SymbolId};

/// A use of something that has a row.
pub(super) struct Use<'a> {
    /// What holds the place, to ask what stands around it.
    pub(super) node: AnyNodeRef<'a>,
    /// The place.
    pub(super) range: TextRange,
    /// What is used; for a parameter, the callable that has it.
    pub(super) name: QualifiedName<'a>,
    pub(super) parameter: Option<&'a str>,
    pub(super) row: Row,
    pub(super) how: How,
}

impl Use<'_> {
    /// How messages call what is used.
    pub(super) fn what(&self) -> String {
        let name = self.name.to_string();
        let name = name.strip_prefix("builtins.").unwrap_or(&name);
        match self.parameter {
            Some(parameter) => format!("`{parameter}` of `{name}()`"),
            None => format!("`{name}`"),
        }
    }
}

/// How something is used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// `import m` or `from m import …`.
    Module,
    /// `from m import name`.
    Import,
    /// `m.name`, `C.name`.
    Attribute,
    /// A builtin by its name.
    Builtin,
    /// `value.name`.
    Method,
    /// `f(name=…)`.
    Keyword,
}

impl How {
    /// What is raised where it is missing.
    pub(super) fn error(self) -> &'static str {
        match self {
            How::Module => "ModuleNotFoundError",
            How::Import => "ImportError",
            How::Attribute | How::Method => "AttributeError",
            How::Builtin => "NameError",
            How::Keyword => "TypeError",
        }
    }

    /// Which handlers catch that.
    pub(super) fn errors(self) -> &'static [&'static str] {
        match self {
            How::Module => &["ModuleNotFoundError", "ImportError"],
            How::Import => &["ImportError"],
            How::Attribute | How::Method => &["AttributeError"],
            How::Builtin => &["NameError"],
            How::Keyword => &["TypeError"],
        }
    }
}

/// What is looked for: names that were added after one version, or removed by another.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'w> {
    pub(super) added_after: Option<PythonVersion>,
    pub(super) removed_by: Option<PythonVersion>,
    /// The builtins that may be of interest.
    pub(super) builtins: &'w [&'static str],
}

impl Wanted<'_> {
    fn row(&self, row: Row) -> bool {
        self.added_after.is_some_and(|lowest| row.added.is_some_and(|since| since > lowest))
            || self.removed_by.is_some_and(|highest| row.removed.is_some_and(|end| end <= highest))
    }

    fn span(&self, span: Span) -> bool {
        self.added_after.is_some_and(|lowest| span.may_be_newer_than(lowest))
            || self.removed_by.is_some_and(|highest| span.may_be_gone_by(highest))
    }
}

/// All uses of a file that are of interest, imports first.
pub(super) fn uses<'a>(cx: &Context<'a>, wanted: Wanted<'_>) -> Vec<Use<'a>> {
    let mut search = Search { cx, wanted, found: Vec::new() };
    for binding in cx.semantic.all_bindings() {
        match binding.kind {
            BindingKind::Import(..) => search.import(binding),
            BindingKind::FromImport(..) => search.import_from(binding),
            _ => {}
        }
    }
    search.builtins();
    search.members();
    search.found
}

struct Search<'c, 'a, 'w> {
    cx: &'c Context<'a>,
    wanted: Wanted<'w>,
    found: Vec<Use<'a>>,
}

impl<'a> Search<'_, 'a, '_> {
    fn import(&mut self, binding: &'a Binding<'a>) {
        let BindingKind::Import(statement, alias) = binding.kind else { return };
        let dotted = alias.name.as_str();
        let top = dotted.split('.').next().unwrap_or(dotted);
        if !self.wanted.span(stdlib::span_of_module(top)) {
            return;
        }
        let node = AnyNodeRef::StmtImport(statement);
        if self.module(dotted, node, alias.name.range()) {
            return;
        }
        let is_plain = alias.asname.is_none();
        if let Some(symbol) = self.only(binding, is_plain.then_some(top))
            && let Some(name) = QualifiedName::of(if is_plain { top } else { dotted })
        {
            self.references(symbol, name);
        }
    }

    fn import_from(&mut self, binding: &'a Binding<'a>) {
        let BindingKind::FromImport(statement, alias) = binding.kind else { return };
        let Some(module) = statement.module.as_ref().filter(|_| statement.level == 0) else {
            return;
        };
        let top = module.split('.').next().unwrap_or(module);
        if top == "__future__" || !self.wanted.span(stdlib::span_of_module(top)) {
            return;
        }
        let node = AnyNodeRef::StmtImportFrom(statement);
        let is_first = statement.names.first().is_some_and(|first| std::ptr::eq(first, alias));
        if is_first && self.module(module.as_str(), node, module.range()) {
            return;
        }
        let Some(name) = QualifiedName::of(module.as_str()) else { return };
        let Some(name) = name.joined(alias.name.as_str()) else { return };
        if self.look_up(name, None, node, alias.name.range(), How::Import) {
            return;
        }
        if let Some(symbol) = self.only(binding, None) {
            self.references(symbol, name);
        }
    }

    /// Looks a module up, and the packages that it is in.
    fn module(&mut self, dotted: &'a str, node: AnyNodeRef<'a>, range: TextRange) -> bool {
        let ends = dotted.match_indices('.').map(|(at, _)| at).chain([dotted.len()]);
        for end in ends {
            let Some(name) = QualifiedName::of(&dotted[..end]) else { return false };
            if self.look_up(name, None, node, range, How::Module) {
                return true;
            }
        }
        false
    }

    /// The symbol that a binding binds, if nothing else does; `import a.b` and `import a.c` both
    /// bind `a` to the same.
    fn only(&self, binding: &Binding<'a>, top: Option<&str>) -> Option<SymbolId> {
        let semantic = self.cx.semantic;
        let symbol = semantic.symbol_of(binding);
        let mut others = semantic.bindings(symbol);
        let is_same = |other: &Binding<'a>| match other.kind {
            BindingKind::Import(_, alias) => {
                let name = alias.name.as_str();
                alias.asname.is_none() && name.split('.').next() == top
            }
            _ => false,
        };
        match top {
            // Of those that bind the same, the first speaks.
            Some(_) => {
                let first = others.next()?;
                let all = std::iter::once(first).chain(others).all(is_same);
                (all && first.range == binding.range).then_some(symbol)
            }
            None => {
                let only = semantic.only_binding(symbol)?;
                (only.range == binding.range).then_some(symbol)
            }
        }
    }

    /// Looks up what is said of a name wherever it is read.
    fn references(&mut self, symbol: SymbolId, name: QualifiedName<'a>) {
        for reference in self.cx.semantic.references(symbol) {
            self.chain(reference, name);
        }
    }

    /// Looks up the attributes behind a name, and the keywords of a call of what they lead to.
    fn chain(&mut self, reference: &Reference, first: QualifiedName<'a>) {
        if !matches!(reference.reading, Reading::Runtime | Reading::Annotation) {
            return;
        }
        let cx = self.cx;
        let mut id = reference.node;
        // A name is only put together where its last part is of interest, which is rare.
        let mut last = first.last();
        while let AnyNodeRef::ExprAttribute(attribute) = cx.tree.node(cx.tree.parent(id)) {
            id = cx.tree.parent(id);
            last = attribute.attr.as_str();
            if !attribute.ctx.is_load() || !self.may_be_wanted(last) {
                continue;
            }
            let Some(name) = with_attributes(first, attribute) else { return };
            let node = AnyNodeRef::ExprAttribute(attribute);
            if self.look_up(name, None, node, attribute.range, How::Attribute) {
                return;
            }
        }
        if let AnyNodeRef::ExprCall(call) = cx.tree.node(cx.tree.parent(id))
            && !call.arguments.keywords.is_empty()
            && cx.id(&*call.func) == id
            && self.may_be_wanted(last)
        {
            let name = match &*call.func {
                Expr::Attribute(it) => with_attributes(first, it),
                _ => Some(first),
            };
            if let Some(name) = name {
                self.keywords(call, name);
            }
        }
    }

    /// Whether names with this last part may be of interest.
    fn may_be_wanted(&self, last: &str) -> bool {
        self.wanted.span(stdlib::span_of_last(last))
    }

    fn keywords(&mut self, call: &'a ExprCall, name: QualifiedName<'a>) {
        for keyword in &call.arguments.keywords {
            let Some(parameter) = &keyword.arg else { continue };
            let node = AnyNodeRef::ExprCall(call);
            let range = parameter.range();
            self.look_up(name, Some(parameter.as_str()), node, range, How::Keyword);
        }
    }

    /// Builtins by their names.
    fn builtins(&mut self) {
        let cx = self.cx;
        let named = |text: &&'static str| {
            let id = cx.semantic.name(text)?;
            Some((id, QualifiedName::of("builtins")?.joined(text)?))
        };
        let wanted: Vec<_> = self.wanted.builtins.iter().filter_map(named).collect();
        if wanted.is_empty() {
            return;
        }
        for reference in cx.semantic.all_references() {
            let read = cx.semantic.name_id_read(reference);
            let Some((_, name)) = wanted.iter().find(|(id, _)| *id == read) else { continue };
            if !matches!(reference.reading, Reading::Runtime | Reading::Annotation)
                || cx.semantic.symbol_read(reference).is_some()
            {
                continue;
            }
            let node = cx.tree.node(reference.node);
            if !self.look_up(*name, None, node, node.range(), How::Builtin) {
                self.chain(reference, *name);
            }
        }
    }

    /// Methods and attributes of values, and of classes that are builtins.
    fn members(&mut self) {
        let cx = self.cx;
        for id in &cx.semantic.sites().attributes {
            let node = cx.tree.node(*id);
            let AnyNodeRef::ExprAttribute(attribute) = node else { continue };
            let member = attribute.attr.as_str();
            if !self.wanted.span(stdlib::span_of_member(member)) || !attribute.ctx.is_load() {
                continue;
            }
            let Some(class) = class_of(&attribute.value, cx) else { continue };
            let Some(name) = class.joined(member) else { continue };
            let around = cx.ancestors(attribute).find_map(|it| match it {
                AnyNodeRef::StmtClassDef(class) => Some(class),
                _ => None,
            });
            if around.is_some_and(|class| is_defined_in_file(class, member, cx)) {
                continue;
            }
            if self.look_up(name, None, node, attribute.range, How::Method) {
                continue;
            }
            if let AnyNodeRef::ExprCall(call) = cx.parent(attribute)
                && cx.id(&*call.func) == *id
            {
                self.keywords(call, name);
            }
        }
    }

    /// Looks a name up, and notes the use if its row is of interest.
    fn look_up(
        &mut self,
        name: QualifiedName<'a>,
        parameter: Option<&'a str>,
        node: AnyNodeRef<'a>,
        range: TextRange,
        how: How,
    ) -> bool {
        if !self.may_be_wanted(name.last()) {
            return false;
        }
        let row = stdlib::find(name.parts().iter().copied(), parameter);
        let Some(row) = row.filter(|row| self.wanted.row(*row)) else { return false };
        self.found.push(Use { node, range, name, parameter, row, how });
        true
    }
}

/// A name with the attributes that stand behind it, up to one of them.
fn with_attributes<'a>(
    first: QualifiedName<'a>,
    attribute: &'a ExprAttribute,
) -> Option<QualifiedName<'a>> {
    let before = match &*attribute.value {
        Expr::Attribute(inner) => with_attributes(first, inner)?,
        _ => first,
    };
    before.joined(attribute.attr.as_str())
}
