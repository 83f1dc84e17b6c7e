//! Activity Executions in Temporal's sense that can be trusted.
//!
//! An *activity execution* is the chain of attempts to run one function reliably. This library is
//! its state machine: pure, without a clock, without I/O, without async, without dependencies.
//!
//! # The run loop
//!
//! Time first: whatever is due at `now` is settled before a request is considered.
//! [`settle`](ActivityExecution::settle), then [`call`](ActivityExecution::call), make the events
//! durable, and only then give the answer away. The state is never stored: folding the log gives it
//! back.
//!
//! ```
//! use activity_execution::vocabulary::{
//!     Answer, Attempt, Dialect, Rejection, Reply, Request, RequestId, Span, Target, TaskToken, ExecutionOptions,
//!     Timestamp,
//! };
//! use activity_execution::{Accepted, ActivityExecution, ActivityExecutionStatus, Event, Payload};
//!
//! const TERMS: ExecutionOptions = ExecutionOptions {
//!     dialect: Dialect::Standalone,
//!     maximum_attempts: Some(Attempt(3)),
//!     schedule_to_close_timeout: None,
//!     schedule_to_start_timeout: None,
//!     start_to_close_timeout: Span(10_000),
//!     heartbeat_timeout: None,
//!     start_delay: Span(0),
//!     retries_start_to_close: true,
//!     retries_heartbeat: true,
//! };
//! const BACKOFF: Span = Span(1_000); // a retry policy computes it from the attempt
//!
//! fn call(
//!     execution: &mut ActivityExecution,
//!     log: &mut Vec<Event>,
//!     now: Timestamp,
//!     request: &Request,
//! ) -> Reply {
//!     execution.settle(&TERMS, now, |_attempt| BACKOFF, |event| log.push(event));
//!     let Accepted { event, answer } = execution.call(&TERMS, now, request)?;
//!     log.extend(event); // durable from here on
//!     Ok(answer)
//! }
//!
//! let (start, request_id) = (Timestamp(0), RequestId(1));
//! let mut log = vec![Event::scheduled(&TERMS, start, request_id)];
//! let mut execution = ActivityExecution::new(&TERMS, start, request_id);
//!
//! let poll = |attempt| Request::RecordActivityTaskStarted {
//!     request_id: RequestId(2),
//!     dispatched: TaskToken(Attempt(attempt)),
//!     identity: Payload::data("worker"),
//! };
//! let complete = |attempt| Request::RespondActivityTaskCompleted {
//!     target: Target::Token(TaskToken(Attempt(attempt))),
//!     result: Payload::data("result"),
//!     identity: Payload::data("worker"),
//! };
//! call(&mut execution, &mut log, Timestamp(5), &poll(1))?;
//!
//! // The worker is silent until the attempt has timed out; its late report is refused.
//! let late = call(&mut execution, &mut log, Timestamp(10_005), &complete(1));
//! assert_eq!(late, Err(Rejection::NotFound));
//!
//! // The next attempt waits its backoff, and then it is another worker's turn.
//! let early = call(&mut execution, &mut log, Timestamp(11_004), &poll(2));
//! assert_eq!(early, Err(Rejection::ObsoleteTask));
//! call(&mut execution, &mut log, Timestamp(11_005), &poll(2))?;
//! let done = call(&mut execution, &mut log, Timestamp(12_000), &complete(2))?;
//! assert_eq!(done, Answer::Done);
//! assert_eq!(execution.status(), ActivityExecutionStatus::Completed);
//!
//! assert_eq!(ActivityExecution::recover(&log), Some(execution));
//! # Ok::<(), Rejection>(())
//! ```
#![no_std]

extern crate alloc;

pub mod caller;
mod execution;
pub mod history;
pub mod options;
mod payload;
pub mod promises;
pub mod vocabulary;
pub mod wheel;
pub mod worker;

pub use execution::{
    Accepted, ActivityExecution, ClosedBy, Deadline, Description, Event, Intent, RescheduledBy,
    State, WorkflowView,
};
pub use options::{ActivityOptions, RetryPolicy};
pub use payload::{Content, Failure, FailureInfo, Payload};
pub use vocabulary::{ActivityExecutionStatus, PendingActivityState};
pub use wheel::Wheel;
