//! Short texts as numbers, to be compared, hashed and sorted without a loop.

use std::cmp::Ordering;

/// The first and last bytes of a text, and its length: all of it where it is short, as most names
/// are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextKey {
    /// The first eight bytes, the first of them highest; zeros behind a shorter text.
    first: u64,
    /// The last eight bytes, mixed with what stands between them and the first; 0 for a text of
    /// fewer.
    last: u64,
    length: u32,
}

impl TextKey {
    /// The key of a text.
    pub fn of(text: &str) -> TextKey {
        let bytes = text.as_bytes();
        let length = bytes.len() as u32;
        if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
            let (first, mut last) = (u64::from_be_bytes(*first), u64::from_le_bytes(*last));
            if length > 16 {
                let (middle, _) = bytes[8..].as_chunks();
                last = middle.iter().fold(last, |last, eight| {
                    (last.rotate_left(29) ^ u64::from_le_bytes(*eight)).wrapping_mul(MIX)
                });
            }
            return TextKey { first, last, length };
        }
        let first = match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => {
                // The bytes in both fall on themselves.
                let (first, last) = (u32::from_be_bytes(*first), u32::from_be_bytes(*last));
                u64::from(first) << 32 | u64::from(last) << (64 - 8 * length)
            }
            // The first, the middle and the last of up to three bytes, where they stand.
            _ => [0, bytes.len() / 2, bytes.len().saturating_sub(1)].into_iter().fold(
                0,
                |key, at| match bytes.get(at) {
                    Some(byte) => key | u64::from(*byte) << (56 - 8 * at),
                    None => key,
                },
            ),
        };
        TextKey { first, last: 0, length }
    }

    /// Whether all texts with this key are equal; else the texts themselves must be compared.
    pub fn is_whole(self) -> bool {
        self.length <= 16
    }

    /// A hash whose bits are all good.
    pub fn hash(self) -> u64 {
        // Multiplication carries what differs upward; tables look at both ends of a hash.
        let mixed = (self.first ^ self.last.rotate_left(23)).wrapping_mul(MIX);
        (mixed ^ mixed >> 32 ^ u64::from(self.length)).wrapping_mul(MIX)
    }

    /// How texts with these keys are ordered: `None` where the texts themselves must tell.
    pub fn order(self, other: TextKey) -> Option<Ordering> {
        match self.first.cmp(&other.first) {
            Ordering::Equal if self.length > 8 && other.length > 8 => None,
            // What one has beyond the other's end are zeros in neither.
            Ordering::Equal => Some(self.length.cmp(&other.length)),
            order => Some(order),
        }
    }
}

/// An odd number without pattern: the golden ratio's fraction.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_every_length_are_told_apart_and_ordered() {
        let long = "abcdefghijklmnopqrstuvwxyz";
        let mut texts: Vec<&str> = (0..=long.len()).map(|end| &long[..end]).collect();
        texts.extend(["ba", "aab", "aba", "é", "abdc", "abcdefgha", "_", "__init__", "__iter__"]);
        for (at, text) in texts.iter().enumerate() {
            for other in &texts[..at] {
                let (one, two) = (TextKey::of(text), TextKey::of(other));
                assert_ne!(one, two, "{text} {other}");
                assert!(one.order(two).is_none_or(|it| it == text.cmp(other)), "{text} {other}");
                assert!(two.order(one).is_none_or(|it| it == other.cmp(text)), "{text} {other}");
            }
            assert_eq!(TextKey::of(text).order(TextKey::of(text)).is_some(), text.len() <= 8);
        }
        // The same ends around other middles.
        let (one, other) = ("abcdefghXXijklmnop", "abcdefghYYijklmnop");
        assert_ne!(TextKey::of(one).hash(), TextKey::of(other).hash());
    }
}
