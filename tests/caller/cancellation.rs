//! Cancellation as a workflow meets it: three types, a cascade that can be stopped, one resolution;
//! and two defects of released SDKs, re-enacted.
//! Scenarios to be read; what holds always is in the promises, which watch here too.

use crate::common::{canceled, checked, completed, failed, note, timed_out};
use activity_execution::caller::{
    ActivityCancellationType, ActivityFailure, ActivityResultError, CallerAction, CallerOptions,
    CallerRejection, Cause, CloseEvent, Command, Effects, HistoryEvent, Resolution,
    WorkflowActivity, resolution, seen_by_client,
};
use activity_execution::vocabulary::{Outcome, RetryState, TimeoutType};
use activity_execution::{Failure, FailureInfo, Payload};

use ActivityCancellationType::{Abandon, TryCancel, WaitCancellationCompleted};

struct Driven {
    terms: CallerOptions,
    machine: WorkflowActivity,
}

type Said = Result<Effects, CallerRejection>;

impl Driven {
    fn scheduled(cancellation_type: ActivityCancellationType) -> Self {
        let terms = CallerOptions { cancellation_type, is_detached: false };
        let mut driven = Driven { terms, machine: WorkflowActivity::Created };
        assert_eq!(driven.on(CallerAction::Schedule), says(Command::ScheduleActivityTask));
        driven
    }

    /// Scheduled, and history says so.
    fn open(cancellation_type: ActivityCancellationType) -> Self {
        let mut driven = Driven::scheduled(cancellation_type);
        assert_eq!(driven.event(HistoryEvent::ActivityTaskScheduled), nothing());
        driven
    }

    fn on(&mut self, action: CallerAction) -> Said {
        let (after, reply) = checked(&self.terms, &self.machine, &action);
        self.machine = after;
        reply
    }

    fn event(&mut self, event: HistoryEvent) -> Said {
        self.on(CallerAction::Event(event))
    }

    fn closes(&mut self, close: CloseEvent) -> Said {
        self.event(HistoryEvent::Closed(close))
    }
}

fn nothing() -> Said {
    Ok(Effects::none())
}

fn says(command: Command) -> Said {
    Ok(Effects { command: Some(command), resolution: None })
}

fn told(resolution: Resolution) -> Said {
    Ok(Effects { command: None, resolution: Some(resolution) })
}

fn cancelled_at_once(command: Option<Command>) -> Said {
    Ok(Effects { command, resolution: Some(Resolution::cancelled_at_once()) })
}

/// S29: a workflow that only tries goes on at once; what really happened comes too late for it.
#[test]
fn try_cancel_asks_and_goes_on() {
    let mut activity = Driven::open(TryCancel);
    let request = Some(Command::RequestCancelActivityTask);
    assert_eq!(activity.on(CallerAction::Cancel), cancelled_at_once(request));
    assert_eq!(activity.event(HistoryEvent::ActivityTaskCancelRequested), nothing());
    assert_eq!(activity.event(HistoryEvent::ActivityTaskStarted), nothing());
    assert_eq!(activity.closes(completed()), nothing());
}

/// S29: a workflow that waits is told what really happened, which may be anything.
#[test]
fn wait_cancellation_completed_asks_and_waits_for_any_end() {
    for close in [
        completed(),
        failed(RetryState::CancelRequested),
        timed_out(TimeoutType::StartToClose, RetryState::CancelRequested),
        canceled(),
    ] {
        let mut activity = Driven::open(WaitCancellationCompleted);
        assert_eq!(activity.on(CallerAction::Cancel), says(Command::RequestCancelActivityTask));
        assert_eq!(activity.event(HistoryEvent::ActivityTaskCancelRequested), nothing());
        assert_eq!(activity.event(HistoryEvent::ActivityTaskStarted), nothing());
        assert_eq!(activity.closes(close.clone()), told(resolution(&close)));
    }
}

/// A released SDK held a failure or timeout of an abandoned activity for impossible, and failed the
/// workflow task over it for ever.
#[test]
fn an_abandoned_activity_may_fail_or_time_out_in_silence() {
    for close in [
        completed(),
        failed(RetryState::MaximumAttemptsReached),
        timed_out(TimeoutType::Heartbeat, RetryState::MaximumAttemptsReached),
    ] {
        let mut activity = Driven::open(Abandon);
        assert_eq!(activity.on(CallerAction::Cancel), cancelled_at_once(None));
        assert_eq!(activity.event(HistoryEvent::ActivityTaskStarted), nothing());
        assert_eq!(activity.closes(close), nothing());
        assert_eq!(activity.machine, WorkflowActivity::Closed);
    }
    let mut never_started = Driven::open(Abandon);
    assert_eq!(never_started.on(CallerAction::Cancel), cancelled_at_once(None));
    let late = timed_out(TimeoutType::ScheduleToStart, RetryState::Timeout);
    assert_eq!(never_started.closes(late), nothing());
}

/// S30: a second request would fail the workflow task, again and again; a released SDK made one
/// where an activity was cancelled on two paths.
#[test]
fn a_second_cancel_makes_no_second_request() {
    for cancellation_type in ActivityCancellationType::ALL {
        let mut activity = Driven::open(cancellation_type);
        assert!(activity.on(CallerAction::Cancel).is_ok());
        for again in [CallerAction::Cancel, CallerAction::CancelParent] {
            assert_eq!(activity.on(again), nothing());
        }
        if cancellation_type != Abandon {
            assert_eq!(activity.event(HistoryEvent::ActivityTaskCancelRequested), nothing());
            assert_eq!(activity.on(CallerAction::Cancel), nothing());
            assert!(activity.closes(canceled()).is_ok());
            assert_eq!(activity.on(CallerAction::Cancel), nothing());
        }
    }
}

/// Cancelled in the workflow task that scheduled it: the schedule is taken back, and there is
/// nothing to wait for, whatever the type.
#[test]
fn an_activity_cancelled_before_it_was_sent_never_existed() {
    for cancellation_type in ActivityCancellationType::ALL {
        let mut activity = Driven::scheduled(cancellation_type);
        let withdrawn = Some(Command::WithdrawScheduleActivityTask);
        assert_eq!(activity.on(CallerAction::Cancel), cancelled_at_once(withdrawn));
        let event = activity.event(HistoryEvent::ActivityTaskScheduled);
        assert_eq!(event, Err(CallerRejection::Nondeterminism));
    }
}

/// S18: cancelling a workflow cancels its activities, each in its own way.
#[test]
fn the_cancellation_of_a_parent_cascades() {
    let mut activity = Driven::open(WaitCancellationCompleted);
    assert_eq!(activity.on(CallerAction::CancelParent), says(Command::RequestCancelActivityTask));
}

/// S18: the cascade can be stopped; the activity's own cancellation cannot.
#[test]
fn a_detached_activity_hears_nothing_of_its_parent() {
    let mut activity = Driven::open(WaitCancellationCompleted);
    activity.terms.is_detached = true;
    assert_eq!(activity.on(CallerAction::CancelParent), nothing());
    assert_eq!(activity.event(HistoryEvent::ActivityTaskStarted), nothing());
    assert_eq!(activity.on(CallerAction::Cancel), says(Command::RequestCancelActivityTask));
}

/// The caller closes with its activity open: nobody is told, and history says no more.
#[test]
fn nothing_is_resolved_once_the_caller_is_closed() {
    let mut activity = Driven::open(WaitCancellationCompleted);
    assert_eq!(activity.on(CallerAction::Cancel), says(Command::RequestCancelActivityTask));
    assert_eq!(activity.on(CallerAction::CloseCaller), nothing());
    assert_eq!(activity.closes(canceled()), Err(CallerRejection::CallerClosed));
    assert_eq!(activity.on(CallerAction::Cancel), Err(CallerRejection::CallerClosed));
}

/// What the service held back while the workflow task ran comes after the request.
#[test]
fn a_close_that_was_held_back_follows_the_cancel_request() {
    let mut activity = Driven::open(WaitCancellationCompleted);
    assert_eq!(activity.on(CallerAction::Cancel), says(Command::RequestCancelActivityTask));
    assert_eq!(activity.closes(completed()), Err(CallerRejection::Nondeterminism));
    assert_eq!(activity.event(HistoryEvent::ActivityTaskCancelRequested), nothing());
    assert_eq!(activity.event(HistoryEvent::ActivityTaskStarted), nothing());
    assert_eq!(activity.closes(completed()), told(resolution(&completed())));
}

/// A service that does not hold a start back may write it at any time before the close: before the
/// cancel, between the command and the request, or after the request; once, and nobody is told.
#[test]
fn a_start_may_come_at_any_time_before_the_close() {
    for (cancellation_type, started_before) in
        ActivityCancellationType::ALL.into_iter().flat_map(|it| [0, 1, 2].map(|step| (it, step)))
    {
        let mut activity = Driven::open(cancellation_type);
        let is_asked = cancellation_type != Abandon;
        for step in 0..3 {
            if step == started_before {
                assert_eq!(activity.event(HistoryEvent::ActivityTaskStarted), nothing());
                let again = activity.event(HistoryEvent::ActivityTaskStarted);
                assert_eq!(again, Err(CallerRejection::Nondeterminism), "once");
            }
            match step {
                0 => assert!(activity.on(CallerAction::Cancel).is_ok()),
                1 if is_asked => {
                    let requested = activity.event(HistoryEvent::ActivityTaskCancelRequested);
                    assert_eq!(requested, nothing());
                }
                _ => {}
            }
        }
        let expected = match cancellation_type {
            WaitCancellationCompleted => told(resolution(&completed())),
            TryCancel | Abandon => nothing(),
        };
        assert_eq!(activity.closes(completed()), expected);
        assert_eq!(activity.machine, WorkflowActivity::Closed);
    }
}

/// What a workflow sees, row by row: message, cause and retry state.
#[test]
fn a_workflow_sees_every_failure_in_a_wrapper() {
    for retry_state in RetryState::ALL {
        let cause = Cause::Attempt { failure: note("failure") };
        let wrapper = ActivityFailure { cause, retry_state };
        assert_eq!(wrapper.message(), "Activity task failed");
        assert_eq!(resolution(&failed(retry_state)), Resolution::Failed(wrapper));
        for timeout_type in TimeoutType::ALL {
            let cause = Cause::Timeout { timeout_type, failure: note("timeout") };
            let wrapper = ActivityFailure { cause, retry_state };
            assert_eq!(wrapper.message(), "Activity task timed out");
            let close = timed_out(timeout_type, retry_state);
            assert_eq!(resolution(&close), Resolution::Failed(wrapper));
        }
    }
    let wrapper = ActivityFailure {
        cause: Cause::Canceled { details: note("details") },
        retry_state: RetryState::CancelRequested,
    };
    assert_eq!(wrapper.message(), "Activity cancelled");
    assert_eq!(resolution(&canceled()), Resolution::Cancelled(wrapper));
    assert_eq!(resolution(&completed()), Resolution::Completed { result: note("result") });
}

/// A client that waits for a standalone activity sees the same bare.
#[test]
fn a_client_sees_every_failure_bare() {
    let failure = application_failure();
    for (outcome, seen) in [
        (Outcome::Completed { result: note("result") }, Ok(note("result"))),
        (
            Outcome::Failed { failure: failure.clone(), retry_state: RetryState::Timeout },
            Err(ActivityResultError::ActivityFailed { failure: failure.clone() }),
        ),
        (
            Outcome::TimedOut {
                timeout_type: TimeoutType::Heartbeat,
                failure: failure.clone(),
                retry_state: RetryState::MaximumAttemptsReached,
            },
            Err(ActivityResultError::TimedOut { timeout_type: TimeoutType::Heartbeat, failure }),
        ),
        (
            Outcome::Canceled { details: note("details"), identity: note("identity") },
            Err(ActivityResultError::Cancelled { details: note("details") }),
        ),
        (terminated(), Err(ActivityResultError::Terminated { reason: note("reason") })),
    ] {
        assert_eq!(seen_by_client(&outcome), seen);
    }
}

/// History has an event for every outcome of a workflow's activity, which is never terminated.
#[test]
fn an_outcome_becomes_the_close_event_of_its_name() {
    let (failure, retry_state) = (note("failure"), RetryState::NonRetryableFailure);
    let timeout_type = TimeoutType::StartToClose;
    let details = note("details");
    for (outcome, close) in [
        (Outcome::Completed { result: note("result") }, Some(completed())),
        (Outcome::Failed { failure, retry_state }, Some(failed(retry_state))),
        (
            Outcome::TimedOut { timeout_type, failure: note("timeout"), retry_state },
            Some(timed_out(timeout_type, retry_state)),
        ),
        (Outcome::Canceled { details, identity: note("identity") }, Some(canceled())),
        (terminated(), None),
    ] {
        assert_eq!(CloseEvent::of(&outcome), close);
    }
}

fn terminated() -> Outcome<Payload> {
    Outcome::Terminated { reason: note("reason"), identity: note("identity") }
}

fn application_failure() -> Payload {
    Payload::failure(Failure {
        message: "no such file".into(),
        info: FailureInfo::Application { type_name: "NotFound".into(), non_retryable: true },
        cause: Payload::default(),
    })
}
