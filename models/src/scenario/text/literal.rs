//! Parsing payloads: words, strings, bytes, failures with their parts.

use super::show::{RESERVED, timeout_message};
use crate::story::{Cursor, Kind, ScriptError};
use activity_execution::vocabulary::{Opaque, TimeoutReason, TimeoutType};
use activity_execution::{Failure, FailureInfo, Payload};

type Result<T> = core::result::Result<T, ScriptError>;

/// A payload if one follows, else nothing.
pub(super) fn optional(cursor: &mut Cursor<'_>) -> Result<Payload> {
    match cursor.peek() {
        Some(Kind::Word(word)) if word != "none" && RESERVED.contains(&word.as_str()) => {
            Ok(Payload::none())
        }
        Some(Kind::Word(_) | Kind::Text(_)) => payload(cursor),
        Some(Kind::Open | Kind::Close | Kind::Comma) | None => Ok(Payload::none()),
    }
}

/// A payload.
pub(super) fn payload(cursor: &mut Cursor<'_>) -> Result<Payload> {
    nested(cursor, 0)
}

fn nested(cursor: &mut Cursor<'_>, depth: usize) -> Result<Payload> {
    if depth > DEEPEST {
        return Err(cursor.error_ahead("failures are nested too deeply", "at most 64 levels"));
    }
    let help = "a word, \"text\", 0x and hexadecimal digits, none, or a failure as \
                Transient(\"connection reset\")";
    let word = match cursor.take() {
        Some(Kind::Text(text)) => return Ok(Payload::data(text)),
        Some(Kind::Word(word)) => word,
        Some(Kind::Open | Kind::Close | Kind::Comma) | None => {
            return Err(cursor.error("a payload is missing here", help));
        }
    };
    if word == "none" {
        return Ok(Payload::none());
    }
    if let Some(bytes) = word.strip_prefix("0x").and_then(hexadecimal) {
        return Ok(Payload::data(bytes));
    }
    if word.starts_with(|c: char| c.is_ascii_uppercase()) {
        return failure(cursor, word, depth);
    }
    if RESERVED.contains(&word.as_str()) || !word.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err(cursor.error(format!("`{word}` is not a payload"), help));
    }
    Ok(Payload::data(word))
}

fn hexadecimal(digits: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        digits.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let (pairs, rest) = digits.as_deref()?.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high * 16 + low).collect())
}

/// The parts of a failure, gathered before it is known whether they fit together.
#[derive(Default)]
struct Parts {
    message: Option<String>,
    type_name: Option<String>,
    timeout_type: Option<TimeoutType>,
    not_enough_time: bool,
    non_retryable: bool,
    details: Payload,
    cause: Payload,
}

fn failure(cursor: &mut Cursor<'_>, kind: String, depth: usize) -> Result<Payload> {
    let mut parts = Parts::default();
    if cursor.accept(&Kind::Open) {
        loop {
            part(cursor, &mut parts, &kind, depth)?;
            if cursor.accept(&Kind::Close) {
                break;
            }
            if !cursor.accept(&Kind::Comma) {
                return Err(cursor.error_ahead("this failure does not end", "close it with `)`"));
            }
        }
    }
    let silent = parts.message.is_none();
    let mut message = parts.message.unwrap_or_default();
    let info = match kind.as_str() {
        "Server" => FailureInfo::Server { non_retryable: parts.non_retryable },
        "Timeout" => {
            let Some(timeout_type) = parts.timeout_type else {
                let help = "write for instance Timeout(StartToClose)";
                return Err(cursor.error("which timeout is not said", help));
            };
            if parts.not_enough_time {
                message = timeout_message(timeout_type, TimeoutReason::NotEnoughTime);
            } else if silent {
                message = timeout_message(timeout_type, TimeoutReason::Elapsed);
            }
            FailureInfo::Timeout { timeout_type, last_heartbeat_details: parts.details }
        }
        "Canceled" => FailureInfo::Canceled { details: parts.details },
        "Terminated" => FailureInfo::Terminated,
        "Unspecified" => FailureInfo::Unspecified,
        _ => FailureInfo::Application {
            type_name: parts.type_name.unwrap_or(kind),
            non_retryable: parts.non_retryable,
        },
    };
    Ok(Payload::failure(Failure { message, info, cause: parts.cause }))
}

fn part(cursor: &mut Cursor<'_>, parts: &mut Parts, kind: &str, depth: usize) -> Result<()> {
    let (timeout, application) = (kind == "Timeout", kind == "Application");
    let retryable = application || !super::show::KINDS.contains(&kind) || kind == "Server";
    match cursor.take() {
        Some(Kind::Text(text)) => parts.message = Some(text),
        Some(Kind::Word(word)) => match word.as_str() {
            "cause" => parts.cause = nested(cursor, depth + 1)?,
            "details" if timeout || kind == "Canceled" => {
                parts.details = nested(cursor, depth + 1)?
            }
            "non_retryable" if retryable => parts.non_retryable = true,
            "not_enough_time" if timeout => parts.not_enough_time = true,
            "type" if application => match cursor.take() {
                Some(Kind::Text(name)) => parts.type_name = Some(name),
                Some(Kind::Word(_) | Kind::Open | Kind::Close | Kind::Comma) | None => {
                    return Err(cursor.error("the type is text in double quotes", ""));
                }
            },
            word => {
                let named = TimeoutType::ALL.into_iter().find(|t| t.name() == word);
                let (true, Some(timeout_type)) = (timeout, named) else {
                    let problem = format!("`{word}` is no part of a failure of kind {kind}");
                    return Err(cursor.error(problem, &help(kind, timeout, retryable)));
                };
                parts.timeout_type = Some(timeout_type);
            }
        },
        Some(Kind::Open | Kind::Close | Kind::Comma) | None => {
            let problem = "a part of the failure is missing here";
            return Err(cursor.error(problem, &help(kind, timeout, retryable)));
        }
    }
    Ok(())
}

/// What a failure of this kind can consist of.
fn help(kind: &str, timeout: bool, retryable: bool) -> String {
    let mut parts = vec!["\"message\"", "cause ..."];
    if timeout {
        parts.extend(["ScheduleToStart, ScheduleToClose, StartToClose or Heartbeat"]);
        parts.extend(["not_enough_time", "details ..."]);
    }
    if kind == "Canceled" {
        parts.push("details ...");
    }
    if retryable {
        parts.push("non_retryable");
    }
    if kind == "Application" {
        parts.push("type \"...\"");
    }
    format!("its parts are {}", parts.join(", "))
}

const DEEPEST: usize = 64;
