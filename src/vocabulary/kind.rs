//! Kinds of what happens to an execution and of how it is answered, each with its one spelling.
//! A request that comes to the alphabet is counted, tried and named everywhere once it is here.

use super::step::{Action, Answer, Reply, Request};
use super::words::{Rejection, RequestId, Target, TimeoutType};
use core::fmt;

/// A request without its arguments: the RPC that carries it.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[expect(missing_docs, reason = "the kinds are those of `Request`, by token or by id")]
pub enum RequestKind {
    StartActivityExecution,
    RecordActivityTaskStarted,
    RecordActivityTaskHeartbeat,
    RecordActivityTaskHeartbeatById,
    RespondActivityTaskCompleted,
    RespondActivityTaskCompletedById,
    RespondActivityTaskFailed,
    RespondActivityTaskFailedById,
    RespondActivityTaskCanceled,
    RespondActivityTaskCanceledById,
    RequestCancelActivityExecution,
    TerminateActivityExecution,
}

/// What happens, without its arguments.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum ActionKind {
    /// Time passes.
    Tick,
    /// Somebody calls.
    Call(RequestKind),
    /// A deadline takes effect.
    Elapses(TimeoutType),
}

/// How it is answered, without what is in the answer.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum ReplyKind {
    /// [`Answer::Done`].
    Done,
    /// [`Answer::Existing`].
    Existing,
    /// [`Answer::Task`].
    Task,
    /// [`Answer::Recorded`].
    Recorded {
        /// Whether cancellation was requested.
        cancel_requested: bool,
    },
    /// A refusal.
    Refused(Rejection),
}

impl RequestKind {
    /// All of them, in the order in which they are declared.
    pub const ALL: [RequestKind; 12] = [
        RequestKind::StartActivityExecution,
        RequestKind::RecordActivityTaskStarted,
        RequestKind::RecordActivityTaskHeartbeat,
        RequestKind::RecordActivityTaskHeartbeatById,
        RequestKind::RespondActivityTaskCompleted,
        RequestKind::RespondActivityTaskCompletedById,
        RequestKind::RespondActivityTaskFailed,
        RequestKind::RespondActivityTaskFailedById,
        RequestKind::RespondActivityTaskCanceled,
        RequestKind::RespondActivityTaskCanceledById,
        RequestKind::RequestCancelActivityExecution,
        RequestKind::TerminateActivityExecution,
    ];

    /// The word for it in Temporal's own traces, `RespondFailedById` for one.
    #[must_use]
    pub const fn trace_word(self) -> &'static str {
        match self {
            RequestKind::StartActivityExecution => "StartActivityExecution",
            RequestKind::RecordActivityTaskStarted => "Poll",
            RequestKind::RecordActivityTaskHeartbeat => "Heartbeat",
            RequestKind::RecordActivityTaskHeartbeatById => "HeartbeatById",
            RequestKind::RespondActivityTaskCompleted => "RespondCompleted",
            RequestKind::RespondActivityTaskCompletedById => "RespondCompletedById",
            RequestKind::RespondActivityTaskFailed => "RespondFailed",
            RequestKind::RespondActivityTaskFailedById => "RespondFailedById",
            RequestKind::RespondActivityTaskCanceled => "RespondCanceled",
            RequestKind::RespondActivityTaskCanceledById => "RespondCanceledById",
            RequestKind::RequestCancelActivityExecution => "RequestCancel",
            RequestKind::TerminateActivityExecution => "Terminate",
        }
    }

    /// The request that this word names in a trace.
    #[must_use]
    pub fn of_trace_word(word: &str) -> Option<Self> {
        RequestKind::ALL.into_iter().find(|kind| kind.trace_word() == word)
    }

    /// Whether it names the attempt by the activity id.
    #[must_use]
    pub fn is_by_id(self) -> bool {
        self.by_token() != self
    }

    /// The same request with a token, where there are both.
    #[must_use]
    pub fn by_token(self) -> Self {
        match self {
            RequestKind::RecordActivityTaskHeartbeatById => {
                RequestKind::RecordActivityTaskHeartbeat
            }
            RequestKind::RespondActivityTaskCompletedById => {
                RequestKind::RespondActivityTaskCompleted
            }
            RequestKind::RespondActivityTaskFailedById => RequestKind::RespondActivityTaskFailed,
            RequestKind::RespondActivityTaskCanceledById => {
                RequestKind::RespondActivityTaskCanceled
            }
            by_token_alone => by_token_alone,
        }
    }

    /// The same request by the activity id, where there are both.
    #[must_use]
    pub fn by_id(self) -> Self {
        let is_it = |other: &RequestKind| other.is_by_id() && other.by_token() == self;
        RequestKind::ALL.into_iter().find(is_it).unwrap_or(self)
    }
}

impl ActionKind {
    const COUNT: usize = 1 + RequestKind::ALL.len() + TimeoutType::ALL.len();

    /// All of them; each stands at its [`index`](Self::index).
    pub const ALL: [ActionKind; Self::COUNT] = {
        let mut all = [ActionKind::Tick; Self::COUNT];
        let (mut call, mut timer) = (0, 0);
        while call < RequestKind::ALL.len() {
            all[1 + call] = ActionKind::Call(RequestKind::ALL[call]);
            call += 1;
        }
        while timer < TimeoutType::ALL.len() {
            all[1 + call + timer] = ActionKind::Elapses(TimeoutType::ALL[timer]);
            timer += 1;
        }
        all
    };

    /// Its place in [`ALL`](Self::ALL).
    #[must_use]
    pub fn index(self) -> usize {
        match self {
            ActionKind::Tick => 0,
            ActionKind::Call(kind) => 1 + kind as usize,
            ActionKind::Elapses(timer) => 1 + RequestKind::ALL.len() + timer as usize,
        }
    }

    /// The word for it in Temporal's own traces.
    #[must_use]
    pub const fn trace_word(self) -> &'static str {
        match self {
            ActionKind::Tick => "Tick",
            ActionKind::Call(kind) => kind.trace_word(),
            ActionKind::Elapses(timeout_type) => timeout_type.trace_word(),
        }
    }
}

impl ReplyKind {
    const ACCEPTED: [ReplyKind; 5] = [
        ReplyKind::Done,
        ReplyKind::Existing,
        ReplyKind::Task,
        ReplyKind::Recorded { cancel_requested: false },
        ReplyKind::Recorded { cancel_requested: true },
    ];
    const COUNT: usize = Self::ACCEPTED.len() + Rejection::ALL.len();

    /// All of them; each stands at its [`index`](Self::index).
    pub const ALL: [ReplyKind; Self::COUNT] = {
        let mut all = [ReplyKind::Done; Self::COUNT];
        let (mut accepted, mut refused) = (0, 0);
        while accepted < Self::ACCEPTED.len() {
            all[accepted] = Self::ACCEPTED[accepted];
            accepted += 1;
        }
        while refused < Rejection::ALL.len() {
            all[accepted + refused] = ReplyKind::Refused(Rejection::ALL[refused]);
            refused += 1;
        }
        all
    };

    /// The kind of a reply.
    pub fn of<N, P>(reply: &Reply<N, P>) -> Self {
        match reply {
            Ok(Answer::Done) => ReplyKind::Done,
            Ok(Answer::Existing) => ReplyKind::Existing,
            Ok(Answer::Task { .. }) => ReplyKind::Task,
            Ok(Answer::Recorded { cancel_requested }) => {
                ReplyKind::Recorded { cancel_requested: *cancel_requested }
            }
            Err(rejection) => ReplyKind::Refused(*rejection),
        }
    }

    /// Its place in [`ALL`](Self::ALL).
    #[must_use]
    pub fn index(self) -> usize {
        match self {
            ReplyKind::Done => 0,
            ReplyKind::Existing => 1,
            ReplyKind::Task => 2,
            ReplyKind::Recorded { cancel_requested } => 3 + usize::from(cancel_requested),
            ReplyKind::Refused(rejection) => Self::ACCEPTED.len() + rejection as usize,
        }
    }
}

impl<N, P> Request<N, P> {
    /// What it asks for, without its arguments.
    pub fn kind(&self) -> RequestKind {
        let or_by_id = |target: &Target<N>, by_token, by_id| match target {
            Target::Token(_) => by_token,
            Target::ById => by_id,
        };
        match self {
            Request::StartActivityExecution { .. } => RequestKind::StartActivityExecution,
            Request::RecordActivityTaskStarted { .. } => RequestKind::RecordActivityTaskStarted,
            Request::RecordActivityTaskHeartbeat { target, .. } => or_by_id(
                target,
                RequestKind::RecordActivityTaskHeartbeat,
                RequestKind::RecordActivityTaskHeartbeatById,
            ),
            Request::RespondActivityTaskCompleted { target, .. } => or_by_id(
                target,
                RequestKind::RespondActivityTaskCompleted,
                RequestKind::RespondActivityTaskCompletedById,
            ),
            Request::RespondActivityTaskFailed { target, .. } => or_by_id(
                target,
                RequestKind::RespondActivityTaskFailed,
                RequestKind::RespondActivityTaskFailedById,
            ),
            Request::RespondActivityTaskCanceled { target, .. } => or_by_id(
                target,
                RequestKind::RespondActivityTaskCanceled,
                RequestKind::RespondActivityTaskCanceledById,
            ),
            Request::RequestCancelActivityExecution { .. } => {
                RequestKind::RequestCancelActivityExecution
            }
            Request::TerminateActivityExecution { .. } => RequestKind::TerminateActivityExecution,
        }
    }

    /// The word for it in Temporal's own traces.
    pub fn trace_word(&self) -> &'static str {
        self.kind().trace_word()
    }

    /// The id under which it can be repeated without being requested anew.
    pub fn request_id(&self) -> Option<RequestId> {
        match self {
            Request::StartActivityExecution { request_id, .. }
            | Request::RecordActivityTaskStarted { request_id, .. }
            | Request::RequestCancelActivityExecution { request_id, .. }
            | Request::TerminateActivityExecution { request_id, .. } => Some(*request_id),
            Request::RecordActivityTaskHeartbeat { .. }
            | Request::RespondActivityTaskCompleted { .. }
            | Request::RespondActivityTaskFailed { .. }
            | Request::RespondActivityTaskCanceled { .. } => None,
        }
    }
}

impl<N, P> Action<N, P> {
    /// What happens, without its arguments.
    pub fn kind(&self) -> ActionKind {
        match self {
            Action::Tick { .. } => ActionKind::Tick,
            Action::Call(request) => ActionKind::Call(request.kind()),
            Action::Elapses { timeout_type, .. } => ActionKind::Elapses(*timeout_type),
        }
    }

    /// The word for it in Temporal's own traces.
    pub fn trace_word(&self) -> &'static str {
        self.kind().trace_word()
    }
}

impl fmt::Display for RequestKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.trace_word())
    }
}

impl fmt::Display for ActionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.trace_word())
    }
}

impl fmt::Display for ReplyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReplyKind::Done => f.pad("Done"),
            ReplyKind::Existing => f.pad("Existing"),
            ReplyKind::Task => f.pad("Task"),
            ReplyKind::Recorded { cancel_requested: false } => f.pad("Recorded"),
            ReplyKind::Recorded { cancel_requested: true } => f.pad("Recorded, cancel requested"),
            ReplyKind::Refused(rejection) => f.pad(rejection.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_stands_at_its_index_and_has_a_word_of_its_own() {
        for (place, kind) in ActionKind::ALL.into_iter().enumerate() {
            assert_eq!(kind.index(), place);
            let same = |other: &&ActionKind| other.trace_word() == kind.trace_word();
            assert_eq!(ActionKind::ALL.iter().filter(same).count(), 1, "{kind}");
            if let ActionKind::Call(request) = kind {
                assert_eq!(RequestKind::of_trace_word(request.trace_word()), Some(request));
                let stem = request.trace_word().strip_suffix("ById");
                assert_eq!(stem.is_some(), request.is_by_id());
                assert_eq!(stem.unwrap_or(request.trace_word()), request.by_token().trace_word());
                assert!(!request.is_by_id() || request.by_token().by_id() == request);
            }
        }
        for (place, kind) in ReplyKind::ALL.into_iter().enumerate() {
            assert_eq!(kind.index(), place);
        }
    }
}
