//! Stories of an explanation: one choice of instants for everything that is hidden, played on the
//! specification and told step by step, for the core to play. Finds nothing that zones did not find.

use super::chain::{Range, Until};
use super::play::{Hiding, Play, Step, Way};
use super::record::Record;
use super::search::{HiddenAttempt, Known, Search};
use super::tolerance::{Tolerance, Tolerances};
use super::{Explained, Judgement, as_started};
use crate::zones::Bounds;
use crate::zones::late::attempt::{BEGAN, END, NEXT, START};
use activity_execution::history::{RecordedActivity, RecordedRun};
use activity_execution::vocabulary::{Retryability, Span};
use activity_execution::{Failure, Payload};
use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

/// The stories of an explanation.
#[derive(Debug)]
pub struct Stories<'a> {
    activity: Cow<'a, RecordedActivity>,
    run: &'a RecordedRun,
    judgement: &'a Judgement,
    explained: &'a Explained,
    tolerated: Tolerances,
    // What was asked for last, for so many hidden attempts.
    found: RefCell<Option<(i64, Rc<Found>)>>,
}

/// So many hidden attempts: from when on each can start, what bounds the last, and what they can be.
#[derive(Debug)]
struct Found {
    lows: Vec<i64>,
    until: Until,
    hidden: Vec<HiddenAttempt>,
    // All of them as early, and as late, as can be.
    trunks: OnceCell<Option<[Vec<Planned>; 2]>>,
}

/// A hidden attempt with its instants, and what it leaves to the next: from when on that can start.
#[derive(Clone, Debug)]
struct Planned {
    hiding: Hiding,
    ready: i64,
}

/// Which story of an explanation is told; each hidden attempt is as early as can be.
#[derive(Clone, Debug, Default)]
pub struct Telling {
    /// How many attempts are hidden; as few as can be, unless it is said.
    pub many: Option<i64>,
    /// How they end, from the first on, as far as it is said.
    pub ways: Vec<Way>,
}

/// An end of the range of an instant that a story is to have.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Pin {
    /// Which of the hidden attempts.
    pub index: usize,
    /// How it ends.
    pub way: Way,
    /// Whether it is its start; else its end.
    pub is_start: bool,
    /// Whether it is as late as can be; else as early.
    pub is_late: bool,
}

impl<'a> Stories<'a> {
    /// Those of an activity that is explained.
    #[must_use]
    pub fn of(
        activity: &'a RecordedActivity,
        run: &'a RecordedRun,
        judgement: &'a Judgement,
    ) -> Option<Self> {
        let explained = judgement.explained.as_ref()?;
        let activity = match &activity.pending {
            Some(_) => Cow::Owned(as_started(activity)),
            None => Cow::Borrowed(activity),
        };
        let tolerated = judgement.searched;
        let found = RefCell::default();
        Some(Stories { activity, run, judgement, explained, tolerated, found })
    }

    /// Those of what explains it if workers chose delays that left no trace.
    #[must_use]
    pub fn delayed(mut self) -> Option<Self> {
        self.explained = self.explained.delayed.as_deref()?;
        self.tolerated = self.tolerated.with(Tolerance::WorkerDelay);
        self.found = RefCell::default();
        Some(self)
    }

    /// What they are stories of.
    #[must_use]
    pub fn explained(&self) -> &'a Explained {
        self.explained
    }

    /// The hidden attempts, if there are so many, each with its ranges.
    #[must_use]
    pub fn hidden(&self, many: i64) -> Option<Vec<HiddenAttempt>> {
        self.ask(|search| Some(self.found(search, many)?.hidden.clone()))
    }

    /// A story that gives what is recorded: each step with its instant, in microseconds after the
    /// scheduling.
    #[must_use]
    pub fn story(&self, telling: &Telling) -> Option<Vec<Step>> {
        let many = telling.many.unwrap_or(self.explained.at_least);
        self.ask(|search| search.story(&*self.found(search, many)?, telling))
    }

    /// The story in which every hidden attempt is as early as can be, or as late, cut after each of
    /// them; what comes last is what is recorded.
    #[must_use]
    pub fn trunk(&self, many: i64, is_late: bool) -> Option<Vec<Vec<Step>>> {
        self.ask(|search| {
            let found = self.found(search, many)?;
            let [early, late] = search.trunks(&found)?;
            search.cut(if is_late { late } else { early }, many)
        })
    }

    /// How the story goes on that leaves the earliest one for this end of a range: that attempt, and
    /// the next as late as can be, after which it goes on as the latest story does. If there is none
    /// left, what is recorded.
    #[must_use]
    pub fn branch(&self, many: i64, pin: Pin) -> Option<Vec<Step>> {
        self.ask(|search| search.branch(&*self.found(search, many)?, many, pin))
    }

    fn found(&self, search: &Search<'_, '_>, many: i64) -> Option<Rc<Found>> {
        if let Some((of, found)) = &*self.found.borrow()
            && *of == many
        {
            return Some(Rc::clone(found));
        }
        let (last, lows, until) = search.chain(many)?;
        let hidden = search.hidden(&lows, last, &until, &|_| None)?;
        let found = Rc::new(Found { lows, until, hidden, trunks: OnceCell::new() });
        *self.found.borrow_mut() = Some((many, Rc::clone(&found)));
        Some(found)
    }

    fn ask<T>(&self, asked: impl FnOnce(&Search<'_, '_>) -> Option<T>) -> Option<T> {
        let scheduled = self.activity.scheduled.as_ref()?;
        let skew = self.judgement.clock_skew;
        let record = Record::of(&self.activity, scheduled, self.run, skew)?;
        asked(&Search::of(&record, self.tolerated))
    }
}

impl<'r> Search<'r, '_> {
    /// So many hidden attempts: what is known of the last of them, from when on each can start, and
    /// what bounds the last.
    fn chain(&self, many: i64) -> Option<(Known<'r>, Vec<i64>, Until)> {
        let last = self.last();
        if let Some((time, started)) = self.record.started {
            let lows = self.earliest(many, last, self.is_made_up(started)).ok()?;
            let until = self.until_the_start(time, started, &lows);
            return Some((last, lows, until));
        }
        let (lows, waiting) = self.with_wait(many, last)?;
        Some((last, lows, waiting.until))
    }

    /// What is known of the last hidden attempt.
    fn last(&self) -> Known<'r> {
        match self.record.started {
            Some((_, started)) => Some(started.last_failure.as_ref()),
            None => self.record.cause.as_ref().map(Option::as_ref),
        }
    }

    /// What is recorded, with hidden attempts played, each as early as can be.
    fn story(&self, found: &Found, telling: &Telling) -> Option<Vec<Step>> {
        let given = |index: usize| telling.ways.get(index).copied();
        // Attempts that all end in ways that are given leave less to each other.
        let plan = match telling.ways.is_empty() {
            true => self.earliest_plan(found, &given)?,
            false => {
                let Found { lows, until, .. } = found;
                let hidden = self.hidden(lows, self.last(), until, &given)?;
                let (lows, trunks) = (lows.clone(), OnceCell::new());
                self.earliest_plan(&Found { lows, until: *until, hidden, trunks }, &given)?
            }
        };
        let parts = self.cut(&plan, i64::try_from(found.hidden.len()).ok()?)?;
        Some(parts.into_iter().flatten().collect())
    }

    /// The steps of each hidden attempt, and those of what is recorded.
    fn cut(&self, plan: &[Planned], many: i64) -> Option<Vec<Vec<Step>>> {
        let mut play = Play::told(self.record.options);
        let mut parts = Vec::with_capacity(plan.len() + 1);
        for Planned { hiding, .. } in plan {
            play.attempt_ends(hiding).then_some(())?;
            parts.push(play.take_steps());
        }
        self.ends_as_recorded(&mut play, many)?;
        parts.push(play.take_steps());
        Some(parts)
    }

    fn ends_as_recorded(&self, play: &mut Play<'r>, many: i64) -> Option<()> {
        let ended = match self.record.started {
            Some((time, started)) => self.starts_as_recorded(play, time, started),
            None => self.waits_as_recorded(play, many),
        };
        ended.ok().map(|_| ())
    }

    fn trunks<'f>(&self, found: &'f Found) -> Option<&'f [Vec<Planned>; 2]> {
        let trunks = found.trunks.get_or_init(|| {
            let late = (0..found.hidden.len()).map(|index| self.latest(found, index));
            Some([self.earliest_plan(found, &|_| None)?, late.collect::<Option<_>>()?])
        });
        trunks.as_ref()
    }

    /// An attempt with an instant that is pinned, after others that are as early as can be.
    fn branch(&self, found: &Found, many: i64, pin: Pin) -> Option<Vec<Step>> {
        let [early, late] = self.trunks(found)?;
        let one = found.hidden.get(pin.index)?;
        let place = one.ways.iter().position(|way| *way == pin.way)?;
        let (starts, ends) = one.by_way[place];
        let of = |(least, most): Range| if pin.is_late { most } else { least };
        let before = pin.index.checked_sub(1).map(|before| &early[before]);
        let ready = before.map_or(found.lows[0], |before| before.ready);
        let pinned = self.planned(found, (pin.index, ready), &|way, zone| {
            let zone = match pin.is_start {
                true => at(zone, START, of(starts))?,
                false => at_an_end(at(zone, END, of(ends))?, START, pin.is_late)?,
            };
            Some(at_an_end(zone, END, false)?).filter(|_| way == pin.way)
        })?;
        let since = before.map_or((0, 0), |before| (before.hiding.at.1, before.dispatch()));
        let mut play = Play::waiting(self.record.options, one.attempt, since).telling();
        play.attempt_ends(&pinned.hiding).then_some(())?;
        match late.get(pin.index + 1) {
            Some(next) => play.attempt_ends(&next.hiding).then_some(())?,
            None => self.ends_as_recorded(&mut play, many)?,
        }
        Some(play.take_steps())
    }

    /// Instants for these attempts: each as early as can be.
    fn earliest_plan(
        &self,
        found: &Found,
        given: &dyn Fn(usize) -> Option<Way>,
    ) -> Option<Vec<Planned>> {
        let mut ready = found.lows[0];
        let plan = (0..found.hidden.len()).map(|index| {
            let planned = self.planned(found, (index, ready), &|way, zone| {
                let zone = at_an_end(at_an_end(zone, START, false)?, END, false)?;
                Some(zone).filter(|_| given(index).is_none_or(|given| given == way))
            })?;
            ready = planned.ready;
            Some(planned)
        });
        plan.collect()
    }

    /// An attempt as late as can be, of which that depends on those after it alone.
    fn latest(&self, found: &Found, index: usize) -> Option<Planned> {
        let start = found.hidden[index].start.1;
        self.planned(found, (index, found.lows[index]), &|_, zone| {
            at_an_end(at(zone, START, start)?, END, true)
        })
    }

    /// An attempt that can start from an instant on, in the first way of which its zone leaves some
    /// choice: that of one start and one end.
    fn planned(
        &self,
        Found { until, hidden, .. }: &Found,
        (index, ready): (usize, i64),
        choose: &dyn Fn(Way, Bounds) -> Option<Bounds>,
    ) -> Option<Planned> {
        let known = if index + 1 == hidden.len() { self.last() } else { None };
        let until = hidden.get(index + 1).map_or(*until, |next| Until::ready(next.start.1));
        let choices = self.choices(hidden[index].attempt, known, ready);
        let (way, zone) = choices.into_iter().find_map(|choice| {
            let zone = self.bounded(self.zone(choice, ready)?, choice, &until)?;
            Some((choice.way, choose(choice.way, zone)?))
        })?;
        let of = |point: usize| zone.how_much_later(point, BEGAN);
        let (start, end, (least, most)) = (of(START).0, of(END).0, of(NEXT));
        let next = end.clamp(least, most);
        let failure = known.map(|known| known.map(|known| known.failure.clone()));
        let failure = failure.map_or_else(unknown, Option::unwrap_or_default);
        let (is_early, retry) = (self.is_early(), Retryability::After(Span(next - end)));
        let ready = if is_early { end } else { end.max(next) };
        Some(Planned { hiding: Hiding { way, at: (start, end), failure, retry, is_early }, ready })
    }
}

impl Planned {
    /// When the next attempt can be dispatched.
    fn dispatch(&self) -> i64 {
        match self.hiding.retry {
            Retryability::After(Span(wait)) => self.hiding.at.1 + wait,
            Retryability::NonRetryable | Retryability::TimedOut | Retryability::NoInterval => {
                self.hiding.at.1
            }
        }
    }
}

/// A zone with one of its instants.
fn at(zone: Bounds, point: usize, instant: i64) -> Option<Bounds> {
    zone.later(point, BEGAN, (instant, instant))
}

/// A zone with an instant as early as it can be, or as late.
fn at_an_end(zone: Bounds, point: usize, is_late: bool) -> Option<Bounds> {
    let (least, most) = zone.how_much_later(point, BEGAN);
    at(zone, point, if is_late { most } else { least })
}

/// The failure of an attempt of which nothing is known.
fn unknown() -> Payload {
    Payload::failure(Failure::application("Unknown", "a failure that left no event"))
}
