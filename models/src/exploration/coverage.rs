//! What exploration has reached, and in how few steps: edges, ties and premises of promises.

use super::alphabet::Tried;
use super::bounds::Configuration;
use super::situation::{Edge, Tie};
use super::system::{Judged, Observed};
use super::witnesses::{WITNESSES, Witness};
use activity_execution::vocabulary::{ActionKind, OutcomeKind, ReplyKind, Situation, Step};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Where something was reached first: the configuration, and the number of steps.
///
/// Fewer steps are better, then an earlier configuration, so that what is shown does not depend on
/// which thread was quicker.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Reached {
    /// How many steps it takes.
    pub steps: u16,
    /// The index of the configuration.
    pub configuration: u16,
}

/// What was reached.
#[derive(Clone, Debug)]
pub struct Coverage {
    edges: Vec<Option<Reached>>,
    ties: Vec<Option<Reached>>,
    witnesses: Vec<Option<Reached>>,
    /// The places of the witnesses: those not seen yet, then those seen, the latest first, so that
    /// only the first few can still be seen or be seen earlier.
    latest_first: Vec<usize>,
}

impl Default for Coverage {
    fn default() -> Self {
        Coverage {
            edges: vec![None; Edge::COUNT],
            ties: vec![None; Tie::COUNT],
            witnesses: vec![None; WITNESSES.len()],
            latest_first: (0..WITNESSES.len()).collect(),
        }
    }
}

impl Coverage {
    /// Takes note of a step.
    pub fn note(
        &mut self,
        configuration: &Configuration,
        before: &Observed,
        action: &Tried,
        judged: &Judged,
        reached: Reached,
    ) {
        self.note_coarsely(before, action, judged, reached);
        let step = Step { now: before.now, action: *action, reply: judged.reply };
        let mut improved = false;
        for &at in &self.latest_first {
            if self.witnesses[at].is_some_and(|best| best <= reached) {
                break;
            }
            if (WITNESSES[at].seen)(&configuration.terms, before, &step, &judged.after) {
                self.witnesses[at] = Some(reached);
                improved = true;
            }
        }
        if improved {
            self.sort_witnesses();
        }
    }

    fn sort_witnesses(&mut self) {
        let witnesses = &self.witnesses;
        let of = |at: &usize| witnesses[*at].map_or((false, None), |it| (true, Some(Reverse(it))));
        self.latest_first.sort_by_key(of);
    }

    /// Takes note of a step, but not of what it may be a witness of.
    pub(super) fn note_coarsely(
        &mut self,
        before: &Observed,
        action: &Tried,
        judged: &Judged,
        reached: Reached,
    ) {
        let edge = Edge {
            before: Situation::of(before),
            word: action.kind(),
            told: ReplyKind::of(&judged.reply),
            after: Situation::of(&judged.after),
        };
        improve(&mut self.edges[edge.index()], reached);
        for tie in Tie::decided(before, action, judged.reply.is_ok()) {
            if let Some(index) = tie.index() {
                improve(&mut self.ties[index], reached);
            }
        }
    }

    /// Adds what another explorer has reached.
    pub fn add(&mut self, other: &Coverage) {
        for (ours, theirs) in [
            (&mut self.edges, &other.edges),
            (&mut self.ties, &other.ties),
            (&mut self.witnesses, &other.witnesses),
        ] {
            for (ours, theirs) in ours.iter_mut().zip(theirs) {
                if let Some(theirs) = theirs {
                    improve(ours, *theirs);
                }
            }
        }
        self.sort_witnesses();
    }

    /// The edges that were reached.
    pub fn edges(&self) -> impl Iterator<Item = (Edge, Reached)> {
        found(&self.edges).map(|(index, reached)| (Edge::at(index), reached))
    }

    /// The ties that were decided.
    pub fn ties(&self) -> impl Iterator<Item = (Tie, Reached)> {
        found(&self.ties).map(|(index, reached)| (Tie::at(index), reached))
    }

    /// The witnesses, those included that were not seen.
    pub fn witnesses(&self) -> impl Iterator<Item = (&'static Witness, Option<Reached>)> {
        WITNESSES.iter().zip(self.witnesses.iter().copied())
    }

    /// What was reached of the vocabulary, each with the shortest way to it: situations, timeouts
    /// that took effect, retry states, refusals.
    #[must_use]
    pub fn vocabulary(&self) -> Vec<(String, Reached)> {
        let mut words: BTreeMap<String, Reached> = BTreeMap::new();
        let mut reach = |word: String, reached: Reached| {
            let best = words.entry(word).or_insert(reached);
            *best = reached.min(*best);
        };
        for (edge, reached) in self.edges() {
            reach(format!("situation {}", edge.after), reached);
            match (edge.told, edge.word) {
                (ReplyKind::Refused(rejection), _) => {
                    reach(format!("refusal {}", rejection.name()), reached);
                }
                (_, ActionKind::Elapses(timeout_type)) => {
                    reach(format!("timeout {timeout_type}"), reached);
                }
                (_, ActionKind::Tick | ActionKind::Call(_)) => {}
            }
            if let Some(retry_state) = edge.after.outcome().and_then(OutcomeKind::retry_state) {
                reach(format!("retry state {retry_state}"), reached);
            }
        }
        words.into_iter().collect()
    }

    /// The edges and ties that `other` has and this has not, in words.
    #[must_use]
    pub fn missing(&self, other: &Coverage) -> Vec<String> {
        let edges = other.edges().filter(|(edge, _)| self.edges[edge.index()].is_none());
        let edges = edges.map(|(edge, _)| edge.to_string());
        let ties: Vec<Tie> = self.ties().map(|(tie, _)| tie).collect();
        let ties = other.ties().filter(|(tie, _)| !ties.contains(tie));
        edges.chain(ties.map(|(tie, _)| tie.to_string())).collect()
    }
}

fn improve(best: &mut Option<Reached>, reached: Reached) {
    if best.is_none_or(|best| reached < best) {
        *best = Some(reached);
    }
}

fn found(table: &[Option<Reached>]) -> impl Iterator<Item = (usize, Reached)> {
    table.iter().enumerate().filter_map(|(index, reached)| Some((index, (*reached)?)))
}
