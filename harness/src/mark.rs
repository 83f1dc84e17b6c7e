//! The payload of machines that are played in this process: a number that is copied and compared,
//! in which a timeout remembers all that it was made of.

use crate::alphabet::{FailureKind, Supply, Unique};
use activity_execution::vocabulary::{Opaque, RequestId, TimeoutReason, TimeoutType};
use activity_models::exploration::ExplorerPayload;
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// A payload that is a number, or a failure made of such.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Mark {
    what: What,
    /// Of all that a timeout was made of, however deep.
    depth: u64,
}

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
enum What {
    Nothing,
    Missing,
    NotStarted,
    Brought(u32),
    Timeout { timeout_type: TimeoutType, reason: TimeoutReason, details: Part, cause: Part },
}

/// What is told of a part of a timeout.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
enum Part {
    Nothing,
    Missing,
    NotStarted,
    Brought(u32),
    Timeout(TimeoutType, TimeoutReason),
}

impl Mark {
    fn of(what: What) -> Self {
        Mark { what, depth: 0 }
    }

    fn part(self) -> Part {
        match self.what {
            What::Nothing => Part::Nothing,
            What::Missing => Part::Missing,
            What::NotStarted => Part::NotStarted,
            What::Brought(number) => Part::Brought(number),
            What::Timeout { timeout_type, reason, .. } => Part::Timeout(timeout_type, reason),
        }
    }
}

impl Opaque for Mark {
    fn none() -> Self {
        Mark::of(What::Nothing)
    }

    fn or_missing_failure(self) -> Self {
        if self.what == What::Nothing { Mark::of(What::Missing) } else { self }
    }

    fn activity_id_not_started() -> Self {
        Mark::of(What::NotStarted)
    }

    fn timeout_failure(
        timeout_type: TimeoutType,
        reason: TimeoutReason,
        last_heartbeat_details: Self,
        cause: Self,
    ) -> Self {
        let (details, of) = (last_heartbeat_details.part(), cause.part());
        let mut hasher = FxHasher::default();
        (timeout_type, reason, last_heartbeat_details, cause).hash(&mut hasher);
        let what = What::Timeout { timeout_type, reason, details, cause: of };
        Mark { what, depth: hasher.finish() }
    }
}

impl Supply<Mark> for Unique {
    fn begin(&mut self) {
        self.forget_what_is_new();
    }

    fn payload(&mut self) -> Mark {
        Mark::of(What::Brought(self.next()))
    }

    fn failure(&mut self, _: FailureKind) -> Mark {
        Supply::<Mark>::payload(self)
    }

    fn request_id(&mut self) -> RequestId {
        RequestId(self.next())
    }

    fn name(&self, payload: &Mark) -> ExplorerPayload {
        let nothing = ExplorerPayload::NOTHING;
        let part = |part: Part| match part {
            Part::Nothing => nothing,
            Part::Missing => nothing.or_missing_failure(),
            Part::NotStarted => ExplorerPayload::activity_id_not_started(),
            Part::Brought(number) => self.name_of(number),
            Part::Timeout(timeout_type, reason) => {
                ExplorerPayload::timeout_failure(timeout_type, reason, nothing, nothing)
            }
        };
        match payload.what {
            What::Timeout { timeout_type, reason, details, cause } => {
                ExplorerPayload::timeout_failure(timeout_type, reason, part(details), part(cause))
            }
            What::Nothing | What::Missing | What::NotStarted | What::Brought(_) => {
                part(payload.part())
            }
        }
    }
}
