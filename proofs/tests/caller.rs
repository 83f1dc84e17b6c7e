//! Every theorem about an activity at its caller, a test of its name; what it says is in the
//! library, beside its proof or its promise.

mod parties;

use activity_proofs::Proven;
use activity_proofs::parties::Caller;
use std::sync::LazyLock;

static PROVEN: LazyLock<Vec<(Proven, u64)>> = LazyLock::new(parties::proven::<Caller>);

parties::every_theorem! { PROVEN:
    abandoned_exactly_if_nothing_is_requested
    what_a_caller_refuses_changes_nothing
    a_caller_only_advances
    an_activity_resolves_once
    try_and_abandon_resolve_at_once
    waiting_resolves_with_the_close
    a_close_resolves_in_its_wrapper
    only_what_can_follow_is_heard
    late_events_are_heard_in_silence
    an_activity_is_scheduled_once
    after_a_cancel_request_any_end_is_possible
    each_command_is_given_once
    a_request_is_made_where_it_is_meant
    a_schedule_that_was_not_sent_is_withdrawn
    a_second_cancel_does_nothing
    a_detached_activity_is_shielded
    nothing_follows_the_close_of_the_caller
    an_abandoned_activity_is_never_canceled
    every_change_lowers_the_rank_of_a_caller
    an_open_activity_can_always_be_closed
    in_its_life_an_activity_resolves_exactly_once
    in_its_life_an_activity_is_requested_to_cancel_once
    in_its_life_an_activity_is_scheduled_once
}
