//! A table from hashes to numbers of things that are kept elsewhere.

/// Finds numbers by a hash and a comparison. It is asked for each name of each file, mostly for one
/// that it has: so it probes one slot after the other, and nothing is ever taken out.
#[derive(Debug, Default)]
pub struct NumberTable {
    /// One more than a number; 0 where the slot is free. As many as a power of two.
    slots: Vec<u32>,
    count: usize,
}

/// So many slots there are at least.
const FEWEST_SLOTS: usize = 256;

impl NumberTable {
    /// An empty table with room for so many numbers.
    pub fn with_capacity(count: usize) -> NumberTable {
        NumberTable { slots: vec![0; (count * 2).next_power_of_two()], count: 0 }
    }

    /// The number with a hash that `is_it` is true for.
    // Calling it costs more than what it does.
    #[inline(always)]
    pub fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = hash as usize & mask;
        loop {
            match *self.slots.get(at)? {
                0 => return None,
                slot if is_it(slot - 1) => return Some(slot - 1),
                _ => at = (at + 1) & mask,
            }
        }
    }

    /// Adds a number that is not there yet; `hash_of` tells the hashes of those that are.
    pub fn insert(&mut self, hash: u64, number: u32, hash_of: impl Fn(u32) -> u64) {
        self.count += 1;
        if self.count * 2 > self.slots.len() {
            let count = (self.slots.len() * 2).max(FEWEST_SLOTS);
            let old = std::mem::replace(&mut self.slots, vec![0; count]);
            for slot in old.into_iter().filter(|slot| *slot != 0) {
                self.put(hash_of(slot - 1), slot);
            }
        }
        self.put(hash, number + 1);
    }

    fn put(&mut self, hash: u64, slot: u32) {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots[at] != 0 {
            at = (at + 1) & mask;
        }
        self.slots[at] = slot;
    }

    /// Forgets all. It keeps as much memory as the last use asked for, so that one large file does
    /// not make all small ones after it slow.
    pub fn clear(&mut self) {
        let wanted = (self.count * 4).next_power_of_two().max(FEWEST_SLOTS);
        self.slots.truncate(wanted);
        self.slots.fill(0);
        self.count = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_found() {
        let mut table = NumberTable::default();
        // Few different hashes, and many that end in the same bits.
        let hash_of = |number: u32| u64::from(number % 97) << 4;
        assert_eq!(table.find(0, |_| true), None);
        for _ in 0..2 {
            for number in 0..2_000 {
                table.insert(hash_of(number), number, hash_of);
            }
            for number in 0..2_000 {
                assert_eq!(table.find(hash_of(number), |it| it == number), Some(number));
            }
            assert_eq!(table.find(hash_of(5), |it| it == 2_000), None);
            table.clear();
            assert_eq!(table.find(hash_of(5), |_| true), None);
        }
    }
}
