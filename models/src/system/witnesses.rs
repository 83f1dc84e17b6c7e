//! Witnesses of the system: states and steps that have to be reachable.

use super::bounds::CALLERS;
use super::explorable::Way;
use super::moves::{Move, Returned};
use super::payload::SystemPayload;
use super::promises_end::{cancel_requested, closes};
use super::promises_worker::acting;
use super::step::System;
use super::step_record::Happened;
use super::world::{CallerCall, Said, Task, World};
use crate::explore::{Explorer, Firsts, StepNumber, Taken, Visitor};
use activity_execution::caller::{
    ActivityCancellationType, Cancellation, Resolution, WorkflowActivity,
};
use activity_execution::vocabulary::{Answer, Outcome, Rejection, RetryState, TimeoutType};
use activity_execution::worker::ActivityCancelReason;

/// Something that is sometimes so.
#[derive(Clone, Copy, Debug)]
pub struct Witness {
    /// Its name.
    pub name: &'static str,
    /// Whether this step shows it: before, what happened, after.
    pub seen: fn(&World, &Happened, &World) -> bool,
}

/// A witness, and the shortest way to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Witnessed {
    /// Its name.
    pub name: &'static str,
    /// Whose activity it is, and what happens; `None` if it was never seen.
    pub way: Option<Way>,
}

macro_rules! witnesses {
    ($($name:ident($before:pat, $it:pat, $after:pat) $body:block)+) => {
        /// Every witness.
        pub const WITNESSES: &[Witness] = &[$(Witness {
            name: stringify!($name),
            seen: |$before, $it, $after| $body,
        }),+];
    };
}

witnesses! {
    a_function_is_told_not_found(_, it, _) { told(it, ActivityCancelReason::NotFound) }
    a_function_is_told_cancelled(_, it, _) { told(it, ActivityCancelReason::Cancelled) }
    a_function_is_told_timed_out(_, it, _) { told(it, ActivityCancelReason::TimedOut) }
    a_function_is_told_worker_shutdown(_, it, _) { told(it, ActivityCancelReason::WorkerShutdown) }
    a_function_is_told_that_its_details_cannot_be_converted(_, it, _) {
        told(it, ActivityCancelReason::HeartbeatDetailsConversionFailed)
    }
    a_task_is_told_to_stop_in_the_step_in_which_it_starts(_, it, _) {
        it.started.is_some() && it.told.is_some()
    }
    a_function_ignores_cancellation_and_completes(before, it, _) {
        returns(it, Returned::Completed)
            && reason(before, it) == Some(ActivityCancelReason::Cancelled)
    }
    a_completion_is_accepted_after_a_cancel_request(before, it, after) {
        it.asked.is_some() && cancel_requested(before)
            && matches!(closes(before, after), Some(Outcome::Completed { .. }))
    }
    a_failure_after_a_cancel_request_is_not_retried(before, _, after) {
        matches!(closes(before, after),
            Some(Outcome::Failed { retry_state: RetryState::CancelRequested, .. }))
    }
    a_timeout_after_a_cancel_request_is_not_retried(before, _, after) {
        matches!(closes(before, after),
            Some(Outcome::TimedOut { retry_state: RetryState::CancelRequested, .. }))
    }
    a_success_is_suppressed_while_the_service_still_waits(before, it, _) {
        returns(it, Returned::Completed)
            && acting(before, it).is_some_and(|process| {
                matches!(process.task, Task::Gone { .. }) && before.is_current(process.attempt)
            })
    }
    a_success_comes_too_late(_, it, _) {
        matches!(it.asked, Some((call, Err(Rejection::NotFound))) if call.said.is_result())
    }
    two_attempts_run_at_once(_, _, after) {
        after.workers.iter().all(|process| process.task.is_outstanding())
    }
    shutdown_masks_a_cancel_request(before, it, _) {
        reason(before, it) == Some(ActivityCancelReason::WorkerShutdown)
            && matches!(it.asked, Some((_, Ok(Answer::Recorded { cancel_requested: true }))))
    }
    a_local_timeout_comes_before_the_services(before, it, _) {
        told(it, ActivityCancelReason::TimedOut)
            && acting(before, it).is_some_and(|process| before.is_current(process.attempt))
    }
    a_local_timeout_comes_after_the_services(before, it, _) {
        told(it, ActivityCancelReason::TimedOut)
            && acting(before, it).is_some_and(|process| !before.is_current(process.attempt))
    }
    whoever_waits_is_told_of_completion(before, it, _) {
        waits_for_cancellation(before) && matches!(it.resolution, Some(Resolution::Completed { .. }))
    }
    whoever_waits_is_told_of_failure(before, it, _) {
        waits_for_cancellation(before) && matches!(it.resolution, Some(Resolution::Failed(_)))
    }
    whoever_waits_is_told_of_cancellation(before, it, _) {
        waits_for_cancellation(before) && matches!(it.resolution, Some(Resolution::Cancelled(_)))
    }
    whoever_tries_is_told_of_cancellation_while_it_completes(before, _, after) {
        CALLERS[usize::from(before.terms)].cancellation_type == ActivityCancellationType::TryCancel
            && before.caller.resolutions == 1
            && matches!(closes(before, after), Some(Outcome::Completed { .. }))
    }
    an_abandoned_activity_fails(before, it, after) {
        it.moved == Move::TellCaller
            && after.caller.machine == WorkflowActivity::Closed
            && matches!(before.caller.machine,
                WorkflowActivity::Open { cancellation: Cancellation::Abandoned, .. })
            && !matches!(outcome(before), Some(Outcome::Completed { .. }))
    }
    a_schedule_is_withdrawn(_, _, after) { after.caller.machine == WorkflowActivity::Withdrawn }
    a_cancel_request_comes_after_the_close(_, it, _) {
        it.called == Some((CallerCall::RequestCancel, Err(Rejection::AlreadyClosed)))
    }
    a_caller_closes_first(before, it, _) {
        told(it, ActivityCancelReason::NotFound)
            && before.caller.machine == WorkflowActivity::CallerClosed
    }
    an_answer_to_a_result_is_lost(_, it, _) {
        matches!(it.moved, Move::TakeCall { reply_lost: true, .. })
            && matches!(it.asked, Some((call, Ok(_))) if call.said.is_result())
    }
    an_answer_to_a_heartbeat_is_lost(_, it, _) {
        matches!(it.moved, Move::TakeCall { reply_lost: true, .. })
            && matches!(it.asked, Some((call, Ok(_))) if !call.said.is_result())
    }
    an_answer_to_the_start_is_lost_and_the_start_repeated(before, it, _) {
        before.service.is_some() && it.called == Some((CallerCall::Start, Ok(Answer::Existing)))
    }
    an_answer_to_a_poll_is_lost_and_the_poll_repeated(_, it, _) {
        matches!(it.moved, Move::AskAgain { .. }) && it.started.is_some()
    }
    a_task_is_lost_and_found_by_start_to_close(before, it, after) {
        elapses(it, TimeoutType::StartToClose)
            && !after.is_started()
            && !after.is_closed()
            && before.workers.iter().all(super::Process::polls)
    }
    a_task_is_lost_in_the_queue_and_found_by_schedule_to_start(before, it, after) {
        elapses(it, TimeoutType::ScheduleToStart)
            && before.queue == super::Queue::Empty
            && after.is_closed()
    }
    a_worker_crashes_while_its_function_runs(before, it, _) {
        crashes(it) && acting(before, it).is_some_and(|it| matches!(it.task, Task::Running(_)))
    }
    a_worker_crashes_before_its_result_arrives(before, it, _) {
        crashes(it) && acting(before, it).is_some_and(|it| it.task == Task::Reporting)
    }
    a_result_arrives_after_its_worker_crashed(_, it, _) { strays_in(it, |said| said.is_result()) }
    a_heartbeat_arrives_after_it_was_given_up(_, it, _) { strays_in(it, |said| !said.is_result()) }
    an_older_heartbeat_overtakes_a_newer_one(before, it, after) {
        matches!(it.moved, Move::TakeStray { .. })
            && after.is_started()
            && before.heartbeat_details() > after.heartbeat_details()
    }
    a_call_is_duplicated(_, it, _) { matches!(it.moved, Move::Duplicate { .. }) }
    a_retry_starts_with_the_details_of_the_attempt_before(_, it, _) {
        it.started.is_some_and(|started| started.attempt > 1 && started.details != SystemPayload::Nothing)
    }
    details_are_flushed_before_a_canceled_report(before, it, _) {
        acting(before, it).is_some_and(|process| matches!(process.task, Task::Flushing(_)))
            && it.sent.is_some_and(|sent| !sent.said.is_result())
    }
    somebody_completes_an_attempt_asynchronously(before, it, after) {
        it.moved == Move::CompleteAsynchronously && after.is_closed() && !before.is_closed()
    }
    a_worker_shuts_down_after_its_last_task(_, it, _) { it.released && it.finished }
    an_execution_is_canceled_by_its_worker(before, it, after) {
        it.asked.is_some() && matches!(closes(before, after), Some(Outcome::Canceled { .. }))
    }
    an_execution_that_waits_is_canceled(before, it, after) {
        it.called.is_some() && matches!(closes(before, after), Some(Outcome::Canceled { .. }))
    }
    a_failure_rules_out_a_retry(before, _, after) {
        fails(before, after, RetryState::NonRetryableFailure)
    }
    a_failure_reaches_the_maximum(before, _, after) {
        fails(before, after, RetryState::MaximumAttemptsReached)
    }
    a_failure_has_no_time_left(before, _, after) { fails(before, after, RetryState::Timeout) }
    an_attempt_times_out_for_good(before, it, after) {
        elapses(it, TimeoutType::Heartbeat) && after.is_closed() && !before.is_closed()
    }
    the_last_attempt_runs(_, it, _) { it.started.is_some_and(|started| started.attempt > 1) }
}

/// Collects witnesses while exploring.
#[derive(Debug)]
pub struct Witnesses {
    seen: Firsts<StepNumber>,
    is_complete: bool,
}

impl Default for Witnesses {
    fn default() -> Self {
        Witnesses { seen: Firsts::of(WITNESSES.len()), is_complete: false }
    }
}

impl Visitor<System> for Witnesses {
    fn step(&mut self, taken: &Taken<'_, System>) {
        if self.is_complete {
            return;
        }
        let (before, (after, it)) = (taken.before, taken.step);
        for (place, witness) in WITNESSES.iter().enumerate() {
            if self.seen.at(place).is_none() && (witness.seen)(before, it, after) {
                self.seen.see(place, taken.number);
                self.is_complete = self.seen.are_complete();
            }
        }
    }
}

impl Witnesses {
    /// Whether all of them were seen.
    #[must_use]
    pub fn are_complete(&self) -> bool {
        self.is_complete
    }

    /// The shortest way to each.
    #[must_use]
    pub fn ways(&self, system: &System, explorer: &Explorer<System>) -> Firsts<Way> {
        let mut ways = Firsts::of(WITNESSES.len());
        for (place, step) in self.seen.seen() {
            ways.see(place, explorer.way_through(system, *step));
        }
        ways
    }

    /// The witnesses by name, with the shortest way to each.
    #[must_use]
    pub fn named(ways: &Firsts<Way>) -> Vec<Witnessed> {
        let named = WITNESSES.iter().zip(ways.all());
        named.map(|(it, way)| Witnessed { name: it.name, way: way.cloned() }).collect()
    }
}

fn told(it: &Happened, reason: ActivityCancelReason) -> bool {
    it.told.is_some_and(|cancel| cancel.reason == reason)
}

/// What the function of the acting worker had been told.
fn reason(before: &World, it: &Happened) -> Option<ActivityCancelReason> {
    acting(before, it).and_then(|process| process.task.cancel()).map(|cancel| cancel.reason)
}

fn returns(it: &Happened, what: Returned) -> bool {
    matches!(it.moved, Move::Return { returned, .. } if returned == what)
}

fn elapses(it: &Happened, timer: TimeoutType) -> bool {
    matches!(it.moved, Move::Elapses { timeout_type, .. } if timeout_type == timer)
}

fn crashes(it: &Happened) -> bool {
    matches!(it.moved, Move::Crash { .. })
}

fn strays_in(it: &Happened, is_it: fn(Said) -> bool) -> bool {
    matches!(it.moved, Move::TakeStray { .. })
        && matches!(it.asked, Some((call, Ok(_))) if is_it(call.said))
}

fn fails(before: &World, after: &World, why: RetryState) -> bool {
    matches!(closes(before, after), Some(Outcome::Failed { retry_state, .. }) if retry_state == why)
}

fn outcome(world: &World) -> Option<Outcome<SystemPayload>> {
    match world.service.as_ref()?.state() {
        activity_execution::State::Closed { outcome, .. } => Some(*outcome),
        activity_execution::State::Scheduled { .. } | activity_execution::State::Started { .. } => {
            None
        }
    }
}

fn waits_for_cancellation(world: &World) -> bool {
    CALLERS[usize::from(world.terms)].cancellation_type
        == ActivityCancellationType::WaitCancellationCompleted
        && matches!(
            world.caller.machine,
            WorkflowActivity::Open { cancellation: Cancellation::EventRecorded, .. }
        )
}
