//! Ranges and ways held against brute force on small integers, which shares no code with the core.

use activity_analysis::history::{HiddenAttempt, Stories, Strictness, Verdict, Way, judge};
use activity_execution::history::{
    CancelRequested, Closed, How, RecordedActivity, RecordedFailure, RecordedHistory,
    RecordedRetryState, Scheduled, Started,
};
use activity_execution::options::{ActivityOptions, RetryPolicy};
use activity_execution::vocabulary::{
    Dialect, Opaque as _, RetryState, Span, TimeoutReason, TimeoutType,
};
use activity_execution::{Failure, FailureInfo, Payload};
use std::collections::{BTreeMap, BTreeSet};

/// In milliseconds; the interval is the same after every attempt.
#[derive(Clone, Copy, Debug)]
struct Small {
    schedule_to_start: Option<i64>,
    start_to_close: i64,
    heartbeat: Option<i64>,
    schedule_to_close: Option<i64>,
    interval: i64,
}

/// What brute force finds of a hidden attempt: how it ended, and when it started and ended.
#[derive(Debug, Default, Eq, PartialEq)]
struct Found {
    ways: BTreeSet<Way>,
    starts: BTreeSet<i64>,
    ends: BTreeSet<i64>,
}

/// Every choice of instants and ways of so many hidden attempts before a start at `started`; the last
/// one failed.
fn brute(small: Small, many: usize, started: i64) -> Option<Vec<Found>> {
    let mut found: Vec<Found> = (0..many).map(|_| Found::default()).collect();
    let mut any = false;
    let mut chosen: Vec<(Way, i64, i64)> = Vec::new();
    search(small, many, started, &mut chosen, &mut |chosen| {
        any = true;
        for (found, (way, start, end)) in found.iter_mut().zip(chosen) {
            found.ways.insert(*way);
            found.starts.insert(*start);
            found.ends.insert(*end);
        }
    });
    any.then_some(found)
}

/// How a hidden attempt ended, when it started, and when it ended.
type Hidden = (Way, i64, i64);

fn search(
    small: Small,
    many: usize,
    started: i64,
    chosen: &mut Vec<Hidden>,
    visit: &mut dyn FnMut(&[Hidden]),
) {
    let is_in_time =
        |chosen: &[Hidden]| chosen.last().map_or(0, |(_, _, end)| end + small.interval) <= started;
    attempts(small, (many, true), started, chosen, &mut |chosen| {
        if is_in_time(chosen) {
            visit(chosen);
        }
    });
}

/// Every choice of instants up to a last one and of ways of so many attempts that were retried, of
/// which the last failed, or ended in any way.
fn attempts(
    small: Small,
    (many, last_failed): (usize, bool),
    started: i64,
    chosen: &mut Vec<Hidden>,
    visit: &mut dyn FnMut(&[Hidden]),
) {
    let ready = chosen.last().map_or(0, |(_, _, end)| end + small.interval);
    if chosen.len() == many {
        return visit(chosen);
    }
    let is_last = chosen.len() + 1 == many;
    let ways = if is_last && last_failed { vec![Way::Failed] } else { Way::ALL.to_vec() };
    for way in ways {
        for start in ready..=started {
            for end in start..=started {
                let long_enough = match way {
                    Way::Failed => true,
                    Way::StartToClose => end - start >= small.start_to_close,
                    // At one instant start-to-close goes first.
                    Way::Heartbeat => small
                        .heartbeat
                        .is_some_and(|it| it < small.start_to_close && end - start >= it),
                };
                let in_time =
                    small.schedule_to_close.is_none_or(|total| end + small.interval <= total);
                if long_enough && in_time {
                    chosen.push((way, start, end));
                    attempts(small, (many, last_failed), started, chosen, visit);
                    chosen.pop();
                }
            }
        }
    }
}

fn options(small: Small) -> ActivityOptions {
    let policy = RetryPolicy::builder()
        .initial_interval(Span(small.interval))
        .maximum_interval(Span(small.interval))
        .backoff_coefficient(1.0);
    let mut options = ActivityOptions::builder()
        .start_to_close_timeout(Span(small.start_to_close))
        .retry_policy(policy);
    if let Some(heartbeat) = small.heartbeat {
        options = options.heartbeat_timeout(Span(heartbeat));
    }
    if let Some(total) = small.schedule_to_close {
        options = options.schedule_to_close_timeout(Span(total));
    }
    if let Some(queue) = small.schedule_to_start {
        options = options.schedule_to_start_timeout(Span(queue));
    }
    options.build().expect("they are legal").in_dialect(Dialect::Workflow)
}

fn recorded(small: Small, many: usize, started: i64) -> RecordedHistory {
    let time = |milliseconds: i64| Some(1_000_000_000 + milliseconds * 1_000_000);
    let info = FailureInfo::Application { type_name: "T".to_owned(), non_retryable: false };
    let failure = Failure { message: "boom".to_owned(), info, cause: Payload::default() };
    let last = RecordedFailure {
        failure: Payload::failure(failure),
        next_retry_delay: None,
        is_truncated: false,
        is_of_reset: false,
    };
    let activity = RecordedActivity {
        activity_id: "a".to_owned(),
        scheduled: Some(Scheduled {
            event_id: 5,
            time: time(0),
            options: Ok(options(small)),
            workflow_task_completed_event_id: None,
            has_retry_policy: true,
        }),
        starts: vec![Started {
            event_id: 6,
            time: time(started),
            attempt: i64::try_from(many + 1).ok(),
            last_failure: (many > 0).then_some(last),
            is_made_up: false,
        }],
        closes: vec![Closed {
            event_id: 7,
            time: time(started),
            started_event_id: Some(6),
            how: How::Completed,
        }],
        scheduled_event_id: 5,
        ..RecordedActivity::default()
    };
    RecordedHistory { activities: vec![activity], ..RecordedHistory::default() }
}

#[test]
fn ranges_and_ways_are_those_of_brute_force() {
    let (mut explained, mut refuted) = (0, 0);
    let mut by_many: BTreeMap<usize, usize> = BTreeMap::new();
    for start_to_close in [2, 4] {
        for heartbeat in [None, Some(1), Some(2)] {
            for schedule_to_close in [None, Some(6), Some(9)] {
                for interval in [1, 3] {
                    let schedule_to_start = schedule_to_close;
                    let small = Small {
                        schedule_to_start,
                        start_to_close,
                        heartbeat,
                        schedule_to_close,
                        interval,
                    };
                    for many in 1..=3 {
                        for started in 0..=9 {
                            match compare(small, many, started) {
                                true => explained += 1,
                                false => refuted += 1,
                            }
                            *by_many.entry(many).or_default() += 1;
                        }
                    }
                }
            }
        }
    }
    println!("{explained} explained, {refuted} refuted, {by_many:?}");
    assert!(explained > 300 && refuted > 300, "{explained} and {refuted}");
}

/// Whether something explains it, in both.
fn compare(small: Small, many: usize, started: i64) -> bool {
    let judgements = judge(
        &recorded(small, many, started),
        Strictness { is_strict: true, ..Strictness::default() },
    );
    let judgement = &judgements[0];
    let context = format!("{small:?}, {many} hidden, start at {started}: {judgement:?}");
    let Some(found) = brute(small, many, started) else {
        // Recorded instants are good to the millisecond: one too early is no contradiction.
        let in_one = brute(small, many, started + 1).is_some();
        assert!(judgement.verdict == Verdict::Violates || in_one, "{context}");
        return false;
    };
    assert_eq!(judgement.verdict, Verdict::Conforms, "{context}");
    let explained = judgement.explained.as_ref().expect("it is explained");
    assert_eq!(explained.hidden.len(), many, "{context}");
    for (hidden, found) in explained.hidden.iter().zip(&found) {
        let ways: BTreeSet<Way> = hidden.ways.iter().copied().collect();
        assert_eq!(ways, found.ways, "{context}");
        for (range, instants) in [(hidden.start, &found.starts), (hidden.end, &found.ends)] {
            let (least, most) = (instants.first(), instants.last());
            let ends = (least.map(|it| it * 1_000), most.map(|it| it * 1_000));
            assert_eq!((Some(range.0), Some(range.1)), ends, "{context}\n{found:?}");
        }
    }
    true
}

/// What closes a wait, at an instant.
#[derive(Clone, Copy, Debug)]
enum Ended {
    TimedOut(TimeoutType),
    Canceled,
}

/// Whether so many attempts that failed or timed out lead to a wait that was ended like this.
fn is_ended(small: Small, chosen: &[Hidden], ended: Ended, closed: i64) -> bool {
    let end = chosen.last().map_or(0, |(_, _, end)| *end);
    let dispatch = chosen.last().map_or(0, |(_, _, end)| end + small.interval);
    let queue = small.schedule_to_start.map(|queue| dispatch + queue);
    let total = small.schedule_to_close;
    match ended {
        Ended::Canceled => end <= closed,
        // At one instant schedule-to-start goes first.
        Ended::TimedOut(TimeoutType::ScheduleToStart) => {
            queue.is_some_and(|queue| queue <= closed && total.is_none_or(|total| queue <= total))
        }
        Ended::TimedOut(_) => {
            total.is_some_and(|total| total <= closed && queue.is_none_or(|queue| queue > total))
        }
    }
}

/// What brute force finds of so many hidden attempts before such a wait.
fn brute_wait(small: Small, many: usize, ended: Ended, closed: i64) -> Option<Vec<Found>> {
    let mut found: Vec<Found> = (0..many).map(|_| Found::default()).collect();
    let mut any = false;
    let last_failed = matches!(ended, Ended::TimedOut(_));
    attempts(small, (many, last_failed), closed, &mut Vec::new(), &mut |chosen| {
        if !is_ended(small, chosen, ended, closed) {
            return;
        }
        any = true;
        for (found, (way, start, end)) in found.iter_mut().zip(chosen) {
            found.ways.insert(*way);
            found.starts.insert(*start);
            found.ends.insert(*end);
        }
    });
    any.then_some(found)
}

/// A record without a start, whose close says nothing of a failure before.
fn recorded_wait(small: Small, ended: Ended, closed: i64) -> RecordedHistory {
    let time = |milliseconds: i64| Some(1_000_000_000 + milliseconds * 1_000_000);
    let mut history = recorded(small, 0, 0);
    let activity = &mut history.activities[0];
    activity.starts.clear();
    let how = match ended {
        Ended::Canceled => {
            activity.cancel_requests.push(CancelRequested {
                event_id: 6,
                time: time(closed),
                workflow_task_completed_event_id: None,
            });
            How::Canceled { latest_cancel_requested_event_id: Some(6) }
        }
        Ended::TimedOut(timeout_type) => {
            let none = Payload::default;
            let reason = match timeout_type {
                TimeoutType::ScheduleToClose => TimeoutReason::NotEnoughTime,
                _ => TimeoutReason::Elapsed,
            };
            let failure = RecordedFailure {
                failure: Payload::timeout_failure(timeout_type, reason, none(), none()),
                next_retry_delay: None,
                is_truncated: false,
                is_of_reset: false,
            };
            How::TimedOut {
                timeout_type: Some(timeout_type),
                failure: Some(failure),
                retry_state: Some(RecordedRetryState::Known(RetryState::Timeout)),
            }
        }
    };
    activity.closes = vec![Closed { event_id: 7, time: time(closed), started_event_id: None, how }];
    history
}

#[test]
fn numbers_of_hidden_attempts_and_their_ranges_are_those_of_brute_force() {
    let (mut explained, mut refuted, mut several) = (0, 0, 0);
    let mut each = |small: Small, ended: Ended, closed: i64| {
        let counts = compare_wait(small, ended, closed);
        explained += usize::from(counts > 0);
        refuted += usize::from(counts == 0);
        several += usize::from(counts > 1);
    };
    let ends = [
        Ended::TimedOut(TimeoutType::ScheduleToStart),
        Ended::TimedOut(TimeoutType::ScheduleToClose),
        Ended::Canceled,
    ];
    for schedule_to_start in [Some(1), Some(3), Some(5)] {
        for (heartbeat, start_to_close) in [(None, 2), (Some(1), 3), (Some(2), 2)] {
            for schedule_to_close in [None, Some(5), Some(7)] {
                for interval in [1, 2] {
                    let small = Small {
                        schedule_to_start,
                        start_to_close,
                        heartbeat,
                        schedule_to_close,
                        interval,
                    };
                    for ended in ends {
                        (0..=8).for_each(|closed| each(small, ended, closed));
                    }
                }
            }
        }
    }
    println!("{explained} explained, {several} of them by several numbers, {refuted} refuted");
    assert!(explained > 500 && several > 300 && refuted > 300);
}

/// How many numbers of hidden attempts explain it, in both, up to three.
fn compare_wait(small: Small, ended: Ended, closed: i64) -> usize {
    let history = recorded_wait(small, ended, closed);
    let strictness = Strictness { is_strict: true, ..Strictness::default() };
    let judgements = judge(&history, strictness);
    let judgement = &judgements[0];
    let context = format!("{small:?}, {ended:?} at {closed}: {judgement:?}");
    let stories = Stories::of(&history.activities[0], &history.run, judgement);
    let counts = judgement.explained.as_ref().map_or(Vec::new(), |it| it.counts.clone());
    for many in 0..=3_usize {
        let number = i64::try_from(many).expect("few");
        let is_told = counts.iter().any(|counted| counted.many == number);
        let Some(found) = brute_wait(small, many, ended, closed) else {
            // Recorded instants are good to the millisecond: one too early is no contradiction.
            let in_one = brute_wait(small, many, ended, closed + 1).is_some();
            assert!(!is_told || in_one, "{many} hidden: {context}");
            continue;
        };
        assert!(is_told, "{many} hidden: {context}");
        let hidden = stories.as_ref().and_then(|it| it.hidden(number)).expect("ranges");
        same(&hidden, &found, &context);
    }
    counts.iter().filter(|counted| counted.many <= 3).count()
}

/// Whether ways and ranges are alike, to the millisecond.
fn same(hidden: &[HiddenAttempt], found: &[Found], context: &str) {
    assert_eq!(hidden.len(), found.len(), "{context}");
    for (hidden, found) in hidden.iter().zip(found) {
        let ways: BTreeSet<Way> = hidden.ways.iter().copied().collect();
        assert_eq!(ways, found.ways, "{context}");
        for (range, instants) in [(hidden.start, &found.starts), (hidden.end, &found.ends)] {
            let whole = (-(-range.0).div_euclid(1_000), range.1.div_euclid(1_000));
            let ends = instants.first().copied().zip(instants.last().copied());
            assert_eq!(Some(whole), ends, "{hidden:?}\n{found:?}\n{context}");
        }
    }
}
