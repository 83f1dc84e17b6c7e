//! The state of the system: one caller, one service with its queue, two workers, calls under way.
//! Knows who holds what; does not know what may happen.

use super::bounds::{STRAY_ROOM, WORKERS};
use super::payload::{AbstractNumber, SystemPayload};
use activity_execution::ActivityExecution;
use activity_execution::caller::WorkflowActivity;
use activity_execution::worker::{ActivityTask, WorkerSlots};

/// The service's machine in this model.
pub type Execution = ActivityExecution<AbstractNumber, SystemPayload>;
/// The worker's machine for a task in this model.
pub type Task = ActivityTask<AbstractNumber, SystemPayload>;
/// The worker's machine for its slots in this model.
pub type Slots = WorkerSlots<AbstractNumber>;

/// Everything there is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct World {
    /// Whose activity it is; an index into [`CALLERS`](super::bounds::CALLERS).
    pub terms: u8,
    /// The caller.
    pub caller: Caller,
    /// The execution, once the service has it.
    pub service: Option<Execution>,
    /// The task of the current attempt, on its way to a worker.
    pub queue: Queue,
    /// The workers, each with one slot.
    pub workers: [Process; WORKERS],
    /// Calls under way whose answer nobody waits for, in order.
    pub strays: [Option<Call>; STRAY_ROOM],
    /// Whether somebody holds the token of the current attempt to complete it asynchronously.
    pub asynchronous: bool,
}

/// The caller's side.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Caller {
    /// Its machine.
    pub machine: WorkflowActivity,
    /// The call under way; while there is one, a workflow task is, and history waits.
    pub call: Option<CallerCall>,
    /// How often the workflow was told what came of the activity.
    pub resolutions: u8,
    /// How many cancel requests were made.
    pub requests: u8,
}

/// What a caller asks the service for.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum CallerCall {
    /// To start the execution.
    Start,
    /// To cancel it.
    RequestCancel,
}

/// Where the task of the current attempt is, while no worker has it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Queue {
    /// Nowhere: not dispatched yet, taken, or lost.
    Empty,
    /// It waits for a worker.
    Waiting,
    /// The service considers it started, but whoever polled did not hear of it and will ask again.
    Unanswered,
}

/// One worker: a process with one slot.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Process {
    /// What its slot is used for.
    pub slots: Slots,
    /// Its task; absent while it polls.
    pub task: Task,
    /// The attempt whose task it has; none while it polls.
    pub attempt: u8,
    /// The newest details that its function recorded in this attempt.
    pub newest: u8,
    /// The call whose answer it waits for.
    pub call: Option<Call>,
}

/// A worker's call to the service.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Call {
    /// The attempt that its token is for.
    pub attempt: u8,
    /// What it says.
    pub said: Said,
    /// The newest details that the function had recorded; not part of the call, but the truth.
    pub newest: u8,
}

/// What a worker says to the service.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Said {
    /// `RecordActivityTaskHeartbeat`.
    Heartbeat {
        /// Which version.
        details: SystemPayload,
    },
    /// `RespondActivityTaskCompleted`.
    Completed {
        /// What the function returned.
        result: SystemPayload,
    },
    /// `RespondActivityTaskFailed`.
    Failed {
        /// Whether it may be retried.
        retryable: bool,
        /// The details that travel with the failure.
        details: Option<SystemPayload>,
    },
    /// `RespondActivityTaskCanceled`.
    Canceled,
}

impl Process {
    /// A worker that polls.
    #[must_use]
    pub fn polling() -> Self {
        let slots = Slots { polling: AbstractNumber(1), ..Slots::new() };
        Process { slots, task: Task::Absent, attempt: 0, newest: 0, call: None }
    }

    /// Whether it polls.
    #[must_use]
    pub fn polls(&self) -> bool {
        self.task == Task::Absent
    }
}

impl World {
    /// Where everything begins: nothing has happened, and both workers poll.
    #[must_use]
    pub fn initial(terms: u8) -> Self {
        let machine = WorkflowActivity::Created;
        World {
            terms,
            caller: Caller { machine, call: None, resolutions: 0, requests: 0 },
            service: None,
            queue: Queue::Empty,
            workers: [Process::polling(); WORKERS],
            strays: [None; STRAY_ROOM],
            asynchronous: false,
        }
    }
}

impl Said {
    /// Whether it reports a result.
    #[must_use]
    pub fn is_result(self) -> bool {
        match self {
            Said::Heartbeat { .. } => false,
            Said::Completed { .. } | Said::Failed { .. } | Said::Canceled => true,
        }
    }
}
