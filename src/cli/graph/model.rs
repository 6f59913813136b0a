//! The graph as it is shown: modules or packages, the imports between two of them put together.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use super::order::Order;
use super::read::{Import, Imports};
use crate::project::{ImportKind, strong_components};

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    /// A module.
    Modules,
    /// A package with the modules in it; with a depth, one of so many names at most, with all that
    /// is below it.
    Packages(Option<NonZeroUsize>),
}

/// A graph of imports.
#[derive(Clone)]
pub(super) struct Graph<'i> {
    pub(super) imports: &'i Imports,
    pub(super) fold: Fold,
    /// Sorted by their names.
    pub(super) nodes: Vec<Node>,
    /// Sorted by the nodes, first those that import.
    pub(super) links: Vec<Link>,
    /// The biggest first. None before [`Graph::find_components`].
    pub(super) components: Vec<Component>,
}

/// A module or package.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) name: String,
    /// The numbers of its modules.
    pub(super) modules: Vec<usize>,
    /// Whether an entry among them fails.
    pub(super) fails: bool,
    /// Whether one of them is among those that are looked at.
    pub(super) is_named: bool,
}

/// All imports of a node by another.
#[derive(Clone)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Their numbers: never empty.
    pub(super) imports: Vec<usize>,
    /// What it costs to do without them.
    pub(super) cost: usize,
    /// Whether it is among those without which there would be no cycle.
    pub(super) is_back: bool,
}

/// Nodes that import one another.
#[derive(Clone)]
pub(super) struct Component {
    /// As near to importer first, imported behind as it can be.
    pub(super) nodes: Vec<usize>,
    /// The numbers of the links among them, in the order of the nodes.
    pub(super) links: Vec<usize>,
    /// The numbers of the entries that fail.
    pub(super) failures: Vec<usize>,
    /// Whether there is a cycle of imports that run when a module is imported.
    pub(super) is_executed: bool,
}

impl<'i> Graph<'i> {
    pub(super) fn new(imports: &'i Imports, fold: Fold) -> Graph<'i> {
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (number, module) in imports.modules.iter().enumerate() {
            if !module.name.is_empty() {
                let name = folded(&module.name, module.is_package, fold);
                by_name.entry(name.to_owned()).or_default().push(number);
            }
        }
        let mut node_of = vec![0; imports.modules.len()];
        let mut nodes = Vec::with_capacity(by_name.len());
        for (name, modules) in by_name {
            for module in &modules {
                node_of[*module] = nodes.len();
            }
            let fails = modules.iter().any(|module| imports.modules[*module].fails);
            let is_named = modules.iter().any(|module| imports.modules[*module].is_named);
            nodes.push(Node { name, modules, fails, is_named });
        }
        let mut between: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
        for (number, import) in imports.all.iter().enumerate() {
            let ends = (node_of[import.from], node_of[import.to]);
            if ends.0 != ends.1 {
                between.entry(ends).or_default().push(number);
            }
        }
        let link = |((from, to), numbers): (_, Vec<usize>)| {
            let cost = numbers.iter().map(|number| imports.all[*number].cost).sum();
            Link { from, to, imports: numbers, cost, is_back: false }
        };
        let links = between.into_iter().map(link).collect();
        Graph { imports, fold, nodes, links, components: Vec::new() }
    }

    /// Keeps some nodes, and some links among them.
    pub(super) fn keep(&mut self, nodes: &[bool], links: &[bool]) {
        let mut number = vec![0; self.nodes.len()];
        let mut next = 0;
        for (old, is_kept) in nodes.iter().enumerate() {
            number[old] = next;
            next += usize::from(*is_kept);
        }
        let mut kept = nodes.iter();
        self.nodes.retain(|_| *kept.next().expect("one for each"));
        let mut kept = links.iter();
        self.links.retain(|link| {
            *kept.next().expect("one for each") && nodes[link.from] && nodes[link.to]
        });
        for link in &mut self.links {
            (link.from, link.to) = (number[link.from], number[link.to]);
        }
    }

    /// Finds the groups of nodes that import one another, and what would part them.
    pub(super) fn find_components(&mut self) {
        let mut out: Vec<Vec<usize>> = vec![Vec::new(); self.nodes.len()];
        for (number, link) in self.links.iter().enumerate() {
            if self.imports_of(number).any(|(_, it)| !it.is_ignored) {
                out[link.from].push(number);
            }
        }
        let mut found = strong_components(&out, |link| self.links[*link].to);
        found.retain(|members| members.len() > 1);
        found.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        for members in found {
            let component = self.component(&members, &out);
            self.components.push(component);
        }
    }

    fn component(&mut self, members: &[usize], out: &[Vec<usize>]) -> Component {
        let place = |node: usize| members.binary_search(&node).ok();
        let (mut numbers, mut weighed) = (Vec::new(), Vec::new());
        for (at, node) in members.iter().enumerate() {
            for number in &out[*node] {
                let link = &self.links[*number];
                let Some(to) = place(link.to) else { continue };
                let is_cut = link.imports.iter().any(|it| self.imports.all[*it].is_cut);
                numbers.push(*number);
                // What must be cut anyway costs nothing more.
                weighed.push((at, to, if is_cut { 0 } else { link.cost }));
            }
        }
        let order = Order::new(members.len(), &weighed);
        for (number, is_back) in numbers.iter().zip(&order.is_back) {
            self.links[*number].is_back = *is_back;
        }
        let mut position = vec![0; members.len()];
        for (at, node) in order.nodes.iter().enumerate() {
            position[*node] = at;
        }
        let at = |node: usize| place(node).map_or(0, |it| position[it]);
        numbers.sort_by_key(|it| (at(self.links[*it].from), at(self.links[*it].to)));
        let mut executed: Vec<Vec<usize>> = vec![Vec::new(); members.len()];
        for (from, to) in numbers.iter().map(|it| (self.links[*it].from, self.links[*it].to)) {
            let number = self.link(from, to).expect("it is among them");
            if self.imports_of(number).any(|(_, it)| is_executed(it.kind)) {
                executed[at(from)].push(at(to));
            }
        }
        let is_executed =
            strong_components(&executed, |to| *to).iter().any(|group| group.len() > 1);
        let failures = self.imports.failures.iter().enumerate();
        let is_inside = |module: &usize| {
            members.iter().any(|node| self.nodes[*node].modules.binary_search(module).is_ok())
        };
        let failures =
            failures.filter(|(_, it)| is_inside(&it.cause)).map(|(number, _)| number).collect();
        let nodes = order.nodes.iter().map(|node| members[*node]).collect();
        Component { nodes, links: numbers, failures, is_executed }
    }

    /// Leaves out all that is in no cycle.
    pub(super) fn keep_cycles(&mut self) {
        let mut nodes = vec![false; self.nodes.len()];
        let mut links = vec![false; self.links.len()];
        for component in &self.components {
            component.nodes.iter().for_each(|node| nodes[*node] = true);
            component.links.iter().for_each(|link| links[*link] = true);
        }
        self.keep(&nodes, &links);
        self.components.clear();
        self.find_components();
    }

    /// The number of the link between two nodes.
    pub(super) fn link(&self, from: usize, to: usize) -> Option<usize> {
        self.links.binary_search_by_key(&(from, to), |link| (link.from, link.to)).ok()
    }

    /// The imports of a link, with their numbers.
    pub(super) fn imports_of(&self, link: usize) -> impl Iterator<Item = (usize, &'i Import)> {
        let imports = self.imports;
        self.links[link].imports.iter().map(move |number| (*number, &imports.all[*number]))
    }

    /// Whether an import of a link is where a cycle is to be cut.
    pub(super) fn is_cut(&self, link: usize) -> bool {
        self.imports_of(link).any(|(_, import)| import.is_cut)
    }

    /// When a link is at work: at the earliest that any of its imports is.
    pub(super) fn kind(&self, link: usize) -> ImportKind {
        let rank = |kind: &ImportKind| match kind {
            ImportKind::Eager => 0,
            ImportKind::Conditional => 1,
            ImportKind::Lazy => 2,
            ImportKind::Typing => 3,
        };
        let kinds = self.imports_of(link).map(|(_, import)| import.kind);
        kinds.min_by_key(rank).expect("a link has imports")
    }

    /// The links that lie in no component.
    pub(super) fn links_outside(&self) -> Vec<usize> {
        let mut inside = vec![false; self.links.len()];
        for link in self.components.iter().flat_map(|component| &component.links) {
            inside[*link] = true;
        }
        (0..self.links.len()).filter(|link| !inside[*link]).collect()
    }

    /// The entries that fail by imports within a node, and so in no component, or by imports that
    /// are not shown: their numbers.
    pub(super) fn failures_outside(&self) -> Vec<usize> {
        let inside = |number: &usize| {
            self.components.iter().any(|component| component.failures.contains(number))
        };
        let is_shown = |number: &usize| {
            let cause = self.imports.failures[*number].cause;
            self.nodes.iter().any(|node| node.modules.binary_search(&cause).is_ok())
        };
        let all = 0..self.imports.failures.len();
        all.filter(|number| is_shown(number) && !inside(number)).collect()
    }
}

/// Whether an import of a kind runs when a module is imported.
pub(super) fn is_executed(kind: ImportKind) -> bool {
    matches!(kind, ImportKind::Eager | ImportKind::Conditional)
}

/// A kind in a word.
pub(super) fn word(kind: ImportKind) -> &'static str {
    match kind {
        ImportKind::Eager | ImportKind::Conditional => "run-time",
        ImportKind::Lazy => "lazy",
        ImportKind::Typing => "typing",
    }
}

/// The name of the node that a module belongs to.
fn folded(name: &str, is_package: bool, fold: Fold) -> &str {
    let Fold::Packages(depth) = fold else { return name };
    // A module at the top is in no package.
    let package = match (is_package, name.rsplit_once('.')) {
        (false, Some((package, _))) => package,
        _ => name,
    };
    let depth = depth.map_or(usize::MAX, NonZeroUsize::get);
    let end = package.match_indices('.').nth(depth - 1).map_or(package.len(), |(at, _)| at);
    &package[..end]
}
