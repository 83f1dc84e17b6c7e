//! What the tests of worker and caller share: a payload that is a number, and a task that is driven
//! step by step while every promise watches.

pub(crate) mod kinds;

use activity_execution::vocabulary::{Opaque, Span, TimeoutReason, TimeoutType, Timestamp};
use activity_execution::worker::promises::{TaskPromise, of_task};
use activity_execution::worker::{
    ActivityExecutionResult, ActivityTask, Effect, HeartbeatReply, LocalTimer, ResultReply,
    TaskAction, TaskOptions, TaskRejection, TaskStep,
};
use std::sync::LazyLock;

/// A payload that only has an identity.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Note(pub(crate) u8);

impl Opaque for Note {
    fn none() -> Self {
        Note(0)
    }

    fn or_missing_failure(self) -> Self {
        self
    }

    fn activity_id_not_started() -> Self {
        Note(u8::MAX)
    }

    fn timeout_failure(_: TimeoutType, _: TimeoutReason, details: Self, _: Self) -> Self {
        details
    }
}

/// Ten units between heartbeats that are sent, twelve until the service loses patience.
pub(crate) const TERMS: TaskOptions = TaskOptions {
    start_to_close_timeout: Some(Span(100)),
    heartbeat_timeout: Some(Span(12)),
    local_timeout_buffer: Span(5),
    heartbeat_throttle_interval: Span(10),
    heartbeat_call_timeout: Span(8),
};

pub(crate) const NO_NEWS: HeartbeatReply = HeartbeatReply::Recorded {
    cancel_requested: false,
    activity_paused: false,
    activity_reset: false,
};

pub(crate) const CANCEL_REQUESTED: HeartbeatReply = HeartbeatReply::Recorded {
    cancel_requested: true,
    activity_paused: false,
    activity_reset: false,
};

pub(crate) const PAUSED: HeartbeatReply = HeartbeatReply::Recorded {
    cancel_requested: false,
    activity_paused: true,
    activity_reset: false,
};

pub(crate) const RESET: HeartbeatReply = HeartbeatReply::Recorded {
    cancel_requested: false,
    activity_paused: false,
    activity_reset: true,
};

static PROMISES: LazyLock<Vec<TaskPromise<i64, Note>>> = LazyLock::new(of_task);

/// Decides one step and holds every promise to it.
///
/// # Panics
/// If a promise is broken.
pub(crate) fn checked(
    terms: &TaskOptions,
    before: &ActivityTask<i64, Note>,
    now: i64,
    action: TaskAction<Note>,
) -> (ActivityTask<i64, Note>, TaskStep<i64, Note>) {
    let now = Timestamp(now);
    let (after, reply) = match before.decide(terms, now, &action) {
        Ok((after, effect)) => (after, Ok(effect)),
        Err(rejection) => (*before, Err(rejection)),
    };
    let step = TaskStep { now, action, reply };
    for promise in PROMISES.iter() {
        assert!(
            (promise.holds)(terms, before, &step, &after),
            "{}: {}\n  terms  {terms:?}\n  before {before:?}\n  step   {step:?}\n  after {after:?}",
            promise.name,
            promise.statement,
        );
    }
    (after, step)
}

/// A task that is driven step by step.
pub(crate) struct Driven {
    pub(crate) terms: TaskOptions,
    pub(crate) task: ActivityTask<i64, Note>,
}

pub(crate) type Said = Result<Option<Effect<Note>>, TaskRejection>;

impl Driven {
    /// A task that was delivered at instant 0.
    pub(crate) fn delivered() -> Self {
        let mut driven = Driven { terms: TERMS, task: ActivityTask::Absent };
        assert_eq!(driven.at(0, TaskAction::Deliver { grace_period_elapsed: false }), Ok(None));
        driven
    }

    pub(crate) fn at(&mut self, now: i64, action: TaskAction<Note>) -> Said {
        let (after, step) = checked(&self.terms, &self.task, now, action);
        self.task = after;
        step.reply
    }

    pub(crate) fn heartbeat(&mut self, now: i64, details: u8) -> Said {
        self.at(now, TaskAction::Heartbeat { details: Note(details) })
    }

    pub(crate) fn reply(&mut self, now: i64, reply: HeartbeatReply) -> Said {
        self.at(now, TaskAction::HeartbeatReply(reply))
    }

    pub(crate) fn elapses(&mut self, now: i64, timer: LocalTimer) -> Said {
        self.at(now, TaskAction::Elapses(timer))
    }

    pub(crate) fn completes(&mut self, now: i64) -> Said {
        self.at(now, TaskAction::Return(ActivityExecutionResult::Completed { result: Note(9) }))
    }

    pub(crate) fn fails(&mut self, now: i64) -> Said {
        self.at(now, TaskAction::Return(ActivityExecutionResult::Failed { failure: Note(9) }))
    }

    pub(crate) fn gives_in(&mut self, now: i64) -> Said {
        self.at(now, TaskAction::Return(ActivityExecutionResult::Cancelled { details: Note(9) }))
    }

    pub(crate) fn will_complete_async(&mut self, now: i64) -> Said {
        self.at(now, TaskAction::Return(ActivityExecutionResult::WillCompleteAsync))
    }

    pub(crate) fn result_reply(&mut self, now: i64, reply: ResultReply) -> Said {
        self.at(now, TaskAction::ResultReply(reply))
    }
}

pub(crate) fn sent(details: u8) -> Said {
    Ok(Some(Effect::RecordActivityTaskHeartbeat { details: Note(details) }))
}

pub(crate) const NOTHING: Said = Ok(None);
pub(crate) const SLOT_FREE: Said = Ok(Some(Effect::ReleaseSlot));

/// Everything that can happen to a task, with these details.
pub(crate) fn alphabet(notes: &[u8]) -> Vec<TaskAction<Note>> {
    let mut actions = vec![
        TaskAction::Deliver { grace_period_elapsed: false },
        TaskAction::Deliver { grace_period_elapsed: true },
        TaskAction::HeartbeatDetailsConversionFails,
        TaskAction::HeartbeatReply(HeartbeatReply::NotFound),
        TaskAction::HeartbeatReply(HeartbeatReply::Failed),
        TaskAction::CancelActivityCommand,
        TaskAction::GracePeriodElapses,
        TaskAction::Return(ActivityExecutionResult::Completed { result: Note(9) }),
        TaskAction::Return(ActivityExecutionResult::Failed { failure: Note(9) }),
        TaskAction::Return(ActivityExecutionResult::Cancelled { details: Note(9) }),
        TaskAction::Return(ActivityExecutionResult::WillCompleteAsync),
        TaskAction::ResultReply(ResultReply::Accepted),
        TaskAction::ResultReply(ResultReply::NotFound),
        TaskAction::ResultReply(ResultReply::Lost),
    ];
    actions.extend(LocalTimer::ALL.map(TaskAction::Elapses));
    actions.extend(notes.iter().map(|note| TaskAction::Heartbeat { details: Note(*note) }));
    actions.extend((0..8).map(|flags| {
        TaskAction::HeartbeatReply(HeartbeatReply::Recorded {
            cancel_requested: flags & 1 != 0,
            activity_paused: flags & 2 != 0,
            activity_reset: flags & 4 != 0,
        })
    }));
    actions
}
