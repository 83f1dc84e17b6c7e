//! Coarse descriptions of executions, steps and ties, without numbers, for coverage and output.
//! Everything here has a small index, so that reaching it can be noted at every step.

use super::alphabet::Tried;
use super::service_model::Observed;
use activity_execution::vocabulary::{Action, ActionKind, ReplyKind, Situation, TimeoutType};
use std::fmt;

/// A step, told coarsely.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Edge {
    /// How the execution stood.
    pub before: Situation,
    /// What happened.
    pub word: ActionKind,
    /// How it was answered.
    pub told: ReplyKind,
    /// How the execution stood then.
    pub after: Situation,
}

/// Two deadlines at one instant, of which the first was settled and the second was not.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Tie {
    /// How the execution stood.
    pub before: Situation,
    /// Which took effect.
    pub first: TimeoutType,
    /// Which did not.
    pub second: TimeoutType,
}

impl Edge {
    /// How many there are, impossible ones included.
    pub const COUNT: usize =
        Situation::ALL.len() * ActionKind::ALL.len() * ReplyKind::ALL.len() * Situation::ALL.len();

    /// Its place among all.
    #[must_use]
    pub fn index(&self) -> usize {
        let step = self.before.index() * ActionKind::ALL.len() + self.word.index();
        (step * ReplyKind::ALL.len() + self.told.index()) * Situation::ALL.len()
            + self.after.index()
    }

    /// The one at this place.
    #[must_use]
    pub fn at(index: usize) -> Self {
        let (rest, after) = (index / Situation::ALL.len(), index % Situation::ALL.len());
        let (rest, told) = (rest / ReplyKind::ALL.len(), rest % ReplyKind::ALL.len());
        let (before, word) = (rest / ActionKind::ALL.len(), rest % ActionKind::ALL.len());
        Edge {
            before: Situation::ALL[before],
            word: ActionKind::ALL[word],
            told: ReplyKind::ALL[told],
            after: Situation::ALL[after],
        }
    }
}

impl Tie {
    /// How many there are, impossible ones included.
    pub const COUNT: usize = 4 * 4 * 4;

    /// Its place among all, if its execution is open.
    #[must_use]
    pub fn index(&self) -> Option<usize> {
        let before = self.before.index();
        (!self.before.is_closed())
            .then_some(before * 16 + self.first as usize * 4 + self.second as usize)
    }

    /// The one at this place.
    #[must_use]
    pub fn at(index: usize) -> Self {
        Tie {
            before: Situation::ALL[index / 16],
            first: TimeoutType::ALL[index / 4 % 4],
            second: TimeoutType::ALL[index % 4],
        }
    }

    /// The ties that this step decided.
    pub fn decided(
        before: &Observed,
        action: &Tried,
        reply_is_ok: bool,
    ) -> impl Iterator<Item = Tie> {
        let decided = match action {
            Action::Elapses { timeout_type, .. } if reply_is_ok => Some(*timeout_type),
            Action::Elapses { .. } | Action::Tick { .. } | Action::Call(_) => None,
        };
        let deadlines = before.deadlines;
        let situation = Situation::of(before);
        decided.into_iter().flat_map(move |first| {
            let others = TimeoutType::ALL.into_iter().filter(move |second| {
                *second != first && deadlines.of(*second) == deadlines.of(first)
            });
            others.map(move |second| Tie { before: situation, first, second })
        })
    }
}

impl fmt::Display for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Edge { before, word, told, after } = self;
        write!(f, "{before} --{word} : {told}--> {after}")
    }
}

impl fmt::Display for Tie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = (self.first.name(), self.second.name());
        write!(f, "{}: {first} before {second} at one instant", self.before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_and_ties_are_what_is_at_their_place() {
        for index in 0..Edge::COUNT {
            assert_eq!(Edge::at(index).index(), index);
        }
        for index in 0..Tie::COUNT {
            assert_eq!(Tie::at(index).index(), Some(index));
        }
    }
}
