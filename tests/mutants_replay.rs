//! Recorded traces against machines that are wrong on purpose: what a Temporal server did
//! contradicts every mutant, but for those that no recording can tell.

use activity_execution::vocabulary::{Action, ExecutionOptions, RequestId, Timestamp};
use activity_execution::{ActivityExecution, Description, Payload};
use activity_models::exploration::{CoreMachine, Machine};
use activity_models::mutants::{Mutant, ServiceRule, of_service};
use activity_models::trace::{SELECTION, play, read};
use std::collections::BTreeSet;

/// Mutants that no recorded trace contradicts, because the recorder keeps away from the instant of
/// a deadline, asks for a task only once there is one, and never repeats a poll.
const HIDDEN: [&str; 7] = [
    "dispatches_before_the_backoff",
    "fires_early",
    "fires_late",
    "gives_a_held_task_to_another_poll",
    "refuses_a_repeated_poll_after_a_cancel_request",
    "retries_at_the_very_end",
    "withholds_a_task_at_its_dispatch_time",
];

/// What the machines were told in each recorded trace.
fn recorded() -> Vec<(ExecutionOptions, Vec<Action>)> {
    let mut told = Vec::new();
    for (_, text) in SELECTION {
        read(text.as_bytes(), &mut |trace| {
            if trace.not_modelled().is_empty() {
                told.extend(play(&trace).told);
            }
        })
        .expect("the selection can be read");
    }
    told
}

/// What Describe would show of a machine.
fn shown<M: Machine<i64, Payload>>(
    machine: &M,
    terms: &ExecutionOptions,
    state: &M::State,
) -> Description {
    let observation = machine.observe(terms, state);
    let now = observation.now;
    ActivityExecution::from_observation(&observation).describe(terms, now)
}

/// Whether this machine answers and shows what the core, and so the server, did.
fn agrees<M: Machine<i64, Payload>>(
    machine: &M,
    terms: &ExecutionOptions,
    actions: &[Action],
) -> bool {
    let (start, request_id) = (Timestamp(0), RequestId(0));
    let mut wrong = machine.begin(terms, start, request_id);
    let mut right = CoreMachine.begin(terms, start, request_id);
    actions.iter().all(|action| {
        let replies =
            (machine.step(terms, &mut wrong, action), CoreMachine.step(terms, &mut right, action));
        replies.0 == replies.1
            && shown(machine, terms, &wrong) == shown(&CoreMachine, terms, &right)
    })
}

#[test]
fn recorded_traces_contradict_every_mutant_that_they_can_tell() {
    let recorded = recorded();
    assert!(recorded.len() > 400, "{} traces", recorded.len());
    let is_hidden = |mutant: &Mutant<ServiceRule>| {
        let mutated = mutant.of(CoreMachine);
        recorded.iter().all(|(terms, actions)| agrees(&mutated, terms, actions))
    };
    let told = of_service().into_iter().filter(|mutant| mutant.is_explorable());
    let hidden: BTreeSet<&str> = told.filter(is_hidden).map(|it| it.name).collect();
    assert_eq!(hidden, BTreeSet::from(HIDDEN));
}
