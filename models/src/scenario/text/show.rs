//! How single values are written: payloads, request ids, calls, answers.

use super::super::Happening;
use crate::story::span;
use activity_execution::vocabulary::{
    Answer, IdConflictPolicy, Opaque, Outcome, Reply, Request, RequestId, Retryability, Span,
    Target, TaskToken, TimeoutReason, TimeoutType,
};
use activity_execution::{Content, Failure, FailureInfo, Payload};
use std::fmt::Write;

/// Words that mean something to the format and therefore are never a bare payload.
pub(super) const RESERVED: [&str; 13] = [
    "none",
    "by",
    "backoff",
    "details",
    "attempt",
    "request",
    "cause",
    "type",
    "retryable",
    "non_retryable",
    "timed_out",
    "no_interval",
    "not_enough_time",
];

/// Failures that are not application failures, and `Application` for names that look like those.
pub(super) const KINDS: [&str; 6] =
    ["Application", "Server", "Timeout", "Canceled", "Terminated", "Unspecified"];

/// A request id: a letter, or a number where letters run out.
#[must_use]
pub fn request_id(id: RequestId) -> String {
    match u8::try_from(id.0) {
        Ok(number) if number < 26 => char::from(b'a' + number).to_string(),
        Ok(_) | Err(_) => format!("r{}", id.0),
    }
}

/// Who somebody is: a bare word where that is possible.
#[must_use]
pub fn identity(identity: &Payload) -> String {
    if let Some(Content::Data(bytes)) = identity.content()
        && let Ok(word) = str::from_utf8(bytes)
        && is_bare(word)
    {
        return word.into();
    }
    payload(identity)
}

/// A payload: a string, bytes, or a failure with its parts.
#[must_use]
pub fn payload(payload: &Payload) -> String {
    match payload.content() {
        None => "none".into(),
        Some(Content::Failure(failure)) => show_failure(failure),
        Some(Content::Data(bytes)) => match str::from_utf8(bytes) {
            Ok(text) => quoted(text),
            Err(_) => bytes.iter().fold("0x".into(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            }),
        },
    }
}

/// Whether this text can stand without quotes: a lower-case word that means nothing else.
fn is_bare(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_')
        && !RESERVED.contains(&word)
}

/// Whether this text can stand as the type of an application failure.
pub(super) fn is_type_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !KINDS.contains(&word)
}

pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            c if c.is_control() || (c.is_whitespace() && c != ' ') => {
                let _ = write!(quoted, "\\u{{{:x}}}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// The message that a timeout failure carries unless it says otherwise.
pub(super) fn timeout_message(timeout_type: TimeoutType, reason: TimeoutReason) -> String {
    let none = Payload::none;
    match Payload::timeout_failure(timeout_type, reason, none(), none()).content() {
        Some(Content::Failure(failure)) => failure.message.clone(),
        Some(Content::Data(_)) | None => String::new(),
    }
}

fn show_failure(failure: &Failure) -> String {
    let mut parts = Vec::new();
    if !failure.message.is_empty() {
        parts.push(quoted(&failure.message));
    }
    let mut kind = "Application";
    match &failure.info {
        FailureInfo::Application { type_name, non_retryable } => {
            if is_type_name(type_name) {
                kind = type_name;
            } else {
                parts.push(format!("type {}", quoted(type_name)));
            }
            parts.extend(non_retryable.then(|| "non_retryable".into()));
        }
        FailureInfo::Server { non_retryable } => {
            kind = "Server";
            parts.extend(non_retryable.then(|| "non_retryable".into()));
        }
        FailureInfo::Timeout { timeout_type, last_heartbeat_details } => {
            kind = "Timeout";
            if failure.message == timeout_message(*timeout_type, TimeoutReason::Elapsed) {
                parts.clear();
            } else if failure.message
                == timeout_message(*timeout_type, TimeoutReason::NotEnoughTime)
            {
                parts = vec!["not_enough_time".into()];
            } else {
                parts = vec![quoted(&failure.message)];
            }
            parts.insert(0, timeout_type.name().into());
            parts.extend(field("details", last_heartbeat_details));
        }
        FailureInfo::Canceled { details } => {
            kind = "Canceled";
            parts.extend(field("details", details));
        }
        FailureInfo::Terminated => kind = "Terminated",
        FailureInfo::Unspecified => kind = "Unspecified",
    }
    parts.extend(field("cause", &failure.cause));
    if parts.is_empty() {
        return kind.into();
    }
    format!("{kind}({})", parts.join(", "))
}

fn field(name: &str, value: &Payload) -> Option<String> {
    (!value.is_none()).then(|| format!("{name} {}", payload(value)))
}

/// What happens, with every argument that differs from its default.
///
/// The default of `backoff` is the script's; a poll's attempt is `next_attempt` by default, and its
/// request id the number of that attempt; whoever reports is by default `holder`, asked for the
/// identity that polled an attempt last.
#[must_use]
pub fn happening(
    happening: &Happening,
    backoff: Span,
    next_attempt: i64,
    holder: impl Fn(i64) -> Payload,
) -> String {
    let waits = |given: Span| (given != backoff).then(|| format!("backoff {}", span(given)));
    let words = match happening {
        Happening::Call(request) => return call(request, backoff, next_attempt, holder),
        Happening::Elapses { timeout_type, backoff } => {
            [Some(format!("{}Elapses", timeout_type.name())), waits(*backoff)]
        }
        Happening::Wait => [Some("Wait".into()), None],
        Happening::Jump => [Some("Jump".into()), None],
        Happening::Describe => [Some("Describe".into()), None],
        Happening::FailAttempts { count, backoff } => {
            [Some(format!("FailAttempts {count}")), waits(*backoff)]
        }
    };
    words.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// A call in Temporal's verbs; see [`happening`] for what is left out.
#[must_use]
pub fn call(
    request: &Request,
    backoff: Span,
    next_attempt: i64,
    holder: impl Fn(i64) -> Payload,
) -> String {
    let mut words = vec![request.trace_word().to_owned()];
    let held = match request.target() {
        Some(Target::Token(TaskToken(attempt))) => {
            words.push(attempt.0.to_string());
            holder(attempt.0)
        }
        Some(Target::ById) | None => Payload::none(),
    };
    let given = |value: &Payload| (!value.is_none()).then(|| payload(value));
    let by = |value: &Payload| (*value != held).then(|| format!("by {}", identity(value)));
    match request {
        Request::StartActivityExecution { request_id: id, id_conflict_policy } => {
            words.push(request_id(*id));
            match id_conflict_policy {
                IdConflictPolicy::Fail => {}
                IdConflictPolicy::UseExisting => words.push("UseExisting".into()),
            }
        }
        Request::RecordActivityTaskStarted {
            request_id: id,
            dispatched: TaskToken(attempt),
            identity: poller,
        } => {
            words.extend((!poller.is_none()).then(|| identity(poller)));
            if attempt.0 != next_attempt {
                words.push(format!("attempt {}", attempt.0));
            }
            if i64::from(id.0) != attempt.0 {
                words.push(format!("request {}", request_id(*id)));
            }
        }
        Request::RecordActivityTaskHeartbeat { details, .. }
        | Request::RespondActivityTaskCanceled { details, .. } => words.extend(given(details)),
        Request::RespondActivityTaskCompleted { result, identity, .. } => {
            words.extend(given(result));
            words.extend(by(identity));
        }
        Request::RespondActivityTaskFailed {
            failure,
            retry,
            last_heartbeat_details,
            identity,
            ..
        } => {
            words.extend(given(failure));
            words.extend(waits(*retry, backoff));
            let details = last_heartbeat_details.as_ref();
            words.extend(details.map(|details| format!("details {}", payload(details))));
            words.extend(by(identity));
        }
        Request::RequestCancelActivityExecution { request_id: id, identity, reason }
        | Request::TerminateActivityExecution { request_id: id, identity, reason } => {
            words.push(request_id(*id));
            words.extend(given(reason));
            words.extend(by(identity));
        }
    }
    words.join(" ")
}

/// What is known of a retry, unless it waits the script's backoff.
fn waits(retry: Retryability, backoff: Span) -> Option<String> {
    match retry {
        Retryability::After(waits) => {
            (waits != backoff).then(|| format!("backoff {}", span(waits)))
        }
        Retryability::NonRetryable => Some("non_retryable".into()),
        Retryability::TimedOut => Some("timed_out".into()),
        Retryability::NoInterval => Some("no_interval".into()),
    }
}

/// What a call is told, in a few words.
#[must_use]
pub fn answer(reply: &Reply) -> String {
    match reply {
        Ok(Answer::Done) => "done".into(),
        Ok(Answer::Existing) => "existing".into(),
        Ok(Answer::Task { token: TaskToken(generation), attempt, heartbeat_details, .. }) => {
            let mut text = format!("task {}", generation.0);
            if generation != attempt {
                let _ = write!(text, ", attempt {}", attempt.0);
            }
            if !heartbeat_details.is_none() {
                let _ = write!(text, ", details {}", payload(heartbeat_details));
            }
            text
        }
        Ok(Answer::Recorded { cancel_requested }) => {
            if *cancel_requested {
                "recorded, cancel requested".into()
            } else {
                "recorded".into()
            }
        }
        Err(rejection) => format!("{rejection:?}: {rejection}"),
    }
}

/// How an execution ended.
#[must_use]
pub fn outcome(outcome: &Outcome<Payload>) -> String {
    let by = |who: &Payload| (!who.is_none()).then(|| format!("by {}", identity(who)));
    let mut words = Vec::new();
    words.extend(outcome.kind().retry_state().map(|it| it.to_string()));
    match outcome {
        Outcome::Completed { result } => words.extend(field("result", result)),
        Outcome::Failed { failure, .. } | Outcome::TimedOut { failure, .. } => {
            words.extend(field("failure", failure));
        }
        Outcome::Canceled { details, identity } => {
            words.extend(field("details", details));
            words.extend(by(identity));
        }
        Outcome::Terminated { reason, identity } => {
            words.extend(field("reason", reason));
            words.extend(by(identity));
        }
    }
    let mut name = outcome.kind().status().to_string();
    if let Some(timeout_type) = outcome.kind().timeout_type() {
        let _ = write!(name, " {timeout_type}");
    }
    if words.is_empty() {
        return name;
    }
    format!("{name}: {}", words.join(", "))
}
