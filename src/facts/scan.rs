//! The one pass over the nodes of a file that gathers what facts are made of.

use ruff_python_ast::{self as ast, AnyNodeRef, ExprContext};

use super::classes::first_parameter;
use crate::semantic::Semantic;
use crate::syntax::tree::recycle;
use crate::syntax::{NodeId, Tree};

/// Where the things stand that facts are made of, in source order.
#[derive(Default)]
pub(super) struct Scan<'a> {
    pub(super) classes: Vec<NodeId>,
    pub(super) functions: Vec<NodeId>,
    pub(super) imports: Vec<NodeId>,
    /// Calls, by the function whose body they belong to.
    pub(super) calls: Vec<CallSite>,
    /// Attributes of a method's first parameter that are read, by the method.
    pub(super) reads: Vec<(u32, NodeId)>,
    /// Functions that have a `yield` of their own.
    pub(super) generators: Vec<u32>,
    /// Functions that store into something that outlives them.
    pub(super) storing: Vec<u32>,
    /// Calls inside a loop, comprehension or generator expression.
    pub(super) repeated_calls: Vec<NodeId>,
    /// Attributes that methods assign on their first parameter, by the class.
    pub(super) own_writes: Vec<(u32, &'a str)>,
    /// Attributes that are assigned on anything else.
    pub(super) foreign_writes: Vec<&'a str>,
}

/// A call.
#[derive(Clone, Copy)]
pub(super) struct CallSite {
    /// The function whose body it belongs to.
    pub(super) function: u32,
    pub(super) node: NodeId,
    /// The read of the name that the callee begins with, among all reads of the file; `NO_READ`
    /// where it begins with something else.
    pub(super) head: u32,
}

/// See [`CallSite::head`].
pub(super) const NO_READ: u32 = u32::MAX;

/// A class, function or lambda that the scan is inside of.
struct Frame<'a> {
    /// One past its last node.
    end: usize,
    kind: FrameKind<'a>,
}

enum FrameKind<'a> {
    Class(u32),
    Function {
        index: u32,
        /// The first node of the body: what stands before is evaluated outside.
        body: usize,
        /// For a method: its class, and the name of its first parameter.
        method: Option<(u32, &'a str)>,
    },
    Lambda,
}

impl<'a> Scan<'a> {
    /// Scans a tree, with the memory of an empty scan.
    pub(super) fn of(self, tree: &Tree<'a>, semantic: &Semantic<'a>) -> Scan<'a> {
        let mut scan = self;
        let mut frames: Vec<Frame<'a>> = Vec::new();
        // What runs once for each item of something: from a node to one past the last.
        let mut repeated: Vec<(usize, usize)> = Vec::new();
        for (index, node) in tree.nodes().iter().enumerate() {
            if !is_of_interest(*node) {
                continue;
            }
            while frames.last().is_some_and(|frame| frame.end <= index) {
                frames.pop();
            }
            let id = NodeId::new(index);
            match *node {
                AnyNodeRef::StmtClassDef(_) => {
                    let kind = FrameKind::Class(scan.classes.len() as u32);
                    scan.classes.push(id);
                    frames.push(Frame { end: tree.end(id), kind });
                }
                AnyNodeRef::StmtFunctionDef(function) => {
                    let class = match frames.last().map(|frame| &frame.kind) {
                        Some(FrameKind::Class(class)) => Some(*class),
                        _ => None,
                    };
                    let kind = FrameKind::Function {
                        index: scan.functions.len() as u32,
                        body: function.body.first().map_or(usize::MAX, |it| tree.id(it).index()),
                        method: class.zip(first_parameter(function)),
                    };
                    scan.functions.push(id);
                    frames.push(Frame { end: tree.end(id), kind });
                }
                AnyNodeRef::ExprLambda(_) => {
                    frames.push(Frame { end: tree.end(id), kind: FrameKind::Lambda });
                }
                AnyNodeRef::StmtImport(_) | AnyNodeRef::StmtImportFrom(_) => scan.imports.push(id),
                // What a loop goes over is evaluated once.
                AnyNodeRef::StmtFor(it) => {
                    let body = it.body.first().map_or(tree.end(id), |it| tree.id(it).index());
                    repeated.push((body, tree.end(id)));
                }
                AnyNodeRef::StmtWhile(_) => repeated.push((index, tree.end(id))),
                AnyNodeRef::ExprListComp(ast::ExprListComp { generators, .. })
                | AnyNodeRef::ExprSetComp(ast::ExprSetComp { generators, .. })
                | AnyNodeRef::ExprDictComp(ast::ExprDictComp { generators, .. })
                | AnyNodeRef::ExprGenerator(ast::ExprGenerator { generators, .. }) => {
                    let over = generators.first().map_or(id, |first| tree.id(&first.iter));
                    repeated.push((index, over.index()));
                    repeated.push((tree.end(over), tree.end(id)));
                }
                AnyNodeRef::ExprCall(_) => {
                    if let Some((function, _)) = owner(&frames, index) {
                        scan.calls.push(CallSite { function, node: id, head: NO_READ });
                    }
                    repeated.retain(|(_, end)| index < *end);
                    if repeated.iter().any(|(start, _)| *start <= index) {
                        scan.repeated_calls.push(id);
                    }
                }
                AnyNodeRef::ExprAttribute(attribute) => {
                    scan.attribute(attribute, id, &frames);
                }
                AnyNodeRef::ExprSubscript(subscript) if !subscript.ctx.is_load() => {
                    scan.storing.extend(owner(&frames, index).map(|(function, _)| function));
                }
                AnyNodeRef::StmtGlobal(_) => {
                    scan.storing.extend(owner(&frames, index).map(|(function, _)| function));
                }
                AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_) => {
                    scan.generators.extend(owner(&frames, index).map(|(function, _)| function));
                }
                _ => {}
            }
        }
        scan.find_heads(tree, semantic);
        // By function; within one, the order of the source.
        scan.calls.sort_by_key(|call| call.function);
        scan.reads.sort_by_key(|(function, _)| *function);
        scan.storing.sort_unstable();
        scan.generators.sort_unstable();
        scan.own_writes.sort_unstable();
        scan.own_writes.dedup();
        scan
    }

    /// Finds the reads that callees begin with. Calls are in the order of the source here, and so
    /// are the names that they begin with: one pass over both will do.
    fn find_heads(&mut self, tree: &Tree<'a>, semantic: &Semantic<'a>) {
        let reads = semantic.walked_references();
        let mut next = 0;
        for call in &mut self.calls {
            let AnyNodeRef::ExprCall(expression) = tree.node(call.node) else { continue };
            let mut head = &*expression.func;
            while let ast::Expr::Attribute(attribute) = head {
                head = &attribute.value;
            }
            let ast::Expr::Name(name) = head else { continue };
            let id = tree.id(name);
            next += reads[next..].iter().take_while(|read| read.node < id).count();
            if reads.get(next).is_some_and(|read| read.node == id) {
                call.head = next as u32;
            }
        }
    }

    /// An empty scan with the memory of this one.
    pub(super) fn recycle<'b>(self) -> Scan<'b> {
        fn emptied<T>(mut list: Vec<T>) -> Vec<T> {
            list.clear();
            list
        }
        Scan {
            classes: emptied(self.classes),
            functions: emptied(self.functions),
            imports: emptied(self.imports),
            calls: emptied(self.calls),
            reads: emptied(self.reads),
            generators: emptied(self.generators),
            storing: emptied(self.storing),
            repeated_calls: emptied(self.repeated_calls),
            own_writes: recycle(self.own_writes),
            foreign_writes: recycle(self.foreign_writes),
        }
    }

    fn attribute(&mut self, attribute: &'a ast::ExprAttribute, id: NodeId, frames: &[Frame<'a>]) {
        let holder = attribute.value.as_name_expr().map(|name| name.id.as_str());
        let name = attribute.attr.as_str();
        if attribute.ctx == ExprContext::Load {
            if let Some((function, Some((_, this)))) = owner(frames, id.index())
                && holder == Some(this)
            {
                self.reads.push((function, id));
            }
            return;
        }
        self.storing.extend(owner(frames, id.index()).map(|(function, _)| function));
        let class = frames.iter().rev().find_map(|frame| match frame.kind {
            FrameKind::Function { method: Some((class, this)), .. } if holder == Some(this) => {
                Some(class)
            }
            _ => None,
        });
        match class {
            Some(class) => self.own_writes.push((class, name)),
            None => self.foreign_writes.push(name),
        }
    }
}

/// Whether a node has an arm in [`Scan::of`]: most have not, and are passed over quickly.
fn is_of_interest(node: AnyNodeRef<'_>) -> bool {
    !matches!(
        node,
        AnyNodeRef::ExprName(_)
            | AnyNodeRef::ExprStringLiteral(_)
            | AnyNodeRef::ExprNumberLiteral(_)
            | AnyNodeRef::ExprTuple(_)
            | AnyNodeRef::ExprNoneLiteral(_)
            | AnyNodeRef::ExprBooleanLiteral(_)
            | AnyNodeRef::ExprBinOp(_)
            | AnyNodeRef::ExprCompare(_)
            | AnyNodeRef::Keyword(_)
            | AnyNodeRef::Parameter(_)
            | AnyNodeRef::StmtAssign(_)
            | AnyNodeRef::StmtExpr(_)
            | AnyNodeRef::StmtReturn(_)
    )
}

/// Takes what belongs to a function from the beginning of a list in order of functions; those of
/// functions before it are gone already.
pub(super) fn take_of<'l, T>(
    list: &mut &'l [T],
    function: u32,
    function_of: impl Fn(&T) -> u32,
) -> &'l [T] {
    let count = list.iter().take_while(|it| function_of(it) == function).count();
    let (own, rest) = list.split_at(count);
    *list = rest;
    own
}

/// The function whose body a node belongs to, not through a lambda or class, and for a method its
/// class and first parameter.
fn owner<'a>(frames: &[Frame<'a>], node: usize) -> Option<(u32, Option<(u32, &'a str)>)> {
    frames.iter().rev().find_map(|frame| match frame.kind {
        FrameKind::Function { index, body, method } if node >= body => Some(Some((index, method))),
        // A default, decorator or annotation belongs to what is around the function.
        FrameKind::Function { .. } => None,
        FrameKind::Class(_) | FrameKind::Lambda => Some(None),
    })?
}
