//! Harmonised identifiers: for each state a few words that tell it from every other one, and any two
//! states have one of them in common that tells them apart.

use crate::machine::{Minimal, Symbol, Word};
use std::collections::BTreeMap;

/// How many words are compared before the one is taken that splits a block best.
const COMPARED: usize = 40;

/// The identifiers of each state: the words above its leaf in a tree that splits the states.
#[must_use]
pub fn identifiers(minimal: &Minimal) -> Vec<Vec<Word>> {
    let mealy = minimal.mealy();
    let mut identifiers = vec![Vec::new(); minimal.states()];
    let mut blocks: Vec<Vec<u32>> = vec![mealy.all().collect()];
    while let Some(block) = blocks.pop() {
        if block.len() < 2 {
            continue;
        }
        let word = splitting(minimal, &block);
        let mut parts: BTreeMap<Vec<u32>, Vec<u32>> = BTreeMap::new();
        for state in &block {
            identifiers[*state as usize].push(word.clone());
            parts.entry(mealy.run(*state, &word)).or_default().push(*state);
        }
        blocks.extend(parts.into_values());
    }
    identifiers
}

/// A word that tells states of a block apart: one of the shortest, and of those that are compared
/// the one that leaves the smallest largest part.
fn splitting(minimal: &Minimal, block: &[u32]) -> Word {
    let mealy = minimal.mealy();
    let level = minimal.level_of(block);
    let one = block[0];
    let differs = |other: &&u32| minimal.differ_at(level, one, **other);
    let other = *block.iter().find(differs).expect("the level tells them apart");
    let (mut best, mut compared): (Option<(usize, Word)>, usize) = (None, 0);
    let mut open = vec![(one, other, level, Word::new())];
    while let Some((one, other, level, word)) = open.pop() {
        for symbol in mealy.symbols() {
            let longer = || [word.as_slice(), &[symbol]].concat();
            if mealy.output(one, symbol) != mealy.output(other, symbol) {
                let longer = longer();
                let largest = largest_part(minimal, block, &longer);
                compared += 1;
                if best.as_ref().is_none_or(|(least, _)| largest < *least) {
                    best = Some((largest, longer));
                }
            } else if let Some(level) = level.checked_sub(1) {
                let (one, other) = (mealy.next(one, symbol), mealy.next(other, symbol));
                if minimal.differ_at(level, one, other) {
                    open.push((one, other, level, longer()));
                }
            }
            if compared >= COMPARED {
                break;
            }
        }
        if compared >= COMPARED {
            break;
        }
    }
    best.expect("states that differ at a level are told apart by a word").1
}

fn largest_part(minimal: &Minimal, block: &[u32], word: &[Symbol]) -> usize {
    let mut parts: BTreeMap<Vec<u32>, usize> = BTreeMap::new();
    for state in block {
        *parts.entry(minimal.mealy().run(*state, word)).or_default() += 1;
    }
    parts.into_values().max().unwrap_or(0)
}
