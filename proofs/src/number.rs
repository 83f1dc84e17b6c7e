//! The symbolic integer as a number of the machines.
//! Forwards; the executor does everything.

use activity_execution::vocabulary::{Attempt, ExecutionOptions, Number, Span};
use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Sub};

/// An unknown integer, on which comparisons fork.
#[derive(Clone, Copy)]
pub struct Sym(pub symbolic::Int);

impl Number for Sym {
    fn literal(value: i64) -> Self {
        Sym(symbolic::literal(value))
    }
}

impl fmt::Debug for Sym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Add for Sym {
    type Output = Sym;
    #[track_caller]
    fn add(self, other: Sym) -> Sym {
        Sym(self.0 + other.0)
    }
}

impl Sub for Sym {
    type Output = Sym;
    #[track_caller]
    fn sub(self, other: Sym) -> Sym {
        Sym(self.0 - other.0)
    }
}

impl PartialEq for Sym {
    #[track_caller]
    fn eq(&self, other: &Sym) -> bool {
        self.0 == other.0
    }
}

impl Eq for Sym {}

#[expect(clippy::non_canonical_partial_ord_impl, reason = "`cmp` would fork three ways")]
impl PartialOrd for Sym {
    #[track_caller]
    fn partial_cmp(&self, other: &Sym) -> Option<Ordering> {
        Some(self.0.cmp(&other.0))
    }
    #[track_caller]
    fn lt(&self, other: &Sym) -> bool {
        self.0 < other.0
    }
    #[track_caller]
    fn le(&self, other: &Sym) -> bool {
        self.0 <= other.0
    }
    #[track_caller]
    fn gt(&self, other: &Sym) -> bool {
        self.0 > other.0
    }
    #[track_caller]
    fn ge(&self, other: &Sym) -> bool {
        self.0 >= other.0
    }
}

impl Ord for Sym {
    #[track_caller]
    fn cmp(&self, other: &Sym) -> Ordering {
        self.0.cmp(&other.0)
    }
}

/// ExecutionOptions as literals.
#[must_use]
pub fn lifted(terms: &ExecutionOptions<i64>) -> ExecutionOptions<Sym> {
    let span = |span: Span| Span(Sym::literal(span.0));
    ExecutionOptions {
        dialect: terms.dialect,
        maximum_attempts: terms.maximum_attempts.map(|maximum| Attempt(Sym::literal(maximum.0))),
        schedule_to_close_timeout: terms.schedule_to_close_timeout.map(span),
        schedule_to_start_timeout: terms.schedule_to_start_timeout.map(span),
        start_to_close_timeout: span(terms.start_to_close_timeout),
        heartbeat_timeout: terms.heartbeat_timeout.map(span),
        start_delay: span(terms.start_delay),
        retries_start_to_close: terms.retries_start_to_close,
        retries_heartbeat: terms.retries_heartbeat,
    }
}
