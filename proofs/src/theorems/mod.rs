//! The theorems. Each states first and calls the prover second.

mod liveness;
mod overflow;
mod promises;
mod quotient;
mod recovery;
mod refinement;
mod settled;
mod situation;
mod words;

pub use liveness::{liveness, rank};
pub use overflow::{CLOCK_LIMIT, LONGEST, LONGEST_BACKOFF, overflow, overflow_within};
pub use promises::{core, induction, promised};
pub use quotient::{Class, ToldApart, is_told_apart, quotient, quotient_by};
pub use recovery::recovery;
pub use refinement::refinement;
pub use settled::{engine, settled};
pub use situation::Situation;

use crate::any::{PhaseKind, Word};
use crate::assumptions::Assumptions;
use crate::theorem::Proof;
use activity_models::exploration::{CoreMachine, SpecificationMachine};
use words::shown;

/// Every proof, of workers and callers too, with the number of its paths: a proof that explores fewer
/// says less than it did.
#[must_use]
pub fn all(assumptions: &Assumptions) -> Vec<(Proof, u64)> {
    let mut all = of_executions(assumptions);
    all.extend(crate::parties::all());
    all
}

/// Every proof about specification and core.
#[must_use]
pub fn of_executions(assumptions: &Assumptions) -> Vec<(Proof, u64)> {
    vec![
        (induction(SpecificationMachine, assumptions), 500_960),
        (core(assumptions), 529_872),
        (refinement(SpecificationMachine, CoreMachine, assumptions), 380_824),
        (engine(assumptions), 453_568),
        (settled(assumptions), 11_152),
        (recovery(assumptions), 384_928),
        (liveness(assumptions), 11_904),
        (rank(assumptions), 95_144),
        (overflow(assumptions), 671_720),
        (quotient(assumptions), 972_424),
    ]
}

/// Names theorems, with the doc comment as statement, for the checks of a proof.
macro_rules! theorems {
    ($table:ident: $($(#[doc = $statement:literal])+ $name:ident)+) => {
        const $table: &[crate::theorem::Theorem] = &[$(crate::theorem::Theorem {
            name: stringify!($name),
            statement: concat!($($statement),+).trim_ascii(),
        }),+];
    };
}
pub(crate) use theorems;

/// What is assumed of executions in this phase.
///
/// Of closed ones the structural promises alone: nothing about them depends on a number but their
/// age.
fn of_phase(assumptions: &Assumptions, phase: PhaseKind) -> Assumptions {
    match phase {
        PhaseKind::Scheduled | PhaseKind::Started => assumptions.clone(),
        PhaseKind::Closed => assumptions.structural(),
    }
}

/// Adds a case for each phase and word, which together are every step of every execution.
fn every_step(
    mut proof: Proof,
    assumptions: &Assumptions,
    claim: impl Fn(&Assumptions, PhaseKind, Word) + Clone + Send + Sync + 'static,
) -> Proof {
    for phase in PhaseKind::ALL {
        for word in Word::ALL {
            let assumptions = of_phase(assumptions, phase);
            let claim = claim.clone();
            proof = proof.case(format!("{phase:?}, {word:?}"), move || {
                claim(&assumptions, phase, word);
            });
        }
    }
    proof
}

/// Adds a case for each phase but the closed one, and each word.
fn open_step(
    mut proof: Proof,
    assumptions: &Assumptions,
    claim: impl Fn(&Assumptions, PhaseKind, Word) + Clone + Send + Sync + 'static,
) -> Proof {
    for phase in [PhaseKind::Scheduled, PhaseKind::Started] {
        for word in Word::ALL {
            let assumptions = assumptions.clone();
            let claim = claim.clone();
            proof = proof.case(format!("{phase:?}, {word:?}"), move || {
                claim(&assumptions, phase, word);
            });
        }
    }
    proof
}
