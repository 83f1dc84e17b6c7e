//! Recovery of an activity from its log: the same fold as in life, and after each event the
//! promises of states. Reads no store.

use super::door::{HELD, RequestIds};
use super::{Activity, ActivityEvent, FIRST, LAST};
use crate::execution::{ActivityExecution, Corruption, Event, RecoveryError};
use crate::options::{ActivityOptions, RetryPolicy};
use crate::promises::{self, ServicePromise};
use crate::vocabulary::{
    Action, Answer, ExecutionOptions, Observation, RequestId, Span, Step, Timestamp,
};
use alloc::sync::Arc;
use core::borrow::Borrow;

impl Activity {
    /// The activity whose log this is, under the options that it was started with.
    ///
    /// Other options are noticed only where a state shows them; a changed timeout or backoff
    /// passes, and applies from here on: store the options with the log. A log that has lost its
    /// end is that of an earlier state, and a heartbeat that is missing is not noticed either:
    /// what protects a store from that is the store's own affair.
    ///
    /// # Errors
    /// Which event is wrong, and why. Whatever is in the log, it is refused, or the activity is
    /// one that keeps every promise of states.
    pub fn recover<E: Borrow<ActivityEvent>>(
        options: impl Into<Arc<ActivityOptions>>,
        log: impl IntoIterator<Item = E>,
    ) -> Result<Self, RecoveryError> {
        let options = options.into();
        let terms = options.execution_options();
        let mut events = log.into_iter().enumerate();
        let (_, first) = events.next().ok_or(RecoveryError::no_events())?;
        let (first, wrong) = (first.borrow(), RecoveryError::new);
        check_range(first).map_err(|corruption| wrong(0, first, corruption))?;
        let mut execution = ActivityExecution::begin(&numbered(first))
            .map_err(|reason| wrong(0, first, Corruption::CannotFollow(reason)))?;
        let Event::Scheduled { request_id, .. } = first else {
            return Err(wrong(0, first, Corruption::NoEvents));
        };
        let mut ids = RequestIds::new(request_id.clone());
        check_state(terms, &execution).map_err(|corruption| wrong(0, first, corruption))?;
        for (index, event) in events {
            let event = event.borrow();
            let last = execution.last_recorded_time();
            check_range(event)
                .and_then(|()| {
                    execution.try_apply(&numbered(event)).map_err(Corruption::CannotFollow)
                })
                .and_then(|()| check_order(last, event))
                .and_then(|()| check_state(terms, &execution))
                .map_err(|corruption| wrong(index, event, corruption))?;
            ids.keep(event);
        }
        Ok(Self::of(options, execution, ids))
    }
}

/// The event as the core knows it.
fn numbered(event: &ActivityEvent) -> Event {
    event.clone().with_request_id(|_| -> RequestId { HELD })
}

/// That arithmetic on what the event tells cannot overflow.
fn check_range(event: &ActivityEvent) -> Result<(), Corruption> {
    let is_in_range = match event {
        Event::Scheduled { schedule_time, dispatch_time, .. } => {
            is_recorded(*schedule_time) && is_derived(*dispatch_time)
        }
        Event::Rescheduled { complete_time, retry_interval, .. } => {
            is_recorded(*complete_time) && is_interval(*retry_interval)
        }
        Event::Started { .. }
        | Event::HeartbeatRecorded { .. }
        | Event::CancelRequested(_)
        | Event::Closed { .. } => time_of(event).is_none_or(is_recorded),
    };
    if is_in_range { Ok(()) } else { Err(Corruption::OutOfRange) }
}

fn check_order(last: Timestamp, event: &ActivityEvent) -> Result<(), Corruption> {
    match time_of(event) {
        Some(time) if time < last => Err(Corruption::OutOfOrder),
        Some(_) | None => Ok(()),
    }
}

fn check_state(terms: &ExecutionOptions, execution: &ActivityExecution) -> Result<(), Corruption> {
    let seen = execution.observe(terms, execution.last_recorded_time());
    match broken_promise(terms, &seen) {
        Some(ServicePromise { name, statement, .. }) => {
            Err(Corruption::BreaksPromise { name, statement })
        }
        None => Ok(()),
    }
}

/// The first promise of states that no execution seen like this keeps.
pub(super) fn broken_promise(
    terms: &ExecutionOptions,
    seen: &Observation,
) -> Option<ServicePromise> {
    // Promises of states look at nothing but the state.
    let step = Step { now: seen.now, action: Action::Tick { elapsed: Span(0) }, reply: DONE };
    let (mut index, mut broken) = (0, None);
    promises::judge_states(terms, seen, &step, seen, &mut |holds| {
        if !holds && broken.is_none() {
            broken = Some(index);
        }
        index += 1;
    });
    broken.and_then(|index| promises::all().into_iter().nth(index))
}

/// When the event happened; a cancel request does not tell.
fn time_of(event: &ActivityEvent) -> Option<Timestamp> {
    match event {
        Event::Scheduled { schedule_time: time, .. }
        | Event::Started { started_time: time, .. }
        | Event::HeartbeatRecorded { recorded_time: time, .. }
        | Event::Rescheduled { complete_time: time, .. }
        | Event::Closed { close_time: time, .. } => Some(*time),
        Event::CancelRequested(_) => None,
    }
}

/// Whether something can have happened then.
pub(super) fn is_recorded(time: Timestamp) -> bool {
    FIRST <= time && time <= LAST
}

/// Whether what has happened can lead to this instant, by a delay or a backoff.
pub(super) fn is_derived(time: Timestamp) -> bool {
    FIRST - RetryPolicy::LONGEST_WAIT <= time && time <= LAST + RetryPolicy::LONGEST_WAIT
}

/// Whether a retry can wait for this long; in the workflow dialect it can be negative.
pub(super) fn is_interval(span: Span) -> bool {
    Span(-RetryPolicy::LONGEST_WAIT.0) <= span && span <= RetryPolicy::LONGEST_WAIT
}

const DONE: Result<Answer, crate::vocabulary::Rejection> = Ok(Answer::Done);
