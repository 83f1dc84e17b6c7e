//! What a system says to a call.

use super::call::Token;
use activity_execution::{Description, Payload};

/// An answer, or a refusal.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// It is done, or was done before.
    Done,
    /// To a start: whether it created the execution, or names one that existed.
    Started(bool),
    /// To a poll: the task, or none.
    Task(Option<Task>),
    /// To a heartbeat: it is recorded.
    Recorded {
        /// Whether cancellation was requested.
        cancel_requested: bool,
    },
    /// To a look: how the execution stands. Instants count from its start, and those that are left
    /// out are not compared, but for the one at which a wait is over.
    Described(Box<Description>),
    /// It is refused, for the reason that has this name, or with a code.
    Refused(String),
}

/// What a worker is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// To be shown with every report about it.
    pub token: Token,
    /// Which attempt it is.
    pub attempt: i64,
    /// The newest details that any attempt recorded.
    pub heartbeat_details: Payload,
}
