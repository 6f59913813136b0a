//! The memory of a syntax tree. A tree is many thousand small pieces that all go at once, so they
//! are laid one behind the other in a block that each thread keeps and begins anew with each file:
//! no piece is freed by itself, and no tree is walked to take it down. That makes parsing about a
//! tenth cheaper than the best general allocator does.
//!
//! The parser allocates as all of Rust does, so this needs an allocator for the program
//! ([`TreeAllocator`]) that looks whether its thread is parsing just now. A program with another
//! allocator loses nothing but the speed.
//!
//! This file alone holds unsafe code: the trait of an allocator cannot be had without.
#![allow(unsafe_code, reason = "the trait `GlobalAlloc` is unsafe to implement")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr;

/// The bytes of a thread's block. Pages that no tree has reached cost nothing; what a larger tree
/// needs beyond comes from the general allocator.
const BLOCK: usize = 16 << 20;

const BLOCK_LAYOUT: Layout = match Layout::from_size_align(BLOCK, 4096) {
    Ok(layout) => layout,
    Err(_) => panic!("a block has a valid layout"),
};

/// The arena of a thread. All addresses are 0 before its first tree.
struct Arena {
    /// Where the block begins.
    start: Cell<*mut u8>,
    /// How long it is: [`BLOCK`], or 0 before there is one.
    length: Cell<usize>,
    /// Where the next piece goes.
    next: Cell<*mut u8>,
    /// Where the block ends, and null while the thread is not parsing.
    end: Cell<*mut u8>,
    /// Whether a tree is held just now.
    is_held: Cell<bool>,
    /// Whether the tree has pieces in the general allocator too.
    has_overflowed: Cell<bool>,
}

thread_local! {
    static ARENA: Arena = const {
        Arena {
            start: Cell::new(ptr::null_mut()),
            length: Cell::new(0),
            next: Cell::new(ptr::null_mut()),
            end: Cell::new(ptr::null_mut()),
            is_held: Cell::new(false),
            has_overflowed: Cell::new(false),
        }
    };
    /// Gives the block back when the thread ends; only [`Arena::prepare`] touches it.
    static BLOCK_OF_THREAD: Block = Block::new();
}

/// A thread's block, from the system: it is large, lives long and is touched page by page.
struct Block(*mut u8);

impl Block {
    /// A block, or null where there is no memory for it.
    fn new() -> Block {
        // SAFETY: the layout is not empty.
        Block(unsafe { System.alloc(BLOCK_LAYOUT) })
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        // A tree that outlives its thread's locals keeps the block: leaking is safe.
        if self.0.is_null() || ARENA.with(|arena| arena.is_held.get()) {
            return;
        }
        ARENA.with(|arena| {
            arena.length.set(0);
            arena.start.set(ptr::null_mut());
            arena.next.set(ptr::null_mut());
        });
        // SAFETY: from `Block::new`, with the same layout, and no tree is in it.
        unsafe { System.dealloc(self.0, BLOCK_LAYOUT) };
    }
}

impl Arena {
    /// Makes the arena ready for a tree. False if one is held already or there is no block.
    fn prepare(&self) -> bool {
        if self.is_held.get() {
            return false;
        }
        if self.start.get().is_null() {
            let Ok(block) = BLOCK_OF_THREAD.try_with(|block| block.0) else { return false };
            if block.is_null() {
                return false;
            }
            self.start.set(block);
            self.length.set(BLOCK);
        }
        self.next.set(self.start.get());
        self.has_overflowed.set(false);
        self.is_held.set(true);
        true
    }

    /// Whether anything came from the block: not where the program has another allocator.
    fn is_used(&self) -> bool {
        self.next.get() != self.start.get()
    }

    /// Whether an address lies in the block.
    fn contains(&self, piece: *mut u8) -> bool {
        piece.addr().wrapping_sub(self.start.get().addr()) < self.length.get()
    }

    /// Lets what the thread allocates come from the block until the guard goes.
    fn open(&self) -> Open<'_> {
        self.end.set(self.start.get().wrapping_add(self.length.get()));
        Open(self)
    }

    /// The next piece of the block, while it is open and has room.
    fn piece(&self, layout: Layout) -> Option<*mut u8> {
        let next = self.next.get();
        let begin = next.addr().wrapping_add(layout.align() - 1) & !(layout.align() - 1);
        let end = begin.wrapping_add(layout.size());
        if end <= self.end.get().addr() && next.addr() <= begin && begin <= end {
            // What a panic leaves behind is read after the tree has gone.
            if std::thread::panicking() {
                return None;
            }
            self.next.set(next.with_addr(end));
            return Some(next.with_addr(begin));
        }
        if !self.end.get().is_null() {
            self.has_overflowed.set(true);
        }
        None
    }
}

/// While it lives, what its thread allocates comes from the block.
struct Open<'a>(&'a Arena);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.end.set(ptr::null_mut());
    }
}

/// mimalloc, and the block of the thread while that parses.
#[derive(Debug)]
pub struct TreeAllocator;

// SAFETY: what comes from the block is aligned, within the block and given to nobody else until
// the tree is gone (see `hold`); everything else is mimalloc's, which also gets it back.
unsafe impl GlobalAlloc for TreeAllocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match ARENA.with(|arena| arena.piece(layout)) {
            Some(piece) => piece,
            // SAFETY: the caller's promises are those of this trait.
            None => unsafe { mimalloc::MiMalloc.alloc(layout) },
        }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        match ARENA.with(|arena| arena.piece(layout)) {
            Some(piece) => {
                // SAFETY: `piece` has this many bytes; the block is used again, so it is not zero.
                unsafe { piece.write_bytes(0, layout.size()) };
                piece
            }
            // SAFETY: the caller's promises are those of this trait.
            None => unsafe { mimalloc::MiMalloc.alloc_zeroed(layout) },
        }
    }

    #[inline]
    unsafe fn dealloc(&self, piece: *mut u8, layout: Layout) {
        if !ARENA.with(|arena| arena.contains(piece)) {
            // SAFETY: it is not of the block, so it came from mimalloc with this layout.
            unsafe { mimalloc::MiMalloc.dealloc(piece, layout) };
        }
    }

    #[inline]
    unsafe fn realloc(&self, piece: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if !ARENA.with(|arena| arena.contains(piece)) {
            // SAFETY: it is not of the block, so it came from mimalloc with this layout.
            return unsafe { mimalloc::MiMalloc.realloc(piece, layout, size) };
        }
        let is_last = ARENA.with(|arena| {
            let is_last = arena.next.get() == piece.wrapping_add(layout.size());
            let end = piece.wrapping_add(size);
            let fits = is_last && end <= arena.end.get();
            if fits {
                arena.next.set(end);
            }
            fits
        });
        if is_last || size <= layout.size() {
            return piece;
        }
        // SAFETY: the caller promises that `size` fits the alignment.
        let new = unsafe { self.alloc(Layout::from_size_align_unchecked(size, layout.align())) };
        if !new.is_null() {
            // SAFETY: both have at least the smaller number of bytes, and do not overlap.
            unsafe { new.copy_from_nonoverlapping(piece, layout.size()) };
        }
        new
    }
}

/// What was built in the block of its thread. It can be looked at, not taken apart: it goes as a
/// whole. It does not leave its thread.
#[derive(Debug)]
pub struct Held<T> {
    value: ManuallyDrop<T>,
    /// Nothing if the value is elsewhere.
    in_arena: Option<InArena>,
}

/// The one use of the thread's arena: the next may begin when this goes.
#[derive(Debug)]
struct InArena(PhantomData<*mut u8>);

impl Drop for InArena {
    fn drop(&mut self) {
        ARENA.with(|arena| arena.is_held.set(false));
    }
}

/// Builds a value in the block of this thread, if that is free and the program's allocator is
/// [`TreeAllocator`]; else wherever it falls.
///
/// # Safety
///
/// What `make` allocates must be kept nowhere but in the value it returns: not in a static, not in
/// another thread.
pub(super) unsafe fn hold<T>(make: impl FnOnce() -> T) -> Held<T> {
    let in_arena = ARENA.with(Arena::prepare).then_some(InArena(PhantomData));
    let value = ARENA.with(|arena| {
        let _open = in_arena.as_ref().map(|_| arena.open());
        make()
    });
    Held { value: ManuallyDrop::new(value), in_arena }
}

/// Calls `make` for something that a part of a held tree keeps, so that it goes with the tree.
///
/// # Safety
///
/// What `make` allocates must be kept nowhere but in `part`.
pub(super) unsafe fn add<T, R>(part: &T, make: impl FnOnce() -> R) -> R {
    ARENA.with(|arena| {
        let is_inside = arena.contains(ptr::from_ref(part).cast_mut().cast());
        let _open = is_inside.then(|| arena.open());
        make()
    })
}

impl<T> Deref for Held<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> Drop for Held<T> {
    fn drop(&mut self) {
        let is_all_in_arena = self.in_arena.is_some()
            && ARENA.with(|arena| arena.is_used() && !arena.has_overflowed.get());
        if !is_all_in_arena {
            // SAFETY: the value is dropped once, here. Pieces in the block are left alone by
            // `dealloc`, which is asked on the thread of the block: a `Held` stays there.
            unsafe { ManuallyDrop::drop(&mut self.value) };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::*;

    /// The unit tests run with this allocator, as the program does.
    #[global_allocator]
    static GLOBAL: TreeAllocator = TreeAllocator;

    fn held<T>(make: impl FnOnce() -> T) -> Held<T> {
        // SAFETY: the values below are plain vectors and boxes.
        unsafe { hold(make) }
    }

    fn is_in_block<T>(place: *const T) -> bool {
        ARENA.with(|arena| arena.contains(place.cast_mut().cast()))
    }

    #[test]
    fn each_value_begins_where_the_last_began() {
        let first = held(|| vec![Box::new(1), Box::new(2)]);
        let place = first.as_ptr();
        assert!(is_in_block(place) && is_in_block(&raw const *first[1]));
        drop(first);
        let second = held(|| vec![Box::new(3), Box::new(4)]);
        assert_eq!((place, *second[0], *second[1]), (second.as_ptr(), 3, 4));
    }

    #[test]
    fn only_what_is_made_inside_is_in_the_block() {
        let value = held(|| vec![1]);
        let other = Box::new(1);
        assert!(is_in_block(value.as_ptr()) && !is_in_block(&raw const *other));
    }

    #[test]
    fn a_second_value_finds_its_place_elsewhere() {
        let outer = held(|| vec![1; 100]);
        let inner = held(|| vec![2; 100]);
        assert!(is_in_block(outer.as_ptr()) && !is_in_block(inner.as_ptr()));
        drop(inner);
        assert_eq!(*outer, [1; 100]);
        drop(outer);
        assert!(is_in_block(held(|| vec![3]).as_ptr()));
    }

    #[test]
    fn what_the_block_cannot_hold_is_elsewhere() {
        let rows = |length: usize| (0..length).map(|row| vec![row as u8; 1 << 20]).collect();
        let value: Held<Vec<Vec<u8>>> = held(|| rows(40));
        assert!(is_in_block(value[0].as_ptr()) && !is_in_block(value[39].as_ptr()));
        assert!(value.iter().enumerate().all(|(row, it)| it.iter().all(|byte| *byte == row as u8)));
        drop(value);
        assert!(is_in_block(held(|| vec![3]).as_ptr()));
    }

    #[test]
    fn what_grows_keeps_its_content_and_zeros_are_zeros() {
        for _ in 0..2 {
            let value = held(|| {
                let (mut one, mut other) = (Vec::new(), Vec::new());
                for number in 0..1000_u64 {
                    one.push(number);
                    other.push(!number);
                }
                (one, other, vec![0_u8; 5000])
            });
            let (one, other, zeros) = &*value;
            assert!(one.iter().zip(other).zip(0..).all(|((a, b), n)| (*a, *b) == (n, !n)));
            assert!(zeros.iter().all(|byte| *byte == 0));
        }
    }

    #[test]
    fn a_panic_leaves_the_block_free_and_its_message_whole() {
        let payload = catch_unwind(|| held(|| vec![Box::new(1); 3].remove(7))).err();
        let next = held(|| vec![u64::MAX; 1000]);
        assert!(is_in_block(next.as_ptr()));
        let payload = payload.expect("a panic");
        assert!(payload.downcast_ref::<String>().is_some_and(|it| it.contains("removal index")));
    }

    #[test]
    fn what_is_added_to_a_value_goes_with_it() {
        let value = held(|| vec![std::cell::OnceCell::<Box<u32>>::new()]);
        // SAFETY: the box is kept in the cell.
        let added = unsafe { add(&value[0], || value[0].get_or_init(|| Box::new(7))) };
        assert!(is_in_block(&raw const **added));
        let outside = std::cell::OnceCell::<Box<u32>>::new();
        // SAFETY: the box is kept in the cell.
        let added = unsafe { add(&outside, || outside.get_or_init(|| Box::new(7))) };
        assert!(!is_in_block(&raw const **added));
    }

    #[test]
    fn every_thread_has_its_own_block() {
        let value = held(|| vec![1]);
        let other = std::thread::spawn(|| held(|| vec![2]).as_ptr().addr()).join();
        assert!(other.is_ok_and(|it| !is_in_block(ptr::without_provenance::<u32>(it))));
        assert_eq!(*value, [1]);
    }
}
