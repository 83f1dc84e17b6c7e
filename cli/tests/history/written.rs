//! Histories that the core itself wrote, with up to fifty hidden attempts: each is explained, what is
//! true is among the explanations, and every end of every range is attained by a story that the core
//! plays.

use crate::judged;
use crate::support::core::{Ending, Written, write};
use crate::support::random::Random;
use crate::support::story::{Sample, Told, nothing_is_hollow};
use activity_analysis::history::{Step, Stories, Telling, Verdict, Way, classes};
use activity_execution::Payload;
use activity_execution::history::{How, RecordedRetryState};
use activity_execution::vocabulary::{Action, RetryState, TimeoutType};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Judges a history that the core wrote, and holds what is found against what is true; says whether
/// there is one explanation alone.
fn check(written: &Written) -> Result<bool, String> {
    let (history, judgements) = judged(&written.history, true);
    let [judgement] = &judgements[..] else { return Err("not one activity".to_owned()) };
    if judgement.verdict != Verdict::Conforms {
        return Err(format!("{}: {}", judgement.verdict.name(), judgement.why));
    }
    let explained = judgement.explained.as_ref().expect("it is explained");
    let many = i64::try_from(written.hidden.len()).expect("few");
    if !explained.counts.iter().any(|counted| counted.many == many) {
        return Err(format!("{many} hidden attempts are not among {:?}", explained.counts));
    }
    let stories = Stories::of(&history.activities[0], &history.run, judgement);
    let hidden = stories.and_then(|it| it.hidden(many)).ok_or("no ranges")?;
    for (found, is) in hidden.iter().zip(&written.hidden) {
        let (start, end) = (is.start * 1_000, is.end * 1_000);
        let inside = |(least, most): (i64, i64), it: i64| least <= it && it <= most;
        let way = found.ways.iter().position(|way| *way == is.way);
        let ranges = way.map(|way| found.by_way[way]);
        if !ranges.is_some_and(|(starts, ends)| inside(starts, start) && inside(ends, end)) {
            return Err(format!("{is:?} is not in {found:?}"));
        }
    }
    Ok(classes(explained, 1).is_unique())
}

#[test]
fn what_the_core_writes_is_explained_and_nothing_of_it_is_hollow() {
    let mut random = Random::new(20_261_128);
    let mut endings: BTreeMap<Ending, usize> = BTreeMap::new();
    let (mut all, mut most, mut silent, mut unique, mut stories) = (0, 0, 0, 0, 0);
    while all < 1_200 {
        let written = write(&mut random);
        if written.hidden.len() < 2 {
            continue;
        }
        all += 1;
        most = most.max(written.hidden.len());
        silent += usize::from(written.hidden.iter().any(|it| it.way == Way::Heartbeat));
        *endings.entry(written.ending).or_default() += 1;
        match check(&written) {
            Ok(is_unique) => unique += usize::from(is_unique),
            Err(complaint) => panic!("{complaint}\n{:?}\n{:#}", written.hidden, written.history),
        }
        let (history, judgements) = judged(&written.history, true);
        match nothing_is_hollow(&history, 0, &judgements[0], SAMPLE) {
            Ok(played) => stories += played,
            Err(complaint) => panic!("{complaint}\n{:?}\n{:#}", written.hidden, written.history),
        }
    }
    println!(
        "{all} histories, up to {most} hidden attempts, {silent} with a heartbeat timeout, \
         {unique} with a unique explanation, {stories} stories played ({SAMPLE:?}): {endings:?}"
    );
    assert_eq!(most, 50);
    assert!(silent > 200, "{silent}");
    for ending in Ending::ALL {
        let count = endings.get(&ending).copied().unwrap_or(0);
        assert!(count >= 20, "{ending:?} came {count} times: {endings:?}");
    }
}

/// A story that is told with one step less, or with one recorded word that is another, is noticed.
#[test]
fn a_story_that_is_not_so_is_noticed() {
    let mut random = Random::new(7);
    for ending in [Ending::Completed, Ending::MaximumAttempts, Ending::Heartbeat] {
        let written = std::iter::repeat_with(|| write(&mut random))
            .find(|it| it.hidden.len() == 2 && it.ending == ending)
            .expect("there is one");
        let (history, judgements) = judged(&written.history, true);
        let activity = &history.activities[0];
        let stories = Stories::of(activity, &history.run, &judgements[0]).expect("it is explained");
        let story = stories.story(&Telling::default()).expect("a story");
        let plays = |activity, story: &[Step]| {
            Told::of(activity, &history.run, &judgements[0]).plays(story)
        };
        assert_eq!(plays(activity, &story).map(|it| it.len()), Ok(2));
        let unheard = |action: &Action<_, _>| {
            // The last heartbeat may have been told for a timeout's sake alone.
            matches!(action, Action::Tick { .. })
        };
        for index in 0..story.len() {
            let mut story = story.clone();
            if !unheard(&story.remove(index).action) {
                continue;
            }
            assert!(plays(activity, &story).is_err(), "step {index} of {story:?}");
        }
        let mut wrong = vec![activity.clone(); 5];
        wrong[0].starts[0].attempt = Some(2);
        wrong[1].starts[0].time = wrong[1].starts[0].time.map(|time| time + 2_000_000);
        wrong[2].closes[0].time = wrong[2].closes[0].time.map(|time| time + 2_000_000);
        wrong[3].starts[0].last_failure.as_mut().expect("it failed").failure = Payload::default();
        match &mut wrong[4].closes[0].how {
            How::TimedOut { timeout_type, .. } => *timeout_type = Some(TimeoutType::StartToClose),
            How::Failed { retry_state, .. } => {
                *retry_state = Some(RecordedRetryState::Known(RetryState::Timeout));
            }
            other => *other = How::Canceled { latest_cancel_requested_event_id: None },
        }
        for (index, wrong) in wrong.iter().enumerate() {
            assert!(plays(wrong, &story).is_err(), "{ending:?}, change {index}: {wrong:?}");
        }
    }
}

/// A chain of ten thousand attempts, whose backoff reaches its maximum with the eighth, before one that
/// completes with some seconds to spare.
fn long_chain(attempts: i64) -> Value {
    let backoffs = (0..attempts).map(|index| (1_i64 << index.min(7)).min(100));
    let seconds = backoffs.sum::<i64>() + 37;
    let at = |seconds: i64| json!(1_700_000_000_000_000_000 + seconds * 1_000_000_000);
    let event = |id: i64, seconds: i64, kind: &str, attributes: Value| json!({ "eventId": id, "eventTime": at(seconds), format!("{kind}EventAttributes"): attributes });
    let policy = json!({ "initialInterval": "1s", "backoffCoefficient": 2,
        "maximumInterval": "100s" });
    let failure = json!({ "message": "boom", "applicationFailureInfo": { "type": "Transient" } });
    json!({ "events": [
        event(1, 0, "workflowExecutionStarted", json!({})),
        event(2, 0, "workflowTaskScheduled", json!({})),
        event(3, 0, "workflowTaskStarted", json!({ "scheduledEventId": 2 })),
        event(4, 0, "workflowTaskCompleted", json!({ "scheduledEventId": 2 })),
        event(5, 0, "activityTaskScheduled", json!({ "activityId": "a",
            "activityType": { "name": "Work" }, "workflowTaskCompletedEventId": 4,
            "startToCloseTimeout": "20s", "heartbeatTimeout": "7s", "retryPolicy": policy })),
        event(6, seconds, "activityTaskStarted", json!({ "scheduledEventId": 5,
            "attempt": attempts + 1, "requestId": "r", "lastFailure": failure })),
        event(7, seconds + 3, "activityTaskCompleted", json!({ "scheduledEventId": 5,
            "startedEventId": 6 })),
    ] })
}

/// Every instant that is told of a chain so long is one that a story has: with checks on, those of the
/// first, the last and some attempts between; without, those of all.
#[test]
fn nothing_of_a_chain_of_ten_thousand_attempts_is_hollow() {
    let (history, judgements) = judged(&long_chain(10_000), true);
    assert_eq!(judgements[0].verdict, Verdict::Conforms, "{}", judgements[0].why);
    let explained = judgements[0].explained.as_ref().expect("it is explained");
    assert_eq!((explained.at_least, explained.hidden.len()), (10_000, 10_000));
    let sample = match cfg!(debug_assertions) {
        true => Sample { counts: 1, attempts: 3, drawn: 12 },
        false => Sample::ALL,
    };
    let stories = nothing_is_hollow(&history, 0, &judgements[0], sample);
    println!("{stories:?} stories ({sample:?})");
    assert!(stories.expect("each is played") > 100);
}

/// All of the numbers that are told, the last and some others; where checks are on, as much as takes a
/// quarter of a minute.
const SAMPLE: Sample = if cfg!(debug_assertions) {
    Sample { counts: 1, attempts: 1, drawn: 1 }
} else {
    Sample { counts: 5, attempts: usize::MAX, drawn: 6 }
};
