//! Ways through a graph: what is reached, and the shortest chains of imports.

use std::collections::VecDeque;

use super::model::Graph;

/// A node that is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reached {
    pub(super) node: usize,
    /// The link by which it is reached first; `None` where one starts.
    pub(super) by: Option<usize>,
    /// How many links away it is.
    pub(super) distance: usize,
}

/// The shortest chains between two groups of nodes.
pub(super) struct Chains {
    /// Some of them, link by link.
    pub(super) some: Vec<Vec<usize>>,
    /// How many there are.
    pub(super) count: usize,
}

/// So many chains are shown.
const MOST_CHAINS: usize = 20;

impl Graph<'_> {
    /// The nodes that a module or package is: itself and all that is in it.
    pub(super) fn nodes_of(&self, name: &str) -> Vec<usize> {
        let is_inside = |node: &str| {
            let rest = node.strip_prefix(name);
            // A name that several files have is followed by their path.
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ' ']))
        };
        (0..self.nodes.len()).filter(|node| is_inside(&self.nodes[*node].name)).collect()
    }

    /// What some nodes import, themselves or through others; with `backward`, what imports them.
    /// The nearest first.
    pub(super) fn reach(&self, starts: &[usize], backward: bool) -> Vec<Reached> {
        let links = self.adjacent(backward);
        let mut seen = vec![false; self.nodes.len()];
        let start = |node: &usize| Reached { node: *node, by: None, distance: 0 };
        let mut found: Vec<Reached> = starts.iter().map(start).collect();
        starts.iter().for_each(|node| seen[*node] = true);
        let mut next = 0;
        while let Some(Reached { node, distance, .. }) = found.get(next).copied() {
            next += 1;
            for link in &links[node] {
                let node = self.end(*link, backward);
                if !std::mem::replace(&mut seen[node], true) {
                    found.push(Reached { node, by: Some(*link), distance: distance + 1 });
                }
            }
        }
        found
    }

    /// The shortest chains of imports by which one of some nodes imports one of others. Of a package
    /// and what is in it, the package is the rest.
    pub(super) fn chains(&self, from: &[usize], to: &[usize]) -> Chains {
        let without = |nodes: &[usize], others: &[usize]| -> Vec<usize> {
            nodes.iter().copied().filter(|node| others.binary_search(node).is_err()).collect()
        };
        let is_inside = without(from, to).is_empty();
        let (starts, goals) = match is_inside {
            true => (from.to_vec(), without(to, from)),
            false => (without(from, to), to.to_vec()),
        };
        // How far it is to a goal, and in how many ways.
        let backward = self.adjacent(true);
        let mut distance = vec![usize::MAX; self.nodes.len()];
        let mut ways = vec![0usize; self.nodes.len()];
        let mut queue: VecDeque<usize> = VecDeque::new();
        for node in goals {
            (distance[node], ways[node]) = (0, 1);
            queue.push_back(node);
        }
        while let Some(node) = queue.pop_front() {
            for link in &backward[node] {
                let before = self.links[*link].from;
                if distance[before] == usize::MAX {
                    distance[before] = distance[node] + 1;
                    queue.push_back(before);
                }
                if distance[before] == distance[node] + 1 {
                    ways[before] = ways[before].saturating_add(ways[node]);
                }
            }
        }
        let Some(least) = starts.iter().map(|node| distance[*node]).min() else {
            return Chains { some: Vec::new(), count: 0 };
        };
        if least == usize::MAX {
            return Chains { some: Vec::new(), count: 0 };
        }
        let nearest = starts.into_iter().filter(|node| distance[*node] == least);
        let nearest: Vec<usize> = nearest.collect();
        let count = nearest.iter().fold(0, |sum: usize, it| sum.saturating_add(ways[*it]));
        let forward = self.adjacent(false);
        let mut some = Vec::new();
        for node in nearest {
            self.follow(node, &forward, &distance, &mut Vec::new(), &mut some);
        }
        Chains { some, count }
    }

    /// Adds the chains from a node on, as long as there are not too many.
    fn follow(
        &self,
        node: usize,
        forward: &[Vec<usize>],
        distance: &[usize],
        chain: &mut Vec<usize>,
        some: &mut Vec<Vec<usize>>,
    ) {
        if distance[node] == 0 {
            some.push(chain.clone());
            return;
        }
        for link in &forward[node] {
            let next = self.links[*link].to;
            if distance[next] == distance[node] - 1 && some.len() < MOST_CHAINS {
                chain.push(*link);
                self.follow(next, forward, distance, chain, some);
                chain.pop();
            }
        }
    }

    fn adjacent(&self, backward: bool) -> Vec<Vec<usize>> {
        let mut links = vec![Vec::new(); self.nodes.len()];
        for number in 0..self.links.len() {
            links[self.end(number, !backward)].push(number);
        }
        links
    }

    /// Where a link leads.
    fn end(&self, link: usize, backward: bool) -> usize {
        let link = &self.links[link];
        if backward { link.from } else { link.to }
    }
}
