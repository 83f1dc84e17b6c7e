//! What each call does, one arm a call, named for its RPC; every check comes before every change.
//! Does not look at deadlines: a call that comes before an overdue deadline is settled is accepted.

use super::{Specification, dialect};
use activity_execution::vocabulary::{
    Answer, CancelRequest, ExecutionOptions, IdConflictPolicy, Number, Opaque, Outcome, Phase,
    Rejection, Reply, Request, Target, TaskToken,
};

impl<N: Number, P: Opaque> Specification<N, P> {
    #[expect(clippy::too_many_lines, reason = "a single match, one arm for each call")]
    pub(super) fn call(
        &mut self,
        terms: &ExecutionOptions<N>,
        request: &Request<N, P>,
    ) -> Reply<N, P> {
        match request {
            Request::StartActivityExecution { request_id, id_conflict_policy } => {
                //= models/spec.md#S2
                //# Repeating that request under its id names the same execution.
                if *request_id == self.start_request_id {
                    return Ok(Answer::Existing);
                }
                self.must_be_open()?;
                match id_conflict_policy {
                    IdConflictPolicy::UseExisting => Ok(Answer::Existing),
                    IdConflictPolicy::Fail => Err(Rejection::AlreadyStarted),
                }
            }

            // One poll gets the task, and gets the same task however often it is repeated.
            Request::RecordActivityTaskStarted { request_id, dispatched: token, identity } => {
                match self.phase {
                    //= models/spec.md#S9
                    //# A poll whose answer was lost may be repeated and starts nothing new.
                    Phase::Started { request_id: poll, .. } if poll == *request_id => self.task(),
                    //= models/spec.md#S3
                    //# Only an attempt that has been dispatched starts.
                    Phase::Scheduled { dispatch_time, .. }
                        if token.0 == self.attempt && dispatch_time <= self.now =>
                    {
                        self.phase = Phase::Started { request_id: *request_id, dispatch_time };
                        self.last_started_time = Some(self.now);
                        self.last_worker_identity = identity.clone();
                        //= models/spec.md#S12
                        //# Start-to-close runs from the start that the service recorded.
                        //= models/spec.md#S8
                        //# An attempt that a worker has started is reported, or ended from outside,
                        //# or times out.
                        self.armed.start_to_close = Some(self.now + terms.start_to_close_timeout);
                        self.armed.schedule_to_start = None;
                        self.arm_heartbeat(terms);
                        self.task()
                    }
                    Phase::Scheduled { .. } | Phase::Started { .. } | Phase::Closed { .. } => {
                        Err(Rejection::ObsoleteTask)
                    }
                }
            }

            Request::RecordActivityTaskHeartbeat { target, details } => {
                self.must_be_held(*target)?;
                self.record_heartbeat(terms, details);
                //= models/spec.md#S17
                //# A worker learns of cancellation from the answer to its heartbeat.
                //= models/spec.md#S18
                //# The service asks for cancellation only after somebody requested it of this
                //# execution.
                Ok(Answer::Recorded { cancel_requested: self.cancel_request.is_some() })
            }

            // By id an execution can be completed that no worker has taken: it starts and ends now.
            Request::RespondActivityTaskCompleted { target, result, identity } => {
                match target {
                    Target::ById => self
                        .must_be_open()
                        .map_err(|_| dialect::completion_by_id_after_the_close(terms.dialect))?,
                    Target::Token(_) => self.must_be_held(*target)?,
                }
                if !self.is_held() {
                    self.last_started_time = Some(self.now);
                }
                self.last_attempt_complete_time = Some(self.now);
                self.last_worker_identity = identity.clone();
                //= models/spec.md#S25
                //# What a worker reports after a cancel request counts, whatever it is.
                //= models/spec.md#X4
                //# A success is what the function of some attempt returned, or what somebody gave
                //# who completed the execution by id.
                self.close(Outcome::Completed { result: result.clone() });
                Ok(Answer::Done)
            }

            // Details that travel with a failure are recorded whether or not a retry follows.
            Request::RespondActivityTaskFailed {
                target,
                failure,
                retry,
                last_heartbeat_details,
                identity,
            } => {
                self.must_be_held(*target)?;
                if let Some(details) = last_heartbeat_details {
                    self.record_heartbeat(terms, details);
                }
                match self.next_attempt(terms, *retry) {
                    Ok(backoff) => self.retry(terms, backoff, failure.clone()),
                    Err(retry_state) => {
                        let failure = dialect::failure_that_closes(terms.dialect, failure.clone());
                        self.last_attempt_complete_time = Some(self.now);
                        self.last_failure = failure.clone();
                        self.last_worker_identity = identity.clone();
                        //= models/spec.md#S6
                        //# A failure that closes is shown with the reason why no retry followed.
                        self.close(Outcome::Failed { failure, retry_state });
                    }
                }
                Ok(Answer::Done)
            }

            Request::RespondActivityTaskCanceled { target, details } => {
                self.must_be_held(*target)?;
                //= models/spec.md#S26
                //# A report of cancellation that nobody requested is refused.
                let Some(CancelRequest { identity, .. }) = &self.cancel_request else {
                    return Err(Rejection::CancelNotRequested);
                };
                self.close(Outcome::Canceled {
                    details: details.clone(),
                    identity: identity.clone(),
                });
                Ok(Answer::Done)
            }

            // A worker that holds the task is asked; where none does, nobody needs to be asked.
            Request::RequestCancelActivityExecution { request_id, identity, reason } => {
                //= models/spec.md#S30
                //# Repeating the accepted cancel request has no further effect.
                let accepted = self.cancel_request.as_ref().map(|it| it.request_id);
                if accepted == Some(*request_id) {
                    return Ok(Answer::Done);
                }
                self.must_be_open()?;
                //= models/spec.md#S30
                //# A cancel request under another id is refused.
                if accepted.is_some() {
                    return Err(Rejection::CancelAlreadyRequested);
                }
                //= models/spec.md#S16 type=implication
                //# Cancellation moves no deadline.
                //= models/spec.md#S15 type=implication
                //# Cancellation tells a worker that its work is no longer needed, and takes nothing
                //# out of its hands.
                self.cancel_request = Some(CancelRequest {
                    request_id: *request_id,
                    identity: identity.clone(),
                    reason: reason.clone(),
                });
                //= models/spec.md#S17
                //# An execution that no worker holds is canceled at once.
                if !self.is_held() {
                    self.close(Outcome::Canceled {
                        details: dialect::details_without_a_worker(terms.dialect, reason),
                        identity: identity.clone(),
                    });
                }
                Ok(Answer::Done)
            }

            Request::TerminateActivityExecution { request_id, identity, reason } => {
                if self.terminate_request_id == Some(*request_id) {
                    return Ok(Answer::Done);
                }
                self.must_be_open()?;
                self.terminate_request_id = Some(*request_id);
                self.close(Outcome::Terminated {
                    reason: reason.clone(),
                    identity: identity.clone(),
                });
                Ok(Answer::Done)
            }
        }
    }

    /// The task that a worker holds, if one does.
    fn task(&self) -> Reply<N, P> {
        match (&self.phase, self.last_started_time) {
            (Phase::Started { dispatch_time, .. }, Some(started_time)) => Ok(Answer::Task {
                token: TaskToken(self.attempt),
                attempt: self.attempt,
                started_time,
                current_attempt_scheduled_time: *dispatch_time,
                heartbeat_details: self.heartbeat_details.clone(),
            }),
            (Phase::Scheduled { .. } | Phase::Started { .. } | Phase::Closed { .. }, _) => {
                Err(Rejection::ObsoleteTask)
            }
        }
    }

    /// A sign of life: the details replace what was recorded before, and the silence begins anew.
    fn record_heartbeat(&mut self, terms: &ExecutionOptions<N>, details: &P) {
        self.heartbeat_details = details.clone();
        self.last_heartbeat_time = Some(self.now);
        self.total_heartbeat_count = self.total_heartbeat_count + N::literal(1);
        self.arm_heartbeat(terms);
    }

    /// Silence is bounded from now on, unless the heartbeat timeout is disabled.
    fn arm_heartbeat(&mut self, terms: &ExecutionOptions<N>) {
        self.armed.heartbeat = terms.heartbeat_timeout.map(|timeout| self.now + timeout);
    }

    /// Whether a worker holds the task.
    fn is_held(&self) -> bool {
        matches!(self.phase, Phase::Started { .. })
    }

    /// Who speaks about an attempt that no worker holds, or about another than that, is not heard.
    //= models/spec.md#S19
    //# A call about an attempt that the service has given up is not found and changes nothing.
    //= models/spec.md#S20
    //# A call by token about an execution that is closed is not found.
    fn must_be_held(&self, target: Target<N>) -> Result<(), Rejection> {
        let is_heard = match target {
            Target::ById => self.is_held(),
            Target::Token(TaskToken(attempt)) => self.is_held() && attempt == self.attempt,
        };
        if is_heard { Ok(()) } else { Err(Rejection::NotFound) }
    }

    /// Nothing new is asked of an execution that is over.
    //= models/spec.md#X1
    //# An execution has exactly one outcome, and it is final.
    fn must_be_open(&self) -> Result<(), Rejection> {
        match self.phase {
            Phase::Scheduled { .. } | Phase::Started { .. } => Ok(()),
            Phase::Closed { .. } => Err(Rejection::AlreadyClosed),
        }
    }
}
