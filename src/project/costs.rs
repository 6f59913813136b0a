//! What calling a function costs, and what it does to its object, through the functions it calls.
//!
//! Both are lower bounds: what cannot be resolved adds nothing. A summary has, of each level of cost,
//! the nearest call that always happens and the nearest one that may, and by which call of the
//! function the way there begins. Summaries are made from below: of one component of the call graph
//! after another, and in one until nothing changes any more. So they do not depend on what was asked
//! first, and take time in proportion to the calls that properties reach.

use ruff_text_size::TextRange;
use rustc_hash::FxHashMap;

use super::calls::{Decorated, Frame, Receiver, runs_when_called};
use super::{FileId, FunctionId, Project};
use crate::facts::{CostLevel, FunctionFacts};

/// How many calls away something that happens on a branch still counts.
const FARTHEST_POSSIBLE: u8 = 2;

/// How many calls away hard work still counts that only always happens.
const FARTHEST_WORK: u8 = 1;

/// No way through calls in earnest is longer.
const FARTHEST: u8 = 30;

/// The dearest thing that reading a property does, and the way there.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// How expensive.
    pub level: CostLevel,
    /// What is called in the end: an absolute dotted name, or a method name after a dot.
    pub what: String,
    /// Whether each call does it.
    pub is_certain: bool,
    /// From the function asked about to the expensive call: the last step is that call.
    pub path: Vec<Step>,
}

/// A call on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The file it is in.
    pub file: FileId,
    /// Where the callee is written.
    pub range: TextRange,
    /// The function that is called; `None` for the last step.
    pub callee: Option<FunctionId>,
}

/// A kind of cost in a summary, the one to be told of first at the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot {
    level: CostLevel,
    is_certain: bool,
}

const SLOTS: [Slot; 5] = [
    Slot { level: CostLevel::External, is_certain: true },
    Slot { level: CostLevel::Io, is_certain: true },
    Slot { level: CostLevel::External, is_certain: false },
    Slot { level: CostLevel::Io, is_certain: false },
    // Hard work that may be done is nothing to speak of.
    Slot { level: CostLevel::Work, is_certain: true },
];

impl Slot {
    /// How many calls away it still counts.
    fn farthest(self) -> u8 {
        match (self.is_certain, self.level) {
            (_, CostLevel::Work) => FARTHEST_WORK,
            (true, _) => FARTHEST,
            (false, _) => FARTHEST_POSSIBLE,
        }
    }
}

/// The nearest cost of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Found {
    /// How many calls away.
    distance: u8,
    way: Way,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The function does it itself: the place among its costs.
    Here(u32),
    /// It calls what does: the place among its calls, the callee, and the callee's slot.
    Through(u32, u32, u8),
}

type Summary = [Option<Found>; SLOTS.len()];

/// The summaries of what properties reach.
#[derive(Default)]
pub(super) struct Costs {
    /// The frames of reading properties, in the order of the functions.
    properties: Vec<(FunctionId, u32)>,
    frames: Vec<Frame>,
    /// What was found for each frame.
    summaries: Vec<Summary>,
}

impl Project {
    /// What reading a property costs: first of all what each read does, the dearest of it, the
    /// nearest of that. `None` for what is cheap or keeps its result.
    pub fn cost(&self, property: FunctionId) -> Option<Cost> {
        let costs = self.costs.get_or_init(|| Costs::link(self));
        let place = costs.properties.binary_search_by_key(&property, |it| it.0).ok()?;
        let mut frame = costs.properties[place].1;
        let (mut at, slot) = (SLOTS.iter().enumerate())
            .find(|(at, _)| costs.summaries[frame as usize][*at].is_some())?;
        let mut path = Vec::new();
        loop {
            let function = costs.frames[frame as usize].function;
            let (file, index) = (self.function(function).0, self.index_of_function(function));
            match costs.summaries[frame as usize][at]?.way {
                Way::Here(cost) => {
                    let cost = &self.file(file).costs().of(index)[cost as usize];
                    path.push(Step { file, range: cost.range(), callee: None });
                    let what = self.file(file).text(cost.what).to_owned();
                    return Some(Cost {
                        level: slot.level,
                        what,
                        is_certain: slot.is_certain,
                        path,
                    });
                }
                Way::Through(call, callee, slot) => {
                    let range = self.file(file).calls().of(index)[call as usize].range();
                    let next = costs.frames[callee as usize].function;
                    path.push(Step { file, range, callee: Some(next) });
                    (frame, at) = (callee, usize::from(slot));
                }
            }
        }
    }

    /// The frame of reading a property that does something: of any object that has it.
    fn property_frame(&self, function: FunctionId) -> Option<Frame> {
        if !runs_when_called(self.function_facts(function))
            || self.decorated(function) != Some(Decorated::Property)
        {
            return None;
        }
        Some(Frame { function, receiver: Receiver::OrBelow(self.class_of_method(function)?) })
    }
}

/// A call of a frame to another one.
#[derive(Clone, Copy)]
struct Edge {
    /// The place among the calls of the function.
    call: u32,
    to: u32,
    /// Whether each run of the frame comes to the call.
    is_reached: bool,
    /// Whether that runs the callee for certain, once that was asked.
    is_always: Option<bool>,
}

/// Walks the call graph depth first and finishes one component after the other (Tarjan 1972).
struct Linker<'p> {
    project: &'p Project,
    numbers: FxHashMap<Frame, u32>,
    costs: Costs,
    nodes: Vec<Node>,
    /// Frames that belong to components that are not finished.
    open: Vec<u32>,
    visited: u32,
}

#[derive(Default)]
struct Node {
    edges: Vec<Edge>,
    /// When it was visited; 0 for not yet.
    order: u32,
    /// The earliest visited frame of its component that is known to be reached from it.
    low: u32,
    is_open: bool,
    /// Whether it stores into the object that it runs on.
    stores: bool,
}

impl Costs {
    fn link(project: &Project) -> Costs {
        let mut linker = Linker {
            project,
            numbers: FxHashMap::default(),
            costs: Costs::default(),
            nodes: Vec::new(),
            open: Vec::new(),
            visited: 0,
        };
        for (id, file) in project.files() {
            // Few functions are decorated at all.
            for (at, target) in file.function_decorators().iter() {
                if !file.is_builtin(*target, "property") {
                    continue;
                }
                let function = project.function_of(id, at);
                let Some(frame) = project.property_frame(function) else { continue };
                let number = linker.number(frame);
                if linker.nodes[number as usize].order == 0 {
                    linker.walk(number);
                }
                linker.costs.properties.push((function, number));
            }
        }
        linker.costs
    }
}

impl Linker<'_> {
    fn number(&mut self, frame: Frame) -> u32 {
        let next = self.nodes.len() as u32;
        let number = *self.numbers.entry(frame).or_insert(next);
        if number == next {
            self.nodes.push(Node::default());
            self.costs.frames.push(frame);
            self.costs.summaries.push(Summary::default());
        }
        number
    }

    fn walk(&mut self, root: u32) {
        let mut way: Vec<(u32, usize)> = vec![(root, 0)];
        self.enter(root);
        while let Some((frame, next)) = way.last_mut() {
            let frame = *frame;
            if let Some(edge) = self.nodes[frame as usize].edges.get(*next) {
                *next += 1;
                let to = edge.to;
                let callee = &self.nodes[to as usize];
                let (order, is_open) = (callee.order, callee.is_open);
                if order == 0 {
                    way.push((to, 0));
                    self.enter(to);
                } else if is_open {
                    let node = &mut self.nodes[frame as usize];
                    node.low = node.low.min(order);
                }
                continue;
            }
            way.pop();
            let Node { low, order, .. } = self.nodes[frame as usize];
            if let Some((caller, _)) = way.last() {
                let caller = &mut self.nodes[*caller as usize];
                caller.low = caller.low.min(low);
            }
            if low == order {
                self.finish(frame);
            }
        }
    }

    fn enter(&mut self, number: u32) {
        self.visited += 1;
        self.open.push(number);
        let edges = self.edges(self.costs.frames[number as usize]);
        let function = self.costs.frames[number as usize].function;
        let stores = self.project.function_facts(function).stores_own();
        let order = self.visited;
        self.nodes[number as usize] = Node { edges, order, low: order, is_open: true, stores };
    }

    fn edges(&mut self, frame: Frame) -> Vec<Edge> {
        let project = self.project;
        let (file, function) = project.function(frame.function);
        let calls = project.file(file).calls().of(project.index_of_function(frame.function));
        let mut edges = Vec::new();
        for (call, facts) in calls.iter().enumerate() {
            if !facts.is_certain() && !may_branch(function) {
                continue;
            }
            let found = [project.callee(frame, facts), project.maker(frame, facts)];
            for callee in found.into_iter().flatten() {
                if !self.does_something(callee.function) {
                    continue;
                }
                let to = self.number(callee);
                let (call, is_reached) = (call as u32, facts.is_certain());
                edges.push(Edge { call, to, is_reached, is_always: None });
            }
        }
        edges
    }

    /// Whether a function can have a summary that is not empty.
    fn does_something(&self, function: FunctionId) -> bool {
        let (file, facts) = self.project.function(function);
        let (file, index) = (self.project.file(file), self.project.index_of_function(function));
        facts.stores_own()
            || !file.costs().of(index).is_empty()
            || !file.calls().of(index).is_empty()
    }

    /// Makes the summaries of a component, which lies on top of the open frames.
    fn finish(&mut self, first: u32) {
        let start = self.open.iter().rposition(|it| *it == first).unwrap_or(0);
        let component = self.open.split_off(start);
        let nodes = &self.nodes;
        let stores = |it: u32| {
            let node = &nodes[it as usize];
            node.stores || node.edges.iter().any(|edge| self.keeps(it, edge))
        };
        let stores = component.iter().any(|it| stores(*it));
        for frame in &component {
            self.nodes[*frame as usize].stores = stores;
        }
        loop {
            let mut has_changed = false;
            for frame in &component {
                has_changed |= self.summarize(*frame);
            }
            // What does not call itself is known at once.
            if !has_changed || component.len() == 1 {
                break;
            }
        }
        for frame in &component {
            let node = &mut self.nodes[*frame as usize];
            (node.is_open, node.edges) = (false, Vec::new());
        }
    }

    /// Whether a call stores into the object that the caller runs on.
    fn keeps(&self, caller: u32, edge: &Edge) -> bool {
        let receiver = |it: u32| self.costs.frames[it as usize].receiver;
        let is_same = receiver(caller) == receiver(edge.to) && receiver(caller).class().is_some();
        is_same && self.nodes[edge.to as usize].stores
    }

    /// Makes the summary of a frame of what it does itself and of the summaries of what it calls.
    /// Whether that changes it.
    fn summarize(&mut self, number: u32) -> bool {
        let project = self.project;
        let frame = self.costs.frames[number as usize];
        let (file, function) = project.function(frame.function);
        let (file, index) = (project.file(file), project.index_of_function(frame.function));
        let mut summary = Summary::default();
        for (at, cost) in file.costs().of(index).iter().enumerate() {
            if !cost.is_certain() && !may_branch(function) {
                continue;
            }
            let found = Found { distance: 0, way: Way::Here(at as u32) };
            offer(&mut summary, cost.level(), cost.is_certain(), found);
        }
        let calls = file.calls().of(index);
        let mut edges = std::mem::take(&mut self.nodes[number as usize].edges);
        for edge in &mut edges {
            let below = self.costs.summaries[edge.to as usize];
            if below.iter().all(Option::is_none) {
                continue;
            }
            let call = &calls[edge.call as usize];
            // What is called only if something is missing, and stores it: the result is kept.
            if call.is_guarded() && self.keeps(number, edge) {
                continue;
            }
            let is_always = match edge.is_always {
                Some(known) => known,
                None => {
                    let callee = self.costs.frames[edge.to as usize];
                    let Some(found) = project.is_always(frame, call, callee) else {
                        continue;
                    };
                    edge.is_always = Some(found);
                    found
                }
            };
            for (at, (slot, found)) in SLOTS.iter().zip(below).enumerate() {
                let Some(found) = found else { continue };
                let is_certain = slot.is_certain && edge.is_reached && is_always;
                let way = Way::Through(edge.call, edge.to, at as u8);
                let found = Found { distance: found.distance + 1, way };
                offer(&mut summary, slot.level, is_certain, found);
            }
        }
        self.nodes[number as usize].edges = edges;
        let before = std::mem::replace(&mut self.costs.summaries[number as usize], summary);
        before != summary
    }
}

/// Whether what a function only does on a branch counts: what keeps its result does it once, and which
/// way a function goes that is given something, its caller may know.
fn may_branch(function: &FunctionFacts) -> bool {
    !function.is_memo() && !function.takes_arguments()
}

/// Takes a cost into a summary if it is nearer than what is known.
fn offer(summary: &mut Summary, level: CostLevel, is_certain: bool, found: Found) {
    let place = SLOTS.iter().position(|it| *it == Slot { level, is_certain });
    let Some(at) = place.filter(|it| found.distance <= SLOTS[*it].farthest()) else { return };
    if summary[at].is_none_or(|it| found.distance < it.distance) {
        summary[at] = Some(found);
    }
}
