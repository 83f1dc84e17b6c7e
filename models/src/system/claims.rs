//! The liveness claims of the system model, each with its fairness assumptions. Knows moves and
//! states; the search for fair cycles is the engine's.

use super::moves::Move;
use super::promises_end::cancel_requested;
use super::step::System;
use super::world::{Task, World};
use crate::explore::{Decided, Fairness, Graph, Label, Taken, Visitor};
use activity_execution::State;
use activity_execution::caller::WorkflowActivity;
use activity_execution::vocabulary::TimeoutType;

/// Moves to which a run may have to be fair, or which it may have to do without.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub enum Class {
    /// The service's start-to-close timer elapses.
    StartToCloseElapses,
    /// Its schedule-to-start timer elapses.
    ScheduleToStartElapses,
    /// Its schedule-to-close timer elapses.
    ScheduleToCloseElapses,
    /// A backoff elapses.
    BackoffElapses,
    /// A waiting task is lost.
    LoseTask,
    /// A worker takes a waiting task.
    TakeTask,
    /// The function of the first worker returns.
    FirstReturns,
    /// The function of the second worker returns.
    SecondReturns,
    /// The function of the first worker records a heartbeat, or one that waits is due.
    FirstHeartbeats,
    /// The function of the second worker does.
    SecondHeartbeats,
    /// A call of the first worker is answered.
    FirstIsAnswered,
    /// A call of the second worker is answered.
    SecondIsAnswered,
    /// A call of the first worker is given up.
    FirstGivesUp,
    /// A call of the second worker is given up.
    SecondGivesUp,
    /// The throttle interval of the first worker is over while details wait.
    FirstThrottleElapses,
    /// That of the second worker is.
    SecondThrottleElapses,
    /// The caller sends its start.
    SendStart,
    /// A call of the caller is answered.
    CallerIsAnswered,
    /// The caller is told what history has.
    TellCaller,
    /// Anything else: faults, choices, other timers.
    Anything,
}

impl Label for Class {
    fn bit(self) -> u32 {
        1 << self as u8
    }
}

impl Class {
    /// The class of a move.
    #[must_use]
    pub fn of(moved: Move) -> Class {
        let by = |worker: u8, first, second| if worker == 0 { first } else { second };
        match moved {
            Move::Elapses { timeout_type, .. } => match timeout_type {
                TimeoutType::StartToClose => Class::StartToCloseElapses,
                TimeoutType::ScheduleToStart => Class::ScheduleToStartElapses,
                TimeoutType::ScheduleToClose => Class::ScheduleToCloseElapses,
                TimeoutType::Heartbeat => Class::Anything,
            },
            Move::BackoffElapses => Class::BackoffElapses,
            Move::LoseTask => Class::LoseTask,
            Move::TakeTask { .. } => Class::TakeTask,
            Move::Return { worker, .. } => by(worker, Class::FirstReturns, Class::SecondReturns),
            Move::Heartbeat { worker, .. } => {
                by(worker, Class::FirstHeartbeats, Class::SecondHeartbeats)
            }
            Move::TakeCall { worker, reply_lost: false, .. } => {
                by(worker, Class::FirstIsAnswered, Class::SecondIsAnswered)
            }
            Move::GiveUp { worker, .. } => by(worker, Class::FirstGivesUp, Class::SecondGivesUp),
            Move::ThrottleElapses { worker } => {
                by(worker, Class::FirstThrottleElapses, Class::SecondThrottleElapses)
            }
            Move::SendStart => Class::SendStart,
            Move::TakeCallerCall { reply_lost: false } => Class::CallerIsAnswered,
            Move::TellCaller => Class::TellCaller,
            Move::Schedule
            | Move::Cancel
            | Move::TakeCallerCall { reply_lost: true }
            | Move::CloseCaller
            | Move::TakeTaskReplyLost
            | Move::TakeTaskLost
            | Move::AskAgain { .. }
            | Move::AskNoMore
            | Move::ConversionFails { .. }
            | Move::LocalTimeout { .. }
            | Move::TakeCall { reply_lost: true, .. }
            | Move::Duplicate { .. }
            | Move::Crash { .. }
            | Move::ShutDown { .. }
            | Move::PollEnds { .. }
            | Move::TakeStray { .. }
            | Move::LoseStray { .. }
            | Move::CompleteAsynchronously
            | Move::ForgetAsynchronous => Class::Anything,
        }
    }
}

/// Something that is claimed to come about.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// Its name.
    pub name: &'static str,
    /// What it says, in a sentence.
    pub statement: &'static str,
    /// Whether what is claimed is still to come about.
    pub open: fn(&World) -> bool,
    /// What cannot be possible for ever without happening.
    pub weak: &'static [Class],
    /// What cannot be possible again and again without happening.
    pub strong: &'static [Class],
    /// What does not happen.
    pub without: &'static [Class],
}

/// Every step of a system, by its class: where runs can stay.
#[derive(Debug, Default)]
pub struct Runs {
    steps: Graph<Class>,
}

impl Visitor<System> for Runs {
    fn step(&mut self, taken: &Taken<'_, System>) {
        self.steps.add(taken, Class::of(*taken.moved));
    }
}

impl Runs {
    /// Decides a claim; `states` are those of the exploration that was watched, of which so many
    /// begin.
    #[must_use]
    pub fn decide(&self, claim: &Claim, states: &[World], begins: usize) -> Decided {
        let Claim { weak, strong, without, .. } = *claim;
        let fairness = Fairness { weak, strong, without };
        let is_open = |state: u32| (claim.open)(&states[state as usize]);
        self.steps.decide(&fairness, states.len(), begins, is_open)
    }
}

/// Every claim.
pub const CLAIMS: &[Claim] = &[
    Claim {
        name: "an_execution_that_workers_poll_for_closes",
        statement: "With finitely many attempts, start-to-close, and one worker of two that polls \
                    and returns, an execution closes, whatever is lost but a task in the queue.",
        open: is_open,
        weak: &[
            Class::StartToCloseElapses,
            Class::BackoffElapses,
            Class::TakeTask,
            Class::FirstReturns,
            Class::FirstIsAnswered,
        ],
        strong: &[],
        without: &[Class::LoseTask],
    },
    Claim {
        name: "an_execution_with_schedule_to_start_closes",
        statement: "With finitely many attempts, start-to-close and schedule-to-start, an \
                    execution closes, also if nobody polls for it.",
        open: is_open,
        weak: &[Class::StartToCloseElapses, Class::BackoffElapses, Class::ScheduleToStartElapses],
        strong: &[],
        without: &[],
    },
    Claim {
        name: "an_execution_with_schedule_to_close_closes",
        statement: "With schedule-to-close, an execution closes, whatever happens or does not.",
        open: is_open,
        weak: &[Class::ScheduleToCloseElapses],
        strong: &[],
        without: &[],
    },
    Claim {
        name: "a_started_attempt_ends",
        statement: "An attempt that a worker has started is reported or times out.",
        open: World::is_started,
        weak: &[Class::StartToCloseElapses],
        strong: &[],
        without: &[],
    },
    Claim {
        name: "an_activity_that_is_sent_resolves",
        statement: "An activity whose start was sent resolves, unless its caller closes first.",
        open: |world| {
            world.caller.resolutions == 0
                && (world.service.is_some() || world.caller.call.is_some())
                && world.caller.machine != WorkflowActivity::CallerClosed
        },
        weak: &[Class::ScheduleToCloseElapses, Class::CallerIsAnswered, Class::TellCaller],
        strong: &[],
        without: &[],
    },
    Claim {
        name: "a_close_reaches_its_caller",
        statement: "A caller that is open sees the close of its activity, resolved or not.",
        open: |world| {
            world.is_closed() && matches!(world.caller.machine, WorkflowActivity::Open { .. })
        },
        weak: &[Class::CallerIsAnswered, Class::TellCaller],
        strong: &[],
        without: &[],
    },
    Claim {
        name: "the_first_worker_is_free_again",
        statement: "The slot of a worker is released if its function returns and its calls are \
                    answered.",
        open: |world| !world.workers[0].polls(),
        weak: &[Class::FirstReturns, Class::FirstIsAnswered],
        strong: &[],
        without: &[],
    },
    Claim {
        name: "the_second_worker_is_free_again",
        statement: "The slot of a worker is released if its function returns and its calls are \
                    given up, though nobody ever answers.",
        open: |world| !world.workers[1].polls(),
        weak: &[Class::SecondReturns, Class::SecondGivesUp],
        strong: &[],
        without: &[],
    },
    Claim {
        name: "a_function_that_heartbeats_learns_of_cancellation",
        statement: "A function that goes on to heartbeat is told of a cancel request, if answers \
                    to heartbeats do not always get lost.",
        open: |world| {
            let process = &world.workers[0];
            cancel_requested(world)
                && world.is_current(process.attempt)
                && process.call.is_none_or(|call| !call.said.is_result())
                && matches!(&process.task, Task::Running(running) if running.cancel.is_none())
        },
        weak: &[],
        strong: &[Class::FirstHeartbeats, Class::FirstThrottleElapses, Class::FirstIsAnswered],
        without: &[],
    },
    Claim {
        name: "a_function_that_heartbeats_learns_that_it_is_alone",
        statement: "A function that goes on to heartbeat after its attempt was given up is told \
                    so.",
        open: |world| {
            let process = &world.workers[0];
            !world.is_current(process.attempt)
                && matches!(&process.task, Task::Running(running) if running.cancel.is_none())
        },
        weak: &[],
        strong: &[Class::FirstHeartbeats, Class::FirstThrottleElapses, Class::FirstIsAnswered],
        without: &[],
    },
];

fn is_open(world: &World) -> bool {
    world.service.as_ref().is_some_and(|it| !matches!(it.state(), State::Closed { .. }))
}
