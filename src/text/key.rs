//! Short texts as numbers, to be compared and hashed without a loop.

/// The first and last bytes of a text, and its length: all of it where it is short, as most names
/// are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextKey {
    first: u64,
    last: u64,
    length: u32,
}

impl TextKey {
    /// The key of a text.
    pub fn of(text: &str) -> TextKey {
        let bytes = text.as_bytes();
        let length = bytes.len() as u32;
        let four = |bytes: &[u8; 4]| u64::from(u32::from_le_bytes(*bytes));
        let (first, last) = match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => match (bytes.first_chunk(), bytes.last_chunk()) {
                (Some(first), Some(last)) => (four(first), four(last)),
                _ => (bytes.iter().fold(0, |key, byte| key << 8 | u64::from(*byte)), 0),
            },
        };
        TextKey { first, last, length }
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
}

/// An odd number without pattern: the golden ratio's fraction.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_every_length_are_told_apart() {
        let long = "abcdefghijklmnopqrstuvwxyz";
        let mut texts: Vec<&str> = (0..=long.len()).map(|end| &long[..end]).collect();
        texts.extend(["ba", "aab", "aba", "é", "abdc", "abcdefgha"]);
        for (at, text) in texts.iter().enumerate() {
            for other in &texts[..at] {
                assert_ne!(TextKey::of(text), TextKey::of(other), "{text} {other}");
            }
        }
        // The same ends around other middles.
        let (one, other) = ("abcdefghXXijklmnop", "abcdefghYYijklmnop");
        assert!(TextKey::of(one) == TextKey::of(other) && !TextKey::of(one).is_whole());
    }
}
