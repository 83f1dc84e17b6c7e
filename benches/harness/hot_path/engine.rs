//! The smallest engine over the core: a slab of open executions, one timer for each.
//!
//! A timer holds the next instant at which its execution has something to say: its earliest derived
//! deadline or, while an attempt waits out its backoff, the dispatch of its task. Nothing is made
//! durable here, and a poll is always waiting.

use std::time::Duration;

use activity_execution::vocabulary::{
    Answer, ExecutionOptions, Request, RequestId, TaskToken, TimeoutType, Timestamp,
};
use activity_execution::{Accepted, ActivityExecution, ActivityOptions, Payload, State};

use super::super::Timers;

/// Open executions by dense key, and their timers.
pub(super) struct Engine<T> {
    pub(super) timers: T,
    pub(super) slots: Vec<Slot>,
    /// Every task that a worker has taken, until somebody looks.
    pub(super) taken: Vec<(u32, TaskToken)>,
    /// How many attempts ran into their heartbeat timeout.
    pub(super) timed_out: u64,
    kinds: Vec<Kind>,
    now: u64,
    expired: Vec<u32>,
    requests: u32,
    identity: Payload,
}

/// An open execution; its terms are shared with all of its kind. Three cache lines, not four.
#[repr(align(64))]
pub(super) struct Slot {
    execution: ActivityExecution,
    kind: u32,
}

/// Options that many executions have in common.
struct Kind {
    options: ActivityOptions,
    terms: ExecutionOptions,
}

impl<T: Timers> Engine<T> {
    /// `n` executions, each held by a worker.
    pub(super) fn new(n: usize) -> Self {
        let mut engine = Self {
            timers: T::with_keys(n),
            slots: Vec::with_capacity(n),
            taken: Vec::with_capacity(n),
            timed_out: 0,
            kinds: kinds(),
            now: 0,
            expired: Vec::new(),
            requests: 0,
            identity: Payload::data("worker"),
        };
        for key in 0..n as u32 {
            // Three quarters are of the first kind.
            let kind = (key % 16).saturating_sub(12);
            let execution = engine.scheduled(kind);
            engine.slots.push(Slot { execution, kind });
            engine.poll(key);
        }
        engine
    }

    /// Lets the clock go on, a millisecond at a time, and settles what is due.
    #[inline]
    pub(super) fn advance(&mut self, now: u64) {
        while self.now < now {
            self.now += 1;
            self.timers.advance(self.now, &mut self.expired);
            if !self.expired.is_empty() {
                self.settle();
            }
        }
    }

    /// What a worker reports about the attempt it holds.
    #[inline]
    pub(super) fn report(&mut self, key: u32, request: &Request) {
        let now = Timestamp(self.now as i64);
        let Slot { execution, kind } = &mut self.slots[key as usize];
        let terms = &self.kinds[*kind as usize].terms;
        let accepted = execution.call(terms, now, request);
        let Ok(Accepted { event: Some(_), .. }) = accepted else {
            unreachable!("the worker holds the attempt, and a report is an event: {accepted:?}");
        };
        match execution.deadline(terms) {
            Some(deadline) => self.timers.set(key, deadline.time.0 as u64),
            None => self.replace(key),
        }
    }

    /// Whether a worker holds the execution.
    pub(super) fn is_started(&self, key: u32) -> bool {
        matches!(self.slots[key as usize].execution.state(), State::Started { .. })
    }

    /// When time alone has something to say about the execution.
    pub(super) fn next_instant(&self, key: u32) -> u64 {
        let Slot { execution, kind } = &self.slots[key as usize];
        let deadline = execution.deadline(&self.kinds[*kind as usize].terms).map(|it| it.time);
        let dispatch = match execution.state() {
            State::Scheduled { dispatch_time, .. } => Some(*dispatch_time),
            State::Started { .. } | State::Closed { .. } => None,
        };
        let next = deadline.into_iter().chain(dispatch).min();
        next.expect("an attempt waits for its dispatch, or can time out").0 as u64
    }

    pub(super) fn now(&self) -> u64 {
        self.now
    }

    #[cold]
    fn settle(&mut self) {
        let mut expired = std::mem::take(&mut self.expired);
        for key in expired.drain(..) {
            self.expire(key);
        }
        self.expired = expired;
    }

    /// A timer has fired: an attempt has timed out, or a task can be dispatched.
    fn expire(&mut self, key: u32) {
        let now = Timestamp(self.now as i64);
        let Slot { execution, kind } = &mut self.slots[key as usize];
        let Kind { options, terms } = &self.kinds[*kind as usize];
        if let State::Scheduled { dispatch_time, .. } = execution.state() {
            assert_eq!(*dispatch_time, now, "the task is dispatched in time");
            return self.poll(key);
        }
        let due = execution.deadline(terms).map(|deadline| deadline.time);
        assert_eq!(due, Some(now), "a timer fires at the deadline, neither late nor early");
        let backoff = options.backoff(execution.attempt());
        let (timeout_type, _) = execution.elapse_next(terms, now, backoff).expect("it is due");
        assert_eq!(timeout_type, TimeoutType::Heartbeat, "no worker lives until another timeout");
        self.timed_out += 1;
        self.timers.set(key, self.next_instant(key));
    }

    /// A worker takes the task.
    fn poll(&mut self, key: u32) {
        let request_id = self.request_id();
        let Slot { execution, kind } = &mut self.slots[key as usize];
        let terms = &self.kinds[*kind as usize].terms;
        let (token, identity) = (TaskToken(execution.attempt()), self.identity.clone());
        let request =
            Request::RecordActivityTaskStarted { request_id, dispatched: token, identity };
        let now = Timestamp(self.now as i64);
        let Ok(Accepted { event: Some(_), answer: Answer::Task { token, .. } }) =
            execution.call(terms, now, &request)
        else {
            unreachable!("the task is dispatched, nobody else has it, and the answer is a task");
        };
        self.taken.push((key, token));
        self.timers.set(key, self.next_instant(key));
    }

    /// The execution is closed: another one takes its place.
    #[cold]
    fn replace(&mut self, key: u32) {
        self.timers.clear(key);
        self.slots[key as usize].execution = self.scheduled(self.slots[key as usize].kind);
        self.poll(key);
    }

    fn scheduled(&mut self, kind: u32) -> ActivityExecution {
        let request_id = self.request_id();
        let terms = &self.kinds[kind as usize].terms;
        ActivityExecution::new(terms, Timestamp(self.now as i64), request_id)
    }

    fn request_id(&mut self) -> RequestId {
        self.requests = self.requests.wrapping_add(1);
        RequestId(self.requests)
    }
}

/// A few, as an installation has them; unlimited attempts, with Temporal's backoff.
fn kinds() -> Vec<Kind> {
    let kind = |heartbeat, start_to_close, schedule_to_close: Option<u64>| {
        let mut options = ActivityOptions::builder()
            .heartbeat_timeout(Duration::from_secs(heartbeat))
            .start_to_close_timeout(Duration::from_secs(start_to_close));
        if let Some(timeout) = schedule_to_close {
            options = options.schedule_to_close_timeout(Duration::from_secs(timeout));
        }
        let options = options.build().expect("the options are valid");
        Kind { terms: options.terms(), options }
    };
    vec![
        kind(30, HOUR, Some(24 * HOUR)),
        kind(30, HOUR, None),
        kind(10, HOUR, Some(24 * HOUR)),
        kind(60, 2 * HOUR, Some(7 * 24 * HOUR)),
    ]
}

/// In seconds.
const HOUR: u64 = 3_600;
