//! The configurations that zones are tried on: every small one, and random ones in real durations.

use activity_execution::vocabulary::{Attempt, Dialect, ExecutionOptions, Span};
use proptest::prelude::*;

/// Options whose durations go from a millisecond to years.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Real {
    pub(crate) terms: ExecutionOptions<i64>,
    pub(crate) initial: i64,
    pub(crate) coefficient: f64,
    pub(crate) maximum: i64,
}

fn duration() -> impl Strategy<Value = i64> {
    let units = [1, 100, 1_000, 60_000, 3_600_000, 86_400_000, 31_536_000_000];
    (prop::sample::select(units.to_vec()), 1_i64..30).prop_map(|(unit, times)| unit * times)
}

pub(crate) fn real() -> impl Strategy<Value = Real> {
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

pub(crate) fn small() -> Vec<ExecutionOptions<i64>> {
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
pub(crate) fn longer() -> Vec<ExecutionOptions<i64>> {
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
