//! Values that live until the end of a run though they were made beside a syntax tree, which lives
//! for a moment.
//!
//! If such a value were many small pieces of memory between those of trees, no page of the
//! allocator would ever be free again: the next tree would be strewn over the pages of all trees
//! before it, none of which is in the processor's cache. So it is encoded, in one piece.

use std::fmt;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Pieces of memory shorter than this, in bytes, would lie among those of syntax trees.
pub const SHORTEST: usize = 512;

/// A value in one piece of memory; in none, if it is the default.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kept<T> {
    bytes: Vec<u8>,
    #[serde(skip)]
    kind: PhantomData<T>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Kept { bytes: Vec::new(), kind: PhantomData }
    }
}

impl<T: Serialize + DeserializeOwned + Default + PartialEq> Kept<T> {
    /// Keeps a value.
    pub fn new(value: &T) -> Kept<T> {
        if *value == T::default() {
            return Kept::default();
        }
        let bytes = postcard::to_extend(value, Vec::with_capacity(SHORTEST));
        Kept { bytes: bytes.expect("what is kept can be encoded"), kind: PhantomData }
    }

    /// The value.
    pub fn get(&self) -> T {
        if self.is_default() {
            return T::default();
        }
        postcard::from_bytes(&self.bytes).expect("what was encoded can be decoded")
    }

    /// Whether the value is the default, which needs no decoding.
    pub fn is_default(&self) -> bool {
        self.bytes.is_empty()
    }
}

impl<T: fmt::Debug + Serialize + DeserializeOwned + Default + PartialEq> fmt::Debug for Kept<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back() {
        let long: Vec<String> = (0..300).map(|number| format!("number {number}")).collect();
        for value in [Vec::new(), vec![String::new()], long] {
            let kept = Kept::new(&value);
            assert_eq!(kept.get(), value);
            assert_eq!(kept.is_default(), value.is_empty());
        }
    }
}
