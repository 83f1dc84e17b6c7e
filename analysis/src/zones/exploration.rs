//! The search through zones in the order of time: control states with difference bounds. Knows
//! control states and distances; what they mean to a user is said elsewhere.

use super::attempts::{Counting, Middle, Pace, Rounds};
use super::bounds::Bounds;
use super::control::{self, Control, Stage};
use super::event::{Event, settled};
use super::{Attempts, Clock, Configuration, Explored, Retried, StaysOpen};
use activity_execution::vocabulary::{
    Attempt, Dialect, ExecutionOptions, Number, Observation, RequestId, Span, TimeoutType,
    Timestamp,
};
use activity_models::specification::Specification;
use activity_proofs::{Sym, lifted};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Range;
use std::rc::Rc;
use symbolic::{Budget, prove};

/// An exploration under way.
pub(super) struct Exploration<'a> {
    pub(super) configuration: &'a Configuration<'a>,
    pub(super) counting: Counting,
    pub(super) clock: Clock,
    // Whether it is remembered how long ago everything began.
    pub(super) remembers: bool,
    // How long a round takes from retry to retry where attempts are alike.
    pace: Pace,
    zones: BTreeMap<Control, Vec<Zone>>,
    // By attempt, so that the zones of one are united before they lead to the next.
    queue: BTreeMap<i64, VecDeque<(Control, Bounds)>>,
    visits: Vec<Visit>,
    timeouts: BTreeSet<TimeoutType>,
    retried: BTreeSet<Retried>,
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
pub(super) struct Found {
    pub(super) control: Control,
    pub(super) zone: Bounds,
    pub(super) settled: Vec<TimeoutType>,
    pub(super) rounds: Rounds,
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
        let stays = matches!(to.control.stage, Stage::Scheduled { is_delayed: true, .. });
        let deadlines = 1 + usize::from(is_delayed)..self.zone.points() - 1;
        let far = deadlines.clone().filter_map(|deadline| self.zone.difference(deadline, 0)).min();
        let near = |points: Range<usize>| {
            let near = points.filter_map(|point| self.zone.difference(0, point)).max();
            near.map_or(1, |near| 1.max(-near))
        };
        match (to.times_out, far) {
            (true, far) => (near(deadlines), far.unwrap_or(i64::MAX)),
            (false, far) => {
                let dispatch = if is_delayed && !stays { near(1..2) } else { 1 };
                (dispatch, far.map_or(i64::MAX, |far| far - 1))
            }
        }
    }

    /// How long heartbeats can keep the attempt alive.
    fn heartbeats(&self, terms: &ExecutionOptions<i64>) -> Ages {
        if !is_kept_alive(terms) {
            return (0, 0);
        }
        // Last of the deadlines, before the beginning, comes that of the heartbeat.
        let others = 1..self.zone.points() - 2;
        let far = others.filter_map(|deadline| self.zone.difference(deadline, 0)).min();
        (0, far.map_or(i64::MAX, |far| far - 1))
    }
}

/// How long something takes or ago it is, at least and at most.
pub(super) type Ages = (i64, i64);

impl<'a> Exploration<'a> {
    pub(super) fn new(configuration: &'a Configuration<'a>, clock: Clock) -> Self {
        let counting = configuration.counting();
        let pace = counting.middle.map(|middle| configuration.pace(middle.label, clock));
        Exploration {
            configuration,
            counting,
            clock,
            remembers: clock == Clock::OnTime || configuration.run_ends.is_some(),
            pace: pace.unwrap_or(Pace { least: 0, most: Some(0) }),
            zones: BTreeMap::new(),
            queue: BTreeMap::new(),
            visits: Vec::new(),
            timeouts: BTreeSet::new(),
            retried: BTreeSet::new(),
            transitions: 0,
        }
    }

    /// Explores everything, or as long as it goes on after so many steps.
    pub(super) fn run(&mut self, goes_on: &dyn Fn(usize) -> bool) {
        let begin = |terms: &ExecutionOptions<Sym>| {
            let start = Timestamp(Sym::literal(0));
            Specification::<Sym, ()>::new(terms, start, RequestId(0)).observe()
        };
        self.run_from(&begin, goes_on);
    }

    /// The same from an execution that is under way.
    pub(super) fn run_from(
        &mut self,
        begin: &dyn Fn(&ExecutionOptions<Sym>) -> Observation<Sym, ()>,
        goes_on: &dyn Fn(usize) -> bool,
    ) {
        let found = RefCell::new(Vec::new());
        self.execute(|terms| self.reach(terms, 0, begin(terms), &found));
        self.add(None, found.take());
        while goes_on(self.transitions)
            && let Some((control, bounds)) = self.next()
        {
            let mut zones = self.zones[&control].iter();
            let Some(zone) = zones.find(|zone| zone.bounds == bounds) else {
                continue; // A larger zone was found meanwhile.
            };
            let visits: Rc<[usize]> = zone.visits.as_slice().into();
            for event in Event::all(self.configuration) {
                self.execute(|terms| self.step(terms, &control, &bounds, event, &found));
                self.transitions += found.borrow().len();
                self.add(Some((event, Rc::clone(&visits))), found.take());
            }
        }
    }

    fn next(&mut self) -> Option<(Control, Bounds)> {
        let mut attempt = self.queue.first_entry()?;
        let next = attempt.get_mut().pop_front();
        if attempt.get().is_empty() {
            attempt.remove();
        }
        next
    }

    /// How many zones are still to be explored.
    pub(super) fn unexplored(&self) -> usize {
        self.queue.values().map(VecDeque::len).sum()
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
        let unexplored = self.unexplored();
        let attempts = self.attempts();
        let waits = |control: &Control| {
            !matches!(control.stage, Stage::Closed(_))
                && self.armed(control) == [false; 4]
                && self.configuration.run_ends.is_none()
        };
        let mut stays_open = BTreeSet::new();
        stays_open.extend(self.zones.keys().any(waits).then_some(StaysOpen::Waiting));
        let retries = attempts == Attempts::WithoutEnd;
        stays_open.extend(retries.then_some(StaysOpen::Retrying));
        let alike_from = self.counting.middle.map(|middle| middle.label - 1);
        // Where nothing counts attempts, the first that is alike stands for all of them.
        let uncounted = alike_from.filter(|_| self.counting.terms.maximum_attempts.is_none());
        let mut control_states = BTreeMap::new();
        for (control, zones) in self.zones {
            let attempt = uncounted.map_or(control.attempt, |alike| control.attempt.min(alike));
            *control_states.entry(Control { attempt, ..control }).or_default() += zones.len();
        }
        Explored {
            control_states,
            transitions: self.transitions,
            attempts,
            timeouts: self.timeouts,
            retried: self.retried,
            stays_open,
            alike_from,
            unexplored,
        }
    }

    fn execute(&self, claim: impl Fn(&ExecutionOptions<Sym>)) {
        let report = prove("step", Budget::default(), || claim(&lifted(&self.counting.terms)));
        assert!(report.failures.is_empty() && report.cut_off.is_none(), "{report}");
    }

    /// Settles what is due, and notes what is reached then.
    pub(super) fn reach(
        &self,
        terms: &ExecutionOptions<Sym>,
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
        let dialect = self.counting.terms.dialect;
        let (control, pending) = Control::of(&observation, attempt, dialect, self.remembers);
        let Some(zone) = control::zone(observation.now, &pending) else {
            return;
        };
        let left = self.left(&control, &zone);
        for (attempt, rounds) in self.counting.labels(from, attempt, self.pace, left) {
            let control = Control { attempt, ..control.clone() };
            let zone = self.later(&control, zone.clone(), rounds);
            let settled = timeouts.clone();
            found.borrow_mut().extend(zone.map(|zone| Found { control, zone, settled, rounds }));
        }
    }

    /// How much time is left at least and at most, until schedule-to-close or the end of the run.
    fn left(&self, control: &Control, zone: &Bounds) -> Option<Ages> {
        let until_close = self.schedule_to_close(control).map(|deadline| {
            let least = zone.difference(0, deadline).map_or(0, |it| -it);
            (least, zone.difference(deadline, 0).unwrap_or(i64::MAX))
        });
        let until_end = self.configuration.run_ends.map(|Span(ends)| {
            let (least, most) = control::age(zone);
            (most.map_or(0, |most| ends - most), ends - least)
        });
        let all = until_close.into_iter().chain(until_end);
        all.reduce(|one, other| (one.0.min(other.0), one.1.min(other.1)))
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
            Event::RunEnds => (1, i64::MAX),
            Event::Heartbeat => from.heartbeats(&self.counting.terms),
            _ => (0, 0),
        };
        let skipped = match to.rounds {
            Rounds::NONE => (0, Some(0)),
            rounds => self.pace.take(rounds),
        };
        let most = passed.1.saturating_add(skipped.1.unwrap_or(i64::MAX));
        let ages = from.ages();
        let least = ages.0.max(then.0.saturating_sub(most));
        let most = ages.1.min(then.1.saturating_sub(passed.0 + skipped.0));
        (least <= most).then_some((least, most))
    }

    /// How long a round takes.
    pub(super) fn pace(&self) -> Pace {
        self.pace
    }

    /// Lets so many rounds have gone by before an attempt that was just scheduled.
    fn later(&self, control: &Control, zone: Bounds, rounds: Rounds) -> Option<Bounds> {
        if rounds == Rounds::NONE {
            return Some(zone);
        }
        let mut zone = zone;
        let deadline = self.schedule_to_close(control);
        let began = self.remembers.then(|| zone.points() - 1);
        let moved: Vec<usize> = deadline.into_iter().chain(began).collect();
        let (least, most) = self.pace.take(rounds);
        zone.put_back(&moved, least, most);
        let ExecutionOptions { schedule_to_close_timeout, start_delay, .. } = self.counting.terms;
        let total = schedule_to_close_timeout.map(|total| start_delay + total);
        let ends = self.configuration.run_ends.into_iter().chain(total).min();
        if let (Some(Span(ends)), Some(began)) = (ends, began) {
            zone = zone.order(0, began, 1 - ends)?;
        }
        // A retry that a worker dates back can have waited too long for a worker from the first.
        let Stage::Scheduled { is_delayed, .. } = control.stage else {
            return Some(zone);
        };
        let Some(deadline) = deadline else {
            return Some(zone);
        };
        let is_standalone = self.counting.terms.dialect == Dialect::Standalone;
        zone.order(usize::from(is_delayed), deadline, i64::from(is_standalone))
    }

    /// The point of a zone that is the schedule-to-close deadline of a scheduled attempt, if any.
    fn schedule_to_close(&self, control: &Control) -> Option<usize> {
        let ExecutionOptions { schedule_to_start_timeout, schedule_to_close_timeout, .. } =
            self.counting.terms;
        let Stage::Scheduled { is_delayed, .. } = control.stage else {
            return None;
        };
        // First comes the present, then the dispatch if it is still to come, then the deadlines.
        let before = 1 + usize::from(is_delayed) + usize::from(schedule_to_start_timeout.is_some());
        schedule_to_close_timeout.map(|_| before)
    }

    fn add(&mut self, by: Option<(Event, Rc<[usize]>)>, found: Vec<Found>) {
        for Found { control, zone, settled, rounds } in found {
            let times_out = !settled.is_empty();
            let event = by.as_ref().map(|(event, _)| *event);
            self.retried.extend(retried(event, &settled, &control));
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
                let queue = self.queue.entry(control.attempt).or_default();
                queue.push_back((control, whole.bounds.clone()));
            }
            zones.push(whole);
        }
    }

    fn attempts(&self) -> Attempts {
        let starts = |it: &&Control| matches!(it.stage, Stage::Started { .. });
        let started = self.zones.keys().filter(starts).map(|control| control.attempt);
        let most = started.max().unwrap_or(0);
        match self.counting.middle {
            Some(Middle { label, count: Some(count) }) if most > label => {
                Attempts::AtMost(label + count)
            }
            Some(Middle { label, count: None }) if most >= label => {
                match self.configuration.bound() {
                    Some(total) => self
                        .configuration
                        .most_within(total, label - 1)
                        .map_or(Attempts::AsManyAsTimeAllows, Attempts::AtMost),
                    None => Attempts::WithoutEnd,
                }
            }
            Some(_) | None => Attempts::AtMost(most),
        }
    }

    pub(super) fn armed(&self, control: &Control) -> [bool; 4] {
        let terms = &self.counting.terms;
        let is_started = matches!(control.stage, Stage::Started { .. });
        [
            !is_started && terms.schedule_to_start_timeout.is_some(),
            terms.schedule_to_close_timeout.is_some(),
            is_started,
            is_started && terms.heartbeat_timeout.is_some(),
        ]
    }

    pub(super) fn backoff(&self, attempt: i64) -> Span<Sym> {
        Span(Sym::literal((self.configuration.backoff)(Attempt(attempt)).0))
    }
}

impl Configuration<'_> {
    /// How long it takes from the dispatch of this attempt to that of the next one.
    fn pace(&self, attempt: i64, clock: Clock) -> Pace {
        let wait = (self.backoff)(Attempt(attempt));
        let terms = ExecutionOptions {
            maximum_attempts: Some(Attempt(2)),
            start_delay: Span(0),
            ..self.terms
        };
        let alone = Configuration {
            terms,
            backoff: &|_| wait,
            alike_from: None,
            run_ends: None,
            reports: self.reports,
        };
        let mut exploration = Exploration { remembers: true, ..Exploration::new(&alone, clock) };
        exploration.run(&|_| true);
        let retried = exploration.visits.iter().filter(|visit| {
            let first = |visits: &[usize]| exploration.visits[visits[0]].control.attempt == 1;
            visit.control.attempt == 2 && visit.by.as_ref().is_some_and(|(_, from)| first(from))
        });
        let rounds = retried.filter_map(|Visit { control, zone, .. }| {
            let Stage::Scheduled { is_delayed, .. } = control.stage else { return None };
            Some(control::since_the_beginning(zone, usize::from(is_delayed)))
        });
        let (least, most) = rounds
            .reduce(|one, other| (one.0.min(other.0), one.1.zip(other.1).map(|(a, b)| a.max(b))))
            .unwrap_or((0, Some(0)));
        Pace { least, most }
    }
}

/// What another attempt follows here, if one does.
fn retried(event: Option<Event>, settled: &[TimeoutType], control: &Control) -> Option<Retried> {
    if !matches!(control.stage, Stage::Scheduled { is_retry: true, .. }) {
        return None;
    }
    let timeout =
        settled.iter().find(|it| matches!(it, TimeoutType::StartToClose | TimeoutType::Heartbeat));
    match (timeout, event) {
        (Some(timeout), _) => Some(Retried::Timeout(*timeout)),
        (None, Some(Event::Fail { .. } | Event::FailAsking { .. })) => Some(Retried::Failure),
        (None, _) => None,
    }
}

/// Whether heartbeats can keep an attempt alive for any time.
pub(super) fn is_kept_alive<N: Number>(terms: &ExecutionOptions<N>) -> bool {
    terms.heartbeat_timeout.is_some_and(|timeout| timeout >= Span(N::literal(2)))
}
