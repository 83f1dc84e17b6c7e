//! A story of how something comes about: a visit of the exploration, played on plain integers.

use super::attempts::Rounds;
use super::control::Control;
use super::event::{Event, settled, stepped};
use super::exploration::{Ages, Exploration, Visit, is_kept_alive};
use super::{Clock, Configuration};
use activity_execution::vocabulary::{
    Attempt, Dialect, Observation, Phase, RequestId, Span, Terms, TimeoutType, Timestamp,
};
use activity_models::specification::Specification;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashSet};
use std::fmt;

/// One thing that happens in a story.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Happening {
    /// How long after the one before it.
    pub after: Span,
    /// What.
    pub what: What,
}

/// What happens in a story.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum What {
    /// A call, by the word that a trace has for it.
    Call(&'static str),
    /// The worker heartbeats, and did so often enough all the time since.
    Heartbeats,
    /// A deadline takes effect.
    Elapses(TimeoutType),
    /// So many attempts more have ended, each of which was retried.
    MoreAttempts(i64),
}

/// What stories are told from.
pub(super) struct Telling<'a> {
    configuration: &'a Configuration<'a>,
    exploration: &'a Exploration<'a>,
    terms: Terms<i64>,
}

type Seen = Observation<i64, ()>;

/// When something happened, and what, after a time that the clock of the story does not show.
type Told = (Timestamp, Span, What);

/// A step of a story: what happens, and which control state it has to lead to.
type Chapter<'a> = (Event, &'a Control);

impl<'a> Telling<'a> {
    pub(super) fn new(
        configuration: &'a Configuration<'a>,
        exploration: &'a Exploration<'a>,
    ) -> Self {
        Telling { configuration, exploration, terms: exploration.counting().terms }
    }

    /// A story that leads to one of these visits, with as few steps as any; `None` if none is found.
    ///
    /// Ways are tried in the order of their length: one through zones that were united with others
    /// need not be one that can be gone.
    pub(super) fn story(&self, ends: &[usize]) -> Option<Vec<Happening>> {
        let visits = self.exploration.visits();
        let begun = Specification::new(&self.terms, Timestamp(0), RequestId(0)).observe();
        let mut ways: BinaryHeap<Way> = ends.iter().map(|end| Way::to(*end, visits)).collect();
        for _ in 0..MOST_WAYS {
            let way = ways.pop()?;
            let last = &visits[way.visits[way.visits.len() - 1]];
            let Some((event, from)) = &last.by else {
                let chapters = way.visits.iter().rev().skip(1).map(|visit| {
                    let Visit { control, by, .. } = &visits[*visit];
                    by.as_ref().map(|(event, _)| (*event, control))
                });
                let chapters: Vec<Chapter<'_>> = chapters.flatten().collect();
                let mut happenings = Vec::new();
                if self.play(&chapters, begun, &mut happenings, &mut HashSet::new()) {
                    return Some(told(&happenings));
                }
                continue;
            };
            ways.extend(from.iter().filter_map(|from| {
                let before = &visits[*from];
                let ages = self.exploration.ages_before(before, *event, last, way.ages)?;
                Some(way.from(*from, before.steps, ages))
            }));
        }
        None
    }

    /// Plays chapters one after the other, with every choice of instants that may matter.
    fn play(
        &self,
        chapters: &[Chapter<'_>],
        before: Seen,
        happenings: &mut Vec<Told>,
        in_vain: &mut HashSet<(usize, Seen)>,
    ) -> bool {
        let Some(((event, control), rest)) = chapters.split_first() else {
            return true;
        };
        if in_vain.len() == MOST_TRIES || !in_vain.insert((chapters.len(), before)) {
            return false;
        }
        let known = happenings.len();
        for elapsed in self.times(*event, &before) {
            happenings.truncate(known);
            let Some(after) = self.happens(*event, &before, elapsed, happenings) else {
                continue;
            };
            let happened = happenings.len();
            for (after, more) in self.leads_to(control, &before, after) {
                happenings.truncate(happened);
                happenings.extend(more.map(|More { attempts, taking }| {
                    (after.now, taking, What::MoreAttempts(attempts))
                }));
                if self.play(rest, after, happenings, in_vain) {
                    return true;
                }
            }
        }
        false
    }

    /// The times that may make a difference: until something is due, and a moment before.
    fn times(&self, event: Event, before: &Seen) -> BTreeSet<i64> {
        let silent = event == Event::Heartbeat && is_kept_alive(&self.terms);
        if event != Event::Tick && !silent {
            return BTreeSet::from([0]);
        }
        let mut deadlines = before.deadlines;
        if silent {
            deadlines.heartbeat = None;
        }
        let armed = deadlines.armed().map(|(_, deadline)| deadline);
        let mut instants: Vec<Timestamp> = armed.collect();
        let first = instants.iter().min().map_or(i64::MAX, |first| (*first - before.now).0);
        if let Phase::Scheduled { dispatch_time, .. } = before.phase {
            instants.push(dispatch_time);
        }
        let wait = (self.configuration.backoff)(before.attempt);
        instants.extend(deadlines.schedule_to_close.map(|deadline| deadline - wait));
        let times = instants.into_iter().map(|instant| (instant - before.now).0);
        let times = times.flat_map(|time| [time - 1, time]).chain([0, 1]);
        // Heartbeats end before anything is due, time goes by until something is.
        let (least, most) = if silent { (0, first.saturating_sub(1)) } else { (1, first) };
        times.filter(|time| (least..=most).contains(time)).collect()
    }

    /// Takes a step on plain integers, and settles what is due then.
    fn happens(
        &self,
        event: Event,
        before: &Seen,
        elapsed: i64,
        happenings: &mut Vec<Told>,
    ) -> Option<Seen> {
        let wait = |it: &Seen| (self.configuration.backoff)(it.attempt);
        let mut now = *before;
        if event == Event::Heartbeat && is_kept_alive(&self.terms) {
            now.deadlines.heartbeat = None;
            if elapsed > 0 {
                let tick = Event::Tick.action(&now, Span(0), Span(elapsed));
                now = stepped(&self.terms, &now, &tick)?;
            }
        }
        let action = event.action(&now, wait(&now), Span(elapsed));
        let mut after = stepped(&self.terms, &now, &action)?;
        let what = match event {
            Event::Tick => None,
            Event::Heartbeat if elapsed > 0 => Some(What::Heartbeats),
            event => Some(What::Call(event.word())),
        };
        happenings.extend(what.map(|what| (after.now, Span(0), what)));
        while let Some((timeout_type, settled)) = settled(&self.terms, &after, wait(&after)) {
            happenings.push((after.now, Span(0), What::Elapses(timeout_type)));
            after = settled;
        }
        Some(after)
    }

    /// The executions, counted as the exploration counts, that are in this control state.
    ///
    /// Attempts that are alike are not played one by one: time goes by as if they were.
    fn leads_to(&self, control: &Control, before: &Seen, after: Seen) -> Vec<(Seen, Option<More>)> {
        let labels = self.exploration.labels(before.attempt.0, after.attempt.0);
        let labels = labels.into_iter().filter(|(label, _)| *label == control.attempt);
        let counted = labels.flat_map(|(label, rounds)| {
            if rounds == Rounds::NONE {
                return vec![(after, None)];
            }
            let mores = self.more(&after, rounds);
            let aged = mores.into_iter().map(|more| {
                let mut after = aged(after, more.taking);
                if self.exploration.counting().saturation.is_none() {
                    after.attempt = Attempt(label);
                }
                (after, (more.attempts > 0).then_some(more))
            });
            aged.collect()
        });
        let is_there = |(after, _): &(Seen, _)| {
            Control::of(after, control.attempt, Clock::OnTime).0 == *control
        };
        counted.filter(is_there).collect()
    }

    /// How many attempts more there may be, and the time that they may take: as little as can be,
    /// or as much as schedule-to-close leaves, or a moment less.
    fn more(&self, waiting: &Seen, rounds: Rounds) -> Vec<More> {
        let (least, _) = self.exploration.take(rounds);
        let fewest = More { attempts: rounds.least, taking: Span(least) };
        let Phase::Scheduled { dispatch_time, .. } = waiting.phase else {
            return Vec::new();
        };
        let Some(deadline) = waiting.deadlines.schedule_to_close else {
            return vec![fewest];
        };
        let left =
            (deadline - dispatch_time).0 - i64::from(self.terms.dialect == Dialect::Standalone);
        let (_, longest) = self.exploration.take(Rounds { least: 1, most: Some(1) });
        let attempts = |taking: i64| match longest {
            Some(longest) => taking / longest + i64::from(taking % longest > 0),
            None => 1,
        };
        let most = [left, left - 1].map(|taking| More {
            attempts: attempts(taking).max(rounds.least),
            taking: Span(taking),
        });
        let fits = |more: &More| (least..=left).contains(&more.taking.0);
        [fewest].into_iter().chain(most).filter(fits).collect()
    }
}

/// Attempts that are not told one by one.
#[derive(Clone, Copy, Debug)]
struct More {
    attempts: i64,
    taking: Span,
}

/// The execution as it would be if it had begun so much earlier, and waited for this attempt all
/// the same.
fn aged(waiting: Seen, by: Span) -> Seen {
    let mut aged = waiting;
    aged.schedule_time = aged.schedule_time - by;
    aged.deadlines.schedule_to_close = aged.deadlines.schedule_to_close.map(|it| it - by);
    aged
}

/// A way back from an end.
#[derive(Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Way {
    // Fewest steps in all first; of those the way that has come farthest.
    order: (Reverse<usize>, usize),
    visits: Vec<usize>,
    // How old an execution can have been that goes this way.
    ages: Ages,
}

impl Way {
    fn to(end: usize, visits: &[Visit]) -> Self {
        let Visit { steps, .. } = visits[end];
        Way { order: (Reverse(steps), 1), visits: vec![end], ages: visits[end].ages() }
    }

    fn from(&self, visit: usize, steps: usize, ages: Ages) -> Self {
        let mut visits = self.visits.clone();
        visits.push(visit);
        Way { order: (Reverse(steps + self.visits.len()), visits.len()), visits, ages }
    }
}

/// How many ways back are followed, whole ones and parts.
const MOST_WAYS: usize = 10_000;
/// How many steps are tried to go one way.
const MOST_TRIES: usize = 10_000;

/// With the time between two happenings instead of their instants.
fn told(happenings: &[Told]) -> Vec<Happening> {
    let mut last = Timestamp(0);
    let told = happenings.iter().map(|(now, taking, what)| {
        let after = *now - last + *taking;
        last = *now;
        Happening { after, what: *what }
    });
    told.collect()
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            What::Call(word) => f.write_str(word),
            What::Heartbeats => f.write_str("Heartbeat (the last of many)"),
            What::Elapses(timeout_type) => write!(f, "{}Elapses", timeout_type.name()),
            What::MoreAttempts(1) => f.write_str("one more attempt has ended"),
            What::MoreAttempts(count) => write!(f, "{count} more attempts have ended"),
        }
    }
}
