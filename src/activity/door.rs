//! The door between calls and the core: request ids become numbers, failures are classified.
//! Compares ids; decides nothing.

use super::{Activity, ActivityEvent, Call, RequestIdText};
use crate::execution::{ClosedBy, Event};
use crate::vocabulary::{CancelRequest, Request, RequestId};
use alloc::boxed::Box;

/// The request ids that may still be repeated, as they were sent.
///
/// The core compares a request id with the one of its kind that it holds, and with no other: here
/// it is given [`HELD`] for that one, and for the first of its kind, and [`OTHER`] for another.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct RequestIds {
    pub(super) start: RequestIdText,
    /// INVARIANT: there while a worker holds the task.
    pub(super) poll: Option<RequestIdText>,
    /// Few executions have one.
    pub(super) ending: Option<Box<Ending>>,
}

/// The request ids of whoever wanted the execution to end.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub(super) struct Ending {
    pub(super) cancel: Option<RequestIdText>,
    pub(super) terminate: Option<RequestIdText>,
}

pub(super) const HELD: RequestId = RequestId(0);
const OTHER: RequestId = RequestId(1);

impl RequestIds {
    pub(super) fn new(start: RequestIdText) -> Self {
        RequestIds { start, poll: None, ending: None }
    }

    pub(super) fn cancel(&self) -> Option<&RequestIdText> {
        self.ending.as_ref()?.cancel.as_ref()
    }

    pub(super) fn terminate(&self) -> Option<&RequestIdText> {
        self.ending.as_ref()?.terminate.as_ref()
    }

    /// Keeps what the event tells, as long as it may be repeated.
    #[inline]
    pub(super) fn keep(&mut self, event: &ActivityEvent) {
        match event {
            Event::Scheduled { .. } | Event::HeartbeatRecorded { .. } => {}
            Event::Started { request_id, .. } => self.poll = Some(request_id.clone()),
            Event::Rescheduled { .. } => self.poll = None,
            Event::CancelRequested(request) => self.keep_cancel(request.request_id.clone()),
            Event::Closed { closed_by, .. } => {
                self.poll = None;
                match closed_by {
                    ClosedBy::CancelRequest(CancelRequest { request_id, .. }) => {
                        self.keep_cancel(request_id.clone());
                    }
                    ClosedBy::Termination { request_id } => {
                        self.ending.get_or_insert_default().terminate = Some(request_id.clone());
                    }
                    ClosedBy::Completion { .. }
                    | ClosedBy::Failure { .. }
                    | ClosedBy::AttemptTimeout { .. }
                    | ClosedBy::ScheduleTimeout
                    | ClosedBy::CancelAnswer => {}
                }
            }
        }
    }

    fn keep_cancel(&mut self, request_id: RequestIdText) {
        self.ending.get_or_insert_default().cancel = Some(request_id);
    }
}

impl Activity {
    /// The request that this call is to the core, and the request id that came with it.
    #[inline]
    pub(super) fn admit(&self, call: Call) -> (Request, Option<RequestIdText>) {
        let request = match call {
            Call::StartActivityExecution { request_id, id_conflict_policy } => {
                let request_id = number(Some(&self.ids.start), &request_id);
                Request::StartActivityExecution { request_id, id_conflict_policy }
            }
            Call::RecordActivityTaskStarted { request_id: sent, dispatched, identity } => {
                let request_id = number(self.ids.poll.as_ref(), &sent);
                let request =
                    Request::RecordActivityTaskStarted { request_id, dispatched, identity };
                return (request, Some(sent));
            }
            Call::RecordActivityTaskHeartbeat { target, details } => {
                Request::RecordActivityTaskHeartbeat { target, details }
            }
            Call::RespondActivityTaskCompleted { target, result, identity } => {
                Request::RespondActivityTaskCompleted { target, result, identity }
            }
            Call::RespondActivityTaskFailed {
                target,
                failure,
                next_retry_delay,
                last_heartbeat_details,
                identity,
            } => {
                let failed = self.execution.attempt();
                let retry = self.options.retry(failed, &failure, next_retry_delay);
                Request::RespondActivityTaskFailed {
                    target,
                    failure,
                    retry,
                    last_heartbeat_details,
                    identity,
                }
            }
            Call::RespondActivityTaskCanceled { target, details } => {
                Request::RespondActivityTaskCanceled { target, details }
            }
            Call::RequestCancelActivityExecution { request_id: sent, identity, reason } => {
                let request_id = number(self.ids.cancel(), &sent);
                let request =
                    Request::RequestCancelActivityExecution { request_id, identity, reason };
                return (request, Some(sent));
            }
            Call::TerminateActivityExecution { request_id: sent, identity, reason } => {
                let request_id = number(self.ids.terminate(), &sent);
                let request = Request::TerminateActivityExecution { request_id, identity, reason };
                return (request, Some(sent));
            }
        };
        (request, None)
    }
}

fn number(held: Option<&RequestIdText>, sent: &RequestIdText) -> RequestId {
    if held.is_none_or(|held| held == sent) { HELD } else { OTHER }
}
