//! What the tests of the caller share: the whole alphabet, and a step that every promise watches.

use activity_execution::caller::promises::{CallerPromise, all};
use activity_execution::caller::{
    ActivityCancellationType, CallerAction, CallerOptions, CallerRejection, CallerStep, CloseEvent,
    Effects, HistoryEvent, WorkflowActivity,
};
use activity_execution::vocabulary::{RetryState, TimeoutType};
use activity_execution::{Content, Payload};
use std::sync::LazyLock;

static PROMISES: LazyLock<Vec<CallerPromise>> = LazyLock::new(all);

pub(crate) fn note(text: &str) -> Payload {
    let payload = Payload::data(text);
    assert!(matches!(payload.content(), Some(Content::Data(_))));
    payload
}

pub(crate) fn completed() -> CloseEvent {
    CloseEvent::ActivityTaskCompleted { result: note("result") }
}

pub(crate) fn failed(retry_state: RetryState) -> CloseEvent {
    CloseEvent::ActivityTaskFailed { failure: note("failure"), retry_state }
}

pub(crate) fn timed_out(timeout_type: TimeoutType, retry_state: RetryState) -> CloseEvent {
    CloseEvent::ActivityTaskTimedOut { timeout_type, failure: note("timeout"), retry_state }
}

pub(crate) fn canceled() -> CloseEvent {
    CloseEvent::ActivityTaskCanceled { details: note("details") }
}

/// Everything that can happen to an activity at its caller.
pub(crate) fn alphabet() -> Vec<CallerAction> {
    let mut actions = vec![
        CallerAction::Schedule,
        CallerAction::Cancel,
        CallerAction::CancelParent,
        CallerAction::CloseCaller,
        CallerAction::Event(HistoryEvent::ActivityTaskScheduled),
        CallerAction::Event(HistoryEvent::ActivityTaskStarted),
        CallerAction::Event(HistoryEvent::ActivityTaskCancelRequested),
    ];
    let mut closes = vec![completed(), canceled()];
    for retry_state in RetryState::ALL {
        closes.push(failed(retry_state));
        closes.extend(TimeoutType::ALL.map(|timeout_type| timed_out(timeout_type, retry_state)));
    }
    actions
        .extend(closes.into_iter().map(|close| CallerAction::Event(HistoryEvent::Closed(close))));
    actions
}

pub(crate) fn every_terms() -> Vec<CallerOptions> {
    ActivityCancellationType::ALL
        .into_iter()
        .flat_map(|cancellation_type| {
            [false, true].map(|is_detached| CallerOptions { cancellation_type, is_detached })
        })
        .collect()
}

/// Decides one step and holds every promise to it.
///
/// # Panics
/// If a promise is broken.
pub(crate) fn checked(
    terms: &CallerOptions,
    before: &WorkflowActivity,
    action: &CallerAction,
) -> (WorkflowActivity, Result<Effects, CallerRejection>) {
    let (after, reply) = match before.decide(terms, action) {
        Ok((after, effects)) => (after, Ok(effects)),
        Err(rejection) => (*before, Err(rejection)),
    };
    let step = CallerStep { action: action.clone(), reply: reply.clone() };
    for promise in PROMISES.iter() {
        assert!(
            (promise.holds)(terms, before, &step, &after),
            "{}: {}\n  terms  {terms:?}\n  before {before:?}\n  step   {step:?}\n  after {after:?}",
            promise.name,
            promise.statement,
        );
    }
    (after, reply)
}
