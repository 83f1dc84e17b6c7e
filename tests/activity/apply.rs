//! The two forms of apply: the one that panics does so exactly where the other gives an error.

use crate::driver::runs;
use activity_execution::vocabulary::{RequestId, Span};
use activity_execution::{Activity, ActivityExecution, CannotFollow, Corruption, Event, Timestamp};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Every event that some run wrote, after every execution that some run came to: both forms agree
/// on whether it can follow, and on what follows.
#[test]
fn applying_panics_exactly_where_trying_to_gives_an_error() {
    // Thousands of panics are expected, in this thread alone.
    let (loud, expected) = (std::panic::take_hook(), std::thread::current().id());
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().id() != expected {
            loud(panic);
        }
    }));
    let (mut events, mut executions) = (Vec::<Event>::new(), Vec::new());
    for run in runs(40) {
        let log = run.log.iter().cloned().map(|event| event.with_request_id(|_| RequestId(0)));
        let log: Vec<Event> = log.collect();
        for length in 1..=log.len() {
            executions.extend(ActivityExecution::recover(&log[..length]));
        }
        events.extend(log);
    }
    let (mut agreed, mut refused, mut reasons) = (true, 0, BTreeSet::new());
    for (number, execution) in executions.iter().enumerate() {
        for event in events.iter().skip(number % 7).step_by(7) {
            let (mut tried, mut applied) = (execution.clone(), execution.clone());
            let result = tried.try_apply(event);
            let panicked = catch_unwind(AssertUnwindSafe(|| applied.apply(event))).is_err();
            agreed &= result.is_err() == panicked && tried == applied;
            if let Err(reason) = result {
                refused += 1;
                agreed &= tried == *execution;
                reasons.insert(format!("{reason:?}"));
            }
        }
    }
    let _silent = std::panic::take_hook();
    assert!(agreed, "the two forms differ");
    let tried = executions.len() * events.len() / 7;
    assert!(refused > 1_000 && tried - refused > 1_000, "{refused} of {tried} are refused");
    // That a log begins with another event is not a matter of apply.
    let all = [
        "AlreadyClosed",
        "AlreadyScheduled",
        "AlreadyStarted",
        "CancelAlreadyRequested",
        "NotStarted",
    ];
    assert_eq!(reasons.iter().map(String::as_str).collect::<Vec<_>>(), all);
}

#[test]
fn recovery_tells_which_event_is_wrong_and_why() {
    let run = runs(40).into_iter().find(|run| run.log.len() > 4).expect("some runs are long");
    let (log, options) = (&run.log, run.activity.options());

    let error = Activity::recover(options.clone(), &log[1..]).expect_err("the start is missing");
    assert_eq!(
        (error.index, error.corruption),
        (0, Corruption::CannotFollow(CannotFollow::NotScheduled))
    );
    let error = Activity::recover(options.clone(), log.iter().chain(&log[..1]));
    let error = error.expect_err("it is scheduled twice");
    assert_eq!((error.index, error.event), (log.len(), Some("Scheduled")));
    assert_eq!(
        error.to_string(),
        format!(
            "event {} of the log, Scheduled: it cannot follow: the execution was scheduled before",
            log.len()
        ),
    );
    let nothing: [activity_execution::ActivityEvent; 0] = [];
    let error = Activity::recover(options.clone(), nothing).expect_err("there is nothing");
    assert_eq!(error.to_string(), "there are no events");

    let Event::Scheduled { schedule_time, request_id, .. } = log[0].clone() else {
        panic!("a log begins with Scheduled");
    };
    let far = Event::Scheduled {
        schedule_time: Timestamp(i64::MAX),
        dispatch_time: Timestamp(i64::MAX),
        request_id: request_id.clone(),
    };
    let error = Activity::recover(options.clone(), [far]).expect_err("nobody lives then");
    assert_eq!(error.corruption, Corruption::OutOfRange);
    let late = Event::Scheduled {
        schedule_time,
        dispatch_time: schedule_time + options.start_delay() + Span(1),
        request_id,
    };
    let error = Activity::recover(options.clone(), [late]).expect_err("no option delays it");
    let Corruption::BreaksPromise { name, .. } = error.corruption else {
        panic!("{error} is no broken promise");
    };
    assert_eq!(name, "a_waiting_attempt_is_dispatched_in_time");
}

#[test]
fn an_event_from_before_the_one_it_follows_is_refused() {
    let run = runs(200).into_iter().find(|run| {
        matches!(run.log.get(1), Some(Event::Started { started_time, .. }) if *started_time > Timestamp(0))
    });
    let run = run.expect("most runs start");
    let mut log = run.log[..2].to_vec();
    log.push(Event::HeartbeatRecorded { recorded_time: Timestamp(0), details: "early".into() });
    let error =
        Activity::recover(run.activity.options().clone(), &log).expect_err("time is out of order");
    assert_eq!((error.index, error.corruption), (2, Corruption::OutOfOrder));
}
