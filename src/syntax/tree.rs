//! The syntax tree, flattened once in source order: parents are an index, subtrees are slices.
//!
//! Every statement and expression is a node, and so are the parts of statements that have meaning
//! of their own: clauses, handlers, cases, comprehensions' `for`s, parameters and keyword
//! arguments. Mere wrappers (argument lists, decorators, `with` items, identifiers) are not: their
//! contents are children of what holds them.

use ruff_python_ast::{AnyNodeRef, HasNodeIndex, NodeIndex};

/// A node of one file's [`Tree`]: its index in source order. The module is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// The module.
    pub const ROOT: NodeId = NodeId(0);

    pub(crate) fn new(index: usize) -> NodeId {
        NodeId(index as u32)
    }

    /// The index, for tables beside the tree.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The nodes of one file.
#[derive(Default)]
pub struct Tree<'a> {
    nodes: Vec<AnyNodeRef<'a>>,
    links: Vec<Link>,
}

#[derive(Clone, Copy)]
struct Link {
    parent: u32,
    /// One past the last descendant.
    end: u32,
}

impl<'a> Tree<'a> {
    /// The number of a node of this tree.
    ///
    /// # Panics
    /// When the node is of a kind that is not in the tree.
    pub fn id(&self, node: impl HasNodeIndex) -> NodeId {
        NodeId(node.node_index().load().as_u32().expect("this kind of node is in the tree"))
    }

    /// The node with a number.
    pub fn node(&self, id: NodeId) -> AnyNodeRef<'a> {
        self.nodes[id.index()]
    }

    /// All nodes in source order.
    pub fn nodes(&self) -> &[AnyNodeRef<'a>] {
        &self.nodes
    }

    /// The node that holds this one; the module holds itself.
    pub fn parent(&self, id: NodeId) -> NodeId {
        NodeId(self.links[id.index()].parent)
    }

    /// What holds the node, from the inside out, up to the module.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = (NodeId, AnyNodeRef<'a>)> + '_ {
        let mut at = id;
        std::iter::from_fn(move || {
            (at != NodeId::ROOT).then(|| {
                at = self.parent(at);
                (at, self.node(at))
            })
        })
    }

    /// Everything below a node, in source order.
    pub fn descendants(&self, id: NodeId) -> &[AnyNodeRef<'a>] {
        &self.nodes[id.index() + 1..self.end(id)]
    }

    /// The numbers of everything below a node.
    pub fn descendant_ids(&self, id: NodeId) -> impl Iterator<Item = NodeId> + use<> {
        (id.index() + 1..self.end(id)).map(NodeId::new)
    }

    /// Like [`Tree::descendants`], but not into nested functions, lambdas and classes.
    pub fn own(&self, id: NodeId) -> impl Iterator<Item = AnyNodeRef<'a>> + '_ {
        self.own_ids(id).map(|id| self.node(id))
    }

    /// The numbers of what [`Tree::own`] gives.
    pub fn own_ids(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let (mut next, end) = (id.index() + 1, self.end(id));
        std::iter::from_fn(move || {
            (next < end).then(|| {
                let id = NodeId::new(next);
                next = if opens_scope(self.node(id)) { self.end(id) } else { next + 1 };
                id
            })
        })
    }

    /// Whether `inner` is `outer` or below it.
    pub fn contains(&self, outer: NodeId, inner: NodeId) -> bool {
        (outer.index()..self.end(outer)).contains(&inner.index())
    }

    /// One past the index of the last node below a node.
    pub fn end(&self, id: NodeId) -> usize {
        self.links[id.index()].end as usize
    }

    /// Adds a node below `parent` and tells its number. Whoever opens a node closes it.
    pub(crate) fn open(
        &mut self,
        node: AnyNodeRef<'a>,
        index: &impl HasNodeIndex,
        parent: NodeId,
    ) -> NodeId {
        let id = self.nodes.len() as u32;
        index.node_index().set(NodeIndex::from(id));
        self.nodes.push(node);
        self.links.push(Link { parent: parent.0, end: id + 1 });
        NodeId(id)
    }

    /// Everything added since `id` was opened is below it.
    pub(crate) fn close(&mut self, id: NodeId) {
        self.links[id.index()].end = self.nodes.len() as u32;
    }

    /// An empty tree that keeps the memory of this one.
    pub(crate) fn recycle<'b>(self) -> Tree<'b> {
        let mut links = self.links;
        links.clear();
        Tree { nodes: recycle(self.nodes), links }
    }
}

/// Empties a vector and gives its memory to one of another lifetime. The standard library reuses
/// the allocation when the element types have the same layout, as they have here.
pub(crate) fn recycle<A, B>(mut vector: Vec<A>) -> Vec<B> {
    vector.clear();
    vector.into_iter().map(|_| unreachable!("the vector is empty")).collect()
}

/// Whether a node is a string, of whatever kind: text in which a `#` is no comment and a line end
/// no layout.
pub fn is_string(node: AnyNodeRef<'_>) -> bool {
    matches!(
        node,
        AnyNodeRef::ExprStringLiteral(_)
            | AnyNodeRef::ExprBytesLiteral(_)
            | AnyNodeRef::ExprFString(_)
            | AnyNodeRef::ExprTString(_)
    )
}

/// Whether names inside the node are its own: functions, lambdas and classes.
pub fn opens_scope(node: AnyNodeRef<'_>) -> bool {
    matches!(
        node,
        AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::StmtClassDef(_) | AnyNodeRef::ExprLambda(_)
    )
}
