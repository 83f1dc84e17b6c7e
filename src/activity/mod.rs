//! An activity execution that owns its options: what a driver calls, and what it has to make
//! durable. Has no clock and no store; whatever is decided here, the core decides.
//!
//! ```text
//!            call(now, call)                     ┌────────────── Activity ──────────────┐
//!  caller ───────────────────────► driver ──────►│ settle time  (backoff of the options) │
//!     ▲                              │           │ admit        (ids, kind of failure)   │
//!     │                              │           │ decide, apply ──► ActivityExecution   │
//!     │        reply, last of all    │◄──────────│ derive the next deadline, once        │
//!     └──────────────────────────────┤  Called   └───────────────────────────────────────┘
//!                                    ▼ events, reply
//!                                  store
//! ```

mod call;
mod door;
mod events;
mod recover;
mod request_id;
mod snapshot;
mod timers;
mod worker;

pub use call::Call;
pub use events::{ActivityEvent, Called, Events};
pub use request_id::RequestIdText;
pub use snapshot::{InvalidSnapshot, Snapshot};
pub use timers::Timers;

use crate::Payload;
use crate::execution::{ActivityExecution, Deadline, Description, Event, State};
use crate::options::ActivityOptions;
use crate::vocabulary::{
    ActivityExecutionStatus, Answer, Attempt, ExecutionOptions, Observation, Outcome,
    PendingActivityState, RequestId, TaskToken, Timestamp,
};
use alloc::sync::Arc;
use door::{HELD, RequestIds};

/// One activity execution with its options: start it, call it, let time pass.
///
/// Nobody who uses it can forget to settle time before a call, to compute the backoff of this very
/// attempt, or to find out whether a failure is retried. Every change comes out as events, which
/// are to be made durable before anybody is answered; [`recover`](Self::recover) folds them again.
///
/// Time never goes back: an instant before the newest that the execution has recorded counts as
/// that one. Before the year 1000 and after the year 9000 it stands still.
///
/// ```
/// use activity_execution::{Activity, ActivityOptions, Answer, Call, RequestIdText};
/// use activity_execution::vocabulary::Timestamp;
/// use core::time::Duration;
///
/// let options = ActivityOptions::builder()
///     .start_to_close_timeout(Duration::from_secs(60))
///     .heartbeat_timeout(Duration::from_secs(5))
///     .build()?;
/// let (mut activity, scheduled) = Activity::start(options, Timestamp(0), "start");
/// let token = activity.dispatchable(Timestamp(0)).expect("there is no start delay");
/// let started = activity.call(Timestamp(10), Call::poll("poll", token, "worker"));
/// assert_eq!(activity.next_wakeup(), Some(Timestamp(5_010)));
///
/// let asked = activity.call(Timestamp(20), Call::request_cancel("cancel", "client", "too slow"));
/// let heartbeat = activity.call(Timestamp(30), Call::heartbeat(token, "42 of 100"));
/// assert_eq!(heartbeat.reply?, Answer::Recorded { cancel_requested: true });
/// assert_eq!(activity.next_wakeup(), Some(Timestamp(5_030)));
/// # let _ = (scheduled, started, asked);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Activity {
    options: Arc<ActivityOptions>,
    execution: ActivityExecution,
    ids: RequestIds,
    // INVARIANT: what the execution and its options say; kept so that it is derived once a call.
    deadline: Option<Deadline>,
}

impl Activity {
    /// Starts an activity at `now`; the event is to be made durable, with the options.
    ///
    /// Options can be shared by many activities: give each a clone of the same [`Arc`].
    #[must_use = "the event is to be made durable, with the options"]
    pub fn start(
        options: impl Into<Arc<ActivityOptions>>,
        now: Timestamp,
        request_id: impl Into<RequestIdText>,
    ) -> (Self, ActivityEvent) {
        let (options, request_id) = (options.into(), request_id.into());
        let now = now.clamp(FIRST, LAST);
        let event = Event::scheduled(options.execution_options(), now, HELD);
        let execution = ActivityExecution::new(options.execution_options(), now, HELD);
        let event = event.with_request_id(|_| request_id.clone());
        (Self::of(options, execution, RequestIds::new(request_id)), event)
    }

    fn of(options: Arc<ActivityOptions>, execution: ActivityExecution, ids: RequestIds) -> Self {
        let deadline = execution.deadline(options.execution_options());
        Activity { options, execution, ids, deadline }
    }

    /// Carries out a call at `now`, after everything that is due by then.
    ///
    /// The events are to be made durable, also those of a call that is refused; then, and only
    /// then, the caller is told the reply. If they cannot be made durable, nobody is told
    /// anything, and the activity is what [`recover`](Self::recover) makes of the log.
    #[inline]
    pub fn call(&mut self, now: Timestamp, call: Call) -> Called {
        let now = self.at_or_after_the_last(now);
        // Made where it is returned, for it is large.
        let mut called = Called { events: Events::new(), reply: Ok(Answer::Done) };
        if self.is_due(now) {
            self.settle(now, &mut called.events);
        }
        let (request, sent) = self.admit(call);
        let terms = self.options.execution_options();
        let (ids, events, mut changed) = (&mut self.ids, &mut called.events, false);
        called.reply = self.execution.call_and_record(terms, now, &request, |event| {
            let sent = |_: RequestId| sent.expect("an event tells the id of its request");
            let event = event.with_request_id(sent);
            ids.keep(&event);
            events.push(event);
            changed = true;
        });
        if changed {
            self.deadline = self.execution.deadline(terms);
        }
        called
    }

    /// Lets everything take effect that is due at `now`.
    ///
    /// To call it early, late or twice is harmless: what is due takes effect before the next call
    /// in any case.
    #[inline]
    pub fn advance(&mut self, now: Timestamp) -> Events {
        let now = self.at_or_after_the_last(now);
        let mut events = Events::new();
        if self.is_due(now) {
            self.settle(now, &mut events);
        }
        events
    }

    /// When [`advance`](Self::advance) is next to be called: the first deadline.
    ///
    /// That a task waits to be dispatched is not part of it; see
    /// [`dispatch_time`](Self::dispatch_time).
    #[inline]
    #[must_use]
    pub fn next_wakeup(&self) -> Option<Timestamp> {
        self.deadline.map(|deadline| deadline.time)
    }

    /// From when on a worker may take the task, while no worker holds it.
    #[inline]
    #[must_use]
    pub fn dispatch_time(&self) -> Option<Timestamp> {
        match self.execution.state() {
            State::Scheduled { dispatch_time, .. } => Some(*dispatch_time),
            State::Started { .. } | State::Closed { .. } => None,
        }
    }

    /// The task that a worker may take at `now`: what a poll has to name.
    #[must_use]
    pub fn dispatchable(&self, now: Timestamp) -> Option<TaskToken> {
        let dispatch_time = self.dispatch_time()?;
        (dispatch_time <= now).then_some(TaskToken(self.execution.attempt()))
    }

    /// The task that the poll of this request id holds: what a repetition of that poll has to name.
    ///
    /// A poll is repeated when its reply was lost, and [`dispatchable`](Self::dispatchable) no
    /// longer offers its task. `None` if it holds no task, or no longer: it may be given another.
    ///
    /// ```
    /// use activity_execution::{Activity, ActivityOptions, Call, RequestIdText, Timestamp};
    /// use core::time::Duration;
    ///
    /// let options =
    ///     ActivityOptions::builder().start_to_close_timeout(Duration::from_secs(60)).build()?;
    /// let (mut activity, _) = Activity::start(options, Timestamp(0), "start");
    /// let token = activity.dispatchable(Timestamp(0)).expect("there is no start delay");
    /// let first = activity.call(Timestamp(10), Call::poll("poll", token, "worker"));
    ///
    /// let poll = RequestIdText::from("poll");
    /// let held = activity.held_by(&poll).expect("its reply was lost, its task was not");
    /// let again = activity.call(Timestamp(20), Call::poll(&poll, held, "worker"));
    /// assert_eq!(again.reply, first.reply);
    ///
    /// activity.call(Timestamp(30), Call::respond_completed(token, "done", "worker"));
    /// assert_eq!(activity.held_by(&poll), None);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn held_by(&self, poll: &RequestIdText) -> Option<TaskToken> {
        let holds = self.ids.poll.as_ref() == Some(poll);
        holds.then(|| TaskToken(self.execution.attempt()))
    }

    /// The options that it follows.
    #[must_use]
    pub fn options(&self) -> &Arc<ActivityOptions> {
        &self.options
    }

    /// The state machine beneath, in which request ids are numbers.
    #[must_use]
    pub fn execution(&self) -> &ActivityExecution {
        &self.execution
    }

    /// The status of the whole.
    #[must_use]
    pub fn status(&self) -> ActivityExecutionStatus {
        self.execution.status()
    }

    /// What it is doing while it is open; `None` once it is closed.
    #[must_use]
    pub fn run_state(&self) -> Option<PendingActivityState> {
        self.execution.run_state()
    }

    /// The number of the current attempt, or of the last one.
    #[must_use]
    pub fn attempt(&self) -> Attempt {
        self.execution.attempt()
    }

    /// How it ended, if it has.
    #[must_use]
    pub fn outcome(&self) -> Option<&Outcome<Payload>> {
        match self.execution.state() {
            State::Closed { outcome, .. } => Some(outcome),
            State::Scheduled { .. } | State::Started { .. } => None,
        }
    }

    /// What Temporal's Describe shows at `now`.
    #[must_use]
    pub fn describe(&self, now: Timestamp) -> Description {
        self.execution.describe(self.terms(), self.at_or_after_the_last(now))
    }

    /// Everything that an outsider can tell about it at `now`, as the
    /// [promises](crate::promises) see it: request ids are numbers there.
    #[must_use]
    pub fn observe(&self, now: Timestamp) -> Observation {
        self.execution.observe(self.terms(), self.at_or_after_the_last(now))
    }

    fn terms(&self) -> &ExecutionOptions {
        self.options.execution_options()
    }

    #[inline]
    fn at_or_after_the_last(&self, now: Timestamp) -> Timestamp {
        now.min(LAST).max(self.execution.last_recorded_time())
    }

    #[inline]
    fn is_due(&self, now: Timestamp) -> bool {
        self.deadline.is_some_and(|deadline| deadline.time <= now)
    }

    #[cold]
    fn settle(&mut self, now: Timestamp, events: &mut Events) {
        while self.is_due(now) {
            let backoff = self.options.backoff(self.execution.attempt());
            let terms = self.options.execution_options();
            let Some((_, event)) = self.execution.elapse_next(terms, now, backoff) else {
                return;
            };
            let no_request = |_: RequestId| unreachable!("no request makes time pass");
            let event = event.with_request_id(no_request);
            self.ids.keep(&event);
            self.deadline = self.execution.deadline(terms);
            events.push(event);
        }
    }
}

/// The first instant that counts: the beginning of the year 1000.
const FIRST: Timestamp = Timestamp(-30_610_224_000_000);
/// The last instant that counts: the beginning of the year 9000. What a timeout or a backoff adds
/// to it is before the end of the year 9999, the last that is stored.
const LAST: Timestamp = Timestamp(221_845_392_000_000);
