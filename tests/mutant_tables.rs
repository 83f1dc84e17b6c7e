//! The tables of mutants: each is named once, says what it is, and breaks promises that exist.

use activity_execution::{caller, worker};
use activity_models::exploration::ServiceModel;
use activity_models::mutants::{
    Mutant, of_caller, of_driver, of_explorer, of_memory, of_service, of_slots, of_task, of_wheel,
};
use activity_models::scenario::Violation;
use activity_models::system;
use activity_models::wheel;
use std::collections::BTreeSet;

/// The rows of a table without what is wrong, and the promises of its machine.
type Table = (Vec<Mutant<()>>, BTreeSet<&'static str>);

fn table<R>(rows: impl IntoIterator<Item = Mutant<R>>, promises: Vec<&'static str>) -> Table {
    (rows.into_iter().map(|row| row.with_rule(())).collect(), promises.into_iter().collect())
}

fn of_service_promises() -> Vec<&'static str> {
    ServiceModel::product().promises().iter().map(|judge| judge.name).collect()
}

fn tables() -> Vec<Table> {
    let task = worker::promises::of_task::<i64, ()>().into_iter().map(|it| it.name);
    let slots = worker::promises::of_slots::<i64>().into_iter().map(|it| it.name);
    let caller = caller::promises::all::<activity_execution::Payload>();
    let caller = caller.into_iter().map(|it| it.name);
    let of_system = || system::all().into_iter().map(|it| it.name);
    vec![
        table(of_service(), of_service_promises()),
        table(of_memory(), of_service_promises()),
        table(of_driver().iter().copied(), {
            let deadline = Violation::Deadline { core: None, expected: None };
            let recovery = Violation::Recovery { differences: Vec::new() };
            let of_driver = [deadline.name(), recovery.name()];
            of_service_promises().into_iter().chain(of_driver).collect()
        }),
        table(of_explorer::<i64, ()>(), of_service_promises()),
        table(of_task::<i64, ()>(), task.chain(of_system()).collect()),
        table(of_slots::<i64>(), slots.chain(of_system()).collect()),
        table(of_wheel(), wheel::PROMISES.iter().map(|judge| judge.name).collect()),
        table(of_caller::<activity_execution::Payload>(), caller.chain(of_system()).collect()),
    ]
}

#[test]
fn mutants_are_named_once_and_say_what_they_are() {
    let mut names = BTreeSet::new();
    for (rows, promises) in tables() {
        for row in rows {
            assert!(names.insert(row.name), "{} is there twice", row.name);
            assert!(row.sentence.ends_with('.'), "{}: {}", row.name, row.sentence);
            assert!(row.beyond_exploration.is_none_or(|why| why.ends_with('.')), "{}", row.name);
            assert!(!row.breaks.is_empty(), "{} breaks nothing", row.name);
            let unknown = row.breaks.iter().find(|name| !promises.contains(*name));
            assert_eq!(unknown, None, "{} breaks what is no promise", row.name);
        }
    }
}
