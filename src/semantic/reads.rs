//! Which read a node is: a bit for each node, and how many bits are set before.

use crate::syntax::NodeId;

/// The places of reads among all of them, by their nodes. Reads are added in the order of their
/// nodes.
#[derive(Default)]
pub(super) struct ReadIndex {
    words: Vec<Word>,
    count: u32,
}

/// Sixty-four nodes.
#[derive(Clone, Copy, Default)]
struct Word {
    is_read: u64,
    /// How many reads there are before the first of its nodes.
    before: u32,
}

impl ReadIndex {
    /// The next read is this node.
    pub(super) fn push(&mut self, node: NodeId) {
        let (word, bit) = place(node);
        while self.words.len() <= word {
            self.words.push(Word { is_read: 0, before: self.count });
        }
        if let Some(last) = self.words.last_mut() {
            last.is_read |= 1 << bit;
        }
        self.count += 1;
    }

    /// The place of the read that a node is; `None` if it is none.
    pub(super) fn find(&self, node: NodeId) -> Option<usize> {
        let (word, bit) = place(node);
        let Word { is_read, before } = *self.words.get(word)?;
        let below = is_read & ((1 << bit) - 1);
        (is_read >> bit & 1 != 0).then(|| before as usize + below.count_ones() as usize)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.count as usize
    }

    pub(super) fn recycle(mut self) -> ReadIndex {
        self.words.clear();
        ReadIndex { words: self.words, count: 0 }
    }
}

fn place(node: NodeId) -> (usize, u32) {
    (node.index() / 64, node.index() as u32 % 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_are_found_by_their_nodes() {
        let nodes = [1, 2, 63, 64, 65, 127, 300, 301, 1000];
        let mut index = ReadIndex::default();
        for _ in 0..2 {
            nodes.iter().for_each(|node| index.push(NodeId::new(*node)));
            for node in 0..1100 {
                let place = nodes.iter().position(|it| *it == node);
                assert_eq!(index.find(NodeId::new(node)), place, "{node}");
            }
            assert_eq!(index.len(), nodes.len());
            index = index.recycle();
            assert_eq!(index.find(NodeId::new(1)), None);
        }
    }
}
