//! The promises of the worker: predicates over every step of a task and of the slots.
//!
//! Each promise is a predicate over one step, as in [`promises`](crate::promises); the state of the
//! machine is its own observation. What the worker owes but one machine cannot show:
//!
//! | owed | why not here | where |
//! |---|---|---|
//! | a cancel request reaches whoever heartbeats (1) | needs the service's answers | system |
//! | a local timeout comes after the service's (2) | compares two machines | system |
//! | the next attempt starts with the newest details (3) | two attempts | system |
//! | a canceled report is never refused (4) | the request is the service's | system |
//! | a result has its effect once | a call is repeated, an answer lost | system |
//! | a delivered task ends (5) | liveness | ranking |
//! | a shutdown ends, if every function returns (6) | liveness | ranking |
//!
//! What is here of each: (1) an answer is delivered at once, and details never wait without a call
//! or an alarm; (2) no local timeout before timeout and buffer, but where an answer was lost, or
//! the timeout was extended meanwhile, the service may be later still; (3) a failure carries them;
//! (4) only a function that was told of a request is reported so; (5) phases only advance, each
//! after the return is a call in flight, and a heartbeat call can be given up; (6) a worker without
//! a slot in use has shut down.

mod cancellation;
mod heartbeats;
mod phases;
mod results;
mod slots;

use super::{
    ActivityTask, Effect, HeartbeatCall, HeartbeatReply, TaskAction, TaskOptions, TaskStep,
};
use super::{SlotsStep, WorkerOptions, WorkerSlots};
use crate::Payload;
use crate::promises::Promise;
use crate::vocabulary::{Number, Opaque};
use alloc::vec::Vec;

pub use cancellation::*;
pub use heartbeats::*;
pub use phases::*;
pub use results::*;
pub use slots::*;

/// A promise about one task on a worker.
pub type TaskPromise<N = i64, P = Payload> =
    Promise<TaskOptions<N>, ActivityTask<N, P>, TaskStep<N, P>>;

/// A promise about a worker and its slots.
pub type SlotsPromise<N = i64> = Promise<WorkerOptions<N>, WorkerSlots<N>, SlotsStep<N>>;

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
pub fn of_slots<N: Number>() -> Vec<SlotsPromise<N>> {
    let mut all = slots::of_states();
    all.extend(slots::of_steps());
    all
}

/// What the step wants done, if it was accepted.
fn effect<N, P>(step: &TaskStep<N, P>) -> Option<&Effect<P>> {
    step.reply.as_ref().ok()?.as_ref()
}

/// The answer to a heartbeat, if the step is one and was accepted.
fn reply_of<N, P>(step: &TaskStep<N, P>) -> Option<HeartbeatReply> {
    match (&step.action, &step.reply) {
        (TaskAction::HeartbeatReply(reply), Ok(_)) => Some(*reply),
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
