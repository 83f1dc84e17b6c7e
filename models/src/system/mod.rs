//! The system: one caller, the service and its queue, two workers, and calls that get lost.
//!
//! The machines are the library's: [`ActivityExecution`](activity_execution::ActivityExecution) for
//! the service, [`ActivityTask`](activity_execution::worker::ActivityTask) and
//! [`Worker`](activity_execution::worker::Worker) for each worker,
//! [`ActivityMachine`](activity_execution::caller::ActivityMachine) for the caller. Around them
//! everything happens that can: a task is lost before any worker has it, or on its way to one; a
//! worker dies before, while or after its function runs; requests are lost, late, duplicated and out
//! of order; answers are lost after the service has acted, and clients call again; a worker goes on
//! with an attempt that the service has given up, while the next one runs; workers shut down;
//! timers of service and worker elapse in any order; the caller closes first. No fault has a budget.
//!
//! Time is abstract: every timer that is set may elapse at any moment. [`bounds`] says what else
//! is bounded, and the moves' and classes' own files why nothing is lost by what they leave out.
//!
//! What is owed to the list of properties (W of a worker, C of a caller, X from end to end), with
//! what answers it: a promise judged at every step, or a claim about what happens in the end.
//!
//! | | answered by |
//! |---|---|
//! | W1 | one_result_is_reported_for_each_task |
//! | W2 | no_result_overtakes_a_heartbeat, details_are_sent_before_a_task_is_left |
//! | W3 | a_function_is_told_at_most_once |
//! | W4 | only_a_local_timer_says_timed_out, each_local_timer_runs_by_itself |
//! | W5 | an_attempt_that_is_gone_is_not_spoken_of, not_found_means_gone |
//! | W6 | the_service_speaks_in_answers_to_heartbeats |
//! | W7 | a_heartbeat_brings_the_cancel_request, a_heartbeat_that_hangs_is_given_up, a_heartbeat_is_sent_as_soon_as_it_may, a_function_that_heartbeats_learns_of_cancellation, a_function_that_heartbeats_learns_that_it_is_alone |
//! | W8 | a_shutdown_reaches_every_function |
//! | W9 | a_canceled_report_answers_a_cancel_request |
//! | W10 | exception |
//! | W11 | a_heartbeat_is_sent_as_soon_as_it_may, a_call_waits_for_the_one_before, the_newest_details_are_sent, details_are_sent_before_a_task_is_left |
//! | W12 | a_failure_brings_the_newest_details, an_attempt_starts_with_the_newest_details |
//! | W13 | a_slot_is_used_as_long_as_its_task, the_first_worker_is_free_again, the_second_worker_is_free_again |
//! | W14 | a_shutdown_ends_with_the_last_task, the_first_worker_is_free_again, the_second_worker_is_free_again |
//! | W15 | exception |
//! | W16 | only_a_return_ends_a_function, a_function_decides_its_result |
//! | W17 | a_task_only_goes_forward, a_task_can_always_go_on, the_first_worker_is_free_again, the_second_worker_is_free_again |
//! | C1 | an_activity_resolves_once, an_activity_that_is_sent_resolves |
//! | C2 | try_and_abandon_resolve_at_once, history_is_never_refused |
//! | C3 | a_resolution_wraps_the_outcome, waiting_resolves_with_the_close |
//! | C4 | a_close_is_told, what_was_called_for_is_in_history, an_activity_that_is_sent_resolves, a_close_reaches_its_caller |
//! | C5 | a_resolution_wraps_the_outcome |
//! | C6 | no_attempt_starts_after_a_cancel_request, a_cancel_request_stops_retries |
//! | C7 | nothing_is_requested_of_what_is_abandoned, a_detached_activity_is_shielded |
//! | C8 | each_command_is_given_once, what_is_withdrawn_never_exists, a_cancel_request_is_never_refused |
//! | C9 | a_cancel_request_is_never_refused, a_second_cancel_does_nothing |
//! | C10 | exception |
//! | C11 | nothing_follows_the_close_of_the_caller |
//! | X1 | an_outcome_is_final |
//! | X2 | attempts_follow_one_by_one |
//! | X3 | a_stale_call_is_not_found_and_changes_nothing, what_comes_too_late_has_no_effect |
//! | X4 | a_function_decides_its_result, a_success_was_returned_by_a_function |
//! | X5 | a_canceled_report_answers_a_cancel_request, canceled_means_requested |
//! | X6 | what_comes_too_late_has_no_effect, no_attempt_starts_after_a_cancel_request |
//! | X7 | a_canceled_report_is_never_refused, an_execution_that_workers_poll_for_closes, an_execution_with_schedule_to_start_closes, a_started_attempt_ends |
//! | X8 | an_execution_that_workers_poll_for_closes, an_execution_with_schedule_to_start_closes, an_execution_with_schedule_to_close_closes |
//! | X9 | a_function_runs_once_for_each_attempt |
//! | X10 | only_a_dispatched_attempt_starts |
//! | X11 | cancel_of_a_waiting_execution_closes_it |
//! | X12 | what_comes_too_late_has_no_effect, an_accepted_result_ends_its_attempt |
//! | X13 | a_stale_call_is_not_found_and_changes_nothing, only_calls_and_time_change_an_execution, a_call_has_the_effect_that_it_names |
//!
//! [`EXCEPTIONS`] and [`PARTS`] say why some are not, or not wholly. [`WITNESSES`] shows that no
//! promise holds for want of an occasion, except for what pause and reset would bring, which the
//! service does not have, and for a canceled report that is refused, which our worker never sends:
//! a [mutant](crate::mutants::of_system) does.

mod answers;
pub mod bounds;
mod check;
mod claims;
mod class;
mod explorable;
mod happened;
mod machines;
mod moves;
mod note;
mod promise;
mod promises_caller;
mod promises_end;
mod promises_worker;
mod replay;
mod script;
mod service;
mod settle;
mod step;
mod timeline;
mod witnesses;
mod words;
mod world;

pub use answers::{EXCEPTIONS, PARTS, answering, owed};
pub use bounds::{BOUNDS, Bounds, CALLERS, FAIRNESS, QUICK, pinned};
pub use check::{Checked, ClaimChecked, Part, Progress, check, shortest_violation};
pub use claims::{CLAIMS, Claim, Class, Runs};
pub use explorable::{Violation, Way};
pub use happened::{Answered, Happened, Refused, Started};
pub use machines::Machines;
pub use moves::{Move, Returned};
pub use note::{Moment, Note};
pub use promise::{Promise, all};
pub use replay::{Replayed, replay};
pub use script::{play, script, transcribe};
pub use step::System;
pub use timeline::{LANES, cells, timeline};
pub use witnesses::{WITNESSES, Witness, Witnessed, Witnesses};
pub use world::{Call, Caller, CallerCall, Execution, Process, Queue, Said, Slots, Task, World};
