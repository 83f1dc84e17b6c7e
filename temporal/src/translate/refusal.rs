//! Refusals: a code of gRPC and a message, as the reason that the specification has for them.

use tonic::Code;

/// The messages that tell two reasons with one code apart, by how they begin.
const REASONS: &[(Code, &str, &str)] = &[
    (Code::InvalidArgument, "unable to mark activity as canceled", "CancelNotRequested"),
    (Code::FailedPrecondition, "cancellation already requested", "CancelAlreadyRequested"),
    (Code::FailedPrecondition, "activity is in terminal state", "AlreadyClosed"),
    (Code::FailedPrecondition, "already terminated", "AlreadyClosed"),
    (Code::FailedPrecondition, "invalid transition from Completed", "AlreadyClosed"),
    (Code::FailedPrecondition, "invalid transition from Failed", "AlreadyClosed"),
    (Code::FailedPrecondition, "invalid transition from Canceled", "AlreadyClosed"),
    (Code::FailedPrecondition, "invalid transition from Terminated", "AlreadyClosed"),
    (Code::FailedPrecondition, "invalid transition from TimedOut", "AlreadyClosed"),
    (Code::AlreadyExists, "", "AlreadyStarted"),
    (Code::NotFound, "", "NotFound"),
];

/// The reason of a refusal, or the name of its code where it is none of those known; none where the
/// code is not one of a refusal.
pub(crate) fn refusal(code: Code, message: &str) -> Option<&'static str> {
    let known = REASONS.iter().find(|(of, begins, _)| *of == code && message.starts_with(begins));
    known.map(|(_, _, reason)| *reason).or(match code {
        Code::InvalidArgument => Some("InvalidArgument"),
        Code::FailedPrecondition => Some("FailedPrecondition"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_told_from_the_messages_of_a_server() {
        for (code, message, reason) in [
            (Code::NotFound, "activity not found for ID: a3", "NotFound"),
            (Code::FailedPrecondition, "activity is in terminal state Failed", "AlreadyClosed"),
            (Code::FailedPrecondition, "invalid transition from TimedOut", "AlreadyClosed"),
            (Code::FailedPrecondition, "already terminated with request ID r4", "AlreadyClosed"),
            (
                Code::FailedPrecondition,
                "cancellation already requested with request ID r4",
                "CancelAlreadyRequested",
            ),
            (
                Code::InvalidArgument,
                "unable to mark activity as canceled without activity being request canceled first",
                "CancelNotRequested",
            ),
            (Code::AlreadyExists, "activity execution already started", "AlreadyStarted"),
        ] {
            assert_eq!(refusal(code, message), Some(reason), "{message}");
        }
    }

    #[test]
    fn what_nobody_knows_is_its_code_and_what_is_no_refusal_is_none() {
        let unknown = refusal(Code::FailedPrecondition, "invalid transition from Scheduled");
        assert_eq!(unknown, Some("FailedPrecondition"));
        assert_eq!(refusal(Code::InvalidArgument, "bad request"), Some("InvalidArgument"));
        for code in [Code::Unavailable, Code::DeadlineExceeded, Code::Internal, Code::Unimplemented]
        {
            assert_eq!(refusal(code, "invalid transition from Completed"), None);
        }
    }
}
