//! Zones against plain integers: the same control states on every small configuration.

use activity_analysis::zones::{Attempts, Configuration, Control, Stage, ends, explore};
use activity_execution::vocabulary::{
    Action, Attempt, Dialect, ExecutionOptions, Observation, Phase, Request, RequestId,
    Retryability, Span, Target, TaskToken, TimeoutType, Timestamp,
};
use activity_models::explore::reach;
use activity_models::specification::Specification;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::{BTreeMap, BTreeSet};

/// More than all timeouts of a small configuration together: to jump over every deadline.
const FAR: i64 = 12;

/// How attempts wait: the first wait, every later one.
const BACKOFFS: [(i64, i64); 3] = [(1, 1), (2, 2), (1, 2)];

/// Waits so long that even the latest attempt of a round is over before the next one can begin.
const LONG_BACKOFFS: [(i64, i64); 2] = [(8, 8), (3, 5)];

#[test]
fn zones_and_integers_reach_the_same_control_states() {
    let mut compared = 0;
    for terms in small() {
        for (first, later) in BACKOFFS {
            let backoff = |attempt: Attempt| Span(if attempt.0 == 1 { first } else { later });
            let alike_from = terms.maximum_attempts.is_none().then_some(2);
            let zones =
                explore(&Configuration { terms, backoff: &backoff, alike_from }, &|steps| {
                    steps < 100_000
                });
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
    let small = small().into_iter().filter(|it| it.maximum_attempts == Some(Attempt(3)));
    let six = small.map(|terms| ExecutionOptions { maximum_attempts: Some(Attempt(6)), ..terms });
    for terms in six.chain(longer().into_iter().filter(|it| it.maximum_attempts.is_some())) {
        let backoff = |attempt: Attempt| Span(attempt.0.min(2));
        let of = |alike_from| found(&Configuration { terms, backoff: &backoff, alike_from });
        assert_eq!(of(None), of(Some(2)), "{terms:?}");
    }
}

/// Whether attempts are counted as one or explored one by one, and with any waits: the same.
#[test]
fn many_attempts_within_schedule_to_close_are_those_that_are_explored_one_by_one() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let some = prop::sample::select(small());
    let waits = [(1..4_i64, 1..4_i64).boxed(), (1..12_i64, 1..12_i64).boxed()];
    let drawn =
        (some, 4..60_i64, proptest::option::of(3..16_i64), prop::strategy::Union::new(waits));
    for _ in 0..runner.config().cases {
        let (terms, total, maximum, (first, later)) =
            drawn.new_tree(&mut runner).expect("nothing is refused").current();
        let maximum_attempts = maximum.map(Attempt);
        let terms = ExecutionOptions {
            maximum_attempts,
            schedule_to_close_timeout: Some(Span(total)),
            ..terms
        };
        if !terms.are_normal() {
            continue;
        }
        let backoff = |attempt: Attempt| Span(if attempt.0 == 1 { first } else { later });
        let of = |alike_from| found(&Configuration { terms, backoff: &backoff, alike_from });
        assert_eq!(of(Some(2)), of(None), "{terms:?}, {first}, {later}");
    }
}

/// What can happen at all, whichever attempt it happens to.
fn found(
    configuration: &Configuration<'_>,
) -> (BTreeSet<Stage>, BTreeSet<TimeoutType>, Attempts, Windows) {
    let explored = explore(configuration, &|steps| steps < 1_000_000);
    let stages = explored.control_states.into_keys().map(|control| control.stage);
    (stages.collect(), explored.timeouts, explored.attempts, windows(configuration))
}

/// When each outcome can come about, at the earliest and at the latest.
type Windows = BTreeMap<String, (i64, Option<i64>)>;

#[test]
fn an_outcome_comes_about_within_its_window_and_at_its_ends() {
    let mut compared = 0;
    let small = small().into_iter().map(|terms| (terms, &BACKOFFS[..]));
    let short = |it: &ExecutionOptions<i64>| it.schedule_to_start_timeout == Some(Span(1));
    // Of five attempts time may suffice for all or not; schedule-to-close may end any of them.
    let long = longer().into_iter().filter(short).flat_map(|terms| {
        [38, 33, 25].map(|total| {
            let terms = ExecutionOptions { schedule_to_close_timeout: Some(Span(total)), ..terms };
            (terms, &LONG_BACKOFFS[..])
        })
    });
    let longer = longer().into_iter().map(|terms| (terms, &BACKOFFS[..]));
    for (terms, backoffs) in small.chain(longer).chain(long) {
        for (first, later) in backoffs.iter().copied() {
            let backoff = |attempt: Attempt| Span(if attempt.0 == 1 { first } else { later });
            let alike_from = (terms.maximum_attempts != Some(Attempt(3))).then_some(2);
            let zones = windows(&Configuration { terms, backoff: &backoff, alike_from });
            assert_eq!(zones, timed_integers(&terms, &backoff), "{terms:?}, {first}, {later}");
            compared += 1;
        }
    }
    assert!(compared >= 1_000, "only {compared} configurations");
}

/// The windows by zones; every outcome has a story.
fn windows(configuration: &Configuration<'_>) -> Windows {
    let ends = ends(configuration, &|steps| steps < 1_000_000);
    assert_eq!(ends.unexplored, 0, "{configuration:?}");
    let windows = ends.ends.into_iter().map(|(how, end)| {
        assert!(end.story.is_some(), "{how} of {configuration:?}");
        (how, (end.earliest.0, end.latest.map(|latest| latest.0)))
    });
    windows.collect()
}

/// Integers are not followed farther.
const HORIZON: i64 = 48;

/// No outcome that has a latest instant has it so late: what happens in the last round before the
/// horizon can happen in any later one.
const LATE: i64 = HORIZON - 6;

/// The windows by plain integers, one unit at a time.
fn timed_integers(terms: &ExecutionOptions<i64>, backoff: &dyn Fn(Attempt) -> Span) -> Windows {
    let begun = Specification::new(terms, Timestamp(0), RequestId(0)).observe();
    let age = |execution: &Seen| (execution.now - execution.schedule_time).0;
    let class = |execution: &Seen| {
        // Attempts differ no longer from the third on, where no maximum bounds them.
        let attempt = match terms.maximum_attempts {
            None => execution.attempt.0.min(3),
            Some(_) => execution.attempt.0,
        };
        (age(execution), relative(Observation { attempt: Attempt(attempt), ..*execution }))
    };
    let states =
        reach(settled(terms, begun, backoff), class, |execution, next| {
            let is_last = age(execution) == HORIZON;
            next.extend(successors(terms, execution, backoff, |action| {
            !matches!(action, Action::Tick { elapsed } if *elapsed > Span(1) || is_last)
        }));
        });
    let mut windows = Windows::new();
    for execution in states {
        if let Stage::Closed(how) = control(&execution).stage {
            let age = age(&execution);
            let latest = (age < LATE).then_some(age);
            let window = windows.entry(how).or_insert((age, latest));
            window.0 = window.0.min(age);
            window.1 = window.1.zip(latest).map(|(one, other)| one.max(other));
        }
    }
    windows
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
        let configuration = Configuration { terms, backoff: &backoff, alike_from };
        let explored = explore(&configuration, &|steps| steps < 100_000);
        assert!(explored.is_complete(), "{drawn:?}");
        assert!(windows(&configuration).contains_key("Completed"), "{drawn:?}");
    }
}

/// So many waits of a century that their sum is no number: it has a place all the same.
#[test]
fn more_time_than_can_be_counted_is_a_long_time() {
    let terms = ExecutionOptions {
        dialect: Dialect::Standalone,
        maximum_attempts: Some(Attempt(i32::MAX.into())),
        schedule_to_close_timeout: None,
        schedule_to_start_timeout: None,
        start_to_close_timeout: Span(1_000),
        heartbeat_timeout: None,
        start_delay: Span(0),
        retries_start_to_close: true,
        retries_heartbeat: true,
    };
    let century = Span(100 * 365 * 86_400_000);
    let configuration = Configuration { terms, backoff: &|_| century, alike_from: Some(1) };
    let (earliest, latest) = windows(&configuration)["Failed (MaximumAttemptsReached)"];
    assert_eq!((earliest > i64::MAX / 9, latest), (true, None));
}

/// Waits that grow by a millisecond each time: no two attempts are alike.
#[test]
fn a_story_of_thousands_of_steps_is_told() {
    let terms = ExecutionOptions {
        dialect: Dialect::Standalone,
        maximum_attempts: None,
        schedule_to_close_timeout: Some(Span(1_000 * 1_001 / 2)),
        schedule_to_start_timeout: Some(Span(1)),
        start_to_close_timeout: Span(1),
        heartbeat_timeout: None,
        start_delay: Span(0),
        retries_start_to_close: true,
        retries_heartbeat: true,
    };
    let configuration = Configuration { terms, backoff: &|it| Span(it.0), alike_from: None };
    let ends = ends(&configuration, &|_| true);
    for how in ["Failed (Timeout)", "TimedOut ScheduleToClose (Timeout)"] {
        let story = ends.ends[how].story.as_ref().expect("a story");
        assert!(story.len() > 1_900, "{how} after {} steps", story.len());
    }
}

#[derive(Clone, Copy, Debug)]
struct Real {
    terms: ExecutionOptions<i64>,
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
    let attempts = proptest::option::of(prop_oneof![1_i64..20, 1..200_000_i64]);
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
            let terms = ExecutionOptions {
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

fn small() -> Vec<ExecutionOptions<i64>> {
    let mut all = Vec::new();
    let optional = |value: i64| (value > 0).then_some(Span(value));
    for total in 0..=3 {
        for (wait, attempt) in (0..=2).flat_map(|wait| (1..=2).map(move |it| (wait, it))) {
            for (heartbeat, delay) in [(0, 0), (0, 1), (1, 0), (2, 1)] {
                for maximum in [Some(1), Some(2), Some(3), None] {
                    let variants = [
                        (Dialect::Standalone, true),
                        (Dialect::Standalone, false),
                        (Dialect::Workflow, true),
                    ];
                    for (dialect, retries) in variants {
                        let terms = ExecutionOptions {
                            dialect,
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

/// With time for many attempts before schedule-to-close.
fn longer() -> Vec<ExecutionOptions<i64>> {
    let some = small().into_iter().filter(|it| it.maximum_attempts.is_none());
    let some = some.filter(|it| it.schedule_to_close_timeout == Some(Span(3)));
    let longer = some.flat_map(|terms| {
        [(None, 9), (None, 14), (Some(5), 9), (Some(6), 14)].map(|(maximum, total)| {
            ExecutionOptions {
                maximum_attempts: maximum.map(Attempt),
                schedule_to_close_timeout: Some(Span(total)),
                ..terms
            }
        })
    });
    longer.collect()
}

type Seen = Observation<i64, ()>;

/// The control states that are reached in steps of one, or of any number of units.
fn integers(
    terms: &ExecutionOptions<i64>,
    backoff: &dyn Fn(Attempt) -> Span,
    alike_from: Option<i64>,
) -> BTreeSet<Control> {
    let begun = Specification::new(terms, Timestamp(0), RequestId(0)).observe();
    let class = |execution: Seen| {
        let attempt = alike_from.map_or(execution.attempt.0, |last| execution.attempt.0.min(last));
        relative(Observation { attempt: Attempt(attempt), ..execution })
    };
    let begin = class(settled(terms, begun, backoff));
    let states = reach(begin, Clone::clone, |execution, next| {
        let after = successors(terms, execution, backoff, |_| true);
        next.extend(after.map(class));
    });
    states.iter().map(control).collect()
}

/// What can follow an execution that is open, by actions that are to be considered.
fn successors<'a>(
    terms: &'a ExecutionOptions<i64>,
    execution: &'a Seen,
    backoff: &'a dyn Fn(Attempt) -> Span,
    is_considered: impl Fn(&Action<i64, ()>) -> bool + 'a,
) -> impl Iterator<Item = Seen> + 'a {
    let actions = if execution.is_closed() { vec![] } else { actions(execution, backoff) };
    actions.into_iter().filter(move |action| is_considered(action)).filter_map(move |action| {
        let mut next = Specification::from_observation(*execution);
        next.step(terms, &action).ok()?;
        Some(settled(terms, next.observe(), backoff))
    })
}

fn settled(terms: &ExecutionOptions<i64>, from: Seen, backoff: &dyn Fn(Attempt) -> Span) -> Seen {
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
            Retryability::After(backoff(execution.attempt))
        } else {
            Retryability::NonRetryable
        },
        last_heartbeat_details: None,
        identity,
    };
    let token = TaskToken(execution.attempt);
    let calls = [
        Request::RecordActivityTaskStarted { request_id, dispatched: token, identity },
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
        Phase::Closed { outcome, .. } => Stage::Closed(outcome.kind().to_string()),
    };
    Control { attempt: execution.attempt.0, stage }
}
