//! The enabled rules, sorted by what they listen to.

use ruff_python_ast::{AnyNodeRef, NodeKind};

use crate::rule::{Chapter, FunctionTraits, On, Rule, Values};

/// The handlers of the enabled rules. One table serves all files with the same settings.
pub struct Table {
    /// Handlers of each kind of node; the index is the kind's number within this process.
    by_kind: Vec<Vec<(&'static Rule, On)>>,
    /// Those of functions, by the number of their traits.
    functions: [Vec<(&'static Rule, On)>; FunctionTraits::COUNT],
    /// Whether there is one of each kind.
    is_heard: [bool; KINDS],
    linked: Vec<(&'static Rule, On)>,
    values: Values,
}

/// How many kinds of nodes there are.
const KINDS: usize = NodeKind::Identifier as usize + 1;

impl Table {
    /// The handlers of those rules of the book that `is_enabled` lets through.
    pub fn new(chapters: &'static [Chapter], is_enabled: impl Fn(&Rule) -> bool) -> Table {
        let mut table = Table {
            by_kind: vec![Vec::new(); KINDS],
            functions: Default::default(),
            is_heard: [false; KINDS],
            linked: Vec::new(),
            values: Values::default(),
        };
        for rule in chapters.iter().flat_map(|chapter| chapter.rules).filter(|it| is_enabled(it)) {
            for on in rule.on {
                match on.kind() {
                    Some(NodeKind::StmtFunctionDef) => {
                        for (number, of_traits) in table.functions.iter_mut().enumerate() {
                            if on.hears(FunctionTraits::numbered(number)) {
                                of_traits.push((rule, *on));
                            }
                        }
                        table.is_heard[NodeKind::StmtFunctionDef as usize] = true;
                    }
                    Some(kind) => {
                        table.by_kind[kind as usize].push((rule, *on));
                        table.is_heard[kind as usize] = true;
                    }
                    None => table.linked.push((rule, *on)),
                }
            }
        }
        table
    }

    /// With what the project rules may read of the settings.
    #[must_use]
    pub fn with_values(self, values: Values) -> Table {
        Table { values, ..self }
    }

    /// What the project rules may read of the settings.
    pub(super) fn values(&self) -> &Values {
        &self.values
    }

    /// The handlers of a node.
    pub(super) fn of(&self, node: AnyNodeRef<'_>) -> &[(&'static Rule, On)] {
        match node {
            AnyNodeRef::StmtFunctionDef(it) => &self.functions[FunctionTraits::number_of(it)],
            node => &self.by_kind[node.kind() as usize],
        }
    }

    /// The handlers of linked items and suspicions.
    pub(super) fn linked(&self) -> &[(&'static Rule, On)] {
        &self.linked
    }

    /// Whether a rule listens to import cycles.
    pub(super) fn asks_for_cycles(&self) -> bool {
        self.linked.iter().any(|(_, on)| matches!(on, On::ImportCycle(_)))
    }

    /// Whether a rule has a handler here.
    pub(super) fn has_linked(&self, rule: &str) -> bool {
        self.linked.iter().any(|(it, _)| it.name == rule)
    }
}

/// The nodes among some that a rule listens to. Most are of other kinds, in no order that a processor
/// could foresee: so they are sorted out without a branch.
pub(super) struct Heard {
    places: [u16; Heard::MOST],
}

impl Default for Heard {
    fn default() -> Self {
        Heard { places: [0; Heard::MOST] }
    }
}

impl Heard {
    /// So many nodes are looked at together.
    pub(super) const MOST: usize = 512;

    /// Those of at most [`Heard::MOST`] nodes that a rule of the table listens to, in their order.
    pub(super) fn among<'a, 'h>(
        &'h mut self,
        nodes: &'h [AnyNodeRef<'a>],
        table: &Table,
    ) -> impl Iterator<Item = AnyNodeRef<'a>> + use<'a, 'h> {
        let mut count = 0;
        for (place, node) in nodes.iter().take(Self::MOST).enumerate() {
            self.places[count] = place as u16;
            count += usize::from(table.is_heard[node.kind() as usize]);
        }
        self.places[..count].iter().map(|place| nodes[usize::from(*place)])
    }
}
