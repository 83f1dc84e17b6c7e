//! What holds of every step of a task on a worker, and of the worker that counts its tasks.
//!
//! Each promise is a predicate over one step, as in [`promises`](crate::promises); the state of the
//! machine is its own observation. What the worker owes but one machine cannot show:
//!
//! | owed | why not here | where |
//! |---|---|---|
//! | a requested cancel reaches a heartbeating function within period, throttle and call | needs the service and its answers; here: details never wait without an alarm or a call, a reply delivers at once | system model |
//! | a local timeout means that the service's deadline has passed | compares two clocks, and fails where an answer is lost or a timeout is extended; here: never before timeout and buffer | system model |
//! | details of a failed attempt are those that the next attempt starts with | two attempts; here: the report carries them | system model |
//! | a canceled report is never refused for want of a request | the request is the service's; here: only a function that was told of one is reported so | system model |
//! | every task that was delivered ends, if its function returns and calls end | liveness; here: phases only advance, each after the return is a call in flight, and a heartbeat call can be given up | ranking |
//! | shutdown ends, if every function returns | liveness; here: what is drained has shut down | ranking |
//! | one result is reported to the service once | a call is repeated until answered, and an answer may be lost | system model |

mod cancellation;
mod heartbeats;
mod phases;
mod results;
mod slots;

use super::{
    Action, ActivityTask, Effect, HeartbeatCall, HeartbeatReply, Promise, Step, TaskTerms,
};
use super::{Worker, WorkerStep, WorkerTerms};
use crate::Payload;
use crate::vocabulary::{Number, Opaque};
use alloc::vec::Vec;

pub use cancellation::*;
pub use heartbeats::*;
pub use phases::*;
pub use results::*;
pub use slots::*;

/// A promise about one task on a worker.
pub type TaskPromise<N = i64, P = Payload> = Promise<TaskTerms<N>, ActivityTask<N, P>, Step<N, P>>;

/// A promise about a worker and its slots.
pub type WorkerPromise<N = i64> = Promise<WorkerTerms<N>, Worker<N>, WorkerStep<N>>;

/// Every promise about one task; those of states first.
#[must_use]
pub fn of_task<N: Number, P: Opaque>() -> Vec<TaskPromise<N, P>> {
    let mut all = phases::of_states();
    all.extend(cancellation::of_states());
    all.extend(heartbeats::of_states());
    all.extend(results::of_states());
    all.extend(phases::of_steps());
    all.extend(cancellation::of_steps());
    all.extend(heartbeats::of_steps());
    all.extend(results::of_steps());
    all
}

/// Every promise about a worker and its slots; those of states first.
#[must_use]
pub fn of_worker<N: Number>() -> Vec<WorkerPromise<N>> {
    let mut all = slots::of_states();
    all.extend(slots::of_steps());
    all
}

/// What the step wants done, if it was accepted.
fn effect<N, P>(step: &Step<N, P>) -> Option<&Effect<P>> {
    step.reply.as_ref().ok()?.as_ref()
}

/// The answer to a heartbeat, if the step is one and was accepted.
fn reply_of<N, P>(step: &Step<N, P>) -> Option<HeartbeatReply> {
    match (&step.action, &step.reply) {
        (Action::HeartbeatReply(reply), Ok(_)) => Some(*reply),
        _ => None,
    }
}

/// Whether a heartbeat call waits for its answer.
fn is_in_flight<N, P>(task: &ActivityTask<N, P>) -> bool {
    match task {
        ActivityTask::Running(running) => matches!(running.call, HeartbeatCall::InFlight { .. }),
        ActivityTask::Flushing(_) => true,
        ActivityTask::Absent
        | ActivityTask::Gone { .. }
        | ActivityTask::Reporting
        | ActivityTask::Released => false,
    }
}
