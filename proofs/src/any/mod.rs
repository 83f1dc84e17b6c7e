//! Symbolic inputs: any terms, observations and actions that theorems quantify over. Draws every
//! shape on a path of its own and knows no invariant: the promises themselves prune.

mod action;
mod observation;

pub use action::{Word, action};
pub use observation::{PhaseKind, observation};

use crate::number::Sym;
use activity_execution::vocabulary::{
    Attempt, Dialect, ExecutionOptions, RequestId, Span, Timestamp,
};
use symbolic::{assume_that, flag, fresh, pick};

/// The request ids that an execution remembers, and one that it has never seen.
///
/// Machines only compare them, which is why these stand for all.
pub const REQUEST_IDS: [RequestId; 5] = [START, POLL, CANCEL, TERMINATE, RequestId(5)];
pub(crate) const START: RequestId = RequestId(1);
pub(crate) const POLL: RequestId = RequestId(2);
pub(crate) const CANCEL: RequestId = RequestId(3);
pub(crate) const TERMINATE: RequestId = RequestId(4);

/// Any terms that normalised options can have, in either dialect.
#[must_use]
pub fn terms() -> ExecutionOptions<Sym> {
    let terms = ExecutionOptions {
        dialect: pick(&[Dialect::Standalone, Dialect::Workflow]),
        maximum_attempts: option("maximum_attempts").map(Attempt),
        schedule_to_close_timeout: option("schedule_to_close_timeout").map(Span),
        schedule_to_start_timeout: option("schedule_to_start_timeout").map(Span),
        start_to_close_timeout: span("start_to_close_timeout"),
        heartbeat_timeout: option("heartbeat_timeout").map(Span),
        start_delay: span("start_delay"),
        retries_start_to_close: flag(),
        retries_heartbeat: flag(),
    };
    assume_that(|| terms.are_normal());
    terms
}

/// Any instant.
#[must_use]
pub fn instant(name: &str) -> Timestamp<Sym> {
    Timestamp(Sym(fresh(name)))
}

/// Any length of time, also a negative one.
#[must_use]
pub fn span(name: &str) -> Span<Sym> {
    Span(Sym(fresh(name)))
}

/// Any length of time that is not negative, as a backoff is.
#[must_use]
pub fn backoff() -> Span<Sym> {
    let backoff = fresh("backoff");
    symbolic::assume_le(symbolic::literal(0), backoff, 0);
    Span(Sym(backoff))
}

fn option(name: &str) -> Option<Sym> {
    flag().then(|| Sym(fresh(name)))
}

/// Whatever `draw` draws of which `holds` holds; what does not hold costs no path of the whole.
fn such_that<T>(draw: impl Fn() -> T, holds: impl Fn(&T) -> bool) -> T {
    symbolic::such_that(|| Some(draw()).filter(&holds))
}
