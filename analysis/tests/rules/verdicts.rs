//! What rules conclude from tables of attempts is what the core does, and what zones say.

use crate::support::{say, some_options};
use activity_analysis::rules::{Declared, Known, KnownOptions, Setting};
use activity_analysis::scenarios::Circumstances;
use activity_analysis::zones::Attempts;
use activity_analysis::{Backoffs, Examination};
use activity_execution::options::{Field, Nanoseconds, RequestedOptions, RetryPolicy};
use activity_execution::vocabulary::{
    Attempt, Request, RequestId, Span, TaskToken, TimeoutType, Timestamp,
};
use activity_execution::{ActivityExecution, ActivityOptions, Payload, State};
use proptest::prelude::*;

/// An attempt of a chain in which each falls silent: when it starts, when it ends, and by what.
type Silent = (i64, i64, TimeoutType);

/// Plays that chain on the core, from deadline to deadline, so many attempts at most.
fn play(options: &ActivityOptions, most: usize) -> Vec<Silent> {
    let terms = options.terms();
    let backoff = |attempt: Attempt<i64>| options.backoff(attempt);
    let mut execution: ActivityExecution =
        ActivityExecution::new(&terms, Timestamp(0), RequestId(0));
    let mut attempts = Vec::new();
    while let State::Scheduled { dispatch_time, .. } = *execution.state() {
        execution.settle(&terms, dispatch_time, backoff, |_| {});
        let number = execution.attempt();
        let poll = Request::RecordActivityTaskStarted {
            request_id: RequestId(1),
            dispatched: TaskToken(number),
            identity: Payload::data("worker"),
        };
        if execution.call(&terms, dispatch_time, &poll).is_err() || attempts.len() >= most {
            break;
        }
        let deadline = execution.deadline(&terms).expect("an attempt has a deadline");
        let wait = options.backoff(execution.attempt());
        execution.elapse_next(&terms, deadline.time, wait).expect("it is due");
        attempts.push((dispatch_time.0, deadline.time.0, deadline.timeout_type));
    }
    attempts
}

/// The options that a server makes of them.
pub(crate) fn options(known: &KnownOptions) -> Option<ActivityOptions> {
    let duration = |field| match known.get(field) {
        Known::Given(Setting::Duration(duration)) => *duration,
        _ => Nanoseconds(0),
    };
    let number = |field| match known.get(field) {
        Known::Given(Setting::Number(number)) => *number,
        _ => 0.0,
    };
    let names = match known.get(Field::NonRetryableErrorTypes) {
        Known::Given(Setting::Names(names)) => names.clone(),
        _ => Vec::new(),
    };
    #[expect(clippy::cast_possible_truncation, reason = "few attempts")]
    let attempts = number(Field::MaximumAttempts) as i32;
    let policy = RetryPolicy::builder()
        .initial_interval(duration(Field::InitialInterval))
        .backoff_coefficient(number(Field::BackoffCoefficient))
        .maximum_interval(duration(Field::MaximumInterval))
        .maximum_attempts(attempts)
        .non_retryable_error_types(names);
    RequestedOptions::default()
        .start_to_close_timeout(duration(Field::StartToCloseTimeout))
        .schedule_to_close_timeout(duration(Field::ScheduleToCloseTimeout))
        .schedule_to_start_timeout(duration(Field::ScheduleToStartTimeout))
        .heartbeat_timeout(duration(Field::HeartbeatTimeout))
        .retry_policy(policy)
        .build()
        .ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn rules_about_silent_attempts_say_what_the_core_does(known in some_options()) {
        let Some(options) = options(&known) else { return Ok(()) };
        let played = play(&options, 1_000);
        let declared = Declared::default();
        let policy = options.retry_policy();
        let asked = i64::from(policy.maximum_attempts());
        let is_complete = played.len() < 1_000;
        let is_retried = played.len() > 1;
        let silent_is_retried = policy.retries(played[0].2);
        let (first_start, first_end, by) = played[0];
        prop_assert_eq!(first_start, 0);
        // Where heartbeats alone are silenced, another timeout may still be retried.
        let only_one_kind = options.heartbeat_timeout().is_none();
        if only_one_kind && options.schedule_to_close_timeout().is_some() && asked != 1 {
            let says = say("never-retries", &known, &declared).is_some();
            let so = !is_retried && policy.retries(TimeoutType::StartToClose);
            prop_assert_eq!(says, so, "{:?} ends at {} by {:?}", options, first_end, by);
        }
        if is_complete && asked > 1 && silent_is_retried && is_retried {
            let (start, end, _) = played[played.len() - 1];
            let is_in_full = end - start == first_end;
            let all_start = i64::try_from(played.len()).unwrap() == asked;
            let says = say("attempt-truncated", &known, &declared).is_some();
            prop_assert_eq!(says, !is_in_full || !all_start, "{:?}: {:?}", options, played);
        }
    }

    #[test]
    fn the_table_of_lasting_attempts_is_what_the_core_plays(
        known in some_options(),
    ) {
        let Some(options) = options(&known) else { return Ok(()) };
        let played = play(&options, 60);
        let (_, first_end, by) = played[0];
        if !options.retry_policy().retries(by) {
            prop_assert_eq!(played.len(), 1);
            return Ok(());
        }
        let table = Backoffs::lasting(&options, Span(first_end));
        for (start, (played_start, ..)) in table.starts.iter().zip(&played) {
            prop_assert_eq!(start.earliest, i128::from(*played_start));
        }
        if played.len() < 60 && let Some(last) = table.last() {
            let index = i64::try_from(played.len()).unwrap();
            prop_assert_eq!(last.attempt, index);
            prop_assert_eq!(last.earliest, i128::from(played[played.len() - 1].0));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(25))]

    #[test]
    fn attempts_that_rules_call_unreachable_start_in_no_zone(
        total in 2_000..200_000_i64,
        interval in 500..20_000_i64,
        attempts in 2..12_i32,
    ) {
        let duration = |milliseconds: i64| {
            Known::Given(Setting::Duration(Nanoseconds(i128::from(milliseconds) * 1_000_000)))
        };
        let known = KnownOptions::default()
            .with(Field::ScheduleToCloseTimeout, duration(total))
            .with(Field::InitialInterval, duration(interval))
            .with(Field::MaximumAttempts, Known::Given(Setting::Number(f64::from(attempts))));
        let Some(options) = options(&known) else { return Ok(()) };
        let circumstances = Circumstances::of(&options);
        let explored = Examination::of(&options, &circumstances, &|| false).explored;
        prop_assert!(explored.is_complete());
        let Attempts::AtMost(most) = explored.attempts else { panic!("{:?}", explored.attempts) };
        let declared = Declared::default();
        let never = say("backoff-exceeds-total", &known, &declared).is_some();
        prop_assert_eq!(never, most == 1, "{:?}", options);
        if let Some(said) = say("attempts-unreachable", &known, &declared)
            && said.message.contains("can never start")
        {
            let first = format!("attempts {} to {attempts} ", most + 1);
            let only = format!("attempt {attempts} ");
            let names = said.message.starts_with(&first) || said.message.starts_with(&only);
            prop_assert!(names && most < i64::from(attempts), "{}: {most}", said.message);
        } else {
            prop_assert_eq!(most, i64::from(attempts), "{:?}", options);
        }
    }
}
