//! The names that payloads and request ids have in one execution; two sets of names tell the same.

use crate::alphabet::{FailureKind, Supply, Unique};
use activity_execution::vocabulary::{RequestId, TimeoutReason, TimeoutType};
use activity_execution::{Content, Failure, FailureInfo, Payload};
use activity_models::exploration::ExplorerPayload;

/// Where payloads and request ids come from: numbered, as they are or renamed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Names {
    unique: Unique,
    /// Other words, longer ones and in another order of the alphabet.
    renamed: bool,
}

impl Names {
    /// The same names, but for their spelling.
    #[must_use]
    pub fn renamed() -> Self {
        Names { renamed: true, ..Names::default() }
    }

    /// A request id as it is spelled.
    #[must_use]
    pub fn request(&self, RequestId(number): RequestId) -> String {
        if self.renamed { format!("Zürich/{}", 9_999 - number) } else { format!("r{number}") }
    }

    fn spelled(&self, text: &str) -> String {
        if !self.renamed {
            return text.to_owned();
        }
        let number = text.rsplit(' ').next().and_then(|word| word.parse::<u32>().ok());
        // The number stays at the end: by it a payload is known again.
        format!("\u{1f980} \"{}\" \\ {}", 9_999 - number.unwrap_or(0), number.unwrap_or(0))
    }
}

impl Supply<Payload> for Names {
    fn begin(&mut self) {
        Supply::<Payload>::begin(&mut self.unique);
    }

    fn payload(&mut self) -> Payload {
        let payload: Payload = self.unique.payload();
        match payload.content() {
            Some(Content::Data(bytes)) => {
                Payload::data(self.spelled(&String::from_utf8_lossy(bytes)))
            }
            Some(Content::Failure(_)) | None => payload,
        }
    }

    fn failure(&mut self, kind: FailureKind) -> Payload {
        let payload: Payload = self.unique.failure(kind);
        let Some(Content::Failure(failure)) = payload.content() else { return payload };
        let message = self.spelled(&failure.message);
        let info = match kind {
            // A worker cannot say so but by reporting that very timeout.
            FailureKind::TimedOut => FailureInfo::Timeout {
                timeout_type: TimeoutType::ScheduleToStart,
                last_heartbeat_details: Payload::default(),
            },
            FailureKind::Plain
            | FailureKind::Detailed
            | FailureKind::NonRetryable
            | FailureKind::NextRetryDelay
            | FailureKind::NoInterval
            | FailureKind::PastDelay => failure.info.clone(),
        };
        Payload::failure(Failure { message, info, cause: Payload::default() })
    }

    fn request_id(&mut self) -> RequestId {
        Supply::<Payload>::request_id(&mut self.unique)
    }

    fn name(&self, payload: &Payload) -> ExplorerPayload {
        match payload.content() {
            // A timeout that a worker reports is a failure like any other.
            Some(Content::Failure(failure)) if self.is_reported(failure) => {
                let message = failure.message.clone();
                let info = FailureInfo::Unspecified;
                let cause = Payload::default();
                self.unique.name(&Payload::failure(Failure { message, info, cause }))
            }
            _ => self.unique.name(payload),
        }
    }
}

impl Names {
    fn is_reported(&self, failure: &Failure) -> bool {
        use activity_execution::vocabulary::Opaque as _;
        let FailureInfo::Timeout { timeout_type, .. } = &failure.info else { return false };
        let own = [TimeoutReason::Elapsed, TimeoutReason::NotEnoughTime].map(|reason| {
            Payload::timeout_failure(*timeout_type, reason, Payload::none(), Payload::none())
        });
        let message = |payload: &Payload| match payload.content() {
            Some(Content::Failure(failure)) => failure.message.clone(),
            Some(Content::Data(_)) | None => String::new(),
        };
        own.iter().all(|payload| message(payload) != failure.message)
    }
}
