//! Long random scripts for an activity at its caller, histories that make no sense included: every
//! promise holds of every step, and over a whole script each thing happens once.

use crate::common::{alphabet, checked, every_terms};
use activity_execution::caller::{
    CallerAction, CallerOptions, Command, HistoryEvent, WorkflowActivity,
};
use proptest::prelude::*;
use quickcheck::QuickCheck;

/// Plays a script, and counts over its whole length what may happen once.
fn play(terms: &CallerOptions, script: &[CallerAction]) {
    let (mut machine, mut resolutions, mut commands) = (WorkflowActivity::Created, 0, Vec::new());
    for action in script {
        let (after, reply) = checked(terms, &machine, action);
        if let Ok(effects) = reply {
            resolutions += usize::from(effects.resolution.is_some());
            commands.extend(effects.command);
        }
        machine = after;
    }
    assert!(resolutions <= 1, "told {resolutions} times");
    let life = [
        Command::ScheduleActivityTask,
        Command::WithdrawScheduleActivityTask,
        Command::RequestCancelActivityTask,
    ];
    for command in life {
        assert!(commands.iter().filter(|given| **given == command).count() <= 1);
    }
    assert!(commands.len() <= 2, "withdrawn and requested: {commands:?}");
}

/// Scheduled, so that something can happen.
fn scheduled(script: impl IntoIterator<Item = CallerAction>) -> Vec<CallerAction> {
    let mut scheduled =
        vec![CallerAction::Schedule, CallerAction::Event(HistoryEvent::ActivityTaskScheduled)];
    scheduled.extend(script);
    scheduled
}

fn actions() -> impl Strategy<Value = CallerAction> {
    let mut rare = alphabet();
    rare.push(CallerAction::CloseCaller);
    let often = vec![
        CallerAction::Event(HistoryEvent::ActivityTaskStarted),
        CallerAction::Event(HistoryEvent::ActivityTaskCancelRequested),
        CallerAction::Cancel,
        CallerAction::CancelParent,
    ];
    prop_oneof![1 => proptest::sample::select(rare), 1 => proptest::sample::select(often)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_caller_keeps_every_promise_whatever_happens(
        terms in proptest::sample::select(every_terms()),
        is_scheduled in any::<bool>(),
        script in proptest::collection::vec(actions(), 1..40),
    ) {
        let script = if is_scheduled { scheduled(script) } else { script };
        play(&terms, &script);
    }
}

#[test]
fn quickcheck_finds_no_script_that_breaks_a_promise_of_a_caller() {
    fn holds(terms: u8, is_scheduled: bool, script: Vec<u8>) -> bool {
        let (all_terms, alphabet) = (every_terms(), alphabet());
        let script =
            script.into_iter().map(|at| alphabet[usize::from(at) % alphabet.len()].clone());
        let script = if is_scheduled { scheduled(script) } else { script.collect() };
        play(&all_terms[usize::from(terms) % all_terms.len()], &script);
        true
    }
    QuickCheck::new().tests(4_000).quickcheck(holds as fn(u8, bool, Vec<u8>) -> bool);
}
