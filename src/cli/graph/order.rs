//! An order of nodes in which few edges lead back: what to cut where there are cycles.

/// Nodes in an order, and the edges that lead back in it.
#[derive(Debug, PartialEq)]
pub(super) struct Order {
    pub(super) nodes: Vec<usize>,
    /// For each edge. Without these there is no cycle, and with any of them there is.
    pub(super) is_back: Vec<bool>,
}

/// An edge: from, to, and what it costs to cut it.
pub(super) type Weighed = (usize, usize, usize);

/// The rounds in which nodes look for a better place.
const ROUNDS: usize = 4;

/// With more nodes, looking for better places takes too long.
const MOST_SIFTED: usize = 600;

impl Order {
    /// Finds an order of `count` nodes. What leads back in it costs little; to cost the least would
    /// take too long.
    pub(super) fn new(count: usize, edges: &[Weighed]) -> Order {
        let mut nodes = greedy(count, edges);
        if count <= MOST_SIFTED {
            (0..ROUNDS).for_each(|_| sift(&mut nodes, edges));
        }
        let is_back = back(&nodes, edges);
        let nodes = sorted(&nodes, edges, &is_back);
        Order { nodes, is_back }
    }
}

/// Takes away what nothing imports from the front and what imports nothing from the back, else the
/// node that imports more than it is imported (Eades, Lin and Smyth).
fn greedy(count: usize, edges: &[Weighed]) -> Vec<usize> {
    let mut links: Vec<Vec<(usize, usize, bool)>> = vec![Vec::new(); count];
    let (mut out, mut into) = (vec![0; count], vec![0; count]);
    for (from, to, cost) in edges {
        // What costs nothing still is an edge.
        let cost = cost * 2 + 1;
        links[*from].push((*to, cost, true));
        links[*to].push((*from, cost, false));
        out[*from] += cost;
        into[*to] += cost;
    }
    let (mut front, mut rear) = (Vec::new(), Vec::new());
    let mut left: Vec<usize> = (0..count).collect();
    while !left.is_empty() {
        let sink = left.iter().position(|node| out[*node] == 0);
        let source = left.iter().position(|node| into[*node] == 0);
        let at = sink.or(source).unwrap_or_else(|| {
            let gain = |node: usize| out[node] as i64 - into[node] as i64;
            let best = (0..left.len()).max_by_key(|at| (gain(left[*at]), std::cmp::Reverse(*at)));
            best.expect("some are left")
        });
        let node = left.remove(at);
        if sink.is_some() {
            rear.push(node)
        } else {
            front.push(node)
        }
        for (other, cost, is_out) in &links[node] {
            let sum = if *is_out { &mut into[*other] } else { &mut out[*other] };
            *sum = sum.saturating_sub(*cost);
        }
    }
    front.extend(rear.into_iter().rev());
    front
}

/// Puts each node where what leads back costs least.
fn sift(nodes: &mut Vec<usize>, edges: &[Weighed]) {
    let count = nodes.len();
    let mut links: Vec<Vec<(usize, i64)>> = vec![Vec::new(); count];
    for (from, to, cost) in edges {
        let cost = *cost as i64;
        // Behind what it imports, an edge leads back; behind what imports it, one does no longer.
        links[*from].push((*to, cost));
        links[*to].push((*from, -cost));
    }
    for (node, links) in links.iter().enumerate() {
        let at = nodes.iter().position(|it| *it == node).expect("each is there");
        nodes.remove(at);
        let mut change = vec![0; count];
        for (other, cost) in links {
            let place = nodes.iter().position(|it| it == other);
            change[place.expect("each other is there")] += cost;
        }
        let (mut best, mut least, mut sum) = (0, 0, 0);
        // It stays where that is as good.
        let mut stay = (at == 0).then_some(0);
        for place in 1..count {
            sum += change[place - 1];
            if place == at {
                stay = Some(sum);
            }
            if sum < least {
                (best, least) = (place, sum);
            }
        }
        nodes.insert(if stay == Some(least) { at } else { best }, node);
    }
}

/// The edges that lead back in an order, but for those that close no cycle.
fn back(nodes: &[usize], edges: &[Weighed]) -> Vec<bool> {
    let position = positions(nodes);
    let mut is_back: Vec<bool> =
        edges.iter().map(|(from, to, _)| position[*from] > position[*to]).collect();
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for ((from, to, _), is_back) in edges.iter().zip(&is_back) {
        if !is_back {
            next[*from].push(*to);
        }
    }
    let mut doubtful: Vec<usize> = (0..edges.len()).filter(|edge| is_back[*edge]).collect();
    doubtful.sort_by_key(|edge| (std::cmp::Reverse(edges[*edge].2), *edge));
    for edge in doubtful {
        let (from, to, _) = edges[edge];
        if !reaches(&next, to, from) {
            next[from].push(to);
            is_back[edge] = false;
        }
    }
    is_back
}

fn reaches(next: &[Vec<usize>], from: usize, to: usize) -> bool {
    let mut seen = vec![false; next.len()];
    let mut work = vec![from];
    while let Some(node) = work.pop() {
        if node == to {
            return true;
        }
        if !std::mem::replace(&mut seen[node], true) {
            work.extend(&next[node]);
        }
    }
    false
}

/// The order in which nothing but the edges that lead back does so: else as it was.
pub(super) fn sorted(nodes: &[usize], edges: &[Weighed], is_back: &[bool]) -> Vec<usize> {
    let position = positions(nodes);
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    let mut waits_for = vec![0usize; nodes.len()];
    for ((from, to, _), is_back) in edges.iter().zip(is_back) {
        if !is_back {
            next[*from].push(*to);
            waits_for[*to] += 1;
        }
    }
    let mut ready: std::collections::BTreeSet<usize> =
        nodes.iter().filter(|node| waits_for[**node] == 0).map(|node| position[*node]).collect();
    let mut found = Vec::with_capacity(nodes.len());
    while let Some(first) = ready.pop_first() {
        let node = nodes[first];
        found.push(node);
        for to in &next[node] {
            waits_for[*to] -= 1;
            if waits_for[*to] == 0 {
                ready.insert(position[*to]);
            }
        }
    }
    found
}

fn positions(nodes: &[usize]) -> Vec<usize> {
    let mut position = vec![0; nodes.len()];
    for (at, node) in nodes.iter().enumerate() {
        position[*node] = at;
    }
    position
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cheapest_edge_of_a_ring_is_cut() {
        let order = Order::new(3, &[(0, 1, 2), (1, 2, 1), (2, 0, 5)]);
        assert_eq!(order, Order { nodes: vec![2, 0, 1], is_back: vec![false, true, false] });
    }

    #[test]
    fn what_must_be_cut_anyway_is_enough() {
        let order = Order::new(3, &[(0, 1, 1), (1, 0, 0), (1, 2, 1), (2, 0, 9)]);
        let cost: usize = [1, 0, 1, 9]
            .iter()
            .zip(&order.is_back)
            .filter(|(_, is_back)| **is_back)
            .map(|(cost, _)| cost)
            .sum();
        assert_eq!(cost, 1);
    }

    #[test]
    fn without_cycles_nothing_leads_back() {
        let order = Order::new(4, &[(3, 2, 1), (2, 1, 1), (1, 0, 1), (3, 0, 1)]);
        assert_eq!(order, Order { nodes: vec![3, 2, 1, 0], is_back: vec![false; 4] });
    }

    #[test]
    fn each_edge_that_leads_back_closes_a_cycle() {
        // A small generator of numbers: the same graphs in each run.
        let mut state = 7u64;
        let mut number = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as usize % below
        };
        for _ in 0..200 {
            let count = 2 + number(9);
            let mut edges: Vec<Weighed> = (0..number(30))
                .map(|_| (number(count), number(count), number(4)))
                .filter(|(from, to, _)| from != to)
                .collect();
            edges.sort_unstable();
            edges.dedup_by_key(|(from, to, _)| (*from, *to));
            let order = Order::new(count, &edges);
            assert_eq!(order.nodes.len(), count, "without these edges there is no cycle");
            let mut next: Vec<Vec<usize>> = vec![Vec::new(); count];
            for ((from, to, _), is_back) in edges.iter().zip(&order.is_back) {
                if !is_back {
                    next[*from].push(*to);
                }
            }
            for ((from, to, _), is_back) in edges.iter().zip(&order.is_back) {
                assert!(!is_back || reaches(&next, *to, *from));
            }
        }
    }
}
