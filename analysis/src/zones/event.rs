//! The events of the zone exploration: what can happen next to an execution.

use super::Configuration;
use activity_execution::vocabulary::{
    Action, ActionKind, Dialect, ExecutionOptions, Number, Observation, Request, RequestId,
    RequestKind, Retryability, Span, Target, TaskToken, TimeoutType,
};
use activity_models::exploration::{Machine, SpecificationMachine};

/// What workers report of failures.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Reports {
    /// A retry waits its backoff.
    #[default]
    Plain,
    /// Every failure asks for this delay before the next attempt: more than no time.
    Asking(Span),
    /// A failure may ask for any delay, and the worker of a workflow may report a schedule timeout
    /// as its failure.
    Any,
}

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
    /// The worker reports a failure that asks for a delay of its own.
    FailAsking {
        /// Whether for one that leads to a dispatch before the failure, as a workflow's worker can.
        back: bool,
    },
    /// The worker of a workflow reports a failure that leaves no interval to wait.
    FailWithoutInterval,
    /// The worker of a workflow reports a schedule timeout as its failure.
    ReportTimeout,
    /// The worker gives in to cancellation.
    RespondCanceled,
    /// Somebody requests cancellation.
    RequestCancel,
    /// Somebody terminates the execution; or the workflow that it belongs to closes.
    Terminate,
    /// The run of the workflow ends.
    RunEnds,
}

impl Event {
    const ALL: [Event; 14] = [
        Event::Tick,
        Event::Poll,
        Event::Heartbeat,
        Event::Complete,
        Event::Fail { retryable: true },
        Event::Fail { retryable: false },
        Event::FailAsking { back: false },
        Event::FailAsking { back: true },
        Event::FailWithoutInterval,
        Event::ReportTimeout,
        Event::RespondCanceled,
        Event::RequestCancel,
        Event::Terminate,
        Event::RunEnds,
    ];

    /// Everything that can happen with a configuration.
    pub(super) fn all(configuration: &Configuration<'_>) -> impl Iterator<Item = Event> {
        let of_workflow = configuration.terms.dialect == Dialect::Workflow;
        let any = configuration.reports == Reports::Any;
        let ends = configuration.run_ends.is_some();
        Event::ALL.into_iter().filter(move |event| match event {
            Event::FailAsking { back: false } => any,
            Event::FailAsking { back: true }
            | Event::FailWithoutInterval
            | Event::ReportTimeout => any && of_workflow,
            Event::RunEnds => ends,
            Event::Tick
            | Event::Poll
            | Event::Heartbeat
            | Event::Complete
            | Event::Fail { .. }
            | Event::RespondCanceled
            | Event::RequestCancel
            | Event::Terminate => true,
        })
    }

    /// The word that a trace has for it, if it happens to this execution.
    pub(super) fn word<N: Number>(
        self,
        dialect: Dialect,
        before: &Observation<N, ()>,
    ) -> &'static str {
        match self {
            Event::Tick | Event::RunEnds => ActionKind::Tick.trace_word(),
            Event::Poll => RequestKind::RecordActivityTaskStarted.trace_word(),
            Event::Heartbeat => RequestKind::RecordActivityTaskHeartbeat.trace_word(),
            // Without a task there is no token: it is known by its id alone.
            Event::Complete if !before.is_started() => "RespondCompletedById",
            Event::Complete => RequestKind::RespondActivityTaskCompleted.trace_word(),
            Event::Fail { retryable: true } => RequestKind::RespondActivityTaskFailed.trace_word(),
            Event::Fail { retryable: false } => "RespondFailed (not retryable)",
            Event::FailAsking { .. } | Event::FailWithoutInterval => {
                "RespondFailed (with a delay of its own)"
            }
            Event::ReportTimeout => "RespondFailedById (a schedule timeout)",
            Event::RespondCanceled => RequestKind::RespondActivityTaskCanceled.trace_word(),
            Event::RequestCancel => RequestKind::RequestCancelActivityExecution.trace_word(),
            Event::Terminate if dialect == Dialect::Workflow => "the workflow closes",
            Event::Terminate => RequestKind::TerminateActivityExecution.trace_word(),
        }
    }

    /// What it is to the specification; `backoff` is for failures, also the one that they ask for
    /// themselves, and `elapsed` for a tick alone.
    pub(super) fn action<N: Number>(
        self,
        before: &Observation<N, ()>,
        backoff: Span<N>,
        elapsed: Span<N>,
    ) -> Action<N, ()> {
        let (target, request_id, identity) = (Target::ById, RequestId(1), ());
        Action::Call(match self {
            Event::Tick | Event::RunEnds => return Action::Tick { elapsed },
            Event::Poll => {
                let token = TaskToken(before.attempt);
                Request::RecordActivityTaskStarted { request_id, dispatched: token, identity }
            }
            Event::Heartbeat => Request::RecordActivityTaskHeartbeat { target, details: () },
            Event::Complete => {
                Request::RespondActivityTaskCompleted { target, result: (), identity }
            }
            Event::Fail { retryable: true } | Event::FailAsking { .. } => {
                failed(Retryability::After(backoff))
            }
            Event::Fail { retryable: false } => failed(Retryability::NonRetryable),
            Event::FailWithoutInterval => failed(Retryability::NoInterval),
            Event::ReportTimeout => failed(Retryability::TimedOut),
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

fn failed<N>(retry: Retryability<N>) -> Request<N, ()> {
    Request::RespondActivityTaskFailed {
        target: Target::ById,
        failure: (),
        retry,
        last_heartbeat_details: None,
        identity: (),
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
