//! Stories of an explanation, played on the core with the failures themselves: what a server would
//! record of that, held against what is recorded. Shares nothing with the search.

use super::random::Random;
use activity_analysis::history::{
    Classes, Explained, HiddenAttempt, Judgement, Pin, Step, Stories, Telling, Way, classes,
    in_microseconds,
};
use activity_execution::history::{
    Closed, How, RecordedActivity, RecordedHistory, RecordedRetryState, RecordedRun, Started,
};
use activity_execution::vocabulary::{
    Action, Observation, Outcome, Phase, Request, RequestId, TimeoutType, Timestamp,
};
use activity_execution::{Content, Failure, FailureInfo, Payload};
use activity_models::exploration::{CoreMachine, Machine};

type Seen = Observation<i64, Payload>;

/// An attempt that was retried: how it ended, and when it started and ended.
pub(crate) type Retried = (Way, i64, i64);

/// What a server would record of an execution.
struct Written {
    retried: Vec<Retried>,
    asked: Option<i64>,
    started: Option<(i64, i64, Payload)>,
    closed: Option<(i64, Outcome<Payload>)>,
}

/// Plays a story on the core.
fn written(activity: &RecordedActivity, story: &[Step]) -> Result<Written, String> {
    let scheduled = activity.scheduled.as_ref().expect("it is scheduled");
    let options = scheduled.options.as_ref().expect("they can be used");
    let terms = in_microseconds(&options.terms());
    let mut state = CoreMachine.begin(&terms, Timestamp(0), RequestId(0));
    let mut written = Written { retried: Vec::new(), asked: None, started: None, closed: None };
    let (mut now, mut start) = (0, 0);
    for Step { at, action } in story {
        if let Action::Tick { elapsed } = action {
            now += elapsed.0;
        }
        let before: Seen = CoreMachine.observe(&terms, &state);
        let reply = CoreMachine.step(&terms, &mut state, action);
        if reply.is_err() || now != *at {
            return Err(format!("{action:?} at {at} ({now}): {reply:?}"));
        }
        let after: Seen = CoreMachine.observe(&terms, &state);
        match action {
            Action::Call(Request::RecordActivityTaskStarted { .. }) => start = now,
            Action::Call(Request::RequestCancelActivityExecution { .. }) => {
                written.asked = Some(now);
            }
            Action::Tick { .. } | Action::Call(_) | Action::Elapses { .. } => {}
        }
        if after.attempt > before.attempt {
            let way = match action {
                Action::Elapses { timeout_type: TimeoutType::StartToClose, .. } => {
                    Way::StartToClose
                }
                Action::Elapses { timeout_type: TimeoutType::Heartbeat, .. } => Way::Heartbeat,
                _ => Way::Failed,
            };
            written.retried.push((way, start, now));
        }
        if let Phase::Closed { outcome, .. } = &after.phase {
            written.closed = Some((now, outcome.clone()));
            // A start is written with the close; completion by id of what waits makes one up.
            let completed = matches!(outcome, Outcome::Completed { .. });
            if before.is_started() || completed {
                let started = if before.is_started() { start } else { now };
                written.started = Some((started, after.attempt.0, before.last_failure.clone()));
            }
        } else if after.is_started() {
            written.started = Some((start, after.attempt.0, after.last_failure.clone()));
        } else {
            written.started = None;
        }
    }
    Ok(written)
}

/// What speaks against a story: what the core makes of it is not what is recorded.
pub(crate) fn plays(
    activity: &RecordedActivity,
    run: &RecordedRun,
    story: &[Step],
) -> Result<Vec<Retried>, String> {
    let Written { retried, asked, started, closed } = written(activity, story)?;
    let began = activity.scheduled.as_ref().and_then(|it| it.time).expect("an instant");
    let same = |recorded: Option<i64>, played: i64| {
        recorded.is_none_or(|at| ((at - began).div_euclid(1_000) - played).abs() <= RESOLUTION)
    };
    let close = activity.closes.first();
    let closed_at = closed.as_ref().map(|(at, _)| *at);
    match (activity.cancel_requests.first(), asked) {
        (None, None) => {}
        (Some(recorded), Some(asked)) if same(recorded.time, asked) => {}
        // It came when the close was decided, and was not written yet.
        (Some(recorded), None)
            if closed_at.zip(recorded.time).is_some_and(|(closed, asked)| {
                closed <= (asked - began).div_euclid(1_000) + RESOLUTION
            }) => {}
        (recorded, asked) => return Err(format!("requested at {asked:?}, not {recorded:?}")),
    }
    match (activity.starts.first(), started) {
        (None, None) => {}
        (Some(Started { time, attempt, last_failure, .. }), Some((at, number, failure)))
            if same(*time, at)
                && *attempt == Some(number)
                && last_failure.as_ref().map(|it| &it.failure).unwrap_or(&Payload::default())
                    == &failure => {}
        // Of what is open, the start is not written yet.
        (None, Some(_)) if close.is_none() => {}
        (recorded, played) => return Err(format!("started {played:?}, not {recorded:?}")),
    }
    match (close, &closed) {
        (None, None) => Ok(retried),
        // What a request leads to at once may be cut off.
        (None, Some((_, Outcome::Canceled { .. }))) if is_cut(activity, run) => Ok(retried),
        (Some(close), Some((at, outcome))) if same(close.time, *at) && is_so(close, outcome) => {
            Ok(retried)
        }
        (recorded, played) => Err(format!("closed {played:?}, not {recorded:?}")),
    }
}

/// Whether nothing is recorded after the request to cancel.
fn is_cut(activity: &RecordedActivity, run: &RecordedRun) -> bool {
    let last = activity.cancel_requests.last().map(|it| it.event_id);
    last.is_some() && last == run.event_ids.map(|(_, last)| last)
}

/// Whether an outcome is recorded like this, to the last word.
fn is_so(close: &Closed, outcome: &Outcome<Payload>) -> bool {
    let known = |recorded: &Option<RecordedRetryState>, is| {
        *recorded == Some(RecordedRetryState::Known(is))
    };
    match (&close.how, outcome) {
        (How::Completed, Outcome::Completed { .. })
        | (How::Canceled { .. }, Outcome::Canceled { .. }) => true,
        (
            How::Failed { failure, retry_state },
            Outcome::Failed { failure: is, retry_state: why },
        ) => {
            let failure = failure.as_ref().map(|it| it.failure.clone()).unwrap_or_default();
            failure == *is && known(retry_state, *why)
        }
        (
            How::TimedOut { timeout_type, failure, retry_state },
            Outcome::TimedOut { timeout_type: is, failure: with, retry_state: why },
        ) => {
            let recorded = failure.as_ref().map(|it| it.failure.clone()).unwrap_or_default();
            *timeout_type == Some(*is)
                && recorded == without_details(with)
                && known(retry_state, *why)
        }
        _ => false,
    }
}

fn without_details(failure: &Payload) -> Payload {
    match failure.content() {
        Some(Content::Failure(Failure { message, info, cause })) => {
            let info = match info {
                FailureInfo::Timeout { timeout_type, .. } => FailureInfo::Timeout {
                    timeout_type: *timeout_type,
                    last_heartbeat_details: Payload::default(),
                },
                other => other.clone(),
            };
            Payload::failure(Failure { message: message.clone(), info, cause: cause.clone() })
        }
        Some(Content::Data(_)) | None => failure.clone(),
    }
}

/// Which hidden attempts are looked at, and which numbers of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    /// The first and last so many.
    pub(crate) ends: usize,
    /// So many others, drawn.
    pub(crate) drawn: i64,
}

impl Sample {
    pub(crate) const ALL: Sample = Sample { ends: usize::MAX, drawn: 0 };

    fn of(self, many: usize, random: &mut Random) -> Vec<usize> {
        let last = i64::try_from(many).expect("few") - 1;
        let draw = |_| usize::try_from(random.between(0, last)).expect("it is one of them");
        let mut drawn: Vec<usize> =
            if many == 0 { vec![] } else { (0..self.drawn).map(draw).collect() };
        let ends = (0..many).filter(|index| *index < self.ends || many - index <= self.ends);
        drawn.extend(ends);
        drawn.sort_unstable();
        drawn.dedup();
        drawn
    }
}

/// Every class that is told, every way, and both ends of every range of every number of hidden
/// attempts are attained by a story that the core plays and of which it writes what is recorded; says
/// how many stories those were.
pub(crate) fn nothing_is_hollow(
    history: &RecordedHistory,
    index: usize,
    judgement: &Judgement,
    sample: Sample,
) -> Result<usize, String> {
    let activity = &history.activities[index];
    let of = || Stories::of(activity, &history.run, judgement).expect("it is explained");
    let mut played = all_told(activity, &history.run, &of(), sample)?;
    if let Some(delayed) = of().delayed() {
        // Of any number of attempts, some.
        let sample = Sample { ends: sample.ends.min(1), drawn: 1 };
        played += all_told(activity, &history.run, &delayed, sample)?;
    }
    Ok(played)
}

fn all_told(
    activity: &RecordedActivity,
    run: &RecordedRun,
    stories: &Stories<'_>,
    sample: Sample,
) -> Result<usize, String> {
    let explained = stories.explained();
    let mut random = Random::new(20_261_128);
    let mut played = 0;
    let mut told = |telling: Telling| {
        played += 1;
        let story = stories.story(&telling).ok_or_else(|| format!("no story for {telling:?}"))?;
        plays(activity, run, &story).map_err(|why| format!("{telling:?}: {why}"))
    };
    for place in sample.of(explained.counts.len(), &mut random) {
        let many = Some(explained.counts[place].many);
        let hidden = stories.hidden(explained.counts[place].many).ok_or("no ranges")?;
        if place == 0 && hidden != explained.hidden {
            return Err(format!("{hidden:?} is not {:?}", explained.hidden));
        }
        told(Telling { many, ..Telling::default() })?;
        for index in sample.of(hidden.len(), &mut random) {
            ends(&hidden[index], index, &mut |pin| {
                told(Telling { many, pin: Some(pin), ..Telling::default() })
            })?;
        }
    }
    for_each_class(explained, &mut told)?;
    Ok(played)
}

/// Every class that is told, in the order in which it is told, and if any will do, the other way round.
fn for_each_class(
    explained: &Explained,
    told: &mut dyn FnMut(Telling) -> Result<Vec<Retried>, String>,
) -> Result<(), String> {
    let Classes { told: all, more, .. } = classes(explained, TOLD);
    if all.is_empty() || all.len() > TOLD || more > 0 && all.len() < TOLD {
        return Err(format!("{} classes told and {more} more", all.len()));
    }
    for class in &all {
        let run = |(count, ways): &(i64, Vec<Way>)| {
            let count = usize::try_from(*count).expect("a few");
            ways.iter().copied().cycle().take(count).collect::<Vec<Way>>()
        };
        let mut ways: Vec<Way> = class.runs.iter().flat_map(run).collect();
        let last = explained.counts.iter().find(|it| it.many == class.many).and_then(|it| it.last);
        let free = if last.is_some() { ways.len() - 1 } else { ways.len() };
        for _ in 0..1 + usize::from(class.is_in_any_order) {
            let many = Some(class.many);
            let played = told(Telling { many, ways: ways.clone(), pin: None })?;
            let so: Vec<Way> = played.iter().map(|(way, ..)| *way).collect();
            if so != ways {
                return Err(format!("{so:?} instead of {ways:?}"));
            }
            ways[..free].reverse();
        }
    }
    Ok(())
}

/// Both ends of the ranges of a hidden attempt, in each of its ways and in all.
fn ends(
    hidden: &HiddenAttempt,
    index: usize,
    told: &mut dyn FnMut(Pin) -> Result<Vec<Retried>, String>,
) -> Result<(), String> {
    let (mut starts, mut stops) = (Vec::new(), Vec::new());
    for (way, (start, end)) in hidden.ways.iter().zip(&hidden.by_way) {
        starts.extend([start.0, start.1]);
        stops.extend([end.0, end.1]);
        for (is_start, range) in [(true, start), (false, end)] {
            for (is_late, instant) in [(false, range.0), (true, range.1)] {
                let pin = Pin { index, way: *way, is_start, is_late };
                let (so, from, to) = told(pin)?[index];
                let is = if is_start { from } else { to };
                if so != *way || is != instant {
                    return Err(format!("{pin:?}: {so:?} at {is} instead of {instant}"));
                }
            }
        }
    }
    let hull = |all: &[i64]| all.iter().min().copied().zip(all.iter().max().copied());
    match (hull(&starts), hull(&stops)) == (Some(hidden.start), Some(hidden.end)) {
        true => Ok(()),
        false => Err(format!("{hidden:?} is more than its ways")),
    }
}

/// How many explanations are told.
const TOLD: usize = 5;
/// Instants are recorded to the millisecond, in microseconds.
const RESOLUTION: i64 = 1_000;
