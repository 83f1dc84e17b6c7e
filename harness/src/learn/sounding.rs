//! Looks for a difference to the specification without learning anything: every edge of it, and some
//! walks through it.

use super::memory::Memory;
use super::stopped::{LearnError, Stopped};
use crate::Asked;
use crate::machine::{Explicit, Word};
use crate::suite::{Kind, Suite, Walks};

/// How many walks are taken, and how long each is.
const WALKS: (usize, usize) = (200, 40);

/// A sequence along which a system does not show what the specification does; none if neither an
/// edge nor a walk shows one, or so many sequences are played.
///
/// # Errors
/// If the system does not answer, or not alike.
pub fn differs<S: Asked>(
    system: &mut S,
    specification: &Explicit,
    queries: usize,
) -> Result<Option<Word>, LearnError<S::Error>> {
    let (minimal, inputs) = (specification.minimal(), specification.inputs());
    let mut memory = Memory::new(system, inputs, specification.shown(), queries);
    let edges = Suite::of(minimal, Kind::Edges).map(|suite| suite.trie.sequences().collect());
    let edges: Vec<Word> = edges.unwrap_or_default();
    let (count, length) = WALKS;
    let walks: Vec<Word> = Walks::new(minimal.mealy(), length, 1).take(count).collect();
    for words in [edges, walks] {
        for part in words.chunks(memory.width()) {
            if Stopped::unless_spent(memory.learn(part))?.is_none() {
                return Ok(None);
            }
            for word in part {
                let shown = Stopped::unless_spent(memory.ask(word))?;
                if shown.is_some_and(|shown| shown != minimal.mealy().run(0, word)) {
                    return Ok(Some(word.clone()));
                }
            }
        }
    }
    Ok(None)
}
