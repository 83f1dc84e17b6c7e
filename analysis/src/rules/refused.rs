//! What a server refuses.

use super::Subject;
use super::case::{Judge, Says, Verdict};
use super::condition::Outcome;
use activity_execution::options::{Field, InvalidOptions};

/// Each part of the options by itself, so that what is unknown of others does not matter.
pub(super) const JUDGES: &[Judge] = &[
    judge(&[Field::StartToCloseTimeout, Field::ScheduleToCloseTimeout]),
    judge(&[Field::ScheduleToStartTimeout]),
    judge(&[Field::HeartbeatTimeout]),
    judge(&[
        Field::InitialInterval,
        Field::BackoffCoefficient,
        Field::MaximumInterval,
        Field::MaximumAttempts,
    ]),
    judge(&[Field::NonRetryableErrorTypes, Field::MaximumAttempts]),
];

const fn judge(reads: &'static [Field]) -> Judge {
    // What may be refused is no finding: it would be one wherever something is unknown.
    Judge { reads, needs: &[], is_certain_only: true, says: Says::Refused(says) }
}

fn says(error: &InvalidOptions) -> Option<Verdict> {
    let verdict = Verdict::new(format!("a server refuses these options: {error}"));
    let verdict = verdict.help(error.help());
    Some(match error.field() {
        Some(field) => verdict.mark(field, "refused"),
        None => verdict,
    })
}

/// Whether a server refuses these options for certain.
pub(super) fn is_refused(subject: &Subject<'_>) -> bool {
    JUDGES.iter().any(|judge| matches!(judge.outcome(subject), Outcome::Fires { .. }))
}
