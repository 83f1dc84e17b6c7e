//! One configuration in real durations, explored exactly: policy concrete, instants symbolic.
//!
//! What has been reached of an execution is a control state and a zone, the set of distances
//! between the present and what is pending. A step of the specification from any execution of a
//! zone is executed symbolically; what its paths know is projected onto the next zone.
//! Time first, as in an engine: the clock may jump, then every due deadline is settled.

mod bounds;
mod control;

pub use bounds::Bounds;
pub use control::{Control, Stage};

use crate::number::Sym;
use activity_execution::vocabulary::{
    Action, Attempt, Number, Observation, Request, RequestId, Retry, Span, Target, TaskToken,
    Terms, TimeoutType, Timestamp,
};
use activity_models::exploration::{Machine, SpecificationMachine};
use activity_models::specification::Specification;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use symbolic::{Budget, assume_le, fresh, literal, prove};

/// A configuration: the terms, and how long each attempt makes the next one wait.
pub struct Configuration<'a> {
    /// The numbers of the effective options, in milliseconds.
    pub terms: Terms<i64>,
    /// How long the attempt after this one waits.
    pub backoff: &'a dyn Fn(Attempt) -> Span,
    /// The attempt from which on every backoff is the same, if there is one.
    pub alike_from: Option<i64>,
}

/// Everything that can happen with a configuration.
#[derive(Clone, Debug)]
pub struct Explored {
    /// The control states, with the number of zones of each; finished executions have none.
    pub control_states: BTreeMap<Control, usize>,
    /// How many steps lead from a zone into one.
    pub transitions: usize,
    /// How many attempts there can be.
    pub attempts: Attempts,
    /// The timeouts that can take effect.
    pub timeouts: BTreeSet<TimeoutType>,
    /// Whether everything was explored.
    pub is_complete: bool,
}

/// How many attempts there can be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Attempts {
    /// So many.
    AtMost(i64),
    /// As many as schedule-to-close leaves time for; from some attempt on all are alike.
    AsManyAsTimeAllows,
    /// Nothing bounds them.
    WithoutEnd,
}

type Zones = BTreeMap<Control, Vec<Bounds>>;

/// Explores a configuration, up to so many steps.
#[must_use]
pub fn explore(configuration: &Configuration<'_>, limit: usize) -> Explored {
    let (saturation, terms) = configuration.with_attempts_that_differ();
    let mut exploration = Exploration {
        configuration,
        terms,
        saturation,
        zones: Zones::new(),
        queue: VecDeque::new(),
        explored: Explored {
            control_states: BTreeMap::new(),
            transitions: 0,
            attempts: Attempts::AtMost(1),
            timeouts: BTreeSet::new(),
            is_complete: true,
        },
    };
    exploration.run(limit);
    let attempts = exploration.attempts();
    let zones = exploration.zones.iter();
    let control_states = zones.map(|(control, zones)| (control.clone(), zones.len())).collect();
    Explored { control_states, attempts, ..exploration.explored }
}

struct Exploration<'a> {
    configuration: &'a Configuration<'a>,
    terms: Terms<i64>,
    // From this attempt on all are alike, if there is one.
    saturation: Option<i64>,
    zones: Zones,
    queue: VecDeque<(Control, Bounds)>,
    explored: Explored,
}

impl Exploration<'_> {
    fn run(&mut self, limit: usize) {
        let found = RefCell::new(Vec::new());
        self.execute(|terms| {
            let begun: Specification<Sym, ()> =
                SpecificationMachine.begin(terms, Timestamp(Sym::literal(0)), RequestId(0));
            self.reach(terms, begun.observe(), &found);
        });
        self.add(found.take());
        while let Some((control, zone)) = self.queue.pop_front() {
            if !self.zones[&control].contains(&zone) {
                continue; // A larger zone was found meanwhile.
            }
            for event in Event::ALL {
                self.execute(|terms| self.step(terms, &control, &zone, event, &found));
            }
            self.explored.transitions += found.borrow().len();
            self.add(found.take());
            if self.explored.transitions > limit {
                self.explored.is_complete = false;
                break;
            }
        }
    }

    fn execute(&self, claim: impl Fn(&Terms<Sym>)) {
        let report = prove("step", Budget::default(), || claim(&lifted(&self.terms)));
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
        let mut before = control.any(self.armed(control), zone);
        let backoff = self.backoff(control.attempt);
        if let Event::Heartbeat = event {
            let Some(later) = self.heartbeats(terms, before) else {
                return;
            };
            before = later;
        }
        let action = event.action(&before, backoff);
        let mut state = SpecificationMachine.restore(&before);
        let reply = SpecificationMachine.step(terms, &mut state, &action);
        let after = SpecificationMachine.observe(terms, &state);
        if reply.is_ok() {
            self.reach(terms, after, found);
        }
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
        if self.terms.heartbeat_timeout.is_none_or(|timeout| timeout < Span(2)) {
            return Some(before);
        }
        let mut deadlines = before.deadlines;
        deadlines.heartbeat = None;
        let mut state = SpecificationMachine.restore(&Observation { deadlines, ..before });
        let elapsed = fresh("elapsed");
        assume_le(literal(0), elapsed, 0);
        let tick = Action::Tick { elapsed: Span(Sym(elapsed)) };
        SpecificationMachine.step(terms, &mut state, &tick).expect("time passes");
        let later: Observation<Sym, ()> = SpecificationMachine.observe(terms, &state);
        let mut others = later.deadlines.armed();
        others.all(|(_, deadline)| later.now < deadline).then_some(later)
    }

    /// Settles what is due, and notes what is reached then.
    fn reach(&self, terms: &Terms<Sym>, from: Observation<Sym, ()>, found: &RefCell<Vec<Found>>) {
        let mut observation = from;
        let mut settled = Vec::new();
        while let Some((timeout_type, after)) = self.settle(terms, &observation) {
            settled.push(timeout_type);
            observation = after;
        }
        let attempt = control::attempt(&observation);
        let attempt = self.saturation.map_or(attempt, |last| attempt.min(last));
        let (control, pending) = Control::of(&observation, attempt);
        if let Some(zone) = control::zone(observation.now, &pending) {
            found.borrow_mut().push(Found { control, zone, settled });
        }
    }

    fn settle(
        &self,
        terms: &Terms<Sym>,
        before: &Observation<Sym, ()>,
    ) -> Option<(TimeoutType, Observation<Sym, ()>)> {
        let backoff = self.backoff(control::attempt(before));
        TimeoutType::ALL.into_iter().find_map(|timeout_type| {
            before.deadlines.of(timeout_type)?;
            let mut state = SpecificationMachine.restore(before);
            let elapses = Action::Elapses { timeout_type, backoff };
            let reply = SpecificationMachine.step(terms, &mut state, &elapses);
            reply.is_ok().then(|| (timeout_type, SpecificationMachine.observe(terms, &state)))
        })
    }

    fn add(&mut self, found: Vec<Found>) {
        for Found { control, zone, settled } in found {
            self.explored.timeouts.extend(settled);
            let is_closed = matches!(control.stage, Stage::Closed(_));
            let zones = self.zones.entry(control.clone()).or_default();
            if is_closed || zones.iter().any(|known| zone.is_inside(known)) {
                continue;
            }
            let mut zone = zone;
            // Two zones that are one together are one: less is left to explore.
            while let Some(whole) = zones.iter().find_map(|known| zone.union(known)) {
                zones.retain(|known| !known.is_inside(&whole));
                zone = whole;
            }
            zones.push(zone.clone());
            self.queue.push_back((control, zone));
        }
    }

    fn attempts(&self) -> Attempts {
        let most = self.zones.keys().map(|control| control.attempt).max().unwrap_or(1);
        let given = self.configuration.terms.maximum_attempts;
        match (self.saturation, given, self.terms.maximum_attempts) {
            (Some(alike), _, _) if most >= alike => match self.terms.schedule_to_close_timeout {
                Some(_) => Attempts::AsManyAsTimeAllows,
                None => Attempts::WithoutEnd,
            },
            (_, Some(given), Some(Attempt(counted))) if most == counted => {
                Attempts::AtMost(given.0)
            }
            _ => Attempts::AtMost(most),
        }
    }

    fn armed(&self, control: &Control) -> [bool; 4] {
        let terms = &self.terms;
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

/// What a path leads to.
#[derive(Debug)]
struct Found {
    control: Control,
    zone: Bounds,
    settled: Vec<TimeoutType>,
}

/// What happens next, as far as it makes a difference.
#[derive(Clone, Copy, Debug)]
enum Event {
    Tick,
    Poll,
    Heartbeat,
    Complete,
    Fail { retryable: bool },
    RespondCanceled,
    RequestCancel,
    Terminate,
}

impl Event {
    const ALL: [Event; 9] = [
        Event::Tick,
        Event::Poll,
        Event::Heartbeat,
        Event::Complete,
        Event::Fail { retryable: true },
        Event::Fail { retryable: false },
        Event::RespondCanceled,
        Event::RequestCancel,
        Event::Terminate,
    ];

    fn action(self, before: &Observation<Sym, ()>, backoff: Span<Sym>) -> Action<Sym, ()> {
        let (target, request_id, identity) = (Target::ById, RequestId(1), ());
        Action::Call(match self {
            Event::Tick => {
                let elapsed = fresh("elapsed");
                assume_le(literal(0), elapsed, -1);
                return Action::Tick { elapsed: Span(Sym(elapsed)) };
            }
            Event::Poll => {
                let token = TaskToken(before.attempt);
                Request::RecordActivityTaskStarted { request_id, token, identity }
            }
            Event::Heartbeat => Request::RecordActivityTaskHeartbeat { target, details: () },
            Event::Complete => {
                Request::RespondActivityTaskCompleted { target, result: (), identity }
            }
            Event::Fail { retryable } => Request::RespondActivityTaskFailed {
                target,
                failure: (),
                retry: if retryable { Retry::After(backoff) } else { Retry::NonRetryable },
                last_heartbeat_details: None,
                identity,
            },
            Event::RespondCanceled => Request::RespondActivityTaskCanceled { target, details: () },
            Event::RequestCancel => {
                Request::RequestCancelActivityExecution { request_id, identity, reason: () }
            }
            Event::Terminate => {
                Request::TerminateActivityExecution { request_id, identity, reason: () }
            }
        })
    }
}

impl Configuration<'_> {
    /// The same with attempts that are alike counted as one: from which attempt on, and the terms.
    ///
    /// Without schedule-to-close nothing is left of earlier attempts but their number: of those
    /// with the same backoff that are not the last one is enough. With it, a maximum that no time
    /// suffices for is none.
    fn with_attempts_that_differ(&self) -> (Option<i64>, Terms<i64>) {
        let mut terms = self.terms;
        if let (Some(Attempt(maximum)), Some(alike)) = (terms.maximum_attempts, self.alike_from) {
            match terms.schedule_to_close_timeout {
                None => terms.maximum_attempts = Some(Attempt(maximum.min(alike + 1))),
                Some(Span(total)) => {
                    let mut waited = 0_i64;
                    let suffices = (1..maximum).all(|attempt| {
                        waited = waited.saturating_add((self.backoff)(Attempt(attempt)).0);
                        waited <= total
                    });
                    if !suffices {
                        terms.maximum_attempts = None;
                    }
                }
            }
        }
        (terms.maximum_attempts.is_none().then_some(self.alike_from).flatten(), terms)
    }
}

impl fmt::Debug for Configuration<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Configuration { terms, alike_from, .. } = self;
        write!(f, "{terms:?}, attempts alike from {alike_from:?}")
    }
}

fn lifted(terms: &Terms<i64>) -> Terms<Sym> {
    let span = |span: Span| Span(Sym::literal(span.0));
    Terms {
        dialect: terms.dialect,
        maximum_attempts: terms.maximum_attempts.map(|maximum| Attempt(Sym::literal(maximum.0))),
        schedule_to_close_timeout: terms.schedule_to_close_timeout.map(span),
        schedule_to_start_timeout: terms.schedule_to_start_timeout.map(span),
        start_to_close_timeout: span(terms.start_to_close_timeout),
        heartbeat_timeout: terms.heartbeat_timeout.map(span),
        start_delay: span(terms.start_delay),
        retries_start_to_close: terms.retries_start_to_close,
        retries_heartbeat: terms.retries_heartbeat,
    }
}
