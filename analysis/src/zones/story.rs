//! Concrete examples of zone paths: instants from difference bounds, replayed on integers.

use super::attempts::Rounds;
use super::control::{Control, Stage};
use super::event::{Event, settled, stepped};
use super::exploration::{Ages, Exploration, Visit, is_kept_alive};
use super::{Configuration, RUN_ENDED, Reports};
use activity_execution::options::RetryPolicy;
use activity_execution::vocabulary::{
    Attempt, Dialect, ExecutionOptions, Observation, Phase, RequestId, Span, TimeoutType, Timestamp,
};
use activity_models::specification::Specification;
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet};
use std::fmt;
use std::iter::successors;

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
    /// The run of the workflow ends.
    RunEnds,
    /// So many attempts more have ended, each of which was retried.
    MoreAttempts(i64),
}

/// What stories are told from.
pub(super) struct Telling<'a> {
    configuration: &'a Configuration<'a>,
    exploration: &'a Exploration<'a>,
    terms: ExecutionOptions<i64>,
}

type Seen = Observation<i64, ()>;

/// When something happened, and what, after a time that the clock of the story does not show.
type Told = (Timestamp, Span, What);

/// A step of a story: what happens, which visit it has to lead to, and how old the execution has to
/// be then.
type Chapter<'a> = (Event, &'a Visit, Ages);

impl<'a> Telling<'a> {
    pub(super) fn new(
        configuration: &'a Configuration<'a>,
        exploration: &'a Exploration<'a>,
    ) -> Self {
        Telling { configuration, exploration, terms: exploration.counting().terms }
    }

    /// A story that leads to one of these visits at this age, with as few steps as any; `None` if
    /// none is found.
    ///
    /// Ways are tried in the order of their length: one through zones that were united with others
    /// need not be one that can be gone.
    pub(super) fn story(&self, ends: &[usize], at: Span) -> Option<Vec<Happening>> {
        let visits = self.exploration.visits();
        let mut ways = Ways::default();
        for end in ends {
            let visit = &visits[*end];
            let (least, most) = visit.ages();
            if (least..=most).contains(&at.0) {
                let ages = (at.0, at.0);
                ways.add(Way { visit: *end, ages, length: 0, then: None }, visit.steps);
            }
        }
        let mut gone: HashMap<(usize, Ages), usize> = HashMap::new();
        for _ in 0..MOST_WAYS {
            let index = ways.next()?;
            let Way { visit, ages, length, .. } = ways.all[index];
            let last = &visits[visit];
            let Some((event, from)) = &last.by else {
                let chapters = ways.from(index).filter_map(|way| {
                    let visit = &visits[way.visit];
                    visit.by.as_ref().map(|(event, _)| (*event, visit, way.ages))
                });
                match self.play(&chapters.collect::<Vec<_>>(), at) {
                    Some(story) => return Some(story),
                    None => continue,
                }
            };
            for from in from.iter() {
                let before = &visits[*from];
                let ages = self.exploration.ages_before(before, *event, last, ages);
                let Some(ages) = ages else { continue };
                let alike = gone.entry((*from, ages)).or_default();
                *alike += 1;
                if *alike <= MOST_ALIKE {
                    let way = Way { visit: *from, ages, length: length + 1, then: Some(index) };
                    ways.add(way, before.steps);
                }
            }
        }
        None
    }

    /// Plays chapters one after the other, with every choice of instants that may matter.
    fn play(&self, chapters: &[Chapter<'_>], at: Span) -> Option<Vec<Happening>> {
        let begun = Specification::new(&self.terms, Timestamp(0), RequestId(0)).observe();
        // What is still to be tried, the next last: how many chapters it ends, and how.
        let mut open = vec![(0, Turn { after: begun, told: Vec::new() })];
        let mut taken: Vec<Turn> = Vec::new();
        let mut in_vain = HashSet::new();
        while let Some((ended, turn)) = open.pop() {
            let before = turn.after;
            taken.truncate(ended);
            taken.push(turn);
            let Some(chapter) = chapters.get(ended) else {
                return Some(told(taken.iter().flat_map(|turn| &turn.told)));
            };
            if in_vain.len() == MOST_TRIES + chapters.len() {
                return None;
            }
            if in_vain.insert((ended, before)) {
                let turns = self.turns(chapter, &before, at);
                open.extend(turns.into_iter().rev().map(|turn| (ended + 1, turn)));
            }
        }
        None
    }

    /// How a chapter can go.
    fn turns(&self, &(event, visit, ages): &Chapter<'_>, before: &Seen, at: Span) -> Vec<Turn> {
        let mut turns = Vec::new();
        for elapsed in self.times(event, before, ages, at) {
            let mut happened = Vec::new();
            let Some(after) = self.happens(event, before, elapsed, &mut happened) else {
                continue;
            };
            for (after, more) in self.leads_to(visit, (ages, at), after) {
                let age = (after.now - after.schedule_time).0;
                let more = more.map(|More { attempts, taking }| {
                    (after.now, taking, What::MoreAttempts(attempts))
                });
                if (ages.0..=ages.1).contains(&age) {
                    let told = happened.iter().copied().chain(more).collect();
                    turns.push(Turn { after, told });
                }
            }
        }
        turns
    }

    /// The times that may make a difference: until something is due, and a moment before; or until
    /// the execution is as old as it has to be.
    fn times(&self, event: Event, before: &Seen, ages: Ages, at: Span) -> BTreeSet<i64> {
        let silent = event == Event::Heartbeat && is_kept_alive(&self.terms);
        match event {
            Event::FailAsking { back: true } => return self.delays_back(),
            Event::FailAsking { back: false } => return self.delays(before, at),
            Event::Tick | Event::RunEnds => {}
            _ if silent => {}
            _ => return BTreeSet::from([0]),
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
        let age = (before.now - before.schedule_time).0;
        let ages = [ages.0.saturating_sub(age), ages.1.saturating_sub(age)];
        let times = times.flat_map(|time| [time - 1, time]).chain([0, 1]).chain(ages);
        let times = times.chain(self.before(at, wait).map(|then| then - age));
        // Heartbeats end before anything is due, time goes by until something is.
        let (least, most) = if silent { (0, first.saturating_sub(1)) } else { (1, first) };
        times.filter(|time| (least..=most).contains(time)).collect()
    }

    /// The ages from which one or two waits that are always as long lead to this one.
    fn before(&self, at: Span, wait: Span) -> impl Iterator<Item = i64> + use<> {
        let ExecutionOptions {
            start_to_close_timeout,
            schedule_to_start_timeout,
            heartbeat_timeout,
            ..
        } = self.terms;
        let ends = [Some(start_to_close_timeout), schedule_to_start_timeout, heartbeat_timeout];
        let ends = ends.into_iter().flatten().chain([Span(0)]);
        ends.flat_map(move |end| [at.0 - end.0, at.0 - end.0 - wait.0])
    }

    /// The delays that a failure may ask for, as far as they may make a difference: hardly any, and
    /// as much as schedule-to-close leaves, or a moment less.
    fn delays(&self, before: &Seen, at: Span) -> BTreeSet<i64> {
        let left = before.deadlines.schedule_to_close.map(|it| (it - before.now).0);
        let left = left.into_iter().flat_map(|left| [left, left - 1, left - 2]);
        let Span(longest) = RetryPolicy::LONGEST_WAIT;
        let wait = (self.configuration.backoff)(before.attempt);
        let age = (before.now - before.schedule_time).0;
        let all = left.chain([1, longest]).chain(self.before(at, wait).map(|then| then - age));
        all.filter(|delay| (1..=longest).contains(delay)).collect()
    }

    /// The delays back that may make a difference: hardly any, and as long as a wait for a worker.
    fn delays_back(&self) -> BTreeSet<i64> {
        let wait = self.terms.schedule_to_start_timeout.map(|Span(wait)| -wait);
        wait.into_iter().chain([-1]).collect()
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
        let asked = match (event, self.configuration.reports) {
            (Event::FailAsking { .. }, _) => Some(Span(elapsed)),
            (Event::Fail { retryable: true }, Reports::Asking(delay)) => Some(delay),
            _ => None,
        };
        let mut now = *before;
        if event == Event::Heartbeat && is_kept_alive(&self.terms) {
            now.deadlines.heartbeat = None;
            if elapsed > 0 {
                let tick = Event::Tick.action(&now, Span(0), Span(elapsed));
                now = stepped(&self.terms, &now, &tick)?;
            }
        }
        let action = event.action(&now, asked.unwrap_or(wait(&now)), Span(elapsed));
        let mut after = stepped(&self.terms, &now, &action)?;
        if event == Event::RunEnds {
            happenings.push((after.now, Span(0), What::RunEnds));
            return Some(after);
        }
        let what = match event {
            Event::Tick => None,
            Event::Heartbeat if elapsed > 0 => Some(What::Heartbeats),
            event => Some(What::Call(event.word(self.terms.dialect, &now))),
        };
        happenings.extend(what.map(|what| (after.now, Span(0), what)));
        while let Some((timeout_type, settled)) = settled(&self.terms, &after, wait(&after)) {
            happenings.push((after.now, Span(0), What::Elapses(timeout_type)));
            after = settled;
        }
        Some(after)
    }

    /// The executions, counted as the exploration counts, that are in the control state of a visit.
    ///
    /// Attempts that are alike are not played one by one: time goes by as if they were.
    fn leads_to(
        &self,
        visit: &Visit,
        ages: (Ages, Span),
        after: Seen,
    ) -> Vec<(Seen, Option<More>)> {
        let Visit { control, rounds, .. } = visit;
        let counted = match *rounds {
            Rounds::NONE => vec![(after, None)],
            rounds => {
                let aged = self.more(&after, rounds, ages).into_iter().map(|more| {
                    let mut after = aged(after, more.taking);
                    after.attempt = Attempt(control.attempt);
                    (after, (more.attempts > 0).then_some(more))
                });
                aged.collect()
            }
        };
        if let Some(ends) = self.configuration.run_ends
            && control.stage == Stage::Closed(RUN_ENDED.to_owned())
        {
            let is_there = after.now - after.schedule_time == ends;
            return is_there.then_some((after, None)).into_iter().collect();
        }
        let dialect = self.terms.dialect;
        let is_there = |(after, _): &(Seen, _)| {
            Control::of(after, after.attempt.0, dialect, true).0 == *control
        };
        counted.into_iter().filter(is_there).collect()
    }

    /// How many attempts more there may be, and the time that they may take: as little as can be,
    /// or as much as schedule-to-close leaves, or a moment less; or as much as makes the execution
    /// as old as it has to be.
    fn more(&self, waiting: &Seen, rounds: Rounds, (ages, at): (Ages, Span)) -> Vec<More> {
        let pace = self.exploration.pace();
        let (least, most) = pace.take(rounds);
        let fewest = More { attempts: rounds.least, taking: Span(least) };
        let Phase::Scheduled { dispatch_time, .. } = waiting.phase else {
            return Vec::new();
        };
        let left = waiting.deadlines.schedule_to_close.map(|deadline| {
            (deadline - dispatch_time).0 - i64::from(self.terms.dialect == Dialect::Standalone)
        });
        let most = most.into_iter().chain(left).min();
        let attempts = |taking: i64| match pace.most {
            Some(longest) => taking / longest + i64::from(taking % longest > 0),
            None => 1,
        };
        let age = (waiting.now - waiting.schedule_time).0;
        let aged = [ages.0.saturating_sub(age), ages.1.saturating_sub(age)];
        let wait = dispatch_time - waiting.now;
        let fixed = self.before(at, wait).map(|then| then - age);
        let times = most.into_iter().flat_map(|most| [most, most - 1]).chain(aged).chain(fixed);
        let longest = times.map(|taking| More {
            attempts: attempts(taking).max(rounds.least),
            taking: Span(taking),
        });
        let fits =
            |more: &More| more.taking.0 >= least && most.is_none_or(|it| more.taking.0 <= it);
        [fewest].into_iter().chain(longest).filter(fits).collect()
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

/// What a chapter can come to.
#[derive(Debug)]
struct Turn {
    after: Seen,
    told: Vec<Told>,
}

/// A way back from an end.
#[derive(Clone, Copy, Debug)]
struct Way {
    visit: usize,
    // How old an execution can have been there that goes on like this.
    ages: Ages,
    // How many steps it takes to the end, and the way after the first of them.
    length: usize,
    then: Option<usize>,
}

/// Every way that was found.
#[derive(Debug, Default)]
struct Ways {
    all: Vec<Way>,
    // Fewest steps in all first; of those the way that has come farthest, found first.
    open: BinaryHeap<(Reverse<usize>, usize, Reverse<usize>)>,
}

impl Ways {
    /// Adds a way to which so many steps lead at least.
    fn add(&mut self, way: Way, steps: usize) {
        self.open.push((Reverse(steps + way.length), way.length, Reverse(self.all.len())));
        self.all.push(way);
    }

    fn next(&mut self) -> Option<usize> {
        self.open.pop().map(|(_, _, Reverse(index))| index)
    }

    /// A way and what is left of it after each step.
    fn from(&self, index: usize) -> impl Iterator<Item = &Way> {
        successors(Some(&self.all[index]), |way| way.then.map(|then| &self.all[then]))
    }
}

/// How many ways back are followed, whole ones and parts.
const MOST_WAYS: usize = 100_000;
/// How many ways back are followed that come to the same visit at the same ages.
const MOST_ALIKE: usize = 256;
/// How many steps are tried to go one way, more than it has.
const MOST_TRIES: usize = 10_000;

/// With the time between two happenings instead of their instants.
fn told<'a>(happenings: impl Iterator<Item = &'a Told>) -> Vec<Happening> {
    let mut last = Timestamp(0);
    let told = happenings.map(|(now, taking, what)| {
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
            What::RunEnds => f.write_str("the workflow run times out"),
            What::MoreAttempts(1) => f.write_str("one more attempt has ended"),
            What::MoreAttempts(count) => write!(f, "{count} more attempts have ended"),
        }
    }
}
