//! Random runs of an activity, driven as its front page asks: what happened is kept in a log.

use activity_execution::vocabulary::{Dialect, IdConflictPolicy};
use activity_execution::{
    Activity, ActivityEvent, ActivityOptions, Attempt, Call, Called, Failure, Payload, RetryPolicy,
    Span, Target, TaskToken, Timestamp,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use std::sync::Arc;
use std::time::Duration;

/// One throw of dice decides one call: when, what, and with which arguments.
pub(crate) type Dice = [u16; 4];

/// What a run is made from.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) options: u16,
    pub(crate) moves: Vec<Dice>,
}

/// An activity, and all that was ever made durable of it.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) activity: Activity,
    pub(crate) log: Vec<ActivityEvent>,
    pub(crate) now: Timestamp,
}

/// A call that was made.
pub(crate) struct Made {
    pub(crate) now: Timestamp,
    pub(crate) call: Call,
    pub(crate) called: Called,
}

impl Run {
    pub(crate) fn start(options: u16) -> Self {
        let options = options_of(options);
        let now = Timestamp(1_795_850_940_000 + i64::from(options.start_to_close_timeout().0 == 7));
        let (activity, scheduled) = Activity::start(options, now, START);
        Run { activity, log: vec![scheduled], now }
    }

    /// The run of a plan, with a look at each call.
    pub(crate) fn of(plan: &Plan, mut look: impl FnMut(&Run, &Made)) -> Self {
        let mut run = Run::start(plan.options);
        for dice in &plan.moves {
            let made = run.step(*dice);
            look(&run, &made);
        }
        run
    }

    pub(crate) fn step(&mut self, [when, what, how, who]: Dice) -> Made {
        self.now = self.later(when);
        let call = self.choose(what, how, who);
        let called = self.activity.call(self.now, call.clone());
        self.log.extend(called.events.clone());
        Made { now: self.now, call, called }
    }

    /// Mostly soon; often at an instant at which something is due, or just before.
    fn later(&self, when: u16) -> Timestamp {
        let soon = self.now + Span(i64::from(when % 40));
        let at = |time: Option<Timestamp>| time.map_or(soon, |time| time.max(self.now));
        match when % 11 {
            0 => at(self.activity.next_wakeup()),
            1 => at(self.activity.next_wakeup().map(|time| time - Span(1))),
            2..=5 => at(self.activity.dispatch_time()),
            6 => self.now,
            // Clocks go back, too.
            7 => self.now - Span(i64::from(when % 300)),
            _ => soon,
        }
    }

    fn choose(&self, what: u16, how: u16, who: u16) -> Call {
        let held = TaskToken(self.activity.attempt());
        let token = match how % 8 {
            0 => TaskToken(Attempt(i64::from(how))),
            _ => held,
        };
        let target = match how % 5 {
            0 => Target::ById,
            _ => Target::Token(token),
        };
        let text = |kind: &str| format!("{kind} {}", who % 4);
        let identity = Payload::from(["worker 1", "worker 2"][usize::from(who % 2)]);
        match what % 16 {
            0 => Call::StartActivityExecution {
                request_id: [START, "another"][usize::from(how % 2)].into(),
                id_conflict_policy: [IdConflictPolicy::Fail, IdConflictPolicy::UseExisting]
                    [usize::from(who % 2)],
            },
            1..=6 => Call::poll(text("poll").as_str(), token, &identity),
            7..=9 => Call::heartbeat(target, details(how)),
            10..=12 => Call::RespondActivityTaskFailed {
                target,
                failure: failure(how),
                next_retry_delay: (who.is_multiple_of(3)).then_some(Span(i64::from(how % 90) - 30)),
                last_heartbeat_details: (who.is_multiple_of(5)).then(|| details(who)),
                identity,
            },
            13 if how.is_multiple_of(3) => {
                Call::request_cancel(text("cancel").as_str(), "client", "why")
            }
            13 => Call::respond_canceled(target, details(how)),
            14 if how.is_multiple_of(4) => Call::respond_completed(target, details(who), &identity),
            15 if how.is_multiple_of(6) => Call::terminate(text("end").as_str(), "client", ""),
            _ => Call::heartbeat(target, details(how)),
        }
    }
}

/// A few options, in which every part is somewhere set and somewhere not.
pub(crate) fn options_of(number: u16) -> Arc<ActivityOptions> {
    let seconds = Duration::from_secs;
    let policy = RetryPolicy::builder().initial_interval(Duration::from_millis(20));
    let standalone = ActivityOptions::builder();
    let options = match number % 6 {
        0 => standalone.start_to_close_timeout(seconds(60)),
        1 => standalone
            .start_to_close_timeout(Duration::from_millis(100))
            .heartbeat_timeout(Duration::from_millis(30))
            .retry_policy(policy.maximum_attempts(4)),
        2 => standalone
            .schedule_to_close_timeout(Duration::from_millis(700))
            .start_to_close_timeout(Duration::from_millis(90))
            .schedule_to_start_timeout(Duration::from_millis(50))
            .start_delay(Duration::from_millis(15))
            .retry_policy(policy.backoff_coefficient(1.5)),
        3 => standalone
            .schedule_to_close_timeout(seconds(20))
            .heartbeat_timeout(seconds(1))
            .retry_policy(policy.non_retryable_error_types(["Fatal", "TemporalTimeout:Heartbeat"])),
        4 => standalone
            .start_to_close_timeout(seconds(1))
            .retry_policy(policy.maximum_interval(Duration::from_millis(30))),
        _ => standalone.start_to_close_timeout(seconds(5)).retry_policy(policy.maximum_attempts(1)),
    };
    let options = match number % 24 < 12 {
        true => options,
        false => options.workflow_run_timeout(seconds(3_600)),
    };
    let options = options.build().expect("the options are valid");
    let dialect = if number % 12 < 6 { Dialect::Standalone } else { Dialect::Workflow };
    Arc::new(options.in_dialect(dialect))
}

fn details(how: u16) -> Payload {
    match how % 4 {
        0 => Payload::default(),
        1 => Payload::data([0xff, 0xfe, 0]),
        2 => Payload::from(""),
        _ => Payload::from("step \"7\"\n"),
    }
}

fn failure(how: u16) -> Payload {
    let failure = Failure::application("Broken", "it broke");
    match how % 6 {
        0 => Payload::default(),
        1 => Failure::application("Fatal", "no retry helps").into(),
        2 if how.is_multiple_of(4) => failure.non_retryable().into(),
        3 => Failure { cause: Failure::application("Cause", "deep").into(), ..failure }.into(),
        _ => failure.into(),
    }
}

pub(crate) fn plans() -> impl Strategy<Value = Plan> {
    let moves = prop::collection::vec(any::<Dice>(), 0..60);
    (any::<u16>(), moves).prop_map(|(options, moves)| Plan { options, moves })
}

/// Runs of a fixed seed.
pub(crate) fn runs(number: usize) -> Vec<Run> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[12; 32]);
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), rng);
    let mut draw = || plans().new_tree(&mut runner).expect("plans are never rejected").current();
    (0..number).map(|_| Run::of(&draw(), |_, _| {})).collect()
}

const START: &str = "6f1c0f3e-9d7a-4c3f-8d38-0f4c1b9a2e57";
