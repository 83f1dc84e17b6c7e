//! The mutants of the driver, which keeps the clock, the deadlines and the events of a core.

use super::Mutant;
use crate::scenario::{Core, Subject};
use activity_execution::Deadline;
use activity_execution::vocabulary::{
    ExecutionOptions, Observation, Reply, Request, RequestId, Span, TimeoutType, Timestamp,
};

/// A wrong rule of the driver; [`of_driver`] says what each does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "the table of mutants has a sentence for each")]
pub enum DriverRule {
    LooksAtTheClockLate,
    WakesUpLate,
    LosesTheNewestEvent,
}

/// The mutants of the driver.
#[must_use]
pub fn of_driver() -> &'static [Mutant<DriverRule>] {
    &MUTANTS
}

static MUTANTS: [Mutant<DriverRule>; 3] = [
    row(
        "settles_a_millisecond_late",
        "What is due takes effect a millisecond late.",
        &["due_deadlines_are_settled_in_order"],
        DriverRule::LooksAtTheClockLate,
    ),
    row(
        "wakes_up_a_millisecond_late",
        "The wake-up is a millisecond late, although the timer would not be.",
        &["the_core_wakes_up_at_its_earliest_deadline"],
        DriverRule::WakesUpLate,
    ),
    row(
        "loses_the_newest_event_in_a_crash",
        "The newest event is answered for before it is durable.",
        &["folding_the_events_gives_the_execution"],
        DriverRule::LosesTheNewestEvent,
    ),
];

const fn row(
    name: &'static str,
    sentence: &'static str,
    breaks: &'static [&'static str],
    rule: DriverRule,
) -> Mutant<DriverRule> {
    const NO_DRIVER: &str = "What is explored has no driver: it has neither a clock nor a log.";
    Mutant::unexplored(name, sentence, breaks, NO_DRIVER, rule)
}

/// A core whose driver follows a wrong rule.
#[derive(Clone, Debug)]
pub(super) struct Driven {
    core: Core,
    rule: DriverRule,
}

impl Driven {
    pub(super) fn create(
        rule: DriverRule,
        terms: &ExecutionOptions,
        now: Timestamp,
        request_id: RequestId,
    ) -> Self {
        Driven { core: Core::create(terms, now, request_id), rule }
    }

    /// A millisecond, if this is the rule.
    fn late(&self, rule: DriverRule) -> Span {
        Span(i64::from(self.rule == rule))
    }
}

impl Subject for Driven {
    fn call(&mut self, terms: &ExecutionOptions, now: Timestamp, request: &Request) -> Reply {
        self.core.call(terms, now, request)
    }

    fn expire(
        &mut self,
        terms: &ExecutionOptions,
        now: Timestamp,
        backoff: Span,
    ) -> Option<TimeoutType> {
        let late = self.late(DriverRule::LooksAtTheClockLate);
        self.core.expire(terms, now - late, backoff)
    }

    fn deadline(&self, terms: &ExecutionOptions) -> Option<Deadline> {
        let deadline = self.core.deadline(terms)?;
        let time = deadline.time + self.late(DriverRule::WakesUpLate);
        Some(Deadline { time, ..deadline })
    }

    fn observe(&self, terms: &ExecutionOptions, now: Timestamp) -> Observation {
        self.core.observe(terms, now)
    }

    fn recovered(&self) -> Self {
        let events = self.core.events();
        let lost = usize::from(self.rule == DriverRule::LosesTheNewestEvent);
        let core = Core::recover(&events[..events.len().saturating_sub(lost).max(1)]);
        Driven { core: core.expect("the first event is remembered"), rule: self.rule }
    }
}
