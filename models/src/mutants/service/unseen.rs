//! Mutants of the service that re-enact no released bug: their wrong rules.

use super::alter::{attempt_fails, is_retry};
use activity_execution::vocabulary::{
    Action, Answer, Attempt, CancelRequest, ExecutionOptions, Number, Observation, Opaque, Outcome,
    Phase, Rejection, Reply, Request, RequestId, Retryability, Span, TimeoutReason,
};

/// A wrong rule that no release is known for;
/// [`of_service`](crate::mutants::of_service) says what each does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "the table of mutants has a sentence for each")]
pub enum UnseenRule {
    IgnoresTheStartDelay,
    TakesTheChainForTheAttempt,
    TakesTheAttemptForTheHeartbeat,
    TakesTheChainForTheWait,
    ForgetsTheEndOfAnAttempt,
    GivesUpTooEarly,
    GivesAHeldTaskAway,
    CancelsAHeldTask,
    RetriesWhatIsNotRetryable,
    ForgetsTheFailureAtAStart,
    KeepsTheDetailsInATimeout,
    ForgetsWhoseReportCloses,
    CountsARefusedHeartbeat,
    HandsOutNoDetails,
    LosesTheResult,
    TerminatesOnlyWhatWaits,
    RefusesARepeatedStart,
    CancelsWithoutARequest,
    ForgetsWhoTerminated,
    ForgetsTheCancelRequestAtAHeartbeat,
    TellsAFailedAttempt,
    TellsNoHeartbeat,
    StartsStartToCloseAnew,
    ReadsTheClockTwice,
    KeepsACancelRequestWaiting,
}

impl UnseenRule {
    /// ExecutionOptions that are wrong from the beginning.
    pub(super) fn terms_for_good<N: Number>(
        self,
        terms: &ExecutionOptions<N>,
    ) -> ExecutionOptions<N> {
        let mut terms = *terms;
        let total = terms.schedule_to_close_timeout;
        match self {
            UnseenRule::IgnoresTheStartDelay => terms.start_delay = Span::zero(),
            UnseenRule::TakesTheChainForTheAttempt => {
                terms.start_to_close_timeout = total.unwrap_or(terms.start_to_close_timeout);
            }
            UnseenRule::TakesTheAttemptForTheHeartbeat => {
                let attempt = terms.start_to_close_timeout;
                terms.heartbeat_timeout = terms.heartbeat_timeout.map(|_| attempt);
            }
            UnseenRule::TakesTheChainForTheWait => {
                terms.schedule_to_start_timeout =
                    terms.schedule_to_start_timeout.map(|wait| total.unwrap_or(wait));
            }
            _ => {}
        }
        terms
    }

    /// What is answered without asking the machine; nothing changes.
    pub(super) fn answer_instead<N: Number, P: Opaque>(
        self,
        before: &Observation<N, P>,
        action: &Action<N, P>,
    ) -> Option<Reply<N, P>> {
        match (self, action) {
            (
                UnseenRule::TerminatesOnlyWhatWaits,
                Action::Call(Request::TerminateActivityExecution { .. }),
            ) => before.is_started().then_some(Ok(Answer::Done)),
            (
                UnseenRule::RefusesARepeatedStart,
                Action::Call(Request::StartActivityExecution { request_id, .. }),
            ) => {
                let repeated = *request_id == before.start_request_id;
                repeated.then_some(Err(Rejection::AlreadyStarted))
            }
            _ => None,
        }
    }

    /// The action as it is understood.
    pub(super) fn action<N: Number, P: Opaque>(self, action: &mut Action<N, P>) {
        if self == UnseenRule::RetriesWhatIsNotRetryable
            && let Action::Call(Request::RespondActivityTaskFailed { retry, .. }) = action
            && *retry == Retryability::NonRetryable
        {
            *retry = Retryability::After(Span::zero());
        }
    }

    /// ExecutionOptions and execution as they are handed in for this step.
    pub(super) fn handed_in<N: Number, P: Opaque>(
        self,
        terms: &ExecutionOptions<N>,
        before: &Observation<N, P>,
        action: &Action<N, P>,
    ) -> (ExecutionOptions<N>, Option<Observation<N, P>>) {
        let mut terms = *terms;
        let mut altered = before.clone();
        match (self, &before.phase, action) {
            (UnseenRule::GivesUpTooEarly, ..) if attempt_fails(action) => {
                let fewer = |Attempt(maximum)| Attempt(maximum - N::literal(1));
                terms.maximum_attempts = terms.maximum_attempts.map(fewer);
            }
            (
                UnseenRule::GivesAHeldTaskAway,
                Phase::Started { request_id: holder, dispatch_time },
                Action::Call(Request::RecordActivityTaskStarted { request_id, .. }),
            ) if request_id != holder => altered.phase = waits(*dispatch_time),
            (
                UnseenRule::CancelsAHeldTask,
                Phase::Started { dispatch_time, .. },
                Action::Call(Request::RequestCancelActivityExecution { .. }),
            ) if before.cancel_request.is_none() => altered.phase = waits(*dispatch_time),
            (
                UnseenRule::CancelsWithoutARequest,
                Phase::Started { .. },
                Action::Call(Request::RespondActivityTaskCanceled { .. }),
            ) if before.cancel_request.is_none() => {
                let (identity, reason) = (P::none(), P::none());
                let request_id = RequestId(0);
                altered.cancel_request = Some(CancelRequest { request_id, identity, reason });
            }
            _ => return (terms, None),
        }
        (terms, Some(altered))
    }

    /// The execution as it is handed out after a step that was not refused.
    pub(super) fn handed_out<N: Number, P: Opaque>(
        self,
        terms: &ExecutionOptions<N>,
        before: &Observation<N, P>,
        action: &Action<N, P>,
        after: &Observation<N, P>,
    ) -> Option<Observation<N, P>> {
        let mut altered = after.clone();
        let starts = !before.is_started() && after.is_started();
        match (self, action) {
            (UnseenRule::ForgetsTheEndOfAnAttempt, _)
                if before.is_started() && !after.is_started() =>
            {
                altered.last_attempt_complete_time = before.last_attempt_complete_time;
            }
            (UnseenRule::ForgetsTheFailureAtAStart, _) if starts => {
                altered.last_failure = P::none()
            }
            (UnseenRule::KeepsTheDetailsInATimeout, Action::Elapses { timeout_type, .. })
                if is_retry(before, after) =>
            {
                altered.last_failure = P::timeout_failure(
                    *timeout_type,
                    TimeoutReason::Elapsed,
                    before.heartbeat_details.clone(),
                    before.last_failure.clone(),
                );
            }
            (UnseenRule::ReadsTheClockTwice, _) if starts => {
                let one = Span(N::literal(1));
                altered.now = after.now + one;
                altered.last_started_time = Some(altered.now);
                let deadlines = &mut altered.deadlines;
                deadlines.start_to_close = deadlines.start_to_close.map(|it| it + one);
                deadlines.heartbeat = deadlines.heartbeat.map(|it| it + one);
            }
            (_, Action::Call(request)) => {
                self.called(terms, before, request, &mut altered)?;
            }
            _ => return None,
        }
        Some(altered)
    }

    fn called<N: Number, P: Opaque>(
        self,
        terms: &ExecutionOptions<N>,
        before: &Observation<N, P>,
        request: &Request<N, P>,
        after: &mut Observation<N, P>,
    ) -> Option<()> {
        match (self, request) {
            (
                UnseenRule::ForgetsWhoseReportCloses,
                Request::RespondActivityTaskCompleted { .. }
                | Request::RespondActivityTaskFailed { .. },
            ) => after.last_worker_identity.clone_from(&before.last_worker_identity),
            (
                UnseenRule::KeepsACancelRequestWaiting,
                Request::RequestCancelActivityExecution { .. },
            ) if matches!(before.phase, Phase::Scheduled { .. }) => {
                let cancel_request = after.cancel_request.clone();
                *after = Observation { cancel_request, ..before.clone() };
            }
            (UnseenRule::LosesTheResult, Request::RespondActivityTaskCompleted { .. }) => {
                if let Phase::Closed { outcome: Outcome::Completed { result }, .. } =
                    &mut after.phase
                {
                    *result = P::none();
                }
            }
            (UnseenRule::CancelsWithoutARequest, Request::RespondActivityTaskCanceled { .. }) => {
                after.cancel_request.clone_from(&before.cancel_request);
            }
            (UnseenRule::ForgetsWhoTerminated, Request::TerminateActivityExecution { .. }) => {
                after.terminate_request_id = None;
            }
            (
                UnseenRule::ForgetsTheCancelRequestAtAHeartbeat,
                Request::RecordActivityTaskHeartbeat { .. },
            ) => after.cancel_request = None,
            (UnseenRule::StartsStartToCloseAnew, Request::RecordActivityTaskHeartbeat { .. }) => {
                after.last_started_time = Some(after.now);
                after.deadlines.start_to_close = Some(after.now + terms.start_to_close_timeout);
            }
            _ => return None,
        }
        Some(())
    }

    /// The execution that a refused call leaves behind, where it does not stay as it was.
    pub(super) fn after_a_refusal<N: Number, P: Opaque>(
        self,
        before: &Observation<N, P>,
        action: &Action<N, P>,
    ) -> Option<Observation<N, P>> {
        let heartbeat = matches!(action, Action::Call(Request::RecordActivityTaskHeartbeat { .. }));
        (self == UnseenRule::CountsARefusedHeartbeat && heartbeat && !before.is_closed()).then(
            || {
                let total_heartbeat_count = before.total_heartbeat_count + N::literal(1);
                Observation { total_heartbeat_count, ..before.clone() }
            },
        )
    }

    /// How a call that is not refused is answered.
    pub(super) fn answer<N: Number, P: Opaque>(
        self,
        before: &Observation<N, P>,
        action: &Action<N, P>,
        answer: Answer<N, P>,
    ) -> Answer<N, P> {
        let cancel_requested = before.cancel_request.is_some();
        match (self, action, answer) {
            (
                UnseenRule::HandsOutNoDetails,
                _,
                Answer::Task {
                    token,
                    attempt,
                    started_time,
                    current_attempt_scheduled_time,
                    heartbeat_details: _,
                },
            ) => Answer::Task {
                token,
                attempt,
                started_time,
                current_attempt_scheduled_time,
                heartbeat_details: P::none(),
            },
            (
                UnseenRule::TellsAFailedAttempt,
                Action::Call(Request::RespondActivityTaskFailed { .. }),
                _,
            ) => Answer::Recorded { cancel_requested },
            (UnseenRule::TellsNoHeartbeat, _, Answer::Recorded { .. }) => {
                Answer::Recorded { cancel_requested: false }
            }
            (_, _, answer) => answer,
        }
    }
}

fn waits<N, P>(dispatch_time: activity_execution::vocabulary::Timestamp<N>) -> Phase<N, P> {
    Phase::Scheduled { dispatch_time, retry_interval: None }
}
