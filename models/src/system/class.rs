//! State canonicalisation: states that no later step can tell apart are given one form. Knows what
//! is dead; must not know what is promised.
//!
//! - Workers are alike: they are put in order, unless they are told apart.
//! - An attempt that the service has given up is answered with "not found", whatever is said for
//!   it: which versions and which result it holds makes no difference, nor which attempt it is.
//! - A closed execution is closed for good: how is of interest to its caller, until it is told.
//! - A function that was told for a reason other than a cancel request behaves alike for all.

use super::bounds::Bounds;
use super::machines::NOW;
use super::payload::SystemPayload;
use super::service;
use super::step::is_over;
use super::world::{Call, Caller, CallerCall, Execution, Process, Said, Task, World};
use activity_execution::caller::WorkflowActivity;
use activity_execution::vocabulary::{Attempt, Outcome, Phase};
use activity_execution::worker::{
    ActivityCancelReason, Cancel, Flushing, HeartbeatDetails, Report, Running, TaskFailure,
};
use rustc_hash::FxHasher;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

impl World {
    /// The state that stands for this one, and whether its workers changed places.
    #[must_use]
    pub fn class(&self, bounds: &Bounds) -> (World, bool) {
        let mut class = *self;
        class.caller = class_of_caller(&self.caller);
        let is_closed = self.is_closed();
        if let Some(execution) = &mut class.service
            && is_closed
        {
            *execution = class_of_closed(execution, &self.caller);
        }
        for process in &mut class.workers {
            let is_stale = !process.polls() && !self.is_current(process.attempt);
            *process = class_of_process(process, is_stale);
        }
        let [first, second] = &class.workers;
        let swapped = !bounds.tells_workers_apart && goes_after(first, second);
        if swapped {
            class.workers.swap(0, 1);
        }
        (class, swapped)
    }
}

fn class_of_caller(caller: &Caller) -> Caller {
    let resolutions = match caller.machine {
        // Nothing reaches whoever is closed.
        WorkflowActivity::CallerClosed => 0,
        WorkflowActivity::Created
        | WorkflowActivity::ScheduleCommandCreated
        | WorkflowActivity::Withdrawn
        | WorkflowActivity::Open { .. }
        | WorkflowActivity::Closed => caller.resolutions,
    };
    let requests = if is_over(caller.machine) { 0 } else { caller.requests };
    Caller { resolutions, requests, ..*caller }
}

fn class_of_closed(execution: &Execution, caller: &Caller) -> Execution {
    let caller_is_over = is_over(caller.machine);
    let mut observation = service::observe(execution);
    observation.attempt = Attempt::first();
    observation.heartbeat_details = SystemPayload::Nothing;
    // A cancel request that is repeated is answered as the one that was accepted.
    if caller.call != Some(CallerCall::RequestCancel) {
        observation.cancel_request = None;
    }
    observation.terminate_request_id = None;
    if let Phase::Closed { outcome, close_time } = &mut observation.phase {
        *close_time = NOW;
        if caller_is_over {
            *outcome = Outcome::Completed { result: SystemPayload::Nothing };
            observation.last_started_time = None;
        } else if let Outcome::Completed { result } = outcome {
            *result = SystemPayload::Result(1);
        }
    }
    Execution::from_observation(&observation)
}

fn class_of_process(process: &Process, is_stale: bool) -> Process {
    let version = |version: u8| if is_stale { version.min(1) } else { version };
    let newest = match process.task {
        Task::Running(_) | Task::Flushing(_) => version(process.newest),
        Task::Absent | Task::Gone { .. } | Task::Reporting | Task::Released => 0,
    };
    Process {
        slots: process.slots,
        task: class_of_task(&process.task, is_stale),
        attempt: if is_stale { 0 } else { process.attempt },
        newest,
        call: process.call.map(|call| if is_stale { stale_call(call) } else { call }),
    }
}

fn stale_call(call: Call) -> Call {
    let said = match call.said {
        Said::Heartbeat { .. } => Said::Heartbeat { details: SystemPayload::Details(1) },
        Said::Completed { .. } | Said::Failed { .. } | Said::Canceled => {
            Said::Completed { result: SystemPayload::Result(0) }
        }
    };
    Call { attempt: 0, said, newest: 0 }
}

fn class_of_task(task: &Task, is_stale: bool) -> Task {
    let details =
        |details: SystemPayload| if is_stale { SystemPayload::Details(1) } else { details };
    match task {
        Task::Running(running) => Task::Running(Running {
            heartbeat_details: match running.heartbeat_details {
                HeartbeatDetails::None => HeartbeatDetails::None,
                HeartbeatDetails::Sent(sent) => HeartbeatDetails::Sent(details(sent)),
                HeartbeatDetails::Buffered(waits) => HeartbeatDetails::Buffered(details(waits)),
            },
            cancel: running.cancel.map(|cancel| match cancel.reason {
                ActivityCancelReason::Cancelled => cancel,
                ActivityCancelReason::NotFound
                | ActivityCancelReason::TimedOut
                | ActivityCancelReason::WorkerShutdown
                | ActivityCancelReason::Paused
                | ActivityCancelReason::Reset
                | ActivityCancelReason::HeartbeatDetailsConversionFailed => {
                    Cancel::worker_shutdown()
                }
            }),
            ..*running
        }),
        Task::Gone { .. } => Task::Gone { cancel: Cancel::not_found() },
        Task::Flushing(flushing) => Task::Flushing(Flushing {
            buffered: flushing.buffered.map(details),
            report: flushing.report.map(|report| class_of_report(report, is_stale)),
            ..*flushing
        }),
        Task::Absent | Task::Reporting | Task::Released => *task,
    }
}

fn class_of_report(report: Report<SystemPayload>, is_stale: bool) -> Report<SystemPayload> {
    match report {
        _ if is_stale => Report::Completed { result: SystemPayload::Result(0) },
        Report::Failed {
            failure: TaskFailure::CancelNotRequested { .. },
            last_heartbeat_details,
        } => Report::Failed {
            failure: TaskFailure::Function { failure: SystemPayload::Failure },
            last_heartbeat_details,
        },
        Report::Failed { failure: TaskFailure::Function { .. }, .. }
        | Report::Completed { .. }
        | Report::Canceled { .. } => report,
    }
}

/// Some order, the same in every run: by what is cheap to compare, then by a hash.
fn goes_after(one: &Process, other: &Process) -> bool {
    let cheap = |it: &Process| (it.attempt, it.newest, it.call, it.slots.outstanding);
    let hash = |process: &Process| {
        let mut hasher = FxHasher::default();
        process.hash(&mut hasher);
        hasher.finish()
    };
    match cheap(one).cmp(&cheap(other)) {
        Ordering::Less => false,
        Ordering::Greater => true,
        Ordering::Equal if one == other => false,
        Ordering::Equal => match hash(one).cmp(&hash(other)) {
            Ordering::Less => false,
            Ordering::Greater => true,
            Ordering::Equal => format!("{one:?}") > format!("{other:?}"),
        },
    }
}
