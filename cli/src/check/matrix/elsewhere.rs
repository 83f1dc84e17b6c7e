//! The historical bugs that have no row of their own: whose row shows the same, or why there is none.

/// Where a historical bug is.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// It shows as the bug of this row does.
    As(&'static str),
    /// It is not about behaviour that is modelled, for this reason.
    Nowhere(&'static str),
}

use Place::{As, Nowhere};

const OPERATORS: &str = "pause, unpause, reset and changed options are not modelled";
const DOOR: &str = "what class a failure is of, and what delay it may ask for, is decided before the \
                    machine sees it; tested with the options and at the door";
const LOCAL: &str = "local activities are not modelled";
const CONFIGURED: &str =
    "it is what was configured: a rule of `activity lint`, and none of a machine";

/// The bugs, each with its source, what it does, and where it is.
pub const ELSEWHERE: &[(&str, &str, Place)] = &[
    (
        "temporal#9015; 3491846fe3",
        "a wrong operator in the mask of timers loses a retry's timers",
        As("loses_the_heartbeat_timer_of_a_retry"),
    ),
    (
        "temporal#8470",
        "a second way to spare timers, taken back with the first",
        As("loses_the_heartbeat_timer_of_a_retry"),
    ),
    (
        "temporal#11137, temporal#9251",
        "another retry state or timeout on giving up",
        As("reports_the_wrong_timeout_on_giving_up"),
    ),
    (
        "a5ea2aae30",
        "the mended retry states of timeouts were wrong once more",
        As("calls_schedule_timeouts_non_retryable"),
    ),
    (
        "4786a75650",
        "a stale dispatch starts an attempt, and a start is not known again",
        As("starts_an_attempt_by_a_stale_dispatch"),
    ),
    (
        "079e85c479",
        "a stale dispatch starts the next attempt; the mending was off unless asked for",
        As("starts_an_attempt_by_a_stale_dispatch"),
    ),
    (
        "9002e943b0",
        "a cancel is sent to nobody after an eager start",
        As("loses_a_cancel_request_while_waiting"),
    ),
    ("sdk-rust#266", "the first heartbeat is lost", As("waits_with_the_first_heartbeat")),
    (
        "sdk-rust#289",
        "heartbeats that wait are not sent before the report",
        As("fails_without_the_details_that_wait"),
    ),
    (
        "sdk-go#521",
        "the last heartbeat of a failure is given a context that is cancelled",
        As("fails_without_the_details_that_wait"),
    ),
    ("sdk-rust#148, sdk-rust#652", "an activity resolves twice", As("resolves_again_at_the_close")),
    (
        "sdk-rust#788",
        "what is abandoned is cancelled before it starts",
        As("requests_cancellation_of_what_is_abandoned"),
    ),
    ("asynq#751", "retries go on after the deadline", As("loses_schedule_to_close_after_a_retry")),
    (
        "hatchet#804, hatchet#724",
        "what nobody took in time is assigned again, for ever",
        As("retries_schedule_to_start"),
    ),
    ("cases I06", "cases I03 with its answers alone", As("retries_after_a_cancel_request")),
    (
        "temporal#11250; 3266a7deb9",
        "failures of a server, and timeouts that workers report, are not retried",
        Nowhere(DOOR),
    ),
    ("7fc5c02b1c", "a retry delay that cannot be read spoils the completion", Nowhere(DOOR)),
    (
        "temporal#1071",
        "an infinite timeout breaks the end of retries",
        Nowhere(
            "there is no infinite timeout: one that is not set is none, and what is too long for the numbers is refused with the options",
        ),
    ),
    (
        "river#1288",
        "a timeout of minus one",
        Nowhere("options are checked once, when they are built"),
    ),
    (
        "955948007c, 026200f953",
        "Describe shows another time of the next attempt",
        Nowhere(
            "a machine shows its state, and Describe is made of that by one function; a system that makes it wrongly differs at once in every suite",
        ),
    ),
    ("temporal#11666; abeeabd4a4", "a timer that fires while paused is lost", Nowhere(OPERATORS)),
    ("temporal#11214; 22ec320c4c", "changed options lose what is not retried", Nowhere(OPERATORS)),
    (
        "81a6759b60, e82837d1b0, 17dc058a3b, 0e8cb426ec, 00afd19c94, PR 10913, PR 10920, PR 11016",
        "unpause, reset and changed options",
        Nowhere(OPERATORS),
    ),
    ("7b15d6c2f5", "activities of a workflow that is paused are dispatched", Nowhere(OPERATORS)),
    (
        "12458dca34",
        "tokens are refused while a server is upgraded",
        Nowhere("servers of two versions side by side are not modelled"),
    ),
    (
        "f667755b7b",
        "replicated retries make timers again and again",
        Nowhere(
            "replication is not modelled: a copy of a log is replayed, and nothing is made anew",
        ),
    ),
    (
        "a001b4697b",
        "a failure that is kept has no bound",
        Nowhere("payloads are opaque, and so is their size"),
    ),
    (
        "f8bbf7c780",
        "the request id that a server makes up changes when the server tries again",
        Nowhere("request ids are the caller's: nobody makes one up"),
    ),
    (
        "05167abf67",
        "callbacks are added again after the close",
        Nowhere("callbacks are not modelled"),
    ),
    (
        "sdk-rust#441, sdk-rust#575, sdk-java#1261, sdk-java#2254",
        "local activities that time out are not retried",
        Nowhere(LOCAL),
    ),
    (
        "hexpm#1825 (Oban)",
        "jobs that run longer than `rescue_after` run twice",
        Nowhere(CONFIGURED),
    ),
    (
        "celery#5935, kombu#337",
        "a visibility timeout that is too short gives a task twice",
        Nowhere(CONFIGURED),
    ),
    (
        "restate#5374",
        "the inactivity timeout counts what the runtime itself does",
        Nowhere("no party of the model works while it is timed"),
    ),
];
