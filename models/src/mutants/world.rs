//! Mutants of what lies between worker and caller: of the service as they meet it, of its queue and
//! of the calls under way.

use crate::system::{
    CallerCall, Execution, Move, Queue, Said, SystemPayload, SystemRule, World, observe,
};
use activity_execution::State;
use activity_execution::caller::{Resolution, WorkflowActivity};
use activity_execution::vocabulary::{
    Answer, Attempt, Number as _, Observation, Outcome, Phase, Rejection,
};

type Seen = Observation<crate::system::AbstractNumber, SystemPayload>;

super::mutants! {
    /// Mutants of what lies between worker and caller.
    pub(super) of_world() -> SystemRule;

    /// A failure that arrives after the close opens the execution again.
    opens_again_after_the_close(before, (mut after, happened)) {
        if before.is_closed() && matches!(happened.asked, Some((call, _)) if call.said.is_result()) {
            alter(&mut after, |seen| {
                let dispatch_time = seen.now;
                let request_id = seen.start_request_id;
                seen.phase = Phase::Started { request_id, dispatch_time };
                seen.last_started_time = Some(seen.now);
            });
        }
        (after, happened)
    }
    breaks [
        "an_outcome_is_final",
        "no_attempt_starts_after_a_cancel_request",
        "only_a_dispatched_attempt_starts",
        "a_stale_call_is_not_found_and_changes_nothing"
    ],
    shows_in "";

    /// A retry takes the number after the next.
    skips_the_number_of_an_attempt(before, (mut after, happened)) {
        if attempt(&after) > attempt(before) && before.service.is_some() {
            alter(&mut after, |seen| seen.attempt = seen.attempt.next());
        }
        (after, happened)
    }
    breaks ["attempts_follow_one_by_one"],
    shows_in "";

    /// A call about an attempt that was given up is accepted and does nothing.
    accepts_a_stale_call(_, (after, mut happened)) {
        if let Some((call, Err(Rejection::NotFound))) = happened.asked {
            happened.asked = Some((call, Ok(Answer::Done)));
        }
        (after, happened)
    }
    breaks ["a_stale_call_is_not_found_and_changes_nothing"],
    shows_in "";

    /// A task that still waits in the queue when the execution closes is handed out.
    hands_out_a_task_after_the_close(before, (after, mut happened)) {
        happened.late_call_mattered |= before.queue == Queue::Waiting && after.is_closed();
        (after, happened)
    }
    breaks ["what_comes_too_late_has_no_effect"],
    shows_in "";

    /// A success shows what another attempt would have returned.
    shows_the_result_of_another_attempt(before, (mut after, happened)) {
        if let Some(Outcome::Completed { result: SystemPayload::Result(attempt) }) = end(before, &after) {
            ends(&mut after, Outcome::Completed { result: SystemPayload::Result(attempt + 1) });
        }
        (after, happened)
    }
    breaks ["a_success_was_returned_by_a_function"],
    shows_in "";

    /// A failure that closes is shown as a cancellation.
    closes_a_failure_as_canceled(before, (mut after, happened)) {
        if let Some(Outcome::Failed { .. }) = end(before, &after) {
            let (details, identity) = (SystemPayload::Nothing, SystemPayload::Nothing);
            ends(&mut after, Outcome::Canceled { details, identity });
        }
        (after, happened)
    }
    breaks ["canceled_means_requested", "a_call_has_the_effect_that_it_names"],
    shows_in "";

    /// A failure after a cancel request is retried.
    retries_what_was_to_be_canceled(before, (mut after, happened)) {
        let requested = before.service.as_ref().is_some_and(|it| observe(it).cancel_request.is_some());
        if requested && matches!(end(before, &after), Some(Outcome::Failed { .. })) {
            alter(&mut after, |seen| {
                let dispatch_time = seen.now;
                seen.attempt = seen.attempt.next();
                seen.phase = Phase::Scheduled { dispatch_time, retry_interval: None };
            });
        }
        (after, happened)
    }
    breaks ["a_cancel_request_stops_retries"],
    shows_in "";

    /// A task stays in the queue although a worker has it.
    leaves_a_taken_task_in_the_queue(_, (mut after, happened)) {
        if happened.started.is_some() {
            after.queue = Queue::Waiting;
        }
        (after, happened)
    }
    breaks ["a_function_runs_once_for_each_attempt"],
    shows_in "";

    /// A cancel request that finds no worker is accepted and forgotten.
    forgets_a_cancel_request_that_finds_no_worker(before, (mut after, happened)) {
        if matches!(happened.called, Some((CallerCall::RequestCancel, Ok(_)))) && !is_started(before) {
            after.service = before.service;
        }
        (after, happened)
    }
    breaks ["cancel_of_a_waiting_execution_closes_it"],
    shows_in "";

    /// A result is accepted, and its attempt goes on.
    answers_for_a_result_that_it_forgets(before, (mut after, happened)) {
        if matches!(happened.asked, Some((call, Ok(_))) if call.said.is_result()) {
            after.service = before.service;
        }
        (after, happened)
    }
    breaks ["an_accepted_result_ends_its_attempt", "a_call_has_the_effect_that_it_names"],
    shows_in "";

    /// The service notices that a worker has died.
    notices_the_death_of_a_worker(before, (mut after, happened)) {
        if matches!(happened.moved, Move::Crash { .. }) && is_started(before) {
            alter(&mut after, |seen| {
                let dispatch_time = seen.now;
                seen.phase = Phase::Scheduled { dispatch_time, retry_interval: None };
                seen.cancel_request = None;
            });
        }
        (after, happened)
    }
    breaks ["only_calls_and_time_change_an_execution"],
    shows_in "";

    /// A heartbeat closes the execution.
    closes_at_a_heartbeat(_, (mut after, happened)) {
        if matches!(happened.asked, Some((call, Ok(_))) if matches!(call.said, Said::Heartbeat { .. })) {
            let (reason, identity) = (SystemPayload::Nothing, SystemPayload::Nothing);
            ends(&mut after, Outcome::Terminated { reason, identity });
        }
        (after, happened)
    }
    breaks ["a_call_has_the_effect_that_it_names"],
    shows_in "";

    /// A task does not bring the details of the attempt before to its function.
    gives_a_function_no_details(_, (after, mut happened)) {
        if let Some(started) = &mut happened.started {
            started.details = SystemPayload::Nothing;
        }
        (after, happened)
    }
    breaks ["an_attempt_starts_with_the_newest_details"],
    shows_in "";

    /// A schedule that was withdrawn is sent.
    sends_what_was_withdrawn(_, (mut after, happened)) {
        if after.caller.machine == WorkflowActivity::Withdrawn && happened.moved == Move::Cancel {
            after.caller.call = Some(CallerCall::Start);
        }
        (after, happened)
    }
    breaks ["what_is_withdrawn_never_exists"],
    shows_in "";

    /// The caller hears that its call was taken and does not write it down.
    writes_no_history_of_an_answer(before, (mut after, happened)) {
        if matches!(happened.moved, Move::TakeCallerCall { reply_lost: false }) {
            after.caller.machine = before.caller.machine;
        }
        (after, happened)
    }
    breaks ["what_was_called_for_is_in_history"],
    shows_in "";

    /// A workflow that has closed is told of its activity.
    tells_a_workflow_that_has_closed(before, (mut after, mut happened)) {
        if before.caller.machine == WorkflowActivity::CallerClosed && happened.asked.is_some() {
            happened.resolution = Some(Resolution::cancelled_at_once());
            after.caller.resolutions += 1;
        }
        (after, happened)
    }
    breaks ["nothing_follows_the_close_of_the_caller", "an_activity_resolves_once"],
    shows_in "";

    /// The close is in history, and the workflow is not told.
    does_not_tell_of_the_close(before, (mut after, mut happened)) {
        if happened.moved == Move::TellCaller && happened.resolution.take().is_some() {
            after.caller.resolutions = before.caller.resolutions;
        }
        (after, happened)
    }
    breaks ["a_close_is_told"],
    shows_in "";
}

/// Changes what can be seen of the execution.
fn alter(world: &mut World, wrong: impl FnOnce(&mut Seen)) {
    if let Some(execution) = &mut world.service {
        let mut seen = observe(execution);
        wrong(&mut seen);
        *execution = Execution::from_observation(&seen);
    }
}

/// Changes how the execution ends.
fn ends(world: &mut World, outcome: Outcome<SystemPayload>) {
    alter(world, |seen| seen.phase = Phase::Closed { outcome, close_time: seen.now });
}

/// How the execution ends in this step, if it does.
fn end(before: &World, after: &World) -> Option<Outcome<SystemPayload>> {
    match after.service.as_ref()?.state() {
        State::Closed { outcome, .. } if !before.is_closed() => Some(*outcome),
        State::Scheduled { .. } | State::Started { .. } | State::Closed { .. } => None,
    }
}

fn is_started(world: &World) -> bool {
    world.service.as_ref().is_some_and(|it| matches!(it.state(), State::Started { .. }))
}

fn attempt(world: &World) -> Attempt<crate::system::AbstractNumber> {
    let none = Attempt(crate::system::AbstractNumber::literal(0));
    world.service.as_ref().map_or(none, Execution::attempt)
}
