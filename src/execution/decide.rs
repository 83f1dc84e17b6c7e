//! The decisions of the service: which event a request causes in which state. Changes nothing; that
//! is what [`ActivityExecution::apply`] is for.

use super::retry::AttemptFailure;
use super::{ActivityExecution, ClosedBy, Event, Intent, State};
use crate::vocabulary::{
    Answer, CancelRequest, ExecutionOptions, IdConflictPolicy, Number, Opaque, Outcome, Rejection,
    Request, RequestId, Target, TaskToken, Timestamp,
};

type Decision<N, P> = Result<Option<Event<N, P>>, Rejection>;

impl<N: Number, P: Opaque> ActivityExecution<N, P> {
    /// What `request` causes at `now`: an event to make durable; `None` if it is already so.
    ///
    /// Time must be settled: [`expire`](Self::expire) at `now` is `None`. Deadlines are not looked
    /// at here, so in an unsettled execution a late call would win against its timeout.
    ///
    /// # Errors
    /// Why nothing happens.
    //= models/spec.md#S11 type=implication
    //# The service does not notice that a task is lost: nothing but a call or a deadline changes an
    //# execution.
    pub fn decide(
        &self,
        terms: &ExecutionOptions<N>,
        now: Timestamp<N>,
        request: &Request<N, P>,
    ) -> Result<Option<Event<N, P>>, Rejection> {
        match request {
            Request::StartActivityExecution { request_id, id_conflict_policy } => {
                self.decide_start(*request_id, *id_conflict_policy)
            }
            Request::RecordActivityTaskStarted { request_id, dispatched: token, identity } => {
                self.decide_poll(now, *request_id, *token, identity)
            }
            Request::RecordActivityTaskHeartbeat { target, details } => {
                self.held(*target)?;
                let details = details.clone();
                Ok(Some(Event::HeartbeatRecorded { recorded_time: now, details }))
            }
            Request::RespondActivityTaskCompleted { target, result, identity } => {
                match (&self.state, target) {
                    // By id, an execution can be completed that no worker has started.
                    (State::Scheduled { .. }, Target::ById) => {}
                    (State::Closed { .. }, Target::ById) => {
                        return Err(terms.dialect.completion_of_a_closed_execution());
                    }
                    (State::Started { .. }, Target::ById)
                    | (
                        State::Scheduled { .. } | State::Started { .. } | State::Closed { .. },
                        Target::Token(_),
                    ) => {
                        self.held(*target)?;
                    }
                }
                let (result, identity) = (result.clone(), identity.clone());
                //= models/spec.md#S25
                //# What a worker reports after a cancel request counts, whatever it is.
                //= models/spec.md#X4
                //# A success is what the function of some attempt returned, or what somebody gave
                //# who completed the execution by id.
                close(now, Outcome::Completed { result }, ClosedBy::Completion { identity })
            }
            Request::RespondActivityTaskFailed {
                target,
                failure,
                retry,
                last_heartbeat_details,
                identity,
            } => {
                self.held(*target)?;
                let reported = AttemptFailure::Reported {
                    failure: failure.clone(),
                    heartbeat_details: last_heartbeat_details.clone(),
                    identity: identity.clone(),
                };
                Ok(Some(self.retry_or_close(terms, now, *retry, reported)))
            }
            Request::RespondActivityTaskCanceled { target, details } => match self.held(*target)? {
                //= models/spec.md#S26
                //# A report of cancellation that nobody requested is refused.
                Intent::None => Err(Rejection::CancelNotRequested),
                Intent::Cancel(request) => {
                    let (details, identity) = (details.clone(), request.identity.clone());
                    close(now, Outcome::Canceled { details, identity }, ClosedBy::CancelAnswer)
                }
            },
            Request::RequestCancelActivityExecution { request_id, identity, reason } => {
                self.decide_cancel(terms, now, *request_id, identity, reason)
            }
            Request::TerminateActivityExecution { request_id, identity, reason } => {
                self.decide_terminate(now, *request_id, identity, reason)
            }
        }
    }

    /// What the caller of an accepted request is told, once its event, if any, is applied.
    ///
    /// # Panics
    /// If `request` is a poll that was not accepted.
    pub fn answer(&self, request: &Request<N, P>) -> Answer<N, P> {
        match request {
            Request::StartActivityExecution { .. } => Answer::Existing,
            Request::RecordActivityTaskStarted { .. } => match &self.state {
                State::Started { started_time, dispatch_time, .. } => Answer::Task {
                    token: TaskToken(self.attempt),
                    attempt: self.attempt,
                    started_time: *started_time,
                    current_attempt_scheduled_time: *dispatch_time,
                    heartbeat_details: self.last_heartbeat.details.clone(),
                },
                State::Scheduled { .. } | State::Closed { .. } => {
                    panic!("no accepted poll leaves {:?}", self.state)
                }
            },
            //= models/spec.md#S17
            //# A worker learns of cancellation from the answer to its heartbeat.
            //= models/spec.md#S18
            //# The service asks for cancellation only after somebody requested it of this
            //# execution.
            Request::RecordActivityTaskHeartbeat { .. } => {
                Answer::Recorded { cancel_requested: self.cancel_request().is_some() }
            }
            Request::RespondActivityTaskCompleted { .. }
            | Request::RespondActivityTaskFailed { .. }
            | Request::RespondActivityTaskCanceled { .. }
            | Request::RequestCancelActivityExecution { .. }
            | Request::TerminateActivityExecution { .. } => Answer::Done,
        }
    }

    /// What was asked of the worker, if one holds the attempt that its call speaks about.
    //= models/spec.md#S19
    //# A call about an attempt that the service has given up is not found and changes nothing.
    //= models/spec.md#S20
    //# A call by token about an execution that is closed is not found.
    fn held(&self, target: Target<N>) -> Result<&Intent<P>, Rejection> {
        match (&self.state, target) {
            (State::Started { intent, .. }, Target::ById) => Ok(intent),
            (State::Started { intent, .. }, Target::Token(token)) if token.0 == self.attempt => {
                Ok(intent)
            }
            (State::Started { .. } | State::Scheduled { .. } | State::Closed { .. }, _) => {
                Err(Rejection::NotFound)
            }
        }
    }

    fn decide_start(&self, request_id: RequestId, policy: IdConflictPolicy) -> Decision<N, P> {
        //= models/spec.md#S2
        //# Repeating that request under its id names the same execution.
        if request_id == self.start_request_id {
            return Ok(None);
        }
        match (&self.state, policy) {
            (State::Closed { .. }, _) => Err(Rejection::AlreadyClosed),
            (State::Scheduled { .. } | State::Started { .. }, IdConflictPolicy::UseExisting) => {
                Ok(None)
            }
            (State::Scheduled { .. } | State::Started { .. }, IdConflictPolicy::Fail) => {
                Err(Rejection::AlreadyStarted)
            }
        }
    }

    fn decide_poll(
        &self,
        now: Timestamp<N>,
        poll: RequestId,
        token: TaskToken<N>,
        identity: &P,
    ) -> Decision<N, P> {
        match &self.state {
            //= models/spec.md#S3
            //# Only an attempt that has been dispatched starts.
            State::Scheduled { dispatch_time, .. }
                if token.0 == self.attempt && *dispatch_time <= now =>
            {
                let identity = identity.clone();
                Ok(Some(Event::Started { started_time: now, request_id: poll, identity }))
            }
            //= models/spec.md#S9
            //# A poll whose answer was lost may be repeated and starts nothing new.
            State::Started { request_id, .. } if *request_id == poll => Ok(None),
            State::Scheduled { .. } | State::Started { .. } | State::Closed { .. } => {
                Err(Rejection::ObsoleteTask)
            }
        }
    }

    fn decide_cancel(
        &self,
        terms: &ExecutionOptions<N>,
        now: Timestamp<N>,
        request_id: RequestId,
        identity: &P,
        reason: &P,
    ) -> Decision<N, P> {
        //= models/spec.md#S30
        //# Repeating the accepted cancel request has no further effect.
        if self.cancel_request().is_some_and(|accepted| accepted.request_id == request_id) {
            return Ok(None);
        }
        let (identity, reason) = (identity.clone(), reason.clone());
        match &self.state {
            State::Scheduled { .. } => {
                //= models/spec.md#S17
                //# An execution that no worker holds is canceled at once.
                let details = terms.dialect.details_without_a_worker(reason.clone());
                let outcome = Outcome::Canceled { details, identity: identity.clone() };
                let request = CancelRequest { request_id, identity, reason };
                close(now, outcome, ClosedBy::CancelRequest(request))
            }
            State::Started { intent: Intent::None, .. } => {
                //= models/spec.md#S29
                //# The service answers a cancel request at once and does not wait for the worker.
                let request = CancelRequest { request_id, identity, reason };
                Ok(Some(Event::CancelRequested(request)))
            }
            //= models/spec.md#S30
            //# A cancel request under another id is refused.
            State::Started { intent: Intent::Cancel(_), .. } => {
                Err(Rejection::CancelAlreadyRequested)
            }
            State::Closed { .. } => Err(Rejection::AlreadyClosed),
        }
    }

    fn decide_terminate(
        &self,
        now: Timestamp<N>,
        request_id: RequestId,
        identity: &P,
        reason: &P,
    ) -> Decision<N, P> {
        match &self.state {
            State::Scheduled { .. } | State::Started { .. } => {
                let (reason, identity) = (reason.clone(), identity.clone());
                let outcome = Outcome::Terminated { reason, identity };
                close(now, outcome, ClosedBy::Termination { request_id })
            }
            State::Closed { terminate_request_id, .. } => {
                if *terminate_request_id == Some(request_id) {
                    Ok(None)
                } else {
                    Err(Rejection::AlreadyClosed)
                }
            }
        }
    }
}

fn close<N, P>(now: Timestamp<N>, outcome: Outcome<P>, closed_by: ClosedBy<P>) -> Decision<N, P> {
    Ok(Some(Event::Closed { close_time: now, outcome, closed_by }))
}
