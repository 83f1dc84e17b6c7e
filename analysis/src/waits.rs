//! The rules of waits in time: from which attempt on all wait alike, and how many attempts a
//! schedule-to-close timeout leaves time for. Stands once, for tables and zones.

use activity_execution::options::RetryPolicy;
use activity_execution::vocabulary::{Attempt, Span};

/// The attempt from which on every backoff is the same, if it is not too far to look.
#[must_use]
pub fn alike_from(policy: &RetryPolicy) -> Option<i64> {
    // A coefficient of one or more: once it is at the maximum, the backoff stays there.
    let is_last = |attempt: &i64| policy.backoff(Attempt(*attempt)) == policy.maximum_interval();
    if policy.backoff_coefficient() > 1.0 { (1..MOST_BACKOFFS).find(is_last) } else { Some(1) }
}

/// How many attempts can start within a time after the first one, if all wait alike from this one
/// on; `None` if a wait takes no time.
///
/// One that would start exactly at the end of the time does not, in either dialect: a workflow's
/// activity waits for it, but then the deadline is settled before a worker polls.
pub(crate) fn most_within(
    backoff: &dyn Fn(Attempt) -> Span,
    alike_from: i64,
    total: Span,
) -> Option<i64> {
    let mut waited = 0_i64;
    for attempt in 1..alike_from {
        waited = waited.saturating_add(backoff(Attempt(attempt)).0);
        if waited >= total.0 {
            return Some(attempt);
        }
    }
    let Span(wait) = backoff(Attempt(alike_from));
    (wait > 0).then(|| alike_from + (total.0 - waited - 1) / wait)
}

/// How many backoffs are looked at for one that stays the same.
const MOST_BACKOFFS: i64 = 100_000;
