//! What a replay of many traces found: counts by source, and the traces that disagree.

use super::line::Trace;
use super::play::{Disagreed, play};
use super::read::{Unreadable, read};
use std::collections::BTreeMap;
use std::io::BufRead;

/// What was found in all traces.
#[derive(Clone, Debug, Default)]
pub struct Replayed {
    /// The counts of each source.
    pub tallies: Vec<Tally>,
    /// The traces that disagree.
    pub disagreements: Vec<Disagreement>,
    /// How many skipped traces have an event of this name.
    pub not_modelled: BTreeMap<&'static str, usize>,
}

/// The counts of one source.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Tally {
    /// The name of the source.
    pub name: String,
    /// How many traces it has.
    pub traces: usize,
    /// How many steps were played.
    pub steps: usize,
    /// How many calls were refused, by the server and by us.
    pub refused: usize,
    /// How often an execution changed, each time as the specification says.
    pub changes: usize,
    /// How many steps do not tell how the execution stood after them.
    pub without_after: usize,
    /// How many traces were not played, because of an event that is not modelled yet.
    pub skipped: usize,
    /// How many traces disagree.
    pub disagreeing: usize,
}

/// A trace that disagrees, up to where it does.
#[derive(Clone, Debug)]
pub struct Disagreement {
    /// The trace.
    pub trace: Trace,
    /// Where, and how.
    pub disagreed: Disagreed,
}

impl Tally {
    /// No counts yet for this source.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Tally { name: name.to_owned(), ..Tally::default() }
    }
}

impl Replayed {
    /// Plays every trace of a source, in order.
    ///
    /// # Errors
    /// At the first line that is no trace, or if the source cannot be read or has no trace.
    pub fn play(&mut self, name: &str, lines: impl BufRead) -> Result<(), Unreadable> {
        let mut tally = Tally::of(name);
        read(lines, &mut |trace| self.add(&mut tally, trace))?;
        self.tallies.push(tally);
        Ok(())
    }

    /// Plays one more trace.
    fn add(&mut self, tally: &mut Tally, trace: Trace) {
        tally.traces += 1;
        let not_modelled = trace.not_modelled();
        if !not_modelled.is_empty() {
            tally.skipped += 1;
            for name in not_modelled {
                *self.not_modelled.entry(name).or_default() += 1;
            }
            return;
        }
        let played = play(&trace);
        tally.steps += played.steps;
        tally.refused += played.refused;
        tally.changes += played.changes;
        tally.without_after += played.without_after;
        if let Some(disagreed) = played.disagreement {
            tally.disagreeing += 1;
            self.disagreements.push(Disagreement { trace, disagreed });
        }
    }

    /// The counts of all sources together.
    #[must_use]
    pub fn total(&self) -> Tally {
        self.tallies.iter().fold(Tally::of("total"), |sum, tally| Tally {
            name: sum.name,
            traces: sum.traces + tally.traces,
            steps: sum.steps + tally.steps,
            refused: sum.refused + tally.refused,
            changes: sum.changes + tally.changes,
            without_after: sum.without_after + tally.without_after,
            skipped: sum.skipped + tally.skipped,
            disagreeing: sum.disagreeing + tally.disagreeing,
        })
    }

    /// How many traces were not played.
    #[must_use]
    pub fn skipped(&self) -> usize {
        self.tallies.iter().map(|tally| tally.skipped).sum()
    }
}
