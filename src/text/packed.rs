//! Tables that are packed into the program by `rules/build.rs`: parts, each behind its length.

/// A part of a packed table, by its place: what was `packed` there, byte by byte.
pub(crate) const fn part(packed: &'static [u8], index: usize) -> &'static [u8] {
    let (mut rest, mut at) = (packed, 0);
    loop {
        let (length, after) = rest.split_at(4);
        let length = u32::from_le_bytes([length[0], length[1], length[2], length[3]]) as usize;
        let (own, next) = after.split_at(length);
        if at == index {
            return own;
        }
        (rest, at) = (next, at + 1);
    }
}
