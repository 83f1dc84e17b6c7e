//! Parsing a script: names the line, what is wrong with it, and what to do.

use super::super::{Happening, Line, Script, Timers};
use super::literal;
use super::print::Polls;
use crate::story::{Cursor, LONGEST, Language, ScriptError, nearest, read};
use activity_execution::Payload;
use activity_execution::vocabulary::{
    ActionKind, Attempt, Dialect, ExecutionOptions, IdConflictPolicy, Opaque, Request, RequestId,
    RequestKind, Retryability, Span, Target, TaskToken, TimeoutType, Timestamp,
};
use std::str::FromStr;

type Result<T> = core::result::Result<T, ScriptError>;

impl FromStr for Script {
    type Err = ScriptError;

    /// Parses the part of `text` above `----`.
    fn from_str(text: &str) -> Result<Self> {
        let mut parser = Parser::new();
        parser.script.comment = read(text, &mut parser)?;
        Ok(parser.script)
    }
}

struct Parser {
    script: Script,
    given: Given,
    polls: Polls,
    /// The latest instant that the script can reach.
    horizon: i64,
}

/// The timeouts as they were given; the missing ones follow from those that are there.
#[derive(Default)]
struct Given {
    schedule_to_close: Option<Span>,
    schedule_to_start: Option<Span>,
    start_to_close: Option<Span>,
}

impl Parser {
    fn new() -> Self {
        Parser {
            script: Script::new(ExecutionOptions {
                dialect: Dialect::Standalone,
                maximum_attempts: None,
                schedule_to_close_timeout: None,
                schedule_to_start_timeout: None,
                start_to_close_timeout: Span(0),
                heartbeat_timeout: None,
                start_delay: Span(0),
                retries_start_to_close: true,
                retries_heartbeat: true,
            }),
            given: Given::default(),
            polls: Polls::new(),
            horizon: 10 * LONGEST.0,
        }
    }

    fn fail_attempts(&mut self, cursor: &mut Cursor<'_>) -> Result<Happening> {
        let count = cursor.number("a number of attempts")?;
        let Ok(count @ 0..=100_000) = u32::try_from(count) else {
            return Err(cursor.error("this many attempts are too many", "at most 100000"));
        };
        let backoff = self.backoff(cursor)?;
        let lasts = backoff.0.saturating_mul(i64::from(count));
        self.horizon = self.horizon.saturating_add(lasts);
        if self.horizon > i64::MAX / 2 {
            return Err(cursor.error_of_line("this script takes too long", "shorten the backoff"));
        }
        Ok(Happening::FailAttempts { count, backoff })
    }

    fn backoff(&self, cursor: &mut Cursor<'_>) -> Result<Span> {
        if cursor.accept_word("backoff") {
            return cursor.span("a backoff");
        }
        Ok(self.script.backoff)
    }

    fn call(&self, cursor: &mut Cursor<'_>, word: &str) -> Result<Request> {
        let Some(kind) = RequestKind::of_trace_word(word) else {
            return Err(unknown_event(cursor, word));
        };
        let by_id = kind.is_by_id();
        Ok(match kind {
            RequestKind::StartActivityExecution => start(cursor)?,
            RequestKind::RecordActivityTaskStarted => self.poll(cursor)?,
            RequestKind::RequestCancelActivityExecution => {
                let (request_id, reason, identity) = asked(cursor)?;
                Request::RequestCancelActivityExecution { request_id, identity, reason }
            }
            RequestKind::TerminateActivityExecution => {
                let (request_id, reason, identity) = asked(cursor)?;
                Request::TerminateActivityExecution { request_id, identity, reason }
            }
            RequestKind::RecordActivityTaskHeartbeat
            | RequestKind::RecordActivityTaskHeartbeatById => {
                let target = target(cursor, by_id)?;
                let details = literal::optional(cursor)?;
                Request::RecordActivityTaskHeartbeat { target, details }
            }
            RequestKind::RespondActivityTaskCanceled
            | RequestKind::RespondActivityTaskCanceledById => {
                let target = target(cursor, by_id)?;
                let details = literal::optional(cursor)?;
                Request::RespondActivityTaskCanceled { target, details }
            }
            RequestKind::RespondActivityTaskCompleted
            | RequestKind::RespondActivityTaskCompletedById => {
                let target = target(cursor, by_id)?;
                let result = literal::optional(cursor)?;
                let identity = self.reporter(cursor, target)?;
                cursor.end(&["by"])?;
                Request::RespondActivityTaskCompleted { target, result, identity }
            }
            RequestKind::RespondActivityTaskFailed | RequestKind::RespondActivityTaskFailedById => {
                self.failed(cursor, by_id)?
            }
        })
    }

    fn poll(&self, cursor: &mut Cursor<'_>) -> Result<Request> {
        let mut attempt = self.polls.next;
        let mut request = None;
        let identity = literal::optional(cursor)?;
        if cursor.accept_word("attempt") {
            attempt = cursor.number("an attempt")?;
        }
        if cursor.accept_word("request") {
            request = Some(request_id(cursor)?);
        }
        cursor.end(&["attempt", "request"])?;
        let Some(request_id) = request.or(u32::try_from(attempt).ok().map(RequestId)) else {
            let help = "request ids are smaller: name one, as `request b`";
            return Err(cursor.error("this attempt is no request id", help));
        };
        Ok(Request::RecordActivityTaskStarted {
            request_id,
            dispatched: TaskToken(Attempt(attempt)),
            identity,
        })
    }

    fn failed(&self, cursor: &mut Cursor<'_>, by_id: bool) -> Result<Request> {
        let target = target(cursor, by_id)?;
        let failure = literal::optional(cursor)?;
        let retry = self.retry(cursor)?;
        let last_heartbeat_details =
            if cursor.accept_word("details") { Some(literal::payload(cursor)?) } else { None };
        let identity = self.reporter(cursor, target)?;
        cursor.end(&["non_retryable", "timed_out", "no_interval", "backoff", "details", "by"])?;
        Ok(Request::RespondActivityTaskFailed {
            target,
            failure,
            retry,
            last_heartbeat_details,
            identity,
        })
    }

    /// Whether a reported failure is retried; by default after the script's backoff.
    fn retry(&self, cursor: &mut Cursor<'_>) -> Result<Retryability> {
        if cursor.accept_word("non_retryable") {
            return Ok(Retryability::NonRetryable);
        }
        for (word, retry) in
            [("timed_out", Retryability::TimedOut), ("no_interval", Retryability::NoInterval)]
        {
            if cursor.accept_word(word) {
                return match self.script.terms.dialect {
                    Dialect::Workflow => Ok(retry),
                    Dialect::Standalone => {
                        let problem = format!("a standalone activity knows no `{word}`");
                        Err(cursor.error(problem, "only with `options: dialect workflow`"))
                    }
                };
            }
        }
        cursor.accept_word("retryable");
        if !cursor.accept_word("backoff") {
            return Ok(Retryability::After(self.script.backoff));
        }
        Ok(Retryability::After(match self.script.terms.dialect {
            Dialect::Standalone => cursor.span("a backoff")?,
            Dialect::Workflow => cursor.signed_span("a backoff")?,
        }))
    }

    fn reporter(&self, cursor: &mut Cursor<'_>, target: Target) -> Result<Payload> {
        if cursor.accept_word("by") {
            return literal::payload(cursor);
        }
        Ok(match target {
            Target::Token(TaskToken(Attempt(attempt))) => self.polls.holder(attempt),
            Target::ById => Payload::none(),
        })
    }
}

impl Language for Parser {
    const OPTIONS_HELP: &'static str =
        "write for instance `options: start_to_close 10s, maximum_attempts 3`";

    fn option(&mut self, key: &str, cursor: &mut Cursor<'_>) -> Result<()> {
        let script = &mut self.script;
        match key {
            "schedule_to_close" => {
                self.given.schedule_to_close = Some(cursor.span("a timeout")?);
            }
            "schedule_to_start" => {
                self.given.schedule_to_start = Some(cursor.span("a timeout")?);
            }
            "start_to_close" => self.given.start_to_close = Some(cursor.span("a timeout")?),
            "heartbeat" => script.terms.heartbeat_timeout = Some(cursor.span("a timeout")?),
            "start_delay" => script.terms.start_delay = cursor.span("a delay")?,
            "backoff" => script.backoff = cursor.span("a backoff")?,
            "schedule_time" => script.schedule_time = Timestamp(cursor.span("an instant")?.0),
            "request" => script.start_request_id = request_id(cursor)?,
            "maximum_attempts" => {
                let maximum = cursor.number("a number of attempts")?;
                script.terms.maximum_attempts = Some(Attempt(maximum));
            }
            "non_retryable" => match cursor.word("a timeout")?.as_str() {
                "TemporalTimeout:StartToClose" => script.terms.retries_start_to_close = false,
                "TemporalTimeout:Heartbeat" => script.terms.retries_heartbeat = false,
                other => {
                    let help = "TemporalTimeout:StartToClose or TemporalTimeout:Heartbeat; that a \
                                failure is not retried is said where it is reported";
                    return Err(cursor.error(format!("`{other}` is not a timeout"), help));
                }
            },
            "dialect" => match cursor.word("whose rules it follows")?.as_str() {
                "standalone" => script.terms.dialect = Dialect::Standalone,
                "workflow" => script.terms.dialect = Dialect::Workflow,
                other => {
                    let help = "standalone (the default) or workflow";
                    return Err(cursor.error(format!("the dialect cannot be `{other}`"), help));
                }
            },
            "timers" => match cursor.word("who makes timers elapse")?.as_str() {
                "as_written" => script.timers = Timers::AsWritten,
                "punctual" => script.timers = Timers::Punctual,
                other => {
                    let help = "punctual (the default) or as_written";
                    return Err(cursor.error(format!("timers cannot be `{other}`"), help));
                }
            },
            other => return Err(unknown(cursor, other, "option", &OPTIONS)),
        }
        Ok(())
    }

    /// Fills in the timeouts that follow from others.
    fn opened(&mut self, line: &Cursor<'_>) -> Result<()> {
        let terms = &mut self.script.terms;
        let total = self.given.schedule_to_close;
        terms.schedule_to_close_timeout = total;
        terms.schedule_to_start_timeout = self.given.schedule_to_start.or(total);
        let start_to_close = self.given.start_to_close.or(total);
        terms.start_to_close_timeout = start_to_close.unwrap_or(Span(0));
        if terms.are_normal() {
            return Ok(());
        }
        let problem = "a service would not run an activity with these options";
        Err(line.error_of_line(problem, NORMAL_HELP))
    }

    fn line(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        let at = cursor.span("an instant")?;
        if self.script.lines.last().is_some_and(|last| at < last.at) {
            let help = "instants count from the schedule time and never go back";
            return Err(cursor.error("this is before the line above", help));
        }
        let word = cursor.word("what happens")?;
        let happening = if let Some(timeout_type) = TimeoutType::of_trace_word(&word) {
            let backoff = self.backoff(cursor)?;
            cursor.end(&["backoff"])?;
            Happening::Elapses { timeout_type, backoff }
        } else {
            match word.as_str() {
                "Wait" => Happening::Wait,
                "Jump" => Happening::Jump,
                "Describe" => Happening::Describe,
                "FailAttempts" => self.fail_attempts(cursor)?,
                _ => Happening::Call(self.call(cursor, &word)?),
            }
        };
        cursor.end(&[])?;
        self.polls.note(&happening);
        self.script.lines.push(Line { at, happening });
        Ok(())
    }
}

fn start(cursor: &mut Cursor<'_>) -> Result<Request> {
    let request_id = request_id(cursor)?;
    let id_conflict_policy = if cursor.accept_word("UseExisting") {
        IdConflictPolicy::UseExisting
    } else {
        cursor.accept_word("Fail");
        IdConflictPolicy::Fail
    };
    cursor.end(&["UseExisting", "Fail"])?;
    Ok(Request::StartActivityExecution { request_id, id_conflict_policy })
}

/// Request id, reason, and who asks.
fn asked(cursor: &mut Cursor<'_>) -> Result<(RequestId, Payload, Payload)> {
    let request_id = request_id(cursor)?;
    let reason = literal::optional(cursor)?;
    let identity =
        if cursor.accept_word("by") { literal::payload(cursor)? } else { Payload::none() };
    cursor.end(&["by"])?;
    Ok((request_id, reason, identity))
}

fn target(cursor: &mut Cursor<'_>, by_id: bool) -> Result<Target> {
    if by_id {
        return Ok(Target::ById);
    }
    let attempt = cursor.number("the attempt whose token is shown")?;
    Ok(Target::Token(TaskToken(Attempt(attempt))))
}

fn request_id(cursor: &mut Cursor<'_>) -> Result<RequestId> {
    let word = cursor.word("a request id")?;
    if let [letter @ b'a'..=b'z'] = word.as_bytes() {
        return Ok(RequestId(u32::from(letter - b'a')));
    }
    let number = word.strip_prefix('r').and_then(|number| number.parse().ok());
    number.map(RequestId).ok_or_else(|| {
        let help = "a letter from a to z, or r and a number, as r100";
        cursor.error(format!("`{word}` is not a request id"), help)
    })
}

fn unknown(cursor: &Cursor<'_>, word: &str, what: &str, known: &[&str]) -> ScriptError {
    let help = match nearest(word, known) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("the {what}s are {}", known.join(", ")),
    };
    cursor.error(format!("`{word}` is not an {what}"), &help)
}

/// What only scripts know, beside what can happen to an execution.
const OF_SCRIPTS: [&str; 4] = ["Wait", "Jump", "Describe", "FailAttempts"];

fn unknown_event(cursor: &Cursor<'_>, word: &str) -> ScriptError {
    let happens = ActionKind::ALL.into_iter().filter(|kind| *kind != ActionKind::Tick);
    let known: Vec<_> = happens.map(ActionKind::trace_word).chain(OF_SCRIPTS).collect();
    unknown(cursor, word, "event", &known)
}

const OPTIONS: [&str; 12] = [
    "dialect",
    "schedule_to_close",
    "schedule_to_start",
    "start_to_close",
    "heartbeat",
    "maximum_attempts",
    "start_delay",
    "non_retryable",
    "backoff",
    "schedule_time",
    "request",
    "timers",
];

const NORMAL_HELP: &str = "start_to_close or schedule_to_close is given; timeouts and \
    maximum_attempts are more than zero; schedule_to_start and start_to_close are not above \
    schedule_to_close, heartbeat not above start_to_close";
