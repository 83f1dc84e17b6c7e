//! Whether the core takes heartbeats that come late, for tests of what is said about them.

use activity_execution::vocabulary::{Attempt, Request, RequestId, Target, TaskToken, Timestamp};
use activity_execution::{ActivityExecution, ActivityOptions};

/// Whether the first attempt, started at zero, still takes a heartbeat at each of these instants.
pub(crate) fn are_taken(options: &ActivityOptions, instants: [i64; 2]) -> bool {
    let terms = options.terms();
    let backoff = |attempt: Attempt<i64>| options.backoff(attempt);
    let mut execution: ActivityExecution<i64, ()> =
        ActivityExecution::new(&terms, Timestamp(0), RequestId(0));
    let dispatched = TaskToken(Attempt(1));
    let request_id = RequestId(1);
    let poll = Request::RecordActivityTaskStarted { request_id, dispatched, identity: () };
    execution.call(&terms, Timestamp(0), &poll).expect("the task waits for a worker");
    let target = Target::Token(dispatched);
    let heartbeat = Request::RecordActivityTaskHeartbeat { target, details: () };
    instants.into_iter().map(Timestamp).all(|at| {
        execution.settle(&terms, at, backoff, |_| {});
        execution.call(&terms, at, &heartbeat).is_ok()
    })
}
