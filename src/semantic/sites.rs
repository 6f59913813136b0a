//! Where things stand that are asked about after the walk: gathered on the way, while the syntax is
//! at hand, so that nobody has to look for them again.

use crate::syntax::NodeId;

/// A class of the file by its place among [`Sites::classes`], or a function among
/// [`Sites::functions`].
pub type SiteIndex = u32;

/// What stands where, each kind in source order.
#[derive(Default)]
pub struct Sites<'a> {
    /// The class statements.
    pub classes: Vec<NodeId>,
    /// The function statements.
    pub functions: Vec<FunctionSite>,
    /// The import statements.
    pub imports: Vec<NodeId>,
    /// The calls in functions, those that are repeated, and those of what is named as classes are.
    pub calls: Vec<CallSite<'a>>,
    /// The reads of `self.name` in methods, without those that are called.
    pub own_reads: Vec<OwnRead<'a>>,
    /// The attributes that methods, and functions inside them, assign or delete on the first
    /// parameter; sorted, each once.
    pub own_writes: Vec<OwnWrite<'a>>,
    /// The attributes that are assigned or deleted on anything else.
    pub foreign_writes: Vec<&'a str>,
    /// The attribute expressions.
    pub attributes: Vec<NodeId>,
}

/// A function statement.
#[derive(Clone, Copy, Debug)]
pub struct FunctionSite {
    /// The statement.
    pub node: NodeId,
    /// For a method: its class.
    pub class: Option<SiteIndex>,
    /// The first `return` or `raise` of its own.
    pub first_end: Option<NodeId>,
    /// Whether it has a `yield` of its own.
    pub is_generator: bool,
    /// Whether it stores into something that outlives it: an attribute, an item, a global name.
    pub stores: bool,
}

/// A call.
#[derive(Clone, Copy, Debug)]
pub struct CallSite<'a> {
    /// The call.
    pub node: NodeId,
    /// The function whose body it belongs to, not through a lambda or class.
    pub function: Option<SiteIndex>,
    /// The read that the callee begins with: its place among all reads of the file. `None` where it
    /// begins with something else than a name.
    pub head: Option<u32>,
    /// How the callee is written.
    pub callee: CalleeShape<'a>,
    /// Whether it stands in a loop, a comprehension or a generator expression.
    pub is_repeated: bool,
}

/// How a callee is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalleeShape<'a> {
    /// `name(…)`.
    Name,
    /// `self.name(…)`, in a method.
    Method(&'a str),
    /// `super().name(…)`.
    Super(&'a str),
    /// `anything.name(…)`.
    Attribute(&'a str),
    /// Anything else.
    Other,
}

/// A read of `self.name` in a method.
#[derive(Clone, Copy, Debug)]
pub struct OwnRead<'a> {
    /// The attribute expression.
    pub node: NodeId,
    /// The method.
    pub function: SiteIndex,
    /// The name.
    pub attribute: &'a str,
}

/// A write of `self.name` in a method, or in a function inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OwnWrite<'a> {
    /// The class.
    pub class: SiteIndex,
    /// The name.
    pub attribute: &'a str,
    /// The method.
    pub method: SiteIndex,
}

impl Sites<'_> {
    /// Empty, with the memory of this one.
    pub(super) fn recycle<'b>(self) -> Sites<'b> {
        fn emptied<T>(mut list: Vec<T>) -> Vec<T> {
            list.clear();
            list
        }
        Sites {
            classes: emptied(self.classes),
            functions: emptied(self.functions),
            imports: emptied(self.imports),
            calls: crate::syntax::tree::recycle(self.calls),
            own_reads: crate::syntax::tree::recycle(self.own_reads),
            own_writes: crate::syntax::tree::recycle(self.own_writes),
            foreign_writes: crate::syntax::tree::recycle(self.foreign_writes),
            attributes: emptied(self.attributes),
        }
    }
}
