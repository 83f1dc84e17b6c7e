//! Every bound of the system model, each with what lies outside of it.
//! Faults have no budget: any number of each may happen in one run.

use activity_execution::caller::{ActivityCancellationType, CallerOptions};

/// The bounds of one exploration.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Bounds {
    /// How many attempts the service allows; outside: what only a third attempt could show, such as
    /// a worker that is two attempts behind.
    pub maximum_attempts: u8,
    /// The newest version of heartbeat details: a function records 1, 2 and so on in each attempt,
    /// and then this one again and again; outside: three versions that differ, of which two wait.
    pub details: u8,
    /// How many calls may be under way whose answer nobody waits for; outside: a third call of one
    /// worker that overtakes two others.
    pub strays: u8,
    /// Whether the two workers are told apart; outside, if not: nothing, for they are alike, but
    /// fairness towards each of them cannot be said.
    pub tells_workers_apart: bool,
}

/// The bounds of the command's exploration.
///
/// States, steps, and seconds on two cores, for both explorers, where one bound is raised by one.
/// The budget is 40 seconds, so that heartbeat details are the first of which there cannot be one
/// more.
///
/// | attempts | details | strays | states | steps | seconds |
/// |---|---|---|---|---|---|
/// | 3 | 2 | 2 | 1,255,780 | 26,648,485 | 22 |
/// | 4 | 2 | 2 | 1,864,730 | 40,217,281 | 31 |
/// | 3 | 2 | 3 | 2,056,634 | 46,591,357 | 32 |
/// | 3 | 3 | 2 | 3,286,525 | 71,644,975 | 53 |
pub const BOUNDS: Bounds =
    Bounds { maximum_attempts: 3, details: 2, strays: 2, tells_workers_apart: false };

/// The bounds of the exploration that runs with the tests: one attempt less, one version less, one
/// stray call less.
pub const QUICK: Bounds =
    Bounds { maximum_attempts: 2, details: 1, strays: 1, tells_workers_apart: false };

/// The bounds within which it is decided what happens in the end: as many attempts as explored, for
/// with fewer some fairness is not needed; stray calls change nothing but the number of states.
pub const FAIRNESS: Bounds =
    Bounds { maximum_attempts: 3, details: 1, strays: 0, tells_workers_apart: true };

/// What the exploration within these bounds has to come to, where that is pinned: states, steps
/// from one to another, and steps that leave a state as it is. A changed count is a changed model.
#[must_use]
pub fn pinned(bounds: &Bounds) -> Option<[u64; 3]> {
    match *bounds {
        BOUNDS => Some([1_255_780, 26_648_485, 3_393_290]),
        QUICK => Some([135_963, 2_407_630, 389_295]),
        Bounds { .. } => None,
    }
}

/// How many workers there are, each with one slot: one that holds the attempt, and one that holds
/// an attempt before it; outside: three functions of one execution that run at once.
pub const WORKERS: usize = 2;

/// How many stray calls a state has room for, whatever the bounds say.
pub const STRAY_ROOM: usize = 2;

/// What the caller decided beforehand: each cancellation type, and an activity that is shielded
/// from its parent; outside: nothing, for a shielded activity that is not cancelled has no type.
pub const CALLERS: [CallerOptions; 4] = [
    CallerOptions { cancellation_type: ActivityCancellationType::TryCancel, is_detached: false },
    CallerOptions {
        cancellation_type: ActivityCancellationType::WaitCancellationCompleted,
        is_detached: false,
    },
    CallerOptions { cancellation_type: ActivityCancellationType::Abandon, is_detached: false },
    CallerOptions {
        cancellation_type: ActivityCancellationType::WaitCancellationCompleted,
        is_detached: true,
    },
];

/// What no number bounds and is left out all the same, with the reason.
pub const LEFT_OUT: &[(&str, &str)] = &[
    (
        "instants",
        "time is abstract: any timer that is set may elapse at any moment, before or after any \
         other, so that every order is there and no duration",
    ),
    (
        "the standalone dialect",
        "caller and service are those of a workflow; that the dialects come to the same counts was \
         tried: they differ in ties of deadlines, which abstract time does not have, in payloads \
         and in whose calls by id are found",
    ),
    (
        "reports of a schedule timeout, and failures without an interval to wait",
        "they close like a failure that rules out a retry; the exploration of one execution has \
         them",
    ),
    (
        "pause, reset and update of options",
        "the service does not have them; what a worker makes of them is in its own promises",
    ),
    (
        "calls by id",
        "they name whichever attempt is current; the exploration of one execution has them",
    ),
    ("pushed cancellation", "worker commands are off, as they are in a server by default"),
    (
        "termination by somebody else",
        "for worker and queue the same as a caller that closes, which is there",
    ),
    (
        "a call of the caller that is given up",
        "a workflow task that fails is repeated until it succeeds or the workflow closes",
    ),
];
