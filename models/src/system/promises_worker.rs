//! The promises of the system about its workers.

use super::moves::{Move, Returned};
use super::payload::{AbstractNumber, SystemPayload};
use super::step_record::{Happened, Refused};
use super::world::{Process, Said, Task, World};
use activity_execution::vocabulary::Rejection;
use activity_execution::worker::{ActivityCancelReason, HeartbeatCall, Shutdown};

activity_execution::promises! { []((), World, Happened)
    pub(super) worker, judge_worker; of_states: false;
    /// For each task at most one result is reported.
    one_result_is_reported_for_each_task(_, before, it, after) {
        !sends_result(it) || acting(before, it).is_none_or(|process| {
            process.task.is_outstanding() || matches!(process.task, Task::Flushing(_))
        }) && acting(after, it).is_none_or(|process| process.task == Task::Reporting)
    }
    /// A result is sent when no heartbeat is in flight, and no heartbeat is sent after it.
    no_result_overtakes_a_heartbeat(_, before, it, _) {
        it.sent.is_none_or(|sent| {
            if sent.said.is_result() { !it.overlapped } else { !is_reporting(before, it) }
        })
    }
    /// A function is told at most once over all reasons, after its start and before its return.
    a_function_is_told_at_most_once(_, before, it, after) {
        it.told.is_none() || {
            let untold = acting(before, it)
                .is_none_or(|process| process.task.cancel().is_none());
            untold && acting(after, it).is_some_and(|process| process.task.is_outstanding())
        }
    }
    /// Only a timer of the worker's own says that time is up.
    only_a_local_timer_says_timed_out(_, _, it, _) {
        told(it) != Some(ActivityCancelReason::TimedOut)
            || matches!(it.moved, Move::LocalTimeout { .. })
    }
    /// Each local timer ends an attempt that lasts, however often the function heartbeats.
    each_local_timer_runs_by_itself(_, _, it, after) {
        !matches!(it.moved, Move::LocalTimeout { .. })
            || it.refused.is_none()
                && acting(after, it).is_some_and(|process| matches!(process.task, Task::Gone { .. }))
    }
    /// Once a worker knows that its attempt is gone it says nothing more for it.
    an_attempt_that_is_gone_is_not_spoken_of(_, before, it, _) {
        it.sent.is_none()
            || acting(before, it).is_none_or(|process| !matches!(process.task, Task::Gone { .. }))
    }
    /// Whoever is answered "not found" while its function runs knows that its attempt is gone.
    not_found_means_gone(_, before, it, after) {
        !heard(it) || !matches!(it.asked, Some((call, Err(Rejection::NotFound)))
            if !call.said.is_result())
            || !acting(before, it).is_some_and(|process| process.task.is_outstanding())
            || acting(after, it).is_some_and(|process| matches!(process.task, Task::Gone { .. }))
    }
    /// What the service has to say is heard in the answer to a heartbeat, and nowhere else.
    the_service_speaks_in_answers_to_heartbeats(_, _, it, _) {
        match told(it) {
            Some(ActivityCancelReason::NotFound | ActivityCancelReason::Cancelled) => {
                it.asked.is_some_and(|(call, _)| !call.said.is_result())
            }
            Some(ActivityCancelReason::Paused | ActivityCancelReason::Reset) => false,
            Some(
                ActivityCancelReason::TimedOut
                | ActivityCancelReason::WorkerShutdown
                | ActivityCancelReason::HeartbeatDetailsConversionFailed,
            )
            | None => true,
        }
    }
    /// A heartbeat that is answered with a cancel request tells a function that was told nothing.
    a_heartbeat_brings_the_cancel_request(_, before, it, _) {
        let asked_to_stop = matches!(it.asked, Some((_, Ok(answer)))
            if answer == activity_execution::vocabulary::Answer::Recorded { cancel_requested: true });
        let untold = acting(before, it)
            .is_some_and(|process| process.task.is_outstanding() && process.task.cancel().is_none());
        !(heard(it) && asked_to_stop && untold)
            || told(it) == Some(ActivityCancelReason::Cancelled)
    }
    /// A heartbeat that hangs can be given up, and the next one then goes out.
    a_heartbeat_that_hangs_is_given_up(_, _, it, after) {
        let heartbeat = matches!(it.moved, Move::GiveUp { .. });
        !heartbeat
            || it.refused.is_none()
                && acting(after, it).is_none_or(|process| match &process.task {
                    Task::Running(running) => !matches!(running.call, HeartbeatCall::InFlight { .. }),
                    Task::Absent
                    | Task::Gone { .. }
                    | Task::Flushing(_)
                    | Task::Reporting
                    | Task::Released => true,
                })
    }
    /// A heartbeat is sent at once where none was sent before, and after the throttle interval.
    a_heartbeat_is_sent_as_soon_as_it_may(_, before, it, after) {
        let due = match (it.moved, acting(before, it).map(|process| &process.task)) {
            (Move::ThrottleElapses { .. }, _)
            | (Move::Heartbeat { throttle_over: true, .. }, Some(Task::Running(_))) => true,
            (Move::Heartbeat { .. }, Some(Task::Running(running))) => {
                running.call == HeartbeatCall::NotSent
            }
            _ => false,
        };
        let newest = acting(after, it).map_or(0, |process| process.newest);
        !due || it.sent.is_some_and(|sent| {
            sent.said == Said::Heartbeat { details: SystemPayload::Details(newest) }
        })
    }
    /// A shutdown tells a function that was told nothing, when its grace period is over, and one
    /// that starts later at once; nobody hears of it otherwise.
    a_shutdown_reaches_every_function(_, _, it, after) {
        let elapsed = acting(after, it).is_some_and(|process| {
            process.slots.shutdown == Shutdown::GracePeriodElapsed && process.task.is_outstanding()
        });
        let says_so = told(it) == Some(ActivityCancelReason::WorkerShutdown);
        (!elapsed || acting(after, it).is_some_and(|process| process.task.cancel().is_some()))
            && (!says_so || elapsed)
    }
    /// A function that gives in is reported as canceled if it was told of a cancel request, and
    /// otherwise, also at a shutdown, as a failure that may be retried.
    a_canceled_report_answers_a_cancel_request(_, before, it, after) {
        if !matches!(it.moved, Move::Return { returned: Returned::Cancelled, .. }) {
            return true;
        }
        let reason = acting(before, it).and_then(|process| process.task.cancel()).map(|it| it.reason);
        let reports = owed(it, after);
        match reason {
            Some(ActivityCancelReason::Cancelled) => {
                reports.is_none_or(|said| said == Said::Canceled)
            }
            _ => reports.is_none_or(|said| matches!(said, Said::Failed { retryable: true, .. })),
        }
    }
    /// A report that a function gave in to a cancel request is not refused for want of one.
    a_canceled_report_is_never_refused(_, _, it, _) {
        !matches!(it.asked, Some((_, Err(Rejection::CancelNotRequested))))
    }
    /// At most one call of a task is in flight.
    a_call_waits_for_the_one_before(_, _, it, _) {
        !it.overlapped
    }
    /// What a heartbeat sends is the newest there is.
    the_newest_details_are_sent(_, _, it, after) {
        let newest = acting(after, it).map_or(0, |process| process.newest);
        it.sent.is_none_or(|sent| match sent.said {
            Said::Heartbeat { details } => details == SystemPayload::Details(newest),
            Said::Completed { .. } | Said::Failed { .. } | Said::Canceled => true,
        })
    }
    /// A task that is left to a canceled report or to somebody else leaves no details unsent.
    details_are_sent_before_a_task_is_left(_, before, it, after) {
        let Some(worker) = it.moved.worker() else { return true };
        let leaves = match it.moved {
            Move::Return { returned, .. } => {
                returned == Returned::WillCompleteAsync
                    || owed(it, after) == Some(Said::Canceled)
            }
            Move::TakeCall { .. } | Move::GiveUp { .. } => {
                matches!(before.workers[worker].task, Task::Flushing(_))
            }
            _ => false,
        };
        let not_found = matches!(it.asked, Some((_, Err(Rejection::NotFound))));
        !leaves || not_found || !before.details_wait(worker) || after.details_wait(worker)
            || it.sent.is_some_and(|sent| !sent.said.is_result())
    }
    /// A failure brings the service the newest details of its attempt.
    a_failure_brings_the_newest_details(_, _, it, after) {
        match it.asked {
            Some((call, Ok(_))) if matches!(call.said, Said::Failed { .. }) && call.newest > 0 => {
                after.heartbeat_details() == SystemPayload::Details(call.newest)
            }
            _ => true,
        }
    }
    /// An attempt starts with the details that the service has, and they wait for it unchanged.
    an_attempt_starts_with_the_newest_details(_, before, it, after) {
        it.started.is_none_or(|started| started.details == before.heartbeat_details())
            && (before.is_started() || after.is_closed() || before.service.is_none()
                || before.heartbeat_details() == after.heartbeat_details())
    }
    /// A slot is in use exactly as long as its task, and shows what for.
    a_slot_is_used_as_long_as_its_task(_, _, it, after) {
        it.refused != Some(Refused::Slots) && after.workers.iter().all(|process| {
            let uses = [
                process.slots.polling,
                process.slots.outstanding,
                process.slots.completions_in_flight,
            ];
            uses == match process.task {
                Task::Absent => [1, 0, 0].map(AbstractNumber),
                Task::Running(_) | Task::Gone { .. } => [0, 1, 0].map(AbstractNumber),
                Task::Flushing(_) | Task::Reporting => [0, 0, 1].map(AbstractNumber),
                Task::Released => [0, 0, 0].map(AbstractNumber),
            }
        })
    }
    /// A shutdown is over when the last task is, and not before.
    a_shutdown_ends_with_the_last_task(_, before, it, _) {
        let shuts_down = acting(before, it)
            .is_some_and(|process| process.slots.shutdown != Shutdown::Running);
        let ends = it.released || matches!(it.moved, Move::PollEnds { .. });
        it.finished == (ends && shuts_down)
    }
    /// Cancellation takes nothing out of a function's hands: it runs until it returns or crashes.
    only_a_return_ends_a_function(_, before, it, after) {
        let runs = |world| acting(world, it).is_some_and(|process| process.task.is_outstanding());
        !runs(before) || runs(after)
            || matches!(it.moved, Move::Return { .. } | Move::Crash { .. })
    }
    /// A success is reported as one, whatever the function was told, unless its attempt is gone.
    a_function_decides_its_result(_, before, it, after) {
        let Move::Return { returned, .. } = it.moved else { return true };
        let Some(process) = acting(before, it) else { return true };
        let is_gone = matches!(process.task, Task::Gone { .. });
        let result = Said::Completed { result: SystemPayload::Result(process.attempt) };
        match returned {
            _ if is_gone => it.sent.is_none(),
            Returned::Completed => owed(it, after) == Some(result),
            Returned::Failed => {
                matches!(owed(it, after), Some(Said::Failed { retryable: true, .. }))
            }
            Returned::FailedForGood => {
                matches!(owed(it, after), Some(Said::Failed { retryable: false, .. }))
            }
            Returned::Cancelled | Returned::WillCompleteAsync => true,
        }
    }
    /// A task goes forward or stays: it runs, flushes twice at most, reports, and is over.
    a_task_only_goes_forward(_, before, it, after) {
        acting(before, it).is_none_or(|process| {
            let after = acting(after, it).map_or(0, |after| rank(&after.task));
            let before = rank(&process.task);
            let is_last = matches!(it.moved,
                Move::Return { .. } | Move::GiveUp { .. } | Move::TakeCall { reply_lost: false, .. });
            let outstanding = process.task.is_outstanding();
            let leads_on = is_last && (matches!(it.moved, Move::Return { .. }) || !outstanding);
            before == 0 || after < before || (after == before && !leads_on)
        })
    }
    /// A task that is not over can always go on: its function may return, or its call may be
    /// answered or given up.
    a_task_can_always_go_on(_, _, it, after) {
        it.refused != Some(Refused::Task) && after.workers.iter().all(|process| {
            process.polls() || process.task.is_outstanding() || process.call.is_some()
        })
    }
}

/// The worker whose move it is.
pub(super) fn acting<'a>(world: &'a World, it: &Happened) -> Option<&'a Process> {
    it.moved.worker().map(|worker| &world.workers[worker])
}

/// Whether the worker hears the answer to its call in this step.
fn heard(it: &Happened) -> bool {
    matches!(it.moved, Move::TakeCall { reply_lost: false, .. })
}

fn told(it: &Happened) -> Option<ActivityCancelReason> {
    it.told.map(|cancel| cancel.reason)
}

fn sends_result(it: &Happened) -> bool {
    it.sent.is_some_and(|sent| sent.said.is_result())
}

fn is_reporting(before: &World, it: &Happened) -> bool {
    acting(before, it).is_some_and(|process| process.task == Task::Reporting)
}

/// What the worker of a function that returned is going to report, or does.
fn owed(it: &Happened, after: &World) -> Option<Said> {
    let sent = it.sent.map(|sent| sent.said).filter(|said| said.is_result());
    let waits = match acting(after, it).map(|process| &process.task) {
        Some(Task::Flushing(flushing)) => flushing.report.as_ref().map(super::step::said),
        _ => None,
    };
    sent.or(waits)
}

/// How far a task is from its end.
pub(super) fn rank(task: &Task) -> u8 {
    match task {
        Task::Absent | Task::Released => 0,
        Task::Reporting => 1,
        Task::Flushing(flushing) if flushing.buffered.is_none() => 2,
        Task::Flushing(_) => 3,
        Task::Gone { .. } => 4,
        Task::Running(_) => 5,
    }
}
