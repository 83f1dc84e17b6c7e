//! Round trips of the stored forms, and what they refuse.

use crate::driver::{Plan, Run, options_of, plans};
use activity_execution::{
    Activity, ActivityEvent, ActivityOptions, Answer, Call, Description, Payload, Snapshot,
    Timestamp,
};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use std::time::Duration;

/// There and back; and what is written of what came back is the same text.
fn round_trip<T: Serialize + DeserializeOwned + Debug + PartialEq>(
    value: &T,
) -> Result<(), String> {
    let text = serde_json::to_string(value).map_err(|error| error.to_string())?;
    let read: T = serde_json::from_str(&text).map_err(|error| format!("{error}: {text}"))?;
    let again = serde_json::to_string(&read).map_err(|error| error.to_string())?;
    (read == *value && again == text).then_some(()).ok_or(format!("{value:?} is not {text}"))
}

fn judge(plan: &Plan) -> Result<(), String> {
    let mut judged = Ok(());
    let run = Run::of(plan, |run, made| {
        judged = judged.clone().and_then(|()| {
            round_trip::<Call>(&made.call)?;
            round_trip::<Snapshot>(&run.activity.snapshot())?;
            round_trip::<Description>(&run.activity.describe(run.now))?;
            made.called.reply.as_ref().map_or(Ok(()), round_trip::<Answer>)
        });
    });
    judged?;
    run.log.iter().try_for_each(round_trip::<ActivityEvent>)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn what_is_stored_comes_back(plan in plans()) {
        judge(&plan).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn any_bytes_are_a_payload_that_comes_back(bytes: Vec<u8>, text: String) {
        round_trip(&Payload::from(bytes)).map_err(TestCaseError::fail)?;
        round_trip(&Payload::from(text)).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn instants_of_ten_thousand_years_come_back(time in -62_167_219_200_000..253_402_300_800_000_i64) {
        round_trip(&Timestamp(time)).map_err(TestCaseError::fail)?;
    }
}

#[test]
fn options_come_back_as_they_are_in_force() {
    for number in 0..12 {
        let options = options_of(number);
        round_trip(&*options).expect("they come back");
    }
    // What comes back has no changes, for nothing is normalised again.
    let text = serde_json::to_string(&*options_of(3)).expect("it is written");
    let read: ActivityOptions = serde_json::from_str(&text).expect("it is read");
    assert!(read.changes().is_empty() && !options_of(3).changes().is_empty());
    // A fraction that was cut off is not there to be cut off again.
    let odd = ActivityOptions::builder().start_to_close_timeout(Duration::from_micros(1_500_999));
    let odd = odd.build().expect("valid");
    assert_eq!(
        odd.changes().iter().filter(|it| it.field.name() == "start_to_close_timeout").count(),
        1
    );
    round_trip(&odd).expect("it comes back");
}

#[test]
fn what_cannot_be_is_refused_with_a_reason() {
    let options = serde_json::to_value(&*options_of(1)).expect("options are written");
    let with = |key: &str, value: serde_json::Value| {
        let mut options = options.clone();
        options[key] = value;
        let error = serde_json::from_value::<ActivityOptions>(options).expect_err("it is refused");
        error.to_string()
    };
    assert_eq!(
        with("heartbeat_timeout", "101s".into()),
        "heartbeat_timeout is not in force: it is never longer than start_to_close_timeout"
    );
    assert_eq!(
        with("start_delay", "1 s".into()),
        "\"1 s\" is no length of time: write seconds, as 90s or 0.250s"
    );
    assert_eq!(
        with("schema", 2.into()),
        "schema 2 is newer than 1, the newest that this version of activity-execution reads: upgrade it"
    );
    assert!(with("heartbeat_timout", "1s".into()).starts_with("unknown field `heartbeat_timout`"));

    let (activity, _) = Activity::start(options_of(1), Timestamp(0), "start");
    let snapshot = activity.snapshot();
    let refused = |snapshot: Snapshot| {
        let error = Activity::from_snapshot(options_of(1), &snapshot).expect_err("it is refused");
        error.to_string()
    };
    let mut without = snapshot.clone();
    without.dispatch_time = None;
    assert_eq!(refused(without), "dispatch_time is missing in this state");
    let mut held = snapshot.clone();
    held.poll_request_id = Some("poll".into());
    assert_eq!(refused(held), "poll_request_id is not what an execution in this state has there");
    let mut canceled = snapshot.clone();
    canceled.cancel_request_id = Some("cancel".into());
    assert_eq!(
        refused(canceled),
        "cancel_request_id is not what an execution in this state has there"
    );
    let mut far = snapshot.clone();
    far.dispatch_time = Some(Timestamp(i64::MAX));
    assert_eq!(refused(far), "dispatch_time is out of range");
    let mut later = snapshot;
    later.attempt.0 = 2;
    assert!(refused(later).contains("The first attempt has no predecessor"));
}
