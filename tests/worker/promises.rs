//! The promises of all machines, as a catalogue: each has a name of its own and says a sentence.

use activity_execution::{Payload, caller, promises, worker};
use std::collections::BTreeSet;

#[test]
fn every_promise_of_every_machine_has_a_name_of_its_own_and_says_a_sentence() {
    let mut all: Vec<(&str, &str)> = Vec::new();
    let service = promises::all::<i64, Payload>();
    all.extend(service.iter().map(|promise| (promise.name, promise.statement)));
    let tasks = worker::promises::of_task::<i64, Payload>();
    all.extend(tasks.iter().map(|promise| (promise.name, promise.statement)));
    let workers = worker::promises::of_slots::<i64>();
    all.extend(workers.iter().map(|promise| (promise.name, promise.statement)));
    let callers = caller::promises::all::<Payload>();
    all.extend(callers.iter().map(|promise| (promise.name, promise.statement)));
    for (name, statement) in &all {
        let is_sentence = statement.starts_with(char::is_uppercase) && statement.ends_with('.');
        assert!(is_sentence, "{name}: {statement:?}");
    }
    let names: BTreeSet<_> = all.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), all.len(), "two promises share a name");
    assert_eq!((tasks.len(), workers.len(), callers.len()), (36, 9, 17));
}
