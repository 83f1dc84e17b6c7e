//! The exploration of zones. Knows control states and distances; what they mean to a user is said
//! elsewhere.

use super::attempts::{Counting, Middle, Rounds};
use super::bounds::Bounds;
use super::control::{self, Control, Stage};
use super::event::{Event, settled, stepped};
use super::{Attempts, Clock, Configuration, Explored, StaysOpen};
use crate::number::{Sym, lifted};
use activity_execution::vocabulary::{
    Attempt, Dialect, Number, Observation, RequestId, Span, Terms, TimeoutType, Timestamp,
};
use activity_models::specification::Specification;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use symbolic::{Budget, assume_le, fresh, literal, prove};

/// An exploration under way.
pub(super) struct Exploration<'a> {
    configuration: &'a Configuration<'a>,
    counting: Counting,
    clock: Clock,
    // How long a round takes from retry to retry where attempts are alike, at least and at most.
    round: (i64, Option<i64>),
    zones: BTreeMap<Control, Vec<Zone>>,
    queue: VecDeque<(Control, Bounds)>,
    visits: Vec<Visit>,
    timeouts: BTreeSet<TimeoutType>,
    transitions: usize,
}

/// That a control state was reached by a step.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    /// The control state.
    pub(super) control: Control,
    /// In which zone, before it was united with others.
    pub(super) zone: Bounds,
    /// By what, unless it is the beginning, and from one of which visits.
    pub(super) by: Option<(Event, Rc<[usize]>)>,
    /// By how many steps at least.
    pub(super) steps: usize,
    /// What went by unexplored after that.
    pub(super) rounds: Rounds,
    /// Whether a deadline took effect.
    pub(super) times_out: bool,
}

/// A zone that is as large as it can be, and the visits that it unites.
#[derive(Debug)]
struct Zone {
    bounds: Bounds,
    visits: Vec<usize>,
}

/// What a path leads to.
#[derive(Debug)]
struct Found {
    control: Control,
    zone: Bounds,
    settled: Vec<TimeoutType>,
    rounds: Rounds,
}

impl Visit {
    /// How old an execution can be here.
    pub(super) fn ages(&self) -> Ages {
        let (least, most) = control::age(&self.zone);
        (least, most.unwrap_or(i64::MAX))
    }

    /// How long it takes at least and at most until a tick leads to the other.
    fn tick(&self, to: &Visit) -> Ages {
        let is_delayed = matches!(self.control.stage, Stage::Scheduled { is_delayed: true, .. });
        let deadlines = 1 + usize::from(is_delayed)..self.zone.points() - 1;
        let far = deadlines.clone().filter_map(|deadline| self.zone.difference(deadline, 0)).min();
        let near = deadlines.filter_map(|deadline| self.zone.difference(0, deadline)).max();
        match (to.times_out, far) {
            (false, far) => (1, far.map_or(i64::MAX, |far| far - 1)),
            (true, far) => (near.map_or(1, |near| 1.max(-near)), far.unwrap_or(i64::MAX)),
        }
    }
}

/// How long ago everything began, at least and at most.
pub(super) type Ages = (i64, i64);

impl<'a> Exploration<'a> {
    pub(super) fn new(configuration: &'a Configuration<'a>, clock: Clock) -> Self {
        let counting = configuration.counting();
        let repeats = counting.middle.map(|middle| middle.label).or(counting.saturation);
        let round = match (clock, repeats) {
            (Clock::OnTime, Some(attempt)) => configuration.round(attempt),
            (Clock::Late, _) | (Clock::OnTime, None) => (0, None),
        };
        Exploration {
            configuration,
            counting,
            clock,
            round,
            zones: BTreeMap::new(),
            queue: VecDeque::new(),
            visits: Vec::new(),
            timeouts: BTreeSet::new(),
            transitions: 0,
        }
    }

    /// Explores everything, or as long as it goes on after so many steps.
    pub(super) fn run(&mut self, goes_on: &dyn Fn(usize) -> bool) {
        let found = RefCell::new(Vec::new());
        self.execute(|terms| {
            let start = Timestamp(Sym::literal(0));
            let begun = Specification::<Sym, ()>::new(terms, start, RequestId(0));
            self.reach(terms, 0, begun.observe(), &found);
        });
        self.add(None, found.take());
        while goes_on(self.transitions)
            && let Some((control, bounds)) = self.queue.pop_front()
        {
            let mut zones = self.zones[&control].iter();
            let Some(zone) = zones.find(|zone| zone.bounds == bounds) else {
                continue; // A larger zone was found meanwhile.
            };
            let visits: Rc<[usize]> = zone.visits.as_slice().into();
            for event in Event::ALL {
                self.execute(|terms| self.step(terms, &control, &bounds, event, &found));
                self.transitions += found.borrow().len();
                self.add(Some((event, Rc::clone(&visits))), found.take());
            }
        }
    }

    /// How many zones are still to be explored.
    pub(super) fn unexplored(&self) -> usize {
        self.queue.len()
    }

    /// Every visit that found something new.
    pub(super) fn visits(&self) -> &[Visit] {
        &self.visits
    }

    /// How attempts are counted.
    pub(super) fn counting(&self) -> &Counting {
        &self.counting
    }

    pub(super) fn explored(self) -> Explored {
        let attempts = self.attempts();
        let waits = |control: &Control| {
            !matches!(control.stage, Stage::Closed(_)) && self.armed(control) == [false; 4]
        };
        let mut stays_open = BTreeSet::new();
        stays_open.extend(self.zones.keys().any(waits).then_some(StaysOpen::Waiting));
        let retries = attempts == Attempts::WithoutEnd;
        stays_open.extend(retries.then_some(StaysOpen::Retrying));
        let Counting { saturation, middle, .. } = self.counting;
        let zones = self.zones.into_iter();
        Explored {
            control_states: zones.map(|(control, zones)| (control, zones.len())).collect(),
            transitions: self.transitions,
            attempts,
            timeouts: self.timeouts,
            stays_open,
            alike_from: saturation.or(middle.map(|middle| middle.label - 1)),
            unexplored: self.queue.len(),
        }
    }

    fn execute(&self, claim: impl Fn(&Terms<Sym>)) {
        let report = prove("step", Budget::default(), || claim(&lifted(&self.counting.terms)));
        assert!(report.failures.is_empty() && report.cut_off.is_none(), "{report}");
    }

    /// Any execution of the zone takes a step.
    fn step(
        &self,
        terms: &Terms<Sym>,
        control: &Control,
        zone: &Bounds,
        event: Event,
        found: &RefCell<Vec<Found>>,
    ) {
        let mut before = control.any(self.armed(control), zone, self.clock);
        let backoff = self.backoff(control.attempt);
        if let Event::Heartbeat = event {
            let Some(later) = self.heartbeats(terms, before) else {
                return;
            };
            before = later;
        }
        let elapsed = match event {
            Event::Tick => self.elapsed(&before, 1),
            _ => Span::zero(),
        };
        if let Some(after) = stepped(terms, &before, &event.action(&before, backoff, elapsed)) {
            self.reach(terms, control.attempt, after, found);
        }
    }

    /// Any time from the least on, which on time goes beyond no deadline.
    fn elapsed(&self, before: &Observation<Sym, ()>, least: i64) -> Span<Sym> {
        let elapsed = fresh("elapsed");
        assume_le(literal(0), elapsed, -least);
        if self.clock == Clock::OnTime {
            for (_, deadline) in before.deadlines.armed() {
                assume_le(elapsed, (deadline - before.now).0.0, 0);
            }
        }
        Span(Sym(elapsed))
    }

    /// The execution after a time in which its worker heartbeats often enough, until just before its
    /// last heartbeat.
    ///
    /// A heartbeat can follow another after any time below the timeout, so with a timeout of two
    /// milliseconds or more it can keep the attempt alive for any time: as if no heartbeat timeout
    /// were armed, as long as nothing else is due. One heartbeat at a time would take as many steps
    /// as there are heartbeats in the other timeouts.
    fn heartbeats(
        &self,
        terms: &Terms<Sym>,
        before: Observation<Sym, ()>,
    ) -> Option<Observation<Sym, ()>> {
        before.deadlines.start_to_close?;
        if !is_kept_alive(terms) {
            return Some(before);
        }
        let mut deadlines = before.deadlines;
        deadlines.heartbeat = None;
        let silent = Observation { deadlines, ..before };
        let elapsed = self.elapsed(&silent, 0);
        let action = Event::Tick.action(&silent, Span::zero(), elapsed);
        let later = stepped(terms, &silent, &action).expect("time passes");
        let mut others = later.deadlines.armed();
        others.all(|(_, deadline)| later.now < deadline).then_some(later)
    }

    /// Settles what is due, and notes what is reached then.
    fn reach(
        &self,
        terms: &Terms<Sym>,
        from: i64,
        observation: Observation<Sym, ()>,
        found: &RefCell<Vec<Found>>,
    ) {
        let mut observation = observation;
        let mut timeouts = Vec::new();
        let backoff = |it: &Observation<Sym, ()>| self.backoff(control::attempt(it));
        while let Some((timeout_type, after)) = settled(terms, &observation, backoff(&observation))
        {
            timeouts.push(timeout_type);
            observation = after;
        }
        let attempt = control::attempt(&observation);
        for (label, rounds) in self.labels(from, attempt) {
            let (control, pending) = Control::of(&observation, label, self.clock);
            let zone = control::zone(observation.now, &pending);
            let zone = zone.and_then(|zone| match self.clock {
                Clock::Late => Some(zone),
                Clock::OnTime => self.age(zone, attempt, rounds),
            });
            let settled = timeouts.clone();
            found.borrow_mut().extend(zone.map(|zone| Found { control, zone, settled, rounds }));
        }
    }

    /// As which attempts one counts that comes after another.
    ///
    /// From some number of rounds on, those that take longest are over no earlier than one round
    /// more can be: then any time may have gone by that schedule-to-close leaves.
    pub(super) fn labels(&self, from: i64, attempt: i64) -> Vec<(i64, Rounds)> {
        let (least, most) = self.round;
        let spread = most.map_or(i64::MAX, |most| most - least);
        let is_bounded = self.counting.terms.schedule_to_close_timeout.is_some();
        let any_from = (self.clock == Clock::OnTime && is_bounded && spread > 0)
            .then(|| (least / spread + i64::from(least % spread > 0)).max(1));
        self.counting.labels(from, attempt, any_from)
    }

    /// How old an execution can have been in a visit, if `event` led to the other one at these
    /// ages.
    pub(super) fn ages_before(
        &self,
        from: &Visit,
        event: Event,
        to: &Visit,
        then: Ages,
    ) -> Option<Ages> {
        let passed = match event {
            Event::Tick => from.tick(to),
            Event::Heartbeat => (0, i64::MAX),
            _ => (0, 0),
        };
        let skipped = match to.rounds {
            Rounds::NONE => (0, Some(0)),
            rounds => self.take(rounds),
        };
        let most = passed.1.saturating_add(skipped.1.unwrap_or(i64::MAX));
        let ages = from.ages();
        let least = ages.0.max(then.0.saturating_sub(most));
        let most = ages.1.min(then.1.saturating_sub(passed.0 + skipped.0));
        (least <= most).then_some((least, most))
    }

    /// How long so many rounds take, at least and at most.
    pub(super) fn take(&self, rounds: Rounds) -> (i64, Option<i64>) {
        let (least, most) = self.round;
        let most = most.zip(rounds.most).map(|(most, rounds)| most.saturating_mul(rounds));
        (least.saturating_mul(rounds.least), most)
    }

    /// Lets an execution be as old as the attempts make it that are not explored one by one.
    fn age(&self, zone: Bounds, attempt: i64, rounds: Rounds) -> Option<Bounds> {
        let mut zone = zone;
        let Counting { saturation, terms, .. } = self.counting;
        let began = zone.points() - 1;
        if terms.schedule_to_close_timeout.is_none() {
            if saturation.is_some_and(|last| attempt > last) {
                zone.forget_most(began);
            }
            if rounds != Rounds::NONE {
                let (least, most) = self.take(rounds);
                zone.put_back(&[began], least, most);
            }
            return Some(zone);
        }
        if rounds == Rounds::NONE {
            return Some(zone);
        }
        // A retry waits: after the present and its dispatch come the deadlines.
        let dispatch = 1;
        let schedule_to_close = 2 + usize::from(terms.schedule_to_start_timeout.is_some());
        let (least, most) = self.take(rounds);
        zone.put_back(&[schedule_to_close, began], least, most);
        zone.order(dispatch, schedule_to_close, i64::from(terms.dialect == Dialect::Standalone))
    }

    fn add(&mut self, by: Option<(Event, Rc<[usize]>)>, found: Vec<Found>) {
        for Found { control, zone, settled, rounds } in found {
            let times_out = !settled.is_empty();
            self.timeouts.extend(settled);
            let is_closed = matches!(control.stage, Stage::Closed(_));
            let zones = self.zones.entry(control.clone()).or_default();
            if is_closed && self.clock == Clock::Late
                || zones.iter().any(|known| zone.is_inside(&known.bounds))
            {
                continue;
            }
            let before = by.iter().flat_map(|(_, visits)| visits.iter());
            let steps = before.map(|visit| self.visits[*visit].steps + 1).min().unwrap_or(0);
            let mut whole = Zone { bounds: zone.clone(), visits: vec![self.visits.len()] };
            self.visits.push(Visit {
                control: control.clone(),
                zone,
                by: by.clone(),
                steps,
                rounds,
                times_out,
            });
            // Two zones that are one together are one: less is left to explore.
            while let Some(larger) =
                zones.iter().find_map(|known| whole.bounds.union(&known.bounds))
            {
                for united in zones.extract_if(.., |known| known.bounds.is_inside(&larger)) {
                    whole.visits.extend(united.visits);
                }
                whole.bounds = larger;
            }
            if !is_closed {
                self.queue.push_back((control, whole.bounds.clone()));
            }
            zones.push(whole);
        }
    }

    fn attempts(&self) -> Attempts {
        let starts = |it: &&Control| matches!(it.stage, Stage::Started { .. });
        let started = self.zones.keys().filter(starts).map(|control| control.attempt);
        let most = started.max().unwrap_or(0);
        let Counting { saturation, terms, middle } = self.counting;
        match (saturation, middle) {
            (Some(alike), _) if most >= alike => match terms.schedule_to_close_timeout {
                Some(total) => self
                    .configuration
                    .most_within(total, alike)
                    .map_or(Attempts::AsManyAsTimeAllows, Attempts::AtMost),
                None => Attempts::WithoutEnd,
            },
            (_, Some(Middle { label, count })) if most > label => Attempts::AtMost(label + count),
            _ => Attempts::AtMost(most),
        }
    }

    fn armed(&self, control: &Control) -> [bool; 4] {
        let terms = &self.counting.terms;
        let is_started = matches!(control.stage, Stage::Started { .. });
        [
            !is_started && terms.schedule_to_start_timeout.is_some(),
            terms.schedule_to_close_timeout.is_some(),
            is_started,
            is_started && terms.heartbeat_timeout.is_some(),
        ]
    }

    fn backoff(&self, attempt: i64) -> Span<Sym> {
        Span(Sym::literal((self.configuration.backoff)(Attempt(attempt)).0))
    }
}

impl Configuration<'_> {
    /// How long it takes from the retry that leads to this attempt to the next one.
    fn round(&self, attempt: i64) -> (i64, Option<i64>) {
        let wait = (self.backoff)(Attempt(attempt));
        let terms = Terms { maximum_attempts: Some(Attempt(2)), start_delay: wait, ..self.terms };
        let alone = Configuration { terms, backoff: &|_| wait, alike_from: None };
        let mut exploration = Exploration::new(&alone, Clock::OnTime);
        exploration.run(&|_| true);
        let retried = exploration.visits.iter().filter(|visit| {
            let first = |visits: &[usize]| exploration.visits[visits[0]].control.attempt == 1;
            visit.control.attempt == 2 && visit.by.as_ref().is_some_and(|(_, from)| first(from))
        });
        let ages = retried.map(|visit| control::age(&visit.zone));
        ages.reduce(|one, other| (one.0.min(other.0), one.1.zip(other.1).map(|(a, b)| a.max(b))))
            .unwrap_or((0, Some(0)))
    }
}

/// Whether heartbeats can keep an attempt alive for any time.
pub(super) fn is_kept_alive<N: Number>(terms: &Terms<N>) -> bool {
    terms.heartbeat_timeout.is_some_and(|timeout| timeout >= Span(N::literal(2)))
}
