//! Stories of an explanation: one choice of instants for everything that is hidden, played on the
//! specification and told step by step, for the core to play. Finds nothing that zones did not find.

use super::chain::{Choice, Range, Until};
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
use std::cell::RefCell;
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
}

/// Which story of an explanation is told: each hidden attempt is as early as can be, unless it is said
/// otherwise.
#[derive(Clone, Debug, Default)]
pub struct Telling {
    /// How many attempts are hidden; as few as can be, unless it is said.
    pub many: Option<i64>,
    /// How they end, from the first on, as far as it is said.
    pub ways: Vec<Way>,
    /// One instant that is at an end of its range.
    pub pin: Option<Pin>,
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

    fn found(&self, search: &Search<'_, '_>, many: i64) -> Option<Rc<Found>> {
        if let Some((of, found)) = &*self.found.borrow()
            && *of == many
        {
            return Some(Rc::clone(found));
        }
        let (last, lows, until) = search.chain(many)?;
        let hidden = search.hidden(&lows, last, &until, &|_| None)?;
        let found = Rc::new(Found { lows, until, hidden });
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

    /// What is recorded, with hidden attempts played.
    fn story(&self, found: &Found, telling: &Telling) -> Option<Vec<Step>> {
        let many = i64::try_from(found.hidden.len()).ok()?;
        let mut play = Play::told(self.record.options);
        for hiding in self.plan(found, telling)? {
            play.attempt_ends(&hiding).then_some(())?;
        }
        match self.record.started {
            Some((time, started)) => {
                self.starts_as_recorded(&mut play, time, started).ok()?;
            }
            None => {
                self.waits_as_recorded(&mut play, many).ok()?;
            }
        }
        Some(play.into_steps())
    }

    /// Instants for these attempts: each as early as can be, but for one whose start or end is pinned.
    fn plan(&self, found: &Found, telling: &Telling) -> Option<Vec<Hiding>> {
        let Found { lows, until, hidden } = found;
        let last = self.last();
        let pinned = |index: usize| telling.pin.filter(|pin| pin.index == index);
        let given = |index: usize| telling.ways.get(index).copied();
        let way = |index: usize| given(index).or(pinned(index).map(|pin| pin.way));
        // Attempts that all end in ways that are given leave less to each other.
        let hidden = match telling.ways.is_empty() {
            true => Cow::Borrowed(hidden),
            false => Cow::Owned(self.hidden(lows, last, until, &given)?),
        };
        let mut plan: Vec<Hiding> = Vec::with_capacity(hidden.len());
        let mut ready = lows[0];
        for (index, one) in hidden.iter().enumerate() {
            let known = if index + 1 == hidden.len() { last } else { None };
            let until = hidden.get(index + 1).map_or(*until, |next| Until::ready(next.start.1));
            let pin = match pinned(index) {
                Some(pin) => {
                    let place = one.ways.iter().position(|it| *it == pin.way)?;
                    Some((pin, one.by_way[place]))
                }
                None => None,
            };
            let choices = self.choices(one.attempt, known, ready);
            let mut choices =
                choices.into_iter().filter(|it| way(index).is_none_or(|way| way == it.way));
            let (hiding, next) = choices.find_map(|choice| {
                let zone = self.bounded(self.zone(choice, ready)?, choice, &until)?;
                self.fixed(zone, choice, pin)
            })?;
            let failure = known.map(|known| known.map(|known| known.failure.clone()));
            let failure = failure.map_or_else(unknown, Option::unwrap_or_default);
            plan.push(Hiding { failure, ..hiding });
            ready = next;
        }
        Some(plan)
    }

    /// The instants of an attempt, and from when on the next one can start.
    fn fixed(
        &self,
        zone: Bounds,
        choice: Choice,
        pin: Option<(Pin, (Range, Range))>,
    ) -> Option<(Hiding, i64)> {
        let at = |zone: &Bounds, point: usize| zone.how_much_later(point, BEGAN);
        let fix = |zone: Bounds, point: usize, at: i64| zone.later(point, BEGAN, (at, at));
        let of = |(least, most): Range, is_late: bool| if is_late { most } else { least };
        let zone = match pin {
            Some((Pin { is_start: true, is_late, .. }, (start, _))) => {
                fix(zone, START, of(start, is_late))?
            }
            Some((Pin { is_start: false, is_late, .. }, (_, end))) => {
                let zone = fix(zone, END, of(end, is_late))?;
                let start = of(at(&zone, START), is_late);
                fix(zone, START, start)?
            }
            None => {
                let start = at(&zone, START).0;
                fix(zone, START, start)?
            }
        };
        let (start, end) = (at(&zone, START).0, at(&zone, END).0);
        let zone = fix(zone, END, end)?;
        let (least, most) = at(&zone, NEXT);
        let next = end.clamp(least, most);
        let retry = Retryability::After(Span(next - end));
        let is_early = self.is_early();
        let ready = if is_early { end } else { end.max(next) };
        let (way, at, failure) = (choice.way, (start, end), Payload::default());
        Some((Hiding { way, at, failure, retry, is_early }, ready))
    }
}

/// The failure of an attempt of which nothing is known.
fn unknown() -> Payload {
    Payload::failure(Failure::application("Unknown", "a failure that left no event"))
}
