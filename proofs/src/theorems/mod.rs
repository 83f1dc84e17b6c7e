//! The theorems. Each states first and calls the prover second.

mod liveness;
mod overflow;
mod promises;
mod quotient;
mod recovery;
mod refinement;
mod settled;
pub(crate) mod words;

pub use liveness::{liveness, rank};
pub(crate) use overflow::suppose_between;
pub use overflow::{CLOCK_LIMIT, LONGEST, LONGEST_BACKOFF, overflow, overflow_within};
pub use promises::core;
pub use quotient::{Class, ToldApart, is_told_apart, quotient, quotient_by};
pub use recovery::recovery;
pub use refinement::refinement;
pub use settled::{engine, settled};

use words::shown;

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
