//! Histories that the core writes: an execution with random options is played on it, and what a
//! server would record of that is written down.

use super::random::Random;
use activity_analysis::history::Way;
use activity_execution::options::{ActivityOptions, RetryPolicy};
use activity_execution::vocabulary::{
    Action, Dialect, ExecutionOptions, Observation, Outcome, Phase, Request, RequestId, RetryState,
    Retryability, Span, Target, TaskToken, TimeoutType, Timestamp,
};
use activity_models::exploration::{CoreMachine, CoreState, Machine};
use serde_json::{Value, json};

/// A history, and what really happened.
#[derive(Debug)]
pub(crate) struct Written {
    pub history: Value,
    pub hidden: Vec<Truth>,
    pub ending: Ending,
}

/// An attempt that was retried, with instants in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Truth {
    pub way: Way,
    pub start: i64,
    pub end: i64,
}

/// How a history ends.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Ending {
    Completed,
    NotRetryable,
    MaximumAttempts,
    GivenUp,
    StartToClose,
    Heartbeat,
    ScheduleToStart,
    CanceledByWorker,
    CanceledWhileItWaits,
    FailedAfterTheRequest,
    Open,
}

impl Ending {
    pub(crate) const ALL: [Ending; 11] = [
        Ending::Completed,
        Ending::NotRetryable,
        Ending::MaximumAttempts,
        Ending::GivenUp,
        Ending::StartToClose,
        Ending::Heartbeat,
        Ending::ScheduleToStart,
        Ending::CanceledByWorker,
        Ending::CanceledWhileItWaits,
        Ending::FailedAfterTheRequest,
        Ending::Open,
    ];
}

struct Run {
    options: ActivityOptions,
    terms: ExecutionOptions<i64>,
    state: CoreState<i64, ()>,
    now: i64,
    started: Option<i64>,
    hidden: Vec<Truth>,
    asked: Option<i64>,
    // How the last attempt that was retried ended.
    last: Option<Way>,
}

/// Plays an execution and writes its history.
pub(crate) fn write(random: &mut Random) -> Written {
    let ending = random.of(&Ending::ALL);
    let many = if random.one_in(4) { random.between(2, 50) } else { random.between(2, 6) };
    let options = options(random, ending, many);
    let terms = options.terms();
    let state = CoreMachine.begin(&terms, Timestamp(0), RequestId(0));
    let mut run = Run {
        options,
        terms,
        state,
        now: 0,
        started: None,
        hidden: Vec::new(),
        asked: None,
        last: None,
    };
    while i64::try_from(run.hidden.len()).expect("few") < many && !run.seen().is_closed() {
        run.hide_one(random);
    }
    if !run.seen().is_closed() {
        run.end(ending, random);
    }
    run.written(ending)
}

fn options(random: &mut Random, ending: Ending, many: i64) -> ActivityOptions {
    let start_to_close = random.of(&[800_i64, 2_000, 10_000, 60_000]);
    let mut policy = RetryPolicy::builder()
        .initial_interval(Span(random.of(&[100_i64, 1_000, 2_000])))
        .backoff_coefficient(random.of(&[1.0, 1.3, 2.0]))
        .maximum_interval(Span(random.of(&[2_000_i64, 10_000, 100_000])));
    if matches!(ending, Ending::MaximumAttempts | Ending::StartToClose)
        || ending == Ending::Heartbeat && random.one_in(2)
    {
        policy = policy.maximum_attempts(i32::try_from(many + 1).expect("few"));
    }
    let mut options = ActivityOptions::builder().start_to_close_timeout(Span(start_to_close));
    if ending == Ending::Heartbeat || random.one_in(2) {
        options = options.heartbeat_timeout(Span(start_to_close / random.of(&[2_i64, 3, 5])));
    }
    if ending == Ending::GivenUp {
        options = options.schedule_to_close_timeout(Span(random.between(30_000, 900_000)));
    }
    if ending == Ending::ScheduleToStart {
        options = options.schedule_to_start_timeout(Span(random.between(500, 20_000)));
    }
    let options = options.retry_policy(policy).build().expect("they are legal");
    options.in_dialect(Dialect::Workflow)
}

impl Run {
    fn seen(&self) -> Observation<i64, ()> {
        CoreMachine.observe(&self.terms, &self.state)
    }

    fn step(&mut self, action: &Action<i64, ()>) {
        let done = CoreMachine.step(&self.terms, &mut self.state, action);
        assert!(done.is_ok(), "{action:?}: {done:?} in {:?}", self.seen());
    }

    fn until(&mut self, instant: i64) {
        let elapsed = instant - self.now;
        if elapsed > 0 {
            self.step(&Action::Tick { elapsed: Span(elapsed) });
            self.now = instant;
        }
    }

    fn backoff(&self) -> Span<i64> {
        self.options.backoff(self.seen().attempt)
    }

    fn elapse(&mut self, timeout_type: TimeoutType) {
        // Schedule-to-close goes first where it is over.
        let over = self.seen().deadlines.schedule_to_close.is_some_and(|it| {
            self.seen().deadlines.of(timeout_type).is_some_and(|other| it < other)
        });
        let timeout_type = if over { TimeoutType::ScheduleToClose } else { timeout_type };
        let backoff = self.backoff();
        self.step(&Action::Elapses { timeout_type, backoff });
    }

    /// A worker takes the task, unless schedule-to-close is over before.
    fn poll(&mut self, random: &mut Random) -> bool {
        let Phase::Scheduled { dispatch_time, .. } = self.seen().phase else {
            panic!("it waits");
        };
        let late = random.of(&[0, 0, 3, 40, 700]);
        let start = dispatch_time.0.max(self.now) + late;
        if let Some(deadline) = self.seen().deadlines.schedule_to_close
            && deadline.0 <= start
        {
            self.until(deadline.0);
            self.elapse(TimeoutType::ScheduleToClose);
            return false;
        }
        self.until(start);
        let dispatched = TaskToken(self.seen().attempt);
        let (request_id, identity) = (RequestId(1), ());
        let request = Request::RecordActivityTaskStarted { request_id, dispatched, identity };
        self.step(&Action::Call(request));
        self.started = Some(self.now);
        true
    }

    fn fail(&mut self, retry: Retryability) {
        self.step(&Action::Call(Request::RespondActivityTaskFailed {
            target: Target::ById,
            failure: (),
            retry,
            last_heartbeat_details: None,
            identity: (),
        }));
    }

    fn heartbeat(&mut self) {
        let (target, details) = (Target::ById, ());
        self.step(&Action::Call(Request::RecordActivityTaskHeartbeat { target, details }));
    }

    /// The attempt that runs ends in this way.
    fn ends_by(&mut self, way: Way, random: &mut Random) {
        let start = self.started.expect("it runs");
        let late = random.of(&[0, 0, 0, 4, 300]);
        match way {
            Way::Failed => {
                let most = self.terms.start_to_close_timeout.0 - 1;
                let silent = self.terms.heartbeat_timeout.map_or(most, |it| it.0 - 1);
                self.until(start + random.between(0, silent.min(most)));
                self.fail(Retryability::After(self.backoff()));
            }
            Way::StartToClose => {
                let deadline = start + self.terms.start_to_close_timeout.0;
                while let Some(silent) = self.terms.heartbeat_timeout
                    && self.seen().deadlines.heartbeat.is_some_and(|it| it.0 <= deadline)
                {
                    self.until((self.now + silent.0 - 1).min(deadline - 1));
                    self.heartbeat();
                }
                self.until(deadline + late);
                self.elapse(TimeoutType::StartToClose);
            }
            Way::Heartbeat => {
                if random.one_in(2) {
                    self.until(start + 1);
                    self.heartbeat();
                }
                let deadline = self.seen().deadlines.heartbeat.expect("there is a timeout");
                self.until(deadline.0 + late);
                self.elapse(TimeoutType::Heartbeat);
            }
        }
    }

    fn ways(&self) -> Vec<Way> {
        let silent = self.terms.heartbeat_timeout.is_some();
        Way::ALL.into_iter().filter(|way| *way != Way::Heartbeat || silent).collect()
    }

    /// One more attempt ends, and is retried unless there is no time.
    fn hide_one(&mut self, random: &mut Random) {
        if !self.poll(random) {
            return;
        }
        let start = self.started.expect("it runs");
        let way = random.of(&self.ways());
        let is_elapsed = way != Way::Failed;
        self.ends_by(way, random);
        let end = self.now;
        if !self.seen().is_closed() {
            self.hidden.push(Truth { way, start, end });
            self.started = None;
            self.last = Some(way);
        }
        assert!(is_elapsed || self.now >= start);
    }

    fn ask(&mut self, random: &mut Random) {
        self.until(self.now + random.between(0, 50));
        let (request_id, identity, reason) = (RequestId(2), (), ());
        let request = Request::RequestCancelActivityExecution { request_id, identity, reason };
        self.step(&Action::Call(request));
        self.asked = Some(self.now);
    }

    fn end(&mut self, ending: Ending, random: &mut Random) {
        match ending {
            Ending::Open => {}
            Ending::CanceledWhileItWaits => self.ask(random),
            Ending::ScheduleToStart => {
                let deadline = self.seen().deadlines.schedule_to_start.expect("there is one");
                self.until(deadline.0 + random.of(&[0, 5, 100]));
                self.elapse(TimeoutType::ScheduleToStart);
            }
            Ending::GivenUp => {
                // Attempts go on until there is no time for another.
                while !self.seen().is_closed() && self.hidden.len() < 50 {
                    self.hide_one(random);
                }
            }
            Ending::Completed => {
                assert!(self.poll(random), "nothing else bounds it");
                self.until(self.now + random.between(0, 300));
                let (target, result, identity) = (Target::ById, (), ());
                let request = Request::RespondActivityTaskCompleted { target, result, identity };
                self.step(&Action::Call(request));
            }
            Ending::NotRetryable => {
                assert!(self.poll(random), "nothing else bounds it");
                self.fail(Retryability::NonRetryable);
            }
            Ending::MaximumAttempts => {
                assert!(self.poll(random), "nothing else bounds it");
                self.ends_by(Way::Failed, random);
            }
            Ending::StartToClose => {
                assert!(self.poll(random), "nothing else bounds it");
                self.ends_by(Way::StartToClose, random);
            }
            Ending::Heartbeat => {
                assert!(self.poll(random), "nothing else bounds it");
                if self.terms.maximum_attempts.is_none() {
                    self.ask(random);
                }
                self.ends_by(Way::Heartbeat, random);
            }
            Ending::CanceledByWorker => {
                assert!(self.poll(random), "nothing else bounds it");
                self.ask(random);
                let (target, details) = (Target::ById, ());
                let request = Request::RespondActivityTaskCanceled { target, details };
                self.step(&Action::Call(request));
            }
            Ending::FailedAfterTheRequest => {
                assert!(self.poll(random), "nothing else bounds it");
                self.ask(random);
                self.fail(Retryability::After(self.backoff()));
            }
        }
    }

    /// What a server would record.
    fn written(self, ending: Ending) -> Written {
        let seen = self.seen();
        let mut events = vec![
            json!({ "eventId": 1, "eventTime": time(0), "workflowExecutionStartedEventAttributes": {} }),
            json!({ "eventId": 2, "eventTime": time(0), "workflowTaskScheduledEventAttributes": {} }),
            json!({ "eventId": 3, "eventTime": time(0), "workflowTaskStartedEventAttributes": {} }),
            json!({ "eventId": 4, "eventTime": time(0), "workflowTaskCompletedEventAttributes": {} }),
            json!({ "eventId": 5, "eventTime": time(0),
                "activityTaskScheduledEventAttributes": self.attributes() }),
        ];
        let mut add = |at: i64, key: &str, attributes: Value| {
            let id = events.len() + 1;
            let mut event = json!({ "eventId": id, "eventTime": time(at) });
            event[key] = attributes;
            events.push(event);
            id
        };
        let asked = self.asked.map(|asked| {
            let attributes = json!({ "scheduledEventId": 5, "workflowTaskCompletedEventId": 4 });
            add(asked, "activityTaskCancelRequestedEventAttributes", attributes)
        });
        let failure = self.last.map(failure);
        if let Phase::Closed { outcome, .. } = &seen.phase {
            let started = self.started.map(|started| {
                add(
                    started,
                    "activityTaskStartedEventAttributes",
                    json!({
                        "scheduledEventId": 5, "attempt": seen.attempt.0, "requestId": "r",
                        "identity": "w", "lastFailure": failure,
                    }),
                )
            });
            let (key, mut attributes) = closed(outcome, failure.as_ref());
            attributes["scheduledEventId"] = json!("5");
            attributes["startedEventId"] = json!(started.unwrap_or(0));
            if let Some(asked) = asked {
                attributes["latestCancelRequestedEventId"] = json!(asked);
            }
            add(self.now, key, attributes);
        } else {
            add(self.now, "workflowExecutionSignaledEventAttributes", json!({}));
        }
        Written { history: json!({ "events": events }), hidden: self.hidden, ending }
    }

    fn attributes(&self) -> Value {
        let options = &self.options;
        let optional = |span: Option<Span>| seconds(span.map_or(0, |span| span.0));
        let policy = options.retry_policy();
        json!({
            "activityId": "a",
            "activityType": { "name": "Work" },
            "workflowTaskCompletedEventId": "4",
            "startToCloseTimeout": seconds(options.start_to_close_timeout().0),
            "scheduleToCloseTimeout": optional(options.schedule_to_close_timeout()),
            "scheduleToStartTimeout": optional(options.schedule_to_start_timeout()),
            "heartbeatTimeout": optional(options.heartbeat_timeout()),
            "retryPolicy": {
                "initialInterval": seconds(policy.initial_interval().0),
                "backoffCoefficient": policy.backoff_coefficient(),
                "maximumInterval": seconds(policy.maximum_interval().0),
                "maximumAttempts": policy.maximum_attempts(),
            },
        })
    }
}

fn failure(way: Way) -> Value {
    match way {
        Way::Failed => json!({
            "message": "boom",
            "applicationFailureInfo": { "type": "Transient" },
        }),
        Way::StartToClose => timeout("StartToClose", "START_TO_CLOSE"),
        Way::Heartbeat => timeout("Heartbeat", "HEARTBEAT"),
    }
}

fn timeout(name: &str, word: &str) -> Value {
    json!({
        "message": format!("activity {name} timeout"),
        "timeoutFailureInfo": { "timeoutType": format!("TIMEOUT_TYPE_{word}") },
    })
}

fn closed(outcome: &Outcome<()>, last: Option<&Value>) -> (&'static str, Value) {
    let state = |retry_state: RetryState| match retry_state {
        RetryState::CancelRequested => "RETRY_STATE_CANCEL_REQUESTED",
        RetryState::NonRetryableFailure => "RETRY_STATE_NON_RETRYABLE_FAILURE",
        RetryState::MaximumAttemptsReached => "RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED",
        RetryState::Timeout => "RETRY_STATE_TIMEOUT",
    };
    match outcome {
        Outcome::Completed { .. } => ("activityTaskCompletedEventAttributes", json!({})),
        Outcome::Failed { retry_state, .. } => {
            let mut failure = failure(Way::Failed);
            if *retry_state == RetryState::NonRetryableFailure {
                failure["applicationFailureInfo"]["nonRetryable"] = json!(true);
            }
            let attributes = json!({ "failure": failure, "retryState": state(*retry_state) });
            ("activityTaskFailedEventAttributes", attributes)
        }
        Outcome::Canceled { .. } => ("activityTaskCanceledEventAttributes", json!({})),
        Outcome::TimedOut { timeout_type, retry_state, .. } => {
            let mut failure = match timeout_type {
                TimeoutType::ScheduleToStart => timeout("ScheduleToStart", "SCHEDULE_TO_START"),
                TimeoutType::ScheduleToClose => timeout("ScheduleToClose", "SCHEDULE_TO_CLOSE"),
                TimeoutType::StartToClose => timeout("StartToClose", "START_TO_CLOSE"),
                TimeoutType::Heartbeat => timeout("Heartbeat", "HEARTBEAT"),
            };
            if *timeout_type == TimeoutType::ScheduleToClose && *retry_state == RetryState::Timeout
            {
                failure["message"] = json!(
                    "Not enough time to schedule next retry before activity ScheduleToClose \
                     timeout, giving up retrying"
                );
            }
            failure["cause"] = json!(last);
            let attributes = json!({ "failure": failure, "retryState": state(*retry_state) });
            ("activityTaskTimedOutEventAttributes", attributes)
        }
        Outcome::Terminated { .. } => panic!("nobody terminates an activity of a workflow"),
    }
}

fn seconds(milliseconds: i64) -> String {
    format!("{}.{:03}s", milliseconds / 1_000, milliseconds % 1_000)
}

/// Nanoseconds since 1970, of a scheduling in 2023.
fn time(milliseconds: i64) -> Value {
    json!(1_700_000_000_000_000_000 + milliseconds * 1_000_000)
}
