//! The timers set to `u64::MAX`, the one deadline that the levels cannot tell from "no timer".
//! One bit per key, and no memory at all until such a timer is set.

use alloc::collections::TryReserveError;
use alloc::vec::Vec;

/// A set of keys.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub(super) struct LastInstant {
    words: Vec<u64>,
    len: usize,
}

impl LastInstant {
    pub(super) const fn new() -> Self {
        Self { words: Vec::new(), len: 0 }
    }

    #[inline(always)]
    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn contains(&self, key: u32) -> bool {
        let (word, bit) = place(key);
        self.words.get(word).is_some_and(|w| w & bit != 0)
    }

    /// Makes room for `key`, and for `keys` keys in all.
    pub(super) fn try_reserve(&mut self, key: u32, keys: usize) -> Result<(), TryReserveError> {
        let words = words(key, keys);
        self.words.try_reserve_exact(words.saturating_sub(self.words.len()))
    }

    /// Adds `key`, with room for `keys` keys in all.
    pub(super) fn insert(&mut self, key: u32, keys: usize) {
        let (word, bit) = place(key);
        if word >= self.words.len() {
            let words = words(key, keys);
            self.words.reserve_exact(words - self.words.len());
            self.words.resize(words, 0);
        }
        self.len += usize::from(self.words[word] & bit == 0);
        self.words[word] |= bit;
    }

    pub(super) fn remove(&mut self, key: u32) {
        let (word, bit) = place(key);
        if let Some(w) = self.words.get_mut(word) {
            self.len -= usize::from(*w & bit != 0);
            *w &= !bit;
        }
    }

    /// Moves every key to `expired`, lowest first.
    pub(super) fn expire(&mut self, expired: &mut Vec<u32>) {
        if self.is_empty() {
            return;
        }
        for (base, word) in (0u32..).step_by(64).zip(&mut self.words) {
            while *word != 0 {
                expired.push(base + word.trailing_zeros());
                *word &= *word - 1;
            }
        }
        self.len = 0;
    }

    pub(super) fn bytes(&self) -> usize {
        self.words.capacity() * size_of::<u64>()
    }
}

/// How many words hold this key, and `keys` keys in all.
fn words(key: u32, keys: usize) -> usize {
    keys.div_ceil(64).max(key as usize / 64 + 1)
}

fn place(key: u32) -> (usize, u64) {
    (key as usize / 64, 1 << (key % 64))
}
