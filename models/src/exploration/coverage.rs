//! What exploration has reached, and in how few steps: edges, ties and premises of promises.

use super::alphabet::Tried;
use super::bounds::Configuration;
use super::service_model::{Observed, Stepped};
use super::situation::{Edge, Tie};
use super::witnesses::{WITNESSES, Witness};
use crate::explore::Firsts;
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
    edges: Firsts<Reached>,
    ties: Firsts<Reached>,
    witnesses: Firsts<Reached>,
    /// The places of the witnesses: those not seen yet, then those seen, the latest first, so that
    /// only the first few can still be seen or be seen earlier.
    latest_first: Vec<usize>,
}

impl Default for Coverage {
    fn default() -> Self {
        Coverage {
            edges: Firsts::of(Edge::COUNT),
            ties: Firsts::of(Tie::COUNT),
            witnesses: Firsts::of(WITNESSES.len()),
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
        stepped: &Stepped,
        reached: Reached,
    ) {
        self.note_coarsely(before, action, stepped, reached);
        let step = Step { now: before.now, action: *action, reply: stepped.reply };
        let mut improved = false;
        for &at in &self.latest_first {
            if self.witnesses.at(at).is_some_and(|best| *best <= reached) {
                break;
            }
            if (WITNESSES[at].seen)(&configuration.terms, before, &step, &stepped.after) {
                self.witnesses.see(at, reached);
                improved = true;
            }
        }
        if improved {
            self.sort_witnesses();
        }
    }

    fn sort_witnesses(&mut self) {
        let witnesses = &self.witnesses;
        let of =
            |at: &usize| witnesses.at(*at).map_or((false, None), |it| (true, Some(Reverse(it))));
        self.latest_first.sort_by_key(of);
    }

    /// Takes note of a step, but not of what it may be a witness of.
    pub(super) fn note_coarsely(
        &mut self,
        before: &Observed,
        action: &Tried,
        stepped: &Stepped,
        reached: Reached,
    ) {
        let edge = Edge {
            before: Situation::of(before),
            word: action.kind(),
            told: ReplyKind::of(&stepped.reply),
            after: Situation::of(&stepped.after),
        };
        self.edges.see(edge.index(), reached);
        for tie in Tie::decided(before, action, stepped.reply.is_ok()) {
            if let Some(index) = tie.index() {
                self.ties.see(index, reached);
            }
        }
    }

    /// Adds what another explorer has reached.
    pub fn add(&mut self, other: &Coverage) {
        self.edges.add(&other.edges);
        self.ties.add(&other.ties);
        self.witnesses.add(&other.witnesses);
        self.sort_witnesses();
    }

    /// The edges that were reached.
    pub fn edges(&self) -> impl Iterator<Item = (Edge, Reached)> {
        self.edges.seen().map(|(index, reached)| (Edge::at(index), *reached))
    }

    /// The ties that were decided.
    pub fn ties(&self) -> impl Iterator<Item = (Tie, Reached)> {
        self.ties.seen().map(|(index, reached)| (Tie::at(index), *reached))
    }

    /// The witnesses, those included that were not seen.
    pub fn witnesses(&self) -> impl Iterator<Item = (&'static Witness, Option<Reached>)> {
        WITNESSES.iter().zip(self.witnesses.all().map(Option::<&_>::copied))
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
        let edges = self.edges.missing(&other.edges).map(|index| Edge::at(index).to_string());
        let ties = self.ties.missing(&other.ties).map(|index| Tie::at(index).to_string());
        edges.chain(ties).collect()
    }
}
