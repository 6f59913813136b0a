//! Numbers of things in vectors, of which an `Option` takes no more room than the number.

use std::num::NonZeroU32;

/// The place of something in a vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Index(NonZeroU32);

impl Index {
    pub(super) fn new(index: usize) -> Index {
        // One more than the index, so that zero is left to say "none".
        Index(NonZeroU32::MIN.saturating_add(index as u32))
    }

    pub(super) fn get(self) -> usize {
        self.0.get() as usize - 1
    }
}
