//! A hash that is the same in each process, for what is stored.

/// Multiplied with, it spreads bits: an odd number whose bits look random (from splitmix64,
/// <https://prng.di.unimi.it/splitmix64.c>).
const SPREAD: [u64; 2] = [0x9e37_79b9_7f4a_7c15, 0xbf58_476d_1ce4_e5b9];

/// Gathers bytes into a number of 64 bits. Not for secrets.
#[derive(Clone, Copy, Debug)]
pub struct Digest(u64);

impl Default for Digest {
    fn default() -> Digest {
        Digest(SPREAD[0])
    }
}

impl Digest {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> u64 {
        let mut digest = Digest::default();
        digest.write(bytes);
        digest.finish()
    }

    /// Adds bytes; their number counts, too.
    pub fn write(&mut self, bytes: &[u8]) {
        let (pairs, rest) = bytes.as_chunks::<16>();
        for pair in pairs {
            self.mix_pair(*pair);
        }
        let mut last = [0u8; 16];
        last[..rest.len()].copy_from_slice(rest);
        self.mix_pair(last);
        self.mix(bytes.len() as u64, SPREAD[1]);
    }

    fn mix_pair(&mut self, pair: [u8; 16]) {
        let pair = u128::from_le_bytes(pair);
        self.mix(pair as u64, (pair >> 64) as u64);
    }

    fn mix(&mut self, one: u64, other: u64) {
        let product = u128::from(one ^ self.0) * u128::from(other ^ SPREAD[1]);
        // Where one side is 0, the product forgets the other.
        let kept = one.rotate_left(32) ^ other;
        self.0 =
            (product as u64 ^ (product >> 64) as u64 ^ kept).wrapping_add(self.0.rotate_left(17));
    }

    /// The number.
    pub fn finish(self) -> u64 {
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(SPREAD[1]);
        (mixed ^ mixed >> 27).wrapping_mul(SPREAD[0]) ^ mixed >> 31
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    #[test]
    fn what_differs_has_another_digest() {
        let text: Vec<u8> = (1..=100u8).collect();
        let mut seen = vec![Digest::of(b"")];
        for length in 1..=text.len() {
            seen.push(Digest::of(&text[..length]));
            let mut other = text.clone();
            other[length - 1] ^= 1;
            seen.push(Digest::of(&other));
        }
        let zeros = [0u8; 64];
        seen.extend((1..64).map(|length| Digest::of(&zeros[..length])));
        let count = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), count);
    }
}
