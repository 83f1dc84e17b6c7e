//! What is owed to the list of properties, and is not owed here. Knows numbers and reasons.

use super::claims::CLAIMS;
use super::promise::all;

/// The properties that the system does not answer, with the reason.
pub const EXCEPTIONS: &[(&str, &str)] = &[
    (
        "W10",
        "compares two clocks, which abstract time does not have: that a worker's own timer is the \
         later one is what its buffer is for; what happens where it is not is explored here and \
         seen as a_success_is_suppressed_while_the_service_still_waits",
    ),
    (
        "W15",
        "about one machine alone, and is there: whoever_does_not_run_is_unknown; here nobody \
         heartbeats for a function that does not run",
    ),
    ("C10", "by construction: the caller's machine is a pure function of its state and the event"),
];

/// The parts of other properties that the system does not answer, with the reason.
pub const PARTS: &[(&str, &str)] = &[
    ("W4", "how long a local timer runs: durations are in only_a_local_timer_says_timed_out"),
    ("W7", "within which time: durations are the worker's; here it comes about at all"),
    ("W8", "how long the grace period lasts: functions_are_told_after_the_grace_period"),
    ("W11", "how far heartbeats are apart: heartbeats_keep_the_throttle_interval"),
    ("X4", "a completion by id: the exploration of one execution has it"),
    ("X10", "how long a backoff lasts: a_retry_waits_its_backoff"),
];

/// The properties of the list, in its order.
pub fn owed() -> impl Iterator<Item = String> {
    let numbers = |letter: char, count: u8| (1..=count).map(move |it| format!("{letter}{it}"));
    numbers('W', 17).chain(numbers('C', 11)).chain(numbers('X', 13))
}

/// The promises and claims that answer a property.
#[must_use]
pub fn answering(property: &str) -> Vec<&'static str> {
    let promises = all();
    let promises = promises.iter().map(|promise| (promise.name, promise.answers));
    let claims = CLAIMS.iter().map(|claim| (claim.name, claim.answers));
    promises
        .chain(claims)
        .filter(|(_, answers)| answers.contains(&property))
        .map(|(name, _)| name)
        .collect()
}
