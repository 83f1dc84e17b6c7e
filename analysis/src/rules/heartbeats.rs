//! Rules about heartbeats: how soon a dead worker is noticed, and whether a cancel arrives.

use super::case::{Case, Judge, Verdict, span_text};
use super::fix::Way;
use activity_execution::options::{Field, Nanoseconds};
use activity_execution::vocabulary::Span;

const ATTEMPT: &[Field] =
    &[Field::StartToCloseTimeout, Field::ScheduleToCloseTimeout, Field::HeartbeatTimeout];

const KNOWN: &[Field] = &[Field::StartToCloseTimeout, Field::HeartbeatTimeout];

pub(super) const NO_HEARTBEAT: &[Judge] = &[Judge::new(ATTEMPT, KNOWN, no_heartbeat)];
pub(super) const CLIPPED: &[Judge] = &[Judge::new(ATTEMPT, KNOWN, clipped)];
pub(super) const TOO_TIGHT: &[Judge] =
    &[Judge::new(ATTEMPT, &[Field::HeartbeatTimeout], too_tight)];
pub(super) const CANCEL_UNDELIVERABLE: &[Judge] =
    &[Judge::new(&[Field::HeartbeatTimeout], &[Field::HeartbeatTimeout], cancel_undeliverable)];
pub(super) const DETECTION_LATENCY: &[Judge] = &[Judge::new(ATTEMPT, KNOWN, detection_latency)];

/// A heartbeat timeout that can take effect.
fn heartbeat(case: &Case<'_>) -> Option<Span> {
    let attempt = case.options.start_to_close_timeout();
    case.options.heartbeat_timeout().filter(|timeout| *timeout < attempt)
}

fn no_heartbeat(case: &Case<'_>) -> Option<Verdict> {
    let attempt = case.options.start_to_close_timeout();
    let is_long = Nanoseconds::from(attempt) > case.thresholds.no_heartbeat;
    if !is_long || heartbeat(case).is_some() || case.is_given(Field::HeartbeatTimeout) {
        return None;
    }
    let message = format!(
        "an attempt may take {} without heartbeat_timeout: a dead worker is noticed only after \
         that, and a cancel cannot reach the running attempt unless it heartbeats",
        span_text(attempt)
    );
    let field = if case.is_given(Field::StartToCloseTimeout) {
        Field::StartToCloseTimeout
    } else {
        Field::ScheduleToCloseTimeout
    };
    let verdict = Verdict::new(message).mark(field, "a dead worker goes unnoticed this long");
    let session = "unless it runs in a session, whose heartbeats notice a dead worker";
    let unless = case.declared.may_run_in_session.then_some(session);
    let verdict = Verdict { unless, ..verdict };
    Some(verdict.help("set heartbeat_timeout, and heartbeat at least twice as often"))
}

fn clipped(case: &Case<'_>) -> Option<Verdict> {
    let attempt = case.options.start_to_close_timeout();
    let given = case.options.requested().heartbeat_timeout?;
    // At the same instant start-to-close takes effect.
    if given.whole_milliseconds() < attempt {
        return None;
    }
    let message = format!(
        "heartbeat_timeout ({given}) is not shorter than an attempt may take ({}): it never \
         notices anything",
        span_text(attempt)
    );
    let verdict = Verdict::new(message).mark(Field::HeartbeatTimeout, "never takes effect");
    let field = if case.is_given(Field::StartToCloseTimeout) {
        Field::StartToCloseTimeout
    } else {
        Field::ScheduleToCloseTimeout
    };
    Some(
        verdict
            .mark(field, "ends the attempt before")
            .help("it helps only if it is much shorter than an attempt may take")
            .fix(Field::HeartbeatTimeout, Way::Lower),
    )
}

fn too_tight(case: &Case<'_>) -> Option<Verdict> {
    let every = case.declared.heartbeats_every?.whole_milliseconds();
    let timeout = case.options.heartbeat_timeout()?;
    if i128::from(timeout.0) >= 2 * i128::from(every.0) {
        return None;
    }
    let message = format!(
        "heartbeat_timeout ({}) is less than twice the interval of heartbeats ({}): one that is \
         late kills an attempt that is well",
        span_text(timeout),
        span_text(every)
    );
    let verdict = Verdict::new(message).mark(Field::HeartbeatTimeout, "too short");
    Some(verdict.fix(Field::HeartbeatTimeout, Way::Raise))
}

fn cancel_undeliverable(case: &Case<'_>) -> Option<Verdict> {
    if !case.declared.waits_for_cancellation || case.is_given(Field::HeartbeatTimeout) {
        return None;
    }
    let verdict = Verdict::new(
        "the workflow waits for the activity to accept a cancel, which only heartbeats deliver, \
         and heartbeat_timeout is not given",
    );
    Some(verdict.help("set heartbeat_timeout, and heartbeat from the function"))
}

fn detection_latency(case: &Case<'_>) -> Option<Verdict> {
    let attempt = case.options.start_to_close_timeout();
    let (timeout, field) = match heartbeat(case) {
        Some(timeout) => (timeout, Field::HeartbeatTimeout),
        None => (attempt, Field::StartToCloseTimeout),
    };
    let message = format!("a dead worker is noticed after {}", span_text(timeout));
    Some(Verdict::new(message).mark(field, "decides"))
}
