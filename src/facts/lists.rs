//! Lists of many owners in two allocations: the facts of a file live long, and small pieces between
//! those of syntax trees would keep their memory from being used again.

use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Items of classes or functions: those of one owner stand together, and owners are in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ByOwner<T> {
    owners: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for ByOwner<T> {
    fn default() -> Self {
        ByOwner { owners: Vec::new(), items: Vec::new() }
    }
}

impl<T> ByOwner<T> {
    /// The items of an owner, which is told by its index among its kind.
    pub fn of(&self, owner: u32) -> &[T] {
        let start = self.owners.partition_point(|it| *it < owner);
        let count = self.owners[start..].iter().take_while(|it| **it == owner).count();
        &self.items[start..][..count]
    }

    /// All items, each with its owner.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        self.owners.iter().copied().zip(&self.items)
    }

    /// Adds an item; its owner does not come before the one of the item before.
    pub(super) fn push(&mut self, owner: u32, item: T) {
        debug_assert!(self.owners.last().is_none_or(|last| *last <= owner));
        self.owners.push(owner);
        self.items.push(item);
    }

    /// The items of the owner that was added last, from `start` on.
    pub(super) fn since(&mut self, start: usize) -> &mut [T] {
        &mut self.items[start..]
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }
}

impl<T: Clone> ByOwner<T> {
    /// The same lists in as little memory as they need; these are empty again.
    pub(super) fn take(&mut self) -> ByOwner<T> {
        let lists = self.clone();
        self.owners.clear();
        self.items.clear();
        lists
    }
}

/// Records that are rarely asked for, encoded one behind the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packed<T> {
    bytes: Vec<u8>,
    kind: PhantomData<fn() -> T>,
}

impl<T> Default for Packed<T> {
    fn default() -> Self {
        Packed { bytes: Vec::new(), kind: PhantomData }
    }
}

impl<T> Packed<T> {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

impl<T: Serialize + DeserializeOwned> Packed<T> {
    /// Encodes records.
    pub fn new(records: &[T]) -> Packed<T> {
        let mut bytes = Vec::new();
        for record in records {
            bytes = postcard::to_extend(record, bytes).expect("facts can be encoded");
        }
        bytes.shrink_to_fit();
        Packed { bytes, kind: PhantomData }
    }

    /// The records, decoded as they are asked for.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        let mut rest = &self.bytes[..];
        std::iter::from_fn(move || {
            let (record, after) = postcard::take_from_bytes(rest).ok()?;
            rest = after;
            Some(record)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_found_by_their_owner() {
        let mut lists = ByOwner::default();
        for (owner, item) in [(1, 'a'), (1, 'b'), (4, 'c')] {
            lists.push(owner, item);
        }
        assert_eq!(lists.of(1), ['a', 'b']);
        assert_eq!(lists.of(4), ['c']);
        assert_eq!(lists.of(0), lists.of(9));
        assert_eq!(lists.take().iter().count(), 3);
        assert_eq!(lists.len(), 0);
    }

    #[test]
    fn records_come_out_as_they_went_in() {
        let records = vec![("one".to_owned(), Some(1u32)), (String::new(), None)];
        assert_eq!(Packed::new(&records).iter().collect::<Vec<_>>(), records);
        assert!(Packed::<u32>::new(&[]).is_empty());
    }
}
