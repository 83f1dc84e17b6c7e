//! Long random scripts for a task and for a worker's slots, with numbers of every size and inputs
//! that make no sense: every promise holds of every step.

use crate::common::kinds::{expected, kinds};
use crate::common::{Note, alphabet, checked};
use activity_execution::vocabulary::{Span, Timestamp};
use activity_execution::worker::promises::of_slots;
use activity_execution::worker::{
    ActivityTask, LocalTimer, SlotsAction, SlotsStep, TaskAction, TaskOptions, TaskStep,
    WorkerOptions, WorkerSlots,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use quickcheck::{Arbitrary, Gen, QuickCheck};
use std::collections::BTreeSet;

/// When the next thing happens.
#[derive(Clone, Copy, Debug)]
enum When {
    Later(i64),
    AtTheDeadline,
    JustBeforeTheDeadline,
}

/// What happens next.
#[derive(Clone, Copy, Debug)]
enum What {
    Input(TaskAction<Note>),
    /// The alarm that is next goes off.
    Deadline,
}

type Script = Vec<(When, What)>;

fn play(
    terms: &TaskOptions,
    script: &Script,
    mut each: impl FnMut(&ActivityTask<i64, Note>, &TaskStep<i64, Note>),
) {
    assert!(terms.are_normal());
    let (mut task, mut now) = (ActivityTask::Absent, 0);
    for (when, what) in script {
        let deadline = task.deadline(terms);
        let earliest = LocalTimer::ALL
            .into_iter()
            .filter_map(|timer| task.due(terms, timer).map(|due| (due, timer)))
            .min();
        assert_eq!(deadline, earliest, "the deadline is the earliest alarm");
        now = match (when, deadline) {
            (When::Later(elapsed), _) => now + elapsed,
            (When::AtTheDeadline, Some((Timestamp(due), _))) => now.max(due),
            (When::JustBeforeTheDeadline, Some((Timestamp(due), _))) => now.max(due - 1),
            (When::AtTheDeadline | When::JustBeforeTheDeadline, None) => now,
        };
        let action = match (what, deadline) {
            (What::Input(action), _) => *action,
            (What::Deadline, Some((_, timer))) => TaskAction::Elapses(timer),
            (What::Deadline, None) => TaskAction::Elapses(LocalTimer::Heartbeat),
        };
        let (after, step) = checked(terms, &task, now, action);
        each(&task, &step);
        task = after;
    }
}

/// Few scripts begin with a delivery of themselves.
fn delivered(script: Script) -> Script {
    let delivery = TaskAction::Deliver { grace_period_elapsed: false };
    let mut delivered = vec![(When::Later(1), What::Input(delivery))];
    delivered.extend(script);
    delivered
}

fn play_slots(terms: &WorkerOptions, script: &[(i64, SlotsAction)]) {
    assert!(terms.are_normal());
    let (mut worker, mut now) = (WorkerSlots::new(), 0);
    for (elapsed, action) in script {
        now += elapsed;
        let (after, reply) = match worker.decide(terms, Timestamp(now), *action) {
            Ok((after, effect)) => (after, Ok(effect)),
            Err(rejection) => (worker, Err(rejection)),
        };
        let step = SlotsStep { now: Timestamp(now), action: *action, reply };
        for promise in of_slots() {
            let holds = (promise.holds)(terms, &worker, &step, &after);
            assert!(holds, "{}\n  {worker:?}\n  {step:?}\n  {after:?}", promise.statement);
        }
        worker = after;
    }
}

/// Some length of time: none, a few units, about a minute, a century.
fn length() -> impl Strategy<Value = i64> {
    prop_oneof![Just(0), 1..4_i64, 50_000..70_000_i64, 3_000_000_000_000..3_200_000_000_000_i64]
}

fn terms() -> impl Strategy<Value = TaskOptions> {
    let timeout = || proptest::option::of(length().prop_map(|length| Span(length + 1)));
    (timeout(), timeout(), length(), length(), length()).prop_map(
        |(start_to_close_timeout, heartbeat_timeout, buffer, throttle, call)| TaskOptions {
            start_to_close_timeout,
            heartbeat_timeout,
            local_timeout_buffer: Span(buffer),
            heartbeat_throttle_interval: Span(throttle),
            heartbeat_call_timeout: Span(call + 1),
        },
    )
}

fn input() -> impl Strategy<Value = TaskAction<Note>> {
    let any = alphabet(&[1, 2, 3]);
    // A script that returns at once tells little.
    let while_running =
        any.iter().filter(|action| !matches!(action, TaskAction::Return(_))).copied();
    let while_running = proptest::sample::select(while_running.collect::<Vec<_>>());
    prop_oneof![8 => while_running, 1 => proptest::sample::select(any)]
}

fn what() -> impl Strategy<Value = What> {
    let heartbeat = (0..4_u8).prop_map(|note| TaskAction::Heartbeat { details: Note(note) });
    prop_oneof![
        4 => input().prop_map(What::Input),
        2 => heartbeat.prop_map(What::Input),
        1 => Just(What::Deadline),
    ]
}

fn when() -> impl Strategy<Value = When> {
    prop_oneof![
        4 => (0..4_i64).prop_map(When::Later),
        1 => length().prop_map(When::Later),
        1 => Just(When::AtTheDeadline),
        1 => Just(When::JustBeforeTheDeadline),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_task_keeps_every_promise_whatever_happens(
        terms in terms(),
        script in proptest::collection::vec((when(), what()), 1..120),
    ) {
        play(&terms, &delivered(script), |_, _| {});
    }

    #[test]
    fn a_worker_keeps_every_promise_whatever_happens(
        max_concurrent_activities in 1..6_i64,
        grace in length(),
        script in proptest::collection::vec(
            (length(), proptest::sample::select(SlotsAction::ALL.to_vec())),
            1..120,
        ),
    ) {
        let graceful_shutdown_period = Span(grace);
        play_slots(&WorkerOptions { max_concurrent_activities, graceful_shutdown_period }, &script);
    }
}

/// A script of quickcheck's, whose sizes grow with the run.
#[derive(Clone, Debug)]
struct TaskScript(TaskOptions, Script);

impl Arbitrary for TaskScript {
    fn arbitrary(g: &mut Gen) -> Self {
        let alphabet = alphabet(&[1, 2, 3]);
        let one_in = |g: &mut Gen, odds: u8| u8::arbitrary(g).is_multiple_of(odds);
        let span = |g: &mut Gen| Span(i64::from(u32::arbitrary(g)) % 40 + 1);
        let start_to_close_timeout = (!one_in(g, 4)).then(|| span(g));
        let heartbeat_timeout = (!one_in(g, 4)).then(|| span(g));
        let terms = TaskOptions {
            start_to_close_timeout,
            heartbeat_timeout,
            local_timeout_buffer: span(g),
            heartbeat_throttle_interval: span(g),
            heartbeat_call_timeout: span(g),
        };
        let script = Vec::<u8>::arbitrary(g).into_iter().map(|later| {
            let when =
                if one_in(g, 3) { When::AtTheDeadline } else { When::Later(i64::from(later) % 16) };
            let action = *g.choose(&alphabet).expect("the alphabet is not empty");
            let what = match action {
                TaskAction::Return(_) if !one_in(g, 8) => What::Deadline,
                action => What::Input(action),
            };
            (when, what)
        });
        TaskScript(terms, script.collect())
    }

    fn shrink(&self) -> Box<dyn Iterator<Item = Self>> {
        let (terms, script) = (self.0, self.1.clone());
        Box::new((0..script.len()).rev().map(move |gone| {
            let mut shorter = script.clone();
            shorter.remove(gone);
            TaskScript(terms, shorter)
        }))
    }
}

#[test]
fn quickcheck_finds_no_script_that_breaks_a_promise_of_a_task() {
    fn holds(TaskScript(terms, script): TaskScript) -> bool {
        play(&terms, &script, |_, _| {});
        true
    }
    QuickCheck::new().tests(2_000).quickcheck(holds as fn(TaskScript) -> bool);
}

#[test]
fn quickcheck_finds_no_script_that_breaks_a_promise_of_a_worker() {
    fn holds(max: u8, grace: u8, script: Vec<(u8, u8)>) -> bool {
        let terms = WorkerOptions {
            max_concurrent_activities: i64::from(max) + 1,
            graceful_shutdown_period: Span(i64::from(grace)),
        };
        let script = script.into_iter().map(|(elapsed, action)| {
            (i64::from(elapsed), SlotsAction::ALL[usize::from(action) % SlotsAction::ALL.len()])
        });
        play_slots(&terms, &script.collect::<Vec<_>>());
        true
    }
    QuickCheck::new().tests(2_000).quickcheck(holds as fn(u8, u8, Vec<(u8, u8)>) -> bool);
}

/// With a fixed seed, random scripts meet all that can happen, as the exhaustive run does.
#[test]
fn random_scripts_meet_everything_that_can_happen() {
    let mut runner = TestRunner::deterministic();
    let scripts = proptest::collection::vec((when(), what()), 40..41);
    let mut seen = BTreeSet::new();
    for _ in 0..12_000 {
        let terms = terms().new_tree(&mut runner).expect("terms are never filtered").current();
        let script = scripts.new_tree(&mut runner).expect("scripts are never filtered").current();
        play(&terms, &delivered(script), |before, step| seen.extend(kinds(before, step)));
    }
    let expected = expected();
    assert_eq!(expected.difference(&seen).collect::<Vec<_>>(), Vec::<&String>::new());
}
