//! Activity Executions in Temporal's sense that can be trusted.
//!
//! An *activity execution* is the chain of attempts to run one function reliably: scheduled,
//! dispatched to a worker, started, heartbeating, retried by policy, ended by one of four timeouts,
//! cancelled cooperatively, closed exactly once. This library is its state machine: pure, without a
//! clock, without I/O, without async, without dependencies. You bring the clock, the store and the
//! workers.
//!
//! ```
//! use activity_execution::{Activity, ActivityOptions, Call, Rejection, Timestamp};
//! use core::time::Duration;
//!
//! # fn main() -> Result<(), Box<dyn core::error::Error>> {
//! let options = ActivityOptions::builder().start_to_close_timeout(Duration::from_secs(10)).build()?;
//! let (mut activity, scheduled) = Activity::start(options.clone(), Timestamp(0), "start-1");
//! let mut log = vec![scheduled]; // durable from here on, with the options
//! let token = activity.dispatchable(Timestamp(5)).expect("it waits for a worker");
//! log.extend(activity.call(Timestamp(5), Call::poll("poll-1", token, "worker-1")).events);
//! // The worker is silent until its attempt has timed out; its late report is refused.
//! let late = activity.call(Timestamp(10_005), Call::respond_completed(token, "done", "worker-1"));
//! log.extend(late.events); // the timeout: durable also when the call is refused
//! assert_eq!(late.reply, Err(Rejection::NotFound));
//! // The next attempt waits its backoff, one second; then it is another worker's turn.
//! let (now, token) = (Timestamp(11_005), activity.dispatchable(Timestamp(11_005)).expect("again"));
//! log.extend(activity.call(now, Call::poll("poll-2", token, "worker-2")).events);
//! log.extend(activity.call(now, Call::respond_completed(token, "done", "worker-2")).events);
//! assert_eq!(Activity::recover(options, &log)?, activity); // after a crash
//! # Ok(())
//! # }
//! ```
//!
//! # Who needs what
//!
//! | you build | you need |
//! |---|---|
//! | a job queue, an engine, a server | [`Activity`], [`ActivityOptions`], [`Call`]; [`Timers`] to wake up in time; [`Snapshot`] for a table |
//! | a worker, an SDK | [`worker::ActivityTask`]: heartbeats throttled, one cancel at most; [`worker::WorkerSlots`] for its shutdown |
//! | a workflow engine | [`caller::WorkflowActivity`]: what cancelling an activity means, and what comes of it |
//! | a test of your own implementation | [`promises`]: predicates over every step, to hold against what yours does |
//! | a model, a proof | [`ActivityExecution`], the same machine without options, generic over numbers and payloads; [`vocabulary`] |
//!
//! # The driver's obligations
//!
//! The library decides; whoever drives it keeps the order. For each activity:
//!
//! 1. **Start.** [`Activity::start`]. Make the options and the event durable; only then tell the
//!    client that its activity exists.
//! 2. **Call.** [`Activity::call`] with the present. Make the [events](Called::events) durable, in
//!    their order, *also if the call is refused*: time may have caused something first. Only then
//!    tell the caller the [reply](Called::reply). A task is given to a worker by a reply too: the
//!    one to its [poll](Call::poll).
//! 3. **If that fails**, tell nobody anything and drop the activity: what is in memory is ahead of
//!    the store. [`Activity::recover`] gives back what was durable, and callers repeat their calls
//!    under the same request ids. Reports and heartbeats have none: a report that took effect is
//!    answered `NotFound` when it is repeated, which is the end for its worker.
//! 4. **Timers.** After each step set a timer to [`Activity::next_wakeup`] (nothing else is to be
//!    stored about time). When it fires, [`Activity::advance`], and make the events durable. Late,
//!    early and repeated timers do no harm.
//! 5. **Dispatch.** From [`Activity::dispatch_time`] on a worker may take the task. Offer
//!    [`Activity::dispatchable`] to whoever polls; whether it is still to be had is decided by the
//!    call. A poll that is repeated names the task of [`Activity::held_by`].
//! 6. **Recovery.** After a crash [`Activity::recover`] every activity from its events, or
//!    [`Activity::from_snapshot`] from its row, and set its timer. Nothing else has to be known.
//! 7. **One at a time.** Calls about one activity are made one after the other: `&mut` says so.
//!
//! Instants are [`Timestamp`]s, milliseconds; whatever is shown or stored in a readable form takes
//! the Unix epoch for their origin. Request ids are the caller's: [`RequestIdText`].
//!
//! # Features
//!
//! None is on by default, and none changes behaviour.
//!
//! | feature | brings |
//! |---|---|
//! | `serde` | stored forms (the module `stored` says how they look) of options, calls, events, answers, descriptions and snapshots |
//! | `std` | conversions from and to `std::time::SystemTime` |
//! | `jiff` | conversions from and to jiff's `Timestamp` and `SignedDuration` |
//!
//! # Versions
//!
//! The minimum supported Rust version is the `rust-version` of the manifest, and raising it is a
//! minor version. Versions follow semver: what is public is promised, but for what is
//! `#[doc(hidden)]`; enums whose alphabet will grow are `#[non_exhaustive]`. Stored forms carry a
//! schema version of their own, and old ones go on being read.
#![no_std]

extern crate alloc;

#[cfg(feature = "std")]
extern crate std;

mod activity;
pub mod caller;
mod conversions;
mod display;
mod execution;
pub mod history;
pub mod options;
mod payload;
pub mod promises;
#[cfg(feature = "serde")]
pub mod stored;
pub mod vocabulary;
pub mod wheel;
pub mod worker;

pub use activity::{
    Activity, ActivityEvent, Call, Called, Events, InvalidSnapshot, RequestIdText, Snapshot, Timers,
};
pub use conversions::OutOfRange;
pub use display::ParseTimestampError;
pub use execution::{
    Accepted, ActivityExecution, CannotFollow, ClosedBy, Corruption, Deadline, Description, Event,
    Intent, RecoveryError, RescheduledBy, State, WorkflowView,
};
pub use options::{ActivityOptions, RetryPolicy};
pub use payload::{Content, Failure, FailureInfo, Payload};
pub use vocabulary::{
    ActivityExecutionStatus, Answer, Attempt, Dialect, IdConflictPolicy, Outcome,
    PendingActivityState, Rejection, Reply, RetryState, Span, Target, TaskToken, TimeoutType,
    Timestamp,
};
pub use wheel::Wheel;
