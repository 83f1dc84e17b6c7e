//! Small histories that no recording has by itself: each as it has to be, and as it must not be.

use crate::judged;
use activity_analysis::history::Verdict;
use serde_json::{Value, json};

/// A history with an activity scheduled by event 5 at 0 s, and these events of it from 6 on, each at
/// so many seconds.
fn history(policy: &Value, events: &[(f64, &str, Value)]) -> Value {
    let at = |seconds: f64| json!(1_700_000_000_000_000_000 + (seconds * 1e9) as i64);
    let event = |id: usize, seconds: f64, kind: &str, attributes: &Value| {
        json!({ "eventId": id, "eventTime": at(seconds),
            format!("{kind}EventAttributes"): attributes })
    };
    let scheduled = json!({ "activityId": "a", "activityType": { "name": "Work" },
        "workflowTaskCompletedEventId": 4, "startToCloseTimeout": "10s", "retryPolicy": policy });
    let mut all = vec![
        event(1, 0.0, "workflowExecutionStarted", &json!({})),
        event(2, 0.0, "workflowTaskScheduled", &json!({})),
        event(3, 0.0, "workflowTaskStarted", &json!({ "scheduledEventId": 2 })),
        event(4, 0.0, "workflowTaskCompleted", &json!({ "scheduledEventId": 2 })),
        event(5, 0.0, "activityTaskScheduled", &scheduled),
    ];
    let events = events.iter().enumerate().map(|(index, (seconds, kind, attributes))| {
        let mut attributes = attributes.clone();
        attributes["scheduledEventId"] = json!(5);
        event(index + 6, *seconds, &format!("activityTask{kind}"), &attributes)
    });
    all.extend(events);
    json!({ "events": all })
}

fn policy() -> Value {
    json!({ "initialInterval": "100s", "backoffCoefficient": 1, "maximumInterval": "100s" })
}

/// The strict verdict, the rule that is broken or the reason, and what is tolerated otherwise.
fn verdicts(history: &Value) -> (Verdict, String, Vec<&'static str>) {
    let (_, strict) = judged(history, true);
    let (_, other) = judged(history, false);
    let said = strict[0].refuted.as_ref().map_or(strict[0].why.clone(), |it| it.rule.to_owned());
    (strict[0].verdict, said, other[0].tolerances.iter().map(|it| it.name()).collect())
}

#[test]
fn cancellation_of_what_waits_is_written_at_once() {
    let canceled = |at: f64| {
        history(
            &policy(),
            &[
                (10.0, "CancelRequested", json!({ "workflowTaskCompletedEventId": 4 })),
                (at, "Canceled", json!({ "latestCancelRequestedEventId": 6 })),
            ],
        )
    };
    assert_eq!(verdicts(&canceled(10.0)).0, Verdict::Conforms);
    let (verdict, rule, tolerances) = verdicts(&canceled(40.0));
    assert_eq!(
        (verdict, &*rule, &*tolerances),
        (Verdict::Violates, "H10", &["server-version"][..])
    );
}

/// A start that was made up for a completion by id stands at its instant; any other was a poll, and
/// had to wait for its backoff.
#[test]
fn only_a_start_at_the_instant_of_the_completion_is_made_up() {
    let failure = json!({ "message": "boom", "applicationFailureInfo": { "type": "Transient" } });
    let completed = |started: f64| {
        let start = json!({ "attempt": 2, "lastFailure": failure });
        history(
            &policy(),
            &[(started, "Started", start), (30.0, "Completed", json!({ "startedEventId": 6 }))],
        )
    };
    assert_eq!(verdicts(&completed(30.0)).0, Verdict::Conforms);
    let (verdict, rule, _) = verdicts(&completed(20.0));
    assert_eq!((verdict, &*rule), (Verdict::Violates, "H21"));
}

#[test]
fn an_attempt_beyond_all_that_can_be_followed_is_no_violation() {
    let started = |maximum: i64| {
        let mut policy = json!({ "initialInterval": "1s", "backoffCoefficient": 1,
            "maximumInterval": "1s" });
        policy["maximumAttempts"] = json!(maximum);
        let start = json!({ "attempt": 100_002, "requestId": "r",
            "lastFailure": { "message": "boom", "applicationFailureInfo": {} } });
        let completed = json!({ "startedEventId": 6 });
        history(&policy, &[(2e5, "Started", start), (2e5, "Completed", completed)])
    };
    for maximum in [0, 1_000_000] {
        let (verdict, why, _) = verdicts(&started(maximum));
        assert_eq!(verdict, Verdict::Undecided, "{why}");
        assert!(why.contains("attempt 100002 was started"), "{why}");
    }
    assert_eq!(verdicts(&started(5)).0, Verdict::Violates);
}

#[test]
fn two_events_of_an_activity_under_one_id_are_no_history() {
    let start = json!({ "attempt": 1, "requestId": "r" });
    let completed = json!({ "startedEventId": 6 });
    let mut twice = history(&policy(), &[(1.0, "Started", start), (2.0, "Completed", completed)]);
    assert_eq!(verdicts(&twice).0, Verdict::Conforms);
    twice["events"][6]["eventId"] = json!(6);
    let (verdict, rule, tolerances) = verdicts(&twice);
    assert_eq!((verdict, &*rule, tolerances.len()), (Verdict::Violates, "H1", 0));
}

#[test]
fn a_cancellation_answers_a_request_to_its_own_activity() {
    let canceled = |latest: i64| {
        let asked = json!({ "workflowTaskCompletedEventId": 4 });
        let closed = json!({ "latestCancelRequestedEventId": latest });
        history(&policy(), &[(1.0, "CancelRequested", asked), (1.0, "Canceled", closed)])
    };
    assert_eq!(verdicts(&canceled(6)).0, Verdict::Conforms);
    let (verdict, rule, _) = verdicts(&canceled(3));
    assert_eq!((verdict, &*rule), (Verdict::Violates, "H9"));
}

#[test]
fn nothing_of_an_activity_is_written_within_a_workflow_task() {
    let start = json!({ "attempt": 1, "requestId": "r" });
    let completed = json!({ "startedEventId": 6 });
    let mut within = history(&policy(), &[(1.0, "Started", start), (2.0, "Completed", completed)]);
    // The task that scheduled it goes on until after its close.
    let events = within["events"].as_array_mut().expect("events");
    events.push(json!({ "eventId": 8, "workflowTaskCompletedEventAttributes": {} }));
    assert_eq!(verdicts(&within).0, Verdict::Conforms);
    let events = within["events"].as_array_mut().expect("events");
    events[3] = json!({ "eventId": 4, "timerFiredEventAttributes": {} });
    let (verdict, _, tolerances) = verdicts(&within);
    assert_eq!((verdict, &*tolerances), (Verdict::Violates, &["server-version"][..]));
}
