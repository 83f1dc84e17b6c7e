//! Stories of an explanation, played on the core with the failures themselves: what a server would
//! record of that, held against what is recorded. Shares nothing with the search.

use super::random::Random;
use activity_analysis::history::{
    Classes, Explained, HiddenAttempt, Judgement, Pin, Step, Stories, Telling, Tolerance,
    Tolerances, Way, classes, in_microseconds,
};
use activity_execution::history::{
    Closed, How, RecordedActivity, RecordedHistory, RecordedRetryState, RecordedRun, Started,
};
use activity_execution::vocabulary::{
    Action, ExecutionOptions, Observation, Outcome, Phase, Request, RequestId, TimeoutType,
    Timestamp,
};
use activity_execution::{Content, Failure, FailureInfo, Payload};
use activity_models::exploration::{CoreMachine, CoreState, Machine};

type Seen = Observation<i64, Payload>;

/// An attempt that was retried: how it ended, and when it started and ended.
pub(crate) type Retried = (Way, i64, i64);

/// What a server would record of an execution.
#[derive(Default)]
struct Written {
    retried: Vec<Retried>,
    asked: Option<i64>,
    started: Option<(i64, i64, Payload)>,
    closed: Option<(i64, Outcome<Payload>)>,
}

/// An execution on the core, somewhere in a story.
#[derive(Clone)]
struct Played {
    terms: ExecutionOptions<i64>,
    state: CoreState<i64, Payload>,
    now: i64,
    start: i64,
}

impl Played {
    fn of(activity: &RecordedActivity) -> Self {
        let scheduled = activity.scheduled.as_ref().expect("it is scheduled");
        let options = scheduled.options.as_ref().expect("they can be used");
        let terms = in_microseconds(&options.terms());
        let state = CoreMachine.begin(&terms, Timestamp(0), RequestId(0));
        Played { terms, state, now: 0, start: 0 }
    }

    /// Goes on with a part of a story, and adds what a server would record of that.
    fn goes_on(&mut self, story: &[Step], written: &mut Written) -> Result<(), String> {
        for Step { at, action } in story {
            if let Action::Tick { elapsed } = action {
                self.now += elapsed.0;
            }
            let before: Seen = CoreMachine.observe(&self.terms, &self.state);
            let reply = CoreMachine.step(&self.terms, &mut self.state, action);
            if reply.is_err() || self.now != *at {
                return Err(format!("{action:?} at {at} ({}): {reply:?}", self.now));
            }
            match action {
                Action::Call(Request::RecordActivityTaskStarted { .. }) => self.start = self.now,
                Action::Call(Request::RequestCancelActivityExecution { .. }) => {
                    written.asked = Some(self.now);
                }
                // Nothing but time went by.
                Action::Tick { .. } => continue,
                Action::Call(_) | Action::Elapses { .. } => {}
            }
            self.writes(&before, action, written);
        }
        Ok(())
    }

    /// What it is, without how often and when attempts that are over heartbeat: that is shown, and
    /// decides nothing.
    fn decisive(&self) -> Seen {
        let mut seen: Seen = CoreMachine.observe(&self.terms, &self.state);
        (seen.last_heartbeat_time, seen.total_heartbeat_count) = (None, 0);
        seen
    }

    fn writes(&self, before: &Seen, action: &Action<i64, Payload>, written: &mut Written) {
        let Played { terms, state, now, start } = self;
        let after: Seen = CoreMachine.observe(terms, state);
        if after.attempt > before.attempt {
            let way = match action {
                Action::Elapses { timeout_type: TimeoutType::StartToClose, .. } => {
                    Way::StartToClose
                }
                Action::Elapses { timeout_type: TimeoutType::Heartbeat, .. } => Way::Heartbeat,
                _ => Way::Failed,
            };
            written.retried.push((way, *start, *now));
        }
        if let Phase::Closed { outcome, .. } = &after.phase {
            written.closed = Some((*now, outcome.clone()));
            // A start is written with the close; completion by id of what waits makes one up.
            let completed = matches!(outcome, Outcome::Completed { .. });
            if before.is_started() || completed {
                let started = if before.is_started() { *start } else { *now };
                written.started = Some((started, after.attempt.0, before.last_failure.clone()));
            }
        } else if after.is_started() {
            written.started = Some((*start, after.attempt.0, after.last_failure.clone()));
        } else {
            written.started = None;
        }
    }
}

/// What is recorded, and how exactly that is to be told: as it is tolerated.
#[derive(Clone, Copy)]
pub(crate) struct Told<'a> {
    activity: &'a RecordedActivity,
    run: &'a RecordedRun,
    tolerances: Tolerances,
    /// Instants are as near as this, in microseconds.
    near: i64,
}

impl<'a> Told<'a> {
    pub(crate) fn of(
        activity: &'a RecordedActivity,
        run: &'a RecordedRun,
        judgement: &Judgement,
    ) -> Self {
        let tolerances = judgement.tolerances;
        let is_skewed = tolerances.has(Tolerance::ClockSkew);
        let near = if is_skewed { judgement.clock_skew } else { RESOLUTION };
        Told { activity, run, tolerances, near }
    }

    fn has(self, tolerance: Tolerance) -> bool {
        self.tolerances.has(tolerance)
    }

    /// Plays a story on the core; what speaks against it is that it makes something else of it than
    /// what is recorded.
    pub(crate) fn plays(self, story: &[Step]) -> Result<Vec<Retried>, String> {
        let mut written = Written::default();
        Played::of(self.activity).goes_on(story, &mut written)?;
        self.is_recorded(&written)?;
        Ok(written.retried)
    }

    fn is_recorded(self, written: &Written) -> Result<(), String> {
        let Told { activity, run, near, .. } = self;
        let Written { asked, started, closed, .. } = written;
        let began = activity.scheduled.as_ref().and_then(|it| it.time).expect("an instant");
        let since = |at: i64| (at - began).div_euclid(1_000);
        let same = |recorded: Option<i64>, played: i64| {
            recorded.is_none_or(|at| (since(at) - played).abs() <= near)
        };
        let close = activity.closes.first();
        let closed_at = closed.as_ref().map(|(at, _)| *at);
        match (activity.cancel_requests.first(), asked) {
            (None, None) => {}
            (Some(recorded), Some(asked)) if same(recorded.time, *asked) => {}
            // It came when the close was decided, and was not written yet.
            (Some(recorded), None)
                if closed_at
                    .zip(recorded.time)
                    .is_some_and(|(closed, asked)| closed <= since(asked) + near) => {}
            (recorded, asked) => return Err(format!("requested at {asked:?}, not {recorded:?}")),
        }
        match (activity.starts.first(), started) {
            (None, None) => {}
            (Some(recorded), Some((at, number, failure)))
                if same(recorded.time, *at) && self.is_start(recorded, *number, failure) => {}
            // Of what is open, the start is not written yet.
            (None, Some(_)) if close.is_none() => {}
            (recorded, played) => return Err(format!("started {played:?}, not {recorded:?}")),
        }
        match (close, closed) {
            (None, None) => Ok(()),
            // What a request leads to at once may be cut off.
            (None, Some((_, Outcome::Canceled { .. }))) if is_cut(activity, run) => Ok(()),
            (Some(close), Some((at, outcome)))
                if (same(close.time, *at) || self.is_late(close, *at))
                    && self.is_so(close, outcome) =>
            {
                Ok(())
            }
            (recorded, played) => Err(format!("closed {played:?}, not {recorded:?}")),
        }
    }

    /// Whether a cancellation was written later than it came about, as other versions of the server do.
    fn is_late(self, close: &Closed, at: i64) -> bool {
        let began = self.activity.scheduled.as_ref().and_then(|it| it.time);
        let since = close.time.zip(began).map(|(time, began)| (time - began).div_euclid(1_000));
        self.has(Tolerance::ServerVersion)
            && matches!(close.how, How::Canceled { .. })
            && since.is_some_and(|since| since >= at)
    }

    /// Whether an attempt is recorded like this: its number, unless it was counted from zero, and the
    /// failure of the one before it.
    fn is_start(self, recorded: &Started, number: i64, failure: &Payload) -> bool {
        let counted = match (recorded.attempt, self.has(Tolerance::ZeroBasedAttempts)) {
            (Some(counted), true) => Some(counted + 1),
            (None, true) => Some(1),
            (counted, false) => counted,
        };
        let last = recorded.last_failure.as_ref().map(|it| it.failure.clone());
        counted == Some(number) && last.unwrap_or_default() == *failure
    }

    /// Whether an outcome is recorded like this: to the last word, but for the words and the reason of
    /// a timeout where another version of the server may write them.
    fn is_so(self, close: &Closed, outcome: &Outcome<Payload>) -> bool {
        let is_old = self.has(Tolerance::ServerVersion);
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
                let in_words = recorded == without_details(with) && known(retry_state, *why);
                *timeout_type == Some(*is) && (in_words || is_old)
            }
            _ => false,
        }
    }
}

/// Whether nothing is recorded after the request to cancel.
fn is_cut(activity: &RecordedActivity, run: &RecordedRun) -> bool {
    let last = activity.cancel_requests.last().map(|it| it.event_id);
    last.is_some() && last == run.event_ids.map(|(_, last)| last)
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
    /// The first and last so many numbers.
    pub(crate) counts: usize,
    /// Of each, the first and last so many attempts.
    pub(crate) attempts: usize,
    /// So many others of both, drawn.
    pub(crate) drawn: i64,
}

impl Sample {
    pub(crate) const ALL: Sample = Sample { counts: usize::MAX, attempts: usize::MAX, drawn: 0 };

    fn of(self, ends: usize, many: usize, random: &mut Random) -> Vec<usize> {
        let last = i64::try_from(many).expect("few") - 1;
        let draw = |_| usize::try_from(random.between(0, last)).expect("it is one of them");
        let mut drawn: Vec<usize> =
            if many == 0 { vec![] } else { (0..self.drawn).map(draw).collect() };
        drawn.extend((0..many).filter(|index| *index < ends || many - index <= ends));
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
    let told = Told::of(activity, &history.run, judgement);
    let of = || Stories::of(activity, &history.run, judgement).expect("it is explained");
    let mut played = all_told(told, &of(), sample)?;
    if let Some(delayed) = of().delayed() {
        // Of any number of attempts, some.
        let sample = Sample { counts: sample.counts.min(1), drawn: 1, ..sample };
        played += all_told(told, &delayed, sample)?;
    }
    Ok(played)
}

fn all_told(told: Told<'_>, stories: &Stories<'_>, sample: Sample) -> Result<usize, String> {
    let explained = stories.explained();
    let mut random = Random::new(20_261_128);
    let mut played = 0;
    for place in sample.of(sample.counts, explained.counts.len(), &mut random) {
        let many = explained.counts[place].many;
        let hidden = stories.hidden(many).ok_or("no ranges")?;
        if place == 0 && hidden != explained.hidden {
            return Err(format!("{hidden:?} is not {:?}", explained.hidden));
        }
        let chosen = sample.of(sample.attempts, hidden.len(), &mut random);
        played += Grown::of(told, stories, many)?.all_branches(&hidden, &chosen)?;
    }
    for_each_class(explained, &mut |telling: Telling| {
        played += 1;
        let story = stories.story(&telling).ok_or_else(|| format!("no story for {telling:?}"))?;
        told.plays(&story).map_err(|why| format!("{telling:?}: {why}"))
    })?;
    Ok(played)
}

/// The earliest and the latest story with so many hidden attempts, each played to its end, and what
/// the core is after every attempt of them.
///
/// A story that has an end of a range in between goes along the earliest up to there, leaves it for
/// two attempts, and comes to what the core is in the latest, from where on that is what it does: so
/// it need not be played again. Some are all the same.
struct Grown<'a> {
    told: Told<'a>,
    stories: &'a Stories<'a>,
    many: i64,
    early: Vec<Played>,
    late: Vec<Played>,
    // What the latest does, attempt by attempt, and then as it is recorded.
    parts: Vec<Vec<Step>>,
}

impl<'a> Grown<'a> {
    fn of(told: Told<'a>, stories: &'a Stories<'a>, many: i64) -> Result<Self, String> {
        let grow = |is_late: bool| {
            let parts = stories.trunk(many, is_late).ok_or("no story")?;
            let mut played = Played::of(told.activity);
            let mut written = Written::default();
            let mut states = vec![played.clone()];
            for part in &parts {
                played.goes_on(part, &mut written)?;
                states.push(played.clone());
            }
            told.is_recorded(&written)
                .map_err(|why| format!("as late as can be? {is_late}: {why}"))?;
            match i64::try_from(written.retried.len()) == Ok(many) {
                true => Ok((states, parts)),
                false => Err(format!("{} of {many} attempts", written.retried.len())),
            }
        };
        let ((early, _), (late, parts)) = (grow(false)?, grow(true)?);
        Ok(Grown { told, stories, many, early, late, parts })
    }

    /// Both ends of the ranges of these attempts, in each of their ways and in all.
    fn all_branches(self, hidden: &[HiddenAttempt], chosen: &[usize]) -> Result<usize, String> {
        let mut played = 2_usize;
        for index in chosen {
            ends(&hidden[*index], *index, &mut |pin| {
                played += 1;
                self.branch(pin, played.is_power_of_two())
                    .map_err(|why| format!("{} attempts, {pin:?}: {why}", self.many))
            })?;
        }
        Ok(played)
    }

    /// Plays the story with this end of a range; says how the attempt ended, and when it started and
    /// ended.
    fn branch(&self, pin: Pin, to_its_end: bool) -> Result<Retried, String> {
        let steps = self.stories.branch(self.many, pin).ok_or("no story")?;
        let mut played = self.early[pin.index].clone();
        let mut written = Written::default();
        played.goes_on(&steps, &mut written)?;
        let next = i64::try_from(pin.index).expect("few") + 1;
        if next == self.many {
            self.told.is_recorded(&written)?;
        } else {
            let (is, late) = (played.decisive(), self.late[pin.index + 2].decisive());
            if is != late {
                return Err(format!("{is:?} instead of {late:?}"));
            }
            if to_its_end {
                for part in &self.parts[pin.index + 2..] {
                    played.goes_on(part, &mut written)?;
                }
                self.told.is_recorded(&written)?;
            }
        }
        written.retried.first().copied().ok_or_else(|| "nothing was retried".to_owned())
    }
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
            let played = told(Telling { many, ways: ways.clone() })?;
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
    told: &mut dyn FnMut(Pin) -> Result<Retried, String>,
) -> Result<(), String> {
    let (mut starts, mut stops) = (Vec::new(), Vec::new());
    for (way, (start, end)) in hidden.ways.iter().zip(&hidden.by_way) {
        starts.extend([start.0, start.1]);
        stops.extend([end.0, end.1]);
        for (is_start, range) in [(true, start), (false, end)] {
            for (is_late, instant) in [(false, range.0), (true, range.1)] {
                let pin = Pin { index, way: *way, is_start, is_late };
                let (so, from, to) = told(pin)?;
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
