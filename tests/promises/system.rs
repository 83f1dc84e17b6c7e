//! The promises of the system against wrong steps, each from a state that the right parties come to.

use crate::caller;
use crate::refusals::{Refusals, broken};
use activity_execution::caller::{Command, Resolution};
use activity_execution::vocabulary::{
    Answer, Attempt, CancelRequest, Observation, Outcome, Phase, Rejection, RequestId, RetryState,
    Situation, TimeoutType,
};
use activity_execution::worker::{Cancel, HeartbeatReply, Shutdown};
use activity_models::explore::{Explorer, Taken as Explored, Until, Visitor};
use activity_models::mutants::of_system;
use activity_models::system::{
    AbstractNumber, Answered, Bounds, Call, Caller, CallerCall, Execution, Happened, Machines,
    Process, Promise, QUICK, Queue, Refused, Said, Slots, Started, System, SystemPayload, Task,
    World, all, observe,
};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::mem::discriminant;
use std::sync::LazyLock;

const BOUNDS: Bounds = Bounds { details: 2, strays: 0, ..QUICK };

const RIGHT: System = System { machines: Machines::RIGHT, bounds: BOUNDS };

/// A step of the right system.
#[derive(Clone, Copy)]
struct Taken {
    before: World,
    happened: Happened,
    after: World,
}

/// What makes a step worth a try: what moves, how the caller, the execution and the worker whose
/// move it is stand, and what is asked and answered.
fn kind(before: &World, it: &Happened) -> u64 {
    let worker = it.moved.worker().map(|worker| {
        let Process { task, call, slots, .. } = &before.workers[worker];
        let said = call.map(|call| discriminant(&call.said));
        let shutdown = discriminant(&slots.shutdown);
        let running = match task {
            Task::Running(running) => {
                Some((discriminant(&running.heartbeat_details), discriminant(&running.call)))
            }
            _ => None,
        };
        (discriminant(task), running, task.cancel().map(|it| it.reason), said, shutdown)
    });
    let service = before.service.as_ref().map(|it| (situation(it), observe(it).heartbeat_details));
    let answers = (
        it.asked.map(|(call, answered)| {
            (discriminant(&call.said), answered.map(|it| discriminant(&it)))
        }),
        it.called,
        it.told.map(|it| it.reason),
        it.sent.map(|it| discriminant(&it.said)),
    );
    let stands = (before.terms, before.caller.machine, service, before.queue);
    let moved = (it.moved, it.finished);
    BuildHasherDefault::<DefaultHasher>::default().hash_one((stands, worker, answers, moved))
}

fn situation(execution: &Execution) -> Situation {
    Situation::of(&observe(execution))
}

/// Keeps some steps of each kind.
#[derive(Default)]
struct Chosen {
    counts: HashMap<u64, u8>,
    taken: Vec<Taken>,
}

impl Visitor<System> for Chosen {
    fn step(&mut self, step: &Explored<'_, System>) {
        let (after, happened) = step.step;
        let count = self.counts.entry(kind(step.before, happened)).or_default();
        if *count < 1 {
            *count += 1;
            self.taken.push(Taken { before: *step.before, happened: *happened, after: *after });
        }
    }
}

static TAKEN: LazyLock<Vec<Taken>> = LazyLock::new(|| {
    let mut some = Chosen::default();
    for caller in 0..4 {
        // Of one caller with versions of details that differ.
        let details = if caller == 1 { 2 } else { 1 };
        let system = System { bounds: Bounds { details, ..BOUNDS }, ..RIGHT };
        let explored = Explorer::default().explore(&system, [caller], Until::BROKEN, &mut some);
        assert_eq!(explored.violation, None);
    }
    some.taken
});

/// A promise that refuses nothing wrong could as well be `true`. Some mutants show only in the step
/// after the one that they take wrongly.
#[test]
fn every_promise_refuses_a_step_of_a_mutant() {
    let promises = all();
    let (mut complaints, mut refused) = (Vec::new(), BTreeSet::<&str>::new());
    for mutant in of_system() {
        let wrong = System { machines: mutant.rule, ..RIGHT };
        let mut found = BTreeSet::new();
        let is_done = |found: &BTreeSet<_>| mutant.breaks.iter().all(|it| found.contains(it));
        let mut led_astray = Vec::new();
        for Taken { before, happened, after: right } in TAKEN.iter() {
            if is_done(&found) {
                break;
            }
            let (after, happened) = wrong.step(before, happened.moved);
            found.extend(broken(&promises, &(), (before, &happened, &after)));
            if after != *right {
                led_astray.push(after);
            }
        }
        let mut moves = Vec::new();
        for before in led_astray.iter().step_by(led_astray.len() / 3_000 + 1) {
            before.moves(&BOUNDS, &mut moves);
            if is_done(&found) {
                break;
            }
            for &moved in &moves {
                let (after, happened) = wrong.step(before, moved);
                found.extend(broken(&promises, &(), (before, &happened, &after)));
            }
        }
        let own: Vec<_> = mutant.breaks.iter().filter(|name| found.contains(*name)).collect();
        if own.is_empty() {
            complaints.push(mutant.name);
        }
        refused.extend(own);
    }
    assert_eq!(complaints, [""; 0], "mutants that break nothing of theirs");
    let idle = promises.iter().map(|promise| promise.name).filter(|name| !refused.contains(name));
    assert_eq!(idle.collect::<Vec<_>>(), [""; 0], "promises that refuse no mutant");
}

/// What happened, with one thing in it that is wrong.
fn slips_of_the_record(taken: &Taken) -> Vec<Happened> {
    let it = taken.happened;
    let mut all = vec![
        Happened { asked: None, ..it },
        Happened { called: None, ..it },
        Happened { started: None, ..it },
        Happened { sent: None, ..it },
        Happened { told: None, ..it },
        Happened { overlapped: !it.overlapped, ..it },
        Happened { released: !it.released, ..it },
        Happened { finished: !it.finished, ..it },
        Happened { late_call_mattered: !it.late_call_mattered, ..it },
        Happened { maximum_attempts: it.maximum_attempts - 1, ..it },
    ];
    let refusals = [Refused::History, Refused::Task, Refused::Slots, Refused::Timer];
    let refusals = refusals.map(Some).into_iter().chain([None]);
    all.extend(refusals.map(|refused| Happened { refused, ..it }));
    all.extend(all_that_is_told().map(|cancel| Happened { told: Some(cancel), ..it }));
    let attempt = it.moved.worker().map_or(1, |worker| taken.before.workers[worker].attempt);
    let newest = it.moved.worker().map_or(1, |worker| taken.after.workers[worker].newest);
    for said in all_that_is_said() {
        let call = Call { attempt, said, newest };
        all.push(Happened { sent: Some(call), ..it });
        for answered in answers() {
            for (attempt, newest) in [(attempt, newest), (attempt + 1, newest), (attempt, 2)] {
                all.push(Happened {
                    asked: Some((Call { attempt, said, newest }, answered)),
                    ..it
                });
            }
        }
    }
    for call in [CallerCall::Start, CallerCall::RequestCancel] {
        all.extend(
            answers().into_iter().map(|it_is| Happened { called: Some((call, it_is)), ..it }),
        );
    }
    for version in 0..3 {
        let details =
            if version == 0 { SystemPayload::Nothing } else { SystemPayload::Details(version) };
        let starts = [attempt, attempt + 1].map(|attempt| Some(Started { attempt, details }));
        all.extend(starts.map(|started| Happened { started, ..it }));
    }
    let commands = [
        None,
        Some(Command::ScheduleActivityTask),
        Some(Command::WithdrawScheduleActivityTask),
        Some(Command::RequestCancelActivityTask),
    ];
    all.extend(commands.map(|command| Happened { command, ..it }));
    let result = SystemPayload::Result(2);
    let resolutions =
        [None, Some(Resolution::cancelled_at_once()), Some(Resolution::Completed { result })];
    all.extend(resolutions.map(|resolution| Happened { resolution, ..it }));
    all.retain(|wrong| *wrong != it);
    all
}

/// Every cancel that a function may be told of.
fn all_that_is_told() -> [Cancel; 7] {
    [
        Cancel::not_found(),
        Cancel::cancelled(),
        Cancel::timed_out(),
        Cancel::worker_shutdown(),
        Cancel::heartbeat_details_conversion_failed(),
        asked_for(false),
        asked_for(true),
    ]
}

/// What a pause or a reset tells.
fn asked_for(activity_reset: bool) -> Cancel {
    let activity_paused = !activity_reset;
    let reply =
        HeartbeatReply::Recorded { cancel_requested: false, activity_paused, activity_reset };
    Cancel::told_by(reply).expect("it asks for something")
}

fn all_that_is_said() -> Vec<Said> {
    let versions = [SystemPayload::Nothing, SystemPayload::Details(1), SystemPayload::Details(2)];
    let mut all: Vec<Said> = versions.map(|details| Said::Heartbeat { details }).into();
    all.extend([1, 2].map(|attempt| Said::Completed { result: SystemPayload::Result(attempt) }));
    for retryable in [false, true] {
        all.extend([None, Some(versions[1])].map(|details| Said::Failed { retryable, details }));
    }
    all.push(Said::Canceled);
    all
}

fn answers() -> Vec<Answered> {
    let mut all: Vec<Answered> = vec![Ok(Answer::Done)];
    all.extend([false, true].map(|cancel_requested| Ok(Answer::Recorded { cancel_requested })));
    let refusals = [
        Rejection::NotFound,
        Rejection::AlreadyClosed,
        Rejection::CancelNotRequested,
        Rejection::CancelAlreadyRequested,
    ];
    all.extend(refusals.map(Err));
    all
}

/// The world after a step, with one thing in it that is wrong.
fn slips_of_the_world(taken: &Taken) -> Vec<World> {
    let (before, after) = (&taken.before, &taken.after);
    let mut all: Vec<World> =
        services(before, after).into_iter().map(|service| World { service, ..*after }).collect();
    let of_caller = |caller| World { caller, ..*after };
    all.extend(
        caller::states().into_iter().map(|machine| of_caller(Caller { machine, ..after.caller })),
    );
    for call in [None, Some(CallerCall::Start), Some(CallerCall::RequestCancel)] {
        all.push(of_caller(Caller { call, ..after.caller }));
    }
    for count in 0..3 {
        all.push(of_caller(Caller { resolutions: count, ..after.caller }));
        all.push(of_caller(Caller { requests: count, ..after.caller }));
    }
    all.extend(
        [Queue::Empty, Queue::Waiting, Queue::Unanswered].map(|queue| World { queue, ..*after }),
    );
    all.push(World { asynchronous: !after.asynchronous, ..*after });
    for worker in 0..2 {
        all.extend(processes(&before.workers[worker], &after.workers[worker]).into_iter().map(
            |process| {
                let mut wrong = *after;
                wrong.workers[worker] = process;
                wrong
            },
        ));
    }
    all.retain(|wrong| wrong != after);
    all
}

/// The execution as it was, none, and one that differs from what it is.
fn services(before: &World, after: &World) -> Vec<Option<Execution>> {
    let mut all = vec![before.service, None];
    let Some(execution) = &after.service else { return all };
    let seen = observe(execution);
    let mut alter = |wrong: &dyn Fn(&mut Observation<AbstractNumber, SystemPayload>)| {
        let mut altered = seen;
        wrong(&mut altered);
        all.push(Some(Execution::from_observation(&altered)));
    };
    for by in [1, -1, 2] {
        alter(&|it| it.attempt = Attempt(AbstractNumber(it.attempt.0.0 + by)));
    }
    for version in 0..3 {
        alter(&|it| it.heartbeat_details = SystemPayload::Details(version));
    }
    alter(&|it| it.heartbeat_details = SystemPayload::Nothing);
    alter(&|it| it.cancel_request = None);
    let nothing = SystemPayload::Nothing;
    let request = CancelRequest { request_id: RequestId(1), identity: nothing, reason: nothing };
    alter(&|it| it.cancel_request = Some(request));
    alter(&|it| {
        it.phase = Phase::Started { request_id: RequestId(0), dispatch_time: it.now };
        it.last_started_time = Some(it.now);
    });
    alter(&|it| it.phase = Phase::Scheduled { dispatch_time: it.now, retry_interval: None });
    alter(&|it| {
        it.phase = Phase::Scheduled { dispatch_time: it.now, retry_interval: None };
        it.attempt = it.attempt.next();
    });
    let failure = SystemPayload::Failure;
    let (timeout_type, retry_state) = (TimeoutType::Heartbeat, RetryState::CancelRequested);
    for outcome in [
        Outcome::Completed { result: SystemPayload::Result(1) },
        Outcome::Completed { result: SystemPayload::Result(2) },
        Outcome::Failed { failure, retry_state },
        Outcome::Canceled { details: nothing, identity: nothing },
        Outcome::Terminated { reason: nothing, identity: nothing },
        Outcome::TimedOut { timeout_type, failure, retry_state },
    ] {
        alter(&|it| it.phase = Phase::Closed { outcome, close_time: it.now });
    }
    all
}

fn processes(before: &Process, after: &Process) -> Vec<Process> {
    let mut all = vec![*before, Process::polling()];
    all.extend(TASKS.iter().map(|&task| Process { task, ..*after }));
    let calls = all_that_is_said()
        .into_iter()
        .map(|said| Some(Call { attempt: after.attempt, said, newest: after.newest }));
    all.extend(calls.chain([None]).map(|call| Process { call, ..*after }));
    all.extend([0, 1, 2].map(|newest| Process { newest, ..*after }));
    all.extend([0, 1, 2].map(|attempt| Process { attempt, ..*after }));
    let one = |count: AbstractNumber, by| AbstractNumber(count.0 + by);
    for by in [1, -1] {
        let slots = after.slots;
        for slots in [
            Slots { polling: one(slots.polling, by), ..slots },
            Slots { outstanding: one(slots.outstanding, by), ..slots },
            Slots { completions_in_flight: one(slots.completions_in_flight, by), ..slots },
        ] {
            all.push(Process { slots, ..*after });
        }
    }
    for shutdown in [Shutdown::Running, Shutdown::GracePeriodElapsed, Shutdown::ShutDown] {
        all.push(Process { slots: Slots { shutdown, ..after.slots }, ..*after });
    }
    all
}

/// One task of each kind that occurs.
static TASKS: LazyLock<Vec<Task>> = LazyLock::new(|| {
    let mut seen = BTreeSet::new();
    let tasks = TAKEN.iter().map(|taken| taken.after.workers[0].task);
    let kind = |task: &Task| match task {
        Task::Running(running) => format!(
            "{:?} {:?} {:?}",
            discriminant(&running.heartbeat_details),
            discriminant(&running.call),
            running.cancel.map(|it| it.reason)
        ),
        Task::Flushing(flushing) => format!(
            "{:?} {:?}",
            flushing.buffered.is_some(),
            flushing.report.as_ref().map(discriminant)
        ),
        other => format!("{:?}", discriminant(other)),
    };
    tasks.filter(|task| seen.insert(kind(task))).collect()
});

/// Steps that differ in what moves and how the caller and the execution stand, or in what moves and
/// how the worker stands and is answered.
fn of_each_kind() -> Vec<&'static Taken> {
    let (mut of_callers, mut of_workers) = (HashSet::new(), HashSet::new());
    let is_new = |Taken { before, happened: it, .. }: &&Taken| {
        let service = before.service.as_ref().map(|it| situation(it).index());
        let caller = (before.terms, before.caller.machine, before.caller.call);
        let worker = it.moved.worker().map(|worker| {
            let process = &before.workers[worker];
            let reason = process.task.cancel().map(|it| it.reason);
            let waits = before.details_wait(worker);
            (discriminant(&process.task), reason, process.slots.shutdown, waits)
        });
        let answer = it.asked.map(|(call, answered)| (discriminant(&call.said), answered));
        let told = it.told.map(|it| it.reason);
        let is_new_of_caller = of_callers.insert((discriminant(&it.moved), caller, service));
        of_workers.insert((it.moved, worker, told, answer.map(|it| it.1), it.finished))
            || is_new_of_caller
    };
    TAKEN.iter().filter(is_new).collect()
}

#[test]
fn what_each_promise_of_the_system_refuses() {
    insta::assert_snapshot!(refusals(all()).table());
}

/// What these promises refuse.
fn refusals(promises: Vec<Promise>) -> Refusals<(), World, Happened> {
    let mut refusals = Refusals::of(promises);
    let some = of_each_kind();
    for &right in &some {
        let Taken { before, happened, after } = right;
        for wrong in slips_of_the_record(right) {
            refusals.by("record")(&(), (before, &wrong, after));
        }
        for wrong in slips_of_the_world(right) {
            refusals.by("world")(&(), (before, happened, &wrong));
        }
    }
    // What happened is taken for something else that happened elsewhere.
    for right in some.iter().step_by(11) {
        for other in some.iter().step_by(13) {
            let wrong = Happened { moved: right.happened.moved, ..other.happened };
            refusals.by("mistaken")(&(), (&right.before, &wrong, &other.after));
            refusals.by("misplaced")(&(), (&right.before, &right.happened, &other.after));
        }
    }
    refusals
}
