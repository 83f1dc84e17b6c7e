//! The smallest machine that shows the same, by refinement of partitions.

use super::mealy::{Mealy, Word};
use rustc_hash::FxHashMap;

/// A machine in which no two states show the same, each reached; the first is the beginning.
#[derive(Clone, Debug)]
pub struct Minimal {
    mealy: Mealy,
    access: Vec<Word>,
    levels: Vec<Vec<u32>>,
    /// The state that each state of the machine it was made of is now; none if it is not reached.
    became: Vec<Option<u32>>,
}

impl Minimal {
    /// The smallest machine that shows what this one shows.
    #[must_use]
    pub fn of(machine: &Mealy) -> Self {
        let mut levels = vec![blocks(machine, None)];
        loop {
            let last = &levels[levels.len() - 1];
            let finer = blocks(machine, Some(last));
            if count(&finer) == count(last) {
                break;
            }
            levels.push(finer);
        }
        let last = &levels[levels.len() - 1];
        let mut number: FxHashMap<u32, u32> = FxHashMap::default();
        let (mut kept, mut access) = (Vec::new(), Vec::new());
        for (state, word) in machine.reached() {
            let fresh = u32::try_from(kept.len()).expect("states have numbers of 32 bits");
            if *number.entry(last[state as usize]).or_insert(fresh) == fresh {
                kept.push(state);
                access.push(word);
            }
        }
        let of = |state: u32| number.get(&last[state as usize]).copied();
        let inside = |state: &u32| of(*state).expect("what follows what is reached is reached");
        let next = kept.iter().flat_map(|state| machine.nexts(*state)).map(inside).collect();
        let outputs = kept.iter().flat_map(|state| machine.outputs(*state)).copied().collect();
        let became = machine.all().map(of).collect();
        let of_kept = |level: &Vec<u32>| kept.iter().map(|it| level[*it as usize]).collect();
        let levels = levels.iter().map(of_kept).collect();
        Minimal { mealy: Mealy::new(machine.inputs(), next, outputs), access, levels, became }
    }

    /// The machine.
    #[must_use]
    pub fn mealy(&self) -> &Mealy {
        &self.mealy
    }

    /// How many states it has.
    #[must_use]
    pub fn states(&self) -> usize {
        self.mealy.states()
    }

    /// A shortest word to a state.
    #[must_use]
    pub fn access(&self, state: u32) -> &[u8] {
        &self.access[state as usize]
    }

    /// The first level at which not all of these states are alike: one less than the length of
    /// the shortest word that tells two of them apart.
    ///
    /// # Panics
    /// If there is one state, or none: no word tells it apart.
    #[must_use]
    pub fn level_of(&self, states: &[u32]) -> usize {
        let differ = |level: &Vec<u32>| {
            states.iter().any(|it| level[*it as usize] != level[states[0] as usize])
        };
        self.levels.iter().position(differ).expect("any two states of a minimal machine differ")
    }

    /// Whether a word of at most this length, and one, tells two states apart.
    #[must_use]
    pub fn differ_at(&self, level: usize, one: u32, other: u32) -> bool {
        self.levels[level][one as usize] != self.levels[level][other as usize]
    }

    /// The state that a state of the machine it was made of is now; none if it is not reached.
    #[must_use]
    pub fn became(&self, state: u32) -> Option<u32> {
        self.became[state as usize]
    }
}

fn count(blocks: &[u32]) -> u32 {
    blocks.iter().max().map_or(0, |last| last + 1)
}

/// States that show the same and, if there were blocks before, lead to the same of those.
fn blocks(machine: &Mealy, before: Option<&Vec<u32>>) -> Vec<u32> {
    let mut known: FxHashMap<(Option<u32>, Vec<u32>), u32> = FxHashMap::default();
    let block = |state: u32| {
        let signature = match before {
            None => (None, machine.outputs(state).to_vec()),
            Some(before) => {
                let leads = machine.nexts(state).iter().map(|to| before[*to as usize]);
                (Some(before[state as usize]), leads.collect())
            }
        };
        let fresh = u32::try_from(known.len()).expect("states have numbers of 32 bits");
        *known.entry(signature).or_insert(fresh)
    };
    machine.all().map(block).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shows_the_same_is_one_state() {
        // A counter to three that is twice as large as it has to be, and a state nobody reaches.
        let next = vec![1, 2, 3, 4, 5, 0, 0];
        let outputs = vec![0, 0, 1, 0, 0, 1, 7];
        let minimal = Minimal::of(&Mealy::new(1, next, outputs));
        assert_eq!(minimal.states(), 3);
        assert_eq!(minimal.mealy().run(0, &[0; 7]), [0, 0, 1, 0, 0, 1, 0]);
        assert_eq!((minimal.became(4), minimal.became(6)), (Some(1), None));
        assert_eq!(minimal.access(2), [0, 0]);
        assert_eq!((minimal.level_of(&[0, 1, 2]), minimal.level_of(&[0, 1])), (0, 1));
    }
}
