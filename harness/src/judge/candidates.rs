//! The states of the specification that may explain what was seen so far.
//! Knows how time passes for each; does not know what was seen.

use crate::alphabet::Setting;
use activity_execution::Payload;
use activity_execution::vocabulary::{
    Action, Observation, Phase, Reply, Request, RequestId, Span, TaskToken, TimeoutType, Timestamp,
};
use activity_models::specification::Specification;

/// A state that may be the one.
pub(super) type Candidate = Specification<i64, Payload>;

/// States that may be the one: never none, each once.
#[derive(Clone, Debug)]
pub(super) struct Candidates {
    pub(super) setting: Setting,
    /// How late a timer may be.
    pub(super) lateness: Span,
    states: Vec<Candidate>,
}

impl Candidates {
    /// A new execution, at instant zero.
    pub(super) fn new(setting: Setting, lateness: Span, request_id: RequestId) -> Self {
        let begun = Specification::new(&setting.terms, Timestamp(0), request_id);
        let mut candidates = Candidates { setting, lateness, states: vec![begun] };
        candidates.settle();
        candidates
    }

    /// One of them, the likeliest.
    pub(super) fn first(&self) -> &Candidate {
        &self.states[0]
    }

    /// All of them.
    pub(super) fn all(&self) -> &[Candidate] {
        &self.states
    }

    /// These instead, if there are any.
    pub(super) fn replace(&mut self, states: Vec<Candidate>) -> bool {
        if states.is_empty() {
            return false;
        }
        self.states = states;
        self.states_once();
        true
    }

    /// As many again, which also may be it.
    pub(super) fn join(&mut self, states: Vec<Candidate>) {
        self.states.extend(states);
        self.states_once();
    }

    fn states_once(&mut self) {
        let mut kept: Vec<Candidate> = Vec::with_capacity(self.states.len());
        for state in self.states.drain(..) {
            if !kept.contains(&state) {
                kept.push(state);
            }
        }
        self.states = kept;
    }

    /// What a call does to a state: how it is answered, and what may come of it.
    pub(super) fn called(&self, state: &Candidate, request: &Request) -> (Reply, Vec<Candidate>) {
        let mut after = state.clone();
        let mut request = request.clone();
        if let Request::RecordActivityTaskStarted { dispatched, .. } = &mut request {
            // Whoever has a queue gives the attempt that is its own.
            *dispatched = TaskToken(state.attempt);
        }
        let reply = after.step(&self.setting.terms, &Action::Call(request));
        (reply, self.settled(after))
    }

    /// Lets time pass for all of them.
    pub(super) fn pass(&mut self, elapsed: Span) {
        let to = self.first().now + elapsed;
        let states = std::mem::take(&mut self.states);
        for state in states {
            let passed = if self.lateness > Span(0) {
                self.passed_late(state, to)
            } else {
                vec![self.passed(state, to)]
            };
            self.states.extend(passed);
        }
        self.states_once();
    }

    /// Whether a task that could be dispatched may still be on its way to whoever polls.
    pub(super) fn may_be_undispatched(&self, state: &Candidate) -> bool {
        match state.phase {
            Phase::Scheduled { dispatch_time, .. } => {
                dispatch_time <= state.now && state.now < dispatch_time + self.lateness
            }
            Phase::Started { .. } | Phase::Closed { .. } => false,
        }
    }

    fn settle(&mut self) {
        let states = std::mem::take(&mut self.states);
        self.states = states.into_iter().flat_map(|state| self.settled(state)).collect();
    }

    /// What may come of a state at its instant: everything that is due has taken effect, or, of
    /// timers that may be late, as much of it as has.
    fn settled(&self, mut state: Candidate) -> Vec<Candidate> {
        if self.lateness > Span(0) {
            let now = state.now;
            return self.passed_late(state, now);
        }
        while self.elapse(&mut state) {}
        vec![state]
    }

    /// The state at an instant, where each deadline before it took effect at its own.
    fn passed(&self, mut state: Candidate, to: Timestamp) -> Candidate {
        while let Some(due) = next_deadline(&state).filter(|due| *due <= to) {
            advance(&self.setting, &mut state, due);
            if !self.elapse(&mut state) {
                break;
            }
        }
        advance(&self.setting, &mut state, to);
        state
    }

    /// The states at an instant, where each deadline took effect up to `lateness` after its own.
    fn passed_late(&self, state: Candidate, to: Timestamp) -> Vec<Candidate> {
        let (mut open, mut passed) = (vec![state], Vec::new());
        while let Some(state) = open.pop() {
            let due = next_deadline(&state).filter(|due| *due <= to);
            let Some(due) = due else {
                let mut state = state;
                advance(&self.setting, &mut state, to);
                passed.push(state);
                continue;
            };
            // It takes effect at one of the instants that it may, a step of the clock apart.
            let mut at = due.or_later(state.now);
            while at <= to && at <= due + self.lateness {
                let mut elapsed = state.clone();
                advance(&self.setting, &mut elapsed, at);
                if self.elapse(&mut elapsed) && !open.contains(&elapsed) {
                    open.push(elapsed);
                }
                at = at + self.setting.step;
            }
            if to < due + self.lateness {
                let mut waits = state;
                advance(&self.setting, &mut waits, to);
                passed.push(waits);
            }
        }
        passed
    }

    /// Lets the deadline that is due take effect, if one is.
    fn elapse(&self, state: &mut Candidate) -> bool {
        let backoff = self.setting.backoff;
        TimeoutType::ALL.into_iter().any(|timeout_type| {
            let elapses = Action::Elapses { timeout_type, backoff };
            state.step(&self.setting.terms, &elapses).is_ok()
        })
    }
}

fn next_deadline(state: &Candidate) -> Option<Timestamp> {
    state.armed.armed().map(|(_, deadline)| deadline).min()
}

fn advance(setting: &Setting, state: &mut Candidate, to: Timestamp) {
    if to > state.now {
        let elapsed = to - state.now;
        // Nobody refuses that time passes.
        let _ = state.step(&setting.terms, &Action::Tick { elapsed });
    }
}

/// How a state stands, completely.
pub(super) fn observed(state: &Candidate) -> Observation {
    state.observe()
}
