//! Zones against plain integers: the same control states on every small configuration.

use activity_execution::vocabulary::{
    Action, Attempt, Dialect, Observation, Outcome, Phase, Request, RequestId, Retry, Span, Target,
    TaskToken, Terms, TimeoutType, Timestamp,
};
use activity_models::specification::Specification;
use activity_proofs::zones::{Configuration, Control, Stage, explore};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::{BTreeSet, HashSet};

/// More than all timeouts of a small configuration together: to jump over every deadline.
const FAR: i64 = 12;

/// How attempts wait: the first wait, every later one.
const BACKOFFS: [(i64, i64); 3] = [(1, 1), (2, 2), (1, 2)];

#[test]
fn zones_and_integers_reach_the_same_control_states() {
    let mut compared = 0;
    for terms in small() {
        for (first, later) in BACKOFFS {
            let backoff = |attempt: Attempt| Span(if attempt.0 == 1 { first } else { later });
            let alike_from = terms.maximum_attempts.is_none().then_some(2);
            let zones = explore(&Configuration { terms, backoff: &backoff, alike_from }, 100_000);
            let zones: BTreeSet<Control> = zones.control_states.into_keys().collect();
            let integers = integers(&terms, &backoff, alike_from);
            assert_eq!(zones, integers, "{terms:?}, {first}, {later}");
            compared += 1;
        }
    }
    assert!(compared >= 1_000, "only {compared} configurations");
}

#[test]
fn attempts_that_are_alike_are_counted_as_one() {
    for terms in small().into_iter().filter(|it| it.maximum_attempts == Some(Attempt(3))) {
        let backoff = |_| Span(1);
        let of = |alike_from| {
            let explored =
                explore(&Configuration { terms, backoff: &backoff, alike_from }, 100_000);
            let stages = explored.control_states.into_keys().map(|control| control.stage);
            (stages.collect::<BTreeSet<Stage>>(), explored.timeouts)
        };
        assert_eq!(of(None), of(Some(1)), "{terms:?}");
    }
}

/// Durations from a millisecond to years, in every combination that options can have.
#[test]
fn every_configuration_in_real_durations_is_explored_completely() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    for _ in 0..200 {
        let drawn = real().new_tree(&mut runner).expect("nothing is refused").current();
        let Real { terms, initial, coefficient, maximum } = drawn;
        assert!(terms.are_normal(), "{terms:?}");
        let backoff = |attempt: Attempt| {
            let exponent = i32::try_from(attempt.0 - 1).unwrap_or(i32::MAX);
            Span(((initial as f64 * coefficient.powi(exponent)) as i64).min(maximum))
        };
        let is_alike = |attempt: &i64| backoff(Attempt(*attempt)).0 == maximum;
        let alike_from = if coefficient > 1.0 { (1..100).find(is_alike) } else { Some(1) };
        let explored = explore(&Configuration { terms, backoff: &backoff, alike_from }, 200_000);
        assert!(explored.is_complete, "{drawn:?}");
        let closes = |it: &Control| matches!(it.stage, Stage::Closed(_));
        assert!(explored.control_states.keys().any(closes), "{drawn:?}");
    }
}

#[derive(Clone, Copy, Debug)]
struct Real {
    terms: Terms<i64>,
    initial: i64,
    coefficient: f64,
    maximum: i64,
}

fn duration() -> impl Strategy<Value = i64> {
    let units = [1, 100, 1_000, 60_000, 3_600_000, 86_400_000, 31_536_000_000];
    (prop::sample::select(units.to_vec()), 1_i64..30).prop_map(|(unit, times)| unit * times)
}

fn real() -> impl Strategy<Value = Real> {
    let optional = || proptest::option::of(duration());
    let attempts = proptest::option::of(1_i64..20);
    let policy = (duration(), prop::sample::select(vec![1.0, 1.5, 2.0, 3.0, 10.0]), 1_i64..100);
    let delay = prop_oneof![Just(0), duration()];
    let timeouts = (optional(), optional(), duration(), optional(), delay);
    (timeouts, attempts, policy, any::<(bool, bool)>()).prop_map(
        |((total, wait, attempt, heartbeat, delay), attempts, policy, retries)| {
            let total = total.map(|total| total.max(attempt));
            let wait = match (wait, total) {
                (Some(wait), Some(total)) => Some(wait.min(total)),
                (wait, total) => wait.or(total),
            };
            let (initial, coefficient, times) = policy;
            let terms = Terms {
                dialect: Dialect::Standalone,
                maximum_attempts: attempts.map(Attempt),
                schedule_to_close_timeout: total.map(Span),
                schedule_to_start_timeout: wait.map(Span),
                start_to_close_timeout: Span(attempt),
                heartbeat_timeout: heartbeat.map(|heartbeat| Span(heartbeat.min(attempt))),
                start_delay: Span(delay),
                retries_start_to_close: retries.0,
                retries_heartbeat: retries.1,
            };
            Real { terms, initial, coefficient, maximum: initial * times }
        },
    )
}

fn small() -> Vec<Terms<i64>> {
    let mut all = Vec::new();
    let optional = |value: i64| (value > 0).then_some(Span(value));
    for total in 0..=3 {
        for (wait, attempt) in (0..=2).flat_map(|wait| (1..=2).map(move |it| (wait, it))) {
            for (heartbeat, delay) in [(0, 0), (0, 1), (1, 0), (2, 1)] {
                for maximum in [Some(1), Some(2), Some(3), None] {
                    for retries in [true, false] {
                        let terms = Terms {
                            dialect: Dialect::Standalone,
                            maximum_attempts: maximum.map(Attempt),
                            schedule_to_close_timeout: optional(total),
                            schedule_to_start_timeout: optional(wait),
                            start_to_close_timeout: Span(attempt),
                            heartbeat_timeout: optional(heartbeat),
                            start_delay: Span(delay),
                            retries_start_to_close: true,
                            retries_heartbeat: retries,
                        };
                        all.extend(terms.are_normal().then_some(terms));
                    }
                }
            }
        }
    }
    all
}

type Seen = Observation<i64, ()>;

/// The control states that are reached in steps of one, or of any number of units.
fn integers(
    terms: &Terms<i64>,
    backoff: &dyn Fn(Attempt) -> Span,
    alike_from: Option<i64>,
) -> BTreeSet<Control> {
    let begun = Specification::new(terms, Timestamp(0), RequestId(0)).observe();
    let (mut known, mut controls) = (HashSet::new(), BTreeSet::new());
    let mut queue = vec![settled(terms, begun, backoff)];
    while let Some(execution) = queue.pop() {
        let attempt = alike_from.map_or(execution.attempt.0, |last| execution.attempt.0.min(last));
        let execution = relative(Observation { attempt: Attempt(attempt), ..execution });
        if !known.insert(execution) {
            continue;
        }
        controls.insert(control(&execution));
        if execution.is_closed() {
            continue;
        }
        for action in actions(&execution, backoff) {
            let mut next = Specification::from_observation(execution);
            if next.step(terms, &action).is_ok() {
                queue.push(settled(terms, next.observe(), backoff));
            }
        }
    }
    controls
}

fn settled(terms: &Terms<i64>, from: Seen, backoff: &dyn Fn(Attempt) -> Span) -> Seen {
    let mut execution = Specification::from_observation(from);
    let elapses =
        |timeout_type, attempt| Action::Elapses { timeout_type, backoff: backoff(attempt) };
    while TimeoutType::ALL.into_iter().any(|timeout_type| {
        execution.step(terms, &elapses(timeout_type, execution.attempt)).is_ok()
    }) {}
    execution.observe()
}

fn actions(execution: &Seen, backoff: &dyn Fn(Attempt) -> Span) -> Vec<Action<i64, ()>> {
    let (target, request_id, identity) = (Target::ById, RequestId(1), ());
    let fail = |retryable| Request::RespondActivityTaskFailed {
        target,
        failure: (),
        retry: if retryable {
            Retry::After(backoff(execution.attempt))
        } else {
            Retry::NonRetryable
        },
        last_heartbeat_details: None,
        identity,
    };
    let token = TaskToken(execution.attempt);
    let calls = [
        Request::RecordActivityTaskStarted { request_id, token, identity },
        Request::RecordActivityTaskHeartbeat { target, details: () },
        Request::RespondActivityTaskCompleted { target, result: (), identity },
        fail(true),
        fail(false),
        Request::RespondActivityTaskCanceled { target, details: () },
        Request::RequestCancelActivityExecution { request_id, identity, reason: () },
        Request::TerminateActivityExecution { request_id, identity, reason: () },
    ];
    let ticks = (1..=FAR).map(|elapsed| Action::Tick { elapsed: Span(elapsed) });
    calls.into_iter().map(Action::Call).chain(ticks).collect()
}

/// The same execution at instant zero, without what no future answer depends on.
fn relative(execution: Seen) -> Seen {
    let now = execution.now;
    let from_now = |instant: Timestamp| Timestamp((instant - now).0.max(0));
    let mut seen = execution;
    seen.now = Timestamp(0);
    seen.schedule_time = Timestamp(0);
    seen.last_started_time = seen.last_started_time.map(|_| Timestamp(0));
    seen.last_attempt_complete_time = None;
    seen.last_heartbeat_time = None;
    seen.total_heartbeat_count = 0;
    for deadline in [
        &mut seen.deadlines.schedule_to_start,
        &mut seen.deadlines.schedule_to_close,
        &mut seen.deadlines.start_to_close,
        &mut seen.deadlines.heartbeat,
    ] {
        *deadline = deadline.map(from_now);
    }
    match &mut seen.phase {
        Phase::Scheduled { dispatch_time, retry_interval } => {
            *dispatch_time = from_now(*dispatch_time);
            *retry_interval = retry_interval.map(|_| Span(0));
        }
        Phase::Started { dispatch_time, .. } => *dispatch_time = Timestamp(0),
        Phase::Closed { close_time, .. } => *close_time = Timestamp(0),
    }
    seen
}

fn control(execution: &Seen) -> Control {
    let stage = match &execution.phase {
        Phase::Scheduled { dispatch_time, retry_interval } => Stage::Scheduled {
            is_delayed: *dispatch_time > Timestamp(0),
            is_retry: retry_interval.is_some(),
        },
        Phase::Started { .. } => {
            Stage::Started { is_cancel_requested: execution.cancel_request.is_some() }
        }
        Phase::Closed { outcome, .. } => Stage::Closed(match outcome {
            Outcome::Completed { .. } => "Completed".to_owned(),
            Outcome::Failed { retry_state, .. } => format!("Failed ({retry_state:?})"),
            Outcome::Canceled { .. } => "Canceled".to_owned(),
            Outcome::Terminated { .. } => "Terminated".to_owned(),
            Outcome::TimedOut { timeout_type, retry_state, .. } => {
                format!("TimedOut {timeout_type:?} ({retry_state:?})")
            }
        }),
    };
    Control { attempt: execution.attempt.0, stage }
}
