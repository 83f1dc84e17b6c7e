//! Cores with a planted bug each, to see that the random tests find it and tell it well.

use activity_execution::Deadline;
use activity_execution::vocabulary::{
    Observation, Reply, Request, RequestId, Span, Target, Terms, TimeoutType, Timestamp,
};
use activity_models::scenario::{Core, Subject};

/// A bug: what is handed to the core in place of what was asked, or what it does too late.
pub(crate) trait Bug: Clone {
    /// The call as the bug understands it.
    fn call(_terms: &mut Terms, _now: Timestamp, _core: &Core, _request: &mut Request) {}

    /// When the bug looks at the clock.
    fn late() -> Span {
        Span(0)
    }
}

/// By-id calls are meant for the first attempt.
#[derive(Clone)]
pub(crate) struct ByIdMeansFirst;

impl Bug for ByIdMeansFirst {
    fn call(_: &mut Terms, _: Timestamp, core: &Core, request: &mut Request) {
        if core.execution().attempt().0 == 1 {
            return;
        }
        if let Request::RecordActivityTaskHeartbeat { target, .. }
        | Request::RespondActivityTaskFailed { target, .. } = request
            && *target == Target::ById
        {
            let first = activity_execution::vocabulary::Attempt(1);
            *target = Target::Token(activity_execution::vocabulary::TaskToken(first));
        }
    }
}

/// Tokens are not compared: whoever calls is taken for the holder.
#[derive(Clone)]
pub(crate) struct NoFencing;

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
pub(crate) struct MaximumPlusOne;

impl Bug for MaximumPlusOne {
    fn call(terms: &mut Terms, _: Timestamp, _: &Core, _: &mut Request) {
        terms.maximum_attempts = terms.maximum_attempts.map(|maximum| maximum.next());
    }
}

/// A retry that would be dispatched exactly at the schedule-to-close deadline is accepted.
#[derive(Clone)]
pub(crate) struct DeadlineInclusive;

impl Bug for DeadlineInclusive {
    fn call(terms: &mut Terms, _: Timestamp, _: &Core, request: &mut Request) {
        if matches!(request, Request::RespondActivityTaskFailed { .. }) {
            let total = &mut terms.schedule_to_close_timeout;
            *total = total.map(|total| total + Span(1));
        }
    }
}

/// Timers fire a millisecond late.
#[derive(Clone)]
pub(crate) struct LateTimers;

impl Bug for LateTimers {
    fn late() -> Span {
        Span(1)
    }
}

/// The core with a bug.
#[derive(Clone)]
pub(crate) struct Buggy<B> {
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
        self.core.deadline(terms)
    }

    fn observe(&self, terms: &Terms, now: Timestamp) -> Observation {
        self.core.observe(terms, now)
    }

    fn recovered(&self) -> Self {
        Buggy { core: self.core.recovered(), bug: self.bug }
    }
}
