//! The payloads of the explorers: a small enum, so that states stay few. Machines never compare two
//! payloads, so it is enough to tell old from new.

use activity_execution::vocabulary::{
    CancelRequest, Observation, Opaque, Outcome, Phase, RequestId, TimeoutReason, TimeoutType,
};
use std::fmt;

/// A payload: nothing, what is known already, what is new in this step, or a failure made of those.
///
/// A timeout failure is one word: two bits say what it holds as details, four what as cause.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct ExplorerPayload(u16);

impl ExplorerPayload {
    /// Nothing.
    pub const NOTHING: ExplorerPayload = ExplorerPayload(0);
    /// What an earlier step brought.
    pub const KNOWN: ExplorerPayload = ExplorerPayload(1);
    /// What this step brings.
    pub const NEW: ExplorerPayload = ExplorerPayload(2);
    const MISSING: ExplorerPayload = ExplorerPayload(3);
    const NOT_STARTED: ExplorerPayload = ExplorerPayload(8);
    const TIMEOUT: u16 = 1 << 15;

    /// The name after a step: nothing is new any more.
    fn settled(self) -> ExplorerPayload {
        let settle = |name: u16| {
            if name == ExplorerPayload::NEW.0 { ExplorerPayload::KNOWN.0 } else { name }
        };
        if self.0 & ExplorerPayload::TIMEOUT == 0 {
            return ExplorerPayload(settle(self.0));
        }
        let (details, cause) = (self.0 >> 4 & 0b11, self.0 & 0b1111);
        ExplorerPayload(self.0 & !0b11_1111 | settle(details) << 4 | settle(cause))
    }
}

impl Opaque for ExplorerPayload {
    fn none() -> Self {
        ExplorerPayload::NOTHING
    }

    fn or_missing_failure(self) -> Self {
        if self == ExplorerPayload::NOTHING { ExplorerPayload::MISSING } else { self }
    }

    fn activity_id_not_started() -> Self {
        ExplorerPayload::NOT_STARTED
    }

    fn timeout_failure(
        timeout_type: TimeoutType,
        reason: TimeoutReason,
        last_heartbeat_details: Self,
        cause: Self,
    ) -> Self {
        let cause = match cause.0 & ExplorerPayload::TIMEOUT {
            0 => cause.0,
            _ => 4 + (cause.0 >> 8 & 0b11),
        };
        let details = last_heartbeat_details.0 & 0b11;
        let kind = (reason as u16) << 12 | (timeout_type as u16) << 8;
        ExplorerPayload(ExplorerPayload::TIMEOUT | kind | details << 4 | cause)
    }
}

impl fmt::Debug for ExplorerPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            ExplorerPayload::NOTHING => f.write_str("nothing"),
            ExplorerPayload::KNOWN => f.write_str("known"),
            ExplorerPayload::NEW => f.write_str("new"),
            ExplorerPayload::MISSING => f.write_str("no details given"),
            ExplorerPayload::NOT_STARTED => f.write_str("not started"),
            ExplorerPayload(timeout) => {
                let timeout_type = TimeoutType::ALL[usize::from(timeout >> 8 & 0b11)];
                write!(f, "{} timeout", timeout_type.name())?;
                let details = timeout >> 4 & 0b11;
                if details != 0 {
                    write!(f, ", details {:?}", ExplorerPayload(details))
                } else {
                    Ok(())
                }
            }
        }
    }
}

/// The observation in which nothing is new any more: new payloads become known ones, and request
/// id 1, which a step may bring, becomes 0, which is what all that is kept is called.
///
/// Machines compare what a step brings with what is kept, and never two things that are kept.
#[must_use]
pub fn settled<N: Copy>(
    observation: &Observation<N, ExplorerPayload>,
) -> Observation<N, ExplorerPayload> {
    let known = |_: RequestId| RequestId(0);
    let phase = match observation.phase {
        Phase::Started { request_id, dispatch_time } => {
            Phase::Started { request_id: known(request_id), dispatch_time }
        }
        Phase::Closed { outcome, close_time } => {
            Phase::Closed { outcome: settled_outcome(outcome), close_time }
        }
        waiting @ Phase::Scheduled { .. } => waiting,
    };
    Observation {
        start_request_id: known(observation.start_request_id),
        phase,
        heartbeat_details: observation.heartbeat_details.settled(),
        last_failure: observation.last_failure.settled(),
        last_worker_identity: observation.last_worker_identity.settled(),
        cancel_request: observation.cancel_request.map(|request| CancelRequest {
            request_id: known(request.request_id),
            identity: request.identity.settled(),
            reason: request.reason.settled(),
        }),
        terminate_request_id: observation.terminate_request_id.map(known),
        ..*observation
    }
}

fn settled_outcome(outcome: Outcome<ExplorerPayload>) -> Outcome<ExplorerPayload> {
    match outcome {
        Outcome::Completed { result } => Outcome::Completed { result: result.settled() },
        Outcome::Failed { failure, retry_state } => {
            Outcome::Failed { failure: failure.settled(), retry_state }
        }
        Outcome::Canceled { details, identity } => {
            Outcome::Canceled { details: details.settled(), identity: identity.settled() }
        }
        Outcome::Terminated { reason, identity } => {
            Outcome::Terminated { reason: reason.settled(), identity: identity.settled() }
        }
        Outcome::TimedOut { timeout_type, failure, retry_state } => {
            Outcome::TimedOut { timeout_type, failure: failure.settled(), retry_state }
        }
    }
}
