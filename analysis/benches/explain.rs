//! How long it takes to explain options: the scenarios, and what can and can never happen, over
//! random configurations in real durations. Goals: scenarios 10 ms in the median and 100 ms for 99 of
//! a hundred, what can happen 100 ms and 1 s. Not a goal: configurations that are cut off; they are
//! counted.
//!
//! `cargo bench -p activity-analysis --bench explain [-- NUMBER]`

#[path = "../tests/zones/configurations.rs"]
#[expect(dead_code, reason = "the small ones are for tests")]
mod configurations;

use activity_analysis::Examination;
use activity_analysis::scenarios::{Circumstances, Ending, Stage, named};
use activity_execution::ActivityOptions;
use activity_execution::options::RetryPolicy;
use activity_execution::vocabulary::{Attempt, Span};
use configurations::{Real, real};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::env;
use std::time::{Duration, Instant};

#[expect(clippy::disallowed_methods, reason = "a bench measures")]
fn main() {
    let given = env::args().skip(1).find_map(|argument| argument.parse().ok());
    let is_test = env::args().any(|argument| argument == "--test");
    let number: usize = given.unwrap_or(if is_test { 20 } else { 10_000 });
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let (mut scenarios, mut zones) = (vec![], vec![]);
    let (mut unlimited, mut flat, mut cut_off, mut incomplete, mut refused) = (0, 0, 0, 0, 0);
    for _ in 0..number {
        let drawn = real().new_tree(&mut runner).expect("nothing is refused").current();
        let Some(options) = options(&drawn) else {
            refused += 1;
            continue;
        };
        unlimited += usize::from(drawn.terms.maximum_attempts.is_none());
        flat += usize::from(drawn.coefficient < 1.1);
        let circumstances = Circumstances::of(&options);
        let begun = Instant::now();
        let played = named(&Stage::new(&options, circumstances));
        scenarios.push(begun.elapsed());
        assert!(played.len() >= 10, "each scenario is played");
        cut_off += usize::from(played.iter().any(|it| it.run.ending == Ending::CutOff));
        let begun = Instant::now();
        let examination = Examination::of(&options, &circumstances, &|| {
            begun.elapsed() > Duration::from_secs(20)
        });
        zones.push(begun.elapsed());
        assert!(examination.ends.ends.contains_key("Completed"), "an attempt can succeed");
        incomplete += usize::from(!examination.is_complete());
    }
    let tried = scenarios.len();
    let percent = |part: usize| 100.0 * part as f64 / tried.max(1) as f64;
    println!("{tried} configurations, {refused} refused; {:.1} % unlimited", percent(unlimited));
    println!("{:.1} % with a coefficient below 1.1", percent(flat));
    print("scenarios", &mut scenarios);
    println!("  cut off in a scenario: {cut_off}");
    print("can and can never", &mut zones);
    println!("  incomplete: {incomplete}");
}

fn print(name: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    println!("{name}: median {:.2?}, 99 % {:.2?}, longest {:.2?}", at(50), at(99), at(100));
}

/// The options that make these numbers; `None` if a server refuses them.
fn options(drawn: &Real) -> Option<ActivityOptions> {
    let Real { terms, initial, coefficient, maximum } = *drawn;
    let types = [
        (terms.retries_start_to_close, "TemporalTimeout:StartToClose"),
        (terms.retries_heartbeat, "TemporalTimeout:Heartbeat"),
    ];
    let types = types.into_iter().filter(|(retries, _)| !retries).map(|(_, name)| name);
    let attempts = terms.maximum_attempts.map_or(0, |Attempt(attempts)| attempts);
    let policy = RetryPolicy::builder()
        .initial_interval(Span(initial))
        .backoff_coefficient(coefficient)
        .maximum_interval(Span(maximum))
        .maximum_attempts(i32::try_from(attempts).ok()?)
        .non_retryable_error_types(types);
    let mut requested = ActivityOptions::builder()
        .start_to_close_timeout(terms.start_to_close_timeout)
        .start_delay(terms.start_delay)
        .retry_policy(policy);
    requested.schedule_to_close_timeout = terms.schedule_to_close_timeout.map(Into::into);
    requested.schedule_to_start_timeout = terms.schedule_to_start_timeout.map(Into::into);
    requested.heartbeat_timeout = terms.heartbeat_timeout.map(Into::into);
    requested.build().ok()
}
