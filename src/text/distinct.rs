//! Texts, each once, by numbers.

use std::cmp::Ordering;

use super::{NumberTable, TextKey};

/// Collects texts, each once: a text is found by its number, and its number by the text.
#[derive(Debug, Default)]
pub struct DistinctTexts {
    /// One behind the other.
    text: String,
    /// Where each of them ends.
    ends: Vec<u32>,
    keys: Vec<TextKey>,
    table: NumberTable,
}

impl DistinctTexts {
    /// The number of a text, which is a new one if it was not there.
    pub fn number(&mut self, text: &str) -> u32 {
        let key = TextKey::of(text);
        let is_it = |number: u32| {
            self.keys[number as usize] == key && (key.is_whole() || self.get(number) == text)
        };
        match self.table.find(key.hash(), is_it) {
            Some(number) => number,
            None => self.add(text, key),
        }
    }

    #[inline(never)]
    fn add(&mut self, text: &str, key: TextKey) -> u32 {
        let number = self.ends.len() as u32;
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        self.keys.push(key);
        let keys = &self.keys;
        self.table.insert(key.hash(), number, |number| keys[number as usize].hash());
        number
    }

    /// The text of a number.
    pub fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let start = if number == 0 { 0 } else { self.ends[number - 1] as usize };
        &self.text[start..self.ends[number] as usize]
    }

    /// How the texts of two numbers are ordered.
    pub fn order(&self, one: u32, other: u32) -> Ordering {
        let by_key = self.keys[one as usize].order(self.keys[other as usize]);
        by_key.unwrap_or_else(|| self.get(one).cmp(self.get(other)))
    }

    /// All texts, one behind the other in the order of their numbers.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where each of them ends.
    pub fn ends(&self) -> &[u32] {
        &self.ends
    }

    /// Forgets all, but keeps its memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.keys.clear();
        self.table.clear();
    }
}
