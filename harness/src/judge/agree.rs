//! Whether what was seen agrees with what the specification says, and where it does not.
//! Knows which liberties a system has with payloads and instants; keeps no state.

use crate::alphabet::Power;
use crate::seam::Told;
use activity_execution::vocabulary::{
    Answer, Attempt, Opaque as _, Outcome, Rejection, Reply, Span, TimeoutReason, TimeoutType,
    Timestamp,
};
use activity_execution::{Content, Description, Failure, FailureInfo, Payload};
use activity_models::scenario::show;
use std::fmt::Write as _;

/// Whether an answer is the one that the specification gives.
pub(super) fn answers(reply: &Reply, told: &Told) -> bool {
    match (reply, told) {
        (Ok(Answer::Done), Told::Done) | (Ok(Answer::Existing), Told::Started(false)) => true,
        (Ok(Answer::Recorded { cancel_requested }), Told::Recorded { cancel_requested: told }) => {
            cancel_requested == told
        }
        (Ok(Answer::Task { attempt, heartbeat_details, .. }), Told::Task(Some(task))) => {
            *attempt == Attempt(task.attempt)
                && payloads(heartbeat_details, &task.heartbeat_details)
        }
        (Err(Rejection::ObsoleteTask), Told::Task(None)) => true,
        (Err(rejection), Told::Refused(told)) => {
            told == rejection.name() || told == rejection.code()
        }
        _ => false,
    }
}

/// Whether a payload is the one that the specification has. A worker's failure is known by its
/// message; one that was made up, since none was given, may say anything.
pub(super) fn payloads(expected: &Payload, seen: &Payload) -> bool {
    if expected == seen {
        return true;
    }
    let (Some(Content::Failure(expected)), Some(Content::Failure(seen))) =
        (expected.content(), seen.content())
    else {
        return false;
    };
    let (message, cause) = (&expected.message, &expected.cause);
    match (&expected.info, &seen.info) {
        (
            FailureInfo::Timeout { timeout_type, last_heartbeat_details },
            FailureInfo::Timeout { timeout_type: seen_type, last_heartbeat_details: seen_details },
        ) => {
            timeout_type == seen_type
                && timeouts(*timeout_type, message, &seen.message)
                && payloads(last_heartbeat_details, seen_details)
                && payloads(cause, &seen.cause)
        }
        (FailureInfo::Timeout { .. }, _) | (_, FailureInfo::Timeout { .. }) => false,
        _ => is_made_up(expected) || *message == seen.message,
    }
}

/// Whether the messages of two timeouts of one type say the same: of those that the service finds,
/// whether not enough time was left; one that a worker reported is known by its message.
fn timeouts(timeout_type: TimeoutType, expected: &str, seen: &str) -> bool {
    let message = |reason| {
        let none = Payload::none;
        match Payload::timeout_failure(timeout_type, reason, none(), none()).content() {
            Some(Content::Failure(failure)) => failure.message.clone(),
            Some(Content::Data(_)) | None => String::new(),
        }
    };
    let not_enough = message(TimeoutReason::NotEnoughTime);
    if expected == message(TimeoutReason::Elapsed) || expected == not_enough {
        (expected == not_enough) == (seen == not_enough)
    } else {
        expected == seen
    }
}

fn is_made_up(failure: &Failure) -> bool {
    match Payload::none().or_missing_failure().content() {
        Some(Content::Failure(missing)) => missing == failure,
        Some(Content::Data(_)) | None => false,
    }
}

/// What differs between what Describe should show and what it shows, a line each.
pub(super) fn descriptions(
    power: Power,
    tolerance: Span,
    expected: &Description,
    seen: &Description,
) -> Vec<Part> {
    let mut parts = Parts { tolerance, parts: Vec::new() };
    match power {
        Power::Answers => return Vec::new(),
        Power::Outcome => {}
        Power::Describe => parts.described(expected, seen),
    }
    parts.outcome(expected.outcome.as_ref(), seen.outcome.as_ref());
    parts.parts
}

/// A part of what Describe shows that is not as it should be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Part {
    /// Which.
    pub name: &'static str,
    /// As the specification has it.
    pub expected: String,
    /// As it was shown.
    pub seen: String,
}

struct Parts {
    tolerance: Span,
    parts: Vec<Part>,
}

impl Parts {
    fn described(&mut self, expected: &Description, seen: &Description) {
        let (it, name) = (expected, |name: Option<&'static str>| name.unwrap_or("none").to_owned());
        self.texts("status", it.status.name(), seen.status.name());
        let states = [it, seen].map(|it| name(it.run_state.map(|state| state.name())));
        self.texts("runState", &states[0], &states[1]);
        let attempts = [it, seen].map(|it| it.attempt.0.to_string());
        self.texts("attempt", &attempts[0], &attempts[1]);
        let (waits, shown) = (it.next_attempt_schedule_time, seen.next_attempt_schedule_time);
        if waits.is_some() != shown.is_some() {
            self.add("nextAttemptScheduleTime", instant(waits), instant(shown));
        }
        for (name, expected, seen) in [
            ("nextAttemptScheduleTime", waits, shown),
            ("lastStartedTime", it.last_started_time, seen.last_started_time),
            ("lastHeartbeatTime", it.last_heartbeat_time, seen.last_heartbeat_time),
            (
                "lastAttemptCompleteTime",
                it.last_attempt_complete_time,
                seen.last_attempt_complete_time,
            ),
            ("closeTime", it.close_time, seen.close_time),
            ("expirationTime", it.expiration_time, seen.expiration_time),
        ] {
            self.instants(name, expected, seen);
        }
        let counts = [it, seen].map(|it| it.total_heartbeat_count.to_string());
        self.texts("totalHeartbeatCount", &counts[0], &counts[1]);
        self.payloads("heartbeatDetails", &it.heartbeat_details, &seen.heartbeat_details);
        self.payloads("lastFailure", &it.last_failure, &seen.last_failure);
        let reasons = [it, seen].map(|it| it.canceled_reason.clone().unwrap_or_default());
        self.payloads("canceledReason", &reasons[0], &reasons[1]);
        self.payloads("lastWorkerIdentity", &it.last_worker_identity, &seen.last_worker_identity);
    }

    fn outcome(&mut self, expected: Option<&Outcome<Payload>>, seen: Option<&Outcome<Payload>>) {
        let agree = match (expected, seen) {
            (None, None) => true,
            (Some(expected), Some(seen)) => outcomes(expected, seen),
            (Some(_), None) | (None, Some(_)) => false,
        };
        if !agree {
            let show = |it: Option<&Outcome<Payload>>| it.map_or("none".to_owned(), show::outcome);
            self.add("outcome", show(expected), show(seen));
        }
    }

    fn texts(&mut self, name: &'static str, expected: &str, seen: &str) {
        if expected != seen {
            self.add(name, expected.to_owned(), seen.to_owned());
        }
    }

    fn payloads(&mut self, name: &'static str, expected: &Payload, seen: &Payload) {
        if !payloads(expected, seen) {
            self.add(name, show::payload(expected), show::payload(seen));
        }
    }

    /// Two instants that are both given.
    fn instants(
        &mut self,
        name: &'static str,
        expected: Option<Timestamp>,
        seen: Option<Timestamp>,
    ) {
        if let (Some(expected), Some(seen)) = (expected, seen)
            && (expected.0 - seen.0).abs() > self.tolerance.0
        {
            self.add(name, instant(Some(expected)), instant(Some(seen)));
        }
    }

    fn add(&mut self, name: &'static str, expected: String, seen: String) {
        self.parts.push(Part { name, expected, seen });
    }
}

fn instant(instant: Option<Timestamp>) -> String {
    instant.map_or("none".to_owned(), |Timestamp(instant)| show::span(Span(instant)))
}

fn outcomes(expected: &Outcome<Payload>, seen: &Outcome<Payload>) -> bool {
    if expected.kind() != seen.kind() {
        return false;
    }
    match (expected, seen) {
        (Outcome::Completed { result }, Outcome::Completed { result: seen }) => {
            payloads(result, seen)
        }
        (Outcome::Failed { failure, .. }, Outcome::Failed { failure: seen, .. })
        | (Outcome::TimedOut { failure, .. }, Outcome::TimedOut { failure: seen, .. }) => {
            payloads(failure, seen)
        }
        (
            Outcome::Canceled { details, identity },
            Outcome::Canceled { details: seen, identity: who },
        )
        | (
            Outcome::Terminated { reason: details, identity },
            Outcome::Terminated { reason: seen, identity: who },
        ) => payloads(details, seen) && payloads(identity, who),
        _ => false,
    }
}

/// What was told, in a few words.
pub(super) fn told(told: &Told) -> String {
    match told {
        Told::Done => "done".to_owned(),
        Told::Started(true) => "started".to_owned(),
        Told::Started(false) => "exists already".to_owned(),
        Told::Task(None) => "no task".to_owned(),
        Told::Task(Some(task)) => {
            let mut text = format!("task of attempt {}", task.attempt);
            if !task.heartbeat_details.is_none() {
                let _ = write!(text, ", details {}", show::payload(&task.heartbeat_details));
            }
            text
        }
        Told::Recorded { cancel_requested: true } => "recorded, cancel requested".to_owned(),
        Told::Recorded { cancel_requested: false } => "recorded".to_owned(),
        Told::Described(_) => "described".to_owned(),
        Told::Refused(reason) => format!("refused: {reason}"),
    }
}

/// What the specification answers, in the same words.
pub(super) fn reply(reply: &Reply) -> String {
    match reply {
        Ok(Answer::Done) => "done".to_owned(),
        Ok(Answer::Existing) => "exists already".to_owned(),
        Ok(Answer::Recorded { cancel_requested: true }) => "recorded, cancel requested".to_owned(),
        Ok(Answer::Recorded { cancel_requested: false }) => "recorded".to_owned(),
        Ok(Answer::Task { attempt, heartbeat_details, .. }) => {
            let mut text = format!("task of attempt {}", attempt.0);
            if !heartbeat_details.is_none() {
                let _ = write!(text, ", details {}", show::payload(heartbeat_details));
            }
            text
        }
        Err(Rejection::ObsoleteTask) => "no task".to_owned(),
        Err(rejection) => format!("refused: {}", rejection.name()),
    }
}
