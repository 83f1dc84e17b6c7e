//! No sum of the machines, nor of the promises about them, leaves sixty-four bits.

use super::{shown, theorems};
use crate::any::{self, PhaseKind, Word};
use crate::number::Sym;
use crate::parties::{Hypotheses, Party, Service, Turn, every_case, of_state};
use crate::payload::{SymbolicPayload, sealed};
use crate::theorem::Proof;
use activity_execution::options::{ActivityOptions, RetryPolicy};
use activity_execution::promises::{all, when_settled};
use activity_execution::vocabulary::{
    Action, ExecutionOptions, Number, Observation, Phase, Request, Retryability, Span, Step,
    Timestamp,
};
use activity_models::exploration::{CoreMachine, Machine, SpecificationMachine};
use symbolic::{assume_le, check, literal, within};

theorems! { OVERFLOW:
    /// Inside the limits no addition and no subtraction overflows, neither of the core or the
    /// specification nor of the promises: options up to `LONGEST`, backoffs up to
    /// `LONGEST_BACKOFF`, instants within `CLOCK_LIMIT` of the origin, attempts and heartbeats below
    /// the largest number.
    no_addition_overflows
    /// A step whose arguments are inside the limits does not lead out of them.
    the_limits_are_kept
}

/// The longest duration that options have: a hundred years of 365 days.
pub const LONGEST: i64 = ActivityOptions::LONGEST_DURATION.0;

/// The longest backoff, which a failure may ask for: about 292 years.
pub const LONGEST_BACKOFF: i64 = RetryPolicy::LONGEST_WAIT.0;

/// How far from the origin of time the clock may be; about 292 million years.
///
/// The latest deadline is that of schedule-to-start after a backoff.
pub const CLOCK_LIMIT: i64 = i64::MAX - LONGEST_BACKOFF - LONGEST;

/// About every step inside the limits.
#[must_use]
pub fn overflow(hypotheses: &Hypotheses<Service>) -> Proof {
    overflow_within(hypotheses, -CLOCK_LIMIT, CLOCK_LIMIT)
}

/// The same with other limits of the clock.
#[must_use]
pub fn overflow_within(hypotheses: &Hypotheses<Service>, earliest: i64, latest: i64) -> Proof {
    let clock = [earliest, latest];
    let proof = Proof::of("overflow", OVERFLOW.to_vec());
    let proof = proof.case("new".to_owned(), move || new(clock));
    let assumed = |phase, word| hypotheses.of_step(phase, word);
    every_case(proof, Service::PHASES, assumed, move |hypotheses, phase, word| {
        step(hypotheses, phase, word, clock);
    })
}

fn new(clock: [i64; 2]) {
    let terms = any::terms();
    suppose_short(&terms);
    let now = any::instant("now");
    suppose_between(now, clock);
    let core = in_bounds(|| {
        let specification = SpecificationMachine.begin(&terms, now, any::START);
        let core = CoreMachine.begin(&terms, now, any::START);
        let core = CoreMachine.observe(&terms, &core);
        let specification = SpecificationMachine.observe(&terms, &specification);
        let states = all().into_iter().filter(|promise| promise.of_states);
        let judged = states.filter(|promise| of_state::<Service>(promise, &terms, &specification));
        assert!(judged.count() > 0, "a new execution keeps promises");
        core
    });
    check("the_limits_are_kept", are_kept(&core, clock), || shown(&terms, &core));
}

fn step(hypotheses: &Hypotheses<Service>, phase: PhaseKind, word: Word, clock: [i64; 2]) {
    let terms = any::terms();
    suppose_short(&terms);
    let before = any::observation(hypotheses, &terms, phase);
    suppose_limited(&before, clock);
    let action = any::action(word, terms.dialect);
    match &action {
        Action::Tick { elapsed } => suppose_between(before.now + *elapsed, [i64::MIN, clock[1]]),
        Action::Elapses { backoff, .. }
        | Action::Call(Request::RespondActivityTaskFailed {
            retry: Retryability::After(backoff),
            ..
        }) => {
            suppose_wait(*backoff);
        }
        Action::Call(_) => {}
    }
    let turn = in_bounds(|| {
        let (mut specification, mut core) =
            (SpecificationMachine.restore(&before), CoreMachine.restore(&before));
        let reply = sealed(|| {
            SpecificationMachine.step(&terms, &mut specification, &action).ok();
            CoreMachine.step(&terms, &mut core, &action)
        });
        let after = CoreMachine.observe(&terms, &core);
        let step = Step { now: before.now, action, reply };
        // What holds of a state was judged when the state was reached.
        let same = before == after;
        let judged = all().into_iter().chain(when_settled());
        for promise in judged.filter(|promise| !promise.of_states || !same) {
            (promise.holds)(&terms, &before, &step, &after);
        }
        Turn::<Service> { terms, before, step, after }
    });
    check("the_limits_are_kept", are_kept(&turn.after, clock), || turn.to_string());
}

fn in_bounds<R>(scope: impl FnOnce() -> R) -> R {
    within(literal(i64::MIN), literal(i64::MAX), scope)
}

fn suppose_at_most(span: Span<Sym>, limit: i64) {
    assume_le(span.0.0, literal(0), limit);
}

/// A workflow's worker can ask for a negative wait, of the same length.
fn suppose_wait(wait: Span<Sym>) {
    suppose_at_most(wait, LONGEST_BACKOFF);
    assume_le(literal(0), wait.0.0, LONGEST_BACKOFF);
}

pub(crate) fn suppose_between(instant: Timestamp<Sym>, [low, high]: [i64; 2]) {
    assume_le(literal(low), instant.0.0, 0);
    assume_le(instant.0.0, literal(high), 0);
}

fn suppose_short(terms: &ExecutionOptions<Sym>) {
    let options =
        [terms.schedule_to_close_timeout, terms.schedule_to_start_timeout, terms.heartbeat_timeout];
    options.into_iter().flatten().for_each(|timeout| suppose_at_most(timeout, LONGEST));
    suppose_at_most(terms.start_to_close_timeout, LONGEST);
    suppose_at_most(terms.start_delay, LONGEST);
}

fn suppose_limited(execution: &Observation<Sym, SymbolicPayload>, clock: [i64; 2]) {
    suppose_between(execution.now, clock);
    suppose_between(execution.schedule_time, clock);
    for count in [execution.attempt.0, execution.total_heartbeat_count] {
        assume_le(count.0, literal(i64::MAX), -1);
    }
    if let Phase::Scheduled { retry_interval: Some(interval), .. } = execution.phase {
        suppose_wait(interval);
    }
}

/// Whether the execution is inside the limits, but for the two counters, which only count.
fn are_kept(execution: &Observation<Sym, SymbolicPayload>, clock: [i64; 2]) -> bool {
    let limited = |instant: Timestamp<Sym>| {
        instant >= Timestamp(Sym::literal(clock[0])) && instant <= Timestamp(Sym::literal(clock[1]))
    };
    let interval = match execution.phase {
        Phase::Scheduled { retry_interval, .. } => retry_interval,
        Phase::Started { .. } | Phase::Closed { .. } => None,
    };
    limited(execution.now)
        && limited(execution.schedule_time)
        && interval.is_none_or(|interval| {
            let longest = Sym::literal(LONGEST_BACKOFF);
            interval <= Span(longest) && interval >= Span(Sym::literal(0) - longest)
        })
}
