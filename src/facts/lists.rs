//! The lists of a file's facts, in one piece of memory.
//!
//! Facts live until the end of a run, and many small pieces would be in the way of syntax trees: see
//! [`crate::kept`]. So the lists of a file are words, one list behind the other, and what rules see
//! are views of them: nothing is decoded, and stored facts are read as they are.

use std::marker::PhantomData;

use bytemuck::cast_slice;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::hashes::{self, Unplaced};
use crate::kept::SHORTEST;
use crate::text::Digest;

/// A list while it grows, and how it is seen afterwards.
pub(super) trait List: Default {
    /// How it is seen.
    type View<'a>;

    /// Writes the list behind others.
    fn pack(&self, words: &mut Vec<u32>);

    /// Empties it, but keeps its memory.
    fn clear(&mut self);

    /// The view of what [`List::pack`] wrote.
    fn view(words: &[u32]) -> Self::View<'_>;

    /// Adds what [`List::pack`] wrote to a digest, but for the places in the file.
    fn digest(words: &[u32], digest: &mut Digest);
}

impl<T: Unplaced> List for Vec<T> {
    type View<'a> = &'a [T];

    fn pack(&self, words: &mut Vec<u32>) {
        words.extend_from_slice(cast_slice(self));
    }

    fn clear(&mut self) {
        Vec::clear(self);
    }

    fn view(words: &[u32]) -> &[T] {
        cast_slice(words)
    }

    fn digest(words: &[u32], digest: &mut Digest) {
        hashes::digest(Self::view(words), digest);
    }
}

/// Items of many owners while they are gathered.
#[derive(Debug)]
pub(super) struct Gathered<T> {
    owners: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for Gathered<T> {
    fn default() -> Self {
        Gathered { owners: Vec::new(), items: Vec::new() }
    }
}

impl<T> Gathered<T> {
    /// Adds an item; its owner does not come before the one of the item before.
    pub(super) fn push(&mut self, owner: u32, item: T) {
        debug_assert!(self.owners.last().is_none_or(|last| *last <= owner));
        self.owners.push(owner);
        self.items.push(item);
    }

    /// The items from `start` on.
    pub(super) fn since(&mut self, start: usize) -> &mut [T] {
        &mut self.items[start..]
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// All items.
    pub(super) fn items(&self) -> &[T] {
        &self.items
    }

    /// The owner after the last one, where owners are only told apart by their numbers.
    pub(super) fn next_owner(&self) -> u32 {
        self.owners.last().map_or(0, |last| last + 1)
    }
}

impl<T: Unplaced> List for Gathered<T> {
    type View<'a> = ByOwner<'a, T>;

    fn pack(&self, words: &mut Vec<u32>) {
        if !self.owners.is_empty() {
            words.push(self.owners.len() as u32);
            words.extend_from_slice(&self.owners);
            words.extend_from_slice(cast_slice(&self.items));
        }
    }

    fn clear(&mut self) {
        self.owners.clear();
        self.items.clear();
    }

    fn view(words: &[u32]) -> ByOwner<'_, T> {
        let (count, rest) = words.split_first().unwrap_or((&0, &[]));
        let (owners, items) = rest.split_at(*count as usize);
        ByOwner { owners, items: cast_slice(items) }
    }

    fn digest(words: &[u32], digest: &mut Digest) {
        let ByOwner { owners, items } = Self::view(words);
        hashes::digest(owners, digest);
        hashes::digest(items, digest);
    }
}

/// Items of classes or functions: those of one owner stand together, and owners are in order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ByOwner<'a, T> {
    owners: &'a [u32],
    items: &'a [T],
}

impl<'a, T> ByOwner<'a, T> {
    /// The items of an owner, which is told by its index among its kind.
    pub fn of(self, owner: u32) -> &'a [T] {
        let start = self.owners.partition_point(|it| *it < owner);
        let count = self.owners[start..].iter().take_while(|it| **it == owner).count();
        &self.items[start..][..count]
    }

    /// All items, each with its owner.
    pub fn iter(self) -> impl Iterator<Item = (u32, &'a T)> {
        self.owners.iter().copied().zip(self.items)
    }
}

/// Records that are rarely asked for, encoded one behind the other, while they are gathered.
#[derive(Debug)]
pub(super) struct Encoded<T> {
    bytes: Vec<u8>,
    kind: PhantomData<T>,
}

impl<T> Default for Encoded<T> {
    fn default() -> Self {
        Encoded { bytes: Vec::new(), kind: PhantomData }
    }
}

impl<T: Serialize> Encoded<T> {
    pub(super) fn push(&mut self, record: &T) {
        let bytes = std::mem::take(&mut self.bytes);
        self.bytes = postcard::to_extend(record, bytes).expect("facts can be encoded");
    }
}

impl<T> List for Encoded<T> {
    type View<'a> = Records<'a, T>;

    fn pack(&self, words: &mut Vec<u32>) {
        let (whole, rest) = self.bytes.as_chunks();
        if !self.bytes.is_empty() {
            words.push(self.bytes.len() as u32);
            words.extend(whole.iter().map(|four| u32::from_ne_bytes(*four)));
            let mut last = [0; 4];
            last[..rest.len()].copy_from_slice(rest);
            words.push(u32::from_ne_bytes(last));
        }
    }

    fn clear(&mut self) {
        self.bytes.clear();
    }

    fn view(words: &[u32]) -> Records<'_, T> {
        let (length, rest) = words.split_first().unwrap_or((&0, &[]));
        Records { bytes: &cast_slice(rest)[..*length as usize], kind: PhantomData }
    }

    /// Records speak to their own file only.
    fn digest(_: &[u32], _: &mut Digest) {}
}

/// Records that are decoded as they are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Records<'a, T> {
    bytes: &'a [u8],
    kind: PhantomData<T>,
}

impl<T> Records<'_, T> {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

impl<'a, T: DeserializeOwned> Records<'a, T> {
    /// The records.
    pub fn iter(&self) -> impl Iterator<Item = T> + use<'a, T> {
        let mut rest = self.bytes;
        std::iter::from_fn(move || {
            let (record, after) = postcard::take_from_bytes(rest).ok()?;
            rest = after;
            Some(record)
        })
    }
}

/// The lists of a file and its texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Packed {
    /// How many lists there are, where each of them ends, and then the lists.
    words: Vec<u32>,
    /// All texts, one behind the other.
    text: String,
}

impl Packed {
    /// Copies what was packed into `words`, where the lists end at `ends`.
    pub(super) fn new(words: &[u32], ends: &[u32], text: &str) -> Packed {
        let count = ends.len() as u32;
        let length = 1 + ends.len() + words.len();
        let mut own = Vec::with_capacity(length.max(SHORTEST / 4));
        own.push(count);
        own.extend(ends.iter().map(|end| end + 1 + count));
        own.extend_from_slice(words);
        let mut own_text = String::with_capacity(text.len().max(SHORTEST));
        own_text.push_str(text);
        Packed { words: own, text: own_text }
    }

    /// The words of a list.
    pub(super) fn list(&self, index: usize) -> &[u32] {
        let Some(count) = self.words.first() else { return &[] };
        let end = self.words[1 + index] as usize;
        let start = match index {
            0 => 1 + *count as usize,
            _ => self.words[index] as usize,
        };
        &self.words[start..end]
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Unplaced for [u32; 2] {}

    #[test]
    fn lists_are_seen_as_they_were_made() {
        let numbers: Vec<u32> = vec![7, 8];
        let mut owned: Gathered<[u32; 2]> = Gathered::default();
        for (owner, item) in [(1, [1, 1]), (1, [2, 2]), (4, [3, 3])] {
            owned.push(owner, item);
        }
        let mut records: Encoded<(String, Option<u32>)> = Encoded::default();
        let all = [("one".to_owned(), Some(1)), (String::new(), None)];
        all.iter().for_each(|it| records.push(it));
        let (mut words, mut ends) = (Vec::new(), Vec::new());
        numbers.pack(&mut words);
        ends.push(words.len() as u32);
        owned.pack(&mut words);
        ends.push(words.len() as u32);
        Gathered::<u32>::default().pack(&mut words);
        ends.push(words.len() as u32);
        records.pack(&mut words);
        ends.push(words.len() as u32);
        let packed = Packed::new(&words, &ends, "text");
        assert_eq!(Vec::<u32>::view(packed.list(0)), [7, 8]);
        let seen = Gathered::<[u32; 2]>::view(packed.list(1));
        assert_eq!(
            (seen.of(1), seen.of(4), seen.of(2)),
            (&[[1, 1], [2, 2]][..], &[[3, 3]][..], &[][..])
        );
        assert_eq!(seen.iter().map(|(owner, _)| owner).collect::<Vec<_>>(), [1, 1, 4]);
        assert!(Gathered::<u32>::view(packed.list(2)).iter().next().is_none());
        let seen = Encoded::<(String, Option<u32>)>::view(packed.list(3));
        assert_eq!(seen.iter().collect::<Vec<_>>(), all);
    }

    #[test]
    fn no_facts_are_empty_lists() {
        assert!(Packed::default().list(3).is_empty());
    }
}
