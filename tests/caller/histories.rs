//! The activity events of 864 workflow histories, recorded from a Temporal server of release
//! 1.32.1: the machine follows every one of them, whatever the cancellation type.
//! What a history does not tell, when workflow code cancels, is tried everywhere.

use crate::common::{canceled, checked, completed, failed, timed_out};
use activity_execution::caller::{
    ActivityCancellationType, CallerAction, CallerOptions, HistoryEvent, Resolution,
    WorkflowActivity, resolution,
};
use activity_execution::vocabulary::{RetryState, TimeoutType};

/// How often each sequence of events was recorded; `-` is the close of the workflow.
const RECORDED: [(usize, &str); 21] = [
    (179, "Scheduled TimedOut -"),
    (108, "Scheduled Started TimedOut -"),
    (107, "Scheduled CancelRequested Canceled -"),
    (70, "Scheduled Started Completed -"),
    (66, "Scheduled Started Failed -"),
    (55, "Scheduled TimedOut"),
    (43, "Scheduled -"),
    (35, "Scheduled CancelRequested Started Canceled -"),
    (35, "Scheduled Started TimedOut"),
    (30, "Scheduled CancelRequested Canceled"),
    (27, "Scheduled CancelRequested Started Failed -"),
    (25, "Scheduled CancelRequested Started TimedOut -"),
    (20, "Scheduled Started Failed"),
    (17, "Scheduled CancelRequested Started Canceled"),
    (12, "Scheduled CancelRequested Started TimedOut"),
    (10, "Scheduled Started Completed"),
    (9, "Scheduled CancelRequested Started Failed"),
    (6, "Scheduled CancelRequested Started Completed -"),
    (5, "Scheduled CancelRequested -"),
    (4, "Scheduled CancelRequested Started Completed"),
    (1, "Scheduled CancelRequested"),
];

fn events(recorded: &str) -> Vec<CallerAction> {
    let close = |close| CallerAction::Event(HistoryEvent::Closed(close));
    let retry_state = RetryState::MaximumAttemptsReached;
    recorded
        .split(' ')
        .map(|word| match word {
            "Scheduled" => CallerAction::Event(HistoryEvent::ActivityTaskScheduled),
            "Started" => CallerAction::Event(HistoryEvent::ActivityTaskStarted),
            "CancelRequested" => CallerAction::Event(HistoryEvent::ActivityTaskCancelRequested),
            "Completed" => close(completed()),
            "Failed" => close(failed(retry_state)),
            "TimedOut" => close(timed_out(TimeoutType::StartToClose, retry_state)),
            "Canceled" => close(canceled()),
            "-" => CallerAction::CloseCaller,
            other => panic!("no event is called {other}"),
        })
        .collect()
}

/// Plays a life that nothing in it may refuse, and gives what the workflow was told, once at most.
fn follow(terms: &CallerOptions, life: &[CallerAction]) -> Option<Resolution> {
    let (mut machine, _) = checked(terms, &WorkflowActivity::Created, &CallerAction::Schedule);
    let mut told = Vec::new();
    for action in life {
        let (after, reply) = checked(terms, &machine, action);
        let effects = reply.unwrap_or_else(|rejection| panic!("{life:?}: {action:?}: {rejection}"));
        told.extend(effects.resolution);
        machine = after;
    }
    assert!(told.len() <= 1, "{life:?}: told {told:?}");
    told.pop()
}

fn close_in(life: &[CallerAction]) -> Option<Resolution> {
    life.iter().find_map(|action| match action {
        CallerAction::Event(HistoryEvent::Closed(close)) => Some(resolution(close)),
        _ => None,
    })
}

fn terms(cancellation_type: ActivityCancellationType) -> CallerOptions {
    CallerOptions { cancellation_type, is_detached: false }
}

#[test]
fn every_recorded_history_is_followed() {
    assert_eq!(RECORDED.iter().map(|(times, _)| times).sum::<usize>(), 864);
    for (_, recorded) in RECORDED {
        let events = events(recorded);
        let request = CallerAction::Event(HistoryEvent::ActivityTaskCancelRequested);
        let requested = events.iter().position(|event| *event == request);
        for cancellation_type in ActivityCancellationType::ALL {
            let Some(requested) = requested else {
                assert_eq!(follow(&terms(cancellation_type), &events), close_in(&events));
                continue;
            };
            let mut life = events.clone();
            life.insert(requested, CallerAction::Cancel);
            let expected = match cancellation_type {
                ActivityCancellationType::TryCancel => Some(Resolution::cancelled_at_once()),
                ActivityCancellationType::WaitCancellationCompleted => close_in(&events),
                // Somebody else's request: whoever abandons an activity makes none.
                ActivityCancellationType::Abandon => continue,
            };
            assert_eq!(follow(&terms(cancellation_type), &life), expected, "{recorded}");
        }
    }
}

/// A history without a request can be that of an activity which was abandoned at any moment.
#[test]
fn every_history_without_a_request_may_be_of_an_abandoned_activity() {
    let abandons = terms(ActivityCancellationType::Abandon);
    let mut tried = 0;
    for (_, recorded) in RECORDED.iter().filter(|(_, it)| !it.contains("CancelRequested")) {
        let events = events(recorded);
        let is_over = |action: &CallerAction| {
            matches!(
                action,
                CallerAction::Event(HistoryEvent::Closed(_)) | CallerAction::CloseCaller
            )
        };
        let end = events.iter().position(is_over).expect("every recorded life ends");
        for moment in 1..=end {
            let mut life = events.clone();
            life.insert(moment, CallerAction::Cancel);
            let told = follow(&abandons, &life);
            assert_eq!(told, Some(Resolution::cancelled_at_once()), "{recorded} at {moment}");
            tried += 1;
        }
    }
    assert!(tried > 10, "only {tried} moments");
}
