//! What can be wrong with a rule, and where it takes effect.

use super::UnseenRule;
use super::alter::{
    armed_before, attempt_fails, difference, is_retry, older_heartbeat, postponed,
    reported_failure, retargeted, retried_after_the_wait, with_backoff,
};
use activity_execution::vocabulary::{
    Action, Answer, Attempt, Dialect, ExecutionOptions, Number, Observation, Opaque, Outcome,
    Phase, Rejection, Reply, Request, RetryState, Retryability, Span, Target, TaskToken,
    TimeoutType,
};

/// A wrong rule; [`of_service`](crate::mutants::of_service) says what each does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "the table of mutants has a sentence for each")]
pub enum ServiceRule {
    RetriesAfterCancel,
    OneAttemptTooMany,
    ReanchorsScheduleToClose,
    LosesStartToCloseOnCancel,
    ArmsAHeartbeatOfZero,
    ByIdMeansTheFirst,
    BackoffIsZeroFrom(i64),
    FailureWithoutDetailsIsTerminal,
    FailureWithoutDetailsHasNoOutcome,
    AcceptsStaleTokens,
    ClosesTwice,
    LosesCancelWhileWaiting,
    RetriesScheduleToStart,
    FiresLate,
    FiresEarly,
    ReversesTies,
    SettlesTheLatestFirst,
    DropsDetailsOfFailures,
    DispatchesBeforeTheBackoff,
    WithholdsAtTheDispatch,
    LosesHeartbeatsOfRetries,
    LosesScheduleToCloseOfRetries,
    RetriesOnlyUnderScheduleToClose,
    LosesTheCause,
    LosesTheDetails,
    ReportsTheAttemptsTimeout,
    RefusesARepeatedPollAfterCancel,
    CompletesOnlyWhatIsStarted,
    ForgetsTheCancelRequest,
    IgnoresWhatIsNotRetried,
    DoesNotCountTheAttempt,
    CallsScheduleTimeoutsNonRetryable,
    WipesDetailsAtARetry,
    ForgetsTheDialect,
    RetriesAtTheVeryEnd,
    CountsTheHeartbeatBefore,
    Unseen(UnseenRule),
}

impl ServiceRule {
    /// Whether the types of the core leave no room for what is wrong, so that the core comes to
    /// another mistake: it shows on the specification.
    #[must_use]
    pub fn is_beyond_the_core(self) -> bool {
        self == ServiceRule::Unseen(UnseenRule::KeepsACancelRequestWaiting)
    }

    /// ExecutionOptions that are wrong from the beginning.
    pub(super) fn terms_for_good<N: Number>(
        self,
        terms: &ExecutionOptions<N>,
    ) -> ExecutionOptions<N> {
        let mut terms = *terms;
        if self == ServiceRule::ArmsAHeartbeatOfZero && terms.heartbeat_timeout.is_none() {
            terms.heartbeat_timeout = Some(Span::zero());
        }
        if self == ServiceRule::ForgetsTheDialect {
            terms.dialect = Dialect::Standalone;
        }
        if let ServiceRule::Unseen(rule) = self {
            terms = rule.terms_for_good(&terms);
        }
        terms
    }

    /// What is answered without asking the machine; nothing changes.
    pub(super) fn answer_instead<N: Number, P: Opaque>(
        self,
        before: &Observation<N, P>,
        action: &Action<N, P>,
    ) -> Option<Reply<N, P>> {
        if let ServiceRule::Unseen(rule) = self {
            return rule.answer_instead(before, action);
        }
        match action {
            Action::Elapses { timeout_type, .. } => {
                self.loses(before, *timeout_type).then_some(Err(Rejection::NotDue))
            }
            Action::Call(request) => self.call_answered_instead(before, request),
            Action::Tick { .. } => None,
        }
    }

    /// Whether a timer does not take effect, though it may be due.
    fn loses<N: Number, P: Opaque>(
        self,
        before: &Observation<N, P>,
        timeout_type: TimeoutType,
    ) -> bool {
        let deadline = before.deadlines.of(timeout_type);
        let later_attempt = before.attempt > Attempt::first();
        match self {
            ServiceRule::LosesStartToCloseOnCancel => {
                timeout_type == TimeoutType::StartToClose && before.cancel_request.is_some()
            }
            ServiceRule::LosesHeartbeatsOfRetries => {
                timeout_type == TimeoutType::Heartbeat && later_attempt
            }
            ServiceRule::LosesScheduleToCloseOfRetries => {
                timeout_type == TimeoutType::ScheduleToClose && later_attempt
            }
            ServiceRule::FiresLate => deadline.is_some_and(|deadline| deadline == before.now),
            ServiceRule::ReversesTies => {
                let later = before.deadlines.armed().filter(|(_, other)| Some(*other) == deadline);
                later.into_iter().any(|(other, _)| armed_before(before, timeout_type, other))
            }
            ServiceRule::SettlesTheLatestFirst => deadline.is_some_and(|deadline| {
                let due = before.deadlines.armed().filter(|(_, other)| *other <= before.now);
                due.into_iter().any(|(_, other)| deadline < other)
            }),
            _ => false,
        }
    }

    fn call_answered_instead<N: Number, P: Opaque>(
        self,
        before: &Observation<N, P>,
        request: &Request<N, P>,
    ) -> Option<Reply<N, P>> {
        let waits = matches!(before.phase, Phase::Scheduled { .. });
        let (is_wrong, answer) = match (self, request) {
            (
                ServiceRule::LosesCancelWhileWaiting,
                Request::RequestCancelActivityExecution { .. },
            ) => (waits, Ok(Answer::Done)),
            (ServiceRule::WithholdsAtTheDispatch, Request::RecordActivityTaskStarted { .. }) => {
                let at_the_dispatch = match before.phase {
                    Phase::Scheduled { dispatch_time, .. } => dispatch_time == before.now,
                    Phase::Started { .. } | Phase::Closed { .. } => false,
                };
                (at_the_dispatch, Err(Rejection::ObsoleteTask))
            }
            (
                ServiceRule::RefusesARepeatedPollAfterCancel,
                Request::RecordActivityTaskStarted { .. },
            ) => {
                let asked = before.is_started() && before.cancel_request.is_some();
                (asked, Err(Rejection::ObsoleteTask))
            }
            (
                ServiceRule::CompletesOnlyWhatIsStarted,
                Request::RespondActivityTaskCompleted { .. },
            ) => (waits, Err(Rejection::NotFound)),
            (
                ServiceRule::ForgetsTheCancelRequest,
                Request::RequestCancelActivityExecution { .. },
            ) => (before.is_closed(), Err(Rejection::AlreadyClosed)),
            _ => return None,
        };
        is_wrong.then_some(answer)
    }

    /// The action as it is understood.
    pub(super) fn action<N: Number, P: Opaque>(
        self,
        before: &Observation<N, P>,
        action: &Action<N, P>,
    ) -> Action<N, P> {
        let mut action = action.clone();
        match self {
            ServiceRule::Unseen(rule) => rule.action(&mut action),
            ServiceRule::ByIdMeansTheFirst if before.is_started() => {
                retargeted(&mut action, |target| match target {
                    Target::ById => Target::Token(TaskToken(Attempt::first())),
                    Target::Token(_) => target,
                });
            }
            ServiceRule::AcceptsStaleTokens => retargeted(&mut action, |target| match target {
                Target::Token(TaskToken(attempt))
                    if Attempt::first() <= attempt && attempt < before.attempt =>
                {
                    Target::Token(TaskToken(before.attempt))
                }
                Target::Token(_) | Target::ById => target,
            }),
            ServiceRule::BackoffIsZeroFrom(attempt) if before.attempt.0 >= N::literal(attempt) => {
                with_backoff(&mut action, Span::zero());
            }
            ServiceRule::FailureWithoutDetailsIsTerminal => {
                if let Action::Call(Request::RespondActivityTaskFailed { failure, retry, .. }) =
                    &mut action
                    && *failure == P::none()
                {
                    *retry = Retryability::NonRetryable;
                }
            }
            ServiceRule::DropsDetailsOfFailures => {
                if let Action::Call(Request::RespondActivityTaskFailed {
                    last_heartbeat_details,
                    ..
                }) = &mut action
                {
                    *last_heartbeat_details = None;
                }
            }
            _ => {}
        }
        action
    }

    /// ExecutionOptions and execution as they are handed in for this step.
    pub(super) fn handed_in<N: Number, P: Opaque>(
        self,
        terms: &ExecutionOptions<N>,
        before: &Observation<N, P>,
        action: &Action<N, P>,
    ) -> (ExecutionOptions<N>, Option<Observation<N, P>>) {
        if let ServiceRule::Unseen(rule) = self {
            return rule.handed_in(terms, before, action);
        }
        let mut terms = *terms;
        let mut altered = before.clone();
        match self {
            ServiceRule::OneAttemptTooMany => {
                terms.maximum_attempts = terms.maximum_attempts.map(Attempt::next);
            }
            ServiceRule::IgnoresWhatIsNotRetried => {
                (terms.retries_start_to_close, terms.retries_heartbeat) = (true, true);
            }
            ServiceRule::RetriesAfterCancel if attempt_fails(action) => {
                altered.cancel_request = None
            }
            ServiceRule::LosesTheCause if attempt_fails(action) => altered.last_failure = P::none(),
            ServiceRule::LosesTheDetails if matches!(action, Action::Elapses { .. }) => {
                altered.heartbeat_details = P::none();
            }
            ServiceRule::RetriesOnlyUnderScheduleToClose
                if attempt_fails(action) && terms.schedule_to_close_timeout.is_none() =>
            {
                terms.schedule_to_close_timeout = Some(difference(Span::zero(), terms.start_delay));
                altered.deadlines.schedule_to_close = Some(before.schedule_time);
            }
            ServiceRule::ClosesTwice => match action {
                Action::Call(Request::TerminateActivityExecution { request_id, .. })
                    if before.is_closed() && before.terminate_request_id != Some(*request_id) =>
                {
                    let dispatch_time = before.now;
                    altered.phase = Phase::Scheduled { dispatch_time, retry_interval: None };
                }
                Action::Call(_) | Action::Tick { .. } | Action::Elapses { .. } => {
                    return (terms, None);
                }
            },
            ServiceRule::DispatchesBeforeTheBackoff => match (&mut altered.phase, action) {
                (
                    Phase::Scheduled { dispatch_time, retry_interval: Some(_) },
                    Action::Call(Request::RecordActivityTaskStarted { .. }),
                ) => *dispatch_time = dispatch_time.or_earlier(before.now),
                _ => return (terms, None),
            },
            ServiceRule::RetriesAtTheVeryEnd if reported_failure(action).is_some() => {
                let (zero, one) = (Span::zero(), Span(N::literal(1)));
                (terms, altered) = postponed(terms, before, [zero, one, zero, zero]);
            }
            ServiceRule::FiresEarly
            | ServiceRule::ReversesTies
            | ServiceRule::SettlesTheLatestFirst
            | ServiceRule::CountsTheHeartbeatBefore => {
                return self.postponed(terms, before, action);
            }
            _ => return (terms, None),
        }
        (terms, Some(altered))
    }

    /// Deadlines moved so that the machine takes another one for the first, or for due.
    fn postponed<N: Number, P: Opaque>(
        self,
        terms: ExecutionOptions<N>,
        before: &Observation<N, P>,
        action: &Action<N, P>,
    ) -> (ExecutionOptions<N>, Option<Observation<N, P>>) {
        let Action::Elapses { timeout_type, .. } = action else { return (terms, None) };
        let Some(deadline) = before.deadlines.of(*timeout_type) else { return (terms, None) };
        let (zero, one) = (Span::zero(), Span(N::literal(1)));
        let due = deadline <= before.now;
        let by = |other: TimeoutType| {
            let Some(instant) = before.deadlines.of(other) else { return zero };
            match self {
                ServiceRule::FiresEarly if other == *timeout_type => difference(zero, one),
                ServiceRule::CountsTheHeartbeatBefore if other == TimeoutType::Heartbeat => {
                    older_heartbeat(before).unwrap_or(zero)
                }
                ServiceRule::ReversesTies if instant == deadline && other != *timeout_type => one,
                ServiceRule::SettlesTheLatestFirst if instant < deadline && due => {
                    (deadline - instant) + one
                }
                _ => zero,
            }
        };
        let (terms, altered) = postponed(terms, before, TimeoutType::ALL.map(by));
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
        if let ServiceRule::Unseen(rule) = self {
            return rule.handed_out(terms, before, action, after);
        }
        let mut altered = after.clone();
        match self {
            ServiceRule::RetriesAfterCancel if after.is_closed() && attempt_fails(action) => {
                altered.cancel_request.clone_from(&before.cancel_request);
            }
            ServiceRule::LosesTheDetails if matches!(action, Action::Elapses { .. }) => {
                altered.heartbeat_details = before.heartbeat_details.clone();
            }
            ServiceRule::RetriesAtTheVeryEnd if reported_failure(action).is_some() => {
                let close = &mut altered.deadlines.schedule_to_close;
                *close = close.and(before.deadlines.schedule_to_close);
            }
            ServiceRule::DispatchesBeforeTheBackoff => {
                match (&mut altered.phase, before.phase.clone()) {
                    (
                        Phase::Started { dispatch_time, .. },
                        Phase::Scheduled { dispatch_time: later, .. },
                    ) => *dispatch_time = later,
                    _ => return None,
                }
            }
            ServiceRule::ReanchorsScheduleToClose if is_retry(before, after) => {
                let total = terms.schedule_to_close_timeout?;
                altered.schedule_time = after.now - terms.start_delay;
                altered.deadlines.schedule_to_close = Some(after.now + total);
            }
            ServiceRule::DoesNotCountTheAttempt if is_retry(before, after) => {
                altered.attempt = before.attempt;
            }
            ServiceRule::WipesDetailsAtARetry if is_retry(before, after) => {
                altered.heartbeat_details = P::none();
            }
            ServiceRule::RetriesScheduleToStart => match action {
                Action::Elapses { timeout_type: TimeoutType::ScheduleToStart, backoff } => {
                    altered = retried_after_the_wait(terms, before, *backoff);
                }
                Action::Elapses { .. } | Action::Tick { .. } | Action::Call(_) => return None,
            },
            ServiceRule::FailureWithoutDetailsHasNoOutcome => {
                if reported_failure(action) != Some(&P::none()) || !after.is_closed() {
                    return None;
                }
                if let Phase::Closed { outcome: Outcome::Failed { failure, .. }, .. } =
                    &mut altered.phase
                {
                    *failure = P::none();
                }
                altered.last_failure = P::none();
            }
            ServiceRule::ReportsTheAttemptsTimeout
            | ServiceRule::CallsScheduleTimeoutsNonRetryable => {
                self.misreport(action, &mut altered)?;
            }
            _ => return None,
        }
        Some(altered)
    }

    /// The execution that a refused call leaves behind, where it does not stay as it was.
    pub(super) fn after_a_refusal<N: Number, P: Opaque>(
        self,
        before: &Observation<N, P>,
        action: &Action<N, P>,
    ) -> Option<Observation<N, P>> {
        let ServiceRule::Unseen(rule) = self else { return None };
        rule.after_a_refusal(before, action)
    }

    /// How a call that is not refused is answered.
    pub(super) fn answer<N: Number, P: Opaque>(
        self,
        before: &Observation<N, P>,
        action: &Action<N, P>,
        answer: Answer<N, P>,
    ) -> Answer<N, P> {
        let ServiceRule::Unseen(rule) = self else { return answer };
        rule.answer(before, action, answer)
    }

    fn misreport<N: Number, P: Opaque>(
        self,
        action: &Action<N, P>,
        after: &mut Observation<N, P>,
    ) -> Option<()> {
        let Action::Elapses { timeout_type: elapsed, .. } = action else { return None };
        let own = after.last_failure.clone();
        let Phase::Closed { outcome, .. } = &mut after.phase else { return None };
        let Outcome::TimedOut { timeout_type, failure, retry_state } = outcome else {
            return None;
        };
        if self == ServiceRule::CallsScheduleTimeoutsNonRetryable {
            if timeout_type == elapsed && *retry_state == RetryState::Timeout {
                *retry_state = RetryState::NonRetryableFailure;
            }
        } else if timeout_type != elapsed {
            (*timeout_type, *failure) = (*elapsed, own);
        }
        Some(())
    }
}
