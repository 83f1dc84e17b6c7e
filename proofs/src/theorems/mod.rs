//! The theorems. Each states first and calls the prover second.

mod promises;
mod recovery;
mod refinement;
mod settled;
mod situation;

pub use promises::induction;
pub use recovery::recovery;
pub use refinement::refinement;
pub use settled::{engine, settled};
pub use situation::Situation;

use crate::any::{PhaseKind, Word};
use crate::assumptions::Assumptions;
use crate::theorem::Proof;

/// Names theorems, with the doc comment as statement, for the checks of a proof.
macro_rules! theorems {
    ($table:ident: $($(#[doc = $statement:literal])+ $name:ident)+) => {
        const $table: &[crate::theorem::Theorem] = &[$(crate::theorem::Theorem {
            name: stringify!($name),
            statement: concat!($($statement),+).trim_ascii(),
        }),+];
    };
}
use theorems;

/// Adds a case for each phase and word, which together are every step of every execution.
///
/// Of closed executions the structural promises alone are assumed: nothing about them depends on a
/// number but what the clock moves.
fn every_step(
    mut proof: Proof,
    assumptions: &Assumptions,
    claim: impl Fn(&Assumptions, PhaseKind, Word) + Copy + Send + Sync + 'static,
) -> Proof {
    for phase in [PhaseKind::Scheduled, PhaseKind::Started, PhaseKind::Closed] {
        for word in Word::ALL {
            let assumptions = match (phase, word) {
                (PhaseKind::Scheduled | PhaseKind::Started, _) | (_, Word::Tick) => {
                    assumptions.clone()
                }
                (PhaseKind::Closed, _) => assumptions.clone().structural(),
            };
            proof = proof.case(format!("{phase:?}, {word:?}"), move || {
                claim(&assumptions, phase, word);
            });
        }
    }
    proof
}
