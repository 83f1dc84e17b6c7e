//! The stored forms that are rows: snapshots and descriptions, a key for each field.

use super::{Schema, stored};
use crate::activity::{RequestIdText, Snapshot};
use crate::execution::Description;
use crate::payload::Payload;
use crate::vocabulary::{
    ActivityExecutionStatus, Attempt, Outcome, PendingActivityState, RetryState, Span, TimeoutType,
    Timestamp,
};
use serde::{Deserialize, Serialize};

/// A struct as its form, key for key.
macro_rules! row_form {
    ($form:ident of $public:ident { $($field:ident: $type:ty),+ $(,)? }) => {
        #[derive(Deserialize, Serialize)]
        #[serde(deny_unknown_fields)]
        struct $form {
            schema: Schema,
            $($field: $type),+
        }

        impl From<&$public> for $form {
            fn from(public: &$public) -> Self {
                let $public { $($field),+ } = public.clone();
                $form { schema: Schema, $($field),+ }
            }
        }

        impl From<$form> for $public {
            fn from(form: $form) -> Self {
                let $form { schema: Schema, $($field),+ } = form;
                $public { $($field),+ }
            }
        }

        stored!($public as $form);
    };
}

row_form!(SnapshotForm of Snapshot {
    schedule_time: Timestamp,
    start_request_id: RequestIdText,
    status: ActivityExecutionStatus,
    run_state: Option<PendingActivityState>,
    attempt: Attempt,
    dispatch_time: Option<Timestamp>,
    current_retry_interval: Option<Span>,
    poll_request_id: Option<RequestIdText>,
    last_started_time: Option<Timestamp>,
    last_heartbeat_time: Option<Timestamp>,
    heartbeat_details: Payload,
    total_heartbeat_count: i64,
    last_attempt_complete_time: Option<Timestamp>,
    last_failure: Payload,
    last_worker_identity: Payload,
    cancel_request_id: Option<RequestIdText>,
    cancel_identity: Payload,
    cancel_reason: Payload,
    terminate_request_id: Option<RequestIdText>,
    close_time: Option<Timestamp>,
    outcome: Payload,
    outcome_identity: Payload,
    retry_state: Option<RetryState>,
    timeout_type: Option<TimeoutType>,
});

row_form!(DescriptionForm of Description {
    status: ActivityExecutionStatus,
    run_state: Option<PendingActivityState>,
    attempt: Attempt,
    current_retry_interval: Option<Span>,
    next_attempt_schedule_time: Option<Timestamp>,
    last_started_time: Option<Timestamp>,
    last_heartbeat_time: Option<Timestamp>,
    last_attempt_complete_time: Option<Timestamp>,
    close_time: Option<Timestamp>,
    expiration_time: Option<Timestamp>,
    heartbeat_details: Payload,
    total_heartbeat_count: i64,
    last_failure: Payload,
    canceled_reason: Option<Payload>,
    last_worker_identity: Payload,
    outcome: Option<Outcome<Payload>>,
});
