//! The slots of the packed table's names: the same for who packs it and who reads it.

/// Twice as many as there are names, at least.
pub(super) const SLOT_COUNT: usize = 1 << 14;

/// The slot of a name (FNV-1a).
pub(super) fn slot(name: &[u8]) -> usize {
    let hash = name
        .iter()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    (hash ^ hash >> 15) as usize % SLOT_COUNT
}
