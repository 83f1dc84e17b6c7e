//! The run loop: time is settled, a request is decided, its event applied, its caller answered.
//! The one way from what happens to what an execution becomes; what happens is decided elsewhere.

use super::{ActivityExecution, Event};
use crate::Payload;
use crate::vocabulary::{
    Answer, Attempt, ExecutionOptions, Number, Opaque, Rejection, Request, Span, TimeoutType,
    Timestamp,
};

/// What an accepted request led to.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Accepted<N = i64, P = Payload> {
    /// The event to make durable before anybody is answered; `None` if it is already so.
    pub event: Option<Event<N, P>>,
    /// What the caller is told then.
    pub answer: Answer<N, P>,
}

impl<N: Number, P: Opaque> ActivityExecution<N, P> {
    /// Carries out `request` at `now`: [decides](Self::decide), [applies](Self::apply) and
    /// [answers](Self::answer).
    ///
    /// Time must be [settled](Self::settle) at `now`. If the event cannot be made durable, nobody
    /// is answered, and the execution is what [`recover`](Self::recover) makes of the log.
    ///
    /// # Errors
    /// Why nothing happens.
    #[inline]
    pub fn call(
        &mut self,
        terms: &ExecutionOptions<N>,
        now: Timestamp<N>,
        request: &Request<N, P>,
    ) -> Result<Accepted<N, P>, Rejection> {
        let mut recorded = None;
        let answer = self.call_and_record(terms, now, request, |event| recorded = Some(event))?;
        Ok(Accepted { event: recorded, answer })
    }

    /// The same for whoever has a place for the event: it is handed on without being moved about.
    ///
    /// # Errors
    /// Why nothing happens.
    #[inline]
    pub fn call_and_record(
        &mut self,
        terms: &ExecutionOptions<N>,
        now: Timestamp<N>,
        request: &Request<N, P>,
        record: impl FnOnce(Event<N, P>),
    ) -> Result<Answer<N, P>, Rejection> {
        match self.decide(terms, now, request) {
            Err(rejection) => return Err(rejection),
            Ok(None) => {}
            Ok(Some(event)) => {
                self.apply(&event);
                record(event);
            }
        }
        Ok(self.answer(request))
    }

    /// Lets the first deadline that is due at `now` elapse; `None` if none is.
    ///
    /// Says what [`expire`](Self::expire) says, and applies it; `backoff` as there.
    #[inline]
    pub fn elapse_next(
        &mut self,
        terms: &ExecutionOptions<N>,
        now: Timestamp<N>,
        backoff: Span<N>,
    ) -> Option<(TimeoutType, Event<N, P>)> {
        let (timeout_type, event) = self.expire(terms, now, backoff)?;
        self.apply(&event);
        Some((timeout_type, event))
    }

    /// Lets this very deadline elapse, if it is the first that is due at `now`.
    ///
    /// # Errors
    /// [`Rejection::NotDue`] if another one is, or none.
    #[inline]
    pub fn elapse(
        &mut self,
        terms: &ExecutionOptions<N>,
        now: Timestamp<N>,
        timeout_type: TimeoutType,
        backoff: Span<N>,
    ) -> Result<Event<N, P>, Rejection> {
        match self.expire(terms, now, backoff) {
            Some((first, event)) if first == timeout_type => {
                self.apply(&event);
                Ok(event)
            }
            Some(_) | None => Err(Rejection::NotDue),
        }
    }

    /// Settles time: lets everything that is due at `now` elapse, and has each event recorded.
    ///
    /// `backoff` says how long the attempt after the one with this number would wait.
    #[inline]
    pub fn settle(
        &mut self,
        terms: &ExecutionOptions<N>,
        now: Timestamp<N>,
        backoff: impl Fn(Attempt<N>) -> Span<N>,
        mut record: impl FnMut(Event<N, P>),
    ) {
        while let Some((_, event)) = self.elapse_next(terms, now, backoff(self.attempt())) {
            record(event);
        }
    }
}
