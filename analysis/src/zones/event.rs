//! The events of the zone exploration: what can happen next to an execution.

use activity_execution::vocabulary::{
    Action, ActionKind, ExecutionOptions, Number, Observation, Request, RequestId, RequestKind,
    Retryability, Span, Target, TaskToken, TimeoutType,
};
use activity_models::exploration::{Machine, SpecificationMachine};

/// The next thing that happens.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Event {
    /// Time passes.
    Tick,
    /// A worker takes the task.
    Poll,
    /// The worker heartbeats, for as long as it likes.
    Heartbeat,
    /// The worker completes the attempt.
    Complete,
    /// The worker reports a failure.
    Fail { retryable: bool },
    /// The worker gives in to cancellation.
    RespondCanceled,
    /// Somebody requests cancellation.
    RequestCancel,
    /// Somebody terminates the execution.
    Terminate,
}

impl Event {
    pub(super) const ALL: [Event; 9] = [
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

    /// The word that a trace has for it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Event::Tick => ActionKind::Tick.trace_word(),
            Event::Poll => RequestKind::RecordActivityTaskStarted.trace_word(),
            Event::Heartbeat => RequestKind::RecordActivityTaskHeartbeat.trace_word(),
            Event::Complete => RequestKind::RespondActivityTaskCompleted.trace_word(),
            Event::Fail { retryable: true } => RequestKind::RespondActivityTaskFailed.trace_word(),
            Event::Fail { retryable: false } => "RespondFailed (not retryable)",
            Event::RespondCanceled => RequestKind::RespondActivityTaskCanceled.trace_word(),
            Event::RequestCancel => RequestKind::RequestCancelActivityExecution.trace_word(),
            Event::Terminate => RequestKind::TerminateActivityExecution.trace_word(),
        }
    }

    /// What it is to the specification; `elapsed` is for a tick alone.
    pub(super) fn action<N: Number>(
        self,
        before: &Observation<N, ()>,
        backoff: Span<N>,
        elapsed: Span<N>,
    ) -> Action<N, ()> {
        let (target, request_id, identity) = (Target::ById, RequestId(1), ());
        Action::Call(match self {
            Event::Tick => return Action::Tick { elapsed },
            Event::Poll => {
                let token = TaskToken(before.attempt);
                Request::RecordActivityTaskStarted { request_id, dispatched: token, identity }
            }
            Event::Heartbeat => Request::RecordActivityTaskHeartbeat { target, details: () },
            Event::Complete => {
                Request::RespondActivityTaskCompleted { target, result: (), identity }
            }
            Event::Fail { retryable } => Request::RespondActivityTaskFailed {
                target,
                failure: (),
                retry: if retryable {
                    Retryability::After(backoff)
                } else {
                    Retryability::NonRetryable
                },
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

/// The execution after a step of the specification, unless that is refused.
pub(super) fn stepped<N: Number>(
    terms: &ExecutionOptions<N>,
    before: &Observation<N, ()>,
    action: &Action<N, ()>,
) -> Option<Observation<N, ()>> {
    let mut state = SpecificationMachine.restore(before);
    let reply = SpecificationMachine.step(terms, &mut state, action);
    reply.is_ok().then(|| SpecificationMachine.observe(terms, &state))
}

/// Settles the deadline whose turn it is, if one is due.
pub(super) fn settled<N: Number>(
    terms: &ExecutionOptions<N>,
    before: &Observation<N, ()>,
    backoff: Span<N>,
) -> Option<(TimeoutType, Observation<N, ()>)> {
    TimeoutType::ALL.into_iter().find_map(|timeout_type| {
        before.deadlines.of(timeout_type)?;
        let after = stepped(terms, before, &Action::Elapses { timeout_type, backoff })?;
        Some((timeout_type, after))
    })
}
