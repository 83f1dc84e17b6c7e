//! Any observation, in every shape that the assumed promises of states allow.
//! Shapes are pruned as soon as a promise can be decided; that this prunes nothing else is tested.

use super::{CANCEL, POLL, START, TERMINATE, such_that};
use crate::number::Sym;
use crate::parties::{Hypotheses, Service};
use crate::payload::SymbolicPayload;
use activity_execution::vocabulary::{
    Attempt, CancelRequest, Deadlines, ExecutionOptions, Number, Observation, Outcome, Phase,
    RetryState, Span, TimeoutType, Timestamp,
};
use symbolic::{choose, flag, fresh, pick};

/// A phase, without its data.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "the words are those of `Phase`")]
pub enum PhaseKind {
    Scheduled,
    Started,
    Closed,
}

impl PhaseKind {
    /// All of them.
    pub const ALL: [PhaseKind; 3] = [PhaseKind::Scheduled, PhaseKind::Started, PhaseKind::Closed];
}

/// Any execution in this phase of which the hypotheses hold, structural ones or all.
#[must_use]
pub fn observation(
    hypotheses: &Hypotheses<Service>,
    terms: &ExecutionOptions<Sym>,
    phase: PhaseKind,
) -> Observation<Sym, SymbolicPayload> {
    let mut execution = shape(hypotheses, terms, phase);
    fill(&mut execution);
    hypotheses.suppose(terms, &execution);
    execution
}

/// What is there and what is not; every number is zero for now.
fn shape(
    hypotheses: &Hypotheses<Service>,
    terms: &ExecutionOptions<Sym>,
    phase: PhaseKind,
) -> Observation<Sym, SymbolicPayload> {
    let zero = Sym::literal(0);
    let it = Observation { phase: simplest(phase, zero), ..bare(zero) };
    let some = || flag().then_some(Timestamp(zero));
    let holds = |promises: &'static [&'static str]| {
        move |it: &Observation<Sym, SymbolicPayload>| hypotheses.hold_of(promises, terms, it)
    };

    let it = such_that(
        || {
            let deadlines = Deadlines {
                schedule_to_start: some(),
                schedule_to_close: some(),
                start_to_close: some(),
                heartbeat: some(),
            };
            Observation { deadlines, ..it }
        },
        holds(&["deadlines_are_armed_exactly_in_their_phase"]),
    );
    let it = such_that(
        || Observation { phase: any_phase(phase, zero), ..it },
        holds(&["a_timed_out_execution_tells_which_timeout_and_why"]),
    );
    let it = such_that(
        || Observation { last_started_time: some(), last_attempt_complete_time: some(), ..it },
        holds(&[
            "a_started_attempt_has_a_start_time",
            "a_retry_follows_an_attempt_that_ended",
            "an_outcome_of_an_attempt_has_started_and_completed",
        ]),
    );
    let it = such_that(
        || Observation {
            cancel_request: flag().then(|| CancelRequest {
                request_id: CANCEL,
                identity: SymbolicPayload::named("canceler"),
                reason: SymbolicPayload::named("cancel reason"),
            }),
            terminate_request_id: flag().then_some(TERMINATE),
            ..it
        },
        holds(&[
            "a_cancel_request_waits_only_for_a_worker",
            "canceled_only_after_a_request",
            "terminated_means_closed_by_force",
            "a_close_after_a_cancel_request_says_so",
        ]),
    );
    Observation { last_heartbeat_time: some(), ..it }
}

/// An execution of which nothing optional is there.
fn bare(zero: Sym) -> Observation<Sym, SymbolicPayload> {
    Observation {
        now: Timestamp(zero),
        schedule_time: Timestamp(zero),
        start_request_id: START,
        attempt: Attempt(zero),
        phase: Phase::Started { request_id: POLL, dispatch_time: Timestamp(zero) },
        deadlines: Deadlines {
            schedule_to_start: None,
            schedule_to_close: None,
            start_to_close: None,
            heartbeat: None,
        },
        last_started_time: None,
        last_attempt_complete_time: None,
        last_heartbeat_time: None,
        heartbeat_details: SymbolicPayload::named("details"),
        total_heartbeat_count: zero,
        last_failure: SymbolicPayload::named("last failure"),
        last_worker_identity: SymbolicPayload::named("last worker"),
        cancel_request: None,
        terminate_request_id: None,
    }
}

/// A phase of this kind: which one, no deadline depends on.
fn simplest(phase: PhaseKind, zero: Sym) -> Phase<Sym, SymbolicPayload> {
    let dispatch_time = Timestamp(zero);
    match phase {
        PhaseKind::Scheduled => Phase::Scheduled { dispatch_time, retry_interval: None },
        PhaseKind::Started => Phase::Started { request_id: POLL, dispatch_time },
        PhaseKind::Closed => {
            let outcome = Outcome::Completed { result: SymbolicPayload::named("old result") };
            Phase::Closed { outcome, close_time: Timestamp(zero) }
        }
    }
}

fn any_phase(phase: PhaseKind, zero: Sym) -> Phase<Sym, SymbolicPayload> {
    let dispatch_time = Timestamp(zero);
    match phase {
        PhaseKind::Scheduled => {
            Phase::Scheduled { dispatch_time, retry_interval: flag().then_some(Span(zero)) }
        }
        PhaseKind::Started => Phase::Started { request_id: POLL, dispatch_time },
        PhaseKind::Closed => Phase::Closed { outcome: any_outcome(), close_time: Timestamp(zero) },
    }
}

fn any_outcome() -> Outcome<SymbolicPayload> {
    let value = SymbolicPayload::named;
    match choose(5) {
        0 => Outcome::Completed { result: value("old result") },
        1 => Outcome::Failed { failure: value("old failure"), retry_state: pick(&RetryState::ALL) },
        2 => Outcome::Canceled { details: value("farewell"), identity: value("canceler") },
        3 => Outcome::Terminated { reason: value("old reason"), identity: value("terminator") },
        _ => Outcome::TimedOut {
            timeout_type: pick(&TimeoutType::ALL),
            failure: value("old failure"),
            retry_state: pick(&RetryState::ALL),
        },
    }
}

/// Puts an unknown number in the place of every zero.
fn fill(execution: &mut Observation<Sym, SymbolicPayload>) {
    let number = |name| Sym(fresh(name));
    let instant = |name| Timestamp(number(name));
    execution.now = instant("now");
    execution.schedule_time = instant("schedule_time");
    execution.attempt = Attempt(number("attempt"));
    execution.total_heartbeat_count = number("total_heartbeat_count");
    match &mut execution.phase {
        Phase::Scheduled { dispatch_time, retry_interval } => {
            *dispatch_time = instant("dispatch_time");
            *retry_interval = retry_interval.map(|_| Span(number("retry_interval")));
        }
        Phase::Started { dispatch_time, .. } => *dispatch_time = instant("dispatch_time"),
        Phase::Closed { close_time, .. } => *close_time = instant("close_time"),
    }
    let fill = |option: &mut Option<Timestamp<Sym>>, name| *option = option.map(|_| instant(name));
    fill(&mut execution.deadlines.schedule_to_start, "schedule_to_start_deadline");
    fill(&mut execution.deadlines.schedule_to_close, "schedule_to_close_deadline");
    fill(&mut execution.deadlines.start_to_close, "start_to_close_deadline");
    fill(&mut execution.deadlines.heartbeat, "heartbeat_deadline");
    fill(&mut execution.last_started_time, "last_started_time");
    fill(&mut execution.last_attempt_complete_time, "last_attempt_complete_time");
    fill(&mut execution.last_heartbeat_time, "last_heartbeat_time");
}
