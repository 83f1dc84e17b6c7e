//! The core keeps every promise that the specification is proved to keep.

use super::theorems;
use crate::parties::{Hypotheses, Party, Service, promised};
use crate::theorem::Proof;
use activity_models::exploration::CoreMachine;

theorems! { CORE:
    /// The core keeps every promise that the specification keeps, in time or late.
    the_core_keeps_every_promise
}

/// All promises as one theorem about the core.
#[must_use]
pub fn core(hypotheses: &Hypotheses<Service>) -> Proof {
    let core = Service::of(CoreMachine);
    promised("core", &core, hypotheses, Service::promises()).deciding(CORE.to_vec())
}
