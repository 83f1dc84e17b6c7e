//! The moves of the system: everything that can happen next in a state. Knows which moves make
//! sense where; does not know what they lead to.
//!
//! An answer is delivered in the step in which the service gives it, and a task in the step in which
//! the service starts it. Nothing is lost by that: a delivery changes its receiver alone, who can do
//! nothing else with it, so whatever happens between answer and delivery can as well happen before
//! or after both. For the same reason a request that is lost and sent again is a request that is
//! late, and an answer that is lost and asked for again leaves the request where it was.

use super::bounds::{Bounds, STRAY_ROOM, WORKERS};
use super::payload::AbstractNumber;
use super::world::{CallerCall, Process, Queue, Said, Task, World};
use activity_execution::State;
use activity_execution::caller::WorkflowActivity;
use activity_execution::vocabulary::TimeoutType;
use activity_execution::worker::{HeartbeatCall, HeartbeatDetails, Shutdown};
use std::fmt;

/// Something that can happen.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Move {
    /// Workflow code schedules the activity.
    Schedule,
    /// Workflow code cancels it, or its parent is cancelled, whichever there is.
    Cancel,
    /// The workflow task completes: the start is on its way.
    SendStart,
    /// The service takes the caller's call.
    TakeCallerCall {
        /// The caller does not hear of it, and will call again.
        reply_lost: bool,
    },
    /// A workflow task brings the caller what history has.
    TellCaller,
    /// The caller closes first.
    CloseCaller,
    /// The backoff is over: the task is dispatched.
    BackoffElapses,
    /// A timer of the service's.
    Elapses {
        /// Which.
        timeout_type: TimeoutType,
        /// Whether there is time for another attempt before schedule-to-close.
        time_left: bool,
    },
    /// The task is lost before any worker polled for it.
    LoseTask,
    /// A worker's poll is matched with the task.
    TakeTask {
        /// Which worker.
        worker: u8,
    },
    /// The same, but the service's answer to matching is lost.
    TakeTaskReplyLost,
    /// The same, but the answer to the worker's poll is lost.
    TakeTaskLost,
    /// Matching, which did not hear an answer, asks again and hands the task to a worker.
    AskAgain {
        /// Which worker.
        worker: u8,
    },
    /// Matching, which did not hear an answer, gives up.
    AskNoMore,
    /// The function of a worker records a heartbeat.
    Heartbeat {
        /// Which worker.
        worker: u8,
        /// Whether the throttle interval is over.
        throttle_over: bool,
    },
    /// The function records a heartbeat whose details cannot be converted.
    ConversionFails {
        /// Which worker.
        worker: u8,
    },
    /// The function returns.
    Return {
        /// Which worker.
        worker: u8,
        /// What.
        returned: Returned,
    },
    /// The throttle interval is over while details wait.
    ThrottleElapses {
        /// Which worker.
        worker: u8,
    },
    /// A local timeout of the worker's elapses.
    LocalTimeout {
        /// Which worker.
        worker: u8,
        /// Start-to-close; otherwise the heartbeat timeout.
        start_to_close: bool,
        /// Whether the heartbeat in flight, if any, may still arrive.
        stray: bool,
    },
    /// The service takes a worker's call.
    TakeCall {
        /// Which worker.
        worker: u8,
        /// Whether there is time for another attempt before schedule-to-close.
        time_left: bool,
        /// The worker does not hear of it, and will call again.
        reply_lost: bool,
    },
    /// A worker gives up waiting for an answer.
    GiveUp {
        /// Which worker.
        worker: u8,
        /// Whether the request may still arrive.
        stray: bool,
    },
    /// A worker's request is duplicated.
    Duplicate {
        /// Which worker.
        worker: u8,
    },
    /// A worker's process dies, and another one takes its place.
    Crash {
        /// Which worker.
        worker: u8,
        /// Whether its request, if any, may still arrive.
        stray: bool,
    },
    /// A worker is shut down: it takes no new polls, its grace period passes, functions are told.
    ShutDown {
        /// Which worker.
        worker: u8,
    },
    /// The poll of a worker that shuts down brings nothing.
    PollEnds {
        /// Which worker.
        worker: u8,
    },
    /// A stray call arrives.
    TakeStray {
        /// Which.
        stray: u8,
        /// Whether there is time for another attempt before schedule-to-close.
        time_left: bool,
    },
    /// A stray call is lost.
    LoseStray {
        /// Which.
        stray: u8,
    },
    /// Whoever holds the token of an asynchronous attempt completes it.
    CompleteAsynchronously,
    /// The token of an asynchronous attempt is forgotten.
    ForgetAsynchronous,
}

/// What a function returns.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Returned {
    /// Success.
    Completed,
    /// A failure that may be retried.
    Failed,
    /// A failure that may not.
    FailedForGood,
    /// It gives in to cancellation, or says so.
    Cancelled,
    /// Somebody else will complete the attempt.
    WillCompleteAsync,
}

impl Returned {
    const ALL: [Returned; 5] = [
        Returned::Completed,
        Returned::Failed,
        Returned::FailedForGood,
        Returned::Cancelled,
        Returned::WillCompleteAsync,
    ];
}

impl World {
    /// Everything that can happen next.
    pub fn moves(&self, bounds: &Bounds, moves: &mut Vec<Move>) {
        moves.clear();
        self.moves_of_the_caller(moves);
        self.moves_of_the_service(bounds, moves);
        self.moves_of_the_queue(bounds, moves);
        let has_room = self.strays[..usize::from(bounds.strays).min(STRAY_ROOM)].contains(&None);
        for worker in self.different_workers(bounds) {
            let process = &self.workers[usize::from(worker)];
            self.moves_of_a_function(worker, process, has_room, moves);
            self.moves_of_a_call(bounds, worker, process, has_room, moves);
        }
        for (stray, call) in (0..).zip(self.strays) {
            let Some(call) = call else { continue };
            moves.push(Move::LoseStray { stray });
            self.each_time_left(bounds, call.said, |time_left| {
                moves.push(Move::TakeStray { stray, time_left });
            });
        }
        if self.asynchronous {
            moves.extend([Move::CompleteAsynchronously, Move::ForgetAsynchronous]);
        }
    }

    fn moves_of_the_caller(&self, moves: &mut Vec<Move>) {
        let caller = &self.caller;
        match caller.machine {
            WorkflowActivity::CallerClosed => return,
            // A caller that closes later is of no interest to anybody.
            WorkflowActivity::Withdrawn | WorkflowActivity::Closed => {}
            WorkflowActivity::Created => moves.extend([Move::Schedule, Move::CloseCaller]),
            WorkflowActivity::ScheduleCommandCreated | WorkflowActivity::Open { .. } => {
                moves.push(Move::CloseCaller);
            }
        }
        // Workflow code does not run while its start is under way.
        if caller.call != Some(CallerCall::Start) {
            moves.push(Move::Cancel);
        }
        if caller.call.is_some() {
            moves.extend([false, true].map(|reply_lost| Move::TakeCallerCall { reply_lost }));
        } else if caller.machine == WorkflowActivity::ScheduleCommandCreated {
            moves.push(Move::SendStart);
        } else if matches!(caller.machine, WorkflowActivity::Open { .. }) && self.is_closed() {
            moves.push(Move::TellCaller);
        }
    }

    fn moves_of_the_service(&self, bounds: &Bounds, moves: &mut Vec<Move>) {
        use TimeoutType::{Heartbeat, ScheduleToClose, ScheduleToStart, StartToClose};
        let Some(service) = &self.service else { return };
        let elapses = |timeout_type, time_left| Move::Elapses { timeout_type, time_left };
        match service.state() {
            State::Scheduled { dispatch_time, .. } if dispatch_time.0 > AbstractNumber(0) => {
                moves.extend([Move::BackoffElapses, elapses(ScheduleToClose, true)]);
            }
            State::Scheduled { .. } => {
                moves.extend([elapses(ScheduleToStart, true), elapses(ScheduleToClose, true)]);
            }
            State::Started { .. } => {
                moves.push(elapses(ScheduleToClose, true));
                let retryable = Said::Failed { retryable: true, details: None };
                self.each_time_left(bounds, retryable, |time_left| {
                    moves.push(elapses(StartToClose, time_left));
                    moves.push(elapses(Heartbeat, time_left));
                });
            }
            State::Closed { .. } => {}
        }
    }

    fn moves_of_the_queue(&self, bounds: &Bounds, moves: &mut Vec<Move>) {
        let polling = |worker: &u8| self.workers[usize::from(*worker)].polls();
        let workers = self.different_workers(bounds).filter(polling);
        match self.queue {
            Queue::Empty => {}
            Queue::Waiting => {
                //= models/spec.md#S9
                //# A task can be lost in several ways, and the execution survives each of them.
                moves.push(Move::LoseTask);
                let before = moves.len();
                moves.extend(workers.map(|worker| Move::TakeTask { worker }));
                if moves.len() > before {
                    moves.extend([Move::TakeTaskReplyLost, Move::TakeTaskLost]);
                }
            }
            Queue::Unanswered => {
                moves.push(Move::AskNoMore);
                moves.extend(workers.map(|worker| Move::AskAgain { worker }));
            }
        }
    }

    fn moves_of_a_function(
        &self,
        worker: u8,
        process: &Process,
        has_room: bool,
        moves: &mut Vec<Move>,
    ) {
        if process.slots.shutdown == Shutdown::Running {
            moves.push(Move::ShutDown { worker });
        } else if process.polls() {
            moves.push(Move::PollEnds { worker });
        }
        //= models/spec.md#X13
        //# Two attempts may run at the same time, on two workers; only what is said about the
        //# current one has an effect.
        if process.task.is_outstanding() {
            moves.extend(Returned::ALL.map(|returned| Move::Return { worker, returned }));
            moves.push(Move::ConversionFails { worker });
            moves.push(Move::Heartbeat { worker, throttle_over: false });
        }
        let Task::Running(running) = &process.task else { return };
        if matches!(running.call, HeartbeatCall::Returned { .. }) {
            moves.push(Move::Heartbeat { worker, throttle_over: true });
            if matches!(running.heartbeat_details, HeartbeatDetails::Buffered(_)) {
                moves.push(Move::ThrottleElapses { worker });
            }
        }
        if running.cancel.is_none() {
            //= models/spec.md#S23
            //# The timers that a worker runs for itself change nothing at the service.
            for start_to_close in [false, true] {
                self.each_stray(process, has_room, |stray| {
                    moves.push(Move::LocalTimeout { worker, start_to_close, stray });
                });
            }
        }
    }

    fn moves_of_a_call(
        &self,
        bounds: &Bounds,
        worker: u8,
        process: &Process,
        has_room: bool,
        moves: &mut Vec<Move>,
    ) {
        //= models/spec.md#S10
        //# A task can be lost before its function ran, or after, and the service cannot tell which.
        if !process.polls() {
            self.each_stray(process, has_room, |stray| moves.push(Move::Crash { worker, stray }));
        }
        let Some(call) = process.call else { return };
        self.each_time_left(bounds, call.said, |time_left| {
            for reply_lost in [false, true] {
                moves.push(Move::TakeCall { worker, time_left, reply_lost });
            }
        });
        self.each_stray(process, has_room, |stray| moves.push(Move::GiveUp { worker, stray }));
        if has_room && self.is_current(call.attempt) {
            moves.push(Move::Duplicate { worker });
        }
    }

    /// The workers, one of them if both are in the same state and not told apart.
    fn different_workers(&self, bounds: &Bounds) -> impl Iterator<Item = u8> + use<> {
        let alike = !bounds.tells_workers_apart && self.workers[0] == self.workers[1];
        0..if alike { 1 } else { WORKERS as u8 }
    }

    /// What may become of a request that nobody waits for any more; one that is stale can only be
    /// refused, and is as good as lost.
    fn each_stray(&self, process: &Process, has_room: bool, mut each: impl FnMut(bool)) {
        each(false);
        if has_room && process.call.is_some_and(|call| self.is_current(call.attempt)) {
            each(true);
        }
    }

    /// Whether there may be no time left, where that makes a difference.
    fn each_time_left(&self, bounds: &Bounds, said: Said, mut each: impl FnMut(bool)) {
        each(true);
        let Some(service) = &self.service else { return };
        let retryable = matches!(said, Said::Failed { retryable: true, .. });
        let may_retry = service.attempt().0 < AbstractNumber(bounds.maximum_attempts.cast_signed())
            && service.run_state() == Some(activity_execution::PendingActivityState::Started);
        if retryable && may_retry {
            each(false);
        }
    }

    /// Whether a worker holds this attempt, as far as the service knows.
    #[must_use]
    pub fn is_current(&self, attempt: u8) -> bool {
        self.service.as_ref().is_some_and(|service| {
            matches!(service.state(), State::Started { .. })
                && service.attempt().0 == AbstractNumber(attempt.cast_signed())
        })
    }

    /// Whether the service has closed the execution.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.service.as_ref().is_some_and(|it| matches!(it.state(), State::Closed { .. }))
    }
}

impl Move {
    /// The worker whose move it is.
    #[must_use]
    pub fn worker(self) -> Option<usize> {
        let mut copy = self;
        copy.worker_mut().map(|worker| usize::from(*worker))
    }

    /// The worker whose move it is, to be told another name.
    pub(super) fn worker_mut(&mut self) -> Option<&mut u8> {
        match self {
            Move::TakeTask { worker }
            | Move::AskAgain { worker }
            | Move::Heartbeat { worker, .. }
            | Move::ConversionFails { worker }
            | Move::Return { worker, .. }
            | Move::ThrottleElapses { worker }
            | Move::LocalTimeout { worker, .. }
            | Move::TakeCall { worker, .. }
            | Move::GiveUp { worker, .. }
            | Move::Duplicate { worker }
            | Move::Crash { worker, .. }
            | Move::ShutDown { worker }
            | Move::PollEnds { worker } => Some(worker),
            Move::Schedule
            | Move::Cancel
            | Move::SendStart
            | Move::TakeCallerCall { .. }
            | Move::TellCaller
            | Move::CloseCaller
            | Move::BackoffElapses
            | Move::Elapses { .. }
            | Move::LoseTask
            | Move::TakeTaskReplyLost
            | Move::TakeTaskLost
            | Move::AskNoMore
            | Move::TakeStray { .. }
            | Move::LoseStray { .. }
            | Move::CompleteAsynchronously
            | Move::ForgetAsynchronous => None,
        }
    }
}

impl fmt::Display for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&super::words::say(*self))
    }
}
