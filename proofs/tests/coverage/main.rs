//! What the generators draw: every shape that the hypotheses allow and no other, every edge of the
//! machine of each party.

mod service;
mod task;

use activity_proofs::parties::{Caller, Hypotheses, Party, Service, Slots, Task, Turn};
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::Mutex;
use symbolic::{Budget, Explorer, Job};

#[test]
fn every_edge_of_every_machine_is_explored() {
    let mut edges = edges::<Service>("service", service::edge);
    edges.extend(self::edges::<Task>("task", |phase, word, turn| {
        edge(phase, word, accepted(turn.step.reply), turn.after)
    }));
    edges.extend(self::edges::<Slots>("worker", |phase, word, turn| {
        edge(phase, word, accepted(turn.step.reply), turn.after.shutdown)
    }));
    edges.extend(self::edges::<Caller>("caller", |phase, word, turn| {
        let reply = match turn.step.reply {
            Ok(effects) => {
                let command = effects.command.map_or("Ok".to_owned(), head);
                effects
                    .resolution
                    .map_or(command.clone(), |told| format!("{command} {}", head(told)))
            }
            Err(rejection) => head(rejection),
        };
        edge(phase, word, reply, turn.after)
    }));
    let known: Vec<&str> = EDGES.lines().collect();
    assert_eq!(edges, known, "\n{}", edges.join("\n"));
}

/// Every edge of one machine, as `edge` tells it of a step of this kind.
fn edges<M: Party + Default>(
    machine: &str,
    edge: fn(M::Phase, M::Word, &Turn<M>) -> String,
) -> Vec<String> {
    let found = Mutex::new(BTreeSet::new());
    let found_ref = &found;
    let jobs = M::PHASES.iter().flat_map(|&phase| {
        M::WORDS.iter().map(move |&word| {
            let hypotheses = Hypotheses::all().with_structural();
            Job::new(format!("{phase:?}, {word:?}"), move || {
                let turn = Turn::any(&M::default(), &hypotheses, phase, word);
                let edge = format!("{machine}: {}", edge(phase, word, &turn));
                found_ref.lock().expect("nobody panics with the edges").insert(edge);
            })
        })
    });
    for report in Explorer::new(Budget::default()).prove_all(jobs.collect()) {
        assert!(report.is_proved(), "{report}");
    }
    found.into_inner().expect("nobody panicked with the edges").into_iter().collect()
}

/// Kind of state, kind of step, what is answered, and the kind of the state that follows.
fn edge(phase: impl Debug, word: impl Debug, reply: String, after: impl Debug) -> String {
    format!("{phase:?} {word:?} {reply} {}", head(after))
}

/// What is asked for, or why not.
fn accepted<E: Debug, R: Debug>(reply: Result<Option<E>, R>) -> String {
    match reply {
        Ok(effect) => effect.map_or("Ok".to_owned(), head),
        Err(rejection) => head(rejection),
    }
}

fn head(value: impl Debug) -> String {
    format!("{value:?}").chars().take_while(|it| it.is_alphanumeric()).collect()
}

/// The shapes of the states of these kinds that are drawn.
fn drawn<M: Party + Default, S: Ord>(
    hypotheses: &Hypotheses<M>,
    phases: &[M::Phase],
    shape: impl Fn(&M::Options, &M::State) -> S,
) -> BTreeSet<S> {
    let mut shapes = BTreeSet::new();
    for &phase in phases {
        let report = Explorer::new(Budget::default()).prove("shapes", || {
            let terms = M::default().terms();
            shapes.insert(shape(&terms, &M::state(hypotheses, &terms, phase)));
        });
        assert!(report.is_proved(), "{report}");
    }
    shapes
}

const EDGES: &str = include_str!("edges.txt");
