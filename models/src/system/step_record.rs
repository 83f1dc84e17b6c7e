//! The record of one step of the system: what was asked, answered, told and refused. Promises are
//! judged by it, and people read it. Knows facts; judges none.

use super::moves::Move;
use super::payload::{AbstractNumber, SystemPayload};
use super::world::{Call, CallerCall};
use activity_execution::caller::{Command, Resolution};
use activity_execution::vocabulary::{Answer, Rejection};
use activity_execution::worker::Cancel;

/// What the service answers.
pub type Answered = Result<Answer<AbstractNumber, SystemPayload>, Rejection>;

/// One step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Happened {
    /// What moved.
    pub moved: Move,
    /// How many attempts there may be.
    pub maximum_attempts: u8,
    /// What the service was asked for by a worker, and its answer.
    pub asked: Option<(Call, Answered)>,
    /// What the service was asked for by the caller, and its answer.
    pub called: Option<(CallerCall, Answered)>,
    /// A function was started.
    pub started: Option<Started>,
    /// What the function was told.
    pub told: Option<Cancel>,
    /// What the worker sent.
    pub sent: Option<Call>,
    /// It did so while another call of the task was in flight.
    pub overlapped: bool,
    /// The slot was released.
    pub released: bool,
    /// The worker's shutdown was over.
    pub finished: bool,
    /// What the caller sent.
    pub command: Option<Command>,
    /// What the workflow was told.
    pub resolution: Option<Resolution<SystemPayload>>,
    /// A machine refused what must be possible.
    pub refused: Option<Refused>,
    /// A call too late to matter, made on trial, was not answered as it should be.
    pub late_call_mattered: bool,
}

/// A function was started.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Started {
    /// In which attempt.
    pub attempt: u8,
    /// The heartbeat details it was given.
    pub details: SystemPayload,
}

/// Who refused what.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refused {
    /// The caller's machine cannot go on from what history says.
    History,
    /// The worker's task machine has no place for what happens.
    Task,
    /// The worker's slot machine has none.
    Slots,
    /// The service's timer was not set.
    Timer,
}

impl Happened {
    /// A step of which nothing is known yet.
    #[must_use]
    pub fn new(moved: Move, maximum_attempts: u8) -> Self {
        Happened {
            moved,
            maximum_attempts,
            asked: None,
            called: None,
            started: None,
            told: None,
            sent: None,
            overlapped: false,
            released: false,
            finished: false,
            command: None,
            resolution: None,
            refused: None,
            late_call_mattered: false,
        }
    }
}
