//! Recorded traces against machines that are wrong on purpose: what a Temporal server did
//! contradicts every mutant, but for those that no recording can tell.

use activity_models::exploration::CoreMachine;
use activity_models::mutants::{Mutant, ServiceRule, of_service};
use activity_models::trace::{SELECTION, Told, Trace, play, retold};
use serde_json::{Value, json};
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

#[test]
fn recorded_traces_contradict_every_mutant_that_they_can_tell() {
    let recorded = Told::of_the_selection();
    assert!(recorded.len() > 400, "{} traces", recorded.len());
    let is_hidden = |mutant: &Mutant<ServiceRule>| {
        let mutated = mutant.of(CoreMachine);
        !recorded.iter().any(|told| told.contradicts(&mutated))
    };
    let told = of_service().into_iter().filter(|mutant| mutant.is_explorable());
    let hidden: BTreeSet<&str> = told.filter(is_hidden).map(|it| it.name).collect();
    assert_eq!(hidden, BTreeSet::from(HIDDEN));
}

/// Mutants that a recorded trace can only tell from the core by a poll that finds no task.
const TOLD_BY_POLLS: [&str; 2] =
    ["dispatches_before_the_backoff", "gives_a_held_task_to_another_poll"];

/// The recorded traces, each with polls that find no task wherever none waits: they tell nothing of
/// how the execution stands.
fn with_polls() -> Vec<Trace> {
    let mut traces = Vec::new();
    for (_, text) in SELECTION {
        for line in text.lines() {
            let mut line: Value = serde_json::from_str(line).expect("a trace a line");
            let steps = line["steps"].as_array_mut().expect("a list of steps");
            let polled = std::mem::take(steps).into_iter().flat_map(|step| {
                let next = step["after"]["nextAttemptScheduleTime"].as_f64();
                let at = step["at"].as_f64().expect("an instant");
                let is_started = step["after"]["runState"] == "Started";
                // The next attempt waits longer than two readings of a clock are apart.
                let finds_none = is_started || next.is_some_and(|next| next > at + 10.0);
                let poll = json!({"event": "Poll", "at": at, "answer": {}});
                [step].into_iter().chain(finds_none.then_some(poll))
            });
            *steps = polled.collect();
            traces.push(Trace::from_json(line).expect("polls without a task can be written"));
        }
    }
    traces.retain(|trace| trace.not_modelled().is_empty());
    traces
}

#[test]
fn polls_that_find_no_task_contradict_those_who_would_hand_one_out() {
    let traces = with_polls();
    let mut told = Vec::new();
    let mut without_task = 0;
    for trace in &traces {
        let played = play(trace);
        assert_eq!(played.disagreement, None, "{}", trace.name);
        without_task += trace.steps.iter().filter(|step| step.found_no_task()).count();
        told.extend(played.told);
    }
    assert!(without_task > 500, "only {without_task} polls");
    let contradicted = of_service().into_iter().filter(|mutant| {
        let mutated = mutant.of(CoreMachine);
        HIDDEN.contains(&mutant.name) && told.iter().any(|told| told.contradicts(&mutated))
    });
    let contradicted: BTreeSet<&str> = contradicted.map(|it| it.name).collect();
    assert_eq!(contradicted, BTreeSet::from(TOLD_BY_POLLS));
}

/// A trace of a wrong machine is told as such, and with the promise that the machine breaks.
#[test]
fn a_trace_of_a_mutant_names_the_promise_that_it_breaks() {
    let traces = with_polls();
    let mut complaints = Vec::new();
    let mut named = 0;
    for mutant in of_service().into_iter().filter(|mutant| mutant.is_explorable()) {
        let mutated = mutant.of(CoreMachine);
        let retold: Vec<Trace> =
            traces.iter().filter_map(|trace| retold(trace, &mutated)).take(20).collect();
        let mut names = BTreeSet::new();
        for trace in &retold {
            // An answer that is written like the right one cannot be told from it.
            let Some(disagreed) = play(trace).disagreement else { continue };
            assert_eq!(disagreed.step + 1, trace.steps.len(), "{}", mutant.name);
            names.extend(disagreed.broken.iter().flatten().map(|promise| promise.name));
        }
        let is_named = mutant.breaks.iter().any(|promise| names.contains(promise));
        named += usize::from(is_named);
        if !retold.is_empty() && !is_named && !UNNAMED.contains(&mutant.name) {
            complaints.push(format!("{}: {names:?}", mutant.name));
        }
    }
    assert_eq!(complaints, [""; 0], "unnamed");
    assert!(named >= 25, "only {named} mutants are named by what they leave");
}

/// Mutants whose traces do not name the promise that they break first: the wrong deadline of the first
/// is shown by nothing before a poll, which breaks others; the second gives an answer that is written
/// like the right one; the third is wrong by less than two readings of a clock are apart.
const UNNAMED: [&str; 3] = [
    "ignores_the_start_delay",
    "tells_a_failed_attempt_of_cancellation",
    "reads_the_clock_twice_at_a_start",
];
