//! Every state of an activity at its caller, and in each everything that can happen.
//! Deterministic: the counts are pinned, and whatever can occur must occur.

use crate::common::{alphabet, checked, every_terms};
use activity_execution::Payload;
use activity_execution::caller::promises::all;
use activity_execution::caller::{
    ActivityCancellationType, CallerAction, CallerOptions, CallerRejection, CallerStep,
    Cancellation, Cause, CloseEvent, Effects, HistoryEvent, Resolution, WorkflowActivity,
};
use activity_execution::vocabulary::TimeoutType;
use activity_models::explore::reach;
use std::collections::BTreeSet;

type Steps = Vec<(WorkflowActivity, CallerStep, WorkflowActivity)>;

fn explore(terms: &CallerOptions) -> (Vec<WorkflowActivity>, Steps) {
    let mut steps = Vec::new();
    let states = reach(WorkflowActivity::Created, Clone::clone, |before, next| {
        for action in alphabet() {
            let (after, reply) = checked(terms, before, &action);
            steps.push((*before, CallerStep { action, reply }, after));
            next.push(after);
        }
    });
    (states, steps)
}

fn kind(reply: &Result<Effects, CallerRejection>) -> String {
    let resolution = |resolution: &Resolution| match resolution {
        Resolution::Completed { .. } => "completed".to_string(),
        Resolution::Failed(failure) => match &failure.cause {
            Cause::Attempt { .. } => format!("failed {:?}", failure.retry_state),
            Cause::Timeout { timeout_type, .. } => format!("timed out {timeout_type:?}"),
            Cause::Canceled { .. } => "failed as cancelled".to_string(),
        },
        Resolution::Cancelled(failure) => match &failure.cause {
            Cause::Canceled { details } if *details == Payload::default() => "cancelled".into(),
            Cause::Canceled { .. } => "cancelled with details".to_string(),
            Cause::Attempt { .. } | Cause::Timeout { .. } => "cancelled as failed".to_string(),
        },
    };
    match reply {
        Err(rejection) => format!("{rejection:?}"),
        Ok(Effects { command, resolution: None }) => format!("{command:?}"),
        Ok(Effects { command: None, resolution: Some(told) }) => resolution(told),
        Ok(Effects { command: Some(command), resolution: Some(told) }) => {
            format!("{command:?}, {}", resolution(told))
        }
    }
}

#[test]
fn everything_that_can_happen_to_a_caller_happens_and_nothing_else() {
    let (mut kinds, mut states, mut steps) = (BTreeSet::new(), Vec::new(), 0);
    for terms in every_terms() {
        let (seen, taken) = explore(&terms);
        kinds.extend(taken.iter().map(|(_, step, _)| kind(&step.reply)));
        states.push(seen.len());
        steps += taken.len();
    }
    let mut expected: BTreeSet<String> = [
        "None",
        "Some(ScheduleActivityTask)",
        "Some(RequestCancelActivityTask)",
        "RequestCancelActivityTask, cancelled",
        "WithdrawScheduleActivityTask, cancelled",
        "cancelled",
        "cancelled with details",
        "completed",
        "failed CancelRequested",
        "failed NonRetryableFailure",
        "failed MaximumAttemptsReached",
        "failed Timeout",
    ]
    .map(String::from)
    .into();
    expected.extend(TimeoutType::ALL.map(|timeout_type| format!("timed out {timeout_type:?}")));
    expected.extend(CallerRejection::ALL.map(|rejection| format!("{rejection:?}")));
    assert_eq!(kinds, expected);
    assert_eq!(
        (states, steps),
        (vec![11, 11, 11, 11, 9, 9], 1_798),
        "a changed count is a changed machine"
    );
}

/// The events that can follow in a state, by name.
fn followers(terms: CallerOptions, state: WorkflowActivity) -> String {
    let name = |event: &HistoryEvent| match event {
        HistoryEvent::ActivityTaskScheduled => "Scheduled",
        HistoryEvent::ActivityTaskStarted => "Started",
        HistoryEvent::ActivityTaskCancelRequested => "CancelRequested",
        HistoryEvent::Closed(CloseEvent::ActivityTaskCompleted { .. }) => "Completed",
        HistoryEvent::Closed(CloseEvent::ActivityTaskFailed { .. }) => "Failed",
        HistoryEvent::Closed(CloseEvent::ActivityTaskTimedOut { .. }) => "TimedOut",
        HistoryEvent::Closed(CloseEvent::ActivityTaskCanceled { .. }) => "Canceled",
    };
    let names: BTreeSet<_> = alphabet()
        .into_iter()
        .filter(|action| state.decide(&terms, action).is_ok())
        .filter_map(|action| match action {
            CallerAction::Event(event) => Some(name(&event)),
            _ => None,
        })
        .collect();
    names.into_iter().collect::<Vec<_>>().join(" ")
}

/// The table that SDKs are built on, with four edges more: an abandoned activity that has started
/// may fail, and, started or not, may time out; and a start that was not held back may come before
/// the cancel request is recorded.
#[test]
fn history_can_go_on_as_the_table_says() {
    let of = |cancellation_type| CallerOptions { cancellation_type, is_detached: false };
    let open = |is_started, cancellation| WorkflowActivity::Open { is_started, cancellation };
    let wait = of(ActivityCancellationType::WaitCancellationCompleted);
    let abandon = of(ActivityCancellationType::Abandon);
    for (terms, state, expected) in [
        (wait, WorkflowActivity::Created, ""),
        (wait, WorkflowActivity::ScheduleCommandCreated, "Scheduled"),
        (wait, WorkflowActivity::Withdrawn, ""),
        (wait, open(false, Cancellation::None), "Started TimedOut"),
        (wait, open(true, Cancellation::None), "Completed Failed TimedOut"),
        (wait, open(false, Cancellation::CommandCreated), "CancelRequested Started"),
        (wait, open(true, Cancellation::CommandCreated), "CancelRequested"),
        (wait, open(false, Cancellation::EventRecorded), "Canceled Started TimedOut"),
        (wait, open(true, Cancellation::EventRecorded), "Canceled Completed Failed TimedOut"),
        (abandon, open(false, Cancellation::Abandoned), "Started TimedOut"),
        (abandon, open(true, Cancellation::Abandoned), "Completed Failed TimedOut"),
        (wait, WorkflowActivity::Closed, ""),
        (wait, WorkflowActivity::CallerClosed, ""),
    ] {
        assert_eq!(followers(terms, state), expected, "{state:?}");
    }
}

#[test]
fn each_promise_about_a_caller_refuses_something_wrong() {
    let waits = CallerOptions {
        cancellation_type: ActivityCancellationType::WaitCancellationCompleted,
        is_detached: false,
    };
    let abandoned =
        WorkflowActivity::Open { is_started: true, cancellation: Cancellation::Abandoned };
    let every: Vec<_> = every_terms().into_iter().map(|terms| (terms, explore(&terms).1)).collect();
    for promise in all::<Payload>() {
        let refused = if promise.of_states {
            let (_, step, _) = &every[0].1[0];
            !(promise.holds)(&waits, &abandoned, step, &abandoned)
        } else {
            every.iter().any(|(terms, steps)| {
                steps.iter().any(|(before, right, _)| {
                    steps.iter().any(|(_, wrong, after)| {
                        let (action, reply) = (right.action.clone(), wrong.reply.clone());
                        !(promise.holds)(terms, before, &CallerStep { action, reply }, after)
                    })
                })
            })
        };
        assert!(refused, "{}", promise.name);
    }
}
