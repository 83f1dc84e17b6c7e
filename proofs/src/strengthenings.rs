//! Which promises of states are assumed before a step, and which theorem falls without each.
//!
//! The other promises of states are promises to users: proved, and needed for nothing else.

/// A promise of states that others need.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Strengthening {
    /// Its name.
    pub promise: &'static str,
    /// A theorem that is refuted when it is not assumed.
    pub theorem: &'static str,
    /// In which proof.
    pub proof: &'static str,
    /// In which case of it.
    pub case: &'static str,
}

/// All that is assumed.
pub const STRENGTHENINGS: [Strengthening; 12] = [
    Strengthening {
        promise: "a_started_attempt_has_a_start_time",
        theorem: "a_repeated_poll_starts_nothing_new",
        proof: "induction",
        case: "Started, RecordActivityTaskStarted",
    },
    Strengthening {
        promise: "a_retry_follows_an_attempt_that_ended",
        theorem: "recorded_instants_are_in_order",
        proof: "induction",
        case: "Scheduled, RecordActivityTaskStarted",
    },
    Strengthening {
        promise: "attempts_stay_within_the_maximum",
        theorem: "maximum_attempts_reached_means_reached",
        proof: "induction",
        case: "Started, Elapses(StartToClose)",
    },
    Strengthening {
        promise: "a_cancel_request_waits_only_for_a_worker",
        theorem: "a_cancel_request_stops_retries",
        proof: "induction",
        case: "Scheduled, Tick",
    },
    Strengthening {
        promise: "terminated_means_closed_by_force",
        theorem: "termination_is_immediate_and_final",
        proof: "induction",
        case: "Started, TerminateActivityExecution",
    },
    Strengthening {
        promise: "deadlines_are_armed_exactly_in_their_phase",
        theorem: "closed_is_final",
        proof: "induction",
        case: "Closed, Elapses(ScheduleToClose)",
    },
    Strengthening {
        promise: "schedule_to_close_bounds_the_chain",
        theorem: "a_waiting_attempt_is_dispatched_in_time",
        proof: "induction",
        case: "Started, RespondActivityTaskFailed",
    },
    Strengthening {
        promise: "schedule_to_start_runs_from_the_dispatch",
        theorem: "silence_means_that_nothing_is_due",
        proof: "settled",
        case: "Scheduled",
    },
    Strengthening {
        promise: "start_to_close_runs_from_the_start",
        theorem: "silence_means_that_nothing_is_due",
        proof: "settled",
        case: "Started",
    },
    Strengthening {
        promise: "the_heartbeat_timeout_runs_from_the_last_sign_of_life",
        theorem: "ties_are_settled_in_the_order_of_arming",
        proof: "settled",
        case: "Started",
    },
    Strengthening {
        promise: "a_waiting_attempt_is_dispatched_in_time",
        theorem: "recorded_instants_are_in_order",
        proof: "induction",
        case: "Scheduled, RecordActivityTaskStarted",
    },
    Strengthening {
        promise: "recorded_instants_are_in_order",
        theorem: "a_close_by_an_attempt_completes_it",
        proof: "induction",
        case: "Started, RespondActivityTaskCompleted",
    },
];
