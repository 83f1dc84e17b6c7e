//! Zones against plain integers: the same control states on every small configuration.

mod configurations;
mod integers;

use activity_analysis::zones::{
    Attempts, Configuration, Control, Happening, Reports, Stage, Stories, ends, explore,
};
use activity_execution::vocabulary::{Attempt, Dialect, ExecutionOptions, Span, TimeoutType};
use configurations::{Real, longer, real, small};
use integers::{HORIZON, Integers};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::{BTreeMap, BTreeSet};

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
            let configuration = plain(terms, &backoff, alike_from);
            for reports in [Reports::Plain, Reports::Any] {
                let configuration = Configuration { reports, ..configuration };
                let zones = explore(&configuration, &|steps| steps < 100_000);
                let zones: BTreeSet<Control> = zones.control_states.into_keys().collect();
                let integers = integers(&configuration, 12).control_states(alike_from);
                assert_eq!(zones, integers, "{terms:?}, {first}, {later}, {reports:?}");
                compared += 1;
            }
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
        let of = |alike_from| found(&plain(terms, &backoff, alike_from));
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
        let of = |alike_from| found(&plain(terms, &backoff, alike_from));
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
            let configuration = plain(terms, &backoff, alike_from);
            let integers = integers(&configuration, HORIZON).windows();
            assert_eq!(windows(&configuration), integers, "{terms:?}, {first}, {later}");
            compared += 1;
        }
    }
    assert!(compared >= 1_000, "only {compared} configurations");
}

/// With whatever failures may ask for, with one delay that all of them ask for, and with an end of
/// the run of the workflow: the windows are those of integers, too.
#[test]
fn windows_hold_with_delays_of_ones_own_and_with_the_end_of_a_run() {
    let mut compared = 0;
    let some = small().into_iter().chain(longer()).step_by(10);
    for (terms, ends) in some.zip((1..=9).cycle()) {
        let backoff = |attempt: Attempt| Span(if attempt.0 == 1 { 1 } else { 2 });
        let alike_from = (terms.maximum_attempts != Some(Attempt(3))).then_some(2);
        let workflow =
            ExecutionOptions { dialect: Dialect::Workflow, start_delay: Span(0), ..terms };
        let run_ends = Some(Span(ends));
        let some = plain(terms, &backoff, alike_from);
        for configuration in [
            Configuration { reports: Reports::Any, ..some },
            Configuration { reports: Reports::Asking(Span(3)), ..some },
            Configuration { terms: workflow, run_ends, ..some },
            Configuration { terms: workflow, run_ends, reports: Reports::Any, ..some },
        ] {
            let integers = integers(&configuration, 24);
            let late = integers.late();
            let zones = windows(&configuration).into_iter().map(|(how, (earliest, latest))| {
                (how, (earliest, latest.filter(|latest| *latest < late)))
            });
            // What the horizon hides is not compared.
            let zones: Windows = zones.filter(|(_, (earliest, _))| *earliest <= 24).collect();
            let (run_ends, reports) = (configuration.run_ends, configuration.reports);
            assert_eq!(zones, integers.windows(), "{terms:?}, {run_ends:?}, {reports:?}");
            compared += 1;
        }
    }
    assert!(compared >= 300, "only {compared} configurations");
}

/// Options without anything else.
fn plain<'a>(
    terms: ExecutionOptions<i64>,
    backoff: &'a (dyn Fn(Attempt) -> Span + Sync),
    alike_from: Option<i64>,
) -> Configuration<'a> {
    Configuration { terms, backoff, alike_from, run_ends: None, reports: Reports::Plain }
}

/// The same for brute force.
fn integers<'a>(configuration: &'a Configuration<'_>, horizon: i64) -> Integers<'a> {
    let Configuration { terms, backoff, run_ends, reports, .. } = *configuration;
    let run_ends = run_ends.map(|ends| ends.0);
    Integers { terms, backoff, run_ends, reports, horizon }
}

/// The windows by zones; every outcome has a story that ends at its earliest instant, and one that
/// ends at its latest.
fn windows(configuration: &Configuration<'_>) -> Windows {
    let (_, ends) = ends(configuration, Stories::Told, &|steps| steps < 1_000_000);
    assert_eq!(ends.unexplored, 0, "{configuration:?}");
    let takes = |story: &Option<Vec<Happening>>| {
        story.as_ref().map(|story| story.iter().map(|it| it.after.0).sum::<i64>())
    };
    let windows = ends.ends.into_iter().map(|(how, end)| {
        let (earliest, latest) = (end.earliest.0, end.latest.map(|latest| latest.0));
        assert_eq!(takes(&end.story), Some(earliest), "{how} of {configuration:?}");
        let later = latest.filter(|latest| *latest > earliest);
        if let Some(story) = takes(&end.latest_story) {
            assert_eq!(Some(story), later, "{how} of {configuration:?}");
        }
        (how, (earliest, latest))
    });
    windows.collect()
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
        let configuration = plain(terms, &backoff, alike_from);
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
    let backoff = |_: Attempt| century;
    let configuration = plain(terms, &backoff, Some(1));
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
    let backoff = |it: Attempt| Span(it.0);
    let configuration = plain(terms, &backoff, None);
    let (_, ends) = ends(&configuration, Stories::Told, &|_| true);
    for how in ["Failed (Timeout)", "TimedOut ScheduleToClose (Timeout)"] {
        let story = ends.ends[how].story.as_ref().expect("a story");
        assert!(story.len() > 1_900, "{how} after {} steps", story.len());
    }
}
