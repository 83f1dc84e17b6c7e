//! The stored form of events, outcomes and cancel requests: one line of a log.

use super::{Schema, stored};
use crate::activity::{ActivityEvent, RequestIdText};
use crate::execution::{ClosedBy, Event, RescheduledBy};
use crate::payload::Payload;
use crate::vocabulary::{CancelRequest, Outcome, RetryState, Span, TimeoutType, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct EventForm {
    schema: Schema,
    event: EventBody,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
enum EventBody {
    Scheduled {
        schedule_time: Timestamp,
        dispatch_time: Timestamp,
        request_id: RequestIdText,
    },
    Started {
        started_time: Timestamp,
        request_id: RequestIdText,
        identity: Payload,
    },
    HeartbeatRecorded {
        recorded_time: Timestamp,
        details: Payload,
    },
    Rescheduled {
        complete_time: Timestamp,
        retry_interval: Span,
        failure: Payload,
        rescheduled_by: RescheduledByForm,
    },
    CancelRequested {
        request_id: RequestIdText,
        identity: Payload,
        reason: Payload,
    },
    Closed {
        close_time: Timestamp,
        outcome: Outcome<Payload>,
        closed_by: ClosedByForm,
    },
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
enum RescheduledByForm {
    Failure { heartbeat_details: Option<Payload> },
    AttemptTimeout,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
enum ClosedByForm {
    Completion { identity: Payload },
    Failure { identity: Payload, heartbeat_details: Option<Payload> },
    AttemptTimeout { failure: Payload },
    ScheduleTimeout,
    CancelAnswer,
    CancelRequest { request_id: RequestIdText, identity: Payload, reason: Payload },
    Termination { request_id: RequestIdText },
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
enum OutcomeForm {
    Completed { result: Payload },
    Failed { failure: Payload, retry_state: RetryState },
    Canceled { details: Payload, identity: Payload },
    Terminated { reason: Payload, identity: Payload },
    TimedOut { timeout_type: TimeoutType, failure: Payload, retry_state: RetryState },
}

impl From<&ActivityEvent> for EventForm {
    fn from(event: &ActivityEvent) -> Self {
        let event = match event.clone() {
            Event::Scheduled { schedule_time, dispatch_time, request_id } => {
                EventBody::Scheduled { schedule_time, dispatch_time, request_id }
            }
            Event::Started { started_time, request_id, identity } => {
                EventBody::Started { started_time, request_id, identity }
            }
            Event::HeartbeatRecorded { recorded_time, details } => {
                EventBody::HeartbeatRecorded { recorded_time, details }
            }
            Event::Rescheduled { complete_time, retry_interval, failure, rescheduled_by } => {
                let rescheduled_by = rescheduled_by.into();
                EventBody::Rescheduled { complete_time, retry_interval, failure, rescheduled_by }
            }
            Event::CancelRequested(CancelRequest { request_id, identity, reason }) => {
                EventBody::CancelRequested { request_id, identity, reason }
            }
            Event::Closed { close_time, outcome, closed_by } => {
                EventBody::Closed { close_time, outcome, closed_by: closed_by.into() }
            }
        };
        EventForm { schema: Schema, event }
    }
}

impl From<EventForm> for ActivityEvent {
    fn from(form: EventForm) -> Self {
        match form.event {
            EventBody::Scheduled { schedule_time, dispatch_time, request_id } => {
                Event::Scheduled { schedule_time, dispatch_time, request_id }
            }
            EventBody::Started { started_time, request_id, identity } => {
                Event::Started { started_time, request_id, identity }
            }
            EventBody::HeartbeatRecorded { recorded_time, details } => {
                Event::HeartbeatRecorded { recorded_time, details }
            }
            EventBody::Rescheduled { complete_time, retry_interval, failure, rescheduled_by } => {
                let rescheduled_by = rescheduled_by.into();
                Event::Rescheduled { complete_time, retry_interval, failure, rescheduled_by }
            }
            EventBody::CancelRequested { request_id, identity, reason } => {
                Event::CancelRequested(CancelRequest { request_id, identity, reason })
            }
            EventBody::Closed { close_time, outcome, closed_by } => {
                Event::Closed { close_time, outcome, closed_by: closed_by.into() }
            }
        }
    }
}

impl From<RescheduledBy> for RescheduledByForm {
    fn from(by: RescheduledBy) -> Self {
        match by {
            RescheduledBy::Failure { heartbeat_details } => {
                RescheduledByForm::Failure { heartbeat_details }
            }
            RescheduledBy::AttemptTimeout => RescheduledByForm::AttemptTimeout,
        }
    }
}

impl From<RescheduledByForm> for RescheduledBy {
    fn from(form: RescheduledByForm) -> Self {
        match form {
            RescheduledByForm::Failure { heartbeat_details } => {
                RescheduledBy::Failure { heartbeat_details }
            }
            RescheduledByForm::AttemptTimeout => RescheduledBy::AttemptTimeout,
        }
    }
}

impl From<ClosedBy<Payload, RequestIdText>> for ClosedByForm {
    fn from(by: ClosedBy<Payload, RequestIdText>) -> Self {
        match by {
            ClosedBy::Completion { identity } => ClosedByForm::Completion { identity },
            ClosedBy::Failure { identity, heartbeat_details } => {
                ClosedByForm::Failure { identity, heartbeat_details }
            }
            ClosedBy::AttemptTimeout { failure } => ClosedByForm::AttemptTimeout { failure },
            ClosedBy::ScheduleTimeout => ClosedByForm::ScheduleTimeout,
            ClosedBy::CancelAnswer => ClosedByForm::CancelAnswer,
            ClosedBy::CancelRequest(CancelRequest { request_id, identity, reason }) => {
                ClosedByForm::CancelRequest { request_id, identity, reason }
            }
            ClosedBy::Termination { request_id } => ClosedByForm::Termination { request_id },
        }
    }
}

impl From<ClosedByForm> for ClosedBy<Payload, RequestIdText> {
    fn from(form: ClosedByForm) -> Self {
        match form {
            ClosedByForm::Completion { identity } => ClosedBy::Completion { identity },
            ClosedByForm::Failure { identity, heartbeat_details } => {
                ClosedBy::Failure { identity, heartbeat_details }
            }
            ClosedByForm::AttemptTimeout { failure } => ClosedBy::AttemptTimeout { failure },
            ClosedByForm::ScheduleTimeout => ClosedBy::ScheduleTimeout,
            ClosedByForm::CancelAnswer => ClosedBy::CancelAnswer,
            ClosedByForm::CancelRequest { request_id, identity, reason } => {
                ClosedBy::CancelRequest(CancelRequest { request_id, identity, reason })
            }
            ClosedByForm::Termination { request_id } => ClosedBy::Termination { request_id },
        }
    }
}

impl From<&Outcome<Payload>> for OutcomeForm {
    fn from(outcome: &Outcome<Payload>) -> Self {
        match outcome.clone() {
            Outcome::Completed { result } => OutcomeForm::Completed { result },
            Outcome::Failed { failure, retry_state } => {
                OutcomeForm::Failed { failure, retry_state }
            }
            Outcome::Canceled { details, identity } => OutcomeForm::Canceled { details, identity },
            Outcome::Terminated { reason, identity } => {
                OutcomeForm::Terminated { reason, identity }
            }
            Outcome::TimedOut { timeout_type, failure, retry_state } => {
                OutcomeForm::TimedOut { timeout_type, failure, retry_state }
            }
        }
    }
}

impl From<OutcomeForm> for Outcome<Payload> {
    fn from(form: OutcomeForm) -> Self {
        match form {
            OutcomeForm::Completed { result } => Outcome::Completed { result },
            OutcomeForm::Failed { failure, retry_state } => {
                Outcome::Failed { failure, retry_state }
            }
            OutcomeForm::Canceled { details, identity } => Outcome::Canceled { details, identity },
            OutcomeForm::Terminated { reason, identity } => {
                Outcome::Terminated { reason, identity }
            }
            OutcomeForm::TimedOut { timeout_type, failure, retry_state } => {
                Outcome::TimedOut { timeout_type, failure, retry_state }
            }
        }
    }
}

stored!(ActivityEvent as EventForm);
stored!(Outcome<Payload> as OutcomeForm);
