//! The theorems of the proofs, run with one configuration's terms instead of any.

use super::Configuration;
use activity_models::exploration::CoreMachine;
use activity_proofs::parties::{Hypotheses, Party, Service};
use activity_proofs::theorems::engine;
use symbolic::{Budget, Explorer, Statistics, Verdict};

/// A promise, and whether it holds.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The name of the promise.
    pub name: &'static str,
    /// What it says.
    pub statement: &'static str,
    /// Whether every step of every execution keeps it.
    pub verdict: Verdict,
    /// If not: the step that breaks it, in words.
    pub complaint: Option<String>,
    /// The name of the proof that decides it.
    pub proof: &'static str,
    /// What that proof took.
    pub statistics: Statistics,
}

/// Judges every promise, of the core and of an engine that settles time before it looks at calls.
#[must_use]
pub fn promised(configuration: &Configuration<'_>) -> Vec<Judged> {
    let core = Service::of(CoreMachine).with(configuration.terms);
    let hypotheses = Hypotheses::all();
    let explorer = Explorer::new(Budget::default());
    let proofs = [core.induction(&hypotheses), engine(&core, &hypotheses)];
    let proven = proofs.iter().map(|proof| proof.run(&explorer));
    let judged = proven.flat_map(|proven| {
        let statistics = proven.statistics();
        let theorems = proven.theorems.clone().into_iter();
        let judged = theorems.map(move |theorem| Judged {
            name: theorem.name,
            statement: theorem.statement,
            verdict: proven.verdict(theorem.name),
            complaint: proven.refutation(theorem.name).map(|(_, failure)| failure.to_string()),
            proof: proven.name,
            statistics,
        });
        judged.collect::<Vec<_>>()
    });
    judged.collect()
}
