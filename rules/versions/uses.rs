//! Uses of the standard library that its table has a row for: imports first, then what is said of
//! the names they bind, builtins, and methods of values whose class is written down.

use std::ops::Range;

use ruff_python_ast::{AnyNodeRef, Expr, ExprAttribute, ExprCall, PythonVersion};
use ruff_text_size::{Ranged, TextRange};

use super::stdlib::{self, Row, Span, Tops};
use super::values::{class_of, is_defined_in_file, is_protocol};
use crate::rule::Context;
use crate::semantic::{Binding, BindingKind, QualifiedName, SymbolId};
use crate::syntax::NodeId;
use crate::text::dotted_parts;

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
    // One rule asks for what is new, another for what is gone: the file is searched once for both.
    let places = cx.once(Places::find);
    let mut search = Search { cx, wanted, found: Vec::new() };
    for Import { binding, heads } in &places.imports {
        let (binding, heads) =
            (&cx.semantic.all_bindings()[*binding], &places.heads[heads.clone()]);
        match binding.kind {
            BindingKind::Import(..) => search.import(binding, heads),
            BindingKind::FromImport(..) => search.import_from(binding, heads),
            _ => {}
        }
    }
    search.builtins();
    search.members(&places.members);
    search.found
}

/// Where a file may use what was added or removed after the oldest Python that is declared.
#[derive(Default)]
struct Places {
    imports: Vec<Import>,
    /// The reads of what is imported that something of interest is said of.
    heads: Vec<NodeId>,
    /// The attributes of values that may be of interest.
    members: Vec<NodeId>,
}

/// An import from a module that may be of interest.
struct Import {
    /// Its place among all bindings.
    binding: usize,
    /// Its reads among [`Places::heads`].
    heads: Range<usize>,
}

impl Places {
    fn find(cx: &Context<'_>) -> Places {
        let wanted = Wanted {
            added_after: cx.target().map(|it| it.lowest),
            removed_by: Some(PythonVersion::PY314),
            builtins: &[],
        };
        let search = Search { cx, wanted, found: Vec::new() };
        let mut places = Places::default();
        for (at, binding) in cx.semantic.all_bindings().iter().enumerate() {
            let Some((top, last, bound)) = imported(binding) else { continue };
            if !wanted.span(stdlib::span_of_module(top)) {
                continue;
            }
            let start = places.heads.len();
            if let Some(symbol) = search.only(binding, bound) {
                let reads = cx
                    .semantic
                    .references(symbol)
                    .filter(|it| it.reading.is_evaluated() && search.is_followed(it.node, last));
                places.heads.extend(reads.map(|it| it.node));
            }
            places.imports.push(Import { binding: at, heads: start..places.heads.len() });
        }
        let (members, known) = (cx.semantic.sites().attributes.iter().copied(), known_tops(cx));
        places.members.extend(members.filter(|id| match cx.tree.node(*id) {
            AnyNodeRef::ExprAttribute(it) => {
                let member = it.attr.as_str();
                wanted.span(stdlib::span_of_member(member))
                    && it.ctx.is_load()
                    // Whoever knows a class has it from somewhere.
                    && stdlib::homes_of_member(member).may_meet(known)
                    && class_of(&it.value, cx).is_some()
            }
            _ => false,
        }));
        places
    }
}

/// The first part of a dotted name.
fn top_of(dotted: &str) -> &str {
    dotted_parts(dotted).next().unwrap_or(dotted)
}

/// The top-level modules whose classes a file can name: what it imports, what is always there, and
/// its own.
fn known_tops(cx: &Context<'_>) -> Tops {
    let top = |module: &str| Tops::only(top_of(module));
    let always = Tops::only("builtins").or(top(cx.module.as_str()));
    let imports = cx.semantic.sites().imports.iter().map(|id| cx.tree.node(*id));
    imports.fold(always, |known, it| match it {
        AnyNodeRef::StmtImport(it) => {
            it.names.iter().fold(known, |known, alias| known.or(top(&alias.name)))
        }
        AnyNodeRef::StmtImportFrom(it) => {
            known.or(it.module.as_ref().map_or(Tops::NONE, |it| top(it)))
        }
        _ => known,
    })
}

/// The top-level module that something is imported from; the last part of its name; and the name
/// that is bound, where that is the module's.
fn imported<'a>(binding: &Binding<'a>) -> Option<(&'a str, &'a str, Option<&'a str>)> {
    match binding.kind {
        BindingKind::Import(_, alias) => {
            let dotted = alias.name.as_str();
            let top = top_of(dotted);
            Some(match alias.asname {
                Some(_) => (top, dotted.rsplit('.').next().unwrap_or(dotted), None),
                None => (top, top, Some(top)),
            })
        }
        BindingKind::FromImport(statement, alias) => {
            let module = statement.module.as_ref().filter(|_| statement.level == 0)?;
            let top = top_of(module);
            (top != "__future__").then_some((top, alias.name.as_str(), None))
        }
        _ => None,
    }
}

struct Search<'c, 'a, 'w> {
    cx: &'c Context<'a>,
    wanted: Wanted<'w>,
    found: Vec<Use<'a>>,
}

impl<'a> Search<'_, 'a, '_> {
    fn import(&mut self, binding: &'a Binding<'a>, heads: &[NodeId]) {
        let BindingKind::Import(statement, alias) = binding.kind else { return };
        let dotted = alias.name.as_str();
        let top = top_of(dotted);
        if !self.wanted.span(stdlib::span_of_module(top)) {
            return;
        }
        let node = AnyNodeRef::StmtImport(statement);
        if self.module(dotted, node, alias.name.range()) {
            return;
        }
        let is_plain = alias.asname.is_none();
        if !heads.is_empty()
            && let Some(name) = QualifiedName::of(if is_plain { top } else { dotted })
        {
            heads.iter().for_each(|head| self.chain(*head, name));
        }
    }

    fn import_from(&mut self, binding: &'a Binding<'a>, heads: &[NodeId]) {
        let BindingKind::FromImport(statement, alias) = binding.kind else { return };
        let Some(module) = statement.module.as_ref().filter(|_| statement.level == 0) else {
            return;
        };
        let top = top_of(module);
        if top == "__future__" || !self.wanted.span(stdlib::span_of_module(top)) {
            return;
        }
        let node = AnyNodeRef::StmtImportFrom(statement);
        let is_first = statement.names.first().is_some_and(|first| std::ptr::eq(first, alias));
        if is_first && self.module(module.as_str(), node, module.range()) {
            return;
        }
        if heads.is_empty() && !self.may_be_wanted(alias.name.as_str()) {
            return;
        }
        let Some(name) = QualifiedName::of(module.as_str()) else { return };
        let Some(name) = name.joined(alias.name.as_str()) else { return };
        if !self.look_up(name, None, node, alias.name.range(), How::Import) {
            heads.iter().for_each(|head| self.chain(*head, name));
        }
    }

    /// Looks a module up, and the packages that it is in.
    fn module(&mut self, dotted: &'a str, node: AnyNodeRef<'a>, range: TextRange) -> bool {
        let dots = dotted.bytes().enumerate().filter(|(_, it)| *it == b'.').map(|(at, _)| at);
        let mut start = 0;
        for end in dots.chain([dotted.len()]) {
            let last = &dotted[start..end];
            start = end + 1;
            if !self.may_be_wanted(last) {
                continue;
            }
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

    /// Whether an attribute behind a name, or a keyword of a call of what they lead to, may be of
    /// interest; `last` is the last part of what the name stands for.
    fn is_followed(&self, head: NodeId, mut last: &'a str) -> bool {
        let cx = self.cx;
        let mut id = head;
        while let AnyNodeRef::ExprAttribute(attribute) = cx.tree.node(cx.tree.parent(id)) {
            id = cx.tree.parent(id);
            last = attribute.attr.as_str();
            if attribute.ctx.is_load() && self.may_be_wanted(last) {
                return true;
            }
        }
        self.may_be_wanted(last)
            && matches!(cx.tree.node(cx.tree.parent(id)), AnyNodeRef::ExprCall(call)
                if !call.arguments.keywords.is_empty() && cx.id(&*call.func) == id)
    }

    /// Looks up the attributes behind a name, and the keywords of a call of what they lead to.
    fn chain(&mut self, head: NodeId, first: QualifiedName<'a>) {
        let cx = self.cx;
        let mut id = head;
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
            if !reference.reading.is_evaluated() || cx.semantic.symbol_read(reference).is_some() {
                continue;
            }
            let node = cx.tree.node(reference.node);
            if !self.look_up(*name, None, node, node.range(), How::Builtin) {
                self.chain(reference.node, *name);
            }
        }
    }

    /// Methods and attributes of values, and of classes that are builtins.
    fn members(&mut self, places: &[NodeId]) {
        let cx = self.cx;
        for id in places {
            let node = cx.tree.node(*id);
            let AnyNodeRef::ExprAttribute(attribute) = node else { continue };
            let member = attribute.attr.as_str();
            if !self.wanted.span(stdlib::span_of_member(member)) {
                continue;
            }
            let Some(class) = class_of(&attribute.value, cx).filter(|it| !is_protocol(*it)) else {
                continue;
            };
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
