//! Theorems about settled time: deadlines are complete and taken in order.

use super::theorems;
use crate::any::{self, PhaseKind};
use crate::number::Sym;
use crate::parties::{Hypotheses, PromiseOf, Service, Turn, every_turn};
use crate::payload::{SymbolicPayload, sealed};
use crate::theorem::{Proof, Theorem};
use activity_execution::ActivityExecution;
use activity_execution::promises::when_settled;
use activity_execution::vocabulary::{Action, Dialect, Observation, Phase, TimeoutType};
use symbolic::{assume, check};

theorems! { SETTLED:
    /// If `expire` is silent, nothing is due.
    silence_means_that_nothing_is_due
    /// If `expire` speaks, then of an armed deadline that has come and than which none is earlier.
    expire_names_the_earliest_deadline
    /// Of deadlines at one instant, `expire` names the one that was armed first; of a workflow's
    /// activity the first in a fixed order.
    ties_are_settled_in_the_order_of_arming
    /// `deadline` is the instant at which `expire` begins to speak, and names what it will say.
    deadline_foretells_what_expire_says
}

/// About `expire` and `deadline` in any execution.
#[must_use]
pub fn settled(hypotheses: &Hypotheses<Service>) -> Proof {
    let mut proof = Proof::of("settled", SETTLED.to_vec());
    for phase in PhaseKind::ALL {
        let hypotheses = hypotheses.of_phase(phase);
        proof = proof.case(format!("{phase:?}"), move || expire(&hypotheses, phase));
    }
    proof
}

fn expire(hypotheses: &Hypotheses<Service>, phase: PhaseKind) {
    let terms = any::terms();
    let before = any::observation(hypotheses, &terms, phase);
    let backoff = any::backoff();
    let (now, execution) = (before.now, ActivityExecution::from_observation(&before));
    let words =
        || format!("{terms:?}\n{before:?}\nexpire {:?}", execution.expire(&terms, now, backoff));

    let first = sealed(|| execution.deadline(&terms));
    let foretold = first.filter(|first| first.time <= now).map(|first| first.timeout_type);
    let told =
        sealed(|| execution.expire(&terms, now, backoff)).map(|(timeout_type, _)| timeout_type);
    check("deadline_foretells_what_expire_says", foretold == told, words);

    let Some(told) = told else {
        let due = before.deadlines.armed().any(|(_, deadline)| deadline <= now);
        check("silence_means_that_nothing_is_due", !due, words);
        return;
    };
    let deadline = before.deadlines.of(told);
    let earliest = deadline.is_some_and(|deadline| {
        deadline <= now && before.deadlines.armed().all(|(_, other)| deadline <= other)
    });
    check("expire_names_the_earliest_deadline", earliest, words);
    let order = order_of_ties(terms.dialect, &before);
    let older = order.iter().take_while(|timeout_type| **timeout_type != told);
    let mut older = older.filter_map(|older| before.deadlines.of(*older));
    let tie = older.any(|older| deadline.is_some_and(|deadline| older == deadline));
    check("ties_are_settled_in_the_order_of_arming", !tie, words);
}

/// In which order deadlines of this execution take effect that are due at one instant.
fn order_of_ties(
    dialect: Dialect,
    execution: &Observation<Sym, SymbolicPayload>,
) -> [TimeoutType; 4] {
    use TimeoutType::{Heartbeat, ScheduleToClose, ScheduleToStart, StartToClose};
    match execution.phase {
        _ if dialect == Dialect::Workflow => {
            [StartToClose, ScheduleToStart, ScheduleToClose, Heartbeat]
        }
        Phase::Scheduled { retry_interval: None, .. } => {
            [ScheduleToStart, ScheduleToClose, StartToClose, Heartbeat]
        }
        Phase::Scheduled { .. } | Phase::Started { .. } | Phase::Closed { .. } => {
            [ScheduleToClose, ScheduleToStart, StartToClose, Heartbeat]
        }
    }
}

/// The promises of an engine that settles time before it considers a call, each a theorem of its
/// name: a call is considered only while `expire` of the core is silent.
#[must_use]
pub fn engine(core: &Service, hypotheses: &Hypotheses<Service>) -> Proof {
    let promises: Vec<PromiseOf<Service>> = when_settled();
    let theorem = |it: &PromiseOf<Service>| Theorem { name: it.name, statement: it.statement };
    let proof = Proof::of("engine", promises.iter().map(theorem).collect());
    every_turn(proof, core, hypotheses, move |turn| {
        if let Action::Call(_) = turn.step.action {
            let Turn { terms, before, .. } = turn;
            let execution = ActivityExecution::from_observation(before);
            assume(execution.expire(terms, before.now, any::backoff()).is_none());
        }
        for promise in &promises {
            check(promise.name, turn.holds(promise), || turn.to_string());
        }
    })
}
