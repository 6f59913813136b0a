//! A layered drawing: who imports stands above what is imported, as far as there is no cycle.
//!
//! The method is that of Sugiyama: layers by the longest path, edges through empty places of the
//! layers between, an order in each layer in which few edges cross, and places as near to the
//! neighbours as there is room. All in pixels.

/// A drawing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Layout {
    pub(super) width: f64,
    pub(super) height: f64,
    /// The nodes' middles, and how wide they are: in their order.
    pub(super) nodes: Vec<(f64, f64, f64)>,
    /// The points that each edge goes through, from its beginning to its end: in their order.
    pub(super) edges: Vec<Vec<(f64, f64)>>,
}

/// How high a node is.
pub(super) const NODE_HEIGHT: f64 = 26.0;
/// How wide a character is, and what stands around the name.
const CHARACTER: f64 = 7.3;
const PADDING: f64 = 18.0;
/// From one layer to the next.
const LAYER: f64 = 82.0;
/// Between two nodes, and between two edges that pass.
const GAP: f64 = 22.0;
const EDGE_GAP: f64 = 9.0;
const MARGIN: f64 = 14.0;
/// The rounds in which orders and places are improved.
const ROUNDS: usize = 24;

/// An edge: from, to, and whether it leads back.
pub(super) type Drawn = (usize, usize, bool);

/// A node, or the place where an edge passes a layer.
struct Cell {
    layer: usize,
    width: f64,
    /// Those of the next layer that hang on it, and of the layer before.
    below: Vec<usize>,
    above: Vec<usize>,
    x: f64,
}

impl Cell {
    fn is_node(&self) -> bool {
        self.width > 0.0
    }
}

struct Drawing {
    /// First the nodes.
    cells: Vec<Cell>,
    /// From left to right.
    layers: Vec<Vec<usize>>,
    /// The cells that each edge goes through, downwards.
    paths: Vec<Vec<usize>>,
    count: usize,
}

impl Layout {
    /// Draws nodes with names of so many characters. Those edges that do not lead back make no
    /// cycle, nor do they with the others turned around.
    pub(super) fn new(lengths: &[usize], edges: &[Drawn]) -> Layout {
        let mut drawing = Drawing::new(lengths, edges);
        drawing.untangle();
        drawing.place();
        drawing.finish(edges)
    }
}

impl Drawing {
    fn new(lengths: &[usize], edges: &[Drawn]) -> Drawing {
        let count = lengths.len();
        let downward: Vec<(usize, usize)> = edges
            .iter()
            .map(|(from, to, back)| if *back { (*to, *from) } else { (*from, *to) })
            .collect();
        let layer_of = longest_paths(count, &downward);
        let width = |length: usize| length as f64 * CHARACTER + PADDING;
        let cell = |layer, width| Cell { layer, width, below: vec![], above: vec![], x: 0.0 };
        let mut cells: Vec<Cell> =
            lengths.iter().zip(&layer_of).map(|(it, layer)| cell(*layer, width(*it))).collect();
        let mut paths = Vec::with_capacity(edges.len());
        for (from, to) in downward {
            let mut path = vec![from];
            for layer in layer_of[from] + 1..layer_of[to] {
                path.push(cells.len());
                cells.push(cell(layer, 0.0));
            }
            path.push(to);
            for pair in path.windows(2) {
                cells[pair[0]].below.push(pair[1]);
                cells[pair[1]].above.push(pair[0]);
            }
            paths.push(path);
        }
        let mut layers = vec![Vec::new(); layer_of.iter().max().map_or(0, |it| it + 1)];
        for (number, cell) in cells.iter().enumerate() {
            layers[cell.layer].push(number);
        }
        Drawing { cells, layers, paths, count }
    }

    /// Looks for orders in which few edges cross: each cell goes to the middle of its neighbours.
    fn untangle(&mut self) {
        let mut best = (self.crossings(), self.layers.clone());
        for round in 0..ROUNDS {
            let is_downward = round % 2 == 0;
            for at in 1..self.layers.len() {
                let layer = if is_downward { at } else { self.layers.len() - 1 - at };
                let place = self.places();
                let barycentre = |cell: usize| {
                    let neighbours =
                        if is_downward { &self.cells[cell].above } else { &self.cells[cell].below };
                    let sum: f64 = neighbours.iter().map(|it| place[*it] as f64).sum();
                    match neighbours.len() {
                        0 => place[cell] as f64,
                        count => sum / count as f64,
                    }
                };
                let mut keyed: Vec<(f64, usize)> =
                    self.layers[layer].iter().map(|cell| (barycentre(*cell), *cell)).collect();
                keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
                self.layers[layer] = keyed.into_iter().map(|(_, cell)| cell).collect();
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.layers.clone());
            }
        }
        self.layers = best.1;
    }

    /// The place of each cell in its layer.
    fn places(&self) -> Vec<usize> {
        let mut place = vec![0; self.cells.len()];
        for layer in &self.layers {
            for (at, cell) in layer.iter().enumerate() {
                place[*cell] = at;
            }
        }
        place
    }

    /// How often edges cross.
    fn crossings(&self) -> usize {
        let place = self.places();
        let mut sum = 0;
        for layer in &self.layers {
            // The ends below, from left to right: each pair in the wrong order is a crossing.
            let mut ends: Vec<usize> = Vec::new();
            for cell in layer {
                let mut own: Vec<usize> =
                    self.cells[*cell].below.iter().map(|it| place[*it]).collect();
                own.sort_unstable();
                for end in own {
                    let at = ends.partition_point(|it| *it <= end);
                    sum += ends.len() - at;
                    ends.insert(at, end);
                }
            }
        }
        sum
    }

    /// Puts each cell as near to the middle of its neighbours as the others of its layer let it.
    fn place(&mut self) {
        for layer in 0..self.layers.len() {
            let wanted = vec![0.0; self.layers[layer].len()];
            self.settle(layer, &wanted);
        }
        for round in 0..ROUNDS {
            let is_downward = round % 2 == 0;
            for at in 0..self.layers.len() {
                let layer = if is_downward { at } else { self.layers.len() - 1 - at };
                let middle = |cell: &usize| {
                    let own = &self.cells[*cell];
                    let (mut sum, mut weights) = (0.0, 0.0);
                    for other in own.above.iter().chain(&own.below) {
                        let other = &self.cells[*other];
                        let weight = straightness(own, other);
                        sum += other.x * weight;
                        weights += weight;
                    }
                    if weights == 0.0 { own.x } else { sum / weights }
                };
                let wanted: Vec<f64> = self.layers[layer].iter().map(middle).collect();
                self.settle(layer, &wanted);
            }
        }
    }

    /// Puts the cells of a layer where they want to be, in their order and with room between: those
    /// that would touch make a block, which stands where its cells want to be on average.
    fn settle(&mut self, layer: usize, wanted: &[f64]) {
        let cells = &self.layers[layer];
        // How far each stands to the right of the first, if all are close together.
        let mut offsets = vec![0.0; cells.len()];
        for at in 1..cells.len() {
            let (left, right) = (&self.cells[cells[at - 1]], &self.cells[cells[at]]);
            let gap = if left.is_node() || right.is_node() { GAP } else { EDGE_GAP };
            offsets[at] = offsets[at - 1] + (left.width + right.width) / 2.0 + gap;
        }
        // Blocks: where they want to be, how much, and how many cells they have.
        let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
        for ((wanted, offset), cell) in wanted.iter().zip(&offsets).zip(cells) {
            let weight = if self.cells[*cell].is_node() { 1.0 } else { 4.0 };
            let mut block = (wanted - offset, weight, 1);
            while let Some(before) = blocks.pop_if(|before| before.0 > block.0) {
                let weight = before.1 + block.1;
                let x = (before.0 * before.1 + block.0 * block.1) / weight;
                block = (x, weight, before.2 + block.2);
            }
            blocks.push(block);
        }
        let starts = blocks.iter().flat_map(|(x, _, count)| std::iter::repeat_n(*x, *count));
        let places: Vec<f64> = starts.zip(&offsets).map(|(x, offset)| x + offset).collect();
        for (cell, x) in self.layers[layer].iter().zip(places) {
            self.cells[*cell].x = x;
        }
    }

    fn finish(mut self, edges: &[Drawn]) -> Layout {
        let sides = |cell: &Cell| (cell.x - cell.width / 2.0, cell.x + cell.width / 2.0);
        let least = self.cells.iter().map(|it| sides(it).0).fold(f64::INFINITY, f64::min);
        if self.cells.is_empty() {
            return Layout::default();
        }
        self.cells.iter_mut().for_each(|cell| cell.x += MARGIN - least);
        let most = self.cells.iter().map(|it| sides(it).1).fold(0.0, f64::max);
        let y = |cell: &Cell| MARGIN + NODE_HEIGHT / 2.0 + cell.layer as f64 * LAYER;
        let half = NODE_HEIGHT / 2.0;
        let mut points: Vec<Vec<(f64, f64)>> = Vec::with_capacity(edges.len());
        for path in &self.paths {
            let through = path.iter().map(|cell| &self.cells[*cell]);
            let mut own: Vec<(f64, f64)> = through.map(|cell| (cell.x, y(cell))).collect();
            let last = own.len() - 1;
            own[0].1 += half;
            own[last].1 -= half;
            points.push(own);
        }
        self.spread(&mut points);
        for (own, (_, _, back)) in points.iter_mut().zip(edges) {
            if *back {
                own.reverse();
            }
        }
        let round = |it: f64| (it * 10.0).round() / 10.0;
        points.iter_mut().flatten().for_each(|it| *it = (round(it.0), round(it.1)));
        let height = MARGIN * 2.0 + NODE_HEIGHT + LAYER * (self.layers.len() - 1) as f64;
        let nodes = self.cells[..self.count].iter();
        Layout {
            width: (most + MARGIN).ceil(),
            height: height.ceil(),
            nodes: nodes.map(|it| (round(it.x), round(y(it)), round(it.width))).collect(),
            edges: points,
        }
    }

    /// Edges do not all begin and end in the middle of a node, but beside each other.
    fn spread(&self, points: &mut [Vec<(f64, f64)>]) {
        for node in 0..self.count {
            for is_begin in [true, false] {
                let end = |path: &Vec<usize>| if is_begin { path[0] } else { path[path.len() - 1] };
                let mut own: Vec<usize> =
                    (0..points.len()).filter(|edge| end(&self.paths[*edge]) == node).collect();
                let towards = |edge: usize| {
                    let path = &points[edge];
                    if is_begin { path[1].0 } else { path[path.len() - 2].0 }
                };
                own.sort_by(|a, b| towards(*a).total_cmp(&towards(*b)).then(a.cmp(b)));
                let Cell { x, width, .. } = self.cells[node];
                let room = width * 0.8;
                let ports: Vec<f64> = (0..own.len())
                    .map(|at| x - room / 2.0 + room * (at + 1) as f64 / (own.len() + 1) as f64)
                    .collect();
                for (edge, port) in own.into_iter().zip(ports) {
                    let path = &mut points[edge];
                    let at = if is_begin { 0 } else { path.len() - 1 };
                    path[at].0 = port;
                }
            }
        }
    }
}

/// How much two neighbours want to be one above the other: an edge that passes layers is to be
/// straight there.
fn straightness(one: &Cell, other: &Cell) -> f64 {
    match (one.is_node(), other.is_node()) {
        (true, true) => 1.0,
        (false, false) => 8.0,
        _ => 2.0,
    }
}

/// How many edges the longest path to each node has.
fn longest_paths(count: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut waits_for = vec![0; count];
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (from, to) in edges {
        waits_for[*to] += 1;
        next[*from].push(*to);
    }
    let mut ready: Vec<usize> = (0..count).filter(|node| waits_for[*node] == 0).collect();
    let mut layer = vec![0; count];
    while let Some(node) = ready.pop() {
        for to in &next[node] {
            layer[*to] = layer[*to].max(layer[node] + 1);
            waits_for[*to] -= 1;
            if waits_for[*to] == 0 {
                ready.push(*to);
            }
        }
    }
    layer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_follow_the_longest_path() {
        assert_eq!(longest_paths(4, &[(0, 1), (1, 2), (0, 2), (0, 3)]), [0, 1, 2, 1]);
    }

    #[test]
    fn nodes_of_a_layer_do_not_touch_and_edges_end_at_their_nodes() {
        let edges = [
            (0, 1, false),
            (0, 2, false),
            (0, 3, false),
            (1, 4, false),
            (4, 0, true),
            (3, 2, false),
        ];
        let layout = Layout::new(&[8, 20, 12, 5, 9], &edges);
        for (at, one) in layout.nodes.iter().enumerate() {
            for other in &layout.nodes[at + 1..] {
                let room = (one.0 - other.0).abs() - (one.2 + other.2) / 2.0;
                assert!(one.1 != other.1 || room >= GAP - 0.2, "{layout:?}");
            }
            assert!(one.0 - one.2 / 2.0 >= 0.0 && one.0 + one.2 / 2.0 <= layout.width);
            assert!(one.1 + NODE_HEIGHT / 2.0 <= layout.height);
        }
        for ((from, to, back), points) in edges.iter().zip(&layout.edges) {
            let (begin, end) = (points[0], points[points.len() - 1]);
            let half = if *back { -NODE_HEIGHT / 2.0 } else { NODE_HEIGHT / 2.0 };
            assert_eq!(begin.1, layout.nodes[*from].1 + half);
            assert_eq!(end.1, layout.nodes[*to].1 - half);
        }
    }

    #[test]
    fn edges_are_untangled() {
        let straight = Drawing::new(&[1; 6], &[(0, 5, false), (1, 4, false), (2, 3, false)]);
        assert_eq!(straight.crossings(), 3);
        let mut untangled = straight;
        untangled.untangle();
        assert_eq!(untangled.crossings(), 0);
    }
}
