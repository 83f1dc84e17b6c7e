//! Printing a script.

use super::super::{Happening, Script, Timers};
use super::show;
use crate::story::span;
use activity_execution::Payload;
use activity_execution::vocabulary::{
    Attempt, Dialect, Opaque, Request, RequestId, Span, TaskToken, Timestamp,
};
use std::collections::BTreeMap;
use std::fmt;

/// Who polled which attempt so far: what defaults of later lines refer to.
#[derive(Clone, Debug)]
pub(crate) struct Polls {
    /// The attempt that the next poll is about by default.
    pub(crate) next: i64,
    identities: BTreeMap<i64, Payload>,
}

impl Polls {
    pub(crate) fn new() -> Self {
        Polls { next: 1, identities: BTreeMap::new() }
    }

    /// Takes note of a poll, or of attempts that were skipped.
    pub(crate) fn note(&mut self, happening: &Happening) {
        match happening {
            Happening::Call(Request::RecordActivityTaskStarted {
                dispatched: TaskToken(Attempt(attempt)),
                identity,
                ..
            }) => {
                self.next = attempt.saturating_add(1);
                self.identities.insert(*attempt, identity.clone());
            }
            Happening::FailAttempts { count, .. } => {
                self.next = self.next.saturating_add(i64::from(*count));
            }
            Happening::Call(_)
            | Happening::Elapses { .. }
            | Happening::Wait
            | Happening::Jump
            | Happening::Describe => {}
        }
    }

    /// Who polled this attempt last.
    pub(crate) fn holder(&self, attempt: i64) -> Payload {
        let identity = self.identities.get(&attempt);
        identity.cloned().unwrap_or_else(Payload::none)
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.comment.is_empty() {
            for line in self.comment.split('\n') {
                writeln!(f, "{}", format!("# {line}").trim_end())?;
            }
        }
        let mut line = String::from("options:");
        for option in options(self) {
            if line.len() + option.len() > 98 {
                writeln!(f, "{line}")?;
                line = "options:".into();
            }
            line.push_str(if line.ends_with(':') { " " } else { ", " });
            line.push_str(&option);
        }
        writeln!(f, "{line}")?;
        let instants = self.lines.iter().map(|line| span(line.at).len());
        let width = instants.max().unwrap_or(0);
        let mut polls = Polls::new();
        for line in &self.lines {
            let holder = |attempt| polls.holder(attempt);
            let text = show::happening(&line.happening, self.backoff, polls.next, holder);
            writeln!(f, "{:width$}  {text}", span(line.at))?;
            polls.note(&line.happening);
        }
        Ok(())
    }
}

/// The options that differ from their defaults, as `key value`.
pub(crate) fn options(script: &Script) -> Vec<String> {
    let terms = &script.terms;
    let total = terms.schedule_to_close_timeout;
    let lasting = |key: &str, value: Span| format!("{key} {}", span(value));
    let mut options = Vec::new();
    match terms.dialect {
        Dialect::Standalone => {}
        Dialect::Workflow => options.push("dialect workflow".into()),
    }
    options.extend(total.map(|total| lasting("schedule_to_close", total)));
    if terms.schedule_to_start_timeout != total {
        let timeout = terms.schedule_to_start_timeout;
        options.extend(timeout.map(|timeout| lasting("schedule_to_start", timeout)));
    }
    if Some(terms.start_to_close_timeout) != total {
        options.push(lasting("start_to_close", terms.start_to_close_timeout));
    }
    let heartbeat = terms.heartbeat_timeout;
    options.extend(heartbeat.map(|timeout| lasting("heartbeat", timeout)));
    let maximum = terms.maximum_attempts;
    options.extend(maximum.map(|Attempt(maximum)| format!("maximum_attempts {maximum}")));
    if terms.start_delay != Span(0) {
        options.push(lasting("start_delay", terms.start_delay));
    }
    if !terms.retries_start_to_close {
        options.push("non_retryable TemporalTimeout:StartToClose".into());
    }
    if !terms.retries_heartbeat {
        options.push("non_retryable TemporalTimeout:Heartbeat".into());
    }
    if script.backoff != Span(1_000) {
        options.push(lasting("backoff", script.backoff));
    }
    if script.schedule_time != Timestamp(0) {
        options.push(lasting("schedule_time", Span(script.schedule_time.0)));
    }
    if script.start_request_id != RequestId(0) {
        options.push(format!("request {}", show::request_id(script.start_request_id)));
    }
    if script.timers == Timers::AsWritten {
        options.push("timers as_written".into());
    }
    options
}
