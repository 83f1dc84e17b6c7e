//! Does a real history conform, and why did it end like that: for every activity that is recorded, a
//! search for a behaviour of the specification that explains its events.
//!
//! Heartbeats, retries, failures that were retried and what operators do leave no event. Instants of
//! different events may go back: their order is that of their ids. Knows what is recorded; has never
//! seen a file.

mod chain;
mod classes;
mod closing;
mod open;
mod play;
mod record;
mod rules;
mod search;
mod stories;
mod tolerance;
mod waiting;
mod why;
mod words;

pub use classes::{Class, Classes, classes};
pub use open::{Doing, Still, still};
pub use play::{Step, Way, in_microseconds};
pub use rules::{Answered, Broken, TABLE};
pub use search::{Counted, Delays, Explained, HiddenAttempt, Refuted};
pub use stories::{Pin, Stories, Telling};
pub use tolerance::{Tolerance, Tolerances};
pub use why::{Line, timeline};

use activity_execution::history::{
    RecordedActivity, RecordedHistory, RecordedRun, Scheduled, Started,
};
use activity_execution::options::ActivityOptions;
use record::Record;
use search::{explain, with_delays};
use std::collections::BTreeMap;
use words::MOST_ATTEMPTS;

/// How strictly is judged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Strictness {
    /// Whether nothing is tolerated.
    pub is_strict: bool,
    /// How far the clocks of hosts may differ where that is tolerated, in microseconds.
    pub clock_skew: i64,
}

impl Default for Strictness {
    fn default() -> Self {
        Strictness { is_strict: false, clock_skew: 100_000 }
    }
}

/// Whether a history can be one of the specification.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Verdict {
    /// Something explains it.
    Conforms,
    /// Something explains it if what is named is tolerated.
    Tolerated,
    /// It cannot be decided.
    Undecided,
    /// Nothing explains it.
    Violates,
}

impl Verdict {
    /// In lower case, for programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Conforms => "conforms",
            Verdict::Tolerated => "tolerated",
            Verdict::Undecided => "undecided",
            Verdict::Violates => "violates",
        }
    }
}

/// What came of one activity.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// What had to be tolerated.
    pub tolerances: Tolerances,
    /// What explains it.
    pub explained: Option<Explained>,
    /// The rules that are broken, tolerated ones included.
    pub broken: Vec<Broken>,
    /// Why nothing explains it.
    pub refuted: Option<Refuted>,
    /// Why it ended like that, or what speaks against it, in a sentence.
    pub why: String,
    /// What the search itself had to tolerate.
    pub searched: Tolerances,
    /// How far clocks might differ, in microseconds.
    pub clock_skew: i64,
}

/// Judges every activity of a history, in its order.
#[must_use]
pub fn judge(history: &RecordedHistory, strictness: Strictness) -> Vec<Judgement> {
    let again = used_again(history);
    let activities = history.activities.iter().enumerate();
    let judged = activities.map(|(index, activity)| {
        let mut broken = rules::broken(activity, &history.run);
        broken.extend(again.get(&index).cloned());
        one((activity, &history.run), broken, strictness)
    });
    judged.collect()
}

/// The activities whose id was in use when they were scheduled, and repeated event ids.
fn used_again(history: &RecordedHistory) -> BTreeMap<usize, Broken> {
    let rule = |message| Broken { rule: "H1", message, tolerance: None, ends_the_search: false };
    let mut open: BTreeMap<&str, i64> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for (index, activity) in history.activities.iter().enumerate() {
        let Some(scheduled) = &activity.scheduled else { continue };
        if activity.pending.is_some() {
            continue;
        }
        let events = activity.starts.iter().map(|it| it.event_id);
        let events = events.chain(activity.closes.iter().map(|it| it.event_id));
        let mut events = [scheduled.event_id].into_iter().chain(events);
        let repeated = &history.run.repeated_event_ids;
        if let Some(event) = events.find(|it| repeated.binary_search(it).is_ok()) {
            found.insert(index, rule(format!("event {event} stands more than once")));
        }
        let closed = activity.closes.first().map_or(i64::MAX, |closed| closed.event_id);
        if let Some(until) = open.insert(&activity.activity_id, closed)
            && until > scheduled.event_id
            && !activity.activity_id.is_empty()
        {
            let message = format!("the id {:?} was in use", activity.activity_id);
            found.insert(index, rule(message));
        }
    }
    found
}

fn one(
    (activity, run): (&RecordedActivity, &RecordedRun),
    broken: Vec<Broken>,
    strictness: Strictness,
) -> Judgement {
    let undecided = |why: String| Judgement {
        verdict: Verdict::Undecided,
        tolerances: Tolerances::NONE,
        explained: None,
        broken: Vec::new(),
        refuted: None,
        why,
        searched: Tolerances::NONE,
        clock_skew: strictness.clock_skew,
    };
    if run.is_of_cadence {
        return undecided(
            "Cadence, or Temporal before 1.0, recorded this, whose rules are not known here"
                .to_owned(),
        );
    }
    let mut tolerances = Tolerances::NONE;
    for broken in &broken {
        match broken.tolerance.filter(|_| !strictness.is_strict) {
            Some(tolerance) => tolerances = tolerances.with(tolerance),
            None => {
                let why = format!("{} ({})", broken.message, broken.rule);
                let (refuted, broken) = (Some(as_refuted(broken)), vec![broken.clone()]);
                return Judgement { verdict: Verdict::Violates, refuted, broken, ..undecided(why) };
            }
        }
    }
    if broken.iter().any(|broken| broken.ends_the_search) {
        let why = broken.iter().map(|broken| broken.message.as_str()).collect::<Vec<_>>();
        let why = format!("not judged further: {}", why.join("; "));
        return Judgement { verdict: Verdict::Tolerated, tolerances, broken, ..undecided(why) };
    }
    let pending;
    let activity = match &activity.pending {
        Some(_) => {
            pending = as_started(activity);
            &pending
        }
        None => activity,
    };
    let Some(scheduled) = &activity.scheduled else {
        return undecided("its scheduling is not recorded".to_owned());
    };
    if let Err(error) = &scheduled.options {
        return undecided(match run.is_description {
            true => error.clone(),
            false => format!("its options cannot be used: {error}"),
        });
    }
    let Some(record) = Record::of(activity, scheduled, run, strictness.clock_skew) else {
        return undecided("its events have no instants".to_owned());
    };
    if let Some(attempt) = record.more_than_can_be_followed() {
        return undecided(format!(
            "attempt {attempt} was started: no more than {MOST_ATTEMPTS} can be followed"
        ));
    }
    let searched = Searched { record: &record, activity, run, broken, by_rules: tolerances };
    searched.judge(strictness, undecided(String::new()))
}

/// What the search is to find, and what the rules found.
struct Searched<'r, 'a> {
    record: &'r Record<'a>,
    activity: &'r RecordedActivity,
    run: &'r RecordedRun,
    broken: Vec<Broken>,
    by_rules: Tolerances,
}

impl Searched<'_, '_> {
    /// What the search finds, with as little as possible tolerated.
    fn judge(self, strictness: Strictness, undecided: Judgement) -> Judgement {
        let refuted = match explain(self.record, Tolerances::NONE) {
            Ok(explained) => {
                let explained = match strictness.is_strict {
                    true => explained,
                    false => with_delays(self.record, explained),
                };
                return self.done(explained, Tolerances::NONE, undecided);
            }
            Err(refuted) => refuted,
        };
        if !strictness.is_strict {
            for tolerated in Tolerances::small_sets(&SEARCHED) {
                if let Ok(explained) = explain(self.record, tolerated) {
                    return self.done(explained, tolerated, undecided);
                }
            }
        }
        let Refuted { rule, explained, found, allowed } = &refuted;
        let why = format!("after {explained}: {found}; allowed is {allowed} ({rule})");
        let (verdict, refuted, broken) = (Verdict::Violates, Some(refuted), self.broken);
        Judgement { verdict, refuted, broken, why, ..undecided }
    }

    fn done(self, explained: Explained, searched: Tolerances, undecided: Judgement) -> Judgement {
        let tolerances = searched.iter().fold(self.by_rules, Tolerances::with);
        let verdict = match tolerances == Tolerances::NONE {
            true => Verdict::Conforms,
            false => Verdict::Tolerated,
        };
        let why = why::why(self.record, &explained, self.activity, self.run);
        let (explained, broken) = (Some(explained), self.broken);
        Judgement { verdict, tolerances, explained, broken, why, searched, ..undecided }
    }
}

fn as_refuted(broken: &Broken) -> Refuted {
    let sentence = rules::TABLE.iter().find(|(rule, ..)| *rule == broken.rule);
    Refuted {
        rule: broken.rule,
        explained: "ActivityTaskScheduled".to_owned(),
        found: broken.message.clone(),
        allowed: sentence.map_or(String::new(), |(_, _, sentence)| (*sentence).to_owned()),
    }
}

/// A pending activity as if its present attempt had a recorded start.
fn as_started(activity: &RecordedActivity) -> RecordedActivity {
    let mut activity = activity.clone();
    let Some(pending) = &activity.pending else { return activity };
    let of_attempt = pending.last_started_time.or(pending.scheduled_time);
    let time = pending.schedule_time.and(of_attempt);
    activity.starts = vec![Started {
        event_id: 0,
        time,
        attempt: pending.attempt.or(Some(1)),
        last_failure: pending.last_failure.clone(),
        is_made_up: false,
    }];
    if let Some(scheduled) = &mut activity.scheduled {
        scheduled.time = scheduled.time.or(Some(0));
    }
    activity
}

/// The options of an activity, if they can be used.
#[must_use]
pub fn options(scheduled: &Scheduled) -> Option<&ActivityOptions> {
    scheduled.options.as_ref().ok()
}

/// What the search tries to tolerate.
const SEARCHED: [Tolerance; 6] = [
    Tolerance::WorkerDelay,
    Tolerance::EarlyStart,
    Tolerance::ZeroBasedAttempts,
    Tolerance::ServerVersion,
    Tolerance::ClockSkew,
    Tolerance::OperatorCommands,
];
