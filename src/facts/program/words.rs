//! The words of a program as they are kept: nearly all of them fit into half a word.

use bytemuck::{cast, cast_slice};

use super::super::hashes;
use super::super::lists::List;
use super::NOTHING;
use crate::text::Digest;

/// Half a word that stands for [`NOTHING`].
const NO_WORD: u16 = u16::MAX;

/// Half a word that stands for a large one, which is kept elsewhere.
const LARGE: u16 = u16::MAX - 1;

/// The words of a program while it is written.
#[derive(Default)]
pub(in crate::facts) struct Words(pub(in crate::facts) Vec<u32>);

/// A program: its words, each by its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Program<'f> {
    halves: &'f [u16],
    /// The place of each large word, and the word; sorted.
    large: &'f [[u32; 2]],
}

impl Program<'_> {
    /// How many words there are.
    pub fn len(self) -> usize {
        self.halves.len()
    }

    /// Whether it does nothing.
    pub fn is_empty(self) -> bool {
        self.halves.is_empty()
    }

    /// The word at a place.
    pub fn word(self, at: usize) -> u32 {
        match self.halves[at] {
            NO_WORD => NOTHING,
            LARGE => self.large_word(at),
            half => u32::from(half),
        }
    }

    #[cold]
    fn large_word(self, at: usize) -> u32 {
        let found = self.large.binary_search_by_key(&(at as u32), |it| it[0]);
        self.large[found.expect("a large word is kept")][1]
    }
}

impl List for Words {
    type View<'f> = Program<'f>;

    fn pack(&self, words: &mut Vec<u32>) {
        if self.0.is_empty() {
            return;
        }
        // How many words there are, and how many of them are large.
        let head = words.len();
        words.extend([self.0.len() as u32, 0]);
        let is_large = |word: u32| word >= u32::from(LARGE) && word != NOTHING;
        // Most programs have none: seen in one go.
        if self.0.iter().fold(false, |any, word| any | is_large(*word)) {
            for (at, word) in self.0.iter().enumerate().filter(|(_, word)| is_large(**word)) {
                words.extend([at as u32, *word]);
            }
        }
        words[head + 1] = (words.len() - head - 2) as u32 / 2;
        let half = |word: u32| word.min(u32::from(LARGE)) as u16 + u16::from(word == NOTHING);
        let (pairs, rest) = self.0.as_chunks();
        words.extend(pairs.iter().map(|[one, other]| cast::<_, u32>([half(*one), half(*other)])));
        words.extend(rest.first().map(|last| cast::<_, u32>([half(*last), 0])));
    }

    fn clear(&mut self) {
        self.0.clear();
    }

    fn view(words: &[u32]) -> Program<'_> {
        let [count, large, rest @ ..] = words else { return Program::default() };
        let (large, halves) = rest.split_at(*large as usize * 2);
        Program { halves: &cast_slice(halves)[..*count as usize], large: cast_slice(large) }
    }

    fn digest(words: &[u32], digest: &mut Digest) {
        hashes::digest(words, digest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_were_written() {
        for words in [
            vec![],
            vec![7],
            vec![NOTHING, 1 << 20, 3],
            vec![0xfffd, 0xfffe, 0xffff, 0x1_0000, NOTHING, NOTHING - 1],
        ] {
            let mut packed = vec![1, 2];
            Words(words.clone()).pack(&mut packed);
            let program = Words::view(&packed[2..]);
            assert_eq!(program.len(), words.len());
            assert_eq!(program.is_empty(), words.is_empty());
            let read: Vec<u32> = (0..words.len()).map(|at| program.word(at)).collect();
            assert_eq!(read, words);
        }
    }
}
