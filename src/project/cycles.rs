//! Cycles of imports that happen at run time.

use std::collections::VecDeque;

use ruff_text_size::TextRange;

use super::modules::Package;
use super::{FileId, Item, Project};
use crate::facts::ImportKind;

/// A strongly connected component of the run-time import graph.
#[derive(Clone, Debug, PartialEq)]
pub struct Cycle {
    /// Its modules, sorted by path.
    pub members: Vec<FileId>,
    /// A shortest cycle through the first of them, edge by edge; it ends where it begins.
    pub chain: Vec<Edge>,
}

/// An import statement that makes one module import another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// Who imports.
    pub from: FileId,
    /// Who is imported.
    pub to: FileId,
    start: ruff_text_size::TextSize,
    end: ruff_text_size::TextSize,
}

impl Edge {
    /// The whole import statement.
    pub fn range(&self) -> TextRange {
        TextRange::new(self.start, self.end)
    }
}

impl Project {
    /// The cycles of imports that each run makes: imports in functions, for type checkers, under
    /// conditions and in a `try` for failing imports do not count. Sorted by their first module.
    pub fn import_cycles(&self) -> Vec<Cycle> {
        let graph: Vec<Vec<Edge>> = self.files().map(|(id, _)| self.edges(id)).collect();
        let mut cycles: Vec<Cycle> = components(&graph)
            .into_iter()
            .filter(|members| members.len() > 1)
            .map(|members| {
                let chain = shortest_cycle(&graph, &members);
                Cycle { members, chain }
            })
            .collect();
        cycles.sort_by_key(|cycle| cycle.members[0]);
        cycles
    }

    /// What a module imports whenever it is imported, one edge for each module: the first.
    fn edges(&self, from: FileId) -> Vec<Edge> {
        let facts = self.file(from);
        if facts.is_stub() {
            return Vec::new();
        }
        let mut edges: Vec<Edge> = Vec::new();
        for (at, import) in facts.imports().iter().enumerate() {
            if import.kind() != ImportKind::Eager || import.is_guarded() {
                continue;
            }
            self.imported(from, at as u32, &mut |to| {
                // Of a file that nobody asked for, not all imports were followed.
                if self.is_checked(to) && !edges.iter().any(|edge| edge.to == to) {
                    let range = import.range();
                    edges.push(Edge { from, to, start: range.start(), end: range.end() });
                }
            });
        }
        edges
    }

    /// The other modules that an import statement imports, by its index.
    pub(super) fn imported(&self, from: FileId, at: u32, add: &mut dyn FnMut(FileId)) {
        let facts = self.file(from);
        let import = &facts.imports()[at as usize];
        let Some(package) = self.dotted_package(from, import.module) else { return };
        let named = self.module_file(from, package);
        let mut add = |to: Option<FileId>| {
            if let Some(to) = to.filter(|to| *to != from && !self.file(*to).is_stub()) {
                add(to);
            }
        };
        if !import.is_from() {
            add(named);
        }
        for name in facts.imported().of(at) {
            add(match facts.text(*name) {
                "*" => named,
                // A submodule is imported; the package itself too, but importing a submodule's own
                // package is what Python does anyway.
                name => match self.submodule(from, named, package, name) {
                    Some(submodule) => Some(submodule),
                    // A name that the package does not bind is a submodule that nobody can see (an
                    // extension module), or comes from a star import.
                    None => named.filter(|to| self.file(*to).binding(name).is_some()),
                },
            });
        }
    }

    /// The submodule that `from package import name` imports, unless the package binds the name to
    /// something else.
    fn submodule(
        &self,
        from: FileId,
        init: Option<FileId>,
        package: Package,
        name: &str,
    ) -> Option<FileId> {
        let submodule = self.module_file(from, self.modules.inside(Some(package), name)?)?;
        let is_hidden = init.is_some_and(|init| {
            self.file(init)
                .binding(name)
                .is_some_and(|it| self.resolve(init, it.target) != Item::Module(submodule))
        });
        (!is_hidden).then_some(submodule)
    }
}

/// Tarjan's strongly connected components, without recursion; each sorted.
fn components(graph: &[Vec<Edge>]) -> Vec<Vec<FileId>> {
    const NEW: u32 = u32::MAX;
    let mut index = vec![NEW; graph.len()];
    let mut low = vec![0u32; graph.len()];
    let mut on_stack = vec![false; graph.len()];
    let (mut stack, mut found, mut count) = (Vec::new(), Vec::new(), 0);
    for root in 0..graph.len() {
        if index[root] != NEW {
            continue;
        }
        let mut work = vec![(root, 0usize)];
        while let Some((node, edge)) = work.pop() {
            if edge == 0 {
                (index[node], low[node]) = (count, count);
                count += 1;
                stack.push(node);
                on_stack[node] = true;
            }
            if let Some(next) = graph[node].get(edge).map(|edge| edge.to.0 as usize) {
                work.push((node, edge + 1));
                if index[next] == NEW {
                    work.push((next, 0));
                } else if on_stack[next] {
                    low[node] = low[node].min(index[next]);
                }
                continue;
            }
            if low[node] == index[node] {
                let mut members = Vec::new();
                while let Some(member) = stack.pop() {
                    on_stack[member] = false;
                    members.push(FileId(member as u32));
                    if member == node {
                        break;
                    }
                }
                members.sort_unstable();
                found.push(members);
            }
            if let Some((parent, _)) = work.last() {
                low[*parent] = low[*parent].min(low[node]);
            }
        }
    }
    found
}

/// A shortest cycle through the first member of a component.
fn shortest_cycle(graph: &[Vec<Edge>], members: &[FileId]) -> Vec<Edge> {
    let start = members[0];
    let inside = |id: FileId| members.binary_search(&id).ok();
    let mut came_by: Vec<Option<Edge>> = vec![None; members.len()];
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for edge in &graph[node.0 as usize] {
            if edge.to == start {
                let mut chain = vec![*edge];
                let mut at = node;
                while at != start {
                    let Some(edge) = inside(at).and_then(|it| came_by[it]) else { break };
                    chain.push(edge);
                    at = edge.from;
                }
                chain.reverse();
                return chain;
            }
            if let Some(next) = inside(edge.to)
                && came_by[next].is_none()
            {
                came_by[next] = Some(*edge);
                queue.push_back(edge.to);
            }
        }
    }
    Vec::new()
}
