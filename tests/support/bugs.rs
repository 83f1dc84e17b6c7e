//! Cores with a planted bug each, to see that the random tests find it and tell it well.

use activity_execution::vocabulary::{
    Attempt, Dialect, Observation, Reply, Request, RequestId, Span, Target, TaskToken, Terms,
    TimeoutType, Timestamp,
};
use activity_execution::{Deadline, Event};
use activity_models::scenario::{Core, Effort, Script, Subject, Transcript, run_on};

use super::plan::Plan;

/// A core with a bug, ready to be played.
pub(crate) struct Planted {
    pub(crate) name: &'static str,
    pub(crate) plays_plan: fn(&Plan, Effort) -> Transcript,
    pub(crate) plays_script: fn(&Script, Effort) -> Transcript,
}

impl Planted {
    const fn of<B: Bug>(name: &'static str) -> Self {
        Planted { name, plays_plan: Plan::play::<Buggy<B>>, plays_script: run_on::<Buggy<B>> }
    }
}

/// All of them.
pub(crate) const ALL: [Planted; 8] = [
    Planted::of::<ByIdMeansFirst>("by id means the first attempt"),
    Planted::of::<NoFencing>("tokens are not compared"),
    Planted::of::<MaximumPlusOne>("one attempt too many"),
    Planted::of::<DeadlineInclusive>("a retry is dispatched at the deadline"),
    Planted::of::<ForgetsTheDialect>("an activity of a workflow is taken for a standalone one"),
    Planted::of::<LateTimers>("timers fire a millisecond late"),
    Planted::of::<Oversleeps>("it wakes up a millisecond late"),
    Planted::of::<SpeaksBeforeItPersists>("the newest event is lost in a crash"),
];

/// A bug: what is handed to the core in place of what was asked, or what it does too late.
trait Bug: Clone {
    /// The call as the bug understands it.
    fn call(_terms: &mut Terms, _now: Timestamp, _core: &Core, _request: &mut Request) {}

    /// When the bug looks at the clock.
    fn late() -> Span {
        Span(0)
    }

    /// When the bug thinks that it has to wake up.
    fn wakes_up(deadline: Deadline) -> Deadline {
        deadline
    }

    /// What the bug finds again after a crash.
    fn remembers(events: &[Event]) -> &[Event] {
        events
    }
}

/// By-id calls are meant for the first attempt.
#[derive(Clone)]
struct ByIdMeansFirst;

impl Bug for ByIdMeansFirst {
    fn call(_: &mut Terms, _: Timestamp, core: &Core, request: &mut Request) {
        if core.execution().attempt().0 == 1 {
            return;
        }
        if let Request::RecordActivityTaskHeartbeat { target, .. }
        | Request::RespondActivityTaskFailed { target, .. } = request
            && *target == Target::ById
        {
            *target = Target::Token(TaskToken(Attempt(1)));
        }
    }
}

/// Tokens are not compared: whoever calls is taken for the holder.
#[derive(Clone)]
struct NoFencing;

impl Bug for NoFencing {
    fn call(_: &mut Terms, _: Timestamp, core: &Core, request: &mut Request) {
        if let Request::RespondActivityTaskCompleted { target: Target::Token(token), .. } = request
        {
            token.0 = core.execution().attempt();
        }
    }
}

/// One attempt too many.
#[derive(Clone)]
struct MaximumPlusOne;

impl Bug for MaximumPlusOne {
    fn call(terms: &mut Terms, _: Timestamp, _: &Core, _: &mut Request) {
        terms.maximum_attempts = terms.maximum_attempts.map(|maximum| maximum.next());
    }
}

/// A retry that would be dispatched exactly at the schedule-to-close deadline is accepted.
#[derive(Clone)]
struct DeadlineInclusive;

impl Bug for DeadlineInclusive {
    fn call(terms: &mut Terms, _: Timestamp, _: &Core, request: &mut Request) {
        if matches!(request, Request::RespondActivityTaskFailed { .. }) {
            let total = &mut terms.schedule_to_close_timeout;
            *total = total.map(|total| total + Span(1));
        }
    }
}

/// An activity of a workflow is taken for a standalone one.
#[derive(Clone)]
struct ForgetsTheDialect;

impl Bug for ForgetsTheDialect {
    fn call(terms: &mut Terms, _: Timestamp, _: &Core, _: &mut Request) {
        terms.dialect = Dialect::Standalone;
    }
}

/// Timers fire a millisecond late.
#[derive(Clone)]
struct LateTimers;

impl Bug for LateTimers {
    fn late() -> Span {
        Span(1)
    }
}

/// The wake-up is a millisecond late, although the timer would not be.
#[derive(Clone)]
struct Oversleeps;

impl Bug for Oversleeps {
    fn wakes_up(deadline: Deadline) -> Deadline {
        Deadline { time: deadline.time + Span(1), ..deadline }
    }
}

/// The newest event is answered for before it is durable.
#[derive(Clone)]
struct SpeaksBeforeItPersists;

impl Bug for SpeaksBeforeItPersists {
    fn remembers(events: &[Event]) -> &[Event] {
        &events[..events.len().saturating_sub(1).max(1)]
    }
}

/// The core with a bug.
#[derive(Clone)]
struct Buggy<B> {
    core: Core,
    bug: std::marker::PhantomData<B>,
}

impl<B: Bug> Subject for Buggy<B> {
    fn create(terms: &Terms, now: Timestamp, request_id: RequestId) -> Self {
        Buggy { core: Core::create(terms, now, request_id), bug: std::marker::PhantomData }
    }

    fn call(&mut self, terms: &Terms, now: Timestamp, request: &Request) -> Reply {
        let (mut terms, mut request) = (*terms, request.clone());
        B::call(&mut terms, now, &self.core, &mut request);
        self.core.call(&terms, now, &request)
    }

    fn expire(&mut self, terms: &Terms, now: Timestamp, backoff: Span) -> Option<TimeoutType> {
        self.core.expire(terms, now - B::late(), backoff)
    }

    fn deadline(&self, terms: &Terms) -> Option<Deadline> {
        self.core.deadline(terms).map(B::wakes_up)
    }

    fn observe(&self, terms: &Terms, now: Timestamp) -> Observation {
        self.core.observe(terms, now)
    }

    fn recovered(&self) -> Self {
        let core = Core::recover(B::remembers(self.core.events()));
        Buggy { core: core.expect("the first event is remembered"), bug: self.bug }
    }
}
