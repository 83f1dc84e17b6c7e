//! What a wrong rule remembers, and what goes wrong then.

use super::call::{InARow, Wrong};
use super::{Happening, Memory};
use crate::mutants::service::alter::{is_retry, with_backoff};
use activity_execution::vocabulary::{
    Action, Answer, Attempt, ExecutionOptions, Number, Observation, Opaque, Phase, Rejection,
    Reply, Request, Retryability, Span, Target, TaskToken, TimeoutType,
};

/// A wrong rule that remembers; [`of_memory`](crate::mutants::of_memory) says what each does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "the table of mutants has a sentence for each")]
pub enum MemoryRule {
    LosesStartToCloseOfTheThird,
    ForgetsTheCancelAtTheSecondHeartbeat,
    DropsACancelOfARetry,
    HearsTheTokenOfTwoBefore,
    LosesDetailsAtTheSecondSilence,
    ForgetsTheCancelIdAtAHeartbeat,
    RefusesARepeatedPollAfterAHeartbeat,
    SkipsTheBackoffAfterTwoTimeouts,
    KeepsTheFirstWait,
    HearsNoTokenAfterThreeRefusals,
    IgnoresTheThirdHeartbeat,
    CompletesByIdOnlyTheFirst,
    ForgetsTheStartIdAtTheClose,
    TellsOfCancellationOnce,
    RecordsDetailsOfFailuresOnce,
    LosesATaskThatWaits,
    HearsAStaleTokenAtAStart,
    DoesNotCountAfterTwoHeartbeats,
    LosesScheduleToStartAfterTwoFailures,
    ForgetsTheTerminateIdAtAStart,
    LosesDetailsBeforeTheThird,
    RefusesTokensAfterACrash,
    LosesTheHeartbeatTimerInACrash,
    DispatchesAtOnceAfterACrash,
    LosesTheTaskInACrash,
    TellsTheTimesOfTheFirst,
    StartsByAStaleDispatch,
    MistakesAnUnaskedCancellation,
    InARow(InARow),
}

/// How many steps a task may wait before it is lost.
const PATIENCE: u8 = 5;

fn attempt<N: Number>(number: i64) -> Attempt<N> {
    Attempt(N::literal(number))
}

fn waits<N, P>(observation: &Observation<N, P>) -> bool {
    matches!(observation.phase, Phase::Scheduled { .. })
}

impl<N: Number, P: Opaque> Happening<'_, N, P> {
    fn request(&self) -> Option<&Request<N, P>> {
        match self.action {
            Action::Call(request) => Some(request),
            Action::Tick { .. } | Action::Elapses { .. } => None,
        }
    }

    fn elapses(&self, which: TimeoutType) -> bool {
        matches!(self.action, Action::Elapses { timeout_type, .. } if *timeout_type == which)
    }

    fn is_heartbeat(&self) -> bool {
        matches!(self.request(), Some(Request::RecordActivityTaskHeartbeat { .. }))
    }

    fn is_poll(&self) -> bool {
        matches!(self.request(), Some(Request::RecordActivityTaskStarted { .. }))
    }

    fn is_failure(&self) -> bool {
        matches!(self.request(), Some(Request::RespondActivityTaskFailed { .. }))
    }

    fn is_start(&self) -> bool {
        matches!(self.request(), Some(Request::StartActivityExecution { .. }))
    }

    fn is_cancel_request(&self) -> bool {
        matches!(self.request(), Some(Request::RequestCancelActivityExecution { .. }))
    }

    /// Whether the attempt ended by this step and another one waits.
    fn is_retry(&self, after: &Observation<N, P>) -> bool {
        is_retry(self.before, after)
    }

    fn has_token(&self) -> bool {
        matches!(self.request().and_then(Request::target), Some(Target::Token(_)))
    }
}

impl MemoryRule {
    /// Whether it goes wrong because of a crash.
    pub(super) fn minds_crashes(self) -> bool {
        matches!(
            self,
            MemoryRule::RefusesTokensAfterACrash
                | MemoryRule::LosesTheHeartbeatTimerInACrash
                | MemoryRule::DispatchesAtOnceAfterACrash
                | MemoryRule::LosesTheTaskInACrash
        )
    }

    /// What is answered without asking the machine; nothing changes.
    #[expect(clippy::too_many_lines, reason = "one arm for each rule")]
    pub(super) fn answer_instead<N: Number, P: Opaque>(
        self,
        memory: &Memory<N>,
        happening: &Happening<'_, N, P>,
    ) -> Option<Reply<N, P>> {
        let before = happening.before;
        let (is_wrong, reply) = match self {
            MemoryRule::LosesStartToCloseOfTheThird => {
                let lost = happening.elapses(TimeoutType::StartToClose);
                (lost && before.attempt == attempt(3), Err(Rejection::NotDue))
            }
            MemoryRule::DropsACancelOfARetry => {
                let retried = before.is_started() && before.attempt > Attempt::first();
                let asks = happening.is_cancel_request() && before.cancel_request.is_none();
                (retried && asks, Ok(Answer::Done))
            }
            MemoryRule::ForgetsTheCancelIdAtAHeartbeat => {
                let asked = happening.is_cancel_request() && before.cancel_request.is_some();
                let forgot = memory.count == 1 && !before.is_closed();
                (asked && forgot, Err(Rejection::CancelAlreadyRequested))
            }
            MemoryRule::RefusesARepeatedPollAfterAHeartbeat => {
                let polls = happening.is_poll() && before.is_started();
                (polls && memory.count == 1, Err(Rejection::ObsoleteTask))
            }
            MemoryRule::HearsNoTokenAfterThreeRefusals => {
                (memory.count >= 3 && happening.has_token(), Err(Rejection::NotFound))
            }
            MemoryRule::CompletesByIdOnlyTheFirst => {
                let by_id = matches!(
                    happening.request(),
                    Some(Request::RespondActivityTaskCompleted { target: Target::ById, .. })
                );
                let later = waits(before) && before.attempt > Attempt::first();
                (by_id && later, Err(Rejection::NotFound))
            }
            MemoryRule::ForgetsTheStartIdAtTheClose => {
                let repeats = matches!(
                    happening.request(),
                    Some(Request::StartActivityExecution { request_id, .. })
                        if *request_id == before.start_request_id
                );
                (repeats && before.is_closed(), Err(Rejection::AlreadyClosed))
            }
            MemoryRule::LosesATaskThatWaits => {
                let lost = waits(before) && memory.count >= PATIENCE;
                (lost && happening.is_poll(), Err(Rejection::ObsoleteTask))
            }
            MemoryRule::LosesScheduleToStartAfterTwoFailures => {
                let lost = happening.elapses(TimeoutType::ScheduleToStart);
                (lost && memory.count >= 2, Err(Rejection::NotDue))
            }
            MemoryRule::ForgetsTheTerminateIdAtAStart => {
                let ends =
                    matches!(happening.request(), Some(Request::TerminateActivityExecution { .. }));
                (ends && before.is_closed() && memory.count == 1, Err(Rejection::AlreadyClosed))
            }
            MemoryRule::RefusesTokensAfterACrash => {
                (memory.crashed && happening.has_token(), Err(Rejection::NotFound))
            }
            MemoryRule::LosesTheHeartbeatTimerInACrash => {
                let lost = happening.elapses(TimeoutType::Heartbeat);
                (memory.crashed && lost, Err(Rejection::NotDue))
            }
            MemoryRule::LosesTheTaskInACrash => {
                let polls = happening.is_poll() && waits(before);
                (memory.crashed && polls, Err(Rejection::ObsoleteTask))
            }
            MemoryRule::InARow(InARow { times, then, wrong, .. }) => {
                let comes = memory.count >= times && then.is(happening);
                match wrong {
                    Wrong::Refused(rejection) => (comes, Err(rejection)),
                    Wrong::WithoutEffect => (comes, Ok(Answer::Done)),
                    Wrong::TakenForTheHolder => return None,
                }
            }
            _ => return None,
        };
        is_wrong.then_some(reply)
    }

    /// The action as it is understood.
    pub(super) fn action<N: Number, P: Opaque>(
        self,
        memory: &Memory<N>,
        happening: &Happening<'_, N, P>,
    ) -> Action<N, P> {
        let before = happening.before;
        let mut action = happening.action.clone();
        match self {
            MemoryRule::HearsTheTokenOfTwoBefore => heard(&mut action, before, 2),
            MemoryRule::HearsAStaleTokenAtAStart
                if before.last_started_time == Some(before.now) =>
            {
                heard(&mut action, before, 1);
            }
            MemoryRule::InARow(InARow { times, then, wrong: Wrong::TakenForTheHolder, .. })
                if memory.count >= times && then.is(happening) =>
            {
                heard(&mut action, before, 1);
                heard(&mut action, before, 2);
            }
            MemoryRule::SkipsTheBackoffAfterTwoTimeouts if memory.count >= 2 => {
                with_backoff(&mut action, Span::zero());
            }
            MemoryRule::KeepsTheFirstWait => {
                if let (Some(first), true) = (memory.wait, happening.is_failure()) {
                    with_backoff(&mut action, first);
                }
            }
            MemoryRule::RecordsDetailsOfFailuresOnce if memory.count >= 1 => {
                if let Action::Call(Request::RespondActivityTaskFailed {
                    last_heartbeat_details,
                    ..
                }) = &mut action
                {
                    *last_heartbeat_details = None;
                }
            }
            MemoryRule::StartsByAStaleDispatch => {
                if let Action::Call(Request::RecordActivityTaskStarted { dispatched, .. }) =
                    &mut action
                    && waits(before)
                    && dispatched.0 < before.attempt
                {
                    *dispatched = TaskToken(before.attempt);
                }
            }
            _ => {}
        }
        action
    }

    /// The options that are looked at.
    pub(super) fn terms<N: Number, P: Opaque>(
        self,
        memory: &Memory<N>,
        before: &Observation<N, P>,
        terms: &ExecutionOptions<N>,
    ) -> ExecutionOptions<N> {
        let mut terms = *terms;
        let uncounted = self == MemoryRule::DoesNotCountAfterTwoHeartbeats && memory.count >= 2;
        if uncounted && before.attempt == Attempt::first() {
            terms.maximum_attempts = terms.maximum_attempts.map(Attempt::next);
        }
        terms
    }

    /// The execution that is left behind, where it is not what the machine made of it.
    pub(super) fn left<N: Number, P: Opaque>(
        self,
        memory: &Memory<N>,
        happening: &Happening<'_, N, P>,
        reply: &Reply<N, P>,
        after: &Observation<N, P>,
    ) -> Option<Observation<N, P>> {
        let before = happening.before;
        let heartbeat = happening.is_heartbeat() && reply.is_ok();
        let mut altered = after.clone();
        match self {
            MemoryRule::ForgetsTheCancelAtTheSecondHeartbeat
                if heartbeat && before.cancel_request.is_some() && memory.count == 1 =>
            {
                altered.cancel_request = None;
            }
            MemoryRule::LosesDetailsAtTheSecondSilence
                if happening.elapses(TimeoutType::Heartbeat)
                    && happening.is_retry(after)
                    && memory.count == 1 =>
            {
                altered.heartbeat_details = P::none();
            }
            MemoryRule::IgnoresTheThirdHeartbeat
                if heartbeat && before.last_heartbeat_time.is_some() && memory.count == 2 =>
            {
                altered.last_heartbeat_time = before.last_heartbeat_time;
                altered.deadlines.heartbeat = before.deadlines.heartbeat;
            }
            MemoryRule::LosesDetailsBeforeTheThird
                if happening.is_retry(after) && after.attempt == attempt(3) =>
            {
                altered.heartbeat_details = P::none();
            }
            MemoryRule::DispatchesAtOnceAfterACrash if memory.crashed => {
                let Phase::Scheduled { dispatch_time, retry_interval: Some(_) } =
                    &mut altered.phase
                else {
                    return None;
                };
                *dispatch_time = dispatch_time.or_earlier(after.now);
            }
            _ => return None,
        }
        Some(altered)
    }

    /// What is told.
    pub(super) fn told<N: Number, P: Opaque>(
        self,
        memory: &Memory<N>,
        before: &Observation<N, P>,
        reply: Reply<N, P>,
    ) -> Reply<N, P> {
        match (self, reply) {
            (
                MemoryRule::TellsOfCancellationOnce,
                Ok(Answer::Recorded { cancel_requested: true }),
            ) if memory.count == 1 => Ok(Answer::Recorded { cancel_requested: false }),
            (MemoryRule::MistakesAnUnaskedCancellation, Err(Rejection::CancelNotRequested)) => {
                Err(Rejection::NotFound)
            }
            (
                MemoryRule::TellsTheTimesOfTheFirst,
                Ok(Answer::Task {
                    token,
                    attempt,
                    started_time,
                    current_attempt_scheduled_time,
                    heartbeat_details,
                }),
            ) => {
                let own = (started_time, current_attempt_scheduled_time);
                let is_later = before.attempt > Attempt::first();
                let (started_time, current_attempt_scheduled_time) =
                    memory.first.filter(|_| is_later).unwrap_or(own);
                Ok(Answer::Task {
                    token,
                    attempt,
                    started_time,
                    current_attempt_scheduled_time,
                    heartbeat_details,
                })
            }
            (_, reply) => reply,
        }
    }

    /// What is remembered of the step.
    #[expect(clippy::too_many_lines, reason = "one arm for each rule")]
    pub(super) fn remember<N: Number, P: Opaque>(
        self,
        memory: &mut Memory<N>,
        happening: &Happening<'_, N, P>,
        told: &Reply<N, P>,
        after: &Observation<N, P>,
    ) {
        let (before, accepted) = (happening.before, told.is_ok());
        let retried = happening.is_retry(after);
        let heartbeat = happening.is_heartbeat() && accepted;
        let counts = |memory: &mut Memory<N>, most: u8, happens: bool| {
            memory.count = memory.count.saturating_add(u8::from(happens)).min(most);
        };
        match self {
            MemoryRule::ForgetsTheCancelAtTheSecondHeartbeat
                if heartbeat && before.cancel_request.is_some() =>
            {
                memory.count = 1 - memory.count;
            }
            MemoryRule::LosesDetailsAtTheSecondSilence => {
                counts(memory, 3, accepted && happening.elapses(TimeoutType::Heartbeat));
            }
            MemoryRule::ForgetsTheCancelIdAtAHeartbeat => {
                counts(memory, 1, heartbeat && before.cancel_request.is_some());
            }
            MemoryRule::RefusesARepeatedPollAfterAHeartbeat => {
                memory.count = if retried { 0 } else { memory.count.max(u8::from(heartbeat)) };
            }
            MemoryRule::SkipsTheBackoffAfterTwoTimeouts => {
                counts(memory, 2, accepted && happening.elapses(TimeoutType::StartToClose));
            }
            MemoryRule::HearsNoTokenAfterThreeRefusals => {
                counts(memory, 3, !accepted && happening.request().is_some());
            }
            MemoryRule::IgnoresTheThirdHeartbeat => {
                memory.count = if retried { 0 } else { memory.count };
                counts(memory, 4, heartbeat && before.is_started());
            }
            MemoryRule::TellsOfCancellationOnce => {
                let told = matches!(told, Ok(Answer::Recorded { cancel_requested: true }));
                counts(memory, 1, told);
            }
            MemoryRule::LosesATaskThatWaits => {
                memory.count = if waits(before) { memory.count } else { 0 };
                counts(memory, PATIENCE, matches!(happening.action, Action::Tick { .. }));
            }
            MemoryRule::DoesNotCountAfterTwoHeartbeats => counts(memory, 2, heartbeat),
            MemoryRule::LosesScheduleToStartAfterTwoFailures => {
                let failed = happening.is_failure() && accepted;
                memory.count = if retried && !failed { 0 } else { memory.count };
                counts(memory, 2, failed);
            }
            MemoryRule::ForgetsTheTerminateIdAtAStart => {
                counts(memory, 1, before.is_closed() && happening.is_start());
            }
            MemoryRule::InARow(InARow { first, times, .. }) => {
                let is_other = happening.request().is_some() || waited(happening);
                let comes = first.is(happening);
                memory.count = if is_other && !comes { 0 } else { memory.count };
                counts(memory, times, comes);
            }
            MemoryRule::RecordsDetailsOfFailuresOnce => {
                let brought = matches!(
                    happening.request(),
                    Some(Request::RespondActivityTaskFailed {
                        last_heartbeat_details: Some(_),
                        ..
                    })
                );
                counts(memory, 1, brought && accepted);
            }
            MemoryRule::KeepsTheFirstWait => {
                if let Some(Request::RespondActivityTaskFailed {
                    retry: Retryability::After(wait),
                    ..
                }) = happening.request()
                {
                    memory.wait = memory.wait.or(Some(*wait).filter(|_| retried));
                }
            }
            MemoryRule::TellsTheTimesOfTheFirst => {
                if let Ok(Answer::Task { started_time, current_attempt_scheduled_time, .. }) = told
                {
                    let times = (*started_time, *current_attempt_scheduled_time);
                    memory.first = memory.first.or(Some(times));
                }
            }
            _ => {}
        }
    }
}

fn waited<N, P>(happening: &Happening<'_, N, P>) -> bool {
    matches!(happening.action, Action::Tick { .. })
}

/// Takes a token of so many attempts before for that of the holder, if there is one.
fn heard<N: Number, P: Opaque>(action: &mut Action<N, P>, before: &Observation<N, P>, back: i64) {
    let Action::Call(request) = action else { return };
    if let Some(Target::Token(TaskToken(given))) = request.target_mut() {
        let is_it = given.0 + N::literal(back) == before.attempt.0;
        if before.is_started() && *given >= Attempt::first() && is_it {
            *given = before.attempt;
        }
    }
}
