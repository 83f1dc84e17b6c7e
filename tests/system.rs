//! The model of the whole system within small bounds: two explorers that count alike, witnesses,
//! claims about the end, mutants that are caught, and the soundness of what stands for what.
//! The command explores within larger bounds.

use activity_models::explore::{Explorer, Taken, Until, Visitor};
use activity_models::mutants::of_system;
use activity_models::system::{
    BOUNDS, Bounds, CLAIMS, Claim, FAIRNESS, Machines, Move, QUICK, Runs, System, WITNESSES,
    Witnesses, World, all, check, pinned, play, replay, script, shortest_violation, timeline,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn system(bounds: Bounds) -> System {
    System { machines: Machines::RIGHT, bounds }
}

/// A changed count is a changed model, and worth a sentence in the commit.
#[test]
fn both_explorers_reach_the_same_states_and_no_promise_breaks() {
    let fairness = Bounds { maximum_attempts: 1, details: 1, ..FAIRNESS };
    let checked = check(&QUICK, &fairness, 2, &|_| true);
    assert!(checked.complete);
    if let Some(violation) = &checked.violation {
        let steps = replay(&system(QUICK), violation.begin, &violation.moves);
        let scenario = script(&format!("Breaks {:?}.", violation.broken), &steps);
        panic!("{}\nto be kept below tests/scenarios/system:\n\n{scenario}", timeline(&steps));
    }
    assert!(checked.peer.complete && checked.peer.broken.is_empty());
    let counts = [checked.unique_states, checked.transitions, checked.without_effect];
    assert_eq!(Some(counts), pinned(&QUICK));
    assert_eq!([checked.peer.unique_states, checked.peer.transitions], counts[..2]);
    assert!(checked.claims.iter().all(|claim| claim.stays.is_none() && claim.states > 0));
}

/// Collects witnesses until it has them all.
struct UntilSeen(Witnesses);

impl Visitor<System> for UntilSeen {
    fn step(&mut self, taken: &Taken<'_, System>) {
        self.0.step(taken);
    }

    fn goes_on(&mut self, _: usize) -> bool {
        !self.0.are_complete()
    }
}

#[test]
fn what_is_sometimes_so_is_seen_in_a_few_steps() {
    let system = system(Bounds { maximum_attempts: 2, ..BOUNDS });
    let (mut explorer, mut seen) = (Explorer::default(), UntilSeen(Witnesses::default()));
    explorer.explore(&system, 0..4, Until::BROKEN, &mut seen);
    for witnessed in Witnesses::named(&seen.0.ways(&system, &explorer)) {
        let way = witnessed.way.expect(witnessed.name);
        assert!(way.moves.len() <= 10, "{}: {} steps", witnessed.name, way.moves.len());
        let witness = WITNESSES.iter().find(|it| it.name == witnessed.name).expect("it has one");
        let steps = replay(&system, way.begin, &way.moves);
        let last = steps.last().expect("nothing is seen before anything happened");
        assert!(
            (witness.seen)(&last.before, &last.happened, &last.after),
            "{} is not seen when it is replayed:\n{}",
            witness.name,
            timeline(&steps)
        );
        let scenario = script(&format!("It is seen that {}.", witness.name), &steps);
        let again = play(&scenario).unwrap_or_else(|error| panic!("{error}\n{scenario}"));
        assert_eq!(script(&format!("It is seen that {}.", witness.name), &again), scenario);
    }
}

/// How many steps the shortest way to each mutant takes.
const SHORTEST: [(&str, usize); 57] = [
    ("strands_a_completion_at_the_shutdown", 6),
    ("refuses_a_task_while_it_shuts_down", 5),
    ("keeps_the_slot_of_an_empty_poll", 2),
    ("tells_no_function_of_a_shutdown", 5),
    ("shuts_down_without_a_word", 2),
    ("puts_start_to_close_off_at_a_heartbeat", 6),
    ("waits_for_a_heartbeat_that_hangs", 6),
    ("flushes_while_a_heartbeat_is_in_flight", 7),
    ("drops_the_details_of_what_completes_asynchronously", 7),
    ("forgets_not_found_after_another_reason", 8),
    ("reports_a_success_for_an_attempt_that_is_gone", 6),
    ("fails_without_the_details_that_wait", 9),
    ("keeps_the_slot_of_a_task_that_is_over", 6),
    ("reports_a_shutdown_as_canceled", 6),
    ("reports_a_whim_as_canceled", 5),
    ("goes_on_although_it_is_not_found", 7),
    ("waits_with_the_first_heartbeat", 5),
    ("runs_again_when_a_report_is_lost", 6),
    ("drops_a_function_that_is_cancelled", 8),
    ("takes_a_hanging_call_for_a_timeout", 6),
    ("takes_a_failed_heartbeat_for_not_found", 6),
    ("keeps_a_cancel_request_to_itself", 8),
    ("lets_a_function_run_through_a_shutdown", 6),
    ("sends_the_details_of_the_heartbeat_before", 7),
    ("takes_an_answered_call_for_one_in_flight", 7),
    ("forgets_to_report", 5),
    ("reports_before_and_after_the_last_heartbeat", 6),
    ("takes_a_success_for_canceled", 9),
    ("tells_a_function_at_every_heartbeat", 9),
    ("requests_cancellation_a_second_time", 6),
    ("takes_an_abandoned_activity_that_fails_for_nondeterminism", 6),
    ("lets_the_parent_cancel_what_is_detached", 1),
    ("resolves_without_waiting_for_the_close", 4),
    ("resolves_again_at_the_close", 6),
    ("requests_cancellation_of_what_is_abandoned", 4),
    ("waits_where_nobody_wants_to", 4),
    ("takes_a_failure_for_a_cancellation", 7),
    ("takes_a_success_after_a_cancel_request_for_nondeterminism", 9),
    ("sends_a_schedule_that_was_cancelled", 3),
    ("cancels_its_activities_when_it_closes", 4),
    ("opens_again_after_the_close", 7),
    ("skips_the_number_of_an_attempt", 5),
    ("accepts_a_stale_call", 7),
    ("hands_out_a_task_after_the_close", 4),
    ("shows_the_result_of_another_attempt", 6),
    ("closes_a_failure_as_canceled", 6),
    ("retries_what_was_to_be_canceled", 8),
    ("leaves_a_taken_task_in_the_queue", 4),
    ("forgets_a_cancel_request_that_finds_no_worker", 5),
    ("answers_for_a_result_that_it_forgets", 6),
    ("notices_the_death_of_a_worker", 5),
    ("closes_at_a_heartbeat", 6),
    ("gives_a_function_no_details", 9),
    ("sends_what_was_withdrawn", 1),
    ("writes_no_history_of_an_answer", 3),
    ("tells_a_workflow_that_has_closed", 7),
    ("does_not_tell_of_the_close", 5),
];

/// The shortest way to each, in steps: a changed length is a changed model.
#[test]
fn every_mutant_is_caught_by_a_promise_that_it_breaks() {
    let mut complaints = Vec::new();
    let mut caught = Vec::new();
    for mutant in of_system() {
        let system = System { machines: mutant.rule, bounds: QUICK_WITH_VERSIONS };
        match shortest_violation(&system) {
            Some(violation) if mutant.is_named_by(&violation.names()) => {
                caught.push((mutant.name, violation.moves.len()));
            }
            other => complaints.push((mutant.name, other.map(|violation| violation.broken))),
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
    assert_eq!(caught, SHORTEST);
}

/// Mutants that confuse versions need two of them.
const QUICK_WITH_VERSIONS: Bounds = Bounds { details: 2, ..QUICK };

#[test]
fn the_way_to_a_violation_is_drawn_with_a_lane_for_each_party() {
    let name = "takes_an_abandoned_activity_that_fails_for_nondeterminism";
    let mutant = of_system().into_iter().find(|it| it.name == name).expect("it is there");
    let system = System { machines: mutant.rule, bounds: QUICK };
    let violation = shortest_violation(&system).expect("it is caught");
    insta::assert_snapshot!(timeline(&replay(&system, violation.begin, &violation.moves)));
}

#[test]
fn what_is_claimed_comes_about_and_no_fairness_is_idle() {
    let (mut explorer, mut runs) = (Explorer::default(), Runs::default());
    explorer.explore(&system(FAIRNESS), [1], Until::BROKEN, &mut runs);
    let states: &[World] = explorer.states();
    for claim in CLAIMS {
        let decided = runs.decide(claim, states, 1);
        assert_eq!(decided.counterexample, None, "{}", claim.name);
        assert!(decided.states > 0, "{} is about nothing", claim.name);
        for class in claim.weak.iter().chain(claim.strong) {
            let rest = |classes: &[_]| -> &'static [_] {
                classes.iter().copied().filter(|it| it != class).collect::<Vec<_>>().leak()
            };
            let weaker = Claim { weak: rest(claim.weak), strong: rest(claim.strong), ..*claim };
            let falls = runs.decide(&weaker, states, 1).counterexample.is_some();
            assert!(falls, "{} holds without {class:?}", claim.name);
        }
        if !claim.without.is_empty() {
            let anything = Claim { without: &[], ..*claim };
            let falls = runs.decide(&anything, states, 1).counterexample.is_some();
            assert!(falls, "{} rules out more than it needs to", claim.name);
        }
    }
}

#[test]
fn names_are_given_once_and_say_a_sentence() {
    let promises = all();
    for promise in &promises {
        assert!(promise.statement.ends_with('.'), "{}", promise.name);
    }
    let names = promises.iter().map(|it| it.name).chain(CLAIMS.iter().map(|it| it.name));
    let names: Vec<&str> = names.chain(WITNESSES.iter().map(|it| it.name)).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}

/// What a state can become, and what breaks on the way; a set, for moves of two workers that are
/// alike lead to the same.
fn successors(system: &System, world: &World) -> BTreeSet<String> {
    let mut moves: Vec<Move> = Vec::new();
    world.moves(&system.bounds, &mut moves);
    let promises = all();
    let lead = |&moved: &Move| {
        let (after, happened) = system.step(world, moved);
        let breaks = promises.iter().filter(|it| !(it.holds)(&(), world, &happened, &after));
        let breaks: Vec<&str> = breaks.map(|it| it.name).collect();
        let answers = happened.asked.map(|(_, answered)| answered.map(|_| ()));
        let called = happened.called.map(|(_, answered)| answered);
        format!("{:?} {breaks:?} {answers:?} {called:?}", after.class(&system.bounds).0)
    };
    moves.iter().map(lead).collect()
}

proptest! {
    /// A state and the one that stands for it can become the same, at every step of any way.
    #[test]
    fn states_that_are_alike_go_on_alike(
        terms in 0..4_u8,
        apart: bool,
        strays in 0..=2_u8,
        choices in prop::collection::vec(any::<prop::sample::Index>(), 1..60),
    ) {
        let system = system(Bounds { strays, tells_workers_apart: apart, ..BOUNDS });
        let (mut world, mut moves) = (World::initial(terms), Vec::new());
        for choice in choices {
            let (class, _) = world.class(&system.bounds);
            prop_assert_eq!(class.class(&system.bounds).0, class);
            prop_assert_eq!(successors(&system, &world), successors(&system, &class));
            world.moves(&Bounds { tells_workers_apart: true, ..system.bounds }, &mut moves);
            if moves.is_empty() {
                break;
            }
            world = system.step(&world, *choice.get(&moves)).0;
        }
    }
}
