//! The payloads of proofs: free terms, equal exactly if they were built alike. A machine that looks
//! into one while it steps is caught here.

use activity_execution::vocabulary::{Opaque, TimeoutReason, TimeoutType};
use std::cell::Cell;
use std::fmt;
use symbolic::Free;

/// A payload of which nothing is known but how it was made.
#[derive(Clone, Copy)]
pub struct SymbolicPayload(Free);

impl SymbolicPayload {
    /// The payload of this name.
    #[must_use]
    pub fn named(name: &str) -> Self {
        SymbolicPayload(Free::new(name, &[]))
    }
}

/// Runs `step`, which may carry payloads and make them, but not compare them: free terms that
/// differ might be equal in life, and the other branch would go unexplored.
pub fn sealed<R>(step: impl FnOnce() -> R) -> R {
    struct Unseal;
    impl Drop for Unseal {
        fn drop(&mut self) {
            SEALED.set(false);
        }
    }
    SEALED.set(true);
    let _unseal = Unseal;
    step()
}

impl PartialEq for SymbolicPayload {
    fn eq(&self, other: &SymbolicPayload) -> bool {
        assert!(!SEALED.get(), "a machine compares payloads: {self:?} with {other:?}");
        self.0 == other.0
    }
}

impl Eq for SymbolicPayload {}

impl fmt::Debug for SymbolicPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Opaque for SymbolicPayload {
    fn none() -> Self {
        SymbolicPayload::named("nothing")
    }

    fn or_missing_failure(self) -> Self {
        SymbolicPayload(Free::new("or missing", &[self.0]))
    }

    fn activity_id_not_started() -> Self {
        SymbolicPayload::named("not started")
    }

    fn timeout_failure(
        timeout_type: TimeoutType,
        reason: TimeoutReason,
        last_heartbeat_details: Self,
        cause: Self,
    ) -> Self {
        let constructor = match reason {
            TimeoutReason::Elapsed => timeout_type.name().to_owned(),
            TimeoutReason::NotEnoughTime => format!("{} for lack of time", timeout_type.name()),
        };
        SymbolicPayload(Free::new(&constructor, &[last_heartbeat_details.0, cause.0]))
    }
}

thread_local! {
    static SEALED: Cell<bool> = const { Cell::new(false) };
}
