//! Property tests of somebody's own code against the promises: a little retry loop that knows
//! nothing of this library is shown to them step by step, as it should be and with a mistake in it.
//!
//! Dependencies: `activity-execution` and `proptest`. In a project of your own `main` is a
//! `#[test]`.

use activity_execution::promises;
use activity_execution::vocabulary::{
    Action, Deadlines, Dialect, ExecutionOptions, Observation, Phase, Request, RequestId, Step,
};
use activity_execution::{
    Answer, Attempt, Outcome, Rejection, Reply, Span, Target, TaskToken, TimeoutType, Timestamp,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Somebody's own code: runs a job until it succeeds, with a limit for each try and a pause
/// between. No cancellation, no heartbeats, no overall limit.
#[derive(Clone, Debug)]
struct Job {
    created: i64,
    tries: i64,
    state: JobState,
    started: Option<i64>,
    ended: Option<i64>,
}

#[derive(Clone, Debug)]
enum JobState {
    Pausing { until: i64, first: bool },
    Running { since: i64, until: i64 },
    Done { at: i64 },
}

const LIMIT: i64 = 50;
const PAUSE: i64 = 20;

impl Job {
    fn new(now: i64) -> Self {
        let state = JobState::Pausing { until: now, first: true };
        Job { created: now, tries: 1, state, started: None, ended: None }
    }

    fn take(&mut self, now: i64) -> bool {
        let JobState::Pausing { until, .. } = self.state else { return false };
        if now < until {
            return false;
        }
        self.state = JobState::Running { since: now, until };
        self.started = Some(now);
        true
    }

    /// A worker that had try number `number` says that it is done. The one with the mistake
    /// believes every worker, also one whose try has timed out long ago.
    fn done(&mut self, now: i64, number: i64, believes_everybody: bool) -> bool {
        let JobState::Running { .. } = self.state else { return false };
        if number != self.tries && !believes_everybody {
            return false;
        }
        self.state = JobState::Done { at: now };
        self.ended = Some(now);
        true
    }

    fn time_is_up(&mut self, now: i64) -> bool {
        let JobState::Running { since, .. } = self.state else { return false };
        if now < since + LIMIT {
            return false;
        }
        self.tries += 1;
        self.ended = Some(now);
        self.state = JobState::Pausing { until: now + PAUSE, first: false };
        true
    }
}

/// The options that the job follows, in Temporal's words.
const OPTIONS: ExecutionOptions = ExecutionOptions {
    dialect: Dialect::Standalone,
    maximum_attempts: None,
    schedule_to_close_timeout: None,
    schedule_to_start_timeout: None,
    start_to_close_timeout: Span(LIMIT),
    heartbeat_timeout: None,
    start_delay: Span(0),
    retries_start_to_close: true,
    retries_heartbeat: true,
};

/// What is seen of the job at `now`, which was last taken by this poll. Payloads are `()`: the
/// control flow alone is of interest.
fn observe(job: &Job, now: i64, poll: RequestId) -> Observation<i64, ()> {
    let (phase, start_to_close) = match job.state {
        JobState::Pausing { until, first } => {
            let retry_interval = (!first).then_some(Span(PAUSE));
            (Phase::Scheduled { dispatch_time: Timestamp(until), retry_interval }, None)
        }
        JobState::Running { since, until } => {
            let phase = Phase::Started { request_id: poll, dispatch_time: Timestamp(until) };
            (phase, Some(Timestamp(since + LIMIT)))
        }
        JobState::Done { at } => {
            let outcome = Outcome::Completed { result: () };
            (Phase::Closed { outcome, close_time: Timestamp(at) }, None)
        }
    };
    Observation {
        now: Timestamp(now),
        schedule_time: Timestamp(job.created),
        start_request_id: RequestId(0),
        attempt: Attempt(job.tries),
        phase,
        deadlines: Deadlines { start_to_close, ..Deadlines::default() },
        last_started_time: job.started.map(Timestamp),
        last_attempt_complete_time: job.ended.map(Timestamp),
        last_heartbeat_time: None,
        heartbeat_details: (),
        total_heartbeat_count: 0,
        last_failure: (),
        last_worker_identity: (),
        cancel_request: None,
        terminate_request_id: None,
    }
}

/// What happens to the job; drawn at random.
#[derive(Clone, Copy, Debug)]
enum Move {
    Wait(i64),
    Take,
    /// The worker of this many tries ago is done.
    Done(i64),
    TimeIsUp,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        (1..80_i64).prop_map(Move::Wait),
        Just(Move::Take),
        (0..3_i64).prop_map(Move::Done),
        Just(Move::TimeIsUp),
    ];
    prop::collection::vec(one, 1..40)
}

/// Plays a script, and shows each step to every promise: the first that is broken, by its sentence.
fn judge(script: &[Move], believes_everybody: bool) -> Result<(), String> {
    let (mut job, mut now, mut poll) = (Job::new(0), 0, RequestId(0));
    for (number, what) in (1..).zip(script) {
        let (before, at) = (observe(&job, now, poll), Timestamp(now));
        let (action, reply): (Action<i64, ()>, Reply<i64, ()>) = match *what {
            Move::Wait(elapsed) => {
                now += elapsed;
                (Action::Tick { elapsed: Span(elapsed) }, Ok(Answer::Done))
            }
            Move::Take => {
                let dispatched = TaskToken(Attempt(job.tries));
                let request_id = RequestId(number); // The job knows no repeated polls.
                let request =
                    Request::RecordActivityTaskStarted { request_id, dispatched, identity: () };
                let current_attempt_scheduled_time = match job.state {
                    JobState::Pausing { until, .. } => Timestamp(until),
                    JobState::Running { .. } | JobState::Done { .. } => at,
                };
                let reply = job.take(now).then_some(Answer::Task {
                    token: dispatched,
                    attempt: dispatched.0,
                    started_time: at,
                    current_attempt_scheduled_time,
                    heartbeat_details: (),
                });
                poll = if reply.is_some() { request_id } else { poll };
                (Action::Call(request), reply.ok_or(Rejection::ObsoleteTask))
            }
            Move::Done(ago) => {
                let number = job.tries - ago;
                let target = Target::Token(TaskToken(Attempt(number)));
                let request =
                    Request::RespondActivityTaskCompleted { target, result: (), identity: () };
                let is_done = job.done(now, number, believes_everybody);
                let reply = if is_done { Ok(Answer::Done) } else { Err(Rejection::NotFound) };
                (Action::Call(request), reply)
            }
            Move::TimeIsUp => {
                let timeout_type = TimeoutType::StartToClose;
                let is_up = job.time_is_up(now);
                let reply = if is_up { Ok(Answer::Done) } else { Err(Rejection::NotDue) };
                (Action::Elapses { timeout_type, backoff: Span(PAUSE) }, reply)
            }
        };
        let (step, after) = (Step { now: at, action, reply }, observe(&job, now, poll));
        for promise in promises::all::<i64, ()>() {
            if !(promise.holds)(&OPTIONS, &before, &step, &after) {
                return Err(format!("{}: {} ({what:?})", promise.name, promise.statement));
            }
        }
    }
    Ok(())
}

fn check(believes_everybody: bool) -> Result<(), String> {
    let config = Config { failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&moves(), |script| judge(&script, believes_everybody).map_err(TestCaseError::fail))
        .map_err(|error| error.to_string())
}

fn main() {
    assert_eq!(check(false), Ok(()), "as it should be, the job keeps every promise");
    println!("the job keeps all {} promises", promises::all::<i64, ()>().len());
    let found = check(true).expect_err("a mistake is found");
    println!("with the mistake:\n{found}");
    assert!(found.contains("NotFound") || found.contains("Done("), "{found}");
}
