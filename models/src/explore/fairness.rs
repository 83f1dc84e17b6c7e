//! Where a fair run can stay for ever: strongly connected components under weak and strong fairness.
//!
//! A run that stays among some states ends up in a strongly connected part of the graph and takes
//! every step of that part again and again, or none. It is fair to a label if it takes a step with
//! it there, or if none is possible: weakly, in some state of the part; strongly, in every state of
//! the part. Where a strongly fair label is possible and not taken, the states in which it is
//! possible are left out, and what remains is looked at again.

use super::graph::{Edge, Graph, NOWHERE, Rows};

/// What steps are told apart by.
pub trait Label: Copy {
    /// A bit of its own.
    fn bit(self) -> u32;
}

/// To what a run has to be fair, and what it has to do without.
#[derive(Clone, Copy, Debug)]
pub struct Fairness<'a, L> {
    /// What cannot be possible for ever without happening.
    pub weak: &'a [L],
    /// What cannot be possible again and again without happening.
    pub strong: &'a [L],
    /// What does not happen.
    pub without: &'a [L],
}

/// Whether a fair run can stay, and where.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Decided {
    /// Among how many states it is looked for.
    pub states: usize,
    /// A state in which a fair run can stay for ever, if there is one.
    pub counterexample: Option<u32>,
}

/// Fairness as sets of bits.
struct Bits {
    weak: u32,
    strong: u32,
    without: u32,
}

impl<L: Label> Graph<L> {
    /// Whether a run can be fair and stay for ever where `is_open` says so, among the states that
    /// can be reached without what does not happen.
    #[must_use]
    pub fn decide(
        &self,
        fairness: &Fairness<'_, L>,
        states: usize,
        begins: usize,
        is_open: impl Fn(u32) -> bool,
    ) -> Decided {
        let set = |labels: &[L]| labels.iter().fold(0, |set, label| set | label.bit());
        let Fairness { weak, strong, without } = fairness;
        let bits = Bits { weak: set(weak), strong: set(strong), without: set(without) };
        let rows = self.rows(states);
        let is_reached = reached(&rows, &bits, states, begins);
        let open = (0..).zip(&is_reached).filter(|(state, reached)| **reached && is_open(*state));
        let open: Vec<u32> = open.map(|(state, _)| state).collect();
        Decided { states: open.len(), counterexample: fair_part(&rows, &bits, open, states) }
    }
}

impl Bits {
    fn allow<L: Label>(&self, edge: &Edge<L>) -> bool {
        edge.label.bit() & self.without == 0
    }
}

/// The states that can be reached without the steps that are ruled out.
fn reached<L: Label>(rows: &Rows<'_, L>, bits: &Bits, states: usize, begins: usize) -> Vec<bool> {
    let mut is_reached = vec![false; states];
    let mut next: Vec<u32> = (0..).take(begins).collect();
    for &begin in &next {
        is_reached[begin as usize] = true;
    }
    while let Some(state) = next.pop() {
        for edge in rows.of(state) {
            let known = &mut is_reached[edge.to as usize];
            if bits.allow(edge) && !*known {
                *known = true;
                next.push(edge.to);
            }
        }
    }
    is_reached
}

/// A state of some part of these states in which a fair run can stay.
fn fair_part<L: Label>(
    rows: &Rows<'_, L>,
    bits: &Bits,
    among: Vec<u32>,
    states: usize,
) -> Option<u32> {
    let mut place = vec![NOWHERE; states];
    let mut waiting = vec![among];
    while let Some(among) = waiting.pop() {
        let mut found = None;
        rows.parts(
            &among,
            &mut place,
            |edge| bits.allow(edge),
            |part| {
                let mut part = part.to_vec();
                part.sort_unstable();
                match neglected(rows, bits, &part) {
                    None => {}
                    Some(0) => found = found.or(part.first().copied()),
                    Some(neglected) => {
                        let allowed =
                            |state: &u32| rows.of(*state).iter().filter(|it| bits.allow(it));
                        part.retain(|state| {
                            allowed(state).all(|it| it.label.bit() & neglected == 0)
                        });
                        waiting.push(part);
                    }
                }
            },
        );
        if found.is_some() {
            return found;
        }
    }
    None
}

/// What is strongly fair, possible in a part and not taken in it; `None` if a run that stays there
/// is not even weakly fair.
fn neglected<L: Label>(rows: &Rows<'_, L>, bits: &Bits, part: &[u32]) -> Option<u32> {
    let (mut possible, mut taken, mut always) = (0, 0, u32::MAX);
    for &state in part {
        let mut here = 0;
        for edge in rows.of(state).iter().filter(|edge| bits.allow(edge)) {
            here |= edge.label.bit();
            if part.binary_search(&edge.to).is_ok() {
                taken |= edge.label.bit();
            }
        }
        possible |= here;
        always &= here;
    }
    (always & bits.weak & !taken == 0).then_some(possible & bits.strong & !taken)
}
