//! Which statement of the specification decides a step: its number, and the sentence itself.
//! Knows which statement is about what; the sentences are read from `models/spec.md`.

use activity_execution::vocabulary::{
    Action, Observation, Rejection, Reply, Request, Target, TimeoutType,
};
use activity_models::STATEMENTS;

/// The statement that decides what an action does to an execution that stands like this.
#[must_use]
pub fn rule(before: &Observation, action: &Action, reply: &Reply) -> String {
    let (statement, place) = place(before, action, reply);
    let sentence = sentence(statement, place).unwrap_or_default();
    format!("{statement}: {sentence}")
}

/// The number of a statement, and which of its sentences.
fn place(before: &Observation, action: &Action, reply: &Reply) -> (&'static str, usize) {
    let request = match action {
        Action::Call(request) => request,
        Action::Tick { .. } => return ("S11", 0),
        Action::Elapses { timeout_type, .. } => {
            return match timeout_type {
                _ if before.cancel_request.is_some() => ("S27", 1),
                TimeoutType::ScheduleToStart | TimeoutType::ScheduleToClose => ("S13", 1),
                TimeoutType::StartToClose | TimeoutType::Heartbeat => ("S13", 0),
            };
        }
    };
    if *reply == Err(Rejection::NotFound) {
        let by_token = matches!(request.target(), Some(Target::Token(_)));
        return if before.is_closed() && by_token { ("S20", 0) } else { ("S19", 0) };
    }
    match request {
        Request::StartActivityExecution { .. } => ("S2", 1),
        Request::RecordActivityTaskStarted { .. } if before.is_started() => ("S9", 1),
        Request::RecordActivityTaskStarted { .. } => ("S3", 1),
        Request::RecordActivityTaskHeartbeat { .. } => ("S17", 0),
        Request::RespondActivityTaskCompleted { .. } => ("S25", 1),
        Request::RespondActivityTaskFailed { .. } if before.cancel_request.is_some() => ("S27", 1),
        Request::RespondActivityTaskFailed { .. } => ("S5", 1),
        Request::RespondActivityTaskCanceled { .. } if reply.is_err() => ("S26", 1),
        Request::RespondActivityTaskCanceled { .. } => ("S26", 0),
        Request::RequestCancelActivityExecution { request_id, .. } => {
            match &before.cancel_request {
                Some(accepted) if accepted.request_id == *request_id => ("S30", 0),
                Some(_) => ("S30", 1),
                None if before.is_started() => ("S17", 0),
                None => ("S17", 1),
            }
        }
        Request::TerminateActivityExecution { .. } => ("X1", 0),
    }
}

/// A sentence of a statement, counted from zero.
fn sentence(statement: &str, place: usize) -> Option<&'static str> {
    let heading = format!("## {statement}\n\n");
    let text = STATEMENTS.split_once(&heading)?.1;
    text.lines().take_while(|line| !line.is_empty()).nth(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_is_a_sentence_of_the_specification() {
        for (statement, place, begins) in [
            ("S2", 1, "Repeating that request"),
            ("S3", 1, "Only an attempt"),
            ("S5", 1, "A retried attempt"),
            ("S9", 1, "A poll whose answer"),
            ("S11", 0, "The service does not notice"),
            ("S13", 0, "An attempt that ran into a timeout"),
            ("S13", 1, "A schedule-to-start"),
            ("S17", 0, "A worker learns"),
            ("S17", 1, "An execution that no worker holds"),
            ("S19", 0, "A call about an attempt"),
            ("S20", 0, "A call by token"),
            ("S25", 1, "What a worker reports"),
            ("S26", 0, "A worker that gives in"),
            ("S26", 1, "A report of cancellation"),
            ("S27", 1, "A failure or timeout after"),
            ("S30", 0, "Repeating the accepted"),
            ("S30", 1, "A cancel request under another"),
            ("X1", 0, "An execution has exactly one"),
        ] {
            let sentence = sentence(statement, place);
            assert!(sentence.is_some_and(|it| it.starts_with(begins)), "{statement}: {sentence:?}");
        }
    }
}
