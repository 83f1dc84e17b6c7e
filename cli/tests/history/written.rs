//! Histories that the core itself wrote, with up to fifty hidden attempts: each is explained, what is
//! true is among the explanations, and every end of every range is attained by a story that the core
//! plays.

use crate::judged;
use crate::support::core::{Ending, Written, write};
use crate::support::random::Random;
use activity_analysis::history::{
    Judgement, Step, Verdict, Way, classes, in_microseconds, story_of,
};
use activity_execution::history::{RecordedActivity, RecordedHistory};
use activity_execution::vocabulary::{
    Action, Observation, Request, RequestId, TimeoutType, Timestamp,
};
use activity_models::exploration::{CoreMachine, Machine};
use std::collections::BTreeMap;

/// Judges a history that the core wrote, and holds what is found against what is true.
fn check(written: &Written) -> Result<(), String> {
    let (history, judgements) = judged(&written.history, true);
    let [judgement] = &judgements[..] else { return Err("not one activity".to_owned()) };
    if judgement.verdict != Verdict::Conforms {
        return Err(format!("{}: {}", judgement.verdict.name(), judgement.why));
    }
    let explained = judgement.explained.as_ref().expect("it is explained");
    let many = i64::try_from(written.hidden.len()).expect("few");
    if !(explained.at_least..=explained.at_most).contains(&many) {
        let (least, most) = (explained.at_least, explained.at_most);
        return Err(format!("{many} hidden attempts are not in {least} to {most}"));
    }
    if many == explained.at_least {
        for (found, is) in explained.hidden.iter().zip(&written.hidden) {
            let (start, end) = (is.start * 1_000, is.end * 1_000);
            let inside = |(least, most): (i64, i64), it: i64| least <= it && it <= most;
            if !found.ways.contains(&is.way)
                || !inside(found.start, start)
                || !inside(found.end, end)
            {
                return Err(format!("{is:?} is not in {found:?}"));
            }
        }
    }
    hollow(&history, judgement)
}

/// Every way and both ends of every range are attained by a story that the core plays.
fn hollow(history: &RecordedHistory, judgement: &Judgement) -> Result<(), String> {
    let activity = &history.activities[0];
    let explained = judgement.explained.as_ref().expect("it is explained");
    let told = |choice| {
        story_of(activity, &history.run, judgement, choice)
            .ok_or_else(|| format!("no story for {choice:?} of {explained:?}"))
    };
    plays(activity, &told(None)?)?;
    for (index, hidden) in explained.hidden.iter().enumerate() {
        let few = index < 3 || index + 3 > explained.hidden.len();
        if !few {
            continue;
        }
        for (place, way) in hidden.ways.iter().enumerate() {
            for is_late in [false, true] {
                let played = plays(activity, &told(Some((index, *way, is_late)))?)?;
                let (start, end) = played.attempts[index];
                let longer = hidden.takes[place] - hidden.takes.iter().min().expect("a way");
                let ends = if is_late {
                    (hidden.start.1 - longer, hidden.end.1)
                } else {
                    (hidden.start.0, hidden.end.0.max(hidden.start.0 + hidden.takes[place]))
                };
                if (start, end) != ends {
                    let what = format!("attempt {} by {way:?}, late: {is_late}", hidden.attempt);
                    return Err(format!("{what}: {:?} instead of {ends:?}", (start, end)));
                }
            }
        }
    }
    Ok(())
}

/// What a story comes to.
struct Played {
    /// When each attempt started and ended.
    attempts: Vec<(i64, i64)>,
}

/// Plays a story on the core: every step is accepted, and what is recorded comes of it.
fn plays(activity: &RecordedActivity, story: &[Step]) -> Result<Played, String> {
    let scheduled = activity.scheduled.as_ref().expect("it is scheduled");
    let options = scheduled.options.as_ref().expect("they can be used");
    let terms = in_microseconds(&options.terms());
    let mut state = CoreMachine.begin(&terms, Timestamp(0), RequestId(0));
    let mut attempts: Vec<(i64, i64)> = Vec::new();
    let mut now = 0;
    for Step { at, action } in story {
        if let Action::Tick { elapsed } = action {
            now += elapsed.0;
        }
        let before: Observation<i64, ()> = CoreMachine.observe(&terms, &state);
        let reply = CoreMachine.step(&terms, &mut state, action);
        if reply.is_err() || now != *at {
            return Err(format!("{action:?} at {at} ({now}): {reply:?}"));
        }
        let after: Observation<i64, ()> = CoreMachine.observe(&terms, &state);
        if before.is_started() && !after.is_started() {
            attempts.last_mut().expect("it started").1 = now;
        }
        if let Action::Call(Request::RecordActivityTaskStarted { .. }) = action {
            attempts.push((now, now));
        }
    }
    let observation: Observation<i64, ()> = CoreMachine.observe(&terms, &state);
    let recorded = activity.closes.first().map(|close| close.how.event());
    let outcome = observation.outcome().map(|outcome| outcome.kind().to_string());
    let agrees = match (recorded, &outcome) {
        (None, None) => true,
        (Some(event), Some(outcome)) => {
            outcome.starts_with(event.trim_start_matches("ActivityTask"))
        }
        _ => false,
    };
    if !agrees {
        return Err(format!("{outcome:?} instead of {recorded:?}"));
    }
    Ok(Played { attempts })
}

#[test]
fn what_the_core_writes_is_explained_and_nothing_of_it_is_hollow() {
    let mut random = Random::new(20_261_128);
    let mut endings: BTreeMap<Ending, usize> = BTreeMap::new();
    let (mut all, mut most, mut silent, mut unique) = (0, 0, 0, 0);
    while all < 1_200 {
        let written = write(&mut random);
        if written.hidden.len() < 2 {
            continue;
        }
        all += 1;
        most = most.max(written.hidden.len());
        silent += usize::from(written.hidden.iter().any(|it| it.way == Way::Heartbeat));
        *endings.entry(written.ending).or_default() += 1;
        if let Err(complaint) = check(&written) {
            panic!("{complaint}\n{:?}\n{:#}", written.hidden, written.history);
        }
        let (_, judgements) = judged(&written.history, true);
        let explained = judgements[0].explained.as_ref().expect("it is explained");
        let (told, more) = classes(explained, 2);
        let one = explained.at_least == explained.at_most && told.len() == 1 && more == 0;
        unique += usize::from(one && told[0].is_single);
    }
    println!(
        "{all} histories, up to {most} hidden attempts, {silent} with a heartbeat timeout, \
         {unique} with a unique explanation: {endings:?}"
    );
    assert_eq!(most, 50);
    assert!(silent > 200, "{silent}");
    for ending in Ending::ALL {
        let count = endings.get(&ending).copied().unwrap_or(0);
        assert!(count >= 20, "{ending:?} came {count} times: {endings:?}");
    }
}

#[test]
fn a_story_that_is_not_so_is_noticed() {
    let mut random = Random::new(7);
    let written = std::iter::repeat_with(|| write(&mut random))
        .find(|it| it.hidden.len() == 2 && it.ending == Ending::Completed)
        .expect("there is one");
    let (history, judgements) = judged(&written.history, true);
    let activity = &history.activities[0];
    let mut story = story_of(activity, &history.run, &judgements[0], None).expect("a story");
    assert!(plays(activity, &story).is_ok());
    let poll = story.iter().position(|step| matches!(step.action, Action::Call(_)));
    story.remove(poll.expect("somebody polls"));
    assert!(plays(activity, &story).is_err());
    let timeouts = TimeoutType::ALL.len();
    assert_eq!(timeouts, 4);
}
