//! The transition function of the system: carries out a move on the machines. Knows how parties are
//! wired; makes no decision of theirs.

use super::bounds::{Bounds, CALLERS};
use super::machines::{Machines, task_terms};
use super::moves::{Move, Returned};
use super::payload::SystemPayload;
use super::service;
use super::step_record::{Happened, Refused, Started};
use super::world::{Call, CallerCall, Process, Queue, Said, World};
use activity_execution::State;
use activity_execution::caller::{self, CloseEvent, Command, HistoryEvent, WorkflowActivity};
use activity_execution::vocabulary::{Answer, Outcome, Rejection};
use activity_execution::worker::{
    ActivityExecutionResult, Effect, HeartbeatDetails, HeartbeatReply, LocalTimer, Report,
    ResultReply, SlotsAction, SlotsEffect, TaskAction, TaskFailure,
};

/// A system: machines, and the bounds they run in.
#[derive(Clone, Copy, Debug)]
pub struct System {
    /// What the parties run.
    pub machines: Machines,
    /// How far it is explored.
    pub bounds: Bounds,
}

/// A step that is being taken.
pub(super) struct Step<'a> {
    pub(super) system: &'a System,
    pub(super) world: World,
    pub(super) happened: Happened,
}

impl System {
    /// What the world is after a move, and what happened.
    #[must_use]
    pub fn step(&self, world: &World, moved: Move) -> (World, Happened) {
        let happened = Happened::new(moved, self.bounds.maximum_attempts);
        let mut step = Step { system: self, world: *world, happened };
        step.take(moved);
        step.settle_queue(world);
        step.try_late_calls(world);
        (self.machines.system)(world, (step.world, step.happened))
    }
}

impl Step<'_> {
    #[expect(clippy::too_many_lines, reason = "one match, an arm for each move")]
    fn take(&mut self, moved: Move) {
        match moved {
            Move::Schedule => self.caller(&caller::CallerAction::Schedule),
            Move::Cancel if CALLERS[usize::from(self.world.terms)].is_detached => {
                self.caller(&caller::CallerAction::CancelParent);
            }
            Move::Cancel => self.caller(&caller::CallerAction::Cancel),
            Move::SendStart => self.world.caller.call = Some(CallerCall::Start),
            Move::TakeCallerCall { reply_lost } => self.take_caller_call(reply_lost),
            Move::TellCaller => self.tell_caller(),
            Move::CloseCaller => {
                //= models/spec.md#S20
                //# A workflow that closes says nothing to its open activities.
                self.caller(&caller::CallerAction::CloseCaller);
                self.world.caller.call = None;
                let bounds = self.system.bounds;
                if let Some(execution) = &mut self.world.service {
                    // It may be closed already, which is then as good.
                    let _ = service::ask(&bounds, true, execution, &service::terminate());
                }
            }
            Move::BackoffElapses => {
                if let Some(execution) = &mut self.world.service {
                    service::dispatch(execution);
                }
            }
            Move::Elapses { timeout_type, time_left } => {
                let bounds = self.system.bounds;
                let elapsed = self.world.service.as_mut().is_some_and(|execution| {
                    service::elapse(&bounds, execution, timeout_type, time_left)
                });
                if !elapsed {
                    self.happened.refused = Some(Refused::Timer);
                }
            }
            Move::LoseTask | Move::AskNoMore => self.world.queue = Queue::Empty,
            Move::TakeTask { worker } => self.take_task(service::NEW_POLL, Some(worker)),
            Move::TakeTaskReplyLost => {
                self.take_task(service::NEW_POLL, None);
                self.world.queue = Queue::Unanswered;
            }
            Move::TakeTaskLost => self.take_task(service::NEW_POLL, None),
            Move::AskAgain { worker } => self.take_task(service::ANSWERED_POLL, Some(worker)),
            Move::Heartbeat { worker, throttle_over } => {
                let process = &mut self.world.workers[usize::from(worker)];
                process.newest = (process.newest + 1).min(self.system.bounds.details);
                let details = SystemPayload::Details(process.newest);
                let elapsed = throttle_over.then_some(LocalTimer::HeartbeatThrottle);
                self.task(worker, elapsed, &TaskAction::Heartbeat { details });
            }
            Move::ConversionFails { worker } => {
                self.task(worker, None, &TaskAction::HeartbeatDetailsConversionFails);
            }
            Move::Return { worker, returned } => self.function_returns(worker, returned),
            Move::ThrottleElapses { worker } => self.local(worker, LocalTimer::HeartbeatThrottle),
            Move::LocalTimeout { worker, start_to_close, stray } => {
                let timers = [LocalTimer::Heartbeat, LocalTimer::StartToClose];
                self.local(worker, timers[usize::from(start_to_close)]);
                self.abandon(worker, stray);
            }
            Move::TakeCall { worker, time_left, reply_lost } => {
                self.take_call(worker, time_left, reply_lost);
            }
            Move::GiveUp { worker, stray } => self.give_up(worker, stray),
            Move::Duplicate { worker } => {
                if let Some(call) = self.world.workers[usize::from(worker)].call {
                    self.stray(call);
                }
            }
            Move::Crash { worker, stray } => {
                self.abandon(worker, stray);
                self.world.workers[usize::from(worker)] = Process::polling();
            }
            Move::ShutDown { worker } => {
                self.slots(worker, SlotsAction::InitiateShutdown);
                if !self.happened.finished {
                    self.slots(worker, SlotsAction::GracePeriodElapses);
                }
            }
            Move::PollEnds { worker } => self.slots(worker, SlotsAction::PollEnds),
            Move::TakeStray { stray, time_left } => {
                if let Some(call) = self.world.strays[usize::from(stray)].take() {
                    self.ask(call, time_left);
                }
            }
            Move::LoseStray { stray } => self.world.strays[usize::from(stray)] = None,
            Move::CompleteAsynchronously => {
                self.world.asynchronous = false;
                let attempt = self.attempt();
                let result = SystemPayload::Result(attempt);
                self.ask(Call { attempt, said: Said::Completed { result }, newest: 0 }, true);
            }
            Move::ForgetAsynchronous => self.world.asynchronous = false,
        }
    }

    fn attempt(&self) -> u8 {
        self.world.service.as_ref().map_or(0, |it| it.attempt().0.0.cast_unsigned())
    }

    fn caller(&mut self, action: &caller::CallerAction<SystemPayload>) {
        let terms = &CALLERS[usize::from(self.world.terms)];
        let caller = &mut self.world.caller;
        let Ok((machine, effects)) = self.system.machines.caller(&caller.machine, terms, action)
        else {
            self.happened.refused = Some(Refused::History);
            return;
        };
        caller.machine = machine;
        if let Some(resolution) = effects.resolution {
            self.happened.resolution = Some(resolution);
            caller.resolutions += 1;
        }
        if let Some(command) = effects.command {
            self.happened.command = Some(command);
            match command {
                // Withdrawn or not, the start waits for the end of the workflow task.
                Command::ScheduleActivityTask | Command::WithdrawScheduleActivityTask => {}
                Command::RequestCancelActivityTask => {
                    caller.requests += 1;
                    caller.call = Some(CallerCall::RequestCancel);
                }
            }
        }
    }

    fn take_caller_call(&mut self, reply_lost: bool) {
        let Some(call) = self.world.caller.call else { return };
        let bounds = self.system.bounds;
        let (answered, event) = match (call, &mut self.world.service) {
            (CallerCall::Start, service @ None) => {
                *service = Some(service::start(&bounds));
                (Ok(Answer::Done), HistoryEvent::ActivityTaskScheduled)
            }
            (CallerCall::Start, Some(execution)) => {
                let answered = service::ask(&bounds, true, execution, &service::repeated_start());
                (answered, HistoryEvent::ActivityTaskScheduled)
            }
            (CallerCall::RequestCancel, Some(execution)) => {
                let request = service::cancel(self.world.caller.requests);
                let answered = service::ask(&bounds, true, execution, &request);
                (answered, HistoryEvent::ActivityTaskCancelRequested)
            }
            (CallerCall::RequestCancel, None) => return,
        };
        self.happened.called = Some((call, answered));
        // What is closed is past cancelling, and history has the request all the same.
        let is_recorded = matches!(answered, Ok(_) | Err(Rejection::AlreadyClosed));
        if is_recorded && !reply_lost {
            self.world.caller.call = None;
            self.caller(&caller::CallerAction::Event(event));
        }
    }

    /// History has a start only together with the close.
    //= models/spec.md#C4
    //# Every close of an activity comes to be seen by its workflow, as long as that is open.
    fn tell_caller(&mut self) {
        let Some(State::Closed { outcome, .. }) = self.world.service.as_ref().map(|it| it.state())
        else {
            return;
        };
        let (outcome, closed) = (*outcome, CloseEvent::of(outcome));
        let started = match outcome {
            Outcome::Completed { .. } | Outcome::Failed { .. } => true,
            Outcome::Canceled { .. } | Outcome::TimedOut { .. } | Outcome::Terminated { .. } => {
                self.world.was_started()
            }
        };
        if started {
            self.caller(&caller::CallerAction::Event(HistoryEvent::ActivityTaskStarted));
        }
        if let (Some(closed), None) = (closed, self.happened.refused) {
            self.caller(&caller::CallerAction::Event(HistoryEvent::Closed(closed)));
        }
    }

    fn take_task(&mut self, poll: activity_execution::vocabulary::RequestId, worker: Option<u8>) {
        let bounds = self.system.bounds;
        let Some(execution) = &mut self.world.service else { return };
        let request = service::poll(execution, poll);
        self.world.queue = Queue::Empty;
        let answered = service::ask(&bounds, true, execution, &request);
        // Once it is started, the same task is obsolete for any other poll.
        let again = service::poll(execution, service::NEW_POLL);
        let again = service::ask(&bounds, true, &mut { *execution }, &again);
        self.happened.late_call_mattered |= again != Err(Rejection::ObsoleteTask);
        let (Ok(Answer::Task { heartbeat_details, attempt, .. }), Some(worker)) =
            (answered, worker)
        else {
            return;
        };
        let attempt = attempt.0.0.cast_unsigned();
        self.happened.started = Some(Started { attempt, details: heartbeat_details });
        let process = &mut self.world.workers[usize::from(worker)];
        process.attempt = attempt;
        let grace_period_elapsed = process.slots.grace_period_elapsed();
        self.slots(worker, SlotsAction::Deliver);
        self.task(worker, None, &TaskAction::Deliver { grace_period_elapsed });
    }

    fn ask(&mut self, call: Call, time_left: bool) -> Option<super::step_record::Answered> {
        let bounds = self.system.bounds;
        let execution = self.world.service.as_mut()?;
        let answered = service::ask(&bounds, time_left, execution, &service::request(call));
        self.happened.asked = Some((call, answered));
        Some(answered)
    }

    fn take_call(&mut self, worker: u8, time_left: bool, reply_lost: bool) {
        let Some(call) = self.world.workers[usize::from(worker)].call else { return };
        let Some(answered) = self.ask(call, time_left) else { return };
        //= models/spec.md#X12
        //# A result that the service has accepted counts once: whoever repeats it because the
        //# answer was lost is told NotFound, and the outcome stays.
        if reply_lost {
            return;
        }
        self.world.workers[usize::from(worker)].call = None;
        let reply = if call.said.is_result() {
            TaskAction::ResultReply(match answered {
                Ok(_) => ResultReply::Accepted,
                Err(Rejection::NotFound) => ResultReply::NotFound,
                Err(_) => ResultReply::Lost,
            })
        } else {
            TaskAction::HeartbeatReply(match answered {
                Ok(Answer::Recorded { cancel_requested }) => HeartbeatReply::Recorded {
                    cancel_requested,
                    activity_paused: false,
                    activity_reset: false,
                },
                Err(Rejection::NotFound) => HeartbeatReply::NotFound,
                Ok(_) | Err(_) => HeartbeatReply::Failed,
            })
        };
        self.task(worker, None, &reply);
    }

    fn give_up(&mut self, worker: u8, stray: bool) {
        let Some(call) = self.world.workers[usize::from(worker)].call else { return };
        self.abandon(worker, stray);
        if call.said.is_result() {
            self.task(worker, None, &TaskAction::ResultReply(ResultReply::Lost));
        } else {
            self.local(worker, LocalTimer::HeartbeatCall);
        }
    }

    fn local(&mut self, worker: u8, timer: LocalTimer) {
        self.task(worker, Some(timer), &TaskAction::Elapses(timer));
    }

    /// Nobody waits for the call of a worker any more.
    fn abandon(&mut self, worker: u8, stray: bool) {
        if let Some(call) = self.world.workers[usize::from(worker)].call.take()
            && stray
        {
            self.stray(call);
        }
    }

    fn stray(&mut self, call: Call) {
        if let Some(room) = self.world.strays.iter_mut().find(|room| room.is_none()) {
            *room = Some(call);
        }
    }

    fn function_returns(&mut self, worker: u8, returned: Returned) {
        let attempt = self.world.workers[usize::from(worker)].attempt;
        let result = match returned {
            Returned::Completed => {
                ActivityExecutionResult::Completed { result: SystemPayload::Result(attempt) }
            }
            Returned::Failed => ActivityExecutionResult::Failed { failure: SystemPayload::Failure },
            Returned::FailedForGood => {
                ActivityExecutionResult::Failed { failure: SystemPayload::FailureForGood }
            }
            Returned::Cancelled => {
                ActivityExecutionResult::Cancelled { details: SystemPayload::GaveIn }
            }
            Returned::WillCompleteAsync => {
                self.world.asynchronous |= self.world.is_current(attempt);
                ActivityExecutionResult::WillCompleteAsync
            }
        };
        self.slots(worker, SlotsAction::Return);
        if !self.happened.finished {
            self.task(worker, None, &TaskAction::Return(result));
        }
    }

    fn task(
        &mut self,
        worker: u8,
        elapsed: Option<LocalTimer>,
        action: &TaskAction<SystemPayload>,
    ) {
        let process = &mut self.world.workers[usize::from(worker)];
        let decision = self.system.machines.task(&process.task, &task_terms(elapsed), action);
        let Ok((task, effect)) = decision else {
            self.happened.refused = Some(Refused::Task);
            return;
        };
        process.task = task;
        match effect {
            None => {}
            Some(Effect::Cancel(cancel)) => self.happened.told = Some(cancel),
            Some(Effect::RecordActivityTaskHeartbeat { details }) => {
                self.send(worker, Said::Heartbeat { details });
            }
            Some(Effect::Respond(report)) => self.send(worker, said(&report)),
            Some(Effect::ReleaseSlot) => {
                self.happened.released = true;
                self.slots(worker, SlotsAction::ReleaseSlot);
                if !self.happened.finished {
                    self.slots(worker, SlotsAction::Poll);
                    let process = &mut self.world.workers[usize::from(worker)];
                    *process = Process { slots: process.slots, ..Process::polling() };
                }
            }
        }
    }

    fn send(&mut self, worker: u8, said: Said) {
        let process = &mut self.world.workers[usize::from(worker)];
        let newest = if said.is_result() { process.newest } else { 0 };
        let call = Call { attempt: process.attempt, said, newest };
        self.happened.overlapped |= process.call.is_some();
        self.happened.sent = Some(call);
        let before = process.call.replace(call);
        if let Some(before) = before {
            self.stray(before);
        }
    }

    fn slots(&mut self, worker: u8, action: SlotsAction) {
        let process = &mut self.world.workers[usize::from(worker)];
        let Ok((slots, effect)) = self.system.machines.slots(&process.slots, action) else {
            self.happened.refused = Some(Refused::Slots);
            return;
        };
        process.slots = slots;
        match effect {
            Some(SlotsEffect::CancelOutstanding) if process.task.is_outstanding() => {
                self.task(worker, None, &TaskAction::GracePeriodElapses);
            }
            Some(SlotsEffect::CancelOutstanding) | None => {}
            // The process ends, with everything in it, and another one takes its place.
            Some(SlotsEffect::FinishShutdown) => {
                self.happened.finished = true;
                *process = Process::polling();
            }
        }
    }
}

impl World {
    /// Whether the attempt that was current when the execution closed had been started.
    fn was_started(&self) -> bool {
        self.service.as_ref().is_some_and(|it| service::observe(it).last_started_time.is_some())
    }

    /// Whether details wait at this worker that were never sent.
    #[must_use]
    pub fn details_wait(&self, worker: usize) -> bool {
        match &self.workers[worker].task {
            activity_execution::worker::ActivityTask::Running(running) => {
                matches!(running.heartbeat_details, HeartbeatDetails::Buffered(_))
            }
            activity_execution::worker::ActivityTask::Flushing(flushing) => {
                flushing.buffered.is_some()
            }
            activity_execution::worker::ActivityTask::Absent
            | activity_execution::worker::ActivityTask::Gone { .. }
            | activity_execution::worker::ActivityTask::Reporting
            | activity_execution::worker::ActivityTask::Released => false,
        }
    }
}

/// What a report says to the service.
pub(super) fn said(report: &Report<SystemPayload>) -> Said {
    match *report {
        Report::Completed { result } => Said::Completed { result },
        Report::Failed { failure, last_heartbeat_details: details } => {
            let retryable = match failure {
                TaskFailure::Function { failure } => failure == SystemPayload::Failure,
                TaskFailure::CancelNotRequested { .. } => true,
            };
            Said::Failed { retryable, details }
        }
        Report::Canceled { .. } => Said::Canceled,
    }
}

/// Whether nobody can come to know of the machine of a caller any more.
pub(super) fn is_over(machine: WorkflowActivity) -> bool {
    match machine {
        WorkflowActivity::Withdrawn | WorkflowActivity::Closed | WorkflowActivity::CallerClosed => {
            true
        }
        WorkflowActivity::Created
        | WorkflowActivity::ScheduleCommandCreated
        | WorkflowActivity::Open { .. } => false,
    }
}
