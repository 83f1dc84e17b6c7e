//! The stored form of calls and answers: what may be written down on their way.

use super::{Schema, stored};
use crate::activity::{Call, RequestIdText};
use crate::payload::Payload;
use crate::vocabulary::{Answer, Attempt, IdConflictPolicy, Span, Target, TaskToken, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct CallForm {
    schema: Schema,
    call: CallBody,
}

/// A type as its form, field for field: written once, converted both ways.
macro_rules! enum_form {
    ($form:ident of $public:ident {
        $($variant:ident $({ $($field:ident: $type:ty),+ $(,)? })?),+ $(,)?
    }) => {
        #[derive(Deserialize, Serialize)]
        #[serde(deny_unknown_fields)]
        enum $form {
            $($variant $({ $($field: $type),+ })?),+
        }

        impl From<&$public> for $form {
            fn from(public: &$public) -> Self {
                match public.clone() {
                    $($public::$variant $({ $($field),+ })? => $form::$variant $({ $($field),+ })?),+
                }
            }
        }

        impl From<$form> for $public {
            fn from(form: $form) -> Self {
                match form {
                    $($form::$variant $({ $($field),+ })? => $public::$variant $({ $($field),+ })?),+
                }
            }
        }
    };
}

enum_form!(CallBody of Call {
    StartActivityExecution { request_id: RequestIdText, id_conflict_policy: IdConflictPolicy },
    RecordActivityTaskStarted {
        request_id: RequestIdText,
        dispatched: TaskToken,
        identity: Payload,
    },
    RecordActivityTaskHeartbeat { target: Target, details: Payload },
    RespondActivityTaskCompleted { target: Target, result: Payload, identity: Payload },
    RespondActivityTaskFailed {
        target: Target,
        failure: Payload,
        next_retry_delay: Option<Span>,
        last_heartbeat_details: Option<Payload>,
        identity: Payload,
    },
    RespondActivityTaskCanceled { target: Target, details: Payload },
    RequestCancelActivityExecution {
        request_id: RequestIdText,
        identity: Payload,
        reason: Payload,
    },
    TerminateActivityExecution { request_id: RequestIdText, identity: Payload, reason: Payload },
});

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct AnswerForm {
    schema: Schema,
    answer: AnswerBody,
}

enum_form!(AnswerBody of Answer {
    Done,
    Existing,
    Task {
        token: TaskToken,
        attempt: Attempt,
        started_time: Timestamp,
        current_attempt_scheduled_time: Timestamp,
        heartbeat_details: Payload,
    },
    Recorded { cancel_requested: bool },
});

impl From<&Call> for CallForm {
    fn from(call: &Call) -> Self {
        CallForm { schema: Schema, call: call.into() }
    }
}

impl From<CallForm> for Call {
    fn from(form: CallForm) -> Self {
        form.call.into()
    }
}

impl From<&Answer> for AnswerForm {
    fn from(answer: &Answer) -> Self {
        AnswerForm { schema: Schema, answer: answer.into() }
    }
}

impl From<AnswerForm> for Answer {
    fn from(form: AnswerForm) -> Self {
        form.answer.into()
    }
}

stored!(Call as CallForm);
stored!(Answer as AnswerForm);
